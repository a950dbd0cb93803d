/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/broadcast.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

/* Without SO_BROADCAST no UDP socket is connected to one: EACCES (ip(7)). */
bool rig_broadcast_is(struct in_addr address)
{
    const struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(9), .sin_addr = address};
    if (address.s_addr == htonl(INADDR_BROADCAST)) /* without any route, too */
        return true;
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    const bool is_refused =
        connect(fd, (const struct sockaddr *)&to, sizeof to) != 0 && errno == EACCES;
    (void)close(fd);
    return is_refused;
}
