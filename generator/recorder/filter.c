/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "generator/recorder/filter.h"

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

/* " or (MESSAGE and (icmp[30:2] = 1 or ..))": of a packet that is quoted, whose destination is one
 * of the ends; "" where all are media. */
static void write_quoted(FILE *out, const rig_recorder_spec *spec, const char *message,
                         const char *port)
{
    size_t n = 0;
    for (size_t i = 0; i < spec->n_ends; i++) {
        if (spec->ends[i].is_media)
            continue;
        if (n++ == 0)
            fprintf(out, " or (%s and (", message);
        fprintf(out, "%s%s = %u", n > 1 ? " or " : "", port, spec->ends[i].port);
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
    /* that one of these ports cannot be reached ("destination unreachable": RFC 792, page 4; RFC
     * 4443, section 3.1): the header that is quoted has no options */
    write_quoted(out, spec, "icmp and icmp[0] = 3", "icmp[30:2]");
    write_quoted(out, spec, "icmp6 and ip6[40] = 1", "ip6[90:2]");
    if (fclose(out) == 0)
        return RIG_OK;
    free(*text);
    *text = NULL;
    return rig_fail(err, RIG_ENOMEM, "out of memory");
}
