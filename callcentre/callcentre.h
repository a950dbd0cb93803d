/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The embedded call centre: trunk circuits, IVR ports, a queue and agents, behind real SIP over
 * UDP or TCP, IPv4 or IPv6.
 *
 * It is a back-to-back user agent. Callers send it INVITEs; it rings agents' phones, which are SIP
 * user agents at one address. What it shows on the wire, and when it takes and gives back its
 * resources, is in docs/wire-contract.md; how it can be broken on purpose, in docs/defects.md. It
 * knows nothing of the model that predicts it.
 *
 * Scenario time is divided by scenario->time_scale; SIP's own timers (T1 = 500 ms and so on) are
 * not scaled. It handles no media: its SDP names the discard port, and keys that callers press are
 * heard from INFO alone, not from the audio (RFC 4733).
 *
 * The stack is sofia-sip's transaction layer (nta), in one thread: the caller's. sofia-sip is
 * process-wide in two things: its log is silenced, and SIGPIPE is ignored, from the first run on.
 * Several call centres may run at once, each in a thread of its own. */
#ifndef RIG_CALLCENTRE_CALLCENTRE_H
#define RIG_CALLCENTRE_CALLCENTRE_H

#include <stdint.h>

#include "core/status.h"
#include "core/stop.h"
#include "scenarios/scenario.h"
#include "callcentre/auth.h"
#include "callcentre/defect.h"

/**
 * What the call centre itself saw: the truth that capture and analysis are held against. Unit of
 * every field: calls, unless it says otherwise.
 *
 * n_offered = n_no_circuit + n_answered + n_cancelled + n_stopped_unanswered + n_failed_unanswered
 * + n_muted + n_refused + n_cut_unanswered + n_crashed_unanswered.
 * n_answered = n_ended_in_menu + n_queue_full + n_queue_timeout + n_abandoned_in_queue
 * + n_abandoned_ringing + n_ended_by_caller + n_ended_by_agent + n_dropped + n_stopped_answered
 * + n_deflected + n_crashed_answered.
 */
