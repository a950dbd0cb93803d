/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Traffic that changes: the load against closed forms, MOL against the process itself. */
#include "tests/theory/formulas.h"

#include "models/erlang_b.h"
#include "models/holding.h"
#include "models/time_varying.h"

static double capped(double x_s, void *ctx)
{
    return rig_holding_capped_mean_s(ctx, x_s);
}

static rig_dist dist_of(rig_dist_kind kind, double mean_s, double cv)
{
    rig_dist dist;
    assert_int_equal(rig_dist_make(kind, mean_s, cv, &dist, NULL), RIG_OK);
    return dist;
}

/* E[min(S, x)] against the mean of min(quantile, x) over a fine grid of probabilities. */
static void test_holding(void **state)
{
    (void)state;
    static const struct {
        rig_dist_kind kind;
        double cv;
    } rows[] = {{RIG_DIST_CONSTANT, 0},    {RIG_DIST_UNIFORM, 0.3}, {RIG_DIST_EXPONENTIAL, 1},
                {RIG_DIST_LOGNORMAL, 0.4}, {RIG_DIST_LOGNORMAL, 2}, {RIG_DIST_GAMMA, 0.05},
                {RIG_DIST_GAMMA, 0.5},     {RIG_DIST_GAMMA, 2}};
    static const double times_s[] = {1e-6, 1, 60, 130, 180, 200, 400, 3000};
    enum { N = 5000 };
    for (size_t i = 0; i < N_ROWS(rows); i++) {
        rig_dist dist = dist_of(rows[i].kind, 180, rows[i].cv);
        assert_true(rig_holding_capped_mean_s(&dist, 0) == 0.0);
        assert_true(rig_holding_capped_mean_s(&dist, INFINITY) == 180.0);
        expect_near("nearly for ever", i, rig_holding_capped_mean_s(&dist, 1e9), 180, 1e-6);
        for (size_t j = 0; j < N_ROWS(times_s); j++) {
            double sum = 0.0;
            for (int k = 0; k < N; k++)
                sum += fmin(times_s[j], rig_dist_quantile_s(&dist, (k + 0.5) / N)) / N;
            expect_near("capped mean", i * 10 + j, rig_holding_capped_mean_s(&dist, times_s[j]),
                        sum, 1e-3);
        }
        rig_dist_clear(&dist);
    }
    double sample_s[] = {1, 2, 9};
    const rig_dist empirical = {
        .kind = RIG_DIST_EMPIRICAL, .mean_s = 4, .cv = 1, .sample_s = sample_s, .n_sample = 3};
    expect_near("empirical", 0, rig_holding_capped_mean_s(&empirical, 5), 8.0 / 3, 1e-15);
}

/* A step of the rate: by hand, for exponential and for constant holding times. */
static void test_step(void **state)
{
    (void)state;
    static const double rates[] = {2, 0, 4};
    const rig_rate_profile profile = {rates, 3, 100, false};
    static const double at_s[] = {-1, 0, 50, 100, 150, 250, 300, 450};
    rig_dist expo = dist_of(RIG_DIST_EXPONENTIAL, 60, 1);
    rig_dist fixed = dist_of(RIG_DIST_CONSTANT, 60, 0);
    double load[8], psa[8];
    assert_int_equal(
        rig_time_varying_load(RIG_TIME_MOL, &profile, capped, &expo, at_s, 8, load, NULL), RIG_OK);
    assert_int_equal(
        rig_time_varying_load(RIG_TIME_PSA, &profile, capped, &expo, at_s, 8, psa, NULL), RIG_OK);
    const double psa_expected[] = {0, 120, 120, 0, 0, 240, 0, 0};
    double after_first = 120 * (1 - exp(-100.0 / 60)), at_end = 0.0;
    at_end = after_first * exp(-200.0 / 60) + 240 * (1 - exp(-100.0 / 60));
    const double expected[] = {0,
                               0,
                               120 * (1 - exp(-50.0 / 60)),
                               after_first,
                               after_first * exp(-50.0 / 60),
                               after_first * exp(-150.0 / 60) + 240 * (1 - exp(-50.0 / 60)),
                               at_end,
                               at_end * exp(-150.0 / 60)};
    for (size_t i = 0; i < 8; i++) {
        expect_near("exponential", i, load[i], expected[i], 1e-12);
        assert_true(psa[i] == psa_expected[i]);
    }
    assert_int_equal(
        rig_time_varying_load(RIG_TIME_MOL, &profile, capped, &fixed, at_s, 8, load, NULL), RIG_OK);
    const double fixed_expected[] = {0, 0, 100, 120, 20, 200, 240, 0};
    for (size_t i = 0; i < 8; i++)
        expect_near("constant", i, load[i], fixed_expected[i], 1e-12);
}

