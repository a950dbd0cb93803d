/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The live page over real HTTP at loopback: who is refused, what is served, how it ends. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/test.h"

#include "core/digest.h"
#include "live/board_server.h"
#include "live/http/page.h"
#include "tests/live_run.h"

enum { ANSWER_SIZE = 400000 };

/* A server and what it serves. */
typedef struct world {
    live_run run;
    rig_board_server *server;
    atomic_int n_stops;
    unsigned port;
    char token[64];
    char answer[ANSWER_SIZE];
} world;

static world w;

static void note_stop(void *ctx)
{
    atomic_fetch_add((atomic_int *)ctx, 1);
}

/* A ladder of call-19; of call-18 there is none. */
static rig_status draw(void *ctx, const rig_board_lost *call, char **text, rig_error *err)
{
    (void)ctx;
    assert_int_equal(call->t_invite_ns, LIVE_RUN_START_NS + rig_clock_ns_of_s(call->at_s));
    assert_true(call->t_end_ns > call->t_invite_ns);
    if (strcmp(call->call_id, "call-18") == 0)
        return rig_fail(err, RIG_EINPUT, "too far apart");
    *text = strdup("INVITE ->\n");
    return RIG_OK;
}

static int set_up(void **state)
{
    (void)state;
    live_run_start(&w.run);
    live_run_predict(&w.run);
    for (uint64_t i = 0; i < 20; i++)
        live_run_refuse(&w.run, (double)i, i, "503");
    live_run_publish(&w.run, RIG_BOARD_PLACING, 25.0);
    const rig_board_server_spec spec = {.host = "127.0.0.1",
                                        .board = w.run.board,
                                        .stop = note_stop,
                                        .ctx = &w.n_stops,
                                        .ladder = draw};
    atomic_store(&w.n_stops, 0);
    assert_int_equal(rig_board_server_open(&spec, &w.server, NULL), RIG_OK);
    assert_int_equal(rig_board_server_begin(w.server, NULL), RIG_OK);
    assert_true(rig_board_server_is_loopback(w.server));
    assert_int_equal(
        sscanf(rig_board_server_url(w.server), "http://127.0.0.1:%u/?token=%63s", &w.port, w.token),
        2);
    assert_int_equal(strlen(w.token), 32);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    rig_board_server_end(w.server);
    rig_board_free(w.run.board);
    return 0;
}

