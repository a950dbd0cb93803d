#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Classes of callers from outside: important callers are served first, and a centre that forgot them fails.

Usage: classes.py PEAKRIG SOURCE_DIR
"""
import csv
import json
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
WORDS = ["scenarios/vip-first.cfg", "--no-history", "--set", "traffic.duration_s=300.0"]


def rows_of(path):
    with open(path) as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


class Classes(JudgedTest):
    def play(self, *words):
        self.folder = tempfile.mkdtemp(prefix="peakrig-classes-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        return judged_run(PEAKRIG, [os.path.join(SOURCE, WORDS[0]), *WORDS[1:], *words], self.folder, TIME_SCALE)

    def test_the_important_are_served_first(self):
        done, out, result = self.play()
        self.expect_pass(done, result)
        figures = {(row["name"], row["figure"]): row for row in result["classes"]}
        self.assertEqual(len(figures), 6)
        self.assertNotIn("FAIL", {row["judgement"] for row in figures.values()})
        waits = [figures[name, "wait_mean_s"]["observed"] for name in ("gold", "silver", "other")]
        self.assertLess(waits[0], waits[2] / 2)
        self.assertLess(waits[1], waits[2])
        names = ["gold", "silver", "other"]
        planned = {row["planned_index"]: names[int(row["class"])] for row in rows_of(os.path.join(out, "schedule.csv"))}
        seen = {row["planned_index"]: row["class"] for row in rows_of(os.path.join(out, "calls.csv"))}
        self.assertEqual(seen, planned)  # by the numbers that they dial
        self.assertNotIn("priority", {finding["kind"] for finding in result["diagnosis"]})
        self.assertIn("queue, class gold: ", done.stdout)

    def test_a_centre_that_forgot_them(self):
        done, out, result = self.play("--defect", "no_priority", "--no-early-stop")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("callers were served in the order of entry, whatever their class", result["verdict"]["summary"])
        self.assertEqual(result["diagnosis"][0]["kind"], "priority")
        failed = {(row["name"], row["figure"]) for row in result["classes"] if row["judgement"] == "FAIL"}
        self.assertIn(("gold", "wait_mean_s"), failed)
        with open(os.path.join(out, "junit.xml")) as file:
            self.assertIn('name="G2 wait_mean_s[gold]"', file.read())

    def test_talks_and_patience_of_their_own(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-classes-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        done, out, result = judged_run(
            PEAKRIG, [os.path.join(SOURCE, "scenarios/nuisance.cfg"), "--no-history", "--set",
                      "traffic.duration_s=300.0"], self.folder, TIME_SCALE)
        self.expect_pass(done, result)
        plan = rows_of(os.path.join(out, "schedule.csv"))
        with open(os.path.join(out, "scenario.cfg")) as file:
            scale = float(re.search(r"^time_scale = ([0-9.]+)", file.read(), re.M).group(1))
        talks = {}
        for row in rows_of(os.path.join(out, "calls.csv")):
            call = plan[int(row["planned_index"])]
            if row["choice"]:
                self.assertEqual(row["choice"], "12"[int(call["choice"])])
            if row["outcome"] != "served":
                continue
            talk_s = (float(row["t_end_s"]) - float(row["t_agent_answer_s"])) * scale
            self.assertLess(abs(talk_s - float(call["talk_s"])), 0.2 * scale)
            talks.setdefault((call["class"], call["choice"]), []).append(talk_s)
        mean = {key: sum(values) / len(values) for key, values in talks.items()}
        self.assertGreater(mean["0", "1"], 1.5 * mean["0", "0"])  # 70 and 35 s
        self.assertLess(mean["1", "0"], mean["0", "0"] / 2)  # 8 s, whatever they key
        self.assertLess(mean["1", "1"], mean["0", "0"] / 2)


if __name__ == "__main__":
    PEAKRIG, SOURCE = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
