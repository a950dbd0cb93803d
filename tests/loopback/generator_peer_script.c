/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The steps of a script: what the peer sends. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nettle/base16.h>
#include <nettle/md5.h>

#include "tests/loopback/generator_peer_impl.h"

static const char SDP[] = "v=0\r\no=peer 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\n"
                          "t=0 0\r\nm=audio 9 RTP/AVP 0\r\n";

void peer_respond(peer *p, const way *to, const char *request, const char *status, const char *cseq,
                  bool with_sdp)
{
    char via[HEADER_SIZE], from[HEADER_SIZE], to_header[HEADER_SIZE], id[HEADER_SIZE];
    char own_cseq[HEADER_SIZE], text[MESSAGE_SIZE];
    peer_header(request, "Via", via);
    peer_header(request, "From", from);
    peer_header(request, "To", to_header);
    peer_header(request, "Call-ID", id);
    peer_header(request, "CSeq", own_cseq);
    (void)snprintf(text, sizeof text,
                   "SIP/2.0 %s\r\nVia: %s\r\nFrom: %s\r\nTo: %s%s\r\nCall-ID: %s\r\nCSeq: %s\r\n"
                   "Contact: <sip:peer@%s:%u>\r\n%sContent-Length: %zu\r\n\r\n%s",
                   status, via, from, to_header, strstr(to_header, "tag=") ? "" : ";tag=peer", id,
                   cseq != NULL ? cseq : own_cseq, p->host, p->port,
                   with_sdp ? "Content-Type: application/sdp\r\n" : "",
                   with_sdp ? sizeof SDP - 1 : 0, with_sdp ? SDP : "");
    peer_send(p, to, text);
}

#define NONCE     "47364c23432d2e131a5fb210812c"
#define REALM     "peer"
#define CHALLENGE "Digest realm=\"" REALM "\", nonce=\"" NONCE "\", algorithm=MD5"

static void md5_hex(const char *text, char hex[2 * MD5_DIGEST_SIZE + 1])
{
    struct md5_ctx md5;
    uint8_t digest[MD5_DIGEST_SIZE];
    md5_init(&md5);
    md5_update(&md5, strlen(text), (const uint8_t *)text);
    md5_digest(&md5, sizeof digest, digest);
    base16_encode_update(hex, sizeof digest, digest);
    hex[2 * MD5_DIGEST_SIZE] = '\0';
}

/* RFC 2617, 3.2.2.1, without qop. */
bool peer_knows_password(const char *request)
{
    char value[HEADER_SIZE], uri[HEADER_SIZE] = "", response[HEADER_SIZE] = "";
    char a1[33], a2[33], expected[33], text[2 * HEADER_SIZE], request_uri[HEADER_SIZE], method[16];
    peer_header(request, "Authorization", value);
    if (value[0] == '\0')
        peer_header(request, "Proxy-Authorization", value);
    const char *at_uri = strstr(value, "uri=\""), *at_response = strstr(value, "response=\"");
    if (at_uri == NULL || at_response == NULL || strstr(value, "nonce=\"" NONCE "\"") == NULL)
        return false;
    (void)sscanf(at_uri, "uri=\"%500[^\"]", uri);
    (void)sscanf(at_response, "response=\"%500[^\"]", response);
    (void)sscanf(request, "%15s %500s", method, request_uri);
    md5_hex(PEER_USER ":" REALM ":" PEER_PASSWORD, a1);
    (void)snprintf(text, sizeof text, "%s:%s", method, uri);
    md5_hex(text, a2);
    (void)snprintf(text, sizeof text, "%s:" NONCE ":%s", a1, a2);
    md5_hex(text, expected);
    /* SIPp has one URI for all requests: that of the INVITE */
    bool is_uri = strcmp(method, "INVITE") != 0 || strcmp(uri, request_uri) == 0;
    return is_uri && strcmp(response, expected) == 0;
}

