#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/tutorial.md, done as it says: its scenario, each of its commands in their order, and what they are said to print
where that is the same each time. Played faster than there; a run whose load the gate does not accept, for the host is
busy, is played again, slower.

usage: tutorial.py PEAKRIG SOURCE_DIR
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as tree

PEAKRIG = SOURCE = None
TIME_SCALE = 30.0
N_TRIES = 3
COMMAND = re.compile(r"^    ((?:[A-Z_]+=\S+ )?(?:peakrig|ci/gate) .*?)(?:  # exit code (\d))?$", re.M)
AGAIN = (3, 4)  # inconclusive, or the load was not valid


def blocks(text):
    """The indented blocks of the page, without their indentation."""
    return [re.sub(r"^    ", "", block, flags=re.M).lstrip("\n") for block in re.findall(r"(?:^    .*\n|^\n(?=    ))+", text, re.M)]


class Tutorial(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="peakrig-tutorial-"))
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "ci").symlink_to(SOURCE / "ci")  # the page is done in a clone
        self.page = (SOURCE / "docs/tutorial.md").read_text(encoding="utf-8")

    def once(self, command, time_scale):
        if time_scale is not None:
            command += f" --set time_scale={time_scale} --set gate.max_lateness_p99_ms={1000 / time_scale}"
        path = f"{os.path.dirname(PEAKRIG)}:{os.environ['PATH']}"
        return subprocess.run(command, shell=True, cwd=self.folder, text=True, capture_output=True, timeout=200,
                              stdin=subprocess.DEVNULL, env={**os.environ, "PATH": path, "PEAKRIG": PEAKRIG, "LC_ALL": "C"})

    def do(self, command, expected):
        is_played = re.search(r"peakrig run|ci/gate", command) is not None
        for i in range(N_TRIES):
            done = self.once(command, TIME_SCALE / 2**i if is_played else None)
            if not is_played or done.returncode not in AGAIN or i == N_TRIES - 1:
                break
            shutil.rmtree(self.folder / re.search(r"(?:--out|ci/gate \S+) (\S+)", command)[1])
        self.assertEqual(done.returncode, expected, f"{command}\n{done.stdout}{done.stderr}")
        return done.stdout

    def test_all_of_it(self):
        scenario = [block for block in blocks(self.page) if block.startswith("// shop.cfg\n")]
        self.assertEqual(len(scenario), 1)
        (self.folder / "shop.cfg").write_text(scenario[0], encoding="utf-8")
        commands = COMMAND.findall(self.page)
        self.assertEqual(len(commands), 10, commands)
        said = {}
        for command, code in commands:
            if command == "peakrig doctor":  # of this machine; tested by unit.doctor_cli
                continue
            said[command] = self.do(command, int(code or 0))
        self.check_fixed(said)
        self.check_broken(said)
        self.check_gate()

    def said_by(self, said, words):
        """What the last command printed that begins so."""
        return [text for command, text in said.items() if command.startswith(words)][-1]

    def check_fixed(self, said):
        """Lines of the page that are the same each time are the program's."""
        shown = [line for block in blocks(self.page) for line in block.splitlines()]
        predicted = [line for line in shown if re.match(r"(trunk|queue) .* % \( *[0-9.]+\.\. *[0-9.]+\)$", line)]
        self.assertEqual(len(predicted), 2, predicted)
        for line in predicted:
            self.assertIn(line + "\n", self.said_by(said, "peakrig predict"))
        answer = [line for line in shown if line.startswith("agents[0].count = ")]
        self.assertEqual(len(answer), 1)
        self.assertIn(answer[0] + "\n", self.said_by(said, "peakrig plan"))

    def check_broken(self, said):
        run = self.said_by(said, "peakrig run")
        self.assertIn("FAIL: the queue stage loses ", run)
        self.assertRegex(run, "calls waited at (49|50|51) agents in use, 60 were expected")
        self.assertRegex(self.said_by(said, "peakrig compare"), "(?m)^WORSE: lost_queue rose by ")
        self.assertRegex(self.said_by(said, "peakrig history --"), "(?s)PASS.*build=1.0.*FAIL.*build=2.0")
        self.assertTrue((self.folder / "first/report.html").is_file())

    def check_gate(self):
        kept = self.folder / "gate-artefacts"
        self.assertEqual((kept / "exit-code").read_text(), "0\n")
        suites = tree.parse(kept / "junit.xml")
        self.assertTrue(any("baseline" in case.get("name") for case in suites.iter("testcase")))
        self.assertTrue((kept / "summary.md").read_text().startswith("### peakrig: "))
        runs = [json.loads(line) for line in (self.folder / "history.jsonl").read_text().splitlines()]
        self.assertGreaterEqual(len(runs), 3)  # more, where one was played again
        self.assertEqual([run["judgement"] for run in runs if run["judgement"] in ("PASS", "FAIL")], ["PASS", "FAIL", "PASS"])


if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
    unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[3:])
