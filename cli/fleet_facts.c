/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/fleet_facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/run_play_facts.h"

/* First calls of a host. */
static uint64_t share_of(const rig_run_host *host, uint32_t rank)
{
    const size_t n = rig_schedule_n_first(host->setup->schedule);
    const uint32_t n_hosts = rig_fleet_n(host->fleet);
    return n / n_hosts + (rank < n % n_hosts);
}

static void describe_clock(const rig_run_host *host, uint32_t rank, rig_play_facts_host *of)
{
    size_t n = 0;
    const rig_fleet_look *looks = rig_fleet_looks(host->fleet, rank, &n);
    of->n_looks = n;
    if (n == 0)
        return;
    of->start_offset_ns = looks[0].offset_ns;
    of->end_offset_ns = looks[n - 1].offset_ns;
    for (size_t i = 0; i < n; i++)
        of->error_ns = looks[i].error_ns > of->error_ns ? looks[i].error_ns : of->error_ns;
}

void rig_run_fleet_facts_begin(rig_run_fleet_facts *facts, const rig_run_host *host)
{
    *facts = (rig_run_fleet_facts){.host = host};
    facts->all.n_hosts = rig_fleet_n(host->fleet);
    for (uint32_t rank = 0; rank < rig_fleet_n(host->fleet); rank++) {
        rig_play_facts_host *of = &facts->all.hosts[rank];
        (void)snprintf(of->name, sizeof of->name, "%.63s", rig_fleet_host(host->fleet, rank));
        of->n_calls = share_of(host, rank);
        describe_clock(host, rank, of);
    }
}

/* The first trouble is told. */
static void take_trouble(rig_run_fleet_facts *facts, uint32_t rank, const char *text)
{
    char *trouble = facts->all.trouble;
    if (trouble[0] != '\0' || text[0] == '\0')
        return;
    (void)snprintf(trouble, sizeof facts->all.trouble, "load host %.63s (rank %u): %.300s",
                   facts->all.hosts[rank].name, rank, text);
}

static void add_workers(rig_play_facts *all, const rig_play_facts *own)
{
    for (size_t k = 0; k < own->n_workers && all->n_workers < RIG_MAX_WORKERS; k++)
        all->workers[all->n_workers++] = own->workers[k];
}

/* An instant of a host's clock by rank 0's, as the stamps of its packets: between two looks the
 * clock runs evenly. */
static int64_t by_our_clock(const rig_fleet *fleet, uint32_t rank, int64_t test_offset_ns,
                            int64_t t_ns)
{
    size_t n = 0, i = 0;
    const rig_fleet_look *looks = rig_fleet_looks(fleet, rank, &n);
    if (t_ns == 0 || n == 0)
        return t_ns;
    while (i + 2 < n && rig_run_fleet_point(&looks[i + 1], test_offset_ns).t_ns <= t_ns)
        i++;
    const rig_merge_point around[] = {
        rig_run_fleet_point(&looks[i], test_offset_ns),
        rig_run_fleet_point(&looks[i + 1 < n ? i + 1 : i], test_offset_ns)};
    return rig_merge_stamp(around, n > 1 ? 2 : 1, t_ns);
}

static void add_instants(rig_run_fleet_facts *facts, const rig_play_facts *own, uint32_t rank)
{
    rig_play_facts *all = &facts->all;
    const rig_fleet *fleet = facts->host->fleet;
    const int64_t test_offset_ns = all->hosts[rank].test_offset_ns;
    const int64_t end_ns = by_our_clock(fleet, rank, test_offset_ns, own->end_epoch_ns);
    const int64_t stop_ns = by_our_clock(fleet, rank, test_offset_ns, own->stop_epoch_ns);
    all->end_epoch_ns = end_ns > all->end_epoch_ns ? end_ns : all->end_epoch_ns;
    if (stop_ns != 0 && (all->stop_epoch_ns == 0 || stop_ns < all->stop_epoch_ns))
        all->stop_epoch_ns = stop_ns;
    if (llabs(own->clock_step_ns) > llabs(all->clock_step_ns)) {
        all->clock_step_ns = own->clock_step_ns;
        all->clock_step_at_ns = own->clock_step_at_ns;
    }
}

static void add_counts(rig_play_facts *all, const rig_play_facts *own)
{
    all->was_stopped = all->was_stopped || own->was_stopped;
    all->ran_over = all->ran_over || own->ran_over;
    if (all->elsewhere[0] == '\0')
        memcpy(all->elsewhere, own->elsewhere, sizeof all->elsewhere);
    all->n_planned += own->n_planned;
    all->n_placed += own->n_placed;
    all->n_missing_lines += own->n_missing_lines;
    all->n_stopped += own->n_stopped;
    all->n_told += own->n_told;
    all->load_nice = own->load_nice > all->load_nice ? own->load_nice : all->load_nice;
    all->n_packets += own->n_packets;
    all->n_kernel_dropped += own->n_kernel_dropped;
    all->n_socket_drops += own->n_socket_drops;
}

/* Of rank 0: where the phones are, what the target is. */
static void take_first(rig_run_fleet_facts *facts, const rig_play_facts *own)
{
    rig_play_facts *all = &facts->all;
    const size_t n_hosts = all->n_hosts;
    rig_play_facts_host hosts[RIG_MAX_WORKERS];
    memcpy(hosts, all->hosts, sizeof hosts);
    *all = *own;
    all->n_hosts = n_hosts;
    memcpy(all->hosts, hosts, sizeof hosts);
    all->trouble[0] = '\0';
}

void rig_run_fleet_facts_add(rig_run_fleet_facts *facts, uint32_t rank,
                             const rig_play_report *report, int64_t test_offset_ns)
{
    const rig_run_host *host = facts->host;
    const rig_run_play_input input = {.report = report,
                                      .setup = host->setup,
                                      .defects = &host->options->defects,
                                      .centre_end = rank == 0 ? host->centre_end : ""};
    rig_play_facts own;
    rig_run_play_facts(&input, &own);
    rig_play_facts_host *of = &facts->all.hosts[rank];
    of->test_offset_ns = test_offset_ns;
    of->n_packets = own.n_packets;
    of->n_kernel_dropped = own.n_kernel_dropped;
    if (rank == 0) {
        take_first(facts, &own);
    } else {
        add_workers(&facts->all, &own);
        add_instants(facts, &own, rank);
        add_counts(&facts->all, &own);
    }
    take_trouble(facts, rank, own.trouble);
    if (report->uncaptured[0] != '\0') {
        char text[300];
        (void)snprintf(text, sizeof text, "the capture does not hold all: %.250s",
                       report->uncaptured);
        take_trouble(facts, rank, text);
    }
}

void rig_run_fleet_facts_lack(rig_run_fleet_facts *facts, uint32_t rank, const char *why)
{
    rig_play_facts_host *of = &facts->all.hosts[rank];
    of->is_lost = true;
    facts->all.n_planned += of->n_calls;
    facts->all.n_missing_lines += of->n_calls;
    take_trouble(facts, rank, why);
}
