/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/print_analysis.h"

#include <math.h>
#include <stdio.h>

#include "cli/console.h"
#include "analyzer/loss_bounds.h"
#include "analyzer/q850.h"
#include "cli/print_figures.h"
#include "core/clock.h"
#include "core/plural.h"
#include "core/tidy.h"

/* Rows of the table of losses over time, at most. */
enum { MAX_ROWS = 12 };

/* ---- losses and lines ---- */

static void print_losses(const rig_tally *tally)
{
    rig_console_print("stage  |  entered |     lost | per entrant | per offered call\n");
    printf("-------+----------+----------+-------------+-----------------\n");
    for (int s = 0; s < RIG_N_STAGES; s++) {
        rig_stage stage = (rig_stage)s;
        printf("%s | %8llu | %8llu | %9.2f %% | %9.2f %%\n",
               rig_console_cell(rig_stage_name(stage), -6).text,
               (unsigned long long)rig_tally_entered(tally, stage),
               (unsigned long long)rig_tally_lost(tally, stage),
               100.0 * rig_tally_p_lost_per_entrant(tally, stage),
               100.0 * rig_tally_p_lost_per_offered(tally, stage));
    }
    putchar('\n');
    for (int o = RIG_OUTCOME_SELF_SERVED; o < RIG_N_OUTCOMES; o++) {
        if (tally->n_outcome[o] > 0 || o == RIG_OUTCOME_SERVED)
            printf("%-13s %llu\n", rig_outcome_name((rig_outcome)o),
                   (unsigned long long)tally->n_outcome[o]);
    }
}

static void print_intervals(const rig_found *l)
{
    putchar('\n');
    rig_console_say("95 %% intervals of the losses per entrant, from batch means:");
    for (int s = 0; s < RIG_N_STAGES; s++) {
        rig_loss_estimate loss =
            rig_loss_series_estimate(l->series, (rig_stage)s, l->counts->has_queue_marks);
        if (loss.n_entered > 0)
            rig_console_say(
                "%s %6.2f %% (%.2f..%.2f), worth %.0f independent %s",
                rig_console_cell(rig_stage_name((rig_stage)s), -6).text, 100.0 * loss.p_lost,
                100.0 * loss.low, 100.0 * loss.high, loss.n_effective,
                rig_console_words_n((uint64_t)round(loss.n_effective), "call", "calls"));
    }
}

static void print_bounds_with(const rig_found *l, uint64_t n_open)
{
    for (int s = 0; s < RIG_N_STAGES; s++) {
        const rig_loss_bounds bounds = rig_loss_bounds_of(&l->usage->tally, (rig_stage)s, n_open);
        printf("%s %6.2f %% .. %6.2f %%\n", rig_console_cell(rig_stage_name((rig_stage)s), -6).text,
               100.0 * bounds.low, 100.0 * bounds.high);
    }
}

/* What the calls that are not certain can make of the losses; and what clocks could that are apart
 * by less than shows. */
static void print_bounds(const rig_found *l)
{
    const uint64_t n_open = rig_capture_n_open(l->counts);
    const uint64_t n_by_clocks = rig_capture_n_open_by_clocks(l->counts);
    if (n_open > 0) {
        putchar('\n');
        if (n_open == 1)
            rig_console_say("bounds, if the 1 call that is not certain ended otherwise:");
        else
            rig_console_say(
                "bounds, if each of the %llu calls that are not certain ended otherwise:",
                (unsigned long long)n_open);
        print_bounds_with(l, n_open);
    }
    if (n_by_clocks == 0)
        return;
    putchar('\n');
    if (n_by_clocks == 1)
        rig_console_say("1 call hangs on the order of messages that are nearer to each other than "
                        "%.3f ms; bounds, if more than one clock has stamped them:",
                        (double)l->counts->apart_max_ns * 1e-6);
    else
        rig_console_say("%llu calls hang on the order of messages that are nearer to each other "
                        "than %.3f ms; bounds, if more than one clock has stamped them:",
                        (unsigned long long)n_by_clocks, (double)l->counts->apart_max_ns * 1e-6);
    print_bounds_with(l, n_open + n_by_clocks);
}

static const char *circuits(uint64_t n)
{
    return rig_console_words_n(n, "circuit", "circuits");
}

