/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "generator/recorder.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "core/clock.h"
#include "generator/recorder/filter.h"

enum {
    SNAPLEN = 65535,
    KERNEL_BUFFER_BYTES = 64 << 20,
    BLOCK_TIMEOUT_MS = 20, /* the kernel hands over a part-filled block after this */
    POLL_MS = 50,
    N_PER_TURN = 512,
    STREAM_BUFFER_BYTES = 1 << 20,
    DRAIN_MS = 5 * BLOCK_TIMEOUT_MS,
    FLUSH_MS = 200, /* who is killed loses no more than that */
    MAX_FILTER_PORTS = 128
};

static const uint32_t MAGIC_NANOSECONDS = 0xa1b23c4d;

struct rig_recorder {
    pcap_t *pcap;
    int linktype;
    int64_t ns_per_unit; /* of the fraction in a packet's stamp */
    rig_recorder_sink sink;
    void *ctx;
    rig_atomic_file *file;
    rig_digest *digest; /* of what is written to it */
    uint64_t n_bytes;
    int64_t flushed_ns; /* by the monotonic clock: when it was last handed to the system */
    pthread_t thread;
    bool has_thread;
    atomic_bool is_ending;
    atomic_bool is_abandoned;
    atomic_uint_fast64_t n_packets;
    atomic_uint_fast64_t n_kernel_dropped, n_nic_dropped;
    char *path;      /* of the file */
    int write_errno; /* of the thread: the first error of the file */
    atomic_bool has_failed;
    rig_status status; /* of the thread; read after it is joined */
    rig_error error;
};

static bool write_bytes(rig_recorder *capture, const void *data, size_t n)
{
    rig_digest_add(capture->digest, data, n);
    capture->n_bytes += n;
    return fwrite(data, 1, n, rig_atomic_file_stream(capture->file)) == n;
}

/* A pcap file of ours is in the byte order of this host, as the format allows. */
static void write_file_header(rig_recorder *capture)
{
    const struct {
        uint32_t magic;
        uint16_t major, minor;
        int32_t zone;
        uint32_t accuracy, snaplen, linktype;
    } header = {MAGIC_NANOSECONDS, 2, 4, 0, 0, SNAPLEN, (uint32_t)capture->linktype};
    (void)write_bytes(capture, &header, sizeof header); /* an error is kept until the commit */
}

static void on_packet(u_char *user, const struct pcap_pkthdr *header, const u_char *data)
{
    rig_recorder *capture = (rig_recorder *)(void *)user;
    int64_t t_ns = (int64_t)header->ts.tv_sec * RIG_NS_PER_S +
                   (int64_t)header->ts.tv_usec * capture->ns_per_unit;
    const uint32_t record[4] = {(uint32_t)(t_ns / RIG_NS_PER_S), (uint32_t)(t_ns % RIG_NS_PER_S),
                                header->caplen, header->len};
    /* who listens sees all, also what a full disk does not take any more */
    if (capture->write_errno == 0 && (!write_bytes(capture, record, sizeof record) ||
                                      !write_bytes(capture, data, header->caplen)))
        capture->write_errno = errno;
    atomic_fetch_add_explicit(&capture->n_packets, 1, memory_order_relaxed);
    if (capture->sink != NULL)
        capture->sink(capture->ctx, capture->linktype, t_ns, data, header->caplen, header->len);
}

static void count_drops(rig_recorder *capture)
{
    struct pcap_stat stat;
    if (pcap_stats(capture->pcap, &stat) != 0)
        return;
    atomic_store_explicit(&capture->n_kernel_dropped, stat.ps_drop, memory_order_relaxed);
    atomic_store_explicit(&capture->n_nic_dropped, stat.ps_ifdrop, memory_order_relaxed);
}

/* A full disk is seen soon, too. */
static void flush_now_and_then(rig_recorder *capture)
{
    const int64_t now_ns = rig_clock_monotonic_ns();
    if (now_ns - capture->flushed_ns < (int64_t)FLUSH_MS * 1000000 || capture->write_errno != 0)
        return;
    capture->flushed_ns = now_ns;
    if (fflush(rig_atomic_file_stream(capture->file)) != 0)
        capture->write_errno = errno != 0 ? errno : EIO;
}

static void *run(void *arg)
{
    rig_recorder *capture = arg;
    int fd = pcap_get_selectable_fd(capture->pcap);
    int64_t drained_ns = 0;
    while (!atomic_load(&capture->is_abandoned)) {
        int n = pcap_dispatch(capture->pcap, N_PER_TURN, on_packet, (u_char *)(void *)capture);
        flush_now_and_then(capture);
        if (capture->write_errno != 0 && capture->status == RIG_OK) {
            capture->status =
                rig_atomic_file_fail(capture->path, capture->write_errno, &capture->error);
            atomic_store(&capture->has_failed, true);
        }
        if (n < 0 && capture->status == RIG_OK)
            capture->status =
                rig_fail(&capture->error, RIG_EIO, "capture: %s", pcap_geterr(capture->pcap));
        if (n < 0)
            break;
        count_drops(capture);
        if (n > 0)
            continue;
        /* Nothing now; when we are to end, wait for the block that the kernel has not yet handed
         * over. */
        if (atomic_load(&capture->is_ending)) {
            int64_t now_ns = rig_clock_monotonic_ns();
            if (drained_ns == 0)
                drained_ns = now_ns + (int64_t)DRAIN_MS * 1000000;
            else if (now_ns >= drained_ns)
                break;
        }
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        (void)poll(&ready, 1, atomic_load(&capture->is_ending) ? BLOCK_TIMEOUT_MS : POLL_MS);
    }
    atomic_store(&capture->has_failed, capture->status != RIG_OK);
    return NULL;
}

