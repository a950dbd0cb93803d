/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Digest authentication on the wire: 401 and 407, MD5 and SHA-256; no credentials, good ones, wrong
 * ones, stale ones. A challenged attempt is not a call. */
#include "target_peer.h"

#include <stdio.h>
#include <string.h>

#include <nettle/base16.h>
#include <nettle/md5.h>
#include <nettle/sha2.h>

typedef struct form {
    rig_callcentre_challenge challenge;
    rig_callcentre_digest digest;
    const char *status, *asks, *answers, *algorithm;
} form;

static const form forms[] = {
    {RIG_CALLCENTRE_CHALLENGE_401, RIG_CALLCENTRE_DIGEST_MD5, "401", "WWW-Authenticate",
     "Authorization", "MD5"},
    {RIG_CALLCENTRE_CHALLENGE_407, RIG_CALLCENTRE_DIGEST_MD5, "407", "Proxy-Authenticate",
     "Proxy-Authorization", "MD5"},
    {RIG_CALLCENTRE_CHALLENGE_401, RIG_CALLCENTRE_DIGEST_SHA256, "401", "WWW-Authenticate",
     "Authorization", "SHA-256"},
};

static void use(peer_centre *centre, const form *f)
{
    centre->scenario.callers.auth = (rig_auth){.user = (char *)"alice", .password = (char *)"word"};
    centre->options.challenge = f->challenge;
    centre->options.digest = f->digest;
    centre->scenario.ivr.menu.mean_s = PEER_FOREVER_S;
}

static void hash(const form *f, const char *text, char hex[65])
{
    uint8_t bytes[SHA256_DIGEST_SIZE];
    size_t n = f->digest == RIG_CALLCENTRE_DIGEST_MD5 ? MD5_DIGEST_SIZE : SHA256_DIGEST_SIZE;
    struct md5_ctx md5;
    struct sha256_ctx sha256;
    md5_init(&md5);
    sha256_init(&sha256);
    md5_update(&md5, strlen(text), (const uint8_t *)text);
    sha256_update(&sha256, strlen(text), (const uint8_t *)text);
    if (n == MD5_DIGEST_SIZE)
        md5_digest(&md5, n, bytes);
    else
        sha256_digest(&sha256, n, bytes);
    base16_encode_update(hex, n, bytes);
    hex[2 * n] = '\0';
}

/* The header line that answers a challenge. */
static void answer(const form *f, const peer_dialog *call, const peer_message *challenge,
                   const char *password, char line[1024])
{
    char nonce[128] = "", ha1[65], ha2[65], response[65], text[512];
    const char *asked = peer_header(challenge, f->asks);
    const char *at = strstr(asked, "nonce=\"");
    assert_non_null(at);
    (void)snprintf(nonce, sizeof nonce, "%.*s", (int)strcspn(at + 7, "\""), at + 7);
    assert_non_null(strstr(asked, "realm=\"peakrig\""));
    assert_non_null(strstr(asked, "qop=\"auth\""));
    (void)snprintf(text, sizeof text, "algorithm=%s", f->algorithm);
    assert_non_null(strstr(asked, text));
    (void)snprintf(text, sizeof text, "alice:peakrig:%s", password);
    hash(f, text, ha1);
    (void)snprintf(text, sizeof text, "INVITE:%s", call->target);
    hash(f, text, ha2);
    (void)snprintf(text, sizeof text, "%s:%s:00000001:0a4f113b:auth:%s", ha1, nonce, ha2);
    hash(f, text, response);
    (void)snprintf(line, 1024,
                   "%s: Digest username=\"alice\", realm=\"peakrig\", nonce=\"%s\", uri=\"%s\", "
                   "response=\"%s\", algorithm=%s, cnonce=\"0a4f113b\", qop=auth, nc=00000001\r\n",
                   f->answers, nonce, call->target, response, f->algorithm);
}

/* The challenge must come; it is acknowledged. */
static void expect_challenge(const form *f, peer_dialog *call, bool is_stale, peer_message *m)
{
    char start[32];
    (void)snprintf(start, sizeof start, "SIP/2.0 %s ", f->status);
    peer_expect_in(call, start, "INVITE", m);
    assert_int_equal(strstr(peer_header(m, f->asks), "stale=true") != NULL, is_stale);
    peer_take_tag(call, m);
    peer_request(call, "ACK", NULL, NULL);
}

