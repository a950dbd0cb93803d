/* SPDX-License-Identifier: GPL-3.0-or-later */
/* models/traffic: the arrival stream, instant by instant. */
#include "tests/test.h"

#include <math.h>
#include <string.h>

#include "models/schedule.h"
#include "models/schedule/traffic.h"
#include "tests/small_scenario.h"

#define HALF_US 0.51e-6 /* instants are rounded to whole microseconds */

/* The first instants of two scenarios as the version before adverts drew them. */
static void test_instants_stay(void **state)
{
    (void)state;
    static const double flat[] = {0.474721, 1.166354, 1.750562, 2.355517, 2.763101};
    static const double climbing[] = {5.454000, 7.480082, 7.625060};
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    rig_rate_point climb[] = {{5, 0}, {20, 600}, {30, 600}, {40, 0}};
    rig_arrival_stream stream;
    rig_arrival_stream_begin(&stream, s, 0);
    for (size_t i = 0; i < sizeof flat / sizeof *flat; i++)
        assert_true(rig_arrival_stream_next_s(&stream) == flat[i]);
    s->traffic.rate = climb;
    s->traffic.n_rate = 4;
    rig_arrival_stream_begin(&stream, s, 3);
    for (size_t i = 0; i < sizeof climbing / sizeof *climbing; i++)
        assert_true(rig_arrival_stream_next_s(&stream) == climbing[i]);
    double last_s = 0.0;
    for (int i = 3; i < 200; i++)
        last_s = rig_arrival_stream_next_s(&stream);
    assert_true(last_s == 34.103284); /* past two points */
}

/* A schedule's instants are the stream's; a copy of a stream goes on like the original. */
static void test_schedule_and_copies(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    rig_advert adverts[] = {{10, 600, 5, 10}};
    rig_schedule *schedule = NULL;
    s->traffic.adverts = adverts;
    s->traffic.n_adverts = 1;
    s->traffic.day_cv = 0.4;
    for (uint32_t replication = 0; replication < 3; replication++) {
        rig_arrival_stream stream, copy = {0};
        rig_arrival_stream_begin(&stream, s, replication);
        assert_int_equal(rig_schedule_draw(s, replication, &schedule, NULL), RIG_OK);
        assert_true(schedule->n > 60);
        for (size_t i = 0; i < schedule->n; i++) {
            if (i == 30)
                copy = stream;
            assert_true(rig_arrival_stream_next_s(&stream) == schedule->calls[i].t_s);
            if (i >= 30)
                assert_true(rig_arrival_stream_next_s(&copy) == schedule->calls[i].t_s);
        }
        for (int k = 0; k < 3; k++)
            assert_true(isinf(rig_arrival_stream_next_s(&stream)));
        rig_schedule_free(schedule);
    }
}

/* Regular arrivals: at the k-th instant the integral of the rate passes k + 1/2, whatever adverts
 * rise and decay, and whatever points lie between. */
