/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libxml2 goes on when it finds no memory, and what it makes then lacks a part: it says so to its
 * error handler alone. Private to reports/. */
#ifndef RIG_REPORTS_XML_MEMORY_H
#define RIG_REPORTS_XML_MEMORY_H

#include <libxml/xmlerror.h>
#include <stdbool.h>

/** A watch over this thread's use of libxml2; not to be moved while it lasts. */
typedef struct rig_xml_memory {
    bool is_short;
    xmlStructuredErrorFunc was;
    void *was_ctx;
} rig_xml_memory;

/** From now on errors of libxml2 are not printed, and a shortage is noted. */
void rig_xml_memory_watch(rig_xml_memory *memory);

/** End it. @return whether something found no memory: nothing that was made is to be trusted. */
bool rig_xml_memory_was_short(rig_xml_memory *memory);

#endif
