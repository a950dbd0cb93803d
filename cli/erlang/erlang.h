/* The calculator's formulas: each gets the words from its own name on, and returns the exit code.
 */
#ifndef RIG_CLI_ERLANG_ERLANG_H
#define RIG_CLI_ERLANG_ERLANG_H

int rig_erlang_cmd_b(int argc, char **argv);
int rig_erlang_cmd_extended(int argc, char **argv);
int rig_erlang_cmd_engset(int argc, char **argv);
int rig_erlang_cmd_gi(int argc, char **argv);
int rig_erlang_cmd_kaufman(int argc, char **argv);
int rig_erlang_cmd_c(int argc, char **argv);
int rig_erlang_cmd_a(int argc, char **argv);
int rig_erlang_cmd_mmck(int argc, char **argv);
int rig_erlang_cmd_overflow(int argc, char **argv);
int rig_erlang_cmd_wilkinson(int argc, char **argv);
int rig_erlang_cmd_hayward(int argc, char **argv);
int rig_erlang_cmd_psa(int argc, char **argv);
int rig_erlang_cmd_mol(int argc, char **argv);

#endif
