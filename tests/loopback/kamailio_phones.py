#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kamailio on both sides of a centre.

Between the centre and the agents' phones, record-routing: an honest centre passes. The phones must copy
Record-Route into their 180 and 200, or every ACK and BYE misses the proxy.

In front of the centre, by the recipe of `peakrig recipe kamailio`: its trunk limit is the scenario's, and passes;
with a third of the circuits it fails, at the trunk.

Usage: kamailio_phones.py PEAKRIG SOURCE_DIR
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

import kamailio
from judged_run import JudgedTest
from kamailio import answers, free_port

PEAKRIG = None
SOURCE = None
TIME_SCALE = 4.0
QUIET = ["--set", 'target.marks="info"', "--set", "target.scalable=true", "--set", "ivr.self_service_dialogue=false"]


class KamailioPhones(JudgedTest):
    start, end = kamailio.Kamailio.start, staticmethod(kamailio.Kamailio.end)

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-kamailio-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.scenario = os.path.join(SOURCE, "tests/loopback/cli.cfg")
        self.phones, self.proxy, self.centre = free_port(), free_port(), free_port()

    def start_kamailio(self, config, *more):
        return self.start(["kamailio", "-f", config, *more, "-DD", "-E", "-m", "64", "-M", "8", "-w", self.folder, "-Y",
                           self.folder, "-P", os.path.join(self.folder, "pid")], self.proxy)

    def start_centre(self, scale, agents, *more):
        log = open(os.path.join(self.folder, "centre.log"), "w")
        child = subprocess.Popen([PEAKRIG, "target", self.scenario, "--port", str(self.centre), "--set",
                                  f"time_scale={scale}", "--agents-port", str(agents),
                                  "--set", 'target.marks="info"', "--set", "ivr.self_service_dialogue=false", *more],
                                 stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        log.close()
        self.addCleanup(child.wait, 10)
        self.addCleanup(child.terminate)
        for _ in range(100):
            if answers(self.centre):
                return
            time.sleep(0.1)
        self.fail("the centre does not answer")

    def play(self, port, *more):
        """At one speed only: centre and callers share it."""
        out = os.path.join(self.folder, "run")
        done = subprocess.run([PEAKRIG, "run", self.scenario, "--target", f"127.0.0.1:{port}", "--out", out, "--quiet",
                               "--set", f"time_scale={TIME_SCALE}", "--set",
                               f'target.agents_listen="127.0.0.1:{self.phones}"', *QUIET, *more],
                              capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=250)
        with open(os.path.join(out, "result.json")) as file:
            return done, json.load(file)

    def test_record_routing_between_centre_and_phones(self):
        self.start_kamailio(os.path.join(SOURCE, "scenarios/targets/kamailio/phones.cfg"), "-A",
                            f'PHONES="sip:127.0.0.1:{self.phones}"', "-l", f"udp:127.0.0.1:{self.proxy}")
        self.start_centre(TIME_SCALE, self.proxy)
        done, result = self.play(self.centre)
        self.expect_pass(done, result)
        self.assertGreater(result["calls"]["outcomes"]["served"], 20)
        self.assertEqual(result["calls"]["outcomes"]["dropped"], 0)

    def recipe(self, change=None):
        out = os.path.join(self.folder, "recipe")
        subprocess.run([PEAKRIG, "recipe", "kamailio", self.scenario, "-o", out, "--next", f"127.0.0.1:{self.centre}",
                        "--set", 'target.host="127.0.0.1"', "--set", "target.scalable=true", "--set", f"target.port={self.proxy}", "--set",
                        f'target.agents_listen="127.0.0.1:{self.phones}"'], check=True, capture_output=True)
        path = os.path.join(out, "kamailio.cfg")
        with open(path) as file:
            text = file.read()
        if change:
            text, n = re.subn(*change, text)
            self.assertGreater(n, 0)
        with open(path, "w") as file:
            file.write(text)
        self.start_kamailio(path)
        # the centre behind has circuits for all that the trunk lets through
        self.start_centre(TIME_SCALE, self.phones, "--set", "trunks[0].circuits=400")

    def test_recipe_in_front(self):
        self.recipe()
        done, result = self.play(self.proxy)
        self.expect_pass(done, result)
        self.assertGreater(result["calls"]["outcomes"]["lost_trunk"], 5)

    def test_recipe_with_a_wrong_limit(self):
        self.recipe((r"(\$var\(used\) <) \d+", r"\1 6"))
        done, result = self.play(self.proxy)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertEqual([stage["judgement"] for stage in result["stages"]][0], "FAIL")


if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[3:])
