#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real proxy as the target: Kamailio with 100 circuits, offered 95 erl.

With peakrig's schedule its blocking agrees with the replayed prediction of the same calls. SIPp by itself
offers the same 95 erl as a grid, and sees no blocking at all: regular arrivals hide loss.

Usage: kamailio.py PEAKRIG SOURCE_DIR
"""
import os
import subprocess
import sys
import unittest

from beside import Beside
from free_port import free_port
from judged_run import JudgedTest, judged_run

PEAKRIG = None
SOURCE = None
CIRCUITS = 100
TIME_SCALE = 40.0


class Kamailio(Beside, JudgedTest):
    def setUp(self):
        super().setUp()
        self.server_port, self.port = free_port(), free_port()
        self.start(["sipp", "-sf", os.path.join(SOURCE, "scenarios/targets/bare/uas.xml"),
                    "-i", "127.0.0.1", "-p", str(self.server_port), "-ci", "127.0.0.1",
                    "-cp", str(free_port()), "-mp", str(free_port()), "-nostdin",
                    "-watchdog_interval", "0", "-buff_size", "4000000"], self.server_port)
        self.kamailio = self.start(
            ["kamailio", "-f", os.path.join(SOURCE, "scenarios/targets/kamailio/trunk.cfg"),
             "-A", f"LIMIT={CIRCUITS}", "-A", f'SERVER="sip:127.0.0.1:{self.server_port}"',
             "-l", f"udp:127.0.0.1:{self.port}", "-DD", "-E", "-m", "64", "-M", "8",
             "-w", self.folder, "-Y", self.folder, "-P", os.path.join(self.folder, "pid")], self.port)

    def test_blocking_agrees_with_the_prediction(self):
        done, _, result = judged_run(
            PEAKRIG, [os.path.join(SOURCE, "scenarios/targets/kamailio/trunk-test.cfg"), "--target",
                      f"127.0.0.1:{self.port}"], self.folder, TIME_SCALE)
        self.expect_pass(done, result)
        trunk = result["stages"][0]
        print(f"\nKamailio, {CIRCUITS} circuits, 95 erl: observed {100 * trunk['p_observed']:.2f} %, "
              f"predicted {100 * trunk['p_predicted']:.2f} % "
              f"({100 * trunk['predicted_low']:.2f}..{100 * trunk['predicted_high']:.2f})")
        outcomes = {name: n for name, n in result["calls"]["outcomes"].items() if n > 0}
        self.assertEqual(set(outcomes), {"lost_trunk", "self_served"}, outcomes)
        # nearly all of the same calls are lost as in the replay
        self.assertGreater(result["agreement"]["share"], 0.95)
        # the wire sees a circuit freed a little later than Kamailio
        self.assertGreaterEqual(result["trunk"]["in_use_at_refusal"]["median"], CIRCUITS - 1)
        self.assertLessEqual(result["trunk"]["in_use_at_refusal"]["median"], CIRCUITS + 1)

    def test_bare_sipp_hides_it(self):
        """47.5 calls a second, 2 s each: 95 at once, always; nobody meets a full trunk."""
        n_calls = 400
        done = subprocess.run(
            ["sipp", f"127.0.0.1:{self.port}", "-sf",
             os.path.join(SOURCE, "scenarios/targets/bare/uac.xml"), "-r", "475", "-rp", "10000",
             "-d", "2000", "-m", str(n_calls), "-l", "1000", "-i", "127.0.0.1", "-p",
             str(free_port()), "-ci", "127.0.0.1", "-cp", str(free_port()), "-mp", str(free_port()),
             "-nostdin", "-watchdog_interval", "0", "-trace_stat", "-stf", "stat.csv", "-fd", "1"],
            cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, timeout=100)
        with open(os.path.join(self.folder, "stat.csv")) as file:
            rows = [line.rstrip(";\n").split(";") for line in file]
        last = dict(zip(rows[0], rows[-1]))
        print(f"\nbare SIPp, the same 95 erl: {last['FailedCall(C)']} of "
              f"{last['TotalCallCreated']} calls blocked")
        self.assertEqual(int(last["TotalCallCreated"]), n_calls)
        self.assertEqual(int(last["FailedCall(C)"]), 0)
        self.assertEqual(done.returncode, 0)


if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[3:])
