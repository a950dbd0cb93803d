/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes the capture of bench/analyze: a call centre at its peak as a border controller's host
 * captures it. 785 calls a minute, the caller's leg and the agent's, every outcome, headers and SDP
 * as long as real stacks write them. The same arguments give the same bytes.
 *
 * Usage: make_capture FILE [CALLS]
 * Prints: calls, Call-IDs, messages, bytes. */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CALLS = 53500, CALLS_PER_MIN = 785, MAX_STEPS = 40, MAX_FRAME = 2048, N_HEADERS = 42 };

static const uint64_t epoch_s = 1767225600; /* 2026-01-01T00:00:00Z */

/* ---- draws */

static uint64_t mix(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

/* In (0, 1): a function of the call and of what is drawn. */
static double draw(uint32_t call, uint32_t what)
{
    return ((double)(mix((uint64_t)call << 32 | what) >> 11) + 0.5) / 9007199254740992.0;
}

static double exponential(double mean, uint32_t call, uint32_t what)
{
    return -mean * log(draw(call, what));
}

/* ---- what becomes of a call */

typedef enum message {
    INVITE,
    TRYING,
    RINGING,
    OK_INVITE,
    ACK,
    CANCEL,
    OK_CANCEL,
    TERMINATED, /* 487 */
    REFUSED,    /* 503 */
    ACK_FAILURE,
    REINVITE,
    OK_REINVITE,
    ACK_REINVITE,
    BYE_CALLEE, /* from the called side */
    OK_BYE_CALLEE,
    BYE,
    OK_BYE
} message;

typedef struct step {
    double t_s;     /* since the call's first INVITE */
    bool is_agents; /* on the agent's leg */
    message message;
} step;

typedef struct script {
    step steps[MAX_STEPS];
    size_t n;
    double t_s;
    uint32_t n_legs;
} script;

static void add(script *s, double after_s, bool is_agents, message m)
{
    s->t_s += after_s;
    s->steps[s->n++] = (step){s->t_s, is_agents, m};
}

static void begin_leg(script *s, double after_s, bool is_agents, bool rings)
{
    s->n_legs++;
    add(s, after_s, is_agents, INVITE);
    add(s, 0.0008, is_agents, TRYING);
    if (rings)
        add(s, 0.12, is_agents, RINGING);
}

static void answer(script *s, double after_s, bool is_agents)
{
    add(s, after_s, is_agents, OK_INVITE);
    add(s, 0.02, is_agents, ACK);
}

static void cancel(script *s, double after_s, bool is_agents)
{
    add(s, after_s, is_agents, CANCEL);
    add(s, 0.001, is_agents, OK_CANCEL);
    add(s, 0.0005, is_agents, TERMINATED);
    add(s, 0.02, is_agents, ACK_FAILURE);
}

static void hang_up(script *s, double after_s, bool is_agents, bool by_callee)
{
    add(s, after_s, is_agents, by_callee ? BYE_CALLEE : BYE);
    add(s, 0.002, is_agents, by_callee ? OK_BYE_CALLEE : OK_BYE);
}

static void write_script(uint32_t call, script *s)
{
    double fate = draw(call, 0);
    s->n = 0;
    s->t_s = 0;
    s->n_legs = 0;
    if (fate < 0.08) { /* no circuit */
        begin_leg(s, 0, false, false);
        add(s, 0.004, false, REFUSED);
        add(s, 0.02, false, ACK_FAILURE);
        return;
    }
    begin_leg(s, 0, false, true);
    if (fate < 0.11) { /* gives up before the menu answers */
        cancel(s, exponential(8, call, 1), false);
        return;
    }
    answer(s, 0.05, false);
    double menu_s = 8 + exponential(12, call, 2);
    if (fate < 0.21) { /* served in the menu */
        hang_up(s, menu_s, false, false);
        return;
    }
    if (fate < 0.31) { /* patience ends in the queue */
        hang_up(s, menu_s + exponential(60, call, 3), false, false);
        return;
    }
    if (fate < 0.33) { /* the queue's time ends */
        hang_up(s, menu_s + 90, false, true);
        return;
    }
    begin_leg(s, menu_s + exponential(20, call, 3), true, true);
    if (fate < 0.37) { /* gives up while the agent's phone rings */
        hang_up(s, 2 + exponential(4, call, 4), false, false);
        cancel(s, 0.001, true);
        return;
    }
    if (fate < 0.43) { /* the agent does not answer: another one */
        cancel(s, 15, true);
        return hang_up(s, exponential(30, call, 5), false, false);
    }
    answer(s, 2 + exponential(3, call, 4), true);
    add(s, 0.004, false, REINVITE);
    add(s, 0.02, false, OK_REINVITE);
    add(s, 0.001, false, ACK_REINVITE);
    double talk_s = exponential(180, call, 6);
    if (fate < 0.45) { /* cut by the centre */
        hang_up(s, talk_s / 4, false, true);
        hang_up(s, 0.001, true, false);
    } else if (fate < 0.8) {
        hang_up(s, talk_s, false, false);
        hang_up(s, 0.003, true, false);
    } else {
        hang_up(s, talk_s, true, true);
        hang_up(s, 0.003, false, true);
    }
}

/* ---- messages */

typedef struct peer {
    const char *host;
    const uint8_t ip[4];
    uint16_t port;
} peer;

static const peer carrier = {"203.0.113.20", {203, 0, 113, 20}, 5060};
static const peer centre = {"198.51.100.5", {198, 51, 100, 5}, 5060};
static const peer agents = {"198.51.100.77", {198, 51, 100, 77}, 5070};

static size_t put_sdp(char *to, size_t room, uint32_t call, const peer *who, uint32_t version)
{
    uint32_t port = 16384 + call * 4 % 40000;
    return (size_t)snprintf(
        to, room,
        "v=0\r\no=- %u %u IN IP4 %s\r\ns=session\r\nc=IN IP4 %s\r\nb=AS:84\r\nt=0 0\r\n"
        "m=audio %u RTP/AVP 8 0 18 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\n"
        "a=rtpmap:18 G729/8000\r\na=fmtp:18 annexb=no\r\na=rtpmap:101 telephone-event/8000\r\n"
        "a=fmtp:101 0-16\r\na=ptime:20\r\na=maxptime:150\r\na=sendrecv\r\na=rtcp:%u\r\n",
        call + 3900000000u, call + 3900000000u + version, who->host, who->host, port, port + 1);
}

static void quit(const char *why)
{
    (void)fprintf(stderr, "make_capture: %s\n", why);
    exit(1);
}

/* Method (of a response: in its CSeq), status, and the transaction of the leg, and thereby CSeq and
 * branch. */
static const struct {
    const char *method, *status;
    unsigned transaction;
} texts[] = {
    [INVITE] = {"INVITE", NULL, 1},
    [TRYING] = {"INVITE", "100 Trying", 1},
    [RINGING] = {"INVITE", "180 Ringing", 1},
    [OK_INVITE] = {"INVITE", "200 OK", 1},
    [ACK] = {"ACK", NULL, 2},
    [CANCEL] = {"CANCEL", NULL, 1},
    [OK_CANCEL] = {"CANCEL", "200 OK", 1},
    [TERMINATED] = {"INVITE", "487 Request Terminated", 1},
    [REFUSED] = {"INVITE", "503 Service Unavailable", 1},
    [ACK_FAILURE] = {"ACK", NULL, 1},
    [REINVITE] = {"INVITE", NULL, 3},
    [OK_REINVITE] = {"INVITE", "200 OK", 3},
    [ACK_REINVITE] = {"ACK", NULL, 4},
    [BYE_CALLEE] = {"BYE", NULL, 6},
    [OK_BYE_CALLEE] = {"BYE", "200 OK", 6},
    [BYE] = {"BYE", NULL, 5},
    [OK_BYE] = {"BYE", "200 OK", 5},
};

static bool is_by_callee(message m)
{
    return m == BYE_CALLEE || m == OK_BYE_CALLEE || m == REINVITE || m == OK_REINVITE ||
           m == ACK_REINVITE;
}

static const char *peer_name(const peer *p)
{
    return p == &carrier ? "carrier" : p == &centre ? "centre" : "agents";
}

/* Who says what to whom. */
typedef struct route {
    const peer *caller, *callee, *client, *server, *from, *to;
} route;

static route route_of(const step *s)
{
    bool is_response = texts[s->message].status != NULL, by_callee = is_by_callee(s->message);
    route r = {.caller = s->is_agents ? &centre : &carrier,
               .callee = s->is_agents ? &agents : &centre};
    r.client = by_callee ? r.callee : r.caller;
    r.server = by_callee ? r.caller : r.callee;
    r.from = is_response ? r.server : r.client;
    r.to = is_response ? r.client : r.server;
    return r;
}

static bool has_body(message m)
{
    return m == INVITE || m == OK_INVITE || m == REINVITE || m == OK_REINVITE;
}

static void put_start(char *to, size_t room, const step *s, const peer *server)
{
    if (texts[s->message].status != NULL)
        (void)snprintf(to, room, "SIP/2.0 %s", texts[s->message].status);
    else
        (void)snprintf(to, room, "%s sip:%s@%s:%u;transport=udp SIP/2.0", texts[s->message].method,
                       is_by_callee(s->message) ? "caller"
                       : s->is_agents           ? "agent"
                                                : "+498005550100",
                       server->host, server->port);
}

/* The headers that not every message has. */
static void put_extra(char *to, size_t room, uint32_t call, const step *s, const route *r)
{
    const message m = s->message;
    to[0] = '\0'; /* there may be none */
    FILE *out = fmemopen(to, room, "w");
    if (out == NULL)
        quit("out of memory");
    if (has_body(m) || m == RINGING)
        (void)fprintf(out,
                      "Contact: <sip:%s@%s:%u;transport=udp>\r\nAllow: INVITE, ACK, CANCEL, "
                      "OPTIONS, BYE, REFER, SUBSCRIBE, NOTIFY, INFO, PUBLISH, UPDATE, PRACK, "
                      "MESSAGE\r\nSupported: replaces, timer, 100rel, path\r\n",
                      peer_name(r->from), r->from->host, r->from->port);
    if (m == INVITE)
        (void)fprintf(out,
                      "P-Asserted-Identity: \"%07u\" <sip:+4930%07u@%s;user=phone>\r\n"
                      "Session-Expires: 1800;refresher=uac\r\nMin-SE: 90\r\n"
                      "Date: Thu, 01 Jan 2026 00:00:00 GMT\r\nX-Session-Id: %016llx%016llx\r\n",
                      call, call, r->caller->host, (unsigned long long)mix(call),
                      (unsigned long long)mix(~call));
    if (m == INVITE && s->is_agents)
        (void)fprintf(out, "X-Caller-Call-ID: %016llx-%u-a@%s\r\n",
                      (unsigned long long)mix(call * 5 + 11), call, carrier.host);
    if (m == REFUSED)
        (void)fputs("Reason: Q.850;cause=34;text=\"No circuit available\"\r\n", out);
    if (m == BYE || m == BYE_CALLEE)
        (void)fputs("Reason: Q.850;cause=16;text=\"Normal call clearing\"\r\n", out);
    if (has_body(m))
        (void)fputs("Content-Type: application/sdp\r\n", out);
    if (ferror(out) || fclose(out) != 0)
        quit("a message has no room");
}

static unsigned cseq_of(message m)
{
    const unsigned transaction = texts[m].transaction;
    if (m == ACK || transaction == 1)
        return 101;
    return m == ACK_REINVITE ? 203 : transaction == 5 ? 102 : 200 + transaction;
}

/* @return bytes. */
static size_t put_message(char *to, size_t room, uint32_t call, const step *s, const route *r)
{
    const message m = s->message;
    const char *status = texts[m].status, kind = s->is_agents ? 'b' : 'a';
    const bool by_callee = is_by_callee(m);
    const unsigned transaction = texts[m].transaction;
    const bool has_to_tag =
        transaction != 1 || (status != NULL && m != TRYING && m != OK_CANCEL) || m == ACK_FAILURE;
    char caller_tag[64], callee_tag[64], caller[192], callee[192], start[256], extra[1024];
    char body[1024] = "";
    (void)snprintf(caller_tag, sizeof caller_tag, ";tag=as%08x%c",
                   (unsigned)mix(call * 2 + s->is_agents), kind);
    (void)snprintf(callee_tag, sizeof callee_tag, ";tag=gK0%07x%c",
                   (unsigned)mix(call * 3 + 7) >> 4, kind);
    (void)snprintf(caller, sizeof caller, "\"%07u\" <sip:+4930%07u@%s>%s", call, call,
                   r->caller->host, caller_tag);
    (void)snprintf(callee, sizeof callee, "<sip:%s@%s>%s", s->is_agents ? "agent" : "+498005550100",
                   r->callee->host, has_to_tag || by_callee ? callee_tag : "");
    size_t n_body = has_body(m) ? put_sdp(body, sizeof body, call, r->from, transaction == 3) : 0;
    put_start(start, sizeof start, s, r->server);
    put_extra(extra, sizeof extra, call, s, r);
    int n = snprintf(
        to, room,
        "%s\r\nVia: SIP/2.0/UDP %s:%u;branch=z9hG4bK%08x%c%u;rport%s%s\r\n"
        "Record-Route: <sip:%s:%u;lr;ftag=%s;did=%x>\r\nFrom: %s\r\nTo: %s\r\n"
        "Call-ID: %016llx-%u-%c@%s\r\nCSeq: %u %s\r\n%s%s: Peak PBX 18.2 (build 20260101) "
        "SBC 9.3.1\r\n%sContent-Length: %zu\r\n\r\n%.*s",
        start, r->client->host, r->client->port, (unsigned)mix(call * 7 + transaction), kind,
        transaction, status != NULL ? "=5060;received=" : "", status != NULL ? r->client->host : "",
        centre.host, centre.port, caller_tag + 5, call, by_callee ? callee : caller,
        by_callee ? caller : callee, (unsigned long long)mix(call * 5 + 11), call, kind,
        r->caller->host, cseq_of(m), texts[m].method, status == NULL ? "Max-Forwards: 69\r\n" : "",
        status == NULL ? "User-Agent" : "Server", extra, n_body, (int)n_body, body);
    if (n < 0 || (size_t)n >= room)
        quit("a message has no room");
    return (size_t)n;
}

/* ---- frames */

static void put16(uint8_t *p, size_t value)
{
    p[0] = (uint8_t)(value >> 8);
    p[1] = (uint8_t)value;
}

static uint64_t put_frame(FILE *file, double t_s, uint16_t id, const peer *from, const peer *to,
                          const char *text, size_t n)
{
    uint8_t frame[MAX_FRAME] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45};
    uint8_t *ip = frame + 14, *udp = ip + 20;
    put16(ip + 2, 28 + n);
    put16(ip + 4, id);
    ip[8] = 62;
    ip[9] = 17;
    memcpy(ip + 12, from->ip, 4);
    memcpy(ip + 16, to->ip, 4);
    uint32_t sum = 0;
    for (int i = 0; i < 20; i += 2)
        sum += (uint32_t)(ip[i] << 8 | ip[i + 1]);
    sum = (sum & 0xffff) + (sum >> 16);
    put16(ip + 10, ~(sum + (sum >> 16)) & 0xffff);
    put16(udp, from->port);
    put16(udp + 2, to->port);
    put16(udp + 4, 8 + n);
    memcpy(frame + N_HEADERS, text, n);
    uint32_t n_frame = (uint32_t)(N_HEADERS + n);
    uint32_t header[4] = {(uint32_t)(epoch_s + (uint64_t)t_s), (uint32_t)((t_s - floor(t_s)) * 1e6),
                          n_frame, n_frame};
    if (fwrite(header, sizeof header, 1, file) != 1 || fwrite(frame, n_frame, 1, file) != 1) {
        perror("make_capture");
        exit(1);
    }
    return sizeof header + n_frame;
}

