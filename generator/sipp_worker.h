/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One SIPp process: callers or agents' phones. */
#ifndef RIG_GENERATOR_SIPP_WORKER_H
#define RIG_GENERATOR_SIPP_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "core/stop.h"
#include "generator/address.h"
#include "core/child.h"
#include "generator/ports.h"
#include "core/secret.h"

/** Ports of a worker at its address: SIP and media, and further ones behind each that SIPp binds.
 */
enum { RIG_SIPP_N_PORTS = 2, RIG_SIPP_N_MEDIA_NEXT = 3 };

/** The socket buffers that a worker asks for, in bytes: the kernel's default holds 200 messages. */
#define RIG_SIPP_SOCKET_BYTES "4000000"

/** What a worker plays. */
typedef enum rig_sipp_role {
    RIG_SIPP_CALLERS = 0,
    RIG_SIPP_AGENTS,  /**< their phones */
    RIG_SIPP_REGISTER /**< registers them */
} rig_sipp_role;

/** How to start a worker. Strings are borrowed during rig_sipp_worker_start only. */
typedef struct rig_sipp_spec {
    rig_sipp_role role;
    const char *sipp_path;    /**< from rig_sipp_find */
    const rig_secret *secret; /**< of the run, as in its scenario files */
    const char *folder;       /**< where its scenario and injection file are and its logs go */
    const char *name;         /**< "callers0", "agents": its files are NAME.csv, NAME.log, ... */
    rig_transport transport;
    const char *local_host;  /**< our address, IPv4 or IPv6 */
    rig_port_range ports;    /**< ports that may be taken there; zeroed = any */
    const char *target_host; /**< its address; the registrar's. Not for agents */
    uint16_t target_port;    /**< likewise */
    const char *dial;        /**< callers only: for the URI of their credentials (-auth_uri) */
    const char *domain;      /**< RIG_SIPP_REGISTER: for the same, sip:DOMAIN */
    uint16_t port;           /**< SIP port; 0 = any free one */
    size_t n_calls;          /**< rows of NAME.csv, >= 1. Not for agents */
    int scenario_fd; /**< > 0: the scenario is read there (rig_sipp_secret_open). Not for agents */
    bool has_groups; /**< agents only: of several groups, with the file that tells them */
    bool has_rings;  /**< agents only: with the file of ring times */
    const rig_run_as *run_as; /**< as whom it runs; the folder is his; NULL = as ourselves */
} rig_sipp_spec;

/** A worker. Zeroed: none. */
typedef struct rig_sipp_worker {
    rig_child child;
    rig_sipp_role role;
    rig_transport transport;
    char host[RIG_ADDRESS_SIZE]; /**< its address */
    uint16_t port;               /**< its SIP port */
    uint16_t media_port;         /**< the first of its ports for audio */
    rig_secret secret;           /**< what its scenario files know of us by */
    rig_nonce nonce;  /**< of this worker: its Call-IDs are rROW-PID-NONCE, at the host */
    uint64_t n_drops; /**< datagrams dropped at its socket, when last looked at */
    bool was_killed;  /**< it had to be ended by a signal */
    bool was_asked;   /**< to end, or ended by us */
    int64_t ended_ns; /**< CLOCK_MONOTONIC, when it was seen ended too early; 0 */
    int stop_fd; /**< TCP: the last stop request's connection; > 0 when open. SIPp counts a call as
                      failed whose connection closes before it is quite over */
} rig_sipp_worker;

/**
 * Find SIPp and check that it is 3.6 or later, and that it has the options that a run uses (all
 * that it lacks are named).
 *
 * @param path      A program, or NULL to look in PATH (rig_program_find).
 * @param run_as    As whom it is asked; NULL = as ourselves.
 * @param[out] found  Its absolute path. Heap; the caller frees. Untouched on error.
 * @return RIG_OK; RIG_EENV "sipp: not found in PATH; install sip-tester (ci/setup)", or naming the
 *         version found and the one expected, or that it has privileges of its file (unless we are
 *         root: then it gains none by them); RIG_ENOMEM.
 */
