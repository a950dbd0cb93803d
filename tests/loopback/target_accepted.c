/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of our INVITEs in the SIP stack: one that is accepted is kept no longer, all others
 * are, and each answer is told once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "callcentre/sip/accepted.h"
#include "callcentre/sip/sip_messages.h"

enum {
    ROOM = 4096,
    WAIT_MS = 30000 /* only ends a test that has failed */
};

/* A user agent with one INVITE, and the phone that it calls. */
typedef struct bench {
    su_root_t *root;
    rig_callcentre_parser *parser;
    rig_callcentre_accepted *accepted;
    nta_agent_t *nta;
    nta_leg_t *leg;
    nta_outgoing_t *invite;
    int phone;
    struct sockaddr_in from; /* who calls the phone */
    char asked[ROOM];        /* the INVITE, as it came */
    usize_t n_answers; /* that the phone has sent */
    int n_told, n_told_otherwise, n_strays;
    int status;
} bench;

static int tell(bench *b, int *n, nta_outgoing_t *invite, const sip_t *sip)
{
    assert_ptr_equal(invite, b->invite);
    if (rig_callcentre_status(invite, sip) < 200)
        return 0;
    b->status = rig_callcentre_status(invite, sip);
    if (b->status == 200)
        assert_memory_equal(sip->sip_payload->pl_data, "v=0\r\n", 5);
    ++*n;
    nta_outgoing_destroy(invite);
    b->invite = NULL;
    return 0;
}

static int on_answer(void *magic, nta_outgoing_t *invite, const sip_t *sip)
{
    bench *b = magic;
    return tell(b, &b->n_told, invite, sip);
}

static int on_answer_otherwise(void *magic, nta_outgoing_t *invite, const sip_t *sip)
{
    bench *b = magic;
    return tell(b, &b->n_told_otherwise, invite, sip);
}

static int on_stray(void *magic, nta_agent_t *nta, msg_t *message, sip_t *sip)
{
    bench *b = magic;
    (void)sip;
    b->n_strays += !rig_callcentre_accepted_took(b->accepted, message);
    nta_msg_discard(nta, message);
    return 0;
}

static size_t n_kept(const bench *b)
{
    usize_t n = 0;
    nta_agent_get_stats(b->nta, NTATAG_S_ORQ_HASH_USED_REF(n), TAG_END());
    return (size_t)n;
}

/* The stack works until the phone has a message. */
static void receive(bench *b)
{
    socklen_t n_from = sizeof b->from;
    struct pollfd ready = {.fd = b->phone, .events = POLLIN};
    for (int waited_ms = 0; poll(&ready, 1, 0) == 0; waited_ms += 5) {
        assert_true(waited_ms < WAIT_MS);
        su_root_step(b->root, 5);
    }
    const ssize_t n = recvfrom(b->phone, b->asked, sizeof b->asked - 1, 0,
                               (struct sockaddr *)&b->from, &n_from);
    assert_true(n > 0);
    b->asked[n] = '\0';
    assert_memory_equal(b->asked, "INVITE ", 7);
}

/* The line of a header of the INVITE, with what is put at its end. */
static size_t put_line(const bench *b, char *at, size_t room, const char *name, const char *more)
{
    char start[32];
    (void)snprintf(start, sizeof start, "\r\n%s: ", name);
    const char *line = strstr(b->asked, start);
    assert_non_null(line);
    line += 2;
    return (size_t)snprintf(at, room, "%.*s%s\r\n", (int)strcspn(line, "\r"), line, more);
}

/* The phone's answer. @param left_out  A header that it lacks, or NULL. */
static void answer(bench *b, const char *status, const char *left_out)
{
    static const char *const names[] = {"Via", "From", "To", "Call-ID", "CSeq"};
    char text[ROOM];
    size_t n = (size_t)snprintf(text, sizeof text, "SIP/2.0 %s\r\n", status);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!left_out || strcmp(left_out, names[i]) != 0)
            n += put_line(b, text + n, sizeof text - n, names[i],
                          strcmp(names[i], "To") == 0 ? ";tag=phone" : "");
    n += (size_t)snprintf(text + n, sizeof text - n,
                          "Contact: <sip:phone@127.0.0.1>\r\nContent-Type: application/sdp\r\n"
                          "Content-Length: 5\r\n\r\nv=0\r\n");
    assert_int_equal(sendto(b->phone, text, n, 0, (const struct sockaddr *)&b->from, sizeof b->from),
                     n);
    b->n_answers++;
}

/* The stack works until it has read all answers. */
static void settle(const bench *b)
{
    usize_t n_read = 0;
    for (int waited_ms = 0; n_read < b->n_answers; waited_ms += 5) {
        assert_true(waited_ms < WAIT_MS);
        su_root_step(b->root, 5);
        nta_agent_get_stats(b->nta, NTATAG_S_RECV_RESPONSE_REF(n_read), TAG_END());
    }
    assert_int_equal(n_read, b->n_answers);
}

