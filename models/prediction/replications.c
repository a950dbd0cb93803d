/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/replications.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

/* Of one prediction that is simulated by this process alone. */
#define PROGRESS_PERIOD_S 0.1

/* Shared by the threads. `lock` guards all below it. */
struct rig_replications {
    const rig_replications_input *input;
    pthread_t threads[RIG_MOST_THREADS];
    pthread_mutex_t lock;
    pthread_cond_t given, changed;
    uint32_t *queue; /* replications, as they were given */
    uint32_t n_given, n_started, n_done;
    uint32_t n_wanted; /* who waits is woken when so many are done */
    bool *is_done;
    bool is_over;
    rig_status status;
    rig_error error;
};

const rig_replications_input *rig_replications_of(const rig_replications *replications)
{
    return replications->input;
}

double *rig_replications_rows(const rig_replications *replications, uint32_t first)
{
    return replications->input->rows + first * replications->input->n_columns;
}

/* --- a thread --------------------------------------------------------------------------------- */

/* With the lock held. */
static void fail(rig_replications *p, rig_status status, const rig_error *error)
{
    if (p->status != RIG_OK)
        return;
    p->status = status;
    p->error = *error;
}

static void check_stop(rig_replications *p)
{
    rig_error error = {0};
    if (p->status == RIG_OK && rig_stop_is_set(p->input->stop))
        fail(p, rig_fail(&error, RIG_ECANCELLED, "prediction: stopped by the user"), &error);
}

/* The next one, or false: there will be none. With the lock held, but while it waits. */
static bool next(rig_replications *p, uint32_t *r)
{
    for (;;) {
        check_stop(p);
        if (p->status != RIG_OK || p->is_over)
            return false;
        if (p->n_started < p->n_given)
            break;
        pthread_cond_wait(&p->given, &p->lock);
    }
    *r = p->queue[p->n_started++];
    return true;
}

static void *work(void *arg)
{
    rig_replications *p = arg;
    const rig_replicate *how = &p->input->replicate;
    rig_error error = {0};
    void *worker = NULL;
    uint32_t r;
    rig_status status = how->begin(how->ctx, &worker);
    pthread_mutex_lock(&p->lock);
    if (status != RIG_OK)
        fail(p, status, &error);
    while (next(p, &r)) {
        pthread_mutex_unlock(&p->lock);
        status = how->simulate(how->ctx, worker, r, rig_replications_rows(p, r), &error);
        pthread_mutex_lock(&p->lock);
        if (status != RIG_OK) {
            fail(p, status, &error);
            break;
        }
        p->is_done[r] = true;
        if (++p->n_done >= p->n_wanted)
            pthread_cond_signal(&p->changed);
    }
    pthread_cond_signal(&p->changed);
    pthread_cond_broadcast(&p->given); /* a failure is everybody's */
    pthread_mutex_unlock(&p->lock);
    how->end(worker);
    return NULL;
}

/* --- who deals -------------------------------------------------------------------------------- */

void rig_replications_give(rig_replications *p, uint32_t first, uint32_t n)
{
    pthread_mutex_lock(&p->lock);
    for (uint32_t i = 0; i < n; i++)
        p->queue[p->n_given++] = first + i;
    pthread_cond_broadcast(&p->given);
    pthread_mutex_unlock(&p->lock);
}

bool rig_replications_are_done(rig_replications *p, uint32_t first, uint32_t n)
{
    pthread_mutex_lock(&p->lock);
    uint32_t i = 0;
    while (i < n && p->is_done[first + i])
        i++;
    pthread_mutex_unlock(&p->lock);
    return i == n;
}

static struct timespec in(double seconds)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += (long)(seconds * 1e9);
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    return until;
}

/* Wait until n_wanted are done in this process, or a thread has failed, or the time is over. */
static rig_status wait_for(rig_replications *p, uint32_t n_wanted, double timeout_s,
                           uint32_t *n_done, rig_error *err)
{
    const struct timespec until = in(timeout_s);
    pthread_mutex_lock(&p->lock);
    p->n_wanted = n_wanted;
    check_stop(p);
    while (p->status == RIG_OK && p->n_done < n_wanted &&
           pthread_cond_timedwait(&p->changed, &p->lock, &until) == 0)
        continue;
    check_stop(p);
    *n_done = p->n_done;
    const rig_status status = p->status;
    if (status != RIG_OK && err != NULL)
        *err = p->error;
    pthread_mutex_unlock(&p->lock);
    return status;
}

rig_status rig_replications_wait(rig_replications *p, double timeout_s, uint32_t *n_done,
                                 rig_error *err)
{
    return wait_for(p, *n_done + 1, timeout_s, n_done, err);
}

void rig_replications_progress(const rig_replications *p, uint32_t n_done)
{
    if (p->input->progress != NULL)
        p->input->progress(p->input->progress_ctx, n_done, p->input->n);
}

/* --- all of it -------------------------------------------------------------------------------- */

/* rig_team's, of this process alone. */
static rig_status simulate_alone(rig_replications *p, rig_error *err)
{
    rig_status status = RIG_OK;
    uint32_t n_done = 0;
    rig_replications_give(p, 0, p->input->n);
    while (status == RIG_OK && n_done < p->input->n) {
        status = wait_for(p, p->input->n, PROGRESS_PERIOD_S, &n_done, err);
        rig_replications_progress(p, n_done);
    }
    return status;
}

static bool make(const rig_replications_input *input, rig_replications *p)
{
    pthread_condattr_t attributes;
    p->input = input;
    p->queue = calloc(input->n, sizeof *p->queue);
    p->is_done = calloc(input->n, sizeof *p->is_done);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->given, NULL);
    pthread_cond_init(&p->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    return p->queue != NULL && p->is_done != NULL;
}

static void destroy(rig_replications *p)
{
    pthread_cond_destroy(&p->changed);
    pthread_cond_destroy(&p->given);
    pthread_mutex_destroy(&p->lock);
    free(p->is_done);
    free(p->queue);
    free(p);
}

/* @return the threads that there are. */
static uint32_t start_threads(rig_replications *p)
{
    uint32_t n = 0;
    while (n < p->input->n_threads && pthread_create(&p->threads[n], NULL, work, p) == 0)
        n++;
    if (n == 0)
        p->status = RIG_ENOMEM;
    return n;
}

rig_status rig_replications_simulate(const rig_replications_input *input, const rig_team *team,
                                     rig_error *err)
{
    rig_replications *p = calloc(1, sizeof *p);
    if (p == NULL)
        return RIG_ENOMEM;
    if (!make(input, p)) {
        destroy(p);
        return RIG_ENOMEM;
    }
    const uint32_t n = start_threads(p);
    const rig_status status =
        team != NULL ? team->simulate(team->ctx, p, err) : simulate_alone(p, err);
    pthread_mutex_lock(&p->lock);
    p->is_over = true;
    pthread_cond_broadcast(&p->given);
    pthread_mutex_unlock(&p->lock);
    for (uint32_t i = 0; i < n; i++)
        pthread_join(p->threads[i], NULL);
    destroy(p);
    return status;
}
