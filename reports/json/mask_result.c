/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/mask_result.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/json_file.h"

/* Longest text that is masked piece by piece; of a longer one only an identifier is left. */
enum { MAX_TEXT = 16384, MAX_HOST = 256 };

/* ---- which centre ---- */

/* "HOST:PORT" of a target, behind what the rig itself says of it. */
static const char *address_of(const char *target)
{
    static const char embedded[] = "embedded ";
    return target + (strncmp(target, embedded, sizeof embedded - 1) == 0 ? sizeof embedded - 1 : 0);
}

/* Without port and brackets. */
static void host_of(const char *target, char host[MAX_HOST])
{
    const char *from = address_of(target);
    const bool has_brackets = from[0] == '[';
    const char *colon = strrchr(from, ':');
    size_t n = has_brackets    ? strcspn(from + 1, "]")
               : colon != NULL ? (size_t)(colon - from)
                               : strlen(from);
    (void)snprintf(host, MAX_HOST, "%.*s", (int)n, from + has_brackets);
}

static bool is_loopback(const char *address)
{
    struct in_addr v4;
    struct in6_addr v6;
    if (inet_pton(AF_INET, address, &v4) == 1)
        return ntohl(v4.s_addr) >> 24 == 127;
    if (inet_pton(AF_INET6, address, &v6) != 1)
        return false;
    return IN6_IS_ADDR_LOOPBACK(&v6) || (IN6_IS_ADDR_V4MAPPED(&v6) && v6.s6_addr[12] == 127);
}

static const char *run_text(const json_t *result, const char *key)
{
    const char *text = json_string_value(json_object_get(json_object_get(result, "run"), key));
    return text != NULL ? text : "";
}

bool rig_result_is_of_this_machine(const json_t *result)
{
    char host[MAX_HOST];
    const char *address = run_text(result, "target_address");
    if (address[0] != '\0')
        return is_loopback(address);
    host_of(run_text(result, "target"), host);
    return is_loopback(host);
}

/* ---- texts ---- */

typedef struct masking {
    const rig_mask *mask;
    const char *const *names;
    size_t n_names;
    const json_t *hosts; /* load hosts of a run from several */
    char host[MAX_HOST]; /* of the target, where it is a name; else empty */
    bool is_own;         /* its address and the Call-IDs stay */
} masking;

static bool is_of_name(char c)
{
    return isalnum((unsigned char)c) || c == '-' || c == '_';
}

/* The length of `name` where a text begins with it as a word; 0: it does not. */
static size_t begins_with(const char *text, const char *name)
{
    size_t n = strlen(name);
    return n > 0 && strncasecmp(text, name, n) == 0 && !is_of_name(text[n]) ? n : 0;
}

static size_t name_at(const masking *m, const char *text)
{
    size_t n = begins_with(text, m->host);
    for (size_t i = 0; i < m->n_names && n == 0; i++)
        n = begins_with(text, m->names[i]);
    for (size_t i = 0; i < json_array_size(m->hosts) && n == 0 && !m->is_own; i++)
        n = begins_with(text, rig_json_text(json_array_get(m->hosts, i), "name"));
    return n;
}

/* Names first; then what can be told by its form. @return heap; NULL: out of memory. */
static char *mask_text(const masking *m, const char *text)
{
    char *named = NULL, *masked = NULL;
    size_t n_named = 0;
    FILE *out = open_memstream(&named, &n_named);
    if (out == NULL)
        return NULL;
    for (const char *at = text; *at != '\0';) {
        char id[RIG_MASK_ID_SIZE];
        size_t n = at == text || !is_of_name(at[-1]) ? name_at(m, at) : 0;
        if (n > 0) {
            rig_mask_id(m->mask, (rig_slice){.p = at, .n = n}, id);
            (void)fputs(id, out);
            at += n;
        } else {
            (void)fputc(*at++, out);
        }
    }
    if (fclose(out) == 0)
        masked = malloc(MAX_TEXT);
    if (masked != NULL)
        rig_mask_text(m->mask, named, masked, MAX_TEXT);
    free(named);
    return masked;
}

/* What names no one: instants and versions, which look like numbers, and defects ("drop=0.5@1..2"),
 * which look like Call-IDs. */
static bool is_kept(const masking *m, const char *key)
{
    static const char *const kept[] = {"created_utc", "start_utc", "format",
                                       "peakrig",     "sipp",      "defects"};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        if (strcmp(key, kept[i]) == 0)
            return true;
    }
    return m->is_own && (strcmp(key, "target") == 0 || strcmp(key, "target_address") == 0 ||
                         strcmp(key, "call_id") == 0);
}

static bool mask_string(const masking *m, const char *key, json_t *value)
{
    char id[RIG_MASK_ID_SIZE];
    const char *was = json_string_value(value);
    if (is_kept(m, key) || was[0] == '\0')
        return true;
    if (strcmp(key, "call_id") == 0) { /* as ladders and tables have it */
        rig_mask_id(m->mask, rig_slice_of(was), id);
        return json_string_set_nocheck(value, id) == 0;
    }
    char *text = mask_text(m, was);
    bool is_done = text != NULL && json_string_set_nocheck(value, text) == 0;
    free(text);
    return is_done;
}

/* Documents nest a few levels; the reader of a file bounds them. */
static bool mask_value(const masking *m, const char *key, json_t *value)
{
    const char *member;
    json_t *item;
    size_t i;
    bool is_good = true;
    if (json_is_string(value))
        return mask_string(m, key, value);
    if (json_is_array(value)) {
        json_array_foreach(value, i, item) is_good = is_good && mask_value(m, key, item);
        return is_good;
    }
    json_object_foreach(value, member, item)
    {
        if (strcmp(member, "inputs") != 0) /* digests */
            is_good = is_good && mask_value(m, member, item);
    }
    return is_good;
}

static bool mark_target(json_t *result)
{
    json_t *run = json_object_get(result, "run");
    const char *text = json_string_value(json_object_get(run, "target"));
    return text == NULL || text[0] == '\0' ||
           json_object_set_new(run, "target", json_sprintf("%s (pseudonym)", text)) == 0;
}

rig_status rig_result_mask(const json_t *result, const rig_mask *mask,
                           const rig_result_names *names, json_t **masked, rig_error *err)
{
    struct in6_addr address;
    masking m = {.mask = mask, .is_own = names == NULL && rig_result_is_of_this_machine(result)};
    if (names != NULL) {
        m.names = names->items;
        m.n_names = names->n;
    }
    m.hosts = json_object_get(json_object_get(result, "load"), "hosts");
    host_of(run_text(result, "target"), m.host);
    if (inet_pton(AF_INET, m.host, &address) == 1 || inet_pton(AF_INET6, m.host, &address) == 1)
        m.host[0] = '\0';
    json_t *made = json_deep_copy(result);
    if (made == NULL || !mask_value(&m, "", made) || (!m.is_own && !mark_target(made))) {
        json_decref(made);
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    *masked = made;
    return RIG_OK;
}
