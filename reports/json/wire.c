/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/wire_json.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#include "reports/json_builder.h"
#include "reports/json_file.h"

static const char format[] = "peakrig wire 1";

/* The members of rig_exchange_totals that are counts. */
#define COUNT(member)                                                                              \
    {                                                                                              \
#member, offsetof(rig_exchange_totals, member)                                             \
    }
static const struct {
    const char *key;
    size_t at;
} counts[] = {COUNT(n_asked),       COUNT(n_late),
              COUNT(n_invites),     COUNT(n_taken),
              COUNT(n_not_found),   COUNT(n_reinvites),
              COUNT(n_updates),     {"n_infos", offsetof(rig_exchange_totals, n_marks)},
              COUNT(n_sent),        COUNT(n_unheard),
              COUNT(n_lost),        COUNT(n_queued),
              COUNT(n_progress),    COUNT(n_other_digests),
              COUNT(n_not_followed)};
enum { N_COUNTS = sizeof counts / sizeof *counts };

static void add_totals(rig_json_builder *b, const char *name, const rig_exchange_totals *t)
{
    rig_json_open_object(b, name);
    for (size_t i = 0; i < N_COUNTS; i++)
        rig_json_add_count(b, counts[i].key,
                           *(const uint64_t *)(const void *)((const char *)t + counts[i].at));
    rig_json_add_real(b, "invite_p99_ms", t->invite_p99_ms);
    rig_json_add_real(b, "invite_max_ms", t->invite_max_ms);
    rig_json_add_count(b, "n_lost_here", t->n_lost_here);
    rig_json_add_count(b, "n_cut_off", t->n_cut_off);
    rig_json_add_real(b, "cut_off_s", t->cut_off_s);
    rig_json_add_text(b, "not_found", t->not_found);
    rig_json_add_count(b, "n_strange", t->n_strange);
    rig_json_add_text(b, "stranger", t->stranger);
    rig_json_close(b);
}

static void add_capture(rig_json_builder *b, const rig_capture_facts *c)
{
    rig_json_open_object(b, "capture");
    rig_json_add_count(b, "n_packets", c->n_packets);
    rig_json_add_count(b, "n_messages", c->n_messages);
    rig_json_add_count(b, "n_cut", c->n_cut);
    rig_json_add_count(b, "n_unreachable", c->n_unreachable);
    rig_json_add_count(b, "n_early", c->n_early);
    rig_json_add_integer(b, "early_max_ns", c->early_max_ns);
    rig_json_add_integer(b, "apart_ns", c->apart_ns);
    rig_json_add_truth(b, "broken", c->is_broken);
    rig_json_close(b);
}

rig_status rig_json_wire_write(const rig_wire_facts *facts, const char *capture_sha256,
                               const char *path, rig_error *err)
{
    json_t *document = NULL;
    rig_json_builder b;
    rig_json_begin(&b);
    rig_json_add_text(&b, "format", format);
    rig_json_add_text(&b, "peakrig", PEAKRIG_VERSION);
    rig_json_open_object(&b, "inputs");
    rig_json_add_text(&b, "capture_sha256", capture_sha256);
    rig_json_close(&b);
    rig_json_add_truth(&b, "known", facts->is_known);
    add_totals(&b, "callers", &facts->callers);
    add_totals(&b, "phones", &facts->phones);
    add_capture(&b, &facts->capture);
    rig_status status = rig_json_end(&b, &document);
    if (status != RIG_OK)
        return rig_fail(err, status, "%s: %s", path, rig_status_text(status));
    status = rig_json_write(document, path, err);
    json_decref(document);
    return status;
}

/* Files of earlier versions have none. */
static rig_status read_strange(const json_t *object, const char *path, const char *name,
                               rig_exchange_totals *t, rig_error *err)
{
    int64_t n = -1;
    const char *who = json_string_value(json_object_get(object, "stranger"));
    if (json_object_get(object, "n_strange") == NULL)
        return RIG_OK;
    if (!rig_json_integer(object, "n_strange", &n) || n < 0 || who == NULL)
        return rig_fail(err, RIG_EINPUT,
                        "%s: %s: expected the number n_strange, at least 0, and the text stranger",
                        path, name);
    t->n_strange = (uint64_t)n;
    (void)snprintf(t->stranger, sizeof t->stranger, "%s", who);
    return RIG_OK;
}

/* Files of earlier versions have none. */
static rig_status read_lost_here(const json_t *object, const char *path, const char *name,
                                 rig_exchange_totals *t, rig_error *err)
{
    int64_t n = -1;
    if (json_object_get(object, "n_lost_here") == NULL)
        return RIG_OK;
    if (!rig_json_integer(object, "n_lost_here", &n) || n < 0)
        return rig_fail(err, RIG_EINPUT, "%s: %s: expected the number n_lost_here, at least 0",
                        path, name);
    t->n_lost_here = (uint64_t)n;
    return RIG_OK;
}

