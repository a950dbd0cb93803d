#include "target/target.h"

#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/param.h>
#include <poll.h>
#include <unistd.h>

#include "core/clock.h"
#include "target/agent_leg.h"
#include "target/call.h"
#include "target/centre.h"
#include "target/sip_messages.h"

enum {
    STOP_BATCH = 64, /* calls ended between two looks at the socket: BYEs must not flood it */
    RECEIVE_BUFFER = 4 * 1024 * 1024,
    PRELOAD = 1536, /* bytes that a message takes from malloc in one piece: a quarter less CPU */
    UDP_MTU = 65535 /* never change over to TCP because of a message's size */
};

/* How often the stop is looked at when nothing happens. */
static const int64_t poll_ns = 20 * RIG_NS_PER_S / 1000;

/* The unit of the stack's timers. */
static const int64_t stack_grain_ns = RIG_NS_PER_S / 1000;

/* A stopping centre waits this long for the others' answers. */
static const int64_t stop_grace_ns = 2 * RIG_NS_PER_S - RIG_NS_PER_S / 10;

static void discard_log(void *stream, char const *format, va_list args)
{
    (void)stream;
    (void)format;
    (void)args;
}

static rig_status resolve(const char *host, char numeric[64], rig_error *err)
{
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_DGRAM};
    struct addrinfo *list = NULL;
    int rc = getaddrinfo(host, NULL, &hints, &list);
    if (rc != 0)
        return rig_fail(err, RIG_EENV, "%s: cannot be resolved to an IPv4 address: %s", host,
                        gai_strerror(rc));
    const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)list->ai_addr;
    inet_ntop(AF_INET, &in->sin_addr, numeric, 64);
    freeaddrinfo(list);
    return RIG_OK;
}

/* The stack's own error says too little: try the port by ourselves first. */
static rig_status try_port(const char *host, uint16_t port, rig_error *err)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, host, &address.sin_addr);
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return rig_fail(err, RIG_EENV, "cannot open a UDP socket: %s", strerror(errno));
    int rc = bind(fd, (const struct sockaddr *)&address, sizeof address);
    int cause = errno;
    close(fd);
    if (rc != 0)
        return rig_fail(err, RIG_EENV, "cannot listen on %s:%u/udp: %s", host, port,
                        strerror(cause));
    return RIG_OK;
}

/* What belongs to no dialog. */
static int on_stray_request(void *magic, nta_leg_t *leg, nta_incoming_t *request, const sip_t *sip)
{
    rig_target_centre *centre = magic;
    (void)leg;
    sip_method_t method = sip->sip_request->rq_method;
    if (method == sip_method_ack)
        return 200; /* never sent: it only lets the stack forget the ACK */
    if (sip->sip_to->a_tag) {
        centre->counts.n_unknown_dialog++;
        return 481;
    }
    switch (method) {
    case sip_method_invite:
        rig_target_call_offer(centre, request, sip);
        return 0;
    case sip_method_options:
        centre->counts.n_pings++;
        rig_target_reply_options(request);
        nta_incoming_destroy(request);
        return 0;
    case sip_method_bye:
    case sip_method_cancel:
    case sip_method_info:
    case sip_method_update:
    case sip_method_prack:
        centre->counts.n_unknown_dialog++;
        return 481;
    default:
        nta_incoming_treply(request, SIP_405_METHOD_NOT_ALLOWED, SIPTAG_ALLOW_STR(RIG_TARGET_ALLOW),
                            TAG_END());
        nta_incoming_destroy(request);
        return 0;
    }
}

/* A response without transaction: the 200 came again, because our ACK was lost or late. */
static int on_stray_response(void *magic, nta_agent_t *nta, msg_t *msg, sip_t *sip)
{
    rig_target_centre *centre = magic;
    if (rig_target_ack_again(nta, sip))
        centre->counts.n_acks_again++;
    nta_msg_discard(nta, msg);
    return 0;
}

static void on_agent_rested(void *arg)
{
    rig_target_agent *agent = arg;
    rig_target_agent_release(agent->centre->resources, agent->index);
}