typedef struct rig_callcentre_counts {
    uint64_t n_offered;            /**< initial INVITEs that were let in; retransmissions,
                                      challenged ones and n_bad_extensions are not counted */
    uint64_t n_no_circuit;         /**< refused with 503 and cause 34: every circuit busy */
    uint64_t n_answered;           /**< taken by the IVR (200 sent; marks "early": 183) */
    uint64_t n_cancelled;          /**< gave up before the IVR took them (CANCEL, or BYE) */
    uint64_t n_stopped_unanswered; /**< refused with 503 and cause 41 because of the stop */
    uint64_t n_failed_unanswered;  /**< refused with 500: out of memory, or the answer could not be
                                      sent */
    uint64_t n_ended_in_menu;      /**< the caller's BYE (or CANCEL) came before the queue */
    uint64_t n_queued;             /**< reached the queue; n_queue_full included */
    uint64_t n_queue_full;         /**< found the queue full (cause 42) */
    uint64_t n_queue_timeout;      /**< waited too long (cause 102) */
    uint64_t n_abandoned_in_queue; /**< the caller left while no agent's phone rang */
    uint64_t n_abandoned_ringing;  /**< the caller left while an agent's phone rang */
    uint64_t n_agent_invites;      /**< INVITEs to agents' phones (a call may need several) */
    uint64_t n_agent_rings;        /**< of these, phones that began to ring */
    uint64_t n_ring_timeouts;      /**< not answered within ring_timeout_s, dead phones included */
    uint64_t n_agent_failures;     /**< of n_agent_invites: refused by the phone, or unreachable */
    uint64_t n_talks;              /**< an agent answered */
    uint64_t n_ended_by_caller;    /**< of n_talks: the caller's BYE ended it */
    uint64_t n_ended_by_agent;     /**< of n_talks: the agent's BYE ended it */
    uint64_t n_dropped; /**< answered calls cut by the centre, but for the queue's reasons and the
                             stop: no ACK, or the caller's phone no longer knew the call, or
                             the defect "drop", or a fault of the scenario */
    uint64_t n_cut_unanswered;   /**< refused with 503 and cause 38 by a fault of the scenario */
    uint64_t n_stopped_answered; /**< answered calls cut by the stop (BYE, cause 41) */
    uint64_t n_up_at_stop;      /**< ended or refused by the stop: the two n_stopped_... together */
    uint64_t n_challenged;      /**< INVITEs, not calls: 401 or 407 for want of fresh credentials */
    uint64_t n_bad_credentials; /**< INVITEs, not calls: 401 or 407 to wrong ones */
    uint64_t n_strange_contacts; /**< INVITEs, not calls: 403, and answers of agents whose Contact
                                    was passed over: they would have made us send to others */
    uint64_t n_bad_extensions;   /**< INVITEs, not calls: 420, they required something */
    uint64_t n_keys;             /**< INFOs, not calls: keys in the menu */
    uint64_t n_muted;            /**< defect mute_every: no response */
    uint64_t n_refused;          /**< defects refuse_after: 503, cause 41, and reject */
    uint64_t n_leaked_circuits;  /**< circuits, not calls: defect leak_on_cancel */
    uint64_t n_deflected;        /**< told in the queue not to wait, and hung up (cause 16); by the
                                    defect message, too */
    uint64_t n_promised;         /**< of n_deflected: promised a call back */
    uint64_t n_call_backs;       /**< calls of ours, not callers': dialled to keep a promise */
    uint64_t n_called_back; /**< promises kept: an agent has talked with the caller to the end */
    uint64_t n_vain_call_backs;    /**< of n_call_backs: not answered, or not brought to an agent */
    uint64_t n_never_reached;      /**< promises broken: all attempts were in vain */
    uint64_t n_crashed_unanswered; /**< defect crash: lost before the IVR took them */
    uint64_t n_crashed_answered;   /**< defect crash: lost later */
    uint64_t n_crossed_cancels; /**< agents' 200s that crossed our CANCEL (ACK and BYE followed) */
    uint64_t n_mark_retries;    /**< re-INVITEs or UPDATEs sent again after 491 or 500 */
    uint64_t n_late_answers;    /**< 200s to INVITEs of ours that were given up: hung up */
    uint64_t n_acks_again; /**< 200s to our INVITEs that came again and were acknowledged again */
    uint64_t n_unknown_dialog; /**< requests, not calls: answered with 481 */
    uint64_t n_pings;          /**< requests, not calls: OPTIONS outside a dialog */
    uint64_t n_sip_errors;     /**< unreadable messages, and transactions that timed out */
    uint64_t n_retransmissions_received; /**< requests, not calls: seen before */
    uint64_t n_retransmissions_sent;     /**< requests, not calls: sent again by SIP's timers */
    uint32_t n_peak_circuits;            /**< most circuits in use at once */
    uint32_t n_peak_ports;               /**< most IVR ports in use at once */
    uint32_t n_peak_waiting;             /**< longest queue */
    uint32_t n_peak_agents; /**< most agents not idle at once (ringing, talking, wrapping up) */
} rig_callcentre_counts;

/** Where the call centre listens, where its agents' phones are, and when it stops. The transport
 * (UDP or TCP, on both sides) and the callers' credentials are the scenario's: target.transport,
 * callers.auth. */
