#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "scenarios/scenario/sections.h"

const char *const rig_words_marks[] = {"reinvite", "update", "info", "early", "quiet", NULL};
const char *const rig_words_transport[] = {"udp", "tcp", NULL};

static void read_allow(rig_reader *reader, const config_setting_t *group, rig_target *target)
{
    config_setting_t *list = rig_reader_list(reader, group, "allow", false);
    if (list == NULL)
        return;
    int n = config_setting_length(list);
    target->allow = calloc(n > 0 ? (size_t)n : 1, sizeof *target->allow);
    if (target->allow == NULL)
        rig_reader_no_memory(reader);
    for (int i = 0; i < n && reader->status == RIG_OK; i++) {
        config_setting_t *element = config_setting_get_elem(list, (unsigned)i);
        const char *host = config_setting_get_string(element);
        if (host == NULL) {
            rig_reader_fail(reader, element, "expected an address as a string");
            return;
        }
        target->allow[i] = strdup(host);
        if (target->allow[i] == NULL)
            rig_reader_no_memory(reader);
        else
            target->n_allow = (size_t)i + 1;
    }
}

/* Where the embedded call centre listens: one address of ours. */
static void read_listen(rig_reader *reader, const config_setting_t *group, rig_target *target)
{
    const config_setting_t *member = config_setting_get_member(group, "listen");
    unsigned char address[sizeof(struct in6_addr)];
    if (member == NULL)
        return;
    target->listen = rig_reader_string(reader, group, "listen", NULL);
    if (target->listen == NULL)
        return;
    bool is_address = inet_pton(AF_INET, target->listen, address) == 1 ||
                      inet_pton(AF_INET6, target->listen, address) == 1;
    if (!is_address || strcmp(target->listen, "0.0.0.0") == 0 || strcmp(target->listen, "::") == 0)
        rig_reader_fail(reader, member,
                        "\"%s\"; expected one address of this host, such as \"127.0.0.1\" or "
                        "\"::1\" (the port is target.port)",
                        target->listen);
    else if (!rig_target_is_embedded(target))
        rig_reader_fail(reader, member,
                        "the embedded call centre would listen there, but target.host is \"%s\"; "
                        "leave one of them out",
                        target->host);
}

void rig_section_read_target(rig_reader *reader, const config_setting_t *root, rig_target *target)
{
    static const char *const keys[] = {
        "host", "listen", "port", "agents_listen", "scalable", "marks", "transport", "allow", NULL};
    static const rig_range port = {0, 65535, false, "a port from 0 to 65535"};
    static const uint64_t port_embedded = 0, port_sip = 5060;
    config_setting_t *group = rig_reader_group(reader, root, "target", false);
    if (group == NULL) {
        target->host = strdup("embedded");
        target->is_scalable = true;
        if (target->host == NULL)
            rig_reader_no_memory(reader);
        return;
    }
    rig_reader_check_keys(reader, group, keys);
    target->host = rig_reader_string(reader, group, "host", "embedded");
    if (target->host == NULL)
        return;
    read_listen(reader, group, target);
    bool is_embedded = rig_target_is_embedded(target);
    target->port = (uint16_t)rig_reader_count(reader, group, "port", &port,
                                              is_embedded ? &port_embedded : &port_sip);
    if (rig_reader_has(group, "agents_listen"))
        target->agents_listen = rig_reader_string(reader, group, "agents_listen", NULL);
    target->is_scalable = rig_reader_bool(reader, group, "scalable", is_embedded) || is_embedded;
    target->marks =
        (rig_marks)rig_reader_word(reader, group, "marks", rig_words_marks, RIG_MARK_REINVITE);
    target->transport = (rig_transport)rig_reader_word(reader, group, "transport",
                                                       rig_words_transport, RIG_TRANSPORT_UDP);
    read_allow(reader, group, target);
}

const char *rig_marks_name(rig_marks marks)
{
    return (unsigned)marks <= RIG_MARK_QUIET ? rig_words_marks[marks] : "?";
}

const char *rig_transport_name(rig_transport transport)
{
    return (unsigned)transport <= RIG_TRANSPORT_TCP ? rig_words_transport[transport] : "?";
}
