/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a number leads that somebody dials: is it for an emergency, or could it be? */
#ifndef RIG_GENERATOR_DIAL_H
#define RIG_GENERATOR_DIAL_H

/** How a number is judged; the worse, the greater. */
typedef enum rig_dial_kind {
    RIG_DIAL_PLAIN = 0,
    RIG_DIAL_SHORT,      /**< three digits or fewer: a service, and somewhere one for emergencies */
    RIG_DIAL_SUSPECT,    /**< ends in an emergency number, behind what may be an access code */
    RIG_DIAL_UNREADABLE, /**< has characters of which we do not know what a centre makes of them */
    RIG_DIAL_EMERGENCY   /**< is one, or is one behind a known code */
} rig_dial_kind;

/** What was found. Static texts; "" for kinds without a listed number. */
typedef struct rig_dial_finding {
    rig_dial_kind kind;
    const char *number;    /**< as listed: "112"; 'x' is any digit */
    const char *countries; /**< where it is in use, ISO 3166-1 */
} rig_dial_finding;

/**
 * Judge what somebody dials: a number, or a URI (sip, sips, tel, urn:service:sos; RFC 3261, 3966,
 * 5031) of which the user part is looked at, with percent-escapes resolved, visual separators and
 * pauses dropped, and its parameters ext, postd and phone-context looked at as well.
 *
 * An emergency number (generator/dial/emergency.def) is found
 * - as such, and in any part between '*' and '#';
 * - behind a feature code ('*' or '#' and up to four digits), a prefix for an outside line, a
 *   carrier's code, or an international prefix or '+' and a country code, with or without a '0'
 *   (generator/dial/access.def), and behind several of them: EMERGENCY;
 * - behind any other one to three digits, and with an area code in short numbers: SUSPECT.
 * A user part that is a name ("agent1") is PLAIN.
 */
rig_dial_finding rig_dial_judge(const char *dialled);

#endif
