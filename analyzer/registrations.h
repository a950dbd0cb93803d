/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The registration metrics of RFC 6076, measured while registrations come in, in fixed memory.
 *
 * What an attempt is: analyzer/registration.h. With
 *   attempts     those of which the end is known: registered, failed, timed out, challenged
 *   ineffective  failed (4xx but 401, 402 and 407, 5xx, 6xx) and timed out (timer F)
 *
 *   RRD  registration request delay (RFC 6076 section 4.1): the first REGISTER of an attempt to its
 *        2xx, the challenge in between; of registered attempts alone
 *   IRA  ineffective registration attempts (4.2): ineffective / attempts. The RFC divides by the
 *        number of REGISTER requests; here, as with sessions, an attempt counts once, however often
 *        it is challenged. n_requests holds the other denominator
 *
 * An attempt that ended with a challenge is neither registered nor ineffective (4.2 excludes the
 * challenges): a wrong password shows in n_challenged where the registrar never says 403. */
#ifndef RIG_ANALYZER_REGISTRATIONS_H
#define RIG_ANALYZER_REGISTRATIONS_H

#include "analyzer/times.h"
#include "analyzer/registration.h"

/** Response codes: 100..699 by their number, 0 for none. */
#define RIG_REGISTRATIONS_N_CODES 700

/** What was counted and measured. All zero: nothing yet. */
typedef struct rig_registrations {
    uint64_t n_end[RIG_REGISTRATION_N_ENDS];
    uint64_t n_requests;                        /**< REGISTERs, each once; of all ends */
    uint64_t n_code[RIG_REGISTRATIONS_N_CODES]; /**< final responses of attempts */
    rig_times rrd;
} rig_registrations;

/** rig_registration_sink.take with a rig_registrations as its context. */
void rig_registrations_add(void *registrations, const rig_registration *registration);

/** Attempts of which the end is known. */
uint64_t rig_registrations_n_attempts(const rig_registrations *registrations);

/** Failed and timed out. */
uint64_t rig_registrations_n_ineffective(const rig_registrations *registrations);

/** IRA, in [0, 1]; NAN where there was no attempt. */
double rig_registrations_ira(const rig_registrations *registrations);

#endif
