#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 at random instants of runs that share a history: the database stays whole, and holds exactly the runs that
were judged and put in, each of them entire; a killed run is put in by `diff`.

Fifty runs are killed: half at any instant of the run, half while its verdict and history are written. Three at a time.
The instants come from a seed, which is printed.

Usage: kill_history.py PEAKRIG SOURCE_DIR [SEED]
"""
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

from left_behind import processes_of

PEAKRIG = SOURCE = None
SEED = 0
N_KILLED, N_AT_ONCE = 50, 3
PATIENCE_S = 120
JUDGED = (0, 1, 3, 4)  # exit codes of a verdict
NOT_PLAYED = 5         # the machine had no room for it: there is no verdict, and nothing to put in
SHORT = ["--set", "traffic.duration_s=6", "--set", "gate.replays=999"]
N_STAGES = 4


class Run:
    def __init__(self, folder, number, history, after_s=None, at_the_end=False):
        self.out = os.path.join(folder, f"run{number}")
        self.begin_s, self.after_s, self.at_the_end = time.monotonic(), after_s, at_the_end
        self.end_s = None
        self.was_killed = False
        self.errors = os.path.join(folder, f"errors{number}")
        with open(self.errors, "w") as errors:
            self.child = subprocess.Popen(
                [PEAKRIG, "run", os.path.join(SOURCE, "tests/loopback/cli.cfg"), "--out", self.out, "--quiet", "--history", history,
                 "--set", f"seed={number + 1}", *SHORT, "--label", f"number={number}"], cwd=folder, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=errors, start_new_session=True)

    def has(self, name):
        return os.path.exists(os.path.join(self.out, name))

    def turn(self):
        """Kill it when it is time. Whether it is over."""
        now_s = time.monotonic()
        if self.after_s is None:
            pass
        elif self.at_the_end and self.end_s is None:
            if self.has("result.json"):
                self.end_s = now_s + self.after_s
        elif now_s >= (self.end_s if self.at_the_end else self.begin_s + self.after_s):
            self.child.kill()
            self.was_killed = True
        return self.child.poll() is not None

    def said(self):
        with open(self.errors) as file:
            return file.read()

    def result(self):
        """Of its file; None: there is none, or it was killed before."""
        try:
            with open(os.path.join(self.out, "result.json")) as file:
                return json.load(file)
        except FileNotFoundError:
            return None


class KillHistory(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-kill-history-")
        self.history = os.path.join(self.folder, "history.db")
        self.addCleanup(self.clean_up)

    def clean_up(self):
        for pid in processes_of(self.folder):
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def play(self, plans):
        """Runs of (after_s, at_the_end), so many at once."""
        waiting, going, done = list(enumerate(plans)), [], []
        until_s = time.monotonic() + PATIENCE_S * len(plans)
        while waiting or going:
            self.assertLess(time.monotonic(), until_s)
            while waiting and len(going) < N_AT_ONCE:
                number, (after_s, at_the_end) = waiting.pop(0)
                going.append(Run(self.folder, number + self.first, self.history, after_s, at_the_end))
            over = [run for run in going if run.turn()]
            done += over
            going = [run for run in going if run not in over]
            time.sleep(0.002)
        self.first += len(plans)
        return done

    def rows(self):
        """{number of a run: (judgement, exit code, calls, stages, metrics, letters)}"""
        with sqlite3.connect(self.history) as db:
            self.assertEqual(db.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
            self.assertEqual(db.execute("PRAGMA foreign_key_check").fetchall(), [])
            found = db.execute(
                "SELECT labels.value, judgement, exit_code, n_planned,"
                " (SELECT count(*) FROM stages WHERE stages.run = id), (SELECT count(*) FROM metrics WHERE metrics.run = id),"
                " (SELECT length(ends) FROM calls WHERE calls.run = id)"
                " FROM runs LEFT JOIN labels ON labels.run = id AND labels.key = 'number'").fetchall()
            self.assertEqual(db.execute("SELECT count(*) FROM labels").fetchone()[0], len(found))
        db.close()
        self.assertEqual(len({row[0] for row in found}), len(found))
        return {int(row[0]): row[1:] for row in found}

    def check(self, runs):
        rows = self.rows()
        for run in runs:
            number = int(os.path.basename(run.out)[3:])
            result = run.result()
            code = run.child.returncode
            end = f"run {number} ended by itself with exit code {code}: {run.said()}"
            if code != -signal.SIGKILL or not run.was_killed:
                self.assertIn(code, (*JUDGED, NOT_PLAYED), end)
            if code in JUDGED:
                self.assertIn(number, rows, f"{end} It is not in the history")
            elif code == NOT_PLAYED:
                self.assertRegex(run.said(), r"(?m)^peakrig: ", end)
                self.assertEqual(number in rows, result is not None, end)
            if number not in rows:
                continue
            judgement, exit_code, n_planned, n_stages, n_metrics, n_letters = rows[number]
            self.assertIsNotNone(result, f"run {number} is in the history and has no result.json")
            self.assertEqual((judgement, exit_code), (result["verdict"]["judgement"], result["verdict"]["exit_code"]))
            n_figures = len(result["metrics"]) + sum(len(part["metrics"]) for part in result["parts"])
            self.assertEqual((n_planned, n_stages, n_metrics, n_letters),
                             (result["calls"]["planned"], N_STAGES, n_figures, result["calls"]["planned"]))
        listed = subprocess.run([PEAKRIG, "history", "--history", self.history, "--json"], capture_output=True, text=True,
                                timeout=PATIENCE_S)
        self.assertEqual((listed.returncode, listed.stderr), (0, ""))
        self.assertEqual(len(json.loads(listed.stdout)["runs"]), len(rows))
        return rows

    def test_killed_at_random_instants(self):
        self.first = 0
        chance = random.Random(SEED)
        whole = self.play([(None, False)] * N_AT_ONCE)
        took_s = max(time.monotonic() - run.begin_s for run in whole)
        self.assertEqual(len(self.check(whole)), N_AT_ONCE)
        plans = [(chance.uniform(0.0, took_s), False) for _ in range(N_KILLED // 2)]
        plans += [(chance.uniform(0.0, 0.15), True) for _ in range(N_KILLED - len(plans))]
        chance.shuffle(plans)
        runs = self.play(plans)
        rows = self.check(whole + runs)
        killed = [run for run in runs if run.child.returncode == -signal.SIGKILL]
        numbers = {int(os.path.basename(run.out)[3:]): run for run in killed}
        inside = [number for number in numbers if number in rows]
        print(f"seed {SEED}: of {len(runs)} runs {len(killed)} were killed, of these {len(inside)} when they were in the "
              f"history, {sum(run.result() is not None for run in killed)} with a result", file=sys.stderr)
        self.assertGreater(len(killed), N_KILLED // 4)
        self.assertLess(len(inside), len(killed))
        # what was played can still be judged, and is put in then
        later = [run for number, run in numbers.items() if number not in rows and run.has("calls.csv")][:3]
        for run in later:
            done = subprocess.run([PEAKRIG, "diff", run.out, "--history", self.history, "--quiet"], capture_output=True, text=True,
                                  timeout=PATIENCE_S)
            self.assertIn(done.returncode, (0, 1, 3, 4), done.stderr)
        self.assertEqual(len(self.check(whole + runs)), len(rows) + len(later))


if __name__ == "__main__":
    if len(sys.argv) > 3:
        SEED = int(sys.argv.pop(3))
    else:
        SEED = random.randrange(1 << 32)
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=sys.argv[:1])
