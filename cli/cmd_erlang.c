#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/options.h"
#include "core/slice.h"
#include "models/erlang.h"

static const rig_usage_text usage = {
    "erlang", "b ERLANG CIRCUITS",
    "Erlang B: the share of calls blocked when ERLANG (offered traffic, a number >= 0) meets\n"
    "CIRCUITS (a whole number >= 0) and blocked calls do not come back."};

int rig_cmd_erlang(int argc, char **argv)
{
    static const rig_option no_options[] = {{.name = NULL}};
    rig_texts operands;
    int exit_code;
    if (!rig_options_read(argc, argv, &usage, no_options, &operands, &exit_code))
        return exit_code;
    if (operands.n == 0 || strcmp(operands.items[0], "b") != 0)
        return rig_console_usage("erlang", "\"%s\" is not a formula; expected b",
                                 operands.n > 0 ? operands.items[0] : "");
    if (operands.n != 3)
        return rig_console_usage("erlang", "expected b ERLANG CIRCUITS");
    char *end = NULL;
    double offered_erl = strtod(operands.items[1], &end);
    if (end == operands.items[1] || *end != '\0' || !isfinite(offered_erl) || offered_erl < 0.0)
        return rig_console_usage("erlang", "ERLANG \"%s\"; expected a number >= 0",
                                 operands.items[1]);
    uint64_t n_circuits = 0;
    if (!rig_slice_u64(rig_slice_of(operands.items[2]), &n_circuits) || n_circuits > 100000000)
        return rig_console_usage("erlang",
                                 "CIRCUITS \"%s\"; expected a whole number from 0 to 100000000",
                                 operands.items[2]);
    double p_block = 0.0;
    rig_error err = {0};
    err.status = rig_erlang_b(offered_erl, (uint32_t)n_circuits, &p_block);
    if (err.status != RIG_OK)
        return rig_console_fail(&err);
    printf("%.9g\n", p_block);
    return 0;
}
