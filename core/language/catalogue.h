/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A catalogue in the form of GNU gettext's .mo files (manual, section 10.3), in memory and with the
 * least byte first. Internal to core/. */
#ifndef RIG_CORE_LANGUAGE_CATALOGUE_H
#define RIG_CORE_LANGUAGE_CATALOGUE_H

#include <stddef.h>
#include <stdint.h>

/** Bytes of a .mo file; NULL: an empty catalogue. */
typedef struct rig_catalogue {
    const uint8_t *bytes;
} rig_catalogue;

/** Entries, the header among them. */
uint32_t rig_catalogue_n(const rig_catalogue *catalogue);

/** The English text of an entry; entries are in the order of strcmp. Of a plural: of one thing. */
const char *rig_catalogue_original(const rig_catalogue *catalogue, uint32_t at);

/** Its translation. */
const char *rig_catalogue_translation(const rig_catalogue *catalogue, uint32_t at);

/** The translation of a text; NULL: there is none. */
const char *rig_catalogue_find(const rig_catalogue *catalogue, const char *text);

#endif