typedef struct wave {
    double mean, swing, per_s; /* rate = mean + swing sin(per_s t) */
} wave;

static double wave_rate(double t_s, void *ctx)
{
    const wave *w = ctx;
    return w->mean + w->swing * sin(w->per_s * t_s);
}

static double wave_survival(double s, void *ctx)
{
    return exp(-s / *(const double *)ctx);
}

/* Eick, Massey & Whitt, Management Science 39(2), 1993: the load of a sinusoidal rate with
 * exponential holding times 1/mu is mean + swing (sin - (w/mu) cos) / (1 + (w/mu)^2), / mu. */
static double wave_load(const wave *w, double mean_s, double t_s)
{
    double g = w->per_s * mean_s;
    return mean_s *
           (w->mean + w->swing * (sin(w->per_s * t_s) - g * cos(w->per_s * t_s)) / (1 + g * g));
}

static void test_wave(void **state)
{
    (void)state;
    enum { N = 2400 };
    static double rates[N];
    double mean_s = 600;
    wave w = {.mean = 0.1, .swing = 0.06, .per_s = 2 * M_PI / 7200};
    for (int i = 0; i < N; i++) /* means over 3 s */
        rates[i] =
            w.mean + w.swing * (cos(w.per_s * 3 * i) - cos(w.per_s * 3 * (i + 1))) / (3 * w.per_s);
    const rig_rate_profile profile = {rates, N, 3, true};
    rig_dist expo = dist_of(RIG_DIST_EXPONENTIAL, mean_s, 1);
    for (int i = -5; i < 20; i++) {
        double t_s = 777.0 * i, load;
        assert_int_equal(
            rig_time_varying_load(RIG_TIME_MOL, &profile, capped, &expo, &t_s, 1, &load, NULL),
            RIG_OK);
        expect_near("profile", (size_t)(i + 5), load, wave_load(&w, mean_s, t_s), 1e-5);
        assert_int_equal(rig_time_varying_load_at(wave_rate, &w, wave_survival, &mean_s, t_s,
                                                  40 * mean_s, mean_s, &load, NULL),
                         RIG_OK);
        expect_near("function", (size_t)(i + 5), load, wave_load(&w, mean_s, t_s), 1e-12);
    }
    /* a steady rate gives A = rate x mean, whatever the distribution (heavy tail included) */
    static const double steady[] = {0.25, 0.25};
    const rig_rate_profile flat = {steady, 2, 10, true};
    rig_dist heavy = dist_of(RIG_DIST_LOGNORMAL, 180, 20);
    double t_s = 5, load;
    assert_int_equal(
        rig_time_varying_load(RIG_TIME_MOL, &flat, capped, &heavy, &t_s, 1, &load, NULL), RIG_OK);
    expect_near("steady", 0, load, 45, 1e-12);
}

/* Blocking of M_t/M/c/c itself, by small steps of the forward equations over the last of three
 * periods; MOL must be nearer to it than PSA at every instant that is looked at. */
