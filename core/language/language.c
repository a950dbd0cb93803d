/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/language/language.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* core/language/catalogues.S */
extern const uint8_t rig_catalogue_words_zh[], rig_catalogue_sentences_zh[];

static const rig_language languages[] = {
    {.name = "en", .tag = "en"},
    {.name = "zh",
     .tag = "zh-CN",
     .words = {rig_catalogue_words_zh},
     .sentences = {rig_catalogue_sentences_zh}},
};
enum { N_LANGUAGES = sizeof languages / sizeof *languages };

const rig_language *rig_language_english(void)
{
    return &languages[0];
}

static const rig_language *find(const char *name, size_t n)
{
    for (size_t i = 0; i < N_LANGUAGES; i++)
        if (strlen(languages[i].name) == n && strncmp(languages[i].name, name, n) == 0)
            return &languages[i];
    return NULL;
}

const rig_language *rig_language_find(const char *name)
{
    return find(name, strlen(name));
}

const char *rig_language_names(void)
{
    return "en, zh";
}

/* "zh_CN.GBK": what is printed is UTF-8, which such a terminal does not show. */
static bool is_other_charset(const char *locale)
{
    const char *charset = strchr(locale, '.');
    if (charset == NULL)
        return false;
    const size_t n = strcspn(charset + 1, "@");
    return !(n == 5 && strncasecmp(charset + 1, "UTF-8", n) == 0) &&
           !(n == 4 && strncasecmp(charset + 1, "UTF8", n) == 0);
}

const rig_language *rig_language_of_environment(const char *lc_all, const char *lc_messages,
                                                const char *lang)
{
    const char *const values[] = {lc_all, lc_messages, lang};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        const char *locale = values[i];
        if (locale == NULL || locale[0] == '\0')
            continue;
        const rig_language *found = find(locale, strcspn(locale, "_.@"));
        return found != NULL && !is_other_charset(locale) ? found : rig_language_english();
    }
    return rig_language_english();
}

const char *rig_language_tag(const rig_language *language)
{
    return language->tag;
}

const char *rig_translate(const rig_language *language, const char *text)
{
    const char *found = rig_catalogue_find(&language->words, text);
    return found != NULL ? found : text;
}

const char *rig_translate_n(const rig_language *language, uint64_t n, const char *one,
                            const char *many)
{
    const char *found = rig_catalogue_find(&language->words, one); /* zh: one form for all */
    if (found != NULL)
        return found;
    return n == 1 ? one : many;
}
