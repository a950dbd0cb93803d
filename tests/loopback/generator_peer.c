#include "tests/loopback/generator_peer.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_CALLS = 256, MESSAGE_SIZE = 4096, HEADER_SIZE = 512 };

static const char SDP[] = "v=0\r\no=peer 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\n"
                          "t=0 0\r\nm=audio 9 RTP/AVP 0\r\n";

/* One call: the caller's leg, and the agent's leg when there is one. */
typedef struct call {
    char id[HEADER_SIZE];
    const char *script;
    size_t step;
    struct sockaddr_in from_addr;
    char via[HEADER_SIZE], from[HEADER_SIZE], to[HEADER_SIZE], cseq[HEADER_SIZE], number[64];
    char contact[HEADER_SIZE];
    unsigned cseq_out;       /* of our requests to the caller */
    char pending[32];        /* method whose response takes the next step */
    char last[MESSAGE_SIZE]; /* our last request */
    bool is_up, is_answered;
    char agent_to[HEADER_SIZE], agent_contact[HEADER_SIZE];
    bool is_agent_up, is_agent_answered;
    unsigned attempt; /* of ringing an agent, from 1; each has a Call-ID of its own */
} call;

struct peer {
    int fd;
    uint16_t port, agents_port;
    const char *const *scripts;
    size_t n_scripts;
    pthread_t thread;
    bool has_thread;
    atomic_bool is_ending;
    pthread_mutex_t lock; /* of counts */
    peer_counts counts;
    call calls[MAX_CALLS];
    size_t n_calls;
};

static void report_bad(peer *p, const char *what, const char *message)
{
    pthread_mutex_lock(&p->lock);
    if (p->counts.n_bad++ == 0)
        (void)snprintf(p->counts.bad, sizeof p->counts.bad, "%s: %.100s", what, message);
    pthread_mutex_unlock(&p->lock);
}

static void recount(peer *p)
{
    peer_counts now = {0};
    for (size_t i = 0; i < p->n_calls; i++) {
        now.n_up += p->calls[i].is_up;
        now.n_agents_up += p->calls[i].is_agent_up;
    }
    pthread_mutex_lock(&p->lock);
    p->counts.n_calls = (int)p->n_calls;
    p->counts.n_up = now.n_up;
    p->counts.n_agents_up = now.n_agents_up;
    pthread_mutex_unlock(&p->lock);
}

/* The value of the first header of a name; "" when there is none. */
static void header(const char *message, const char *name, char value[HEADER_SIZE])
{
    char key[64];
    value[0] = '\0';
    (void)snprintf(key, sizeof key, "\r\n%s: ", name);
    const char *at = strstr(message, key);
    if (at == NULL)
        return;
    at += strlen(key);
    size_t n = strcspn(at, "\r");
    (void)snprintf(value, HEADER_SIZE, "%.*s", (int)(n < HEADER_SIZE ? n : HEADER_SIZE - 1), at);
}

static void send_to(peer *p, const struct sockaddr_in *to, const char *text)
{
    (void)sendto(p->fd, text, strlen(text), 0, (const struct sockaddr *)to, sizeof *to);
}

static void respond(peer *p, const struct sockaddr_in *to, const char *request, const char *status,
                    const char *cseq, bool with_sdp)
{
    char via[HEADER_SIZE], from[HEADER_SIZE], to_header[HEADER_SIZE], id[HEADER_SIZE];
    char own_cseq[HEADER_SIZE], text[MESSAGE_SIZE];
    header(request, "Via", via);
    header(request, "From", from);
    header(request, "To", to_header);
    header(request, "Call-ID", id);
    header(request, "CSeq", own_cseq);
    (void)snprintf(text, sizeof text,
                   "SIP/2.0 %s\r\nVia: %s\r\nFrom: %s\r\nTo: %s%s\r\nCall-ID: %s\r\nCSeq: %s\r\n"
                   "Contact: <sip:peer@127.0.0.1:%u>\r\n%sContent-Length: %zu\r\n\r\n%s",
                   status, via, from, to_header, strstr(to_header, "tag=") ? "" : ";tag=peer", id,
                   cseq != NULL ? cseq : own_cseq, p->port,
                   with_sdp ? "Content-Type: application/sdp\r\n" : "",
                   with_sdp ? sizeof SDP - 1 : 0, with_sdp ? SDP : "");
    send_to(p, to, text);
}

