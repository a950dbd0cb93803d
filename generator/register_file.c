/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "generator/register_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/atomic_file.h"
#include "core/clock.h"
#include "generator/play/sipp_assemble.h"
#include "generator/sipp_files.h"

void rig_register_domain(const rig_phone_register *registration, const char *registrar_host,
                         char *domain, size_t size)
{
    const char *host = registration->domain != NULL ? registration->domain : registrar_host;
    const char *colon = strchr(host, ':');
    const bool is_bare_v6 = host[0] != '[' && colon != NULL && strchr(colon + 1, ':') != NULL;
    (void)snprintf(domain, size, "%s%s%s", is_bare_v6 ? "[" : "", host, is_bare_v6 ? "]" : "");
}

/* A text as a regular expression of itself. */
static void as_pattern(const char *text, char *pattern, size_t size)
{
    size_t used = 0;
    for (; *text != '\0' && used + 3 < size; text++) {
        if (strchr(".[]", *text) != NULL)
            pattern[used++] = '\\';
        pattern[used++] = *text;
    }
    pattern[used] = '\0';
}

rig_status rig_register_file_make(const rig_register_spec *spec, const char *password, char **text,
                                  rig_error *err)
{
    char host[RIG_ADDRESS_SIZE + 2], place[RIG_ADDRESS_SIZE + 16], contact[RIG_ADDRESS_SIZE + 40];
    char pattern[2 * sizeof place], domain[300], expires_s[16];
    rig_address_for_uri(spec->contact_host, host);
    (void)snprintf(place, sizeof place, "%s:%u", host, spec->contact_port);
    (void)snprintf(contact, sizeof contact, "%s;transport=%s", place,
                   rig_transport_name(spec->transport));
    as_pattern(place, pattern, sizeof pattern);
    rig_register_domain(spec->registration, spec->registrar_host, domain, sizeof domain);
    (void)snprintf(expires_s, sizeof expires_s, "%" PRIu32, spec->registration->expires_s);
    const rig_sipp_symbol symbols[] = {{"DOMAIN", domain},
                                       {"CONTACT", contact},
                                       {"CONTACT_PATTERN", pattern},
                                       {"EXPIRES_S", expires_s},
                                       {"HAS_PASSWORD", password[0] != '\0' ? "yes" : ""},
                                       {"PASSWORD", password}};
    return rig_sipp_assemble(rig_sipp_file_find, RIG_SIPP_REGISTER_XML, symbols,
                             sizeof symbols / sizeof *symbols, text, err);
}

rig_status rig_register_rows_write(const rig_phone_register *registration, uint32_t n_phones,
                                   int64_t first_epoch_ns, const char *path, rig_error *err)
{
    rig_atomic_file *file;
    rig_status status = rig_atomic_file_new(path, &file, err);
    if (status != RIG_OK)
        return status;
    FILE *out = rig_atomic_file_stream(file);
    fputs("SEQUENTIAL\n", out);
    for (uint32_t i = 0; i < n_phones; i++) {
        char user[RIG_USER_SIZE];
        const int64_t due_ns = first_epoch_ns + rig_clock_ns_of_s(i / RIG_REGISTER_PER_S);
        rig_scenario_register_user(registration, i, user);
        fprintf(out, "%s;%" PRId64 "\n", user, due_ns / 1000000);
    }
    return rig_atomic_file_commit(file, err);
}
