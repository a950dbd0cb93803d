/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the peer does with what comes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/loopback/generator_peer_impl.h"

static call *find(peer *p, const char *id)
{
    for (size_t i = 0; i < p->n_calls; i++)
        if (strcmp(p->calls[i].id, id) == 0)
            return &p->calls[i];
    return NULL;
}

static void on_new_call(peer *p, const char *message, const way *from)
{
    char index[HEADER_SIZE], contact[HEADER_SIZE];
    peer_header(message, "X-Rig-Call", index);
    peer_header(message, "Contact", contact);
    if (p->n_calls == MAX_CALLS || index[0] == '\0' ||
        strncmp(message, "INVITE sip:785@", 15) != 0 || strstr(message, "UPDATE") == NULL) {
        peer_report_bad(p, "INVITE", message);
        return;
    }
    call *c = &p->calls[p->n_calls++];
    memset(c, 0, sizeof *c);
    peer_header(message, "Call-ID", c->id);
    peer_header(message, "Via", c->via);
    peer_header(message, "From", c->from);
    peer_header(message, "To", c->to);
    peer_header(message, "CSeq", c->cseq);
    (void)sscanf(contact, "<%500[^>]", c->contact);
    (void)sscanf(c->from, "<sip:%60[^@]", c->number);
    c->from_way = *from;
    c->index = strtoul(index, NULL, 10);
    peer_note(&c->at.invite_ms);
    c->script = p->scripts[c->index % p->n_scripts];
    c->cseq_out = 100;
    c->is_up = true;
    peer_take_step(p, c);
}

/* The INVITE once more, with or without what was asked for; a repetition of the first one is none.
 */
static void on_credentials(peer *p, call *c, const char *message)
{
    char cseq[HEADER_SIZE];
    peer_header(message, "CSeq", cseq);
    if (strcmp(cseq, c->cseq) == 0)
        return;
    peer_header(message, "Via", c->via);
    peer_header(message, "CSeq", c->cseq);
    c->pending[0] = '\0';
    if (peer_knows_password(message)) {
        peer_take_step(p, c);
        return;
    }
    peer_respond_to_invite(
        p, c, "401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"x\", nonce=\"x\"", false);
    (void)snprintf(c->pending, sizeof c->pending, "refused"); /* until its ACK */
}

/* What the INVITE that answers a letter must have; NULL: none may come. */
static bool is_as_asked(const char *message, char letter)
{
    char expires[HEADER_SIZE], least[HEADER_SIZE];
    peer_header(message, "Session-Expires", expires);
    peer_header(message, "Min-SE", least);
    if (letter == 'S')
        return strcmp(expires, "240;refresher=uac") == 0 && strcmp(least, "240") == 0;
    return letter == 'E' && strcmp(expires, "180;refresher=uac") == 0 && strcmp(least, "90") == 0 &&
           strncmp(message, "INVITE sip:786@192.0.2.7:5070 SIP/2.0", 37) == 0 &&
           strstr(message, "\r\nTo: <sip:785@") != NULL;
}

static void count(peer *p, int *counter)
{
    pthread_mutex_lock(&p->lock);
    (*counter)++;
    pthread_mutex_unlock(&p->lock);
}

static void on_anew(peer *p, call *c, const char *message)
{
    char cseq[HEADER_SIZE];
    peer_header(message, "CSeq", cseq);
    if (strcmp(cseq, c->cseq) == 0)
        return;
    if (!is_as_asked(message, c->script[c->step - 1]))
        peer_report_bad(p, "INVITE anew", message);
    count(p, &p->counts.n_anew);
    peer_header(message, "Via", c->via);
    peer_header(message, "CSeq", c->cseq);
    c->prack[0] = '\0';
    peer_take_step(p, c);
}

/* RFC 3262, 7.2: RAck names the response and the INVITE. The same response again may have the same
 * PRACK again. */
static void on_prack(peer *p, call *c, const char *message, const way *from)
{
    char rack[HEADER_SIZE], to[HEADER_SIZE], cseq[HEADER_SIZE], expected[HEADER_SIZE];
    peer_header(message, "RAck", rack);
    peer_header(message, "To", to);
    peer_header(message, "CSeq", cseq);
    (void)snprintf(expected, sizeof expected, "%u %.100s", peer_rseq(c), c->cseq);
    const bool is_first = c->prack[0] == '\0';
    if (strcmp(rack, expected) != 0 || strstr(to, ";tag=peer") == NULL ||
        (!is_first && strcmp(c->prack, cseq) != 0))
        peer_report_bad(p, "PRACK", message);
    (void)snprintf(c->prack, sizeof c->prack, "%s", cseq);
    peer_respond(p, from, message, "200 OK", NULL, false);
    if (!is_first)
        return;
    count(p, &p->counts.n_pracks);
    if (strcmp(c->pending, "PRACK") == 0)
        peer_take_step(p, c);
}

