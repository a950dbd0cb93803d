/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/analyze_options.h"

#include "cli/console.h"

static const rig_usage_text usage_text = {
    "analyze", "CAPTURE...",
    N_("Read captures (pcap or pcapng, plain or compressed; \"-\" is the standard input) and say\n"
       "where each call was lost.")};

/* Whether anything is asked for that ladders, slices and explanations do not go with. */
static bool has_other_outputs(const rig_cmd_analyze_options *o)
{
    return o->calls != NULL || o->is_json || o->is_digest || o->explain.n > 0 || o->by.n > 0 ||
           o->by_csv != NULL || o->over_time != NULL || o->patience != NULL || o->plots != NULL ||
           o->jsonl != NULL || o->interval_s > 0;
}

/* @return NULL when the options go together. */
static const char *find_problem(rig_cmd_analyze_options *o)
{
    const char *problem = NULL;
    if (o->parts.mask_key != NULL && o->parts.mask_key_file != NULL)
        return "--mask-key with --mask-key-file; expected one of the two";
    o->parts.is_masked |= o->parts.mask_key != NULL || o->parts.mask_key_file != NULL;
    o->parts.has_explain = o->explain.n > 0;
    o->parts.has_where = o->where != NULL;
    o->parts.is_followed = o->reading.is_followed;
    o->parts.has_other_outputs = has_other_outputs(o);
    if (!rig_cmd_analyze_parts_fit(&o->parts, &problem))
        return problem;
    if (o->by_csv != NULL && o->by.n == 0)
        return "--by-csv; expected --by FIELD[,FIELD] with it";
    if (o->by.n > RIG_FIGURES_MAX_TABLES)
        return "--by: given more than 16 times";
    return NULL;
}

