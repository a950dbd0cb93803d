/* The calculator's formulas: each gets the words from its own name on, and returns the exit code.
 */
#ifndef RIG_CLI_ERLANG_ERLANG_H
#define RIG_CLI_ERLANG_ERLANG_H

int rig_cmd_erlang_b(int argc, char **argv);
int rig_cmd_erlang_extended(int argc, char **argv);
int rig_cmd_erlang_engset(int argc, char **argv);
int rig_cmd_erlang_gi(int argc, char **argv);
int rig_cmd_erlang_kaufman(int argc, char **argv);
int rig_cmd_erlang_c(int argc, char **argv);
int rig_cmd_erlang_a(int argc, char **argv);
int rig_cmd_erlang_mmck(int argc, char **argv);
int rig_cmd_erlang_overflow(int argc, char **argv);
int rig_cmd_erlang_wilkinson(int argc, char **argv);
int rig_cmd_erlang_hayward(int argc, char **argv);
int rig_cmd_erlang_psa(int argc, char **argv);
int rig_cmd_erlang_mol(int argc, char **argv);

#endif
