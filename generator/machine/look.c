/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking at the machine: each fact is tried out where it can be, not read off a setting. */
#include "generator/machine.h"

#include <arpa/inet.h>
#include <limits.h>
#include <linux/capability.h>
#include <math.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include "core/file_target.h"
#include "core/language.h"
#include "core/program.h"
#include "generator/machine/quota.h"
#include "generator/recorder.h"
#include "generator/sipp_worker.h"

/* A datagram to ourselves is there at once; a busy machine may take a while. */
enum { LOOPBACK_TIMEOUT_MS = 2000 };

static void look_at_sipp(const char *path, const rig_run_as *run_as, rig_machine_sipp *s)
{
    rig_error err = {0};
    char *found = NULL;
    if (rig_sipp_find(path, run_as, &found, &err) == RIG_OK) {
        s->is_found = true;
        (void)snprintf(s->path, sizeof s->path, "%s", found);
        if (rig_sipp_features(found, run_as, s->version, sizeof s->version, &err) != RIG_OK)
            (void)snprintf(s->version, sizeof s->version, N_("of an unknown version"));
        free(found);
        return;
    }
    (void)snprintf(s->problem, sizeof s->problem, "%.1000s", err.text);
    if (rig_sipp_find(RIG_MACHINE_SIPP, run_as, &found, &err) == RIG_OK) {
        s->has_better_place = true;
        free(found);
    }
}

static bool is_there(const char *program)
{
    char *found = NULL;
    const bool yes = rig_program_find(program, &found, NULL) == RIG_OK;
    free(found);
    return yes;
}

static void look_at_capture(rig_machine_capture *c)
{
    rig_error err = {0};
    struct statvfs fs;
    c->is_allowed = rig_recorder_check("lo", &err) == RIG_OK;
    if (!c->is_allowed)
        (void)snprintf(c->problem, sizeof c->problem, "%.1000s", err.text);
    const ssize_t n = readlink("/proc/self/exe", c->program, sizeof c->program - 1);
    c->program[n > 0 ? n : 0] = '\0';
    c->is_bounded = prctl(PR_CAPBSET_READ, CAP_NET_RAW, 0, 0, 0) == 0;
    c->is_held = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
    c->is_nosuid =
        n > 0 && statvfs(c->program, &fs) == 0 && (fs.f_flag & (unsigned long)ST_NOSUID) != 0;
    /* who is not root has no sbin in PATH, but sudo has */
    c->has_setcap = is_there("setcap") || is_there("/usr/sbin/setcap") || is_there("/sbin/setcap");
}

/* What the kernel grants of what SIPp will ask for; it reports the double (socket(7)). */
static uint64_t granted(int fd, int option)
{
    const int wanted = atoi(RIG_SIPP_SOCKET_BYTES);
    int got = 0;
    socklen_t size = sizeof got;
    if (setsockopt(fd, SOL_SOCKET, option, &wanted, sizeof wanted) != 0 ||
        getsockopt(fd, SOL_SOCKET, option, &got, &size) != 0 || got < 0)
        return 0;
    return (uint64_t)got / 2;
}

static void look_at_buffers(rig_machine_facts *f)
{
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    f->receive_bytes = granted(fd, SO_RCVBUF);
    f->send_bytes = granted(fd, SO_SNDBUF);
    close(fd);
}

static bool comes_back(int family, const struct sockaddr *address, socklen_t size)
{
    static const char WORD[] = "peakrig";
    char heard[sizeof WORD] = "";
    struct sockaddr_storage own;
    socklen_t own_size = sizeof own;
    const int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    const bool is_back =
        bind(fd, address, size) == 0 && getsockname(fd, (struct sockaddr *)&own, &own_size) == 0 &&
        connect(fd, (const struct sockaddr *)&own, own_size) == 0 &&
        send(fd, WORD, sizeof WORD, 0) == sizeof WORD &&
        poll(&ready, 1, LOOPBACK_TIMEOUT_MS) == 1 &&
        recv(fd, heard, sizeof heard, 0) == sizeof WORD && memcmp(heard, WORD, sizeof WORD) == 0;
    close(fd);
    return is_back;
}

static void look_at_loopback(rig_machine_facts *f)
{
    const struct sockaddr_in four = {.sin_family = AF_INET,
                                     .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    f->has_loopback = comes_back(AF_INET, (const struct sockaddr *)&four, sizeof four);
    f->has_loopback_6 = comes_back(AF_INET6, (const struct sockaddr *)&six, sizeof six);
}

/* adjtimex(2): the kernel says itself whether somebody keeps its clock. */
static void look_at_clock(rig_machine_facts *f)
{
    struct timex kernel = {.modes = 0};
    const int state = adjtimex(&kernel);
    f->clock_error_s = (double)NAN;
    if (state < 0)
        return;
    const bool is_free = state == TIME_ERROR || (kernel.status & STA_UNSYNC) != 0;
    f->clock = is_free ? RIG_MACHINE_CLOCK_FREE : RIG_MACHINE_CLOCK_KEPT;
    if (!is_free)
        f->clock_error_s = (double)kernel.maxerror * 1e-6;
}

static void look_at_cores(rig_machine_facts *f)
{
    cpu_set_t *set = NULL;
    const long online = sysconf(_SC_NPROCESSORS_ONLN), all = sysconf(_SC_NPROCESSORS_CONF);
    const size_t n = all > 0 ? (size_t)all : 1, size = CPU_ALLOC_SIZE(n);
    f->n_online = online > 0 ? (unsigned)online : 1;
    f->n_cores = f->n_online;
    set = CPU_ALLOC(n);
    if (set != NULL && sched_getaffinity(0, size, set) == 0)
        f->n_cores = (unsigned)CPU_COUNT_S(size, set);
    CPU_FREE(set);
    f->cpu_quota = rig_machine_cpu_quota("/sys/fs/cgroup", "/proc/self/cgroup");
}

static void look_at_room(const char *path, rig_machine_room *room)
{
    struct statvfs fs;
    char *real = realpath(path, NULL);
    (void)snprintf(room->path, sizeof room->path, "%s", real != NULL ? real : path);
    free(real);
    room->is_writable = access(path, W_OK | X_OK) == 0;
    if (statvfs(path, &fs) != 0)
        return;
    const bool has_inodes = fs.f_files == 0 || fs.f_favail > 0; /* bytes alone are of no use */
    room->free_bytes = has_inodes ? (uint64_t)fs.f_bavail * fs.f_frsize : 0;
}

void rig_machine_look(const char *sipp, const rig_run_as *run_as, const char *folder,
                      rig_machine_facts *facts)
{
    struct rlimit files;
    *facts = (rig_machine_facts){.is_root = geteuid() == 0, .n_cores = 1};
    look_at_sipp(sipp, run_as, &facts->sipp);
    look_at_capture(&facts->capture);
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        facts->open_files = files.rlim_cur == RLIM_INFINITY ? UINT64_MAX : files.rlim_cur;
        facts->open_files_most = files.rlim_max == RLIM_INFINITY ? UINT64_MAX : files.rlim_max;
    }
    look_at_buffers(facts);
    look_at_loopback(facts);
    look_at_clock(facts);
    facts->has_systemd = access("/run/systemd/system", F_OK) == 0;
    look_at_cores(facts);
    look_at_room(folder, &facts->runs);
    look_at_room(rig_file_temporary_folder(), &facts->temporary);
    look_at_room("/dev/shm", &facts->shared);
}
