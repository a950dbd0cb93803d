/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/oom_json.h"

#include <jansson.h>

#include "tests/oom.h"

void oom_begin_json(void)
{
    json_set_alloc_funcs(oom_malloc, oom_free);
    json_object_seed(1); /* the same number of allocations every time */
}