static void test_inverse_of_the_integral(void **state)
{
    (void)state;
    static rig_advert two[] = {{10, 1200, 5, 8}, {12, 300, 0, 3}};
    static rig_advert sudden[] = {{20, 60000, 0, 0.01}};
    static rig_advert slow[] = {{0, 6, 50, 1e6}};
    static rig_advert past[] = {{59.5, 600, 10, 5}, {70, 600, 1, 1}};
    static rig_advert nothing[] = {{10, 0, 5, 8}};
    static rig_rate_point flat[] = {{0, 60}}, zero[] = {{0, 0}};
    static rig_rate_point gap[] = {{5, 60}, {12, 0}, {30, 0}, {31, 600}, {45, 6}};
    static const struct {
        rig_rate_point *rate;
        size_t n_rate;
        rig_advert *adverts;
        size_t n_adverts;
    } rows[] = {{flat, 1, two, 2},    {zero, 1, two, 2},    {gap, 5, two, 2},
                {flat, 1, sudden, 1}, {zero, 1, sudden, 1}, {zero, 1, slow, 1},
                {gap, 5, past, 2},    {gap, 5, NULL, 0},    {flat, 1, nothing, 1}};
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    s->traffic.arrivals = RIG_ARRIVALS_REGULAR;
    for (size_t r = 0; r < 2 * sizeof rows / sizeof *rows; r++) {
        s->traffic.interpolation = r % 2 ? RIG_INTERPOLATION_STEP : RIG_INTERPOLATION_LINEAR;
        s->traffic.rate = rows[r / 2].rate;
        s->traffic.n_rate = rows[r / 2].n_rate;
        s->traffic.adverts = rows[r / 2].adverts;
        s->traffic.n_adverts = rows[r / 2].n_adverts;
        rig_arrival_stream stream;
        rig_arrival_stream_begin(&stream, s, 0);
        size_t n = 0;
        for (double t_s; isfinite(t_s = rig_arrival_stream_next_s(&stream)); n++) {
            double before = rig_traffic_expected_calls(&s->traffic, t_s - HALF_US);
            double after = rig_traffic_expected_calls(&s->traffic, t_s + HALF_US);
            if (!(before <= (double)n + 0.5 && after >= (double)n + 0.5))
                fail_msg("row %zu, call %zu at %.7f s: the integral is %.9f to %.9f", r, n, t_s,
                         before, after);
        }
        double n_expected = rig_traffic_expected_calls(&s->traffic, 60.0);
        assert_int_equal(n,
                         (size_t)ceil(n_expected - 0.5 - 1e-9)); /* one at the very end is none */
    }
}

static void test_recorded(void **state)
{
    (void)state;
    double instant_s[] = {0.0, 0.25, 0.25, 59.999999};
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    rig_schedule *schedule = NULL;
    rig_error err = {0};
    s->traffic.arrivals = RIG_ARRIVALS_RECORDED;
    s->traffic.n_rate = 0;
    s->traffic.instant_s = instant_s;
    s->traffic.n_instants = 4;
    for (uint32_t replication = 0; replication < 2; replication++) {
        rig_arrival_stream stream;
        rig_arrival_stream_begin(&stream, s, replication);
        for (int i = 0; i < 4; i++)
            assert_true(rig_arrival_stream_next_s(&stream) == instant_s[i]);
        assert_true(isinf(rig_arrival_stream_next_s(&stream)));
        assert_int_equal(rig_schedule_draw(s, replication, &schedule, &err), RIG_OK);
        assert_int_equal(schedule->n, 4);
        assert_true(schedule->calls[3].t_s == 59.999999);
        rig_schedule_free(schedule);
    }
    s->limits.max_calls = 3;
    assert_int_equal(rig_schedule_draw(s, 0, &schedule, &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, "about 4 calls; expected at most limits.max_calls = 3"));
}

static void test_day_factor(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    assert_true(rig_arrival_day_factor(s, 7) == 1.0); /* all days are alike */
    s->traffic.day_cv = 5.0;
    assert_true(rig_arrival_day_factor(s, 0) == 1.0); /* the mean day */
    for (uint32_t r = 1; r < 3000; r++) {
        double factor = rig_arrival_day_factor(s, r);
        assert_true(isfinite(factor) && factor >= 0.0);
        assert_true(factor == rig_arrival_day_factor(s, r));
    }
    /* the integral is reached sooner by this factor: the same exponential steps */
    s->traffic.day_cv = 0.3;
    s->traffic.duration_s = 1e6;
    double factor = rig_arrival_day_factor(s, 5);
    assert_true(factor != 1.0);
    rig_arrival_stream varied, alike;
    rig_arrival_stream_begin(&varied, s, 5);
    small_scenario other;
    rig_scenario *plain = small_scenario_make(&other);
    plain->traffic.duration_s = 1e6;
    rig_arrival_stream_begin(&alike, plain, 5);
    for (int i = 0; i < 1000; i++) {
        double a = rig_arrival_stream_next_s(&varied), b = rig_arrival_stream_next_s(&alike);
        assert_true(fabs(a * factor - b) < 2e-6);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_instants_stay),
        cmocka_unit_test(test_schedule_and_copies),
        cmocka_unit_test(test_inverse_of_the_integral),
        cmocka_unit_test(test_recorded),
        cmocka_unit_test(test_day_factor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
