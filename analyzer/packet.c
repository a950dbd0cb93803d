#include "analyzer/packet.h"

#include <pcap/dlt.h>

enum {
    ETHERTYPE_IPV4 = 0x0800,
    ETHERTYPE_VLAN = 0x8100,
    ETHERTYPE_IPV6 = 0x86dd,
    ETHERTYPE_QINQ = 0x88a8,
    ETHERTYPE_QINQ_OLD = 0x9100,
    MAX_VLAN_TAGS = 4, /* nobody stacks more; a bound keeps a hostile frame cheap */
    IP_PROTO_ICMP = 1,
    IP_PROTO_TCP = 6,
    IP_PROTO_UDP = 17,
    IP_MIN_HEADER = 20,
    UDP_HEADER = 8
};

/* The captured bytes that are left, and how many there were on the wire. */
typedef struct cursor {
    const uint8_t *p;
    size_t n;
    size_t n_wire;
} cursor;

static uint16_t be16(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

static uint32_t be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool skip(cursor *at, size_t n)
{
    if (at->n < n)
        return false;
    at->p += n;
    at->n -= n;
    at->n_wire -= n;
    return true;
}

static rig_packet_kind read_udp(cursor at, bool is_first_fragment, rig_packet *packet)
{
    if (at.n < UDP_HEADER)
        return at.n_wire < UDP_HEADER ? RIG_PACKET_MALFORMED : RIG_PACKET_CUT;
    size_t n_datagram = be16(at.p + 4);
    if (n_datagram < UDP_HEADER || (!is_first_fragment && n_datagram > at.n_wire))
        return RIG_PACKET_MALFORMED;
    packet->src.port = be16(at.p);
    packet->dst.port = be16(at.p + 2);
    (void)skip(&at, UDP_HEADER);
    size_t n_payload = n_datagram - UDP_HEADER;
    packet->is_truncated = n_payload > at.n;
    packet->payload =
        (rig_slice){.p = (const char *)at.p, .n = packet->is_truncated ? at.n : n_payload};
    return RIG_PACKET_UDP;
}

static rig_endpoint mapped(const uint8_t *ipv4)
{
    return (rig_endpoint){.ip_low = UINT64_C(0xffff00000000) | be32(ipv4)};
}

static rig_packet_kind read_ipv4(cursor at, rig_packet *packet)
{
    if (at.n < IP_MIN_HEADER)
        return at.n_wire < IP_MIN_HEADER ? RIG_PACKET_MALFORMED : RIG_PACKET_CUT;
    size_t n_header = (size_t)(at.p[0] & 0x0f) * 4;
    size_t n_total = be16(at.p + 2);
    if (n_total == 0)
        n_total = at.n_wire; /* segmentation offload: the card would have filled it in */
    if (n_header < IP_MIN_HEADER || n_total < n_header)
        return RIG_PACKET_MALFORMED;
    /* What follows the datagram is padding of the link layer; what is missing was cut, even where a
     * tool that cut the frame has written the cut length as the frame's own. */
    at.n_wire = n_total;
    if (at.n > n_total)
        at.n = n_total;
    uint16_t fragment = be16(at.p + 6);
    if ((fragment & 0x1fff) != 0)
        return RIG_PACKET_FRAGMENT;
    uint8_t protocol = at.p[9];
    if (protocol == IP_PROTO_TCP)
        return RIG_PACKET_TCP;
    if (protocol == IP_PROTO_ICMP)
        return RIG_PACKET_ICMP;
    if (protocol != IP_PROTO_UDP)
        return RIG_PACKET_OTHER_IP;
    packet->ip_id = be16(at.p + 4);
    packet->src = mapped(at.p + 12);
    packet->dst = mapped(at.p + 16);
    if (!skip(&at, n_header))
        return RIG_PACKET_CUT;
    return read_udp(at, (fragment & 0x2000) != 0, packet);
}

static rig_packet_kind read_ip(cursor at, rig_packet *packet)
{
    if (at.n == 0)
        return at.n_wire == 0 ? RIG_PACKET_MALFORMED : RIG_PACKET_CUT;
    switch (at.p[0] >> 4) {
    case 4:
        return read_ipv4(at, packet);
    case 6:
        return RIG_PACKET_IPV6;
    default:
        return RIG_PACKET_MALFORMED;
    }
}

static rig_packet_kind read_ethertype(cursor at, uint16_t type, rig_packet *packet)
{
    for (int i = 0; i < MAX_VLAN_TAGS && (type == ETHERTYPE_VLAN || type == ETHERTYPE_QINQ ||
                                          type == ETHERTYPE_QINQ_OLD);
         i++) {
        if (at.n < 4)
            return RIG_PACKET_CUT;
        type = be16(at.p + 2);
        (void)skip(&at, 4);
    }
    if (type == ETHERTYPE_IPV4)
        return read_ip(at, packet);
    return type == ETHERTYPE_IPV6 ? RIG_PACKET_IPV6 : RIG_PACKET_OTHER_LINK;
}

/* A header of n bytes whose EtherType stands at `at_type`. */
static rig_packet_kind read_typed(cursor at, size_t n, size_t at_type, rig_packet *packet)
{
    if (at.n < n)
        return RIG_PACKET_CUT;
    uint16_t type = be16(at.p + at_type);
    (void)skip(&at, n);
    return read_ethertype(at, type, packet);
}

/* The address family is in the byte order of the machine that captured (NULL) or of the network
 * (LOOP); AF_INET is 2 everywhere, and the families of IPv6 are 10, 24, 28 and 30. */
static rig_packet_kind read_loopback(cursor at, rig_packet *packet)
{
    if (at.n < 4)
        return RIG_PACKET_CUT;
    uint32_t family = be32(at.p);
    if (family > 0xffff)
        family = __builtin_bswap32(family);
    (void)skip(&at, 4);
    if (family == 2)
        return read_ip(at, packet);
    if (family == 10 || family == 24 || family == 28 || family == 30)
        return RIG_PACKET_IPV6;
    return RIG_PACKET_OTHER_LINK;
}

bool rig_packet_link_is_read(int linktype)
{
    switch (linktype) {
    case DLT_EN10MB:
    case DLT_LINUX_SLL:
    case DLT_LINUX_SLL2:
    case DLT_NULL:
    case DLT_LOOP:
    case DLT_RAW:
    case DLT_IPV4:
        return true;
    default:
        return false;
    }
}

rig_packet_kind rig_packet_read(int linktype, const uint8_t *data, size_t caplen, size_t len,
                                rig_packet *packet)
{
    cursor at = {.p = data, .n = caplen, .n_wire = len > caplen ? len : caplen};
    rig_packet read = {.ip_id = 0};
    rig_packet_kind kind = RIG_PACKET_OTHER_LINK;
    switch (linktype) {
    case DLT_EN10MB:
        kind = read_typed(at, 14, 12, &read);
        break;
    case DLT_LINUX_SLL:
        kind = read_typed(at, 16, 14, &read);
        break;
    case DLT_LINUX_SLL2:
        kind = read_typed(at, 20, 0, &read);
        break;
    case DLT_NULL:
    case DLT_LOOP:
        kind = read_loopback(at, &read);
        break;
    case DLT_RAW:
    case DLT_IPV4:
        kind = read_ip(at, &read);
        break;
    default:
        break;
    }
    if (kind == RIG_PACKET_UDP)
        *packet = read;
    return kind;
}
