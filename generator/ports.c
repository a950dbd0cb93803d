#include "generator/ports.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { N_TRIES = 200 };

/* A socket bound to a port (0 = any), or -1 with errno. */
static int bind_udp(struct in_addr host, uint16_t port)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = host, .sin_port = htons(port)};
    if (bind(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        int saved = errno;
        close(fd);
        errno = saved;
        return -1;
    }
    return fd;
}

static uint16_t port_of(int fd)
{
    struct sockaddr_in address = {0};
    socklen_t size = sizeof address;
    if (getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        return 0;
    return ntohs(address.sin_port);
}

static bool are_next_free(struct in_addr host, uint16_t port, unsigned n)
{
    for (unsigned k = 1; k <= n; k++) {
        if (port > UINT16_MAX - k)
            return false;
        int fd = bind_udp(host, (uint16_t)(port + k));
        if (fd < 0)
            return false;
        close(fd);
    }
    return true;
}

rig_status rig_ports_find_free(const char *host, size_t n, unsigned n_adjacent, uint16_t *ports,
                               rig_error *err)
{
    struct in_addr address;
    if (inet_pton(AF_INET, host, &address) != 1)
        return rig_fail(err, RIG_EDOM, "%s: not an IPv4 address", host);
    /* All found stay bound until the end, so that none is found twice. */
    int *held = malloc((n + N_TRIES) * sizeof *held);
    uint16_t *found = malloc((n + 1) * sizeof *found);
    rig_status status = RIG_OK;
    size_t n_held = 0, n_found = 0;
    if (held == NULL || found == NULL) {
        status = rig_fail(err, RIG_ENOMEM, "out of memory");
        goto out;
    }
    while (n_found < n && n_held < n + N_TRIES) {
        int fd = bind_udp(address, 0);
        if (fd < 0) {
            status =
                rig_fail(err, RIG_EENV, "%s: cannot bind a UDP port: %s", host, strerror(errno));
            goto out;
        }
        held[n_held++] = fd;
        uint16_t port = port_of(fd);
        if (port != 0 && are_next_free(address, port, n_adjacent))
            found[n_found++] = port;
    }
    if (n_found < n) {
        status = rig_fail(err, RIG_EENV, "%s: no free UDP ports", host);
        goto out;
    }
    memcpy(ports, found, n * sizeof *ports);
out:
    for (size_t i = 0; i < n_held; i++)
        close(held[i]);
    free(held);
    free(found);
    return status;
}

rig_status rig_port_state_read(const char *host, uint16_t port, rig_port_state *state,
                               rig_error *err)
{
    struct in_addr address;
    if (inet_pton(AF_INET, host, &address) != 1)
        return rig_fail(err, RIG_EDOM, "%s: not an IPv4 address", host);
    static const char PATH[] = "/proc/net/udp";
    FILE *in = fopen(PATH, "re");
    if (in == NULL)
        return rig_fail(err, RIG_EIO, "%s: cannot read: %s", PATH, strerror(errno));
    rig_port_state found = {0};
    char line[512];
    while (fgets(line, sizeof line, in) != NULL) {
        uint32_t bound_to; /* the kernel prints the address as it lies in memory */
        unsigned bound_port;
        uint64_t inode, n_drops;
        if (sscanf(line,
                   " %*d: %8" SCNx32 ":%4x %*s %*s %*s %*s %*s %*s %*s %" SCNu64
                   " %*s %*s %" SCNu64,
                   &bound_to, &bound_port, &inode, &n_drops) != 4)
            continue; /* the header */
        if (bound_port == port && (bound_to == address.s_addr || bound_to == INADDR_ANY)) {
            found.is_bound = true;
            found.inode = inode;
            found.n_drops += n_drops;
        }
    }
    fclose(in);
    *state = found;
    return RIG_OK;
}

bool rig_port_belongs_to(const rig_port_state *state, pid_t pid)
{
    char path[64], socket_name[64], name[64];
    if (!state->is_bound)
        return false;
    (void)snprintf(path, sizeof path, "/proc/%ld/fd", (long)pid);
    (void)snprintf(socket_name, sizeof socket_name, "socket:[%" PRIu64 "]", state->inode);
    DIR *folder = opendir(path);
    if (folder == NULL)
        return false;
    bool found = false;
    for (const struct dirent *entry = readdir(folder); entry != NULL && !found;
         entry = readdir(folder)) {
        ssize_t n = readlinkat(dirfd(folder), entry->d_name, name, sizeof name - 1);
        name[n > 0 ? n : 0] = '\0';
        found = strcmp(name, socket_name) == 0;
    }
    closedir(folder);
    return found;
}
