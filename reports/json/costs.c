/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/json/costs.h"

#include <math.h>

enum { S_PER_HOUR = 3600 };

/* A quantity on both sides; low and high: the interval of one run, NAN where it is not known. */
typedef struct sides {
    double observed, predicted, low, high;
} sides;

static sides times(sides n, double price)
{
    return (sides){n.observed * price, n.predicted * price, n.low * price, n.high * price};
}

/* What is not known of a part is not known of the sum, but the interval: what has none varies
 * little (agents on duty as shifts say, reserves with the queue), and counts as predicted. */
static sides plus(sides a, sides b)
{
    return (sides){a.observed + b.observed, a.predicted + b.predicted,
                   a.low + (isnan(b.low) ? b.predicted : b.low),
                   a.high + (isnan(b.high) ? b.predicted : b.high)};
}

static void add_sides(rig_json_builder *b, const char *key, sides n)
{
    rig_json_open_object(b, key);
    rig_json_add_real(b, "observed", n.observed);
    rig_json_add_real(b, "predicted", n.predicted);
    rig_json_add_real(b, "low", n.low);
    rig_json_add_real(b, "high", n.high);
    rig_json_close(b);
}

/* There all the time. */
static sides fixed_hours(const rig_scenario *scenario, double n)
{
    const double hours = n * rig_scenario_counted_s(scenario) / S_PER_HOUR;
    return (sides){hours, hours, hours, hours};
}

static sides lost_calls(const rig_result *r)
{
    const rig_summary *s = &r->prediction->metrics[RIG_METRIC_N_LOST_IN_ALL];
    return (sides){r->observed->metrics[RIG_METRIC_N_LOST_IN_ALL], s->mean, s->low, s->high};
}

/* Hours on duty, within the traffic's duration. Where the wire does not say who is on duty, those
 * count whom the model has there: they are paid whether they answer or not. */
static sides agent_hours(const rig_result *r)
{
    const double duration_s = r->scenario->traffic.duration_s, step_s = r->prediction->interval_s;
    sides hours = {.low = (double)NAN, .high = (double)NAN};
    for (size_t i = rig_scenario_n_warm_up(r->scenario); i < r->prediction->n_intervals; i++) {
        const double part_h = fmax(0.0, fmin(step_s, duration_s - (double)i * step_s)) / S_PER_HOUR;
        if (!(part_h > 0.0))
            break;
        const double seen = rig_series_value(RIG_SERIES_ON_DUTY, &r->observed->intervals[i]);
        const double predicted = rig_prediction_band(r->prediction, RIG_SERIES_ON_DUTY, i).mean;
        hours.observed += part_h * (isnan(seen) ? predicted : seen);
        hours.predicted += part_h * predicted;
    }
    return hours;
}

void rig_json_add_costs(rig_json_builder *b, const rig_result *r)
{
    const rig_costs *costs = &r->scenario->costs;
    const struct {
        const char *of, *unit;
        double price;
        sides n;
    } rows[] = {
        {"lost calls", "call", costs->lost_call, lost_calls(r)},
        {"circuits", "hour", costs->circuit_hour,
         fixed_hours(r->scenario, rig_scenario_mean_of_trunks(r->scenario))},
        {"IVR ports", "hour", costs->port_hour,
         fixed_hours(r->scenario, rig_scenario_mean_of_ports(r->scenario))},
        {"agents", "hour", costs->agent_hour, agent_hours(r)},
    };
    const size_t n = sizeof rows / sizeof *rows;
    sides total = {0};
    double sum_of_prices = 0.0;
    for (size_t i = 0; i < n; i++)
        sum_of_prices += rows[i].price;
    if (!(sum_of_prices > 0.0)) {
        rig_json_add_null(b, "costs");
        return;
    }
    rig_json_open_object(b, "costs");
    rig_json_add_text(b, "currency", costs->currency);
    rig_json_open_list(b, "items");
    for (size_t i = 0; i < n; i++) {
        if (!(rows[i].price > 0.0))
            continue;
        const sides amount = times(rows[i].n, rows[i].price);
        total = plus(total, amount);
        rig_json_open_object(b, NULL);
        rig_json_add_text(b, "of", rows[i].of);
        rig_json_add_text(b, "unit", rows[i].unit);
        rig_json_add_real(b, "price", rows[i].price);
        add_sides(b, "number", rows[i].n);
        add_sides(b, "amount", amount);
        rig_json_close(b);
    }
    rig_json_close(b);
    add_sides(b, "total", total);
    rig_json_close(b);
}