static void test_mol_against_the_process(void **state)
{
    (void)state;
    enum { C = 30 };
    const double mean_s = 600, step_s = 0.5;
    wave w = {.mean = 14.0 / 600, .swing = 8.0 / 600, .per_s = 2 * M_PI / 3600};
    double p[C + 1] = {1.0};
    size_t n_looked = 0;
    double worst_mol = 0.0, worst_psa = 0.0;
    for (int step = 0; step < 3 * 7200; step++) {
        double t_s = step * step_s;
        if (step >= 2 * 7200 && step % 300 == 0) {
            double mol, psa, load, holding_s = mean_s;
            assert_int_equal(rig_time_varying_load_at(wave_rate, &w, wave_survival, &holding_s, t_s,
                                                      40 * mean_s, mean_s, &load, NULL),
                             RIG_OK);
            assert_int_equal(rig_erlang_b(load, C, &mol, NULL), RIG_OK);
            assert_int_equal(rig_erlang_b(wave_rate(t_s, &w) * mean_s, C, &psa, NULL), RIG_OK);
            worst_mol = fmax(worst_mol, fabs(mol - p[C]));
            worst_psa = fmax(worst_psa, fabs(psa - p[C]));
            n_looked++;
        }
        double k1[C + 1], half[C + 1]; /* midpoint rule */
        for (int stage = 0; stage < 2; stage++) {
            const double *q = stage == 0 ? p : half;
            double rate = wave_rate(t_s + stage * step_s / 2, &w);
            for (int k = 0; k <= C; k++) {
                double in =
                    (k > 0 ? q[k - 1] * rate : 0.0) + (k < C ? q[k + 1] * (k + 1) / mean_s : 0.0);
                double out = q[k] * ((k < C ? rate : 0.0) + k / mean_s);
                k1[k] = in - out;
            }
            if (stage == 0) {
                for (int k = 0; k <= C; k++)
                    half[k] = p[k] + step_s / 2 * k1[k];
            }
        }
        for (int k = 0; k <= C; k++)
            p[k] += step_s * k1[k];
    }
    print_message("greatest error of the blocking: MOL %.5f, PSA %.5f\n", worst_mol, worst_psa);
    assert_int_equal(n_looked, 24);
    assert_true(worst_mol < 0.002 && worst_mol < worst_psa / 5);
}

static double no_rate(double t_s, void *ctx)
{
    (void)ctx;
    return t_s < 0 ? -1 : 1;
}

static void test_refusals(void **state)
{
    (void)state;
    static const double good[] = {1, 2}, bad[] = {1, -2}, none[] = {(double)NAN};
    static const struct {
        rig_rate_profile profile;
        const char *text;
    } rows[] = {{{good, 2, 0, false}, "interval_s 0"},
                {{good, 2, (double)NAN, false}, "interval_s nan"},
                {{good, 0, 10, false}, "0 intervals"},
                {{good, 1000001, 10, false}, "1000001 intervals"},
                {{bad, 2, 10, false}, "rate_per_s -2 in interval 1"},
                {{none, 1, 10, true}, "rate_per_s nan in interval 0"}};
    rig_dist expo = dist_of(RIG_DIST_EXPONENTIAL, 60, 1), zero = dist_of(RIG_DIST_CONSTANT, 0, 0);
    rig_error err = {0};
    double t_s = 5, never = (double)NAN, out = UNTOUCHED, mean_s = 60;
    for (size_t i = 0; i < N_ROWS(rows); i++)
        expect_refusal(i,
                       rig_time_varying_load(RIG_TIME_MOL, &rows[i].profile, capped, &expo, &t_s, 1,
                                             &out, &err),
                       &err, rows[i].text);
    const rig_rate_profile p = {good, 2, 10, false};
    expect_refusal(0, rig_time_varying_load(RIG_TIME_MOL, &p, capped, &zero, &t_s, 1, &out, &err),
                   &err, "mean holding time 0");
    expect_refusal(1, rig_time_varying_load(RIG_TIME_PSA, &p, capped, &expo, &never, 1, &out, &err),
                   &err, "t_s nan");
    expect_refusal(
        2, rig_time_varying_load((rig_time_method)7, &p, capped, &expo, &t_s, 1, &out, &err), &err,
        "method 7");
    static const struct {
        double t_s, memory_s, step_s;
        const char *text;
    } at[] = {{5, 0, 1, "memory_s 0"},
              {5, 10, -1, "step_s -1"},
              {5, 1e7, 1, "at most 1000000 steps"},
              {(double)INFINITY, 10, 1, "t_s inf"},
              {5, 10, 1, "rate -1"}};
    for (size_t i = 0; i < N_ROWS(at); i++)
        expect_refusal(i,
                       rig_time_varying_load_at(no_rate, NULL, wave_survival, &mean_s, at[i].t_s,
                                                at[i].memory_s, at[i].step_s, &out, &err),
                       &err, at[i].text);
    assert_true(out == UNTOUCHED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_holding),  cmocka_unit_test(test_step),
        cmocka_unit_test(test_wave),     cmocka_unit_test(test_mol_against_the_process),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
