/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/diagnosis/findings.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/language.h"
#include "core/plural.h"
#include "verdict/judge/gate.h"

/* A capacity that sinks in so many steps, one after the other, leaks. */
#define LEAK_STEPS 4

static bool says_nothing(const rig_finding *f)
{
    return f->expected >= f->low && f->expected <= f->high; /* false for a NAN */
}

/* Room for one more. False: no memory. */
static bool has_room(rig_findings *findings)
{
    if (findings->n < findings->cap)
        return true;
    size_t cap = findings->cap > 0 ? 2 * findings->cap : 16;
    rig_finding *items = reallocarray(findings->items, cap, sizeof *items);
    if (items == NULL) {
        findings->status = RIG_ENOMEM;
        return false;
    }
    findings->items = items;
    findings->cap = cap;
    return true;
}

rig_finding *rig_findings_add(rig_findings *findings, const rig_finding *finding,
                              const char *format, ...)
{
    if (findings->status != RIG_OK || says_nothing(finding) || !has_room(findings))
        return NULL;
    rig_finding *added = &findings->items[findings->n++];
    *added = *finding;
    added->share = (double)NAN;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(added->text, sizeof added->text, format, args);
    va_end(args);
    return added;
}

rig_finding rig_findings_of_share(rig_finding_kind kind, rig_stage stage, size_t n, size_t n_all,
                                  double to_s)
{
    const rig_interval_estimate share = rig_gate_binomial(n, n_all);
    return (rig_finding){.kind = kind,
                         .stage = stage,
                         .expected = 0.0,
                         .estimate = share.value,
                         .low = share.low95,
                         .high = share.high95,
                         .unit = "1",
                         .to_s = to_s,
                         .n_calls = n,
                         .n_explained = n};
}

/* Lists grow by doubling: full when their length is a power of two. */
static void *grown(rig_findings *findings, void *items, size_t n, size_t size)
{
    if (n > 0 && (n & (n - 1)) != 0)
        return items;
    void *more = reallocarray(items, n > 0 ? 2 * n : 1, size);
    if (more == NULL)
        findings->status = RIG_ENOMEM;
    return more;
}

void rig_findings_touch(rig_findings *findings, rig_finding *finding, const rig_call *call)
{
    if (finding == NULL || findings->status != RIG_OK)
        return;
    const rig_call **more =
        grown(findings, finding->touched, finding->n_touched, sizeof *finding->touched);
    if (more == NULL)
        return;
    finding->touched = more;
    finding->touched[finding->n_touched++] = call;
}

void rig_findings_add_span(rig_findings *findings, rig_finding *finding, double from_s, double to_s,
                           double value)
{
    if (finding == NULL || findings->status != RIG_OK)
        return;
    rig_finding_span *more =
        grown(findings, finding->spans, finding->n_spans, sizeof *finding->spans);
    if (more == NULL)
        return;
    finding->spans = more;
    finding->spans[finding->n_spans++] = (rig_finding_span){from_s, to_s, value};
}

void rig_findings_clear(rig_findings *findings)
{
    for (size_t i = 0; i < findings->n; i++) {
        free(findings->items[i].spans);
        free(findings->items[i].touched);
    }
    free(findings->items);
    *findings = (rig_findings){.status = findings->status};
}

/* In a leak each stretch has less than the one before; noise steps both ways. */
static bool is_leak(const rig_capacity_fit *fit, uint32_t expected)
{
    size_t n_down = 0, n_up = 0;
    for (size_t i = 1; i < fit->n_segments; i++) {
        n_down += fit->segments[i].capacity < fit->segments[i - 1].capacity;
        n_up += fit->segments[i].capacity > fit->segments[i - 1].capacity;
    }
    return n_down >= LEAK_STEPS && n_down >= 4 * n_up && fit->n_segments > 0 &&
           fit->segments[fit->n_segments - 1].capacity < expected;
}

/* No call was let in: what was held came from before, and drained. */
static bool is_closed(const rig_capacity_segment *s, const rig_capacity_words *words)
{
    return words->is_loss && s->n_blocked == s->n_probes;
}

