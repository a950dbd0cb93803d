/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is told of calls while they are in progress (analyzer/call_watch.h). */
#ifndef RIG_TESTS_GOLDEN_WATCHED_H
#define RIG_TESTS_GOLDEN_WATCHED_H

#include "analyzer/rules.h"
#include "tests/test.h"

/** Analyse a capture while somebody watches: each call's steps must be one chain from its beginning
 * to the outcome that it is handed out with. Fails the test else. */
void watched_check(const char *capture_path, const rig_rules *rules);

#endif