/* A refresh: no description, the timer as it was granted. */
static void on_refresh(peer *p, call *c, const char *message, const way *from)
{
    char expires[HEADER_SIZE];
    peer_header(message, "Session-Expires", expires);
    if (strcmp(expires, "2;refresher=uac") != 0 || strstr(message, "\r\nv=0") != NULL ||
        strncmp(message, "UPDATE sip:peer@", 16) != 0)
        peer_report_bad(p, "refresh", message);
    count(p, &p->counts.n_refreshes);
    peer_respond(p, from, message, PEER_TIMED_OK, NULL, false);
    if (strcmp(c->pending, "refresh") == 0)
        peer_take_step(p, c);
}

static void on_digit(peer *p, const char *message)
{
    const char *body = strstr(message, "\r\n\r\nSignal=");
    pthread_mutex_lock(&p->lock);
    size_t n = strlen(p->counts.digits);
    if (body != NULL && n + 2 < sizeof p->counts.digits) {
        p->counts.digits[n] = body[11];
        p->counts.digits[n + 1] = '\0';
    }
    pthread_mutex_unlock(&p->lock);
    if (body == NULL)
        peer_report_bad(p, "digit", message);
}

/* N and V ask for what this caller does not do: the ACK ends the call. */
static bool is_refused_for_good(const call *c)
{
    return strcmp(c->pending, "anew") == 0 && strchr("NV", c->script[c->step - 1]) != NULL;
}

static void on_request(peer *p, call *c, const char *message, const way *from)
{
    char type[HEADER_SIZE];
    peer_header(message, "Content-Type", type);
    if (strncmp(message, "INVITE ", 7) == 0 && strcmp(c->pending, "credentials") == 0) {
        on_credentials(p, c, message);
    } else if (strncmp(message, "INVITE ", 7) == 0 && strcmp(c->pending, "anew") == 0) {
        on_anew(p, c, message);
    } else if (strncmp(message, "PRACK ", 6) == 0) {
        on_prack(p, c, message, from);
    } else if (strncmp(message, "UPDATE ", 7) == 0) {
        on_refresh(p, c, message, from);
    } else if (strncmp(message, "INFO ", 5) == 0 && strcmp(type, "application/dtmf-relay") == 0) {
        on_digit(p, message);
        peer_respond(p, from, message, "200 OK", NULL, false);
    } else if (strncmp(message, "ACK ", 4) == 0) {
        if (strcmp(c->pending, "refused") == 0 || is_refused_for_good(c))
            c->is_up = false;
        if (strcmp(c->pending, "ACK") == 0)
            peer_take_step(p, c);
    } else if (strncmp(message, "CANCEL ", 7) == 0) {
        peer_note(&c->at.cancel_ms);
        if (c->script[0] == 'Y')
            (void)snprintf(c->cancel, sizeof c->cancel, "%s", message);
        else
            peer_respond(p, from, message, "200 OK", NULL, false);
        if (c->script[0] == 'X' || c->script[0] == 'Y') {
            c->is_answered = true;
            peer_respond_to_invite(p, c, "200 OK", true);
        } else if (!c->is_answered) {
            c->is_up = false;
            peer_respond_to_invite(p, c, "487 Request Terminated", false);
            peer_end_agent(p, c);
        }
    } else if (strncmp(message, "BYE ", 4) == 0) {
        peer_note(&c->at.bye_ms);
        if (!c->is_answered || strstr(message, ";tag=peer") == NULL)
            peer_report_bad(p, "BYE", message);
        if (strchr("LY", c->script[0]) != NULL && !c->has_lost) {
            c->has_lost = true;
            if (c->script[0] == 'L')
                peer_respond_to_invite(p, c, "200 OK", true);
            else
                peer_respond(p, from, c->cancel, "200 OK", NULL, false);
            return; /* it is up until the BYE comes again */
        }
        if (peer_challenge(c) != NULL && !peer_knows_password(message)) {
            if (strstr(message, "uthorization:") != NULL)
                peer_report_bad(p, "credentials of a BYE", message);
            peer_respond(p, from, message, peer_challenge(c), NULL, false);
            return; /* it is up until the next one */
        }
        c->is_up = false;
        peer_respond(p, from, message, "200 OK", NULL, false);
        peer_end_agent(p, c);
    } else if (strncmp(message, "INVITE ", 7) != 0) { /* an INVITE here is a repetition */
        peer_report_bad(p, "request", message);
    }
}

/* RFC 3261, 8.2.6.2 and 9.2: a response has all Vias of its request, in their order; the CANCEL of
 * a proxy has one, the INVITE that it passed on has two. They may come as one header (7.3.1). */
static void check_vias(peer *p, const char *message, const char *cseq)
{
    const char *ours = strstr(message, "\r\nVia: ");
    const char *behind = strstr(message, PEER_BEHIND);
    const bool is_of_invite = strstr(cseq, " INVITE") != NULL;
    if (strncmp(message, "SIP/2.0 ", 8) == 0 &&
        (ours == NULL || (behind != NULL) != is_of_invite || (is_of_invite && behind < ours + 2)))
        peer_report_bad(p, "Via", message);
}

