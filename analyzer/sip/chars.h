/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Classes of characters in SIP. Internal to analyzer/sip. */
#ifndef RIG_ANALYZER_SIP_CHARS_H
#define RIG_ANALYZER_SIP_CHARS_H

#include <stdbool.h>

/** What may stand in a token (RFC 3261 section 25.1), by unsigned char. */
extern const bool rig_sip_token[256];

/** A blank, a tab, or a part of a folded line end. */
static inline bool rig_sip_is_blank(char c)
{
    return (unsigned char)c <= ' ' && (c == ' ' || c == '\r' || c == '\n' || c == '\t');
}

/** ASCII alone, whatever the locale. */
static inline char rig_sip_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

#endif
