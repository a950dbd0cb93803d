/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pseudonyms: the same under one key, other ones under another, and what they keep. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/test.h"

#include "analyzer/mask.h"
#include "reports/mask_result.h"

static rig_mask *make(const char *key)
{
    rig_mask *mask = NULL;
    rig_error err = {.text = ""};
    if (rig_mask_new(key, &mask, &err) != RIG_OK)
        fail_msg("%s", err.text);
    return mask;
}

static void number_of(const rig_mask *mask, const char *from, char to[80])
{
    snprintf(to, 80, "%s", from);
    rig_mask_number(mask, to, strlen(to));
}

static void test_keys(void **state)
{
    rig_mask *mask = NULL;
    rig_error err = {.text = ""};
    (void)state;
    assert_int_equal(rig_mask_new("1234567", &mask, &err), RIG_EINPUT);
    assert_null(mask);
    assert_non_null(strstr(err.text, "7 characters"));
    rig_mask *a = make("a key to share"), *b = make("a key to share"), *c = make("another key");
    rig_mask *d = make(NULL), *e = make(NULL);
    char ids[5][RIG_MASK_ID_SIZE];
    const rig_mask *masks[] = {a, b, c, d, e};
    for (int i = 0; i < 5; i++)
        rig_mask_id(masks[i], rig_slice_of("call-1@host"), ids[i]);
    assert_string_equal(ids[0], ids[1]);
    assert_string_not_equal(ids[0], ids[2]);
    assert_string_not_equal(ids[3], ids[4]);
    assert_int_equal(strlen(ids[0]), 19);
    assert_null(strstr(ids[0], "call"));
    for (int i = 0; i < 5; i++)
        rig_mask_free((rig_mask *)(uintptr_t)masks[i]);
    rig_mask_free(NULL);
}

static void test_what_is_a_number(void **state)
{
    static const struct {
        const char *text;
        bool is_number;
    } lines[] = {{"1", true},
                 {"+49 30 1234-567", true},
                 {"(030) 12.34", false},
                 {"030 (12) 34", true},
                 {"", false},
                 {"+", false},
                 {"12a", false},
                 {"1+2", false},
                 {"anonymous", false}};
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (rig_mask_is_number(rig_slice_of(lines[i].text)) != lines[i].is_number)
            fail_msg("\"%s\"", lines[i].text);
    }
}

/* What stays of a number: its length, what is between the digits, its country code. */
static void test_numbers_keep(void **state)
{
    static const struct {
        const char *text;
        size_t n_kept;
    } lines[] = {{"+49 30 1234567", 3}, {"493012345678", 2}, {"0049301234567", 4},
                 {"0301234", 2},        {"123456", 0},       {"7", 0}};
    rig_mask *mask = make("a key to share");
    char masked[80];
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        const char *text = lines[i].text;
        bool differs = false;
        number_of(mask, text, masked);
        assert_int_equal(strlen(masked), strlen(text));
        assert_memory_equal(masked, text, lines[i].n_kept);
        for (size_t k = 0; text[k] != '\0'; k++) {
            bool is_digit = text[k] >= '0' && text[k] <= '9';
            assert_true(is_digit ? masked[k] >= '0' && masked[k] <= '9' : masked[k] == text[k]);
            differs |= masked[k] != text[k];
        }
        assert_true(differs || strlen(text) == 1);
    }
    rig_mask_free(mask);
}

/* Different numbers have different pseudonyms: all of three digits, and many of nine. */
static void test_numbers_are_distinct(void **state)
{
    static bool is_taken[1000];
    rig_mask *mask = make("a key to share");
    char text[80], masked[80];
    (void)state;
    for (int i = 0; i < 1000; i++) {
        snprintf(text, sizeof text, "%03d", i);
        number_of(mask, text, masked);
        int at = atoi(masked);
        assert_false(is_taken[at]);
        is_taken[at] = true;
    }
    /* The digits after those that are kept are spread: each comes about as often. */
    size_t n_by_digit[10] = {0};
    for (int i = 0; i < 2000; i++) {
        snprintf(text, sizeof text, "49%09d", i);
        number_of(mask, text, masked);
        n_by_digit[masked[2] - '0']++;
    }
    for (int i = 0; i < 10; i++)
        assert_in_range(n_by_digit[i], 130, 270); /* 200 +- 5 standard deviations */
    rig_mask_free(mask);
}

