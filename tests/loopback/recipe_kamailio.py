#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `peakrig recipe kamailio` writes, followed from top to bottom: its start script is run, a centre listens
behind, and the scenario that the recipe made is played. Where the phones register, one Kamailio is on all sides: in
front of the centre, in the way of both dialogs (it records its route), the phones' registrar, and between the centre
and them. Honest it passes at every stage; with half the circuits it fails at the trunk, and with a registrar that loses
phones behind it.

Usage: recipe_kamailio.py PEAKRIG SOURCE_DIR
"""
import contextlib
import json
import os
import re
import subprocess
import sys
import unittest

from beside import Beside, accepts, answers
from free_port import free_port
from judged_run import JudgedTest, judged_run

PEAKRIG = None
KIND = "kamailio"
TIME_SCALE = 8.0
CIRCUITS = 14

SCENARIO = """
name = "recipe";
seed = 11;
traffic: { duration_s = 120.0; rate = ( { at_s = 0.0; per_min = 60.0; } ); };
callers: { dial = "4930785"; %s patience_answer = 60.0; patience_queue = 8.0; talk = 15.0; };
trunks = ( %s );
ivr: { menu = 2.0; };
agents = ( { count = 9; ring = 1.0; ring_timeout_s = 10.0; wrap_up = 3.0; %s } );
gate: { max_lateness_p99_ms = 50.0; };
target: { host = "127.0.0.1"; port = %d; agents_listen = "127.0.0.1:%d"; scalable = true; transport = "%s";
          marks = "update"; };
