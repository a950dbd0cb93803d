#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Agents' phones that refuse calls, from outside: as often and in the way that the scenario says, and who forgets them
predicts something else.

Usage: refusals.py PEAKRIG SOURCE_DIR
"""
import collections
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

from judged_run import JudgedTest, judged_run

PEAKRIG = None
SOURCE = None
TIME_SCALE = 20.0
WORDS = ["scenarios/refusals.cfg", "--no-history"]
NOBODY_REFUSES = ["agents[0].busy_share=0", "agents[0].do_not_disturb_share=0", "agents[0].reject_share=0",
                  "agents[1].reject_share=0"]
DESK = 44  # the first agents; the others only reject


def legs_of(capture):
    """Of each agent's leg of a capture: the user that was called, and the codes of the INVITE in their order."""
    done = subprocess.run(
        ["tshark", "-r", capture, "-Y", 'sip.CSeq.method == "INVITE"', "-T", "fields", "-e", "sip.Call-ID",
         "-e", "sip.r-uri.user", "-e", "sip.Status-Code"], text=True, stdout=subprocess.PIPE, check=True, timeout=120)
    user, codes = {}, collections.defaultdict(list)
    for line in done.stdout.splitlines():
        call_id, called, code = line.split("\t")
        if called.startswith("agent"):
            user[call_id] = called
        elif call_id in user and code and code not in codes[call_id]:
            codes[call_id].append(code)
    return [(int(user[call_id].removeprefix("agent")), codes[call_id]) for call_id in user]


class Refusals(JudgedTest):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-refusals-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.scenario = os.path.join(SOURCE, WORDS[0])

    def play(self, *words):
        return judged_run(PEAKRIG, [self.scenario, *WORDS[1:], *words], self.folder, TIME_SCALE)

    def expect_legs(self, legs):
        last = {"200": "answered", "486": "busy", "480": "not disturbed", "603": "rejected", "487": "cancelled"}
        count = collections.Counter()
        for agent, codes in legs:
            codes = [code for code in codes if code != "100"]
            if not codes:
                continue  # cut off by the end
            with self.subTest(agent=agent):
                rang = codes[-1] not in ("486", "480")
                self.assertEqual(codes[:-1], ["180"] if rang else [], codes)
            count[agent <= DESK, last[codes[-1]]] += 1
        n = sum(count[True, end] for end in last.values())
        for end, share in (("busy", 0.15), ("not disturbed", 0.05), ("rejected", 0.2)):
            sd = (share * (1 - share) / n) ** 0.5
            self.assertLess(abs(count[True, end] / n - share), 4 * sd, count)
        self.assertEqual((count[False, "busy"], count[False, "not disturbed"]), (0, 0), count)
        self.assertGreater(count[False, "rejected"], 5, count)

    def test_as_often_as_the_scenario_says(self):
        done, out, result = self.play()
        self.expect_pass(done, result)
        self.assertNotIn("FAIL", {row["judgement"] for row in result["groups"]})
        self.assertEqual(result["diagnosis"], [])
        self.expect_legs(legs_of(os.path.join(out, "capture.pcap")))
        # and who forgets them predicts shorter waits
        words = [word for key in NOBODY_REFUSES for word in ("--set", key)]
        done = subprocess.run([PEAKRIG, "predict", self.scenario, *words, "--json", "--quiet"], check=True, text=True,
                              stdout=subprocess.PIPE, timeout=120)
        mean_s = next(row["mean"] for row in json.loads(done.stdout)["metrics"] if row["name"] == "wait_mean_s")
        seen_s = next(row["observed"] for row in result["metrics"] if row["name"] == "wait_mean_s")
        self.assertGreater(seen_s, mean_s + 2.0)

    def test_phones_that_tell_the_callers(self):
        done, out, result = self.play("--set", 'target.marks="quiet"')
        self.expect_pass(done, result)
        self.expect_legs(legs_of(os.path.join(out, "capture.pcap")))

    def test_agents_who_come_back_late(self):
        done, _, result = self.play("--defect", "wrap_up=20", "--no-early-stop")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertEqual(result["verdict"]["judgement"], "FAIL")


if __name__ == "__main__":
    PEAKRIG, SOURCE = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
