/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Digest: challenges and credentials against values that another program has worked out (Python's
 * hashlib and hmac). */
#include <stdio.h>
#include <string.h>

#include "core/clock.h"
#include "callcentre/auth.h"
#include "tests/test.h"

/* Secret of 32 zero bytes, nonce born at 1 s; user alice, password "s3cret:word". */
#define NONCE       "000000003b9aca008a486b7b701566bb1dfee9a16a4a3df8"
#define MD5_QOP     "534c752f46facd6e0ab87461927ea725"
#define MD5_BARE    "a34858b89ee096a0df913a6986d291d7"
#define SHA256_QOP  "37254640c94eceb574a6700331c5443b2a89cfffa14b5505a7ada59587d080bd"
#define SHA256_BARE "668963ecf440b9a30e88247f0cf65b68676380618c0d18a27ba7e2ad932b66c8"

static const int64_t birth_ns = RIG_NS_PER_S;

static rig_callcentre_auth make_auth(rig_callcentre_digest digest)
{
    return (rig_callcentre_auth){.user = "alice",
                                 .password = "s3cret:word",
                                 .realm = "peakrig",
                                 .digest = digest,
                                 .nonce_life_s = 10};
}

static rig_callcentre_credentials make_credentials(void)
{
    return (rig_callcentre_credentials){.user = "alice",
                                        .realm = "peakrig",
                                        .nonce = NONCE,
                                        .uri = "sip:800@127.0.0.1",
                                        .response = MD5_QOP,
                                        .algorithm = "MD5",
                                        .cnonce = "c0ffee",
                                        .qop = "auth",
                                        .nc = "00000001"};
}

static void a_challenge_has_all_parameters(void **state)
{
    char text[RIG_CALLCENTRE_CHALLENGE_SIZE];
    rig_callcentre_auth auth = make_auth(RIG_CALLCENTRE_DIGEST_MD5);
    (void)state;
    rig_callcentre_auth_challenge(&auth, birth_ns, RIG_CALLCENTRE_NONCE_NEW, text);
    assert_string_equal(text, "Digest realm=\"peakrig\", nonce=\"" NONCE
                              "\", algorithm=MD5, qop=\"auth\"");
    auth.digest = RIG_CALLCENTRE_DIGEST_SHA256;
    rig_callcentre_auth_challenge(&auth, birth_ns, RIG_CALLCENTRE_NONCE_STALE, text);
    assert_string_equal(text, "Digest realm=\"peakrig\", nonce=\"" NONCE
                              "\", algorithm=SHA-256, qop=\"auth\", stale=true");
}

static void right_credentials_are_good_in_every_form(void **state)
{
    static const struct {
        rig_callcentre_digest digest;
        const char *algorithm, *qop, *response;
    } row[] = {
        {RIG_CALLCENTRE_DIGEST_MD5, "MD5", "auth", MD5_QOP},
        {RIG_CALLCENTRE_DIGEST_MD5, NULL, "auth", MD5_QOP}, /* MD5 is the default */
        {RIG_CALLCENTRE_DIGEST_MD5, "md5", NULL, MD5_BARE}, /* RFC 2069 */
        {RIG_CALLCENTRE_DIGEST_SHA256, "SHA-256", "auth", SHA256_QOP},
        {RIG_CALLCENTRE_DIGEST_SHA256, "sha-256", NULL, SHA256_BARE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        rig_callcentre_auth auth = make_auth(row[i].digest);
        rig_callcentre_credentials c = make_credentials();
        c.algorithm = row[i].algorithm;
        c.qop = row[i].qop;
        c.response = row[i].response;
        if (rig_callcentre_auth_check(&auth, &c, "INVITE", birth_ns) != RIG_CALLCENTRE_AUTH_GOOD)
            fail_msg("row %zu", i);
    }
}

#define PARAMETER(name) offsetof(rig_callcentre_credentials, name)

static void each_wrong_or_missing_parameter_is_bad(void **state)
{
    static const struct {
        size_t parameter;
        const char *value;
    } rows[] = {{PARAMETER(user), "bob"},
                {PARAMETER(user), NULL},
                {PARAMETER(realm), "other"},
                {PARAMETER(realm), NULL},
                {PARAMETER(nonce), NULL},
                {PARAMETER(nonce), "00"},
                {PARAMETER(uri), "sip:801@127.0.0.1"},
                {PARAMETER(uri), NULL},
                {PARAMETER(response), MD5_BARE},
                {PARAMETER(response), ""},
                {PARAMETER(response), NULL},
                {PARAMETER(algorithm), "SHA-256"},
                {PARAMETER(cnonce), "decaf"},
                {PARAMETER(cnonce), NULL},
                {PARAMETER(qop), "auth-int"},
                {PARAMETER(nc), "00000002"},
                {PARAMETER(nc), NULL}};
    rig_callcentre_auth auth = make_auth(RIG_CALLCENTRE_DIGEST_MD5);
    const rig_callcentre_credentials right = make_credentials();
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_callcentre_credentials c = right;
        memcpy((char *)&c + rows[i].parameter, &rows[i].value, sizeof rows[i].value);
        if (rig_callcentre_auth_check(&auth, &c, "INVITE", birth_ns) != RIG_CALLCENTRE_AUTH_BAD)
            fail_msg("row %zu", i);
    }
    assert_int_equal(rig_callcentre_auth_check(&auth, &right, "BYE", birth_ns),
                     RIG_CALLCENTRE_AUTH_BAD);
    auth.password = "s3cret";
    assert_int_equal(rig_callcentre_auth_check(&auth, &right, "INVITE", birth_ns),
                     RIG_CALLCENTRE_AUTH_BAD);
}

/* The response is right, but the nonce was made with another secret. */
static void a_foreign_nonce_is_bad(void **state)
{
    rig_callcentre_auth auth = make_auth(RIG_CALLCENTRE_DIGEST_MD5);
    rig_callcentre_credentials c = make_credentials();
    (void)state;
    auth.secret[31] = 1;
    assert_int_equal(rig_callcentre_auth_check(&auth, &c, "INVITE", birth_ns),
                     RIG_CALLCENTRE_AUTH_BAD);
}

static void an_old_nonce_is_stale_when_the_rest_is_right(void **state)
{
    rig_callcentre_auth auth = make_auth(RIG_CALLCENTRE_DIGEST_MD5);
    rig_callcentre_credentials c = make_credentials();
    const int64_t end_ns = birth_ns + 10 * RIG_NS_PER_S;
    (void)state;
    assert_int_equal(rig_callcentre_auth_check(&auth, &c, "INVITE", end_ns),
                     RIG_CALLCENTRE_AUTH_GOOD);
    assert_int_equal(rig_callcentre_auth_check(&auth, &c, "INVITE", end_ns + 1),
                     RIG_CALLCENTRE_AUTH_STALE);
    c.response = MD5_BARE;
    assert_int_equal(rig_callcentre_auth_check(&auth, &c, "INVITE", end_ns + 1),
                     RIG_CALLCENTRE_AUTH_BAD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_challenge_has_all_parameters),
        cmocka_unit_test(right_credentials_are_good_in_every_form),
        cmocka_unit_test(each_wrong_or_missing_parameter_is_bad),
        cmocka_unit_test(a_foreign_nonce_is_bad),
        cmocka_unit_test(an_old_nonce_is_stale_when_the_rest_is_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
