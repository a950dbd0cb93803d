/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "generator/outbound.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "generator/address.h"

enum {
    SNAPLEN = 256,
    KERNEL_BUFFER_BYTES = 2 << 20,
    BLOCK_TIMEOUT_MS = 20,
    N_PER_LOOK = 1024,
    SLL_HEADER = 16, /* LINKTYPE_LINUX_SLL: the protocol is in its last two bytes */
    IP4_LEAST = 20,
    IP6_HEADER = 40,
    UDP = 17,
    TCP = 6
};

struct rig_outbound {
    pcap_t *pcap;
    char found[RIG_OUTBOUND_TEXT_SIZE]; /* "": nothing */
};

/* SIPp's audio: RTP version 2 of PCMU, whose SSRCs begin with CA11 (rtpstream.cpp). Another
 * program's on this host is not ours. */
static const char AUDIO[] = "(udp and ((ip and udp[8] & 0xc0 = 0x80 and udp[16:2] = 0xca11) or "
                            "(ip6 and ip6[48] & 0xc0 = 0x80 and ip6[56:2] = 0xca11)))";

static void write_host(FILE *out, const char *address)
{
    fprintf(out, " or dst host %s", address);
}

/* All addresses of a name; one that has none allows nothing. */
static void write_named(FILE *out, const char *name)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_DGRAM};
    struct addrinfo *list = NULL;
    if (getaddrinfo(name, NULL, &hints, &list) != 0)
        return;
    for (const struct addrinfo *i = list; i != NULL; i = i->ai_next) {
        rig_address address = {.size = i->ai_addrlen};
        char text[RIG_ADDRESS_SIZE];
        memcpy(&address.at, i->ai_addr, i->ai_addrlen);
        rig_address_print(&address, text);
        write_host(out, text);
    }
    freeaddrinfo(list);
}