static void call_the_phone(bench *b)
{
    char url[64];
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n_own = sizeof own;
    b->phone = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_true(b->phone >= 0);
    assert_int_equal(bind(b->phone, (struct sockaddr *)&own, sizeof own), 0);
    assert_int_equal(getsockname(b->phone, (struct sockaddr *)&own, &n_own), 0);
    (void)snprintf(url, sizeof url, "sip:phone@127.0.0.1:%u", ntohs(own.sin_port));
    b->leg = nta_leg_tcreate(b->nta, NULL, NULL, SIPTAG_FROM_STR("<sip:785@127.0.0.1>"),
                             SIPTAG_TO_STR(url), TAG_END());
    assert_non_null(b->leg);
    assert_non_null(nta_leg_tag(b->leg, NULL));
    b->invite = rig_callcentre_send_invite(
        b->leg, b->nta, on_answer, b,
        &(rig_callcentre_invite){.url = url,
                                 .contact = nta_agent_contact(b->nta),
                                 .sdp = "v=0\r\n",
                                 .transport = RIG_TRANSPORT_UDP,
                                 .accepted = b->accepted});
    assert_non_null(b->invite);
    receive(b);
    assert_int_equal(n_kept(b), 1);
}

static int set_up(void **state)
{
    static bench made;
    made = (bench){.phone = -1};
    bench *b = *state = &made;
    su_init();
    b->root = su_root_create(NULL);
    b->parser = rig_callcentre_parser_new();
    assert_non_null(b->root);
    assert_non_null(b->parser);
    b->accepted = rig_callcentre_accepted_new(b->parser);
    assert_non_null(b->accepted);
    b->nta = nta_agent_create(b->root, (url_string_t *)"sip:127.0.0.1:*;transport=udp", on_stray, b,
                              NTATAG_UA(1), NTATAG_MCLASS(rig_callcentre_parser_class(b->parser)),
                              TAG_END());
    assert_non_null(b->nta);
    rig_callcentre_accepted_set_agent(b->accepted, b->nta);
    call_the_phone(b);
    return 0;
}

static int tear_down(void **state)
{
    bench *b = *state;
    nta_outgoing_destroy(b->invite);
    nta_leg_destroy(b->leg);
    nta_agent_destroy(b->nta);
    su_root_destroy(b->root);
    rig_callcentre_accepted_free(b->accepted);
    rig_callcentre_parser_free(b->parser);
    close(b->phone);
    su_deinit();
    return 0;
}

static void an_accepted_invite_is_kept_no_longer(void **state)
{
    bench *b = *state;
    answer(b, "180 Ringing", NULL);
    settle(b);
    assert_int_equal(n_kept(b), 1);
    answer(b, "200 OK", NULL);
    settle(b);
    assert_int_equal(b->n_told, 1);
    assert_int_equal(b->status, 200);
    assert_int_equal(n_kept(b), 0);
    assert_int_equal(b->n_strays, 0);
    answer(b, "200 OK", NULL); /* again: the application's, which sends its ACK again */
    settle(b);
    assert_int_equal(b->n_told, 1);
    assert_int_equal(b->n_strays, 1);
}

static void a_refused_one_is_kept(void **state)
{
    bench *b = *state;
    answer(b, "486 Busy Here", NULL);
    settle(b);
    assert_int_equal(b->n_told, 1);
    assert_int_equal(b->status, 486);
    assert_int_equal(n_kept(b), 1); /* timer D: it comes again until its ACK (RFC 3261, 17.1.1.2) */
    answer(b, "486 Busy Here", NULL);
    settle(b);
    assert_int_equal(b->n_told, 1);
    assert_int_equal(b->n_strays, 0);
}

static void one_that_is_cancelled_is_the_stacks(void **state)
{
    bench *b = *state;
    nta_outgoing_bind(b->invite, on_answer_otherwise, b);
    nta_outgoing_cancel(b->invite); /* no provisional answer yet: the CANCEL waits */
    answer(b, "200 OK", NULL);
    settle(b);
    assert_int_equal(b->n_told, 0);
    assert_int_equal(b->n_told_otherwise, 1);
    assert_int_equal(n_kept(b), 2); /* the CANCEL, too */
}

static void what_is_not_sound_is_not_told(void **state)
{
    static const char *const left_out[] = {"Call-ID", "From", "CSeq"};
    bench *b = *state;
    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++) {
        answer(b, "200 OK", left_out[i]);
        settle(b);
        assert_int_equal(b->n_told, 0);
        assert_int_equal(n_kept(b), 1);
    }
    answer(b, "200 OK", NULL);
    settle(b);
    assert_int_equal(b->n_told, 1);
    assert_int_equal(n_kept(b), 0);
}

#define ON_A_BENCH(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_A_BENCH(an_accepted_invite_is_kept_no_longer),
        ON_A_BENCH(a_refused_one_is_kept),
        ON_A_BENCH(one_that_is_cancelled_is_the_stacks),
        ON_A_BENCH(what_is_not_sound_is_not_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
