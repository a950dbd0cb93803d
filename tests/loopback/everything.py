#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every key in one run, from outside: scenarios/everything.cfg plays and passes, and each part of it leaves its mark in
the run's files. A call back that a fault cuts while it rings is followed by another one, which is answered as planned.

Usage: everything.py PEAKRIG SOURCE_DIR
"""
import csv
import os
import re
import shutil
import sys
import tempfile
import unittest

from free_port import free_port
from judged_run import JudgedTest, judged_run

PEAKRIG = None
SOURCE = None
TIME_SCALE = 16.0
# A third of the callers, and of whom and what they meet.
FEW = ["traffic.rate=({at_s=0.0;per_min=14.0;})",
       "traffic.adverts=({at_s=20.0;peak_per_min=70.0;rise_s=10.0;decay_s=45.0;},"
       "{at_s=240.0;peak_per_min=70.0;rise_s=10.0;decay_s=50.0;})",
       "trunks[0].e1=1", "trunks[1].circuits=18", "ivr.ports=44", "agents[1].count=6", "agents[2].count=4",
       "agents[0].shifts=({at_s=0.0;count=20;},{at_s=160.0;count=24;},{at_s=400.0;count=20;})",
       "reserves[0].count=4", "reserves[0].queue_above=4", "queue.deflection.queue_from=4",
       "emergency.queue_above=6", "emergency.queue_below=2", "queue.seconds_per_place=5.0",
       "gate.levels=({metric=\"wait_p95_s\";max=120.0;})",
       "call_back.start_s=337.0"]  # when the centre dies, phones ring
NO_ANSWER_S = 25.0


def rows_of(path):
    with open(path) as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


class Everything(JudgedTest):
    def play(self):
        folder = tempfile.mkdtemp(prefix="peakrig-everything-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        words = [os.path.join(SOURCE, "scenarios/everything.cfg"), "--no-history"]
        for override in [*FEW, f"target.agents_listen=\"127.0.0.1:{free_port()}\""]:
            words += ["--set", override]
        done, self.out, result = judged_run(PEAKRIG, words, folder, TIME_SCALE)
        self.expect_pass(done, result)
        return result

    def test_every_part_leaves_its_mark(self):
        result = self.play()
        rows = rows_of(os.path.join(self.out, "calls.csv"))
        plan = {row["planned_index"]: row for row in rows_of(os.path.join(self.out, "schedule.csv"))}
        calls = [row for row in rows if not row["call_back_of"]]
        backs = [row for row in rows if row["call_back_of"]]
        self.assertEqual(len(calls), result["calls"]["planned"])
        placed = [plan[row["planned_index"]] for row in calls]
        for column, values in (("outcome", {"served", "self_served", "deflected", "dropped", "lost_trunk"}),
                               ("carrier", {"carrier A", "carrier B"}), ("class", {"regular customer", "other"}),
                               ("balked", {"0", "1"}), ("bye", {"caller", "callee"})):
            seen = {row[column] for row in calls}
            self.assertTrue(values <= seen, (column, seen))
        self.assertGreater(sum(int(row["attempt"]) > 0 for row in placed), 0)  # redials
        self.assertTrue(any(row["announced_position"] for row in calls))
        self.assertEqual({row["choice"] for row in placed}, {"0", "1"})
        self.assertLessEqual({"deflection_rate", "n_call_backs", "n_called_back", "served_in_the_end", "balk_rate",
                              "emergency_talk_rate"}, {row["figure"] for row in result["told"]})
        self.check_call_backs(calls, backs)

    def scale(self):
        with open(os.path.join(self.out, "scenario.cfg")) as file:
            return float(re.search(r"^time_scale = ([0-9.]+)", file.read(), re.M).group(1))

    def check_call_backs(self, calls, backs):
        """Each is answered, is cut, or rings in vain: no phone says that it knows nothing of it."""
        self.assertGreater(len(backs), 10)
        self.assertEqual({row["final_code"] for row in backs} - {"200", "487", "503"}, set())
        deflected = {row["call_id"] for row in calls if row["outcome"] == "deflected"}
        of = {}
        for row in backs:
            self.assertIn(row["call_back_of"], deflected)
            of.setdefault(row["call_back_of"], []).append(row)
        n_cut = 0
        for attempts in of.values():
            self.assertLessEqual(len(attempts), 3)
            for row in attempts[:-1]:
                self.assertEqual(row["final_code"], "487", attempts)
                rang_s = (float(row["t_end_s"]) - float(row["t_invite_s"])) * self.scale()
                n_cut += rang_s < NO_ANSWER_S - 2.0
        self.assertGreater(n_cut, 0)


if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
