/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The arrival stream against what a Poisson process with such a rate must do. Fixed seeds; each
 * interval is stated with its probability under the theory. */
#include "tests/test.h"

#include <math.h>

#include "models/schedule/traffic.h"
#include "tests/small_scenario.h"

#define DURATION_S 120.0
#define N_PIECES   8

/* Rate, calls a second, and its integrals from the formula of each part, apart from the product's.
 */
static rig_rate_point points[] = {{0, 60}, {40, 120}, {80, 30}};
static rig_advert adverts[] = {{20, 240, 10, 15}, {60, 180, 0, 20}};
static const double bounds_s[N_PIECES + 1] = {0, 20, 30, 40, 60, 70, 80, 100, DURATION_S};

/* Simpson's rule; the functions are smooth between the bounds. */
static double calls_between(double from_s, double to_s)
{
    enum { N = 200 };
    double sum = 0.0;
    for (int i = 0; i <= N; i++) {
        double t = from_s + (to_s - from_s) * i / N;
        double rate = t < 40 ? 1 + t / 40 : t < 80 ? 2 - 1.5 * (t - 40) / 40 : 0.5;
        double a = t - 20, b = t - 60;
        /* at a bound the rate that holds inside the piece */
        if (a >= 0 && !(a == 0 && to_s <= 20))
            rate += a < 10 ? 4 * a / 10 : 4 * exp(-(a - 10) / 15);
        if (b >= 0 && !(b == 0 && to_s <= 60))
            rate += 3 * exp(-b / 20);
        sum += rate * (i == 0 || i == N ? 1 : i % 2 ? 4 : 2);
    }
    return sum * (to_s - from_s) / N / 3;
}

static rig_scenario *make(small_scenario *room)
{
    rig_scenario *s = small_scenario_make(room);
    s->seed = 20240601;
    s->traffic.duration_s = DURATION_S;
    s->traffic.rate = points;
    s->traffic.n_rate = 3;
    s->traffic.adverts = adverts;
    s->traffic.n_adverts = 2;
    return s;
}

/* Calls of a replication by piece; the sum is returned. */
static double count(const rig_scenario *s, uint32_t replication, double n[N_PIECES])
{
    rig_arrival_stream stream;
    rig_arrival_stream_begin(&stream, s, replication);
    double total = 0.0, before_s = 0.0;
    int piece = 0;
    for (int k = 0; k < N_PIECES; k++)
        n[k] = 0.0;
    for (double t_s; isfinite(t_s = rig_arrival_stream_next_s(&stream)); total++) {
        assert_true(t_s >= before_s && t_s < DURATION_S);
        before_s = t_s;
        while (t_s >= bounds_s[piece + 1])
            piece++;
        n[piece]++;
    }
    return total;
}

/* Mean and dispersion index of the counts in each piece, 4,000 days. Mean: normal, standard error
 * sqrt(m / R). Index: chi-squared, standard error sqrt(2 / (R - 1)). Each within 4 standard errors:
 * 1 in 16,000, 16 such. */
static void test_counts_by_piece(void **state)
{
    (void)state;
    enum { R = 4000 };
    small_scenario room;
    rig_scenario *s = make(&room);
    double sum[N_PIECES] = {0}, squares[N_PIECES] = {0}, n[N_PIECES], products = 0.0;
    for (uint32_t r = 1; r <= R; r++) {
        (void)count(s, r, n);
        for (int k = 0; k < N_PIECES; k++) {
            sum[k] += n[k];
            squares[k] += n[k] * n[k];
        }
        products += n[1] * n[4];
    }
    double n_all = 0.0;
    for (int k = 0; k < N_PIECES; k++) {
        double expected = calls_between(bounds_s[k], bounds_s[k + 1]);
        double mean = sum[k] / R, variance = (squares[k] - R * mean * mean) / (R - 1);
        n_all += expected;
        if (fabs(mean - expected) > 4 * sqrt(expected / R))
            fail_msg("piece %d: %.3f calls; expected %.3f", k, mean, expected);
        if (fabs(variance / mean - 1.0) > 4 * sqrt(2.0 / (R - 1)))
            fail_msg("piece %d: dispersion index %.3f; expected 1", k, variance / mean);
    }
    assert_true(fabs(rig_traffic_expected_calls(&s->traffic, DURATION_S) - n_all) < 1e-6);
    /* disjoint pieces are independent: covariance 0, standard error sqrt(m1 m4 / R) */
    double covariance = products / R - sum[1] / R * (sum[4] / R);
    assert_true(fabs(covariance) < 4 * sqrt(sum[1] / R * (sum[4] / R) / R));
}

