/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The peer's second storey: whole exchanges, as callers and agents' phones make them. */
#include "target_peer.h"

#include <stdio.h>
#include <string.h>

static void read_tag(char *tag, size_t n, const char *value)
{
    const char *at = strstr(value, ";tag=");
    assert_non_null(at);
    (void)snprintf(tag, n, "%.*s", (int)strcspn(at + 5, ";> \r"), at + 5);
}

static void sdp_of(char *sdp, size_t n, const char *name)
{
    (void)snprintf(sdp, n,
                   "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=%s\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                   "m=audio 4000 RTP/AVP 8\r\n",
                   name);
}

static void send_first_invite(peer_dialog *d, unsigned k, const char *extra)
{
    char name[32], sdp[256];
    (void)snprintf(name, sizeof name, "caller-%u", k);
    sdp_of(sdp, sizeof sdp, name);
    peer_send(d->peer,
              "INVITE %s SIP/2.0\r\nVia: SIP/2.0/%s %s:%u;branch=%s\r\n"
              "From: %s;tag=%s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %u INVITE\r\nMax-Forwards: 70\r\n"
              "Contact: <sip:%u@%s:%u>\r\nX-Rig-Call: %u\r\n%s"
              "Content-Type: application/sdp\r\nContent-Length: %zu\r\n\r\n%s",
              d->target, d->peer->via, d->peer->host, d->peer->port, d->invite_branch, d->local,
              d->local_tag, d->remote, d->call_id, d->cseq, 7000 + k, d->peer->host, d->peer->port,
              k, extra, strlen(sdp), sdp);
}

static void begin_dialog(peer_centre *centre, peer_dialog *dialog, unsigned k)
{
    const char *host = centre->callers.host;
    memset(dialog, 0, sizeof *dialog);
    dialog->peer = &centre->callers;
    (void)snprintf(dialog->call_id, sizeof dialog->call_id, "call-%u", k);
    (void)snprintf(dialog->local, sizeof dialog->local, "<sip:%u@%s:%u>", 7000 + k, host,
                   dialog->peer->port);
    (void)snprintf(dialog->remote, sizeof dialog->remote, "<sip:800@%s:%u>", host, centre->port);
    (void)snprintf(dialog->target, sizeof dialog->target, "sip:800@%s:%u", host, centre->port);
    (void)snprintf(dialog->local_tag, sizeof dialog->local_tag, "caller%u", k);
    (void)snprintf(dialog->invite_branch, sizeof dialog->invite_branch, "z9hG4bK-invite-%u", k);
    dialog->cseq = 1;
}

void peer_call(peer_centre *centre, peer_dialog *dialog, unsigned k)
{
    begin_dialog(centre, dialog, k);
    send_first_invite(dialog, k, "");
}

void peer_call_with(peer_centre *centre, peer_dialog *dialog, unsigned k, const char *extra)
{
    unsigned cseq = dialog->cseq;
    begin_dialog(centre, dialog, k);
    dialog->cseq = cseq + 1;
    (void)snprintf(dialog->invite_branch, sizeof dialog->invite_branch, "z9hG4bK-invite-%u-%u", k,
                   dialog->cseq);
    send_first_invite(dialog, k, extra);
}

void peer_call_again(peer_centre *centre, peer_dialog *dialog, unsigned k)
{
    (void)centre;
    send_first_invite(dialog, k, "");
}

void peer_take_tag(peer_dialog *dialog, const peer_message *response)
{
    read_tag(dialog->remote_tag, sizeof dialog->remote_tag, peer_header(response, "To"));
}

void peer_call_answered(peer_centre *centre, peer_dialog *dialog, unsigned k)
{
    peer_message m;
    peer_call(centre, dialog, k);
    peer_expect_in(dialog, "SIP/2.0 100 ", "INVITE", &m);
    peer_expect_in(dialog, "SIP/2.0 200 ", "INVITE", &m);
    peer_take_tag(dialog, &m);
    peer_ack(dialog);
}

void peer_expect_stage(peer_dialog *dialog, const char *stage)
{
    peer_message m;
    peer_expect_in(dialog, "INFO ", "INFO", &m);
    assert_string_equal(peer_header(&m, "X-Rig-Stage"), stage);
    assert_string_equal(peer_body(&m), "");
    peer_reply(dialog->peer, &m, "200 OK", "", "", NULL);
}

void peer_expect_provisional(peer_dialog *dialog, const char *status, const char *stage)
{
    peer_message m;
    char start[32];
    (void)snprintf(start, sizeof start, "SIP/2.0 %s ", status);
    peer_expect_in(dialog, start, "INVITE", &m);
    assert_string_equal(peer_header(&m, "X-Rig-Stage"), stage);
    peer_take_tag(dialog, &m);
}

