#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run folders of earlier versions still open: `diff` judges them as then, `report` makes their page.

tests/fixtures/runs/ holds three runs of version 0.1.0 (commit ade318d) of tests/loopback/cli.cfg, without capture,
plots and logs: one that passed, one that failed at the trunk, one that was stopped early.

Usage: old_runs.py PEAKRIG SOURCE_DIR
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

PEAKRIG = None
RUNS = None
EXPECTED = {"pass": (0, "PASS", None), "fail": (1, "FAIL", "trunk"), "stopped": (1, "FAIL", "trunk")}


def peakrig(*words):
    return subprocess.run([PEAKRIG, *words], timeout=120, text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


class OldRuns(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-old-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def copy_of(self, name):
        out = os.path.join(self.folder, name)
        shutil.copytree(os.path.join(RUNS, name), out)
        with open(os.path.join(out, "result.json"), encoding="utf-8") as file:
            return out, json.load(file)

    def test_diff_judges_as_then(self):
        for name, (code, judgement, stage) in EXPECTED.items():
            with self.subTest(run=name):
                out, then = self.copy_of(name)
                done = peakrig("diff", out, "--json", "--quiet")
                self.assertEqual(done.returncode, code, done.stderr)
                now, again = json.loads(done.stdout), json.loads(done.stdout)
                for result in (then, now):
                    self.assertEqual(result["verdict"]["judgement"], judgement)
                    self.assertEqual(result["verdict"]["stage"], stage)
                then["calls"]["outcomes"]["cut_by_rig"] = 0  # a later word
                warm_up = {"counted_from_s": 0.0, "warm_up": 0}  # versions before had none
                self.assertEqual(now["calls"], {**warm_up, **then["calls"]})
                for looks in (now["early_stop"], then["early_stop"]):  # replays know each call's own delays since
                    self.assertLess(looks.pop("p_value") or 0.0, 1e-12)
                self.assertEqual(now["early_stop"], then["early_stop"])
                self.assertEqual([(s["entered"], s["lost"], s["judgement"]) for s in now["stages"]],
                                 [(s["entered"], s["lost"], s["judgement"]) for s in then["stages"]])
                with open(os.path.join(out, "result.json"), encoding="utf-8") as file:
                    self.assertEqual(json.load(file), again)

    def test_report_makes_their_page(self):
        for name in EXPECTED:
            with self.subTest(run=name):
                out, then = self.copy_of(name)
                done = peakrig("report", out)
                self.assertEqual(done.returncode, 0, done.stderr)
                with open(os.path.join(out, "report.html"), encoding="utf-8") as file:
                    page = file.read()
                self.assertIn(then["verdict"]["judgement"], page)
                self.assertIn("<svg", page)
                self.assertTrue(page.rstrip().endswith("</html>"))


if __name__ == "__main__":
    PEAKRIG = os.path.abspath(sys.argv[1])
    RUNS = os.path.join(os.path.abspath(sys.argv[2]), "tests", "fixtures", "runs")
    unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[3:])
