/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/options.h"
#include "cli/password.h"

#include <stdio.h>
#include <string.h>

#include "cli/console.h"
#include "core/slice.h"

/* Every command has it. */
static const rig_option lang = {
    "lang",
    0,
    RIG_OPTION_LANG,
    NULL,
    "LANG",
    N_("the language for people: en, zh (default: that of LC_ALL, LC_MESSAGES, LANG)")};

static void print_option(const rig_option *o)
{
    char left[64];
    char letter[8] = "    ";
    if (o->letter != 0)
        (void)snprintf(letter, sizeof letter, "-%c, ", o->letter);
    (void)snprintf(left, sizeof left, "%s--%s%s%s", letter, o->name, o->operand != NULL ? " " : "",
                   o->operand != NULL ? o->operand : "");
    rig_console_beside(stdout, left, rig_console_words(o->help));
}

static void print_help(const rig_usage_text *usage, const rig_option *options)
{
    rig_console_say("Usage: peakrig %s [OPTIONS]%s%s", usage->command,
                    usage->operands[0] != '\0' ? " " : "", usage->operands);
    putchar('\n');
    rig_console_paragraphs(stdout, rig_console_words(usage->summary));
    rig_console_print("\nOptions:\n");
    for (const rig_option *o = options; o->name != NULL; o++)
        print_option(o);
    print_option(&lang);
    rig_console_beside(stdout, "-h, --help", rig_console_words(N_("this text")));
}

static const rig_option *find_long(const rig_option *options, const char *name, size_t n)
{
    for (const rig_option *o = options; o->name != NULL; o++) {
        if (strlen(o->name) == n && strncmp(o->name, name, n) == 0)
            return o;
    }
    return NULL;
}

static const rig_option *find_short(const rig_option *options, char letter)
{
    for (const rig_option *o = options; o->name != NULL; o++) {
        if (o->letter == letter)
            return o;
    }
    return NULL;
}

static bool store_count(const char *command, const rig_option *o, const char *value)
{
    uint64_t number = 0, least = o->kind == RIG_OPTION_WHOLE ? 0 : 1;
    uint64_t most = o->kind == RIG_OPTION_PORT ? 65535 : 100000000;
    if (!rig_slice_u64(rig_slice_of(value), &number) || number < least || number > most) {
        (void)rig_console_usage(command, "--%s: \"%s\"; expected a whole number from %llu to %llu",
                                o->name, value, (unsigned long long)least,
                                (unsigned long long)most);
        return false;
    }
    if (o->kind == RIG_OPTION_PORT)
        *(uint16_t *)o->value = (uint16_t)number;
    else
        *(uint32_t *)o->value = (uint32_t)number;
    return true;
}

bool rig_options_take_language(const char *command, const char *name)
{
    const rig_language *language = rig_language_find(name);
    if (language == NULL) {
        (void)rig_console_usage(command, "--lang: \"%s\"; expected one of: %s", name,
                                rig_language_names());
        return false;
    }
    rig_console_set_language(language);
    return true;
}

static bool store(const char *command, const rig_option *o, const char *value)
{
    rig_texts *texts = o->value;
    switch (o->kind) {
    case RIG_OPTION_FLAG:
        *(bool *)o->value = true;
        return true;
    case RIG_OPTION_TEXT:
        *(const char **)o->value = value;
        return true;
    case RIG_OPTION_TEXTS:
    case RIG_OPTION_SETS:
        if (texts->n == RIG_MAX_OVERRIDES) {
            (void)rig_console_usage(command, "--%s: given more than %d times", o->name,
                                    RIG_MAX_OVERRIDES);
            return false;
        }
        texts->items[texts->n++] = value;
        if (o->kind == RIG_OPTION_SETS)
            rig_password_warn(o->name, value);
        return true;
    case RIG_OPTION_COUNT:
    case RIG_OPTION_WHOLE:
    case RIG_OPTION_PORT:
        return store_count(command, o, value);
    case RIG_OPTION_LANG:
        return rig_options_take_language(command, value);
    }
    return false;
}

