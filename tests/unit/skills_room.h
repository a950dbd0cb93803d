/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A call centre with skills made by hand: sixty calls, three groups of agents. */
#ifndef RIG_TESTS_UNIT_SKILLS_ROOM_H
#define RIG_TESTS_UNIT_SKILLS_ROOM_H

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "models/schedule/callers.h"
#include "scenarios/registration.h"
#include "scenarios/scope.h"
#include "tests/small_scenario.h"
#include "tests/test.h"
#include "verdict/by_kind.h"
#include "verdict/diagnosis.h"
#include "verdict/diagnosis/refit.h"
#include "verdict/diagnosis/refit_impl.h"
#include "verdict/judge/occupancy.h"
#include "verdict/observed.h"

#define START_NS INT64_C(1700000000000000000)

enum { N_CALLS = 60, ORDERS = 0, SERVICE = 1, DESK = 0, EXPERTS = 1, HELPERS = 2 };

typedef struct room {
    small_scenario small;
    rig_agent_group agents[3];
    rig_choice choices[2];
    rig_queue_overflow overflow[2];
    rig_planned_call planned[N_CALLS];
    rig_schedule schedule;
    rig_call calls[N_CALLS];
    rig_call backs[2 * N_CALLS];
    size_t n_backs;
} room;

static char *skills[] = {(char *)"orders", (char *)"service", (char *)"billing"};
static uint8_t levels[3][3] = {{3, 0, 0}, {0, 5, 0}, {0, 0, 0}};

/* Orders go to the desk (2 agents) and after 20 s to the helpers, service to the experts. */
static inline rig_scenario *make(room *r)
{
    memset(r, 0, sizeof *r);
    rig_scenario *s = small_scenario_make(&r->small);
    static char *const names[] = {(char *)"desk", (char *)"experts", (char *)"helpers"};
    for (int g = 0; g < 3; g++) {
        r->agents[g] = r->small.agents[0];
        r->agents[g].name = names[g];
        r->agents[g].n_agents = 2;
        r->agents[g].level = levels[g];
        r->agents[g].ring_timeout_s = 20.0;
        r->agents[g].ring = (rig_dist){.kind = RIG_DIST_EXPONENTIAL, .mean_s = 2.0};
    }
    r->choices[ORDERS] = (rig_choice){.name = (char *)"1", .p_share = 0.5, .skill = ORDERS};
    r->choices[SERVICE] = (rig_choice){.name = (char *)"2", .p_share = 0.5, .skill = SERVICE};
    r->overflow[0] = (rig_queue_overflow){.skill = ORDERS, .after_s = 20.0, .group = HELPERS};
    s->agents = r->agents;
    s->n_agents = 3;
    s->ivr.choices = r->choices;
    s->ivr.n_choices = 2;
    s->skills = skills;
    s->n_skills = 3;
    s->queue.overflow = r->overflow;
    s->queue.n_overflow = 1;
    s->traffic.duration_s = 1000.0;
    r->schedule = (rig_schedule){.calls = r->planned, .n = N_CALLS, .seed = s->seed};
    return s;
}

static inline int64_t at(double t_s)
{
    return START_NS + (int64_t)(t_s * 1e9);
}

/* Call i enters at 10 i, waits for wait_s, and talks for 5 s with this agent. */
static inline void put(room *r, int i, uint16_t choice, double wait_s, const char *agent)
{
    const double enters_s = 10.0 * i;
    r->planned[i] = (rig_planned_call){.number = 1000 + (uint64_t)i, .choice = choice};
    r->calls[i] = (rig_call){.planned_index = i,
                             .t_invite_ns = at(enters_s),
                             .t_provisional_ns = RIG_NO_TIME,
                             .t_menu_ns = RIG_NO_TIME,
                             .t_answer_ns = at(enters_s),
                             .t_queue_ns = at(enters_s),
                             .t_first_ring_ns = at(enters_s + wait_s),
                             .t_agent_ring_ns = at(enters_s + wait_s),
                             .t_agent_answer_ns = at(enters_s + wait_s + 1.0),
                             .t_end_ns = at(enters_s + wait_s + 6.0),
                             .final_code = 200,
                             .answered = true,
                             .n_legs = 2,
                             .outcome = RIG_OUTCOME_SERVED};
    (void)snprintf(r->calls[i].agent, sizeof r->calls[i].agent, "%s", agent);
}

static inline rig_diagnosis *diagnose(room *r)
{
    const rig_calls all = {
        .items = r->calls, .n = N_CALLS, .backs = r->backs, .n_backs = r->n_backs};
    const rig_diagnosis_input input = {.scenario = &r->small.scenario,
                                       .calls = &all,
                                       .start_epoch_ns = START_NS,
                                       .schedule = &r->schedule};
    rig_diagnosis *d = NULL;
    assert_int_equal(rig_diagnose(&input, &d, NULL), RIG_OK);
    return d;
}

static inline const rig_finding *of_kind(const rig_diagnosis *d, rig_finding_kind kind)
{
    for (size_t i = 0; i < d->n_findings; i++)
        if (d->findings[i].kind == kind)
            return &d->findings[i];
    return NULL;
}

#endif
