/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Children, probes and ports on a real host. */
#include "tests/test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "core/clock.h"
#include "generator/recorder.h"
#include "core/child.h"
#include "generator/ports.h"
#include "generator/probe.h"
#include "generator/sipp_worker.h"
#include "generator/embedded.h"
#include "tests/loopback/generator_peer.h"

static char folder[] = "/tmp/rig-processes-XXXXXX";

static char *path_of(const char *name)
{
    char *path;
    if (asprintf(&path, "%s/%s", folder, name) < 0)
        abort();
    return path;
}

/* A shell script as a program; the caller frees the path. */
static char *make_script(const char *name, const char *body)
{
    char *path = path_of(name);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fprintf(out, "#!/bin/sh\n%s\n", body);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(chmod(path, 0755), 0);
    return path;
}

static void assert_no_child(void)
{
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static void starts_and_reaps(void **state)
{
    (void)state;
    char *out = path_of("out"), *text;
    const char *const argv[] = {"/bin/sh", "-c", "pwd; cat; exit 7", NULL};
    const rig_child_spec spec = {.argv = argv, .folder = folder, .stdout_path = out};
    rig_child child;
    assert_int_equal(rig_child_start(&spec, &child, NULL), RIG_OK);
    assert_true(rig_child_wait(&child, 60.0));
    assert_int_equal(child.exit_code, 7);
    assert_int_equal(rig_file_read(out, &text, NULL, NULL), RIG_OK);
    assert_int_equal(strncmp(text, folder, strlen(folder)), 0);
    free(text);
    free(out);
    rig_child_end(&child, 1.0);
    rig_child_end(NULL, 1.0);
    assert_no_child();
}

static void passes_on_no_descriptor(void **state)
{
    (void)state;
    char *out = path_of("fds"), *text;
    int extra[] = {dup(STDERR_FILENO), dup(STDERR_FILENO),
                   dup(STDERR_FILENO)}; /* not close-on-exec */
    const char *const argv[] = {"/bin/sh", "-c", "ls /proc/$$/fd; :", NULL}; /* no pipe, no exec */
    const rig_child_spec spec = {.argv = argv, .stdout_path = out};
    rig_child child;
    assert_int_equal(rig_child_start(&spec, &child, NULL), RIG_OK);
    for (size_t i = 0; i < sizeof extra / sizeof *extra; i++)
        close(extra[i]);
    assert_true(rig_child_wait(&child, 60.0));
    assert_int_equal(rig_file_read(out, &text, NULL, NULL), RIG_OK);
    assert_string_equal(text, "0\n1\n2\n");
    free(text);
    free(out);
}

static void says_why_it_cannot_start(void **state)
{
    (void)state;
    rig_error err = {0};
    rig_child child = {.pid = 77};
    const char *const nobody[] = {"/nowhere/program", NULL};
    rig_child_spec spec = {.argv = nobody};
    assert_int_equal(rig_child_start(&spec, &child, &err), RIG_EENV);
    assert_non_null(strstr(err.text, "/nowhere/program: cannot execute: No such file"));
    const char *const good[] = {"/bin/true", NULL};
    spec = (rig_child_spec){.argv = good, .stdout_path = "/nowhere/out"};
    assert_int_equal(rig_child_start(&spec, &child, &err), RIG_EIO);
    spec = (rig_child_spec){.argv = good, .stderr_path = "/nowhere/err"};
    assert_int_equal(rig_child_start(&spec, &child, &err), RIG_EIO);
    spec = (rig_child_spec){.argv = good, .folder = "/nowhere"};
    assert_int_equal(rig_child_start(&spec, &child, &err), RIG_EENV);
    assert_int_equal(child.pid, 77);
    assert_no_child();
}

static void ends_even_the_stubborn(void **state)
{
    (void)state;
    int fds[2];
    char byte;
    assert_int_equal(pipe(fds), 0);
    /* .. and what it has started: that has the pipe open, too */
    const char *const argv[] = {"/bin/sh", "-c", "trap '' TERM; sleep 600 & printf .; wait", NULL};
    const rig_child_spec spec = {.argv = argv, .stdout_fd = fds[1]};
    rig_child child;
    assert_int_equal(rig_child_start(&spec, &child, NULL), RIG_OK);
    assert_int_equal(read(fds[0], &byte, 1), 1); /* the trap is set */
    close(fds[1]);
    assert_false(rig_child_has_ended(&child));
    rig_child_end(&child, 0.1);
    assert_true(rig_child_has_ended(&child));
    struct pollfd all = {.fd = fds[0], .events = POLLIN};
    assert_int_equal(poll(&all, 1, 20000), 1);
    assert_int_equal(read(fds[0], &byte, 1), 0);
    close(fds[0]);
    assert_int_equal(child.exit_code, 128 + SIGKILL);
    assert_no_child();
}

static void waits_for_the_target(void **state)
{
    (void)state;
    char *errors = path_of("target.err");
    rig_error err = {0};
    rig_embedded *target;
    const char *const good[] = {
        "/bin/sh", "-c",
        "trap 'exit 5' TERM; printf 'welcome\\nready 127.0'; echo '.0.1 5099'; "
        "while :; do sleep 0.02; done",
        NULL};
    assert_int_equal(rig_embedded_new(good, NULL, NULL, errors, 60.0, NULL, &target, &err), RIG_OK);
    assert_string_equal(rig_embedded_host(target), "127.0.0.1");
    size_t n_ports = 0;
    assert_int_equal(rig_embedded_ports(target, &n_ports)[0], 5099);
    assert_int_equal(n_ports, 1);
    assert_int_equal(rig_embedded_check(target, &err), RIG_OK);
    assert_int_equal(rig_embedded_free(target), 5);
    assert_int_equal(rig_embedded_free(NULL), 0);

    const char *const dead[] = {"/bin/sh", "-c", "echo first >&2; echo no circuits >&2; exit 3",
                                NULL};
    assert_int_equal(rig_embedded_new(dead, NULL, NULL, errors, 60.0, NULL, &target, &err),
                     RIG_EENV);
    assert_non_null(strstr(err.text, "exit code 3: no circuits"));

    static const char *const never[] = {"/bin/sh", "-c", "echo 'ready 127.0.0.1 0'; exec sleep 600",
                                        NULL};
    assert_int_equal(rig_embedded_new(never, NULL, NULL, errors, 0.1, NULL, &target, &err),
                     RIG_EENV);
    assert_non_null(strstr(err.text, "not ready"));
    rig_stop stop = {.is_set = 1};
    assert_int_equal(rig_embedded_new(never, NULL, NULL, errors, 60.0, &stop, &target, &err),
                     RIG_ECANCELLED);
    const char *const nobody[] = {"/nowhere/target", NULL};
    assert_int_equal(rig_embedded_new(nobody, NULL, NULL, NULL, 60.0, NULL, &target, &err),
                     RIG_EENV);
    free(errors);
    assert_no_child();
}

static void reads_what_the_target_was_offered(void **state)
{
    (void)state;
    rig_error err = {0};
    rig_embedded *target;
    const char *const talks[] = {
        "/bin/sh", "-c",
        "echo ready 127.0.0.1 5099; echo offered 1; printf offe; sleep 0.05; echo red 12; echo no "
        "offered 99; echo offered x; printf '%0200d\\n' 7; echo offered 77; exec sleep 60",
        NULL};
    assert_int_equal(rig_embedded_new(talks, NULL, NULL, NULL, 60.0, NULL, &target, &err), RIG_OK);
    const int64_t until_ns = rig_clock_monotonic_ns() + 60 * RIG_NS_PER_S;
    uint64_t n = 0;
    while (n != 77 && rig_clock_monotonic_ns() < until_ns) {
        n = rig_embedded_offered(target);
        assert_true(n == 0 || n == 1 || n == 12 || n == 77);
    }
    assert_int_equal(n, 77);
    (void)rig_embedded_free(target);
    assert_no_child();
}

static void notices_the_end_of_the_target(void **state)
{
    (void)state;
    rig_error err = {0};
    rig_embedded *target;
    const char *const brief[] = {"/bin/sh", "-c", "echo ready 127.0.0.1 5099; exit 4", NULL};
    assert_int_equal(rig_embedded_new(brief, NULL, NULL, NULL, 60.0, NULL, &target, &err), RIG_OK);
    int64_t until_ns = rig_clock_monotonic_ns() + 60 * RIG_NS_PER_S;
    rig_status status = RIG_OK;
    while (status == RIG_OK && rig_clock_monotonic_ns() < until_ns)
        status = rig_embedded_check(target, &err);
    assert_int_equal(status, RIG_EENV);
    assert_non_null(strstr(err.text, "exit code 4"));
    assert_int_equal(rig_embedded_free(target), 4);
}

static void finds_sipp(void **state)
{
    (void)state;
    rig_error err = {0};
    char *found = NULL;
    assert_int_equal(rig_sipp_find(NULL, NULL, &found, &err), RIG_OK);
    assert_int_equal(found[0], '/');
    free(found);

    char *path = strdup(getenv("PATH"));
    char *old = make_script("sipp", "echo ' SIPp v3.5.2-TLS'; exit 99");
    assert_int_equal(setenv("PATH", folder, 1), 0);
    assert_int_equal(rig_sipp_find(NULL, NULL, &found, &err), RIG_EENV);
    assert_non_null(strstr(err.text, "SIPp 3.5; expected 3.6 or later"));
    assert_int_equal(unlink(old), 0);
    free(old);
    assert_int_equal(rig_sipp_find(NULL, NULL, &found, &err), RIG_EENV);
    assert_string_equal(err.text, "sipp: not found in PATH; install sip-tester (ci/setup)");
    assert_int_equal(setenv("PATH", path, 1), 0);
    free(path);

    assert_int_equal(rig_sipp_find("/bin/true", NULL, &found, &err), RIG_EENV);
    assert_non_null(strstr(err.text, "not SIPp"));
    assert_no_child();
}

static void probes(void **state)
{
    (void)state;
    rig_error err = {0};
    rig_route route;
    static const char *const scripts[] = {"F"};
    peer *centre = peer_new(PEER_UDP, scripts, 1);
    assert_int_equal(rig_route_find("127.0.0.1", peer_port(centre), &route, &err), RIG_OK);

    /* bound, but silent */
    int64_t start_ns = rig_clock_monotonic_ns();
    assert_int_equal(rig_probe(&route, RIG_TRANSPORT_UDP, NULL, &err), RIG_EENV);
    assert_true(rig_clock_monotonic_ns() - start_ns >= 3 * RIG_NS_PER_S);
    assert_non_null(strstr(err.text, "nobody answers SIP at 127.0.0.1"));
    rig_stop stop = {.is_set = 1};
    assert_int_equal(rig_probe(&route, RIG_TRANSPORT_UDP, &stop, &err), RIG_ECANCELLED);

    peer_start(centre, 9);
    assert_int_equal(rig_probe(&route, RIG_TRANSPORT_UDP, NULL, &err), RIG_OK);
    peer_free(centre);

    /* nobody there: the kernel says so */
    assert_int_equal(rig_probe(&route, RIG_TRANSPORT_UDP, NULL, &err), RIG_EENV);
    assert_non_null(strstr(err.text, "refuses"));
}

static void finds_free_ports(void **state)
{
    (void)state;
    enum { N = 20 };
    uint16_t ports[N];
    rig_error err = {0};
    assert_int_equal(rig_ports_find_free("127.0.0.1", NULL, N, 3, ports, &err), RIG_OK);
    for (size_t i = 0; i < N; i++) {
        assert_true(ports[i] != 0);
        for (size_t k = 0; k < i; k++)
            assert_true(ports[i] != ports[k]);
    }
    /* below what the kernel gives to others in between */
    for (int i = 0; i < 300; i++) {
        const int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        struct sockaddr_in given = {.sin_family = AF_INET,
                                    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        socklen_t n = sizeof given;
        assert_int_equal(bind(any, (const struct sockaddr *)&given, n), 0);
        assert_int_equal(getsockname(any, (struct sockaddr *)&given, &n), 0);
        for (size_t k = 0; k < N; k++)
            assert_true(ports[k] < ntohs(given.sin_port));
        close(any);
    }
    assert_int_equal(rig_ports_draw(32768, 0), 10000);
    assert_int_equal(rig_ports_draw(32768, 22767), 32767);
    assert_int_equal(rig_ports_draw(32768, 22768), 10000);
    assert_int_equal(rig_ports_draw(11000, 4000000000U), 10000);
    assert_int_equal(rig_ports_draw(10999, 5), 0); /* no room: the kernel's choice */
    assert_int_equal(rig_ports_draw(1024, 5), 0);
    assert_int_equal(rig_ports_find_free("192.0.2.1", NULL, 1, 0, ports, &err), RIG_EENV);
    assert_int_equal(rig_ports_find_free("nowhere", NULL, 1, 0, ports, &err), RIG_EDOM);

    rig_port_state seen;
    assert_int_equal(rig_port_state_read("127.0.0.1", ports[0], RIG_TRANSPORT_UDP, &seen, &err),
                     RIG_OK);
    assert_false(seen.is_bound);
    assert_false(rig_port_belongs_to(&seen, getpid()));
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), small = 1;
    const struct sockaddr_in address = {.sin_family = AF_INET,
                                        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                        .sin_port = htons(ports[0])};
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    for (int i = 0; i < 1000; i++) {
        char datagram[1000] = "";
        (void)sendto(fd, datagram, sizeof datagram, 0, (const struct sockaddr *)&address,
                     sizeof address);
    }
    assert_int_equal(rig_port_state_read("127.0.0.1", ports[0], RIG_TRANSPORT_UDP, &seen, &err),
                     RIG_OK);
    assert_true(seen.is_bound);
    assert_in_range(seen.n_drops, 900, 999);
    assert_true(rig_port_belongs_to(&seen, getpid()));
    assert_false(rig_port_belongs_to(&seen, 1));
    close(fd);
}

typedef struct seen_packets {
    size_t n, n_ours;
} seen_packets;

static const char DATAGRAM[] = "peakrig test datagram";

static void see_packet(void *ctx, int linktype, int64_t t_ns, const uint8_t *data, size_t caplen,
                       size_t len)
{
    (void)linktype;
    (void)t_ns;
    (void)len;
    seen_packets *seen = ctx;
    seen->n++;
    if (caplen >= sizeof DATAGRAM &&
        memcmp(data + caplen - sizeof DATAGRAM, DATAGRAM, sizeof DATAGRAM) == 0)
        seen->n_ours++;
}

/* A socket that listens at a port and reads nothing: else the kernel says by ICMP that nobody does,
 * and that is captured, too. */
static int listen_at(uint16_t port)
{
    const struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port)};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&at, sizeof at), 0);
    return fd;
}

