/* SPDX-License-Identifier: GPL-3.0-or-later */
/* target, costs, limits and load: what their rows cannot say. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "core/slice.h"
#include "scenarios/scenario/as_rows.h"
#include "scenarios/scenario/keys.h"

const char *const rig_section_words_marks[] = {"reinvite", "update", "info", "early",
                                               "quiet",    "auto",   NULL};
const char *const rig_section_words_transport[] = {"udp", "tcp", NULL};

const char *const rig_section_words_kind[] = {"plain",    "asterisk", "freeswitch",
                                              "opensips", "kamailio", NULL};

const rig_section_kind *rig_section_kind_of(const void *object)
{
    static const rig_section_kind plain = {.rest_s = 1.0};
    /* Asterisk 20.20.1, app_queue: wait_our_turn, DEFAULT_RETRY, join_queue (count against maxlen),
     * TIMEOUT_PRIORITY_APP; nothing lets the agent rest. */
    static const rig_section_kind asterisk = {
        .poll_s = 1.0, .retry_s = 5.0, .counts_ringing = true, .timeout_cuts_ringing = true};
    /* mod_callcenter of FreeSWITCH: cc_agent_dispatch_thread_run sleeps for 100 ms;
     * cc_member_thread_run hangs up the agents' phones with the caller. The agent is found again at
     * the next look. */
    static const rig_section_kind freeswitch = {
        .look_every_s = 0.1, .rest_s = 0.1, .timeout_cuts_ringing = true};
    switch (((const rig_scenario *)object)->target.kind) {
    case RIG_TARGET_ASTERISK:
        return &asterisk;
    case RIG_TARGET_FREESWITCH:
        return &freeswitch;
    case RIG_TARGET_PLAIN:
    case RIG_TARGET_OPENSIPS: /* proxies: they have no queue */
    case RIG_TARGET_KAMAILIO:
        break;
    }
    return &plain;
}

bool rig_target_is_embedded(const rig_target *target)
{
    return strcmp(target->host, "embedded") == 0;
}

/* The embedded centre is plain. */
static bool is_kind_here(const void *owner, const void *object)
{
    const rig_target *target = owner;
    (void)object;
    return target->kind != RIG_TARGET_PLAIN && rig_target_is_embedded(target);
}

/* Every address of this host, however it is written: "::", "0::0", "::ffff:0.0.0.0". */
static bool is_several(const char *host)
{
    struct in_addr v4 = {INADDR_ANY};
    struct in6_addr v6;
    const bool is_v4 = inet_pton(AF_INET, host, &v4) == 1;
    if (!is_v4) {
        if (inet_pton(AF_INET6, host, &v6) != 1)
            return false;
        if (IN6_IS_ADDR_UNSPECIFIED(&v6) || IN6_IS_ADDR_MULTICAST(&v6))
            return true;
        if (!IN6_IS_ADDR_V4MAPPED(&v6))
            return false;
        memcpy(&v4, v6.s6_addr + 12, sizeof v4);
    }
    const uint32_t n = ntohl(v4.s_addr);
    return n == INADDR_ANY || n == INADDR_BROADCAST || IN_MULTICAST(n);
}

/* Where the embedded call centre listens: one address of ours. */
static void check_listen(rig_reader *reader, const rig_setting *at, const rig_key *key, void *owner)
{
    const rig_target *target = owner;
    unsigned char address[sizeof(struct in6_addr)];
    bool is_address = inet_pton(AF_INET, target->listen, address) == 1 ||
                      inet_pton(AF_INET6, target->listen, address) == 1;
    (void)key;
    if (!is_address || is_several(target->listen))
        rig_reader_fail(reader, at,
                        "\"%s\"; expected one address of this host, such as \"127.0.0.1\" or "
                        "\"::1\" (the port is target.port)",
                        target->listen);
    else if (!rig_target_is_embedded(target))
        rig_reader_fail(reader, at,
                        "the embedded call centre would listen there, but target.host is \"%s\"; "
                        "leave one of them out",
                        target->host);
}

/* Phones at all addresses of this host could be called from anywhere, and would answer there. */
static void check_agents_listen(rig_reader *reader, const rig_setting *at, const rig_key *key,
                                void *owner)
{
    const char *listen = ((const rig_target *)owner)->agents_listen;
    char host[INET6_ADDRSTRLEN + 8];
    const bool is_bracketed = listen[0] == '[';
    const char *colon = strchr(listen, ':');
    const bool is_bare_v6 = !is_bracketed && colon != NULL && strchr(colon + 1, ':') != NULL;
    const size_t n = strcspn(listen, is_bracketed ? "]" : is_bare_v6 ? "" : ":");
    (void)key;
    (void)snprintf(host, sizeof host, "%.*s", (int)(n - is_bracketed), listen + is_bracketed);
    if (is_several(host))
        rig_reader_fail(reader, at,
                        "\"%s\" is every address of this host, or a group; expected one, such as "
                        "\"192.0.2.20:5080\"",
                        listen);
}

