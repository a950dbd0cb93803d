/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pseudonyms: numbers, addresses and identifiers replaced by others, always by the same ones under
 * the same key. Who has not the key can neither undo them nor try guesses; who has it can try.
 *
 * What stays: the length of a number and, of seven digits or more, its first two (the country code
 * or the trunk prefix; behind "00" the two after it); which addresses share how long a prefix; all
 * times, counts and ports. Whoever knows some of the calls can tell them by their times. */
#ifndef RIG_ANALYZER_MASK_H
#define RIG_ANALYZER_MASK_H

#include <stddef.h>

#include "analyzer/message.h"
#include "core/slice.h"
#include "core/status.h"

/** Shortest text that is taken for a key. */
#define RIG_MASK_MIN_KEY 8
/** Iterations of PBKDF2-HMAC-SHA256 (RFC 8018, section 5.2) that make a key of a text: what OWASP's
 * "Password Storage Cheat Sheet" asks for (2023). A try costs half a second, so that a text that can
 * be guessed is not guessed in an afternoon from numbers that somebody knows. */
#define RIG_MASK_ITERATIONS 600000

/** Room for the pseudonym of an identifier, its NUL included. */
#define RIG_MASK_ID_SIZE 24
/** Most digits of a number; a longer one is an identifier. */
#define RIG_MASK_MAX_DIGITS 64

/** A key; opaque. */
typedef struct rig_mask rig_mask;

/**
 * Make a mask. With a text it takes about half a second of processor time: make it once.
 * @param key_text   What several outputs share to have the same pseudonyms; NULL: a random key.
 * @param[out] mask  Owned by the caller: rig_mask_free.
 * @return RIG_OK; RIG_EINPUT for a text shorter than RIG_MASK_MIN_KEY; RIG_EENV without random
 *         numbers; RIG_ENOMEM.
 */
rig_status rig_mask_new(const char *key_text, rig_mask **mask, rig_error *err);

/** The same with the first line of a file. @return as rig_mask_new; RIG_EIO naming the file. */
rig_status rig_mask_new_from_file(const char *path, rig_mask **mask, rig_error *err);

/** Wipe and free. NULL-safe. */
void rig_mask_free(rig_mask *mask);

/** Whether a text is a number: digits, perhaps with a plus before and -, ., (, ) and blanks in
 * between. */
bool rig_mask_is_number(rig_slice text);

/**
 * Replace the digits of a number, in place; what is between them stays. Different numbers of one
 * length get different pseudonyms (a Feistel network on the digits, as in NIST SP 800-38G).
 * @param text  rig_mask_is_number; n bytes.
 */
void rig_mask_number(const rig_mask *mask, char *text, size_t n);

/** Replace an address; the port stays. Two addresses share as many leading bits as before (Xu, Fan,
 * Ammar & Moon, ICNP 2002: Crypto-PAn, with HMAC-SHA-256 for the cipher). */
rig_endpoint rig_mask_endpoint(const rig_mask *mask, rig_endpoint at);

/** Replace an identifier, such as a Call-ID: "id-" and sixteen hexadecimal digits. */
void rig_mask_id(const rig_mask *mask, rig_slice id, char out[RIG_MASK_ID_SIZE]);

/** Replace what a caller keyed as rig_mask_id; up to three keys, a way through a menu, stay. */
void rig_mask_keys(const rig_mask *mask, const char *keys, char out[RIG_MASK_ID_SIZE]);

/**
 * Replace the user part of an address: a number as rig_mask_number, "anonymous" and the empty one
 * not at all, anything else as rig_mask_id.
 * @param[out] out  size >= RIG_MASK_ID_SIZE; cut to fit.
 */
void rig_mask_user(const rig_mask *mask, rig_slice user, char *out, size_t size);

/**
 * Replace, in words that someone else has written, what looks like a number of seven digits or
 * more (also with blanks, brackets and strokes: "+49 (30) 12-34"; also escaped: "%2B4930.."), an IP
 * address (also "0xc0000201"), or anything with an "@". Names of persons cannot be told and stay.
 * @param[out] out  size >= 1; cut to fit.
 */
void rig_mask_text(const rig_mask *mask, const char *text, char *out, size_t size);

#endif
