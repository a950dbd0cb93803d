/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The backup number: who dials it, by which carrier he comes in, which SIPp plays it, its figures.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "generator/play/deal.h"
#include "generator/play/injection.h"
#include "models/centre.h"
#include "models/schedule.h"
#include "scenarios/backup.h"
#include "tests/small_scenario.h"
#include "tests/test.h"

enum { FIRST, OTHER, SECOND, N_TRUNKS };

typedef struct backup_room {
    small_scenario room;
    rig_trunk_group trunks[N_TRUNKS];
    rig_caller_class classes[3];
} backup_room;

/* Two carriers lead to the first number, the third to the backup number. Callers of the first class
 * never dial it, of the second always, of the third as all do. */
static rig_scenario *make_scenario(backup_room *b)
{
    rig_scenario *s = small_scenario_make(&b->room);
    b->trunks[FIRST] = (rig_trunk_group){.name = (char *)"a", .n_circuits = 1, .p_share = 0.6};
    b->trunks[OTHER] = (rig_trunk_group){.name = (char *)"b", .n_circuits = 1, .p_share = 0.4};
    b->trunks[SECOND] = (rig_trunk_group){.name = (char *)"second", .n_circuits = 2};
    b->classes[0] = (rig_caller_class){.name = (char *)"no", .p_share = 0.3, .p_backup = 0.0};
    b->classes[1] = (rig_caller_class){.name = (char *)"yes", .p_share = 0.3, .p_backup = 1.0};
    b->classes[2] =
        (rig_caller_class){.name = (char *)"all", .p_share = 0.4, .p_backup = RIG_BACKUP_AS_ALL};
    s->trunks = b->trunks;
    s->n_trunks = N_TRUNKS;
    s->callers.classes = b->classes;
    s->callers.n_classes = 3;
    s->callers.redial =
        (rig_redial){.p_redial = 0.8,
                     .max_redials = 3,
                     .delay = {.kind = RIG_DIST_CONSTANT, .mean_s = 5.0},
                     .backup = {.p_backup = 0.5, .dial = (char *)"78#", .trunk = (char *)"second"}};
    s->traffic.duration_s = 600.0;
    s->limits.max_outside = 1000;
    return s;
}

static rig_schedule *draw(const rig_scenario *s)
{
    rig_schedule *schedule = NULL;
    assert_int_equal(rig_schedule_draw(s, 0, &schedule, NULL), RIG_OK);
    assert_true(schedule->n_redials > 300);
    return schedule;
}

static void test_who_dials_it(void **state)
{
    (void)state;
    backup_room b;
    const rig_scenario *s = make_scenario(&b);
    rig_schedule *schedule = draw(s);
    size_t n = 0, n_backup = 0;
    for (size_t i = 0; i < schedule->n; i++) {
        const rig_planned_call *call = &schedule->calls[i];
        const rig_planned_call *first = &schedule->calls[rig_schedule_first_of(schedule, i)];
        assert_int_equal(call->trunk, call->is_backup ? SECOND : first->trunk);
        if (call->attempt == 0 || call->caller_class == 0)
            assert_false(call->is_backup);
        else if (call->caller_class == 1)
            assert_true(call->is_backup);
        else {
            n++;
            n_backup += call->is_backup;
        }
    }
    const double wide = 4.0 * sqrt(0.25 * (double)n);
    assert_true(n > 100 && fabs((double)n_backup - 0.5 * (double)n) < wide);
    rig_schedule_free(schedule);
}

static void test_nobody_dials_it(void **state)
{
    (void)state;
    backup_room b;
    rig_scenario *s = make_scenario(&b);
    assert_true(rig_scenario_has_backup(s));
    assert_true(rig_scenario_is_backup(s, "78#"));
    assert_false(rig_scenario_is_backup(s, "785") || rig_scenario_is_backup(s, NULL));
    s->callers.redial.p_redial = 0.0;
    assert_false(rig_scenario_has_backup(s)); /* nobody dials again */
    s->callers.redial.p_redial = 0.8;
    s->callers.redial.backup.dial = NULL;
    assert_false(rig_scenario_has_backup(s) || rig_scenario_is_backup(s, "78#"));
    rig_schedule *schedule = draw(s);
    for (size_t i = 0; i < schedule->n; i++)
        assert_false(schedule->calls[i].is_backup);
    rig_schedule_free(schedule);
}

static const char PATH[] = "backup-schedule.csv";

static void test_file(void **state)
{
    (void)state;
    backup_room b;
    rig_schedule *schedule = draw(make_scenario(&b)), *read = NULL;
    rig_error err = {.text = ""};
    assert_int_equal(rig_schedule_write(schedule, PATH, "0", &err), RIG_OK);
    if (rig_schedule_read(PATH, &read, &err) != RIG_OK)
        fail_msg("%s", err.text);
    assert_int_equal(read->n, schedule->n);
    for (size_t i = 0; i < read->n; i++) {
        assert_int_equal(read->calls[i].is_backup, schedule->calls[i].is_backup);
        assert_int_equal(read->calls[i].trunk, schedule->calls[i].trunk);
    }
    rig_schedule_free(read);
    rig_schedule_free(schedule);
    (void)unlink(PATH);
}