static rig_finding finding_of(const rig_capacity_segment *s, uint32_t expected,
                              const rig_capacity_words *words)
{
    rig_finding f = {.stage = words->stage,
                     .expected = (double)expected,
                     .estimate = (double)s->capacity,
                     .low = (double)s->low,
                     .high = (double)s->high,
                     .unit = words->unit,
                     .from_s = s->from_s,
                     .to_s = s->to_s,
                     .n_calls = s->n_against_expected,
                     .n_explained = s->n_against_expected - s->n_against};
    return f;
}

static void add_leak(rig_findings *findings, const rig_capacity_fit *fit, uint32_t expected,
                     const rig_capacity_words *words)
{
    const rig_capacity_segment *first = &fit->segments[0];
    const rig_capacity_segment *last = &fit->segments[fit->n_segments - 1];
    rig_finding f = finding_of(last, expected, words);
    f.kind = words->leak;
    f.from_s = first->from_s;
    f.n_calls = f.n_explained = 0;
    for (size_t i = 0; i < fit->n_segments; i++) {
        f.n_calls += fit->segments[i].n_against_expected;
        if (fit->segments[i].n_against_expected > fit->segments[i].n_against)
            f.n_explained += fit->segments[i].n_against_expected - fit->segments[i].n_against;
    }
    rig_finding *added = rig_findings_add(
        findings, &f,
        "%s at ever fewer %s in use: %u at %.0f s, %u at %.0f s; %u were expected: %s "
        "are seized and not given back",
        words->blocked, words->unit, first->capacity, first->from_s, last->capacity, last->to_s,
        expected, words->unit);
    for (size_t i = 0; i < fit->n_segments; i++) {
        const rig_capacity_segment *s = &fit->segments[i];
        const bool is_last = i + 1 == fit->n_segments;
        rig_findings_add_span(findings, added, s->from_s, is_last ? INFINITY : s[1].from_s,
                              fmin((double)s->capacity, (double)expected));
    }
}

/* An E1 has 30 circuits: say so where whole ones are missing. */
static void add_e1(char *text, size_t size, const rig_capacity_words *words, uint32_t expected,
                   const rig_capacity_segment *s)
{
    text[0] = '\0';
    if (words->stage != RIG_STAGE_TRUNK || s->capacity >= expected ||
        (expected - s->capacity) % 30 != 0)
        return;
    uint32_t n = (expected - s->capacity) / 30;
    (void)snprintf(text, size, rig_plural(n, N_(": %u E1 is missing"), N_(": %u E1 are missing")),
                   n);
}

void rig_findings_add_capacity(rig_findings *findings, const rig_capacity_fit *fit,
                               uint32_t expected, double time_scale,
                               const rig_capacity_words *words)
{
    const double shortest_s = RIG_FINDING_SHORTEST_WINDOW_WIRE_S * time_scale;
    if (is_leak(fit, expected)) {
        add_leak(findings, fit, expected, words);
        return;
    }
    const bool is_window = fit->n_segments > 1;
    for (size_t i = 0; i < fit->n_segments; i++) {
        const rig_capacity_segment *s = &fit->segments[i];
        if (!rig_capacity_deviates(s, expected) || (s->capacity > expected && !words->is_strict))
            continue;
        if (is_window && s->to_s - s->from_s < shortest_s)
            continue;
        char e1[48];
        const char *or_fewer = is_closed(s, words) ? N_(" or fewer (no call was let in)") : "";
        rig_finding f = finding_of(s, expected, words);
        f.kind = is_window ? words->window : words->constantly;
        add_e1(e1, sizeof e1, words, expected, s);
        if (is_window)
            rig_findings_add(findings, &f,
                             "from %.0f s to %.0f s %s at %u %s in use%s, %u were expected%s",
                             s->from_s, s->to_s, words->blocked, s->capacity, words->unit, or_fewer,
                             expected, e1);
        else
            rig_findings_add(findings, &f, "%s at %u %s in use%s, %u were expected%s",
                             words->blocked, s->capacity, words->unit, or_fewer, expected, e1);
    }
}
