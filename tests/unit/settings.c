/* SPDX-License-Identifier: GPL-3.0-or-later */
/* settings/: a table of keys reads, checks, writes, frees and describes; a file's big numbers are
 * not cut. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "settings/describe.h"
#include "settings/table.h"

static char folder[] = "/tmp/peakrig-settings-XXXXXX";

/* ---- a table with a row of each kind ---- */

typedef struct item {
    char *name;
    double weight;
    uint8_t level;
    uint32_t next; /* another item */
} item;

typedef struct part {
    uint64_t big;
    bool is_on;
} part;

typedef struct thing {
    char *label, *file;
    double ratio;
    uint16_t dozens;
    int mode;
    char **words;
    size_t n_words;
    item *items;
    size_t n_items;
    part inner;
    uint32_t n_finished;
} thing;

static const char *const modes[] = {"plain", "fast", "loud", NULL};

static rig_names item_names(const void *object)
{
    const thing *t = object;
    return (rig_names){t->items, t->n_items, sizeof *t->items};
}

static rig_key_need need_ratio(const rig_setting *group, const void *owner, const char **why)
{
    (void)group;
    *why = "expected only with mode = \"loud\"";
    return ((const thing *)owner)->mode == 2 ? RIG_NEED_NOT : RIG_NEED_DEFAULT;
}

static void double_of_dozens(rig_reader *reader, const rig_key *key, void *owner)
{
    (void)reader;
    (void)key;
    ((part *)owner)->big = 2ull * ((const thing *)reader->object)->dozens;
}

static void check_big(rig_reader *reader, const rig_setting *at, const rig_key *key, void *owner)
{
    (void)key;
    if (((const part *)owner)->big == 13)
        rig_reader_fail(reader, at, "brings bad luck");
}

static void finish_thing(rig_reader *reader, const rig_setting *at, void *object)
{
    (void)reader;
    (void)at;
    ((thing *)object)->n_finished++;
}

#define AT(type, kind_, name_, member)                                                             \
    .name = (name_), .kind = RIG_KEY_##kind_, .offset = offsetof(type, member),                    \
    .size = sizeof(((type *)NULL)->member), .meaning = "what " name_ " means"

static const rig_key item_rows[] = {
    {AT(item, NAME, "name", name), .text = "item", .least = 1, .most = 8, .of_what = "thing",
     .wrong = "is no name", .expected = "1 to 8 characters"},
    {AT(item, NUMBER, "weight", weight), .low = 0, .is_low_open = true, .high = 9, .number = 1,
     .unit = "kg"},
    {AT(item, COUNT, "level", level), .low = 0, .high = 200, .need = RIG_NEED_KEY},
    {AT(item, REFERENCE, "next", next), .names = item_names, .expected = "an item"},
};
static const rig_key_group item_group = {.keys = item_rows, .n_keys = 4, .size = sizeof(item)};

static const rig_key part_rows[] = {
    {AT(part, COUNT, "big", big), .high = 1e15, .otherwise = double_of_dozens, .check = check_big},
    {AT(part, BOOL, "on", is_on), .number = true, .played = RIG_PLAYED_NOT},
};
static const rig_key_group part_group = {.keys = part_rows, .n_keys = 2, .size = sizeof(part)};

static const char *const either[] = {"pieces", "dozens", NULL};
static const rig_key rows[] = {
    {AT(thing, TEXT, "label", label), .text = "a \"b\"", .least = 1, .most = 6, .refused = "x",
     .not_in_front = "-", .wrong = "is no label", .expected = "no x"},
    {AT(thing, FILE, "file", file)},
    {AT(thing, NUMBER, "ratio", ratio), .high = 1, .noun = "share", .number = 0.1,
     .needed = need_ratio},
    {AT(thing, COUNT, "pieces", dozens), .low = 1, .high = 60000},
    {AT(thing, COUNT, "dozens", dozens), .low = 1, .high = 5000, .factor = 12, .is_second = true},
    {AT(thing, WORD, "mode", mode), .words = modes, .played = RIG_PLAYED_NOT},
    {AT(thing, TEXTS, "words", words), .n_offset = offsetof(thing, n_words), .expected = "a word"},
    {AT(thing, LIST, "items", items), .n_offset = offsetof(thing, n_items), .group = &item_group,
     .most = 3, .of_what = "items", .layout = RIG_LAYOUT_ROWS, .played = RIG_PLAYED_NOT,
     .n_played = 1},
    {AT(thing, GROUP, "inner", inner), .group = &part_group},
};
static const rig_key_group table = {.keys = rows,
                                    .n_keys = sizeof rows / sizeof *rows,
                                    .size = sizeof(thing),
                                    .either = either,
                                    .is_replaced = true,
                                    .finish = finish_thing};

