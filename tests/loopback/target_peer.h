/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A tiny SIP peer on raw sockets, and the embedded call centre in a thread beside it: what the
 * tests of the call centre are written with. The peer knows just enough SIP to build a request,
 * copy headers into an answer and tell a retransmission from a new message. */
#ifndef RIG_TESTS_TARGET_PEER_H
#define RIG_TESTS_TARGET_PEER_H

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "callcentre/callcentre.h"

/** A wait that only ends a test that has failed: far beyond any machine's slowness. */
enum { PEER_WAIT_MS = 30000 };

/** Longer than any test lasts, scenario time. */
#define PEER_FOREVER_S 100000.0

/** Room for one message, its NUL included; connections at once of one peer. */
enum { PEER_MESSAGE_SIZE = 32768, PEER_CONNECTIONS = 4, PEER_MOST_PORTS = 4 };

/** One message, NUL-terminated. */
typedef struct peer_message {
    char text[PEER_MESSAGE_SIZE];
} peer_message;

/** One TCP connection and what it has brought. */
typedef struct peer_connection {
    int fd; /**< -1 = none */
    char *bytes;
    size_t n;
} peer_connection;

/** A socket on loopback that talks to the centre. */
typedef struct peer {
    int fd; /**< UDP; TCP: listens */
    rig_transport transport;
    int family;
    const char *host; /**< as in a URI */
    const char *via;  /**< "UDP" or "TCP" */
    peer_connection connections[PEER_CONNECTIONS];
    size_t current;       /**< the connection that peer_send uses: of the last message */
    size_t n_connections; /**< ever */
    size_t n_accepted;    /**< of these, opened by the centre */
    uint16_t port;
    uint16_t target_port;
    uint32_t seen[512]; /**< hashes of what came already: retransmissions are counted, not given */
    size_t n_seen;
    size_t n_again; /**< retransmissions received */
    peer_message last_again;
    peer_message kept[8]; /**< came before their turn */
    size_t n_kept;
} peer;

/** A call centre with one trunk group and one agent group; the test changes what it needs, then
 * starts. */
typedef struct peer_centre {
    rig_trunk_group trunks[2];
    rig_agent_group agents;
    rig_scenario scenario;
    rig_callcentre_options options;
    rig_callcentre_defect defects[2];
    rig_callcentre_counts counts;
    rig_error err;
    rig_status status;
    rig_stop stop;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    char host[64];
    uint16_t port;                   /**< 0 until ready */
    uint16_t ports[PEER_MOST_PORTS]; /**< of each carrier */
    size_t n_ports;
    bool is_running;
    bool has_ended;
    peer callers; /**< one socket plays all callers */
    peer phones;  /**< one socket plays all agents' phones */
} peer_centre;

/** One dialog as the peer sees it. */
typedef struct peer_dialog {
    peer *peer;
    char call_id[64];
    char local[128];  /**< our From or To value without tag */
    char remote[128]; /**< the other's */
    char local_tag[64];
    char remote_tag[128];
    char target[128]; /**< Request-URI of our requests */
    unsigned cseq;
    char invite_branch[64];
} peer_dialog;

/** cmocka's set-up: *state is a peer_centre with ten circuits, ten ports, a menu of 0 s, one agent
 * with a patient phone, no time-outs; not started. */
int peer_setup(void **state);

/** cmocka's tear-down: stops the centre, also after a failure, and frees it. */
int peer_teardown(void **state);

/** A test on a centre of its own. */
#define PEER_TEST(f) cmocka_unit_test_setup_teardown(f, peer_setup, peer_teardown)

/** Use another transport or family than UDP and AF_INET; before the start. */
void peer_centre_use(peer_centre *centre, rig_transport transport, int family);

/** Break it: a defect as text; before the start. */
void peer_centre_break(peer_centre *centre, const char *defect);

/** Start it and wait until it is ready. */
void peer_centre_start(peer_centre *centre);

/** Tell it to stop, without waiting. */
void peer_centre_tell_stop(peer_centre *centre);

/** Wait for its end, having told it to stop if need be; checks RIG_OK and that the counts add up.
 */
void peer_centre_stop(peer_centre *centre);

/** Sockets of a peer. */
void peer_open(peer *p, rig_transport transport, int family);
void peer_close(peer *p);

/** TCP: connect to the centre; the connection is then the one that is sent by. @return its index.
 */
size_t peer_connect(peer *p);

