# SPDX-License-Identifier: GPL-3.0-or-later
"""A port that nobody has, for the tests that see the program from outside."""
import socket


def free_port(kind=socket.SOCK_DGRAM):
    with socket.socket(socket.AF_INET, kind) as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]
