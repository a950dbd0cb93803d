/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/print_figures.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/console.h"
#include "core/clock.h"
#include "core/language.h"
#include "core/tidy.h"
#include "reports/e1.h"

enum {
    MAX_HOURS = 48,   /* rows of the table of hours: beyond it, only the busiest of them */
    MAX_GROUPS = 200, /* rows of a table of groups */
    NAME_WIDTH = 40   /* of a group's name at most */
};

/* ---- hours ---- */

static int descending(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x < y) - (x > y);
}

static uint32_t circuits_of(const rig_usage_row *row)
{
    return row->max[RIG_USAGE_CIRCUITS];
}

/* The fewest circuits of the MAX_HOURS busiest hours; 0: there are no more hours than that. */
static uint32_t busy_from(const rig_usage_table *hours)
{
    if (hours->n <= MAX_HOURS)
        return 0;
    uint32_t *circuits = calloc(hours->n, sizeof *circuits);
    if (circuits == NULL)
        return UINT32_MAX; /* none rather than all of them */
    for (size_t i = 0; i < hours->n; i++)
        circuits[i] = circuits_of(&hours->rows[i]);
    qsort(circuits, hours->n, sizeof *circuits, descending);
    uint32_t least = circuits[MAX_HOURS - 1];
    free(circuits);
    return least > 0 ? least : 1;
}

static void print_hour(const rig_usage_row *row)
{
    char from[RIG_UTC_TEXT_SIZE];
    rig_clock_format_utc(row->t_from_ns, from);
    printf("%.10s %.5s | %8llu | %8llu | %8.1f | %8u | %3u | %6u | %6u | %8.1f | %4u\n", from,
           from + 11, (unsigned long long)row->n_offered, (unsigned long long)row->n_answered,
           rig_tidy(row->mean[RIG_USAGE_CIRCUITS], 1), circuits_of(row),
           rig_e1_of_circuits(circuits_of(row)), row->max[RIG_USAGE_QUEUE],
           row->max[RIG_USAGE_AGENTS], rig_tidy(row->offered_erl, 1),
           rig_e1_for_loss(row->offered_erl, 0.01));
}

static void print_busiest(const rig_found *found)
{
    const double half_s = rig_clock_s_of_ns(found->hours->interval_ns) / 2;
    const rig_usage_row *busiest = NULL;
    for (size_t i = 0; i < found->hours->n; i++) { /* some minutes are no hour, unless all are */
        const rig_usage_row *row = &found->hours->rows[i];
        bool is_longer = busiest != NULL && row->seconds >= half_s && busiest->seconds < half_s;
        bool is_shorter = busiest != NULL && row->seconds < half_s && busiest->seconds >= half_s;
        if (busiest == NULL || is_longer ||
            (!is_shorter && row->offered_erl > busiest->offered_erl))
            busiest = row;
    }
    if (busiest == NULL || busiest->seconds <= 0 || found->usage->peak_in_use == 0)
        return;
    char from[RIG_UTC_TEXT_SIZE];
    rig_clock_format_utc(busiest->t_from_ns, from);
    rig_console_say("%u %s at the peak %s %u E1 (30 circuits each); the busiest hour, from "
                    "%.10s %.5s, offers %.1f erl over %.0f s: %u E1 would lose at most 1 %% of it "
                    "(Erlang B, were it steady)",
                    found->usage->peak_in_use,
                    rig_console_words_n(found->usage->peak_in_use, "circuit", "circuits"),
                    rig_console_words_n(found->usage->peak_in_use, "takes", "take"),
                    rig_e1_of_circuits(found->usage->peak_in_use), from, from + 11,
                    rig_tidy(busiest->offered_erl, 1), busiest->seconds,
                    rig_e1_for_loss(busiest->offered_erl, 0.01));
}

