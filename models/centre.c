#include "models/centre.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/random.h"
#include "models/event_heap.h"

#define NONE UINT32_MAX

#define EVENTS_PER_POLL 100000 /* some ten milliseconds */

typedef enum state { WAITS_FOR_PORT, IN_MENU, QUEUED, RINGING, TALKING } state;

/* Why a call's next event comes. */
typedef enum wake {
    WAKE_GIVES_UP, /* patience of the state, or the self-server's time, is over */
    WAKE_MENU_ENDS,
    WAKE_QUEUE_TIMEOUT,
    WAKE_AGENT_ANSWERS,
    WAKE_RING_TIMEOUT,
    WAKE_TALK_ENDS
} wake;

/* A call in progress; it lives in the slot of its circuit. */
typedef struct slot {
    uint32_t call;
    state state;
    wake wake;
    bool has_port, was_queued;
    uint32_t agent;
    uint32_t n_rings;
    uint32_t previous, next; /* in the list of its state */
    double arrival_s;
    double queued_s;      /* first entry into the queue */
    double leave_queue_s; /* patience in the queue ends */
    double hangs_up_s;    /* the self-server's; INFINITY */
} slot;

/* A doubly linked list of slots. */
typedef struct list {
    uint32_t head, tail, n;
} list;

struct rig_centre {
    const rig_scenario *scenario;
    uint32_t n_circuits, n_agents;
    rig_event_heap *calendar; /* actors: the circuits, then the agents (wrap-ups, rests) */
    slot *slots;
    uint32_t *free_slots;
    uint32_t n_free_slots;
    uint32_t *idle; /* ring buffer of agents, longest idle first */
    uint32_t idle_from, n_idle;
    uint32_t n_free_ports;
    list port_waiters, queue;
    size_t n_intervals;
    double *circuit_s; /* circuits in use, integrated, of each interval */
    double last_s;
    uint32_t peak_circuits;
    float *wait_s, *setup_s;
    size_t n_wait, n_setup, cap_times;
    const rig_centre_input *input;
    rig_centre_output *output;
};

size_t rig_centre_n_intervals(const rig_scenario *scenario)
{
    double n = ceil(scenario->traffic.duration_s / scenario->interval_s - 1e-9);
    return n < 1.0 ? 1 : (size_t)n;
}

void rig_centre_free(rig_centre *centre)
{
    if (centre == NULL)
        return;
    rig_event_heap_free(centre->calendar);
    free(centre->slots);
    free(centre->free_slots);
    free(centre->idle);
    free(centre->circuit_s);
    free(centre->wait_s);
    free(centre->setup_s);
    free(centre);
}

rig_status rig_centre_new(const rig_scenario *scenario, rig_centre **centre)
{
    rig_centre *made = calloc(1, sizeof *made);
    if (made == NULL)
        return RIG_ENOMEM;
    made->scenario = scenario;
    made->n_circuits = rig_scenario_n_circuits(scenario);
    made->n_agents = scenario->agents[0].n_agents;
    made->n_intervals = rig_centre_n_intervals(scenario);
    made->slots = malloc(made->n_circuits * sizeof *made->slots);
    made->free_slots = malloc(made->n_circuits * sizeof *made->free_slots);
    made->idle = malloc(made->n_agents * sizeof *made->idle);
    made->circuit_s = malloc(made->n_intervals * sizeof *made->circuit_s);
    if (made->slots == NULL || made->free_slots == NULL || made->idle == NULL ||
        made->circuit_s == NULL ||
        rig_event_heap_new(made->n_circuits + made->n_agents, &made->calendar) != RIG_OK) {
        rig_centre_free(made);
        return RIG_ENOMEM;
    }
    *centre = made;
    return RIG_OK;
}

static void list_add(rig_centre *c, list *l, uint32_t id, bool at_head)
{
    uint32_t neighbour = at_head ? l->head : l->tail;
    c->slots[id].previous = at_head ? NONE : neighbour;
    c->slots[id].next = at_head ? neighbour : NONE;
    if (neighbour == NONE)
        l->head = l->tail = id;
    else if (at_head)
        l->head = c->slots[neighbour].previous = id;
    else
        l->tail = c->slots[neighbour].next = id;
    l->n++;
}

