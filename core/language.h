/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The languages in which people are spoken to. A language is a value that is passed on; English is
 * in the source, the others are catalogues in the program itself (languages/, docs/languages.md):
 * neither a locale nor a file need be there. Machines are always spoken to in English. */
#ifndef RIG_CORE_LANGUAGE_H
#define RIG_CORE_LANGUAGE_H

#include <stddef.h>
#include <stdint.h>

/** A language; static, opaque. */
typedef struct rig_language rig_language;

/** Mark a text for the catalogue where it is no argument of a function that the catalogue's tool
 * knows (languages/extract). */
#define N_(text) text

/** The same for a text that is no format: what looks like a conversion in it ("95 % of") is none.
 */
#define P_(text) text

/** English. */
const rig_language *rig_language_english(void);

/** The language of a name, "en" or "zh"; NULL: there is no such. */
const rig_language *rig_language_find(const char *name);

/** The names that there are: "en, zh"; static. */
const char *rig_language_names(void);

/**
 * The language of an environment, as POSIX has it (XBD 8.2): the first of the three that is set
 * and not empty. What is not spoken here, and what is not in UTF-8, is English.
 * @param lc_all, lc_messages, lang  The values of LC_ALL, LC_MESSAGES and LANG; NULL: not set.
 */
const rig_language *rig_language_of_environment(const char *lc_all, const char *lc_messages,
                                                const char *lang);

/** Its tag by BCP 47, as HTML takes it: "en", "zh-CN"; static. */
const char *rig_language_tag(const rig_language *language);

/** The text in the language; the English text itself where there is no translation. Static, or the
 * argument. A format has the same conversions, perhaps in another order. */
const char *rig_translate(const rig_language *language, const char *text)
    __attribute__((format_arg(2)));

/** The same for a number of things: `one` for one thing, `many` for others. */
const char *rig_translate_n(const rig_language *language, uint64_t n, const char *one,
                            const char *many) __attribute__((format_arg(3), format_arg(4)));

/** A text as told in a language, cut where it has no room. */
typedef struct rig_told {
    char text[4096];
} rig_told;

/**
 * Tell a sentence of a verdict in the language. Its files hold it in English (result.json is the
 * same whoever reads it), so it is read back by the formats that it was made with: the values are
 * taken out and put into the translated formats. A part that is unknown stays as it is.
 */
rig_told rig_retell(const rig_language *language, const char *text);

/**
 * One letter of a text in UTF-8.
 * @param text            Not at its end.
 * @param[out] n_columns  Of a terminal, that it takes: two for what East Asian letters take
 * (Unicode UAX #11, wide and full-width), none for marks that combine, else one.
 * @return its bytes; 1 for a byte that is no part of a letter.
 */
size_t rig_letter(const char *text, size_t *n_columns);

/** Columns of a terminal that the letters of a text take (rig_letter). */
size_t rig_columns(const char *text);

/**
 * A text as a table's cell: padded with blanks to so many columns, never cut.
 * @param width  Negative: the text stands on the left of so many columns, as printf has it; else on
 *               the right.
 */
rig_told rig_cell(const char *text, int width);

#endif
