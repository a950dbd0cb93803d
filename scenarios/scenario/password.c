/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenarios/password.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/atomic_file.h"

static rig_status take(char **password, const char *text, const char *from, rig_error *err)
{
    if (strpbrk(text, RIG_NOT_IN_SIPP) != NULL)
        return rig_fail(err, RIG_EINPUT,
                        "%s: the password has a character that SIPp cannot take; expected none of "
                        "blank \" [ ] < > & \\ ; =",
                        from);
    *password = strdup(text);
    return *password != NULL ? RIG_OK : rig_fail(err, RIG_ENOMEM, "out of memory");
}

/* Its first line, without the line end. @param key  That names the file: "callers.auth". */
static rig_status take_file(char **password, const char *path, const char *key, rig_error *err)
{
    char *text = NULL;
    rig_error why = {0};
    size_t n;
    rig_status status = rig_file_read(path, &text, &n, &why);
    if (status != RIG_OK)
        return rig_fail(err, status, "%s.password_file: %s", key, why.text);
    char *end = memchr(text, '\n', n);
    end = end != NULL ? end : text + n; /* the reader has put a NUL there */
    if (end > text && end[-1] == '\r')
        end--;
    *end = '\0';
    if (end == text)
        status = rig_fail(err, RIG_EINPUT,
                          "%s.password_file: %s: its first line is empty; expected the password",
                          key, path);
    else if (strlen(text) < (size_t)(end - text))
        status = rig_fail(err, RIG_EINPUT,
                          "%s.password_file: %s: its first line holds a NUL; expected the password",
                          key, path);
    if (status == RIG_OK)
        status = take(password, text, path, err);
    explicit_bzero(text, n);
    free(text);
    return status;
}

rig_status rig_scenario_find_password(rig_scenario *scenario, const char *environment,
                                      rig_error *err)
{
    rig_auth *auth = &scenario->callers.auth;
    if (auth->user == NULL || auth->password != NULL)
        return RIG_OK;
    if (auth->password_file != NULL)
        return take_file(&auth->password, auth->password_file, "callers.auth", err);
    if (environment != NULL)
        return take(&auth->password, environment, RIG_PASSWORD_VARIABLE, err);
    return rig_fail(
        err, RIG_EINPUT,
        "%s: callers.auth: no password; expected password_file (a file whose first line "
        "it is) or the environment variable " RIG_PASSWORD_VARIABLE,
        scenario->path);
}

rig_status rig_scenario_find_agents_password(rig_scenario *scenario, const char *environment,
                                             rig_error *err)
{
    rig_status status = RIG_OK;
    for (size_t i = 0; i < scenario->n_agents && status == RIG_OK; i++) {
        rig_phone_register *r = &scenario->agents[i].registration;
        char key[64];
        (void)snprintf(key, sizeof key, "agents[%zu].register", i);
        if (r->first_user == NULL || r->password != NULL)
            continue;
        if (r->password_file != NULL)
            status = take_file(&r->password, r->password_file, key, err);
        else if (environment != NULL && environment[0] != '\0')
            status = take(&r->password, environment, RIG_AGENTS_PASSWORD_VARIABLE, err);
    }
    return status;
}