static rig_endpoint v4(uint32_t a)
{
    return (rig_endpoint){.ip_low = UINT64_C(0xffff) << 32 | a, .port = 5060};
}

static int shared_bits(rig_endpoint a, rig_endpoint b)
{
    uint64_t high = a.ip_high ^ b.ip_high, low = a.ip_low ^ b.ip_low;
    return high != 0 ? __builtin_clzll(high) : low != 0 ? 64 + __builtin_clzll(low) : 128;
}

static void test_addresses(void **state)
{
    rig_mask *mask = make("a key to share");
    (void)state;
    rig_endpoint base = v4(0xc0a80a05), masked = rig_mask_endpoint(mask, base);
    assert_int_equal(masked.port, 5060);
    assert_int_equal(masked.ip_low >> 32, 0xffff);
    assert_false(rig_endpoint_same_host(base, masked));
    for (int bit = 0; bit < 32; bit++) {
        rig_endpoint other = v4(0xc0a80a05 ^ UINT32_C(1) << bit);
        assert_int_equal(shared_bits(masked, rig_mask_endpoint(mask, other)),
                         shared_bits(base, other));
    }
    /* What follows another prefix is turned otherwise: no constant is laid over all addresses. */
    rig_endpoint far = v4(UINT32_C(0xc0a80a05) ^ UINT32_C(1) << 31);
    uint64_t turned = base.ip_low ^ masked.ip_low;
    uint64_t turned_far = far.ip_low ^ rig_mask_endpoint(mask, far).ip_low;
    assert_true((uint32_t)turned << 1 != (uint32_t)turned_far << 1);
    rig_endpoint six = {.ip_high = UINT64_C(0x20010db800000000), .ip_low = 1, .port = 1};
    rig_endpoint masked_six = rig_mask_endpoint(mask, six);
    assert_false(rig_endpoint_same_host(six, masked_six));
    for (int bit = 0; bit < 64; bit += 7) {
        rig_endpoint other = six;
        other.ip_high ^= UINT64_C(1) << bit;
        assert_int_equal(shared_bits(masked_six, rig_mask_endpoint(mask, other)),
                         shared_bits(six, other));
    }
    rig_mask_free(mask);
}

static void test_users(void **state)
{
    rig_mask *mask = make("a key to share");
    char out[64];
    (void)state;
    rig_mask_user(mask, rig_slice_of("+493012345"), out, sizeof out);
    assert_memory_equal(out, "+49", 3);
    assert_int_equal(strlen(out), 10);
    assert_string_not_equal(out, "+493012345");
    rig_mask_user(mask, rig_slice_of("jane.doe"), out, sizeof out);
    assert_memory_equal(out, "id-", 3);
    rig_mask_user(mask, rig_slice_of("Anonymous"), out, sizeof out);
    assert_string_equal(out, "Anonymous");
    rig_mask_user(mask, (rig_slice){.n = 0}, out, sizeof out);
    assert_string_equal(out, "");
    rig_mask_free(mask);
}

/* The sentence of a verdict keeps its figures, whatever they look like; what has more digits than
 * a figure is written with is a number all the same. */
/* An address before a number is not the beginning of it. */
static void test_an_address_before_a_number(void **state)
{
    static const char *const texts[] = {"8.8.8.8 (030) 1234567", "1.1.1.1 030 1234567",
                                        "0.0.0.01-10.0.0.9.0.1-.0082)2219(06.7166)",
                                        "0.0.0.1-10.0.0.9.0.1-.0082)2219(06.7166)"};
    rig_mask *mask = make("a key to share");
    char out[256];
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        rig_mask_text(mask, texts[i], out, sizeof out);
        if (strncmp(out, texts[i], 7) == 0 || strstr(out, "1234567") != NULL)
            fail_msg("%s is shown as %s", texts[i], out);
    }
    rig_mask_free(mask);
}

