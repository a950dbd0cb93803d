/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ranks/messages.h"

#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/clock.h"

#define TAG_MESSAGE 1
#define TAG_ROWS    2

/* Numbers or bytes of one message: less than an int counts. */
#define MOST_AT_ONCE ((size_t)1 << 24)

/* MPI's own waiting keeps a processor busy, which a thread of ours needs. */
#define NAP_NS 100000L

static rig_rank_site find_site(void)
{
    rig_rank_site site = {.host = ""};
    if (gethostname(site.host, sizeof site.host - 1) != 0)
        (void)strcpy(site.host, "?");
    if (sched_getaffinity(0, sizeof site.processors, &site.processors) != 0)
        CPU_ZERO(&site.processors);
    FILE *in = fopen("/proc/sys/kernel/random/boot_id", "re");
    if (in == NULL || fgets(site.boot, sizeof site.boot, in) == NULL)
        site.boot[0] = '\0';
    if (in != NULL)
        (void)fclose(in);
    return site;
}

rig_status rig_message_open(uint32_t *rank, uint32_t *n_ranks, rig_rank_site **sites,
                            rig_error *err)
{
    int level, own_rank, n;
    const rig_rank_site own = find_site();
    if (MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &level) != MPI_SUCCESS)
        return rig_fail(err, RIG_EENV, "Open MPI cannot be started (MPI_Init_thread)");
    MPI_Comm_rank(MPI_COMM_WORLD, &own_rank);
    MPI_Comm_size(MPI_COMM_WORLD, &n);
    rig_rank_site *all = calloc((size_t)n, sizeof *all);
    if (level < MPI_THREAD_FUNNELED || all == NULL) {
        free(all);
        MPI_Abort(MPI_COMM_WORLD,
                  rig_status_exit_code(RIG_EENV)); /* the others wait for this one */
        return rig_fail(err, RIG_EENV, "Open MPI cannot be used: no threads, or out of memory");
    }
    MPI_Allgather(&own, sizeof own, MPI_BYTE, all, sizeof own, MPI_BYTE, MPI_COMM_WORLD);
    *rank = (uint32_t)own_rank;
    *n_ranks = (uint32_t)n;
    *sites = all;
    return RIG_OK;
}

void rig_message_close(void)
{
    MPI_Finalize();
}

void rig_message_send(uint32_t to, const rig_message *message)
{
    const size_t n = offsetof(rig_message, text) + strlen(message->text) + 1;
    MPI_Send(message, (int)n, MPI_BYTE, (int)to, TAG_MESSAGE, MPI_COMM_WORLD);
}

static bool take(int source, rig_message *message, uint32_t *from)
{
    int is_there = 0;
    MPI_Status status;
    MPI_Iprobe(source, TAG_MESSAGE, MPI_COMM_WORLD, &is_there, &status);
    if (is_there == 0)
        return false;
    *from = (uint32_t)status.MPI_SOURCE;
    MPI_Recv(message, sizeof *message, MPI_BYTE, status.MPI_SOURCE, TAG_MESSAGE, MPI_COMM_WORLD,
             MPI_STATUS_IGNORE);
    return true;
}

static void wait_for(int source, rig_message *message, uint32_t *from)
{
    const struct timespec nap = {.tv_nsec = NAP_NS};
    while (!take(source, message, from))
        (void)nanosleep(&nap, NULL);
}

bool rig_message_take(rig_message *message, uint32_t *from)
{
    return take(MPI_ANY_SOURCE, message, from);
}

void rig_message_wait(rig_message *message, uint32_t *from)
{
    wait_for(MPI_ANY_SOURCE, message, from);
}

void rig_message_wait_for(uint32_t from, rig_message *message)
{
    wait_for((int)from, message, &from);
}

void rig_message_send_rows(uint32_t to, const double *rows, size_t n)
{
    for (size_t done = 0; done < n; done += MOST_AT_ONCE) {
        const size_t part = n - done < MOST_AT_ONCE ? n - done : MOST_AT_ONCE;
        MPI_Send(rows + done, (int)part, MPI_DOUBLE, (int)to, TAG_ROWS, MPI_COMM_WORLD);
    }
}

void rig_message_take_rows(uint32_t from, double *rows, size_t n)
{
    for (size_t done = 0; done < n; done += MOST_AT_ONCE) {
        const size_t part = n - done < MOST_AT_ONCE ? n - done : MOST_AT_ONCE;
        MPI_Recv(rows + done, (int)part, MPI_DOUBLE, (int)from, TAG_ROWS, MPI_COMM_WORLD,
                 MPI_STATUS_IGNORE);
    }
}

