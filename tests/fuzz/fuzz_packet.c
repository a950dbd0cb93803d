/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libFuzzer target: any bytes as a capture. The first byte is the link layer; then come records of
 * 2 bytes time step, 1 byte flags, 2 bytes captured length, and the frame. */
#include <pcap/dlt.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "analyzer/analyzer.h"
#include "analyzer/usage.h"
#include "core/tally.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const int linktypes[] = {DLT_EN10MB, DLT_LINUX_SLL, DLT_LINUX_SLL2, DLT_NULL,
                                DLT_LOOP,   DLT_RAW,       DLT_IPV4};

/* What holds for every capture. */
static void check(const rig_analyzer *analyzer, const rig_calls *calls)
{
    rig_capture_counts counts;
    rig_live_counts live;
    rig_tally tally = {0};
    rig_analyzer_counts(analyzer, &counts);
    rig_analyzer_live(analyzer, &live);
    for (size_t i = 0; i < calls->n; i++)
        rig_tally_add(&tally, calls->items[i].outcome, rig_call_stage(&calls->items[i]));
    if (!rig_tally_conserved(&tally, calls->n) || calls->n != counts.n_calls ||
        live.n_offered != counts.n_calls)
        abort();
    for (int i = 0; i < RIG_N_OUTCOMES; i++) {
        if (live.n_outcome[i] != tally.n_outcome[i])
            abort();
    }
    for (size_t i = 0; i < calls->n; i++) {
        const rig_call *call = &calls->items[i];
        if (call->reason[0] == '\0' || call->call_id[0] == '\0' || call->n_messages == 0 ||
            call->n_legs == 0 || call->answered != (call->t_answer_ns != RIG_NO_TIME) ||
            (call->outcome == RIG_OUTCOME_SERVED && call->t_agent_answer_ns == RIG_NO_TIME) ||
            (call->outcome == RIG_OUTCOME_LOST_QUEUE && call->t_end_ns == RIG_NO_TIME &&
             !call->is_backwards) ||
            call->attempts == 0 ||
            (call->t_end_ns != RIG_NO_TIME && call->t_end_ns < call->t_invite_ns))
            abort();
    }
    rig_usage *usage = NULL;
    if (rig_usage_measure(calls, RIG_NO_TIME, 100 * RIG_NS_PER_S, &usage, NULL) == RIG_OK)
        rig_usage_free(usage);
}

/* What holds for every registration. */
static void check_registration(void *ctx, const rig_registration *r)
{
    uint64_t *n_requests = ctx;
    bool has_final = r->end == RIG_REGISTERED || r->end == RIG_REGISTRATION_FAILED ||
                     r->end == RIG_REGISTRATION_CHALLENGED;
    *n_requests += r->n_requests;
    if ((unsigned)r->end >= RIG_REGISTRATION_N_ENDS || r->n_requests == 0 ||
        (r->final_code == 0) != (r->t_final_ns == RIG_NO_TIME) ||
        (has_final && r->final_code < 200) ||
        ((r->end == RIG_REGISTERED) != (r->final_code / 100 == 2)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rig_analyzer *analyzer = NULL;
    rig_calls *calls = NULL;
    rig_capture_counts counts;
    uint64_t n_requests = 0;
    const rig_analyzer_options options = {
        .registrations = {.take = check_registration, .ctx = &n_requests}, .max_registrations = 3};
    if (size == 0 || rig_analyzer_new_with(&options, &analyzer, NULL) != RIG_OK)
        return 0;
    int linktype = linktypes[data[0] % (sizeof linktypes / sizeof linktypes[0])];
    int64_t t_ns = 1000 * RIG_NS_PER_S;
    size_t at = 1;
    while (size - at >= 5) {
        int64_t step = data[at] << 8 | data[at + 1];
        uint8_t flags = data[at + 2];
        size_t caplen = (size_t)(data[at + 3] << 8 | data[at + 4]);
        at += 5;
        if (caplen > size - at)
            caplen = size - at;
        /* Milliseconds, or microseconds, or seconds, forwards or backwards. */
        step *= flags & 1 ? 1000 : flags & 2 ? RIG_NS_PER_S : RIG_NS_PER_S / 1000;
        t_ns += flags & 4 ? -step : step;
        if (t_ns < 0)
            t_ns = 0;
        size_t len = caplen + (flags & 8 ? 100 : 0);
        if (rig_analyzer_packet(analyzer, linktype, t_ns, data + at, caplen, len, NULL) != RIG_OK)
            abort();
        at += caplen;
    }
    if (rig_analyzer_finish(analyzer, &calls, NULL) != RIG_OK)
        abort();
    check(analyzer, calls);
    rig_analyzer_counts(analyzer, &counts);
    if (n_requests + counts.n_registers_not_followed > counts.n_messages)
        abort();
    rig_calls_free(calls);
    rig_analyzer_free(analyzer);
    return 0;
}
