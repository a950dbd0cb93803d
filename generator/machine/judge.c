/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "generator/machine.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/language.h"
#include "generator/host_check.h"
#include "generator/sipp_worker.h"

/* A capture has 9 kB a call (measured: cli/preflight.c): ten thousand calls are 90 MB. */
static const uint64_t ROOM_LEAST = 100U << 20, ROOM_EASY = 1U << 30;
/* SIPp's scenario files, when they are rehearsed. */
static const uint64_t TEMPORARY_LEAST = 10U << 20;
/* What Open MPI and browsers map there. */
static const uint64_t SHARED_LEAST = 64U << 20;
/* Calls with audio at once that one SIPp has then: a busy site's E1s. */
enum { EASY_AUDIO_CALLS = 1000, EASY_CORES = 2 };

static void say(char *text, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void say(char *text, size_t size, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, size, format, args);
    va_end(args);
}

#define FOUND(item, ...)  say((item)->found, sizeof(item)->found, __VA_ARGS__)
#define EXPECT(item, ...) say((item)->expected, sizeof(item)->expected, __VA_ARGS__)
#define MEND(item, ...)   say((item)->mend, sizeof(item)->mend, __VA_ARGS__)

void rig_machine_quote(const char *word, char *quoted, size_t size)
{
    static const char PLAIN[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_./:=+,@%-";
    size_t n = 0;
    const bool is_plain = word[0] != '\0' && word[strspn(word, PLAIN)] == '\0';
    if (!is_plain && n + 1 < size)
        quoted[n++] = '\'';
    for (; *word != '\0' && n + 6 < size; word++) {
        if (*word == '\'')
            n += (size_t)snprintf(quoted + n, size - n, "'\\''");
        else
            quoted[n++] = *word;
    }
    if (!is_plain && n + 1 < size)
        quoted[n++] = '\'';
    quoted[*word == '\0' && n < size ? n : 0] = '\0';
}

const char *rig_machine_state_name(rig_machine_state state)
{
    static const char *const names[] = {"ok", "weak", "missing"};
    return names[state];
}

/* ---- SIPp ---- */

static void judge_sipp(const rig_machine_facts *f, rig_machine_item *item)
{
    const rig_machine_sipp *s = &f->sipp;
    EXPECT(item, "SIPp 3.6 or later with the options that a run uses: it places the calls");
    if (s->is_found) {
        FOUND(item, "%s (%s)%s", s->version, s->path,
              strstr(s->version, "TLS") != NULL ? "" : N_(", without TLS: no run needs it"));
        return;
    }
    item->state = RIG_MACHINE_MISSING;
    FOUND(item, "%s", s->problem);
    if (s->has_better_place)
        MEND(item, "peakrig run --sipp " RIG_MACHINE_SIPP " SCENARIO");
    else if (strstr(s->problem, "privileges of its file") != NULL)
        MEND(item, "sudo setcap -r \"$(command -v sipp)\"; sudo chmod ug-s \"$(command -v sipp)\"");
    else
        MEND(item, "sudo apt-get install -y sip-tester");
}

/* Since 3.7 each SIPp can stream audio, and does not say so; before, one that was built so. */
static void judge_audio(const rig_machine_facts *f, rig_machine_item *item)
{
    unsigned major = 0, minor = 0;
    const char *version = f->sipp.version;
    const bool is_known = sscanf(version, "%4u.%4u", &major, &minor) == 2;
    const bool streams = strstr(version, "RTPSTREAM") != NULL ||
                         (is_known && (major > 3 || (major == 3 && minor >= 7)));
    const bool plays = strstr(version, "PCAP") != NULL;
    EXPECT(item, "SIPp with RTPSTREAM (callers.audio) and PCAP (a SIPp scenario of your own that "
                 "plays captured audio)");
    FOUND(item, "%s%s",
          streams ? N_("streams audio") : N_("no RTPSTREAM: callers.audio cannot be played"),
          plays ? N_(", plays captures (PCAP)")
                : N_(", no PCAP: play_pcap_audio cannot be played"));
    if (streams && plays)
        return;
    item->state = RIG_MACHINE_WEAK;
    MEND(item, "sudo apt-get install -y --reinstall sip-tester");
}

/* ---- the right to capture ---- */

static void judge_capture(const rig_machine_facts *f, rig_machine_item *item)
{
    const rig_machine_capture *c = &f->capture;
    char program[RIG_MACHINE_PATH + 64];
    EXPECT(item,
           "the right to capture (CAP_NET_RAW), or another program's capture (run --capture)");
    if (c->is_allowed) {
        FOUND(item, "a capture of lo was opened");
        return;
    }
    item->state = RIG_MACHINE_MISSING;
    rig_machine_quote(c->program, program, sizeof program);
    FOUND(item, "%s%s", c->problem,
          c->is_bounded ? N_("; CAP_NET_RAW was taken from all processes here (a container)")
          : c->is_held  ? N_("; no program here gets the rights of its file (no-new-privileges)")
          : c->is_nosuid
              ? N_("; on the file system of the program, rights of files do not count (nosuid)")
              : "");
    if (c->is_bounded)
        MEND(item, "docker run --cap-add NET_RAW IMAGE");
    else if (c->is_held)
        MEND(item, "docker run --security-opt no-new-privileges=false --cap-add NET_RAW IMAGE");
    else if (c->is_nosuid)
        MEND(item,
             "sudo install %s /usr/local/bin/peakrig && sudo setcap cap_net_raw+ep "
             "/usr/local/bin/peakrig",
             program);
    else
        MEND(item, "%ssudo setcap cap_net_raw+ep %s",
             c->has_setcap ? "" : "sudo apt-get install -y libcap2-bin && ", program);
}

/* ---- limits of the kernel ---- */

static void judge_open_files(const rig_machine_facts *f, rig_machine_item *item)
{
    const uint64_t easy = RIG_HOST_OPEN_FILES + RIG_HOST_FILES_PER_AUDIO_CALL * EASY_AUDIO_CALLS;
    EXPECT(item,
           "%d open files for each SIPp, and with callers.audio %d more for each call at once",
           RIG_HOST_OPEN_FILES, RIG_HOST_FILES_PER_AUDIO_CALL);
    if (f->open_files == UINT64_MAX)
        FOUND(item, "no limit");
    else
        FOUND(item, "%llu (ulimit -n)", (unsigned long long)f->open_files);
    if (f->open_files >= easy)
        return;
    item->state = f->open_files < RIG_HOST_OPEN_FILES ? RIG_MACHINE_MISSING : RIG_MACHINE_WEAK;
    if (f->open_files_most >= easy)
        MEND(item, "ulimit -n %llu", (unsigned long long)easy);
    else
        MEND(item, "sudo prlimit --pid $$ --nofile=%llu", (unsigned long long)easy);
}

static void judge_buffers(const rig_machine_facts *f, rig_machine_item *item)
{
    const uint64_t wanted = strtoull(RIG_SIPP_SOCKET_BYTES, NULL, 10);
    EXPECT(item, "%s bytes, so that a burst of messages is not dropped at a SIPp's socket",
           RIG_SIPP_SOCKET_BYTES);
    FOUND(item, "the kernel grants %llu bytes to receive, %llu to send",
          (unsigned long long)f->receive_bytes, (unsigned long long)f->send_bytes);
    if (f->receive_bytes >= wanted && f->send_bytes >= wanted)
        return;
    item->state = RIG_MACHINE_WEAK;
    MEND(item, "sudo sysctl -w net.core.rmem_max=4194304 net.core.wmem_max=4194304");
}

static void judge_loopback(const rig_machine_facts *f, rig_machine_item *item)
{
    EXPECT(item, "a datagram to 127.0.0.1 comes back: SIPp is steered over it, and the embedded "
                 "call centre is there");
    FOUND(item,
          f->has_loopback ? N_("127.0.0.1 answers") : N_("nothing comes back from 127.0.0.1"));
    if (f->has_loopback)
        return;
    item->state = RIG_MACHINE_MISSING;
    MEND(item, "sudo ip link set lo up");
}

static void judge_loopback_6(const rig_machine_facts *f, rig_machine_item *item)
{
    EXPECT(item, "a datagram to ::1 comes back, for scenarios with IPv6");
    FOUND(item, f->has_loopback_6 ? N_("::1 answers") : N_("nothing comes back from ::1"));
    if (f->has_loopback_6)
        return;
    item->state = RIG_MACHINE_WEAK;
    MEND(item, "sudo sysctl -w net.ipv6.conf.lo.disable_ipv6=0");
}

/* ---- time ---- */

static void judge_clock(const rig_machine_facts *f, rig_machine_item *item)
{
    EXPECT(item,
           "a clock that NTP or PTP keeps, for captures of other hosts; steps during a run are "
           "noticed in any case");
    if (f->clock == RIG_MACHINE_CLOCK_KEPT) {
        FOUND(item, "kept, to within %.3g ms", f->clock_error_s * 1e3);
        return;
    }
    item->state = RIG_MACHINE_WEAK;
    FOUND(item, f->clock == RIG_MACHINE_CLOCK_FREE
                    ? N_("nobody keeps the kernel's clock (STA_UNSYNC)")
                    : N_("the kernel does not say whether its clock is kept"));
    if (f->has_systemd)
        MEND(item, "sudo apt-get install -y systemd-timesyncd && sudo timedatectl set-ntp true");
    else
        MEND(item, "sudo apt-get install -y chrony && sudo chronyd");
}

static void judge_cores(const rig_machine_facts *f, rig_machine_item *item)
{
    const double usable = fmin((double)f->n_cores, f->cpu_quota);
    EXPECT(item, "%d cores: one for the calls, one for the capture and the verdict", EASY_CORES);
    if (isfinite(f->cpu_quota))
        FOUND(item, "%u of %u, of which the control group permits the time of %.3g", f->n_cores,
              f->n_online, f->cpu_quota);
    else
        FOUND(item, "%u of %u", f->n_cores, f->n_online);
    if (usable >= EASY_CORES)
        return;
    item->state = RIG_MACHINE_WEAK;
    if (f->cpu_quota < EASY_CORES)
        MEND(item, "docker update --cpus %d CONTAINER", EASY_CORES);
    else if (f->n_online >= EASY_CORES)
        MEND(item, "taskset -cp 0-%u $$", f->n_online - 1);
}

/* ---- room ---- */

static void judge_room(const rig_machine_room *room, uint64_t least, uint64_t easy,
                       rig_machine_item *item)
{
    FOUND(item, "%s: %llu MB are free%s", room->path, (unsigned long long)(room->free_bytes >> 20),
          room->is_writable ? "" : N_(", but it cannot be written"));
    if (!room->is_writable || room->free_bytes < least)
        item->state = RIG_MACHINE_MISSING;
    else if (room->free_bytes < easy)
        item->state = RIG_MACHINE_WEAK;
}

static void judge_runs(const rig_machine_facts *f, rig_machine_item *item)
{
    EXPECT(item, "a folder that takes the files of a run: about 9 MB for 1000 calls; 1 GB is easy");
    judge_room(&f->runs, ROOM_LEAST, ROOM_EASY, item);
    if (item->state != RIG_MACHINE_OK)
        MEND(item, "peakrig run SCENARIO --out FOLDER_WITH_ROOM");
}

static void judge_temporary(const rig_machine_facts *f, rig_machine_item *item)
{
    EXPECT(item, "%llu MB where SIPp reads what it would play, before a run",
           (unsigned long long)(TEMPORARY_LEAST >> 20));
    judge_room(&f->temporary, TEMPORARY_LEAST, TEMPORARY_LEAST, item);
    if (item->state != RIG_MACHINE_OK)
        MEND(item, "export TMPDIR=FOLDER_WITH_ROOM");
}

static void judge_shared(const rig_machine_facts *f, rig_machine_item *item)
{
    EXPECT(item,
           "%llu MB, for Open MPI on one host and for browsers; no run of peakrig alone "
           "needs it",
           (unsigned long long)(SHARED_LEAST >> 20));
    judge_room(&f->shared, SHARED_LEAST, SHARED_LEAST, item);
    if (item->state == RIG_MACHINE_OK)
        return;
    item->state = RIG_MACHINE_WEAK;
    MEND(item, "sudo mkdir -p /dev/shm && sudo mount -t tmpfs -o size=256M,mode=1777 shm /dev/shm");
}

/* ---- all ---- */

/* Root needs no sudo, and a container has none. */
static void leave_out_sudo(char *command)
{
    static const char WORD[] = "sudo ";
    const size_t n = strlen(WORD);
    for (char *at = strstr(command, WORD); at != NULL; at = strstr(at, WORD))
        memmove(at, at + n, strlen(at + n) + 1);
}

size_t rig_machine_judge(const rig_machine_facts *facts, rig_machine_item *items)
{
    static const struct {
        const char *name;
        void (*judge)(const rig_machine_facts *facts, rig_machine_item *item);
    } things[] = {
        {N_("sipp"), judge_sipp},
        {N_("capture"), judge_capture},
        {N_("loopback"), judge_loopback},
        {N_("open files"), judge_open_files},
        {N_("disk"), judge_runs},
        {N_("temporary files"), judge_temporary},
        {N_("sipp audio"), judge_audio},
        {N_("socket buffers"), judge_buffers},
        {N_("loopback IPv6"), judge_loopback_6},
        {N_("cores"), judge_cores},
        {N_("clock"), judge_clock},
        {N_("shared memory"), judge_shared},
    };
    size_t n = 0;
    for (size_t i = 0; i < sizeof things / sizeof *things; i++) {
        if (things[i].judge == judge_audio && !facts->sipp.is_found)
            continue; /* which SIPp should it be of? */
        items[n] = (rig_machine_item){.state = RIG_MACHINE_OK};
        (void)snprintf(items[n].name, sizeof items[n].name, "%s", things[i].name);
        things[i].judge(facts, &items[n]);
        if (facts->is_root)
            leave_out_sudo(items[n].mend);
        n++;
    }
    return n;
}