static rig_status fail_pcap(const char *interface, int code, pcap_t *pcap, rig_error *err)
{
    if (code == PCAP_ERROR_PERM_DENIED) {
        char self[512];
        ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
        self[n > 0 ? n : 0] = '\0';
        return rig_fail(
            err, RIG_EENV,
            "%s: capturing is not permitted; once, as root: setcap cap_net_raw+ep %s; or "
            "capture elsewhere: --capture FILE",
            interface, n > 0 ? self : "PEAKRIG");
    }
    const char *detail = pcap_geterr(pcap);
    return rig_fail(err, RIG_EENV, "%s: cannot capture: %s%s%s", interface, pcap_statustostr(code),
                    detail[0] != '\0' ? ": " : "", detail);
}

static rig_status activate(rig_recorder *capture, const rig_recorder_spec *spec, rig_error *err)
{
    const char *interface = spec->interface;
    char message[PCAP_ERRBUF_SIZE];
    struct bpf_program program;
    char *filter = NULL;
    pcap_t *pcap = pcap_create(interface, message);
    if (pcap == NULL)
        return rig_fail(err, RIG_EENV, "%s: cannot capture: %s", interface, message);
    capture->pcap = pcap;
    (void)pcap_set_snaplen(pcap, SNAPLEN);
    (void)pcap_set_promisc(pcap, 0);
    (void)pcap_set_timeout(pcap, BLOCK_TIMEOUT_MS);
    (void)pcap_set_buffer_size(pcap, KERNEL_BUFFER_BYTES);
    bool is_nano = pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO) == 0;
    int code = pcap_activate(pcap);
    if (code < 0)
        return fail_pcap(interface, code, pcap, err);
    is_nano = is_nano && pcap_get_tstamp_precision(pcap) == PCAP_TSTAMP_PRECISION_NANO;
    capture->ns_per_unit = is_nano ? 1 : 1000;
    capture->linktype = pcap_datalink(pcap);

    rig_status status = rig_recorder_filter(spec, &filter, err);
    if (status != RIG_OK)
        return status;
    if (pcap_compile(pcap, &program, filter, 1, PCAP_NETMASK_UNKNOWN) != 0) {
        status = rig_fail(err, RIG_EIO, "capture filter \"%s\": %s", filter, pcap_geterr(pcap));
    } else {
        if (pcap_setfilter(pcap, &program) != 0)
            status = rig_fail(err, RIG_EIO, "capture filter \"%s\": %s", filter, pcap_geterr(pcap));
        pcap_freecode(&program);
    }
    free(filter);
    if (status == RIG_OK && pcap_setnonblock(pcap, 1, message) != 0)
        status = rig_fail(err, RIG_EIO, "%s: cannot capture: %s", interface, message);
    return status;
}

static void release(rig_recorder *capture)
{
    if (capture->pcap != NULL)
        pcap_close(capture->pcap);
    rig_atomic_file_abandon(capture->file);
    rig_digest_free(capture->digest);
    free(capture->path);
    free(capture);
}

rig_status rig_recorder_check(const char *interface, rig_error *err)
{
    static const rig_recorder_end DISCARD = {.port = 9};
    const rig_recorder_spec spec = {.interface = interface, .ends = &DISCARD, .n_ends = 1};
    rig_recorder probe = {.pcap = NULL};
    rig_status status = activate(&probe, &spec, err);
    if (probe.pcap != NULL)
        pcap_close(probe.pcap);
    return status;
}

rig_status rig_recorder_open(const rig_recorder_spec *spec, rig_recorder **capture, rig_error *err)
{
    if (spec->n_ends == 0 || spec->n_ends > MAX_FILTER_PORTS)
        return rig_fail(err, RIG_EDOM, "%zu ports to capture; expected 1 to %d", spec->n_ends,
                        MAX_FILTER_PORTS);
    rig_recorder *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    made->sink = spec->sink;
    made->ctx = spec->ctx;
    made->path = strdup(spec->path);
    made->digest = rig_digest_new();
    rig_status status = made->path != NULL && made->digest != NULL
                            ? activate(made, spec, err)
                            : rig_fail(err, RIG_ENOMEM, "out of memory");
    if (status == RIG_OK)
        status = rig_atomic_file_new(spec->path, &made->file, err);
    if (status != RIG_OK) {
        release(made);
        return status;
    }
    (void)setvbuf(rig_atomic_file_stream(made->file), NULL, _IOFBF, STREAM_BUFFER_BYTES);
    write_file_header(made);
    *capture = made;
    return RIG_OK;
}

