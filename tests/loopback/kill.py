#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 of peakrig leaves no process, whatever it is doing: SIPp, the embedded call centre, gnuplot.

Every phase of a run has a run of its own that is killed in it; all go on at the same time.

Usage: kill.py PEAKRIG SOURCE_DIR
"""
import csv
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
import unittest

from left_behind import processes_of

PEAKRIG = None
SOURCE = None
PATIENCE_S = 90


class Phase:
    """A run, when it is in its phase, and which programs it has by then."""

    def __init__(self, top, name, programs, is_reached, words=(), replays=999, command="run", before=(),
                 peakrig=None, environment=None):
        self.name, self.programs, self.is_reached = name, sorted(programs), is_reached
        self.folder = os.path.join(top, name)
        os.mkdir(self.folder)
        os.chmod(self.folder, 0o777)
        self.out = os.path.join(self.folder, "run")
        scenario = shutil.copy(os.path.join(SOURCE, "tests/loopback/cli.cfg"), self.folder)
        where = ["--out", self.out, "--quiet"] if command == "run" else []
        self.is_short = command == "check"  # it may be over before anybody looks
        self.argv = [*before, peakrig or PEAKRIG, command, scenario, *where, "--set",
                     f"gate.replays={replays}", *words]
        self.environment = {**os.environ, "TMPDIR": self.folder, **(environment or {})}
        self.begin()

    def begin(self):
        self.child = subprocess.Popen(
            self.argv, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, start_new_session=True, env=self.environment)

    def begin_again(self):
        """Whether it was a short one, which has ended well, and has been started once more."""
        if not self.is_short or self.child.poll() != 0:
            return False
        self.child.stderr.close()
        self.begin()
        return True

    def has(self, name):
        return os.path.exists(os.path.join(self.out, name))

    def others(self):
        """Its children, and theirs."""
        return {pid: words for pid, words in processes_of(self.folder).items() if pid != self.child.pid}

    def programs_now(self):
        """Their short names; what has been started, but does not yet run, has none."""
        names = {"sipp": "sipp", " target ": "target", "sleep": "gnuplot"}
        return sorted(next((short for key, short in names.items() if key in words + " "), "?")
                      for words in self.others().values())

    def last_due_s(self):
        path = os.path.join(self.out, "logs/callers0.csv")
        if not os.path.exists(path):
            return float("inf")
        with open(path) as file:
            rows = [row for row in csv.reader(file, delimiter=";") if len(row) > 2]
        return float(rows[-1][1]) * 1e-3 if rows else float("inf")

    def n_ended(self):
        path = os.path.join(self.out, "logs/callers0.log")
        if not os.path.exists(path):
            return 0
        with open(path) as file:
            return file.read().count("\n")


class Kill(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-kill-")
        os.chmod(self.folder, 0o777)
        self.addCleanup(self.clean_up)

    def clean_up(self):
        for pid in processes_of(self.folder):
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def kill_all(self, phases):
        """Each is killed as soon as it is in its phase with all of its programs."""
        waiting, until = list(phases), time.monotonic() + PATIENCE_S
        while waiting:
            for phase in list(waiting):
                if phase.is_reached(phase) and phase.programs_now() == phase.programs:
                    self.assertIsNone(phase.child.poll(), phase.name)
                    phase.child.kill()
                    phase.child.wait()
                    waiting.remove(phase)
                elif time.monotonic() < until and phase.begin_again():
                    continue
                elif phase.child.poll() is not None or time.monotonic() > until:
                    self.fail(f"{phase.name}: not seen with {phase.programs}: {phase.programs_now()}, "
                              f"exit code {phase.child.poll()}: {phase.child.stderr.read()}")
            time.sleep(0.01)
        until = time.monotonic() + 10
        left = {phase.name: phase.others() for phase in phases}
        while any(left.values()) and time.monotonic() < until:
            time.sleep(0.05)
            left = {phase.name: phase.others() for phase in phases}
        self.assertEqual([words for words in left.items() if words[1]], [])
        for phase in phases:
            phase.child.stderr.close()

    def phase(self, *words, **more):
        return Phase(self.folder, *words, **more)

    def fake_gnuplot(self):
        """One that never ends."""
        folder = os.path.join(self.folder, "bin")
        os.mkdir(folder)
        path = os.path.join(folder, "gnuplot")
        with open(path, "w") as file:
            file.write("#!/bin/sh\nexec sleep 600\n")
        os.chmod(path, stat.S_IRWXU)
        return {"PATH": f"{folder}:{os.environ['PATH']}"}

    def test_in_every_phase(self):
        long, short = ["--set", "traffic.duration_s=600.0"], ["--set", "traffic.duration_s=6.0"]
        at_work = ["sipp", "sipp", "target"]
        interrupted = self.phase("stopping", at_work, lambda p: self.interrupt(p), long)
        self.kill_all([
            interrupted,
            self.phase("checking", ["sipp"], lambda p: True, command="check"),
            self.phase("predicting", [], lambda p: p.has("scenario.cfg") and not p.has("prediction.json"),
                       replays=100000),
            self.phase("starting", ["target"], lambda p: not p.has("logs/callers0.csv"), long),
            self.phase("waiting for the first call", at_work, lambda p: p.n_ended() == 0, long),
            self.phase("placing", at_work, lambda p: p.n_ended() > 20, long),
            self.phase("draining", at_work, lambda p: p.last_due_s() < time.time(), short),
            self.phase("judging", [], lambda p: p.has("calls.csv") and not p.has("result.json"), short,
                       replays=5000),
            self.phase("drawing", ["gnuplot"], lambda p: p.has("result.json"), short,
                       environment=self.fake_gnuplot()),
        ])

    @staticmethod
    def interrupt(phase):
        """Ctrl-C once calls are up; then they are being ended."""
        if phase.n_ended() > 20 and not hasattr(phase, "interrupted"):
            phase.child.send_signal(signal.SIGINT)
            phase.interrupted = True
        return hasattr(phase, "interrupted")

    def test_with_capabilities_of_its_file(self):
        """As an ordinary user after setcap: the kernel then forgets who shall die with whom."""
        before, peakrig = [], PEAKRIG
        if os.getuid() == 0:
            peakrig = shutil.copy(PEAKRIG, self.folder)
            os.chmod(peakrig, 0o755)
            subprocess.run(["setcap", "cap_net_raw+ep", peakrig], check=True)
            before = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        self.kill_all([self.phase("placing", ["sipp", "sipp", "target"], lambda p: p.n_ended() > 20,
                                  ["--set", "traffic.duration_s=600.0"], before=before,
                                  peakrig=peakrig)])


if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[3:])
