/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "generator/dial.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "generator/dial/number.h"

typedef struct listed {
    const char *number, *countries;
} listed;

#define EMERGENCY(number, countries) {number, countries},
static const listed LISTED[] = {
#include "generator/dial/emergency.def"
};
#undef EMERGENCY

typedef enum access_kind { OUTSIDE_LINE, INTERNATIONAL_PREFIX, CARRIER_CODE } access_kind;

#define OUTSIDE(digits)       {OUTSIDE_LINE, digits},
#define INTERNATIONAL(digits) {INTERNATIONAL_PREFIX, digits},
#define CARRIER(digits)       {CARRIER_CODE, digits},
static const struct {
    access_kind kind;
    const char *digits;
} ACCESS[] = {
#include "generator/dial/access.def"
};

enum {
    N_LISTED = sizeof LISTED / sizeof *LISTED,
    N_ACCESS = sizeof ACCESS / sizeof *ACCESS,
    LONGEST_FEATURE_CODE = 4,
    LONGEST_COUNTRY_CODE = 3, /* E.164 */
    LONGEST_GUESS = 3,        /* an access code that no table has */
    LEAST_BEHIND_CODE = 3,    /* two digits behind a code are too often something else */
    LONGEST_WITH_AREA = 8,    /* with country or area code and a listed number, but no subscriber */
    MOST_CODES = 3            /* one behind the other */
};

/* Numbers that a local exchange also takes behind an area code. */
static const char *const WITH_AREA[] = {"112", "110", "911", "999", "119", "000"};

static bool fits(const char *pattern, const char *digits, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (pattern[i] != digits[i] && !(pattern[i] == 'x' && digits[i] != '\0'))
            return false;
    return true;
}

static const listed *find(const char *digits)
{
    const size_t n = strlen(digits);
    for (size_t i = 0; i < N_LISTED; i++)
        if (strlen(LISTED[i].number) == n && fits(LISTED[i].number, digits, n))
            return &LISTED[i];
    return NULL;
}

static void note(rig_dial_finding *found, rig_dial_kind kind, const listed *number)
{
    if (number == NULL || found->kind >= kind)
        return;
    *found = (rig_dial_finding){kind, number->number, number->countries};
}

/* A listed number behind a known code. */
static void note_behind_code(rig_dial_finding *found, const char *digits)
{
    const bool is_long = strlen(digits) >= LEAST_BEHIND_CODE;
    note(found, is_long ? RIG_DIAL_EMERGENCY : RIG_DIAL_SUSPECT, find(digits));
}

/* Behind '+' or an international prefix: country code, perhaps the national prefix 0, number. */
static void judge_international(rig_dial_finding *found, const char *digits)
{
    const size_t n = strlen(digits);
    note(found, RIG_DIAL_EMERGENCY, find(digits));
    for (size_t code = 1; code <= LONGEST_COUNTRY_CODE && code < n; code++) {
        note_behind_code(found, digits + code);
        if (digits[code] == '0')
            note_behind_code(found, digits + code + 1);
    }
}

static void judge_behind_codes(rig_dial_finding *found, const char *digits, unsigned n_codes)
{
    for (size_t i = 0; i < N_ACCESS && n_codes < MOST_CODES; i++) {
        const size_t n = strlen(ACCESS[i].digits);
        if (!fits(ACCESS[i].digits, digits, n) || digits[n] == '\0')
            continue;
        note_behind_code(found, digits + n);
        if (ACCESS[i].kind == INTERNATIONAL_PREFIX)
            judge_international(found, digits + n);
        else if (n_codes == 0 || ACCESS[i].kind == CARRIER_CODE)
            judge_behind_codes(found, digits + n, n_codes + 1);
    }
}

static bool ends_in(const char *digits, const char *end)
{
    const size_t n = strlen(digits), n_end = strlen(end);
    return n > n_end && strcmp(digits + n - n_end, end) == 0;
}

/* What no table tells: any one to three digits, or an area code, before the number. */
static void judge_guesses(rig_dial_finding *found, const char *digits, bool is_global)
{
    const size_t n = strlen(digits);
    for (size_t code = 1; code <= LONGEST_GUESS && code + LEAST_BEHIND_CODE <= n; code++)
        note(found, RIG_DIAL_SUSPECT, find(digits + code));
    for (size_t i = 0; i < sizeof WITH_AREA / sizeof *WITH_AREA; i++)
        if ((is_global || digits[0] == '0') && n <= LONGEST_WITH_AREA &&
            ends_in(digits, WITH_AREA[i]))
            note(found, RIG_DIAL_SUSPECT, find(WITH_AREA[i]));
}

/* A run of digits. is_behind_feature: '*' or '#' stands before it. */
static void judge_run(rig_dial_finding *found, const char *digits, bool is_global,
                      bool is_behind_feature)
{
    const size_t n = strlen(digits);
    note(found, RIG_DIAL_EMERGENCY, find(digits));
    judge_behind_codes(found, digits, 0);
    if (is_global)
        judge_international(found, digits);
    for (size_t code = 1; is_behind_feature && code <= LONGEST_FEATURE_CODE && code < n; code++) {
        note_behind_code(found, digits + code);
        judge_behind_codes(found, digits + code, 0);
    }
    judge_guesses(found, digits, is_global);
}

static void judge_number(rig_dial_finding *found, const char *number)
{
    char digits[RIG_DIALLED_SIZE];
    const bool is_global = number[0] == '+';
    size_t n = 0, n_all = 0;
    char all[RIG_DIALLED_SIZE];
    for (const char *p = number;; p++) {
        if (isdigit((unsigned char)*p)) {
            digits[n++] = *p;
            all[n_all++] = *p;
            continue;
        }
        digits[n] = '\0';
        if (n > 0)
            judge_run(found, digits, is_global && n == n_all,
                      p - n > number && p[-(ptrdiff_t)n - 1] != '+');
        n = 0;
        if (*p == '\0')
            break;
    }
    all[n_all] = '\0';
    if (n_all > 0)
        judge_run(found, all, is_global, false);
    if (found->kind == RIG_DIAL_PLAIN && n_all > 0 && n_all <= LEAST_BEHIND_CODE)
        found->kind = RIG_DIAL_SHORT;
}

rig_dial_finding rig_dial_judge(const char *dialled)
{
    static const listed SOS = {"urn:service:sos", "RFC 5031"};
    rig_dial_finding found = {RIG_DIAL_PLAIN, "", ""};
    rig_dialled_texts texts;
    switch (rig_dialled_read(dialled, &texts)) {
    case RIG_DIALLED_SOS:
        note(&found, RIG_DIAL_EMERGENCY, &SOS);
        break;
    case RIG_DIALLED_STRANGE:
        found.kind = RIG_DIAL_UNREADABLE;
        break;
    case RIG_DIALLED_NAME:
        break;
    case RIG_DIALLED_DIGITS:
        for (size_t i = 0; i < texts.n; i++)
            judge_number(&found, texts.all[i]);
        break;
    }
    return found;
}