static void list_remove(rig_centre *c, list *l, uint32_t id)
{
    const slot *s = &c->slots[id];
    if (s->previous == NONE)
        l->head = s->next;
    else
        c->slots[s->previous].next = s->next;
    if (s->next == NONE)
        l->tail = s->previous;
    else
        c->slots[s->next].previous = s->previous;
    l->n--;
}

static double draw(const rig_centre *c, rig_cause cause, uint32_t call, uint32_t sub)
{
    return rig_random_uniform(c->scenario->seed, cause, call, c->input->replication, sub);
}

static double delay_s(const rig_centre *c, rig_delay_kind kind, uint32_t call, uint32_t attempt)
{
    if (c->input->delays == NULL)
        return 0.0;
    const rig_delay_sample *sample = &c->input->delays->kind[kind];
    if (sample->n == 0)
        return 0.0;
    double u = draw(c, RIG_CAUSE_RIG_DELAY, call, (uint32_t)kind + attempt * RIG_N_DELAY_KINDS);
    return sample->delay_s[(size_t)(u * (double)sample->n)];
}

static const rig_planned_call *planned(const rig_centre *c, const slot *s)
{
    return &c->input->schedule->calls[s->call];
}

/* Let a call's next event be the earlier of "goes on" and "gives up". */
static void wait_for(rig_centre *c, uint32_t id, double now_s, double goes_on_s, wake goes_on,
                     double gives_up_s)
{
    bool gives_up = gives_up_s < goes_on_s;
    c->slots[id].wake = gives_up ? WAKE_GIVES_UP : goes_on;
    rig_event_heap_set(c->calendar, id, fmax(now_s, gives_up ? gives_up_s : goes_on_s));
}

/* Add the circuits in use since the last change to the intervals that this time touches. */
static void integrate_circuits(rig_centre *c, double now_s)
{
    const double interval_s = c->scenario->interval_s;
    const double until_s = fmin(now_s, c->scenario->traffic.duration_s);
    double in_use = (double)(c->n_circuits - c->n_free_slots);
    while (c->last_s < until_s) {
        size_t i = (size_t)(c->last_s / interval_s);
        if (i >= c->n_intervals)
            break;
        double to_s = fmin(until_s, (double)(i + 1) * interval_s);
        if (to_s <= c->last_s) /* the boundary itself, rounded down into the interval before */
            to_s = nextafter(c->last_s, INFINITY);
        c->circuit_s[i] += in_use * (to_s - c->last_s);
        c->last_s = to_s;
    }
    c->last_s = now_s;
}

static size_t interval_of(const rig_centre *c, double t_s)
{
    double i = t_s / c->scenario->interval_s;
    if (!(i > 0.0))
        return 0;
    return i >= (double)c->n_intervals ? c->n_intervals - 1 : (size_t)i;
}

static void count(rig_centre *c, uint32_t call, double arrival_s, rig_outcome outcome,
                  rig_stage stage)
{
    rig_centre_output *output = c->output;
    rig_tally_add(&output->tally, outcome, stage);
    if (output->fates != NULL)
        output->fates[call] = outcome;
    if (output->intervals == NULL || outcome == RIG_OUTCOME_NOT_PLACED)
        return;
    rig_interval *interval = &output->intervals[interval_of(c, arrival_s)];
    interval->n_offered += 1.0;
    if (outcome == RIG_OUTCOME_SERVED)
        interval->n_served += 1.0;
    else if (outcome == rig_outcome_lost_at(stage))
        interval->n_lost[stage] += 1.0;
}

static void give_port(rig_centre *c, uint32_t id, double now_s)
{
    slot *s = &c->slots[id];
    const rig_planned_call *call = planned(c, s);
    c->n_free_ports--;
    s->has_port = true;
    s->state = IN_MENU;
    c->setup_s[c->n_setup++] = (float)(now_s - s->arrival_s);
    s->hangs_up_s = INFINITY;
    if (call->self_service_s >= 0.0)
        s->hangs_up_s =
            now_s + call->self_service_s + delay_s(c, RIG_DELAY_SELF_SERVICE, s->call, 0);
    double menu_s =
        rig_dist_quantile_s(&c->scenario->ivr.menu, draw(c, RIG_CAUSE_MENU, s->call, 0));
    wait_for(c, id, now_s, now_s + menu_s, WAKE_MENU_ENDS, s->hangs_up_s);
}

