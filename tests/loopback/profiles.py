#!/usr/bin/env python3
"""Caller profiles at the embedded call centre: it learns each kind of mark, and the callers understand it.

In every profile what SIPp says of its callers is what the call centre counted, and each stage loses what the
model predicts for these very calls.

Usage: profiles.py PEAKRIG SOURCE_DIR
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

PEAKRIG = None
SOURCE = None
UNANSWERED, MENU, QUEUE, RINGING, TALK = 1, 2, 3, 4, 5
CROSSED = 6  # the answer came as the caller gave up


def counts_of(path):
    with open(path) as file:
        return {line[:26].strip(): int(line[26:]) for line in file}


class Profiles(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-profiles-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def play(self, *sets):
        out = os.path.join(self.folder, "run")
        words = [word for item in sets for word in ("--set", item)]
        done = subprocess.run([PEAKRIG, "run", os.path.join(SOURCE, "tests/loopback/cli.cfg"), "--out",
                               out, "--quiet", *words], text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=200)
        self.assertTrue(os.path.exists(os.path.join(out, "logs/callers0.log")), done.stderr)
        ends = {CROSSED: 0}
        with open(os.path.join(out, "logs/callers0.log")) as file:
            for line in file:
                fields = line.split(";")
                phase = int(float(fields[3] or 0))
                if phase == UNANSWERED and fields[4] == "200":
                    phase = CROSSED
                ends[phase] = ends.get(phase, 0) + 1
        return ends, counts_of(os.path.join(out, "logs/target-counts.txt")), out

    def check(self, ends, centre, n_calls=300):
        self.assertEqual(sum(ends.values()), n_calls)
        self.assertEqual(centre["offered"], n_calls)
        # A message of the centre may cross the caller's last one: then each saw another phase.
        told = [(ends[UNANSWERED], centre["no circuit"] + centre["cancelled unanswered"]),
                (ends[MENU] + ends[CROSSED], centre["ended in the menu"]),
                (ends[QUEUE], centre["abandoned in the queue"]),
                (ends[RINGING], centre["abandoned while ringing"]),
                (ends[TALK], centre["talks"])]
        self.assertEqual(sum(ours for ours, _ in told), sum(theirs for _, theirs in told))
        for ours, theirs in told:
            self.assertLessEqual(abs(ours - theirs), 2, told)
        for name in ("dropped", "SIP errors", "up at the stop"):
            self.assertEqual(centre[name], 0, name)
        for phase in (UNANSWERED, MENU, QUEUE, RINGING, TALK):
            self.assertGreater(ends[phase], 0)

    def check_prediction(self, centre, out):
        """By the centre's own counts: the analyzer need not understand the profile."""
        with open(os.path.join(out, "prediction.json")) as file:
            metrics = {m["name"]: m for m in json.load(file)["metrics"]}
        entered = centre["offered"]
        for stage, lost in (("trunk", centre["no circuit"]), ("ivr", centre["cancelled unanswered"]),
                            ("queue", centre["abandoned in the queue"]),
                            ("agent", centre["abandoned while ringing"])):
            predicted = metrics[f"p_lost_{stage}_per_entrant"]["mean"]
            self.assertLess(abs(lost / entered - predicted), 0.15, f"{stage}: {lost} of {entered}")
            entered -= lost + (centre["ended in the menu"] if stage == "ivr" else 0)

    def play_marks(self, marks):
        ends, centre, out = self.play(f'target={{marks="{marks}";}}')
        self.check(ends, centre)
        self.check_prediction(centre, out)

    def test_reinvite(self):
        self.play_marks("reinvite")

    def test_update(self):
        self.play_marks("update")

    def test_info(self):
        self.play_marks("info")

    def test_early(self):
        self.play_marks("early")

    def test_quiet(self):
        self.play_marks("quiet")

    def test_tcp_and_credentials(self):
        ends, centre, _ = self.play('target={transport="tcp";}',
                                    'callers.auth={user="alice";password="wonderland";}')
        self.check(ends, centre)
        self.assertEqual(centre["challenged"], 300)


if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[3:])
