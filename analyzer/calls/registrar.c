/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/calls/registrar.h"

#include <stdbool.h>
#include <stdlib.h>

enum { MIN_BUCKETS = 256 };

typedef enum stage { AWAITING, CHALLENGED, OVER } stage;

/* An attempt, in its bucket and in the list by time. */
typedef struct attempt {
    struct attempt *next_in_bucket;
    struct attempt *older, *newer;
    uint64_t key; /* hash of the Call-ID */
    uint64_t branch, branch_before;
    rig_endpoint src; /* of its first hop */
    uint32_t cseq;    /* of its last request */
    stage stage;
    int64_t t_changed_ns;
    rig_registration told;
} attempt;

struct rig_registrar {
    rig_registration_sink sink;
    size_t max, n;
    attempt **buckets;
    size_t n_buckets;         /* a power of two */
    attempt *oldest, *newest; /* by the instant of the last change, as it was captured */
    uint64_t n_not_followed;
};

rig_status rig_registrar_new(const rig_registration_sink *sink, size_t max,
                             rig_registrar **registrar, rig_error *err)
{
    rig_registrar *made = calloc(1, sizeof *made);
    if (made != NULL)
        made->buckets = calloc(MIN_BUCKETS, sizeof *made->buckets);
    if (made == NULL || made->buckets == NULL) {
        free(made);
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    made->sink = *sink;
    made->max = max != 0 ? max : RIG_REGISTRAR_MAX;
    made->n_buckets = MIN_BUCKETS;
    *registrar = made;
    return RIG_OK;
}

void rig_registrar_free(rig_registrar *registrar)
{
    if (registrar == NULL)
        return;
    while (registrar->oldest != NULL) {
        attempt *next = registrar->oldest->newer;
        free(registrar->oldest);
        registrar->oldest = next;
    }
    free(registrar->buckets);
    free(registrar);
}

uint64_t rig_registrar_n_not_followed(const rig_registrar *registrar)
{
    return registrar->n_not_followed;
}

/* ---- the list by time ---- */

static void unlink_attempt(rig_registrar *r, attempt *a)
{
    *(a->older != NULL ? &a->older->newer : &r->oldest) = a->newer;
    *(a->newer != NULL ? &a->newer->older : &r->newest) = a->older;
    a->older = a->newer = NULL;
}

static void append(rig_registrar *r, attempt *a)
{
    a->older = r->newest;
    *(r->newest != NULL ? &r->newest->newer : &r->oldest) = a;
    r->newest = a;
}

static void change(rig_registrar *r, attempt *a, stage to, int64_t t_ns)
{
    unlink_attempt(r, a);
    append(r, a);
    a->stage = to;
    a->t_changed_ns = t_ns;
}

/* ---- the table ---- */

static attempt **bucket_of(const rig_registrar *r, uint64_t key)
{
    return &r->buckets[(size_t)key & (r->n_buckets - 1)];
}

/* @param[out] n  Attempts that were looked at. */
static attempt *find(const rig_registrar *r, uint64_t key, unsigned *n)
{
    attempt *a = *bucket_of(r, key);
    for (*n = 0; a != NULL && a->key != key; ++*n)
        a = a->next_in_bucket;
    return a;
}

static void forget(rig_registrar *r, attempt *a)
{
    attempt **at = bucket_of(r, a->key);
    while (*at != a)
        at = &(*at)->next_in_bucket;
    *at = a->next_in_bucket;
    unlink_attempt(r, a);
    free(a);
    r->n--;
}

/* Without room for more buckets the old ones do. */
static void grow(rig_registrar *r)
{
    size_t n_buckets = r->n_buckets * 2;
    attempt **wider = calloc(n_buckets, sizeof *wider);
    if (wider == NULL)
        return;
    free(r->buckets);
    r->buckets = wider;
    r->n_buckets = n_buckets;
    for (attempt *a = r->oldest; a != NULL; a = a->newer) {
        attempt **at = bucket_of(r, a->key);
        a->next_in_bucket = *at;
        *at = a;
    }
}

/* ---- what becomes of an attempt ---- */

static void tell(const rig_registrar *r, attempt *a, rig_registration_end end)
{
    a->told.end = end;
    r->sink.take(r->sink.ctx, &a->told);
}

/* Time-outs, and attempts of which nothing more can come. What has just timed out is kept, for what
 * is sent again and comes too late. */
static void expire(rig_registrar *r, int64_t t_now_ns)
{
    while (r->oldest != NULL && t_now_ns - r->oldest->t_changed_ns >= RIG_REGISTRATION_TIMEOUT_NS) {
        attempt *a = r->oldest;
        if (a->stage == AWAITING) {
            tell(r, a, RIG_REGISTRATION_TIMED_OUT);
            change(r, a, OVER, t_now_ns);
            continue;
        }
        if (a->stage == CHALLENGED)
            tell(r, a, RIG_REGISTRATION_CHALLENGED);
        forget(r, a);
    }
}

static void request(rig_registrar *r, attempt *a, const rig_sip *sip, int64_t t_ns)
{
    a->branch_before = a->branch;
    a->branch = sip->branch_hash;
    a->cseq = sip->cseq;
    a->told.n_requests++;
    a->told.t_final_ns = RIG_NO_TIME;
    a->told.final_code = 0;
    change(r, a, AWAITING, t_ns);
}

static void begin(rig_registrar *r, attempt *a, const rig_sip *sip, const rig_packet *packet)
{
    a->src = packet->src;
    a->told = (rig_registration){.t_first_ns = packet->t_ns};
    request(r, a, sip, packet->t_ns);
}

static rig_status take_first(rig_registrar *r, unsigned n_in_bucket, const rig_sip *sip,
                             const rig_packet *packet, rig_error *err)
{
    if (r->n >= r->max || n_in_bucket >= RIG_REGISTRAR_MAX_BUCKET) {
        r->n_not_followed++;
        return RIG_OK;
    }
    attempt *a = calloc(1, sizeof *a);
    if (a == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    if (r->n >= r->n_buckets)
        grow(r);
    attempt **at = bucket_of(r, sip->call_id_hash);
    a->key = sip->call_id_hash;
    a->next_in_bucket = *at;
    *at = a;
    r->n++;
    append(r, a);
    begin(r, a, sip, packet);
    return RIG_OK;
}

static void take_request(rig_registrar *r, attempt *a, const rig_sip *sip, const rig_packet *packet)
{
    bool is_older = sip->cseq < a->cseq && sip->branch_hash == a->branch_before;
    /* A client that does not count its CSeq on, or that began anew, shows it by the branch. */
    bool is_same_client = rig_endpoint_eq(packet->src, a->src) && sip->branch_hash != a->branch;
    bool is_further = sip->cseq > a->cseq || is_same_client;
    if (is_older || !is_further) /* sent again, captured twice, or passed on */
        return;
    if (a->stage == CHALLENGED) {
        request(r, a, sip, packet->t_ns);
        return;
    }
    if (a->stage == AWAITING) {
        if (sip->cseq <= a->cseq)
            return;
        tell(r, a, RIG_REGISTRATION_REPLACED);
    }
    begin(r, a, sip, packet);
}

static void take_response(rig_registrar *r, attempt *a, const rig_sip *sip,
                          const rig_packet *packet)
{
    const int code = sip->code;
    if (a->stage != AWAITING || code < 200 || sip->cseq != a->cseq || sip->branch_hash != a->branch)
        return;
    bool is_challenge = code < 400 || code == 401 || code == 402 || code == 407;
    a->told.t_final_ns = packet->t_ns;
    a->told.final_code = code;
    if (code >= 300 && is_challenge) {
        change(r, a, CHALLENGED, packet->t_ns);
        return;
    }
    tell(r, a, code < 300 ? RIG_REGISTERED : RIG_REGISTRATION_FAILED);
    change(r, a, OVER, packet->t_ns);
}

rig_status rig_registrar_take(rig_registrar *r, const rig_sip *sip, const rig_packet *packet,
                              int64_t t_now_ns, rig_error *err)
{
    unsigned n_in_bucket;
    expire(r, t_now_ns);
    attempt *a = find(r, sip->call_id_hash, &n_in_bucket);
    if (a == NULL && sip->is_request)
        return take_first(r, n_in_bucket, sip, packet, err);
    if (a == NULL)
        return RIG_OK; /* its REGISTER came before the capture, or was passed over */
    if (sip->is_request)
        take_request(r, a, sip, packet);
    else
        take_response(r, a, sip, packet);
    return RIG_OK;
}

void rig_registrar_finish(rig_registrar *r, int64_t t_last_ns)
{
    expire(r, t_last_ns);
    while (r->oldest != NULL) {
        if (r->oldest->stage != OVER)
            tell(r, r->oldest, RIG_REGISTRATION_PENDING);
        forget(r, r->oldest);
    }
}
