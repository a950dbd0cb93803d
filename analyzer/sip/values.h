/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of SIP header values. Internal to analyzer/sip. All slices are parts of the arguments. */
#ifndef RIG_ANALYZER_SIP_VALUES_H
#define RIG_ANALYZER_SIP_VALUES_H

#include <stdbool.h>
#include <stdint.h>

#include "core/slice.h"

/** The first n bytes; a.n >= n. */
static inline rig_slice rig_sip_cut(rig_slice a, size_t n)
{
    return (rig_slice){.p = a.p, .n = n};
}

/** Position of the first `c` outside of quotes, or a.n. */
size_t rig_sip_find_unquoted(rig_slice a, char c);

/** The value of a parameter in ";name=value;name=value"; empty when there is none. `name` in lower
 * case. */
rig_slice rig_sip_find_param(rig_slice params, const char *name);

/** The tag of From or To: [display] <uri>;params, or uri;params (RFC 3261 section 20.10: then the
 * parameters are the header's). */
rig_slice rig_sip_tag_of(rig_slice value);

/** The user of From or To: the user part of the URI without its password, or a tel: number. */
rig_slice rig_sip_user_of(rig_slice value);

/** Put the bytes that stand as %HH in their place. @param[out] text  At least written.n bytes.
 * @return how many were written. */
size_t rig_sip_unescape(rig_slice written, char *text);

/** The branch of the topmost of the Via values. */
rig_slice rig_sip_branch_of(rig_slice value);

/** What a Reason header says (RFC 3326): protocol;cause=n;text="..", perhaps several with commas.
 */
typedef struct rig_sip_reason {
    int q850_cause;       /**< the first of Q.850's, 0..127; RIG_SIP_NO_CAUSE for none */
    int other_cause;      /**< the first that is a failure and none of Q.850's: a number of 128..999
                               under that name (FreeSWITCH numbers its own), or of 300..999 of another
                               protocol (of "SIP" a status code); RIG_SIP_NO_CAUSE for none */
    bool has_q850;        /**< Q.850 is named, if without a cause of its own */
    rig_slice q850_text;  /**< beside its cause; where it has none, beside its last name */
    rig_slice other_text; /**< beside other_cause */
} rig_sip_reason;

rig_sip_reason rig_sip_reason_of(rig_slice value);

/** CSeq: number and method. @return whether it is one; else nothing is written. */
bool rig_sip_cseq_of(rig_slice value, uint32_t *number, rig_slice *method);

#endif
