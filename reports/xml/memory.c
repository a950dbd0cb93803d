/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/xml/memory.h"

#include <libxml/globals.h>

static void note(void *ctx, xmlErrorPtr error)
{
    rig_xml_memory *memory = ctx;
    memory->is_short |= error->code == XML_ERR_NO_MEMORY;
}

void rig_xml_memory_watch(rig_xml_memory *memory)
{
    *memory = (rig_xml_memory){.was = xmlStructuredError, .was_ctx = xmlStructuredErrorContext};
    xmlSetStructuredErrorFunc(memory, note);
}

bool rig_xml_memory_was_short(rig_xml_memory *memory)
{
    xmlSetStructuredErrorFunc(memory->was_ctx, memory->was);
    return memory->is_short;
}