static rig_status read_thing(const char *text, thing *t, rig_settings **settings, rig_error *err)
{
    rig_reader reader = {.path = "/home/x/t.cfg", .status = RIG_OK, .err = err};
    memset(t, 0, sizeof *t);
    rig_status status = rig_settings_parse(text, "t.cfg", NULL, settings, err);
    if (status != RIG_OK)
        return status;
    rig_table_read(&reader, rig_settings_root(*settings), &table, t);
    return reader.status;
}

static char *written(const thing *t)
{
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    assert_non_null(out);
    rig_table_write(out, &table, t);
    (void)fclose(out);
    return text;
}

static void test_defaults(void **state)
{
    (void)state;
    thing t;
    rig_settings *settings = NULL;
    rig_error err = {.text = ""};
    if (read_thing("dozens = 2;", &t, &settings, &err) != RIG_OK)
        fail_msg("%s", err.text);
    assert_string_equal(t.label, "a \"b\"");
    assert_null(t.file);
    assert_true(t.ratio == 0.1 && t.mode == 0 && t.n_words == 0 && t.n_items == 0);
    assert_int_equal(t.dozens, 24);
    assert_true(t.inner.big == 48 && t.inner.is_on);
    assert_int_equal(t.n_finished, 1);
    char *text = written(&t);
    assert_string_equal(text, "label = \"a \\\"b\\\"\";\nratio = 0.1;\npieces = 24;\n"
                              "mode = \"plain\";\nwords = ();\n\nitems = ();\n\n"
                              "inner: {\n    big = 48;\n    on = true;\n};\n");
    free(text);
    rig_table_clear(&table, &t);
    assert_null(t.label);
    rig_settings_free(settings);
}

/* Everything said; what is written reads as it was. */
static void test_round_trip(void **state)
{
    (void)state;
    static const char said[] =
        "label = \"one\"; file = \"a.csv\"; mode = \"loud\"; ratio = 0.3; pieces = 60000;\n"
        "words = [\"a\", \"b\\\\\"];\n"
        "items = ( { name = \"i\"; level = 200; weight = 0.1; next = \"item 2\"; },\n"
        "          { level = 0; next = \"i\"; } );\n"
        "inner: { big = 3000000000L; on = false; };\n";
    thing t, again;
    rig_settings *settings = NULL, *second = NULL;
    rig_error err = {.text = ""};
    if (read_thing(said, &t, &settings, &err) != RIG_OK)
        fail_msg("%s", err.text);
    assert_string_equal(t.file, "/home/x/a.csv");
    assert_string_equal(t.items[1].name, "item 2");
    assert_true(t.items[0].next == 1 && t.items[1].next == 0 && t.items[0].level == 200);
    assert_true(t.items[1].weight == 1.0 && t.inner.big == 3000000000ull && !t.inner.is_on);
    char *text = written(&t);
    assert_non_null(strstr(text, "big = 3000000000L;"));
    assert_non_null(strstr(text, "items = (\n    { name = \"i\"; weight = 0.1; level = 200; next = "
                                 "\"item 2\"; },\n"));
    if (read_thing(text, &again, &second, &err) != RIG_OK)
        fail_msg("%s", err.text);
    char *copy = written(&again);
    assert_string_equal(copy, text);
    free(copy);
    free(text);
    rig_table_clear(&table, &t);
    rig_table_clear(&table, &again);
    rig_settings_free(settings);
    rig_settings_free(second);
}