static int dial(void)
{
    const struct sockaddr_in to = {.sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)w.port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

/* Read to the end, or until `until` has come. */
static void hear(int fd, const char *until)
{
    size_t n = strlen(w.answer);
    ssize_t got = 1;
    while (got > 0 && (until == NULL || strstr(w.answer, until) == NULL)) {
        assert_true(n < ANSWER_SIZE - 1);
        got = read(fd, w.answer + n, ANSWER_SIZE - 1 - n);
        n += got > 0 ? (size_t)got : 0;
        w.answer[n] = '\0';
    }
}

/* Ask, and take the whole answer. @return its status code. */
static int ask(const char *method, const char *target, const char *headers)
{
    char request[1000];
    const int n = snprintf(request, sizeof request, "%s %s HTTP/1.1\r\nConnection: close\r\n%s\r\n",
                           method, target, headers);
    const int fd = dial();
    int code = 0;
    assert_int_equal(write(fd, request, (size_t)n), n);
    w.answer[0] = '\0';
    hear(fd, NULL);
    (void)close(fd);
    assert_int_equal(sscanf(w.answer, "HTTP/1.1 %d", &code), 1);
    return code;
}

/* The same as a friend does. */
static int ask_rightly(const char *method, const char *path, const char *more)
{
    char target[200], headers[300];
    (void)snprintf(target, sizeof target, "%s?token=%s", path, w.token);
    (void)snprintf(headers, sizeof headers, "Host: 127.0.0.1:%u\r\n%s", w.port, more);
    return ask(method, target, headers);
}

static const char *const PATHS[] = {"/",     "/events",  "/api/state",    "/metrics",
                                    "/stop", "/nothing", "/../etc/passwd"};

static void test_without_the_token_nothing(void **state)
{
    (void)state;
    char target[300], wrong[64];
    for (size_t i = 0; i < sizeof PATHS / sizeof *PATHS; i++) {
        assert_int_equal(ask("GET", PATHS[i], "Host: 127.0.0.1\r\n"), 403);
        assert_null(strstr(w.answer, "small"));
        assert_null(strstr(w.answer, w.token));
        assert_int_equal(ask("POST", PATHS[i], "Host: 127.0.0.1\r\n"), 403);
    }
    for (size_t i = 0; i < strlen(w.token); i++) {
        memcpy(wrong, w.token, sizeof wrong);
        wrong[i] = wrong[i] == '0' ? '1' : '0';
        (void)snprintf(target, sizeof target, "/stop?token=%s", wrong);
        assert_int_equal(ask("POST", target, "Host: 127.0.0.1\r\n"), 403);
        (void)snprintf(target, sizeof target, "/stop?token=%.*s", (int)i, w.token);
        assert_int_equal(ask("POST", target, "Host: 127.0.0.1\r\n"), 403);
    }
    (void)snprintf(target, sizeof target, "/stop?token=%s0", w.token);
    assert_int_equal(ask("POST", target, "Host: 127.0.0.1\r\n"), 403);
    (void)snprintf(target, sizeof target, "Host: 127.0.0.1\r\nAuthorization: Basic %s\r\n",
                   w.token);
    assert_int_equal(ask("POST", "/stop", target), 403);
    assert_int_equal(atomic_load(&w.n_stops), 0);
}

static void test_names_of_others_are_refused(void **state)
{
    (void)state;
    static const char *const hosts[] = {"evil.example",
                                        "127.0.0.1.evil.example",
                                        "localhost.evil",
                                        "127.0.0.1:80:80",
                                        "[::1",
                                        "::1",
                                        "",
                                        "127.1",
                                        "0x7f000001"};
    char target[200], header[200];
    (void)snprintf(target, sizeof target, "/api/state?token=%s", w.token);
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        (void)snprintf(header, sizeof header, "Host: %s\r\n", hosts[i]);
        assert_int_equal(ask("GET", target, header), 403);
    }
    static const char *const good[] = {"127.0.0.1", "localhost:9000", "LOCALHOST", "[::1]:1",
                                       "192.0.2.7:8785"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        (void)snprintf(header, sizeof header, "Host: %s\r\n", good[i]);
        assert_int_equal(ask("GET", target, header), 200);
    }
    assert_int_equal(ask("GET", target, ""), 400); /* HTTP/1.1 needs one */
}

static void digest_between(const char *text, const char *from, const char *to,
                           char digest[RIG_SHA256_BASE64_SIZE])
{
    const char *begin = strstr(text, from);
    assert_non_null(begin);
    begin += strlen(from);
    const char *end = strstr(begin, to);
    assert_non_null(end);
    rig_digest_base64(begin, (size_t)(end - begin), digest);
}

static void test_page(void **state)
{
    (void)state;
    char digest[RIG_SHA256_BASE64_SIZE], want[100];
    assert_int_equal(ask_rightly("GET", "/", ""), 200);
    const char *body = strstr(w.answer, "\r\n\r\n");
    digest_between(body, "<style>", "</style>", digest);
    (void)snprintf(want, sizeof want, "style-src 'sha256-%s'", digest);
    assert_non_null(strstr(w.answer, want));
    digest_between(body, "<script>", "</script>", digest);
    (void)snprintf(want, sizeof want, "script-src 'sha256-%s'", digest);
    assert_non_null(strstr(w.answer, want));
    assert_non_null(strstr(w.answer, "Content-Security-Policy: default-src 'none'; "));
    assert_non_null(strstr(w.answer, "Cache-Control: no-store\r\n"));
    assert_non_null(strstr(w.answer, "Referrer-Policy: no-referrer\r\n"));
    assert_null(strstr(body, "http://www.w3.org/1999"));
    assert_null(strstr(body, "src="));
    assert_null(strstr(body, " style="));
    assert_null(strstr(body, "innerHTML"));
    assert_null(strstr(body, w.token));
}

