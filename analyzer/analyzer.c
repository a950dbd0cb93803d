#include "analyzer/analyzer.h"

#include <stdlib.h>

#include "analyzer/calls.h"
#include "analyzer/hash.h"
#include "analyzer/leg_table.h"
#include "analyzer/packet.h"
#include "analyzer/seen.h"
#include "analyzer/sip.h"

/* Differences of two instants up to this cannot overflow. */
#define LATEST_NS (INT64_MAX / 4)

/* A response that was captured so shortly before its INVITE was captured out of order. */
#define REORDERED_NS RIG_NS_PER_S

struct rig_analyzer {
    rig_seen *seen;
    rig_leg_table *legs;
    rig_call_book *book;
    uint64_t n_kind[RIG_N_PACKET_KINDS];
    rig_packet_counts counts; /* without what the book counts, and without n_kind */
    bool is_finished;
};

rig_status rig_analyzer_new(rig_analyzer **analyzer, rig_error *err)
{
    rig_analyzer *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    made->counts.t_first_ns = made->counts.t_last_ns = RIG_NO_TIME;
    rig_status status = rig_seen_new(&made->seen, err);
    if (status == RIG_OK)
        status = rig_leg_table_new(&made->legs, err);
    if (status == RIG_OK)
        status = rig_call_book_new(&made->book, err);
    if (status != RIG_OK) {
        rig_analyzer_free(made);
        return status;
    }
    *analyzer = made;
    return RIG_OK;
}

void rig_analyzer_free(rig_analyzer *analyzer)
{
    if (analyzer == NULL)
        return;
    rig_leg_table_free(analyzer->legs);
    rig_call_book_free(analyzer->book);
    rig_seen_free(analyzer->seen);
    free(analyzer);
}

static uint64_t hash_endpoint(uint64_t hash, rig_endpoint at)
{
    hash = rig_hash_word(hash, at.ip_high);
    hash = rig_hash_word(hash, at.ip_low);
    return rig_hash_word(hash, at.port);
}

/* What makes a message itself: sent again or captured twice, all of this is the same. */
static uint64_t identity_of(const rig_sip *sip, const rig_packet *packet)
{
    uint64_t hash = rig_hash_slice(0, sip->call_id);
    hash = hash_endpoint(hash, packet->src);
    hash = hash_endpoint(hash, packet->dst);
    hash = rig_hash_word(hash, sip->cseq);
    hash = rig_hash_word(hash, (uint64_t)sip->method << 32 | (uint64_t)sip->code);
    hash = rig_hash_slice(hash, sip->via_branch);
    hash = rig_hash_slice(hash, sip->from_tag);
    if (!sip->is_request)
        hash = rig_hash_slice(hash, sip->to_tag);
    return hash;
}

/* Whether a message alone tells that it belongs to a dialog that an INVITE began. */
static bool is_of_dialog(const rig_sip *sip)
{
    return sip->method != RIG_SIP_OTHER;
}

/* Whether little more can come of a leg whose beginning was not captured. */
static bool ends_orphan(const rig_sip *sip)
{
    return sip->method == RIG_SIP_BYE || sip->method == RIG_SIP_CANCEL ||
           (sip->method == RIG_SIP_INVITE && sip->code >= 300);
}

static rig_status begin_orphan(rig_analyzer *a, const rig_sip *sip, int64_t t_ns, rig_error *err)
{
    rig_leg *leg = NULL;
    rig_status status = rig_leg_table_add(a->legs, sip->call_id, &leg, err);
    if (status != RIG_OK)
        return status;
    leg->role = RIG_LEG_ORPHAN;
    leg->t_first_ns = leg->t_last_ns = t_ns;
    leg->has_response = !sip->is_request && sip->method == RIG_SIP_INVITE;
    a->counts.n_orphan_legs++;
    if (ends_orphan(sip))
        rig_leg_table_retire(a->legs, leg);
    return RIG_OK;
}

