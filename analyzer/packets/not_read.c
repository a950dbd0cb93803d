/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/packets/not_read.h"

#include <stdlib.h>
#include <string.h>

/* Names of what captures hold beside SIP. `is_usual`: it says nothing about missing calls. */
typedef struct known {
    rig_not_read_kind kind;
    uint32_t number;
    const char *name;
    bool is_usual;
} known;

static const known names[] = {
    {RIG_NOT_READ_ETHERTYPE, 0x0806, "ARP", true},
    {RIG_NOT_READ_ETHERTYPE, 0x0842, "Wake-on-LAN", true},
    {RIG_NOT_READ_ETHERTYPE, 0x22f4, "IS-IS of TRILL", true},
    {RIG_NOT_READ_ETHERTYPE, 0x8035, "RARP", true},
    {RIG_NOT_READ_ETHERTYPE, 0x8137, "IPX", true},
    {RIG_NOT_READ_ETHERTYPE, 0x8808, "flow control", true},
    {RIG_NOT_READ_ETHERTYPE, 0x8809, "LACP", true},
    {RIG_NOT_READ_ETHERTYPE, 0x8863, "PPPoE discovery", true},
    {RIG_NOT_READ_ETHERTYPE, 0x888e, "802.1X", true},
    {RIG_NOT_READ_ETHERTYPE, 0x8899, "Realtek", true},
    {RIG_NOT_READ_ETHERTYPE, 0x88cc, "LLDP", true},
    {RIG_NOT_READ_ETHERTYPE, 0x88e5, "MACsec", false},
    {RIG_NOT_READ_ETHERTYPE, 0x88f5, "MVRP", true},
    {RIG_NOT_READ_ETHERTYPE, 0x88f7, "PTP", true},
    {RIG_NOT_READ_ETHERTYPE, 0x88fb, "PRP supervision", true},
    {RIG_NOT_READ_ETHERTYPE, 0x8902, "CFM", true},
    {RIG_NOT_READ_ETHERTYPE, 0x8903, "FabricPath", false},
    {RIG_NOT_READ_ETHERTYPE, 0x8906, "FCoE", true},
    {RIG_NOT_READ_ETHERTYPE, 0x8915, "RoCE", true},
    {RIG_NOT_READ_ETHERTYPE, 0x9000, "loopback test", true},
    {RIG_NOT_READ_ETHERTYPE, 0xd28b, "Arista time stamps", false},
    {RIG_NOT_READ_LLC, 0x4242, "spanning tree", true},
    {RIG_NOT_READ_LLC, 0xaaaa, "SNAP of another maker", true},
    {RIG_NOT_READ_LLC, 0xfefe, "OSI", true},
    {RIG_NOT_READ_IP_PROTOCOL, 2, "IGMP", true},
    {RIG_NOT_READ_IP_PROTOCOL, 46, "RSVP", true},
    {RIG_NOT_READ_IP_PROTOCOL, 50, "ESP (IPsec)", false},
    {RIG_NOT_READ_IP_PROTOCOL, 55, "minimal encapsulation", false},
    {RIG_NOT_READ_IP_PROTOCOL, 59, "none", true},
    {RIG_NOT_READ_IP_PROTOCOL, 88, "EIGRP", true},
    {RIG_NOT_READ_IP_PROTOCOL, 89, "OSPF", true},
    {RIG_NOT_READ_IP_PROTOCOL, 103, "PIM", true},
    {RIG_NOT_READ_IP_PROTOCOL, 108, "compressed", false},
    {RIG_NOT_READ_IP_PROTOCOL, 112, "VRRP", true},
    {RIG_NOT_READ_IP_PROTOCOL, 115, "L2TPv3", false},
    {RIG_NOT_READ_PPP, 0x8021, "IPCP", true},
    {RIG_NOT_READ_PPP, 0x8057, "IPv6CP", true},
    {RIG_NOT_READ_PPP, 0x80fd, "CCP", true},
    {RIG_NOT_READ_PPP, 0xc021, "LCP", true},
    {RIG_NOT_READ_PPP, 0xc023, "PAP", true},
    {RIG_NOT_READ_PPP, 0xc223, "CHAP", true},
    {RIG_NOT_READ_PPP, 0x00fd, "compressed", false},
    {RIG_NOT_READ_PPP, 0x002d, "compressed TCP", false},
    {RIG_NOT_READ_LINK, 105, "802.11", false},
    {RIG_NOT_READ_LINK, 119, "802.11 with Prism header", false},
    {RIG_NOT_READ_LINK, 127, "802.11 with radiotap", false},
    {RIG_NOT_READ_LINK, 189, "USB", false},
    {RIG_NOT_READ_LINK, 192, "802.11 with PPI", false},
    {RIG_NOT_READ_LINK, 197, "ERF", false},
    {RIG_NOT_READ_LINK, 220, "USB", false},
    {RIG_NOT_READ_LINK, 258, "PKTAP", false},
    {RIG_NOT_READ_UDP_PORT, 500, "IKE", false},
    {RIG_NOT_READ_UDP_PORT, 1194, "OpenVPN", false},
    {RIG_NOT_READ_UDP_PORT, 1701, "L2TP", false},
    {RIG_NOT_READ_UDP_PORT, 2152, "GTP-U", false},
    {RIG_NOT_READ_UDP_PORT, 3544, "Teredo", false},
    {RIG_NOT_READ_UDP_PORT, 4341, "LISP", false},
    {RIG_NOT_READ_UDP_PORT, 4500, "IPsec through NAT", false},
    {RIG_NOT_READ_UDP_PORT, 4789, "VXLAN", false},
    {RIG_NOT_READ_UDP_PORT, 4790, "VXLAN-GPE", false},
    {RIG_NOT_READ_UDP_PORT, 5247, "CAPWAP", false},
    {RIG_NOT_READ_UDP_PORT, 6080, "GUE", false},
    {RIG_NOT_READ_UDP_PORT, 6081, "GENEVE", false},
    {RIG_NOT_READ_UDP_PORT, 6343, "sFlow", false},
    {RIG_NOT_READ_UDP_PORT, 6635, "MPLS in UDP", false},
    {RIG_NOT_READ_UDP_PORT, 8472, "OTV or VXLAN", false},
    {RIG_NOT_READ_UDP_PORT, 37008, "TZSP", false},
    {RIG_NOT_READ_UDP_PORT, 48879, "VXLAN of Cisco ACI", false},
    {RIG_NOT_READ_UDP_PORT, 51820, "WireGuard", false},
};

