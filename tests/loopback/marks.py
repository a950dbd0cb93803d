#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""target.marks = "auto": what a centre tells its callers is learnt from a call before the run. Each profile is found, at
a centre that keeps to it; what comes when an agent is dialled, or to refresh a session, is no mark; who cannot be told
from is INVALID, with the line to change.

Usage: marks.py PEAKRIG SOURCE_DIR
"""
import json
import os
import re
import subprocess
import sys
import unittest

from beside import Beside
from free_port import free_port

PEAKRIG = None
SOURCE = None


class Marks(Beside):
    def setUp(self):
        super().setUp()
        self.port, self.phones = free_port(), free_port()

    def scenario(self, marks="auto", **more):
        target = ('target: { host = "127.0.0.1"; port = %d; agents_listen = "127.0.0.1:%d"; scalable = true; '
                  'marks = "%s"; };\n' % (self.port, self.phones, marks))
        return self.altered(os.path.join(SOURCE, "tests/loopback/cli.cfg"), target, more)

    def centre(self, marks, *words):
        return self.start([PEAKRIG, "target", self.scenario(marks), "--port", str(self.port), "--agents-port",
                           str(self.phones), *words], self.port)

    def peakrig(self, *words):
        """Its temporary files are away when it has ended."""
        done = subprocess.run([PEAKRIG, *words], capture_output=True, text=True, timeout=200, stdin=subprocess.DEVNULL,
                              env={**os.environ, "TMPDIR": self.folder})
        self.assertEqual([name for name in os.listdir(self.folder) if name.startswith("peakrig-")
                          and not name.endswith(".log")], [])
        return done

    def check_found(self, marks, *words):
        centre = self.centre(marks, *words)
        done = self.peakrig("check", self.scenario(), "--probe")
        self.end(centre)
        told = re.search(r'^marks +OK +target.marks = "auto" was found to be "(\w+)" before the run \((.*)\), and', done.stdout,
                         re.M)
        self.assertIsNotNone(told, done.stdout + done.stderr)
        self.assertEqual((done.returncode, told[1]), (0, marks), done.stdout)

    def test_info_and_early(self):
        for marks in ("info", "early"):
            with self.subTest(marks):
                self.check_found(marks)

    def play(self, marks, *words):
        """A run at a centre of these marks, which the scenario leaves open: played, judged, kept as what was found."""
        centre = self.centre(marks, *words)
        self.out = os.path.join(self.folder, marks)
        done = self.peakrig("run", self.scenario(), "--out", self.out, "--no-early-stop", "--set",
                            "traffic.duration_s=15.0")
        self.end(centre)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn(f'target.marks is "{marks}": ', done.stderr)
        with open(os.path.join(self.out, "result.json")) as file:
            told = [check["text"] for check in json.load(file)["checks"] if check["name"] == "marks"][0]
        self.assertIn(f'"auto" was found to be "{marks}"', told)
        with open(os.path.join(self.out, "scenario.cfg")) as file:
            self.assertIn(f'marks = "{marks}"', file.read())
        with open(os.path.join(self.out, "play.json")) as file:
            return json.load(file)["marks_found"]

    def test_what_comes_at_dialling_is_no_mark(self):
        self.assertIn("what came when the phone was dialled is no mark", self.play("quiet", "--connected-line"))
        again = self.peakrig("diff", self.out)
        self.assertEqual(again.returncode, 0, again.stdout + again.stderr)

    def test_refreshes_of_a_session_are_no_marks(self):
        """Each half second, in the queue and while a phone rings, too: no agent has answered. The short form of a
        header says the same, of this one and of all others."""
        for marks, header, *words in (("reinvite", b"Session-Expires: "), ("update", b"x:", "--short-headers")):
            with self.subTest(marks):
                self.play(marks, "--refresh", "0.5", *words)
                with open(os.path.join(self.out, "capture.pcap"), "rb") as file:
                    self.assertGreater(file.read().count(b"\r\n" + header), 50)

    def test_it_cannot_be_told(self):
        self.centre("quiet", "--defect", "reject=1")
        out = os.path.join(self.folder, "run")
        done = self.peakrig("run", self.scenario(), "--out", out)
        self.assertEqual(done.returncode, 4, done.stdout + done.stderr)
        self.assertIn("INVALID", done.stderr)
        self.assertIn("3 calls do not show", done.stderr)
        self.assertIn("(it got 403)", done.stderr)
        self.assertIn('set target.marks = "quiet"', done.stderr)
        self.assertFalse(os.path.exists(os.path.join(out, "result.json")))

    def test_found_but_not_with_this_menu(self):
        self.centre("quiet")
        path = self.scenario(**{"menu = 2.0;": 'menu = { type = "exponential"; mean_s = 2.0; };'})
        done = self.peakrig("run", path, "--out", os.path.join(self.folder, "run"))
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertIn('target.marks = "auto" was found to be "quiet": ', done.stderr)
        self.assertIn("ivr.menu", done.stderr)

    def test_a_capture_of_others(self):
        self.centre("quiet")
        done = self.peakrig("run", self.scenario(), "--out", os.path.join(self.folder, "run"), "--capture",
                            os.path.join(self.folder, "theirs.pcap"))
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertIn('target.marks = "auto" needs a capture of our own', done.stderr)

    def test_refusals(self):
        done = self.peakrig("check", self.scenario(**{'host = "127.0.0.1"': 'host = "embedded"'}))
        self.assertEqual(done.returncode, 2)
        self.assertIn('target.marks: "auto" asks the target', done.stderr)
        done = self.peakrig("target", self.scenario(), "--any-port")
        self.assertEqual(done.returncode, 2)
        self.assertIn('target.marks: "auto" is for who calls a centre', done.stderr)
        for option in ("--refresh", "--first-call"):
            done = self.peakrig("target", self.scenario("quiet"), "--any-port", option, "-1")
            self.assertEqual(done.returncode, 2)
            self.assertIn(f"{option} -1: expected seconds, >= 0", done.stderr)


if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[3:])