static void release_port(rig_centre *c, uint32_t id, double now_s)
{
    if (!c->slots[id].has_port)
        return;
    c->slots[id].has_port = false;
    c->n_free_ports++;
    uint32_t waiter = c->port_waiters.head;
    if (waiter != NONE) {
        list_remove(c, &c->port_waiters, waiter);
        give_port(c, waiter, now_s);
    }
}

static void end_call(rig_centre *c, uint32_t id, double now_s, rig_outcome outcome, rig_stage stage)
{
    const slot *s = &c->slots[id];
    count(c, s->call, s->arrival_s, outcome, stage);
    rig_event_heap_unset(c->calendar, id);
    integrate_circuits(c, now_s);
    release_port(c, id, now_s);
    c->free_slots[c->n_free_slots++] = id;
}

static void ring(rig_centre *c, uint32_t id, uint32_t agent, double now_s)
{
    slot *s = &c->slots[id];
    const rig_planned_call *call = planned(c, s);
    const double timeout_s = c->scenario->agents[0].ring_timeout_s;
    uint32_t attempt = s->n_rings++;
    double ring_s =
        call->ring_s[attempt % RIG_N_RING_ATTEMPTS] + delay_s(c, RIG_DELAY_RING, s->call, attempt);
    double gives_up_s =
        now_s + call->patience_ringing_s + delay_s(c, RIG_DELAY_PATIENCE_RINGING, s->call, attempt);
    s->state = RINGING;
    s->agent = agent;
    wait_for(c, id, now_s, now_s + fmin(ring_s, timeout_s),
             ring_s < timeout_s ? WAKE_AGENT_ANSWERS : WAKE_RING_TIMEOUT,
             fmin(gives_up_s, s->hangs_up_s));
}

/* Bring waiting calls and idle agents together. */
static void dispatch(rig_centre *c, double now_s)
{
    while (c->n_idle > 0 && c->queue.n > 0) {
        uint32_t agent = c->idle[c->idle_from];
        uint32_t id = c->queue.head;
        c->idle_from = (c->idle_from + 1) % c->n_agents;
        c->n_idle--;
        list_remove(c, &c->queue, id);
        ring(c, id, agent, now_s);
    }
}

/* He wraps up, or did not answer a call: idle again at an instant. */
static void agent_rests(rig_centre *c, uint32_t agent, double until_s)
{
    rig_event_heap_set(c->calendar, c->n_circuits + agent, until_s);
}

static void agent_is_idle(rig_centre *c, uint32_t agent)
{
    c->idle[(c->idle_from + c->n_idle) % c->n_agents] = agent;
    c->n_idle++;
}

static void stay_in_queue(rig_centre *c, uint32_t id, double now_s, bool at_head)
{
    slot *s = &c->slots[id];
    const double timeout_s = c->scenario->queue.timeout_s;
    double cut_s = timeout_s > 0.0 ? s->queued_s + timeout_s : INFINITY;
    s->state = QUEUED;
    list_add(c, &c->queue, id, at_head);
    wait_for(c, id, now_s, fmin(cut_s, 1e300), WAKE_QUEUE_TIMEOUT,
             fmin(s->leave_queue_s, s->hangs_up_s));
}

static void enter_queue(rig_centre *c, uint32_t id, double now_s)
{
    slot *s = &c->slots[id];
    const rig_queue *queue = &c->scenario->queue;
    if (queue->capacity > 0 && c->queue.n >= queue->capacity) {
        end_call(c, id, now_s, RIG_OUTCOME_LOST_QUEUE, RIG_STAGE_QUEUE);
        return;
    }
    s->queued_s = now_s;
    s->leave_queue_s =
        now_s + planned(c, s)->patience_queue_s + delay_s(c, RIG_DELAY_PATIENCE_QUEUE, s->call, 0);
    stay_in_queue(c, id, now_s, false);
    if (!c->scenario->ivr.hold_while_queued)
        release_port(c, id, now_s);
    dispatch(c, now_s);
}

