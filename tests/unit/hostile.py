#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Input made to do harm: what it says reaches no terminal raw, it takes no memory, and results do not depend on the secret
by which tables are keyed.

Usage: hostile.py PEAKRIG SOURCE_DIR
"""
import json
import os
import pty
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import unittest

PEAKRIG = None
SOURCE = None
WILD = "\x1b]0;x\x07\x1b[31m\x9b\x7f\u202e\u2066\u200f\u061c"
# What a terminal obeys, in bytes: C0 but line end and tab, DEL, C1, marks of direction.
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def load_masked():
    sys.path.insert(0, os.path.join(SOURCE, "tests/unit"))
    import masked
    return masked


class Base(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-hostile-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.cfg = os.path.join(SOURCE, "tests/loopback/cli.cfg")
        self.capture = os.path.join(self.folder, "c.pcap")

    def peakrig(self, *words, **more):
        return subprocess.run([PEAKRIG, *words], capture_output=True, cwd=self.folder, timeout=200,
                              stdin=subprocess.DEVNULL, **more)

    def at_a_terminal(self, *words):
        """What the terminal gets, with the terminal's own line ends."""
        ours, theirs = pty.openpty()
        child = subprocess.Popen([PEAKRIG, *words], stdin=theirs, stdout=theirs, stderr=theirs, cwd=self.folder)
        os.close(theirs)
        got = b""
        while True:
            try:
                more = os.read(ours, 65536)
            except OSError:
                break
            if not more:
                break
            got += more
        os.close(ours)
        child.wait(timeout=100)
        return got.replace(b"\r\n", b"\n").replace(b"\r\x1b[K", b"")  # our own: a live line is taken back

    def hostile_capture(self, n=3):
        masked = load_masked()
        capture = masked.Capture()
        for i in range(n):
            capture.refuse(f"{i}", "192.0.2.1", "192.0.2.2", "+4930" + WILD, "bob" + WILD, "Busy" + WILD, "why" + WILD)
        capture.write(self.capture)


class Terminal(Base):
    def tame(self, data, about):
        text = data.decode("utf-8")  # whatever came in: what comes out is UTF-8
        self.assertEqual(RAW.findall(text), [], about)
        self.assertTrue(data, about)
        return text

    def test_what_a_capture_says(self):
        self.hostile_capture()
        ids = json.loads(self.peakrig("analyze", self.capture, "--jsonl", "-", "--quiet").stdout.splitlines()[0])
        for words in ([], ["--json"], ["--by", "caller", "--by", "called", "--by", "reason"], ["--why", "*"],
                      ["--ladder", "*"], ["--explain", ids["call_id"]], ["--jsonl", "-"], ["--calls", "-"],
                      ["--by", "reason", "--by-csv", "-"]):
            done = self.peakrig("analyze", self.capture, *words)
            if "-" not in words:
                self.tame(done.stdout, words)
            if words == ["--json"]:
                json.loads(done.stdout)
            self.tame(done.stderr + b".", words)
            self.tame(self.at_a_terminal("analyze", self.capture, *words), words)

    def test_what_is_typed(self):
        cases = [[command, WILD] for command in ("analyze", "run", "check", "predict", "plan", "schedule", "target", "diff",
                                                 "report", "keys", "erlang")]
        cases += [[WILD], ["run", "--" + WILD, "x"], ["predict", self.cfg, "--set", WILD + "=1"],
                  ["predict", self.cfg, "--set", "name=\"" + WILD + "\"", "--set", "x=1"],
                  ["analyze", self.cfg, "--where", WILD], ["erlang", "b", WILD, "1"]]
        for words in cases:
            done = self.peakrig(*words)
            self.assertNotEqual(done.returncode, 0, words)
            self.tame(done.stderr, words)

    def test_files_that_somebody_has_changed(self):
        run = os.path.join(self.folder, "run")
        os.mkdir(run, 0o700)
        names = ("scenario.cfg", "schedule.csv", "play.json", "calls.csv", "wire.json", "SHA256SUMS", "result.json")
        for changed in names:
            for name in names:
                with open(os.path.join(run, name), "w") as file:
                    file.write(WILD if name == changed else "{}" if name.endswith("json") else "x\n")
            if changed != "scenario.cfg":
                shutil.copy(self.cfg, os.path.join(run, "scenario.cfg"))
            for command in (["diff", run], ["diff", run, "--force"], ["report", run]):
                done = self.peakrig(*command)
                self.assertNotEqual(done.returncode, 0)
                self.tame(done.stderr, (changed, command))
        with open(os.path.join(self.folder, "wild.cfg"), "w") as file:
            file.write(f'name = "{WILD}";\nx{WILD}\n')
        self.tame(self.peakrig("check", "wild.cfg").stderr, "scenario")
        self.tame(self.peakrig("analyze", self.cfg, "--rules", "wild.cfg").stderr, "rules")


