#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing printed is lost in silence: each command on a full device, in a pipe that nobody reads, and
with the standard descriptors closed.

Usage: standard_output.py PEAKRIG SOURCE_DIR [play]    (play: a real run, too)
"""
import csv
import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

PEAKRIG = None
SOURCE = None
IS_PLAYED = False

PLAY = {
    "format": "peakrig play 1", "was_stopped": False,
    "ran_over": False, "n_planned": 300, "n_placed": 300, "n_missing_lines": 0, "n_workers": 0,
    "n_packets": 10, "n_kernel_dropped": 0, "n_socket_drops": 0, "clock_step_ns": 0, "target": "embedded",
    "sipp": "3.7", "n_stopped": 0, "n_told": 0, "clock_step_at_ns": 0, "callers": [], "defects": [],
}


def path_of(name):
    return os.path.join(SOURCE, name)


class Streams(unittest.TestCase):
    folder = None  # of all tests: none writes where another reads

    def setUp(self):
        self.scenario = path_of("tests/loopback/cli.cfg")
        self.capture = path_of("tests/fixtures/embedded_centre.pcap")
        if Streams.folder is None:
            Streams.folder = tempfile.mkdtemp(prefix="peakrig-streams-")
            self.addClassCleanup(shutil.rmtree, self.folder, ignore_errors=True)
            self.make_run()

    def at(self, name):
        return os.path.join(self.folder, name)

    def ok(self, *words, codes=(0,)):
        done = subprocess.run([PEAKRIG, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=120)
        self.assertIn(done.returncode, codes, done.stderr)
        return done.stdout

    def make_run(self):
        """The folder of a run that was not played."""
        os.mkdir(self.at("run"))
        shutil.copy(self.scenario, self.at("run/scenario.cfg"))
        self.ok("schedule", self.scenario, "-o", self.at("run/schedule.csv"))
        self.ok("analyze", self.capture, "--calls", self.at("run/calls.csv"))
        with open(self.at("run/calls.csv")) as file:
            Streams.call_id = next(csv.DictReader(line for line in file if line[0] != "#"))["call_id"]
        seen = json.loads(self.ok("analyze", self.capture, "--json"))["capture"]
        start_ns = int(seen["t_first_s"] * 1e9)
        with open(self.at("run/play.json"), "w") as file:
            json.dump({**PLAY, "start_epoch_ns": start_ns, "end_epoch_ns": start_ns + 5000000000}, file)
        self.ok("diff", self.at("run"), codes=(1, 3, 4))
        shutil.copytree(path_of("tests/fixtures/runs/pass"), self.at("passed"))
        self.ok("history", "add", self.at("passed"), "--history", self.at("trend.db"))
        with open(self.at("prediction.json"), "w") as file:
            file.write(self.ok("predict", self.scenario, "-n", "10", "--json"))

    numbers = itertools.count()  # a recipe's folder must be new

    def commands(self):
        """Everything that prints to standard output: [words]."""
        counts = ["--vary", "trunks[0].circuits=20:30:10", "-n", "4"]
        some = [
            ["--help"], ["--version"], ["help"], ["keys"], ["keys", "--schema"], ["doctor"],
            ["doctor", "--json"],
            ["check", self.scenario, "--capture", "x"], ["check", self.scenario, "--capture", "x", "--json"],
            ["run", self.scenario, "--dry-run", "--capture", "x"],
            ["predict", self.scenario, "-n", "4"], ["predict", self.scenario, "-n", "4", "--json"],
            ["plan", self.scenario, *counts], ["plan", self.scenario, *counts, "--json"],
            ["plan", self.scenario, *counts, "--csv"],
            ["plan", self.scenario, *counts, "--meet", "lost_trunk<=99%", "-o", self.at("plan")],
            ["schedule", self.scenario, "-o", self.at("schedule.csv")],
            ["analyze", self.capture], ["analyze", self.capture, "--json"],
            ["analyze", self.capture, "--ladder", self.call_id],
            ["diff", self.at("run")], ["diff", self.at("run"), "--json"],
            ["diff", "--prediction", self.at("prediction.json"), "--calls", self.at("run/calls.csv")],
            ["diff", "--prediction", self.at("prediction.json"), "--calls", self.at("run/calls.csv"), "--json"],
            ["report", self.at("run")],
            ["history", "--history", self.at("history.db")], ["history", "--history", self.at("history.db"), "--json"],
            ["history", "--history", self.at("history.db"), "export", "-"], ["compare", self.at("run"), self.at("run")],
            ["trend", "connect_rate", "--history", self.at("trend.db")],
            ["recipe", "asterisk", self.scenario, "-o", self.at(f"recipe-{next(self.numbers)}")],
            ["target", self.scenario, "--any-port"], ["target", "--defects"],
            ["erlang", "b", "100", "110"], ["erlang", "--help"],
            ["erlang", "b", "100", "110", "--json"],
        ]
        names = re.findall(r"^  (\w+) +\S", self.ok("--help").split("Commands:")[1].split("\n\n")[0], re.M)
        self.assertGreaterEqual(len(names), 10)
        self.assertEqual(set(names) - {words[0] for words in some}, set(), "a command is not tried")
        return some + [[name, "--help"] for name in names]

    def expect_loss(self, words, done, reason):
        what = f"{' '.join(words)}\n{done.stderr}"
        self.assertEqual(done.returncode, 5, what)
        self.assertRegex(done.stderr, rf"(?m)^peakrig: standard output: cannot write: .*{reason}", what)

    def run_into(self, words, stdout, **how):
        return subprocess.run([PEAKRIG, *words], stdin=subprocess.DEVNULL, stdout=stdout,
                              stderr=subprocess.PIPE, text=True, timeout=120, **how)

    def test_full_device(self):
        for words in self.commands():
            with self.subTest(words=words), open("/dev/full", "w") as full:
                self.expect_loss(words, self.run_into(words, full), "No space left on device; free some space")

    def test_pipe_that_nobody_reads(self):
        for words in self.commands():
            with self.subTest(words=words):
                reader, writer = os.pipe()
                os.close(reader)
                # SIGPIPE as a shell has it
                done = self.run_into(words, writer, preexec_fn=lambda: signal.signal(signal.SIGPIPE, signal.SIG_DFL))
                os.close(writer)
                self.expect_loss(words, done, "Broken pipe")

    def test_closed_output(self):
        for words in self.commands():
            with self.subTest(words=words):
                self.expect_loss(words, self.run_into(words, None, preexec_fn=lambda: os.close(1)), "")

    def test_more_than_a_buffer(self):
        """What was lost in the middle is missed at the end."""
        words = ["predict", self.scenario, "-n", "4", "--json"]
        with open("/dev/full", "w") as full:
            self.expect_loss(words, self.run_into(words, full), "No space left on device")

    def test_the_other_exit_code_is_named(self):
        words = ["diff", self.at("run")]
        with open("/dev/full", "w") as full:
            self.assertIn("the exit code would have been 4", self.run_into(words, full).stderr)

    def test_usage_errors_are_not_drowned(self):
        with open("/dev/full", "w") as full:
            self.assertEqual(self.run_into(["predict"], full).returncode, 2)

    def test_no_file_takes_a_standard_descriptor(self):
        """Started with none of them open, each file is as it is else."""
        def files(folder):
            os.mkdir(folder)
            return {"schedule": ["schedule", self.scenario, "-o", f"{folder}/schedule.csv"],
                    "predict": ["predict", self.scenario, "-n", "4", "-o", f"{folder}/prediction.json"],
                    "calls": ["analyze", self.capture, "--calls", f"{folder}/calls.csv"],
                    "slice": ["analyze", self.capture, "--slice", "outcome=served", "-o", f"{folder}/slice.pcap"]}

        def close_all():
            for fd in (0, 1, 2):
                os.close(fd)

        for words in files(self.at("open")).values():
            self.ok(*words)
        for name, words in files(self.at("closed")).items():
            code = subprocess.Popen([PEAKRIG, *words], preexec_fn=close_all).wait(timeout=120)
            self.assertEqual(code, 5, name)
        names = sorted(os.listdir(self.at("open")))
        self.assertEqual(len(names), 4)
        self.assertEqual(sorted(os.listdir(self.at("closed"))), names)
        for name in names:
            with open(self.at(f"open/{name}"), "rb") as a, open(self.at(f"closed/{name}"), "rb") as b:
                self.assertEqual(a.read(), b.read(), name)

    def test_errors_into_a_pipe_that_is_full(self):
        """Whoever does not read them does not hold us up."""
        read, write = os.pipe()
        self.addCleanup(os.close, read)
        os.set_blocking(write, False)
        try:
            while True:
                os.write(write, b"x" * 4096)
        except BlockingIOError:
            os.set_blocking(write, True)
        for words, code in ((("check", "/nowhere.cfg"), 2), (("predict", self.scenario, "--replications", "20"), 0)):
            done = subprocess.run([PEAKRIG, *words], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=write,
                                  timeout=60)
            self.assertEqual(done.returncode, code, words)
        os.close(write)

    def test_closed_input(self):
        done = subprocess.run([PEAKRIG, "analyze", "-"], preexec_fn=lambda: os.close(0), capture_output=True,
                              text=True, timeout=60)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("peakrig: ", done.stderr)

    def test_a_run(self):
        if not IS_PLAYED:
            return
        with open("/dev/full", "w") as full:
            words = ["run", self.scenario, "-o", self.at("full")]
            self.expect_loss(words, self.run_into(words, full), "No space left on device")
        words = ["run", self.scenario, "-o", self.at("closed")]
        code = subprocess.Popen([PEAKRIG, *words], preexec_fn=lambda: [os.close(fd) for fd in (0, 1, 2)])
        self.assertEqual(code.wait(timeout=240), 5)
        for run in ("full", "closed"):
            with open(self.at(f"{run}/result.json")) as file:
                self.assertEqual(json.load(file)["format"], "peakrig result 1")
            self.assertTrue(os.path.exists(self.at(f"{run}/report.html")))
            with open(self.at(f"{run}/capture.pcap"), "rb") as file:
                self.assertIn(file.read(4), (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1", b"\x0a\x0d\x0d\x0a"))
            self.ok("analyze", self.at(f"{run}/capture.pcap"))


if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    IS_PLAYED = sys.argv[3:] == ["play"]
    unittest.main(argv=sys.argv[:1] + (["Streams.test_a_run"] if IS_PLAYED else []))
