#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kept places, from outside: who hangs up and keeps his place is called when it is his turn, in the peak, and in the
order of the queue; a centre that calls him afterwards fails. Then call backs of all kinds beside redials, phones that
refuse, classes and an emergency script: it is seen, and it is as replayed.

Usage: kept_places.py PEAKRIG SOURCE_DIR
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
PEAK_S, NO_ANSWER_S, AFTER_S, PROMISE_S = 360.0, 20.0, 12.0, 45.0


def rows_of(path):
    with open(path) as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def failed(result):
    return {row["figure"] for row in result["told"] if row["judgement"] == "FAIL"}


class KeptPlaces(JudgedTest):
    def play(self, name, *words):
        folder = tempfile.mkdtemp(prefix="peakrig-kept-places-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        scenario = os.path.join(SOURCE, "scenarios", name)
        done, self.out, result = judged_run(PEAKRIG, [scenario, "--no-history", *words], folder, TIME_SCALE)
        return done, result

    def read(self):
        rows = rows_of(os.path.join(self.out, "calls.csv"))
        with open(os.path.join(self.out, "scenario.cfg")) as file:
            self.scale = float(re.search(r"^time_scale = ([0-9.]+)", file.read(), re.M).group(1))
        self.plan = {row["planned_index"]: row for row in rows_of(os.path.join(self.out, "schedule.csv"))}
        calls = {row["call_id"]: row for row in rows if not row["call_back_of"]}
        return calls, [row for row in rows if row["call_back_of"]]

    def test_who_keeps_his_place_is_called_at_his_turn(self):
        done, result = self.play("kept-places.cfg")
        self.expect_pass(done, result)
        self.assertEqual([row["figure"] for row in result["told"]],
                         ["deflection_rate", "n_call_backs", "n_called_back", "served_in_the_end",
                          "call_back_delay_mean_s", "promise_kept_rate"])
        self.assertEqual(failed(result), set())
        calls, backs = self.read()
        kept = [row for row in calls.values() if row["outcome"] == "deflected"]
        self.assertGreater(len(kept), 50)
        for row in kept:  # nothing is announced to them
            self.assertLess(float(row["t_end_s"]) - float(row["t_queue_s"]), 0.1)
        first = {}
        for back in sorted(backs, key=lambda row: float(row["t_invite_s"])):
            first.setdefault(back["call_back_of"], back)
        self.assertGreater(len(first), 0.9 * len(kept))
        begun = min(float(row["t_invite_s"]) - float(self.plan[row["planned_index"]]["t_s"]) / self.scale
                    for row in calls.values())
        at_s = [(float(row["t_invite_s"]) - begun) * self.scale for row in first.values()]
        self.assertGreater(sum(s < PEAK_S for s in at_s), 0.7 * len(at_s))
        # in the order in which they entered the queue
        entered = [float(calls[call_id]["t_queue_s"]) for call_id in first]
        self.assertTrue(all(b > a - 0.005 for a, b in zip(entered, entered[1:])))
        # not before those who entered before them and waited
        told = {row["figure"]: row for row in result["told"]}
        delays = [(float(back["t_invite_s"]) - float(calls[call_id]["t_end_s"])) * self.scale
                  for call_id, back in first.items()]
        self.assertAlmostEqual(told["call_back_delay_mean_s"]["observed"], sum(delays) / len(delays), delta=0.01)
        in_time = sum(delay <= PROMISE_S for delay in delays)
        self.assertTrue(0 < in_time < len(delays), delays)
        self.assertAlmostEqual(told["promise_kept_rate"]["observed"], in_time / len(delays), delta=1.01 / len(delays))

    def test_places_are_lost(self):
        done, result = self.play("kept-places.cfg", "--defect", "loses_places", "--no-early-stop")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("call_back_delay_mean_s", failed(result))
        self.assertIn("queue", [stage["stage"] for stage in result["stages"] if stage["judgement"] == "FAIL"])

    def test_all_ways_at_once(self):
        done, result = self.play("many-ways-back.cfg")
        self.expect_pass(done, result)
        self.assertEqual(failed(result), set())
        calls, backs = self.read()
        deflected = [row for row in calls.values() if row["outcome"] == "deflected"]
        waited_s = [(float(row["t_end_s"]) - float(row["t_queue_s"])) * self.scale for row in deflected]
        late = [s for s in waited_s if s > 1.0]  # the others keep their places
        self.assertGreater(len(late), 5)
        self.assertGreater(len(waited_s) - len(late), 20)
        self.assertGreater(min(late), AFTER_S)
        urgent = {index for index, row in self.plan.items() if row["class"] == "0"}
        self.assertTrue(all(row["planned_index"] not in urgent for row, s in zip(deflected, waited_s) if s > 1.0))
        redials = {index for index, row in self.plan.items() if row["attempt"] != "0"}
        again = {row["call_id"] for row in deflected if row["planned_index"] in redials}
        self.assertTrue(again & {row["call_back_of"] for row in backs}, "no redial was promised a call back")
        self.assertTrue([row for row in backs if row["emergency"] == "1" and row["outcome"] == "served"])
        for row in backs:  # who is called back is not refused
            self.assertIn(row["outcome"], ("served", "lost_agent"))
            self.assertTrue(row["outcome"] == "served" or row["answered"] == "0", row)


if __name__ == "__main__":
    PEAKRIG, SOURCE = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