/** TCP: close a connection. */
void peer_disconnect(peer *p, size_t connection);

/** Send bytes; over TCP by the current connection, which is opened when there is none. */
void peer_write(peer *p, const char *text, size_t n);

/** The next message, retransmission or not. @return false after wait_ms without one. */
bool peer_read(peer *p, peer_message *message, int wait_ms);

/** The next message that is not a retransmission. @return false after wait_ms without one. */
bool peer_receive(peer *p, peer_message *message, int wait_ms);

/** The next message must begin so ("INVITE ", "SIP/2.0 200 "). */
void peer_expect(peer *p, const char *start, peer_message *message);

/** The next message of this dialog must begin so and have this CSeq method; other dialogs' are
 * kept. */
void peer_expect_in(peer_dialog *dialog, const char *start, const char *method,
                    peer_message *message);

/** Whatever comes for another while, it must not be a new message. */
void peer_expect_silence(peer *p, int wait_ms);

/** Send a message of printf's form. */
void peer_send(peer *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** The value of a header, in one of eight static buffers that take turns; "" when there is none. */
const char *peer_header(const peer_message *message, const char *name);

/** What follows the blank line. */
const char *peer_body(const peer_message *message);

/** Answer a request; `extra` holds whole header lines (CRLF) or is "", body an SDP or NULL. */
void peer_reply(peer *p, const peer_message *request, const char *status, const char *to_tag,
                const char *extra, const char *body);

/** Send a request within a dialog, or (CANCEL, ACK of a failure) for its first INVITE. */
void peer_request(peer_dialog *dialog, const char *method, const char *extra, const char *body);

/** The ACK of a 200 to our INVITE. */
void peer_ack(peer_dialog *dialog);

/** A caller's INVITE: caller number 7000 + k, SDP session name "caller-k". */
void peer_call(peer_centre *centre, peer_dialog *dialog, unsigned k);

/** The same INVITE again, byte for byte. */
void peer_call_again(peer_centre *centre, peer_dialog *dialog, unsigned k);

/** A call that is answered: INVITE, 100, 200, ACK. */
void peer_call_answered(peer_centre *centre, peer_dialog *dialog, unsigned k);

/** INFO with this X-Rig-Stage must come; it is answered. */
void peer_expect_stage(peer_dialog *dialog, const char *stage);

/** BYE with this cause in its Reason must come; it is answered. */
void peer_expect_bye(peer_dialog *dialog, const char *cause);

/** Hang up: BYE, and its 200. */
void peer_hang_up(peer_dialog *dialog);

/** A caller's INVITE again with the next CSeq and further header lines, or NULL. */
void peer_call_with(peer_centre *centre, peer_dialog *dialog, unsigned k, const char *extra);

/** The tag of a To header, for the dialog's further requests. */
void peer_take_tag(peer_dialog *dialog, const peer_message *response);

/** The phone's 200 to CANCEL and 487 to INVITE, and the ACK. */
void peer_accept_cancel(peer_dialog *phone, const peer_message *invite);

/** A provisional response to the INVITE must come, with this X-Rig-Stage ("" = none). */
void peer_expect_provisional(peer_dialog *dialog, const char *status, const char *stage);

/** A final failure must come, with this cause in its Reason ("" = any); it is acknowledged. */
void peer_expect_failure(peer_dialog *dialog, const char *status, const char *cause);

/** CANCEL; its 200 and the 487 must come. */
void peer_cancel(peer_dialog *dialog);

/** An INVITE must come to the phone of agent `k`, which sends 180. */
void peer_phone_is_rung(peer_centre *centre, peer_dialog *phone, peer_message *invite, unsigned k,
                        const peer_dialog *caller);

/** The phone answers, and gets its ACK. */
void peer_phone_takes(peer_dialog *phone, const peer_message *invite);

/** An INVITE must come to the phone of agent `k`; it rings (180) and the caller is told so. */
void peer_phone_rings(peer_centre *centre, peer_dialog *phone, peer_message *invite, unsigned k,
                      peer_dialog *caller);

/** The phone answers; the caller gets the re-INVITE, answers it, and both get their ACKs. */
void peer_phone_answers(peer_dialog *phone, const peer_message *invite, peer_dialog *caller);

/** A phone's dialog from the INVITE that it got, with its own tag. */
void peer_phone_dialog(peer_dialog *phone, peer *p, const peer_message *invite);

#endif
