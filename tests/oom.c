/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/oom.h"

#include "tests/test.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static atomic_long n_left = -1; /* allocations that still succeed; < 0: all do */
static atomic_long n_asked, n_live;
static atomic_int mode, n_refused;

static int is_refused(void)
{
    atomic_fetch_add(&n_asked, 1);
    long left = atomic_load(&n_left);
    if (left < 0)
        return 0;
    if (left > 0) {
        atomic_store(&n_left, left - 1);
        return 0;
    }
    if (atomic_load(&mode) == OOM_ONCE)
        atomic_store(&n_left, -1);
    atomic_fetch_add(&n_refused, 1);
    errno = ENOMEM;
    return 1;
}

/* A new block, or none. */
static void *counted(void *p)
{
    if (p != NULL)
        atomic_fetch_add(&n_live, 1);
    return p;
}

void oom_allow(oom_mode how, long n)
{
    atomic_store(&mode, how);
    atomic_store(&n_refused, 0);
    atomic_store(&n_left, n);
}

int oom_end(void)
{
    atomic_store(&n_left, -1);
    return atomic_load(&n_refused) > 0;
}

long oom_count(void)
{
    return atomic_exchange(&n_asked, 0);
}

/* ---- what our objects allocate with: -Wl,--wrap=... ---- */

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t n);
void *__real_realloc(void *p, size_t n);
void *__real_reallocarray(void *p, size_t n, size_t size);
void __real_free(void *p);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t n);
int __real_vasprintf(char **text, const char *format, va_list args);
FILE *__real_open_memstream(char **text, size_t *n);
FILE *__real_fopen(const char *path, const char *how);
ssize_t __real_getline(char **line, size_t *n, FILE *stream);

void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t n);
void *__wrap_realloc(void *p, size_t n);
void *__wrap_reallocarray(void *p, size_t n, size_t size);
void __wrap_free(void *p);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t n);
int __wrap_vasprintf(char **text, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
/* What they become where the headers of libc check them (_FORTIFY_SOURCE). */
int __wrap___vasprintf_chk(char **text, int flag, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));
int __wrap___asprintf_chk(char **text, int flag, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int __wrap_asprintf(char **text, const char *format, ...) __attribute__((format(printf, 2, 3)));
FILE *__wrap_open_memstream(char **text, size_t *n);
FILE *__wrap_fopen(const char *path, const char *how);
ssize_t __wrap_getline(char **line, size_t *n, FILE *stream);

void *__wrap_malloc(size_t n)
{
    return is_refused() ? NULL : counted(__real_malloc(n));
}

void *__wrap_calloc(size_t n, size_t size)
{
    return is_refused() ? NULL : counted(__real_calloc(n, size));
}

void *__wrap_aligned_alloc(size_t alignment, size_t n)
{
    return is_refused() ? NULL : counted(__real_aligned_alloc(alignment, n));
}

void *__wrap_realloc(void *p, size_t n)
{
    if (is_refused())
        return NULL;
    return p == NULL ? counted(__real_realloc(p, n)) : __real_realloc(p, n);
}

void *__wrap_reallocarray(void *p, size_t n, size_t size)
{
    if (is_refused())
        return NULL;
    return p == NULL ? counted(__real_reallocarray(p, n, size)) : __real_reallocarray(p, n, size);
}

void __wrap_free(void *p)
{
    if (p != NULL)
        atomic_fetch_sub(&n_live, 1);
    __real_free(p);
}

char *__wrap_strdup(const char *text)
{
    return is_refused() ? NULL : counted(__real_strdup(text));
}

char *__wrap_strndup(const char *text, size_t n)
{
    return is_refused() ? NULL : counted(__real_strndup(text, n));
}

int __wrap___vasprintf_chk(char **text, int flag, const char *format, va_list args)
{
    (void)flag;
    return __wrap_vasprintf(text, format, args);
}

int __wrap___asprintf_chk(char **text, int flag, const char *format, ...)
{
    va_list args;
    (void)flag;
    va_start(args, format);
    int n = __wrap_vasprintf(text, format, args);
    va_end(args);
    return n;
}

int __wrap_vasprintf(char **text, const char *format, va_list args)
{
    if (is_refused())
        return -1;
    int n = __real_vasprintf(text, format, args);
    if (n >= 0)
        (void)counted(*text);
    return n;
}

int __wrap_asprintf(char **text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = __wrap_vasprintf(text, format, args);
    va_end(args);
    return n;
}

/* The stream's own block is the C library's; the text is ours to free. */
FILE *__wrap_open_memstream(char **text, size_t *n)
{
    return is_refused() ? NULL : counted(__real_open_memstream(text, n));
}

FILE *__wrap_fopen(const char *path, const char *how)
{
    return is_refused() ? NULL : __real_fopen(path, how);
}

ssize_t __wrap_getline(char **line, size_t *n, FILE *stream)
{
    if (is_refused())
        return -1;
    const char *was = *line;
    ssize_t got = __real_getline(line, n, stream);
    if (was == NULL && *line != NULL)
        atomic_fetch_add(&n_live, 1);
    return got;
}

/* ---- for libraries that can be told what to allocate with ---- */

void *oom_malloc(unsigned long n)
{
    return __wrap_malloc(n);
}

void oom_free(void *p)
{
    __wrap_free(p);
}

/* ---- the sweep ---- */

enum { MAX_ALLOCATIONS = 200000 };

static void sweep(const oom_case *c, oom_mode how, long n_least)
{
    static const char *const names[] = {"from", "once"};
    for (long n = 0; n < MAX_ALLOCATIONS; n++) {
        rig_error err = {.text = ""};
        const long live = atomic_load(&n_live);
        oom_allow(how, n);
        rig_status status = c->make(c->ctx, &err);
        const int was_refused = oom_end();
        if (status != RIG_OK && status != RIG_ENOMEM)
            fail_msg("%s: %s allocation %ld: status %d: %s", c->name, names[how], n, (int)status,
                     err.text);
        if (status != RIG_OK && !was_refused)
            fail_msg("%s: fails without a refusal: %s", c->name, err.text);
        if (status != RIG_OK && !c->has_no_text && err.text[0] == '\0')
            fail_msg("%s: %s allocation %ld: no message", c->name, names[how], n);
        if (status == RIG_OK)
            c->check(c->ctx);
        else if (c->refused != NULL)
            c->refused(c->ctx);
        if (atomic_load(&n_live) != live)
            fail_msg("%s: %s allocation %ld, status %d: %ld blocks leaked", c->name, names[how], n,
                     (int)status, atomic_load(&n_live) - live);
        if (!was_refused) {
            if (n < n_least)
                fail_msg("%s: only %ld allocations; expected at least %ld", c->name, n, n_least);
            return;
        }
    }
    fail_msg("%s: no end", c->name);
}

void oom_sweep(const oom_case *c)
{
    rig_error err = {.text = ""};
    /* first as it is: libraries keep some memory from their first use on */
    if (c->make(c->ctx, &err) != RIG_OK)
        fail_msg("%s: fails with memory: %s", c->name, err.text);
    c->check(c->ctx);
    sweep(c, OOM_FROM, c->n_least);
    sweep(c, OOM_ONCE, c->n_least);
}
