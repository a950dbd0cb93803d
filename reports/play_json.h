/* play.json: what the play step knows and the later steps need. */
#ifndef RIG_REPORTS_PLAY_JSON_H
#define RIG_REPORTS_PLAY_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

/** Most workers of a play. */
#define RIG_PLAY_FACTS_MAX_WORKERS 16

/** Most defects that an embedded target is given, and the room of one's text. */
#define RIG_PLAY_FACTS_MAX_DEFECTS 32U
#define RIG_PLAY_FACTS_DEFECT_SIZE 128

/** One callers' SIPp. */
typedef struct rig_worker_facts {
    char host[64];
    uint16_t port;
    int exit_code;
    uint64_t n_calls; /**< given to it */
    uint64_t n_lines; /**< of which it has said how they ended */
    uint64_t n_late;  /**< left later than RIG_LATE_MS by its own clock */
    double max_late_ms;
    uint64_t n_socket_drops;
} rig_worker_facts;

/** What early looks made of a play (analyzer/early_stop.h). Zeroed: there were none. */
typedef struct rig_look_facts {
    bool is_on;
    bool is_stopped;  /**< a look stopped it */
    unsigned look;    /**< that one */
    unsigned n_looks; /**< that were finished before the end */
    double at_s;      /**< instant of the look that stopped it, scenario time */
} rig_look_facts;

/** Facts of one play. Strings are owned, fixed room. */
typedef struct rig_play_facts {
    int64_t start_epoch_ns; /**< t = 0 of the schedule */
    int64_t end_epoch_ns;   /**< all calls over */
    bool was_stopped;       /**< by the user */
    bool ran_over;          /**< the deadline ended it */
    rig_look_facts looks;
    uint64_t n_planned;
    uint64_t n_placed;        /**< INVITEs that SIPp says it sent */
    uint64_t n_missing_lines; /**< planned calls of which SIPp says nothing */
    uint64_t n_stopped;       /**< planned calls that were not placed because of a stop */
    uint64_t n_told;          /**< events that callers were told of beside the wire */
    uint64_t n_workers;
    rig_worker_facts workers[RIG_PLAY_FACTS_MAX_WORKERS];
    uint64_t n_packets, n_kernel_dropped;
    uint64_t n_socket_drops; /**< datagrams dropped at SIPp's own sockets */
    int64_t clock_step_ns;
    int64_t clock_step_at_ns; /**< from the schedule's t = 0 */
    char target[64];          /**< "embedded 127.0.0.1:5060" */
    char sipp[64];            /**< version */
    /** Ways in which the embedded target was broken on purpose, as written: "drop=0.02@60..120". */
    char defects[RIG_PLAY_FACTS_MAX_DEFECTS][RIG_PLAY_FACTS_DEFECT_SIZE];
    size_t n_defects;
} rig_play_facts;

/** Write play.json. @param schedule_sha256  Of the schedule that was played. */
rig_status rig_play_json_write(const rig_play_facts *facts, const char *schedule_sha256,
                               const char *path, rig_error *err);

/** Read play.json; one without looks was not looked at. @param[out] facts  Untouched on error.
 * @return RIG_OK; RIG_EINPUT; RIG_EIO. */
rig_status rig_play_json_read(const char *path, rig_play_facts *facts, rig_error *err);

#endif
