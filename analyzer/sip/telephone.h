/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Telephone numbers that are written otherwise: with the code of the country or without, with the
 * prefix of a long-distance call, of an international one, of an exchange's outside line. Internal
 * to analyzer/. */
#ifndef RIG_ANALYZER_SIP_TELEPHONE_H
#define RIG_ANALYZER_SIP_TELEPHONE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/slice.h"

/** Fewer digits are an extension's: they come again elsewhere. */
#define RIG_TELEPHONE_LEAST 7

/** A number as it is written. All zero: none that can be compared so. */
typedef struct rig_telephone {
    uint64_t value;  /**< its digits, read as a decimal number */
    uint8_t n_zeros; /**< that it begins with */
    uint8_t n;       /**< of the digits behind these: RIG_TELEPHONE_LEAST to 15 (E.164) */
    bool has_plus;
} rig_telephone;

/** The number of a user (rig_sip_user_of). @return all zero where he is no number, or one of fewer
 * or more digits. */
rig_telephone rig_telephone_of(rig_slice user);

/**
 * Whether two may be the same number, written otherwise:
 *  - the same digits behind "+", "00", "000" or nothing; behind "0" or nothing, or "0" and "00" (an
 *    outside line's 0 before a national number), but not behind "+" and "0";
 *  - one with the code of its country, 1 to 3 digits (E.164; 3 also where the 0 of the national
 *    number stays, as in Italy), the other without: behind "+", "00" or "000" and behind anything
 *    but "+"; or bare and behind "0";
 *  - one with a 9, for an outside line, before all that the other has.
 * RFC 3966 section 5.1.5 leaves such to who knows the local rules: that both are shown by one call
 * is for the caller to know.
 */
bool rig_telephone_same(rig_telephone a, rig_telephone b);

/** A hash that all numbers share which may be the same; never 0, but for none. */
uint64_t rig_telephone_hash(rig_telephone number);

#endif