typedef struct rig_callcentre_options {
    const char *listen_host; /**< address or name of one interface; NULL = 127.0.0.1. A name stands
                                  for its IPv4 address, if it has one */
    uint16_t listen_port; /**< 0 = any free one. Where carriers have shares each has a port of its
                               own: this one, and those behind it */
    const char *agents_host; /**< address or name of the agents' phones, of the same family; NULL =
                                  loopback */
    uint16_t agents_port;    /**< > 0. Agent K (from 1) is rung at `sip:agentK@HOST:PORT`, or by the
                                user of agents[].register */
    const char *callers_host; /**< address or name where callers are called back, of the same
                                   family; NULL = loopback */
    uint16_t callers_port;    /**< > 0 where the scenario calls callers back */
    rig_callcentre_challenge challenge; /**< how callers are asked for credentials, when the
                                         scenario has any; else they are not asked */
    rig_callcentre_digest digest;
    double nonce_life_s;                  /**< wire time; 0 = 300 */
    const rig_callcentre_defect *defects; /**< borrowed; NULL when there are none */
    size_t n_defects;
    const char *const
        *allow; /**< hosts that may be sent to, beside loopback, callers, ourselves and
                     target.allow: agents' phones, Contacts; NULL when n_allow is 0 */
    size_t n_allow;
    const rig_stop *stop; /**< looked at every 20 ms: the centre shall end; NULL = never */
    double first_call_s;  /**< when the first INVITE comes, scenario time: the scenario's faults
                               come at their instants when it is so */
    double refresh_s;   /**< refresh a caller's session each so often from its answer on (RFC 4028),
                             wire time: by re-INVITE where the marks are, else by UPDATE; 0: never */
    bool tells_dialled; /**< send an UPDATE with the connected line when an agent is dialled, as
                             PBXs do: it says nothing of an answer */
    bool has_short_headers; /**< write the names of headers in their short forms (RFC 3261, 7.3.3),
                                 as Asterisk does with compact_headers */
    /** Called once, in the run's thread, when calls can come; may be NULL.
     * @param ports  Of each carrier, in the scenario's order; one where carriers have no shares. */
    void (*ready)(void *ctx, const char *host, const uint16_t *ports, size_t n_ports);
    /** Called about once a second of wire time, in the run's thread; may be NULL. It must not wait.
     * @param counts  So far, without the peaks. */
    void (*counted)(void *ctx, const rig_callcentre_counts *counts);
    void *ctx; /**< for ready, counted */
} rig_callcentre_options;

/**
 * Do the defects fit the scenario: has it what they need to be ones (a trunk group, class or skill
 * of that name, carriers, priorities, a queue that can be full or overflows), is there one crash at
 * most?
 * @return RIG_OK; RIG_EINPUT with what is wrong.
 */
rig_status rig_callcentre_check_defects(const rig_scenario *scenario,
                                        const rig_callcentre_defect *defects, size_t n,
                                        rig_error *err);

/**
 * Be the call centre of a scenario until options->stop is set. Then: 503 to unanswered
 * calls, BYE (Reason Q.850;cause=41) to answered ones, CANCEL or BYE to agents' phones; at most
 * 2 s later it returns, whether or not the others answered.
 *
 * Not promised: real time. Each of the centre's own delays ends at its instant or later, by what
 * the kernel needs to wake a process (0.1 ms on an idle machine). The socket's receive buffer is
 * asked to be 4 MiB; without CAP_NET_ADMIN the kernel cuts it to net.core.rmem_max, and then a
 * burst while the process is not scheduled may be lost and come again by SIP's retransmission.
 * Memory is bounded, but not small: the stack remembers a transaction for up to 64 * T1 = 32 s
 * after its end, about 10 kB each. To shorten that would shorten the time after which an unanswered
 * request is given up, too: the stack has one setting for both. Over UDP an INVITE of ours that was
 * accepted is not kept (callcentre/sip/accepted.h); what is left is about 0.4 MB for each call per
 * second of a lasting load.
 *
 * @param scenario     Borrowed for the run; only target-side fields are used.
 * @param options      Borrowed for the run.
 * @param[out] counts  May be NULL; written at the end, untouched on error.
 * @return RIG_OK after a stop; RIG_EDOM for a scenario without circuits, ports or agents, an
 *         agents_port of 0, a callers_port of 0 where callers are called back, a listen_host of
 *         0.0.0.0 or ::, or two families of addresses;
 * RIG_EINPUT for a defect that does not fit the scenario; RIG_EENV when an address cannot be
 *         resolved or the port not be bound (in use, no permission), with a message that names it;
 *         RIG_ENOMEM.
 */
rig_status rig_callcentre_run(const rig_scenario *scenario, const rig_callcentre_options *options,
                              rig_callcentre_counts *counts, rig_error *err);

#endif
