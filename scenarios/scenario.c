/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenarios/scenario.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/atomic_file.h"
#include "scenarios/scenario/files.h"
#include "scenarios/scenario/keys.h"
#include "settings/describe.h"

void rig_scenario_free(rig_scenario *scenario)
{
    if (scenario == NULL)
        return;
    free(scenario->path);
    free(scenario->traffic.instant_s);
    for (size_t i = 0; i < scenario->n_skills; i++)
        free(scenario->skills[i]);
    free(scenario->skills);
    for (size_t i = 0; i < scenario->n_refused; i++) {
        free(scenario->refused[i].path);
        free(scenario->refused[i].file);
    }
    free(scenario->refused);
    for (size_t i = 0; i < scenario->n_files; i++)
        free(scenario->files[i]);
    free(scenario->files);
    rig_table_clear(&rig_section_scenario, scenario);
    free(scenario);
}

/* --set KEY=VALUE; a key of two that exclude each other replaces the other one. */
static rig_status set_value(rig_settings *settings, const char *text, rig_error *err)
{
    rig_setting *at = NULL;
    rig_status status = rig_settings_set(settings, text, &at, err);
    if (status == RIG_OK) {
        rig_table_replace(&rig_section_scenario, at);
        return RIG_OK;
    }
    char key[256], meant[256];
    (void)snprintf(key, sizeof key, "%.*s", (int)strcspn(text, "="), text);
    if (status == RIG_EINPUT && err != NULL && strchr(text, '=') != NULL &&
        rig_keys_nearest(&rig_section_scenario, key, meant, sizeof meant) &&
        strcmp(key, meant) != 0)
        return rig_fail(err, status, "%s; did you mean %s?", err->text, meant);
    return status;
}

/* What a run cannot play is noted down while the lines are known. */
typedef struct noting {
    rig_reader *reader;
    rig_scenario *scenario;
} noting;

static void note_refused(void *ctx, const rig_setting *at)
{
    const noting *n = ctx;
    char path[256] = "";
    const char *file = rig_setting_file(at);
    rig_setting_path(at, path, sizeof path);
    size_t used = n->scenario->n_refused;
    rig_refused_key *more =
        reallocarray(n->scenario->refused, used + 1, sizeof *n->scenario->refused);
    if (more == NULL) {
        rig_reader_no_memory(n->reader);
        return;
    }
    n->scenario->refused = more;
    more[used] = (rig_refused_key){.path = strdup(path),
                                   .file = file != NULL ? strdup(file) : NULL,
                                   .line = rig_setting_line(at)};
    n->scenario->n_refused++;
    if (more[used].path == NULL || (file != NULL && more[used].file == NULL))
        rig_reader_no_memory(n->reader);
}

rig_status rig_scenario_read(const char *path, const char *const *overrides, size_t n_overrides,
                             rig_scenario **scenario, rig_error *err)
{
    rig_reader reader = {.path = path, .status = RIG_OK, .err = err};
    rig_settings *settings = NULL;
    rig_scenario *made = NULL;
    rig_status status = rig_settings_read(path, &settings, err);
    for (size_t i = 0; i < n_overrides && status == RIG_OK; i++)
        status = set_value(settings, overrides[i], err);
    if (status != RIG_OK)
        goto out;
    made = calloc(1, sizeof *made);
    if (made == NULL || (made->path = strdup(path)) == NULL) {
        status = rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
        goto out;
    }
    const rig_setting *root = rig_settings_root(settings);
    rig_file_noting files = {&reader, made};
    reader.note_file = rig_scenario_note_file;
    reader.note_ctx = &files;
    rig_table_read(&reader, root, &rig_section_scenario, made);
    if (reader.status == RIG_OK)
        rig_scenario_note_included(&files, root);
    if (reader.status == RIG_OK)
        rig_table_not_played(root, &rig_section_scenario, made, note_refused,
                             &(noting){&reader, made});
    status = reader.status;
    if (status == RIG_OK) {
        *scenario = made;
        made = NULL;
    }
out:
    rig_scenario_free(made);
    rig_settings_free(settings);
    return status;
}

