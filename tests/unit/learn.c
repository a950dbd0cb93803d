/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one call shows of how a centre tells its callers: a row a centre. */
#include "verdict/learn.h"

#include <stdio.h>
#include <string.h>

#include "tests/test.h"

enum { MS = 1000000 };

/* One message, at an instant: C = on the caller's leg, P = on a phone's. */
typedef struct step {
    int at_ms;
    char leg;
    const char *what; /* "INVITE" with X-Rig-Call, "reINVITE", "UPDATE", "UPDATE refresh", "UPDATE
                         HEADER" (a refresh that has this header, too), "INFO STAGE", "CODE" */
} step;

enum { MAX_STEPS = 12 };

typedef struct row {
    const char *name;
    step steps[MAX_STEPS];
    int marks; /* -1: it does not show */
    const char *why;
} row;

static void take(rig_learn *seen, const step *s)
{
    char text[600], stage[100] = "";
    rig_sip sip;
    const bool is_response = s->what[0] >= '0' && s->what[0] <= '9';
    const bool is_again = strcmp(s->what, "reINVITE") == 0;
    const bool is_info = strncmp(s->what, "INFO ", 5) == 0;
    const char *method =
        is_info || strncmp(s->what, "UPDATE", 6) == 0 ? (is_info ? "INFO" : "UPDATE") : "INVITE";
    const bool is_refresh = strncmp(s->what, "UPDATE ", 7) == 0;
    const bool is_first = !is_response && !is_again && strcmp(s->what, "INVITE") == 0;
    char start[80];
    if (is_response)
        (void)snprintf(start, sizeof start, "SIP/2.0 %s X", s->what);
    else
        (void)snprintf(start, sizeof start, "%s sip:x@127.0.0.1 SIP/2.0", method);
    if (is_refresh)
        (void)snprintf(stage, sizeof stage,
                       "Session-Expires: 1800;refresher=uac\r\n%s: <sip:3@x>\r\n",
                       strcmp(s->what, "UPDATE refresh") == 0 ? "X-Other" : s->what + 7);
    if (is_info)
        (void)snprintf(stage, sizeof stage, "X-Rig-Stage: %s\r\n", s->what + 5);
    (void)snprintf(
        text, sizeof text,
        "%s\r\nVia: SIP/2.0/UDP 127.0.0.1:5080;branch=z9hG4bK1\r\nFrom: <sip:1@x>;tag=a\r\n"
        "To: <sip:2@x>%s\r\nCall-ID: %c@x\r\nCSeq: 1 %s\r\n%s%sContent-Length: 0\r\n\r\n",
        start, is_first ? "" : ";tag=b", s->leg, method,
        is_first && s->leg == 'C' ? "X-Rig-Call: 0\r\n" : "", stage);
    assert_int_equal(rig_sip_parse(rig_slice_of(text), false, &seen->wanted, &sip), RIG_SIP_OK);
    rig_learn_take(seen, &sip, INT64_C(1700000000000000000) + (int64_t)s->at_ms * MS);
}

#define OFFER                                                                                      \
    {                                                                                              \
        0, 'C', "INVITE"                                                                           \
    }
#define TAKEN                                                                                      \
    OFFER,                                                                                         \
    {                                                                                              \
        5, 'C', "200"                                                                              \
    }
#define PHONE                                                                                      \
    {2000, 'P', "INVITE"},                                                                         \
    {                                                                                              \
        2001, 'P', "180"                                                                           \
    }
#define AGENT                                                                                      \
    PHONE,                                                                                         \
    {                                                                                              \
        2300, 'P', "200"                                                                           \
    }

