/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The subcommands: each gets the words from its own name on, and returns the exit code. */
#ifndef RIG_CLI_COMMAND_H
#define RIG_CLI_COMMAND_H

int rig_cmd_analyze(int argc, char **argv);
int rig_cmd_check(int argc, char **argv);
int rig_cmd_compare(int argc, char **argv);
int rig_cmd_diff(int argc, char **argv);
int rig_cmd_doctor(int argc, char **argv);
int rig_cmd_erlang(int argc, char **argv);
int rig_cmd_history(int argc, char **argv);
int rig_cmd_keys(int argc, char **argv);
int rig_cmd_plan(int argc, char **argv);
int rig_cmd_predict(int argc, char **argv);
int rig_cmd_recipe(int argc, char **argv);
int rig_cmd_report(int argc, char **argv);
int rig_cmd_run(int argc, char **argv);
int rig_cmd_schedule(int argc, char **argv);
int rig_cmd_target(int argc, char **argv);
int rig_cmd_trend(int argc, char **argv);

#endif
