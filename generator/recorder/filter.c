/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "generator/recorder/filter.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* "src host A and src port 1 or dst host A and dst port 1 or .." */
static void write_ends(FILE *out, const rig_recorder_spec *spec)
{
    for (size_t i = 0; i < spec->n_ends; i++) {
        const rig_recorder_end *end = &spec->ends[i];
        fputs(i > 0 ? " or " : "", out);
        if (end->host == NULL)
            fprintf(out, "port %u", end->port);
        else
            fprintf(out, "(src host %s and src port %u) or (dst host %s and dst port %u)",
                    end->host, end->port, end->host, end->port);
    }
}

/* " and (host A or host B ..)" of fragments, which have no ports; "" for any host. */
static void write_hosts(FILE *out, const rig_recorder_spec *spec)
{
    for (size_t i = 0; i < spec->n_ends; i++)
        if (spec->ends[i].host == NULL)
            return;
    for (size_t i = 0; i < spec->n_ends; i++)
        fprintf(out, "%s host %s", i > 0 ? " or" : " and (", spec->ends[i].host);
    fputc(')', out);
}

/* An ICMP message that quotes a packet, with headers that have no options: where the destination of
 * that stands, in the filter's words. */
typedef struct quotation {
    const char *message;
    const char *packet; /* the bytes that are counted from */
    int family;
    unsigned host_at, n_host, port_at;
} quotation;

/* Type "destination unreachable": RFC 792, page 4; RFC 4443, section 3.1. */
static const quotation quotations[] = {
    {"icmp and icmp[0] = 3", "icmp", AF_INET, .host_at = 24, .n_host = 4, .port_at = 30},
    {"icmp6 and ip6[40] = 1", "ip6", AF_INET6, .host_at = 72, .n_host = 16, .port_at = 90}};

/* Whether a packet to this end can be quoted so; its address, where it has one. */
static bool is_quoted(const quotation *q, const rig_recorder_end *end, uint8_t host[16])
{
    return !end->is_media && (end->host == NULL || inet_pton(q->family, end->host, host) == 1);
}

/* "(icmp[24:4] = 0xc0000201 and icmp[30:2] = 5061)" */
static void write_quoted_end(FILE *out, const quotation *q, const rig_recorder_end *end,
                             const uint8_t host[16])
{
    fputc('(', out);
    for (unsigned i = 0; end->host != NULL && i < q->n_host; i += 4)
        fprintf(out, "%s[%u:4] = 0x%02x%02x%02x%02x and ", q->packet, q->host_at + i, host[i],
                host[i + 1], host[i + 2], host[i + 3]);
    fprintf(out, "%s[%u:2] = %u)", q->packet, q->port_at, end->port);
}

/* " or (MESSAGE and (END or ..))": of a packet that is quoted, whose destination is one of the ends;
 * "" where none can be. */
static void write_quoted(FILE *out, const rig_recorder_spec *spec, const quotation *q)
{
    uint8_t host[16] = {0};
    size_t n = 0;
    for (size_t i = 0; i < spec->n_ends; i++) {
        if (!is_quoted(q, &spec->ends[i], host))
            continue;
        if (n++ == 0)
            fprintf(out, " or (%s and (", q->message);
        else
            fputs(" or ", out);
        write_quoted_end(out, q, &spec->ends[i], host);
    }
    if (n > 0)
        fputs("))", out);
}

rig_status rig_recorder_filter(const rig_recorder_spec *spec, char **text, rig_error *err)
{
    size_t size;
    FILE *out = open_memstream(text, &size);
    if (out == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    /* Not "inbound", which would spare the kernel the loopback's second copy of each packet:
     * libpcap also applies the filter itself to the first blocks of a capture, and cannot tell
     * inbound there, so that the first packets would be lost. */
    enum { IP6_FRAGMENT = 44 };
    fputs("((tcp or udp) and (", out);
    write_ends(out, spec);
    fprintf(out, ")%s", spec->own_port != 0 ? " and not port " : "");
    if (spec->own_port != 0)
        fprintf(out, "%u", spec->own_port);
    /* later fragments have no ports; the filter language finds none in a first one of IPv6 either
     */
    fputs(") or (ip", out);
    write_hosts(out, spec);
    fputs(" and (tcp or udp) and ip[6:2] & 0x1fff != 0) or (ip6", out);
    write_hosts(out, spec);
    fprintf(out, " and ip6[6] = %d)", IP6_FRAGMENT);
    for (size_t i = 0; i < sizeof quotations / sizeof quotations[0]; i++)
        write_quoted(out, spec, &quotations[i]); /* that one of these ports cannot be reached */
    if (fclose(out) == 0)
        return RIG_OK;
    free(*text);
    *text = NULL;
    return rig_fail(err, RIG_ENOMEM, "out of memory");
}
