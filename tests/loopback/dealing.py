#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A queue that deals otherwise than the plain one: one caller at a time, all phones at once, ringing that takes places
or is cut, looks now and then. The model predicts it, the embedded centre plays it, and nothing is found to differ; a
centre that deals as the plain one fails.

Usage: dealing.py PEAKRIG SOURCE_DIR
"""
import os
import shutil
import sys
import tempfile
import unittest

from judged_run import JudgedTest, judged_run

PEAKRIG = None
SOURCE = None
TIME_SCALE = 12.0
OFTEN_IDLE = ["agents[0].count=40", "traffic.rate=({at_s=0.0;per_min=45.0;})"]
RINGS_SHORTLY = ["agents[0].ring=0.4"]
KEYS = {
    "ring_all": ['queue.routing="ring_all"', *OFTEN_IDLE],
    "one_at_a_time": ["queue.one_at_a_time=true", *RINGS_SHORTLY],
    "counts_ringing": ["queue.counts_ringing=true", "queue.capacity=12"],
    "counts_ringing_deflects": ["queue.counts_ringing=true", "queue.capacity=12", "call_back={attempts=0;}",
                                "queue.deflection={share=0.6;}"],
    "timeout_cuts_ringing": ["queue.timeout_cuts_ringing=true", "queue.timeout_s=8.0"],
    "poll_s": ["queue.poll_s=4.0", "queue.retry_s=2.0"],
    "poll_s_classes": ["queue.poll_s=4.0", "queue.retry_s=2.0",
                       'callers.classes=({name="vip";share=0.3;priority=5;},{name="any";share=0.7;})'],
    "poll_s_one_at_a_time": ["queue.poll_s=4.0", "queue.one_at_a_time=true", "queue.capacity=20", *RINGS_SHORTLY],
    "look_every_s": ["queue.look_every_s=10.0"],
    "max_no_answer": ["agents[0].max_no_answer=1", "agents[0].break_s=60.0"],
}
# Findings that would be of the key itself.
FINDINGS = {"priority", "one_at_a_time", "ring_all", "queue_ringing", "ringing_cut", "queue_poll"}


class Dealing(JudgedTest):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-dealing-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def play(self, key, *words):
        sets = [word for value in [*KEYS[key], "gate.levels=()"] for word in ("--set", value)]
        return judged_run(PEAKRIG, [os.path.join(SOURCE, "bench/gate_runs/queue.cfg"), "--no-history", *sets, *words],
                          self.folder, TIME_SCALE)

    def honest(self, key):
        done, _, result = self.play(key)
        self.expect_pass(done, result)
        self.assertFalse({finding["kind"] for finding in result["diagnosis"]} & FINDINGS, result["diagnosis"])
        self.assertGreater(result["agreement"]["share"], 0.7)

    def test_ring_all(self):
        self.honest("ring_all")

    def test_one_at_a_time(self):
        self.honest("one_at_a_time")

    def test_counts_ringing(self):
        self.honest("counts_ringing")

    def test_a_full_queue_turns_away_before_it_deflects(self):
        self.honest("counts_ringing_deflects")

    def test_timeout_cuts_ringing(self):
        self.honest("timeout_cuts_ringing")

    def test_callers_look_by_themselves(self):
        self.honest("poll_s")

    def test_callers_of_two_classes_look_by_themselves(self):
        """While two agents are idle, one of a lesser priority may look before the first in line does: no wrong order."""
        self.honest("poll_s_classes")

    def test_callers_look_and_one_at_a_time(self):
        self.honest("poll_s_one_at_a_time")

    def test_looks_now_and_then(self):
        self.honest("look_every_s")

    def test_breaks_of_those_who_miss(self):
        self.honest("max_no_answer")

    def test_callers_who_look_seldom(self):
        """The defect makes each caller look so seldom: agents stay idle after a talk for longer than their wrap-up."""
        done, _, result = self.play("poll_s", "--defect", "poll=30", "--no-early-stop")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertEqual(result["verdict"]["judgement"], "FAIL")
        self.assertIn("wrap_up", {finding["kind"] for finding in result["diagnosis"]})

    def test_a_plain_centre(self):
        """It serves many more than one that gives one caller at a time to an agent."""
        done, _, result = self.play("one_at_a_time", "--target-set", "queue.one_at_a_time=false", "--no-early-stop")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertEqual(result["verdict"]["judgement"], "FAIL")


if __name__ == "__main__":
    PEAKRIG, SOURCE = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
