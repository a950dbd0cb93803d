/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A result without personal data, for report.html. */
#ifndef RIG_REPORTS_MASK_RESULT_H
#define RIG_REPORTS_MASK_RESULT_H

#include <jansson.h>
#include <stdbool.h>

#include "analyzer/mask.h"
#include "core/status.h"

/**
 * Copy a result document (docs/result-format.md) with the address or name of the centre under test
 * replaced (and marked: "(pseudonym)"), and the Call-IDs of the calls that differ, unless the
 * centre is on this machine; and with what looks like
 * numbers, addresses and identifiers replaced in the reasons of outcomes and in the texts of
 * checks, which quote the wire.
 * @param[out] masked  Owned by the caller: json_decref.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_result_mask(const json_t *result, const rig_mask *mask, json_t **masked,
                           rig_error *err);

/** Whether the centre under test was on this machine: embedded, or at a loopback address. */
bool rig_result_is_of_this_machine(const json_t *result);

#endif
