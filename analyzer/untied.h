/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Captures whose clocks cannot be compared: they lie beside each other in time, no request of one
 * has its answer in the other, and no message lies in both (two taps, one between callers and
 * centre and one between centre and agents). The order of the two legs of a call is not known then
 * but by what the clocks say. docs/captures.md, "Taps that no pair ties". */
#ifndef RIG_ANALYZER_UNTIED_H
#define RIG_ANALYZER_UNTIED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** How far such clocks are taken to be apart at the most, unless told otherwise: hosts that ask
 * the same or other servers of NTP are far less (RFC 5905, section 1: tens of milliseconds over
 * the Internet), those that ask none may be more. */
#define RIG_UNTIED_APART_NS (INT64_C(1000000000))

/** What is not tied. */
typedef struct rig_untied {
    uint64_t n_pairs;      /**< of sources that lie beside each other and are not tied .. */
    size_t file[2];        /**< .. and of one of these, which files, from 0 */
    uint64_t n_calls;      /**< that have legs in two sources that are not tied .. */
    uint64_t n_calls_near; /**< .. and another outcome if the clocks are apart by apart_ns */
    bool has_host;         /**< an endpoint has messages in two of them: they see the same calls */
    int64_t apart_ns;      /**< so far they are taken to be apart, at the most */
} rig_untied;

#endif