/* ---- all calls at once: the next step of each waits in a heap */

typedef struct waiting {
    double t_s;
    uint32_t call, at;
} waiting;

static bool is_before(const waiting *a, const waiting *b)
{
    return a->t_s < b->t_s || (a->t_s == b->t_s && a->call < b->call);
}

static void push(waiting *heap, size_t *n, waiting w)
{
    size_t at = (*n)++;
    for (; at > 0 && is_before(&w, &heap[(at - 1) / 2]); at = (at - 1) / 2)
        heap[at] = heap[(at - 1) / 2];
    heap[at] = w;
}

static waiting pop(waiting *heap, size_t *n)
{
    waiting top = heap[0], last = heap[--*n];
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child + 1 < *n && is_before(&heap[child + 1], &heap[child]))
            child++;
        if (child >= *n || !is_before(&heap[child], &last))
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = last;
    return top;
}

int main(int argc, char **argv)
{
    uint32_t n_calls = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : CALLS;
    FILE *file = argc > 1 ? fopen(argv[1], "wb") : NULL;
    waiting *heap = calloc((size_t)n_calls + 1, sizeof heap[0]);
    double *begins_s = calloc(n_calls, sizeof begins_s[0]);
    if (file == NULL || heap == NULL || begins_s == NULL || n_calls == 0) {
        perror("make_capture: usage: make_capture FILE [CALLS]");
        return 1;
    }
    static const uint32_t header[6] = {0xa1b2c3d4, 4u << 16 | 2, 0, 0, 262144, 1};
    uint64_t n_bytes = fwrite(header, 1, sizeof header, file);
    uint64_t n_messages = 0, n_call_ids = 0;
    size_t n_heap = 0;
    script s = {.n = 0};
    double t_s = 1;
    for (uint32_t call = 0; call < n_calls; call++) {
        t_s += exponential(60.0 / CALLS_PER_MIN, call, 100);
        begins_s[call] = t_s;
        push(heap, &n_heap, (waiting){t_s, call, 0});
    }
    while (n_heap > 0) {
        waiting w = pop(heap, &n_heap);
        write_script(w.call, &s);
        char text[MAX_FRAME - N_HEADERS];
        const route r = route_of(&s.steps[w.at]);
        size_t n = put_message(text, sizeof text, w.call, &s.steps[w.at], &r);
        n_bytes += put_frame(file, w.t_s, (uint16_t)++n_messages, r.from, r.to, text, n);
        n_call_ids += w.at == 0 ? s.n_legs : 0;
        if (++w.at < s.n) {
            w.t_s = begins_s[w.call] + s.steps[w.at].t_s;
            push(heap, &n_heap, w);
        }
    }
    free(heap);
    free(begins_s);
    if (fclose(file) != 0) {
        perror("make_capture");
        return 1;
    }
    printf("%u calls, %llu Call-IDs, %llu messages, %llu bytes\n", n_calls,
           (unsigned long long)n_call_ids, (unsigned long long)n_messages,
           (unsigned long long)n_bytes);
    return 0;
}
