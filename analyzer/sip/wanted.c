/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "analyzer/sip/chars.h"
#include "analyzer/sip.h"

/* What may stand in a token (RFC 3261 section 25.1). */
const bool rig_sip_token[256] = {
    ['a'] = 1, ['b'] = 1, ['c'] = 1, ['d'] = 1, ['e'] = 1, ['f'] = 1, ['g'] = 1,  ['h'] = 1,
    ['i'] = 1, ['j'] = 1, ['k'] = 1, ['l'] = 1, ['m'] = 1, ['n'] = 1, ['o'] = 1,  ['p'] = 1,
    ['q'] = 1, ['r'] = 1, ['s'] = 1, ['t'] = 1, ['u'] = 1, ['v'] = 1, ['w'] = 1,  ['x'] = 1,
    ['y'] = 1, ['z'] = 1, ['A'] = 1, ['B'] = 1, ['C'] = 1, ['D'] = 1, ['E'] = 1,  ['F'] = 1,
    ['G'] = 1, ['H'] = 1, ['I'] = 1, ['J'] = 1, ['K'] = 1, ['L'] = 1, ['M'] = 1,  ['N'] = 1,
    ['O'] = 1, ['P'] = 1, ['Q'] = 1, ['R'] = 1, ['S'] = 1, ['T'] = 1, ['U'] = 1,  ['V'] = 1,
    ['W'] = 1, ['X'] = 1, ['Y'] = 1, ['Z'] = 1, ['0'] = 1, ['1'] = 1, ['2'] = 1,  ['3'] = 1,
    ['4'] = 1, ['5'] = 1, ['6'] = 1, ['7'] = 1, ['8'] = 1, ['9'] = 1, ['-'] = 1,  ['.'] = 1,
    ['!'] = 1, ['%'] = 1, ['*'] = 1, ['_'] = 1, ['+'] = 1, ['`'] = 1, ['\''] = 1, ['~'] = 1,
};

/* RFC 3261 section 7.3.3 and the IANA registry of SIP header fields. */
static char compact_form(const char *name)
{
    static const struct {
        const char *name;
        char compact;
    } forms[] = {
        {"accept-contact", 'a'},
        {"allow-events", 'u'},
        {"call-id", 'i'},
        {"contact", 'm'},
        {"content-encoding", 'e'},
        {"content-length", 'l'},
        {"content-type", 'c'},
        {"event", 'o'},
        {"from", 'f'},
        {"identity", 'y'},
        {"refer-to", 'r'},
        {"referred-by", 'b'},
        {"reject-contact", 'j'},
        {"request-disposition", 'd'},
        {"session-expires", 'x'},
        {"subject", 's'},
        {"supported", 'k'},
        {"to", 't'},
        {"via", 'v'},
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (strcmp(name, forms[i].name) == 0)
            return forms[i].compact;
    }
    return 0;
}

static void note_length(rig_sip_wanted *wanted, char first, size_t n)
{
    const uint64_t bit = UINT64_C(1) << (n < 63 ? n : 63);
    wanted->lengths[(uint8_t)first] |= bit;
    if (first >= 'a' && first <= 'z')
        wanted->lengths[(uint8_t)(first - 0x20)] |= bit;
}

rig_status rig_sip_want(rig_sip_wanted *wanted, const char *name, unsigned *index)
{
    char folded[RIG_SIP_MAX_NAME + 1];
    size_t n = strlen(name);
    if (n == 0 || n > RIG_SIP_MAX_NAME)
        return RIG_EDOM;
    for (size_t i = 0; i <= n; i++) {
        if (i < n && !rig_sip_token[(uint8_t)name[i]])
            return RIG_EDOM;
        folded[i] = rig_sip_lower(name[i]);
    }
    for (unsigned i = 0; i < wanted->n; i++) {
        if (strcmp(wanted->name[i], folded) == 0) {
            *index = i;
            return RIG_OK;
        }
    }
    if (wanted->n == RIG_SIP_MAX_WANTED)
        return RIG_EDOM;
    unsigned at = wanted->n++;
    memcpy(wanted->name[at], folded, n + 1);
    wanted->n_name[at] = (uint8_t)n;
    wanted->compact[at] = compact_form(folded);
    note_length(wanted, folded[0], n);
    if (wanted->compact[at] != 0)
        note_length(wanted, wanted->compact[at], 1);
    *index = at;
    return RIG_OK;
}
