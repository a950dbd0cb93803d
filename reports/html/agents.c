/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/html/agents.h"

#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdlib.h>

#include "models/sample.h"
#include "reports/html/parts.h"
#include "reports/html/text.h"

/* A figure of an agent. */
typedef double figure_of(const rig_call_group *agent);

static double n_answered(const rig_call_group *agent)
{
    return (double)(agent->n_rings - agent->n_missed);
}

static double n_missed(const rig_call_group *agent)
{
    return (double)agent->n_missed;
}

static double ring_mean_s(const rig_call_group *agent)
{
    return agent->ring.mean_s;
}

static double talk_mean_s(const rig_call_group *agent)
{
    return agent->talk.mean_s;
}

static double talk_total_s(const rig_call_group *agent)
{
    return agent->talk.n > 0 ? agent->talk.total_s : 0.0;
}

static const struct {
    const char *words; /* as the head of a column of numbers */
    figure_of *of;
} figures[] = {
    {"#" N_("calls answered"), n_answered},    {"#" N_("missed rings"), n_missed},
    {"#" N_("mean ring (s)"), ring_mean_s},    {"#" N_("mean talk (s)"), talk_mean_s},
    {"#" N_("talk in all (s)"), talk_total_s},
};

enum { N_FIGURES = sizeof figures / sizeof *figures };

/* A figure of those agents who have it, in order. @param values  Room for one of each agent. */
static rig_status sample_of(const rig_call_group_table *agents, figure_of *of, double *values,
                            rig_sample *sample)
{
    for (size_t i = 0; i < agents->n; i++)
        values[i] = of(&agents->groups[i]);
    return rig_sample_make(values, agents->n, sample);
}

/* The least value that a share of them does not exceed; of 0 the least of all. NAN: no values. */
static double value_at(const rig_sample *sample, double share)
{
    if (sample->n == 0)
        return (double)NAN;
    return sample->sorted[share > 0.0 ? rig_sample_nearest(sample->n, share) : 0];
}

static void print_spread(const rig_page *page, const char *words, const rig_sample *s)
{
    const double row[] = {s->mean,          value_at(s, 0.0),  value_at(s, 0.05),
                          value_at(s, 0.5), value_at(s, 0.95), value_at(s, 1.0)};
    fputs("<tr><th scope=\"row\">", page->out);
    rig_page_word(page, words);
    fputs("</th>", page->out);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        rig_html_number_cell(page, rig_html_number(row[i], 4).text);
    fputs("</tr>\n", page->out);
}

static rig_status print_spreads(const rig_page *page, const rig_call_group_table *agents,
                                double *values)
{
    static const char *const heads[] = {
        N_("figure of an agent"), "#" N_("mean"), "#" N_("least"), "#" N_("5 %"),
        "#" N_("median"),         "#" N_("95 %"), "#" N_("most")};
    rig_status status = RIG_OK;
    rig_html_table_begin(page, "How evenly: each figure over the agents", false);
    rig_html_table_heads(page, heads, sizeof heads / sizeof *heads);
    for (size_t f = 0; f < N_FIGURES && status == RIG_OK; f++) {
        rig_sample sample = {.n = 0};
        status = sample_of(agents, figures[f].of, values, &sample);
        if (status == RIG_OK)
            print_spread(page, figures[f].words + 1, &sample);
        rig_sample_clear(&sample);
    }
    rig_html_table_end(page);
    return status;
}

/* By what agents are put in order. */
typedef struct ordering {
    const rig_call_group_table *agents;
    figure_of *of;
} ordering;

static int compare_agents(const void *a, const void *b, void *ctx)
{
    const ordering *by = ctx;
    const size_t i = *(const size_t *)a, k = *(const size_t *)b;
    const double x = by->of(&by->agents->groups[i]), y = by->of(&by->agents->groups[k]);
    return x != y ? (x < y) - (x > y) : (i > k) - (i < k);
}

/* The greatest first; of equal ones in the order of their names. */
static void order_by(const rig_call_group_table *agents, figure_of *of, size_t *order)
{
    for (size_t i = 0; i < agents->n; i++)
        order[i] = i;
    qsort_r(order, agents->n, sizeof *order, compare_agents, &(ordering){agents, of});
}

