/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ladders: what is collected of a call, and that both drawings show it. */
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/test.h"

#include "analyzer/ladder/build.h"
#include "reports/ladder/label.h"
#include "reports/ladder_svg.h"
#include "reports/ladder_text.h"

static rig_ladders *collect(const char *fixture, const char *const *call_ids, size_t n)
{
    char path[4096];
    const char *paths[] = {path};
    rig_ladders *ladders = NULL;
    rig_error err = {.text = ""};
    snprintf(path, sizeof path, "%s/%s.pcap", PEAKRIG_FIXTURES, fixture);
    const rig_ladder_options options = {
        .paths = paths, .n_paths = 1, .call_ids = call_ids, .n_call_ids = n};
    if (rig_ladders_collect(&options, &ladders, &err) != RIG_OK)
        fail_msg("%s", err.text);
    return ladders;
}

static rig_ladders *collect_one(const char *fixture, const char *call_id)
{
    rig_ladders *ladders = collect(fixture, &call_id, 1);
    assert_int_equal(ladders->n, 1);
    return ladders;
}

static const rig_ladder_note *find_note(const rig_ladder *l, const char *text)
{
    for (size_t i = 0; i < l->n_notes; i++) {
        if (strstr(l->notes[i].text, text) != NULL)
            return &l->notes[i];
    }
    return NULL;
}

/* The caller of embedded_centre whose second agent answered: three legs, in the order of time. */
static void test_legs_and_stages(void **state)
{
    (void)state;
    rig_ladders *ladders = collect_one("embedded_centre", "rung-twice");
    const rig_ladder *l = &ladders->items[0];
    assert_int_equal(l->call.outcome, RIG_OUTCOME_SERVED);
    assert_string_equal(l->caller, "1011");
    assert_int_equal(l->n_legs, 3);
    assert_int_equal(l->n_messages, l->call.n_messages);
    assert_int_equal(l->n_ends, 3);
    assert_int_equal(l->ends[0].role, RIG_LADDER_CALLER);
    assert_int_equal(l->ends[1].role, RIG_LADDER_CENTRE);
    assert_int_equal(l->ends[2].role, RIG_LADDER_AGENT);
    const rig_ladder_message *first = &l->messages[0];
    assert_true(first->is_request && first->has_sdp && first->method == RIG_SIP_INVITE);
    assert_true(first->from == 0 && first->to == 1 && first->leg == 0 && first->cseq == 1);
    bool has_second_agent = false;
    for (size_t i = 0; i < l->n_messages; i++) {
        const rig_ladder_message *m = &l->messages[i];
        assert_true(i == 0 || m->t_ns >= m[-1].t_ns);
        assert_int_equal(m->leg > 0, m->from == 2 || m->to == 2);
        has_second_agent |= m->leg == 2 && m->code == 200 && m->has_sdp;
    }
    assert_true(has_second_agent);
    assert_int_equal(find_note(l, "answered")->t_ns, l->call.t_answer_ns);
    assert_int_equal(find_note(l, "queue: rule \"INFO queue\"")->t_ns, l->call.t_queue_ns);
    assert_int_equal(find_note(l, "an agent rings")->t_ns, l->call.t_agent_ring_ns);
    assert_int_equal(find_note(l, "an agent talks")->t_ns, l->call.t_agent_answer_ns);
    assert_int_equal(find_note(l, "end")->t_ns, l->call.t_end_ns);
    assert_non_null(find_note(l, "joined: rule"));
    rig_ladders_free(ladders);
}

static void test_reason_and_phrase(void **state)
{
    (void)state;
    rig_ladders *ladders = collect_one("embedded_centre", "refused");
    const rig_ladder *l = &ladders->items[0];
    bool is_found = false;
    for (size_t i = 0; i < l->n_messages; i++) {
        if (l->messages[i].code != 503)
            continue;
        is_found = true;
        assert_int_equal(l->messages[i].q850_cause, 34);
        assert_true(l->messages[i].phrase[0] != '\0');
    }
    assert_true(is_found);
    rig_ladders_free(ladders);
}