rig_status rig_recorder_begin(rig_recorder *capture, rig_error *err)
{
    /* Signals are for the thread that plays. */
    sigset_t all, before;
    sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    int failure = pthread_create(&capture->thread, NULL, run, capture);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failure != 0)
        return rig_fail(err, RIG_ENOMEM, "cannot start the capture thread: %s", strerror(failure));
    capture->has_thread = true;
    return RIG_OK;
}

rig_status rig_recorder_start(const char *interface, const uint16_t *ports, size_t n_ports,
                              uint16_t own_port, const char *path, rig_recorder_sink sink,
                              void *ctx, rig_recorder **capture, rig_error *err)
{
    rig_recorder_end ends[MAX_FILTER_PORTS];
    rig_recorder *made = NULL;
    const rig_recorder_spec spec = {.interface = interface,
                                    .ends = ends,
                                    .n_ends = n_ports,
                                    .own_port = own_port,
                                    .path = path,
                                    .sink = sink,
                                    .ctx = ctx};
    for (size_t i = 0; i < n_ports && i < MAX_FILTER_PORTS; i++)
        ends[i] = (rig_recorder_end){.port = ports[i]};
    rig_status status = rig_recorder_open(&spec, &made, err);
    if (status == RIG_OK)
        status = rig_recorder_begin(made, err);
    if (status == RIG_OK)
        *capture = made;
    else
        rig_recorder_abandon(made);
    return status;
}

bool rig_recorder_has_failed(rig_recorder *capture)
{
    return atomic_load(&capture->has_failed);
}

rig_recorder_totals rig_recorder_count(rig_recorder *capture)
{
    return (rig_recorder_totals){
        .n_packets = atomic_load_explicit(&capture->n_packets, memory_order_relaxed),
        .n_kernel_dropped = atomic_load_explicit(&capture->n_kernel_dropped, memory_order_relaxed),
        .n_nic_dropped = atomic_load_explicit(&capture->n_nic_dropped, memory_order_relaxed)};
}

/* Where it is before it is in place: a file system that takes no new name (read-only since) does
 * not let it be removed either. */
static void find_part(const rig_recorder *capture, char *part, size_t size)
{
    char link[40];
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", rig_atomic_file_fd(capture->file));
    const ssize_t n = readlink(link, part, size - 1);
    part[n > 0 ? n : 0] = '\0';
}

/* Who had it open is the last to have it: somebody else has removed its name. */
static bool is_removed(const char *part)
{
    static const char MARK[] = " (deleted)";
    const size_t n = strlen(part), n_mark = sizeof MARK - 1;
    return n > n_mark && strcmp(part + n - n_mark, MARK) == 0;
}

/* The last of it, while the part can still be kept. */
static void sync_file(rig_recorder *capture)
{
    const bool is_kept = !rig_atomic_file_is_through(capture->file);
    if (capture->write_errno == 0 && (fflush(rig_atomic_file_stream(capture->file)) != 0 ||
                                      (is_kept && fsync(rig_atomic_file_fd(capture->file)) != 0)))
        capture->write_errno = errno != 0 ? errno : EIO;
    if (capture->write_errno != 0 && capture->status == RIG_OK)
        capture->status =
            rig_atomic_file_fail(capture->path, capture->write_errno, &capture->error);
}

rig_status rig_recorder_stop(rig_recorder *capture, rig_recorder_totals *counts, rig_error *err)
{
    atomic_store(&capture->is_ending, true);
    (void)pthread_join(capture->thread, NULL);
    rig_recorder_totals totals = rig_recorder_count(capture);
    totals.n_bytes = capture->n_bytes;
    rig_digest_text(capture->digest, totals.sha256);
    if (counts != NULL)
        *counts = totals;
    sync_file(capture);
    rig_status status = capture->status;
    /* What was captured before a failure is kept. */
    rig_error write_error;
    char part[1200] = "";
    rig_status written = RIG_OK;
    if (capture->write_errno != 0) {
        rig_atomic_file_keep(capture->file, part, sizeof part);
    } else {
        find_part(capture, part, sizeof part);
        written = rig_atomic_file_commit(capture->file, &write_error);
        if (written == RIG_OK)
            part[0] = '\0'; /* it has its name */
    }
    capture->file = NULL;
    if (status != RIG_OK)
        (void)rig_fail(err, status, "%s%s%s", capture->error.text,
                       part[0] != '\0' ? "; what was captured before is in " : "", part);
    if (status == RIG_OK && written != RIG_OK && is_removed(part))
        status = rig_fail(err, written, "%s: another program removed it while it was written",
                          capture->path);
    else if (status == RIG_OK && written != RIG_OK)
        status = rig_fail(err, written, "%s%s%s", write_error.text,
                          access(part, F_OK) == 0 ? "; it is in " : "",
                          access(part, F_OK) == 0 ? part : "");
    release(capture);
    return status;
}

void rig_recorder_abandon(rig_recorder *capture)
{
    if (capture == NULL)
        return;
    atomic_store(&capture->is_abandoned, true);
    if (capture->has_thread)
        (void)pthread_join(capture->thread, NULL);
    release(capture);
}
