/* Early looks at a run under way (analyzer/early_stop.h): is it certain to fail?
 *
 * A look is due when 20, 40, 60 or 80 % of the planned calls should have been placed, and a second
 * more, in which the capture comes in. The main thread copies the calls so far; a thread of its
 * own, which runs only when a processor has nothing else to do, judges them as the end of a run is
 * judged (cli/judged.h), cut at the instant of the look, with as many replays. So a look disturbs
 * no call; on a busy machine its answer comes later. A look that comes due while another is under
 * way waits for its end; of several that are due the latest is taken. */
#ifndef RIG_CLI_LOOKS_H
#define RIG_CLI_LOOKS_H

#include <signal.h>

#include "cli/live.h"
#include "generator/play.h"
#include "reports/play_json.h"

/** Looks at one run; opaque. */
typedef struct rig_looks rig_looks;

/** All borrowed until rig_looks_free. @param[out] looks  Owned by the caller. */
rig_status rig_looks_new(const rig_scenario *scenario, const rig_schedule *schedule, rig_live *live,
                         rig_looks **looks, rig_error *err);

/** End the look under way, and free. NULL-safe. */
void rig_looks_free(rig_looks *looks);

/**
 * Take in what a look has found, and take the next when it is due. To be called some times a second
 * while the run is played.
 * @return what was found, for people, at the turn in which the run turns out to be certain to fail;
 *         else NULL. Borrowed.
 */
const char *rig_looks_turn(rig_looks *looks, const rig_play_progress *progress);

/** Set when the run is certain to fail: for rig_play_options.give_up. */
const volatile sig_atomic_t *rig_looks_give_up(const rig_looks *looks);

/**
 * No more looks: the play is over. Ends the look under way.
 * @param was_given_up  The play was stopped for rig_looks_give_up.
 */
rig_look_facts rig_looks_end(rig_looks *looks, bool was_given_up);

#endif
