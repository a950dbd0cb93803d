/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A user's own SIPp scenario, looked through for what it dials and what it can do beyond calling.
 *
 * Such a scenario is code: SIPp runs programs for it, reads files into messages, and sends where it
 * says. What is found here is refused unless the user trusts the file (--trust-xml). The text is
 * searched as it is, comments too: SIPp's reader of XML is not ours. */
#ifndef RIG_GENERATOR_USER_XML_H
#define RIG_GENERATOR_USER_XML_H

#include "core/status.h"
#include "generator/safety.h"

/**
 * Refuse
 * - <exec> with anything but rtp_stream, rtp_echo or int_cmd (command runs a program);
 * - <setdest>, which sends elsewhere than to the target; <sendCmd>;
 * - [file ...], which sends a file's contents;
 * - entities and other declarations of a DTD, and encodings other than UTF-8 and ASCII, which hide
 *   what a file says;
 * - a number that rig_safety_check_dial refuses in any sip, sips or tel URI and in the request line
 *   of any message;
 * - a request line of INVITE, MESSAGE, REFER, SUBSCRIBE, PUBLISH, NOTIFY or REGISTER, a To or a
 *   Refer-To of them, whose user part is made of other keywords than [field3], the number in
 *   callers.dial (nor [service], "service"): what it dials cannot be told.
 *
 * @param path  For errors, with the line.
 * @param dial  callers.dial, for [field3].
 * @return RIG_OK; RIG_EINPUT with file, line, what was found, and --trust-xml; RIG_ENOMEM.
 */
rig_status rig_user_xml_check(const char *path, const char *text, const char *dial,
                              const rig_route *route, const rig_permits *permits, rig_error *err);

#endif