static const struct {
    const char *text, *message;
} wrong_things[] = {
    {"", "/home/x/t.cfg: \"pieces\" is missing; expected either \"pieces\" or \"dozens\""},
    {"dozens = 1; pieces = 1;", ": expected either \"pieces\" or \"dozens\", not both"},
    {"dozens = 5001;",
     "t.cfg:1: dozens: 5001 is out of range; expected a whole number from 1 to 5000"},
    {"dozens = 1.5;", "dozens: is a number; expected a whole number from 1 to 5000"},
    {"dozens = 1;\nlabel = \"-a\";", "t.cfg:2: label: \"-a\" is no label; expected no x"},
    {"dozens = 1; label = \"axe\";", "label: \"axe\" is no label"},
    {"dozens = 1; label = \"\";", "label: \"\" is no label"},
    {"dozens = 1; label = \"1234567\";", "label: \"1234567\" is no label"},
    {"dozens = 1; label = 3;", "label: is a whole number; expected a string"},
    {"dozens = 1; mode = \"lou\";",
     "mode: \"lou\" is not known; expected one of: \"plain\", \"fast\""},
    {"dozens = 1; mode = \"loud\"; ratio = 1.1;",
     "ratio: 1.1 is out of range; expected a share in [0, 1]"},
    {"dozens = 1; ratio = 0.2;", "ratio: has no meaning here; expected only with mode = \"loud\""},
    {"dozens = 1; words = (1);", "words[0]: expected a word as a string"},
    {"dozens = 1; words = \"a\";", "words: is a string; expected a list ( )"},
    {"dozens = 1; items = 3;", "items: is a whole number; expected a list ( )"},
    {"dozens = 1; items = (3);", "items[0]: is a whole number; expected a group { }"},
    {"dozens = 1; items = ({level=1;},{level=1;},{level=1;},{level=1;});",
     "items: has 4 items; expected 0 to 3"},
    {"dozens = 1; items = ({});", "items[0]: \"level\" is missing"},
    {"dozens = 1; items = ({level=201;});",
     "items[0].level: 201 is out of range; expected a whole number from 0 to 200"},
    {"dozens = 1; items = ({level=1;weight=0;});",
     "items[0].weight: 0 is out of range; expected a number in (0, 9], kg"},
    {"dozens = 1; items = ({level=1;weight=1e300;});", "items[0].weight: 1"},
    {"dozens = 1; items = ({level=1;name=\"item 2\";},{level=1;});",
     "items[1]: the name \"item 2\" is taken by a thing before"},
    {"dozens = 1; items = ({level=1;next=\"nobody\";});",
     "items[0].next: \"nobody\" is not there; expected the name of an item"},
    {"dozens = 1; items = ({level=1;next=3;});",
     "items[0].next: is a whole number; expected a string"},
    {"dozens = 1; inner = 3;", "inner: is a whole number; expected a group { }"},
    {"dozens = 1; inner: { big = 13; };", "inner.big: brings bad luck"},
    {"dozens = 1; inner: { big = -1; };",
     "inner.big: -1 is out of range; expected a whole number from 0 to 1000000000000000"},
    {"dozens = 1; inner: { on = 1; };", "inner.on: is a whole number; expected true or false"},
    {"dozens = 1; dozen = 1;",
     "dozen: unknown key; expected one of: label, file, ratio, pieces, dozens, mode, words, "
     "items, inner; did you mean dozens?"},
    {"dozens = 1; weight = 1;",
     "weight: unknown key; expected one of: label, file, ratio, pieces, dozens, mode, words, "
     "items, inner; did you mean items[].weight?"},
    {"dozens = 1; xyzzyx = 1;", "words, items, inner"},
};

static void test_what_is_wrong(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrong_things / sizeof *wrong_things; i++) {
        thing t;
        rig_settings *settings = NULL;
        rig_error err = {.text = ""};
        if (read_thing(wrong_things[i].text, &t, &settings, &err) != RIG_EINPUT)
            fail_msg("%s: accepted", wrong_things[i].text);
        if (strstr(err.text, wrong_things[i].message) == NULL)
            fail_msg("%s: \"%s\" lacks \"%s\"", wrong_things[i].text, err.text,
                     wrong_things[i].message);
        rig_table_clear(&table, &t);
        rig_settings_free(settings);
    }
}

/* Limits themselves are inside, but for an open one. */
static void test_limits(void **state)
{
    (void)state;
    static const char *const right[] = {
        "pieces = 1;",
        "pieces = 60000;",
        "dozens = 5000;",
        "dozens = 1; mode = \"loud\"; ratio = 0;",
        "dozens = 1; mode = \"loud\"; ratio = 1;",
        "dozens = 1; ratio = 0.1;",
        "dozens = 1; items = ({level=0;weight=9;},{level=200;weight=1e-9;},{level=1;});",
        "dozens = 1; inner: { big = 1000000000000000L; };"};
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        thing t;
        rig_settings *settings = NULL;
        rig_error err = {.text = ""};
        if (read_thing(right[i], &t, &settings, &err) != RIG_OK)
            fail_msg("%s: %s", right[i], err.text);
        rig_table_clear(&table, &t);
        rig_settings_free(settings);
    }
}

