/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recipe under construction: pages, which key became which line, and remarks. The first error
 * sticks; rig_recipe_new returns it. */
#ifndef RIG_RECIPES_DRAFT_DRAFT_H
#define RIG_RECIPES_DRAFT_DRAFT_H

#include <stdio.h>

#include "recipes/recipe.h"

/** Most files of a recipe. */
#define RIG_RECIPE_MAX_PAGES 16

/** How a text is written so that it stays one value. */
typedef enum rig_recipe_grammar {
    RIG_RECIPE_INI = 0,   /**< Asterisk's files: ';' begins a comment */
    RIG_RECIPE_SCRIPT,    /**< a string "..." of Kamailio or OpenSIPS with pseudo-variables */
    RIG_RECIPE_XML,       /**< an attribute in "..." of FreeSWITCH */
    RIG_RECIPE_COMMENT,   /**< a comment of any of them, on one line */
    RIG_RECIPE_IDENTIFIER /**< letters, digits, '-' and '_' only: a name that a person recognises */
} rig_recipe_grammar;

/** A file. */
typedef struct rig_recipe_page {
    const char *name;             /**< static */
    const char *comment, *closes; /**< what a comment begins and ends with: static */
    bool is_program;
    char *text;
    size_t size;
    FILE *stream; /**< writes to text */
    unsigned n_lines;
} rig_recipe_page;

/** A key and a line that it became. */
typedef struct rig_recipe_origin {
    const char *key; /**< static */
    const char *page;
    unsigned line;
    const char *text;
} rig_recipe_origin;

struct rig_recipe {
    rig_recipe_kind kind;
    const rig_scenario *scenario;
    rig_recipe_spec spec;
    rig_recipe_page pages[RIG_RECIPE_MAX_PAGES];
    size_t n_pages;
    rig_recipe_origin *origins;
    size_t n_origins, room_origins;
    rig_recipe_remark *remarks;
    size_t n_remarks, room_remarks;
    char **texts; /**< owned */
    size_t n_texts, room_texts;
    bool is_out_of_memory;
};

/** Begin a file: what follows goes there. */
void rig_recipe_begin(rig_recipe *r, const char *name, const char *comment, const char *closes);

/** Begin start.sh, whose working folder is "$here/run". @param comment  What it runs, and how
 * another program is named. */
void rig_recipe_begin_start(rig_recipe *r, const char *comment);

/** One line (a text with line ends in it: its last one is noted). @param key  Of the scenario,
 * static, as "agents[].wrap_up"; NULL: it comes from none, or one like it has been told before. */
void rig_recipe_line(rig_recipe *r, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** The line before comes from this key, too. @param key  Static. */
void rig_recipe_also(rig_recipe *r, const char *key);

/** A comment of one line. */
void rig_recipe_comment(rig_recipe *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** The next line does not do quite what the model does: a comment, and a remark. */
void rig_recipe_differs(rig_recipe *r, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** What is not done. */
void rig_recipe_cannot(rig_recipe *r, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** What is left to the centre behind. */
void rig_recipe_behind(rig_recipe *r, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** What the scenario should say so that it describes this exchange. @param value  An override. */
void rig_recipe_instead(rig_recipe *r, const char *key, const char *value, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/** A text formatted; it lives as long as the recipe. "" when memory ran out. */
const char *rig_recipe_format(rig_recipe *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** A text that stays one value; it lives as long as the recipe. */
const char *rig_recipe_escape(rig_recipe *r, rig_recipe_grammar grammar, const char *text);

/** An address as it stands before ":PORT": IPv6 in brackets. */
const char *rig_recipe_uri_host(rig_recipe *r, const char *host);

/** README.md, from all the rest. */
void rig_recipe_readme(rig_recipe *r);

/** Say of each key in use that nothing has spoken of so far that it is missing. */
void rig_recipe_say_missing(rig_recipe *r);

#endif
