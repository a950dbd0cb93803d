/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "target_peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/clock.h"

static void on_ready(void *ctx, const char *host, const uint16_t *ports, size_t n_ports)
{
    peer_centre *centre = ctx;
    pthread_mutex_lock(&centre->lock);
    (void)snprintf(centre->host, sizeof centre->host, "%s", host);
    centre->port = ports[0];
    centre->n_ports = n_ports;
    for (size_t i = 0; i < n_ports && i < PEER_MOST_PORTS; i++)
        centre->ports[i] = ports[i];
    pthread_cond_signal(&centre->changed);
    pthread_mutex_unlock(&centre->lock);
}

static void *run(void *arg)
{
    peer_centre *centre = arg;
    centre->status =
        rig_callcentre_run(&centre->scenario, &centre->options, &centre->counts, &centre->err);
    pthread_mutex_lock(&centre->lock);
    centre->has_ended = true;
    pthread_cond_signal(&centre->changed);
    pthread_mutex_unlock(&centre->lock);
    return NULL;
}

int peer_setup(void **state)
{
    peer_centre *centre = calloc(1, sizeof *centre);
    if (!centre)
        return -1;
    *state = centre;
    centre->trunks[0] = (rig_trunk_group){.name = (char *)"a", .n_circuits = 10};
    centre->trunks[1] = (rig_trunk_group){.name = (char *)"b", .n_circuits = 10};
    centre->agents = (rig_agent_group){
        .name = (char *)"agents",
        .n_agents = 1,
        .ring_timeout_s = PEER_FOREVER_S,
        .rest_s = 1.0,
        .busy_rest_s = 1.0,
        .reject_rest_s = 1.0};
    centre->scenario = (rig_scenario){
        .seed = 1,
        .time_scale = 1,
        .trunks = centre->trunks,
        .n_trunks = 1,
        .ivr = {.n_ports = 10, .hold_while_queued = true},
        .agents = &centre->agents,
        .n_agents = 1,
    };
    pthread_mutex_init(&centre->lock, NULL);
    pthread_cond_init(&centre->changed, NULL);
    peer_open(&centre->callers, RIG_TRANSPORT_UDP, AF_INET);
    peer_open(&centre->phones, RIG_TRANSPORT_UDP, AF_INET);
    centre->options = (rig_callcentre_options){
        .agents_host = "localhost",
        .agents_port = centre->phones.port,
        .stop = &centre->stop,
        .ready = on_ready,
        .ctx = centre,
    };
    return 0;
}

static void join(peer_centre *centre);

int peer_teardown(void **state)
{
    peer_centre *centre = *state;
    join(centre);
    peer_close(&centre->callers);
    peer_close(&centre->phones);
    pthread_mutex_destroy(&centre->lock);
    pthread_cond_destroy(&centre->changed);
    free(centre);
    return 0;
}

void peer_centre_use(peer_centre *centre, rig_transport transport, int family)
{
    peer_close(&centre->callers);
    peer_close(&centre->phones);
    peer_open(&centre->callers, transport, family);
    peer_open(&centre->phones, transport, family);
    centre->scenario.target.transport = transport;
    centre->options.listen_host = family == AF_INET6 ? "::1" : NULL;
    centre->options.agents_host = family == AF_INET6 ? "::1" : "localhost";
    centre->options.agents_port = centre->phones.port;
}

void peer_centre_break(peer_centre *centre, const char *defect)
{
    rig_error err = {0};
    size_t n = centre->options.n_defects;
    assert_true(n < sizeof centre->defects / sizeof centre->defects[0]);
    assert_int_equal(rig_callcentre_defect_read(defect, &centre->defects[n], &err), RIG_OK);
    centre->options.defects = centre->defects;
    centre->options.n_defects = n + 1;
}

void peer_centre_start(peer_centre *centre)
{
    assert_int_equal(pthread_create(&centre->thread, NULL, run, centre), 0);
    centre->is_running = true;
    pthread_mutex_lock(&centre->lock);
    while (!centre->port && !centre->has_ended)
        pthread_cond_wait(&centre->changed, &centre->lock);
    uint16_t port = centre->port;
    pthread_mutex_unlock(&centre->lock);
    assert_int_not_equal(port, 0);
    assert_string_equal(centre->host, centre->callers.family == AF_INET6 ? "::1" : "127.0.0.1");
    centre->callers.target_port = port;
    centre->phones.target_port = port;
}

void peer_centre_tell_stop(peer_centre *centre)
{
    rig_stop_set(&centre->stop);
}