static void note(void *ctx, const rig_setting *at)
{
    char path[100];
    char *all = ctx;
    rig_setting_path(at, path, sizeof path);
    (void)snprintf(all + strlen(all), 200 - strlen(all), "%s:%u ", path, rig_setting_line(at));
}

static void test_not_played(void **state)
{
    (void)state;
    static const struct {
        const char *text, *keys;
    } cases[] = {
        {"dozens = 1; mode = \"plain\"; items = ({level=1;}); inner: { on = true; };", ""},
        {"dozens = 1;\nmode = \"fast\";\nitems = ({level=1;},\n{level=1;});\ninner: {\non = false; "
         "};",
         "mode:2 items[1]:4 inner.on:6 "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        thing t;
        rig_settings *settings = NULL;
        rig_error err = {.text = ""};
        char keys[200] = "";
        if (read_thing(cases[i].text, &t, &settings, &err) != RIG_OK)
            fail_msg("%s", err.text);
        rig_table_not_played(rig_settings_root(settings), &table, &t, note, keys);
        assert_string_equal(keys, cases[i].keys);
        rig_table_clear(&table, &t);
        rig_settings_free(settings);
    }
}

static void test_set(void **state)
{
    (void)state;
    rig_settings *settings = NULL;
    rig_setting *at = NULL;
    rig_error err = {.text = ""};
    int64_t value = 0;
    assert_int_equal(rig_settings_parse("dozens = 1;", "t", NULL, &settings, &err), RIG_OK);
    assert_int_equal(rig_settings_set(settings, "pieces=7", &at, &err), RIG_OK);
    assert_true(rig_setting_whole(at, &value) && value == 7);
    rig_table_replace(&table, at);
    assert_null(rig_setting_member(rig_settings_root(settings), "dozens"));
    assert_int_equal(rig_settings_set(settings, "inner.big=1", &at, &err), RIG_OK);
    rig_table_replace(&table, at);
    assert_non_null(rig_setting_find(rig_settings_root(settings), "inner.big"));
    assert_int_equal(rig_settings_set(settings, "items[0].level=1", &at, &err), RIG_EINPUT);
    assert_int_equal(rig_settings_set(settings, "pieces=3000000000", &at, &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, "does not fit into 32 bits; expected an L"));
    rig_settings_free(settings);
}

static void test_nearest(void **state)
{
    (void)state;
    static const struct {
        const char *text, *nearest;
    } cases[] = {{"dozen", "dozens"},
                 {"items[12].levl", "items[].level"},
                 {"item[0].weight", "items[].weight"},
                 {"iner.big", "inner.big"},
                 {"something else", NULL},
                 {"", NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char path[100] = "untouched";
        bool is_near = rig_keys_nearest(&table, cases[i].text, path, sizeof path);
        assert_int_equal(is_near, cases[i].nearest != NULL);
        assert_string_equal(path, is_near ? cases[i].nearest : "untouched");
    }
    assert_int_equal(rig_words_distance("kitten", "sitting"), 3);
    assert_int_equal(rig_words_distance("", "abc"), 3);
    assert_string_equal(rig_words_nearest(modes, "fas"), "fast");
    assert_null(rig_words_nearest(modes, "quiet"));
}

static void test_description(void **state)
{
    (void)state;
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    rig_keys_write_tables(out, &table, "thing");
    (void)fclose(out);
    assert_non_null(strstr(text, "<!-- keys: thing -->\n| key | value | default | meaning |\n"));
    assert_non_null(strstr(text, "| `mode` (model only) | `\"plain\"`, `\"fast\"`, `\"loud\"` | "
                                 "`\"plain\"` | what mode means |\n"));
    assert_non_null(strstr(text, "| `items` (more than 1: model only) | list of up to 3 items |"));
    assert_non_null(strstr(text, "<!-- keys: items[] -->\n"));
    assert_non_null(
        strstr(text, "| `weight` | number over 0, up to 9, kg | 1 | what weight means |"));
    assert_non_null(strstr(text, "<!-- keys: inner -->\n"));
    free(text);
    static const rig_key_type *const none[] = {NULL};
    out = open_memstream(&text, &n);
    rig_keys_write_schema(out, &table, "A thing", none);
    (void)fclose(out);
    assert_non_null(
        strstr(text, "\"oneOf\": [{\"required\": [\"pieces\"]}, {\"required\": [\"dozens\"]}]"));
    assert_non_null(strstr(text, "\"type\": \"number\", \"exclusiveMinimum\": 0, \"maximum\": 9"));
    assert_non_null(strstr(text, "\"pattern\": \"^(?![\\\\-])[^x]*$\""));
    free(text);
    assert_ptr_equal(rig_keys_group(&table, ""), &table);
    assert_ptr_equal(rig_keys_group(&table, "items[]"), &item_group);
    assert_null(rig_keys_group(&table, "colour"));
}

/* ---- files ---- */

static void write_file(const char *name, const char *text, size_t n)
{
    char path[300];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(rig_atomic_file_write(path, text, n, NULL), RIG_OK);
}

/* A number that libconfig would cut is refused where it stands, in an included file too. */
static void test_big_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message; /* NULL: right */
    } cases[] = {
        {"a = 2147483647;\n", NULL},
        {"a = 2147483648;\n", "t.cfg:1: 2147483648: does not fit into 32 bits; expected an L"},
        {"a = 2147483648L;\n", NULL},
        {"a = -2147483648;\n", NULL},
        {"\na = ( -2147483649 );\n", "t.cfg:2: -2147483649: does not fit"},
        {"a = 0xFFFFFFFF;\n", NULL},
        {"a = 0x100000000;\n", "t.cfg:1: 0x100000000: does not fit"},
        {"a = 99999999999.0;\n", NULL},
        {"// 99999999999\n# 99999999999\n/* 99999999999\n*/ a = \"99999999999\";\n", NULL},
        {"a = 99999999999999999999999;\n", "does not fit"},
        {"@include \"big.cfg\"\n", "big.cfg:2: 4294967299: does not fit"},
        {"@include \"small.cfg\"\n", NULL},
        {"a = ;\n", "t.cfg:1: syntax error; expected libconfig syntax"},
        {"a = \"b\nc\";\n", NULL},
    };
    char path[300];
    write_file("big.cfg", "x = 1;\ny = 4294967299;\n", 22);
    write_file("small.cfg", "x = 1;\n", 7);
    (void)snprintf(path, sizeof path, "%s/t.cfg", folder);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (int is_file = 0; is_file < 2; is_file++) {
            rig_settings *settings = NULL;
            rig_error err = {.text = ""};
            write_file("t.cfg", cases[i].text, strlen(cases[i].text));
            rig_status status =
                is_file ? rig_settings_read(path, &settings, &err)
                        : rig_settings_parse(cases[i].text, "t.cfg", folder, &settings, &err);
            if (status != (cases[i].message == NULL ? RIG_OK : RIG_EINPUT))
                fail_msg("%s: status %d, \"%s\"", cases[i].text, (int)status, err.text);
            if (cases[i].message != NULL && strstr(err.text, cases[i].message) == NULL)
                fail_msg("\"%s\" lacks \"%s\"", err.text, cases[i].message);
            rig_settings_free(settings);
        }
    }
    rig_settings *settings = NULL;
    rig_error err = {.text = ""};
    write_file("t.cfg", "a = 1;\0b = 99999999999;\n", 24);
    assert_int_equal(rig_settings_read(path, &settings, &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, "t.cfg: holds a NUL byte"));
    write_file("t.cfg", "@include \"nul.cfg\"\n", 19);
    write_file("nul.cfg", "a = 1;\0b = 99999999999;\n", 24);
    assert_int_equal(rig_settings_read(path, &settings, &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, "nul.cfg: holds a NUL byte"));
    assert_null(settings);
    assert_int_equal(rig_settings_read("/nonexistent.cfg", &settings, &err), RIG_EINPUT);
}

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int tear_down(void **state)
{
    static const char *const names[] = {"t.cfg", "big.cfg", "small.cfg", "nul.cfg"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[300];
        (void)snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        (void)unlink(path);
    }
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),      cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_what_is_wrong), cmocka_unit_test(test_limits),
        cmocka_unit_test(test_not_played),    cmocka_unit_test(test_set),
        cmocka_unit_test(test_nearest),       cmocka_unit_test(test_description),
        cmocka_unit_test(test_big_numbers),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