static void return_to_queue(rig_centre *c, uint32_t id, double now_s)
{
    slot *s = &c->slots[id];
    const double timeout_s = c->scenario->queue.timeout_s;
    bool is_cut = timeout_s > 0.0 && s->queued_s + timeout_s <= now_s;
    agent_rests(c, s->agent, now_s + c->scenario->agents[0].rest_s);
    if (is_cut || s->leave_queue_s <= now_s)
        end_call(c, id, now_s, RIG_OUTCOME_LOST_QUEUE, RIG_STAGE_QUEUE);
    else
        stay_in_queue(c, id, now_s, true);
    dispatch(c, now_s);
}

static void start_talk(rig_centre *c, uint32_t id, double now_s)
{
    slot *s = &c->slots[id];
    const rig_planned_call *call = planned(c, s);
    rig_delay_kind kind = call->caller_hangs_up ? RIG_DELAY_TALK_CALLER : RIG_DELAY_TALK_AGENT;
    s->state = TALKING;
    c->wait_s[c->n_wait++] = (float)(now_s - s->queued_s);
    double talk_s = call->talk_s + delay_s(c, kind, s->call, 0);
    wait_for(c, id, now_s, now_s + talk_s, WAKE_TALK_ENDS, s->hangs_up_s);
    release_port(c, id, now_s);
}

static void end_talk(rig_centre *c, uint32_t id, double now_s)
{
    const slot *s = &c->slots[id];
    double u = draw(c, RIG_CAUSE_WRAP_UP, s->call, 0);
    double wrap_up_s = rig_dist_quantile_s(&c->scenario->agents[0].wrap_up, u);
    agent_rests(c, s->agent, now_s + wrap_up_s);
    end_call(c, id, now_s, RIG_OUTCOME_SERVED, RIG_STAGE_AGENT);
}

static void give_up(rig_centre *c, uint32_t id, double now_s)
{
    const slot *s = &c->slots[id];
    uint32_t agent = s->agent;
    switch (s->state) {
    case WAITS_FOR_PORT:
        list_remove(c, &c->port_waiters, id);
        end_call(c, id, now_s, RIG_OUTCOME_LOST_IVR, RIG_STAGE_IVR);
        break;
    case IN_MENU:
        end_call(c, id, now_s, RIG_OUTCOME_SELF_SERVED, RIG_STAGE_IVR);
        break;
    case QUEUED:
        list_remove(c, &c->queue, id);
        end_call(c, id, now_s, RIG_OUTCOME_LOST_QUEUE, RIG_STAGE_QUEUE);
        break;
    case RINGING:
        end_call(c, id, now_s, RIG_OUTCOME_LOST_AGENT, RIG_STAGE_AGENT);
        agent_is_idle(c, agent);
        dispatch(c, now_s);
        break;
    case TALKING:
        end_talk(c, id, now_s);
        break;
    }
}

static void wake_call(rig_centre *c, uint32_t id, double now_s)
{
    switch (c->slots[id].wake) {
    case WAKE_GIVES_UP:
        give_up(c, id, now_s);
        break;
    case WAKE_MENU_ENDS:
        enter_queue(c, id, now_s);
        break;
    case WAKE_QUEUE_TIMEOUT:
        list_remove(c, &c->queue, id);
        end_call(c, id, now_s, RIG_OUTCOME_LOST_QUEUE, RIG_STAGE_QUEUE);
        break;
    case WAKE_AGENT_ANSWERS:
        start_talk(c, id, now_s);
        break;
    case WAKE_RING_TIMEOUT:
        return_to_queue(c, id, now_s);
        break;
    case WAKE_TALK_ENDS:
        end_talk(c, id, now_s);
        break;
    }
}

static void arrive(rig_centre *c, uint32_t call, double now_s)
{
    if (c->n_free_slots == 0) {
        count(c, call, now_s, RIG_OUTCOME_LOST_TRUNK, RIG_STAGE_TRUNK);
        return;
    }
    integrate_circuits(c, now_s);
    uint32_t id = c->free_slots[--c->n_free_slots];
    uint32_t in_use = c->n_circuits - c->n_free_slots;
    if (in_use > c->peak_circuits)
        c->peak_circuits = in_use;
    slot *s = &c->slots[id];
    *s = (slot){.call = call, .state = WAITS_FOR_PORT, .agent = NONE, .arrival_s = now_s};
    if (c->n_free_ports > 0) {
        give_port(c, id, now_s);
        return;
    }
    list_add(c, &c->port_waiters, id, false);
    double gives_up_s =
        now_s + planned(c, s)->patience_answer_s + delay_s(c, RIG_DELAY_PATIENCE_ANSWER, call, 0);
    s->wake = WAKE_GIVES_UP;
    rig_event_heap_set(c->calendar, id, fmax(now_s, gives_up_s));
}

