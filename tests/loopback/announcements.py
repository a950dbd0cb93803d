#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the queue tells its callers, from outside: each hears his place and leaves when that is too long; while many
wait, who comes is told not to, and hung up; a centre that tells half of the place, and deflects nobody, fails.

Usage: announcements.py PEAKRIG SOURCE_DIR
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
ANNOUNCEMENT_S = 6.0
SECONDS_PER_PLACE = 1.2
FIGURES = ["deflection_rate", "announced_wait_mean_s", "announcement_error_s", "balk_rate"]


def rows_of(path):
    with open(path) as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


class Announcements(JudgedTest):
    def play(self, *words):
        self.folder = tempfile.mkdtemp(prefix="peakrig-announcements-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        scenario = os.path.join(SOURCE, "scenarios/announcements.cfg")
        return judged_run(PEAKRIG, [scenario, "--no-history", *words], self.folder, TIME_SCALE)

    def test_all_hear_what_is_right(self):
        done, out, result = self.play()
        self.expect_pass(done, result)
        self.assertEqual([row["figure"] for row in result["told"]], FIGURES)
        self.assertNotIn("FAIL", {row["judgement"] for row in result["told"]})
        self.assertIn("queue, deflection_rate: ", done.stdout)
        self.assertIn("queue, announcement_error_s: ", done.stdout)
        with open(os.path.join(out, "scenario.cfg")) as file:
            scale = float(re.search(r"^time_scale = ([0-9.]+)", file.read(), re.M).group(1))
        plan = {row["planned_index"]: row for row in rows_of(os.path.join(out, "schedule.csv"))}
        calls = rows_of(os.path.join(out, "calls.csv"))
        deflected = [row for row in calls if row["outcome"] == "deflected"]
        self.assertGreater(len(deflected), 40)
        for row in deflected:
            self.assertEqual((row["bye"], row["n_legs"], row["announced_position"]), ("callee", "1", ""))
            heard_s = (float(row["t_end_s"]) - float(row["t_queue_s"])) * scale
            self.assertGreater(heard_s, ANNOUNCEMENT_S * 0.99)
        told = [row for row in calls if row["announced_position"]]
        self.assertGreater(len(told), 100)
        for row in told:
            wait_s = int(row["announced_position"]) * SECONDS_PER_PLACE
            patience_s = float(plan[row["planned_index"]]["patience_queue_s"])
            if abs(wait_s - patience_s) > 1e-3:
                self.assertEqual(row["balked"] == "1", wait_s > patience_s, row)
            if row["balked"] == "1":
                self.assertEqual((row["outcome"], row["bye"]), ("lost_queue", "caller"))
        self.assertIn("1", {row["balked"] for row in told})

    def test_all_hear_what_is_wrong(self):
        done, out, result = self.play("--defect", "announces=0.5", "--defect", "no_deflection", "--no-early-stop")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertEqual(result["calls"]["outcomes"]["deflected"], 0)
        failed = {row["figure"] for row in result["told"] if row["judgement"] == "FAIL"}
        self.assertLessEqual({"deflection_rate", "announcement_error_s"}, failed)
        kinds = {row["kind"]: row for row in result["diagnosis"]}
        self.assertLessEqual({"deflection", "announcement"}, set(kinds))
        self.assertTrue(kinds["deflection"]["is_cause"], kinds["deflection"])
        self.assertGreater(kinds["deflection"]["explained_share"], 0.5)
        self.assertLess(abs(kinds["announcement"]["estimate"] - 0.5), 0.1)
        self.assertIn("no caller was told not to wait", result["verdict"]["summary"])
        with open(os.path.join(out, "junit.xml")) as file:
            self.assertIn('name="G2 announcement_error_s"', file.read())


if __name__ == "__main__":
    PEAKRIG, SOURCE = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