static void test_retransmissions_and_duplicates(void **state)
{
    size_t n_again = 0, n_twice = 0;
    (void)state;
    const struct {
        const char *fixture;
        size_t *n;
    } lines[] = {{"retransmissions", &n_again}, {"captured_twice", &n_twice}};
    for (size_t f = 0; f < 2; f++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s.pcap", PEAKRIG_FIXTURES, lines[f].fixture);
        rig_analyzer *analyzer = NULL;
        rig_calls *calls = NULL;
        rig_capture_counts counts;
        assert_int_equal(rig_analyzer_new(&analyzer, NULL), RIG_OK);
        assert_int_equal(rig_analyze_file(path, analyzer, NULL), RIG_OK);
        assert_int_equal(rig_analyzer_finish(analyzer, &calls, NULL), RIG_OK);
        rig_analyzer_counts(analyzer, &counts);
        rig_analyzer_free(analyzer);
        for (size_t i = 0; i < calls->n; i++) {
            rig_ladders *ladders = collect_one(lines[f].fixture, calls->items[i].call_id);
            const rig_ladder *l = &ladders->items[0];
            for (size_t k = 0; k < l->n_messages; k++)
                n_again += f == 0 && l->messages[k].is_retransmission;
            n_twice += f == 1 ? l->n_duplicates : 0;
            rig_ladders_free(ladders);
        }
        assert_true(*lines[f].n > 0);
        assert_int_equal(*lines[f].n, f == 0 ? counts.n_retransmissions : counts.n_duplicates);
        rig_calls_free(calls);
    }
}

static void test_used_again(void **state)
{
    const char *const call_id = "same";
    (void)state;
    rig_ladders *ladders = collect("call_id_used_again", &call_id, 1);
    assert_true(ladders->n >= 2);
    for (size_t i = 1; i < ladders->n; i++)
        assert_true(ladders->items[i].call.t_invite_ns > ladders->items[i - 1].call.t_invite_ns);
    rig_ladders_free(ladders);
}

static void test_unknown(void **state)
{
    const char *const call_ids[] = {"rung-twice", "nobody's"};
    const char *path = PEAKRIG_FIXTURES "/embedded_centre.pcap";
    rig_ladders *ladders = NULL;
    rig_error err = {.text = ""};
    const rig_ladder_options options = {
        .paths = &path, .n_paths = 1, .call_ids = call_ids, .n_call_ids = 2};
    (void)state;
    assert_int_equal(rig_ladders_collect(&options, &ladders, &err), RIG_EINPUT);
    assert_null(ladders);
    assert_non_null(strstr(err.text, "\"nobody's\": no message has this Call-ID"));
}

/* More peers than columns: the last column is theirs. */
static void test_folding(void **state)
{
    rig_ladder_build build = {.n_peers = 0};
    unsigned index;
    (void)state;
    rig_ladder_message messages[12] = {{.from = 0}};
    for (unsigned i = 0; i < 12; i++) {
        rig_endpoint at = {.ip_low = i, .port = 5060};
        rig_ladder_role role = i == 0   ? RIG_LADDER_CALLER
                               : i == 1 ? RIG_LADDER_CENTRE
                                        : RIG_LADDER_AGENT;
        assert_int_equal(rig_ladder_find_peer(&build, at, role, &index, NULL), RIG_OK);
        assert_int_equal(index, i);
        messages[i] = (rig_ladder_message){.from = 1, .to = i};
    }
    build.ladder.messages = messages;
    build.ladder.n_messages = 12;
    rig_ladder_place_ends(&build);
    assert_int_equal(build.ladder.n_ends, RIG_LADDER_MAX_ENDS);
    assert_int_equal(build.ladder.ends[7].role, RIG_LADDER_OTHERS);
    assert_int_equal(build.ladder.ends[7].number, 5);
    for (unsigned i = 0; i < 12; i++)
        assert_int_equal(messages[i].to, i < 7 ? i : 7);
    char name[RIG_LADDER_END_SIZE];
    rig_ladder_end_name(&build.ladder.ends[7], name);
    assert_string_equal(name, "5 others");
    free(build.peers);
}

/* ---- drawings */

static char *draw(const rig_ladder *l, unsigned width, bool is_ascii)
{
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    const rig_report_ladder_style style = {.width = width, .is_ascii = is_ascii};
    rig_report_ladder_print(out, l, &style);
    fclose(out);
    return text;
}

static size_t n_columns(const char *line, size_t n)
{
    size_t columns = 0;
    for (size_t i = 0; i < n; i++)
        columns += ((unsigned char)line[i] & 0xc0) != 0x80;
    return columns;
}