/* Steps of the integral are unit exponential: Kolmogorov's statistic times sqrt(n) is below 1.95
 * with probability 0.999. Steps that begin in the last 10 expected calls are left out: the end
 * would cut the long ones. */
static void test_steps_are_exponential(void **state)
{
    (void)state;
    enum { N_BINS = 1000 };
    small_scenario room;
    rig_scenario *s = make(&room);
    const double last = rig_traffic_expected_calls(&s->traffic, DURATION_S) - 10.0;
    double bins[N_BINS] = {0}, n = 0.0;
    for (uint32_t r = 1; r <= 200; r++) {
        rig_arrival_stream stream;
        rig_arrival_stream_begin(&stream, s, r);
        for (double before = 0.0; before < last; n++) {
            double t_s = rig_arrival_stream_next_s(&stream);
            if (isinf(t_s))
                break; /* a step over 10: 1 in 22,000 */
            double here = rig_traffic_expected_calls(&s->traffic, t_s);
            double u = -expm1(-(here - before));
            bins[(int)fmin(N_BINS - 1, u * N_BINS)]++;
            before = here;
        }
    }
    double so_far = 0.0, most = 0.0;
    for (int k = 0; k < N_BINS; k++) {
        so_far += bins[k];
        most = fmax(most, fabs(so_far / n - (k + 1.0) / N_BINS));
    }
    assert_true(n > 50000);
    if (most * sqrt(n) > 1.95)
        fail_msg("Kolmogorov's statistic %.3f; expected below 1.95", most * sqrt(n));
}

/* Days differ: the counts are negative binomial, of mean m and variance m + (m cv)^2, so the
 * dispersion index is 1 + m cv^2. Excess kurtosis 6 cv^2 + 1 / variance; the variance's relative
 * standard error is sqrt((kurtosis + 2) / R). Within 4 standard errors each. */
static void test_days_differ(void **state)
{
    (void)state;
    enum { R = 6000 };
    static const double cvs[] = {0.1, 0.3, 0.8};
    small_scenario room;
    rig_scenario *s = make(&room);
    const double m = calls_between(0, 20) + calls_between(20, 30) + calls_between(30, 40) +
                     calls_between(40, 60) + calls_between(60, 70) + calls_between(70, 80) +
                     calls_between(80, 100) + calls_between(100, DURATION_S);
    for (size_t c = 0; c < sizeof cvs / sizeof *cvs; c++) {
        s->traffic.day_cv = cvs[c];
        double sum = 0.0, squares = 0.0, days = 0.0, days_squares = 0.0, n[N_PIECES];
        for (uint32_t r = 1; r <= R; r++) {
            double total = count(s, r, n), day = rig_arrival_day_factor(s, r);
            sum += total;
            squares += total * total;
            days += day;
            days_squares += day * day;
        }
        double mean = sum / R, variance = (squares - R * mean * mean) / (R - 1);
        double expected = m + m * m * cvs[c] * cvs[c];
        double kurtosis = 6 * cvs[c] * cvs[c] + 1 / expected;
        if (fabs(mean - m) > 4 * sqrt(expected / R))
            fail_msg("cv %g: %.2f calls; expected %.2f", cvs[c], mean, m);
        if (fabs(variance / expected - 1.0) > 4 * sqrt((kurtosis + 2) / R))
            fail_msg("cv %g: dispersion index %.2f; expected %.2f", cvs[c], variance / mean,
                     1 + m * cvs[c] * cvs[c]);
        double day_mean = days / R, day_variance = days_squares / R - day_mean * day_mean;
        assert_true(fabs(day_mean - 1.0) < 4 * cvs[c] / sqrt(R));
        assert_true(fabs(day_variance / (cvs[c] * cvs[c]) - 1.0) <
                    4 * sqrt((6 * cvs[c] * cvs[c] + 2) / R));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_by_piece),
        cmocka_unit_test(test_steps_are_exponential),
        cmocka_unit_test(test_days_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