static void print_lines(const rig_usage *usage)
{
    putchar('\n');
    rig_console_say("%llu %s; %u %s in use at the peak; %.1f erl carried, %.1f offered",
                    (unsigned long long)usage->tally.n_offered,
                    rig_console_words_n(usage->tally.n_offered, "call", "calls"),
                    usage->peak_in_use, circuits(usage->peak_in_use),
                    rig_tidy(usage->carried_erl, 1), rig_tidy(usage->offered_erl, 1));
    if (usage->steady_s > 0)
        rig_console_say("peakedness %.2f over the %.0f s in which the load may have been steady",
                        usage->peakedness, usage->steady_s);
    if (usage->n_refusals == 0)
        return;
    rig_console_say(
        "%llu %s at %u %s in use (median %.0f, most %u)", (unsigned long long)usage->n_refusals,
        rig_console_words_n(usage->n_refusals, "refusal; it came", "refusals; they began"),
        usage->min_in_use_at_refusal, circuits(usage->min_in_use_at_refusal),
        usage->median_in_use_at_refusal, usage->max_in_use_at_refusal);
    int64_t implied = rig_usage_implied_circuits(usage);
    if (implied >= 0)
        rig_console_say("the refusals imply %lld %s", (long long)implied,
                        circuits((uint64_t)implied));
    else if (usage->n_refusals >= RIG_USAGE_MIN_REFUSALS)
        rig_console_say("the refusals come at any occupancy: they imply no number of circuits");
}

/* ---- sessions and registrations ---- */

static void print_times(const char *name, const rig_times *t)
{
    if (t->n > 0)
        rig_console_say("%s mean %.3g, median %.3g, p95 %.3g, p99 %.3g, max %.4g s (%llu)",
                        rig_console_cell(name, -11).text, rig_times_mean_s(t),
                        rig_times_quantile_s(t, 0.5), rig_times_quantile_s(t, 0.95),
                        rig_times_quantile_s(t, 0.99), rig_times_max_s(t),
                        (unsigned long long)t->n);
}

/* The numbers that occurred, with how often: "200 (12), 486 (3)". */
static void print_occurred(const char *title, const uint64_t *n, size_t n_all, size_t none)
{
    const char *separator = title;
    for (size_t i = 0; i < n_all; i++) {
        if (n[i] == 0)
            continue;
        if (i == none)
            printf("%s%s (%llu)", separator, rig_console_words("none"), (unsigned long long)n[i]);
        else
            printf("%s%zu (%llu)", separator, i, (unsigned long long)n[i]);
        separator = ", ";
    }
    if (separator != title)
        putchar('\n');
}

/* The ratios that go by their denominators. */
static void print_deliveries(const rig_sessions *s, rig_session_ratios r)
{
    char seized[160] = "";
    if (!isnan(r.asr))
        (void)snprintf(seized, sizeof seized,
                       rig_console_words(", %.2f %% of %llu seized (taken on, or rung)"),
                       100.0 * r.asr, (unsigned long long)s->n_seizures);
    rig_console_say("ASR %.2f %% of %llu offered%s: %llu answered", 100.0 * r.abr,
                    (unsigned long long)s->n_bids, seized, (unsigned long long)s->n_answers);
    if (!isnan(r.ner))
        rig_console_say(
            "NER %.2f %% of %llu: %llu answered, %llu busy, not answered or rejected by "
            "the called side, %llu not delivered",
            100.0 * r.ner, (unsigned long long)s->n_deliverable, (unsigned long long)s->n_answers,
            (unsigned long long)(s->n_delivered - s->n_answers),
            (unsigned long long)(s->n_deliverable - s->n_delivered));
}

/* Causes of calls that were not answered, in words. */
static void print_why(const rig_sessions *s)
{
    const char *separator = rig_console_words("not answered, by cause (Q.850): ");
    char line[1024];
    size_t n = 0;
    for (int cause = 0; cause < RIG_SESSIONS_NO_CAUSE && n < sizeof line; cause++) {
        if (s->n_why[cause] == 0)
            continue;
        n += (size_t)snprintf(line + n, sizeof line - n, "%s%d %s (%llu)", separator, cause,
                              rig_q850_name(cause), (unsigned long long)s->n_why[cause]);
        separator = ", ";
    }
    if (n > 0)
        rig_console_wrap(stdout, line, rig_console_width());
}

