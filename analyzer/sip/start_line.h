/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The start line of a message (RFC 3261 section 7): it alone tells what is SIP. Internal to
 * analyzer/sip. */
#ifndef RIG_ANALYZER_SIP_START_LINE_H
#define RIG_ANALYZER_SIP_START_LINE_H

#include "analyzer/sip.h"

/**
 * Read a start line: fills sip->is_request, code and uri.
 * @param line         With its line end.
 * @param is_cut       It may go on behind what was captured.
 * @param[out] method  Of a request; written for RIG_SIP_OK alone.
 * @return RIG_SIP_OK when it is one; RIG_SIP_CUT when it may have been one; RIG_SIP_NOT.
 */
rig_sip_verdict rig_sip_start_line(rig_slice line, bool is_cut, rig_sip *sip, rig_slice *method);

#endif
