#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a simulation still takes stands in its line on every terminal: what is narrow cuts off something else.

Usage: progress_left.py PEAKRIG SOURCE_DIR
"""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
import unittest

PEAKRIG = None
SOURCE = None
LONGEST_S = 100.0  # until a run says it
LINE = re.compile(r"(predicting|planning): .*?, \d+ (s|min) left")


def lines_of(text):
    return [line for line in re.split(r"\r|\n|\x1b\[K", text.decode()) if line]


def watch(width, words):
    """Standard error on a terminal so wide, until it says what is left. @return its lines."""
    pid, fd = pty.fork()
    if pid == 0:
        fcntl.ioctl(2, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
        os.dup2(os.open("/dev/null", os.O_WRONLY), 1)
        os.execv(words[0], words)
    text = b""
    end_s = time.monotonic() + LONGEST_S
    while time.monotonic() < end_s and not any(LINE.match(line) for line in lines_of(text)[:-1]):
        if select.select([fd], [], [], 1.0)[0]:
            text += os.read(fd, 65536)
    os.kill(pid, signal.SIGINT)
    while True:  # it may write until it ends
        try:
            if not os.read(fd, 65536):
                break
        except OSError:
            break
    os.close(fd)
    os.waitpid(pid, 0)
    return lines_of(text)[:-1]


class Left(unittest.TestCase):
    def check(self, *words):
        for width in (60, 80):
            lines = watch(width, [PEAKRIG, *words])
            self.assertTrue(any(LINE.match(line) for line in lines), (width, lines[-5:]))
            self.assertLess(max(map(len, lines)), width)

    def test_predict(self):
        self.check("predict", os.path.join(SOURCE, "scenarios/two-carriers.cfg"), "-n", "1000000")

    def test_plan(self):
        self.check("plan", os.path.join(SOURCE, "scenarios/two-carriers.cfg"), "--vary", "ivr.ports=50:200:1",
                   "--vary", "trunks[0].circuits=100:200:1", "-n", "5000")


if __name__ == "__main__":
    PEAKRIG, SOURCE = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
