/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <sys/stat.h>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/options.h"
#include "generator/machine.h"
#include "reports/gnuplot_check.h"
#include "reports/json_builder.h"
#include "reports/json_file.h"

static const rig_usage_text usage = {
    "doctor", "",
    P_("Look at this machine and say what a run lacks here, each with the command that mends it:\n"
       "SIPp, the right to capture, limits of the kernel, clock, cores, room, gnuplot. Changes\n"
       "nothing, places no call. Exit code 0: runs work (weak: not all of them, or not as well);\n"
       "5: something is missing without which none does. What one scenario needs: peakrig check.")};

/* One more than the machine has: gnuplot, which reports are made with. */
enum { N_ITEMS = RIG_MACHINE_N_ITEMS + 1 };

typedef struct findings {
    rig_machine_item items[N_ITEMS];
    size_t n, n_missing, n_weak;
} findings;

/* A run without it has a report all the same, without pictures. */
static void judge_gnuplot(rig_machine_item *item)
{
    rig_error err = {0};
    char path[RIG_MACHINE_PATH];
    *item = (rig_machine_item){.name = "gnuplot",
                               .expected = N_("gnuplot with svg and pngcairo, for the pictures of "
                                              "report and plan"),
                               .state = RIG_MACHINE_OK};
    if (rig_gnuplot_check(path, sizeof path, &err) == RIG_OK) {
        (void)snprintf(item->found, sizeof item->found, "%s draws svg and pngcairo", path);
        return;
    }
    item->state = RIG_MACHINE_WEAK;
    (void)snprintf(item->found, sizeof item->found, "%.1000s", err.text);
    (void)snprintf(item->mend, sizeof item->mend, "%s", "sudo apt-get install -y gnuplot-nox");
}

static void look(const char *sipp, const rig_run_as *run_as, const char *out, findings *f)
{
    rig_machine_facts facts;
    struct stat runs;
    if (out == NULL)
        out = stat("runs", &runs) == 0 ? "runs" : ".";
    rig_machine_look(sipp, run_as, out, &facts);
    f->n = rig_machine_judge(&facts, f->items);
    judge_gnuplot(&f->items[f->n++]);
    for (size_t i = 0; i < f->n; i++) {
        f->n_missing += f->items[i].state == RIG_MACHINE_MISSING;
        f->n_weak += f->items[i].state == RIG_MACHINE_WEAK;
    }
}

/* A command is one line whatever the width: it is there to be copied. */
static void print_item(const rig_machine_item *item)
{
    static const char *const words[] = {[RIG_MACHINE_OK] = N_("ok"),
                                        [RIG_MACHINE_WEAK] = N_("weak"),
                                        [RIG_MACHINE_MISSING] = N_("MISSING")};
    rig_console_say("%s %s %s", rig_console_cell(words[item->state], -8).text,
                    rig_cell(rig_console_retell(item->name).text, -16).text,
                    rig_console_retell(item->found).text);
    if (item->state == RIG_MACHINE_OK)
        return;
    rig_console_say("         expected: %s", rig_console_retell(item->expected).text);
    if (item->mend[0] != '\0')
        printf("         %s\n", item->mend);
    else
        rig_console_say("         no command mends it");
}

static void print_text(const findings *f)
{
    for (size_t i = 0; i < f->n; i++)
        print_item(&f->items[i]);
    if (f->n_missing > 0)
        rig_console_say("No run works here: %zu missing, %zu weak.", f->n_missing, f->n_weak);
    else if (f->n_weak > 0)
        rig_console_say("Runs work here; %zu weak.", f->n_weak);
    else
        rig_console_say("All is there.");
}

static rig_status print_json(const findings *f, rig_error *err)
{
    json_t *document = NULL;
    rig_json_builder b;
    rig_json_begin(&b);
    rig_json_add_text(&b, "format", "peakrig doctor 1");
    rig_json_add_text(&b, "peakrig", PEAKRIG_VERSION);
    rig_json_add_truth(&b, "runs_work", f->n_missing == 0);
    rig_json_add_count(&b, "missing", f->n_missing);
    rig_json_add_count(&b, "weak", f->n_weak);
    rig_json_open_list(&b, "items");
    for (size_t i = 0; i < f->n; i++) {
        const rig_machine_item *item = &f->items[i];
        rig_json_open_object(&b, NULL);
        rig_json_add_text(&b, "name", item->name);
        rig_json_add_text(&b, "state", rig_machine_state_name(item->state));
        rig_json_add_text(&b, "found", item->found);
        rig_json_add_text(&b, "expected", item->expected);
        rig_json_add_text(&b, "mend", item->mend[0] != '\0' ? item->mend : NULL);
        rig_json_close(&b);
    }
    rig_json_close(&b);
    rig_status status = rig_json_end(&b, &document);
    if (status != RIG_OK)
        return rig_fail(err, status, "doctor: %s", rig_status_text(status));
    status = rig_json_print(document, RIG_JSON_DIGITS, stdout, err);
    json_decref(document);
    return status;
}

int rig_cmd_doctor(int argc, char **argv)
{
    const char *sipp = NULL, *user = NULL, *out = NULL;
    bool is_json = false;
    const rig_option table[] = {
        {"sipp", 0, RIG_OPTION_TEXT, &sipp, "PROGRAM", P_("SIPp (found in PATH)")},
        {"user", 0, RIG_OPTION_TEXT, &user, "NAME",
         P_("as root: ask SIPp as this user (who called sudo)")},
        {"out", 'o', RIG_OPTION_TEXT, &out, "DIR",
         P_("the folder where runs will be written (runs, or this one)")},
        {"json", 0, RIG_OPTION_FLAG, &is_json, NULL, P_("one JSON document on standard output")},
        {.name = NULL}};
    rig_texts operands;
    int exit_code;
    if (!rig_options_read(argc, argv, &usage, table, &operands, &exit_code))
        return exit_code;
    if (operands.n != 0)
        return rig_console_usage("doctor", "expected no operand; what one scenario needs: "
                                           "peakrig check SCENARIO");
    rig_error err = {0};
    rig_run_as run_as = {.is_set = false};
    findings found = {.n = 0};
    rig_status status = rig_privilege_find_user(user, &run_as, &err);
    if (status != RIG_OK)
        return rig_console_fail(&err);
    look(sipp, &run_as, out, &found);
    if (is_json)
        status = print_json(&found, &err);
    else
        print_text(&found);
    if (status != RIG_OK)
        return rig_console_fail(&err);
    return found.n_missing > 0 ? rig_status_exit_code(RIG_EENV) : 0;
}