static void captures_from_the_first_to_the_last(void **state)
{
    (void)state;
    enum { N = 1000 };
    rig_error err = {0};
    rig_recorder *capture;
    seen_packets seen = {0};
    char *path = path_of("capture.pcap"), *file;
    uint16_t ports[3];
    assert_int_equal(rig_ports_find_free("127.0.0.1", NULL, 3, 0, ports, &err), RIG_OK);
    rig_status status =
        rig_recorder_start("lo", ports, 2, 0, path, see_packet, &seen, &capture, &err);
    if (status == RIG_EENV) { /* not permitted here */
        assert_non_null(strstr(err.text, "setcap"));
        free(path);
        skip();
    }
    assert_int_equal(status, RIG_OK);
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const int ours[2] = {listen_at(ports[0]), listen_at(ports[1])};
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    for (int i = 0; i < N; i++) {
        for (size_t k = 0; k < 3; k++) { /* the third port is not ours to capture */
            to.sin_port = htons(ports[k]);
            (void)sendto(fd, DATAGRAM, sizeof DATAGRAM, 0, (const struct sockaddr *)&to, sizeof to);
        }
    }
    close(fd);
    close(ours[0]);
    close(ours[1]);
    assert_int_equal(access(path, F_OK), -1); /* it appears at the end, whole */
    rig_recorder_totals totals;
    assert_int_equal(rig_recorder_stop(capture, &totals, &err), RIG_OK);
    assert_int_equal(seen.n_ours, 2 * N);
    assert_int_equal(seen.n, 2 * N);
    assert_int_equal(totals.n_packets, 2 * N);
    assert_int_equal(totals.n_kernel_dropped, 0);
    size_t n;
    assert_int_equal(rig_file_read(path, &file, &n, NULL), RIG_OK);
    assert_int_equal(n, 24 + 2 * N * (16 + 14 + 20 + 8 + sizeof DATAGRAM));
    static const uint32_t MAGIC = 0xa1b23c4d;
    assert_memory_equal(file, &MAGIC, sizeof MAGIC);
    free(file);
    char sha256[RIG_SHA256_TEXT_SIZE]; /* who changes the file is found out */
    assert_int_equal(rig_digest_file(path, sha256, NULL), RIG_OK);
    assert_string_equal(sha256, totals.sha256);
    assert_int_equal(n, totals.n_bytes);
    free(path);
}

