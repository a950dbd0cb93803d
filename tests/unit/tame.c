/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What somebody else has written, on its way to a terminal; and the secret of the hash tables. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/test.h"

#include "core/hash_key.h"
#include "core/tame.h"

/* A text in pieces of `n_piece` bytes. */
static void tame(const char *text, size_t n, size_t n_piece, char out[1024])
{
    rig_tame state = {.n_held = 0};
    size_t n_out = 0;
    for (size_t at = 0; at < n; at += n_piece) {
        char piece[RIG_TAME_ROOM(256)];
        const size_t n_now = n - at < n_piece ? n - at : n_piece;
        const size_t got = rig_tame_piece(&state, text + at, n_now, piece);
        assert_true(got <= RIG_TAME_ROOM(n_now));
        memcpy(out + n_out, piece, got);
        n_out += got;
    }
    n_out += rig_tame_end(&state, out + n_out);
    out[n_out] = '\0';
}

static void test_texts(void **state)
{
    static const struct {
        const char *text, *tamed;
    } lines[] = {
        {"plain, with\ttab\nand line end", "plain, with\ttab\nand line end"},
        {"\x1b[31m", "\\u001b[31m"},
        {"a\rb\x7f\x01\b", "a\\u000db\\u007f\\u0001\\u0008"},
        {"\xc2\x9b 31m \xc2\x80\xc2\xa0", "\\u009b 31m \\u0080\xc2\xa0"},
        {"\xe2\x80\xaa\xe2\x80\xae\xe2\x81\xa6\xe2\x81\xa9", "\\u202a\\u202e\\u2066\\u2069"},
        {"\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c", "\\u200e\\u200f\\u061c"},
        {"\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaf\xe2\x81\xaa",
         "\\u2028\\u2029\xe2\x80\xaf\xe2\x81\xaa"},
        {"\xc3\xa4\xe6\x8e\xa5\xf0\x9f\x98\x80", "\xc3\xa4\xe6\x8e\xa5\xf0\x9f\x98\x80"},
        {"\x9b"
         "31m",
         "\xef\xbf\xbd"
         "31m"},
        {"\xc3(\xe2\x80(\xf0\x9f\x98(",
         "\xef\xbf\xbd(\xef\xbf\xbd\xef\xbf\xbd(\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd("},
        {"\xc0\x9b\xed\xa0\x80\xff",
         "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {"end \xe2\x80", "end \xef\xbf\xbd\xef\xbf\xbd"},
    };
    char out[1024];
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        for (size_t n_piece = 1; n_piece < 8; n_piece++) {
            tame(lines[i].text, strlen(lines[i].text), n_piece, out);
            assert_string_equal(out, lines[i].tamed);
        }
    }
    tame("a\0b", 3, 2, out);
    assert_string_equal(out, "a\\u0000b");
}

/* Another one for each process: a second one says its own. */
static void test_secret(void **state)
{
    char line[64] = "", mine[64], path[64];
    (void)state;
    assert_true((rig_hash_secret.a & rig_hash_secret.b & rig_hash_secret.c & 1) == 1);
    assert_true(rig_hash_secret.a != rig_hash_secret.b && rig_hash_secret.b != rig_hash_secret.c);
    (void)snprintf(mine, sizeof mine, "%016llx\n", (unsigned long long)rig_hash_secret.a);
    (void)snprintf(path, sizeof path, "exec /proc/%ld/exe --secret", (long)getpid());
    FILE *other = popen(path, "r");
    assert_non_null(other);
    assert_non_null(fgets(line, sizeof line, other));
    assert_int_equal(pclose(other), 0);
    assert_int_equal(strlen(line), strlen(mine));
    assert_string_not_equal(line, mine);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--secret") == 0)
        return printf("%016llx\n", (unsigned long long)rig_hash_secret.a) < 0;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