/* Files of earlier versions have none. */
static rig_status read_cut_off(const json_t *object, const char *path, const char *name,
                               rig_exchange_totals *t, rig_error *err)
{
    int64_t n = -1;
    if (json_object_get(object, "n_cut_off") == NULL)
        return RIG_OK;
    t->cut_off_s = rig_json_number(object, "cut_off_s");
    if (!rig_json_integer(object, "n_cut_off", &n) || n < 0 || isnan(t->cut_off_s))
        return rig_fail(err, RIG_EINPUT,
                        "%s: %s: expected the numbers n_cut_off, at least 0, and cut_off_s", path,
                        name);
    t->n_cut_off = (uint64_t)n;
    return RIG_OK;
}

static rig_status read_totals(const json_t *document, const char *path, const char *name,
                              rig_exchange_totals *t, rig_error *err)
{
    const json_t *object = json_object_get(document, name);
    const char *number = json_string_value(json_object_get(object, "not_found"));
    for (size_t i = 0; i < N_COUNTS; i++) {
        int64_t value = -1;
        if (!rig_json_integer(object, counts[i].key, &value) || value < 0)
            return rig_fail(err, RIG_EINPUT,
                            "%s: %s.%s: missing, or not a number of at least 0; expected %s", path,
                            name, counts[i].key, format);
        *(uint64_t *)(void *)((char *)t + counts[i].at) = (uint64_t)value;
    }
    t->invite_p99_ms = rig_json_number(object, "invite_p99_ms");
    t->invite_max_ms = rig_json_number(object, "invite_max_ms");
    if (isnan(t->invite_p99_ms) || isnan(t->invite_max_ms) || number == NULL)
        return rig_fail(
            err, RIG_EINPUT,
            "%s: %s: expected the numbers invite_p99_ms and invite_max_ms, and the text "
            "not_found",
            path, name);
    (void)snprintf(t->not_found, sizeof t->not_found, "%s", number);
    rig_status status = read_strange(object, path, name, t, err);
    if (status == RIG_OK)
        status = read_lost_here(object, path, name, t, err);
    return status == RIG_OK ? read_cut_off(object, path, name, t, err) : status;
}

/* Files of earlier versions have none of it. */
static rig_status read_capture(const json_t *document, const char *path, rig_capture_facts *c,
                               rig_error *err)
{
    const json_t *object = json_object_get(document, "capture");
    int64_t n[4];
    static const char *const keys[] = {"n_packets", "n_messages", "n_cut", "n_early"};
    if (object == NULL)
        return RIG_OK;
    for (size_t i = 0; i < 4; i++) {
        if (!rig_json_integer(object, keys[i], &n[i]) || n[i] < 0)
            return rig_fail(err, RIG_EINPUT,
                            "%s: capture.%s: missing, or not a number of at least 0; expected %s",
                            path, keys[i], format);
    }
    rig_capture_facts read = {.n_packets = (uint64_t)n[0],
                              .n_messages = (uint64_t)n[1],
                              .n_cut = (uint64_t)n[2],
                              .n_early = (uint64_t)n[3],
                              .is_broken = rig_json_is_true(object, "broken")};
    int64_t n_unreachable = 0; /* files of before do not have it */
    if (rig_json_integer(object, "n_unreachable", &n_unreachable) && n_unreachable > 0)
        read.n_unreachable = (uint64_t)n_unreachable;
    if (!rig_json_integer(object, "early_max_ns", &read.early_max_ns) ||
        !rig_json_integer(object, "apart_ns", &read.apart_ns))
        return rig_fail(err, RIG_EINPUT,
                        "%s: capture: expected the numbers early_max_ns and apart_ns", path);
    *c = read;
    return RIG_OK;
}

rig_status rig_json_wire_read(const char *path, rig_wire_facts *facts, rig_error *err)
{
    json_t *document = NULL;
    rig_wire_facts made = {.is_known = false};
    if (access(path, F_OK) != 0) {
        *facts = made;
        return RIG_OK;
    }
    rig_status status = rig_json_read(path, &document, err);
    if (status == RIG_OK)
        status = rig_json_expect_format(document, path, format, err);
    made.is_known = status == RIG_OK && rig_json_is_true(document, "known");
    if (made.is_known)
        status = read_totals(document, path, "callers", &made.callers, err);
    if (made.is_known && status == RIG_OK)
        status = read_totals(document, path, "phones", &made.phones, err);
    if (made.is_known && status == RIG_OK)
        status = read_capture(document, path, &made.capture, err);
    json_decref(document);
    if (status == RIG_OK)
        *facts = made;
    return status;
}