bool rig_cmd_analyze_options_read(int argc, char **argv, rig_cmd_analyze_options *o,
                                  rig_operands *captures, int *exit_code)
{
    const rig_option table[] = {
        {"calls", 0, RIG_OPTION_TEXT, &o->calls, "FILE", N_("write calls.csv, a row a call")},
        {"jsonl", 0, RIG_OPTION_TEXT, &o->jsonl, "FILE",
         N_("write a line of JSON for each call, as it ends (\"-\": standard output)")},
        {"rules", 0, RIG_OPTION_TEXT, &o->rules, "FILE",
         N_("how this centre shows its stages (the built-in rules)")},
        {"carrier", 0, RIG_OPTION_TEXTS, &o->carriers, "NAME=WHICH",
         N_("calls of a carrier: NETWORK, header:NAME=VALUE, prefix:DIGITS or caller:DIGITS")},
        {"where", 0, RIG_OPTION_TEXT, &o->where, "CONDITION",
         N_("only calls that fit: 'carrier=A and code>=500'")},
        {"by", 0, RIG_OPTION_TEXTS, &o->by, "FIELD[,FIELD]",
         N_("a table of figures by carrier, code, agent, class, hour, outcome, ..")},
        {"by-csv", 0, RIG_OPTION_TEXT, &o->by_csv, "FILE", N_("the tables of --by as a file")},
        {"over-time", 0, RIG_OPTION_TEXT, &o->over_time, "FILE",
         N_("write circuits, queue and agents over time")},
        {"interval", 0, RIG_OPTION_COUNT, &o->interval_s, "SECONDS",
         N_("of --over-time (the shortest that the capture's length allows)")},
        {"patience", 0, RIG_OPTION_TEXT, &o->patience, "FILE",
         N_("write how long callers wait before they hang up, a curve")},
        {"plots", 0, RIG_OPTION_TEXT, &o->plots, "FOLDER",
         N_("draw usage over time and patience with gnuplot")},
        {"why", 0, RIG_OPTION_TEXTS, &o->parts.why, "CALL-ID",
         N_("say in plain words why a call ended as it did (\"lost\": all lost ones)")},
        {"explain", 0, RIG_OPTION_TEXTS, &o->explain, "CALL-ID",
         N_("say which rules fired for a call, on standard error")},
        {"digest", 0, RIG_OPTION_FLAG, &o->is_digest, NULL,
         N_("stamp calls.csv with the SHA-256 of the first capture")},
        {"json", 0, RIG_OPTION_FLAG, &o->is_json, NULL, N_("one JSON document on standard output")},
        {"ladder", 0, RIG_OPTION_TEXTS, &o->parts.ladder, "CALL-ID",
         N_("draw the messages of a call and its agents' legs, nothing else (\"*\": --where)")},
        {"svg", 0, RIG_OPTION_TEXT, &o->parts.svg, "FILE", N_("the ladders as a picture")},
        {"slice", 0, RIG_OPTION_TEXTS, &o->parts.slice, "KEY=VALUE[,..]",
         N_("write the packets of some calls, nothing else (or --where)")},
        {"output", 'o', RIG_OPTION_TEXT, &o->parts.output, "FILE", N_("the capture to write")},
        {"mask", 0, RIG_OPTION_FLAG, &o->parts.is_masked, NULL,
         N_("pseudonyms for Call-IDs, numbers and addresses")},
        {"mask-key", 0, RIG_OPTION_TEXT, &o->parts.mask_key, "TEXT",
         N_("the same pseudonyms under the same key (--mask; a random key); others can see it")},
        {"mask-key-file", 0, RIG_OPTION_TEXT, &o->parts.mask_key_file, "FILE",
         N_("the same; the key is its first line")},
        {"reorder-window-ms", 0, RIG_OPTION_WHOLE, &o->reading.window_ms, "N",
         N_("put packets in order within so many ms; 0: not at all (1000)")},
        {"reorder-packets", 0, RIG_OPTION_COUNT, &o->reading.max_packets, "N",
         N_("packets that may wait for that (262144)")},
        {"clocks-apart-ms", 0, RIG_OPTION_WHOLE, &o->reading.apart_ms, "N",
         N_("clocks of files that nothing ties may be so far apart; 0: they agree (1000)")},
        {"max-legs", 0, RIG_OPTION_COUNT, &o->reading.max_legs, "N",
         N_("legs that are followed at one time (4000000)")},
        {"follow", 0, RIG_OPTION_FLAG, &o->reading.is_followed, NULL,
         N_("the last CAPTURE is still being written: until Ctrl-C")},
        {"quiet", 0, RIG_OPTION_FLAG, &o->reading.is_quiet, NULL, N_("no progress")},
        {.name = NULL}};
    if (!rig_options_read_all(argc, argv, &usage_text, table, captures, exit_code))
        return false;
    const char *problem = captures->n == 0 ? "expected at least one CAPTURE" : find_problem(o);
    if (problem != NULL)
        *exit_code = rig_console_usage("analyze", "%s", problem);
    return problem == NULL;
}

/* ---- what they mean ---- */

static rig_status use_rules(const rig_cmd_analyze_options *o, rig_rules **rules, rig_error *err)
{
    rig_status status = RIG_OK;
    if (o->rules != NULL)
        status = rig_rules_read(o->rules, rules, err);
    else if (o->carriers.n > 0)
        status = rig_rules_new(rules, err);
    for (size_t i = 0; i < o->carriers.n && status == RIG_OK; i++)
        status = rig_rules_add_carrier(*rules, o->carriers.items[i], err);
    return status;
}

rig_status rig_cmd_analyze_options_use(const rig_cmd_analyze_options *o, rig_rules **rules,
                                       rig_query **where, rig_figures_options *wanted,
                                       rig_error *err)
{
    rig_status status = use_rules(o, rules, err);
    if (status == RIG_OK && o->where != NULL)
        status = rig_query_read(o->where, "--where", where, err);
    *wanted = (rig_figures_options){.where = *where,
                                    .has_over_time = o->over_time != NULL || o->plots != NULL ||
                                                     o->interval_s > 0,
                                    .interval_ns = (int64_t)o->interval_s * RIG_NS_PER_S};
    for (size_t i = 0; i < o->by.n && status == RIG_OK; i++) {
        status = rig_groups_by_read(o->by.items[i], "--by", &wanted->by[i], err);
        wanted->n_by = i + 1;
    }
    return status;
}
