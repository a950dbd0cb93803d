/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside of the scripted peer: its calls and messages. Private to generator_peer*.c. */
#ifndef RIG_TESTS_LOOPBACK_GENERATOR_PEER_IMPL_H
#define RIG_TESTS_LOOPBACK_GENERATOR_PEER_IMPL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "generator/address.h"
#include "tests/loopback/generator_peer.h"

enum { MAX_CALLS = 256, MAX_LINKS = 16, MESSAGE_SIZE = 4096, HEADER_SIZE = 512 };

/* What an agent's INVITE has below our own Via, as if it had come by way of a proxy. */
#define PEER_BEHIND     "SIP/2.0/UDP centre.invalid;branch=z9hG4bKbehind"
#define PEER_VIA_BEHIND "Via: " PEER_BEHIND "\r\n"

/* What is more than a status. */
#define PEER_TIMED_OK                                                                              \
    "200 OK\r\nRequire: timer\r\nSession-Expires: 2;refresher=uac\r\nAllow: INVITE, UPDATE"

/* Where a message came from and an answer goes: a UDP address, or a TCP connection. */
typedef struct way {
    rig_address address;
    int fd; /* of TCP */
} way;

/* One call: the caller's leg, and the agent's leg when there is one. */
typedef struct call {
    char id[HEADER_SIZE];
    const char *script;
    size_t step;
    way from_way;
    char via[HEADER_SIZE], from[HEADER_SIZE], to[HEADER_SIZE], cseq[HEADER_SIZE], number[64];
    char contact[HEADER_SIZE];
    unsigned cseq_out;       /* of our requests to the caller */
    char pending[32];        /* method whose response takes the next step */
    char last[MESSAGE_SIZE]; /* our last request */
    bool is_up, is_answered;
    bool has_lost;             /* the first BYE (L, Y) */
    char cancel[MESSAGE_SIZE]; /* Y: the CANCEL that has no answer yet */
    char agent_to[HEADER_SIZE];
    bool is_agent_up, is_agent_answered;
    unsigned attempt; /* of ringing an agent, from 1; each has a Call-ID of its own */
    unsigned n_digits;
    char prack[HEADER_SIZE]; /* CSeq of his PRACK */
    size_t index;            /* X-Rig-Call */
    peer_instants at;
} call;

/* A TCP connection: what has come and is no whole message yet. */
typedef struct link {
    int fd;
    char data[65536];
    size_t n;
} link_in;

struct peer {
    peer_kind kind;
    int fd;
    uint16_t port, agents_port;
    char host[RIG_ADDRESS_SIZE + 2]; /* as in a URI */
    const char *const *scripts;
    size_t n_scripts;
    pthread_t thread;
    bool has_thread;
    atomic_bool is_ending;
    pthread_mutex_t lock; /* of counts */
    peer_counts counts;
    call calls[MAX_CALLS];
    size_t n_calls;
    link_in *links[MAX_LINKS];
    size_t n_links;
    int agents_fd; /* TCP to the agents' phones; -1: none yet */
};

/* The value of the first header of a name; "" when there is none. */
void peer_header(const char *message, const char *name, char value[HEADER_SIZE]);

/* Keep an instant, unless an earlier one is kept. */
void peer_note(double *kept_ms);

/* Count a message that is not as it should be. */
void peer_report_bad(peer *p, const char *what, const char *message);

/* RSeq of the reliable response to his INVITE: each INVITE numbers for itself (RFC 3262, 3), here
 * from one less than the one before. */
unsigned peer_rseq(const call *c);

/* The final response that asks for another INVITE: of the letters S, N, E and V. */
const char *peer_asks_anew(char letter);

/* Send a text. */
void peer_send(peer *p, const way *to, const char *text);

/* The way to the agents' phones. */
way peer_way_to_agents(peer *p);

/* "UDP" or "TCP". */
const char *peer_transport(const peer *p);

/* Something has come. */
void peer_on_message(peer *p, const char *message, const way *from);

/* Take the next step of a call's script. (generator_peer_script.c) */
void peer_take_step(peer *p, call *c);

/* Respond to a request. cseq NULL: the request's own. (generator_peer_script.c) */
void peer_respond(peer *p, const way *to, const char *request, const char *status, const char *cseq,
                  bool with_sdp);
void peer_respond_to_invite(peer *p, call *c, const char *status, bool with_sdp);

/* Requests to the caller, to the agent's phone. (generator_peer_script.c) */
void peer_request(peer *p, call *c, const char *method, unsigned cseq, const char *stage,
                  bool with_sdp);
void peer_request_agent(peer *p, call *c, const char *method, unsigned cseq, bool with_sdp);
void peer_end_agent(peer *p, call *c);

/* Whether an INVITE or BYE answers the challenge. (generator_peer_script.c) */
bool peer_knows_password(const char *request);

/* The response that asks for credentials, by the first letter of the script: its INVITE and its
 * BYE; NULL: none. (generator_peer_script.c) */
const char *peer_challenge(const call *c);

#endif
