/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Telephone numbers in words, written with blanks, brackets and strokes. Internal to the room. */
#ifndef RIG_ANALYZER_MASK_PHRASE_H
#define RIG_ANALYZER_MASK_PHRASE_H

#include <stddef.h>

/**
 * Bytes of the number that a text begins with, where it stands in groups: "+49 (30) 12-34",
 * "(030) 123 4567", "030/1234567", "212 555 1234" (ITU-T E.123 and what people write). 0: none, or
 * one that is a single word, or figures that stand side by side.
 * @param text  NUL-terminated; what stands before it is neither letter nor digit.
 */
size_t rig_mask_phrase_length(const char *text);

#endif
