/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/why/rule_words.h"

#include <stdarg.h>
#include <stdio.h>

#include "analyzer/rules/words.h"
#include "core/clock.h"

/* A text that grows until it is full. */
typedef struct line {
    char *text;
    size_t n, size;
} line;

static void put(line *l, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(line *l, const char *format, ...)
{
    va_list args;
    if (l->n + 1 >= l->size)
        return;
    va_start(args, format);
    int n = vsnprintf(l->text + l->n, l->size - l->n, format, args);
    va_end(args);
    l->n = n < 0 ? l->n : l->n + (size_t)n;
    if (l->n >= l->size)
        l->n = l->size - 1;
}

/* The words whose bits are set; nothing where all are. */
static void put_bits(line *l, const char *key, unsigned bits, const char *const *words,
                     bool is_all_said)
{
    const char *between = " ";
    int n = 0;
    while (words[n] != NULL)
        n++;
    if (bits == 0 || (!is_all_said && bits == (1u << n) - 1u))
        return;
    put(l, "; %s", key);
    for (int i = 0; i < n; i++) {
        if ((bits >> i & 1) != 0) {
            put(l, "%s%s", between, words[i]);
            between = ", ";
        }
    }
}

static void put_numbers(line *l, const rig_outcome_rule *rule)
{
    for (unsigned i = 0; i < rule->n_codes; i++) {
        const rig_code_range *range = &rule->codes[i];
        put(l, "%s%u", i == 0 ? "; codes " : ", ", range->low);
        if (range->high != range->low)
            put(l, "-%u", range->high);
    }
    for (unsigned i = 0; i < rule->n_q850; i++)
        put(l, "%s%u", i == 0 ? "; q850 " : ", ", rule->q850[i]);
}

static void put_time(line *l, const char *key, int64_t t_ns, int64_t none_ns)
{
    if (t_ns != none_ns)
        put(l, "; %s %g", key, rig_clock_s_of_ns(t_ns));
}

static void put_times(line *l, const rig_outcome_rule *rule)
{
    if (!rule->has_times)
        return;
    put_time(l, "answered_min_s", rule->min_answered_ns, 0);
    put_time(l, "answered_max_s", rule->max_answered_ns, RIG_RULE_NO_LIMIT_NS);
    put_time(l, "waited_min_s", rule->min_waited_ns, 0);
    put_time(l, "waited_max_s", rule->max_waited_ns, RIG_RULE_NO_LIMIT_NS);
}

void rig_rule_words(const rig_outcome_rule *rule, char *text, size_t size)
{
    line l = {.text = text, .size = size};
    size_t n;
    text[0] = '\0';
    if (rule == NULL) {
        put(&l, "no outcome rule fits: %s", rig_outcome_name(RIG_OUTCOME_UNCLASSIFIED));
        return;
    }
    const rig_outcome_rule *built_in = rig_outcomes_built_in(&n);
    if (rule >= built_in && rule < built_in + n)
        put(&l, "built-in outcome rule %d", (int)(rule - built_in) + 1);
    else
        put(&l, "outcome rule \"%.60s\"", rule->name != NULL ? rule->name : "");
    put(&l, " (end %s", rig_rule_ends[rule->end]);
    put_bits(&l, "phases", rule->phases, rig_rule_phases, false);
    put_bits(&l, "cause", rule->causes, rig_rule_causes, false);
    put_bits(&l, "when", rule->conditions, rig_rule_conditions, true);
    put_numbers(&l, rule);
    put_times(&l, rule);
    put(&l, "): %s", rig_outcome_name(rule->outcome));
}
