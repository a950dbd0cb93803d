/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Early looks at a run under way (verdict/early_stop.h): is it certain to fail?
 *
 * A look is due when 20, 40, 60 or 80 % of the planned calls should have been placed, and two
 * seconds more, in which the capture comes in and is put in order. The main thread copies the calls
 * so far; a thread of its own, which runs only when a processor has nothing else to do, judges them
 * as the end of a run is judged (verdict/judge.h), cut at the instant of the look, with as many
 * replays. So a look disturbs no call; on a busy machine its answer comes later. A look that comes
 * due while another is under way waits for its end; of several that are due the latest is taken. */
#ifndef RIG_VERDICT_INTERIM_H
#define RIG_VERDICT_INTERIM_H

#include "core/stop.h"
#include "verdict/live_analysis.h"
#include "models/schedule.h"
#include "verdict/play_facts.h"

/** How far a play is. */
typedef struct rig_interim_progress {
    bool is_placing;        /**< calls are due: there is something left to be spared */
    int64_t start_epoch_ns; /**< instant of the schedule's t = 0 */
    double elapsed_s;       /**< wire time since then */
    uint64_t n_packets, n_kernel_dropped;
    const rig_play_facts *play; /**< so far: where our callers and phones are, and their trouble */
    const rig_said_call *said;  /**< by planned index; NULL: not known */
} rig_interim_progress;

/** Looks at one run; opaque. */
typedef struct rig_interim rig_interim;

/** All borrowed until rig_interim_free. @param[out] looks  Owned by the caller. */
rig_status rig_interim_new(const rig_scenario *scenario, const rig_schedule *schedule,
                           rig_live_analysis *live, rig_interim **looks, rig_error *err);

/** End the look under way, and free. NULL-safe. */
void rig_interim_free(rig_interim *looks);

/**
 * Take in what a look has found, and take the next when it is due. To be called some times a second
 * while the run is played.
 * @return what was found, for people, at the turn in which the run turns out to be certain to fail;
 *         else NULL. Borrowed.
 */
const char *rig_interim_turn(rig_interim *looks, const rig_interim_progress *progress);

/** Set when the run is certain to fail: the play may be given up. */
const rig_stop *rig_interim_give_up(const rig_interim *looks);

/** How a play ended. */
typedef enum rig_interim_play {
    RIG_INTERIM_PLAYED = 0,
    RIG_INTERIM_GIVEN_UP /**< stopped for rig_interim_give_up */
} rig_interim_play;

/** No more looks: the play is over. Ends the look under way. */
rig_interim_facts rig_interim_end(rig_interim *looks, rig_interim_play play);

#endif
