# SPDX-License-Identifier: GPL-3.0-or-later
"""A port that nobody has, for the tests that see the program from outside. It is taken from below those that the
kernel gives out by itself, so that no socket of another process gets it in between."""
import random
import socket


def free_port(kind=socket.SOCK_DGRAM):
    for _ in range(200):
        port = random.randrange(12000, 30000)
        try:
            for each in {kind, socket.SOCK_DGRAM, socket.SOCK_STREAM}:
                with socket.socket(socket.AF_INET, each) as sock:
                    sock.bind(("127.0.0.1", port))
            return port
        except OSError:
            continue
    raise OSError("no free port from 12000 to 29999")