static void test_quantities(void **state)
{
    static const char *const kept[] = {
        "drop_rate is 0.06109 (0.05765..0.06445); expected at most 0.005",
        "loses 61.62 % of its calls, predicted 53.11 % (52.61..53.60); refusals began at 240",
        "wait_p95_s is 121.95 (121.52..122.35); expected at most 30.",
        "0.001697 (0..0.001697).",
        "0.0001697",
        "0.123456 and 0.00012345",
        "1000..2000 and 123456..234567",
    };
    static const char *const replaced[] = {
        "4930123..4930456", "0301234567..0301234568", "0.123456789",        "030.1234567",
        "0.1234567@host",   "0.12.345678901",         "(030) 123 4567..80", "1.23456789",
        "0.30123456",
    };
    rig_mask *mask = make("a key to share");
    char out[256];
    (void)state;
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        rig_mask_text(mask, kept[i], out, sizeof out);
        assert_string_equal(out, kept[i]);
    }
    for (size_t i = 0; i < sizeof replaced / sizeof replaced[0]; i++) {
        rig_mask_text(mask, replaced[i], out, sizeof out);
        if (strcmp(out, replaced[i]) == 0)
            fail_msg("%s is shown", out);
    }
    rig_mask_free(mask);
}

/* Words of others: what is replaced, and what stays as it is. */
static void test_texts(void **state)
{
    static const char *const kept[] = {"",
                                       "caller BYE",
                                       "503 Q.850;cause=34",
                                       "centre BYE Q.850;cause=102 (Queue timeout)",
                                       "no response",
                                       "extension 4711, line 12:30:59",
                                       "not over at the end of the capture"};
    static const struct {
        const char *text, *secret, *stays;
    } replaced[] = {{"call from +493012345678 failed", "3012345678", "call from +49"},
                    {"gateway 192.0.2.77:5060 is down.", "192.0.2.77", ":5060 is down."},
                    {"route via 2001:db8::7 lost", "db8::7", "route via "},
                    {"[2001:db8::7]:5060", "db8::7", "]:5060"},
                    {"no such user jane@example.com!", "jane", "no such user id-"},
                    {"at 192.0.2.77.", "192.0.2.77", "at "},
                    {"tel:+493012345678", "3012345678", "tel:+49"},
                    {"to udp:192.0.2.77:5060;lr", "192.0.2.77", ":5060;lr"},
                    {"fe80::77%eth0", "fe80::77", "%eth0"},
                    {"net 2001:db8::, down", "2001:db8", ", down"},
                    {"10.1.2.1-10.1.2.9", "10.1.2", "-"},
                    {"from 192.000.002.077 down", "192.000", "from "},
                    {"0.0.0.1-10.0.0.9", "0.0.0.1", "-"},
                    {"via udp:2001:db8::7 lost", "db8::7", "via udp:"},
                    {"host10.1.2.1a", "10.1.2", "host"},
                    {"192.0.2.77.5060 > tcpdump's", "192.0.2.77", ".5060 > tcpdump's"},
                    {"x10.0.0.5.80", "10.0.0.5", ".80"},
                    {"x2.2.0.2.1", "2.2.0.2", ".1"},
                    {"x2.2.0.2.3333333333333333333333333333333333333333333333", "2.2.0.2", "x"},
                    {"1.10.1.2.1a", "10.1.2", "a"},
                    {"id=x493012345678y", "3012345678", "id=x49"},
                    {"192.0.2.77:493012345678", "3012345678", ":49"},
                    {"call +49 (30) 12-34 back", "(30) 12-34", "call +49 ("},
                    {"(030) 123 4567", "123 4567", "(03"},
                    {"030/1234567.", "1234567", "03"},
                    {"at 212 555 1234,", "555 1234", "at 21"},
                    {"call (030) 123 4567.", "123 4567", "call (03"},
                    {"%2B4930123456", "30123456", "+49"},
                    {"%34%39%33%30%31%32%33%34", "%33%30", "49"},
                    {"0xc000024d said", "c000024d", " said"}};
    rig_mask *mask = make("a key to share");
    char out[256];
    (void)state;
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        rig_mask_text(mask, kept[i], out, sizeof out);
        assert_string_equal(out, kept[i]);
    }
    for (size_t i = 0; i < sizeof replaced / sizeof replaced[0]; i++) {
        rig_mask_text(mask, replaced[i].text, out, sizeof out);
        if (strstr(out, replaced[i].secret) != NULL || strstr(out, replaced[i].stays) == NULL)
            fail_msg("\"%s\" became \"%s\"", replaced[i].text, out);
    }
    rig_mask_text(mask, "0123 not much room", out, 6);
    assert_string_equal(out, "0123 ");
    rig_mask_free(mask);
}