void rig_message_spread(void *data, size_t n)
{
    for (size_t done = 0; done < n; done += MOST_AT_ONCE) {
        const size_t part = n - done < MOST_AT_ONCE ? n - done : MOST_AT_ONCE;
        MPI_Bcast((char *)data + done, (int)part, MPI_BYTE, 0, MPI_COMM_WORLD);
    }
}

struct rig_message_outbox {
    rig_message_outbox *next;
    MPI_Request request;
    unsigned char data[];
};

/* Take out what has left. */
static void clear_sent(rig_message_outbox **at)
{
    while (*at != NULL) {
        rig_message_outbox *letter = *at;
        int is_sent = 0;
        MPI_Test(&letter->request, &is_sent, MPI_STATUS_IGNORE);
        if (is_sent == 0) {
            at = &letter->next;
            continue;
        }
        *at = letter->next;
        free(letter);
    }
}

rig_status rig_message_post(rig_message_outbox **outbox, uint32_t to, rig_message_channel channel,
                            const void *data, size_t n)
{
    rig_message_outbox *letter = malloc(sizeof *letter + n);
    if (letter == NULL)
        return RIG_ENOMEM;
    memcpy(letter->data, data, n);
    MPI_Isend(letter->data, (int)n, MPI_BYTE, (int)to, (int)channel, MPI_COMM_WORLD,
              &letter->request);
    letter->next = *outbox;
    *outbox = letter;
    clear_sent(outbox);
    return RIG_OK;
}

void rig_message_outbox_free(rig_message_outbox *outbox)
{
    clear_sent(&outbox);
}

bool rig_message_poll(uint32_t from, rig_message_channel channel, void *data, size_t size,
                      uint32_t *whose)
{
    const int source = from == RIG_ANY_RANK ? MPI_ANY_SOURCE : (int)from;
    int is_there = 0;
    MPI_Status status;
    MPI_Iprobe(source, (int)channel, MPI_COMM_WORLD, &is_there, &status);
    if (is_there == 0)
        return false;
    *whose = (uint32_t)status.MPI_SOURCE;
    MPI_Recv(data, (int)size, MPI_BYTE, status.MPI_SOURCE, (int)channel, MPI_COMM_WORLD,
             MPI_STATUS_IGNORE);
    return true;
}

void rig_message_send_bytes(uint32_t to, const void *data, size_t n)
{
    for (size_t done = 0; done < n; done += MOST_AT_ONCE) {
        const size_t part = n - done < MOST_AT_ONCE ? n - done : MOST_AT_ONCE;
        MPI_Send((const char *)data + done, (int)part, MPI_BYTE, (int)to, RIG_CHANNEL_BULK,
                 MPI_COMM_WORLD);
    }
}

/* One part. */
static bool take_part(uint32_t from, void *data, size_t n, double patience_s)
{
    const struct timespec nap = {.tv_nsec = NAP_NS};
    const int64_t until_ns = rig_clock_monotonic_ns() + rig_clock_ns_of_s(patience_s);
    MPI_Request request;
    int is_done = 0;
    MPI_Irecv(data, (int)n, MPI_BYTE, (int)from, RIG_CHANNEL_BULK, MPI_COMM_WORLD, &request);
    MPI_Test(&request, &is_done, MPI_STATUS_IGNORE);
    while (is_done == 0 && rig_clock_monotonic_ns() < until_ns) {
        (void)nanosleep(&nap, NULL);
        MPI_Test(&request, &is_done, MPI_STATUS_IGNORE);
    }
    if (is_done == 0) {
        MPI_Cancel(&request);
        MPI_Request_free(&request);
    }
    return is_done != 0;
}

bool rig_message_take_bytes(uint32_t from, void *data, size_t n, double patience_s)
{
    for (size_t done = 0; done < n; done += MOST_AT_ONCE) {
        const size_t part = n - done < MOST_AT_ONCE ? n - done : MOST_AT_ONCE;
        if (!take_part(from, (char *)data + done, part, patience_s))
            return false;
    }
    return true;
}

void rig_message_gather(const void *own, void *all, size_t n)
{
    MPI_Gather(own, (int)n, MPI_BYTE, all, (int)n, MPI_BYTE, 0, MPI_COMM_WORLD);
}

void rig_message_scatter(const void *all, void *own, size_t n)
{
    MPI_Scatter(all, (int)n, MPI_BYTE, own, (int)n, MPI_BYTE, 0, MPI_COMM_WORLD);
}
