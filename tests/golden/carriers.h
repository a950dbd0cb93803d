/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ways to carry the IPv4/UDP packets of a capture otherwise: for tests in which the calls must stay
 * the same. */
#ifndef TESTS_GOLDEN_CARRIERS_H
#define TESTS_GOLDEN_CARRIERS_H

#include <stddef.h>
#include <stdint.h>

enum { CARRIER_MAX_FRAMES = 8, CARRIER_MAX_FRAME = 4096, CARRIER_MAX_FLOWS = 256 };

/** Frames that take the place of one packet. */
typedef struct carried {
    size_t n;
    struct {
        size_t n;
        uint8_t data[CARRIER_MAX_FRAME];
    } frames[CARRIER_MAX_FRAMES];
} carried;

/** What goes on from one packet to the next: sequence numbers of streams. All 0 to begin. */
typedef struct carrier_state {
    size_t n_flows;
    struct {
        uint8_t ends[12];
        uint32_t seq;
    } flows[CARRIER_MAX_FLOWS];
    uint32_t n_packets;
} carrier_state;

/** A carrier; the frames are raw IP (link layer 101) unless it says otherwise. */
typedef struct carrier {
    const char *name;
    int linktype;
    void (*carry)(carrier_state *state, int64_t t_ns, const uint8_t *ip, size_t n, carried *out);
} carrier;

extern const carrier carriers[];
extern const size_t n_carriers;

#endif
