#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Early stop from outside: a run that is certain to fail is given up, an honest one is not.

Usage: early_stop.py PEAKRIG SOURCE_DIR
"""
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree as ElementTree

from left_behind import processes_of

PEAKRIG = None
SOURCE = None
ALPHA_OF_THE_END = 0.05 - 0.028431  # 2 - 2 Phi(1.96 / sqrt(0.8)) is spent before
FEW_CIRCUITS = ["--set", "gate.margin_pp=5.0", "--target-set", "trunks=({circuits=8;})"]


def run(*words, timeout=240):
    return subprocess.run([PEAKRIG, *words], timeout=timeout, text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


class EarlyStop(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-early-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.out = os.path.join(self.folder, "run")

    def play(self, duration_s, *words):
        done = run("run", os.path.join(SOURCE, "tests/loopback/cli.cfg"), "--out", self.out,
                   "--quiet", "--set", f"traffic.duration_s={duration_s}", *words)
        self.assertEqual(processes_of(self.out), {})
        for top, _, files in os.walk(self.folder):
            self.assertEqual([name for name in files if ".part" in name], [], top)
        with open(os.path.join(self.out, "result.json")) as file:
            return done, json.load(file)

    def test_a_certain_failure_is_given_up(self):
        done, result = self.play(480.0, *FEW_CIRCUITS)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        stop, calls = result["early_stop"], result["calls"]
        self.assertEqual(result["status"], "stopped_early")
        self.assertTrue(stop["on"] and stop["stopped"])
        self.assertIn(round(stop["share"], 9), (0.2, 0.4, 0.6, 0.8))
        self.assertEqual(stop["stage"], "trunk")
        self.assertLess(stop["p_value"], stop["alpha"])
        self.assertLess(stop["alpha"], ALPHA_OF_THE_END)
        # what was due at the look is judged; a few more were placed until the stop, and not all
        self.assertAlmostEqual(stop["due"] / stop["planned"], stop["share"], delta=0.02)
        self.assertLess(stop["due"], stop["placed"])
        self.assertLess(stop["placed"], stop["planned"])
        self.assertEqual(calls["planned"], stop["due"])
        self.assertEqual(calls["not_placed"], 0)
        self.assertTrue(calls["conserved"])
        self.assertTrue(all(check["ok"] for check in result["checks"]), result["checks"])
        judgements = {stage["stage"]: stage["judgement"] for stage in result["stages"]}
        self.assertEqual(judgements["trunk"], "FAIL")
        self.assertNotIn("PASS", judgements.values())
        self.assertEqual([level["judgement"] for level in result["levels"]], ["INCONCLUSIVE"])
        words = (f"stopped early, at {100 * stop['share']:.0f} % of the calls: the trunk stage had "
                 "lost ")
        self.assertIn("FAIL: " + words, done.stdout)
        self.assertIn(words, result["verdict"]["summary"])
        suite = ElementTree.parse(os.path.join(self.out, "junit.xml")).getroot()
        self.assertTrue(any(words in failure.get("message") for failure in suite.iter("failure")))
        with open(os.path.join(self.out, "report.html")) as file:
            self.assertIn(words, file.read())
        again = run("diff", self.out, "--json", "--quiet")
        self.assertEqual(again.returncode, 1, again.stderr)
        document = json.loads(again.stdout)
        document["created_utc"] = result["created_utc"]
        self.assertEqual(document, result)

    def test_unless_it_is_told_not_to(self):
        done, result = self.play(90.0, "--no-early-stop", *FEW_CIRCUITS)
        is_valid = all(check["ok"] for check in result["checks"])  # the machine kept up
        self.assertEqual(done.returncode, 1 if is_valid else 4, done.stdout + done.stderr)
        stop = result["early_stop"]
        self.assertEqual(result["status"], "complete")
        self.assertFalse(stop["on"] or stop["stopped"])
        self.assertEqual((stop["looks"], stop["share"], stop["stage"]), (0, 1.0, None))
        self.assertAlmostEqual(stop["alpha"], 0.05)
        self.assertEqual(stop["placed"], stop["planned"])
        self.assertEqual(result["calls"]["offered"], stop["planned"])
        self.assertIn("FAIL: the trunk stage loses" if is_valid else "INVALID", done.stdout)

    def centre_port(self):
        """Where our callers' SIPp calls."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            for words in processes_of(self.out).values():
                if "caller.xml" in words:
                    return int(re.search(r" 127\.0\.0\.1:(\d+)", words).group(1))
            time.sleep(0.02)
        self.fail("no callers")

    def test_what_strangers_do_stops_nothing(self):
        """They take the circuits of the embedded centre, whose own count tells: also before a look stops the run."""
        child = subprocess.Popen([PEAKRIG, "run", os.path.join(SOURCE, "tests/loopback/cli.cfg"), "--out", self.out,
                                  "--quiet", "--set", "traffic.duration_s=120.0", "--set", "gate.margin_pp=5.0"],
                                 text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        port = self.centre_port()
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind(("127.0.0.1", 0))
        own = sock.getsockname()[1]
        for k in range(10 ** 6):
            if child.poll() is not None or k >= 2000:
                break
            sock.sendto((f"INVITE sip:100@127.0.0.1:{port} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{own};"
                         f"branch=z9hG4bKstranger{k}\r\nFrom: <sip:4930123456@127.0.0.1:{own}>;tag=s{k}\r\n"
                         f"To: <sip:100@127.0.0.1:{port}>\r\nCall-ID: stranger-{k}@elsewhere\r\nCSeq: 1 INVITE\r\n"
                         f"Contact: <sip:s@127.0.0.1:{own}>\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n").encode(),
                        ("127.0.0.1", port))
            time.sleep(0.02)
        printed, errors = child.communicate(timeout=240)
        sock.close()
        self.assertEqual(child.returncode, 4, printed + errors)
        with open(os.path.join(self.out, "result.json")) as file:
            result = json.load(file)
        self.assertIn("others call it, too", result["verdict"]["summary"])
        self.assertEqual(result["status"], "complete")
        self.assertFalse(result["early_stop"]["stopped"])
        trunk = next(stage for stage in result["stages"] if stage["stage"] == "trunk")
        self.assertGreater(trunk["p_observed"], trunk["p_predicted"] + 0.1)  # they did take them

    def test_an_honest_run_is_not_stopped(self):
        done, result = self.play(90.0)
        is_valid = all(check["ok"] for check in result["checks"])  # the machine kept up
        self.assertEqual(done.returncode, 0 if is_valid else 4, done.stdout + done.stderr)
        stop = result["early_stop"]
        self.assertEqual(result["status"], "complete")
        self.assertTrue(stop["on"])
        self.assertFalse(stop["stopped"])
        self.assertGreaterEqual(stop["looks"], 1)
        self.assertAlmostEqual(stop["alpha"], ALPHA_OF_THE_END, places=4)
        self.assertEqual(stop["placed"], stop["planned"])


if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[3:])
