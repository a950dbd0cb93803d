/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Out of memory at the first, the second, the third .. allocation of reading a scenario and a file
 * of rules: RIG_ENOMEM each time, nothing untold, nothing leaked. Link with --wrap (see below);
 * libconfig's and libc's own allocations are not refused. */
#include "tests/test.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scenarios/scenario.h"

static const char *scenarios;    /* the folder of those that are shipped */
static long n_left = -1;         /* allocations that still succeed; < 0: all do */
static void *held_blocks[20000]; /* given out and not freed; libc's own are not among them */
static size_t n_held;

static bool is_refused(void)
{
    return n_left >= 0 && n_left-- == 0 ? (n_left = 0, true) : false;
}

static void *held(void *p)
{
    if (p != NULL) {
        assert_true(n_held < sizeof held_blocks / sizeof *held_blocks);
        held_blocks[n_held++] = p;
    }
    return p;
}

static void release(const void *p)
{
    for (size_t i = n_held; i-- > 0;) {
        if (held_blocks[i] != p)
            continue;
        held_blocks[i] = held_blocks[--n_held];
        return;
    }
}

/* -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=reallocarray,--wrap=strdup,--wrap=strndup,
 * --wrap=asprintf,--wrap=realpath,--wrap=free */
void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__real_reallocarray(void *p, size_t n, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t n);
char *__real_realpath(const char *path, char *resolved);
void __real_free(void *p);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
void *__wrap_reallocarray(void *p, size_t n, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t n);
int __wrap_asprintf(char **text, const char *format, ...) __attribute__((format(printf, 2, 3)));
int __wrap___asprintf_chk(char **text, int flag, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
char *__wrap_realpath(const char *path, char *resolved);
void __wrap_free(void *p);

void *__wrap_malloc(size_t n)
{
    return is_refused() ? NULL : held(__real_malloc(n));
}

void *__wrap_calloc(size_t n, size_t size)
{
    return is_refused() ? NULL : held(__real_calloc(n, size));
}

void *__wrap_realloc(void *p, size_t n)
{
    if (is_refused())
        return NULL;
    release(p);
    return held(__real_realloc(p, n));
}

void *__wrap_reallocarray(void *p, size_t n, size_t size)
{
    if (is_refused())
        return NULL;
    release(p);
    return held(__real_reallocarray(p, n, size));
}

char *__wrap_strdup(const char *text)
{
    return is_refused() ? NULL : held(__real_strdup(text));
}

char *__wrap_strndup(const char *text, size_t n)
{
    return is_refused() ? NULL : held(__real_strndup(text, n));
}

__attribute__((format(printf, 2, 0))) static int held_text(char **text, const char *format,
                                                           va_list args)
{
    if (is_refused())
        return -1;
    int n = vasprintf(text, format, args);
    if (n >= 0)
        (void)held(*text);
    return n;
}

int __wrap_asprintf(char **text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = held_text(text, format, args);
    va_end(args);
    return n;
}

/* What it becomes with _FORTIFY_SOURCE. */
int __wrap___asprintf_chk(char **text, int flag, const char *format, ...)
{
    va_list args;
    (void)flag;
    va_start(args, format);
    int n = held_text(text, format, args);
    va_end(args);
    return n;
}

char *__wrap_realpath(const char *path, char *resolved)
{
    return is_refused() ? NULL : held(__real_realpath(path, resolved));
}

void __wrap_free(void *p)
{
    release(p);
    __real_free(p);
}

/* Read with ever more allocations, until it succeeds. */
static long sweep(const char *path, const char *const *overrides, size_t n_overrides)
{
    for (long n = 0;; n++) {
        rig_scenario *scenario = NULL;
        rig_error err = {.text = ""};
        size_t before = n_held;
        n_left = n;
        rig_status status = rig_scenario_read(path, overrides, n_overrides, &scenario, &err);
        n_left = -1;
        if (status == RIG_OK) {
            rig_scenario_free(scenario);
            assert_int_equal(n_held, before);
            return n;
        }
        if (status != RIG_ENOMEM || scenario != NULL || strstr(err.text, "memory") == NULL)
            fail_msg("allocation %ld: status %d, \"%s\"", n, (int)status, err.text);
        if (n_held != before)
            fail_msg("allocation %ld: %zu blocks are held, %zu before", n, n_held, before);
    }
}

static void test_everything(void **state)
{
    (void)state;
    char path[300];
    const char *const overrides[] = {"target={listen=\"::1\";allow=(\"10.0.0.1\",\"10.0.0.2\");"
                                     "retry_after_s=6;}",
                                     "load={local=(\"127.0.0.2\",\"127.0.0.3\");}",
                                     "callers.talk={type=\"gamma\";mean_s=9;cv=0.5;}"};
    (void)snprintf(path, sizeof path, "%s/everything.cfg", scenarios);
    assert_true(sweep(path, overrides, sizeof overrides / sizeof *overrides) > 50);
}

/* Callers who are challenged cannot have classes with numbers of their own, and those who key what
 * the scenario says no choices. */
static void test_challenged(void **state)
{
    (void)state;
    char path[300];
    const char *const overrides[] = {"callers.auth={user=\"alice\";password=\"secret\";}",
                                     "callers.dtmf={digits=\"12\";}"};
    (void)snprintf(path, sizeof path, "%s/tv-peak-785.cfg", scenarios);
    assert_true(sweep(path, overrides, 2) > 20);
}

static void test_defaults_and_samples(void **state)
{
    (void)state;
    static const char text[] =
        "name = \"small\";\n"
        "traffic: { arrivals = \"recorded\"; duration_s = 60.0;\n"
        "  recorded = { file = \"at.csv\"; column = \"t\"; }; };\n"
        "callers: { patience_answer = 10; patience_queue = 20; sipp_xml = \"own.xml\";\n"
        "  talk = { type = \"empirical\"; file = \"at.csv\"; column = \"t\"; }; };\n"
        "trunks = ( { e1 = 2; }, { e1 = 1; } );\n"
        "agents = ( { count = 5; ring = 2; } );\n";
    char folder[] = "/tmp/peakrig-oom-XXXXXX", path[64], csv[64];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/a.cfg", folder);
    (void)snprintf(csv, sizeof csv, "%s/at.csv", folder);
    FILE *out = fopen(csv, "w");
    assert_non_null(out);
    (void)fputs("t\n1\n2\n3\n", out);
    (void)fclose(out);
    out = fopen(path, "w");
    assert_non_null(out);
    (void)fputs(text, out);
    (void)fclose(out);
    assert_true(sweep(path, NULL, 0) > 30);
    (void)unlink(path);
    (void)unlink(csv);
    (void)rmdir(folder);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_everything),
        cmocka_unit_test(test_challenged),
        cmocka_unit_test(test_defaults_and_samples),
    };
    scenarios = argc > 1 ? argv[1] : "scenarios";
    return cmocka_run_group_tests(tests, NULL, NULL);
}