/* A response to the INVITE, which may have come long ago. */
static void respond_to_invite(peer *p, call *c, const char *status, bool with_sdp)
{
    char invite[4 * HEADER_SIZE];
    (void)snprintf(invite, sizeof invite,
                   "INVITE\r\nVia: %.400s\r\nFrom: %.400s\r\nTo: %.400s\r\nCall-ID: %.400s\r\n"
                   "CSeq: %.100s\r\n\r\n",
                   c->via, c->from, c->to, c->id, c->cseq);
    respond(p, &c->from_addr, invite, status, NULL, with_sdp);
}

/* A request to the caller. */
static void request(peer *p, call *c, const char *method, unsigned cseq, const char *stage,
                    bool with_sdp)
{
    char mark[64] = "";
    if (stage != NULL)
        (void)snprintf(mark, sizeof mark, "X-Rig-Stage: %s\r\n", stage);
    (void)snprintf(c->last, sizeof c->last,
                   "%s %.200s SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bK%s%u%.100s\r\n"
                   "From: %.300s;tag=peer\r\nTo: %.300s\r\nCall-ID: %.300s\r\nCSeq: %u %s\r\n"
                   "Contact: <sip:peer@127.0.0.1:%u>\r\n%sMax-Forwards: 70\r\n%s"
                   "Content-Length: %zu\r\n\r\n%s",
                   method, c->contact, p->port, method, cseq, c->id, c->to, c->from, c->id, cseq,
                   method, p->port, mark, with_sdp ? "Content-Type: application/sdp\r\n" : "",
                   with_sdp ? sizeof SDP - 1 : 0, with_sdp ? SDP : "");
    send_to(p, &c->from_addr, c->last);
    (void)snprintf(c->pending, sizeof c->pending, "%s", method);
}

static struct sockaddr_in agents_address(const peer *p)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                .sin_port = htons(p->agents_port)};
}

/* A request to the agent's phone, on its leg. */
static void request_agent(peer *p, call *c, const char *method, unsigned cseq, bool with_sdp)
{
    char text[MESSAGE_SIZE];
    const struct sockaddr_in to = agents_address(p);
    bool is_in_dialog = strcmp(method, "ACK") == 0 || strcmp(method, "BYE") == 0;
    (void)snprintf(text, sizeof text,
                   "%s sip:agent1@127.0.0.1:%u SIP/2.0\r\n"
                   "Via: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKa%s%u%.300s\r\n"
                   "From: <sip:%s@127.0.0.1:%u>;tag=peer\r\n"
                   "To: %.300s\r\nCall-ID: a%u-%.300s\r\nCSeq: %u %s\r\n"
                   "Contact: <sip:peer@127.0.0.1:%u>\r\nX-Caller-Call-ID: %.300s\r\n"
                   "Max-Forwards: 70\r\n%sContent-Length: %zu\r\n\r\n%s",
                   method, p->agents_port, p->port, is_in_dialog ? method : "", c->attempt, c->id,
                   c->number, p->port, is_in_dialog ? c->agent_to : "<sip:agent1@127.0.0.1>",
                   c->attempt, c->id, cseq, method, p->port, c->id,
                   with_sdp ? "Content-Type: application/sdp\r\n" : "",
                   with_sdp ? sizeof SDP - 1 : 0, with_sdp ? SDP : "");
    send_to(p, &to, text);
}

/* OPTIONS outside of any call: a ping, as centres send them to their phones. */
static void ping(peer *p, call *c, const struct sockaddr_in *to)
{
    char text[MESSAGE_SIZE];
    (void)snprintf(text, sizeof text,
                   "OPTIONS sip:peakrig@127.0.0.1:%u SIP/2.0\r\n"
                   "Via: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKping%u%.300s\r\n"
                   "From: <sip:peer@127.0.0.1>;tag=ping\r\nTo: <sip:peakrig@127.0.0.1>\r\n"
                   "Call-ID: ping-%.300s\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\n"
                   "Content-Length: 0\r\n\r\n",
                   ntohs(to->sin_port), p->port, ntohs(to->sin_port), c->id, c->id);
    send_to(p, to, text);
}

