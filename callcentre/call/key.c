/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "callcentre/call/key.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

char rig_callcentre_key_of(const char *body, size_t n)
{
    static const char keys[] = "0123456789*#ABCD"; /* in the order of the events */
    char text[64] = "";
    memcpy(text, body, n < sizeof text ? n : sizeof text - 1);
    const char *signal = strcasestr(text, "signal");
    const char *at = signal != NULL ? signal + strlen("signal") : text;
    at += strspn(at, " \t=");
    const size_t length = strcspn(at, " \t\r\n");
    const char key = (char)toupper((unsigned char)at[0]);
    if (length == 1)
        return strchr(keys, key) != NULL ? key : '\0';
    const bool is_event = length == 2 && at[0] == '1' && at[1] >= '0' && at[1] <= '5';
    return is_event ? keys[10 + (at[1] - '0')] : '\0';
}
