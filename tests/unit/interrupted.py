#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A program that is ended by a signal leaves no temporary folder and no half-written file; nohup keeps it alive.

Where it is interrupted is no matter of luck: gnuplot and SIPp are stand-ins here that say when they are there, and wait.

Usage: interrupted.py PEAKRIG SOURCE_DIR
"""
import functools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

PEAKRIG = SOURCE = None
WAITS = "#!/bin/sh\ntouch {there}\nexec sleep 60\n"
PLAYS = """#!/bin/sh
case "$*" in *-sf*) touch {there}; exec sleep 60 ;; esac
exec {sipp} "$@"
"""
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-interrupted-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.there = self.at("there")
        for name in ("temporary", "bin", "work"):
            os.mkdir(self.at(name))
        for name, text in (("gnuplot", WAITS), ("sipp", PLAYS)):
            with open(self.at("bin", name), "w") as file:
                file.write(text.format(there=self.there, sipp=shutil.which("sipp")))
            os.chmod(self.at("bin", name), 0o755)
        shutil.copytree(os.path.join(SOURCE, "tests/fixtures/runs/fail"), self.at("run"))
        done = subprocess.run([PEAKRIG, "history", "add", "--history", self.at("h.db"), self.at("run")],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)

    def at(self, *names):
        return os.path.join(self.folder, *names)

    def started(self, *words, **options):
        """It runs, and waits for the stand-in."""
        if os.path.exists(self.there):
            os.unlink(self.there)
        env = {**os.environ, "TMPDIR": self.at("temporary"), "PATH": self.at("bin") + ":" + os.environ["PATH"]}
        child = subprocess.Popen([PEAKRIG, *words], cwd=self.at("work"), env=env, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
        end = time.monotonic() + 60
        while not os.path.exists(self.there):
            if child.poll() is not None or time.monotonic() > end:
                child.kill()
                self.fail(child.communicate()[0])
            time.sleep(0.01)
        return child

    def interrupt(self, number, *words):
        child = self.started(*words)
        self.assertNotEqual(os.listdir(self.at("temporary")) + os.listdir(self.at("work")), [])
        child.send_signal(number)
        child.communicate(timeout=60)
        self.assertEqual(child.returncode, -number)

    def left(self):
        return os.listdir(self.at("temporary")) + os.listdir(self.at("work"))

    def test_page_of_a_week(self):
        for number in SIGNALS:
            with self.subTest(signal=number):
                self.interrupt(number, "report", "--week", "--history", self.at("h.db"), "-o", "week.html")
                self.assertEqual(self.left(), [])

    def test_a_page_that_was_there_stays(self):
        with open(self.at("work", "week.html"), "w") as file:
            file.write("old\n")
        self.interrupt(signal.SIGTERM, "report", "--week", "--history", self.at("h.db"), "-o", "week.html")
        self.assertEqual(self.left(), ["week.html"])
        with open(self.at("work", "week.html")) as file:
            self.assertEqual(file.read(), "old\n")

    def test_picture_of_a_trend(self):
        self.interrupt(signal.SIGINT, "trend", "--history", self.at("h.db"), "connect_rate", "--svg", "t.svg")
        self.assertEqual(self.left(), [])

    def test_rehearsal(self):
        for number in SIGNALS:
            with self.subTest(signal=number):
                self.interrupt(number, "check", os.path.join(SOURCE, "scenarios/tv-peak-785.cfg"))
                self.assertEqual(self.left(), [])

    def test_ignored(self):
        """SIGHUP by nohup; SIGINT by a shell without job control for what it starts with "&"."""
        for number in (signal.SIGHUP, signal.SIGINT):
            with self.subTest(signal=number):
                child = self.started("report", "--week", "--history", self.at("h.db"), "-o", "week.html",
                                     preexec_fn=functools.partial(signal.signal, number, signal.SIG_IGN))
                child.send_signal(number)
                time.sleep(0.2)
                self.assertIsNone(child.poll())
                child.terminate()
                child.communicate(timeout=60)
                self.assertEqual((child.returncode, self.left()), (-signal.SIGTERM, []))


if __name__ == "__main__":
    PEAKRIG, SOURCE = map(os.path.abspath, sys.argv[1:3])
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
