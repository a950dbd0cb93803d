/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Carriers: networks, patterns, rules of a file and of the command line, and their mistakes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/test.h"

#include "analyzer/rules.h"

static void test_networks(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_good;
        uint64_t high, low;
        unsigned n_bits;
    } cases[] = {
        {"10.0.0.0/24", true, 0, UINT64_C(0xffff0a000000), 120},
        {"192.0.2.7", true, 0, UINT64_C(0xffffc0000207), 128},
        {"0.0.0.0/0", true, 0, UINT64_C(0xffff00000000), 96},
        {"2001:db8::/32", true, UINT64_C(0x20010db800000000), 0, 32},
        {"::/0", true, 0, 0, 0},
        {"2001:db8::1/128", true, UINT64_C(0x20010db800000000), 1, 128},
        {"2001:db8:0:0:8000::/65", true, UINT64_C(0x20010db800000000), UINT64_C(1) << 63, 65},
        {"10.0.0.1/24", false, 0, 0, 0},
        {"10.0.0.0/33", false, 0, 0, 0},
        {"2001:db8::/129", false, 0, 0, 0},
        {"2001:db8::1/64", false, 0, 0, 0},
        {"10.0.0/24", false, 0, 0, 0},
        {"10.0.0.0/", false, 0, 0, 0},
        {"10.0.0.0/-1", false, 0, 0, 0},
        {"10.0.0.0/24x", false, 0, 0, 0},
        {"example.org", false, 0, 0, 0},
        {"", false, 0, 0, 0},
        {"1111111111111111111111111111111111111111111111111111111111111111", false, 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rig_carrier_rule rule = {.n_bits = 77};
        bool is_good = rig_carrier_read_network(cases[i].text, &rule);
        if (is_good != cases[i].is_good)
            fail_msg("%s", cases[i].text);
        assert_int_equal(rule.n_bits, is_good ? cases[i].n_bits : 77);
        if (is_good && (rule.ip_high != cases[i].high || rule.ip_low != cases[i].low))
            fail_msg("%s: another address", cases[i].text);
    }
}

static void test_patterns(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *text;
        bool fits;
    } cases[] = {
        {"abc", "ABC", true},    {"abc", "abcd", false},
        {"abc*", "abcd", true},  {"*", "", true},
        {"", "", true},          {"", "a", false},
        {"*c", "abc", true},     {"a*c", "abbbc", true},
        {"a*c", "abbb", false},  {"a*b*c", "axxbyyc", true},
        {"a*b*c", "acb", false}, {"**a**", "xay", true},
        {"*ab", "aab", true},    {"0049*", "004930", true},
        {"0049*", "049", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (rig_carrier_fits(rig_slice_of(cases[i].pattern), rig_slice_of(cases[i].text)) !=
            cases[i].fits)
            fail_msg("\"%s\", \"%s\"", cases[i].pattern, cases[i].text);
    }
}

static const char invite[] = "INVITE sip:0800123@centre SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z1\r\n"
                             "From: <sip:030555@a>;tag=1\r\nTo: <sip:0800123@centre>\r\n"
                             "Call-ID: x\r\nCSeq: 1 INVITE\r\nX-Trunk: Beta-7\r\n\r\n";

static const char *carrier_of(const rig_rules *rules, uint64_t ip_low)
{
    rig_sip sip;
    assert_int_equal(rig_sip_parse(rig_slice_of(invite), false, &rules->wanted, &sip), RIG_SIP_OK);
    return rig_carriers_find(&rules->carriers, (rig_endpoint){.ip_low = ip_low},
                             (rig_endpoint){.ip_low = UINT64_C(0xffff0a000001), .port = 5062},
                             &sip);
}

