/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "callcentre/sip/permits.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* An address without brackets, in the usual form; a name as it is. */
static void normal_host(const char *host, char text[64])
{
    unsigned char bytes[sizeof(struct in6_addr)];
    const bool is_bracketed = host[0] == '[';
    (void)snprintf(text, 64, "%s", host + is_bracketed);
    text[strcspn(text, is_bracketed ? "]" : "")] = '\0';
    if (inet_pton(AF_INET6, text, bytes) == 1)
        (void)inet_ntop(AF_INET6, bytes, text, 64);
}

static bool is_same_host(const char *a, const char *b)
{
    char first[64], second[64];
    normal_host(a, first);
    normal_host(b, second);
    return strcasecmp(first, second) == 0;
}

static bool is_loopback(const char *host)
{
    char text[64];
    struct in_addr v4;
    normal_host(host, text);
    return strcmp(text, "::1") == 0 ||
           (inet_pton(AF_INET, text, &v4) == 1 && ntohl(v4.s_addr) >> 24 == 127);
}

bool rig_callcentre_permits_other(const rig_callcentre_centre *centre, const char *host)
{
    const rig_target *target = &centre->scenario->target;
    if ((is_loopback(host) && is_loopback(centre->host.numeric)) ||
        is_same_host(host, centre->host.numeric))
        return true;
    for (size_t i = 0; i < target->n_allow; i++)
        if (is_same_host(host, target->allow[i]))
            return true;
    for (size_t i = 0; i < centre->n_allow; i++)
        if (is_same_host(host, centre->allow[i]))
            return true;
    return false;
}

bool rig_callcentre_permits_host(const rig_callcentre_centre *centre, const char *host)
{
    return is_same_host(host, centre->agents_host.numeric) ||
           (centre->callers_port != 0 && is_same_host(host, centre->callers_host.numeric)) ||
           rig_callcentre_permits_other(centre, host);
}

static bool is_permitted(const rig_callcentre_centre *centre, const char *host, const char *source)
{
    return (source != NULL && is_same_host(host, source)) ||
           rig_callcentre_permits_host(centre, host);
}

bool rig_callcentre_permits_answer(const rig_callcentre_centre *centre, const sip_t *sip,
                                   const char *source)
{
    const url_t *to = sip->sip_record_route ? sip->sip_record_route->r_url
                      : sip->sip_contact    ? sip->sip_contact->m_url
                                            : NULL;
    if (to == NULL)
        return true;
    /* "maddr" is where it goes in truth (RFC 3261, section 19.1.1) */
    char maddr[256] = "";
    if (to->url_host == NULL ||
        url_param(to->url_params, "maddr", maddr, sizeof maddr) >= (isize_t)sizeof maddr)
        return false;
    return is_permitted(centre, to->url_host, source) &&
           (maddr[0] == '\0' || is_permitted(centre, maddr, source));
}

const char *rig_callcentre_source(const sip_t *sip)
{
    if (!sip->sip_via)
        return NULL;
    return sip->sip_via->v_received ? sip->sip_via->v_received : sip->sip_via->v_host;
}