"""
ONE = '{ name = "A"; circuits = %d; }' % CIRCUITS
TWO = ('{ name = "A"; circuits = 8; share = 0.6; overflow = ( "B" ); }, '
       '{ name = "B"; circuits = 6; share = 0.4; }')


REGISTER = 'register = { first_user = "1001"; expires_s = 4; password = "Xyzzy-Reg1ster"; };'
AUTH = 'auth = { user = "al"; password = "Xyzzy"; };'
os.environ["PEAKRIG_AGENTS_PASSWORD"] = "Xyzzy-Reg1ster"  # a recipe's scenario has none
os.environ["PEAKRIG_PASSWORD"] = "Xyzzy"


class Recipe(Beside, JudgedTest):
    def setUp(self):
        super().setUp()
        self.proxy, self.centre, self.phones = free_port(), free_port(), free_port()
        self.recipe = os.path.join(self.folder, "recipe")
        self.behind = os.path.join(self.recipe, "scenario.cfg")  # what the centre behind is

    def write(self, transport="udp", trunks=ONE, register="", callers=""):
        path = os.path.join(self.folder, "scenario.cfg")
        self.agents = self.proxy if register else self.phones  # where the centre calls them
        with open(path, "w") as file:
            file.write(SCENARIO % (callers, trunks, register, self.proxy, self.phones, transport))
        done = subprocess.run([PEAKRIG, "recipe", KIND, path, "--next", f"127.0.0.1:{self.centre}",
                               "--output", self.recipe], text=True, capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    @contextlib.contextmanager
    def running(self, transport, scale):
        """The proxy and, behind it, a centre with circuits enough: the trunk is the proxy's."""
        is_there = answers if transport == "udp" else accepts
        centre = self.start([PEAKRIG, "target", self.behind, "--host", "127.0.0.1",
                             "--port", str(self.centre), "--agents-host", "127.0.0.1",
                             "--agents-port", str(self.agents), "--set", "trunks=({name=\"behind\";circuits=10000;})",
                             "--set", f"time_scale={scale}"], self.centre, is_there)
        proxy = self.start([os.path.join(self.recipe, "start.sh")], self.proxy, is_there)
        yield
        self.end(proxy)
        self.end(centre)

    def play(self, transport="udp"):
        return judged_run(PEAKRIG, [os.path.join(self.recipe, "scenario.cfg")], self.folder, TIME_SCALE,
                          lambda scale: self.running(transport, scale))

    def test_honest_with_credentials(self):
        """The proxy asks for them; the centre behind lets everybody in."""
        self.behind = os.path.join(self.folder, "behind.cfg")
        with open(self.behind, "w") as file:
            file.write(SCENARIO % ("", ONE, "", self.proxy, self.phones, "udp"))
        self.honest(callers=AUTH)

    def honest(self, transport="udp", **how):
        self.write(transport, **how)
        done, self.out, result = self.play(transport)
        self.expect_pass(done, result)
        self.assertGreater(result["stages"][0]["lost"], 5, "nothing is scarce: the trunk is not tried")
        return result

    def break_it(self, pattern, by):
        path = os.path.join(self.recipe, f"{KIND}.cfg")
        with open(path) as file:
            text = file.read()
        broken, n = re.subn(pattern, by, text)
        self.assertEqual(n, 1)
        with open(path, "w") as file:
            file.write(broken)

    def expect_fail(self, stages):
        done, _, result = self.play()
        self.assertEqual(result["verdict"]["judgement"], "FAIL", done.stdout)
        self.assertIn(result["verdict"]["stage"], stages, done.stdout)
        return result

    def test_on_all_sides(self):
        result = self.honest(register=REGISTER)
        self.assertGreater(result["calls"]["outcomes"]["served"], 30)
        with open(os.path.join(self.out, "capture.pcap"), "rb") as file:
            messages = file.read().split(b"\r\n\r\n")
        way = b"Record-Route: <sip:127.0.0.1:%d;" % self.proxy
        to_phones = [m for m in messages if re.search(rb"INVITE sip:10\d\d@127.0.0.1:%d" % self.phones, m)]
        answers_to_callers = [m for m in messages if b"SIP/2.0 200 OK" in m and b"To: <sip:4930785@" in m
                              and re.search(rb"CSeq: \d+ INVITE", m)]
        for some in (to_phones, answers_to_callers):
            self.assertGreater(len(some), 30)
            self.assertEqual([m for m in some if way not in m], [])
        # no BYE misses the proxy: it has a Route to it, or has come from there
        byes = [m for m in messages if re.search(rb"BYE sip:", m)]
        self.assertGreater(len(byes), 100)
        self.assertEqual([m for m in byes if b"\r\nRoute: <sip:127.0.0.1:%d;" % self.proxy not in m
                          and b"Via: SIP/2.0/UDP 127.0.0.1:%d;" % self.proxy not in m], [])
        shown = subprocess.run([PEAKRIG, "analyze", os.path.join(self.out, "capture.pcap"), "--json"], text=True,
                               capture_output=True, timeout=60)
        registrations = json.loads(shown.stdout)["registrations"]
        self.assertGreaterEqual(registrations["registered"], 3 * 9)  # renewed
        self.assertEqual(registrations["failed"], 0)

    def test_honest_over_tcp(self):
        self.honest(transport="tcp")

    def test_honest_two_carriers(self):
        result = self.honest(trunks=TWO)
        carriers = {of["name"]: of for of in result["carriers"]}
        self.assertEqual(set(carriers), {"A", "B"})
        for of in carriers.values():
            self.assertEqual(of["judgement"], "PASS", carriers)
            self.assertGreater(of["n_offered"], 20, carriers)

    def test_half_the_circuits(self):
        self.write(register=REGISTER)
        self.break_it(rf"< {CIRCUITS}\)", f"< {CIRCUITS // 2})")
        self.expect_fail(["trunk"])

    def test_a_registrar_that_loses_phones(self):
        """Five of nine are not found when they are called, though they have registered."""
        self.write(register=REGISTER)
        self.break_it(r'if \(!lookup\("location"\)\)', 'if ($rU =~ "^100[5-9]$" || !lookup("location"))')
        self.expect_fail(["queue", "agent"])


if __name__ == "__main__":
    PEAKRIG = os.path.abspath(sys.argv[1])
    unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[3:])