static rig_status make_empty(rig_centre *c, const rig_centre_input *input,
                             rig_centre_output *output)
{
    if (input->schedule->n > c->cap_times) {
        float *wait_s = reallocarray(c->wait_s, input->schedule->n, sizeof *wait_s);
        if (wait_s == NULL)
            return RIG_ENOMEM;
        c->wait_s = wait_s;
        float *setup_s = reallocarray(c->setup_s, input->schedule->n, sizeof *setup_s);
        if (setup_s == NULL)
            return RIG_ENOMEM;
        c->setup_s = setup_s;
        c->cap_times = input->schedule->n;
    }
    c->input = input;
    c->output = output;
    c->n_free_slots = c->n_circuits;
    for (uint32_t i = 0; i < c->n_circuits; i++)
        c->free_slots[i] = c->n_circuits - 1 - i;
    c->idle_from = 0;
    c->n_idle = c->n_agents;
    for (uint32_t i = 0; i < c->n_agents; i++)
        c->idle[i] = i;
    c->n_free_ports = c->scenario->ivr.n_ports;
    c->port_waiters = c->queue = (list){NONE, NONE, 0};
    c->last_s = 0.0;
    c->peak_circuits = 0;
    c->n_wait = c->n_setup = 0;
    memset(c->circuit_s, 0, c->n_intervals * sizeof *c->circuit_s);
    rig_event_heap_clear(c->calendar);
    output->tally = (rig_tally){0};
    if (output->intervals != NULL)
        memset(output->intervals, 0, c->n_intervals * sizeof *output->intervals);
    return RIG_OK;
}

rig_status rig_centre_simulate(rig_centre *c, const rig_centre_input *input,
                               rig_centre_output *output)
{
    const rig_schedule *schedule = input->schedule;
    const size_t n = input->arrival_s != NULL ? input->n_order : schedule->n;
    rig_status status = make_empty(c, input, output);
    if (status != RIG_OK)
        return status;
    uint64_t n_events = 0;
    for (size_t i = 0;;) {
        if (++n_events % EVENTS_PER_POLL == 0 && input->stop != NULL && *input->stop)
            return RIG_ECANCELLED;
        uint32_t call = 0;
        double arrival_s = INFINITY;
        if (i < n) {
            call = input->arrival_s != NULL ? input->order[i] : (uint32_t)i;
            arrival_s =
                input->arrival_s != NULL ? input->arrival_s[call] : schedule->calls[call].t_s;
        }
        double event_s = rig_event_heap_next_s(c->calendar);
        if (event_s <= arrival_s) {
            if (isinf(event_s))
                break;
            uint32_t actor = rig_event_heap_pop(c->calendar);
            if (actor < c->n_circuits) {
                wake_call(c, actor, event_s);
            } else {
                agent_is_idle(c, actor - c->n_circuits);
                dispatch(c, event_s);
            }
        } else {
            arrive(c, call, arrival_s);
            i++;
        }
    }
    for (size_t k = 0; input->arrival_s != NULL && k < schedule->n; k++) {
        if (isnan(input->arrival_s[k]))
            count(c, (uint32_t)k, 0.0, RIG_OUTCOME_NOT_PLACED, RIG_STAGE_TRUNK);
    }
    rig_metrics_of_tally(&output->tally, output->metrics);
    rig_metrics_of_times(c->wait_s, c->n_wait, c->setup_s, c->n_setup, output->metrics);
    output->metrics[RIG_METRIC_PEAK_CIRCUITS] = (double)c->peak_circuits;
    for (size_t k = 0; output->intervals != NULL && k < c->n_intervals; k++) {
        double length_s = fmin(c->scenario->interval_s, c->scenario->traffic.duration_s -
                                                            (double)k * c->scenario->interval_s);
        output->intervals[k].mean_circuits = c->circuit_s[k] / length_s;
    }
    return RIG_OK;
}
