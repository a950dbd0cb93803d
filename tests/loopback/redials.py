#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Redials from outside: who is lost dials again after his own delay, as the schedule and the replays say.

Usage: redials.py PEAKRIG SOURCE_DIR
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
TIME_SCALE = 20.0
LOST = {"lost_trunk", "lost_ivr", "lost_queue", "lost_agent", "dropped"}


def rows_of(path):
    with open(path) as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


class Redials(JudgedTest):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-redials-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def expect_attempts(self, out):
        """Each redial follows a loss, never before its delay is over; who was not lost dials no more."""
        plan = rows_of(os.path.join(out, "schedule.csv"))
        calls = {int(row["planned_index"]): row for row in rows_of(os.path.join(out, "calls.csv"))}
        with open(os.path.join(out, "scenario.cfg")) as file:
            scale = float(re.search(r"^time_scale = ([0-9.]+)", file.read(), re.M).group(1))
        n_redials = 0
        for index, row in enumerate(plan):
            if row["attempt"] == "0" or index not in calls:
                continue
            n_redials += 1
            before = calls[index - 1 if int(row["attempt"]) > 1 else int(row["caller"])]
            self.assertIn(before["outcome"], LOST)
            self.assertEqual(calls[index]["redial"], row["attempt"])  # counted by the number alone
            waited_s = (float(calls[index]["t_invite_s"]) - float(before["t_end_s"])) * scale
            self.assertGreater(waited_s, float(row["redial_s"]) - 0.01 * scale)
        return n_redials, plan

    def test_who_is_lost_dials_again(self):
        done, out, result = judged_run(
            PEAKRIG, [os.path.join(SOURCE, "scenarios/redials.cfg"), "--no-history", "--set",
                      "traffic.duration_s=300.0", "--set", "traffic.rate=({at_s=0.0;per_min=100.0;})", "--set",
                      "gate.levels=({metric=\"served_in_the_end\";min=0.3;})"], self.folder, TIME_SCALE)
        self.expect_pass(done, result)
        n_redials, plan = self.expect_attempts(out)
        self.assertGreater(n_redials, 100)
        self.assertIn("redials", {row["name"] for row in result["checks"] if row["ok"]})
        figures = {row["name"]: row for row in result["metrics"]}
        self.assertEqual(figures["n_redials"]["observed"], n_redials)
        people = rows_of(os.path.join(out, "callers.csv"))
        self.assertEqual(len(people), sum(row["attempt"] == "0" for row in plan))
        self.assertEqual(sum(int(row["attempts"]) - 1 for row in people), n_redials)
        served = sum(row["served"] == "1" for row in people)
        self.assertAlmostEqual(figures["served_in_the_end"]["observed"], served / len(people), places=6)
        self.assertEqual(result["levels"][0]["judgement"], "PASS")
        self.assertIn("served_in_the_end", done.stdout)
        self.assertEqual(result["calls"]["planned"], len(people) + n_redials)

    def test_who_is_asked_to_wait_waits(self):
        """Refusals say Retry-After: 3 on the wire, 60 s in the scenario: later than all of the delays. Of the losses in
        the queue nothing says so."""
        done, out, result = judged_run(
            PEAKRIG, [os.path.join(SOURCE, "scenarios/redials.cfg"), "--no-history", "--set",
                      "traffic.duration_s=300.0", "--set", "traffic.rate=({at_s=0.0;per_min=100.0;})", "--set",
                      "gate.levels=()", "--set", "target.retry_after_s=60.0", "--set",
                      "callers.redial={share=0.8;delay=20.0;max=3;heeds_retry_after=true;}"], self.folder, TIME_SCALE)
        self.expect_pass(done, result)
        self.expect_attempts(out)
        plan = rows_of(os.path.join(out, "schedule.csv"))
        calls = {int(row["planned_index"]): row for row in rows_of(os.path.join(out, "calls.csv"))}
        waited_s = {"lost_trunk": [], "lost_queue": []}
        for index, row in enumerate(plan):
            before = calls.get(index - 1 if int(row["attempt"]) > 1 else int(row["caller"]))
            if row["attempt"] != "0" and index in calls and before["outcome"] in waited_s:
                waited_s[before["outcome"]].append((float(calls[index]["t_invite_s"]) - float(before["t_end_s"])) *
                                                   TIME_SCALE)
        self.assertGreater(len(waited_s["lost_trunk"]), 20)
        self.assertGreater(min(waited_s["lost_trunk"]), 59.0)
        if waited_s["lost_queue"]:
            self.assertLess(min(waited_s["lost_queue"]), 40.0)
        share = result["agreement"]["share"]
        self.assertGreater(share, 0.8)


if __name__ == "__main__":
    PEAKRIG, SOURCE = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
