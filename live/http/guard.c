/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "live/http/guard.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

bool rig_board_token_is(const rig_secret *token, const char *text)
{
    const size_t n = text != NULL ? strlen(text) : 0;
    unsigned differs = n != RIG_SECRET_DIGITS;
    for (size_t i = 0; i < RIG_SECRET_DIGITS; i++)
        differs |= (unsigned)(unsigned char)token->text[i] ^
                   (unsigned)(unsigned char)(i < n ? text[i] : 0);
    return differs == 0;
}

const char *rig_board_bearer(const char *authorization)
{
    static const char scheme[] = "Bearer ";
    if (authorization == NULL || strncasecmp(authorization, scheme, sizeof scheme - 1) != 0)
        return NULL;
    return authorization + sizeof scheme - 1;
}

static bool is_port(const char *text)
{
    return text[0] == '\0' ||
           (text[0] == ':' && strspn(text + 1, "0123456789") == strlen(text + 1));
}

bool rig_board_host_is_safe(const char *host)
{
    char name[INET6_ADDRSTRLEN];
    struct in6_addr v6;
    struct in_addr v4;
    if (host == NULL)
        return false;
    const bool is_v6 = host[0] == '[';
    const char *from = is_v6 ? host + 1 : host;
    const size_t n = strcspn(from, is_v6 ? "]" : ":");
    const char *rest = from + n;
    if (n == 0 || n >= sizeof name || (is_v6 && *rest != ']') || !is_port(is_v6 ? rest + 1 : rest))
        return false;
    memcpy(name, from, n);
    name[n] = '\0';
    if (is_v6)
        return inet_pton(AF_INET6, name, &v6) == 1;
    return strcasecmp(name, "localhost") == 0 || inet_pton(AF_INET, name, &v4) == 1;
}
