/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding SIPp and its version. */
#include "generator/sipp_worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/program.h"

static const double VERSION_TIMEOUT_S = 5.0;

bool rig_sipp_version(const char *text, unsigned *major, unsigned *minor)
{
    for (const char *p = strstr(text, "SIPp v"); p != NULL; p = strstr(p + 1, "SIPp v")) {
        unsigned a, b;
        if (sscanf(p, "SIPp v%4u.%4u", &a, &b) == 2) {
            *major = a;
            *minor = b;
            return true;
        }
    }
    return false;
}

/* What gets privileges by being executed would live on after we are killed (core/child.h). */
static bool has_privileges_of_its_file(const char *path)
{
    struct stat file;
    return geteuid() != 0 &&
           (getxattr(path, "security.capability", NULL, 0) > 0 ||
            (stat(path, &file) == 0 && (file.st_mode & (S_ISUID | S_ISGID)) != 0));
}

/* What `path OPTION` prints, up to size - 1 bytes. */
static rig_status ask(const char *path, const char *option, const rig_run_as *run_as, char *text,
                      size_t size, rig_error *err)
{
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) != 0)
        return rig_fail(err, RIG_EIO, "%s: cannot start: %s", path, strerror(errno));
    const char *argv[] = {path, option, NULL};
    const rig_child_spec spec = {
        .argv = argv, .stdout_fd = fds[1], .with_stderr = true, .run_as = run_as};
    rig_child child;
    rig_status status = rig_child_start(&spec, &child, err);
    close(fds[1]);
    if (status != RIG_OK)
        goto out;
    size_t n = 0;
    int64_t until_ns = rig_clock_monotonic_ns() + rig_clock_ns_of_s(VERSION_TIMEOUT_S);
    while (n + 1 < size && rig_clock_monotonic_ns() < until_ns) {
        struct pollfd ready = {.fd = fds[0], .events = POLLIN};
        if (poll(&ready, 1, 100) <= 0)
            continue;
        ssize_t got = read(fds[0], text + n, size - 1 - n);
        if (got <= 0)
            break;
        n += (size_t)got;
    }
    text[n] = '\0';
    if (!rig_child_wait(&child, 0.5))
        rig_child_end(&child, 0.5);
out:
    close(fds[0]);
    return status;
}

/* Whether a help text has a line for an option: "   -sf   : ...". */
static bool has_option(const char *help, const char *option)
{
    const size_t n = strlen(option);
    for (const char *line = help; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        const char *word = line + strspn(line, " \t");
        if (strncmp(word, option, n) == 0 &&
            (word[n] == '\0' || strchr(" \t:\r\n", word[n]) != NULL))
            return true;
    }
    return false;
}

/* Builds differ: 3.7.2 has no -mp, one without TLS or PCAP lacks others. An option that is not
 * known would end SIPp when the run begins. */
static rig_status check_options(const char *path, const rig_run_as *run_as, rig_error *err)
{
    static const char *const needed[] = {"-sf",
                                         "-oocsf",
                                         "-m",
                                         "-l",
                                         "-r",
                                         "-rp",
                                         "-cid_str",
                                         "-key",
                                         "-auth_uri",
                                         "-t",
                                         "-inf",
                                         "-infindex",
                                         "-i",
                                         "-mi",
                                         "-p",
                                         "-ci",
                                         "-cp",
                                         "-mp",
                                         "-nostdin",
                                         "-watchdog_interval",
                                         "-buff_size",
                                         "-deadcall_wait",
                                         "-default_behaviors",
                                         "-trace_logs",
                                         "-log_file",
                                         "-trace_err",
                                         "-error_file"};
    enum { HELP_SIZE = 1 << 17 };
    char *help = calloc(1, HELP_SIZE);
    if (help == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    char lacks[512] = "";
    size_t n = 0;
    rig_status status = ask(path, "-h", run_as, help, HELP_SIZE, err);
    for (size_t i = 0; i < sizeof needed / sizeof *needed && n < sizeof lacks; i++) {
        if (!has_option(help, needed[i]))
            n +=
                (size_t)snprintf(lacks + n, sizeof lacks - n, "%s%s", n > 0 ? ", " : "", needed[i]);
    }
    if (status == RIG_OK && n > 0)
        status = rig_fail(err, RIG_EENV,
                          "%s: has no option %s (\"sipp -h\" does not list it), which a run needs; "
                          "expected a SIPp such as sip-tester of Debian 12",
                          path, lacks);
    free(help);
    return status;
}

rig_status rig_sipp_features(const char *path, const rig_run_as *run_as, char *features,
                             size_t size, rig_error *err)
{
    static const char MARK[] = "SIPp v";
    char text[2048];
    unsigned major, minor;
    rig_status status = ask(path, "-v", run_as, text, sizeof text, err);
    if (status != RIG_OK)
        return status;
    if (!rig_sipp_version(text, &major, &minor))
        return rig_fail(err, RIG_EENV, "%s: \"sipp -v\" does not say a version", path);
    const char *word = strstr(text, MARK) + strlen(MARK);
    size_t n = strcspn(word, " \t\r\n,");
    if (n > 0 && word[n - 1] == '.') /* the end of its sentence */
        n--;
    (void)snprintf(features, size, "%.*s", (int)n, word);
    return RIG_OK;
}

rig_status rig_sipp_find(const char *path, const rig_run_as *run_as, char **found, rig_error *err)
{
    char *candidate = NULL;
    rig_status status = rig_program_find(path != NULL ? path : "sipp", &candidate, err);
    if (status == RIG_EENV && path == NULL)
        return rig_fail(err, RIG_EENV, "sipp: not found in PATH; install sip-tester (ci/setup)");
    if (status != RIG_OK)
        return status;
    char text[2048];
    unsigned major, minor;
    status = ask(candidate, "-v", run_as, text, sizeof text, err);
    if (status == RIG_OK && !rig_sipp_version(text, &major, &minor))
        status =
            rig_fail(err, RIG_EENV, "%s: not SIPp (\"sipp -v\" does not say a version)", candidate);
    else if (status == RIG_OK && (major < 3 || (major == 3 && minor < 6)))
        status = rig_fail(err, RIG_EENV, "%s: SIPp %u.%u; expected 3.6 or later", candidate, major,
                          minor);
    else if (status == RIG_OK && has_privileges_of_its_file(candidate))
        status =
            rig_fail(err, RIG_EENV,
                     "%s: has privileges of its file (setcap or set-user-ID), and would live on "
                     "when peakrig is killed; expected a SIPp without: it needs none",
                     candidate);
    if (status == RIG_OK)
        status = check_options(candidate, run_as, err);
    if (status == RIG_OK)
        *found = candidate;
    else
        free(candidate);
    return status;
}