static void says_why_it_cannot_capture(void **state)
{
    (void)state;
    rig_error err = {0};
    rig_recorder *capture;
    char *path = path_of("none.pcap");
    uint16_t ports[1];
    assert_int_equal(rig_ports_find_free("127.0.0.1", NULL, 1, 0, ports, &err), RIG_OK);
    const rig_status status =
        rig_recorder_start("lo", ports, 1, 0, path, NULL, NULL, &capture, &err);
    if (status == RIG_EENV) { /* not permitted here */
        free(path);
        skip();
    }
    assert_int_equal(status, RIG_OK);
    rig_recorder_abandon(capture);
    rig_recorder_abandon(NULL);
    assert_int_equal(rig_recorder_start("lo", ports, 0, 0, path, NULL, NULL, &capture, &err),
                     RIG_EDOM);
    assert_int_equal(rig_recorder_start("nowhere0", ports, 1, 0, path, NULL, NULL, &capture, &err),
                     RIG_EENV);
    assert_non_null(strstr(err.text, "nowhere0"));
    assert_int_equal(
        rig_recorder_start("lo", ports, 1, 0, "/nowhere/c", NULL, NULL, &capture, &err), RIG_EIO);
    assert_int_equal(access(path, F_OK), -1);
    free(path);
}

/* The kernel hands over a part-filled block late: what it holds at the end is waited for. The
 * pauses are of all lengths, so that the end falls into every moment of the thread's waiting. */