void rig_scenario_print(const rig_scenario *scenario, FILE *out)
{
    (void)fputs("// peakrig scenario 1: resolved, every default spelled out\n", out);
    rig_table_write(out, &rig_section_scenario, scenario);
}

rig_status rig_scenario_write(const rig_scenario *scenario, const char *path, rig_error *err)
{
    rig_atomic_file *file;
    rig_status status = rig_atomic_file_new(path, &file, err);
    if (status != RIG_OK)
        return status;
    rig_scenario_print(scenario, rig_atomic_file_stream(file));
    return rig_atomic_file_commit(file, err);
}

uint32_t rig_scenario_n_circuits(const rig_scenario *scenario)
{
    uint32_t n = 0;
    for (size_t i = 0; i < scenario->n_trunks; i++)
        n += scenario->trunks[i].n_circuits;
    return n;
}

uint32_t rig_scenario_n_spare(const rig_trunk_group *group)
{
    /* 0.29 x 100 circuits are 29, whatever the last bit of 0.29 is */
    return (uint32_t)floor(group->p_spare * (double)group->n_circuits + 1e-9);
}

const char *rig_scenario_class_dial(const rig_scenario *scenario, size_t caller_class)
{
    const rig_callers *callers = &scenario->callers;
    const char *own =
        caller_class < callers->n_classes ? callers->classes[caller_class].dial : NULL;
    return own != NULL ? own : callers->dial;
}

bool rig_scenario_has_class_numbers(const rig_scenario *scenario)
{
    for (size_t i = 0; i < scenario->callers.n_classes; i++)
        if (scenario->callers.classes[i].dial != NULL)
            return true;
    return false;
}

const char *rig_scenario_choice_digits(const rig_scenario *scenario, size_t choice)
{
    static const char *const keys[] = {"1", "2", "3", "4", "5", "6", "7", "8",
                                       "9", "0", "*", "#", "A", "B", "C", "D"};
    const char *own = scenario->ivr.choices[choice].digits;
    return own != NULL ? own : keys[choice % (sizeof keys / sizeof *keys)];
}

bool rig_scenario_has_carriers(const rig_scenario *scenario)
{
    for (size_t i = 0; i < scenario->n_trunks; i++)
        if (scenario->trunks[i].p_share > 0.0)
            return scenario->n_trunks > 1;
    return false;
}

bool rig_scenario_has_carrier_ports(const rig_scenario *scenario)
{
    return rig_scenario_has_carriers(scenario) && scenario->trunks[0].port > 0;
}

bool rig_scenario_calls_back(const rig_scenario *scenario)
{
    const rig_queue *queue = &scenario->queue;
    return (queue->deflection.p_accept > 0.0 || queue->keep_place.p_accept > 0.0) &&
           scenario->call_back.n_attempts > 0;
}

uint32_t rig_scenario_n_gone(const rig_fault *fault, size_t group, uint32_t n)
{
    if (fault->kind != RIG_FAULT_AGENTS || (fault->has_group && fault->group != group))
        return 0;
    return (uint32_t)floor(fault->p_gone * (double)n + 0.5);
}

bool rig_scenario_has_emergency(const rig_scenario *scenario)
{
    const rig_emergency *said = &scenario->emergency;
    return (said->talk_factor > 0.0 && said->talk_factor < 1.0) || said->talk_most_s > 0.0;
}

double rig_scenario_emergency_talk_s(const rig_scenario *scenario, double talk_s)
{
    const rig_emergency *said = &scenario->emergency;
    const double short_s = said->talk_factor > 0.0 ? talk_s * said->talk_factor : talk_s;
    return said->talk_most_s > 0.0 ? fmin(short_s, said->talk_most_s) : short_s;
}

