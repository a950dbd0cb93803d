/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From captured packets to calls: the public door of the analyzer.
 *
 * Packets go in one at a time, in the order in which they were captured, from a live capture or
 * from files; running counts can be read at any time; calls come out one by one as they are over
 * (call_sink.h), or all together at the end. Only the wire is believed: nothing is taken from the
 * program that placed the calls.
 *
 * What is read below SIP is in decoder.h; which SIP, in sip.h; how legs become calls
 * and calls have outcomes, in the rules (docs/rules.md).
 *
 * Memory follows the calls in progress: about 1 kB for each call, and for each leg, that is in
 * progress or ended less than 64 s ago, and 24 bytes for each message that a busy leg has had in
 * the last 128 s beyond its eight latest. Nothing is copied from a packet but Call-IDs (at most
 * RIG_SIP_MAX_CALL_ID bytes each, once with the leg and once with the call), the texts of Reason
 * headers (what fits into a call's reason) and, with parties, numbers of up to 127 bytes.
 * Registrations, where someone asks for them, take some 100 bytes each that was in progress less
 * than 64 s ago. Without a sink every call is kept until the end, too (some 250 bytes).
 *
 * An analyzer is not thread-safe: one thread feeds it and reads it, or the callers lock. */
#ifndef RIG_ANALYZER_ANALYZER_H
#define RIG_ANALYZER_ANALYZER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/call_sink.h"
#include "analyzer/call_watch.h"
#include "analyzer/capture_order.h"
#include "analyzer/clock_offset.h"
#include "analyzer/explain.h"
#include "analyzer/decoder.h"
#include "analyzer/registration.h"
#include "analyzer/untied.h"
#include "core/call.h"
#include "core/stage.h"
#include "core/status.h"
#include "core/stop.h"

/** Legs that are followed at one time, unless told otherwise. */
#define RIG_ANALYZER_MAX_LEGS 4000000
/** Memory that a leg and its call take: 1,802 bytes from 100,000 to 200,000 calls open at once. */
#define RIG_ANALYZER_BYTES_A_LEG 1800
/** A leg that has been silent for so long is given up where room is needed. */
#define RIG_ANALYZER_SILENCE_NS (3600 * RIG_NS_PER_S)
/** A leg that has been silent for so long is given up in any case. */
#define RIG_ANALYZER_LONG_SILENCE_NS (24 * RIG_ANALYZER_SILENCE_NS)

/** Clocks differ by the greatest lead of a response over its request, and by what the response
 * took, which is not known: so much is allowed for it. */
#define RIG_ANALYZER_SURE_NS (RIG_NS_PER_S / 20)

struct rig_rules;

/** An analysis under way; opaque. */
typedef struct rig_analyzer rig_analyzer;

/** How to analyze. All zero: the built-in rules, all calls at the end. */
typedef struct rig_analyzer_options {
    const struct rig_rules *rules; /**< borrowed; NULL: the built-in rules */
    rig_call_sink sink;            /**< `take` NULL: calls are kept for rig_analyzer_finish */
    const rig_explain *explain;    /**< borrowed; NULL: nobody asks */
    const struct rig_tap *tap;     /**< borrowed; NULL: nobody listens (tap.h) */
    bool
        with_parties; /**< tell who called whom with each call: some 500 bytes a call in progress */
    bool with_redials; /**< count which call of its caller each is (rig_call.nth_of_caller), as is
                            done with_parties: up to 32 bytes for each number that calls */
    size_t max_legs;   /**< 0: RIG_ANALYZER_MAX_LEGS */
    /** How far clocks of files that nothing ties may be apart (untied.h); 0: RIG_UNTIED_APART_NS,
     * -1: not at all. */
    int64_t clocks_apart_ns;
    rig_registration_sink registrations; /**< `take` NULL: registrations are not followed */
    size_t max_registrations; /**< that are followed at one time; 0: as in calls/registrar.h */
} rig_analyzer_options;

/** Running counts, for a live line: cheap, and right for calls that are over and unlikely to
 * change. */
typedef struct rig_live_counts {
    int64_t t_last_ns;      /**< last packet; RIG_NO_TIME before the first */
    uint64_t n_packets;     /**< frames given in */
    uint64_t n_messages;    /**< SIP messages, with retransmissions and duplicates */
    uint64_t n_offered;     /**< calls */
    uint64_t n_in_progress; /**< circuits in use */
    uint64_t n_answered;    /**< calls that have been answered, also if they are over */
    uint64_t
        n_outcome[RIG_N_OUTCOMES]; /**< so far; calls in progress under RIG_OUTCOME_IN_PROGRESS */
} rig_live_counts;

/** What the capture held. All are counts but the two instants and the two flags. */
typedef struct rig_capture_counts {
    rig_decoder_counts packets; /**< below SIP */
    int64_t t_first_ns;         /**< earliest frame; RIG_NO_TIME when there was none */
    int64_t t_last_ns;          /**< latest frame; RIG_NO_TIME when there was none */
    uint64_t n_messages;        /**< SIP messages that were read */
    uint64_t n_messages_cut;    /**< cut inside headers that are needed: not used, lest they make
                                   phantoms */
    uint64_t
        n_messages_part; /**< of n_messages: cut among their headers, but with all that is needed
                            to follow them; what stood behind (Reason, marks) is not known */
    uint64_t n_messages_malformed; /**< without a usable Call-ID, CSeq, From or To: not used */
    uint64_t n_messages_too_long;  /**< headers over RIG_SIP_MAX_HEAD: not used */
    uint64_t n_limit_call_ids; /**< of n_messages: with a Call-ID over RIG_SIP_MAX_CALL_ID, of which
                                    less was kept */
    uint64_t n_retransmissions;        /**< of n_messages */
    uint64_t n_duplicates;             /**< of n_messages: the same packet captured again */
    uint64_t n_outside;                /**< of n_messages: REGISTER, OPTIONS, ..: of no call */
    uint64_t n_not_followed;           /**< of n_messages: no room for another leg */
    uint64_t n_registers_not_followed; /**< REGISTERs: no room for another registration */
    uint64_t n_calls;                  /**< callers' legs */
    uint64_t n_call_backs;             /**< calls of the centre to callers whom it had deflected */
    uint64_t n_limit_promises; /**< deflected calls that were not remembered: who is called back for
                                  one of them counts as a caller's call */
    uint64_t n_agent_legs;     /**< legs to agents' phones, joined to their calls */
    uint64_t n_stray_legs;     /**< legs to agents' phones of which the call cannot be told */
    uint64_t n_orphan_legs; /**< legs that began before the capture; they are no calls here. Without
                               those that were told 481 and nothing else: nobody's */
    uint64_t n_early;       /**< of n_messages: captured before what they follow from, and matched:
                                 the clocks of two directions differ, or packets were reordered */
    int64_t early_max_ns; /**< by how much, at the most; 0: by no more than waiting in fragments */
    uint64_t
        n_unmatched; /**< of n_messages: kept for an INVITE that never came (calls/waiting.h) */
    uint64_t n_limit_early; /**< of n_unmatched: given up for want of room */
    uint64_t n_doubtful;  /**< calls whose outcome hangs on the order of messages of two directions
                               that are nearer to each other than the clocks differ: early_max_ns and
                               RIG_ANALYZER_SURE_NS, or, with a rule that joins by the time of the
                               BYE, apart_max_ns. 0 where nothing was early */
    int64_t reply_min_ns; /**< fastest answer of any side; 0 where none was measured */
    int64_t apart_max_ns; /**< by so much clocks may differ unnoticed: reply_min_ns; with a rule
                             that joins by the time of the BYE all that the answers of both
                             directions leave open, if that is more */
    uint64_t n_crossed;   /**< calls whose outcome hangs on the order of messages that are nearer to
                               each other than that (n_doubtful among them): certain where one clock
                               has stamped both directions */
    uint64_t
        n_backwards; /**< calls whose times run backwards: of their durations nothing is known */
    uint64_t n_gapped; /**< calls that lack a message without which they cannot have gone on as they
                            did, or may be followed up behind the end of the capture */
    uint64_t n_leg_pairs;  /**< calls that look like a further leg of another one */
    uint64_t n_retargeted; /**< calls of which a leg to the number dialled, before any answer, went
                              to  another Request-URI: taken for the call on its way (docs/rules.md,
                                same_dialled), it may be an agent's */
    uint64_t n_by_agents;  /**< calls made by phones that agents' legs went to before */
    uint64_t n_sent_on; /**< calls whose leg before their answer was taken for an agent's, and may
                             have been the call on its way beyond a border controller, and legs
                             beyond it that were taken for calls (docs/rules.md, relays) .. */
    rig_endpoint sent_on_to;       /**< .. and where most of the former went */
    uint64_t n_silent_legs;        /**< legs given up: nothing was heard of them for long */
    uint64_t n_challenged;         /**< attempts that met 401 or 407 */
    uint64_t n_redirected;         /**< attempts that met a 3xx */
    rig_capture_disorder disorder; /**< packets that the files hold out of order */
    rig_clock_offsets clocks;      /**< directions whose times are of different clocks */
    rig_untied untied;             /**< files whose clocks cannot be compared */
    rig_not_read_all not_read;     /**< what was not read, by its kind */
    bool has_queue_marks;          /**< the target tells when a call enters its queue */
    bool is_file_cut; /**< a file ended in the middle of a packet; what was there was read */
} rig_capture_counts;

/** Calls whose outcome cannot be trusted, for the order of the capture's messages: n_doubtful, and
 * n_backwards. */
static inline uint64_t rig_capture_n_uncertain(const rig_capture_counts *counts)
{
    return counts->n_doubtful + counts->n_backwards;
}

/**
 * Begin an analysis.
 * @param options        NULL: as all zero.
 * @param[out] analyzer  Owned by the caller: rig_analyzer_free.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_analyzer_new_with(const rig_analyzer_options *options, rig_analyzer **analyzer,
                                 rig_error *err);

/** rig_analyzer_new_with by the built-in rules; the calls come with rig_analyzer_finish. */
rig_status rig_analyzer_new(rig_analyzer **analyzer, rig_error *err);

/** Have someone told of each step of each call that begins from now on. @param watch  Copied. */
void rig_analyzer_watch(rig_analyzer *analyzer, const rig_call_watch *watch);

/** Free an analysis. NULL-safe. Calls that rig_analyzer_finish handed out stay. */
void rig_analyzer_free(rig_analyzer *analyzer);

/**
 * Take in one packet. Packets should come in the order of their times; small disorder does no harm.
 *
 * @param linktype  DLT_ value of libpcap (pcap_datalink), or LINKTYPE_ value of a file.
 * @param t_ns      When it was captured, ns since the epoch; 0 <= t_ns <= INT64_MAX / 4.
 * @param data      The captured bytes; borrowed for the call. May be NULL only when caplen is 0.
 * @param caplen    How many they are.
 * @param len       Length of the packet on the wire.
 * @return RIG_OK, also for packets that are not read (they are counted by kind); RIG_EDOM for a
 *         time out of range or after rig_analyzer_finish; RIG_ENOMEM (the packet is lost, the
 *         analysis stays usable); what the sink of calls returned.
 */
rig_status rig_analyzer_packet(rig_analyzer *analyzer, int linktype, int64_t t_ns,
                               const uint8_t *data, size_t caplen, size_t len, rig_error *err);

/** Of which file the packets are that follow, from 0; rig_analyze_files says it. */
void rig_analyzer_is_from(rig_analyzer *analyzer, size_t file);

/** Takes a warning of rig_analyze_files: one line, which names the file. */
typedef void (*rig_analyze_warning)(void *ctx, const char *text);

/** How captures are read. All 0: as usual, and nobody is told. */
typedef struct rig_analyze_reading {
    rig_capture_order order;
    /** Wait for more at the end of the last file, until is_over is set; NULL: do not. */
    const rig_stop *is_over;
    rig_analyze_warning warn; /**< may be NULL */
    /** Told now and then how many bytes of how many are read (0: not known). May be NULL. */
    void (*progress)(void *ctx, uint64_t n_done, uint64_t n_all);
    void *ctx; /**< of both */
} rig_analyze_reading;

/**
 * Take in all packets of captures, in the order of their times (capture_order.h). Any number of
 * files: one is open only while its packets are in their turn. May be called again for captures
 * that are later.
 *
 * Warned of are clocks that went back, packets too late to be put in order, and files that are cut.
 *
 * A file that was cut in the middle of a packet (a capture that was killed, a full disk) is read as
 * far as it goes, warned of, and noted in rig_capture_counts.is_file_cut; likewise a damaged one.
 *
 * @param paths  n of them, n >= 1; "-" reads the standard input.
 * @param how    NULL: as all 0.
 * @return RIG_OK; RIG_EINPUT naming the file when it is no capture, or holds frames and not one of
 * a link layer that is read; RIG_EIO naming it when it cannot be read; as rig_analyzer_packet.
 */
rig_status rig_analyze_files_with(const char *const *paths, size_t n,
                                  const rig_analyze_reading *how, rig_analyzer *analyzer,
                                  rig_error *err);

/** Whether a file begins as a capture. @return RIG_OK, or why it cannot be read: as above. */
rig_status rig_analyze_probe(const char *path, rig_error *err);

/** rig_analyze_files_with in the usual order. @param warn May be NULL. */
rig_status rig_analyze_files(const char *const *paths, size_t n, rig_analyzer *analyzer,
                             rig_analyze_warning warn, void *ctx, rig_error *err);

/** rig_analyze_files for one file, without warnings. */
rig_status rig_analyze_file(const char *path, rig_analyzer *analyzer, rig_error *err);

/** Note that a capture ended before it should have: sets rig_capture_counts.is_file_cut. */
void rig_analyzer_note_cut(rig_analyzer *analyzer);

/** Add what files held out of order to rig_capture_counts.disorder. */
void rig_analyzer_note_disorder(rig_analyzer *analyzer, const rig_capture_disorder *disorder);

/** Read the running counts. @param[out] live Always written. */
void rig_analyzer_live(const rig_analyzer *analyzer, rig_live_counts *live);

/**
 * All calls as they are now, without ending the analysis: with the instants they have reached and
 * the outcomes that they would have if the capture ended here. Only without a sink of the caller's
 * own. It copies some 250 bytes a call.
 * @param[out] calls  In the order of their first INVITEs, calls back too, without Call-IDs (NULL,
 *                    those of the calls that were promised them as well); owned by the
 *                    caller: rig_calls_free.
 * @return RIG_OK; RIG_EDOM where there is a sink, or after rig_analyzer_finish; RIG_ENOMEM.
 */
rig_status rig_analyzer_snapshot(rig_analyzer *analyzer, rig_calls **calls, rig_error *err);

/** When its first packet was captured, as rig_capture_counts.t_first_ns; for who asks at each call.
 */
int64_t rig_analyzer_t_first_ns(const rig_analyzer *analyzer);

/** Read what the capture held. @param[out] counts Always written. */
void rig_analyzer_counts(const rig_analyzer *analyzer, rig_capture_counts *counts);

/**
 * End the analysis: decide every call's outcome by all that was captured, and hand out those that
 * the sink has not had yet. No packet is taken afterwards, whatever is returned.
 *
 * @param[out] calls  In the order of their first INVITEs; owned by the caller: rig_calls_free. NULL
 *                    where there is a sink of the caller's own.
 * @return RIG_OK; RIG_ENOMEM or what the sink returned (try again); RIG_EDOM when it has been done.
 */
rig_status rig_analyzer_finish(rig_analyzer *analyzer, rig_calls **calls, rig_error *err);

#endif