static const char *text_at(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static void test_result(void **state)
{
    static const struct {
        const char *target, *secret;
    } targets[] = {{"192.0.2.9:5060", "192.0.2.9"}, {"pbx.example.com:5060", "example"}};
    rig_mask *mask = make("a key to share");
    (void)state;
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        json_t *masked = NULL;
        json_t *result = json_pack("{s:{s:s}, s:{s:[{s:s}]}, s:[{s:s}]}", "run", "target",
                                   targets[i].target, "calls", "reasons", "reason",
                                   "486 (+493012345678)", "checks", "text", "from 192.0.2.9");
        assert_int_equal(rig_result_mask(result, mask, NULL, &masked, NULL), RIG_OK);
        const char *target = text_at(json_object_get(masked, "run"), "target");
        assert_null(strstr(target, targets[i].secret));
        assert_non_null(strstr(target, ":5060 (pseudonym)"));
        json_t *reasons = json_object_get(json_object_get(masked, "calls"), "reasons");
        assert_null(strstr(text_at(json_array_get(reasons, 0), "reason"), "3012345678"));
        assert_null(
            strstr(text_at(json_array_get(json_object_get(masked, "checks"), 0), "text"), "192"));
        assert_string_equal(text_at(json_object_get(result, "run"), "target"), targets[i].target);
        json_decref(masked);
        json_decref(result);
    }
    rig_mask_free(mask);
}

/* Call-IDs name the machine that placed the calls. */
static void test_call_ids_of_a_result(void **state)
{
    static const char *const own[] = {"127.0.0.1:5060", "embedded 127.0.0.1:40001", "[::1]:5060",
                                      "embedded ::1:40001"};
    rig_mask *mask = make("a key to share");
    (void)state;
    for (size_t i = 0; i <= sizeof own / sizeof own[0]; i++) {
        bool is_own = i < sizeof own / sizeof own[0];
        const char *target = is_own ? own[i] : "192.0.2.9:5060";
        json_t *masked = NULL;
        json_t *result =
            json_pack("{s:{s:s}, s:{s:[{s:s}, {s:n}]}}", "run", "target", target, "agreement",
                      "first_different", "call_id", "r1-7@192.0.2.4", "call_id");
        assert_true(rig_result_is_of_this_machine(result) == is_own);
        assert_int_equal(rig_result_mask(result, mask, NULL, &masked, NULL), RIG_OK);
        json_t *calls = json_object_get(json_object_get(masked, "agreement"), "first_different");
        const char *call_id = text_at(json_array_get(calls, 0), "call_id");
        char id[RIG_MASK_ID_SIZE];
        rig_mask_id(mask, rig_slice_of("r1-7@192.0.2.4"), id); /* as ladders have it */
        assert_string_equal(call_id, is_own ? "r1-7@192.0.2.4" : id);
        assert_string_equal(text_at(json_object_get(masked, "run"), "target"),
                            is_own ? target : text_at(json_object_get(masked, "run"), "target"));
        json_decref(masked);
        json_decref(result);
    }
    rig_mask_free(mask);
}

