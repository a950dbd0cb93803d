/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Built without Open MPI: there are no ranks, and none of this is reached. */
#include "ranks/fleet.h"

rig_status rig_fleet_new(rig_ranks *ranks, rig_fleet **fleet, rig_error *err)
{
    (void)ranks;
    (void)fleet;
    return rig_fail(err, RIG_EENV, "this peakrig is built without Open MPI");
}

void rig_fleet_free(rig_fleet *fleet)
{
    (void)fleet;
}

uint32_t rig_fleet_n(const rig_fleet *fleet)
{
    (void)fleet;
    return 0;
}

uint32_t rig_fleet_rank(const rig_fleet *fleet)
{
    (void)fleet;
    return 0;
}

const char *rig_fleet_host(const rig_fleet *fleet, uint32_t rank)
{
    (void)fleet;
    (void)rank;
    return "";
}

rig_status rig_fleet_start(rig_fleet *fleet, int64_t *start_ns, rig_error *err)
{
    (void)fleet;
    (void)start_ns;
    (void)err;
    return RIG_EENV;
}

bool rig_fleet_has_started(const rig_fleet *fleet)
{
    (void)fleet;
    return false;
}

rig_status rig_fleet_cannot_start(rig_fleet *fleet, rig_status status, rig_error *err)
{
    (void)fleet;
    (void)err;
    return status;
}

void rig_fleet_turn(rig_fleet *fleet, const rig_fleet_state *own)
{
    (void)fleet;
    (void)own;
}

const rig_stop *rig_fleet_stop(const rig_fleet *fleet)
{
    (void)fleet;
    return NULL;
}

bool rig_fleet_is_busy(const rig_fleet *fleet)
{
    (void)fleet;
    return false;
}

const rig_fleet_state *rig_fleet_state_of(const rig_fleet *fleet, uint32_t rank)
{
    (void)fleet;
    (void)rank;
    return NULL;
}

bool rig_fleet_is_lost(const rig_fleet *fleet, uint32_t rank)
{
    (void)fleet;
    (void)rank;
    return false;
}

rig_status rig_fleet_end(rig_fleet *fleet, const rig_fleet_state *own, rig_error *err)
{
    (void)fleet;
    (void)own;
    (void)err;
    return RIG_EENV;
}

void rig_fleet_abandon(rig_fleet *fleet)
{
    (void)fleet;
}

void rig_fleet_send(rig_fleet *fleet, const void *data, size_t n)
{
    (void)fleet;
    (void)data;
    (void)n;
}

bool rig_fleet_take(rig_fleet *fleet, uint32_t rank, void *data, size_t n)
{
    (void)fleet;
    (void)rank;
    (void)data;
    (void)n;
    return false;
}

const rig_fleet_look *rig_fleet_looks(const rig_fleet *fleet, uint32_t rank, size_t *n)
{
    (void)fleet;
    (void)rank;
    *n = 0;
    return NULL;
}

int64_t rig_fleet_test_skew_ns(const rig_fleet *fleet)
{
    (void)fleet;
    return 0;
}
