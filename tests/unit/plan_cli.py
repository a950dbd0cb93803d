#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`peakrig plan` from outside: table, CSV, JSON, files, exit codes, Ctrl-C.

Usage: plan_cli.py PEAKRIG
"""
import csv
import hashlib
import io
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

PEAKRIG = None

SCENARIO = """
name = "shop"; seed = 7;
traffic: { duration_s = 300.0; rate = ( { at_s = 0.0; per_min = 60.0; } ); };
callers: { patience_answer = 30.0; patience_queue = { type = "exponential"; mean_s = 30.0; };
           talk = { type = "exponential"; mean_s = 60.0; }; };
trunks = ( { circuits = 60; } );
ivr: { menu = 5.0; };
agents = ( { count = 60; ring = 1.0; } );
"""


def run(*words, timeout=240):
    return subprocess.run([PEAKRIG, "plan", *words], timeout=timeout, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)


def rows_of(text):
    return list(csv.DictReader(line for line in io.StringIO(text) if not line.startswith("#")))


class Folder(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-plan-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.scenario = os.path.join(self.folder, "shop.cfg")
        self.out = os.path.join(self.folder, "out")
        with open(self.scenario, "w") as file:
            file.write(SCENARIO)

    def read(self, *names):
        with open(os.path.join(self.out, *names)) as file:
            return file.read()

    def expect_no_parts(self):
        for top, _, files in os.walk(self.folder):
            for name in files:
                self.assertNotIn(".part", name, os.path.join(top, name))


class Grid(Folder):
    def test_table_csv_and_json_agree(self):
        words = [self.scenario, "--vary", "trunks[0].e1=1:3", "--vary", "agents[0].count=50,60",
                 "-n", "10", "-q"]
        table, as_csv, as_json = run(*words), run(*words, "--csv"), run(*words, "--json")
        for done in (table, as_csv, as_json):
            self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        document, rows = json.loads(as_json.stdout), rows_of(as_csv.stdout)
        self.assertEqual(document["format"], "peakrig plan 1")
        self.assertEqual(document["status"], "complete")
        self.assertNotIn("answer", document)
        with open(self.scenario, "rb") as file:
            digest = hashlib.sha256(file.read()).hexdigest()
        self.assertEqual(document["inputs"]["scenario_sha256"], digest)
        self.assertIn(f"# scenario_sha256: {digest}\n", as_csv.stdout)
        self.assertIn("# seed: 7\n", as_csv.stdout)
        self.assertEqual([(r["trunks[0].e1"], r["agents[0].count"]) for r in rows],
                         [(e, c) for e in "123" for c in ("50", "60")])
        self.assertEqual(len(document["points"]), 6)
        lines = re.findall(r"^ +(\d) \| +(\d+) \| +10 \| +([\d.]+) % \(([\d.]+)\.\.([\d.]+)\)",
                           table.stdout, re.M)
        self.assertEqual(len(lines), 6, table.stdout)
        for line, row, point in zip(lines, rows, document["points"]):
            lost = point["metrics"]["p_lost_trunk_per_entrant"]
            self.assertEqual(point["values"], {"trunks[0].e1": int(row["trunks[0].e1"]),
                                               "agents[0].count": int(row["agents[0].count"])})
            self.assertEqual(line[:2], (row["trunks[0].e1"], row["agents[0].count"]))
            self.assertAlmostEqual(lost["mean"], float(row["p_lost_trunk_per_entrant_mean"]), 9)
            self.assertAlmostEqual(lost["confidence_of_mean"][1],
                                   float(row["p_lost_trunk_per_entrant_ci_high"]), 9)
            self.assertEqual(f"{100 * lost['mean']:.2f}", line[2])
            low, high = lost["prediction_95_of_one_run"]
            self.assertTrue(low <= lost["mean"] <= high)
        # the same figures as predict, which sets the same values
        done = subprocess.run([PEAKRIG, "predict", self.scenario, "-n", "10", "-q", "--json",
                               "--set", "trunks[0].e1=2", "--set", "agents[0].count=60"],
                              text=True, stdout=subprocess.PIPE, check=True)
        predicted = {m["name"]: m["mean"] for m in json.loads(done.stdout)["metrics"]}
        self.assertEqual(predicted["connect_rate"],
                         document["points"][3]["metrics"]["connect_rate"]["mean"])
        # circuits are replaced by e1: 30 each
        circuits = run(self.scenario, "--vary", "trunks[0].circuits=30:90:30", "-n", "10", "-q",
                       "--json", "--set", "agents[0].count=50")
        for a, b in zip(json.loads(circuits.stdout)["points"], document["points"][::2]):
            self.assertEqual(a["metrics"], b["metrics"])

    def test_same_bytes_with_any_threads(self):
        words = [self.scenario, "--vary", "agents[0].count=50:60:5", "-n", "9", "-q", "--json"]
        one, three = run(*words, "--threads", "1"), run(*words, "--threads", "3")
        self.assertEqual(one.returncode, 0)
        self.assertEqual(one.stdout, three.stdout)

    def test_show(self):
        done = run(self.scenario, "--vary", "agents[0].count=50:60:5", "-n", "5", "-q",
                   "--show", "wait_p95_s", "--show", "lost_queue_per_offered")
        head = done.stdout.splitlines()[2]
        self.assertEqual([c.strip() for c in head.split("|")],
                         ["agents[0].count", "runs", "wait_p95_s", "lost_queue_per_offered"])


class Search(Folder):
    def test_smallest_with_evidence_and_files(self):
        done = run(self.scenario, "--vary", "trunks[0].circuits=50:110", "--meet",
                   "lost_trunk<=5%", "-n", "20", "-q", "-o", self.out)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        answer = re.search(r"^trunks\[0\]\.circuits = (\d+) is the smallest that meets "
                           r"lost_trunk <= 5 % \(the mean of all days, 95 % confidence\)$",
                           done.stdout, re.M)
        self.assertTrue(answer, done.stdout)
        found = int(answer[1])
        document = json.loads(self.read("plan.json"))
        self.assertEqual(document["answer"]["outcome"], "meets")
        self.assertEqual(document["answer"]["values"], {"trunks[0].circuits": found})
        points = {p["values"]["trunks[0].circuits"]: p for p in document["points"]}
        self.assertLess(len(points), 25)
        met, below = points[found]["requirements"][0], points[found - 1]["requirements"][0]
        self.assertEqual(met["verdict"], "meets")
        self.assertLessEqual(met["bounds"][1], 0.05)
        self.assertNotEqual(below["verdict"], "meets")
        self.assertGreater(below["bounds"][1], 0.05)
        self.assertRegex(done.stdout, rf"(?m)^  {found} meets: lost_trunk \d\.\d+ % \(")
        self.assertRegex(done.stdout, rf"(?m)^  {found - 1} (fails|is undecided): lost_trunk \d")
        rows = rows_of(self.read("plan.csv"))
        self.assertEqual([int(r["trunks[0].circuits"]) for r in rows], sorted(points))
        self.assertEqual({r["verdict"] for r in rows} - {"meets", "fails", "undecided"}, set())
        for name in ("curves-wide.svg", "curves-narrow.svg"):
            ElementTree.fromstring(self.read("plots", name))
        with open(os.path.join(self.out, "plots", "curves.png"), "rb") as file:
            self.assertEqual(file.read(4), b"\x89PNG")
        page = self.read("plan.html")
        ElementTree.fromstring(page.split("\n", 1)[1])
        self.assertIn(answer[0].replace("<", "&lt;"), page)
        self.assertEqual(page.count("<svg"), 2)
        self.expect_no_parts()

    def test_two_axes_and_cost(self):
        words = [self.scenario, "--vary", "trunks[0].circuits=60:100:2", "--vary",
                 "agents[0].count=44:72:4", "--meet", "connect_rate>=84.7%", "-n", "10",
                 "--max-replications", "160", "-q", "-o", self.out]
        cheap = {}
        for cost in ("trunks[0].circuits=1,agents[0].count=25",
                     "agents[0].count=1,trunks[0].circuits=25"):
            done = run(*words, "--cost", cost)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            answer = json.loads(self.read("plan.json"))["answer"]
            costs = [m["cost"] for m in answer["minimal"]]
            cheapest = answer["minimal"][costs.index(min(costs))]
            self.assertEqual(answer["values"], cheapest["values"])
            cheap[cost] = answer["values"]
        self.assertEqual(len({json.dumps(v) for v in cheap.values()}), 2, cheap)
        self.assertLess(len(rows_of(self.read("plan.csv"))), 60)
        for name in ("lost_trunk", "connect_rate"):  # shown without being asked for, and asked for
            ElementTree.fromstring(self.read("plots", f"heat-{name}-wide.svg"))
        searched = rows_of(self.read("plan.csv"))
        searched_grids = {name: self.read("plots", f"heat-{name}.dat")
                          for name in ("lost_trunk", "connect_rate")}
        self.assertIn("small: interpolated", self.read("plots", "heat-lost_trunk.gp"))
        self.assertFalse(os.path.exists(os.path.join(self.out, "plots", "curves.gp")))
        every = run(*words, "--exhaustive")
        self.assertEqual(every.returncode, 0)
        self.assertEqual(len(rows_of(self.read("plan.csv"))), 21 * 8)
        self.assertIn("splot 'heat-connect_rate.dat'",
                      self.read("plots", "heat-connect_rate.gp"))
        self.check_grids(searched, rows_of(self.read("plan.csv")), {
            name: self.read("plots", f"heat-{name}.dat") for name in searched_grids}, searched_grids)
        # a plan of one axis takes the pictures of two away
        run(self.scenario, "--vary", "agents[0].count=50:60:5", "-n", "5", "-q", "-o", self.out)
        self.assertTrue(os.path.exists(os.path.join(self.out, "plots", "curves.png")))
        self.assertFalse([n for n in os.listdir(os.path.join(self.out, "plots")) if "heat" in n])

    def check_grids(self, searched, every, full, grids):
        """A search's heat maps have no holes, and say of what it did not simulate what is so."""
        verdicts = {(i // 8, i % 8): row["verdict"] for i, row in enumerate(every)}
        n_follows = 0
        for name, text in grids.items():
            cells, truth = ({(int(x), int(y)): rest for x, y, *rest in
                             (map(float, line.split()) for line in data.split("\n")
                              if line and line[0] != "#")} for data in (text, full[name]))
            self.assertEqual(len(cells), 21 * 8)
            known = {at: value for at, (value, is_simulated, _) in cells.items() if is_simulated}
            self.assertEqual(len(known), len(searched))
            self.assertEqual({is_simulated for _, is_simulated, _ in truth.values()}, {1})
            width = max(v for v, _, _ in truth.values()) - min(v for v, _, _ in truth.values())
            for at, (value, is_simulated, verdict) in cells.items():
                self.assertLessEqual(min(known.values()), value)
                self.assertLessEqual(value, max(known.values()))
                if not is_simulated and verdict != 0:
                    n_follows += 1
                    self.assertNotEqual(verdicts[at], "fails" if verdict > 0 else "meets", at)
            errors = [abs(value - truth[at][0]) for at, (value, _, _) in cells.items()]
            self.assertLess(sum(errors) / len(errors), 0.2 * width, name)
        self.assertGreater(n_follows, 100)

    def test_exit_codes_of_answers(self):
        vary = ["--vary", "trunks[0].circuits=40:60:5", "-q", "-n", "10"]
        rows = [
            (["--meet", "lost_trunk<=1%"], 1, "no combination in the range meets lost_trunk <= 1 %"),
            (["--meet", "lost_trunk<=80%"], 0, "40 is the first value of its range"),
            (["--meet", "lost_trunk<=80%", "--of-days", "90%"], 0, "on 90 % of days"),
        ]
        for words, code, text in rows:
            done = run(self.scenario, *vary, *words)
            self.assertEqual(done.returncode, code, done.stdout + done.stderr)
            self.assertIn(text, done.stdout)
        # the limit is the very mean of ten runs, and there are no more: nobody can decide
        done = run(self.scenario, "--vary", "trunks[0].circuits=60", "-q", "-n", "10", "--json")
        mean = json.loads(done.stdout)["points"][0]["metrics"]["p_lost_trunk_per_entrant"]["mean"]
        done = run(self.scenario, "--vary", "trunks[0].circuits=60", "-q", "-n", "10",
                   "--max-replications", "10", "--meet", f"lost_trunk<={mean}")
        self.assertEqual(done.returncode, 3, done.stdout)
        self.assertIn("60 is undecided", done.stdout)

    def test_worse_with_more_is_said(self):
        done = run(self.scenario, "--vary", "trunks[0].circuits=40:120:10", "--meet",
                   "lost_queue<=1%", "-n", "20", "-q", "--set", "agents[0].count=40")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("lost_queue gets worse with more trunks[0].circuits", done.stdout)
        self.assertIn("not every larger combination meets", done.stdout)


class Stop(Folder):
    def test_ctrl_c_keeps_what_is_done(self):
        words = [PEAKRIG, "plan", self.scenario, "--vary", "trunks[0].circuits=30:9000", "-n", "200",
                 "-o", self.out]
        child = subprocess.Popen(words, text=True, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(child.kill)
        progress = child.stderr.readline()  # after ten seconds: some combinations are done
        self.assertRegex(progress, r"^planning: \d+ of 8971, \d+ (s|min) left; \d+ of 200 runs; "
                                   r"trunks\[0\]\.circuits = \d+\n$")
        child.send_signal(signal.SIGINT)
        text, errors = child.communicate(timeout=60)
        self.assertEqual(child.returncode, 4, text + errors)
        self.assertIn("plan: stopped; what was done until then is kept", errors)
        document = json.loads(self.read("plan.json"))
        self.assertEqual(document["status"], "stopped")
        n_done = int(re.match(r"planning: (\d+)", progress)[1])
        self.assertGreaterEqual(len(document["points"]), n_done)
        self.assertGreater(n_done, 0)
        self.assertLess(len(document["points"]), 8971)
        self.assertIn("# status: stopped\n", self.read("plan.csv"))
        self.assertEqual(len(rows_of(self.read("plan.csv"))), len(document["points"]))
        self.assertIn(f"stopped: {len(document['points'])} of 8971 combinations", text)
        self.assertTrue(os.path.exists(os.path.join(self.out, "plan.html")))
        self.expect_no_parts()


class Words(Folder):
    def test_errors(self):
        vary = ["--vary", "trunks[0].circuits=50:60"]
        file = os.path.join(self.folder, "file")
        open(file, "w").close()
        rows = [
            ([], 2, "expected one SCENARIO"),
            ([self.scenario], 2, "expected --vary"),
            (["/nonexistent.cfg", *vary], 2, "/nonexistent.cfg"),
            ([self.scenario, "--vary", "trunks[0].circuits=60:50"], 2, "an empty range"),
            ([self.scenario, "--vary", "trunks[0].circuits=1.5:3"], 2,
             "with trunks[0].circuits = 1.5: "),
            ([self.scenario, "--vary", "trunks[0].e1=0:3"], 2, "with trunks[0].e1 = 0: "),
            ([self.scenario, "--vary", "trunks[7].e1=1:3"], 2, "trunks[7].e1"),
            ([self.scenario, "--vary", "trunks[0].wires=1:3"], 2, "wires"),
            ([self.scenario, *vary, "--vary", "trunks[0].e1=1:3"], 2, "excludes"),
            ([self.scenario, *vary, *vary], 2, "given twice"),
            ([self.scenario, *vary, "--meet", "lost_moon<=1%"], 2, "unknown metric \"lost_moon\""),
            ([self.scenario, *vary, "--meet", "lost_trunk=1%"], 2, "one of <=, <, >= and >"),
            ([self.scenario, *vary, "--meet", "lost_trunk<=1"], 2, "1 may mean 1% or all"),
            ([self.scenario, *vary, "--show", "moon"], 2, "--show: unknown metric"),
            ([self.scenario, *vary, "--cost", "trunks[0].circuits=1"], 2, "--meet"),
            ([self.scenario, *vary, "--meet", "lost_trunk<=1%", "--cost", "x=1"], 2, "not varied"),
            ([self.scenario, *vary, "--meet", "lost_trunk<=1%", "--of-days", "1"], 2, "--of-days"),
            ([self.scenario, *vary, "--confidence", "0.5"], 2, "--confidence"),
            ([self.scenario, *vary, "-n", "1"], 2, "expected 2 to 100000000"),
            ([self.scenario, *vary, "--meet", "lost_trunk<=1%", "--max-replications", "9"], 2,
             "expected 20 (--replications) to"),
            ([self.scenario, *vary, "--json", "--csv"], 2, "exclude each other"),
            ([self.scenario, *vary, "-o", file], 5, "expected a folder"),
            ([self.scenario, *vary, "-o", "/nonexistent/x"], 5, "/nonexistent/x"),
        ]
        for words, code, message in rows:
            done = run(*words)
            self.assertEqual(done.returncode, code, f"{words}: {done.stdout}{done.stderr}")
            self.assertIn(message, done.stderr, words)
            self.assertEqual(done.stdout, "", words)
        self.assertEqual(sorted(os.listdir(self.folder)), ["file", "shop.cfg"])

    def test_points_are_gone_on_from(self):
        points = os.path.join(self.folder, "points")
        words = [self.scenario, "--vary", "trunks[0].circuits=40:70:5", "--meet", "lost_trunk<=2%", "--json",
                 "--quiet", "--max-replications", "80"]
        plain = run(*words)
        first = run(*words, "--points", points)
        with open(points) as file:
            whole = file.read()
        again = run(*words, "--points", points)
        self.assertEqual((plain.returncode, plain.stdout), (first.returncode, first.stdout))
        self.assertEqual((plain.returncode, plain.stdout), (again.returncode, again.stdout))
        looks = [match.start() for match in re.finditer("^look ", whole, re.M)]
        self.assertGreater(len(looks), 6)
        for n in (1, len(looks) // 2):  # as it was when so many were done: the rest is simulated
            with open(points, "w") as file:
                file.write(whole[:looks[n]])
            part = run(*words, "--points", points)
            self.assertEqual((plain.returncode, plain.stdout), (part.returncode, part.stdout))
            with open(points) as file:
                self.assertEqual(file.read(), whole)
        # what is kept is taken: a figure that is not simulated shows
        begin = whole.index("\n", looks[0]) + 1
        end = whole.index("\n", begin)
        row = " ".join(["0x1p-1"] * len(whole[begin:end].split()))
        with open(points, "w") as file:
            file.write(whole[:begin] + row + whole[end:])
        self.assertNotEqual(run(*words, "--points", points).stdout, plain.stdout)

    def test_points_of_another_plan_are_refused(self):
        points = os.path.join(self.folder, "points")
        words = [self.scenario, "--vary", "trunks[0].circuits=60,70", "--quiet", "-n", "3"]
        self.assertEqual(run(*words, "--points", points).returncode, 0)
        with open(points) as file:
            whole = file.read()
        others = (["--set", "ivr.ports=9"], ["-n", "4"], ["--meet", "lost_trunk<=1%"],
                  ["--vary", "agents[0].count=50,60"])
        for more in others:
            done = run(*words, *more, "--points", points)
            self.assertEqual((done.returncode, done.stdout), (2, ""), more)
            self.assertIn("the points of another plan", done.stderr)
        number = whole.index("0x")
        damaged = ((whole[:whole.rindex(" 0x") + 1], "cut off"), (whole + "x", "no look of this plan"),
                   (whole[:number] + "?" + whole[number:], "not a number"),
                   (whole[:number] + "1 " + whole[number:], "too many numbers"),
                   (whole + whole[whole.index("look"):], "twice"), ("{}", "not the points of a plan"),
                   (whole.replace("look 0", "look 9"), "no look of this plan"))
        for text, message in damaged:
            with open(points, "w") as file:
                file.write(text)
            done = run(*words, "--points", points)
            self.assertEqual((done.returncode, done.stdout), (2, ""), message)
            self.assertRegex(done.stderr, "points:[0-9]+: .*" + message)
            with open(points) as file:
                self.assertEqual(file.read(), text)  # nothing of the user's is lost
        for path, code in ((self.scenario, 2), ("-", 2), ("/dev/zero", 2), (self.folder, 5), ("/nonexistent/x", 5)):
            done = run(*words, "--points", path)
            self.assertEqual((done.returncode, done.stdout), (code, ""), done.stderr)
        with open(self.scenario) as file:
            self.assertEqual(file.read(), SCENARIO)

    def test_a_plan_is_told_though_its_points_find_no_room(self):
        points = os.path.join(self.folder, "points")

        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

        done = subprocess.run([PEAKRIG, "plan", self.scenario, "--vary", "trunks[0].circuits=60,70", "--quiet", "-n",
                               "30", "--points", points], text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, preexec_fn=limit, timeout=240)
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertIn("trunks[0].circuits", done.stdout)
        self.assertIn(f"peakrig: {points}: ", done.stderr)
        self.assertEqual(sorted(os.listdir(self.folder)), ["points", "shop.cfg"])

    def test_help(self):
        done = run("--help")
        self.assertEqual(done.returncode, 0)
        self.assertIn("Usage: peakrig plan", done.stdout)


if __name__ == "__main__":
    PEAKRIG = os.path.abspath(sys.argv[1])
    unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[2:])
