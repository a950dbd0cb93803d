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
    def play(self, *words, scenario="emergency", settings=SETTINGS):
        self.folder = tempfile.mkdtemp(prefix="peakrig-reserves-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        settings = [word for key in settings for word in ("--set", key)]
        return judged_run(PEAKRIG, [os.path.join(SOURCE, f"scenarios/{scenario}.cfg"), "--no-history", *settings,
                                    *words], self.folder, TIME_SCALE)

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


class ThreeReserves(Reserves):
    """Each tier for a reason of its own: the first wait, of the second too few are answered, the third are too few."""

    TIERS = {"supervisors": (25, 30), "home workers": (31, 46), "neighbours": (47, 58)}
    # Earliest ring, from the first call: the window that ends at 180 s has the low rate, and their ways are at least
    # 45 * (1 - 0.3 * sqrt(3)) s; half of the desk is gone from 420 s on, for 20 s, and 30 s on the way.
    EARLIEST_S = {"home workers": 180.0 + 20.0, "neighbours": 420.0 + 20.0 + 30.0}

    def play(self, *words):
        return super().play(*words, scenario="three-reserves", settings=[])

    def rung_s(self, out, scale):
        """When each tier's phones rang, from the first call on, scenario time."""
        calls = rows_of(os.path.join(out, "calls.csv"))
        first_s = min(float(row["t_invite_s"]) for row in calls)
        rung = {tier: [] for tier in self.TIERS}
        for row in calls:
            for tier, (low, high) in self.TIERS.items():
                if row["agent"] and low <= int(row["agent"].removeprefix("agent")) <= high:
                    rung[tier].append((float(row["t_first_ring_s"]) - first_s) * scale)
        return rung

    def test_they_come(self):
        done, out, result = self.play()
        self.expect_pass(done, result)
        self.assertGreater(result["agreement"]["share"], 0.95)
        rung = self.rung_s(out, result["time_scale"])
        for tier, earliest_s in self.EARLIEST_S.items():
            self.assertGreater(len(rung[tier]), 5, tier)
            self.assertLess(abs(min(rung[tier]) - earliest_s), 25.0, tier)

    def test_nobody_calls_them(self):
        for tier in self.EARLIEST_S:
            done, out, result = self.play("--defect", f"no_reserves={tier}", "--no-early-stop")
            self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
            self.assertEqual(self.rung_s(out, result["time_scale"])[tier], [])
            causes = {row["kind"]: row for row in result["diagnosis"]}
            self.assertTrue(causes["no_reserves"]["is_cause"], result["diagnosis"])
            self.assertIn(tier, causes["no_reserves"]["text"])


if __name__ == "__main__":
    PEAKRIG, SOURCE = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
