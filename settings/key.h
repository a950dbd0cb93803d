/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A key is said once: one row of a table says how it is named, what it may hold, what it is by
 * default, what it means, and where in a struct it is kept. From the rows come the reader and the
 * writer (settings/table.h), and the documents (settings/describe.h).
 *
 * A group { } of a file is a rig_key_group: its rows, in the order in which they are written. A row
 * that is a group or a list of groups names the rig_key_group of what it holds.
 *
 * Hooks are for what a row cannot say: they are NULL in most rows. All of them record errors in the
 * reader; `owner` is the struct in which the row's member lies. */
#ifndef RIG_SETTINGS_KEY_H
#define RIG_SETTINGS_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "settings/config.h"

/** What a key holds, and as what it is kept. */
typedef enum rig_key_kind {
    RIG_KEY_NUMBER = 0, /**< double */
    RIG_KEY_COUNT,      /**< uint8_t, uint16_t, uint32_t or uint64_t */
    RIG_KEY_BOOL,       /**< bool */
    RIG_KEY_WORD,       /**< an enum: its value is the word's number */
    RIG_KEY_TEXT,       /**< char *, owned */
    RIG_KEY_FILE,       /**< char *, owned: a path; relative names are beside the file */
    RIG_KEY_NAME,       /**< char *, owned: names an element of a list, each another one; the first
                             row of its group and the first member of the struct */
    RIG_KEY_TEXTS,      /**< char **, owned, and a size_t: a list of texts */
    RIG_KEY_REFERENCE,  /**< uint32_t: the number of the element that is named */
    RIG_KEY_GROUP,      /**< a struct */
    RIG_KEY_LIST,       /**< an array of structs, owned, and a size_t */
    RIG_KEY_OTHER       /**< what a rig_key_type says */
} rig_key_kind;

/** Whether a key must be there. */
typedef enum rig_key_need {
    RIG_NEED_NOT = 0, /**< it may be left out: then it is its default */
    RIG_NEED_KEY,     /**< it is required, where its group is there */
    RIG_NEED_DEFAULT, /**< it may say what it is by default, nothing else */
    RIG_NEED_ABSENT   /**< it has no meaning here, and is refused */
} rig_key_need;

/** What a run on the wire can do with a key. */
typedef enum rig_key_played {
    RIG_PLAYED = 0,      /**< played at any call centre, but where the row's `is_used` says
                            otherwise */
    RIG_PLAYED_EMBEDDED, /**< has a meaning, or is played, only with the embedded call centre:
                            refused elsewhere where the row has an `is_used` that says so */
    RIG_PLAYED_NOT       /**< only simulated: a run refuses it where it is in use */
} rig_key_played;

/** How a group or a list is written. */
typedef enum rig_key_layout {
    RIG_LAYOUT_SECTION = 0, /**< key: { a line a key } */
    RIG_LAYOUT_BLOCK,       /**< key = { a line a key }; of a list: ({ a line a key }, {..}) */
    RIG_LAYOUT_INLINE,      /**< key = { .. }; all in one line */
    RIG_LAYOUT_ROWS,        /**< a list, each element on its line, the end behind the last */
    RIG_LAYOUT_ROWS_CLOSED  /**< the same, the end on its own line */
} rig_key_layout;

/** A key: a row of a table, see below. */
typedef struct rig_key rig_key;
/** A group of keys, see below. */
typedef struct rig_key_group rig_key_group;

/** Names at a stride: those of the elements of a list (a name pointer comes first in the struct).
 */
typedef struct rig_names {
    const void *first;
    size_t n, stride;
} rig_names;

/** A kind of value of one's own. */
typedef struct rig_key_type {
    const char *noun;           /**< in documents: "distribution" */
    const rig_key_group *group; /**< the keys of its group form, for the documents; or NULL */
    bool has_number_form;       /**< a bare number will do, too */
    /** A key that is there. */
    void (*read)(rig_reader *reader, const rig_setting *at, const rig_key *key, void *owner);
    /** Once the whole file has been read: what depends on other keys. May be NULL. */
    void (*resolve)(rig_reader *reader, const rig_setting *at, const rig_key *key, void *owner);
    /** A key that is not there; the member is zeroed. May be NULL. */
    void (*otherwise)(rig_reader *reader, const rig_key *key, void *owner);
    /** The value alone, as it stands behind "key = ". @param object  The whole struct. */
    void (*write)(FILE *out, const rig_key *key, const void *owner, const void *object);
    /** Free what the member owns. May be NULL. */
    void (*clear)(const rig_key *key, void *owner);
    /** Its JSON Schema. NULL: that of `group`. */
    void (*schema)(FILE *out, const rig_key *key);
} rig_key_type;

