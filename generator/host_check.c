/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "generator/host_check.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "generator/address.h"
#include "generator/recorder.h"
#include "generator/ports.h"
#include "generator/sipp_worker.h"

static rig_status check_open_files(const rig_scenario *scenario, const rig_schedule *schedule,
                                   size_t n_workers, rig_error *err)
{
    struct rlimit limit;
    double n_at_once = fmin((double)schedule->n, rig_scenario_n_circuits(scenario));
    double n_a_worker = ceil(n_at_once / (double)n_workers);
    double n_needed =
        RIG_HOST_OPEN_FILES +
        (scenario->callers.has_audio ? RIG_HOST_FILES_PER_AUDIO_CALL * n_a_worker : 0);
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && (double)limit.rlim_cur < n_needed)
        return rig_fail(err, RIG_EENV,
                        "%llu open files are permitted; expected %.0f for each SIPp (ulimit -n, or "
                        "more --workers)",
                        (unsigned long long)limit.rlim_cur, n_needed);
    return RIG_OK;
}

static rig_status check_local(const rig_load *load, const rig_route *route, size_t worker,
                              rig_error *err)
{
    char host[RIG_LOCAL_HOST_SIZE];
    rig_port_range range;
    rig_address local, target;
    uint16_t found[RIG_SIPP_N_PORTS];
    rig_ports_of_worker(load, route->local, worker, host, &range);
    if (rig_address_make(host, 0, &local) && rig_address_make(route->target, 0, &target) &&
        rig_address_family(&local) != rig_address_family(&target))
        return rig_fail(err, RIG_EINPUT,
                        "load.local: %s and the target %s are not both IPv4 or both IPv6", host,
                        route->target);
    return rig_ports_find_free(host, &range, RIG_SIPP_N_PORTS, RIG_SIPP_N_MEDIA_NEXT, found, err);
}

static rig_status check_agents(const rig_host_needs *needs, rig_transport transport, rig_error *err)
{
    rig_address address;
    if (needs->agents_host == NULL || needs->agents_host[0] == '\0')
        return RIG_OK;
    if (!rig_address_make(needs->agents_host, needs->agents_port, &address))
        return rig_fail(err, RIG_EINPUT, "agents' address %s: expected an IP address",
                        needs->agents_host);
    const bool is_tcp = transport == RIG_TRANSPORT_TCP;
    const int yes = 1;
    int fd =
        socket(rig_address_family(&address), (is_tcp ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0);
    /* connections of an earlier run that wait for their last segments do not hold a port */
    if (fd >= 0 && is_tcp)
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    bool is_ours = fd >= 0 && bind(fd, &address.at.any, address.size) == 0;
    int cause = errno;
    if (fd >= 0)
        close(fd);
    return is_ours ? RIG_OK
                   : rig_fail(err, RIG_EENV, "the agents' phones cannot listen at %s port %u: %s",
                              needs->agents_host, needs->agents_port, strerror(cause));
}

rig_status rig_host_check(const rig_scenario *scenario, const rig_schedule *schedule,
                          const rig_route *route, const rig_host_needs *needs, rig_error *err)
{
    rig_status status = check_open_files(scenario, schedule, needs->n_workers, err);
    for (size_t k = 0; k < needs->n_workers && status == RIG_OK; k++)
        status = check_local(&scenario->load, route, k, err);
    if (status == RIG_OK)
        status = check_agents(needs, scenario->target.transport, err);
    if (status == RIG_OK && needs->with_capture)
        status = rig_recorder_check(route->interface, err);
    return status;
}