static void expect_answered(peer_dialog *call)
{
    peer_message m;
    peer_expect_in(call, "SIP/2.0 100 ", "INVITE", &m);
    peer_expect_in(call, "SIP/2.0 200 ", "INVITE", &m);
    peer_take_tag(call, &m);
    peer_ack(call);
}

static void good_credentials_let_a_call_in(peer_centre *centre, const form *f)
{
    peer_dialog call;
    peer_message m;
    char line[1024];
    use(centre, f);
    centre->trunks[0].n_circuits = 1;
    peer_centre_start(centre);
    peer_call(centre, &call, 0);
    expect_challenge(f, &call, false, &m);
    answer(f, &call, &m, "word", line);
    peer_call_with(centre, &call, 0, line); /* the only circuit is still free */
    expect_answered(&call);
    peer_hang_up(&call); /* not challenged: it is in the dialog */
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_challenged, 1);
    assert_int_equal(centre->counts.n_bad_credentials, 0);
    assert_int_equal(centre->counts.n_offered, 1);
    assert_int_equal(centre->counts.n_no_circuit, 0);
    assert_int_equal(centre->counts.n_ended_in_menu, 1);
}

static void good_401(void **state)
{
    good_credentials_let_a_call_in(*state, &forms[0]);
}

static void good_407(void **state)
{
    good_credentials_let_a_call_in(*state, &forms[1]);
}

static void good_sha_256(void **state)
{
    good_credentials_let_a_call_in(*state, &forms[2]);
}

static void a_wrong_password_is_challenged_again(void **state)
{
    peer_centre *centre = *state;
    peer_dialog call;
    peer_message m;
    char line[1024];
    use(centre, &forms[0]);
    peer_centre_start(centre);
    peer_call(centre, &call, 0);
    expect_challenge(&forms[0], &call, false, &m);
    answer(&forms[0], &call, &m, "guess", line);
    peer_call_with(centre, &call, 0, line);
    expect_challenge(&forms[0], &call, false, &m);
    peer_expect_silence(&centre->callers, 60);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_challenged, 1);
    assert_int_equal(centre->counts.n_bad_credentials, 1);
    assert_int_equal(centre->counts.n_offered, 0);
    assert_int_equal(centre->counts.n_peak_circuits, 0);
}

static void a_stale_nonce_is_said_to_be_stale(void **state)
{
    peer_centre *centre = *state;
    peer_dialog call;
    peer_message m;
    char line[1024];
    use(centre, &forms[0]);
    centre->options.nonce_life_s = 0.3;
    peer_centre_start(centre);
    peer_call(centre, &call, 0);
    expect_challenge(&forms[0], &call, false, &m);
    answer(&forms[0], &call, &m, "word", line);
    peer_expect_silence(&centre->callers, 350);
    peer_call_with(centre, &call, 0, line);
    expect_challenge(&forms[0], &call, true, &m);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_challenged, 2);
    assert_int_equal(centre->counts.n_bad_credentials, 0);
    assert_int_equal(centre->counts.n_offered, 0);
}

static void credentials_for_others_and_garbage_are_survived(void **state)
{
    static const char *const row[] = {
        "Authorization: Basic YWxpY2U6d29yZA==\r\n",
        "Authorization: Digest\r\n",
        "Authorization: Digest username=alice\r\n",
        ("Authorization: Digest username=\"alice\", realm=\"elsewhere\", nonce=\"1\", "
         "uri=\"sip:b\", "
         "response=\"2\"\r\n"),
        ("Proxy-Authorization: Digest username=\"alice\", realm=\"peakrig\", nonce=\"1\", "
         "uri=\"sip:b\", response=\"2\"\r\n"),
    };
    peer_centre *centre = *state;
    peer_message m;
    use(centre, &forms[0]);
    peer_centre_start(centre);
    for (unsigned i = 0; i < sizeof row / sizeof row[0]; i++) {
        peer_dialog call = {.cseq = 0};
        peer_call_with(centre, &call, i, row[i]);
        expect_challenge(&forms[0], &call, false, &m);
    }
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_challenged + centre->counts.n_bad_credentials, 5);
    assert_int_equal(centre->counts.n_offered, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PEER_TEST(good_401),
        PEER_TEST(good_407),
        PEER_TEST(good_sha_256),
        PEER_TEST(a_wrong_password_is_challenged_again),
        PEER_TEST(a_stale_nonce_is_said_to_be_stale),
        PEER_TEST(credentials_for_others_and_garbage_are_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
