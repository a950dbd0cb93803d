/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pieces of a SIP message for the tests of its parser, and what a field of one must be. */
#ifndef RIG_TESTS_UNIT_SIP_TEXT_H
#define RIG_TESTS_UNIT_SIP_TEXT_H

#include "analyzer/sip.h"
#include "tests/test.h"

#define VIA     "Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\n"
#define FROM    "From: <sip:alice@h>;tag=a\r\n"
#define TO      "To: <sip:bob@c>\r\n"
#define CALL_ID "Call-ID: x@h\r\n"
#define INVITE  "INVITE sip:bob@c SIP/2.0\r\n"
#define COMMON  VIA FROM TO CALL_ID

static inline void assert_slice(rig_slice got, const char *expected)
{
    if (!rig_slice_is(got, expected))
        fail_msg("\"%.*s\"; expected \"%s\"", (int)got.n, got.n > 0 ? got.p : "", expected);
}

#endif
