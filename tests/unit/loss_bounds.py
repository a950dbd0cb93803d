#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""peakrig analyze: bounds of what a capture leaves open, on the terminal and in JSON, against fixtures."""
import json
import os
import re
import subprocess
import sys
import unittest

PEAKRIG, SOURCE = sys.argv[1:3]


def fixture(name):
    return os.path.join(SOURCE, "tests", "fixtures", name + ".pcap")


class Bounds(unittest.TestCase):
    def ok(self, *words):
        done = subprocess.run([PEAKRIG, "analyze", *words], capture_output=True, text=True, timeout=120,
                              env={**os.environ, "LC_ALL": "C"}, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def json(self, *words):
        return json.loads(self.ok(*words, "--json"))

    def bounds(self, text, since):
        """Those that stand below a line."""
        told = text[text.index(since):].split("\n\n")[0].splitlines()[1:]
        return {stage: (float(low), float(high)) for stage, low, high in
                (re.match(r"(\w+) +([\d.]+) % \.\. +([\d.]+) %$", line).groups() for line in told)}

    def test_bounds_of_what_was_lost_to_the_capture(self):
        """A message of which the Call-ID is there, and CSeq not, is one call that may have ended otherwise."""
        text = self.ok(fixture("snaplen_cut"))
        told = self.json(fixture("snaplen_cut"))
        self.assertEqual((told["capture"]["messages_cut"], told["capture"]["calls_open"]), (2, 2))
        self.assertEqual(self.bounds(text, "bounds, if each of the 2 calls that are not certain"),
                         {"trunk": (0, 100), "ivr": (0, 100), "queue": (0, 100), "agent": (0, 100)})
        self.assertEqual([(s["stage"], s["entered"], s["lost"], s["least"], s["most"]) for s in told["stages"]],
                         [("trunk", 2, 1, 0, 1), ("ivr", 1, 1, 0, 1), ("queue", 0, 0, 0, 1), ("agent", 0, 0, 0, 1)])
        self.assertIn("in_progress", self.ok(fixture("fragments"), "--jsonl", "-"))
        self.assertIn("the 1 call that is not certain", self.ok(fixture("fragments")))

    def test_bounds_of_one_clock(self):
        """Two messages nearer than the quickest answer: certain for one clock, and a file does not tell."""
        crossings = fixture("crossings")
        text, told = self.ok(crossings), self.json(crossings)
        capture = told["capture"]
        self.assertEqual((capture["calls_open"], capture["calls_open_by_clocks"], capture["calls_crossed"]), (0, 7, 7))
        self.assertNotIn("not certain", text)
        for stage, (low, high) in self.bounds(text, "7 calls hang on the order of messages").items():
            of = next(s for s in told["stages"] if s["stage"] == stage)
            least, most = max(0, of["lost"] - 7) / (of["entered"] + 7), min(1, (of["lost"] + 7) / of["entered"])
            self.assertAlmostEqual(100 * least, low, delta=0.006)
            self.assertAlmostEqual(100 * most, high, delta=0.006)
            self.assertAlmostEqual(of["least_by_clocks"], least, delta=1e-9)
            self.assertAlmostEqual(of["most_by_clocks"], most, delta=1e-9)
            self.assertEqual(of["least"], of["most"])  # by one clock

    def test_a_whole_capture_has_no_bounds(self):
        self.assertNotIn("bounds, if", self.ok(fixture("refuses_everything")))
        for of in self.json(fixture("refuses_everything"))["stages"]:
            self.assertEqual(len({of[key] for key in ("least", "most", "least_by_clocks", "most_by_clocks")}), 1)
            self.assertEqual(of["least"], of["p_lost_per_entrant"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
