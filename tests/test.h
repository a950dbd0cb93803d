/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every test file begins with. */
#ifndef RIG_TESTS_TEST_H
#define RIG_TESTS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
