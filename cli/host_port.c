/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/host_port.h"

#include <stdbool.h>
#include <string.h>

#include "core/slice.h"

rig_status rig_hostport_read(const char *text, const char *what, char *host, size_t size,
                             uint16_t *port, rig_error *err)
{
    bool is_in_brackets = text[0] == '[';
    const char *begin = text + is_in_brackets;
    const char *first = strchr(text, ':');
    bool is_bare_v6 = !is_in_brackets && first != NULL && strchr(first + 1, ':') != NULL;
    size_t n = is_in_brackets ? strcspn(begin, "]")
               : is_bare_v6   ? strlen(text)
                              : strcspn(text, ":");
    const char *rest = begin + n + (is_in_brackets && begin[n] == ']');
    uint64_t number = *port;
    if (n == 0 || n >= size || (is_in_brackets && begin[n] != ']') ||
        (rest[0] != '\0' && rest[0] != ':'))
        return rig_fail(err, RIG_EINPUT, "%s \"%s\"; expected HOST[:PORT]", what, text);
    if (rest[0] == ':' &&
        (!rig_slice_u64(rig_slice_of(rest + 1), &number) || number < 1 || number > 65535))
        return rig_fail(err, RIG_EINPUT, "%s \"%s\": expected a port from 1 to 65535", what, text);
    memcpy(host, begin, n);
    host[n] = '\0';
    *port = (uint16_t)number;
    return RIG_OK;
}