uint32_t rig_scenario_first_agents(const rig_agent_group *group)
{
    return group->n_shifts > 0 ? group->shifts[0].n_agents : group->n_agents;
}

uint32_t rig_scenario_n_numbers(const rig_scenario *scenario, size_t group)
{
    uint32_t n = scenario->agents[group].n_agents;
    for (size_t i = 0; i < scenario->n_reserves; i++)
        n += scenario->reserves[i].group == group ? scenario->reserves[i].n_agents : 0;
    return n;
}

uint32_t rig_scenario_first_reserve(const rig_scenario *scenario, size_t tier)
{
    const uint32_t group = scenario->reserves[tier].group;
    uint32_t n = scenario->agents[group].n_agents;
    for (size_t g = 0; g < group; g++)
        n += rig_scenario_n_numbers(scenario, g);
    for (size_t i = 0; i < tier; i++)
        n += scenario->reserves[i].group == group ? scenario->reserves[i].n_agents : 0;
    return n;
}

uint32_t rig_scenario_staff_wanted(const rig_scenario *scenario, size_t group, double at_s)
{
    const rig_agent_group *said = &scenario->agents[group];
    uint32_t n = rig_scenario_first_agents(said), n_gone = 0;
    for (size_t i = 1; i < said->n_shifts && said->shifts[i].at_s <= at_s; i++)
        n = said->shifts[i].n_agents;
    for (size_t i = 0; i < scenario->n_faults; i++) {
        const rig_fault *fault = &scenario->faults[i];
        if (fault->at_s <= at_s && at_s < fault->at_s + fault->for_s)
            n_gone += rig_scenario_n_gone(fault, group, n);
    }
    return n_gone < n ? n - n_gone : 0;
}

static double earlier_after_s(double next_s, double at_s, double after_s)
{
    return at_s > after_s && at_s < next_s ? at_s : next_s;
}

double rig_scenario_staff_next_s(const rig_scenario *scenario, size_t group, double after_s)
{
    const rig_agent_group *said = &scenario->agents[group];
    double next_s = INFINITY;
    for (size_t i = 1; i < said->n_shifts; i++)
        next_s = earlier_after_s(next_s, said->shifts[i].at_s, after_s);
    for (size_t i = 0; i < scenario->n_faults; i++) {
        const rig_fault *fault = &scenario->faults[i];
        if (fault->kind != RIG_FAULT_AGENTS || (fault->has_group && fault->group != group))
            continue;
        next_s = earlier_after_s(next_s, fault->at_s, after_s);
        next_s = earlier_after_s(next_s, fault->at_s + fault->for_s, after_s);
    }
    return next_s;
}

bool rig_scenario_staff_changes(const rig_scenario *scenario)
{
    bool does = scenario->n_reserves > 0;
    for (size_t g = 0; g < scenario->n_agents; g++)
        does = does || isfinite(rig_scenario_staff_next_s(scenario, g, 0.0));
    return does;
}

size_t rig_scenario_n_warm_up(const rig_scenario *scenario)
{
    return (size_t)ceil(scenario->traffic.warm_up_s / scenario->interval_s - 1e-9);
}

double rig_scenario_counted_from_s(const rig_scenario *scenario)
{
    return (double)rig_scenario_n_warm_up(scenario) * scenario->interval_s;
}

bool rig_scenario_knows_the_end(const rig_scenario *scenario)
{
    return rig_scenario_n_warm_up(scenario) == 0 ||
           (scenario->callers.redial.p_redial <= 0.0 && !rig_scenario_calls_back(scenario));
}

double rig_scenario_counted_s(const rig_scenario *scenario)
{
    return scenario->traffic.duration_s - rig_scenario_counted_from_s(scenario);
}

double rig_scenario_margin(const rig_margin *margin, double predicted)
{
    return fmax(margin->margin_pp / 100.0, margin->margin_share * predicted);
}
