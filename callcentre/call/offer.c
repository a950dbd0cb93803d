/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An initial INVITE: who is let in, and what a call is given first. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/clock.h"
#include "callcentre/auth.h"
#include "callcentre/call/call_impl.h"
#include "callcentre/call/admission.h"
#include "callcentre/centre/lines.h"
#include "callcentre/sip/permits.h"
#include "callcentre/sip/sip_messages.h"
#include "scenarios/backup.h"
#include "scenarios/own_durations.h"

static const sip_auth_t *credentials_header(const rig_callcentre_centre *centre, const sip_t *sip)
{
    return centre->challenge == RIG_CALLCENTRE_CHALLENGE_407 ? sip->sip_proxy_authorization
                                                             : sip->sip_authorization;
}

/* Those for our realm, if there are any: others may be for proxies on the way. */
static rig_callcentre_auth_result check(const rig_callcentre_centre *centre, const sip_t *sip,
                                        bool *has_any)
{
    rig_callcentre_auth_result result = RIG_CALLCENTRE_AUTH_BAD;
    su_home_t home[1] = {SU_HOME_INIT(home)};
    su_home_init(home);
    *has_any = false;
    for (const sip_auth_t *au = credentials_header(centre, sip); au; au = au->au_next) {
        auth_response_t ar = {.ar_size = sizeof ar};
        if (!au->au_scheme || strcasecmp(au->au_scheme, "Digest") != 0 ||
            auth_digest_response_get(home, &ar, au->au_params) < 0)
            continue;
        if (ar.ar_realm && strcmp(ar.ar_realm, centre->auth->realm) != 0)
            continue;
        const rig_callcentre_credentials given = {
            .user = ar.ar_username,
            .realm = ar.ar_realm,
            .nonce = ar.ar_nonce,
            .uri = ar.ar_uri,
            .response = ar.ar_response,
            .algorithm = ar.ar_algorithm,
            .cnonce = ar.ar_cnonce,
            .qop = ar.ar_qop,
            .nc = ar.ar_nc,
        };
        *has_any = true;
        result =
            rig_callcentre_auth_check(centre->auth, &given, "INVITE", rig_clock_monotonic_ns());
        break;
    }
    su_home_deinit(home);
    return result;
}

/* False when it was challenged; the transaction is then done with. */
static bool is_let_in(rig_callcentre_centre *centre, nta_incoming_t *invite, const sip_t *sip)
{
    if (!centre->auth)
        return true;
    bool has_any = false;
    rig_callcentre_auth_result result = check(centre, sip, &has_any);
    if (result == RIG_CALLCENTRE_AUTH_GOOD)
        return true;
    char challenge[RIG_CALLCENTRE_CHALLENGE_SIZE];
    rig_callcentre_auth_challenge(centre->auth, rig_clock_monotonic_ns(),
                                  result == RIG_CALLCENTRE_AUTH_STALE ? RIG_CALLCENTRE_NONCE_STALE
                                                                      : RIG_CALLCENTRE_NONCE_NEW,
                                  challenge);
    if (has_any && result == RIG_CALLCENTRE_AUTH_BAD)
        centre->counts.n_bad_credentials++;
    else
        centre->counts.n_challenged++;
    if (centre->challenge == RIG_CALLCENTRE_CHALLENGE_407)
        nta_incoming_treply(invite, SIP_407_PROXY_AUTH_REQUIRED,
                            SIPTAG_PROXY_AUTHENTICATE_STR(challenge), TAG_END());
    else
        nta_incoming_treply(invite, SIP_401_UNAUTHORIZED, SIPTAG_WWW_AUTHENTICATE_STR(challenge),
                            TAG_END());
    nta_incoming_destroy(invite);
    return false;
}

static void refuse(const rig_callcentre_centre *centre, nta_incoming_t *invite, const char *reason)
{
    char retry_after[40];
    const uint32_t wait_s = rig_scenario_retry_after_wire_s(centre->scenario);
    (void)snprintf(retry_after, sizeof retry_after, "Retry-After: %u", wait_s);
    rig_callcentre_reply_failure(invite, SIP_503_SERVICE_UNAVAILABLE, reason,
                                 wait_s > 0 ? retry_after : NULL);
    nta_incoming_destroy(invite);
}

