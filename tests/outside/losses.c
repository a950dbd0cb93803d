/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program outside the tree, as a user would write it: where the calls of a capture were lost, and
 * what Erlang B says of the traffic. Built with pkg-config alone (docs/libraries.md):
 *
 *     cc losses.c $(pkg-config --cflags --libs peakrig-models peakrig-analyzer) -o losses
 *     ./losses capture.pcap 314 270 */
#include <stdio.h>
#include <stdlib.h>

#include <peakrig/analyzer/analyzer.h>
#include <peakrig/models/erlang_b.h>

int main(int argc, char **argv)
{
    rig_error err = {0};
    rig_analyzer *analyzer = NULL;
    rig_calls *calls = NULL;
    double p_block = 0;
    if (argc != 4)
        return 2;
    rig_status status = rig_erlang_b(atof(argv[2]), (uint32_t)atoi(argv[3]), &p_block, &err);
    if (status == RIG_OK)
        status = rig_analyzer_new(&analyzer, &err);
    if (status == RIG_OK)
        status = rig_analyze_file(argv[1], analyzer, &err);
    if (status == RIG_OK)
        status = rig_analyzer_finish(analyzer, &calls, &err);
    if (status == RIG_OK) {
        for (size_t i = 0; i < calls->n; i++)
            printf("%s %s\n", calls->items[i].call_id, rig_outcome_name(calls->items[i].outcome));
        printf("Erlang B: %.6f\n", p_block);
    } else {
        fprintf(stderr, "losses: %s\n", err.text);
    }
    rig_calls_free(calls);
    rig_analyzer_free(analyzer);
    return rig_status_exit_code(status);
}
