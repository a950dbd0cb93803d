#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines and ports that come and go, from outside: the calls that the steps refuse, and no others, are refused; a centre
whose lines stay as many as they are at most fails, where the scenario has them grow and shrink.

Usage: growing_lines.py PEAKRIG SOURCE_DIR
"""
import csv
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from judged_run import JudgedTest, judged_run

PEAKRIG = None
SOURCE = None
TIME_SCALE = 16.0
ALWAYS = "trunks=({name=\"carrier A\";share=0.6;circuits=40;},{name=\"carrier B\";share=0.4;circuits=24;})"
# carrier A: from its outage (120 to 160 s) to its last step
FEWER_S, ALL_S = 160.0, 280.0


def rows_of(path):
    with open(path) as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


class GrowingLines(JudgedTest):
    def play(self, *words):
        folder = tempfile.mkdtemp(prefix="peakrig-growing-lines-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        scenario = os.path.join(SOURCE, "scenarios/growing-lines.cfg")
        done, self.out, result = judged_run(PEAKRIG, [scenario, "--no-history", *words], folder, TIME_SCALE)
        return done, result

    def scale(self):
        with open(os.path.join(self.out, "scenario.cfg")) as file:
            return float(re.search(r"^time_scale = ([0-9.]+)", file.read(), re.M).group(1))

    def test_lines_come_and_go(self):
        done, result = self.play()
        self.expect_pass(done, result)
        every = rows_of(os.path.join(self.out, "calls.csv"))
        rows = [row for row in every if row["carrier"] == "carrier A"]
        plan = {row["planned_index"]: row for row in rows_of(os.path.join(self.out, "schedule.csv"))}
        first = next(row for row in rows if plan[row["planned_index"]]["attempt"] == "0")
        begun = float(first["t_invite_s"]) - float(plan[first["planned_index"]]["t_s"]) / self.scale()
        at_s = {row["call_id"]: (float(row["t_invite_s"]) - begun) * self.scale() for row in every}
        lost = [row for row in rows if row["outcome"] == "lost_trunk"]
        fewer = [row for row in lost if FEWER_S + 2.0 < at_s[row["call_id"]] < ALL_S - 2.0]
        before = [row for row in lost if at_s[row["call_id"]] < 118.0]
        self.assertGreater(len(fewer), 10)
        self.assertEqual(before, [])
        self.check_in_use(rows, at_s)
        # callers who heard ringing while most of the ports were gone
        late = [row for row in every if row["t_answer_s"] and
                (float(row["t_answer_s"]) - float(row["t_invite_s"])) * self.scale() > 3.0]
        self.assertGreater(len(late), 0)
        self.assertTrue(all(320.0 < at_s[row["call_id"]] < 365.0 for row in late), late)

    def check_in_use(self, rows, at_s):
        """Each call that is let in finds fewer in use than there are circuits; one message can be ahead of another."""
        steps = [(160.0, 8), (220.0, 18), (280.0, 40)]
        for row in rows:
            t = at_s[row["call_id"]]
            n = next((n for at, n in reversed(steps) if t > at + 1.0), None)
            if n is None or row["outcome"] == "lost_trunk" or any(abs(t - at) < 1.0 for at, _ in steps):
                continue
            in_use = sum(float(other["t_invite_s"]) < float(row["t_invite_s"]) < float(other["t_end_s"])
                         for other in rows if other["outcome"] != "lost_trunk")
            self.assertLessEqual(in_use, n, (t, n))

    def test_formulas_leave_out_that_lines_come_and_go(self):
        for name, expected in (("growing-lines.cfg", True), ("two-carriers.cfg", False)):
            done = subprocess.run([PEAKRIG, "predict", os.path.join(SOURCE, "scenarios", name), "-n", "20"], text=True,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
            self.assertEqual(done.returncode, 0, done.stderr)
            said = next(line for line in done.stdout.splitlines() if line.startswith("the formulas leave out: "))
            self.assertEqual("circuits or ports come and go" in said, expected, said)

    def test_lines_that_stay_fail(self):
        done, result = self.play("--target-set", ALWAYS)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertEqual(result["verdict"]["stage"], "trunk")


if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