static void test_command_line(void **state)
{
    (void)state;
    static const struct {
        const char *rule, *expected; /* of a call from 10.0.0.9; NULL: none */
    } cases[] = {
        {"A=10.0.0.0/24", "A"},
        {"A=10.0.1.0/24", NULL},
        {"A=10.0.0.9", "A"},
        {"A b=10.0.0.9", "A b"},
        {"B=header:X-Trunk=beta-7", "B"},
        {"B=header:x-trunk=beta", NULL},
        {"B=header:X-Trunk=beta*", "B"},
        {"B=header:X-Other=beta*", NULL},
        {"C=prefix:0800", "C"},
        {"C=prefix:0900", NULL},
        {"D=caller:030", "D"},
        {"D=caller:0305556", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rig_rules *rules = NULL;
        assert_int_equal(rig_rules_new(&rules, NULL), RIG_OK);
        rig_error err = {.text = ""};
        if (rig_rules_add_carrier(rules, cases[i].rule, &err) != RIG_OK)
            fail_msg("%s", err.text);
        const char *got = carrier_of(rules, UINT64_C(0xffff0a000009));
        if ((got == NULL) != (cases[i].expected == NULL) ||
            (got != NULL && strcmp(got, cases[i].expected) != 0))
            fail_msg("%s: %s", cases[i].rule, got != NULL ? got : "none");
        rig_rules_free(rules);
    }
}

/* Each number of bits: the last address that fits and the first that does not, on both sides. */
static void test_every_size_of_a_network(void **state)
{
    (void)state;
    const uint64_t v4 = UINT64_C(0xffff00000000);
    for (unsigned n_bits = 0; n_bits <= 32; n_bits++) {
        rig_rules *rules = NULL;
        char text[64];
        const uint64_t size = UINT64_C(1) << (32 - n_bits);
        const uint64_t base = n_bits == 0 ? 0 : UINT64_C(0xa0000000) / size * size;
        (void)snprintf(text, sizeof text, "A=%u.%u.%u.%u/%u", (unsigned)(base >> 24),
                       (unsigned)(base >> 16 & 255), (unsigned)(base >> 8 & 255),
                       (unsigned)(base & 255), n_bits);
        assert_int_equal(rig_rules_new(&rules, NULL), RIG_OK);
        assert_int_equal(rig_rules_add_carrier(rules, text, NULL), RIG_OK);
        assert_non_null(carrier_of(rules, v4 | base));
        assert_non_null(carrier_of(rules, v4 | (base + size - 1)));
        if (n_bits > 0) {
            assert_null(carrier_of(rules, v4 | (base - 1)));
            assert_null(carrier_of(rules, v4 | (base + size)));
        }
        assert_null(carrier_of(rules, base)); /* the same bits of an IPv6 address */
        rig_rules_free(rules);
        (void)snprintf(text, sizeof text, "A=160.0.0.1/%u", n_bits);
        assert_int_equal(rig_rules_new(&rules, NULL), RIG_OK);
        assert_int_equal(rig_rules_add_carrier(rules, text, NULL),
                         n_bits == 32 ? RIG_OK : RIG_EINPUT);
        rig_rules_free(rules);
    }
}

static void test_first_fits(void **state)
{
    (void)state;
    rig_rules *rules = NULL;
    assert_int_equal(rig_rules_new(&rules, NULL), RIG_OK);
    assert_int_equal(rig_rules_add_carrier(rules, "none=10.9.0.0/16", NULL), RIG_OK);
    assert_int_equal(rig_rules_add_carrier(rules, "first=10.0.0.0/8", NULL), RIG_OK);
    assert_int_equal(rig_rules_add_carrier(rules, "second=prefix:0800", NULL), RIG_OK);
    assert_string_equal(carrier_of(rules, UINT64_C(0xffff0a000009)), "first");
    assert_string_equal(carrier_of(rules, UINT64_C(0xffff0b000009)), "second");
    for (int i = 3; i < RIG_MAX_CARRIER_RULES; i++)
        assert_int_equal(rig_rules_add_carrier(rules, "x=10.0.0.0/8", NULL), RIG_OK);
    rig_error err = {.text = ""};
    assert_int_equal(rig_rules_add_carrier(rules, "x=10.0.0.0/8", &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, "more than 256"));
    rig_rules_free(rules);
}

static void test_mistakes(void **state)
{
    (void)state;
    static const struct {
        const char *rule, *expected;
    } cases[] = {
        {"", "no name"},
        {"A", "no name, no \"=\""},
        {"=10.0.0.0/8", "no name"},
        {"A=", "no network"},
        {"A=10.0.0.1/8", "no network (an IP address"},
        {"A=header:", "no header and value"},
        {"A=header:X", "no header and value"},
        {"A=header:X=", "no header and value"},
        {"A=header:X Y=z", "no header name"},
        {"A=prefix:", "no digits"},
        {"A=caller:", "no digits"},
    };
    rig_rules *rules = NULL;
    assert_int_equal(rig_rules_new(&rules, NULL), RIG_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rig_error err = {.text = ""};
        assert_int_equal(rig_rules_add_carrier(rules, cases[i].rule, &err), RIG_EINPUT);
        if (strstr(err.text, cases[i].expected) == NULL ||
            strstr(err.text, "expected NAME=NETWORK, ") == NULL)
            fail_msg("%s: %s", cases[i].rule, err.text);
    }
    assert_int_equal(rules->carriers.n, 0);
    rig_rules_free(rules);
}

#define FORMAT "format = \"peakrig rules 1\";\n"

static void test_file(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected; /* the carrier, or what the message says */
        bool is_good;
    } cases[] = {
        {"carriers = ( { name = \"A\"; from = \"10.0.0.0/8\"; } );", "A", true},
        {"carriers = ( { name = \"A\"; called = \"0900*\"; },\n"
         "{ name = \"B\"; header = \"X-Trunk\"; value = \"beta*\"; } );",
         "B", true},
        {"carriers = ( { name = \"C\"; called = \"0800*\"; } );", "C", true},
        {"carriers = ( { name = \"D\"; caller = \"*555\"; } );", "D", true},
        {"carriers = ( { name = \"A\"; to = \"10.0.0.1:5061\"; },\n"
         "{ name = \"B\"; to = \"10.0.0.1:5062\"; } );",
         "B", true},
        {"carriers = ( { name = \"A\"; to = \"10.0.0.0/24\"; } );", "A", true},
        {"carriers = ( { name = \"A\"; to = \"[2001:db8::1]:5062\"; },\n"
         "{ name = \"B\"; to = \"10.0.0.1\"; } );",
         "B", true},
        {"carriers = ( { name = \"A\"; to = \"10.0.0.1:0\"; } );",
         "carriers[0].to: is \"10.0.0.1:0\"; expected an IP address", false},
        {"carriers = ( { name = \"A\"; to = \"10.0.0.1:65536\"; } );", "carriers[0].to", false},
        {"carriers = ( { name = \"A\"; to = \"[2001:db8::1\"; } );", "carriers[0].to", false},
        {"carriers = ( { name = \"A\"; to = \"centre:5060\"; } );", "carriers[0].to", false},
        {"carriers = ( { from = \"10.0.0.0/8\"; } );", "r.cfg:2: carriers", false},
        {"carriers = ( { name = \"A\"; } );", "has 0 of from, to, header, called and caller",
         false},
        {"carriers = ( { name = \"A\"; from = \"10.0.0.1\"; called = \"1\"; } );",
         "has 2 of from, to, header, called and caller; expected one", false},
        {"carriers = ( { name = \"A\"; from = \"10.0.0.1/8\"; } );",
         "r.cfg:2: carriers[0].from: is \"10.0.0.1/8\"; expected an IP address", false},
        {"carriers = ( { name = \"A\"; header = \"X-Trunk\"; } );", "value", false},
        {"carriers = ( { name = \"A\"; called = \"1\"; value = \"2\"; } );",
         "goes with header only", false},
        {"carriers = ( { name = \"\"; called = \"1\"; } );", "is empty or longer", false},
        {"carriers = ( { name = \"A\"; called = \"\"; } );", "is empty or longer", false},
        {"carriers = ( { name = \"A\"; colour = \"1\"; } );", "colour", false},
        {"carriers = \"A\";", "carriers", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[400];
        rig_rules *rules = NULL;
        rig_error err = {.text = ""};
        (void)snprintf(text, sizeof text, FORMAT "%s\n", cases[i].text);
        rig_status status = rig_rules_read_text(text, "r.cfg", &rules, &err);
        if (status != (cases[i].is_good ? RIG_OK : RIG_EINPUT))
            fail_msg("%s: %s", cases[i].text, err.text);
        if (cases[i].is_good)
            assert_string_equal(carrier_of(rules, UINT64_C(0xffff0a000009)), cases[i].expected);
        else if (strstr(err.text, cases[i].expected) == NULL)
            fail_msg("%s: %s", cases[i].text, err.text);
        rig_rules_free(rules);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_networks),
        cmocka_unit_test(test_patterns),
        cmocka_unit_test(test_command_line),
        cmocka_unit_test(test_first_fits),
        cmocka_unit_test(test_every_size_of_a_network),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_file),
    };
    return cmocka_run_group_tests_name("carriers", tests, NULL, NULL);
}
