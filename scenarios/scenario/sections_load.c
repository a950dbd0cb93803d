#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/slice.h"
#include "scenarios/scenario/sections.h"
#include "scenarios/scenario/validate.h"

void rig_section_read_limits(rig_reader *reader, const config_setting_t *root, rig_limits *limits)
{
    static const char *const keys[] = {"max_calls", "max_rate_per_s", "max_run_s", "max_outside",
                                       NULL};
    static const rig_range calls = {1, 100000000, false, "a whole number from 1 to 100000000"};
    static const rig_range rate = {0, 1e6, true, "a number > 0, calls a second on the wire"};
    static const uint64_t max_calls = 1000000;
    static const double max_rate_per_s = 1000.0;
    static const double max_run_s = 4 * 3600.0;
    static const uint32_t max_outside = 1000000;
    *limits = (rig_limits){max_calls, max_rate_per_s, max_run_s, max_outside};
    config_setting_t *group = rig_reader_group(reader, root, "limits", false);
    if (group == NULL)
        return;
    rig_reader_check_keys(reader, group, keys);
    limits->max_calls = rig_reader_count(reader, group, "max_calls", &calls, &max_calls);
    limits->max_rate_per_s =
        rig_reader_number(reader, group, "max_rate_per_s", &rate, &max_rate_per_s);
    limits->max_run_s =
        rig_reader_number(reader, group, "max_run_s", &rig_range_positive_s, &max_run_s);
    limits->max_outside =
        rig_reader_count32(reader, group, "max_outside", &rig_range_resources, max_outside);
}

/* "ADDRESS" or "ADDRESS:FIRST-LAST"; an IPv6 address with ports is in brackets. */
static bool is_local(const char *text)
{
    char address[64];
    const char *ports = NULL;
    if (text[0] == '[') {
        const char *end = strchr(text, ']');
        if (end == NULL || (size_t)(end - text) > sizeof address || end[1] != ':')
            return false;
        (void)snprintf(address, sizeof address, "%.*s", (int)(end - text - 1), text + 1);
        ports = end + 2;
    } else {
        const char *colon = strchr(text, ':');
        bool has_ports = colon != NULL && strchr(colon + 1, ':') == NULL;
        size_t n = has_ports ? (size_t)(colon - text) : strlen(text);
        if (n >= sizeof address)
            return false;
        (void)snprintf(address, sizeof address, "%.*s", (int)n, text);
        ports = has_ports ? colon + 1 : NULL;
    }
    unsigned char binary[16];
    if (inet_pton(AF_INET, address, binary) != 1 && inet_pton(AF_INET6, address, binary) != 1)
        return false;
    if (ports == NULL)
        return true;
    const char *dash = strchr(ports, '-');
    uint64_t first = 0, last = 0;
    return dash != NULL && rig_slice_u64((rig_slice){ports, (size_t)(dash - ports)}, &first) &&
           rig_slice_u64(rig_slice_of(dash + 1), &last) && first >= 1024 && last <= 65535 &&
           first + 9 <= last;
}

static void read_local(rig_reader *reader, const config_setting_t *group, rig_load *load)
{
    config_setting_t *list = rig_reader_list(reader, group, "local", false);
    if (list == NULL)
        return;
    int n = config_setting_length(list);
    load->local = calloc(n > 0 ? (size_t)n : 1, sizeof *load->local);
    if (load->local == NULL)
        rig_reader_no_memory(reader);
    for (int i = 0; i < n && reader->status == RIG_OK; i++) {
        config_setting_t *element = config_setting_get_elem(list, (unsigned)i);
        const char *text = config_setting_get_string(element);
        if (text == NULL || !is_local(text)) {
            rig_reader_fail(reader, element,
                            "\"%s\" is no local address; expected \"ADDRESS\" or "
                            "\"ADDRESS:FIRST-LAST\" with at least 10 ports from 1024 to 65535 (an "
                            "IPv6 address with ports in brackets)",
                            text != NULL ? text : "?");
            return;
        }
        load->local[i] = strdup(text);
        if (load->local[i] == NULL)
            rig_reader_no_memory(reader);
        else
            load->n_local = (size_t)i + 1;
    }
}