const char *peer_challenge(const call *c)
{
    return c->script[0] == 'C' ? "401 Unauthorized\r\nWWW-Authenticate: " CHALLENGE
           : c->script[0] == 'D'
               ? "407 Proxy Authentication Required\r\nProxy-Authenticate: " CHALLENGE
               : NULL;
}

unsigned peer_rseq(const call *c)
{
    return 4712 - (unsigned)strtoul(c->cseq, NULL, 10);
}

const char *peer_asks_anew(char letter)
{
    static const struct {
        char letter;
        const char *status;
    } rows[] = {
        {'S', "422 Session Interval Too Small\r\nMin-SE: 240"},
        {'N', "422 Session Interval Too Small\r\nMin-SE: 120"},
        {'E', "302 Moved Temporarily\r\nContact: \"Other site\" <sip:786@192.0.2.7:5070>;q=0.7"},
        {'V', "302 Moved Temporarily\r\nContact: <sip:787@127.0.0.1>"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].letter == letter)
            return rows[i].status;
    return NULL;
}

/* A response to the INVITE, which may have come long ago. */
void peer_respond_to_invite(peer *p, call *c, const char *status, bool with_sdp)
{
    char invite[4 * HEADER_SIZE];
    (void)snprintf(invite, sizeof invite,
                   "INVITE\r\nVia: %.400s\r\nFrom: %.400s\r\nTo: %.400s\r\nCall-ID: %.400s\r\n"
                   "CSeq: %.100s\r\n\r\n",
                   c->via, c->from, c->to, c->id, c->cseq);
    peer_respond(p, &c->from_way, invite, status, NULL, with_sdp);
}

/* A request to the caller. */
void peer_request(peer *p, call *c, const char *method, unsigned cseq, const char *stage,
                  bool with_sdp)
{
    char mark[64] = "";
    if (stage != NULL)
        (void)snprintf(mark, sizeof mark, "X-Rig-Stage: %s\r\n", stage);
    if (c->step > 0 && c->script[c->step - 1] == 'W')
        (void)snprintf(mark, sizeof mark, "x: 1800;refresher=uac\r\n");
    (void)snprintf(c->last, sizeof c->last,
                   "%s %.200s SIP/2.0\r\nVia: SIP/2.0/%s %s:%u;branch=z9hG4bK%s%u%.100s\r\n"
                   "From: %.300s;tag=peer\r\nTo: %.300s\r\nCall-ID: %.300s\r\nCSeq: %u %s\r\n"
                   "Contact: <sip:peer@%s:%u>\r\n%sMax-Forwards: 70\r\n%s"
                   "Content-Length: %zu\r\n\r\n%s",
                   method, c->contact, peer_transport(p), p->host, p->port, method, cseq, c->id,
                   c->to, c->from, c->id, cseq, method, p->host, p->port, mark,
                   with_sdp ? "Content-Type: application/sdp\r\n" : "",
                   with_sdp ? sizeof SDP - 1 : 0, with_sdp ? SDP : "");
    peer_send(p, &c->from_way, c->last);
    (void)snprintf(c->pending, sizeof c->pending, "%s", method);
}

/* A request to the agent's phone, on its leg. */
void peer_request_agent(peer *p, call *c, const char *method, unsigned cseq, bool with_sdp)
{
    char text[MESSAGE_SIZE];
    const way to = peer_way_to_agents(p);
    bool is_in_dialog =
        strcmp(method, "ACK") == 0 || strcmp(method, "BYE") == 0 || strcmp(method, "OPTIONS") == 0;
    (void)snprintf(text, sizeof text,
                   "%s sip:agent1@%s:%u SIP/2.0\r\n"
                   "Via: SIP/2.0/%s %s:%u;branch=z9hG4bKa%s%u%.300s\r\n%s"
                   "From: <sip:%s@%s:%u>;tag=peer\r\n"
                   "To: %.300s\r\nCall-ID: a%u-%.300s\r\nCSeq: %u %s\r\n"
                   "Contact: <sip:peer@%s:%u>\r\nX-Caller-Call-ID: %.300s\r\n"
                   "Max-Forwards: 70\r\n%sContent-Length: %zu\r\n\r\n%s",
                   method, p->host, p->agents_port, peer_transport(p), p->host, p->port,
                   is_in_dialog ? method : "", c->attempt, c->id,
                   strcmp(method, "INVITE") == 0 ? PEER_VIA_BEHIND : "", c->number, p->host,
                   p->port, is_in_dialog ? c->agent_to : "<sip:agent1@host>", c->attempt, c->id,
                   cseq, method, p->host, p->port, c->id,
                   with_sdp ? "Content-Type: application/sdp\r\n" : "",
                   with_sdp ? sizeof SDP - 1 : 0, with_sdp ? SDP : "");
    peer_send(p, &to, text);
}