static void captures_what_came_just_before_the_end(void **state)
{
    (void)state;
    enum { N = 15 };
    char *path = path_of("last.pcap");
    uint16_t port;
    assert_int_equal(rig_ports_find_free("127.0.0.1", NULL, 1, 0, &port, NULL), RIG_OK);
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), ours = listen_at(port);
    const struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port)};
    for (int i = 0; i < N; i++) {
        rig_recorder *capture;
        rig_recorder_totals totals;
        const struct timespec pause = {.tv_nsec = 50000000L / N * i + 1};
        assert_int_equal(rig_recorder_start("lo", &port, 1, 0, path, NULL, NULL, &capture, NULL),
                         RIG_OK);
        (void)nanosleep(&pause, NULL);
        (void)sendto(fd, DATAGRAM, sizeof DATAGRAM, 0, (const struct sockaddr *)&to, sizeof to);
        assert_int_equal(rig_recorder_stop(capture, &totals, NULL), RIG_OK);
        assert_int_equal(totals.n_packets, 1);
    }
    close(fd);
    close(ours);
    free(path);
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(starts_and_reaps),
        cmocka_unit_test(passes_on_no_descriptor),
        cmocka_unit_test(says_why_it_cannot_start),
        cmocka_unit_test(ends_even_the_stubborn),
        cmocka_unit_test(waits_for_the_target),
        cmocka_unit_test(reads_what_the_target_was_offered),
        cmocka_unit_test(notices_the_end_of_the_target),
        cmocka_unit_test(finds_sipp),
        cmocka_unit_test(probes),
        cmocka_unit_test(finds_free_ports),
        cmocka_unit_test(captures_from_the_first_to_the_last),
        cmocka_unit_test(says_why_it_cannot_capture),
        cmocka_unit_test(captures_what_came_just_before_the_end),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    char command[100];
    (void)snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command) != 0 ? 1 : failed;
}