static void on_agent(peer *p, call *c, const char *message, const way *from)
{
    char cseq[HEADER_SIZE];
    peer_header(message, "CSeq", cseq);
    check_vias(p, message, cseq);
    if (strncmp(message, "BYE ", 4) == 0) {
        peer_respond(p, from, message, "200 OK", NULL, false);
        c->is_agent_up = false;
        if (c->is_up) {
            c->is_up = false;
            peer_request(p, c, "BYE", ++c->cseq_out, NULL, false);
        }
    } else if (strncmp(message, "SIP/2.0 180", 11) == 0) {
        peer_header(message, "To", c->agent_to);
        if (c->at.agent_ring_ms <= 0.0) /* its answer must be the INVITE's all the same */
            peer_request_agent(p, c, "OPTIONS", 2, false);
        peer_note(&c->at.agent_ring_ms);
        if (strcmp(c->pending, "180") == 0)
            peer_take_step(p, c);
    } else if (strncmp(message, "SIP/2.0 200", 11) == 0 && strstr(cseq, "INVITE") != NULL) {
        peer_header(message, "To", c->agent_to);
        bool is_first = !c->is_agent_answered;
        peer_note(&c->at.agent_answer_ms);
        c->is_agent_answered = true;
        peer_request_agent(p, c, "ACK", 1, false);
        if (is_first && !c->is_agent_up) /* it crossed our CANCEL */
            peer_request_agent(p, c, "BYE", 3, false);
        else if (is_first && strcmp(c->pending, "answer") == 0)
            peer_take_step(p, c);
    } else if (strncmp(message, "SIP/2.0 487", 11) == 0 ||
               strncmp(message, "SIP/2.0 404", 11) == 0) {
        peer_header(message, "To", c->agent_to);
        peer_request_agent(p, c, "ACK", 1, false);
        if (strncmp(message + 8, c->pending, 3) == 0 && c->pending[0] == '4')
            peer_take_step(p, c);
    } else if (strncmp(message, "SIP/2.0 200", 11) != 0) {
        peer_report_bad(p, "agent", message);
    }
}

static void on_response(peer *p, call *c, const char *message)
{
    char cseq[HEADER_SIZE], ack[MESSAGE_SIZE];
    peer_header(message, "CSeq", cseq);
    if (strncmp(message, "SIP/2.0 501", 11) == 0) {
        pthread_mutex_lock(&p->lock);
        p->counts.n_refused++;
        pthread_mutex_unlock(&p->lock);
    } else if (strncmp(message, "SIP/2.0 200", 11) != 0) {
        peer_report_bad(p, "response", message);
        return;
    }
    bool is_invite = strstr(cseq, " INVITE") != NULL;
    bool needs_sdp = is_invite || c->script[c->step > 0 ? c->step - 1 : 0] == 'u';
    if (needs_sdp != (strstr(message, "\r\nv=0") != NULL))
        peer_report_bad(p, "SDP", message);
    const bool is_timed = c->step > 0 && c->script[c->step - 1] == 'W';
    if (is_timed != (strstr(message, "\r\nSession-Expires: 1800;refresher=uac\r\n") != NULL))
        peer_report_bad(p, "timer", message);
    if (is_invite) {
        (void)snprintf(
            ack, sizeof ack,
            "ACK %.200s SIP/2.0\r\nVia: SIP/2.0/%s %s:%u;branch=z9hG4bKack%.200s"
            "\r\nFrom: %.300s;tag=peer\r\nTo: %.300s\r\nCall-ID: %.300s\r\nCSeq: %u ACK\r\n"
            "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n",
            c->contact, peer_transport(p), p->host, p->port, c->id, c->to, c->from, c->id,
            c->cseq_out);
        peer_send(p, &c->from_way, ack);
    }
    size_t n = strlen(c->pending);
    if (n > 0 && strlen(cseq) > n && strcmp(cseq + strlen(cseq) - n, c->pending) == 0)
        peer_take_step(p, c);
}

void peer_on_message(peer *p, const char *message, const way *from)
{
    char id[HEADER_SIZE];
    peer_header(message, "Call-ID", id);
    if (strncmp(id, "ping-", 5) == 0) {
        call *pinged = find(p, id + 5);
        if (pinged == NULL || strncmp(message, "SIP/2.0 200", 11) != 0)
            peer_report_bad(p, "ping", message);
        else if (strcmp(pinged->pending, "ping") == 0)
            peer_take_step(p, pinged);
        return;
    }
    const char *dash = strchr(id, '-');
    bool is_agent = id[0] == 'a' && dash != NULL;
    call *c = find(p, is_agent ? dash + 1 : id);
    if (is_agent && c != NULL)
        on_agent(p, c, message, from);
    else if (strncmp(message, "OPTIONS ", 8) == 0)
        peer_respond(p, from, message, "200 OK", NULL, false); /* the probe */
    else if (c == NULL && strncmp(message, "INVITE ", 7) == 0)
        on_new_call(p, message, from);
    else if (c == NULL)
        peer_report_bad(p, "unknown call", message);
    else if (strncmp(message, "SIP/2.0 ", 8) == 0)
        on_response(p, c, message);
    else
        on_request(p, c, message, from);
}
