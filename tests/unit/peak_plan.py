#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of docs/peak-plan.md is whole, and what it says can be done: each command is one that peakrig takes, with
its scenario, keys, defects and conditions, and each figure is one of that scenario. A run is not played here (the
loopback tests do that): its scenario is checked, with what is set.

Usage: peak_plan.py PEAKRIG SOURCE_DIR
"""
import os
import re
import shlex
import subprocess
import sys
import unittest

PEAKRIG, SOURCE = None, None
MARKS = ("x", "part", "-", "")


def told(*words):
    return subprocess.run([PEAKRIG, *words], cwd=SOURCE, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=240)


def without(words, *options):
    """Without these options, each with its value."""
    kept, words = [], list(words)
    while words:
        word = words.pop(0)
        if word in options:
            words.pop(0)
        else:
            kept.append(word)
    return kept


class PeakPlan(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with open(os.path.join(SOURCE, "docs/peak-plan.md")) as file:
            table = re.search(r"<!-- rows -->\n(.*?)<!-- end -->", file.read(), re.S)[1]
        lines = [line for line in table.strip().splitlines()[2:] if not line.startswith("| |")]
        cls.rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip()[1:-1])] for line in lines]

    def run_ok(self, row, *words):
        done = told(*words)
        self.assertEqual(done.returncode, 0, f"row {row[0]}: peakrig {' '.join(words)}: {done.stdout[-400:]}")

    def test_rows(self):
        self.assertEqual([row[0] for row in self.rows], [str(n) for n in range(1, 47)])
        for row in self.rows:
            self.assertEqual(len(row), 7, row)
            self.assertTrue(all(mark in MARKS for mark in row[2:6]), row)
            shows = any(mark in ("x", "part") for mark in row[2:6])
            self.assertEqual(shows, bool(row[6]) and not row[6].startswith("nearest"), row)

    def try_command(self, row, words):
        command, *rest = words
        if command == "run":
            defects = [rest[i + 1] for i, word in enumerate(rest) if word == "--defect"]
            with open(os.path.join(SOURCE, "docs/defects.md")) as file:
                known = file.read()
            for defect in defects:
                form = re.search(rf"(?m)^\| `({re.escape(defect.split('=')[0])}(=[^`]*)?)`", known)
                self.assertIsNotNone(form, f"row {row[0]}: {defect}")
                self.assertEqual([defect.count(sign) for sign in "=:"], [form[1].count(sign) for sign in "=:"], row)
            rest = [word for word in without(rest, "--defect", "--baseline") if word != "--serve"]
            self.run_ok(row, "check", *rest)
        elif command == "predict":
            self.run_ok(row, command, *rest, "-n", "2", "-q")
        elif command == "plan":
            self.run_ok(row, command, *rest, "-n", "5", "-q")
        elif command in ("check", "analyze", "erlang"):
            self.run_ok(row, command, *rest)
        else: # of runs that have been: only whether there is such a command
            self.assertIn(command, ("history", "report", "trend", "compare"))
            self.run_ok(row, command, "--help")

    def test_commands_and_figures(self):
        scenario, n_commands, figures = None, 0, {}
        for row in self.rows:
            for code in re.findall(r"`([^`]+)`", row[6]):
                words = shlex.split(code)
                if words[0] == "peakrig":
                    n_commands += 1
                    with self.subTest(row=row[0], command=code):
                        self.try_command(row, words[1:])
                    scenario = next((word for word in words if word.endswith(".cfg")), scenario)
                elif re.fullmatch(r"[a-z0-9_]+(\[[^\]]+\])?", code) and code != "trunk_dead":
                    figures.setdefault(scenario, {})[code] = row
        for scenario, of in figures.items():
            levels = ",".join(f'{{metric="{figure}";max=1.0;}}' for figure in of)
            with self.subTest(scenario=scenario, figures=list(of)):
                self.run_ok(list(of.values())[0], "predict", scenario, "--set", f"gate.levels=({levels})", "-n", "2", "-q")
        self.assertGreater(n_commands, 30)
        self.assertGreater(sum(map(len, figures.values())), 25)


if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[3:])
