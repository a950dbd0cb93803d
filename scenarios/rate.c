/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenarios/rate.h"

#include <math.h>

/* Index of the last point at or before an instant; 0 before the first. */
static size_t point_at(const rig_traffic *traffic, double at_s)
{
    size_t low = 0, high = traffic->n_rate;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (traffic->rate[middle].at_s <= at_s)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Rate of the points alone, calls a second. */
static double points_per_s(const rig_traffic *traffic, double at_s)
{
    const rig_rate_point *rate = traffic->rate;
    if (at_s < rate[0].at_s)
        return rate[0].rate_per_min / 60.0;
    size_t i = point_at(traffic, at_s);
    double here_per_min = rate[i].rate_per_min;
    if (i + 1 == traffic->n_rate || traffic->interpolation == RIG_INTERPOLATION_STEP)
        return here_per_min / 60.0;
    double part = (at_s - rate[i].at_s) / (rate[i + 1].at_s - rate[i].at_s);
    return (here_per_min + part * (rate[i + 1].rate_per_min - here_per_min)) / 60.0;
}

/* Peak of an advert; from there on its rate decays. */
static double peak_s(const rig_advert *advert)
{
    return advert->at_s + advert->rise_s;
}

rig_rate_piece rig_rate_piece_from(const rig_traffic *traffic, double from_s)
{
    const rig_rate_point *rate = traffic->rate;
    size_t next = from_s < rate[0].at_s ? 0 : point_at(traffic, from_s) + 1;
    rig_rate_piece piece = {.traffic = traffic, .from_s = from_s};
    double to_s =
        next < traffic->n_rate ? fmin(rate[next].at_s, traffic->duration_s) : traffic->duration_s;
    for (size_t i = 0; i < traffic->n_adverts; i++) {
        const rig_advert *advert = &traffic->adverts[i];
        if (advert->at_s > from_s)
            to_s = fmin(to_s, advert->at_s);
        else if (peak_s(advert) > from_s)
            to_s = fmin(to_s, peak_s(advert));
    }
    piece.to_s = to_s;
    piece.length_s = to_s - from_s;
    piece.first_per_s = points_per_s(traffic, from_s);
    if (traffic->interpolation == RIG_INTERPOLATION_LINEAR)
        piece.slope = (points_per_s(traffic, to_s) - piece.first_per_s) / piece.length_s;
    for (size_t i = 0; i < traffic->n_adverts; i++) {
        const rig_advert *advert = &traffic->adverts[i];
        if (advert->at_s > from_s || advert->peak_per_min <= 0.0)
            continue;
        double peak_per_s = advert->peak_per_min / 60.0;
        if (peak_s(advert) > from_s) {
            double rise = peak_per_s / advert->rise_s;
            piece.first_per_s += rise * (from_s - advert->at_s);
            piece.slope += rise;
        } else {
            piece.n_decaying++;
            piece.n_to_come +=
                peak_per_s * advert->decay_s * exp((peak_s(advert) - from_s) / advert->decay_s);
        }
    }
    return piece;
}

double rig_rate_piece_calls(const rig_rate_piece *piece, double x_s, double *rate_per_s)
{
    double n = x_s * (piece->first_per_s + piece->slope * x_s / 2.0);
    double rate = piece->first_per_s + piece->slope * x_s;
    if (piece->n_decaying > 0) {
        const rig_traffic *traffic = piece->traffic;
        double n_left = 0.0;
        for (size_t i = 0; i < traffic->n_adverts; i++) {
            const rig_advert *advert = &traffic->adverts[i];
            if (peak_s(advert) > piece->from_s)
                continue;
            double left = exp((peak_s(advert) - piece->from_s - x_s) / advert->decay_s);
            rate += advert->peak_per_min / 60.0 * left;
            n_left += advert->peak_per_min / 60.0 * advert->decay_s * left;
        }
        n += piece->n_to_come - n_left;
    }
    if (rate_per_s != NULL)
        *rate_per_s = rate;
    return n;
}

double rig_traffic_rate_per_s(const rig_traffic *traffic, double at_s)
{
    if (traffic->n_rate == 0)
        return 0.0;
    double per_s = points_per_s(traffic, at_s);
    for (size_t i = 0; i < traffic->n_adverts; i++) {
        const rig_advert *advert = &traffic->adverts[i];
        double since_s = at_s - advert->at_s;
        if (since_s < 0.0)
            continue;
        double share = since_s < advert->rise_s ? since_s / advert->rise_s
                                                : exp((advert->rise_s - since_s) / advert->decay_s);
        per_s += advert->peak_per_min / 60.0 * share;
    }
    return per_s;
}

/* Most recorded instants in [t, t + 1 s), for any t. */
static double busiest_second(const rig_traffic *traffic)
{
    size_t most = 0;
    for (size_t first = 0, i = 0; i < traffic->n_instants; i++) {
        while (traffic->instant_s[i] - traffic->instant_s[first] >= 1.0)
            first++;
        most = i + 1 - first > most ? i + 1 - first : most;
    }
    return (double)most;
}

/* On a piece the rate is a line plus decaying exponentials: convex, so greatest at one end. */
double rig_traffic_peak_rate_per_s(const rig_traffic *traffic)
{
    if (traffic->n_rate == 0)
        return busiest_second(traffic);
    double peak_per_s = rig_traffic_rate_per_s(traffic, traffic->duration_s);
    for (double from_s = 0.0; from_s < traffic->duration_s;) {
        rig_rate_piece piece = rig_rate_piece_from(traffic, from_s);
        double first_per_s, last_per_s;
        (void)rig_rate_piece_calls(&piece, 0.0, &first_per_s);
        (void)rig_rate_piece_calls(&piece, piece.length_s, &last_per_s);
        peak_per_s = fmax(peak_per_s, fmax(first_per_s, last_per_s));
        from_s = piece.to_s;
    }
    return peak_per_s;
}

double rig_traffic_expected_calls(const rig_traffic *traffic, double at_s)
{
    double until_s = fmin(fmax(at_s, 0.0), traffic->duration_s);
    double n_calls = 0.0;
    if (traffic->n_rate == 0) {
        size_t n = 0;
        while (n < traffic->n_instants && traffic->instant_s[n] <= until_s)
            n++;
        return (double)n;
    }
    for (double from_s = 0.0; from_s < until_s;) {
        rig_rate_piece piece = rig_rate_piece_from(traffic, from_s);
        n_calls += rig_rate_piece_calls(&piece, fmin(piece.length_s, until_s - from_s), NULL);
        from_s = piece.to_s;
    }
    return n_calls;
}
