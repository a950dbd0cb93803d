#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Call backs, from outside: who was promised one is called when the peak is over, in the order of the promises, again
when he does not answer, and served in the end; a centre that forgets some, or calls them twice, fails.

Usage: call_backs.py PEAKRIG SOURCE_DIR
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
TIME_SCALE = 20.0
START_S, NO_ANSWER_S, RETRY_S, ATTEMPTS = 360.0, 25.0, 60.0, 3
FIGURES = ["deflection_rate", "n_call_backs", "n_called_back", "served_in_the_end"]


def rows_of(path):
    with open(path) as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def failed(result):
    return {row["figure"] for row in result["told"] if row["judgement"] == "FAIL"}


class CallBacks(JudgedTest):
    def play(self, *words):
        self.folder = tempfile.mkdtemp(prefix="peakrig-call-backs-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        scenario = os.path.join(SOURCE, "scenarios/call-backs.cfg")
        return judged_run(PEAKRIG, [scenario, "--no-history", *words], self.folder, TIME_SCALE)

    def test_promises_are_kept(self):
        done, out, result = self.play()
        self.expect_pass(done, result)
        self.assertEqual([row["figure"] for row in result["told"]], FIGURES)
        self.assertEqual(failed(result), set())
        with open(os.path.join(out, "scenario.cfg")) as file:
            scale = float(re.search(r"^time_scale = ([0-9.]+)", file.read(), re.M).group(1))
        rows = rows_of(os.path.join(out, "calls.csv"))
        calls = {row["call_id"]: row for row in rows if not row["call_back_of"]}
        backs = [row for row in rows if row["call_back_of"]]
        self.assertGreater(len(backs), 100)
        self.assertEqual(len(calls), len(rows_of(os.path.join(out, "schedule.csv"))))
        of = {}
        for back in backs:
            call = calls[back["call_back_of"]]
            self.assertEqual(call["outcome"], "deflected")
            self.assertEqual(back["planned_index"], call["planned_index"])
            of.setdefault(back["call_back_of"], []).append(back)
        self.check_order(calls, of, result, out)
        for attempts in of.values():
            self.check_attempts(attempts, scale)
        self.check_callers(calls, of, out, result)
        self.check_capture(backs, out)

    def check_order(self, calls, of, result, out):
        """Not before their time; then in the order of the promises."""
        first = sorted(of.items(), key=lambda item: float(item[1][0]["t_invite_s"]))
        promised = [float(calls[call_id]["t_end_s"]) for call_id, _ in first]
        late = [a - b for a, b in zip(promised, promised[1:]) if a > b]
        self.assertTrue(all(s < 0.005 for s in late), late)  # two ends may be captured the other way round
        first_s = float(first[0][1][0]["t_invite_s"])
        begun = min(float(call["t_invite_s"]) - float(plan["t_s"]) / self.scale_of(out)
                    for plan, call in self.planned(calls, out))
        self.assertGreater(first_s - begun, START_S / self.scale_of(out) - 0.05)

    def scale_of(self, out):
        with open(os.path.join(out, "scenario.cfg")) as file:
            return float(re.search(r"^time_scale = ([0-9.]+)", file.read(), re.M).group(1))

    def planned(self, calls, out):
        plan = {row["planned_index"]: row for row in rows_of(os.path.join(out, "schedule.csv"))}
        return [(plan[row["planned_index"]], row) for row in calls.values()]

    def check_attempts(self, attempts, scale):
        """At most three; in vain each lasts as long as it rings; the next comes after the delay."""
        attempts.sort(key=lambda row: float(row["t_invite_s"]))
        self.assertLessEqual(len(attempts), ATTEMPTS)
        for row in attempts[:-1]:
            self.assertEqual(row["outcome"], "lost_agent", row)
        for row in attempts:
            lasted_s = (float(row["t_end_s"]) - float(row["t_invite_s"])) * scale
            if row["outcome"] == "served":
                self.assertEqual(row["n_legs"], "2")
                self.assertLess(float(row["t_answer_s"]), float(row["t_agent_answer_s"]))
            else:
                self.assertEqual((row["answered"], row["cancelled"], row["n_legs"]), ("0", "1", "1"))
                self.assertGreater(lasted_s, NO_ANSWER_S * 0.99)
        for row, later in zip(attempts, attempts[1:]):
            waited_s = (float(later["t_invite_s"]) - float(row["t_end_s"])) * scale
            self.assertGreater(waited_s, RETRY_S * 0.99)

    def check_callers(self, calls, of, out, result):
        callers = rows_of(os.path.join(out, "callers.csv"))
        deflected = [call for call in calls.values() if call["outcome"] == "deflected"]
        self.assertEqual(sum(row["promised"] == "1" for row in callers), len(deflected))
        self.assertEqual(sum(int(row["call_backs"]) for row in callers), sum(map(len, of.values())))
        for row in callers:
            self.assertEqual(row["served"], str(int(row["fate"] == "served" or row["called_back"] == "1")), row)
        told = {row["figure"]: row for row in result["told"]}
        self.assertEqual(told["n_called_back"]["observed"], sum(row["called_back"] == "1" for row in callers))
        self.assertAlmostEqual(told["served_in_the_end"]["observed"],
                               sum(row["served"] == "1" for row in callers) / len(callers), places=9)

    def check_capture(self, backs, out):
        """Without a plan, from the capture alone: the same calls back, and no caller's call among them."""
        path = os.path.join(self.folder, "analyzed.csv")
        done = subprocess.run([PEAKRIG, "analyze", os.path.join(out, "capture.pcap"), "--calls", path],
                              text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=100)
        self.assertEqual(done.returncode, 0, done.stderr)
        found = {row["call_id"]: row["call_back_of"] for row in rows_of(path) if row["call_back_of"]}
        self.assertEqual(found, {row["call_id"]: row["call_back_of"] for row in backs})

    def test_promises_are_forgotten(self):
        done, _, result = self.play("--defect", "forgets_call_backs=0.3", "--no-early-stop")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertLessEqual({"n_called_back", "served_in_the_end"}, failed(result))
        self.assertNotIn("FAIL", [stage["judgement"] for stage in result["stages"]])
        found = self.expect_causes(result, {"call_backs_forgotten"})
        self.assertTrue(found["low"] <= 0.3 <= found["high"], found)

    def test_promises_are_kept_twice(self):
        done, _, result = self.play("--defect", "doubles_call_backs", "--no-early-stop")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertEqual(failed(result), {"n_call_backs"})
        found = self.expect_causes(result, {"call_backs_doubled"})
        self.assertEqual(found["estimate"], 1.0)

    def test_agents_call_back_while_others_wait(self):
        done, _, result = self.play("--defect", "call_backs_first", "--no-early-stop")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("queue", [stage["stage"] for stage in result["stages"] if stage["judgement"] == "FAIL"])
        self.assertIn("served_in_the_end", failed(result))
        self.expect_causes(result, {"call_backs_first", "call_backs_early"})

    def expect_causes(self, result, kinds):
        """The cause is of these kinds alone, and replayed it explains nearly all. @return the first finding."""
        causes = [found for found in result["diagnosis"] if found["is_cause"]]
        self.assertTrue(causes, result["diagnosis"])
        self.assertLessEqual({found["kind"] for found in causes}, kinds, causes)
        self.assertEqual({found["explained_by"] for found in causes}, {"replay"}, causes)
        self.assertGreater(result["cause"]["explained_share"], 0.8, causes)
        return causes[0]


if __name__ == "__main__":
    PEAKRIG, SOURCE = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
