/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a text begins with: telephone numbers written with blanks, brackets and strokes, quantities,
 * addresses. Internal to the room. */
#ifndef RIG_ANALYZER_MASK_PHRASE_H
#define RIG_ANALYZER_MASK_PHRASE_H

#include <stddef.h>
#include <stdint.h>

/**
 * Bytes of the number that a text begins with, where it stands in groups: "+49 (30) 12-34",
 * "(030) 123 4567", "030/1234567", "212 555 1234" (ITU-T E.123 and what people write). 0: none, or
 * one that is a single word, or figures that stand side by side.
 * @param text  NUL-terminated; what stands before it is neither letter nor digit.
 */
size_t rig_mask_phrase_length(const char *text);

/**
 * Bytes of a quantity that a text begins with and that would pass for a number: an interval
 * "0.05765..0.06445", "21.52..22.35", and a share "0.001697". 0: none, or one with more digits than
 * a quantity is written with.
 * @param text  As above.
 */
size_t rig_mask_quantity_length(const char *text);

/**
 * Bytes of the IPv4 address that a text begins with: four numbers with dots, also with noughts
 * before them, as some write them. 0: none.
 * @param text     As above.
 * @param[out] ip  In the machine's order. Untouched where there is none.
 */
size_t rig_mask_ipv4_length(const char *text, uint32_t *ip);

#endif