/* OPTIONS outside of any call: a ping, as centres send them to their phones. */
static void ping(peer *p, call *c, const way *to, unsigned port)
{
    char text[MESSAGE_SIZE];
    (void)snprintf(text, sizeof text,
                   "OPTIONS sip:peakrig@%s:%u SIP/2.0\r\n"
                   "Via: SIP/2.0/%s %s:%u;branch=z9hG4bKping%u%.300s\r\n"
                   "From: <sip:peer@host>;tag=ping\r\nTo: <sip:peakrig@host>\r\n"
                   "Call-ID: ping-%.300s\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\n"
                   "Content-Length: 0\r\n\r\n",
                   p->host, port, peer_transport(p), p->host, p->port, port, c->id, c->id);
    peer_send(p, to, text);
}

void peer_end_agent(peer *p, call *c)
{
    if (!c->is_agent_up)
        return;
    c->is_agent_up = false;
    peer_request_agent(p, c, c->is_agent_answered ? "BYE" : "CANCEL", c->is_agent_answered ? 3 : 1,
                       false);
}

/* What this step tells the caller. */
static void note(call *c, char letter)
{
    const bool has_mark = c->at.queue_ms > 0 || c->at.ring_ms > 0;
    switch (letter) {
    case 'A':
    case 'L':
    case 'T':
        peer_note(&c->at.answer_ms);
        break;
    case 'q':
    case '2':
        peer_note(&c->at.queue_ms);
        c->at.ring_ms = 0;
        break;
    case 'r':
    case 'R':
    case '8':
        peer_note(&c->at.ring_ms);
        break;
    case 'I':
        if (has_mark)
            peer_note(&c->at.reinvite_ms);
        break;
    case 'U':
    case 'u':
        if (has_mark)
            peer_note(&c->at.update_ms);
        break;
    case 't':
        if (has_mark)
            peer_note(&c->at.talk_ms);
        break;
    default:
        break;
    }
}

/* Requests of the callers' dialog, and the mark that an INFO carries. */
static const struct {
    char letter;
    const char *method, *mark;
    bool has_sdp;
} requests[] = {
    {'t', "INFO", "talk", false},  {'q', "INFO", "queue", false}, {'r', "INFO", "ringing", false},
    {'O', "OPTIONS", NULL, false}, {'M', "MESSAGE", NULL, false}, {'I', "INVITE", NULL, true},
    {'U', "UPDATE", NULL, false},  {'u', "UPDATE", NULL, true},   {'W', "UPDATE", NULL, false},
};

/* Provisional responses; `goes_on`: the next letter is taken at once. */
static const struct {
    char letter;
    const char *status;
    bool has_sdp, goes_on;
} responses[] = {
    {'2', "182 Queued", false, true},   {'3', "183 Session Progress", true, true},
    {'8', "180 Ringing", false, true},  {'1', "180 Ringing", false, false},
    {'X', "180 Ringing", false, false}, {'Y', "180 Ringing", false, false},
};

