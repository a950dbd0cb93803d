/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "callcentre/sip/via.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct rig_callcentre_parser {
    struct msg_hclass_s via; /* the first: a class of messages leads to its parser by it */
    msg_mclass_t *messages;
    issize_t (*extract_body)(msg_t *, msg_pub_t *, char[], isize_t, int); /* the usual */
    rig_callcentre_read *told;
    void *magic;
};

static issize_t read_via(su_home_t *home, msg_header_t *header, char *text, isize_t n)
{
    const issize_t status = sip_via_d(home, header, text, n);
    /* each that is there: copies of Via would find the next one */
    while (status >= 0 && msg_header_remove_param(((sip_via_t *)header)->v_common, "maddr") > 0) {
    }
    header->sh_class = sip_via_class; /* to all others it is one of the usual */
    return status;
}

static bool is_via(const msg_href_t *entry)
{
    return entry->hr_class && entry->hr_class->hc_name &&
           strcmp(entry->hr_class->hc_name, "Via") == 0;
}

static rig_callcentre_parser *parser_of(const msg_t *message)
{
    const msg_mclass_t *messages = msg_mclass(message);
    const msg_href_t *at = messages->mc_hash, *end = at + messages->mc_hash_size;
    while (at < end && !(at->hr_class && at->hr_class->hc_parse == read_via))
        at++;
    return at < end ? (rig_callcentre_parser *)(uintptr_t)at->hr_class : NULL;
}

/* Called for the empty line after the headers, and for a body. */
static issize_t read_body(msg_t *message, msg_pub_t *object, char text[], isize_t n, int is_end)
{
    const rig_callcentre_parser *parser = parser_of(message);
    const issize_t status = parser->extract_body(message, object, text, n, is_end);
    if (status >= 0 && MSG_IS_COMPLETE(object) && !(object->msg_flags & MSG_FLG_ERROR) &&
        parser->told)
        parser->told(parser->magic, message, (const sip_t *)object);
    return status;
}

/* In front of the usual class, which stays for headers that are made. */
static bool put_in(rig_callcentre_parser *parser)
{
    msg_mclass_t *messages = parser->messages;
    msg_href_t *at = messages->mc_hash, *end = at + messages->mc_hash_size;
    while (at < end && !is_via(at))
        at++;
    if (at == end || messages->mc_hash_used == messages->mc_hash_size)
        return false;
    const msg_href_t usual = *at;
    parser->via = *usual.hr_class;
    parser->via.hc_parse = read_via;
    at->hr_class = &parser->via;
    if (msg_mclass_insert(messages, &usual) < 0)
        return false;
    /* "v:"; the table is in the piece of memory of the copy */
    msg_href_t *brief = (msg_href_t *)(uintptr_t)messages->mc_short;
    if (brief)
        brief['v' - 'a'].hr_class = &parser->via;
    return true;
}

rig_callcentre_parser *rig_callcentre_parser_new(void)
{
    rig_callcentre_parser *made = calloc(1, sizeof *made);
    if (made)
        made->messages = msg_mclass_clone(sip_default_mclass(), 0, msg_mclass_copy);
    if (made && made->messages && put_in(made)) {
        made->extract_body = made->messages->mc_extract_body;
        made->messages->mc_extract_body = read_body;
        return made;
    }
    rig_callcentre_parser_free(made);
    return NULL;
}

msg_mclass_t *rig_callcentre_parser_class(rig_callcentre_parser *parser)
{
    return parser->messages;
}

void rig_callcentre_parser_tell(rig_callcentre_parser *parser, rig_callcentre_read *told,
                                void *magic)
{
    parser->told = told;
    parser->magic = magic;
}

void rig_callcentre_parser_free(rig_callcentre_parser *parser)
{
    if (!parser)
        return;
    free(parser->messages);
    free(parser);
}