const char *peer_header(const peer_message *message, const char *name)
{
    static char values[8][512];
    static int turn;
    char *value = values[turn++ % 8];
    value[0] = '\0';
    size_t n_name = strlen(name);
    const char *end = strstr(message->text, "\r\n\r\n");
    for (const char *line = strstr(message->text, "\r\n"); line && line < end;
         line = strstr(line + 2, "\r\n")) {
        if (strncasecmp(line + 2, name, n_name) != 0 || line[2 + n_name] != ':')
            continue;
        const char *from = line + 3 + n_name;
        while (*from == ' ')
            from++;
        (void)snprintf(value, sizeof values[0], "%.*s", (int)strcspn(from, "\r"), from);
        break;
    }
    return value;
}

const char *peer_body(const peer_message *message)
{
    const char *end = strstr(message->text, "\r\n\r\n");
    return end ? end + 4 : "";
}

static uint32_t hash_text(uint32_t hash, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    return hash;
}

/* Same first line, Via, CSeq, Call-ID and To: a retransmission. An ACK that comes again is meant
 * to. */
static bool is_again(peer *p, const peer_message *m)
{
    static const char *const names[] = {"Via", "CSeq", "Call-ID", "To"};
    if (strncmp(m->text, "ACK ", 4) == 0)
        return false;
    uint32_t hash = hash_text(2166136261u, m->text, strcspn(m->text, "\r"));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = peer_header(m, names[i]);
        hash = hash_text(hash, value, strlen(value));
    }
    for (size_t i = 0; i < p->n_seen; i++)
        if (p->seen[i] == hash)
            return true;
    assert_true(p->n_seen < sizeof p->seen / sizeof p->seen[0]);
    p->seen[p->n_seen++] = hash;
    return false;
}

static bool receive_new(peer *p, peer_message *message, int wait_ms)
{
    int64_t until_ns = rig_clock_monotonic_ns() + (int64_t)wait_ms * 1000000;
    for (;;) {
        int64_t left_ms = (until_ns - rig_clock_monotonic_ns()) / 1000000;
        if (!peer_read(p, message, left_ms > 0 ? (int)left_ms : 0))
            return false;
        if (!is_again(p, message))
            return true;
        p->n_again++;
        p->last_again = *message;
    }
}

static void take_kept(peer *p, size_t i, peer_message *message)
{
    *message = p->kept[i];
    p->n_kept--;
    memmove(&p->kept[i], &p->kept[i + 1], (p->n_kept - i) * sizeof p->kept[0]);
}

bool peer_receive(peer *p, peer_message *message, int wait_ms)
{
    if (p->n_kept == 0)
        return receive_new(p, message, wait_ms);
    take_kept(p, 0, message);
    return true;
}

static void check_start(const peer_message *message, const char *start)
{
    if (strncmp(message->text, start, strlen(start)) != 0)
        fail_msg("expected %s, got\n%s", start, message->text);
}

void peer_expect(peer *p, const char *start, peer_message *message)
{
    if (!peer_receive(p, message, PEER_WAIT_MS))
        fail_msg("nothing came; expected %s", start);
    check_start(message, start);
}

static void receive_in(peer_dialog *dialog, peer_message *message, const char *start)
{
    peer *p = dialog->peer;
    for (size_t i = 0; i < p->n_kept; i++) {
        if (strcmp(peer_header(&p->kept[i], "Call-ID"), dialog->call_id) == 0) {
            take_kept(p, i, message);
            return;
        }
    }
    for (;;) {
        if (!receive_new(p, message, PEER_WAIT_MS))
            fail_msg("nothing came in this dialog; expected %s", start);
        if (strcmp(peer_header(message, "Call-ID"), dialog->call_id) == 0)
            return;
        assert_true(p->n_kept < sizeof p->kept / sizeof p->kept[0]);
        p->kept[p->n_kept++] = *message;
    }
}

void peer_expect_in(peer_dialog *dialog, const char *start, const char *method,
                    peer_message *message)
{
    receive_in(dialog, message, start);
    check_start(message, start);
    const char *cseq = peer_header(message, "CSeq");
    const char *blank = strchr(cseq, ' ');
    assert_non_null(blank);
    assert_string_equal(blank + 1, method);
}

void peer_expect_silence(peer *p, int wait_ms)
{
    peer_message message;
    if (peer_receive(p, &message, wait_ms))
        fail_msg("expected nothing, got\n%s", message.text);
}

