#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Caller profiles at the embedded call centre: it learns each kind of mark, and the callers understand it.

In every profile what SIPp says of its callers is what the call centre counted, the analyzer finds it on the
wire, and the gate passes: each stage loses what the model predicts for these very calls. UDP and TCP, IPv4
and IPv6, with and without credentials.

Usage: profiles.py PEAKRIG SOURCE_DIR
"""
import concurrent.futures
import json
import os
import shutil
import sys
import tempfile
import unittest

from judged_run import JudgedTest, judged_run

PEAKRIG = None
SOURCE = None
UNANSWERED, MENU, QUEUE, RINGING, TALK = 1, 2, 3, 4, 5
CROSSED = 6  # the answer came as the caller gave up
N_CALLS = 300
N_AT_ONCE = 2  # runs: they wait most of their time
TIME_SCALE = 6.0

PLAYS = {
    "reinvite": ['target={marks="reinvite";}'],
    "update": ['target={marks="update";}'],
    "info": ['target={marks="info";}'],
    "early": ['target={marks="early";}'],
    "quiet": ['target={marks="quiet";}'],
    "ipv6": ['target={marks="update"; listen="::1"; agents_listen="[::1]:PORT";}',
             'load={workers=2; local=("[::1]:41000-41099","::1");}'],
    "tcp_ipv6": ['target={transport="tcp"; listen="::1";}',
                 'callers.auth={user="alice";password="wonderland";}'],
}


def counts_of(path):
    with open(path) as file:
        return {line[:26].strip(): int(line[26:]) for line in file}


def ends_of(folder):
    """How the calls ended, as SIPp says."""
    ends = dict.fromkeys((UNANSWERED, MENU, QUEUE, RINGING, TALK, CROSSED), 0)
    for name in sorted(os.listdir(folder)):
        if not (name.startswith("callers") and name.endswith(".log")):
            continue
        with open(os.path.join(folder, name)) as file:
            for line in file:
                fields = line.split(";")
                phase = int(float(fields[3] or 0))
                if phase == UNANSWERED and fields[4] == "200":
                    phase = CROSSED
                ends[phase] = ends.get(phase, 0) + 1
    return ends


class Profiles(JudgedTest):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="peakrig-profiles-")
        cls.pool = concurrent.futures.ThreadPoolExecutor(N_AT_ONCE)
        cls.plays = {name: cls.pool.submit(cls.play, name, sets) for name, sets in PLAYS.items()}

    @classmethod
    def tearDownClass(cls):
        cls.pool.shutdown()
        shutil.rmtree(cls.folder, ignore_errors=True)

    @classmethod
    def play(cls, name, sets):
        port = str(42000 + list(PLAYS).index(name))
        os.mkdir(os.path.join(cls.folder, name))
        words = [word for item in sets for word in ("--set", item.replace("PORT", port))]
        return judged_run(PEAKRIG, [os.path.join(SOURCE, "tests/loopback/cli.cfg"), *words],
                          os.path.join(cls.folder, name), TIME_SCALE)

    def check(self, name):
        done, out, result = self.plays[name].result()
        with open(os.path.join(out, "play.json")) as file:
            play = json.load(file)
        ends = ends_of(os.path.join(out, "logs"))
        centre = counts_of(os.path.join(out, "logs/target-counts.txt"))
        self.check_counts(ends, centre)
        self.check_analysis(result, ends, centre)
        self.expect_pass(done, result)
        return play, centre

    def check_counts(self, ends, centre):
        self.assertEqual(sum(ends.values()), N_CALLS)
        self.assertEqual(centre["offered"], N_CALLS)
        # A message of the centre may cross the caller's last one: then each saw another phase.
        told = [(ends[UNANSWERED], centre["no circuit"] + centre["cancelled unanswered"]),
                (ends[MENU] + ends[CROSSED], centre["ended in the menu"]),
                (ends[QUEUE], centre["abandoned in the queue"]),
                (ends[RINGING], centre["abandoned while ringing"]),
                (ends[TALK], centre["talks"])]
        self.assertEqual(sum(ours for ours, _ in told), sum(theirs for _, theirs in told))
        for ours, theirs in told:
            self.assertLessEqual(abs(ours - theirs), 2, told)
        for name in ("dropped", "SIP errors", "up at the stop"):
            self.assertEqual(centre[name], 0, name)
        for phase in (UNANSWERED, MENU, QUEUE, RINGING, TALK):
            self.assertGreater(ends[phase], 0)

    def check_analysis(self, result, ends, centre):
        """The analyzer finds what the centre counted, but for the crossing ones: who cancels is lost."""
        lost = {stage["stage"]: stage["lost"] for stage in result["stages"]}
        self.assertEqual(lost["trunk"], centre["no circuit"])
        for stage, n in (("ivr", centre["cancelled unanswered"] + ends[CROSSED]),
                         ("queue", centre["abandoned in the queue"]),
                         ("agent", centre["abandoned while ringing"])):
            self.assertLessEqual(abs(lost[stage] - n), 2, (stage, lost, centre))
        self.assertLessEqual(abs(result["calls"]["outcomes"]["served"] - centre["talks"]), 2)
        for stage in result["stages"]:
            self.assertGreater(stage["p_predicted"], 0.01)

    def test_reinvite(self):
        self.check("reinvite")

    def test_update(self):
        self.check("update")

    def test_info(self):
        self.check("info")

    def test_early(self):
        self.check("early")

    def test_quiet(self):
        play, _ = self.check("quiet")
        self.assertGreater(play["n_told"], 50)

    def test_ipv6(self):
        """Callers, the centre and the agents' phones; two workers, one with a range of ports."""
        play, _ = self.check("ipv6")
        self.assertRegex(play["target"], r"^embedded \[::1\]:\d+$")
        self.assertEqual([(w["host"], w["n_calls"]) for w in play["callers"]],
                         [("::1", N_CALLS // 2)] * 2)
        self.assertIn(play["callers"][0]["port"], range(41000, 41100))

    def test_tcp_over_ipv6_with_credentials(self):
        play, centre = self.check("tcp_ipv6")
        self.assertRegex(play["target"], r"^embedded \[::1\]:\d+$")
        self.assertEqual(centre["challenged"], N_CALLS)


if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[3:])