static const row rows[] = {
    {"nothing", {{0, 0, NULL}}, -1, "not in the capture"},
    {"refused",
     {OFFER, {5, 'C', "503"}},
     -1,
     "not answered, and no phone of ours was called (it got 503)"},
    {"phones are elsewhere", {TAKEN}, -1, "no phone of ours was called in half a minute"},
    {"the phone never answered", {TAKEN, PHONE}, -1, "did not live until its answer"},
    {"only the phone's leg", {OFFER, AGENT}, -1, "the caller's leg was not"},
    {"answered with the agent, without a word",
     {OFFER, AGENT, {2305, 'C', "200"}},
     -1,
     "neither 183 nor 182"},
    {"quiet", {TAKEN, AGENT}, RIG_MARK_QUIET, "before an agent"},
    {"connected line at dialling",
     {TAKEN, PHONE, {2002, 'C', "UPDATE"}, {2300, 'P', "200"}},
     RIG_MARK_QUIET,
     "is no mark"},
    {"re-INVITE at dialling",
     {TAKEN, PHONE, {2002, 'C', "reINVITE"}, {2003, 'C', "200"}, {2300, 'P', "200"}},
     RIG_MARK_QUIET,
     "is no mark"},
    {"re-INVITE at the answer, but no mark of the queue",
     {TAKEN, AGENT, {2305, 'C', "reINVITE"}},
     RIG_MARK_QUIET,
     "no INFO told"},
    {"reinvite",
     {TAKEN, {1000, 'C', "INFO queue"}, AGENT, {2305, 'C', "reINVITE"}},
     RIG_MARK_REINVITE,
     "re-INVITE"},
    {"a re-INVITE long after",
     {TAKEN, {1000, 'C', "INFO queue"}, AGENT, {3400, 'C', "reINVITE"}},
     RIG_MARK_QUIET,
     "nothing of the agent's answer"},
    {"update",
     {TAKEN, {1000, 'C', "INFO queue"}, AGENT, {2305, 'C', "UPDATE"}},
     RIG_MARK_UPDATE,
     "UPDATE"},
    {"update at both",
     {TAKEN,
      {1000, 'C', "INFO queue"},
      PHONE,
      {2002, 'C', "UPDATE"},
      {2300, 'P', "200"},
      {2305, 'C', "UPDATE"}},
     RIG_MARK_QUIET,
     "is no mark"},
    {"a refresh in the queue",
     {TAKEN, {1000, 'C', "INFO queue"}, {1500, 'C', "UPDATE"}, AGENT, {2305, 'C', "UPDATE"}},
     RIG_MARK_UPDATE,
     "UPDATE"},
    {"a refresh while the phone rings",
     {TAKEN,
      {1000, 'C', "INFO queue"},
      PHONE,
      {2200, 'C', "UPDATE refresh"},
      {2300, 'P', "200"},
      {2305, 'C', "UPDATE"}},
     RIG_MARK_UPDATE,
     "UPDATE"},
    {"a refresh that tells of the dialled agent: P-Asserted-Identity",
     {TAKEN,
      {1000, 'C', "INFO queue"},
      PHONE,
      {2002, 'C', "UPDATE P-Asserted-Identity"},
      {2300, 'P', "200"},
      {2305, 'C', "UPDATE"}},
     RIG_MARK_QUIET,
     "is no mark"},
    {"a refresh that tells of the dialled agent: Remote-Party-ID",
     {TAKEN,
      {1000, 'C', "INFO queue"},
      PHONE,
      {2002, 'C', "UPDATE Remote-Party-ID"},
      {2300, 'P', "200"},
      {2305, 'C', "UPDATE"}},
     RIG_MARK_QUIET,
     "is no mark"},
    {"info",
     {TAKEN, {1000, 'C', "INFO queue"}, AGENT, {2305, 'C', "INFO Talk"}},
     RIG_MARK_INFO,
     "INFOs"},
    {"early",
     {OFFER, {5, 'C', "183"}, {1000, 'C', "182"}, AGENT, {2305, 'C', "200"}},
     RIG_MARK_EARLY,
     "a 182 told"},
    {"early without 182",
     {OFFER, {5, 'C', "183"}, AGENT, {2305, 'C', "200"}},
     RIG_MARK_EARLY,
     "nothing of the queue"},
};

static void test_each(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_learn seen;
        rig_marks marks = RIG_MARK_AUTO;
        char why[RIG_LEARN_TEXT_SIZE];
        print_message("%s\n", rows[i].name);
        assert_int_equal(rig_learn_begin(&seen), RIG_OK);
        for (size_t k = 0; k < MAX_STEPS && rows[i].steps[k].what != NULL; k++)
            take(&seen, &rows[i].steps[k]);
        const bool shows = rig_learn_conclude(&seen, &marks, why);
        assert_int_equal(shows, rows[i].marks >= 0);
        assert_int_equal(marks, shows ? rows[i].marks : RIG_MARK_AUTO);
        if (strstr(why, rows[i].why) == NULL)
            fail_msg("%s: \"%s\" is not in \"%s\"", rows[i].name, rows[i].why, why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_each)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
