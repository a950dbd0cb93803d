#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of bench/all, with rows that take no time: what is reached, missed, cannot be run; bench/baseline's errors.

Usage: bench_all.py SOURCE
"""
import contextlib
import importlib.machinery
import importlib.util
import io
import os
import subprocess
import sys
import unittest

SOURCE = os.path.abspath(sys.argv.pop(1))
BENCH = os.path.join(SOURCE, "bench")
sys.dont_write_bytecode = True


def load():
    loader = importlib.machinery.SourceFileLoader("bench_all", os.path.join(BENCH, "all"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("bench_all", loader))
    loader.exec_module(module)
    return module


class Table(unittest.TestCase):
    def run_with(self, rows):
        module = load()
        module.ROWS = rows
        module.build_both = lambda words: "/nowhere"
        sys.argv = ["all", "/nowhere"]
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            code = module.main()
        return code, out.getvalue()

    def test_all_reached(self):
        code, text = self.run_with([("a", "work a", "peer", 0.5, lambda bench: (0.5, "1 s / 2 s"))])
        self.assertEqual(code, 0)
        self.assertRegex(text, r"work a +\| peer +\| +0\.50 \| <= +0\.5 \| yes +\| 1 s / 2 s\n")

    def test_one_missed(self):
        code, text = self.run_with([("a", "work a", "peer", 0.5, lambda bench: (0.1, "")),
                                    ("b", "work b", "peer", 0.5, lambda bench: (0.51, ""))])
        self.assertEqual(code, 1)
        self.assertRegex(text, r"work b +\| peer +\| +0\.51 \| <= +0\.5 \| NO ")

    def test_one_cannot_be_run(self):
        module = load()

        def row(_):
            raise module.CannotRun("no such peer")
        code, text = self.run_with([("a", "work a", "peer", 0.5, row)])
        self.assertEqual(code, 1)
        self.assertRegex(text, r"work a +\| peer +\| +- \| <= +0\.5 \| NOT RUN +\| a: no such peer\n")

    def test_names_and_targets(self):
        rows = load().ROWS
        self.assertEqual(len({row[0] for row in rows}), len(rows))
        for name, _, _, target, measure in rows:
            self.assertGreater(target, 0.0, name)
            self.assertTrue(callable(measure), name)


class Pairs(unittest.TestCase):
    def test_in_turn(self):
        measure = sys.modules.get("all_rows.measure") or load() and sys.modules["all_rows.measure"]
        got = measure.ratio([sys.executable, "-c", "print(1)"], [sys.executable, "-c", "print(2)"], 3, "wall")
        self.assertEqual(got["texts"], ("1\n", "2\n"))
        self.assertGreater(got["ratio"], 0.0)
        self.assertGreater(got["ours"], 0.0)

    def test_a_failure_is_said(self):
        load()
        measure = sys.modules["all_rows.measure"]
        with self.assertRaisesRegex(measure.CannotRun, "exit code 5: no disk"):
            measure.run_once([sys.executable, "-c", "import sys; print('no disk', file=sys.stderr); sys.exit(5)"])


class Words(unittest.TestCase):
    def run_bench(self, *words):
        return subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)

    def test_list(self):
        done = self.run_bench(os.path.join(BENCH, "all"), "--list")
        self.assertEqual(done.returncode, 0)
        self.assertEqual(done.stdout.split(), [row[0] for row in load().ROWS])

    def test_unknown_row(self):
        done = self.run_bench(os.path.join(BENCH, "all"), "--only", "hour,bogus")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--only: bogus; expected hour, ", done.stderr)

    def test_unknown_commit(self):
        done = self.run_bench(os.path.join(BENCH, "baseline"), "no-such-commit")
        self.assertEqual(done.returncode, 5)
        self.assertIn("no-such-commit: no such commit here", done.stderr)


unittest.main(argv=[sys.argv[0]])
