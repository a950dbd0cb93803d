/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What SIPp plays for phones that register: register.xml and register.csv. */
#ifndef RIG_GENERATOR_REGISTER_FILE_H
#define RIG_GENERATOR_REGISTER_FILE_H

#include <stdint.h>

#include "core/status.h"
#include "generator/address.h"
#include "scenarios/registration.h"

/** Phones that begin to register in a second: few enough for a registrar that counts. */
#define RIG_REGISTER_PER_S 100.0

/** What register.xml says. Strings are borrowed. */
typedef struct rig_register_spec {
    const rig_phone_register *registration;
    const char *registrar_host; /**< as the user wrote it: the domain, where none is given */
    const char *contact_host;   /**< where the phones answer: an address */
    uint16_t contact_port;
    rig_transport transport;
} rig_register_spec;

/** The domain: registration->domain, else the registrar's host. IPv6 in brackets; cut to fit. */
void rig_register_domain(const rig_phone_register *registration, const char *registrar_host,
                         char *domain, size_t size);

/**
 * Assemble register.xml.
 * @param password   "" = none; "***" for the copy that people see.
 * @param[out] text  Heap; the caller frees. Untouched on error.
 * @return as rig_sipp_assemble.
 */
rig_status rig_register_file_make(const rig_register_spec *spec, const char *password, char **text,
                                  rig_error *err);

/**
 * Write register.csv.
 * @param first_epoch_ns  When the first phone registers; the others follow, RIG_REGISTER_PER_S.
 * @return RIG_OK; RIG_EIO; RIG_ENOMEM.
 */
rig_status rig_register_rows_write(const rig_phone_register *registration, uint32_t n_phones,
                                   int64_t first_epoch_ns, const char *path, rig_error *err);

#endif
