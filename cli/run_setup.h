/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run stands on: scenario, schedule, SIPp, and the way to the target. Asked for by `run` and
 * `check` before a file or a process is made. */
#ifndef RIG_CLI_RUN_SETUP_H
#define RIG_CLI_RUN_SETUP_H

#include <stdbool.h>

#include "core/privilege.h"
#include "core/stop.h"
#include "cli/options.h"
#include "generator/embedded.h"
#include "generator/play.h"
#include "generator/route.h"
#include "generator/safety.h"
#include "models/schedule.h"
#include "scenarios/scenario.h"
#include "verdict/learn.h"

/** What the command line says of it. Texts are borrowed. */
typedef struct rig_run_setup_options {
    rig_texts overrides;        /**< --set */
    rig_texts target_overrides; /**< --target-set */
    rig_texts defects;          /**< --defect */
    rig_texts allow;            /**< --allow */
    rig_texts allow_dial;       /**< --allow-dial */
    bool trusts_xml;            /**< --trust-xml */
    const char *user;           /**< --user; NULL = who called sudo, or ourselves */
    const char *target;         /**< --target; NULL = the scenario's */
    const char *sipp;           /**< --sipp; NULL = in PATH */
    uint32_t n_workers;         /**< --workers; 0 = as many as needed */
    const char *capture;        /**< --capture; NULL = we capture ourselves */
    rig_play_share share;       /**< of a run on several hosts; zeroed: all */
    bool with_probe;            /**< ask the target for a sign of life (OPTIONS) */
    const rig_stop *stop;
} rig_run_setup_options;

/** The setup. Zeroed: none. */
typedef struct rig_run_setup {
    rig_scenario *scenario;
    rig_schedule *schedule;
    char *sipp;
    char *caller_xml;  /**< text of callers.sipp_xml, read once; NULL: there is none */
    rig_run_as run_as; /**< as whom SIPp and the embedded call centre run */
    rig_route route;
    char target_host[256]; /**< as the user wrote it; where the embedded one listens */
    uint16_t target_port;
    uint16_t carrier_ports[RIG_MAX_GROUPS]; /**< where carriers have shares and ports: of the
                                                 embedded one, known when it runs */
    size_t n_carriers;                      /**< 0: all calls come in at target_port */
    char agents_host[64];     /**< "" = as the route says (never for the embedded one) */
    uint16_t agents_port;     /**< 0 = any free one */
    char registrar_host[256]; /**< where phones register, as the user wrote it; "" = they do not */
    uint16_t registrar_port;
    char marks_found[RIG_LEARN_TEXT_SIZE]; /**< why target.marks is what it is, where it was
                                                "auto"; "": the scenario says it */
} rig_run_setup;

/** What these options permit; borrowed from them. */
rig_permits rig_run_setup_permits(const rig_run_setup_options *options);

/** Where and as whom calls are played; borrowed from all three. The rest is the caller's. */
rig_play_options rig_run_setup_play(const rig_run_setup *setup,
                                    const rig_run_setup_options *options, const char *dir);

/**
 * Read the scenario, draw the schedule, and ask everything that can refuse a run.
 * @param[out] setup  To be freed by rig_run_setup_clear in every case.
 * @return as rig_scenario_read, rig_schedule_draw, rig_sipp_find, rig_route_find, rig_safety_check,
 *         rig_host_check, rig_probe, rig_sipp_user_file_read,
 *         rig_callcentre_defect_read, rig_callcentre_check_defects; RIG_EINPUT when the target is
 * to be changed or broken, but is not the embedded one, or when phones are to register at that.
 */
rig_status rig_run_setup_make(const char *path, const rig_run_setup_options *options,
                              rig_run_setup *setup, rig_error *err);

/** Free what it owns. */
void rig_run_setup_clear(rig_run_setup *setup);

#endif