void peer_send(peer *p, const char *format, ...)
{
    static char text[PEER_MESSAGE_SIZE];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    assert_true(n > 0 && (size_t)n < sizeof text);
    peer_write(p, text, (size_t)n);
}

void peer_reply(peer *p, const peer_message *request, const char *status, const char *to_tag,
                const char *extra, const char *body)
{
    const char *to = peer_header(request, "To");
    bool add_tag = to_tag[0] && !strstr(to, ";tag=");
    peer_send(p,
              "SIP/2.0 %s\r\nVia: %s\r\nFrom: %s\r\nTo: %s%s%s\r\nCall-ID: %s\r\nCSeq: %s\r\n"
              "Contact: <sip:peer@%s:%u>\r\n%s%sContent-Length: %zu\r\n\r\n%s",
              status, peer_header(request, "Via"), peer_header(request, "From"), to,
              add_tag ? ";tag=" : "", add_tag ? to_tag : "", peer_header(request, "Call-ID"),
              peer_header(request, "CSeq"), p->host, p->port, extra,
              body ? "Content-Type: application/sdp\r\n" : "", body ? strlen(body) : 0,
              body ? body : "");
}

void peer_request(peer_dialog *dialog, const char *method, const char *extra, const char *body)
{
    char branch[96];
    bool is_cancel = strcmp(method, "CANCEL") == 0, is_ack = strcmp(method, "ACK") == 0;
    bool is_of_invite = is_cancel || (is_ack && !extra);
    if (!is_cancel && !is_ack)
        dialog->cseq++;
    (void)snprintf(branch, sizeof branch, "z9hG4bK-%s-%u-%s", dialog->call_id, dialog->cseq,
                   method);
    peer_send(dialog->peer,
              "%s %s SIP/2.0\r\nVia: SIP/2.0/%s %s:%u;branch=%s\r\nFrom: %s;tag=%s\r\n"
              "To: %s%s%s\r\nCall-ID: %s\r\nCSeq: %u %s\r\nMax-Forwards: 70\r\n"
              "Contact: <sip:peer@%s:%u>\r\n%s%sContent-Length: %zu\r\n\r\n%s",
              method, dialog->target, dialog->peer->via, dialog->peer->host, dialog->peer->port,
              is_of_invite ? dialog->invite_branch : branch, dialog->local, dialog->local_tag,
              dialog->remote, dialog->remote_tag[0] && !is_cancel ? ";tag=" : "",
              is_cancel ? "" : dialog->remote_tag, dialog->call_id, dialog->cseq, method,
              dialog->peer->host, dialog->peer->port, extra ? extra : "",
              body ? "Content-Type: application/sdp\r\n" : "", body ? strlen(body) : 0,
              body ? body : "");
}

void peer_ack(peer_dialog *dialog)
{
    peer_request(dialog, "ACK", "", NULL);
}

static bool has_ended(peer_centre *centre)
{
    pthread_mutex_lock(&centre->lock);
    bool ended = centre->has_ended;
    pthread_mutex_unlock(&centre->lock);
    return ended;
}

/* Answers the BYEs of a stop, so that it need not wait for us. */
static void join(peer_centre *centre)
{
    peer *peers[] = {&centre->callers, &centre->phones};
    peer_message m;
    peer_centre_tell_stop(centre);
    if (!centre->is_running)
        return;
    while (!has_ended(centre))
        for (size_t i = 0; i < 2; i++)
            while (peer_receive(peers[i], &m, 5))
                if (strncmp(m.text, "BYE ", 4) == 0)
                    peer_reply(peers[i], &m, "200 OK", "", "", NULL);
    pthread_join(centre->thread, NULL);
    centre->is_running = false;
}

void peer_centre_stop(peer_centre *centre)
{
    join(centre);
    assert_string_equal(centre->err.text, "");
    assert_int_equal(centre->status, RIG_OK);
    const rig_callcentre_counts *c = &centre->counts;
    assert_int_equal(c->n_offered, c->n_no_circuit + c->n_answered + c->n_cancelled +
                                       c->n_stopped_unanswered + c->n_failed_unanswered +
                                       c->n_muted + c->n_refused + c->n_cut_unanswered +
                                       c->n_crashed_unanswered);
    assert_int_equal(c->n_answered, c->n_ended_in_menu + c->n_queue_full + c->n_queue_timeout +
                                        c->n_abandoned_in_queue + c->n_abandoned_ringing +
                                        c->n_ended_by_caller + c->n_ended_by_agent + c->n_dropped +
                                        c->n_stopped_answered + c->n_deflected +
                                        c->n_crashed_answered);
}
