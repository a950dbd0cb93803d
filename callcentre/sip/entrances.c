/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "callcentre/sip/entrances.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "callcentre/centre/centre.h"

enum { BUFFER = 4 * 1024 * 1024 };

rig_status rig_callcentre_entrances_make(rig_callcentre_centre *centre, rig_error *err)
{
    const size_t n = rig_scenario_has_carriers(centre->scenario) ? centre->scenario->n_trunks : 1;
    centre->entrances = calloc(n, sizeof *centre->entrances);
    if (!centre->entrances)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    centre->n_entrances = n;
    for (size_t i = 0; i < n; i++)
        centre->entrances[i].black_hole = -1;
    return RIG_OK;
}

static bool is_known(const rig_callcentre_centre *centre, const tport_t *transport)
{
    for (size_t i = 0; i < centre->n_entrances; i++)
        if (centre->entrances[i].transport == transport)
            return true;
    return false;
}

/* The transport that has just been made. */
static tport_t *new_transport(const rig_callcentre_centre *centre)
{
    tport_t *transport = tport_primaries(nta_agent_tports(centre->nta));
    while (transport && is_known(centre, transport))
        transport = tport_next(transport);
    return transport;
}

/* The stack's own contact, with another port. */
static const sip_contact_t *contact_of(rig_callcentre_centre *centre, uint16_t port)
{
    char text[8];
    (void)snprintf(text, sizeof text, "%u", port);
    sip_contact_t *contact = sip_contact_dup(centre->home, centre->contact);
    if (contact)
        contact->m_url->url_port = su_strdup(centre->home, text);
    return contact && contact->m_url->url_port ? contact : NULL;
}

static rig_status open_one(rig_callcentre_centre *centre, rig_callcentre_entrance *entrance,
                           uint16_t port, rig_error *err)
{
    char url[128], port_text[8] = "*";
    if (port)
        (void)snprintf(port_text, sizeof port_text, "%u", port);
    (void)snprintf(url, sizeof url, "sip:%s:%s;transport=%s", centre->host.uri_host, port_text,
                   rig_callcentre_transport_name(centre->transport));
    if (port) {
        rig_status status = rig_callcentre_try_port(&centre->host, port, centre->transport, err);
        if (status != RIG_OK)
            return status;
    }
    if (nta_agent_add_tport(centre->nta, (url_string_t *)url, TPTAG_UDP_RMEM(BUFFER),
                            TPTAG_UDP_WMEM(BUFFER), TAG_END()) < 0 ||
        !(entrance->transport = new_transport(centre)))
        return rig_fail(err, RIG_EENV, "cannot listen on %s: %s", url, strerror(errno));
    const char *bound = tport_name(entrance->transport)->tpn_port;
    entrance->port = (uint16_t)(bound ? strtoul(bound, NULL, 10) : 0);
    entrance->contact = contact_of(centre, entrance->port);
    return entrance->contact ? RIG_OK : rig_fail(err, RIG_ENOMEM, "out of memory");
}

rig_status rig_callcentre_entrances_open(rig_callcentre_centre *centre, uint16_t first_port,
                                         rig_error *err)
{
    rig_status status = RIG_OK;
    su_home_init(centre->home);
    centre->entrances[0].transport = new_transport(centre);
    centre->entrances[0].port = centre->port;
    centre->entrances[0].contact = centre->contact;
    for (size_t i = 1; i < centre->n_entrances && status == RIG_OK; i++) {
        rig_callcentre_entrance *entrance = &centre->entrances[i];
        size_t port = entrance->port;
        if (port == 0 && first_port != 0)
            port = first_port + i;
        if (port > UINT16_MAX)
            return rig_fail(err, RIG_EENV,
                            "port %u leaves no ports behind it for %zu carriers; expected at most "
                            "%zu",
                            first_port, centre->n_entrances, UINT16_MAX + 1 - centre->n_entrances);
        status = open_one(centre, entrance, (uint16_t)port, err);
    }
    return status;
}

void rig_callcentre_entrances_forget(rig_callcentre_centre *centre)
{
    for (size_t i = 0; i < centre->n_entrances; i++) {
        centre->entrances[i].transport = NULL;
        centre->entrances[i].contact = NULL;
    }
    su_home_deinit(centre->home);
}

void rig_callcentre_entrances_mute(rig_callcentre_centre *centre)
{
    for (size_t i = 0; i < centre->n_entrances; i++)
        centre->entrances[i].black_hole =
            rig_callcentre_black_hole(&centre->host, centre->entrances[i].port);
}

void rig_callcentre_entrances_unmute(rig_callcentre_centre *centre)
{
    for (size_t i = 0; i < centre->n_entrances; i++) {
        if (centre->entrances[i].black_hole >= 0)
            close(centre->entrances[i].black_hole);
        centre->entrances[i].black_hole = -1;
    }
}

size_t rig_callcentre_entrances_of(const rig_callcentre_centre *centre, nta_incoming_t *invite)
{
    if (centre->n_entrances == 1)
        return 0;
    const tport_t *came_by = nta_incoming_transport(centre->nta, invite, NULL);
    const tport_t *primary = came_by ? tport_parent(came_by) : NULL;
    for (size_t i = 1; i < centre->n_entrances; i++)
        if (centre->entrances[i].transport == primary)
            return i;
    return 0;
}

void rig_callcentre_entrances_clear(rig_callcentre_centre *centre)
{
    if (centre->entrances)
        rig_callcentre_entrances_unmute(centre);
    free(centre->entrances);
    centre->entrances = NULL;
    centre->n_entrances = 0;
}