static rig_status make_resources(rig_target_centre *centre, rig_error *err)
{
    const rig_scenario *scenario = centre->scenario;
    if (scenario->n_trunks == 0 || scenario->n_agents == 0)
        return rig_fail(err, RIG_EDOM, "the scenario has no trunk group or no agents");
    uint32_t *circuits = calloc(scenario->n_trunks, sizeof circuits[0]);
    if (!circuits)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    for (size_t i = 0; i < scenario->n_trunks; i++)
        circuits[i] = scenario->trunks[i].n_circuits;
    rig_target_capacity capacity = {
        .n_circuits = circuits,
        .n_groups = scenario->n_trunks,
        .n_ports = scenario->ivr.n_ports,
        .n_queue = scenario->queue.capacity,
        .n_agents = scenario->agents[0].n_agents,
    };
    rig_status status = rig_target_resources_new(&capacity, &centre->resources, err);
    free(circuits);
    if (status != RIG_OK)
        return status;

    centre->agents = calloc(capacity.n_agents, sizeof centre->agents[0]);
    if (!centre->agents)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    for (uint32_t i = 0; i < capacity.n_agents; i++) {
        rig_target_agent *agent = &centre->agents[i];
        agent->centre = centre;
        agent->index = i;
        agent->timer.fire = on_agent_rested;
        agent->timer.arg = agent;
        if (!rig_target_timers_reserve(&centre->timers))
            return rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    return RIG_OK;
}

/* The stack does not give its socket away. It is the only one of this process that is bound so. */
static int find_socket(const char *host, uint16_t port)
{
    struct in_addr wanted;
    inet_pton(AF_INET, host, &wanted);
    int n_fds = getdtablesize();
    for (int fd = 0; fd < n_fds; fd++) {
        struct sockaddr_in address = {0};
        int type = 0;
        socklen_t n_address = sizeof address, n_type = sizeof type;
        if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &n_type) == 0 && type == SOCK_DGRAM &&
            getsockname(fd, (struct sockaddr *)&address, &n_address) == 0 &&
            address.sin_family == AF_INET && address.sin_port == htons(port) &&
            address.sin_addr.s_addr == wanted.s_addr)
            return fd;
    }
    return -1;
}

static rig_status make_stack(rig_target_centre *centre, uint16_t port, rig_error *err)
{
    char url[128];
    if (port)
        (void)snprintf(url, sizeof url, "sip:%s:%u;transport=udp", centre->host, port);
    else
        (void)snprintf(url, sizeof url, "sip:%s:*;transport=udp", centre->host);

    su_init();
    su_log_redirect(NULL, discard_log, NULL);
    su_log_set_level(NULL, 0);
    centre->root = su_root_create(NULL);
    if (!centre->root)
        return rig_fail(err, RIG_EENV, "cannot make the SIP stack's event loop: %s",
                        strerror(errno));
    centre->nta =
        nta_agent_create(centre->root, (url_string_t *)url, on_stray_response, centre, NTATAG_UA(1),
                         NTATAG_PRELOAD(PRELOAD), NTATAG_UDP_MTU(UDP_MTU),
                         TPTAG_UDP_RMEM(RECEIVE_BUFFER), TPTAG_UDP_WMEM(RECEIVE_BUFFER), TAG_END());
    if (!centre->nta)
        return rig_fail(err, RIG_EENV, "cannot listen on %s: %s", url, strerror(errno));
    centre->contact = nta_agent_contact(centre->nta);
    centre->default_leg =
        nta_leg_tcreate(centre->nta, on_stray_request, centre, NTATAG_NO_DIALOG(1), TAG_END());
    if (!centre->contact || !centre->default_leg)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    const char *bound = centre->contact->m_url->url_port;
    centre->port = (uint16_t)(bound ? strtoul(bound, NULL, 10) : 5060);
    centre->socket = find_socket(centre->host, centre->port);
    if (centre->socket < 0)
        return rig_fail(err, RIG_EENV, "cannot find the SIP stack's socket on %s", url);
    (void)snprintf(centre->host, sizeof centre->host, "%s", centre->contact->m_url->url_host);
    centre->sdp = rig_target_sdp_new(centre->host);
    if (!centre->sdp)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    return RIG_OK;
}

/* Wait until there is something to do. The stack's own waiting counts in whole milliseconds,
 * rounded down: with thousands of its timers a second it would spin, and our deadlines would be
 * missed by up to a millisecond. So it is only asked to do what is due, and the waiting is done
 * here. */
static void wait_for_work(const rig_target_centre *centre, su_duration_t stack_ms, int64_t most_ns)
{
    int64_t wait_ns = most_ns;
    /* 0: it has done something, and may have more, which the socket tells; or a timer is near. */
    if (stack_ms >= 0 && wait_ns > stack_grain_ns)
        wait_ns = stack_ms ? MIN(wait_ns, stack_ms * stack_grain_ns) : stack_grain_ns;
    int64_t next_ns = rig_target_timers_next_ns(&centre->timers);
    if (next_ns != INT64_MAX)
        wait_ns = MIN(wait_ns, next_ns - rig_clock_monotonic_ns());
    if (wait_ns <= 0)
        return;
    struct timespec wait = {.tv_sec = wait_ns / RIG_NS_PER_S, .tv_nsec = wait_ns % RIG_NS_PER_S};
    struct pollfd readable = {.fd = centre->socket, .events = POLLIN};
    ppoll(&readable, 1, &wait, NULL);
}

