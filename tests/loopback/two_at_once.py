#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two runs at the same instant on one machine, of one scenario, one seed, one name, in one folder: the callers have the
same numbers and everybody is at 127.0.0.1. Neither sees a packet of the other. Where both want one port for the phones,
the second is told so, and does the first no harm.

Usage: two_at_once.py PEAKRIG SOURCE_DIR
"""
import csv
import json
import os
import socket
import subprocess
import sys
import time
import unittest

from beside import Beside
from free_port import free_port

PEAKRIG = None
SOURCE = None


def call_ids(file):
    """Those of a calls.csv."""
    return {row["call_id"] for row in csv.DictReader(line for line in file if not line.startswith("#"))}


def is_taken(port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        try:
            s.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


class TwoAtOnce(Beside):
    def scenario(self, target=""):
        path = os.path.join(self.folder, "twin.cfg")
        with open(os.path.join(SOURCE, "tests/loopback/cli.cfg")) as file, open(path, "w") as made:
            made.write(file.read() + target)
        return path

    def begin(self, *words):
        return subprocess.Popen([PEAKRIG, "run", *words, "--quiet", "--no-early-stop", "--set", "traffic.duration_s=15.0"],
                                cwd=self.folder, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE)

    def end_of(self, child):
        self.addCleanup(child.kill)
        out, err = child.communicate(timeout=200)
        return child.returncode, out + err

    def read(self, run, name, kind=json.load):
        with open(os.path.join(run, name)) as file:
            return kind(file)

    def test_neither_sees_the_other(self):
        path = self.scenario()
        both = [self.begin(path), self.begin(path)]
        said = [self.end_of(child) for child in both]
        for code, text in said:
            self.assertEqual(code, 0, text)
        folders = os.path.join(self.folder, "runs")
        runs = [os.path.join(folders, name) for name in os.listdir(folders) if "cli-test" in name]
        self.assertEqual(len(runs), 2, os.listdir(folders))
        ids = []
        for run in runs:
            result, play = self.read(run, "result.json"), self.read(run, "play.json")
            self.assertEqual(result["verdict"]["judgement"], "PASS")
            self.assertEqual([check for check in result["checks"] if not check["ok"]], [])
            ids.append(self.read(run, "calls.csv", call_ids))
            self.assertEqual(len(ids[-1]), result["calls"]["planned"])
        self.assertFalse(ids[0] & ids[1])
        for i, run in enumerate(runs):
            with open(os.path.join(run, "capture.pcap"), "rb") as file:
                packets = file.read()
            self.assertTrue(all(one.encode() in packets for one in ids[i]))
            self.assertEqual([one for one in ids[1 - i] if one.encode() in packets], [])
        starts = [self.read(run, "play.json")["start_epoch_ns"] for run in runs]
        self.assertLess(abs(starts[0] - starts[1]), 4e9, "they were not at the same time")

    def test_one_port_for_the_phones(self):
        port, phones = free_port(), free_port()
        path = self.scenario(f'target: {{ host = "127.0.0.1"; port = {port}; agents_listen = "127.0.0.1:{phones}"; '
                             'scalable = true; marks = "quiet"; };\n')
        self.start([PEAKRIG, "target", path, "--port", str(port), "--agents-port", str(phones)], port)
        first = self.begin(path)
        while first.poll() is None and not is_taken(phones):
            time.sleep(0.05)
        code, text = self.end_of(self.begin(path))
        self.assertIsNone(first.poll(), "they were not at the same time")
        self.assertEqual(code, 5, text)
        self.assertIn(f"the agents' phones cannot listen at 127.0.0.1 port {phones}: Address already in use", text)
        code, text = self.end_of(first)
        self.assertEqual(code, 0, text)


if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[3:])