/* Whether the letter was of a table. */
static bool take_plain(peer *p, call *c, char letter)
{
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        if (requests[i].letter == letter) {
            peer_request(p, c, requests[i].method, ++c->cseq_out, requests[i].mark,
                         requests[i].has_sdp);
            return true;
        }
    }
    for (size_t i = 0; i < sizeof responses / sizeof *responses; i++) {
        if (responses[i].letter != letter)
            continue;
        peer_respond_to_invite(p, c, responses[i].status, responses[i].has_sdp);
        if (responses[i].goes_on)
            peer_take_step(p, c);
        return true;
    }
    return false;
}

static void wait_for(call *c, const char *what)
{
    (void)snprintf(c->pending, sizeof c->pending, "%s", what);
}

/* What the centre does with an agent. Whether it was that. */
static bool take_agent(peer *p, call *c, char letter)
{
    switch (letter) {
    case 'g':
        c->is_agent_up = true;
        c->attempt++;
        peer_request_agent(p, c, "INVITE", 1, true);
        wait_for(c, "180");
        return true;
    case 'c':
        peer_end_agent(p, c);
        wait_for(c, "487");
        return true;
    case 'k':
        c->attempt++;
        (void)snprintf(c->number, sizeof c->number, "unknown");
        peer_request_agent(p, c, "INVITE", 1, true);
        wait_for(c, "404");
        return true;
    case 'h':
        wait_for(c, "answer");
        if (c->is_agent_answered)
            peer_take_step(p, c);
        return true;
    default:
        return false;
    }
}

/* What a centre asks of callers who offer extensions, and may be led on. Whether it was that. */
static bool take_extension(peer *p, call *c, char letter)
{
    const char *asked = peer_asks_anew(letter);
    if (asked != NULL) {
        peer_respond_to_invite(p, c, asked, false);
        wait_for(c, "anew");
    } else if (letter == 'e') {
        char reliable[64];
        (void)snprintf(reliable, sizeof reliable, "180 Ringing\r\nRequire: 100rel\r\nRSeq: %u",
                       peer_rseq(c));
        peer_respond_to_invite(p, c, reliable, false);
        peer_respond_to_invite(p, c, reliable, false);
        wait_for(c, "PRACK");
    } else if (letter == 'v') {
        wait_for(c, "refresh");
    } else {
        return false;
    }
    return true;
}

/* The rest: what a call does out of order, its answer, and its end. */
static void take_special(peer *p, call *c, char letter)
{
    const way agents = peer_way_to_agents(p);
    switch (letter) {
    case 'w':
        break;
    case 'C':
    case 'D':
        peer_respond_to_invite(p, c, peer_challenge(c), false);
        wait_for(c, "credentials");
        break;
    case 'F':
        peer_respond_to_invite(p, c, "503 Service Unavailable", false);
        c->is_up = false;
        break;
    case 'A':
    case 'L':
    case 'T':
        c->is_answered = true;
        peer_respond_to_invite(p, c, letter == 'T' ? PEER_TIMED_OK : "200 OK", true);
        wait_for(c, "ACK");
        break;
    case 'B':
        c->is_up = false;
        peer_request(p, c, "BYE", ++c->cseq_out, NULL, false);
        peer_end_agent(p, c);
        break;
    case 'R':
        c->cseq_out += 2;
        peer_request(p, c, "INFO", c->cseq_out, "ringing", false);
        break;
    case 'Q':
        peer_request(p, c, "INFO", c->cseq_out - 1, "queue", false);
        break;
    case 'd':
        peer_send(p, &c->from_way, c->last);
        wait_for(c, "INFO");
        break;
    case 'p':
    case 'P':
        wait_for(c, "ping");
        ping(p, c, letter == 'p' ? &c->from_way : &agents,
             letter == 'p' ? rig_address_port(&c->from_way.address) : p->agents_port);
        break;
    default:
        peer_report_bad(p, "script", c->script);
    }
}

void peer_take_step(peer *p, call *c)
{
    char letter = c->script[c->step];
    c->pending[0] = '\0';
    if (letter == '\0' || !c->is_up)
        return;
    c->step++;
    note(c, letter);
    if (!take_plain(p, c, letter) && !take_agent(p, c, letter) && !take_extension(p, c, letter))
        take_special(p, c, letter);
}
