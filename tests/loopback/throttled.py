#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host that cannot send as fast as it should: the embedded call centre lives, and nothing is said of it.

The run plays in a network namespace of its own, whose loopback is throttled (tbf), so that the call centre's
socket is full again and again. Needs root, ip and tc.

Usage: throttled.py PEAKRIG SOURCE_DIR
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

PEAKRIG = None
SOURCE = None
NOT_HERE = 77  # ctest shows the test as skipped


class Throttled(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-throttled-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.name = f"peakrig-{os.getpid()}"
        subprocess.run(["ip", "netns", "add", self.name], check=True)
        self.addCleanup(subprocess.run, ["ip", "netns", "del", self.name], check=True)
        subprocess.run(["ip", "-n", self.name, "link", "set", "lo", "up"], check=True)
        self.inside("tc", "qdisc", "add", "dev", "lo", "root", "tbf", "rate", "1500kbit", "burst", "10kb",
                    "latency", "2000ms")

    def inside(self, *words):
        return subprocess.run(["ip", "netns", "exec", self.name, *words], text=True, timeout=240, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def test_the_centre_lives_and_nothing_is_said_of_it(self):
        out = os.path.join(self.folder, "run")
        done = self.inside(PEAKRIG, "run", os.path.join(SOURCE, "tests/loopback/cli.cfg"), "--out", out, "--quiet",
                           "--no-early-stop", "--set", "time_scale=15.0", "--set", "traffic.duration_s=64.0")
        self.assertEqual(done.returncode, 4, done.stdout)
        self.assertNotIn("ended with exit code", done.stdout)
        with open(os.path.join(out, "result.json"), encoding="utf-8") as file:
            result = json.load(file)
        self.assertEqual(result["verdict"]["judgement"], "INVALID")


if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    if os.geteuid() != 0:
        print("skipped: a network namespace needs root")
        sys.exit(NOT_HERE)
    unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[3:])
