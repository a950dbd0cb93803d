/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of scenarios/keys/ *.def as rows of a table (settings/key.h); ROW_OF is the struct whose
 * members they are. No include guard: it is undone by keys/end.h, so that a file can hold several
 * tables. */
#include <stddef.h>

#include "scenarios/scenario/keys.h"

#define ROW(kind_, name_, member_)                                                                 \
    .name = (name_), .kind = RIG_KEY_##kind_, .offset = offsetof(ROW_OF, member_),                 \
    .size = sizeof(((ROW_OF *)NULL)->member_)

#define KEY_NUMBER(name, member, ...)      {ROW(NUMBER, name, member), __VA_ARGS__},
#define KEY_COUNT(name, type, member, ...) {ROW(COUNT, name, member), __VA_ARGS__},
#define KEY_BOOL(name, member, ...)        {ROW(BOOL, name, member), __VA_ARGS__},
#define KEY_WORD(name, type, member, ...)  {ROW(WORD, name, member), __VA_ARGS__},
#define KEY_TEXT(name, member, ...)        {ROW(TEXT, name, member), __VA_ARGS__},
#define KEY_FILE(name, member, ...)        {ROW(FILE, name, member), __VA_ARGS__},
#define KEY_NAME(member, ...)                                                                      \
    {ROW(NAME, "name", member),        .least = 1, .most = 64, .wrong = "is no name",              \
     .expected = "1 to 64 characters", __VA_ARGS__},
#define KEY_TEXTS(name, member, ...)                                                               \
    {ROW(TEXTS, name, member), .n_offset = offsetof(ROW_OF, n_##member), __VA_ARGS__},
#define KEY_REFERENCE(name, member, ...) {ROW(REFERENCE, name, member), __VA_ARGS__},
#define KEY_DIST(name, member, ...)                                                                \
    {ROW(OTHER, name, member), .type = &rig_section_dist_type, __VA_ARGS__},
#define KEY_GROUP(name, type, member, ...) {ROW(GROUP, name, member), __VA_ARGS__},
#define KEY_LIST(name, type, member, ...)                                                          \
    {ROW(LIST, name, member), .n_offset = offsetof(ROW_OF, n_##member), __VA_ARGS__},
#define KEY_OTHER(name, type, member, ...) {ROW(OTHER, name, member), __VA_ARGS__},
#define KEY_PART(name_, ...)               {.name = (name_), .kind = RIG_KEY_GROUP, __VA_ARGS__},
#define KEY_KEPT(kind, name, member, ...)  {ROW(kind, name, member), __VA_ARGS__},
#define KEY_SECOND(kind, name, member, ...)                                                        \
    {ROW(kind, name, member), .is_second = true, __VA_ARGS__},
#define KEY_MEMBER(type, member)

/* Ranges that many rows share. */
#ifndef SECONDS
#define SECONDS        .low = 0, .high = 1e7, .unit = "seconds"
#define SECONDS_OVER_0 .low = 0, .is_low_open = true, .high = 1e7, .unit = "seconds"
#define SHARE          .low = 0, .high = 1, .noun = "share"
#define SHARE_BELOW_1  .low = 0, .high = 0.999999, .noun = "share"
#define RESOURCES      .low = 1, .high = 10000000 /* circuits, ports, agents */
#define CALLS          .low = 0, .high = 10000000, .unit = "calls"
#define CALLS_PER_MIN  .low = 0, .high = 1e9, .unit = "calls a minute"
#endif

/* The group of some rows. */
#ifndef GROUP_OF
#define GROUP_OF(rows, type, ...)                                                                  \
    {                                                                                              \
        .keys = (rows), .n_keys = sizeof(rows) / sizeof *(rows), .size = sizeof(type), __VA_ARGS__ \
    }
#endif