static void print_sessions(const rig_sessions *s)
{
    rig_session_ratios r = rig_sessions_ratios(s);
    const struct {
        const char *name;
        double value;
    } ratios[] = {
        {"SER", r.ser},
        {"SEER", r.seer},
        {"ISA", r.isa},
        {"SCR", r.scr},
    };
    char line[256] = "";
    for (size_t i = 0, n = 0; i < sizeof ratios / sizeof ratios[0]; i++) {
        if (!isnan(ratios[i].value))
            n += (size_t)snprintf(line + n, sizeof line - n, "%s%s %.2f %%", n > 0 ? "  " : "",
                                  ratios[i].name, 100.0 * ratios[i].value);
    }
    if (s->n_bids > 0) {
        putchar('\n');
        rig_console_say("%s", line);
        print_deliveries(s, r);
    }
    print_times(N_("setup"), &s->setup);
    print_times("SRD", &s->srd_success);
    print_times(N_("SRD, failed"), &s->srd_failure);
    print_times("SDD", &s->sdd);
    print_times("SDT", &s->sdt);
    print_occurred(rig_console_words("final responses: "), s->n_code, RIG_SESSIONS_N_CODES, 0);
    print_why(s);
    if (s->n_bids > s->n_cause[RIG_SESSIONS_NO_CAUSE]) /* there is a cause at all */
        print_occurred(rig_console_words("Q.850 causes: "), s->n_cause, RIG_SESSIONS_NO_CAUSE + 1,
                       RIG_SESSIONS_NO_CAUSE);
}

static void print_registrations(const rig_registrations *r)
{
    if (r->n_requests == 0)
        return;
    const struct {
        rig_registration_end end;
        const char *text;
    } ends[] = {
        {RIG_REGISTERED, N_("registered")},
        {RIG_REGISTRATION_FAILED, N_("failed")},
        {RIG_REGISTRATION_TIMED_OUT, N_("timed out")},
        {RIG_REGISTRATION_CHALLENGED, N_("left at a challenge")},
        {RIG_REGISTRATION_REPLACED, N_("replaced before their end was seen")},
        {RIG_REGISTRATION_PENDING, N_("not over at the end of the capture")},
    };
    const char *separator = ": ";
    printf("\n%llu %s", (unsigned long long)r->n_requests,
           rig_plural(r->n_requests, "REGISTER", "REGISTERs"));
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        if (r->n_end[ends[i].end] == 0)
            continue;
        printf("%s%llu %s", separator, (unsigned long long)r->n_end[ends[i].end],
               rig_console_words(ends[i].text));
        separator = ", ";
    }
    putchar('\n');
    if (rig_registrations_n_attempts(r) > 0)
        rig_console_say(
            "IRA %.2f %% of %llu %s", 100.0 * rig_registrations_ira(r),
            (unsigned long long)rig_registrations_n_attempts(r),
            rig_console_words_n(rig_registrations_n_attempts(r), "attempt", "attempts"));
    print_times("RRD", &r->rrd);
    print_occurred(rig_console_words("final responses: "), r->n_code, RIG_REGISTRATIONS_N_CODES, 0);
}

/* ---- losses over time ---- */

static void print_series(const rig_loss_series *series, int64_t t_capture_ns, bool has_queue_marks)
{
    const rig_loss_interval *all = series->at[has_queue_marks ? 1 : 0];
    size_t first = 0; /* the series begins before its first call: calls are told when they end */
    while (first < series->n && all[first].n_offered == 0)
        first++;
    const size_t n_each = (series->n - first + MAX_ROWS - 1) / MAX_ROWS;
    if (series->n - first < 2)
        return;
    putchar('\n');
    rig_console_print(
        "from s  |  offered | lost trunk |   lost ivr | lost queue | lost agent |   served\n");
    printf("--------+----------+------------+------------+------------+------------+---------\n");
    for (size_t from = first; from < series->n; from += n_each) {
        unsigned long long n_offered = 0, n_served = 0, n_lost[RIG_N_STAGES] = {0};
        for (size_t i = from; i < from + n_each && i < series->n; i++) {
            n_offered += all[i].n_offered;
            n_served += all[i].n_served;
            for (int s = 0; s < RIG_N_STAGES; s++)
                n_lost[s] += all[i].n_lost[s];
        }
        int64_t t_ns = series->t_from_ns + (int64_t)from * series->interval_ns - t_capture_ns;
        if (t_ns < 0) /* intervals begin anywhere; the capture does not begin before itself */
            t_ns = 0;
        printf("%7.0f | %8llu | %10llu | %10llu | %10llu | %10llu | %8llu\n",
               rig_tidy(rig_clock_s_of_ns(t_ns), 0), n_offered, n_lost[RIG_STAGE_TRUNK],
               n_lost[RIG_STAGE_IVR], n_lost[RIG_STAGE_QUEUE], n_lost[RIG_STAGE_AGENT], n_served);
    }
}

void rig_print_analysis(const rig_found *l)
{
    print_losses(&l->usage->tally);
    print_intervals(l);
    print_bounds(l);
    print_lines(l->usage);
    print_sessions(l->sessions);
    print_registrations(l->registrations);
    rig_print_hours(l);
    rig_print_patience(l);
    rig_print_groups(l);
    print_series(l->series, l->counts->t_first_ns, l->counts->has_queue_marks);
}