void peer_expect_failure(peer_dialog *dialog, const char *status, const char *cause)
{
    peer_message m;
    char start[32], expected[32];
    (void)snprintf(start, sizeof start, "SIP/2.0 %s ", status);
    (void)snprintf(expected, sizeof expected, "Q.850;cause=%s;text=\"", cause);
    peer_expect_in(dialog, start, "INVITE", &m);
    if (cause[0])
        assert_memory_equal(peer_header(&m, "Reason"), expected, strlen(expected));
    peer_take_tag(dialog, &m);
    peer_request(dialog, "ACK", NULL, NULL);
}

void peer_cancel(peer_dialog *dialog)
{
    peer_message m;
    peer_request(dialog, "CANCEL", NULL, NULL);
    peer_expect_in(dialog, "SIP/2.0 200 ", "CANCEL", &m);
    peer_expect_failure(dialog, "487", "");
}

void peer_expect_bye(peer_dialog *dialog, const char *cause)
{
    peer_message m;
    char expected[32];
    (void)snprintf(expected, sizeof expected, "Q.850;cause=%s;text=\"", cause);
    peer_expect_in(dialog, "BYE ", "BYE", &m);
    const char *reason = peer_header(&m, "Reason");
    if (strncmp(reason, expected, strlen(expected)) != 0)
        fail_msg("expected Reason: %s, got %s", expected, reason);
    peer_reply(dialog->peer, &m, "200 OK", "", "", NULL);
}

void peer_hang_up(peer_dialog *dialog)
{
    peer_message m;
    peer_request(dialog, "BYE", "", NULL);
    peer_expect_in(dialog, "SIP/2.0 200 ", "BYE", &m);
}

void peer_phone_dialog(peer_dialog *phone, peer *p, const peer_message *invite)
{
    memset(phone, 0, sizeof *phone);
    phone->peer = p;
    const char *from = peer_header(invite, "From");
    read_tag(phone->remote_tag, sizeof phone->remote_tag, from);
    (void)snprintf(phone->remote, sizeof phone->remote, "%.*s", (int)strcspn(from, ";"), from);
    (void)snprintf(phone->local, sizeof phone->local, "%s", peer_header(invite, "To"));
    (void)snprintf(phone->call_id, sizeof phone->call_id, "%s", peer_header(invite, "Call-ID"));
    (void)snprintf(phone->local_tag, sizeof phone->local_tag, "phone");
    const char *contact = peer_header(invite, "Contact");
    const char *uri = strchr(contact, '<');
    assert_non_null(uri);
    (void)snprintf(phone->target, sizeof phone->target, "%.*s", (int)strcspn(uri + 1, ">"),
                   uri + 1);
    phone->cseq = 100;
}

void peer_accept_cancel(peer_dialog *phone, const peer_message *invite)
{
    peer_message m;
    peer_expect_in(phone, "CANCEL ", "CANCEL", &m);
    peer_reply(phone->peer, &m, "200 OK", phone->local_tag, "", NULL);
    peer_reply(phone->peer, invite, "487 Request Terminated", phone->local_tag, "", NULL);
    peer_expect_in(phone, "ACK ", "ACK", &m);
}

void peer_phone_is_rung(peer_centre *centre, peer_dialog *phone, peer_message *invite, unsigned k,
                        const peer_dialog *caller)
{
    char start[96];
    bool is_tcp = centre->phones.transport == RIG_TRANSPORT_TCP;
    (void)snprintf(start, sizeof start, "INVITE sip:agent%u@%s:%u%s ", k, centre->phones.host,
                   centre->phones.port, is_tcp ? ";transport=tcp" : "");
    peer_expect(&centre->phones, start, invite);
    peer_phone_dialog(phone, &centre->phones, invite);
    assert_string_equal(peer_header(invite, "X-Caller-Call-ID"), caller->call_id);
    peer_reply(&centre->phones, invite, "180 Ringing", phone->local_tag, "", NULL);
}

void peer_phone_rings(peer_centre *centre, peer_dialog *phone, peer_message *invite, unsigned k,
                      peer_dialog *caller)
{
    peer_phone_is_rung(centre, phone, invite, k, caller);
    peer_expect_stage(caller, "ringing");
}

void peer_phone_takes(peer_dialog *phone, const peer_message *invite)
{
    peer_message m;
    char sdp[256];
    sdp_of(sdp, sizeof sdp, "agent");
    peer_reply(phone->peer, invite, "200 OK", phone->local_tag, "", sdp);
    peer_expect_in(phone, "ACK ", "ACK", &m);
}

void peer_phone_answers(peer_dialog *phone, const peer_message *invite, peer_dialog *caller)
{
    peer_message m;
    char sdp[256];
    peer_phone_takes(phone, invite);
    sdp_of(sdp, sizeof sdp, "agent");
    peer_expect_in(caller, "INVITE ", "INVITE", &m);
    assert_string_equal(peer_body(&m), sdp);
    sdp_of(sdp, sizeof sdp, "caller");
    peer_reply(caller->peer, &m, "200 OK", "", "", sdp);
    peer_expect_in(caller, "ACK ", "ACK", &m);
}