static void end_agent(peer *p, call *c)
{
    if (!c->is_agent_up)
        return;
    c->is_agent_up = false;
    request_agent(p, c, c->is_agent_answered ? "BYE" : "CANCEL", c->is_agent_answered ? 2 : 1,
                  false);
}

static void take_step(peer *p, call *c)
{
    char letter = c->script[c->step];
    c->pending[0] = '\0';
    if (letter == '\0' || !c->is_up)
        return;
    c->step++;
    switch (letter) {
    case 'F':
        respond_to_invite(p, c, "503 Service Unavailable", false);
        c->is_up = false;
        break;
    case '1':
    case 'X':
        respond_to_invite(p, c, "180 Ringing", false);
        break;
    case 'A':
        c->is_answered = true;
        respond_to_invite(p, c, "200 OK", true);
        (void)snprintf(c->pending, sizeof c->pending, "ACK");
        break;
    case 'B':
        c->is_up = false;
        request(p, c, "BYE", ++c->cseq_out, NULL, false);
        end_agent(p, c);
        break;
    case 'q':
        request(p, c, "INFO", ++c->cseq_out, "queue", false);
        break;
    case 'r':
        request(p, c, "INFO", ++c->cseq_out, "ringing", false);
        break;
    case 'R':
        c->cseq_out += 2;
        request(p, c, "INFO", c->cseq_out, "ringing", false);
        break;
    case 'Q':
        request(p, c, "INFO", c->cseq_out - 1, "queue", false);
        break;
    case 'd':
        send_to(p, &c->from_addr, c->last);
        (void)snprintf(c->pending, sizeof c->pending, "INFO");
        break;
    case 'O':
        request(p, c, "OPTIONS", ++c->cseq_out, NULL, false);
        break;
    case 'M':
        request(p, c, "MESSAGE", ++c->cseq_out, NULL, false);
        break;
    case 'I':
        request(p, c, "INVITE", ++c->cseq_out, NULL, true);
        break;
    case 'U':
    case 'u':
        request(p, c, "UPDATE", ++c->cseq_out, NULL, letter == 'u');
        break;
    case 'g':
        c->is_agent_up = true;
        c->attempt++;
        request_agent(p, c, "INVITE", 1, true);
        (void)snprintf(c->pending, sizeof c->pending, "180");
        break;
    case 'c':
        end_agent(p, c);
        (void)snprintf(c->pending, sizeof c->pending, "487");
        break;
    case 'k':
        c->attempt++;
        (void)snprintf(c->number, sizeof c->number, "unknown");
        request_agent(p, c, "INVITE", 1, true);
        (void)snprintf(c->pending, sizeof c->pending, "404");
        break;
    case 'p':
    case 'P': {
        const struct sockaddr_in agents = agents_address(p);
        (void)snprintf(c->pending, sizeof c->pending, "ping");
        ping(p, c, letter == 'p' ? &c->from_addr : &agents);
        break;
    }
    case 'h':
        (void)snprintf(c->pending, sizeof c->pending, "answer");
        if (c->is_agent_answered)
            take_step(p, c);
        break;
    default:
        report_bad(p, "script", c->script);
    }
}

static call *find(peer *p, const char *id)
{
    for (size_t i = 0; i < p->n_calls; i++)
        if (strcmp(p->calls[i].id, id) == 0)
            return &p->calls[i];
    return NULL;
}

