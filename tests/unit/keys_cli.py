#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""peakrig keys, and what bash makes of it.

usage: keys_cli.py PEAKRIG SOURCE COMPLETION    COMPLETION: the script for bash
"""
import json
import pathlib
import subprocess
import sys
import unittest

PEAKRIG, SOURCE, COMPLETION = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]


def keys(*words):
    return subprocess.run([PEAKRIG, "keys", *words], capture_output=True, text=True)


def completed(*words):
    """What bash offers for the last word."""
    script = ('source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _peakrig; printf "%s\\n" "${COMPREPLY[@]}"')
    done = subprocess.run(["bash", "-c", script, "bash", COMPLETION, PEAKRIG, *words],
                          capture_output=True, text=True, check=True)
    return done.stdout.split()


class Keys(unittest.TestCase):
    def test_all_have_value_default_and_meaning(self):
        lines = keys().stdout.splitlines()
        names = keys("--names").stdout.split()
        self.assertEqual([line.split(" (")[0] for line in lines[0::3]], names)
        self.assertEqual(len(names), len(set(names)))
        for name in ["name", "traffic.rate[].per_min", "trunks[].e1", "agents[].shifts[].count", "gate.stages.agent.margin_pp"]:
            self.assertIn(name, names)
        for value, meaning in zip(lines[1::3], lines[2::3]):
            self.assertRegex(value, r"^    \S.*; default: \S")
            self.assertRegex(meaning, r"^    \S")

    def test_some(self):
        shown = keys("limits.max_run_s")
        self.assertEqual(shown.stdout, "limits.max_run_s\n    number over 0, up to 10000000, seconds; default: 14400\n"
                                       "    wire time\n")
        self.assertIn("agents[].shifts (more than 1: embedded only)\n", keys("agents").stdout)
        self.assertIn("target.listen (embedded only)\n", keys("target").stdout)
        self.assertIn("call_back.start_s (embedded only)\n", keys("call_back").stdout)

    def test_wrong_words(self):
        for words, message in [(["colour"], 'no key begins with "colour"'), (["--names", "--schema"], "expected one of"),
                               (["--schema", "trunks"], "expected no KEY"), (["--colour"], "--colour")]:
            done = keys(*words)
            self.assertEqual(done.returncode, 2)
            self.assertIn(message, done.stderr)

    def test_schema_and_tables(self):
        self.assertEqual(json.loads(keys("--schema").stdout)["title"], "A scenario of peakrig")
        self.assertTrue(keys("--tables").stdout.startswith("<!-- keys: scenario -->\n| key | value | default |"))

    def test_words(self):
        for kind, word in [("outcomes", "lost_queue"), ("stages", "ivr"), ("metrics", "served_in_the_end"),
                           ("defects", "ivr_late"), ("fields", "wait_s"), ("groups", "carrier"), ("formulas", "engset"),
                           ("exchanges", "kamailio")]:
            shown = keys("--words", kind)
            self.assertEqual(shown.returncode, 0)
            self.assertIn(word, shown.stdout.splitlines())
            self.assertRegex(shown.stdout, r"\A([\w.-]+\n)+\Z")
        for words, message in [(["--words", "colours"], "expected one of outcomes"), (["--words", "stages", "--names"], "one of"),
                               (["--words", "stages", "ivr"], "expected no KEY"), (["--words", ""], "expected one of")]:
            done = keys(*words)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn(message, done.stderr)

    def test_completion(self):
        self.assertEqual(completed("ke"), ["keys"])
        self.assertIn("predict", completed(""))
        self.assertEqual(completed("run", "x.cfg", "--set", "trunks[0].e"), ["trunks[0].e1="])
        self.assertEqual(completed("plan", "x.cfg", "--set", "limits.max_r"), ["limits.max_rate_per_s=", "limits.max_run_s="])
        self.assertIn("--set", completed("predict", "--s"))
        self.assertEqual(completed("keys", "ivr.po"), ["ivr.ports"])

    def test_set_says_what_was_meant(self):
        scenario = SOURCE / "scenarios" / "tv-peak-785.cfg"
        for override, message in [("ivr.prots=3", "did you mean ports?"), ("menu=3", "did you mean ivr.menu?"),
                                  ("trunk[0].e1=3", "did you mean trunks[].e1?")]:
            done = subprocess.run([PEAKRIG, "schedule", scenario, "--set", override], capture_output=True, text=True)
            self.assertEqual(done.returncode, 2)
            self.assertIn(message, done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
