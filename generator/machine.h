/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What this machine has of what a run needs, whatever the scenario; what one scenario needs beyond
 * it is rig_host_check's. Looking and judging are apart: what was found can be judged anywhere. */
#ifndef RIG_GENERATOR_MACHINE_H
#define RIG_GENERATOR_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/privilege.h"

/** How one thing is. */
typedef enum rig_machine_state {
    RIG_MACHINE_OK = 0,
    RIG_MACHINE_WEAK,   /**< runs work, but not all of them or not as well */
    RIG_MACHINE_MISSING /**< no run works */
} rig_machine_state;

/** Most bytes of a path here; longer ones are cut. */
#define RIG_MACHINE_PATH 1024

/** SIPp, as it was found. */
typedef struct rig_machine_sipp {
    bool is_found;      /**< and is one that can play a run (rig_sipp_find) */
    char problem[1024]; /**< why not; "" when found */
    char path[RIG_MACHINE_PATH];
    char version[128];     /**< such as "3.6.1-SCTP-PCAP-RTPSTREAM": what was compiled in */
    bool has_better_place; /**< another one, at RIG_MACHINE_SIPP, can play a run */
} rig_machine_sipp;

/** Where Debian's sip-tester has it. */
#define RIG_MACHINE_SIPP "/usr/bin/sipp"

/** The right to capture. */
typedef struct rig_machine_capture {
    bool is_allowed;                /**< a capture was opened (rig_recorder_check) */
    char problem[1024];             /**< why not; "" when allowed */
    char program[RIG_MACHINE_PATH]; /**< of this process: what `setcap` is for */
    bool is_bounded;                /**< CAP_NET_RAW is not in the bounding set: nobody gets it */
    bool is_held;                   /**< NO_NEW_PRIVS is set: no program gets rights of its file */
    bool is_nosuid;                 /**< nor does one on the program's file system */
    bool has_setcap;                /**< the program `setcap` is there */
} rig_machine_capture;

/** Room in a folder. */
typedef struct rig_machine_room {
    char path[RIG_MACHINE_PATH];
    bool is_writable;
    uint64_t free_bytes; /**< for us, not for root alone */
} rig_machine_room;

/** Whether the kernel's clock is kept by another (NTP, PTP). */
typedef enum rig_machine_clock {
    RIG_MACHINE_CLOCK_UNKNOWN = 0, /**< the kernel does not say */
    RIG_MACHINE_CLOCK_KEPT,
    RIG_MACHINE_CLOCK_FREE
} rig_machine_clock;

/** What was found. */
typedef struct rig_machine_facts {
    bool is_root; /**< we are: commands need no sudo, which may not be there */
    rig_machine_sipp sipp;
    rig_machine_capture capture;
    uint64_t open_files, open_files_most; /**< soft and hard limit; UINT64_MAX: none */
    uint64_t receive_bytes, send_bytes;   /**< socket buffers that the kernel grants, of
                                               RIG_SIPP_SOCKET_BYTES asked for */
    bool has_loopback, has_loopback_6;    /**< a datagram to 127.0.0.1, to ::1, comes back */
    rig_machine_clock clock;
    double clock_error_s;  /**< the kernel's own estimate; NAN: unknown */
    bool has_systemd;      /**< it runs: timedatectl works */
    unsigned n_cores;      /**< on which this process may run */
    unsigned n_online;     /**< of the machine */
    double cpu_quota;      /**< cores' worth of time that the control group permits; INFINITY */
    rig_machine_room runs; /**< where the runs' folders are made */
    rig_machine_room temporary;
    rig_machine_room shared; /**< /dev/shm */
} rig_machine_facts;

/** What was judged of one thing. */
typedef struct rig_machine_item {
    char name[24];
    rig_machine_state state;
    char found[1100];   /**< what is there, or what is wrong */
    char expected[256]; /**< what should be, and for what */
    char mend[2400];    /**< a shell command that mends it; "" when all is well, or none does */
} rig_machine_item;

/** Items of rig_machine_judge, at most. */
#define RIG_MACHINE_N_ITEMS 12

/**
 * Look at the machine. Starts SIPp to ask its version; sends a datagram to ourselves over loopback;
 * changes nothing.
 * @param sipp      A program, or NULL: found in PATH.
 * @param run_as    As whom SIPp is asked; NULL: as ourselves.
 * @param folder    Where runs are to be written.
 * @param[out] facts  What cannot be found out is told in it.
 */
void rig_machine_look(const char *sipp, const rig_run_as *run_as, const char *folder,
                      rig_machine_facts *facts);

/**
 * Judge what was found.
 * @param[out] items  RIG_MACHINE_N_ITEMS; those that a run does not work without come first.
 * @return how many.
 */
size_t rig_machine_judge(const rig_machine_facts *facts, rig_machine_item *items);

/** "ok", "weak", "missing"; static. */
const char *rig_machine_state_name(rig_machine_state state);

/**
 * A word as a shell takes it unchanged: quoted where it must be.
 * @param[out] quoted  size bytes; "" when it does not fit.
 */
void rig_machine_quote(const char *word, char *quoted, size_t size);

#endif