static void test_text_drawing(void **state)
{
    static const unsigned widths[] = {1, 80, 100, 120, 200, 1000};
    (void)state;
    rig_ladders *ladders = collect_one("embedded_centre", "rung-twice");
    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
        for (int is_ascii = 0; is_ascii < 2; is_ascii++) {
            char *text = draw(&ladders->items[0], widths[i], is_ascii);
            size_t n_lines = 0, n_widest = 0;
            for (const char *p = text; *p != '\0'; p = strchr(p, '\n') + 1) {
                size_t n = strcspn(p, "\n"), n_here = n_columns(p, n);
                n_widest = n_here > n_widest ? n_here : n_widest;
                assert_true(n == 0 || p[n - 1] != ' ');
                n_lines++;
            }
            assert_true(n_widest <= (widths[i] < 110 ? 110 : widths[i]) && n_widest <= 300);
            /* heads, the arrows, the outcome; where addresses are too wide, a line for each */
            assert_int_equal(n_lines, widths[i] <= 100 ? 29 + 6 + 3 : 29 + 6);
            assert_non_null(strstr(text, is_ascii ? "- INVITE SDP -" : "─ INVITE SDP ─"));
            assert_non_null(strstr(text, "served: caller BYE, 39.000 s after the INVITE"));
            for (const char *p = text; is_ascii && *p != '\0'; p++)
                assert_true((unsigned char)*p < 0x80);
            free(text);
        }
    }
    rig_ladders_free(ladders);
}

/* Where the middle of a word stands in its line, in half columns. */
static size_t middle_of(const char *text, const char *word)
{
    char before[1024];
    const char *at = strstr(text, word), *line = at;
    assert_non_null(at);
    while (line > text && line[-1] != '\n')
        line--;
    (void)snprintf(before, sizeof before, "%.*s", (int)(at - line), line);
    return 2 * rig_columns(before) + rig_columns(word);
}

/* In Chinese a letter takes two columns: words stand in the middle of their lanes all the same. */
static void test_text_in_chinese(void **state)
{
    static const char agent[] = "\xe5\x9d\x90\xe5\xb8\xad 1",
                      centre[] = "\xe5\x91\xbc\xe5\x8f\xab\xe4\xb8\xad\xe5\xbf\x83";
    (void)state;
    rig_ladders *ladders = collect_one("embedded_centre", "rung-twice");
    const rig_report_ladder_style styles[] = {
        {.width = 110, .language = rig_language_english()},
        {.width = 110, .language = rig_language_find("zh")},
    };
    char *texts[2] = {NULL, NULL}, line[1024];
    for (size_t k = 0; k < 2; k++) {
        size_t n = 0;
        FILE *out = open_memstream(&texts[k], &n);
        rig_report_ladder_print(out, &ladders->items[0], &styles[k]);
        fclose(out);
    }
    assert_null(strstr(texts[1], "an agent"));
    assert_true(labs((long)middle_of(texts[1], agent) - (long)middle_of(texts[0], "agent 1")) <= 2);
    assert_true(labs((long)middle_of(texts[1], centre) - (long)middle_of(texts[0], "centre")) <= 2);
    for (const char *p = texts[1]; *p != '\0'; p = strchr(p, '\n') + 1) {
        (void)snprintf(line, sizeof line, "%.*s", (int)strcspn(p, "\n"), p);
        assert_true(rig_columns(line) <= 110); /* a cut one, too */
    }
    free(texts[0]);
    free(texts[1]);
    rig_ladders_free(ladders);
}

/* What a peer writes must not reach the terminal as control. */
static void test_hostile_texts(void **state)
{
    (void)state;
    rig_ladder_message m = {
        .code = 486, .method = RIG_SIP_INVITE, .to = 0, .from = 1, .q850_cause = -1};
    rig_ladder ladder = {.call = {.call_id = (char[]){"x\x1b[2Jy"}, .reason = "486"},
                         .ends = {{.role = RIG_LADDER_CALLER, .number = 1},
                                  {.role = RIG_LADDER_CENTRE, .number = 1}},
                         .n_ends = 2,
                         .messages = &m,
                         .n_messages = 1,
                         .n_legs = 1};
    snprintf(m.phrase, sizeof m.phrase, "B\xc2\x9bsy \xff \xc3\xa9 \xf0\x9f\x98");
    for (int is_ascii = 0; is_ascii < 2; is_ascii++) {
        char *text = draw(&ladder, 200, is_ascii);
        assert_null(strchr(text, '\x1b'));
        assert_null(strstr(text, "\xc2\x9b"));
        assert_null(strchr(text, '\xff'));
        assert_non_null(strstr(text, "x?[2Jy"));
        assert_non_null(strstr(text, is_ascii ? "B?sy ? ? ?" : "B?sy ? \xc3\xa9 ?"));
        free(text);
    }
    /* .. nor break the picture. */
    char path[] = "/tmp/peakrig-ladder-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    rig_ladders ladders = {.items = &ladder, .n = 1};
    assert_int_equal(rig_report_ladder_svg(&ladders, rig_language_english(), path, NULL), RIG_OK);
    xmlDocPtr document = xmlReadFile(path, NULL, XML_PARSE_NONET);
    assert_non_null(document);
    xmlFreeDoc(document);
    unlink(path);
}

