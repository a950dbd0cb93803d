/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/query/number.h"

#include "core/clock.h"

enum { MAX_WHOLE = 18, MAX_DECIMALS = 9 };

rig_query_number rig_query_number_of_ns(int64_t ns)
{
    int64_t whole = ns / RIG_NS_PER_S, rest = ns % RIG_NS_PER_S;
    if (rest < 0) {
        whole--;
        rest += RIG_NS_PER_S;
    }
    return (rig_query_number){.whole = whole, .nanos = (int32_t)rest};
}

int rig_query_number_compare(rig_query_number a, rig_query_number b)
{
    if (a.whole != b.whole)
        return a.whole < b.whole ? -1 : 1;
    return (a.nanos > b.nanos) - (a.nanos < b.nanos);
}

bool rig_query_number_read(rig_slice text, rig_query_number *number)
{
    bool is_negative = text.n > 0 && text.p[0] == '-';
    if (text.n > 0 && (is_negative || text.p[0] == '+'))
        text = rig_slice_skip(text, 1);
    size_t n_whole = rig_slice_find(text, '.');
    rig_slice decimals = rig_slice_skip(text, n_whole + 1);
    uint64_t whole, nanos = 0;
    if (n_whole > MAX_WHOLE || !rig_slice_u64((rig_slice){text.p, n_whole}, &whole))
        return false;
    if (n_whole < text.n && (decimals.n > MAX_DECIMALS || !rig_slice_u64(decimals, &nanos)))
        return false;
    for (size_t i = decimals.n; i < MAX_DECIMALS; i++)
        nanos *= 10;
    *number = (rig_query_number){.whole = (int64_t)whole, .nanos = (int32_t)nanos};
    if (is_negative) {
        number->whole = nanos == 0 ? -number->whole : -number->whole - 1;
        number->nanos = nanos == 0 ? 0 : (int32_t)(RIG_NS_PER_S - (int64_t)nanos);
    }
    return true;
}
