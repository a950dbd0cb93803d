/* From a captured frame to a UDP datagram: link layer, IPv4, UDP.
 *
 * Reads Ethernet (with 802.1Q and 802.1ad tags), Linux cooked captures v1 and v2, BSD loopback
 * (NULL, LOOP) and raw IP. Nothing is copied, nothing is kept from one frame to the next, and no
 * byte behind the captured ones is looked at. What is not read is named by its kind, so that the
 * caller can count it. */
#ifndef RIG_ANALYZER_PACKET_H
#define RIG_ANALYZER_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/slice.h"

/** What a frame turned out to be. Only RIG_PACKET_UDP carries a payload. */
typedef enum rig_packet_kind {
    RIG_PACKET_UDP = 0,    /**< a UDP datagram, or the first fragment of one */
    RIG_PACKET_CUT,        /**< the capture ends inside the headers: not read */
    RIG_PACKET_FRAGMENT,   /**< a later fragment of a datagram: not read */
    RIG_PACKET_MALFORMED,  /**< lengths that contradict each other: not read */
    RIG_PACKET_TCP,        /**< not read */
    RIG_PACKET_ICMP,       /**< not read; may quote an INVITE, which is no message */
    RIG_PACKET_OTHER_IP,   /**< another protocol over IPv4: not read */
    RIG_PACKET_IPV6,       /**< not read */
    RIG_PACKET_OTHER_LINK, /**< ARP, LLDP, ..: not read */
    RIG_N_PACKET_KINDS
} rig_packet_kind;

/** An address and port. An IPv4 address is held IPv4-mapped (::ffff:a.b.c.d). */
typedef struct rig_endpoint {
    uint64_t ip_high, ip_low; /**< the 128 bits of the address, in host order */
    uint16_t port;            /**< in host order */
} rig_endpoint;

/** A datagram. The payload is borrowed from the frame. */
typedef struct rig_packet {
    rig_endpoint src, dst;
    uint16_t ip_id;    /**< IPv4 identification; 0 where the sender sets none */
    rig_slice payload; /**< as much as was captured */
    bool is_truncated; /**< the payload goes on behind what was captured (snaplen, fragment) */
} rig_packet;

/** Same address and port. */
static inline bool rig_endpoint_eq(rig_endpoint a, rig_endpoint b)
{
    return a.ip_low == b.ip_low && a.port == b.port && a.ip_high == b.ip_high;
}

/** Same address, whatever the port. */
static inline bool rig_endpoint_same_host(rig_endpoint a, rig_endpoint b)
{
    return a.ip_low == b.ip_low && a.ip_high == b.ip_high;
}

/** Whether rig_packet_read knows a link layer. @param linktype DLT_ value of libpcap. */
bool rig_packet_link_is_read(int linktype);

/**
 * Read one frame.
 *
 * @param linktype     DLT_ value of libpcap for which rig_packet_link_is_read holds.
 * @param data         The captured bytes; may be NULL only when caplen is 0.
 * @param caplen       How many they are.
 * @param len          Length of the frame on the wire; caplen when less than that.
 * @param[out] packet  Written only when RIG_PACKET_UDP is returned; lives as long as `data`.
 * @return what the frame is; RIG_PACKET_OTHER_LINK for an unknown link layer.
 */
rig_packet_kind rig_packet_read(int linktype, const uint8_t *data, size_t caplen, size_t len,
                                rig_packet *packet);

#endif
