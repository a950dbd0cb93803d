/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenarios/password.h"

#include <stdlib.h>
#include <string.h>

#include "core/atomic_file.h"

static rig_status take(rig_auth *auth, const char *text, const char *from, rig_error *err)
{
    if (strpbrk(text, RIG_NOT_IN_SIPP) != NULL)
        return rig_fail(err, RIG_EINPUT,
                        "%s: the password has a character that SIPp cannot take; expected none of "
                        "blank \" [ ] < > & \\ ; =",
                        from);
    auth->password = strdup(text);
    return auth->password != NULL ? RIG_OK : rig_fail(err, RIG_ENOMEM, "out of memory");
}

/* Its first line, without the line end. */
static rig_status take_file(rig_auth *auth, rig_error *err)
{
    char *text = NULL;
    rig_error why = {0};
    size_t n;
    rig_status status = rig_file_read(auth->password_file, &text, &n, &why);
    if (status != RIG_OK)
        return rig_fail(err, status, "callers.auth.password_file: %s", why.text);
    char *end = memchr(text, '\n', n);
    end = end != NULL ? end : text + n; /* the reader has put a NUL there */
    if (end > text && end[-1] == '\r')
        end--;
    *end = '\0';
    if (end == text)
        status = rig_fail(err, RIG_EINPUT,
                          "callers.auth.password_file: %s: its first line is empty; expected the "
                          "password",
                          auth->password_file);
    else if (strlen(text) < (size_t)(end - text))
        status = rig_fail(err, RIG_EINPUT,
                          "callers.auth.password_file: %s: its first line holds a NUL; expected the "
                          "password",
                          auth->password_file);
    if (status == RIG_OK)
        status = take(auth, text, auth->password_file, err);
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
        return take_file(auth, err);
    if (environment != NULL)
        return take(auth, environment, RIG_PASSWORD_VARIABLE, err);
    return rig_fail(err, RIG_EINPUT,
                    "%s: callers.auth: no password; expected password_file (a file whose first line "
                    "it is) or the environment variable " RIG_PASSWORD_VARIABLE,
                    scenario->path);
}
