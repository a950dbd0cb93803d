/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the play step knows and the later steps need: what play.json holds. */
#ifndef RIG_VERDICT_PLAY_FACTS_H
#define RIG_VERDICT_PLAY_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/oom_kill.h"
#include "scenarios/scenario.h"
#include "verdict/learn.h"

/** Most defects that an embedded target is given. */
#define RIG_PLAY_FACTS_MAX_DEFECTS 32U
#define RIG_PLAY_FACTS_DEFECT_SIZE 128 /**< room for the text of one, its NUL included */

/** Room for a sentence on what befell a program of ours. */
#define RIG_PLAY_FACTS_TROUBLE_SIZE 400

/** One callers' SIPp. */
typedef struct rig_play_facts_worker {
    char host[64];
    uint16_t port;
    int exit_code;
    uint64_t n_calls; /**< given to it */
    uint64_t n_lines; /**< of which it has said how they ended */
    uint64_t n_late;  /**< left later than RIG_LATE_MS by its own clock */
    double max_late_ms;
    uint64_t n_socket_drops;
} rig_play_facts_worker;

/** One load host of a run on several (docs/several-machines.md), in the order of their ranks. Call
 * i of the first calls is that of host i modulo their number. */
typedef struct rig_play_facts_host {
    char name[64];
    bool is_lost;     /**< it was gone before the end: what it has done is not known */
    uint64_t n_calls; /**< its share of the first calls */
    uint64_t n_packets, n_kernel_dropped;
    int64_t start_offset_ns, end_offset_ns; /**< of its clock from the first host's; the stamps of
                                               its capture are corrected by it */
    int64_t error_ns;                       /**< the offsets are no more wrong than that */
    int64_t test_offset_ns; /**< of these, what a test has set its clock off by; its own stamps are
                               without it; 0: no test */
    uint64_t n_looks;       /**< comparisons of its clock */
} rig_play_facts_host;

/** What early looks made of a play (verdict/early_stop.h). Zeroed: there were none. */
typedef struct rig_interim_facts {
    bool is_on;
    bool is_stopped;  /**< a look stopped it */
    unsigned look;    /**< that one */
    unsigned n_looks; /**< that were finished before the end */
    double at_s;      /**< instant of the look that stopped it, scenario time */
} rig_interim_facts;

/** Facts of one play. Strings are owned, fixed room. */
typedef struct rig_play_facts {
    int64_t start_epoch_ns; /**< t = 0 of the schedule */
    int64_t end_epoch_ns;   /**< all calls over */
    int64_t
        stop_epoch_ns; /**< when the rig began to end its calls before their time; 0: it did not */
    bool was_stopped;  /**< by the user */
    bool ran_over;     /**< the deadline ended it */
    char elsewhere[128]; /**< a packet of ours that went where it should not; "": none */
    rig_interim_facts looks;
    uint64_t n_planned;
    uint64_t n_placed;        /**< INVITEs that SIPp says it sent */
    uint64_t n_missing_lines; /**< planned calls of which SIPp says nothing */
    uint64_t n_stopped;       /**< planned calls that were not placed because of a stop */
    uint64_t n_rung; /**< times that our phones rang, as SIPp says; 0: none, or not known */
    uint64_t n_centre_offered; /**< calls that the embedded centre says it was offered; 0: not known
                                */
    uint64_t n_centre_rang; /**< times that it says it called our phones; 0: none, or not known */
    int load_nice;          /**< nice value of SIPp, centre and capture (core/priority.h) */
    uint64_t n_told;        /**< events that callers were told of beside the wire */
    uint64_t n_workers;
    rig_play_facts_worker workers[RIG_MAX_WORKERS];
    size_t n_hosts; /**< 0: the run was played on one */
    rig_play_facts_host hosts[RIG_MAX_WORKERS];
    uint64_t n_packets, n_kernel_dropped;
    uint64_t n_socket_drops; /**< datagrams dropped at SIPp's own sockets */
    int64_t clock_step_ns;
    int64_t clock_step_at_ns; /**< from the schedule's t = 0 */
    char target[64];          /**< "embedded 127.0.0.1:5060" */
    char target_address[64];  /**< where that is: the address alone; "" = not known */
    char agents_host[64];     /**< where our agents' phones listened; "" = not known */
    uint16_t agents_port;     /**< 0 = not known */
    /** What befell a program of ours (SIPp of callers or phones, the embedded call centre): it
     * died, was stopped, would not end. "" = nothing. */
    char trouble[RIG_PLAY_FACTS_TROUBLE_SIZE];
    /** While the run is under way: processes that the host's kernel had ended for want of memory.
     * Should this one be ended so, it can say nothing itself. */
    rig_oom_mark oom;
    char sipp[64]; /**< version */
    /** target.marks = "auto": what the call before the run showed, of which the scenario of the run
     * has the result; "": the scenario said it, or a file of an earlier version. */
    char marks_found[RIG_LEARN_TEXT_SIZE];
    /** Ways in which the embedded target was broken on purpose, as written: "drop=0.02@60..120". */
    char defects[RIG_PLAY_FACTS_MAX_DEFECTS][RIG_PLAY_FACTS_DEFECT_SIZE];
    size_t n_defects;
} rig_play_facts;

#endif
