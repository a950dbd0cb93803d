#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A dead centre, from outside: at its instant all calls are cut, new ones are refused until it is back, and callers
dial again. A stand-by that does not come fails.

Usage: crash.py PEAKRIG SOURCE_DIR
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
TIME_SCALE = 15.0
AT_S, FOR_S = 200.0, 40.0
SMALL = ["traffic.duration_s=400", "traffic.adverts[0].peak_per_min=40", "traffic.rate[0].per_min=40",
         "callers.redial.max=2", "callers.patience_queue=40", f"faults[0].at_s={AT_S}", f"faults[0].for_s={FOR_S}",
         "agents[0].count=60"]


def rows_of(path):
    with open(path) as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


class Crash(JudgedTest):
    def play(self, *words):
        self.folder = tempfile.mkdtemp(prefix="peakrig-crash-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        scenario = os.path.join(SOURCE, "scenarios/crash.cfg")
        small = [word for key in SMALL for word in ("--set", key)]
        return judged_run(PEAKRIG, [scenario, "--no-history", *small, *words], self.folder, TIME_SCALE)

    def rows(self, out, result):
        """Calls with the instant of their INVITE, and of their end, in scenario time since the schedule's begin."""
        plan = {row["planned_index"]: row for row in rows_of(os.path.join(out, "schedule.csv"))}
        calls = rows_of(os.path.join(out, "calls.csv"))
        scale = result["time_scale"]
        start_s = min(float(row["t_invite_s"]) - float(plan[row["planned_index"]]["t_s"]) / scale
                      for row in calls if plan[row["planned_index"]]["t_s"])
        for row in calls:
            row["at"] = (float(row["t_invite_s"]) - start_s) * scale
            row["until"] = (float(row["t_end_s"]) - start_s) * scale if row["t_end_s"] else None
        return calls

    def test_all_are_cut_and_refused_until_it_is_back(self):
        done, out, result = self.play()
        self.expect_pass(done, result)
        calls = self.rows(out, result)
        grace_s = 0.3 * result["time_scale"]
        cut = [row for row in calls if row["outcome"] == "dropped"]
        self.assertGreater(len(cut), 20)
        for row in cut:
            self.assertIn("38", row["reason"])
            self.assertLess(abs(row["until"] - AT_S), grace_s, row)
        refused = [row for row in calls if row["final_code"] == "503" and "41" in row["reason"]]
        self.assertGreater(len(refused), 20)
        for row in refused:
            self.assertEqual(row["outcome"], "lost_trunk")
            self.assertTrue(AT_S - grace_s < row["at"] < AT_S + FOR_S + grace_s, row)
        for row in calls:
            if row["outcome"] != "lost_trunk":
                self.assertFalse(AT_S + grace_s < row["at"] < AT_S + FOR_S - grace_s, row)
        self.assertEqual([(fault["kind"], fault["at_s"]) for fault in result["faults"]], [("centre", AT_S)])
        figures = {row["name"]: row for row in result["metrics"]}
        self.assertEqual(figures["n_dropped"]["observed"], len(cut))
        self.assertEqual(figures["n_failed"]["observed"], len(refused))

    def test_nobody_takes_over(self):
        done, out, result = self.play("--defect", "no_standby", "--no-early-stop")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        judged = {stage["stage"]: stage["judgement"] for stage in result["stages"]}
        self.assertEqual(judged["trunk"], "FAIL")
        self.assertEqual({row["outcome"] for row in self.rows(out, result) if row["at"] > AT_S + 1.0}, {"lost_trunk"})
        cause = result["diagnosis"][0]
        self.assertEqual((cause["kind"], cause["is_cause"], cause["explained_by"]), ("outage", True, "replay"), cause)
        self.assertEqual(cause["expected"], FOR_S)
        self.assertTrue(cause["low"] > FOR_S and cause["high"] is None, cause)
        self.assertGreater(cause["explained_share"], 0.8, cause)


if __name__ == "__main__":
    PEAKRIG, SOURCE = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