/* Count elements of a class, in a tree. */
static size_t count_class(const xmlNode *node, const char *name, const char *class_word)
{
    size_t n = 0;
    for (; node != NULL; node = node->next) {
        xmlChar *value = xmlGetProp(node, (const xmlChar *)"class");
        bool is_it = node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
        n += is_it && (class_word == NULL ||
                       (value != NULL && strstr((const char *)value, class_word) != NULL));
        xmlFree(value);
        n += count_class(node->children, name, class_word);
    }
    return n;
}

static void test_svg(void **state)
{
    const char *const call_ids[] = {"rung-twice", "refused"};
    char path[] = "/tmp/peakrig-ladder-XXXXXX";
    (void)state;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    rig_ladders *ladders = collect("embedded_centre", call_ids, 2);
    size_t n_messages = ladders->items[0].n_messages + ladders->items[1].n_messages;
    assert_int_equal(rig_report_ladder_svg(ladders, rig_language_english(), path, NULL), RIG_OK);
    xmlDocPtr document = xmlReadFile(path, NULL, XML_PARSE_NONET);
    assert_non_null(document);
    const xmlNode *root = xmlDocGetRootElement(document);
    assert_int_equal(count_class(root, "g", "a "), n_messages);
    assert_int_equal(count_class(root, "desc", NULL), 3); /* the file's and each ladder's */
    /* the file, two ladders, their peers, the arrows */
    assert_int_equal(count_class(root, "title", NULL), 1 + 2 + 3 + 2 + n_messages);
    assert_int_equal(count_class(root, "rect", "verdict"), 2);
    assert_int_equal(count_class(root, "rect", "verdict good"), 1);
    assert_int_equal(count_class(root, "script", NULL), 0);
    xmlFreeDoc(document);
    unlink(path);
    rig_ladders_free(ladders);
}

static void test_masked(void **state)
{
    rig_mask *mask = NULL;
    (void)state;
    rig_ladders *ladders = collect_one("embedded_centre", "rung-twice");
    assert_int_equal(rig_mask_new("a key to share", &mask, NULL), RIG_OK);
    assert_int_equal(rig_ladders_mask(ladders, mask, NULL), RIG_OK);
    char *text = draw(&ladders->items[0], 200, true);
    assert_null(strstr(text, "rung-twice"));
    assert_null(strstr(text, "1011"));
    assert_null(strstr(text, "192.0.2."));
    assert_null(strstr(text, "198.51.100."));
    assert_non_null(strstr(text, "Call id-"));
    free(text);
    rig_mask_free(mask);
    rig_ladders_free(ladders);
}

/* Notes stand with the message that brought them, or between. */
static void test_rows(void **state)
{
    rig_ladder_message messages[] = {{.t_ns = 1}, {.t_ns = 3}, {.t_ns = 3}, {.t_ns = 9}};
    rig_ladder_note notes[] = {{.t_ns = 0}, {.t_ns = 3}, {.t_ns = 3}, {.t_ns = 5}, {.t_ns = 10}};
    const rig_ladder ladder = {.messages = messages, .n_messages = 4, .notes = notes, .n_notes = 5};
    static const struct {
        int64_t t_ns;
        int message; /* -1: none */
        size_t n_notes;
    } expected[] = {{0, -1, 1}, {1, 0, 0}, {3, 1, 0},  {3, 2, 2},
                    {5, -1, 1}, {9, 3, 0}, {10, -1, 1}};
    rig_report_ladder_walk walk = {0};
    rig_report_ladder_row row;
    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        assert_true(rig_report_ladder_next_row(&ladder, &walk, &row));
        assert_int_equal(row.t_ns, expected[i].t_ns);
        assert_ptr_equal(row.message,
                         expected[i].message < 0 ? NULL : &messages[expected[i].message]);
        assert_int_equal(row.n_notes, expected[i].n_notes);
    }
    assert_false(rig_report_ladder_next_row(&ladder, &walk, &row));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_legs_and_stages),
        cmocka_unit_test(test_reason_and_phrase),
        cmocka_unit_test(test_retransmissions_and_duplicates),
        cmocka_unit_test(test_used_again),
        cmocka_unit_test(test_unknown),
        cmocka_unit_test(test_folding),
        cmocka_unit_test(test_text_drawing),
        cmocka_unit_test(test_text_in_chinese),
        cmocka_unit_test(test_hostile_texts),
        cmocka_unit_test(test_svg),
        cmocka_unit_test(test_masked),
        cmocka_unit_test(test_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