static const known *find_name(rig_not_read_kind kind, uint32_t number)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].kind == kind && names[i].number == number)
            return &names[i];
    }
    return NULL;
}

void rig_not_read_add(rig_not_read_counts *c, rig_not_read_kind kind, uint32_t number)
{
    for (size_t i = 0; i < c->n; i++) {
        if (c->of[i].kind == kind && c->of[i].number == number) {
            c->of[i].n++;
            return;
        }
    }
    if (c->n == RIG_NOT_READ_MAX_KINDS) {
        c->n_others++;
        return;
    }
    const known *k = find_name(kind, number);
    c->of[c->n++] = (rig_not_read){.kind = kind,
                                   .number = number,
                                   .n = 1,
                                   .name = k != NULL ? k->name : NULL,
                                   .is_usual = k != NULL && k->is_usual};
}

/* Whether a port is that of a tunnel which carries all there is. */
static bool is_of_tunnel(uint16_t port)
{
    switch (port) {
    case 500:
    case 1194:
    case 1701:
    case 2152:
    case 3544:
    case 4341:
    case 4500:
    case 4789:
    case 4790:
    case 5247:
    case 6080:
    case 6081:
    case 6343:
    case 6635:
    case 8472:
    case 37008:
    case 48879:
    case 51820:
        return true;
    default:
        return false;
    }
}

static void add_port(rig_not_read_counts *c, uint16_t port)
{
    size_t at = (uint16_t)(port * 40503u) >> 10;
    if (c->ports[at].n > 0 && c->ports[at].port != port) {
        c->ports[at].n--;
        return;
    }
    c->ports[at].port = port;
    c->ports[at].n++;
}

void rig_not_read_datagram(rig_not_read_counts *c, uint16_t src_port, uint16_t dst_port)
{
    if (is_of_tunnel(dst_port))
        rig_not_read_add(c, RIG_NOT_READ_UDP_PORT, dst_port);
    else if (is_of_tunnel(src_port))
        rig_not_read_add(c, RIG_NOT_READ_UDP_PORT, src_port);
    else
        add_port(c, dst_port < src_port ? dst_port : src_port); /* the lower one is the service's */
}

static int more_first(const void *a, const void *b)
{
    const rig_not_read *x = a, *y = b;
    if (x->n != y->n)
        return x->n > y->n ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

void rig_not_read_list(const rig_not_read_counts *c, rig_not_read_all *all)
{
    *all = (rig_not_read_all){.n_others = c->n_others};
    memcpy(all->of, c->of, c->n * sizeof c->of[0]);
    all->n = c->n;
    qsort(all->of, all->n, sizeof all->of[0], more_first);
    rig_not_read ports[RIG_NOT_READ_MAX_PORTS];
    size_t n = 0;
    for (size_t i = 0; i < RIG_NOT_READ_MAX_PORTS; i++) {
        if (c->ports[i].n > 0)
            ports[n++] = (rig_not_read){
                .kind = RIG_NOT_READ_UDP_PORT, .number = c->ports[i].port, .n = c->ports[i].n};
    }
    qsort(ports, n, sizeof ports[0], more_first);
    all->n_ports = n < RIG_NOT_READ_TOP_PORTS ? n : RIG_NOT_READ_TOP_PORTS;
    memcpy(all->ports, ports, all->n_ports * sizeof ports[0]);
}
