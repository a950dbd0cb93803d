/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/calls/keyed.h"

#include <string.h>

static bool is_of_keys(rig_slice type)
{
    const rig_slice media = rig_slice_trim((rig_slice){type.p, rig_slice_find(type, ';')});
    return rig_slice_is_nocase(media, "application/dtmf-relay") ||
           rig_slice_is_nocase(media, "application/dtmf");
}

/* The value of the line "Signal"; of a body without such a line its first. */
static rig_slice signal_of(rig_slice body)
{
    static const char name[] = "signal";
    const rig_slice first = rig_slice_trim((rig_slice){body.p, rig_slice_find(body, '\n')});
    for (rig_slice rest = body; rest.n > 0;) {
        const size_t n = rig_slice_find(rest, '\n');
        const rig_slice line = rig_slice_trim((rig_slice){rest.p, n});
        const size_t equals = rig_slice_find(line, '=');
        if (equals < line.n &&
            rig_slice_is_nocase(rig_slice_trim((rig_slice){line.p, equals}), name))
            return rig_slice_trim(rig_slice_skip(line, equals + 1));
        rest = n < rest.n ? rig_slice_skip(rest, n + 1) : (rig_slice){0};
    }
    return first;
}

char rig_keyed_of(rig_slice type, rig_slice body)
{
    static const char keys[] = "0123456789*#ABCD";
    if (!is_of_keys(type))
        return '\0';
    const rig_slice signal = signal_of(body);
    if (signal.n == 1) {
        const char key = signal.p[0] >= 'a' && signal.p[0] <= 'd' ? (char)(signal.p[0] - 'a' + 'A')
                                                                  : signal.p[0];
        return key != '\0' && strchr(keys, key) != NULL ? key : '\0';
    }
    uint64_t event = 0;
    const bool is_event =
        signal.n == 2 && rig_slice_u64(signal, &event) && event < sizeof keys - 1;
    return is_event ? keys[event] : '\0';
}

char rig_keyed_of_info(const rig_sip *sip)
{
    rig_sip_wanted wanted = {.on_requests = UINT32_C(1) << RIG_SIP_INFO};
    unsigned index = 0;
    rig_sip again;
    if (sip->body.n == 0 || rig_sip_want(&wanted, "Content-Type", &index) != RIG_OK ||
        rig_sip_parse((rig_slice){sip->body.p - sip->n_head, sip->n_head + sip->body.n}, false,
                      &wanted, &again) != RIG_SIP_OK)
        return '\0';
    return rig_keyed_of(rig_sip_extra_value(&again, index), sip->body);
}