static void follow_orphan(rig_analyzer *a, rig_leg *leg, const rig_sip *sip, int64_t t_ns)
{
    leg->t_last_ns = t_ns;
    if (ends_orphan(sip))
        rig_leg_table_retire(a->legs, leg);
}

static rig_status begin_leg(rig_analyzer *a, const rig_leg *older, const rig_sip *sip,
                            const rig_packet *packet, int64_t t_ns, rig_error *err)
{
    bool is_reordered = older != NULL && older->role == RIG_LEG_ORPHAN && older->has_response &&
                        t_ns - older->t_first_ns < REORDERED_NS;
    rig_leg *leg = NULL;
    rig_status status = rig_leg_table_add(a->legs, sip->call_id, &leg, err);
    if (status != RIG_OK)
        return status;
    rig_leg_begin(leg, sip, packet, t_ns);
    if (is_reordered) {
        leg->has_response = true;
        a->counts.n_orphan_legs--;
    }
    return rig_call_book_open(a->book, a->legs, leg, sip, t_ns, err);
}

static void follow_leg(rig_analyzer *a, rig_leg *leg, const rig_sip *sip, const rig_packet *packet,
                       int64_t t_ns)
{
    rig_leg_event event = rig_leg_apply(leg, sip, packet, t_ns);
    if (event.kind == RIG_LEG_CHALLENGED) {
        if (sip->code < 400)
            a->counts.n_redirected++;
        else
            a->counts.n_challenged++;
    }
    rig_call_book_follow(a->book, leg, event, sip, t_ns);
    if (rig_leg_is_over(leg) || leg->is_challenged)
        rig_leg_table_retire(a->legs, leg);
}

static rig_status take_message(rig_analyzer *a, const rig_sip *sip, const rig_packet *packet,
                               int64_t t_ns, rig_error *err)
{
    a->counts.n_messages++;
    rig_leg_table_expire(a->legs, a->counts.t_last_ns);
    rig_call_book_tick(a->book, a->counts.t_last_ns);
    rig_leg *leg = rig_leg_table_find(a->legs, sip->call_id);
    if (leg == NULL && !is_of_dialog(sip)) {
        a->counts.n_outside++;
        return RIG_OK;
    }
    rig_seen_verdict verdict;
    rig_status status =
        rig_seen_check(a->seen, identity_of(sip, packet), t_ns, packet->ip_id, &verdict, err);
    if (status != RIG_OK)
        return status;
    if (verdict == RIG_SEEN_DUPLICATE) {
        a->counts.n_duplicates++;
        return RIG_OK;
    }
    if (verdict == RIG_SEEN_RETRANSMISSION) {
        a->counts.n_retransmissions++;
        if (leg != NULL && rig_leg_is_own_invite(leg, sip, packet))
            rig_call_book_invite_again(leg);
        return RIG_OK;
    }
    if (rig_sip_is_initial_invite(sip) && (leg == NULL || rig_leg_is_reused(leg, sip, packet)))
        return begin_leg(a, leg, sip, packet, t_ns, err);
    rig_call_book_note_marks(a->book, sip);
    if (leg == NULL)
        return begin_orphan(a, sip, t_ns, err);
    if (leg->role == RIG_LEG_ORPHAN)
        follow_orphan(a, leg, sip, t_ns);
    else
        follow_leg(a, leg, sip, packet, t_ns);
    return RIG_OK;
}

