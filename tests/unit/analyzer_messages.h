/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Single SIP messages, as packets for an analyzer. */
#ifndef RIG_TESTS_ANALYZER_MESSAGES_H
#define RIG_TESTS_ANALYZER_MESSAGES_H

#include <pcap/dlt.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "analyzer/analyzer.h"

#define MS (RIG_NS_PER_S / 1000)

static inline rig_analyzer *begun(void)
{
    rig_analyzer *analyzer = NULL;
    assert_int_equal(rig_analyzer_new(&analyzer, NULL), RIG_OK);
    return analyzer;
}

static inline size_t frame_of(const char *sip, bool to_centre, uint8_t *frame)
{
    size_t n_sip = strlen(sip);
    static const uint8_t head[28] = {0x45, 0, 0, 0, 0,  0, 0, 0, 64,   17,   0,    0,
                                     10,   0, 0, 1, 10, 0, 0, 2, 0x13, 0xc4, 0x13, 0xc4};
    memcpy(frame, head, sizeof head);
    if (!to_centre) {
        frame[15] = 2;
        frame[19] = 1;
    }
    frame[2] = (uint8_t)((28 + n_sip) >> 8);
    frame[3] = (uint8_t)(28 + n_sip);
    frame[24] = (uint8_t)((8 + n_sip) >> 8);
    frame[25] = (uint8_t)(8 + n_sip);
    memcpy(frame + 28, sip, n_sip);
    return 28 + n_sip;
}

/* One message of call `id`; start is "INVITE sip:c SIP/2.0" or "SIP/2.0 200 OK", .. */
static inline void feed(rig_analyzer *a, int64_t t_ns, unsigned id, const char *start,
                        bool by_caller, const char *cseq, const char *extra)
{
    char sip[1024];
    uint8_t frame[1200];
    bool is_first = strncmp(start, "INVITE", 6) == 0 || strncmp(start, "CANCEL", 6) == 0;
    const char *caller = "<sip:n@h>;tag=f";
    const char *centre = is_first ? "<sip:c@h>" : "<sip:c@h>;tag=t";
    bool is_request = strncmp(start, "SIP/2.0", 7) != 0;
    snprintf(sip, sizeof sip,
             "%s\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK%u-%s\r\nFrom: %s\r\nTo: %s\r\nCall-ID: %u\r\n"
             "CSeq: %s\r\n%s\r\n",
             start, id, cseq, by_caller ? caller : centre, by_caller ? centre : caller, id, cseq,
             extra);
    size_t n = frame_of(sip, by_caller == is_request, frame);
    assert_int_equal(rig_analyzer_packet(a, DLT_RAW, t_ns, frame, n, n, NULL), RIG_OK);
}

static inline void invite(rig_analyzer *a, int64_t t_ns, unsigned id)
{
    feed(a, t_ns, id, "INVITE sip:c SIP/2.0", true, "1 INVITE", "");
}

static inline void respond(rig_analyzer *a, int64_t t_ns, unsigned id, const char *status)
{
    feed(a, t_ns, id, status, true, "1 INVITE", "");
}

#endif
