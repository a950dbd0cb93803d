/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The observed calls as instants of scenario time, and how many of them hold a resource at an
 * instant. Internal to diagnosis/. */
#ifndef RIG_VERDICT_DIAGNOSIS_TIMELINE_H
#define RIG_VERDICT_DIAGNOSIS_TIMELINE_H

#include "verdict/diagnosis.h"

/** Of a call whose class is not known. */
#define RIG_NO_CLASS UINT32_MAX

/** Of a call of which it is not known what skill it asks for. */
#define RIG_NO_SKILL UINT32_MAX

/** One call; instants from the schedule's t = 0, scenario time; NAN = did not happen. */
typedef struct rig_timed_call {
    const rig_call *call;
    const rig_agent_group *group; /**< of the agent who answered or rang last: by
                                       rig_scenario_group_of_call */
    uint32_t caller_class;        /**< of callers; RIG_NO_CLASS: not known */
    uint32_t skill;               /**< that it asks for; RIG_NO_SKILL: not known */
    double invite_s;
    double response_s; /**< first provisional, answer or final response known */
    double seen_s;     /**< the centre had seen the INVITE by then: its response, else the INVITE */
    double answer_s;
    double port_s;       /**< an IVR port took the call: rig_call_port_ns */
    double entered_s;    /**< it entered the queue, */
    double queue_s;      /**< to wait there: NAN also for one who is told not to
                              (rig_told_not_to_wait) */
    double first_ring_s; /**< of the first ringing; NAN also where more than one was, and when the
                            first was is not known */
    double ring_s;       /**< of the last ringing */
    double talk_s;
    double end_s; /**< the last instant of the capture where the call was still up */
} rig_timed_call;

/** When it left the queue, for the last time: a phone rang for it, or it was over. */
double rig_timed_call_left_queue_s(const rig_timed_call *call);

/** From its entry to that. NAN: it did not wait. */
double rig_timed_call_waited_s(const rig_timed_call *call);

/** Whether the centre ended it, and it was lost in the queue. */
bool rig_timed_call_was_cut(const rig_timed_call *call);

/** Whether so long a time in the queue is its time-out, but for a hundredth of it and 0.1 s wire
 * time. Where there is none: no. */
bool rig_timeline_is_timeout(const rig_scenario *scenario, double waited_s);

/** A call back, likewise. */
typedef struct rig_timed_back {
    const rig_call *call;
    const rig_agent_group *group; /**< of the agent who dialled; NULL: no phone of his tells */
    uint32_t skill;               /**< of the call that was promised it; RIG_NO_SKILL: not known */
    double invite_s;              /**< its agent is busy from then on, and a circuit is held */
    double talk_s;                /**< he talks with the caller; NAN: not reached */
    double end_s;
} rig_timed_back;

/** Calls, and calls back, in the order of their INVITEs. */
typedef struct rig_timeline {
    rig_timed_call *calls;
    size_t n;
    rig_timed_back *backs;
    size_t n_backs;
    double last_s;  /**< latest instant of any call, or call back */
    double grain_s; /**< two events closer than this may have happened in either order */
    double poll_s;  /**< the scenario's queue.poll_s, or look_every_s */
    double end_of_traffic_s;
} rig_timeline;

/** Events closer than this on the wire may be seen in either order (measured: the target's own
 * reaction 0.3 ms, a stalled machine some ms). */
#define RIG_TIMELINE_GRAIN_WIRE_S 0.005

/** A call for which an agent is free, or becomes so, is told that it is in the queue, too; its
 * phone rings within this time, wire time. Only what waits for longer waits. */
#define RIG_TIMELINE_DOOR_WIRE_S 0.25

/** @return RIG_OK or RIG_ENOMEM. Clear with rig_timeline_clear. */
rig_status rig_timeline_make(const rig_diagnosis_input *input, rig_timeline *timeline);

/** Let every call that was up at an instant be over then: the centre forgot it, whatever the phones
 * believed. */
void rig_timeline_end_calls(rig_timeline *timeline, double at_s);

/** Free what it owns. NULL-safe. */
void rig_timeline_clear(rig_timeline *timeline);

/** Whether it was in the queue once: one that was put back into it shows only its last ringing. */
bool rig_timed_call_is_simple(const rig_timed_call *call);

/** Whether a group of agents has the skill that it asks for; where that is not known, no. */
bool rig_timed_call_is_for(const rig_timed_call *call, const rig_scenario *scenario, size_t group);

/** Calls that were in the queue once, by their entry. */
typedef struct rig_queued {
    const rig_timed_call **calls;
    size_t n;
    double longest_s; /**< that any of them was there */
} rig_queued;

/** @return RIG_OK or RIG_ENOMEM. Free its calls with free(3). */
rig_status rig_queued_make(const rig_timeline *timeline, rig_queued *queued);

/** Holdings of one resource: sorted instants of their begins and of their ends. */
typedef struct rig_holdings {
    double *begin_s, *end_s;
    size_t n;
} rig_holdings;

/** Note what all calls back held: from their INVITEs on, and after a talk for so long. Room for
 * them was made. */
void rig_holdings_add_backs(rig_holdings *holdings, const rig_timeline *timeline,
                            double after_talk_s);

/** Make room for `n` holdings. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_holdings_make(size_t n, rig_holdings *holdings);

/** Note one; ignored unless begin < end, both numbers. */
void rig_holdings_add(rig_holdings *holdings, double begin_s, double end_s);

/** After the last one. */
void rig_holdings_sort(rig_holdings *holdings);

/** How many are held at an instant: at least, allowing for the grain, and at most. A holding that
 * begins at t_s itself, within the grain, is counted in `most` alone. */
void rig_holdings_at(const rig_holdings *holdings, double t_s, double grain_s, uint32_t *least,
                     uint32_t *most);

/** Free what it owns. NULL-safe. */
void rig_holdings_clear(rig_holdings *holdings);

#endif
