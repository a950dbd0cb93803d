/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A result's members "carriers" and "classes", for the tests of what is made of them: one fails,
 * one is undecided. */
#ifndef RIG_TESTS_UNIT_TWO_CARRIERS_H
#define RIG_TESTS_UNIT_TWO_CARRIERS_H

#include <jansson.h>

static inline json_t *two_carriers(void)
{
    return json_loads(
        "[{\"name\": \"mobile\", \"n_offered\": 400, \"n_lost\": 100, \"p_observed\": "
        "0.25, \"p_predicted\": 0.1, \"predicted\": [0.05, 0.15], \"margin\": 0.02, "
        "\"p_value_holm\": 0.002, \"judgement\": \"FAIL\"}, {\"name\": \"fixed\", "
        "\"n_offered\": 50, \"n_lost\": 0, \"p_observed\": 0.0, \"p_predicted\": 0.01, "
        "\"predicted\": [0.0, 0.03], \"margin\": 0.02, \"p_value_holm\": 0.4, "
        "\"judgement\": \"INCONCLUSIVE\"}]",
        0, NULL);
}

static inline json_t *two_class_figures(void)
{
    return json_loads(
        "[{\"name\": \"gold\", \"figure\": \"lost_queue\", \"unit\": \"1\", \"n_entered\": 70, "
        "\"n_lost\": 7, \"observed\": 0.1, \"predicted_mean\": 0.09, \"predicted\": [0.05, 0.12], "
        "\"margin\": 0.02, \"p_value_holm\": 0.4, \"judgement\": \"INCONCLUSIVE\"}, "
        "{\"name\": \"gold\", \"figure\": \"wait_mean_s\", \"unit\": \"s\", \"n_entered\": 70, "
        "\"n_lost\": 7, \"observed\": 13.5, \"predicted_mean\": 3.9, \"predicted\": [3.7, 4.1], "
        "\"margin\": 0.6, \"p_value_holm\": 0.002, \"judgement\": \"FAIL\"}]",
        0, NULL);
}

/* How many are told not to wait, which is as predicted, and how wrong what they are told is. */
static inline json_t *two_told_figures(void)
{
    return json_loads(
        "[{\"name\": \"deflection_rate\", \"figure\": \"deflection_rate\", \"unit\": \"1\", "
        "\"n_entered\": 400, \"n_lost\": 30, \"observed\": 0.2, \"predicted_mean\": 0.21, "
        "\"predicted\": [0.18, 0.24], \"margin\": 0.02, \"p_value_holm\": 0.4, "
        "\"judgement\": \"PASS\"}, "
        "{\"name\": \"announcement_error_s\", \"figure\": \"announcement_error_s\", "
        "\"unit\": \"s\", \"n_entered\": 400, \"n_lost\": 30, \"observed\": 13.5, "
        "\"predicted_mean\": 3.9, \"predicted\": [3.7, 4.1], \"margin\": 0.6, "
        "\"p_value_holm\": 0.002, \"judgement\": \"FAIL\"}]",
        0, NULL);
}

#endif
