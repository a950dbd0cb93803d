#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of a week and of a month: which one, whose means, what changed, what did not pass and why; well formed, and nothing of a
run's texts becomes markup.

Usage: history_week.py PEAKRIG SOURCE_DIR
"""
import datetime
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

PEAKRIG = None
SOURCE = None
NASTY = "<b onload='x'>&amp;\"</b><script>1</script>"
DAY_MS = 86400000
WEDNESDAY_MS = int(datetime.datetime(2026, 11, 25, 12, tzinfo=datetime.timezone.utc).timestamp() * 1000)


def peakrig(*words, **more):
    return subprocess.run([PEAKRIG, *words], capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL,
                          **more)


class Week(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-week-test-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.db = os.path.join(self.folder, "history.db")
        run = os.path.join(self.folder, "runs/pass")
        shutil.copytree(os.path.join(SOURCE, "tests/fixtures/runs/pass"), run)
        done = peakrig("history", "add", run, "--history", self.db)
        self.assertEqual(done.returncode, 0, done.stderr)
        done = peakrig("history", "export", "-", "--history", self.db)
        self.run_line = json.loads(done.stdout)
        self.lines = []
        os.remove(self.db)

    def add(self, days_ago, lost=None, **texts):
        """A run of so many days before a Wednesday. lost: of the trunk, per entrant."""
        line = json.loads(json.dumps(self.run_line))
        line.update(id=f"{len(self.lines):016x}", start_ms=WEDNESDAY_MS - days_ago * DAY_MS, **texts)
        for metric in line["metrics"]:
            if lost is not None and metric["name"] == "p_lost_trunk_per_entrant":
                metric["observed"] = lost
        self.lines.append(line)
        return line

    def page(self, *words, code=0):
        path = os.path.join(self.folder, "lines.jsonl")
        with open(path, "w") as file:
            file.writelines(json.dumps(line) + "\n" for line in self.lines)
        if not os.path.exists(self.db):
            done = peakrig("history", "import", path, "--history", self.db)
            self.assertEqual(done.returncode, 0, done.stderr)
        which = [] if "--month" in words else ["--week"]
        done = peakrig("report", *which, "--history", self.db, "--output", "-", *words)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stdout if code == 0 else done.stderr

    def rows(self, page, section):
        """The rows of the tables of a section: lists of texts."""
        body = re.sub(r"<!DOCTYPE html>|<meta [^>]*>|<link [^>]*>|<style>.*?</style>", "", page, flags=re.S)
        tree = ElementTree.fromstring(body)
        for of in tree.iter("section"):
            if of.find("h2").text.endswith(section):
                return [["".join(cell.itertext()).strip() for cell in row if cell.tag in ("th", "td")]
                        for row in of.iter("tr")]
        self.fail(f"no section {section}")

    def test_weeks_and_their_means(self):
        self.add(13, lost=0.10)
        self.add(13, lost=0.30)
        self.add(0, lost=0.50)
        self.add(0, lost=0.99, judgement="INVALID", exit_code=4)
        page = self.page()
        self.assertIn("<h1>2026-W48</h1>", page)
        self.assertIn("2026-11-23 to 2026-11-29", page)
        rows = self.rows(page, "losses over the weeks")[1:]
        self.assertEqual([row[:3] for row in rows], [["2026-W46", "2", "0"], ["2026-W48", "2", "1"]])
        self.assertTrue(rows[0][3].startswith("20.00 %"), rows)
        self.assertTrue(rows[1][3].startswith("50.00 %"), "an INVALID run is in a mean")
        self.assertEqual(page.count("<svg"), 5)

    def test_the_week_is_that_of_the_last_run_left(self):
        self.add(7)
        self.add(0)
        self.assertIn("<h1>2026-W48</h1>", self.page())
        self.assertIn("<h1>2026-W47</h1>", self.page("--until", "2026-11-23"))
        self.assertIn("no such run", self.page("--until", "2020-01-01", code=2))

    def test_months(self):
        """25 November: 25 days ago is October still."""
        self.add(60, lost=0.90)
        self.add(25, lost=0.10)
        self.add(24, lost=0.40)
        self.add(0, lost=0.60, judgement="FAIL", exit_code=1)
        self.add(0, judgement="INVALID", exit_code=4)
        page = self.page("--month")
        self.assertIn("<h1>2026-11</h1>", page)
        self.assertIn("2026-11-01 to 2026-11-30", page)
        self.assertIn("th.when{white-space:nowrap}", page)  # else "2026-" and "11" on a narrow screen
        self.assertEqual(page.count('<th scope="row" class="when">2026-11</th>'), 2)
        self.assertEqual(self.rows(page, "Runs, month by month")[1:],
                         [["2026-09", "1", "1", "0", "0", "0", "0"], ["2026-10", "1", "1", "0", "0", "0", "0"],
                          ["2026-11", "3", "1", "1", "0", "1", "0"]])
        rows = self.rows(page, "losses over the months")[1:]
        self.assertEqual([row[:3] for row in rows], [["2026-09", "1", "0"], ["2026-10", "1", "0"], ["2026-11", "3", "2"]])
        self.assertTrue(rows[2][3].startswith("50.00 %"), rows)
        self.assertEqual(len(self.rows(page, "what did not pass, and why")[1:]), 2)
        self.assertNotIn("week", page.replace("weekly", "").split("</style>")[1])

    def test_a_year_is_shown(self):
        """The twelve months up to the last run's, and no thirteenth."""
        self.add(0)
        self.add(360)  # 30 November of the year before
        self.add(340)
        self.assertEqual([row[0] for row in self.rows(self.page("--month"), "month by month")[1:]], ["2025-12", "2026-11"])

    def test_drills_by_month(self):
        for days_ago, end, kind in ((25, "PASS", "fail-over"), (3, "FAIL", "fail-over"), (2, "PASS", "fail-over"), (1, "PASS", "none")):
            self.add(days_ago, judgement=end, exit_code=int(end == "FAIL"), labels={"drill": kind})
        self.page()
        done = peakrig("history", "--by", "month", "--label", "drill=fail-over", "--history", self.db, "--csv")
        self.assertEqual(done.stdout, "start,runs,pass,fail,inconclusive,invalid,not_judged\n2026-10,1,1,0,0,0,0\n2026-11,2,1,1,0,0,0\n")
        done = peakrig("history", "--by", "week", "--history", self.db)
        self.assertEqual([line.split() for line in done.stdout.splitlines()[1:]],
                         [["2026-W44", "1", "1", "0", "0", "0", "0"], ["2026-W47", "1", "0", "1", "0", "0", "0"],
                          ["2026-W48", "2", "2", "0", "0", "0", "0"]])
        for words in (["--by", "run"], ["--by", "year"], ["export", "-", "--by", "month"]):
            done = peakrig("history", *words, "--history", self.db)
            self.assertEqual((done.returncode, done.stdout), (2, ""), words)
            self.assertIn("--by", done.stderr)

    def test_what_changed(self):
        self.add(7, labels={"build": "1.3"})
        now = self.add(0, labels={"build": "1.4"})
        calls = now["calls"]
        served = [i for i, letter in enumerate(calls) if letter in "Ss"]
        for i in served[:len(served) // 2]:
            calls = calls[:i] + "t" + calls[i + 1:]
        now["calls"] = calls
        page = self.page()
        self.assertIn("compared call by call", page)
        self.assertIn("build=1.3", page)
        rows = {row[0]: row for row in self.rows(page, "what changed")[1:]}
        self.assertEqual(rows["lost_trunk"][4], "WORSE", rows)
        self.assertEqual(rows["lost_agent"][4], "-", rows)

    def test_a_unit_of_another_history_is_no_markup(self):
        for days_ago in (7, 0):
            for metric in self.add(days_ago)["metrics"]:
                if metric["name"] == "wait_p95_s":
                    metric["unit"] = "<!--"
        self.assertIn("&lt;!--", self.page())
        self.assertTrue(self.rows(self.page(), "what changed"))

    def test_other_calls_say_so(self):
        self.add(7)
        self.add(0, seed=99, plan_sha256="0" * 64, scenario_sha256="1" * 64)
        page = self.page()
        self.assertIn("Not the same calls", page)
        self.assertIn("Changed in between: the scenario file.", page)

    def test_nothing_to_compare_with(self):
        self.add(0)
        self.assertIn("no valid run of an earlier week", self.page())

    def test_what_did_not_pass_and_why(self):
        self.add(0)
        self.add(0, judgement="FAIL", exit_code=1, summary=NASTY, cause="8 E1, 9 were expected", labels={"build": NASTY})
        page = self.page()
        rows = self.rows(page, "what did not pass, and why")[1:]
        self.assertEqual(len(rows), 1)
        self.assertEqual(rows[0][3], NASTY + "8 E1, 9 were expected")
        self.assertEqual(rows[0][2], "build=" + NASTY)
        self.assertNotIn("<script", page)
        self.assertIn("Content-Security-Policy", page)
        self.assertEqual(re.findall(r"(?:src|href)=\"(?!data:|#)[^\"]*\"", page), [])

    def test_scenarios_are_apart(self):
        self.add(7, scenario="old")
        self.add(0, scenario="b", lost=0.25)
        self.add(0, scenario="a", lost=0.75)
        page = self.page()
        self.assertEqual(re.findall(r"<h2>(\S+): losses", page), ["a", "b"])
        self.assertTrue(self.rows(page, "b: losses over the weeks")[1][3].startswith("25.00 %"))
        self.assertEqual(re.findall(r"<h2>(\S+): losses", self.page("--scenario", "b")), ["b"])

    def test_a_trend_of_mixed_scenarios_warns(self):
        self.add(7, scenario="a")
        self.add(0, scenario="b")
        self.page()
        done = peakrig("trend", "lost_trunk", "--history", self.db)
        self.assertEqual(done.returncode, 0)
        self.assertIn("runs of several scenarios (a, b, ..)", done.stderr)
        self.assertEqual(peakrig("trend", "lost_trunk", "--history", self.db, "--scenario", "a").stderr, "")

    def test_options_that_do_not_go_together(self):
        self.add(0)
        for words in (["--week", "RUN"], ["--week", "--no-mask"], ["--week", "--month"], ["RUN", "--history", "x"], ["RUN", "-o", "x"]):
            done = peakrig("report", *words)
            self.assertEqual(done.returncode, 2, words)
            self.assertIn("--week", done.stderr)

    def test_a_file_and_no_gnuplot(self):
        self.add(0)
        self.page()
        out = os.path.join(self.folder, "week.html")
        empty = os.path.join(self.folder, "bin")
        os.mkdir(empty)
        done = peakrig("report", "--week", "--history", self.db, "-o", out, env={**os.environ, "PATH": empty})
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(out) as file:
            page = file.read()
        self.assertNotIn("<svg", page)
        self.assertIn("not available", page)
        self.assertIn("2026-W48", page)


if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[3:])