static void on_new_call(peer *p, const char *message, const struct sockaddr_in *from)
{
    char index[HEADER_SIZE], contact[HEADER_SIZE];
    header(message, "X-Rig-Call", index);
    header(message, "Contact", contact);
    if (p->n_calls == MAX_CALLS || index[0] == '\0' ||
        strncmp(message, "INVITE sip:785@", 15) != 0 || strstr(message, "UPDATE") == NULL) {
        report_bad(p, "INVITE", message);
        return;
    }
    call *c = &p->calls[p->n_calls++];
    memset(c, 0, sizeof *c);
    header(message, "Call-ID", c->id);
    header(message, "Via", c->via);
    header(message, "From", c->from);
    header(message, "To", c->to);
    header(message, "CSeq", c->cseq);
    (void)sscanf(contact, "<%500[^>]", c->contact);
    (void)sscanf(c->from, "<sip:%60[^@]", c->number);
    c->from_addr = *from;
    c->script = p->scripts[strtoul(index, NULL, 10) % p->n_scripts];
    c->cseq_out = 100;
    c->is_up = true;
    take_step(p, c);
}

static void on_request(peer *p, call *c, const char *message, const struct sockaddr_in *from)
{
    if (strncmp(message, "ACK ", 4) == 0) {
        if (strcmp(c->pending, "ACK") == 0)
            take_step(p, c);
    } else if (strncmp(message, "CANCEL ", 7) == 0) {
        respond(p, from, message, "200 OK", NULL, false);
        if (c->script[0] == 'X') {
            c->is_answered = true;
            respond_to_invite(p, c, "200 OK", true);
        } else if (!c->is_answered) {
            c->is_up = false;
            respond_to_invite(p, c, "487 Request Terminated", false);
        }
    } else if (strncmp(message, "BYE ", 4) == 0) {
        if (!c->is_answered || strstr(message, ";tag=peer") == NULL)
            report_bad(p, "BYE", message);
        c->is_up = false;
        respond(p, from, message, "200 OK", NULL, false);
        end_agent(p, c);
    } else if (strncmp(message, "INVITE ", 7) != 0) { /* an INVITE here is a repetition */
        report_bad(p, "request", message);
    }
}

static void on_agent(peer *p, call *c, const char *message, const struct sockaddr_in *from)
{
    char cseq[HEADER_SIZE];
    header(message, "CSeq", cseq);
    if (strncmp(message, "BYE ", 4) == 0) {
        respond(p, from, message, "200 OK", NULL, false);
        c->is_agent_up = false;
        if (c->is_up) {
            c->is_up = false;
            request(p, c, "BYE", ++c->cseq_out, NULL, false);
        }
    } else if (strncmp(message, "SIP/2.0 180", 11) == 0) {
        if (strcmp(c->pending, "180") == 0)
            take_step(p, c);
    } else if (strncmp(message, "SIP/2.0 200", 11) == 0 && strstr(cseq, "INVITE") != NULL) {
        header(message, "To", c->agent_to);
        bool is_first = !c->is_agent_answered;
        c->is_agent_answered = true;
        request_agent(p, c, "ACK", 1, false);
        if (is_first && !c->is_agent_up) /* it crossed our CANCEL */
            request_agent(p, c, "BYE", 2, false);
        else if (is_first && strcmp(c->pending, "answer") == 0)
            take_step(p, c);
    } else if (strncmp(message, "SIP/2.0 487", 11) == 0 ||
               strncmp(message, "SIP/2.0 404", 11) == 0) {
        header(message, "To", c->agent_to);
        request_agent(p, c, "ACK", 1, false);
        if (strncmp(message + 8, c->pending, 3) == 0 && c->pending[0] == '4')
            take_step(p, c);
    } else if (strncmp(message, "SIP/2.0 200", 11) != 0) {
        report_bad(p, "agent", message);
    }
}

