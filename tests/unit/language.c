/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Languages: which one is chosen, what a text is in it, how wide it stands, and sentences that are
 * read back. */
#include "tests/test.h"

#include <string.h>

#include "core/language.h"
#include "core/stage.h"

static const rig_language *zh(void)
{
    return rig_language_find("zh");
}

static void test_the_names_are_found(void **state)
{
    (void)state;
    assert_ptr_equal(rig_language_find("en"), rig_language_english());
    assert_non_null(zh());
    assert_string_equal(rig_language_tag(zh()), "zh-CN");
    assert_string_equal(rig_language_tag(rig_language_english()), "en");
    static const char *const none[] = {"", "z", "zh_CN", "zhx", "ZH", "de", "en "};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_null(rig_language_find(none[i]));
    assert_non_null(strstr(rig_language_names(), "zh"));
}

static void test_the_environment_chooses(void **state)
{
    (void)state;
    static const struct {
        const char *lc_all, *lc_messages, *lang, *tag;
    } cases[] = {
        {NULL, NULL, NULL, "en"},
        {NULL, NULL, "zh_CN.UTF-8", "zh-CN"},
        {NULL, NULL, "zh_CN.utf8", "zh-CN"},
        {NULL, NULL, "zh", "zh-CN"},
        {NULL, NULL, "zh_SG.UTF-8@modifier", "zh-CN"},
        {NULL, NULL, "zh_CN.GBK", "en"}, /* what we print is UTF-8 */
        {NULL, NULL, "zh_CN.GB18030", "en"},
        {NULL, NULL, "de_DE.UTF-8", "en"},
        {NULL, NULL, "zhx_CN.UTF-8", "en"},
        {NULL, NULL, "C.UTF-8", "en"},
        {"C", "zh_CN.UTF-8", "zh_CN.UTF-8", "en"}, /* LC_ALL is asked first */
        {"", "", "zh_CN.UTF-8", "zh-CN"},          /* and what is empty is not set */
        {"zh_CN.UTF-8", "en_US.UTF-8", "C", "zh-CN"},
        {NULL, "en_US.UTF-8", "zh_CN.UTF-8", "en"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(rig_language_tag(rig_language_of_environment(
                                cases[i].lc_all, cases[i].lc_messages, cases[i].lang)),
                            cases[i].tag);
}

static void test_words_are_found_or_stay(void **state)
{
    (void)state;
    assert_string_equal(rig_translate(zh(), "queue"), "队列");
    assert_string_equal(rig_translate(rig_language_english(), "queue"), "queue");
    assert_string_equal(rig_translate(zh(), "no such text"), "no such text");
    assert_string_equal(rig_translate(zh(), ""), ""); /* not the catalogue's header */
    assert_string_equal(rig_translate_n(rig_language_english(), 1, "call", "calls"), "call");
    assert_string_equal(rig_translate_n(rig_language_english(), 2, "call", "calls"), "calls");
    assert_string_equal(rig_translate_n(zh(), 1, "call", "calls"),
                        rig_translate_n(zh(), 2, "call", "calls"));
    for (int s = 0; s < RIG_N_STAGES; s++)
        assert_string_not_equal(rig_translate(zh(), rig_stage_name((rig_stage)s)),
                                rig_stage_name((rig_stage)s));
}

static void test_columns(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t n;
    } cases[] = {{"", 0},
                 {"abc", 3},
                 {"中继", 4},
                 {"语音端口", 8},
                 {"（，）", 6},
                 {"\xc3\xa9", 1},
                 {"e\xcc\x81", 1},
                 {"\xff\xff", 2},
                 {"\xe4\xb8", 2},
                 {"\xf0\x9f\x98\x80", 2},
                 {"\xf0\x9f\x9a\x80", 2},
                 {"\xef\xbc\xa1", 2},
                 {"−", 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(rig_columns(cases[i].text), cases[i].n);
    assert_string_equal(rig_cell("中继", -6).text, "中继  ");
    assert_string_equal(rig_cell("中继", 6).text, "  中继");
    assert_string_equal(rig_cell("中继队列", 6).text, "中继队列");
    assert_string_equal(rig_cell("ivr", 0).text, "ivr");
}

static void test_sentences_are_read_back(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"the trunk stage loses 61.52 % of its calls, predicted 52.95 % (52.48..53.41); refusals "
         "began at 240 circuits in use, 270 were expected: 1 E1 is missing (explains 98 % of the "
         "deviation)",
         "中继环节的呼损为 61.52 %，预测为 52.95 %（52.48..53.41）；占用 240 "
         "条线路时开始拒绝呼叫，应为 "
         "270：缺少 1 条 E1（解释偏差的 98 %）"},
        {"every stage loses what the model predicts, and the service levels are met",
         "各环节的呼损均与模型预测相符，服务水平全部达标"},
        {"the load was not valid: 99 % of the INVITEs within 67.73 ms of their plan; expected at "
         "most 20 ms",
         "负载无效：99 % 的 INVITE 与计划时刻相差在 67.73 ms 以内；要求至多 20 ms"},
        {"all stages conform, but wait_p95_s is 1e+03 (-0.5..inf); expected at most 20",
         "各环节均符合预测，但 wait_p95_s 为 1e+03（-0.5..inf）；要求至多 20"},
        {"worse than the baseline 96aa of 2026-11-29 11:23 (the same calls) by more than 1.00 "
         "points: lost_trunk +45.67 (+44.00..+46.00), connect_rate -3.00 (-4.00..-2.00); by itself "
         "PASS: every stage loses what the model predicts, and the service levels are met",
         "比基准 96aa（2026-11-29 11:23，呼叫相同）差 1.00 个百分点以上：lost_trunk "
         "+45.67（+44.00..+46.00），"
         "connect_rate "
         "-3.00（-4.00..-2.00）；就其本身而言通过：各环节的呼损均与模型预测相符，服务水平全部达标"},
        /* known words do not make a sentence known: it stays, whole */
        {"callers of another kind were served in the queue, lost",
         "callers of another kind were served in the queue, lost"},
        {"the trunk stage sings", "the trunk stage sings"},
        {"3 of 9 calls not placed; expected 0", "9 通呼叫中有 3 通未发出；应为 0"},
        {"270.0 circuits (269.0..270.0)", "270.0 条线路 (269.0..270.0)"},
        {"a sentence that no version of peakrig ever said",
         "a sentence that no version of peakrig ever said"},
        {"", ""},
        {"100 %", "100 %"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(rig_retell(zh(), cases[i][0]).text, cases[i][1]);
        assert_string_equal(rig_retell(rig_language_english(), cases[i][0]).text, cases[i][0]);
    }
}

/* Names are of others: whatever they hold, the telling ends, and soon. */
static void test_hostile_texts(void **state)
{
    (void)state;
    char text[6000];
    static const char *const units[] = {"; ",     "%s%n",      "1..2 (", " is ",
                                        ", and ", "calls by ", "\xe4"};
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        text[0] = '\0';
        for (size_t n = 0; n + strlen(units[u]) < sizeof text; n += strlen(units[u]))
            memcpy(text + n, units[u], strlen(units[u]) + 1);
        assert_true(strlen(rig_retell(zh(), text).text) < sizeof(rig_told));
    }
    assert_string_equal(
        rig_retell(zh(),
                   "calls by %s%n; , and lose 1.00 % at the trunk, predicted 2.00 % (1.00..3.00)")
            .text,
        "经 %s%n; , and 的呼叫在中继环节的呼损为 1.00 %，预测为 2.00 %（1.00..3.00）");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_names_are_found),
        cmocka_unit_test(test_the_environment_chooses),
        cmocka_unit_test(test_words_are_found_or_stay),
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_sentences_are_read_back),
        cmocka_unit_test(test_hostile_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