/* A name may begin like an address that it is not. */
static void test_a_name_is_what_it_was_resolved_to(void **state)
{
    static const struct {
        const char *target, *address;
        bool is_own;
    } lines[] = {{"localhost.evil.example:5060", "", false},
                 {"127.evil.example:5060", "", false},
                 {"localhost:5060", "", false},
                 {"localhost:5060", "127.0.0.1", true},
                 {"pbx.example:5060", "::1", true},
                 {"localhost.evil.example:5060", "203.0.113.5", false},
                 {"127.0.0.1:5060", "203.0.113.5", false},
                 {"embedded 192.0.2.7:5060", "192.0.2.7", false},
                 {"embedded 127.1.2.3:5060", "127.1.2.3", true},
                 {"[::ffff:127.0.0.1]:5060", "", true}};
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        json_t *result = json_pack("{s:{s:s, s:s}}", "run", "target", lines[i].target,
                                   "target_address", lines[i].address);
        if (rig_result_is_of_this_machine(result) != lines[i].is_own)
            fail_msg("%s (%s)", lines[i].target, lines[i].address);
        json_decref(result);
    }
}

/* All texts, wherever they stand; names; nothing of the rig's own words. */
static void test_all_of_a_result(void **state)
{
    const char *const items[] = {"pbx.example", "\"785\""};
    const rig_result_names names = {items, 2};
    rig_mask *mask = make("a key to share");
    json_t *masked = NULL;
    json_t *result =
        json_pack("{s:s, s:{s:s, s:s, s:s}, s:{s:s}, s:[{s:{s:[s, s, s]}}]}", "created_utc",
                  "2026-11-29T17:00:00Z", "run", "target", "PBX.example:5060", "target_address",
                  "127.0.0.1", "start_utc", "2026-11-29T17:00:00Z", "inputs", "scenario",
                  "0123456789012345678901234567890123456789", "deep", "er", "texts",
                  "our phones at 192.0.2.4 port 5080; pbx.example:5060 says no, not mypbx.example",
                  "nobody knows \"785\" of 785 calls", "785 calls in 300.5 s, 0.01-0.05, 99.123 %");
    (void)state;
    assert_int_equal(rig_result_mask(result, mask, &names, &masked, NULL), RIG_OK);
    char *text = json_dumps(masked, 0);
    assert_null(strstr(text, "192.0.2.4"));
    assert_null(strstr(text, "127.0.0.1"));
    assert_null(strstr(text, " pbx.example"));
    assert_null(strstr(text, "PBX"));
    assert_non_null(strstr(text, "mypbx.example"));
    assert_null(strstr(text, "\\\"785"));
    assert_non_null(strstr(text, " of 785 calls"));
    assert_non_null(strstr(text, "785 calls in 300.5 s, 0.01-0.05, 99.123 %"));
    assert_non_null(strstr(text, "0123456789012345678901234567890123456789"));
    assert_non_null(strstr(text, "\"start_utc\": \"2026-11-29T17:00:00Z\""));
    free(text);
    json_decref(masked);
    json_decref(result);
    rig_mask_free(mask);
}

static void test_own_machine(void **state)
{
    rig_mask *mask = make("a key to share");
    (void)state;
    json_t *masked = NULL;
    json_t *own = json_pack("{s:{s:s}, s:{s:[s]}}", "run", "target", "127.0.0.1:5060", "target",
                            "defects", "drop=0.5@1..2");
    assert_int_equal(rig_result_mask(own, mask, NULL, &masked, NULL), RIG_OK);
    assert_string_equal(text_at(json_object_get(masked, "run"), "target"), "127.0.0.1:5060");
    const json_t *defects = json_object_get(json_object_get(masked, "target"), "defects");
    assert_string_equal(json_string_value(json_array_get(defects, 0)), "drop=0.5@1..2");
    json_decref(masked);
    json_decref(own);
    rig_mask_free(mask);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_what_is_a_number),
        cmocka_unit_test(test_numbers_keep),
        cmocka_unit_test(test_numbers_are_distinct),
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_users),
        cmocka_unit_test(test_an_address_before_a_number),
        cmocka_unit_test(test_quantities),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_result),
        cmocka_unit_test(test_call_ids_of_a_result),
        cmocka_unit_test(test_own_machine),
        cmocka_unit_test(test_a_name_is_what_it_was_resolved_to),
        cmocka_unit_test(test_all_of_a_result),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
