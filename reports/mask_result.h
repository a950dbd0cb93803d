/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A result without personal data: for report.html, and for what is given away. */
#ifndef RIG_REPORTS_MASK_RESULT_H
#define RIG_REPORTS_MASK_RESULT_H

#include <jansson.h>
#include <stdbool.h>

#include "analyzer/mask.h"
#include "core/status.h"

/** What else names somebody. */
typedef struct rig_result_names {
    const char *const *items; /**< host names, short numbers in quotes: replaced wherever they stand
                                   as words, in any case */
    size_t n;
} rig_result_names;

/**
 * Copy a result document (docs/result-format.md) with everything in its texts replaced that names a
 * machine or a caller (rig_mask_text): the centre under test (and marked: "(pseudonym)"), the rig's
 * own addresses, Call-IDs, numbers. Instants, versions and digests of files stay.
 * @param names        What else is replaced, and all of it whatever the centre was. NULL: nothing
 *                     else, and of a centre on this machine its address and the Call-IDs stay.
 * @param[out] masked  Owned by the caller: json_decref.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_result_mask(const json_t *result, const rig_mask *mask,
                           const rig_result_names *names, json_t **masked, rig_error *err);

/** Whether the centre under test was at a loopback address: what its name was resolved to, or, in a
 * result that does not tell, the address that stands there. A name tells nothing. */
bool rig_result_is_of_this_machine(const json_t *result);

#endif
