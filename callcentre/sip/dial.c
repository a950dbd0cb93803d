/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "callcentre/sip/dial.h"

#include <stdio.h>
#include <stdlib.h>

#include "callcentre/sip/permits.h"

nta_outgoing_t *rig_callcentre_dial(const rig_callcentre_centre *centre,
                                    const rig_callcentre_dialling *how, nta_leg_t **dialog)
{
    const bool is_tcp = centre->transport == RIG_TRANSPORT_TCP;
    char *from = NULL, *to = NULL, *url = NULL;
    nta_outgoing_t *sent = NULL;
    *dialog = NULL;
    if (asprintf(&from, "<sip:%s@%s:%u>", how->from, centre->host.uri_host, centre->port) < 0)
        from = NULL;
    if (asprintf(&to, "sip:%s@%s:%u", how->to, how->host->uri_host, how->port) < 0)
        to = NULL;
    if (asprintf(&url, "%s%s", to != NULL ? to : "", is_tcp ? ";transport=tcp" : "") < 0)
        url = NULL;
    if (from != NULL && to != NULL && url != NULL)
        *dialog = nta_leg_tcreate(centre->nta, how->on_request, how->magic,
                                  TAG_IF(how->call_id != NULL, SIPTAG_CALL_ID_STR(how->call_id)),
                                  SIPTAG_FROM_STR(from), SIPTAG_TO_STR(to), TAG_END());
    if (*dialog != NULL && nta_leg_tag(*dialog, NULL) != NULL) {
        rig_callcentre_invite invite = how->invite;
        invite.url = url;
        invite.transport = centre->transport;
        invite.accepted = centre->accepted;
        sent =
            rig_callcentre_send_invite(*dialog, centre->nta, how->on_response, how->magic, &invite);
    }
    free(from);
    free(to);
    free(url);
    return sent;
}

void rig_callcentre_acknowledge(rig_callcentre_centre *centre, nta_leg_t *dialog,
                                tport_t *connection, const sip_t *answer, const char *header)
{
    nta_leg_rtag(dialog, answer->sip_to->a_tag);
    if (rig_callcentre_permits_answer(centre, answer, NULL))
        nta_leg_client_reroute(dialog, answer->sip_record_route, answer->sip_contact, 1);
    else
        centre->counts.n_strange_contacts++;
    rig_callcentre_send_ack(dialog, connection, answer, header);
}
