/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An analysis from within: what analyzer.c and intake.c share. The intake takes one SIP message to
 * its leg, or keeps it for one. */
#ifndef RIG_ANALYZER_CALLS_INTAKE_H
#define RIG_ANALYZER_CALLS_INTAKE_H

#include "analyzer/analyzer.h"
#include "analyzer/calls/calls.h"
#include "analyzer/calls/collect.h"
#include "analyzer/calls/waiting.h"
#include "analyzer/clock/pairs.h"
#include "analyzer/clock/ties.h"
#include "analyzer/calls/leg_table.h"
#include "analyzer/calls/registrar.h"
#include "analyzer/calls/tap.h"
#include "analyzer/rules.h"
#include "analyzer/sip.h"

struct rig_analyzer {
    rig_decoder *decoder;
    rig_seen *seen;
    rig_waiting *early;
    rig_offset_pairs *clocks;
    rig_clock_ties *ties;
    rig_leg_table *legs;
    rig_book *book;
    rig_registrar *registrar; /* NULL: nobody asks for registrations */
    rig_rules *own_rules;     /* NULL: they are the caller's */
    const rig_rules *rules;
    rig_collector *collector; /* NULL: calls go to a sink of the caller's */
    const rig_tap *tap;       /* NULL: nobody listens */
    size_t max_legs;
    int64_t t_swept_ns;        /* when silent legs were last looked for, for want of room */
    int64_t t_long_swept_ns;   /* the same, without want */
    rig_capture_counts counts; /* without what the book and the decoder count */
    int64_t clocks_apart_ns;   /* how far sources that nothing ties may be apart */
    uint16_t source;           /* of the frame that is taken in (clock/ties.h) */
    bool is_ending, is_finished;
    bool has_shared_call_ids; /* two callers have used one Call-ID at one time */
};

/** Take in one message. @return RIG_OK, RIG_ENOMEM, or what a sink returned. */
rig_status rig_intake_message(rig_analyzer *a, const rig_sip *sip, const rig_packet *packet,
                              rig_error *err);

#endif