static void test_what_is_served(void **state)
{
    (void)state;
    char bearer[200];
    assert_int_equal(ask_rightly("GET", "/api/state", ""), 200);
    assert_non_null(strstr(w.answer, "Content-Type: application/json\r\n"));
    assert_non_null(strstr(w.answer, "\r\n\r\n{\"format\":\"peakrig live 1\","));
    assert_int_equal(ask_rightly("GET", "/metrics", ""), 200);
    assert_non_null(strstr(w.answer, "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
    assert_non_null(strstr(w.answer, "\npeakrig_calls_offered 20\n"));
    assert_int_equal(ask_rightly("HEAD", "/metrics", ""), 200);
    assert_null(strstr(w.answer, "peakrig_"));
    assert_int_equal(ask_rightly("GET", "/nothing", ""), 404);
    assert_int_equal(ask_rightly("DELETE", "/", ""), 405);
    (void)snprintf(bearer, sizeof bearer, "Host: localhost\r\nAuthorization: bearer %s\r\n",
                   w.token);
    assert_int_equal(ask("GET", "/metrics", bearer), 200);
}

static void test_page_in_a_language(void **state)
{
    (void)state;
    static const char *const says[][3] = {{"en", "<html lang=\"en\">", ">Stop the run<"},
                                          {"zh", "<html lang=\"zh-CN\">", ">停止运行<"}};
    for (size_t i = 0; i < sizeof says / sizeof *says; i++) {
        rig_board_page page;
        assert_int_equal(rig_board_page_make(rig_language_find(says[i][0]), &page), RIG_OK);
        assert_non_null(strstr(page.html, says[i][1]));
        assert_non_null(strstr(page.html, says[i][2]));
        assert_null(strstr(page.html, "{{"));
        assert_null(strstr(page.html, "}}\""));
        rig_board_page_clear(&page);
    }
    assert_int_equal(ask_rightly("GET", "/", ""), 200); /* nothing was said of a language */
    assert_non_null(strstr(w.answer, "<html lang=\"en\">"));
}

static void test_ladders(void **state)
{
    (void)state;
    static const struct {
        const char *call, *says;
        int code;
    } cases[] = {{"&call=call-19", "\r\n\r\nINVITE ->\n", 200},
                 {"&call=call%2D19", "\r\n\r\nINVITE ->\n", 200},
                 {"&call=call-18", "\r\n\r\ntoo far apart", 503},
                 {"&call=call-0", "\r\n\r\nINVITE ->\n", 200}, /* lost before those that are listed */
                 {"&call=call-20", "none of the last lost calls", 404},
                 {"&call=", "none of the last lost calls", 404},
                 {"&call", "none of the last lost calls", 404},
                 {"", "none of the last lost calls", 404}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char target[200];
        (void)snprintf(target, sizeof target, "/ladder?token=%s%s", w.token, cases[i].call);
        assert_int_equal(ask("GET", target, "Host: localhost\r\n"), cases[i].code);
        assert_non_null(strstr(w.answer, cases[i].says));
        assert_non_null(strstr(w.answer, "Content-Type: text/plain; charset=utf-8\r\n"));
    }
    assert_int_equal(ask("GET", "/ladder?call=call-19", "Host: localhost\r\n"), 403);
}

static void test_stop(void **state)
{
    (void)state;
    assert_int_equal(ask_rightly("GET", "/stop", ""), 405);
    assert_int_equal(ask_rightly("POST", "/", ""), 405);
    assert_int_equal(ask_rightly("POST", "/stop", "Content-Length: 100000\r\n"), 413);
    assert_int_equal(ask_rightly("POST", "/stop", "Transfer-Encoding: chunked\r\n"), 413);
    assert_int_equal(atomic_load(&w.n_stops), 0);
    assert_int_equal(ask_rightly("POST", "/stop", "Content-Length: 0\r\n"), 202);
    assert_int_equal(atomic_load(&w.n_stops), 1);
}

static void test_events_to_the_end(void **state)
{
    (void)state;
    char request[200];
    const int fd = dial();
    const int n = snprintf(request, sizeof request,
                           "GET /events?token=%s HTTP/1.1\r\nHost: localhost\r\n\r\n", w.token);
    assert_int_equal(write(fd, request, (size_t)n), n);
    w.answer[0] = '\0';
    hear(fd, "event: state\ndata: {\"format\"");
    assert_non_null(strstr(w.answer, "Content-Type: text/event-stream\r\n"));
    live_run_publish(&w.run, RIG_BOARD_JUDGING, 60.0);
    hear(fd, "\"phase\":\"judging\""); /* a second later */
    rig_board_finish(w.run.board, &(rig_board_end){.has_judgement = true,
                                                   .judgement = RIG_JUDGEMENT_FAIL,
                                                   .exit_code = 1,
                                                   .verdict = "too many are lost"});
    rig_board_server_end(w.server); /* waits until it is told */
    w.server = NULL;
    hear(fd, NULL);
    assert_non_null(strstr(w.answer, "\"text\":\"too many are lost\""));
    assert_non_null(strstr(w.answer, "\"judgement\":\"FAIL\""));
    (void)close(fd);
}

static void test_many_who_say_nothing_do_not_hold_the_end(void **state)
{
    (void)state;
    enum { N = 40 };
    int fds[N];
    for (size_t i = 0; i < N; i++)
        fds[i] = dial();
    const int64_t from_ns = rig_clock_monotonic_ns();
    rig_board_server_end(w.server);
    w.server = NULL;
    assert_true(rig_clock_monotonic_ns() - from_ns < 60 * RIG_NS_PER_S);
    for (size_t i = 0; i < N; i++)
        (void)close(fds[i]);
}

static void test_addresses(void **state)
{
    (void)state;
    static const char *const wrong[] = {"0.0.0.0", "::", "example.com", "", "127.0.0.1:80"};
    rig_board_server *server = NULL;
    rig_error err;
    rig_board_server_spec spec = {.board = w.run.board, .stop = note_stop, .ctx = &w.n_stops};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        spec.host = wrong[i];
        assert_int_equal(rig_board_server_open(&spec, &server, &err), RIG_EINPUT);
        assert_non_null(strstr(err.text, "expected one IP address of this machine"));
        assert_null(server);
    }
    spec.host = "127.0.0.1";
    spec.port = (uint16_t)w.port;
    assert_int_equal(rig_board_server_open(&spec, &server, &err), RIG_EENV);
    assert_non_null(strstr(err.text, "cannot listen: Address already in use"));
    spec.host = "192.0.2.1"; /* of nobody's */
    assert_int_equal(rig_board_server_open(&spec, &server, &err), RIG_EENV);
    assert_null(server);
    spec = (rig_board_server_spec){.host = "127.0.0.2", .board = w.run.board};
    assert_int_equal(rig_board_server_open(&spec, &server, &err), RIG_OK);
    assert_true(rig_board_server_is_loopback(server));
    assert_null(strstr(rig_board_server_url(server), w.token)); /* each has its own */
    rig_board_server_end(server);                               /* never begun */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_without_the_token_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_names_of_others_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_page, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_served, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_page_in_a_language, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ladders, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_stop, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_events_to_the_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_many_who_say_nothing_do_not_hold_the_end, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_addresses, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
