#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emergency script, from outside: while many wait, agents are told to be brief, and are; each talk lasts as the
scenario says. A centre that tells nobody fails.

Usage: emergency.py PEAKRIG SOURCE_DIR
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
TALK_FACTOR, TALK_MOST_S = 0.7, 120.0


def rows_of(path):
    with open(path) as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


class Emergency(JudgedTest):
    def play(self, *words):
        self.folder = tempfile.mkdtemp(prefix="peakrig-emergency-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        scenario = os.path.join(SOURCE, "scenarios/emergency.cfg")
        return judged_run(PEAKRIG, [scenario, "--no-history", *words], self.folder, TIME_SCALE)

    def expect_talks(self, out, scale):
        """Each talk lasts as long as it should, whoever would have ended it. Returns how many were short."""
        plan = {row["planned_index"]: row for row in rows_of(os.path.join(out, "schedule.csv"))}
        n_short = n_of_callers = 0
        for row in rows_of(os.path.join(out, "calls.csv")):
            if row["outcome"] != "served":
                self.assertEqual(row["emergency"], "0", row)
                continue
            planned = plan[row["planned_index"]]
            talk_s = float(planned["talk_s"])
            by = "caller" if planned["hangs_up"] == "caller" else "callee"
            if row["emergency"] == "1":
                n_short += 1
                n_of_callers += by == "caller"
                talk_s, by = min(TALK_FACTOR * talk_s, TALK_MOST_S), "callee"
            took_s = (float(row["t_end_s"]) - float(row["t_agent_answer_s"])) * scale
            self.assertEqual(row["bye"], by, row)
            self.assertGreater(took_s, talk_s - 0.01 * scale, row)
            self.assertLess(took_s, talk_s + 0.5 * scale, row)
        self.assertTrue(n_short == 0 or n_of_callers > 20, n_of_callers)
        return n_short

    def scale_of(self, result):
        return result["time_scale"]

    def test_agents_are_told(self):
        done, out, result = self.play()
        self.expect_pass(done, result)
        self.assertIn("queue, emergency_talk_rate: ", done.stdout)
        told = {row["figure"]: row for row in result["told"]}
        self.assertEqual(set(told), {"emergency_talk_rate"})
        n_short = self.expect_talks(out, self.scale_of(result))
        self.assertGreater(n_short, 100)
        self.assertAlmostEqual(told["emergency_talk_rate"]["observed"], n_short / result["calls"]["outcomes"]["served"])

    def test_agents_are_told_over_tcp_and_callers_by_early_media(self):
        done, out, result = self.play("--set", 'target.transport="tcp"', "--set", 'target.marks="early"')
        self.expect_pass(done, result)
        self.assertGreater(self.expect_talks(out, self.scale_of(result)), 100)

    def test_nobody_tells_them(self):
        done, out, result = self.play("--defect", "no_emergency", "--no-early-stop")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertEqual(self.expect_talks(out, self.scale_of(result)), 0)
        told = {row["figure"]: row["judgement"] for row in result["told"]}
        self.assertEqual(told, {"emergency_talk_rate": "FAIL"})
        kinds = {row["kind"]: row for row in result["diagnosis"]}
        self.assertIn("emergency", kinds)
        self.assertTrue(kinds["emergency"]["is_cause"], kinds["emergency"])
        with open(os.path.join(out, "junit.xml")) as file:
            self.assertIn('name="G2 emergency_talk_rate"', file.read())


if __name__ == "__main__":
    PEAKRIG, SOURCE = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