static void on_response(peer *p, call *c, const char *message)
{
    char cseq[HEADER_SIZE], ack[MESSAGE_SIZE];
    header(message, "CSeq", cseq);
    if (strncmp(message, "SIP/2.0 501", 11) == 0) {
        pthread_mutex_lock(&p->lock);
        p->counts.n_refused++;
        pthread_mutex_unlock(&p->lock);
    } else if (strncmp(message, "SIP/2.0 200", 11) != 0) {
        report_bad(p, "response", message);
        return;
    }
    bool is_invite = strstr(cseq, " INVITE") != NULL;
    bool needs_sdp = is_invite || c->script[c->step > 0 ? c->step - 1 : 0] == 'u';
    if (needs_sdp != (strstr(message, "\r\nv=0") != NULL))
        report_bad(p, "SDP", message);
    if (is_invite) {
        (void)snprintf(
            ack, sizeof ack,
            "ACK %.200s SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKack%.200s"
            "\r\nFrom: %.300s;tag=peer\r\nTo: %.300s\r\nCall-ID: %.300s\r\nCSeq: %u ACK\r\n"
            "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n",
            c->contact, p->port, c->id, c->to, c->from, c->id, c->cseq_out);
        send_to(p, &c->from_addr, ack);
    }
    size_t n = strlen(c->pending);
    if (n > 0 && strlen(cseq) > n && strcmp(cseq + strlen(cseq) - n, c->pending) == 0)
        take_step(p, c);
}

static void on_message(peer *p, const char *message, const struct sockaddr_in *from)
{
    char id[HEADER_SIZE];
    header(message, "Call-ID", id);
    if (strncmp(id, "ping-", 5) == 0) {
        call *pinged = find(p, id + 5);
        if (pinged == NULL || strncmp(message, "SIP/2.0 200", 11) != 0)
            report_bad(p, "ping", message);
        else if (strcmp(pinged->pending, "ping") == 0)
            take_step(p, pinged);
        return;
    }
    const char *dash = strchr(id, '-');
    bool is_agent = id[0] == 'a' && dash != NULL;
    call *c = find(p, is_agent ? dash + 1 : id);
    if (is_agent && c != NULL)
        on_agent(p, c, message, from);
    else if (strncmp(message, "OPTIONS ", 8) == 0)
        respond(p, from, message, "200 OK", NULL, false); /* the probe */
    else if (c == NULL && strncmp(message, "INVITE ", 7) == 0)
        on_new_call(p, message, from);
    else if (c == NULL)
        report_bad(p, "unknown call", message);
    else if (strncmp(message, "SIP/2.0 ", 8) == 0)
        on_response(p, c, message);
    else
        on_request(p, c, message, from);
}

static void *run(void *arg)
{
    peer *p = arg;
    char message[65536];
    while (!atomic_load(&p->is_ending)) {
        struct pollfd ready = {.fd = p->fd, .events = POLLIN};
        if (poll(&ready, 1, 20) <= 0)
            continue;
        struct sockaddr_in from;
        socklen_t size = sizeof from;
        ssize_t n = recvfrom(p->fd, message, sizeof message - 1, MSG_DONTWAIT,
                             (struct sockaddr *)&from, &size);
        if (n <= 0)
            continue;
        message[n] = '\0';
        on_message(p, message, &from);
        recount(p);
    }
    return NULL;
}

peer *peer_new(const char *const *scripts, size_t n)
{
    peer *p = calloc(1, sizeof *p);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    if (p == NULL)
        abort();
    p->scripts = scripts;
    p->n_scripts = n;
    pthread_mutex_init(&p->lock, NULL);
    p->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (p->fd < 0 || bind(p->fd, (const struct sockaddr *)&address, sizeof address) != 0 ||
        getsockname(p->fd, (struct sockaddr *)&address, &size) != 0)
        abort();
    p->port = ntohs(address.sin_port);
    return p;
}

uint16_t peer_port(const peer *p)
{
    return p->port;
}

void peer_start(peer *p, uint16_t agents_port)
{
    p->agents_port = agents_port;
    if (pthread_create(&p->thread, NULL, run, p) != 0)
        abort();
    p->has_thread = true;
}

peer_counts peer_count(peer *p)
{
    pthread_mutex_lock(&p->lock);
    peer_counts counts = p->counts;
    pthread_mutex_unlock(&p->lock);
    return counts;
}

void peer_free(peer *p)
{
    atomic_store(&p->is_ending, true);
    if (p->has_thread)
        pthread_join(p->thread, NULL);
    close(p->fd);
    pthread_mutex_destroy(&p->lock);
    free(p);
}
