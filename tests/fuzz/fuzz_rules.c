/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libFuzzer target: any bytes as a file of rules. What is read is applied to a call with an agent's
 * leg and everything that a mark may be. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pcap/dlt.h>

#include "analyzer/analyzer.h"
#include "analyzer/rules.h"
#include "core/tally.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct message {
    int ms;
    char from, to; /* 'c'aller, 'p'bx, 'a'gent */
    const char *start, *call_id, *cseq, *extra, *body;
} message;

static const message messages[] = {
    {0, 'c', 'p', "INVITE sip:100@p SIP/2.0", "1", "1 INVITE",
     "X-CID: 7\r\nSession-ID: ab;remote=0\r\n", ""},
    {1, 'p', 'c', "SIP/2.0 182 Queued", "1", "1 INVITE", "X-Queue: 3\r\n", ""},
    {2, 'p', 'c', "SIP/2.0 200 OK", "1", "1 INVITE", "", ""},
    {500, 'p', 'c', "INFO sip:c SIP/2.0", "1", "1 INFO", "X-Rig-Stage: queue\r\n", "queue"},
    {900, 'p', 'a', "INVITE sip:a@a SIP/2.0", "2", "1 INVITE",
     "X-CID: 7\r\nSession-ID: ab;remote=0\r\nX-Caller-Call-ID: 1\r\n", ""},
    {901, 'a', 'p', "SIP/2.0 180 Ringing", "2", "1 INVITE", "", ""},
    {905, 'p', 'c', "MESSAGE sip:c SIP/2.0", "1", "2 MESSAGE", "Event: queue\r\n", "agent"},
    {950, 'a', 'p', "SIP/2.0 200 OK", "2", "1 INVITE", "", ""},
    {960, 'p', 'c', "UPDATE sip:c SIP/2.0", "1", "3 UPDATE", "", ""},
    {2000, 'c', 'p', "INVITE sip:100@p SIP/2.0", "3", "1 INVITE", "", ""},
    {2001, 'p', 'c', "SIP/2.0 503 No", "3", "1 INVITE", "Reason: Q.850;cause=34\r\n", ""},
    {90000, 'c', 'p', "BYE sip:p SIP/2.0", "1", "9 BYE", "Reason: Q.850;cause=16\r\n", ""},
    {90004, 'p', 'a', "BYE sip:a SIP/2.0", "2", "9 BYE", "", ""},
    {200000, 'c', 'p', "INVITE sip:100@p SIP/2.0", "4", "1 INVITE", "", ""},
};

static uint8_t host(char who)
{
    return who == 'c' ? 1 : who == 'p' ? 2 : 3;
}

static void feed(rig_analyzer *analyzer, const message *m)
{
    char text[1024];
    uint8_t frame[1100] = {0x45, 0, 0, 0, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 0, 10, 0, 0, 0};
    bool is_response = strncmp(m->start, "SIP/2.0", 7) == 0;
    char sender = is_response ? m->to : m->from;
    bool is_initial = strncmp(m->start, "INVITE", 6) == 0;
    int n = snprintf(text, sizeof text,
                     "%s\r\nVia: SIP/2.0/UDP h;branch=z%s%s\r\nFrom: <sip:77@h>;tag=%c\r\nTo: "
                     "<sip:x@h>%s\r\nCall-ID: %s\r\nCSeq: %s\r\n%s\r\n%s",
                     m->start, m->call_id, m->cseq, sender, is_initial ? "" : ";tag=z", m->call_id,
                     m->cseq, m->extra, m->body);
    frame[15] = host(m->from);
    frame[19] = host(m->to);
    frame[20] = frame[22] = 0x13;
    frame[21] = frame[23] = 0xc4;
    frame[2] = (uint8_t)((28 + n) >> 8);
    frame[3] = (uint8_t)(28 + n);
    frame[24] = (uint8_t)((8 + n) >> 8);
    frame[25] = (uint8_t)(8 + n);
    memcpy(frame + 28, text, (size_t)n);
    int64_t t_ns = (1000000 + (int64_t)m->ms) * 1000000;
    if (rig_analyzer_packet(analyzer, DLT_RAW, t_ns, frame, 28 + (size_t)n, 28 + (size_t)n, NULL) !=
        RIG_OK)
        abort();
}

static void say(void *ctx, rig_slice call_id, int64_t t_ns, const char *text)
{
    (void)ctx;
    (void)t_ns;
    if (call_id.n == 0 || strlen(text) == 0)
        abort();
}

static void apply(const rig_rules *rules)
{
    static const char *const asked[] = {"1", "3"};
    const rig_explain explain = {.call_ids = asked, .n_call_ids = 2, .say = say};
    const rig_analyzer_options options = {.rules = rules, .explain = &explain};
    rig_analyzer *analyzer = NULL;
    rig_calls *calls = NULL;
    rig_tally tally = {0};
    rig_live_counts live;
    rig_capture_counts counts;
    if (rig_analyzer_new_with(&options, &analyzer, NULL) != RIG_OK)
        return;
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++)
        feed(analyzer, &messages[i]);
    if (rig_analyzer_finish(analyzer, &calls, NULL) != RIG_OK)
        abort();
    /* a rule may take a caller's INVITE for one to an agent's phone, of a call that nobody saw */
    rig_analyzer_counts(analyzer, &counts);
    if (calls->n > 4 || calls->n + counts.n_stray_legs < 3)
        abort();
    rig_analyzer_live(analyzer, &live);
    for (size_t i = 0; i < calls->n; i++)
        rig_tally_add(&tally, calls->items[i].outcome, rig_call_stage(&calls->items[i]));
    if (!rig_tally_conserved(&tally, calls->n))
        abort();
    for (int i = 0; i < RIG_N_OUTCOMES; i++) {
        if (live.n_outcome[i] != tally.n_outcome[i])
            abort();
    }
    rig_calls_free(calls);
    rig_analyzer_free(analyzer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rig_rules *rules = NULL;
    rig_error err = {.text = ""};
    char *text = malloc(size + 1);
    if (text == NULL)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    if (strstr(text, "@include") == NULL) { /* other files are no part of the input */
        rig_status status = rig_rules_read_text(text, "fuzz", &rules, &err);
        if (status == RIG_OK)
            apply(rules);
        else if (status != RIG_EINPUT || err.text[0] == '\0')
            abort();
    }
    rig_rules_free(rules);
    free(text);
    return 0;
}
