/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ping before a run: does the target answer a SIP request? */
#ifndef RIG_GENERATOR_PROBE_H
#define RIG_GENERATOR_PROBE_H

#include "core/status.h"
#include "core/stop.h"
#include "generator/route.h"
#include "scenarios/scenario.h"

/**
 * Send OPTIONS to the target, three times within 4 s, until any SIP response comes.
 *
 * @param stop  Checked while waiting; may be NULL.
 * @return RIG_OK when anything at all answers in SIP (405 and 503 too); RIG_EENV "nobody answers
 * SIP at HOST:PORT ..." when the host refuses (ICMP) or is silent; RIG_ECANCELLED; RIG_EIO.
 */
rig_status rig_probe(const rig_route *route, rig_transport transport, const rig_stop *stop,
                     rig_error *err);

#endif