static void port_of_host(rig_reader *reader, const rig_key *key, void *owner)
{
    rig_target *target = owner;
    (void)reader;
    (void)key;
    target->port = rig_target_is_embedded(target) ? 0 : RIG_SIP_PORT;
}

static void scalable_of_host(rig_reader *reader, const rig_key *key, void *owner)
{
    rig_target *target = owner;
    (void)reader;
    (void)key;
    target->is_scalable = rig_target_is_embedded(target);
}

static void finish_target(rig_reader *reader, const rig_setting *at, void *object)
{
    rig_target *target = object;
    (void)reader;
    (void)at;
    target->is_scalable |= rig_target_is_embedded(target);
}

const char *rig_marks_name(rig_marks marks)
{
    return (unsigned)marks <= RIG_MARK_AUTO ? rig_section_words_marks[marks] : "?";
}

const char *rig_target_kind_name(rig_target_kind kind)
{
    return (unsigned)kind <= RIG_TARGET_KAMAILIO ? rig_section_words_kind[kind] : "?";
}

const char *rig_transport_name(rig_transport transport)
{
    return (unsigned)transport <= RIG_TRANSPORT_TCP ? rig_section_words_transport[transport] : "?";
}

/* "ADDRESS" or "ADDRESS:FIRST-LAST"; an IPv6 address with ports is in brackets. */
static bool is_local(const char *text)
{
    char address[64];
    const char *ports = NULL;
    if (text[0] == '[') {
        const char *end = strchr(text, ']');
        if (end == NULL || (size_t)(end - text) > sizeof address || end[1] != ':')
            return false;
        (void)snprintf(address, sizeof address, "%.*s", (int)(end - text - 1), text + 1);
        ports = end + 2;
    } else {
        const char *colon = strchr(text, ':');
        bool has_ports = colon != NULL && strchr(colon + 1, ':') == NULL;
        size_t n = has_ports ? (size_t)(colon - text) : strlen(text);
        if (n >= sizeof address)
            return false;
        (void)snprintf(address, sizeof address, "%.*s", (int)n, text);
        ports = has_ports ? colon + 1 : NULL;
    }
    unsigned char binary[16];
    if (inet_pton(AF_INET, address, binary) != 1 && inet_pton(AF_INET6, address, binary) != 1)
        return false;
    if (ports == NULL)
        return true;
    const char *dash = strchr(ports, '-');
    uint64_t first = 0, last = 0;
    return dash != NULL && rig_slice_u64((rig_slice){ports, (size_t)(dash - ports)}, &first) &&
           rig_slice_u64(rig_slice_of(dash + 1), &last) && first >= 1024 && last <= 65535 &&
           first + 9 <= last;
}

static void check_local(rig_reader *reader, const rig_setting *at, const rig_key *key, void *owner)
{
    const rig_load *load = owner;
    (void)key;
    for (size_t i = 0; i < load->n_local; i++)
        if (!is_local(load->local[i]))
            rig_reader_fail(reader, rig_setting_element(at, (int)i),
                            "\"%s\" is no local address; expected \"ADDRESS\" or "
                            "\"ADDRESS:FIRST-LAST\" with at least 10 ports from 1024 to 65535 (an "
                            "IPv6 address with ports in brackets)",
                            load->local[i]);
}

#define ROW_OF rig_target
static const rig_key target_rows[] = {
#include "scenarios/keys/target.def"
};
#undef ROW_OF
bool rig_section_has_costs(const void *owner, const void *object)
{
    const rig_costs *costs = &((const rig_scenario *)owner)->costs;
    (void)object;
    return costs->currency[0] != '\0' || costs->lost_call > 0.0 || costs->circuit_hour > 0.0 ||
           costs->port_hour > 0.0 || costs->agent_hour > 0.0;
}

#define ROW_OF rig_costs
static const rig_key costs_rows[] = {
#include "scenarios/keys/costs.def"
};
#undef ROW_OF

#define ROW_OF rig_limits
static const rig_key limits_rows[] = {
#include "scenarios/keys/limits.def"
};
#undef ROW_OF
#define ROW_OF rig_load
static const rig_key load_rows[] = {
#include "scenarios/keys/load.def"
};
#undef ROW_OF

const rig_key_group rig_section_target = GROUP_OF(target_rows, rig_target, .finish = finish_target);
const rig_key_group rig_section_costs = GROUP_OF(costs_rows, rig_costs);
const rig_key_group rig_section_limits = GROUP_OF(limits_rows, rig_limits);
const rig_key_group rig_section_load = GROUP_OF(load_rows, rig_load);
