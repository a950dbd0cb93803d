/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that include each other: refused before libconfig reads them over and over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "settings/setting.h"

static char folder[] = "/tmp/peakrig-included-XXXXXX";

static const char *place(const char *name)
{
    static char path[300];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void write_file(const char *name, const char *text)
{
    assert_int_equal(rig_atomic_file_write(place(name), text, strlen(text), NULL), RIG_OK);
}

/* NULL: it is read. */
static void expect(const char *text, const char *message)
{
    rig_settings *settings = NULL;
    rig_error err = {.text = ""};
    write_file("t.cfg", text);
    rig_status status = rig_settings_read(place("t.cfg"), &settings, &err);
    if (status != (message == NULL ? RIG_OK : RIG_EINPUT))
        fail_msg("%.200s: status %d, \"%s\"", text, (int)status, err.text);
    if (message != NULL && strstr(err.text, message) == NULL)
        fail_msg("\"%s\" lacks \"%s\"", err.text, message);
    rig_settings_free(settings);
}

static void test_itself(void **state)
{
    (void)state;
    expect("a = 1;\n@include \"t.cfg\"\n", "t.cfg:2: includes ");
    write_file("b.cfg", "b = 1;\n\n@include \"t.cfg\"\n");
    expect("@include \"b.cfg\"\n", "b.cfg:3: includes ");
    assert_int_equal(symlink("t.cfg", place("link.cfg")), 0);
    expect("@include \"./link.cfg\"\n", "t.cfg:1: includes ");
}

/* libconfig alone would end the process. */
static void test_folder(void **state)
{
    (void)state;
    expect("a = 1;\n@include \".\"\n", "t.cfg:2: includes ");
    expect("@include \"\"\n", "a folder; expected a file");
    write_file("e.cfg", "\n@include \"..\"\n");
    expect("@include \"e.cfg\"\n", "e.cfg:2: includes ");
}

static void test_no_circle(void **state)
{
    (void)state;
    write_file("c.cfg", "c = 1;\n");
    write_file("d.cfg", "d = 1;\n");
    write_file("none.cfg", "# nothing\n");
    expect("@include \"c.cfg\"\n@include \"d.cfg\"\n", NULL);
    expect("@include \"none.cfg\"\n@include \"none.cfg\"\na = 1;\n", NULL);
    expect("# @include \"t.cfg\"\na = \"@include \\\"t.cfg\\\"\";\n", NULL);
    expect("@include \"c.cfg\"\n@include \"c.cfg\"\n", "duplicate setting name");
}

static void test_number_of_files(void **state)
{
    (void)state;
    static const char line[] = "@include \"none.cfg\"\n";
    static char text[1001 * (sizeof line - 1) + 1];
    write_file("none.cfg", "");
    for (size_t i = 0; i < 1001; i++)
        memcpy(text + i * (sizeof line - 1), line, sizeof line);
    expect(text, "t.cfg:1001: more than 1000 files are included");
    text[1000 * (sizeof line - 1)] = '\0';
    expect(text, NULL);
}

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int tear_down(void **state)
{
    static const char *const names[] = {"t.cfg",    "b.cfg",    "c.cfg", "d.cfg",
                                        "none.cfg", "link.cfg", "e.cfg"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        (void)unlink(place(names[i]));
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_itself),
        cmocka_unit_test(test_folder),
        cmocka_unit_test(test_no_circle),
        cmocka_unit_test(test_number_of_files),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
