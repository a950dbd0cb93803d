#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `peakrig recipe asterisk` writes, followed from top to bottom at a real Asterisk, in real time: its start script
is run, one call is tried (check --probe), and the scenario that the recipe made is played. Honest it passes at every
stage; with half the circuits, without autofill, or with fewer members it fails where it is broken. Asterisk's log has
no warning or error of its own.

Usage: PEAKRIG_ASTERISK=/path/to/asterisk recipe_asterisk.py PEAKRIG SOURCE_DIR
"""
import json
import os
import re
import subprocess
import sys
import unittest

from beside import Beside, accepts, answers
from free_port import free_port
from judged_run import BUSY, JudgedTest

PEAKRIG = None
os.environ["PEAKRIG_PASSWORD"] = "Xyzzy"  # a recipe's scenario has none
NOT_HERE = 77  # ctest shows the test as skipped
CIRCUITS, AGENTS = 24, 10
N_TRIES = 3
# What it says of its own build at each start: app_queue does not load without res_monitor, where that is built.
NOT_OURS = r"was deprecated|registered during operation"

SCENARIO = """
name = "recipe";
seed = 7;
traffic: { duration_s = 60.0; rate = ( { at_s = 0.0; per_min = 70.0; } ); };
callers: {
    dial = "4930785"; first_number = "4989100000000"; patience_answer = 10.0; %s
    patience_queue = { type = "exponential"; mean_s = 12.0; };
    patience_ringing = { type = "exponential"; mean_s = 60.0; };
    talk = { type = "lognormal"; mean_s = 10.0; cv = 0.5; }; hangs_up_share = 0.7;
};
trunks = ( { name = "A"; circuits = %d; } );
ivr: { menu = 3.0; };
queue: { timeout_s = 20.0; };
agents = ( { count = %d; ring = { type = "gamma"; mean_s = 2.0; cv = 0.7; }; ring_timeout_s = 5.0; wrap_up = 3.0; } );
gate: { max_lateness_p99_ms = 50.0; };
target: { host = "127.0.0.1"; port = %d; agents_listen = "127.0.0.1:%d"; transport = "%s"; marks = "quiet"; };
"""


class Recipe(Beside, JudgedTest):
    def setUp(self):
        super().setUp()
        self.port, self.phones = free_port(), free_port()
        self.recipe = os.path.join(self.folder, "recipe")

    def write(self, transport="udp", callers=""):
        path = os.path.join(self.folder, "scenario.cfg")
        with open(path, "w") as file:
            file.write(SCENARIO % (callers, CIRCUITS, AGENTS, self.port, self.phones, transport))
        done = subprocess.run([PEAKRIG, "recipe", "asterisk", path, "--output", self.recipe], text=True,
                              capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def break_it(self, name, pattern, by):
        path = os.path.join(self.recipe, name)
        with open(path) as file:
            text = file.read()
        broken, n = re.subn(pattern, by, text)
        self.assertGreater(n, 0)
        with open(path, "w") as file:
            file.write(broken)

    def peakrig(self, *words):
        return subprocess.run([PEAKRIG, *words], text=True, stdin=subprocess.DEVNULL, capture_output=True, timeout=300)

    def play(self, transport="udp", probes=False):
        """Played again where the host was late, or the run too short to tell."""
        self.start([os.path.join(self.recipe, "start.sh")], self.port, answers if transport == "udp" else accepts)
        scenario = os.path.join(self.recipe, "scenario.cfg")
        if probes:
            done = self.peakrig("check", scenario, "--probe")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        for i in range(N_TRIES):
            out = os.path.join(self.folder, f"run{i}")
            done = self.peakrig("run", scenario, "--out", out, "--quiet", "--no-history", "--set",
                                f"gate.max_lateness_p99_ms={150 * 2 ** i}")
            with open(os.path.join(out, "result.json")) as file:
                result = json.load(file)
            failed = {check["name"] for check in result["checks"] if not check["ok"]}
            if done.returncode not in (3, 4) or (done.returncode == 4 and not failed <= BUSY):
                break
        return done, result

    def honest(self, transport="udp", callers=""):
        self.write(transport, callers)
        done, result = self.play(transport, probes=True)
        self.expect_pass(done, result)
        self.assertGreater(result["stages"][2]["lost"], 5, "nothing is scarce")
        with open(os.path.join(self.recipe, "run", "messages.log")) as file:
            said = [line for line in file if re.search(r"(WARNING|ERROR)\[", line)
                    and not re.search(NOT_OURS, line)]
        self.assertEqual(said, [])

    def expect_fail(self, stages):
        done, result = self.play()
        self.assertEqual(result["verdict"]["judgement"], "FAIL", done.stdout)
        self.assertIn(result["verdict"]["stage"], stages, done.stdout)

    def test_honest(self):
        self.honest()

    def test_honest_over_tcp_with_credentials(self):
        self.honest("tcp", 'auth = { user = "al"; password = "Xyzzy"; };')

    def test_half_the_circuits(self):
        self.write()
        self.break_it("extensions.conf", rf"< {CIRCUITS}\]", f"< {CIRCUITS // 2}]")
        self.expect_fail(["trunk"])

    def test_without_autofill(self):
        self.write()
        self.break_it("queues.conf", "autofill=yes", "autofill=no")
        self.expect_fail(["queue"])

    def test_fewer_members(self):
        self.write()
        self.break_it("queues.conf", r"member => PJSIP/agent[4-7],.*\n", "")
        self.expect_fail(["queue", "agent"])


if __name__ == "__main__":
    PEAKRIG = os.path.abspath(sys.argv[1])
    if not os.environ.get("PEAKRIG_ASTERISK"):
        print("skipped: no Asterisk (PEAKRIG_ASTERISK)")
        sys.exit(NOT_HERE)
    unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[3:])
