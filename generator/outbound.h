/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where our packets go: a watch for those that leave for an address that nobody has allowed.
 *
 * The far end says in its answers where our audio is to go (SDP, c=), and a phone answers whoever
 * calls it. So whoever is called could aim us at others. The kernel is asked for just the packets
 * that should not be, on all interfaces: SIP from our SIPp's ports, and audio (RTP) that SIPp
 * sends, to other hosts than the target, those that are allowed beside it, and ourselves. */
#ifndef RIG_GENERATOR_OUTBOUND_H
#define RIG_GENERATOR_OUTBOUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "generator/recorder.h"

/** Room for what was found. */
#define RIG_OUTBOUND_TEXT_SIZE 128

/** A watch; opaque. */
typedef struct rig_outbound rig_outbound;

/** What may be. Borrowed until the watch is open. */
typedef struct rig_outbound_spec {
    const rig_recorder_end *ends; /**< our SIPp's addresses and SIP ports; n_ends >= 1 */
    size_t n_ends;
    const char *target;    /**< an address; what is loopback is allowed with it when it is */
    const char *registrar; /**< an address, beside it; NULL: none */
    char *const *lists[2]; /**< addresses or names allowed beside it: target.allow, --allow */
    size_t n_lists[2];
} rig_outbound_spec;

/**
 * Open a watch: from now on nothing escapes it. Afterwards no right is needed any more.
 * @param[out] watch  Owned by the caller: rig_outbound_close. Untouched on error.
 * @return RIG_OK; RIG_EENV when it is not permitted; RIG_EIO; RIG_ENOMEM.
 */
rig_status rig_outbound_open(const rig_outbound_spec *spec, rig_outbound **watch, rig_error *err);

/**
 * Take in what was seen since.
 * A response to somebody who asked is no reason to stop: it is only what he gets for it.
 * @return the first that should not be: "audio went to 192.0.2.9 port 4000"; NULL: none. Valid
 *         until the watch is closed. NULL-safe.
 */
const char *rig_outbound_look(rig_outbound *watch);

/** NULL-safe. */
void rig_outbound_close(rig_outbound *watch);

#endif