rig_status rig_analyzer_packet(rig_analyzer *a, int linktype, int64_t t_ns, const uint8_t *data,
                               size_t caplen, size_t len, rig_error *err)
{
    if (a->is_finished)
        return rig_fail(err, RIG_EDOM, "the analysis is finished; it takes no more packets");
    if (t_ns < 0 || t_ns > LATEST_NS)
        return rig_fail(err, RIG_EDOM, "packet time %lld ns is out of range", (long long)t_ns);
    if (!rig_packet_link_is_read(linktype))
        return rig_fail(err, RIG_EINPUT,
                        "link layer %d is not read; expected Ethernet, Linux cooked (SLL, SLL2), "
                        "BSD loopback or raw IP",
                        linktype);
    rig_packet packet;
    rig_packet_kind kind = rig_packet_read(linktype, data, caplen, len, &packet);
    a->n_kind[kind]++;
    if (a->counts.t_first_ns == RIG_NO_TIME || t_ns < a->counts.t_first_ns)
        a->counts.t_first_ns = t_ns;
    if (t_ns > a->counts.t_last_ns)
        a->counts.t_last_ns = t_ns;
    if (kind != RIG_PACKET_UDP)
        return RIG_OK;
    a->counts.n_truncated += packet.is_truncated;
    rig_sip sip;
    switch (rig_sip_parse(packet.payload, packet.is_truncated, &sip)) {
    case RIG_SIP_OK:
        return take_message(a, &sip, &packet, t_ns, err);
    case RIG_SIP_CUT:
        a->counts.n_messages_cut++;
        break;
    case RIG_SIP_MALFORMED:
        a->counts.n_messages_malformed++;
        break;
    case RIG_SIP_NOT:
        break;
    }
    return RIG_OK;
}

static uint64_t n_packets(const rig_analyzer *a)
{
    uint64_t n = 0;
    for (int i = 0; i < RIG_N_PACKET_KINDS; i++)
        n += a->n_kind[i];
    return n;
}

void rig_analyzer_live(const rig_analyzer *a, rig_live_counts *live)
{
    const rig_call_book_counts *calls = rig_call_book_count(a->book);
    *live = (rig_live_counts){
        .t_last_ns = a->counts.t_last_ns,
        .n_packets = n_packets(a),
        .n_messages = a->counts.n_messages,
        .n_offered = calls->n_offered,
        .n_in_progress = calls->n_outcome[RIG_OUTCOME_IN_PROGRESS],
        .n_answered = calls->n_answered,
    };
    for (int i = 0; i < RIG_N_OUTCOMES; i++)
        live->n_outcome[i] = calls->n_outcome[i];
}

void rig_analyzer_counts(const rig_analyzer *a, rig_packet_counts *counts)
{
    const rig_call_book_counts *calls = rig_call_book_count(a->book);
    *counts = a->counts;
    counts->n_packets = n_packets(a);
    counts->n_udp = a->n_kind[RIG_PACKET_UDP];
    counts->n_cut = a->n_kind[RIG_PACKET_CUT];
    counts->n_fragments = a->n_kind[RIG_PACKET_FRAGMENT];
    counts->n_malformed = a->n_kind[RIG_PACKET_MALFORMED];
    counts->n_tcp = a->n_kind[RIG_PACKET_TCP];
    counts->n_icmp = a->n_kind[RIG_PACKET_ICMP];
    counts->n_other_ip = a->n_kind[RIG_PACKET_OTHER_IP];
    counts->n_ipv6 = a->n_kind[RIG_PACKET_IPV6];
    counts->n_other_link = a->n_kind[RIG_PACKET_OTHER_LINK];
    counts->n_calls = calls->n_offered;
    counts->n_agent_legs = calls->n_agent_legs;
    counts->n_stray_legs = calls->n_stray_legs;
    counts->has_queue_marks = calls->has_queue_marks;
}

void rig_analyzer_note_cut(rig_analyzer *a)
{
    a->counts.is_file_cut = true;
}

rig_status rig_analyzer_finish(rig_analyzer *a, rig_calls **calls, rig_error *err)
{
    if (a->is_finished)
        return rig_fail(err, RIG_EDOM, "the analysis is finished already");
    rig_status status = rig_call_book_finish(a->book, a->counts.t_last_ns, calls, err);
    if (status == RIG_OK)
        a->is_finished = true;
    return status;
}
