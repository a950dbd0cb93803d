#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the queue tells its callers, from outside: while many wait, who comes is told not to, and hung up; a centre
that tells nobody fails.

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


def rows_of(path):
    with open(path) as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


class Announcements(JudgedTest):
    def play(self, *words):
        self.folder = tempfile.mkdtemp(prefix="peakrig-announcements-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        scenario = os.path.join(SOURCE, "scenarios/announcements.cfg")
        return judged_run(PEAKRIG, [scenario, "--no-history", *words], self.folder, TIME_SCALE)

    def test_who_is_told_not_to_wait(self):
        done, out, result = self.play()
        self.expect_pass(done, result)
        self.assertIn("deflection_rate", [row["figure"] for row in result["told"]])
        self.assertNotIn("FAIL", {row["judgement"] for row in result["told"]})
        self.assertIn("queue, deflection_rate: ", done.stdout)
        with open(os.path.join(out, "scenario.cfg")) as file:
            scale = float(re.search(r"^time_scale = ([0-9.]+)", file.read(), re.M).group(1))
        told = [row for row in rows_of(os.path.join(out, "calls.csv")) if row["outcome"] == "deflected"]
        self.assertGreater(len(told), 40)
        self.assertEqual(len(told), result["calls"]["outcomes"]["deflected"])
        for row in told:
            self.assertEqual((row["bye"], row["n_legs"], row["agent"]), ("callee", "1", ""))
            heard_s = (float(row["t_end_s"]) - float(row["t_queue_s"])) * scale
            self.assertGreater(heard_s, ANNOUNCEMENT_S * 0.99)

    def test_nobody_is_told(self):
        done, out, result = self.play("--defect", "no_deflection", "--no-early-stop")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertEqual(result["calls"]["outcomes"]["deflected"], 0)
        failed = {row["figure"] for row in result["told"] if row["judgement"] == "FAIL"}
        self.assertIn("deflection_rate", failed)
        cause = result["diagnosis"][0]
        self.assertEqual((cause["kind"], cause["is_cause"]), ("deflection", True), cause)
        self.assertGreater(cause["explained_share"], 0.5)
        self.assertIn("no caller was told not to wait", result["verdict"]["summary"])
        with open(os.path.join(out, "junit.xml")) as file:
            self.assertIn('name="G2 deflection_rate"', file.read())


if __name__ == "__main__":
    PEAKRIG, SOURCE = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
