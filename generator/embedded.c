/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "generator/embedded.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/slice.h"
#include "generator/address.h"
#include "core/child.h"
#include "scenarios/scenario.h"

static const double END_GRACE_S = 3.0;

struct rig_embedded {
    rig_child child;
    int out; /* read end of its standard output: kept open, so that it never gets SIGPIPE */
    char *stderr_path;
    char host[RIG_ADDRESS_SIZE];
    uint16_t ports[RIG_MAX_GROUPS];
    size_t n_ports;
    char line[64]; /* begun; what is longer is not ours */
    size_t n_line;
    uint64_t n_offered;
};

/* ": LAST LINE OF STDERR", or "" */
static void describe_stderr(const rig_embedded *process, char *text, size_t size)
{
    char line[400] = "";
    if (process->stderr_path != NULL)
        rig_child_last_line(process->stderr_path, line, sizeof line);
    (void)snprintf(text, size, "%s%s", line[0] != '\0' ? ": " : "", line);
}

static rig_status fail_ended(const rig_embedded *process, rig_error *err)
{
    char detail[600];
    const int code = process->child.exit_code, signal = rig_child_signal_of(code);
    describe_stderr(process, detail, sizeof detail);
    return rig_fail(err, RIG_EENV, "the target %s %d%s%s",
                    signal != 0 ? "was killed by signal" : "ended with exit code",
                    signal != 0 ? signal : code, rig_child_killer(&process->child), detail);
}

/* Up to the next blank. */
static rig_slice next_word(rig_slice *line)
{
    size_t n = rig_slice_find(*line, ' ');
    const rig_slice word = {line->p, n};
    *line = rig_slice_trim(rig_slice_skip(*line, n));
    return word;
}

/* "ready HOST PORT ..". */
static bool parse_ready(rig_embedded *process, rig_slice line)
{
    uint64_t port = 0;
    if (!rig_slice_is(next_word(&line), "ready"))
        return false;
    const rig_slice host = next_word(&line);
    if (host.n == 0 || host.n >= sizeof process->host)
        return false;
    process->n_ports = 0;
    while (line.n > 0) {
        if (process->n_ports == RIG_MAX_GROUPS || !rig_slice_u64(next_word(&line), &port) ||
            port == 0 || port > UINT16_MAX)
            return false;
        process->ports[process->n_ports++] = (uint16_t)port;
    }
    memcpy(process->host, host.p, host.n);
    process->host[host.n] = '\0';
    return process->n_ports > 0;
}

static rig_status wait_until_ready(rig_embedded *process, double timeout_s, const rig_stop *stop,
                                   rig_error *err)
{
    char text[4096];
    size_t n = 0;
    int64_t until_ns = rig_clock_monotonic_ns() + rig_clock_ns_of_s(timeout_s);
    while (rig_clock_monotonic_ns() < until_ns) {
        if (rig_stop_is_set(stop))
            return rig_fail(err, RIG_ECANCELLED, "stopped");
        struct pollfd ready = {.fd = process->out, .events = POLLIN};
        if (poll(&ready, 1, 50) <= 0)
            continue;
        ssize_t got = read(process->out, text + n, sizeof text - n);
        if (got <= 0) { /* it has closed its output: it is ending */
            rig_child_end(&process->child, 1.0);
            return fail_ended(process, err);
        }
        n += (size_t)got;
        rig_slice left = {text, n};
        for (size_t at = rig_slice_find(left, '\n'); at < left.n; at = rig_slice_find(left, '\n')) {
            if (parse_ready(process, rig_slice_trim((rig_slice){left.p, at})))
                return RIG_OK;
            left = rig_slice_skip(left, at + 1);
        }
        memmove(text, left.p, left.n);
        n = left.n < sizeof text ? left.n : 0; /* an endless line is not ours: drop it */
    }
    char detail[600];
    describe_stderr(process, detail, sizeof detail);
    return rig_fail(err, RIG_EENV, "the target is not ready after %g s%s", timeout_s, detail);
}

rig_status rig_embedded_new(const char *const *argv, const char *folder, const rig_run_as *run_as,
                            const char *stderr_path, double timeout_s, const rig_stop *stop,
                            rig_embedded **process, rig_error *err)
{
    int fds[2];
    rig_embedded *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    made->out = -1;
    rig_status status = RIG_OK;
    if (stderr_path != NULL && (made->stderr_path = strdup(stderr_path)) == NULL) {
        status = rig_fail(err, RIG_ENOMEM, "out of memory");
        goto out;
    }
    if (pipe2(fds, O_CLOEXEC) != 0) {
        status = rig_fail(err, RIG_EIO, "cannot make a pipe: %s", strerror(errno));
        goto out;
    }
    made->out = fds[0];
    const rig_child_spec spec = {.argv = argv,
                                 .folder = folder,
                                 .stdout_fd = fds[1],
                                 .stderr_path = stderr_path,
                                 .run_as = run_as};
    status = rig_child_start(&spec, &made->child, err);
    close(fds[1]);
    if (status == RIG_OK)
        status = wait_until_ready(made, timeout_s, stop, err);
out:
    if (status == RIG_OK)
        *process = made;
    else
        (void)rig_embedded_free(made);
    return status;
}

const char *rig_embedded_host(const rig_embedded *process)
{
    return process->host;
}

const uint16_t *rig_embedded_ports(const rig_embedded *process, size_t *n)
{
    *n = process->n_ports;
    return process->ports;
}

rig_status rig_embedded_check(rig_embedded *process, rig_error *err)
{
    return rig_child_has_ended(&process->child) ? fail_ended(process, err) : RIG_OK;
}

double rig_embedded_stopped_s(rig_embedded *process)
{
    return rig_child_stopped_s(&process->child);
}

static void take_line(rig_embedded *process, rig_slice line)
{
    static const char key[] = "offered ";
    uint64_t n = 0;
    if (line.n > sizeof key - 1 && memcmp(line.p, key, sizeof key - 1) == 0 &&
        rig_slice_u64(rig_slice_skip(line, sizeof key - 1), &n))
        process->n_offered = n;
}

uint64_t rig_embedded_offered(rig_embedded *process)
{
    struct pollfd ready = {.fd = process->out, .events = POLLIN};
    while (poll(&ready, 1, 0) > 0) {
        const size_t room = sizeof process->line - process->n_line;
        const ssize_t got = read(process->out, process->line + process->n_line, room);
        if (got <= 0)
            break; /* it has ended */
        rig_slice left = {process->line, process->n_line + (size_t)got};
        for (size_t at = rig_slice_find(left, '\n'); at < left.n; at = rig_slice_find(left, '\n')) {
            take_line(process, (rig_slice){left.p, at});
            left = rig_slice_skip(left, at + 1);
        }
        process->n_line = left.n < sizeof process->line ? left.n : 0;
        memmove(process->line, left.p, process->n_line);
    }
    return process->n_offered;
}

int rig_embedded_free(rig_embedded *process)
{
    if (process == NULL)
        return 0;
    rig_child_end(&process->child, END_GRACE_S);
    int exit_code = process->child.exit_code;
    if (process->out >= 0)
        close(process->out);
    free(process->stderr_path);
    free(process);
    return exit_code;
}
