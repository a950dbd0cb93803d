/* SPDX-License-Identifier: GPL-3.0-or-later */
/* jansson and libxml2 allocate with tests/oom.h from now on. Call before anything is made with
 * them. */
#ifndef RIG_TESTS_OOM_JSON_H
#define RIG_TESTS_OOM_JSON_H

void oom_begin_json(void);

#endif