static void step(rig_target_centre *centre, int64_t wait_ns)
{
    su_duration_t stack_ms = su_root_step(centre->root, 0);
    rig_target_timers_run(&centre->timers, rig_clock_monotonic_ns());
    rig_target_centre_settle(centre);
    wait_for_work(centre, stack_ms, wait_ns);
}

static bool is_stopped(const rig_target_options *options)
{
    return options->stop && __atomic_load_n(options->stop, __ATOMIC_RELAXED) != 0;
}

static void stop_all(rig_target_centre *centre)
{
    int64_t until_ns = rig_clock_monotonic_ns() + stop_grace_ns;
    centre->is_stopping = true;
    size_t n = 0;
    centre->next_to_stop = centre->calls;
    while (centre->next_to_stop) {
        rig_target_call *call = centre->next_to_stop;
        centre->next_to_stop = rig_target_call_next(call);
        rig_target_call_stop(call);
        if (++n % STOP_BATCH == 0)
            for (int i = 0; i < STOP_BATCH && rig_clock_monotonic_ns() < until_ns; i++)
                step(centre, 0);
    }
    while ((centre->n_calls || centre->n_agent_legs) && rig_clock_monotonic_ns() < until_ns)
        step(centre, stack_grain_ns);
}

static void read_counts(rig_target_centre *centre, rig_target_counts *counts)
{
    usize_t n_bad = 0, n_lost_requests = 0, n_lost_responses = 0, n_again_in = 0, n_again_out = 0;
    nta_agent_get_stats(
        centre->nta, NTATAG_S_BAD_MESSAGE_REF(n_bad), NTATAG_S_TOUT_REQUEST_REF(n_lost_requests),
        NTATAG_S_TOUT_RESPONSE_REF(n_lost_responses), NTATAG_S_RECV_RETRY_REF(n_again_in),
        NTATAG_S_RETRY_REQUEST_REF(n_again_out), TAG_END());
    const rig_target_usage *usage = rig_target_resources_usage(centre->resources);
    *counts = centre->counts;
    counts->n_up_at_stop = counts->n_stopped_unanswered + counts->n_stopped_answered;
    counts->n_sip_errors = n_bad + n_lost_requests + n_lost_responses;
    counts->n_retransmissions_received = n_again_in;
    counts->n_retransmissions_sent = n_again_out;
    counts->n_peak_circuits = usage->n_peak_circuits;
    counts->n_peak_ports = usage->n_peak_ports;
    counts->n_peak_waiting = usage->n_peak_waiting;
    counts->n_peak_agents = usage->n_peak_agents;
}

static void free_centre(rig_target_centre *centre)
{
    while (centre->calls)
        rig_target_call_free(centre->calls);
    while (centre->agent_legs)
        rig_target_agent_leg_free(centre->agent_legs);
    nta_leg_destroy(centre->default_leg);
    nta_agent_destroy(centre->nta);
    su_root_destroy(centre->root);
    free(centre->sdp);
    free(centre->agents);
    rig_target_timers_clear(&centre->timers);
    rig_target_resources_free(centre->resources);
}

rig_status rig_target_run(const rig_scenario *scenario, const rig_target_options *options,
                          rig_target_counts *counts, rig_error *err)
{
    const char *loopback = "127.0.0.1";
    rig_target_centre centre = {.scenario = scenario, .agents_port = options->agents_port};
    if (options->agents_port == 0)
        return rig_fail(err, RIG_EDOM, "the agents' phones need a port; expected 1 to 65535");

    rig_status status =
        resolve(options->listen_host ? options->listen_host : loopback, centre.host, err);
    if (status == RIG_OK)
        status = resolve(options->agents_host ? options->agents_host : loopback, centre.agents_host,
                         err);
    if (status == RIG_OK && strcmp(centre.host, "0.0.0.0") == 0)
        status = rig_fail(err, RIG_EDOM,
                          "%s: Contact must show one address; expected that of one "
                          "interface",
                          options->listen_host);
    if (status == RIG_OK)
        status = try_port(centre.host, options->listen_port, err);
    if (status == RIG_OK)
        status = make_resources(&centre, err);
    if (status == RIG_OK)
        status = make_stack(&centre, options->listen_port, err);
    if (status != RIG_OK)
        goto out;

    if (options->ready)
        options->ready(options->ctx, centre.host, centre.port);
    while (!is_stopped(options))
        step(&centre, poll_ns);
    stop_all(&centre);
    if (counts)
        read_counts(&centre, counts);
out:
    free_centre(&centre);
    return status;
}