rig_status rig_sipp_find(const char *path, const rig_run_as *run_as, char **found, rig_error *err);

/**
 * What `sipp -v` says of itself behind "SIPp v": the version and what was compiled in, such as
 * "3.6.1-SCTP-PCAP-RTPSTREAM".
 * @param path           From rig_sipp_find.
 * @param[out] features  size bytes, cut to fit; untouched on error.
 * @return RIG_OK; RIG_EENV when it says no version; RIG_EIO; RIG_ENOMEM.
 */
rig_status rig_sipp_features(const char *path, const rig_run_as *run_as, char *features,
                             size_t size, rig_error *err);

/**
 * The version in what `sipp -v` prints, such as 3.6 of "SIPp v3.6.1-SCTP".
 * @return false when there is none; outputs are untouched then.
 */
bool rig_sipp_version(const char *text, unsigned *major, unsigned *minor);

/**
 * Start a worker and wait until its SIP port is bound. Another process that takes the chosen port
 * first is survived by choosing again, unless spec->port fixes it.
 *
 * @param stop         Checked while waiting; may be NULL.
 * @param[out] worker  End it with rig_sipp_worker_end. Untouched on error.
 * @return RIG_OK; RIG_EENV with SIPp's own message when it does not come up; RIG_ECANCELLED;
 *         RIG_EIO; RIG_ENOMEM.
 */
rig_status rig_sipp_worker_start(const rig_sipp_spec *spec, const rig_stop *stop,
                                 rig_sipp_worker *worker, rig_error *err);

/**
 * Connect a socket to the worker's SIP port.
 * @param own_port  Our port; 0 = any. With a fixed one a TCP connection to the same worker can be
 *                  made only once.
 * @return the descriptor (close it), or -1 with errno.
 */
int rig_sipp_worker_connect(const rig_sipp_worker *worker, uint16_t own_port);

/** Look at the socket's drop counter, while the worker runs. */
void rig_sipp_worker_count_drops(rig_sipp_worker *worker);

/**
 * Ask it to end its calls (an OPTIONS with the secret in X-Rig-Stop). An agents' calls are over
 * within about 3 s; a callers' call when it next looks, or is woken (rig_notices_wake). Waits 0.3 s
 * at most for the worker to say that it has understood.
 * @return whether it has.
 */
bool rig_sipp_worker_ask_to_stop(rig_sipp_worker *worker);

/**
 * Ask an agents' worker to exit as soon as it has no call; it takes no new one, and understands no
 * rig_sipp_worker_ask_to_stop any more. Does not wait.
 */
void rig_sipp_worker_ask_to_exit(const rig_sipp_worker *worker);

/** End it in every case (SIGTERM, SIGKILL after 1 s), and reap it. NULL-safe. */
void rig_sipp_worker_end(rig_sipp_worker *worker);

/**
 * The last line with something in it of what a worker said of errors, in its error file, or else on
 * its standard error.
 * @param name       "callers0", "agents".
 * @param[out] line  size bytes; cut to fit; "" when there is none.
 */
void rig_sipp_last_error(const char *folder, const char *name, char *line, size_t size);

/**
 * Whether a callers' worker ended by itself because its peer closed its one connection. SIPp 3.6.1
 * then gives up its whole load: with exit code 1 where all its calls end with the connection, and
 * with 255 where it writes once more; what it then says depends on what it was about (of 30 closed
 * and reset connections: five texts).
 * @param line  what rig_sipp_last_error found; may be "".
 */
bool rig_sipp_peer_closed(rig_transport transport, int exit_code, const char *line);

/** What an exit code means: "all calls were played", "cannot bind its port", ...; static. */
const char *rig_sipp_exit_text(int exit_code);

#endif
