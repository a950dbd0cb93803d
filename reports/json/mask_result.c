/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/mask_result.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { MAX_TEXT = 1024 };

/* Replace one text of an object. @return whether there was memory for it. */
static bool mask_member(json_t *object, const char *key, const rig_mask *mask)
{
    char text[MAX_TEXT];
    const char *was = json_string_value(json_object_get(object, key));
    if (was == NULL)
        return true;
    rig_mask_text(mask, was, text, sizeof text);
    return json_object_set_new(object, key, json_string_nocheck(text)) == 0;
}

static bool mask_list(json_t *list, const char *key, const rig_mask *mask)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        if (!mask_member(item, key, mask))
            return false;
    }
    return true;
}

/* "HOST:PORT" of a target, behind what the rig itself says of it. */
static const char *address_of(const char *target)
{
    static const char embedded[] = "embedded ";
    return target + (strncmp(target, embedded, sizeof embedded - 1) == 0 ? sizeof embedded - 1 : 0);
}

bool rig_result_is_of_this_machine(const json_t *result)
{
    const char *target =
        json_string_value(json_object_get(json_object_get(result, "run"), "target"));
    const char *at = target != NULL ? address_of(target) : "";
    return strncmp(at, "127.", 4) == 0 || strncmp(at, "[::1]", 5) == 0 ||
           strncmp(at, "::1", 3) == 0 || strncmp(at, "localhost", 9) == 0;
}

/* A name or an address. */
static bool mask_target(json_t *run, const rig_mask *mask)
{
    const char *was = json_string_value(json_object_get(run, "target"));
    char text[MAX_TEXT], id[RIG_MASK_ID_SIZE];
    if (was == NULL || was[0] == '\0')
        return true;
    rig_mask_text(mask, was, text, sizeof text - 16);
    if (strcmp(text, was) == 0) { /* a name */
        size_t n_host = strcspn(was, ":");
        rig_mask_id(mask, (rig_slice){.p = was, .n = n_host}, id);
        (void)snprintf(text, sizeof text, "%s%.64s", id, was + n_host);
    }
    size_t n = strlen(text);
    (void)snprintf(text + n, sizeof text - n, " (pseudonym)");
    return json_object_set_new(run, "target", json_string_nocheck(text)) == 0;
}

/* Call-IDs hold the address of the machine that placed the calls. */
static bool mask_call_ids(json_t *calls, const rig_mask *mask)
{
    size_t i;
    json_t *call;
    json_array_foreach(calls, i, call)
    {
        char id[RIG_MASK_ID_SIZE];
        const char *was = json_string_value(json_object_get(call, "call_id"));
        if (was == NULL)
            continue;
        rig_mask_id(mask, (rig_slice){.p = was, .n = strlen(was)}, id);
        if (json_object_set_new(call, "call_id", json_string_nocheck(id)) != 0)
            return false;
    }
    return true;
}

rig_status rig_result_mask(const json_t *result, const rig_mask *mask, json_t **masked,
                           rig_error *err)
{
    json_t *made = json_deep_copy(result);
    bool is_ours = rig_result_is_of_this_machine(result); /* its addresses are nobody's secret */
    bool is_good =
        made != NULL && (is_ours || mask_target(json_object_get(made, "run"), mask)) &&
        (is_ours ||
         mask_call_ids(json_object_get(json_object_get(made, "agreement"), "first_different"),
                       mask)) &&
        mask_list(json_object_get(json_object_get(made, "calls"), "reasons"), "reason", mask) &&
        mask_list(json_object_get(made, "checks"), "text", mask);
    if (!is_good) {
        json_decref(made);
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    *masked = made;
    return RIG_OK;
}
