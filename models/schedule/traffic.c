/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/schedule/traffic.h"

#include <math.h>

#include "core/random.h"
#include "core/microseconds.h"

static const double PRECISION_S = 1e-10;
enum { MAX_STEPS = 200 }; /* bisection alone needs 60 */

double rig_arrival_day_factor(const rig_scenario *scenario, uint32_t replication)
{
    const double cv = scenario->traffic.day_cv;
    if (replication == 0 || cv <= 0.0)
        return 1.0;
    /* one draw a replication: no table is worth its making */
    const rig_dist day = {.kind = RIG_DIST_GAMMA, .mean_s = 1.0, .cv = cv};
    return rig_dist_quantile_s(
        &day, rig_random_uniform(scenario->seed, RIG_CAUSE_DAY, 0, replication, 0));
}

/* Stand at the beginning of the piece that begins at an instant. */
static void enter_piece(rig_arrival_stream *stream, double from_s)
{
    stream->x_s = 0.0;
    if (from_s >= stream->traffic->duration_s) {
        stream->piece = (rig_rate_piece){.from_s = from_s};
        return;
    }
    stream->piece = rig_rate_piece_from(stream->traffic, from_s);
    stream->n_piece = rig_rate_piece_calls(&stream->piece, stream->piece.length_s, NULL);
}

void rig_arrival_stream_begin(rig_arrival_stream *stream, const rig_scenario *scenario,
                              uint32_t replication)
{
    *stream = (rig_arrival_stream){.traffic = &scenario->traffic,
                                   .seed = scenario->seed,
                                   .replication = replication,
                                   .day_factor = rig_arrival_day_factor(scenario, replication)};
    if (scenario->traffic.arrivals != RIG_ARRIVALS_RECORDED)
        enter_piece(stream, 0.0);
}

/* Where the integral over the piece reaches n, 0 < n <= n_piece: on a straight line. */
static double invert_line(const rig_rate_piece *piece, double n)
{
    /* n = first x + slope x^2 / 2, in the form without cancellation */
    double first = piece->first_per_s;
    if (piece->slope == 0.0 && first > 0.0) { /* no root is taken: the same, to the last bit */
        const double x_s = n / first;
        return x_s < piece->length_s ? x_s : piece->length_s;
    }
    double square = first * first + 2.0 * piece->slope * n;
    double root = square > 0.0 ? sqrt(square) : 0.0;
    double x_s = first + root > 0.0 ? 2.0 * n / (first + root) : 0.0;
    return x_s < piece->length_s ? x_s : piece->length_s;
}

/* The same while adverts decay; the integral rises with x, so [low, high] always holds the root. */
static double invert_decay(const rig_rate_piece *piece, double n, double from_x_s)
{
    double low = from_x_s, high = piece->length_s, x = from_x_s;
    for (int step = 0; step < MAX_STEPS && high - low > PRECISION_S; step++) {
        double rate;
        double over = rig_rate_piece_calls(piece, x, &rate) - n;
        if (over < 0.0)
            low = x;
        else
            high = x;
        double next = x - over / rate; /* rate 0: not inside the bracket */
        if (!(next >= low && next <= high))
            next = low + (high - low) / 2.0;
        else if (fabs(next - x) <= PRECISION_S)
            return next;
        x = next;
    }
    return x;
}

/* Instant at which the integral of the rate reaches n_calls; INFINITY past the duration. */
static double walk_to(rig_arrival_stream *stream, double n_calls)
{
    const rig_rate_piece *piece = &stream->piece;
    while (piece->from_s < stream->traffic->duration_s) {
        double rest = n_calls - stream->n_before;
        if (rest <= stream->n_piece && stream->n_piece > 0.0) {
            stream->x_s = piece->n_decaying == 0 ? invert_line(piece, rest)
                                                 : invert_decay(piece, rest, stream->x_s);
            return piece->from_s + stream->x_s;
        }
        stream->n_before += stream->n_piece;
        enter_piece(stream, piece->to_s);
    }
    return INFINITY;
}

/* The logarithm of a number. Asked for in turn, n = 0, 1, .. */
static double draw(rig_arrival_stream *stream, uint64_t n)
{
    if (n % RIG_RANDOM_BLOCK == 0) {
        rig_random_uniforms_from(stream->seed, rig_random_purpose(RIG_CAUSE_ARRIVAL, 0), n,
                                 stream->replication, stream->drawn);
        for (uint32_t i = 0; i < RIG_RANDOM_BLOCK; i++)
            stream->drawn[i] = log(stream->drawn[i]);
    }
    return stream->drawn[n % RIG_RANDOM_BLOCK];
}

double rig_arrival_stream_next_s(rig_arrival_stream *stream)
{
    const rig_traffic *traffic = stream->traffic;
    const uint64_t n = stream->n++;
    if (traffic->arrivals == RIG_ARRIVALS_RECORDED)
        return n < traffic->n_instants ? traffic->instant_s[n] : INFINITY;
    if (traffic->arrivals == RIG_ARRIVALS_REGULAR)
        stream->integral = (double)n + 0.5;
    else
        stream->integral -= draw(stream, n);
    double t_s = walk_to(stream, stream->integral / stream->day_factor);
    t_s = rig_round_to_us(t_s);
    return t_s < traffic->duration_s ? t_s : INFINITY;
}
