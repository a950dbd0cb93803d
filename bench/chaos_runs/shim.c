/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a host can do to a program, by LD_PRELOAD: bench/chaos puts it under SIPp or peakrig.
 *
 * CHAOS_OUT             share of the datagrams that are lost before the capture [0, 1]
 * CHAOS_DELAY_MS, CHAOS_JITTER_MS  of what is sent: the whole program sleeps so long
 * CHAOS_FROM_S, CHAOS_FOR_S        from the first datagram on; without: always
 * CHAOS_SNAPLEN, CHAOS_BUFFER      of libpcap
 * CHAOS_STARVE_S        the capture sleeps so long, CHAOS_FROM_S after its first packet */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static double number(const char *name, double otherwise)
{
    const char *text = getenv(name);
    return text != NULL ? strtod(text, NULL) : otherwise;
}

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Whether the fault is on: counted from the first question. */
static int is_on(void)
{
    static double began_s = -1.0;
    if (began_s < 0.0)
        began_s = now_s();
    const double at_s = now_s() - began_s - number("CHAOS_FROM_S", 0.0);
    return at_s >= 0.0 && at_s < number("CHAOS_FOR_S", 1e9);
}

static int is_lost(void)
{
    static unsigned seed = 1;
    const double share = number("CHAOS_OUT", 0.0);
    return share > 0.0 && is_on() && (double)rand_r(&seed) / RAND_MAX < share;
}

static void delay(void)
{
    static unsigned seed = 2;
    const double ms = number("CHAOS_DELAY_MS", 0.0) +
                      number("CHAOS_JITTER_MS", 0.0) * (double)rand_r(&seed) / RAND_MAX;
    if (ms > 0.0 && is_on())
        usleep((useconds_t)(ms * 1000.0));
}

ssize_t sendto(int fd, const void *data, size_t n, int flags, const struct sockaddr *to,
               socklen_t to_n)
{
    delay();
    return is_lost() ? (ssize_t)n : NEXT(sendto)(fd, data, n, flags, to, to_n);
}

ssize_t send(int fd, const void *data, size_t n, int flags)
{
    delay();
    return is_lost() ? (ssize_t)n : NEXT(send)(fd, data, n, flags);
}

int pcap_set_snaplen(pcap_t *pcap, int bytes)
{
    return NEXT(pcap_set_snaplen)(pcap, (int)number("CHAOS_SNAPLEN", bytes));
}

int pcap_set_buffer_size(pcap_t *pcap, int bytes)
{
    return NEXT(pcap_set_buffer_size)(pcap, (int)number("CHAOS_BUFFER", bytes));
}

int pcap_dispatch(pcap_t *pcap, int n, pcap_handler handler, u_char *user)
{
    static double first_s, has_slept;
    const int got = NEXT(pcap_dispatch)(pcap, n, handler, user);
    const double starve_s = number("CHAOS_STARVE_S", 0.0);
    if (got > 0 && first_s == 0.0)
        first_s = now_s();
    if (starve_s > 0.0 && first_s > 0.0 && has_slept == 0.0 &&
        now_s() - first_s > number("CHAOS_FROM_S", 0.0)) {
        has_slept = 1.0;
        usleep((useconds_t)(starve_s * 1e6));
    }
    return got;
}
