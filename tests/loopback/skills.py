#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups of agents by skill from outside: what a caller keys leads to those who may take his call, others help
after a time, and a centre that routes a key elsewhere fails.

Usage: skills.py PEAKRIG SOURCE_DIR
"""
import csv
import os
import re
import shutil
import sys
import tempfile
import unittest

from judged_run import JudgedTest, judged_run

PEAKRIG = None
SOURCE = None
TIME_SCALE = 20.0
WORDS = ["scenarios/skills.cfg", "--no-history", "--set", "traffic.duration_s=240.0"]
AFTER_S = 15.0  # orders may be taken by the back office from then on
GROUPS = (("order line", 32), ("service desk", 20), ("back office", 8))


def rows_of(path):
    with open(path) as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def group_of(agent):
    number = int(agent.removeprefix("agent"))
    for name, count in GROUPS:
        if number <= count:
            return name
        number -= count
    raise AssertionError(agent)


class Skills(JudgedTest):
    def play(self, *words):
        self.folder = tempfile.mkdtemp(prefix="peakrig-skills-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        return judged_run(PEAKRIG, [os.path.join(SOURCE, WORDS[0]), *WORDS[1:], *words], self.folder, TIME_SCALE)

    def test_each_key_leads_to_its_agents(self):
        done, out, result = self.play()
        self.expect_pass(done, result)
        self.assertEqual([row["name"] for row in result["skills"]], ["orders"] * 2 + ["service"] * 2)
        self.assertEqual([row["name"] for row in result["groups"]], [name for name, _ in GROUPS])
        self.assertNotIn("FAIL", {row["judgement"] for row in result["skills"] + result["groups"]})
        self.assertIn("queue, skill service: ", done.stdout)
        self.assertIn("agents, group back office: ", done.stdout)
        choice = {row["planned_index"]: row["choice"] for row in rows_of(os.path.join(out, "schedule.csv"))}
        self.assertEqual({(choice[row["planned_index"]], row["choice"]) for row in rows_of(os.path.join(out, "calls.csv"))
                          if row["t_queue_s"]}, {("0", "1"), ("1", "2")})  # seen as it was keyed
        taken = {}
        with open(os.path.join(out, "scenario.cfg")) as file:
            scale = float(re.search(r"^time_scale = ([0-9.]+)", file.read(), re.M).group(1))
        for row in rows_of(os.path.join(out, "calls.csv")):
            if not row["agent"]:
                continue
            group = group_of(row["agent"])
            taken.setdefault(choice[row["planned_index"]], set()).add(group)
            if group == "back office":
                waited_s = float(row["t_agent_ring_s"]) - float(row["t_queue_s"])
                self.assertGreater(waited_s * scale, AFTER_S * 0.98)
        self.assertEqual(taken, {"0": {name for name, _ in GROUPS}, "1": {"service desk"}})
        self.assertEqual(result["diagnosis"], [])

    def test_a_key_that_leads_elsewhere(self):
        done, out, result = self.play("--defect", "wrong_skill=service", "--no-early-stop")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        failed = {row["name"] for row in result["skills"] + result["groups"] if row["judgement"] == "FAIL"}
        self.assertTrue(failed, result)
        self.assertIn("calls for skill service were given to agents who may not take them, but have skill orders",
                      result["verdict"]["summary"])
        self.assertEqual(result["diagnosis"][0]["kind"], "wrong_skill")
        self.assertTrue(result["diagnosis"][0]["is_cause"], result["diagnosis"][0])
        self.assertGreater(result["diagnosis"][0]["explained_share"], 0.5)
        with open(os.path.join(out, "junit.xml")) as file:
            self.assertIn('name="G2 occupancy[service desk]"', file.read())


class FastLane(JudgedTest):
    """Each group talks as long as it says, whatever was keyed, and the experts do so when they help."""
    COUNTS = (("fast lane", 24), ("experts", 34))

    def test_talks_of_groups(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-lane-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        done, out, result = judged_run(
            PEAKRIG, [os.path.join(SOURCE, "scenarios/fast-lane.cfg"), "--no-history", "--set", "traffic.duration_s=300.0",
                      "--set", "emergency={talk_most_s=100.0;queue_above=8;}",
                      "--set", "traffic.rate[0].per_min=75.0"], self.folder, TIME_SCALE)
        self.expect_pass(done, result)
        figures = {(row["name"], row["figure"]): row for row in result["groups"]}
        self.assertEqual(set(figures), {(name, figure) for name, _ in self.COUNTS for figure in ("occupancy", "talk_mean_s")})
        self.assertIn("agents, group experts: ", done.stdout)
        self.assertIn("predicted mean talk", done.stdout)
        with open(os.path.join(out, "scenario.cfg")) as file:
            scale = float(re.search(r"^time_scale = ([0-9.]+)", file.read(), re.M).group(1))
        talks = {}
        for row in rows_of(os.path.join(out, "calls.csv")):
            if row["outcome"] != "served":
                continue
            talk_s = (float(row["t_end_s"]) - float(row["t_agent_answer_s"])) * scale
            group = "fast lane" if int(row["agent"].removeprefix("agent")) <= 24 else "experts"
            self.assertEqual(row["reason"], "agent BYE")
            if row["emergency"] == "1":
                self.assertLess(talk_s, 100.5)
            talks.setdefault((group, row["choice"]), []).append(talk_s)
        self.assertEqual(set(talks), {("fast lane", "1"), ("experts", "1"), ("experts", "2")}, "nobody was helped")
        for group, _ in self.COUNTS:
            own = [talk_s for key, of in talks.items() if key[0] == group for talk_s in of]
            self.assertAlmostEqual(figures[group, "talk_mean_s"]["observed"], sum(own) / len(own), delta=0.02)
        mean = {key: sum(of) / len(of) for key, of in talks.items()}
        self.assertLess(mean["fast lane", "1"], 36)  # 30
        self.assertGreater(mean["experts", "1"], 45)  # 80, at most 100 in an emergency
        self.assertGreater(mean["experts", "2"], 55)


if __name__ == "__main__":
    PEAKRIG, SOURCE = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