static rig_status make_filter(const rig_outbound_spec *spec, char **text, rig_error *err)
{
    size_t size;
    FILE *out = open_memstream(text, &size);
    if (out == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    fputs("(((tcp or udp) and (", out);
    for (size_t i = 0; i < spec->n_ends; i++)
        fprintf(out, "%s(src host %s and src port %u)", i > 0 ? " or " : "", spec->ends[i].host,
                spec->ends[i].port);
    fputs(")) or ((", out);
    for (size_t i = 0; i < spec->n_ends; i++)
        fprintf(out, "%ssrc host %s", i > 0 ? " or " : "", spec->ends[i].host);
    fprintf(out, ") and %s)) and not (dst host %s", AUDIO, spec->target);
    for (size_t i = 0; i < spec->n_ends; i++)
        write_host(out, spec->ends[i].host);
    if (spec->registrar != NULL)
        write_host(out, spec->registrar);
    rig_address target;
    if (rig_address_make(spec->target, 0, &target) && rig_address_is_loopback(&target))
        fputs(" or dst net 127.0.0.0/8 or dst host ::1", out);
    for (size_t k = 0; k < sizeof spec->lists / sizeof *spec->lists; k++)
        for (size_t i = 0; i < spec->n_lists[k]; i++)
            write_named(out, spec->lists[k][i]);
    fputc(')', out);
    if (fclose(out) != 0)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    return RIG_OK;
}

/* The network layer of a frame, and where its payload begins. @return false for what is cut. */
static bool read_headers(const uint8_t *p, size_t n, char host[RIG_ADDRESS_SIZE], uint8_t *protocol,
                         size_t *at)
{
    if (n < SLL_HEADER + IP4_LEAST)
        return false;
    const bool is_ip6 = p[SLL_HEADER] >> 4 == 6;
    const uint8_t *ip = p + SLL_HEADER;
    const size_t header = is_ip6 ? IP6_HEADER : (size_t)(ip[0] & 0xf) * 4;
    if (n < SLL_HEADER + header + 8)
        return false;
    *protocol = is_ip6 ? ip[6] : ip[9];
    *at = SLL_HEADER + header;
    return inet_ntop(is_ip6 ? AF_INET6 : AF_INET, ip + (is_ip6 ? 24 : 16), host,
                     RIG_ADDRESS_SIZE) != NULL;
}

static void on_packet(u_char *user, const struct pcap_pkthdr *header, const u_char *p)
{
    static const char RESPONSE[] = "SIP/2.0";
    rig_outbound *watch = (rig_outbound *)(void *)user;
    char host[RIG_ADDRESS_SIZE];
    uint8_t protocol;
    size_t at;
    if (watch->found[0] != '\0' || !read_headers(p, header->caplen, host, &protocol, &at))
        return;
    const unsigned port = (unsigned)p[at + 2] << 8 | p[at + 3];
    size_t payload = at + 8;
    if (protocol == TCP)
        payload = header->caplen > at + 12 ? at + (size_t)(p[at + 12] >> 4) * 4 : header->caplen;
    const size_t n = header->caplen > payload ? header->caplen - payload : 0;
    const bool is_response =
        n >= sizeof RESPONSE - 1 && memcmp(p + payload, RESPONSE, sizeof RESPONSE - 1) == 0;
    if ((protocol != UDP && protocol != TCP) || n == 0 || is_response)
        return; /* an empty segment of TCP answers somebody who connects */
    const bool is_audio = protocol == UDP && p[payload] >> 6 == 2;
    (void)snprintf(watch->found, sizeof watch->found, "%s went to %s port %u",
                   is_audio ? "audio" : "SIP", host, port);
}

static rig_status activate(rig_outbound *watch, const rig_outbound_spec *spec, rig_error *err)
{
    char message[PCAP_ERRBUF_SIZE], *filter = NULL;
    struct bpf_program program;
    watch->pcap = pcap_create("any", message);
    if (watch->pcap == NULL)
        return rig_fail(err, RIG_EENV, "any: cannot capture: %s", message);
    (void)pcap_set_snaplen(watch->pcap, SNAPLEN);
    (void)pcap_set_timeout(watch->pcap, BLOCK_TIMEOUT_MS);
    (void)pcap_set_buffer_size(watch->pcap, KERNEL_BUFFER_BYTES);
    const int code = pcap_activate(watch->pcap);
    if (code < 0)
        return rig_fail(err, RIG_EENV, "any: cannot capture: %s", pcap_statustostr(code));
    if (pcap_datalink(watch->pcap) != DLT_LINUX_SLL)
        return rig_fail(err, RIG_EENV, "any: cannot capture: link type %d; expected Linux cooked",
                        pcap_datalink(watch->pcap));
    rig_status status = make_filter(spec, &filter, err);
    if (status != RIG_OK)
        return status;
    if (pcap_compile(watch->pcap, &program, filter, 1, PCAP_NETMASK_UNKNOWN) != 0) {
        status = rig_fail(err, RIG_EIO, "filter \"%s\": %s", filter, pcap_geterr(watch->pcap));
    } else {
        if (pcap_setfilter(watch->pcap, &program) != 0 ||
            pcap_setnonblock(watch->pcap, 1, message) != 0)
            status = rig_fail(err, RIG_EIO, "filter \"%s\": %s", filter, pcap_geterr(watch->pcap));
        pcap_freecode(&program);
    }
    free(filter);
    return status;
}

rig_status rig_outbound_open(const rig_outbound_spec *spec, rig_outbound **watch, rig_error *err)
{
    rig_outbound *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    rig_status status = activate(made, spec, err);
    if (status == RIG_OK)
        *watch = made;
    else
        rig_outbound_close(made);
    return status;
}

const char *rig_outbound_look(rig_outbound *watch)
{
    if (watch == NULL)
        return NULL;
    (void)pcap_dispatch(watch->pcap, N_PER_LOOK, on_packet, (u_char *)(void *)watch);
    return watch->found[0] != '\0' ? watch->found : NULL;
}

void rig_outbound_close(rig_outbound *watch)
{
    if (watch == NULL)
        return;
    if (watch->pcap != NULL)
        pcap_close(watch->pcap);
    free(watch);
}
