/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of *.def as members of a struct: scenarios/scenario.h includes them so. As rows of a
 * table: scenarios/scenario/as_rows.h. No include guard: it is undone by keys/end.h. */

#define KEY_NUMBER(name, member, ...)      double member;
#define KEY_COUNT(name, type, member, ...) type member;
#define KEY_BOOL(name, member, ...)        bool member;
#define KEY_WORD(name, type, member, ...)  type member;
#define KEY_TEXT(name, member, ...)        char *member;
#define KEY_FILE(name, member, ...)        char *member;
#define KEY_NAME(member, ...)              char *member;
#define KEY_TEXTS(name, member, ...)                                                               \
    char **member;                                                                                 \
    size_t n_##member;
#define KEY_REFERENCE(name, member, ...)   uint32_t member;
#define KEY_DIST(name, member, ...)        rig_dist member;
#define KEY_GROUP(name, type, member, ...) type member;
#define KEY_LIST(name, type, member, ...)                                                          \
    type *member;                                                                                  \
    size_t n_##member;
#define KEY_OTHER(name, type, member, ...) type member;
/* A group whose keys are members of the same struct; a row that is kept elsewhere or in another
 * row's member. */
#define KEY_PART(name, ...)
#define KEY_KEPT(kind, name, member, ...)
#define KEY_SECOND(kind, name, member, ...)
/* A member that is no key: worked out from others. */
#define KEY_MEMBER(type, member) type member;
