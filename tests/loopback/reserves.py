#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reserves, from outside: they are called when the queue has been long, are there after their way, and go home when it
has been short. Where nobody calls them, the run fails.

Usage: reserves.py PEAKRIG SOURCE_DIR
"""
import csv
import os
import shutil
import sys
import tempfile
import unittest

from judged_run import JudgedTest, judged_run

PEAKRIG = None
SOURCE = None
TIME_SCALE = 20.0
N_OWN, N_RESERVES = 36, 16
QUEUE_ABOVE, FOR_S, WAY_S = 8, 10.0, 40.0
SETTINGS = ["emergency.talk_factor=1", "emergency.talk_most_s=0",
            f'agents=({{name="desk";count={N_OWN};ring=3;wrap_up=6;}},'
            '{name="back office";count=2;ring=3;skills=();})',
            'ivr.choices=({name="orders";share=1;skill="orders";})', 'agents[0].skills=("orders")',
            'queue.overflow=({skill="orders";after_s=500;to="back office";})',
            f'reserves=({{name="on call";group="desk";count={N_RESERVES};queue_above={QUEUE_ABOVE};for_s={FOR_S};'
            f'arrive_after={WAY_S};queue_below=1;leave_after_s=30;}})']


def rows_of(path):
    with open(path) as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


class Reserves(JudgedTest):
    def play(self, *words):
        self.folder = tempfile.mkdtemp(prefix="peakrig-reserves-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        scenario = os.path.join(SOURCE, "scenarios/emergency.cfg")
        settings = [word for key in SETTINGS for word in ("--set", key)]
        return judged_run(PEAKRIG, [scenario, "--no-history", *settings, *words], self.folder, TIME_SCALE)

    def calls_of(self, out):
        """All calls, and those that a reserve answered or that rang last at one."""
        calls = rows_of(os.path.join(out, "calls.csv"))
        numbers = [(int(row["agent"].removeprefix("agent")), row) for row in calls if row["agent"]]
        return calls, [row for number, row in numbers if N_OWN < number <= N_OWN + N_RESERVES]

    def called_s(self, calls, scale):
        """When the queue had been long for the time that it takes; wire time."""
        turns = sorted([(float(row["t_queue_s"]), 1) for row in calls if row["t_queue_s"]] +
                       [(float(row["t_agent_ring_s"] or row["t_end_s"]), -1) for row in calls if row["t_queue_s"]])
        n, since = 0, None
        for at_s, by in turns:
            if since is not None and at_s - since >= FOR_S / scale:
                return since + FOR_S / scale
            n += by
            since = None if n <= QUEUE_ABOVE else since if since is not None else at_s
        self.fail("the queue was never long")

    def test_they_come(self):
        done, out, result = self.play()
        self.expect_pass(done, result)
        calls, theirs = self.calls_of(out)
        scale = result["time_scale"]
        first_s = min(float(row["t_agent_ring_s"]) for row in theirs)
        due_s = self.called_s(calls, scale) + WAY_S / scale
        self.assertLess(abs(first_s - due_s), 0.25)
        self.assertGreater(len({row["agent"] for row in theirs}), N_RESERVES / 2)

    def test_nobody_calls_them(self):
        done, out, result = self.play("--defect", "no_reserves=on call", "--no-early-stop")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertEqual(self.calls_of(out)[1], [])
        kinds = {row["kind"]: row for row in result["diagnosis"]}
        self.assertIn("no_reserves", kinds)
        self.assertTrue(kinds["no_reserves"]["is_cause"], kinds["no_reserves"])


if __name__ == "__main__":
    PEAKRIG, SOURCE = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
