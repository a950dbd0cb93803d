#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`peakrig compare` on a terminal: where a row has no room it is three short lines with the same figures.

Usage: compare_terminal.py PEAKRIG SOURCE_DIR
"""
import json
import os
import re
import subprocess
import sys
import unittest

import terminal

PEAKRIG = SOURCE = None


class CompareTerminal(unittest.TestCase):
    def setUp(self):
        self.words = [PEAKRIG, "compare", *(os.path.join(SOURCE, "tests/fixtures/runs", name) for name in ("pass", "fail"))]

    def on_terminal(self, width, *words):
        return terminal.on_terminal(width, [*self.words, *words], 1)

    def test_narrow(self):
        """No line is wider, in either language."""
        done = subprocess.run([*self.words, "--json"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        names = [row["name"] for row in json.loads(done.stdout)["rows"]]
        for language in ("en", "zh"):
            text = self.on_terminal(80, "--lang", language)
            for line in text.split("\n"):
                self.assertLessEqual(terminal.columns(line), 80, line)
            self.assertRegex(text, r"\nlost_trunk +45\.67 % -> +91\.33 %  \w+\n    B - A \+45\.67 \(\+39\.46\.\.\+51\.39\).*<0\.0001\n    "
                                   r"McNemar.*300 .*4.*141")
            self.assertEqual(re.findall(r"(?m)^(\w+) .* -> ", text)[-len(names):], names)

    def test_wide(self):
        self.assertIn("\nlost_trunk           |    45.67 % |", self.on_terminal(160))


if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=sys.argv[:1])