/* Who is shown: all, or the extremes. */
static void choose(const rig_call_group_table *agents, size_t *order, bool *is_shown)
{
    const size_t n = agents->n;
    if (n <= RIG_HTML_FEW_AGENTS) {
        for (size_t i = 0; i < n; i++)
            is_shown[i] = true;
        return;
    }
    order_by(agents, n_missed, order);
    for (size_t i = 0; i < RIG_HTML_EXTREME_AGENTS; i++)
        is_shown[order[i]] = n_missed(&agents->groups[order[i]]) > 0.0;
    order_by(agents, n_answered, order);
    for (size_t i = 0; i < RIG_HTML_EXTREME_AGENTS; i++)
        is_shown[order[i]] = is_shown[order[n - 1 - i]] = true;
}

static void print_agent(const rig_page *page, const rig_call_group *agent)
{
    fputs("<tr><th scope=\"row\">", page->out);
    rig_html_text(page->out, agent->name);
    fputs("</th>", page->out);
    for (size_t f = 0; f < N_FIGURES; f++)
        rig_html_number_cell(page, rig_html_number(figures[f].of(agent), 4).text);
    fputs("</tr>\n", page->out);
}

static void print_table(const rig_page *page, const rig_call_group_table *agents,
                        const size_t *order, const bool *is_shown)
{
    const char *heads[1 + N_FIGURES] = {N_("agent")};
    for (size_t f = 0; f < N_FIGURES; f++)
        heads[1 + f] = figures[f].words;
    rig_html_table_begin(page,
                         agents->n <= RIG_HTML_FEW_AGENTS
                             ? N_("The agents")
                             : N_("Agents with most and fewest calls, and with most missed rings"),
                         false);
    rig_html_table_heads(page, heads, sizeof heads / sizeof *heads);
    for (size_t i = 0; i < agents->n; i++) {
        if (is_shown[order[i]])
            print_agent(page, &agents->groups[order[i]]);
    }
    rig_html_table_end(page);
}

static rig_status print_summary(const rig_page *page, const rig_call_group_table *agents,
                                double *values)
{
    rig_sample sample;
    if (sample_of(agents, n_answered, values, &sample) != RIG_OK)
        return RIG_ENOMEM;
    const double sd = sample.n > 1 ? gsl_stats_sd(sample.sorted, 1, sample.n) : 0.0;
    double n_rings = 0.0, n_in_vain = 0.0;
    for (size_t i = 0; i < agents->n; i++) {
        n_rings += (double)agents->groups[i].n_rings;
        n_in_vain += n_missed(&agents->groups[i]);
    }
    rig_page_say(page,
                 "<p><b>%s agents</b> were rung %s times; %s rings were missed (the caller hung up "
                 "first, or nobody answered in time). Calls an agent answered: %s on the mean, "
                 "with a standard deviation of %s of it.</p>\n",
                 rig_html_count((double)agents->n).text, rig_html_count(n_rings).text,
                 rig_html_count(n_in_vain).text, rig_html_number(sample.mean, 4).text,
                 rig_html_percent(sample.mean > 0.0 ? sd / sample.mean : (double)NAN).text);
    rig_sample_clear(&sample);
    return RIG_OK;
}

rig_status rig_html_agents(const rig_page *page, const json_t *result, const rig_report_wire *wire)
{
    (void)result;
    const rig_call_group_table *agents = wire->agents;
    if (agents == NULL || agents->n == 0) {
        rig_page_put(page, "<p class=\"none\">not available: the run's folder has no capture that "
                           "shows the agents' legs</p>\n");
        return RIG_OK;
    }
    double *values = calloc(agents->n, sizeof *values);
    size_t *order = calloc(agents->n, sizeof *order);
    bool *is_shown = calloc(agents->n, sizeof *is_shown);
    rig_status status = values != NULL && order != NULL && is_shown != NULL ? RIG_OK : RIG_ENOMEM;
    if (status == RIG_OK)
        status = print_summary(page, agents, values);
    if (status == RIG_OK)
        status = print_spreads(page, agents, values);
    if (status == RIG_OK) {
        choose(agents, order, is_shown);
        order_by(agents, n_answered, order);
        print_table(page, agents, order, is_shown);
        rig_page_put(page, "<p class=\"legend\">As the agents' legs in the capture show them; an "
                           "agent is who his leg's INVITE was sent to. All of them, with more "
                           "figures: <code>agents.csv</code> in the run's folder.</p>\n");
    }
    free(values);
    free(order);
    free(is_shown);
    return status;
}