void rig_section_read_load(rig_reader *reader, const config_setting_t *root, rig_load *load)
{
    static const char *const keys[] = {"workers", "local", NULL};
    static const rig_range workers = {0, 16, false, "a whole number from 0 (chosen) to 16"};
    static const uint64_t chosen = 0;
    config_setting_t *group = rig_reader_group(reader, root, "load", false);
    if (group == NULL)
        return;
    rig_reader_check_keys(reader, group, keys);
    load->n_workers = (uint32_t)rig_reader_count(reader, group, "workers", &workers, &chosen);
    read_local(reader, group, load);
}

static void read_auth(rig_reader *reader, const config_setting_t *callers_group, rig_auth *auth)
{
    static const char *const keys[] = {"user", "password", NULL};
    config_setting_t *group = rig_reader_group(reader, callers_group, "auth", false);
    if (group == NULL)
        return;
    rig_reader_check_keys(reader, group, keys);
    auth->user = rig_reader_string(reader, group, "user", NULL);
    auth->password = rig_reader_string(reader, group, "password", NULL);
    if (auth->user == NULL || auth->password == NULL)
        return;
    /* both stand in SIPp's scenario: within quotes, brackets and XML */
    if (auth->user[0] == '\0' || strpbrk(auth->user, "\"[]<>&\\ ;=") != NULL)
        rig_reader_fail(reader, config_setting_get_member(group, "user"),
                        "\"%s\"; expected one or more characters without blanks or any of "
                        "\" [ ] < > & \\ ; =",
                        auth->user);
    if (strpbrk(auth->password, "\"[]<>&\\ ;=") != NULL)
        rig_reader_fail(reader, config_setting_get_member(group, "password"),
                        "has a character that SIPp cannot take; expected none of blank "
                        "\" [ ] < > & \\ ; =");
}

static void read_dtmf(rig_reader *reader, const config_setting_t *callers_group, rig_dtmf *dtmf)
{
    static const char *const keys[] = {"digits", "after_s", NULL};
    static const rig_range after = {0, 3600, false, "a number from 0 to 3600, seconds"};
    static const double at_once = 0.0;
    config_setting_t *group = rig_reader_group(reader, callers_group, "dtmf", false);
    if (group == NULL)
        return;
    rig_reader_check_keys(reader, group, keys);
    dtmf->digits = rig_reader_string(reader, group, "digits", NULL);
    dtmf->after_s = rig_reader_number(reader, group, "after_s", &after, &at_once);
    if (dtmf->digits == NULL)
        return;
    size_t n = strlen(dtmf->digits);
    if (n == 0 || n > 16 || strspn(dtmf->digits, "0123456789*#ABCD") != n)
        rig_reader_fail(reader, config_setting_get_member(group, "digits"),
                        "\"%s\" cannot be keyed; expected 1 to 16 of 0-9 * # A B C D",
                        dtmf->digits);
}

void rig_section_read_callers_load(rig_reader *reader, const config_setting_t *callers_group,
                                   rig_callers *callers)
{
    read_auth(reader, callers_group, &callers->auth);
    read_dtmf(reader, callers_group, &callers->dtmf);
    callers->has_audio = rig_reader_bool(reader, callers_group, "audio", false);
    if (rig_reader_has(callers_group, "sipp_xml"))
        callers->sipp_xml = rig_reader_file(reader, callers_group, "sipp_xml");
}

void rig_validate_load(rig_reader *reader, const config_setting_t *root,
                       const rig_scenario *scenario)
{
    const rig_callers *callers = &scenario->callers;
    const char *extra = callers->auth.user != NULL     ? "callers.auth"
                        : callers->dtmf.digits != NULL ? "callers.dtmf"
                        : callers->has_audio           ? "callers.audio"
                                                       : NULL;
    if (scenario->target.marks == RIG_MARK_QUIET && scenario->ivr.menu.kind != RIG_DIST_CONSTANT)
        rig_reader_fail(reader, rig_reader_place(root, "ivr.menu"),
                        "not constant, but target.marks is \"quiet\": nobody tells a caller when "
                        "the queue begins; expected a bare number of seconds");
    if (scenario->target.marks == RIG_MARK_EARLY && callers->dtmf.digits != NULL)
        rig_reader_fail(
            reader, rig_reader_place(root, "callers.dtmf"),
            "not possible with target.marks = \"early\": there is no dialog for an INFO "
            "before the answer");
    if (callers->sipp_xml != NULL && extra != NULL)
        rig_reader_fail(reader, rig_reader_place(root, extra),
                        "not with callers.sipp_xml: a scenario of one's own does that itself");
}
