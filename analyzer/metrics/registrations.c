/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/registrations.h"

#include <math.h>

void rig_registrations_add(void *registrations, const rig_registration *registration)
{
    rig_registrations *r = registrations;
    const int code = registration->final_code;
    r->n_end[registration->end]++;
    r->n_requests += registration->n_requests;
    if (registration->end == RIG_REGISTRATION_PENDING ||
        registration->end == RIG_REGISTRATION_REPLACED)
        return;
    r->n_code[code >= 0 && code < RIG_REGISTRATIONS_N_CODES ? code : 0]++;
    if (registration->end == RIG_REGISTERED)
        rig_times_add(&r->rrd, registration->t_final_ns - registration->t_first_ns);
}

uint64_t rig_registrations_n_ineffective(const rig_registrations *r)
{
    return r->n_end[RIG_REGISTRATION_FAILED] + r->n_end[RIG_REGISTRATION_TIMED_OUT];
}

uint64_t rig_registrations_n_attempts(const rig_registrations *r)
{
    return r->n_end[RIG_REGISTERED] + r->n_end[RIG_REGISTRATION_CHALLENGED] +
           rig_registrations_n_ineffective(r);
}

double rig_registrations_ira(const rig_registrations *r)
{
    uint64_t n_attempts = rig_registrations_n_attempts(r);
    return n_attempts == 0 ? (double)NAN
                           : (double)rig_registrations_n_ineffective(r) / (double)n_attempts;
}