/* By a SIPp of its carrier; other redials where the first call was. */
static void test_who_plays_it(void **state)
{
    (void)state;
    backup_room b;
    rig_schedule *schedule = draw(make_scenario(&b));
    rig_deal deal;
    rig_error err = {.text = ""};
    assert_int_equal(rig_deal_make(schedule, NULL, 6, &deal, &err), RIG_OK);
    assert_int_equal(deal.n_workers, rig_deal_n_workers(schedule, NULL, 6));
    assert_int_equal(deal.n_own, rig_schedule_n_first(schedule));
    size_t n_calls[RIG_MAX_WORKERS] = {0};
    for (size_t i = 0; i < schedule->n; i++) {
        const rig_planned_call *call = &schedule->calls[i];
        assert_int_equal(deal.carrier[deal.worker[i]], call->trunk);
        assert_int_equal(deal.row[i], n_calls[deal.worker[i]]++);
        if (call->attempt > 0 && !call->is_backup)
            assert_int_equal(deal.worker[i], deal.worker[call->first]);
    }
    for (size_t k = 0; k < deal.n_workers; k++)
        assert_true(deal.n_calls[k] > 0 && deal.n_calls[k] == n_calls[k]);
    rig_deal_clear(&deal);
    rig_schedule_free(schedule);
}

static const char ROWS[] = "backup-callers.csv";

static void test_which_number(void **state)
{
    (void)state;
    backup_room b;
    const rig_scenario *s = make_scenario(&b);
    rig_schedule *schedule = draw(s);
    rig_deal deal;
    rig_error err = {.text = ""};
    char line[512];
    size_t n[2] = {0};
    assert_int_equal(rig_deal_make_one(schedule, &deal, &err), RIG_OK);
    assert_int_equal(rig_injection_write_callers(schedule, s, 0, &deal, 0, ROWS, &err), RIG_OK);
    FILE *in = fopen(ROWS, "r");
    assert_non_null(in);
    for (size_t i = 0; fgets(line, sizeof line, in) != NULL;) {
        char dialled[40];
        if (sscanf(line, "%*u;%*[^;];%*[^;];%39[^;]", dialled) != 1)
            continue;
        assert_string_equal(dialled, schedule->calls[i].is_backup ? "78%23" : s->callers.dial);
        n[schedule->calls[i++].is_backup]++;
    }
    assert_int_equal(n[0] + n[1], schedule->n);
    assert_true(n[1] > 100);
    (void)fclose(in);
    (void)unlink(ROWS);
    rig_deal_clear(&deal);
    rig_schedule_free(schedule);
}

/* One circuit at the first number: the second caller is lost, dials the backup number 5 s later and
 * is served there; the third one is lost, and again at the backup number, whose circuit is taken.
 */
static void test_by_hand(void **state)
{
    (void)state;
    backup_room b;
    rig_scenario *s = make_scenario(&b);
    b.trunks[SECOND].n_circuits = 1;
    rig_planned_call calls[5] = {0};
    for (size_t i = 0; i < 5; i++)
        calls[i] = (rig_planned_call){.t_s = (double)i,
                                      .number = 100 + i,
                                      .patience_answer_s = 100.0,
                                      .patience_queue_s = 100.0,
                                      .patience_ringing_s = 100.0,
                                      .self_service_s = -1.0,
                                      .talk_s = 50.0};
    for (uint32_t k = 0; k < 2; k++) { /* callers 1 and 2 have a redial each */
        rig_planned_call *again = &calls[3 + k];
        again->number = calls[1 + k].number;
        again->t_s = (double)NAN;
        again->attempt = 1;
        again->first = 1 + k;
        again->redial_s = 5.0;
        again->is_backup = true;
        again->trunk = SECOND;
        calls[1 + k].next = 3 + k;
    }
    rig_schedule schedule = {.calls = calls, .n = 5, .n_redials = 2};
    rig_centre_input input = {.schedule = &schedule, .replication = 1};
    double trunks[N_TRUNKS * RIG_N_TRUNK_METRICS];
    rig_outcome fates[5];
    rig_centre_output output = {.trunks = trunks, .fates = fates};
    rig_centre *centre = NULL;
    rig_error err = {.text = ""};
    assert_int_equal(rig_centre_new(s, &centre), RIG_OK);
    if (rig_centre_simulate(centre, &input, &output, &err) != RIG_OK)
        fail_msg("%s", err.text);
    static const rig_outcome expected[] = {RIG_OUTCOME_SERVED, RIG_OUTCOME_LOST_TRUNK,
                                           RIG_OUTCOME_LOST_TRUNK, RIG_OUTCOME_SERVED,
                                           RIG_OUTCOME_LOST_TRUNK};
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(fates[i], expected[i]);
    assert_true(output.metrics[RIG_METRIC_N_BACKUP_CALLS] == 2.0);
    assert_true(output.metrics[RIG_METRIC_BACKUP_CONNECT_RATE] == 0.5);
    assert_true(trunks[FIRST * RIG_N_TRUNK_METRICS + RIG_TRUNK_N_OFFERED] == 3.0);
    assert_true(trunks[SECOND * RIG_N_TRUNK_METRICS + RIG_TRUNK_N_OFFERED] == 2.0);
    assert_true(trunks[SECOND * RIG_N_TRUNK_METRICS + RIG_TRUNK_N_REFUSED] == 1.0);
    rig_centre_free(centre);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_dials_it), cmocka_unit_test(test_nobody_dials_it),
        cmocka_unit_test(test_file),         cmocka_unit_test(test_who_plays_it),
        cmocka_unit_test(test_which_number), cmocka_unit_test(test_by_hand)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
