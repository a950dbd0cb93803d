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

/* "HOST:PORT". This machine itself is nobody's secret. */
static bool mask_target(json_t *run, const rig_mask *mask)
{
    const char *was = json_string_value(json_object_get(run, "target"));
    char text[MAX_TEXT], id[RIG_MASK_ID_SIZE];
    if (was == NULL || was[0] == '\0' || strncmp(was, "127.", 4) == 0 ||
        strncmp(was, "[::1]", 5) == 0 || strncmp(was, "localhost", 9) == 0)
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

rig_status rig_mask_result(const json_t *result, const rig_mask *mask, json_t **masked,
                           rig_error *err)
{
    json_t *made = json_deep_copy(result);
    bool is_good =
        made != NULL && mask_target(json_object_get(made, "run"), mask) &&
        mask_list(json_object_get(json_object_get(made, "calls"), "reasons"), "reason", mask) &&
        mask_list(json_object_get(made, "checks"), "text", mask);
    if (!is_good) {
        json_decref(made);
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    *masked = made;
    return RIG_OK;
}
