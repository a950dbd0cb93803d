/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ranks/ranks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/digest.h"
#include "ranks/state.h"

/* The processor's instructions and the layout of messages are the program's. */
static rig_status agree_on_program(rig_ranks *ranks, rig_error *err)
{
    char sha256[RIG_SHA256_TEXT_SIZE] = "", text[160] = "";
    const rig_status status = rig_digest_file("/proc/self/exe", sha256, err);
    if (status == RIG_OK)
        (void)snprintf(text, sizeof text, PEAKRIG_VERSION " with SHA-256 %.16s", sha256);
    return rig_ranks_agree(ranks, "program", text, status, err);
}

static rig_status agree_on_words(rig_ranks *ranks, int argc, char *const *words, rig_error *err)
{
    rig_digest *digest = rig_digest_new();
    char sha256[RIG_SHA256_TEXT_SIZE], text[160] = "", line[80];
    rig_status status = RIG_OK;
    if (digest == NULL)
        status = rig_fail(err, RIG_ENOMEM, "out of memory");
    size_t n = 0;
    for (int i = 0; i < argc && status == RIG_OK; i++) {
        rig_digest_add(digest, words[i], strlen(words[i]) + 1);
        if (n < sizeof line)
            n += (size_t)snprintf(line + n, sizeof line - n, "%s%s", i > 0 ? " " : "", words[i]);
    }
    if (status == RIG_OK) {
        rig_digest_text(digest, sha256);
        (void)snprintf(text, sizeof text, "\"%s\" (SHA-256 %.16s)", line, sha256);
    }
    rig_digest_free(digest);
    return rig_ranks_agree(ranks, "command line", text, status, err);
}

static void count_threads(rig_ranks *r)
{
    for (uint32_t rank = 0; rank < r->n_ranks; rank++) {
        r->peers[rank].n_threads = rig_rank_threads(r->sites, r->n_ranks, rank);
        r->n_threads += r->peers[rank].n_threads;
    }
}

rig_status rig_ranks_begin(int argc, char *const *words, rig_ranks **ranks, rig_error *err)
{
    *ranks = NULL;
    rig_ranks *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    rig_status status = rig_message_open(&made->rank, &made->n_ranks, &made->sites, err);
    if (status != RIG_OK) {
        free(made);
        return status;
    }
    *ranks = made;
    made->peers = calloc(made->n_ranks, sizeof *made->peers);
    if (made->peers == NULL)
        return rig_fail(err, RIG_ENOMEM,
                        "out of memory"); /* no round: the others learn by its end */
    count_threads(made);
    made->team = (rig_team){made->rank == 0 ? rig_leader_simulate : rig_member_simulate, made,
                            made->peers[made->rank].n_threads};
    status = agree_on_program(made, err);
    return status == RIG_OK ? agree_on_words(made, argc, words, err) : status;
}

bool rig_ranks_is_leader(const rig_ranks *ranks)
{
    return ranks == NULL || ranks->rank == 0;
}

const rig_team *rig_ranks_team(const rig_ranks *ranks)
{
    return ranks != NULL ? &ranks->team : NULL;
}

rig_status rig_ranks_agree(rig_ranks *ranks, const char *what, const char *text, rig_status status,
                           rig_error *err)
{
    const rig_rank_word word = {what, text, status};
    if (ranks == NULL)
        return status;
    return ranks->rank == 0 ? rig_leader_agree(ranks, &word, err)
                            : rig_member_agree(ranks, &word, err);
}

rig_status rig_ranks_spread(rig_ranks *ranks, char **data, size_t *n, rig_error *err)
{
    uint64_t size = *n;
    rig_status status = RIG_OK;
    if (ranks == NULL)
        return RIG_OK;
    rig_message_spread(&size, sizeof size);
    char *bytes = ranks->rank == 0 ? *data : malloc((size_t)size + 1);
    if (bytes == NULL)
        status = rig_fail(err, RIG_ENOMEM, "out of memory");
    status = rig_ranks_agree(ranks, "step", "memory for a file", status, err);
    if (status == RIG_OK)
        rig_message_spread(bytes, (size_t)size + 1);
    if (status == RIG_OK) {
        *data = bytes;
        *n = (size_t)size;
    } else if (ranks->rank != 0) {
        free(bytes);
    }
    return status;
}

int rig_ranks_end(rig_ranks *ranks, int exit_code, rig_error *err)
{
    if (ranks == NULL)
        return exit_code;
    bool is_lost = false;
    if (ranks->rank == 0)
        is_lost = rig_leader_end(ranks, &exit_code, err);
    else
        exit_code = rig_member_end(ranks, exit_code, &is_lost);
    if (!is_lost) /* it waits for all; mpirun ends who is left, for the exit code is not 0 */
        rig_message_close();
    free(ranks->peers);
    free(ranks->sites);
    free(ranks);
    return exit_code;
}
