/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text that somebody else has written, on its way to a terminal.
 *
 * A Call-ID, a reason phrase, a file's name or a message of another program may hold what makes a
 * terminal move, hide or type things (control characters, ECMA-48 escape sequences), or what turns
 * the order of the letters round (Boucher & Anderson, "Trojan Source", USENIX Security 2023). All
 * that peakrig prints goes through here, in one place: nobody can forget it. */
#ifndef RIG_CORE_TAME_H
#define RIG_CORE_TAME_H

#include <stdbool.h>
#include <stddef.h>

/** A text that comes in pieces: the beginning of a character whose end is to come. Zeroed: none. */
typedef struct rig_tame {
    char held[4];
    size_t n_held;
} rig_tame;

/** Room for what `n` bytes of a piece can become. */
#define RIG_TAME_ROOM(n) (6 * ((n) + 4))

/**
 * Tame a piece. "\u001b", as JSON and C write it, becomes of: control characters but line end and
 * tab, DEL, U+0080..U+009F; marks that change the direction of writing (U+061C, U+200E, U+200F,
 * U+202A..U+202E, U+2066..U+2069); separators of lines and paragraphs (U+2028, U+2029). A JSON text
 * stays the same document. Of bytes that are no UTF-8 becomes U+FFFD.
 * @param[out] out  RIG_TAME_ROOM(n) bytes. @return bytes that were put there.
 */
size_t rig_tame_piece(rig_tame *tame, const char *text, size_t n, char *out);

/** Whether a character is one of those that rig_tame_piece shows otherwise. @param n  Its bytes, 1 to
 * 4. */
bool rig_tame_is_wild(const char *p, size_t n);

/** What is held back when the text has ended. @param[out] out  RIG_TAME_ROOM(0) bytes. */
size_t rig_tame_end(rig_tame *tame, char *out);

#endif
