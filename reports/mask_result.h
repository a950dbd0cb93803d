/* A result without personal data, for report.html. */
#ifndef RIG_REPORTS_MASK_RESULT_H
#define RIG_REPORTS_MASK_RESULT_H

#include <jansson.h>

#include "analyzer/mask/mask.h"
#include "core/status.h"

/**
 * Copy a result document (docs/result-format.md) with the address or name of the centre under test
 * replaced (and marked: "(pseudonym)"), unless it is this machine; and with what looks like
 * numbers, addresses and identifiers replaced in the reasons of outcomes and in the texts of
 * checks, which quote the wire.
 * @param[out] masked  Owned by the caller: json_decref.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_mask_result(const json_t *result, const rig_mask *mask, json_t **masked,
                           rig_error *err);

#endif