/* One option and its value, which may be the next word; `*i` is then that word's. */
static bool read_option(int argc, char **argv, const char *command, const rig_option *options,
                        int *i)
{
    const char *word = argv[*i], *value = NULL;
    const rig_option *o;
    if (word[1] == '-') {
        size_t n = strcspn(word + 2, "=");
        o = find_long(options, word + 2, n);
        if (o == NULL && n == strlen(lang.name) && strncmp(word + 2, lang.name, n) == 0)
            o = &lang;
        if (word[2 + n] == '=')
            value = word + 3 + n;
    } else {
        o = find_short(options, word[1]);
        if (word[2] != '\0')
            value = word + 2;
    }
    if (o == NULL) {
        (void)rig_console_usage(command, "unknown option %s", word);
        return false;
    }
    if (o->kind == RIG_OPTION_FLAG && value != NULL) {
        (void)rig_console_usage(command, "--%s takes no value", o->name);
        return false;
    }
    if (o->kind != RIG_OPTION_FLAG && value == NULL) {
        if (*i + 1 == argc) {
            (void)rig_console_usage(command, "--%s: expected %s", o->name, o->operand);
            return false;
        }
        value = argv[++*i];
    }
    return store(command, o, value);
}

/* Help is in the language of a --lang behind it, too. */
static rig_options_end ask_for_help(int argc, char **argv, const char *command,
                                    const rig_option *options, int i)
{
    for (i++; i < argc; i++) {
        if (strncmp(argv[i], "--lang", 6) == 0 && (argv[i][6] == '\0' || argv[i][6] == '=') &&
            !read_option(argc, argv, command, options, &i))
            return RIG_OPTIONS_REFUSED;
    }
    return RIG_OPTIONS_HELP;
}

static rig_options_end parse_all(int argc, char **argv, const char *command,
                                 const rig_option *options, rig_operands *operands)
{
    bool options_end = false;
    *operands = (rig_operands){.items = (const char *const *)argv};
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        bool is_number =
            word[0] == '-' && word[1] >= '0' && word[1] <= '9'; /* no letter is a digit */
        if (options_end || is_number || word[0] != '-' || word[1] == '\0') {
            argv[operands->n++] = argv[i]; /* never ahead of i */
        } else if (strcmp(word, "--") == 0) {
            options_end = true;
        } else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
            return ask_for_help(argc, argv, command, options, i);
        } else if (!read_option(argc, argv, command, options, &i)) {
            return RIG_OPTIONS_REFUSED;
        }
    }
    return RIG_OPTIONS_READ;
}

rig_options_end rig_options_parse(int argc, char **argv, const char *command,
                                  const rig_option *options, rig_texts *operands)
{
    rig_operands all;
    rig_options_end end = parse_all(argc, argv, command, options, &all);
    operands->n = 0;
    if (end == RIG_OPTIONS_READ && all.n > RIG_MAX_OVERRIDES) {
        (void)rig_console_usage(command, "too many operands");
        return RIG_OPTIONS_REFUSED;
    }
    for (size_t i = 0; end == RIG_OPTIONS_READ && i < all.n; i++)
        operands->items[operands->n++] = all.items[i];
    return end;
}

bool rig_options_read_all(int argc, char **argv, const rig_usage_text *usage,
                          const rig_option *options, rig_operands *operands, int *exit_code)
{
    rig_options_end end = parse_all(argc, argv, usage->command, options, operands);
    if (end == RIG_OPTIONS_HELP)
        print_help(usage, options);
    *exit_code = end == RIG_OPTIONS_HELP ? 0 : RIG_EXIT_USAGE;
    return end == RIG_OPTIONS_READ;
}

bool rig_options_read(int argc, char **argv, const rig_usage_text *usage, const rig_option *options,
                      rig_texts *operands, int *exit_code)
{
    rig_options_end end = rig_options_parse(argc, argv, usage->command, options, operands);
    if (end == RIG_OPTIONS_HELP)
        print_help(usage, options);
    *exit_code = end == RIG_OPTIONS_HELP ? 0 : RIG_EXIT_USAGE;
    return end == RIG_OPTIONS_READ;
}
