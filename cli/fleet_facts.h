/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The facts of a play on several load hosts, from those of each. */
#ifndef RIG_CLI_FLEET_FACTS_H
#define RIG_CLI_FLEET_FACTS_H

#include "cli/fleet_play.h"
#include "generator/merge.h"
#include "verdict/play_facts.h"

/** Facts in the making. */
typedef struct rig_run_fleet_facts {
    const rig_run_host *host; /**< rank 0's */
    rig_play_facts all;
} rig_run_fleet_facts;

/** A comparison of a host's clock, for stamps of it: what a test sets it off by is in none.
 * @param test_offset_ns  As in rig_play_facts_host. */
static inline rig_merge_point rig_run_fleet_point(const rig_fleet_look *look,
                                                  int64_t test_offset_ns)
{
    const int64_t ahead_ns = look->offset_ns - test_offset_ns;
    return (rig_merge_point){look->t_ns + ahead_ns, ahead_ns};
}

/** Begin: of each host its name, its share and its clock. */
void rig_run_fleet_facts_begin(rig_run_fleet_facts *facts, const rig_run_host *host);

/** Add what a host has played; rank 0's first. @param test_offset_ns  As in rig_play_facts_host. */
void rig_run_fleet_facts_add(rig_run_fleet_facts *facts, uint32_t rank,
                             const rig_play_report *report, int64_t test_offset_ns);

/** A host from which nothing came: its calls are not known. @param why  "lost: ..". */
void rig_run_fleet_facts_lack(rig_run_fleet_facts *facts, uint32_t rank, const char *why);

#endif