void rig_print_hours(const rig_found *found)
{
    const rig_usage_table *hours = found->hours;
    size_t n_shown = 0;
    if (hours->n == 0)
        return;
    const uint32_t least = busy_from(hours);
    putchar('\n');
    rig_console_print(
        "from (UTC)       |  offered | answered | circuits |     most |  E1 |  queue | agents | "
        "     erl | E1 1%%\n"
        "-----------------+----------+----------+----------+----------+-----+--------+--------+-"
        "---------+------\n");
    for (size_t i = 0; i < hours->n && n_shown < MAX_HOURS; i++) {
        if (circuits_of(&hours->rows[i]) < least)
            continue;
        print_hour(&hours->rows[i]);
        n_shown++;
    }
    if (n_shown < hours->n)
        rig_console_say("the busiest of %zu hours; --over-time FILE writes all", hours->n);
    print_busiest(found);
}

/* ---- patience ---- */

static void put_quantile(char *text, size_t size, rig_survival_quantile q)
{
    int n = isnan(q.t_s) ? snprintf(text, size, "%s", rig_console_words("not reached"))
                         : snprintf(text, size, "%.3g s", q.t_s);
    if (n < 0 || (size_t)n >= size || (isnan(q.t_s) && isnan(q.low_s)))
        return;
    if (isnan(q.low_s) && isnan(q.high_s))
        return;
    size_t at = (size_t)n;
    at += (size_t)(isnan(q.low_s) ? snprintf(text + at, size - at, " (?..")
                                  : snprintf(text + at, size - at, " (%.3g..", q.low_s));
    if (at < size)
        (void)(isnan(q.high_s) ? snprintf(text + at, size - at, "?)")
                               : snprintf(text + at, size - at, "%.3g)", q.high_s));
}

void rig_print_patience(const rig_found *found)
{
    static const struct {
        double p;
        const char *name;
    } shares[] = {{0.1, "10 %"}, {0.25, "25 %"}, {0.5, N_("median")}, {0.75, "75 %"}};
    const rig_survival *patience = found->patience;
    char line[512];
    size_t n = 0;
    if (patience->n == 0)
        return;
    putchar('\n');
    const uint64_t n_censored = patience->n - patience->n_events;
    rig_console_say("patience in the queue: %llu %s hung up, %llu %s answered or cut off before "
                    "that (censored); the longest wait is %.4g s",
                    (unsigned long long)patience->n_events,
                    rig_console_words_n(patience->n_events, "caller", "callers"),
                    (unsigned long long)n_censored, rig_console_words_n(n_censored, "was", "were"),
                    patience->longest_s);
    if (patience->n_events == 0)
        return;
    for (size_t i = 0; i < sizeof shares / sizeof shares[0] && n < sizeof line; i++) {
        char text[96];
        put_quantile(text, sizeof text, rig_survival_find(patience, shares[i].p));
        n += (size_t)snprintf(line + n, sizeof line - n, "%s%s %s", i > 0 ? ", " : "",
                              rig_console_words(shares[i].name), text);
    }
    rig_console_say("hung up by (Kaplan-Meier, 95 %%): %s", line);
    put_quantile(line, sizeof line, rig_survival_exponential_mean(patience));
    rig_console_say("mean patience, were it exponential: %s", line);
}

/* ---- groups ---- */

typedef struct column {
    const char *name;
    int width;
} column;

static const column columns[] = {
    {P_("calls"), 7},  {P_("answer"), 7}, {P_("l.trnk"), 6}, {P_("l.ivr"), 6}, {P_("l.queu"), 6},
    {P_("l.agnt"), 6}, {P_("served"), 6}, {P_("ASR o"), 7},  {P_("ASR s"), 7}, {"NER", 7},
    {P_("wait s"), 7}, {"p95", 7},        {P_("talk s"), 7},
};
static const column ring_columns[] = {
    {P_("rings"), 6}, {P_("missed"), 6}, {P_("ring s"), 7}, {P_("talk all"), 8}};

enum {
    N_COLUMNS = sizeof columns / sizeof columns[0],
    N_RING_COLUMNS = sizeof ring_columns / sizeof ring_columns[0]
};

