#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A piece of bench/gate for every build: a broken centre fails in the right stage; of a broken load or capture
nothing is said. (That an honest centre passes, and that missing circuits fail: cli.py.)

Usage: gate.py PEAKRIG SOURCE_DIR
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
MARGIN = ["--set", "gate.margin_pp=5.0"]


class Folder(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-gate-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.out = os.path.join(self.folder, "run")

    def peakrig(self, *words, while_running=None):
        child = subprocess.Popen([PEAKRIG, *words, "--quiet"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, text=True)
        self.addCleanup(child.kill)
        if while_running:
            while_running(child)
        text = child.communicate(timeout=240)[0]
        return child.returncode, text

    def play(self, *words, while_running=None):
        return self.peakrig("run", os.path.join(SOURCE, "tests/loopback/cli.cfg"), "--out", self.out,
                            "--no-early-stop", *words, while_running=while_running)

    def play_in_time(self, *words):
        """A busy machine may send the calls late; the gate refuses to judge that. Then once more."""
        for _ in range(5):
            code, text = self.play(*words)
            if code != 4:
                break
            shutil.rmtree(self.out)
        return code, text

    def result(self):
        with open(os.path.join(self.out, "result.json"), encoding="utf-8") as file:
            return json.load(file)

    def expect_nothing_is_said(self, code, text):
        """Neither PASS nor FAIL."""
        self.assertIn(code, (3, 4), text)
        self.assertIn(self.result()["verdict"]["judgement"], ("INCONCLUSIVE", "INVALID"))


class Defects(Folder):
    def expect_fail(self, stage, kind, truth, *words):
        code, text = self.play_in_time(*MARGIN, *words)
        self.assertEqual(code, 1, text)
        result = self.result()
        self.assertEqual(result["verdict"]["stage"], stage, text)
        finding = result["diagnosis"][0]
        self.assertEqual(finding["kind"], kind, text)
        self.assertLessEqual(finding["low"], truth)
        self.assertGreaterEqual(finding["high"], truth)

    def test_a_late_ivr(self):
        self.expect_fail("ivr", "ivr_delay", 4.0, "--defect", "ivr_late=4")

    def test_talks_that_are_cut(self):
        """No stage loses more, but a service level is missed; the diagnosis names the stage."""
        self.expect_fail("agent", "dropped", 0.5, "--defect", "drop=0.5:2", "--set",
                         'gate.levels=({metric="drop_rate";max=0.05;})')


class Broken(Folder):
    def test_a_worker_that_is_killed(self):
        def kill(child):
            self.assertTrue(breaking.kill_a_caller(self.out, 2.0, lambda: child.poll() is not None))
        self.expect_nothing_is_said(*self.play(while_running=kill))

    def test_calls_that_are_not_placed(self):
        sipp = os.path.join(self.folder, "sipp")
        breaking.write_thin_sipp(sipp)
        self.expect_nothing_is_said(*self.play("--sipp", sipp))
        calls = self.result()["calls"]
        self.assertEqual(calls["not_placed"], calls["planned"] // 20)

    def test_packets_that_are_not_captured(self):
        code, text = self.play_in_time()
        self.assertIn(code, (0, 3), text)
        lossy = os.path.join(self.folder, "lossy.pcap")
        n, n_lost = breaking.lose_packets(os.path.join(self.out, "capture.pcap"), lossy, 0.05, 1)
        self.assertTrue(0.03 * n < n_lost < 0.07 * n)
        self.expect_nothing_is_said(*self.peakrig("diff", self.out, "--capture", lossy))
        self.assertGreater(self.result()["calls"]["not_placed"], 0)


if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    sys.dont_write_bytecode = True
    sys.path.insert(0, os.path.join(SOURCE, "bench"))
    from gate_runs import breaking
    unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[3:])
