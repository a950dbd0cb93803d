/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/hosts.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>

#include "core/language.h"

/* Its part of a list. */
static size_t pick(const int64_t *of_all, size_t n, size_t host, size_t n_hosts, int64_t *own)
{
    size_t n_own = 0;
    for (size_t i = host; i < n; i += n_hosts)
        own[n_own++] = of_all[i];
    return n_own;
}

rig_status rig_hosts_measure(const rig_play_facts *play, const int64_t *planned_ns,
                             const int64_t *actual_ns, size_t n, rig_hosts *hosts)
{
    rig_status status = RIG_OK;
    if (play->n_hosts == 0)
        return RIG_OK;
    int64_t *planned = calloc(n + 1, sizeof *planned), *actual = calloc(n + 1, sizeof *actual);
    if (planned == NULL || actual == NULL)
        status = RIG_ENOMEM;
    hosts->n = play->n_hosts;
    hosts->facts = play->hosts;
    for (size_t i = 0; i < play->n_hosts && status == RIG_OK; i++) {
        const size_t n_own = pick(planned_ns, n, i, play->n_hosts, planned);
        (void)pick(actual_ns, n, i, play->n_hosts, actual);
        status = rig_lateness_compare(planned, actual, n_own, &hosts->lateness[i]);
    }
    free(planned);
    free(actual);
    return status;
}

static void check(rig_check *into, const char *gate, const char *name, bool is_ok,
                  const char *format, ...) __attribute__((format(printf, 5, 6)));

static void check(rig_check *into, const char *gate, const char *name, bool is_ok,
                  const char *format, ...)
{
    va_list args;
    va_start(args, format);
    rig_check_write(into, gate, name, is_ok, format, args);
    va_end(args);
}

static void check_lateness(const rig_hosts *hosts, double max_p99_ms, rig_check *into)
{
    double worst_ms = 0.0;
    for (size_t i = 0; i < hosts->n; i++) {
        const rig_play_facts_host *host = &hosts->facts[i];
        const double p99_ms = hosts->lateness[i].abs_p99_ms;
        if (host->is_lost) {
            check(into, "G0", "load hosts", false,
                  "load host %s (rank %zu) was lost during the run; what its %llu calls came to is "
                  "not known",
                  host->name, i, (unsigned long long)host->n_calls);
            return;
        }
        if (p99_ms > max_p99_ms) { /* NaN: nothing of it was placed, which another check tells */
            check(into, "G0", "load hosts", false,
                  "load host %s (rank %zu) was late: 99 %% of its INVITEs within %.2f ms of their "
                  "plan; expected at most %g ms. Give it more processors, or fewer callers",
                  host->name, i, p99_ms, max_p99_ms);
            return;
        }
        worst_ms = fmax(worst_ms, p99_ms);
    }
    check(into, "G0", "load hosts", true,
          "on each of %zu load hosts 99 %% of the INVITEs within %.2f ms of their plan", hosts->n,
          worst_ms);
}

static double ms_of(int64_t ns)
{
    return (double)ns * 1e-6;
}

static void check_clocks(const rig_hosts *hosts, rig_check *into)
{
    double apart_ms = 0.0, error_ms = 0.0;
    bool is_test = false;
    for (size_t i = 0; i < hosts->n; i++) {
        const rig_play_facts_host *host = &hosts->facts[i];
        if (ms_of(host->error_ns) > RIG_HOSTS_MAX_CLOCK_ERROR_MS) {
            check(into, "G0", "clocks of hosts", false,
                  "the clock of load host %s (rank %zu) is known to %.3f ms only; expected %g ms: "
                  "the network to it is slow, or it is too busy to answer",
                  host->name, i, ms_of(host->error_ns), RIG_HOSTS_MAX_CLOCK_ERROR_MS);
            return;
        }
        is_test = is_test || host->test_offset_ns != 0;
        error_ms = fmax(error_ms, ms_of(host->error_ns));
        apart_ms = fmax(apart_ms, fabs(ms_of(host->start_offset_ns)));
        apart_ms = fmax(apart_ms, fabs(ms_of(host->end_offset_ns)));
    }
    if (is_test)
        check(into, "G0", "clocks of hosts", true,
              "the clocks of the load hosts were up to %.3f ms from the first one's, which is "
              "corrected, and are known to %.3f ms; PEAKRIG_TEST_FLEET_CLOCKS set them off for a "
              "test",
              apart_ms, error_ms);
    else
        check(into, "G0", "clocks of hosts", true,
              "the clocks of the load hosts were up to %.3f ms from the first one's, which is "
              "corrected, and are known to %.3f ms",
              apart_ms, error_ms);
}

size_t rig_hosts_check(const rig_hosts *hosts, double max_lateness_p99_ms, rig_check *checks)
{
    if (hosts == NULL || hosts->n == 0)
        return 0;
    check_lateness(hosts, max_lateness_p99_ms, &checks[0]);
    check_clocks(hosts, &checks[1]);
    return 2;
}