/** One key. */
struct rig_key {
    const char *name;
    rig_key_kind kind;
    size_t offset, size;  /**< of the member in its struct */
    size_t n_offset;      /**< LIST, TEXTS: of the number of elements */
    bool is_second;       /**< keeps its value in the member of another row: see `factor` */
    rig_key_need need;    /**< unless `needed` says something else */
    const char *why;      /**< what would give it a meaning, or when it is required */
    double low, high;     /**< NUMBER, COUNT: allowed values, both included */
    bool is_low_open;     /**< low itself is not allowed */
    const char *noun;     /**< instead of "number" or "whole number": "share", "port" */
    const char *unit;     /**< "seconds", "calls"; NULL = none */
    uint32_t factor;      /**< COUNT: so many of the member's units are one of the key's; 0 = 1 */
    double number;        /**< default of NUMBER, COUNT, BOOL, WORD, and of some OTHER */
    const char *text;     /**< default of TEXT; NAME: the word of "word", "word 2" .. */
    const char *usual;    /**< a default that `otherwise` works out, in words */
    rig_words words;      /**< WORD */
    size_t least, most;   /**< LIST: elements; TEXT: characters (most 0: any number) */
    const char *of_what;  /**< LIST: what its elements are: "groups"; NAME: one of them, "group" */
    size_t n_played;      /**< LIST that is only simulated: so many elements can be played */
    const char *allowed;  /**< TEXT: characters that it may have; NULL = any but the refused ones */
    const char *refused;  /**< TEXT: characters that it may not have */
    const char *in_front; /**< TEXT: characters allowed only as the first */
    const char *not_in_front;   /**< TEXT: characters not allowed as the first */
    const char *wrong;          /**< TEXT: "cannot be dialled" */
    const char *expected;       /**< TEXT, REFERENCE: what is expected instead, in words */
    bool is_secret;             /**< TEXT: not repeated in messages, and not written */
    const rig_key_group *group; /**< GROUP, LIST */
    const rig_key_type *type;   /**< OTHER */
    rig_key_layout layout;      /**< GROUP, LIST */
    bool is_long;               /**< COUNT: always written with an L */
    bool leaves_blank;          /**< in a line, leaves its blank where it is left out */
    const char *meaning;        /**< for the documents; Markdown in one line */
    const char *since;          /**< version of peakrig; NULL = 0.1.0 */
    rig_key_played played;
    /** Names to which a REFERENCE refers. */
    rig_names (*names)(const void *object);
    /** Whether it must be there; may set *why. All values of its group are known, but for names. */
    rig_key_need (*needed)(const rig_setting *group, const void *owner, const char **why);
    /** In the place of the default, once the whole file has been read and the key is not there. */
    void (*otherwise)(rig_reader *reader, const rig_key *key, void *owner);
    /** Rules on a key that is there, once the whole file has been read. */
    void (*check)(rig_reader *reader, const rig_setting *at, const rig_key *key, void *owner);
    /** Whether it is in use (`played`). NULL: a list by its length, a group by its first key,
     * others where they are not their default. */
    bool (*is_used)(const void *owner, const void *object);
    /** Whether it is written. NULL: texts that are there, all others but second ones. */
    bool (*is_written)(const void *owner, const void *object);
};

/** A group { } of keys. */
struct rig_key_group {
    const rig_key *keys;
    size_t n_keys;
    size_t size;               /**< of the struct */
    const char *const *either; /**< two or more keys of which exactly one is there; NULL-terminated;
                                    or NULL */
    bool is_either_optional;   /**< or none of them is */
    bool is_either_by_rows;    /**< the rows' `needed` see to it, and say why */
    const char *either_note;   /**< behind the message about it; or NULL */
    bool is_replaced;          /**< --set of one of them removes the others */
    /** Once the whole file has been read and its keys are resolved: what follows from them. */
    void (*finish)(rig_reader *reader, const rig_setting *at, void *object);
    /** Rules on several keys. */
    void (*check)(rig_reader *reader, const rig_setting *at, const void *object);
};

/** The member of a row. */
static inline void *rig_key_member(const rig_key *key, void *owner)
{
    return (char *)owner + key->offset;
}

/** The same of a struct that is not to be changed. */
static inline const void *rig_key_value(const rig_key *key, const void *owner)
{
    return (const char *)owner + key->offset;
}

/** What can be played of the keys within a group or list, which is itself within others. */
static inline rig_key_played rig_key_played_within(const rig_key *key, rig_key_played around)
{
    rig_key_played own = key->n_played > 0 ? RIG_PLAYED : key->played;
    return own > around ? own : around;
}

/** The number of elements of a LIST or TEXTS row. */
size_t rig_key_length(const rig_key *key, const void *owner);

/** The value of a COUNT or WORD row, in the units of its member. */
uint64_t rig_key_count(const rig_key *key, const void *owner);

/** "a whole number from 1 to 16, calls": what is expected of a NUMBER or COUNT. Cut to `size`. */
void rig_key_expected(const rig_key *key, char *text, size_t size);

#endif