static void print_share(double share)
{
    if (isnan(share))
        printf(" |       -");
    else
        printf(" | %6.2f%%", rig_tidy(100.0 * share, 2));
}

static void print_time(double seconds, int width)
{
    if (isnan(seconds))
        printf(" | %*s", width, "-");
    else
        printf(" | %*.1f", width, rig_tidy(seconds, 1));
}

/* What of a name fits into so many columns: whole letters. */
static rig_told cut(const char *name, int width)
{
    rig_told shown;
    size_t n = 0, n_columns = 0, n_left = (size_t)width;
    while (name[n] != '\0') {
        const size_t n_bytes = rig_letter(name + n, &n_columns);
        if (n_columns > n_left || n + n_bytes >= sizeof shown.text)
            break;
        n_left -= n_columns;
        n += n_bytes;
    }
    (void)snprintf(shown.text, sizeof shown.text, "%.*s", (int)n, name);
    return shown;
}

static void print_group(const rig_call_group *g, int width, bool has_rings)
{
    printf("%s | %7llu | %7llu", rig_cell(cut(g->name, width).text, -width).text,
           (unsigned long long)g->n_calls, (unsigned long long)g->n_answered);
    for (int s = 0; s < RIG_N_STAGES; s++)
        printf(" | %6llu", (unsigned long long)g->n_outcome[rig_outcome_lost_at((rig_stage)s)]);
    printf(" | %6llu", (unsigned long long)g->n_outcome[RIG_OUTCOME_SERVED]);
    print_share(g->asr_offered);
    print_share(g->asr_seized);
    print_share(g->ner);
    print_time(g->wait.mean_s, 7);
    print_time(g->wait.p95_s, 7);
    print_time(g->talk.mean_s, 7);
    if (has_rings) {
        printf(" | %6llu | %6llu", (unsigned long long)g->n_rings, (unsigned long long)g->n_missed);
        print_time(g->ring.mean_s, 7);
        print_time(g->talk.total_s, 8);
    }
    putchar('\n');
}

static void print_rule(int width, bool has_rings)
{
    for (int i = 0; i < width; i++)
        putchar('-');
    for (int i = 0; i < N_COLUMNS; i++)
        printf("-+-%.*s", columns[i].width, "----------");
    for (int i = 0; has_rings && i < N_RING_COLUMNS; i++)
        printf("-+-%.*s", ring_columns[i].width, "----------");
    putchar('\n');
}

static void print_table(const rig_call_group_table *table)
{
    char by[128];
    bool has_rings = rig_groups_by_is_agent(&table->by);
    rig_groups_by_text(&table->by, by, sizeof by);
    size_t widest = rig_columns(by);
    for (size_t i = 0; i < table->n; i++)
        widest = rig_columns(table->groups[i].name) > widest ? rig_columns(table->groups[i].name)
                                                             : widest;
    int width = widest < NAME_WIDTH ? (int)widest : NAME_WIDTH;
    printf("\n%s", rig_cell(by, -width).text);
    for (int i = 0; i < N_COLUMNS; i++)
        printf(" | %s", rig_console_cell(columns[i].name, columns[i].width).text);
    for (int i = 0; has_rings && i < N_RING_COLUMNS; i++)
        printf(" | %s", rig_console_cell(ring_columns[i].name, ring_columns[i].width).text);
    putchar('\n');
    print_rule(width, has_rings);
    for (size_t i = 0; i < table->n && i < MAX_GROUPS; i++)
        print_group(&table->groups[i], width, has_rings);
    if (table->n > MAX_GROUPS)
        rig_console_say("and %zu more; --by-csv FILE writes all", table->n - MAX_GROUPS);
}

void rig_print_groups(const rig_found *found)
{
    for (size_t i = 0; i < found->n_tables; i++)
        print_table(found->tables[i]);
    if (found->n_tables > 0)
        rig_console_say("ASR o: answered of offered, s: of seized; wait: from the queue to the "
                        "agent's answer, talk: from then to the end, seconds");
}