class Memory(Base):
    def test_long_call_ids(self):
        """3,000 of 14 kB: 42 MB, twice, if they were kept. And two that differ at their ends are two calls."""
        masked = load_masked()
        capture, long_one = masked.Capture(), "x" * 14000
        for i in range(3000):
            capture.leg(long_one + str(i), "192.0.2.1", "192.0.2.2", f"+4930{i:07}", "+49301", "", "")
        capture.write(self.capture)
        done = self.peakrig("analyze", self.capture, "--json", "--quiet", "--calls", "calls.csv",
                            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (40 << 20, 40 << 20)))
        self.assertEqual(done.returncode, 0, done.stderr)
        told = json.loads(done.stdout)
        self.assertEqual(told["calls"], 3000)
        self.assertEqual(told["capture"]["limit_call_ids"], 6000)
        self.assertIn(b"Call-IDs of more than 512 bytes", self.peakrig("analyze", self.capture).stderr)
        with open(os.path.join(self.folder, "calls.csv")) as file:
            ids = {line.split(",")[0] for line in file if line.startswith("x")}
        self.assertEqual(len(ids), 3000)
        self.assertTrue(all(re.fullmatch(r"x{256}~sha256:[0-9a-f]{64}", one) for one in ids))

    def test_one_call_of_a_long_name_can_be_asked_for(self):
        masked = load_masked()
        capture = masked.Capture()
        capture.refuse("y" * 600, "192.0.2.1", "192.0.2.2", "+49301", "+49302", "Busy", "busy")
        capture.write(self.capture)
        line = json.loads(self.peakrig("analyze", self.capture, "--jsonl", "-", "--quiet").stdout)
        self.assertEqual((line["outcome"], line["n_messages"]), ("lost_trunk", 4), line)
        why = self.peakrig("analyze", self.capture, "--why", line["call_id"])
        self.assertEqual(why.returncode, 0, why.stderr)
        ladder = self.peakrig("analyze", self.capture, "--ladder", line["call_id"])
        self.assertEqual(ladder.returncode, 0, ladder.stderr)
        self.assertIn(b"486", ladder.stdout)


class Keyed(Base):
    def test_results_do_not_depend_on_the_secret(self):
        """Every process draws one: eight of them say the same, of all the captures that there are."""
        captures = []
        for at, _, names in os.walk(os.path.join(SOURCE, "tests/fixtures")):
            captures += [os.path.join(at, name) for name in names if name.endswith((".pcap", ".pcapng"))]
        captures.sort()
        self.assertGreater(len(captures), 50)
        for capture in captures[::max(1, len(captures) // 40)]:
            outputs = set()
            for _ in range(4):
                done = self.peakrig("analyze", capture, "--quiet", "--json", "--by", "called,code", "--calls", "calls.csv")
                with open(os.path.join(self.folder, "calls.csv"), "rb") as file:
                    outputs.add((done.returncode, done.stdout, done.stderr, file.read()))
            self.assertEqual(len(outputs), 1, capture)


if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
