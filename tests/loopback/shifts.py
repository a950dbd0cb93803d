#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shifts from outside: agents come with theirs, an office without power cuts their talks, and a centre where nobody
comes fails.

Usage: shifts.py PEAKRIG SOURCE_DIR
"""
import csv
import os
import re
import shutil
import sys
import tempfile
import unittest

from judged_run import JudgedTest, judged_run

PEAKRIG = None
SOURCE = None
TIME_SCALE = 30.0
WORDS = ["scenarios/shifts.cfg", "--no-history"]
EARLY, MOST = 24, 50            # agents of the desk at first, and from the second shift on
SECOND_S = 90.0
GONE_FROM_S, GONE_TO_S = 220.0, 270.0
SLACK_S = 6.0                   # what a busy host may be late, scenario seconds


def rows_of(path):
    with open(path) as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


class Shifts(JudgedTest):
    def play(self, *words):
        self.folder = tempfile.mkdtemp(prefix="peakrig-shifts-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        return judged_run(PEAKRIG, [os.path.join(SOURCE, WORDS[0]), *WORDS[1:], *words], self.folder, TIME_SCALE)

    def rings(self, out):
        """When each agent of the desk was rung last for a call, scenario seconds since the first call's plan."""
        with open(os.path.join(out, "scenario.cfg")) as file:
            scale = float(re.search(r"^time_scale = ([0-9.]+)", file.read(), re.M).group(1))
        plan = {row["planned_index"]: float(row["t_s"]) for row in rows_of(os.path.join(out, "schedule.csv"))}
        calls = rows_of(os.path.join(out, "calls.csv"))
        start_s = min(float(row["t_invite_s"]) - plan[row["planned_index"]] / scale for row in calls)
        found = []
        for row in calls:
            number = int(row["agent"].removeprefix("agent") or 0)
            if 0 < number <= MOST and row["t_agent_ring_s"]:
                found.append((number, (float(row["t_agent_ring_s"]) - start_s) * scale))
        return found, calls

    def test_they_come_and_leave(self):
        done, out, result = self.play()
        self.expect_pass(done, result)
        self.assertNotIn("FAIL", {row["judgement"] for row in result["groups"]})
        self.assertEqual(result["faults"], [{"kind": "agents", "trunk": None, "group": "desk", "at_s": GONE_FROM_S,
                                             "for_s": GONE_TO_S - GONE_FROM_S}])
        self.assertEqual(result["diagnosis"], [])
        rings, calls = self.rings(out)
        self.assertTrue(rings)
        early = {number for number, at_s in rings if at_s < SECOND_S - SLACK_S}
        self.assertLessEqual(max(early), EARLY)
        self.assertGreater(max(number for number, _ in rings), EARLY)
        away = [number for number, at_s in rings if GONE_FROM_S + SLACK_S < at_s < GONE_TO_S - SLACK_S]
        self.assertTrue(away)
        self.assertGreater(min(away), MOST // 2)  # the lower half of the numbers has no power
        self.assertTrue(any(number <= MOST // 2 for number, at_s in rings if at_s > GONE_TO_S + SLACK_S))
        cut = sum(row["outcome"] == "dropped" for row in calls)
        self.assertGreater(cut, 5)
        self.assertLessEqual(cut, MOST // 2)
        with open(os.path.join(out, "report.html")) as file:
            self.assertIn("agents are gone: desk", file.read())

    def test_nobody_comes(self):
        done, _, result = self.play("--defect", "nobody_comes=desk", "--no-early-stop")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        failed = {stage["stage"] for stage in result["stages"] if stage["judgement"] == "FAIL"}
        self.assertIn("queue", failed, result["stages"])
        self.assertEqual(failed - {"queue", "agent"}, set())  # talks that nobody held are not cut, either
        cause = result["diagnosis"][0]
        self.assertEqual((cause["kind"], cause["is_cause"]), ("on_duty", True), cause)
        self.assertGreater(cause["explained_share"], 0.5)
        self.assertIn(f"agents of desk were busy, and {MOST} should have been on duty", result["verdict"]["summary"])


if __name__ == "__main__":
    PEAKRIG, SOURCE = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
