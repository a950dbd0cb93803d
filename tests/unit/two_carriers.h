/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A result's member "carriers", for the tests of what is made of it: one fails, one is undecided.
 */
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

#endif
