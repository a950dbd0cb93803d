/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Status codes and error messages: how every fallible function of peakrig reports. */
#ifndef RIG_CORE_STATUS_H
#define RIG_CORE_STATUS_H

/**
 * The result of a fallible call. The classes follow what the caller can do about it; cli/ maps them
 * to exit codes (see rig_status_exit_code).
 */
typedef enum rig_status {
    RIG_OK = 0, /**< done; outputs are written */
    RIG_EDOM,   /**< an argument is outside its documented range */
    RIG_EINPUT, /**< a scenario, capture, CSV or command line is wrong: the user can mend it */
    RIG_ENOMEM, /**< out of memory */
    RIG_EIO,    /**< reading or writing failed (disk full, permission, ...) */
    RIG_EENV,   /**< the environment lacks something: program, permission, a target that answers */
    RIG_EINVALID,  /**< the load or the capture was not valid: nothing may be said of the target */
    RIG_ECANCELLED /**< the user asked to stop */
} rig_status;

/** Room for one message: where, what is wrong, what is expected. One line, no final newline. */
typedef struct rig_error {
    rig_status status;
    char text[8192]; /**< NUL-terminated; cut to fit; "" while status is RIG_OK */
} rig_error;

/**
 * Fill an error and return its status, so that a function can say
 * `return rig_fail(err, RIG_EIO, "%s: %s", path, strerror(errno));`.
 *
 * @param[out] err  May be NULL: then only the status is returned. May itself be among the
 *                  arguments of the format (to prefix an earlier message).
 * @param status    Not RIG_OK.
 * @param format    printf format of the message.
 */
rig_status rig_fail(rig_error *err, rig_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** A short English name of a status ("out of memory"); never NULL, static. */
const char *rig_status_text(rig_status status);

/** The process exit code of a status: 0 ok, 2 input, 4 invalid load or capture, 5 environment. */
int rig_status_exit_code(rig_status status);

#endif