/* True when a defect has had its way with the INVITE. */
static bool is_spoilt(rig_callcentre_centre *centre, nta_incoming_t *invite, const sip_t *sip)
{
    const rig_callcentre_defect *mute = rig_callcentre_centre_defect(centre, RIG_DEFECT_MUTE_EVERY);
    if (mute && centre->counts.n_offered % (uint64_t)mute->value == 0) {
        /* The transaction stays the stack's: it swallows the retransmissions. */
        rig_callcentre_keep_mute(invite);
        centre->counts.n_muted++;
        return true;
    }
    rig_callcentre_number called;
    if (rig_callcentre_centre_defect(centre, RIG_DEFECT_NO_BACKUP) &&
        rig_scenario_is_backup(centre->scenario, rig_callcentre_called(sip, &called))) {
        centre->counts.n_refused++;
        nta_incoming_treply(invite, SIP_404_NOT_FOUND, TAG_END());
        nta_incoming_destroy(invite);
        return true;
    }
    if (rig_callcentre_centre_defect(centre, RIG_DEFECT_REFUSE_AFTER)) {
        centre->counts.n_refused++;
        refuse(centre, invite, RIG_CALLCENTRE_REASON_TEMPORARY);
        return true;
    }
    const rig_callcentre_defect *reject = rig_callcentre_centre_defect(centre, RIG_DEFECT_REJECT);
    if (reject && rig_callcentre_centre_draw(centre, centre->counts.n_offered,
                                             RIG_CALLCENTRE_DRAW_REJECT) < reject->value) {
        centre->counts.n_refused++;
        nta_incoming_treply(invite, (int)reject->value2, "Rejected", TAG_END());
        nta_incoming_destroy(invite);
        return true;
    }
    return false;
}

void rig_callcentre_call_admit(rig_callcentre_centre *centre, nta_incoming_t *invite,
                               const sip_t *sip)
{
    const char *number = sip->sip_from->a_url->url_user;
    const uint32_t attempt = rig_callcentre_attempts_note(centre, number != NULL ? number : "");
    centre->counts.n_offered++;
    if (centre->is_stopping) {
        centre->counts.n_stopped_unanswered++;
        refuse(centre, invite, RIG_CALLCENTRE_REASON_TEMPORARY);
        return;
    }
    if (is_spoilt(centre, invite, sip))
        return;
    if (rig_callcentre_faults_has_centre_down(centre)) {
        centre->counts.n_refused++;
        refuse(centre, invite, RIG_CALLCENTRE_REASON_TEMPORARY);
        return;
    }
    const size_t entrance = rig_callcentre_entrances_of(centre, invite);
    size_t group = 0;
    if (!rig_callcentre_lines_seize(centre, entrance, &group)) {
        centre->counts.n_no_circuit++;
        refuse(centre, invite, RIG_CALLCENTRE_REASON_NO_CIRCUIT);
        return;
    }
    rig_callcentre_call *call = rig_callcentre_call_new(centre, invite, sip, entrance, group);
    if (!call) {
        centre->counts.n_failed_unanswered++;
        rig_callcentre_circuit_release(centre->resources, group);
        nta_incoming_treply(invite, SIP_500_INTERNAL_SERVER_ERROR, TAG_END());
        nta_incoming_destroy(invite);
        return;
    }
    call->attempt = attempt;
    nta_incoming_treply(invite, SIP_100_TRYING, TAG_END());
    bool is_late = rig_callcentre_centre_defect(centre, RIG_DEFECT_IVR_LATE) != NULL;
    if (rig_callcentre_centre_has_port(centre) && rig_callcentre_port_seize(centre->resources)) {
        if (is_late)
            nta_incoming_treply(invite, SIP_180_RINGING, SIPTAG_CONTACT(call->contact), TAG_END());
        rig_callcentre_call_answer(call);
        return;
    }
    rig_callcentre_call_set_state(call, CALL_PORT_WAIT);
    nta_incoming_treply(invite, SIP_180_RINGING, SIPTAG_CONTACT(call->contact), TAG_END());
    rig_callcentre_port_wait(centre->resources, &call->waiter);
}

void rig_callcentre_call_offer(rig_callcentre_centre *centre, nta_incoming_t *invite,
                               const sip_t *sip)
{
    rig_callcentre_centre_note_invite(centre);
    if (!centre->is_stopping) {
        if (!rig_callcentre_permits_answer(centre, sip, rig_callcentre_source(sip))) {
            centre->counts.n_strange_contacts++;
            nta_incoming_treply(invite, SIP_403_FORBIDDEN, TAG_END());
            nta_incoming_destroy(invite);
            return;
        }
        if (!is_let_in(centre, invite, sip))
            return;
        /* Nothing that a caller may require is understood, reliable provisional responses (RFC
         * 3262) included: 420 (RFC 3261, 8.2.2.3). */
        if (nta_check_required(invite, sip, NULL, TAG_END())) {
            centre->counts.n_bad_extensions++;
            nta_incoming_destroy(invite);
            return;
        }
        const rig_callcentre_defect *slow = rig_callcentre_centre_defect(centre, RIG_DEFECT_SLOW);
        if (slow && rig_callcentre_hold(centre, invite, slow->value))
            return;
    }
    rig_callcentre_call_admit(centre, invite, sip);
}
