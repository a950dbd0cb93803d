/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "callcentre/sip/accepted.h"

#include <stddef.h>
#include <stdlib.h>

enum {
    MAX_CALLBACKS = 8
};

struct rig_callcentre_accepted {
    nta_agent_t *nta;
    nta_response_f *callbacks[MAX_CALLBACKS];
    size_t n_callbacks;
    const msg_t *taken; /* the message that was read last, if it was told */
};

/* Sound as the stack asks: what it would not take, it throws away. */
static bool is_sound_acceptance(const sip_t *sip)
{
    return sip->sip_status && sip->sip_status->st_status >= 200 &&
           sip->sip_status->st_status < 300 && sip->sip_cseq &&
           sip->sip_cseq->cs_method == sip_method_invite && sip->sip_via && !sip->sip_error &&
           su_casematch(sip->sip_status->st_version, sip_version_2_0) && sip_sanity_check(sip) == 0;
}

static void on_message(void *magic, msg_t *message, const sip_t *sip)
{
    rig_callcentre_accepted *accepted = magic;
    accepted->taken = NULL;
    if (!accepted->nta || !is_sound_acceptance(sip))
        return;
    nta_outgoing_t *invite = nta_outgoing_find(accepted->nta, message, sip, sip->sip_via);
    if (!invite || nta_outgoing_method(invite) != sip_method_invite)
        return;
    for (size_t i = 0; i < accepted->n_callbacks; i++) {
        void *whose = nta_outgoing_magic(invite, accepted->callbacks[i]);
        if (!whose)
            continue;
        accepted->taken = message;
        accepted->callbacks[i](whose, invite, sip);
        return;
    }
}

rig_callcentre_accepted *rig_callcentre_accepted_new(rig_callcentre_parser *parser)
{
    rig_callcentre_accepted *accepted = calloc(1, sizeof *accepted);
    if (accepted)
        rig_callcentre_parser_tell(parser, on_message, accepted);
    return accepted;
}

void rig_callcentre_accepted_set_agent(rig_callcentre_accepted *accepted, nta_agent_t *nta)
{
    accepted->nta = nta;
    accepted->taken = NULL;
}

void rig_callcentre_accepted_know(rig_callcentre_accepted *accepted, nta_response_f *callback)
{
    for (size_t i = 0; i < accepted->n_callbacks; i++)
        if (accepted->callbacks[i] == callback)
            return;
    if (accepted->n_callbacks < MAX_CALLBACKS)
        accepted->callbacks[accepted->n_callbacks++] = callback;
}

bool rig_callcentre_accepted_took(const rig_callcentre_accepted *accepted, const msg_t *response)
{
    return accepted->taken == response;
}

void rig_callcentre_accepted_free(rig_callcentre_accepted *accepted)
{
    free(accepted);
}
