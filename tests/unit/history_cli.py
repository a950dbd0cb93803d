#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The history from outside: each judged run gets in once; what cannot be written changes no verdict; two at once both get
in; a process killed at any instant leaves it whole; export and import carry it, and nothing gets in twice.

Usage: history_cli.py PEAKRIG SOURCE_DIR
"""
import csv
import io
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

PEAKRIG = None
SOURCE = None
CODES = {"pass": 0, "fail": 1, "stopped": 1}


def peakrig(*words, **more):
    return subprocess.run([PEAKRIG, *words], capture_output=True, text=True, timeout=120,
                          **{"stdin": subprocess.DEVNULL, **more})


class InFolder(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-history-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.db = self.at("runs/history.db")

    def at(self, name):
        return os.path.join(self.folder, name)

    def copy_of(self, name, where="runs"):
        out = self.at(f"{where}/{name}")
        shutil.copytree(os.path.join(SOURCE, "tests/fixtures/runs", name), out)
        return out

    def diff(self, run, *words, code=0, warned=None, **more):
        done = peakrig("diff", run, "--quiet", *words, **more)
        self.assertEqual(done.returncode, code, done.stderr)
        if warned is None:
            self.assertEqual(done.stderr, "")
        else:
            self.assertIn("peakrig: warning: history ", done.stderr)
            self.assertIn(warned, done.stderr)
            self.assertIn("; the verdict stands, but the run is not in the history: \"peakrig history add", done.stderr)
        return done

    def judged(self, name, *labels):
        """A run's folder, put in without being judged again: that takes seconds."""
        run = self.copy_of(name)
        with open(os.path.join(run, "result.json")) as file:
            result = json.load(file)
        with open(os.path.join(run, "result.json"), "w") as file:
            json.dump({**result, "labels": dict(label.split("=", 1) for label in labels)}, file)
        done = peakrig("history", "add", run)
        self.assertEqual(done.returncode, 0, done.stderr)
        return run

    def listed(self, *words, db=None):
        done = peakrig("history", "--history", db or self.db, "--json", *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)["runs"]

    def exported(self, db=None):
        done = peakrig("history", "export", "-", "--history", db or self.db)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def check_whole(self, db=None):
        base = sqlite3.connect(db or self.db)
        self.assertEqual(base.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
        self.assertEqual(base.execute("PRAGMA foreign_key_check").fetchall(), [])
        self.assertEqual(base.execute("PRAGMA journal_mode").fetchall(), [("wal",)])
        rows = base.execute("SELECT count(*), (SELECT count(*) FROM stages) FROM runs").fetchone()
        base.close()
        self.assertEqual(rows[1], 4 * rows[0])
        return rows[0]


class History(InFolder):
    def test_each_judged_run_gets_in_once(self):
        for name, code in CODES.items():
            run = self.copy_of(name)
            self.diff(run, "--label", "build=1.4", "--label", f"kind={name}", code=code)
            if name == "pass":
                self.diff(run, code=code)
            with open(os.path.join(run, "result.json")) as file:
                result = json.load(file)
            self.assertEqual(result["labels"], {"build": "1.4", "kind": name})
        runs = {run["labels"]["kind"]: run for run in self.listed()}
        self.assertEqual(sorted(runs), sorted(CODES))
        self.assertEqual(self.check_whole(), 3)
        for name, run in runs.items():
            with open(self.at(f"runs/{name}/result.json")) as file:
                result = json.load(file)
            self.assertEqual((run["judgement"], run["exit_code"], run["scenario"], run["seed"], run["status"]),
                             (result["verdict"]["judgement"], CODES[name], "cli-test", 7, result["status"]))
            self.assertEqual(run["id"], result["inputs"]["play_sha256"][:16])
            for key in ("scenario_sha256", "schedule_sha256", "calls_sha256", "play_sha256", "capture_sha256"):
                self.assertEqual(run[key], result["inputs"][key])
            self.assertEqual(run["folder"], self.at(f"runs/{name}"))
            for kept, was in zip(run["stages"], result["stages"]):
                self.assertEqual((kept["entered"], kept["lost"], kept["judgement"]),
                                 (was["entered"], was["lost"], was["judgement"]))
            metrics = {m["name"]: m["observed"] for m in run["metrics"]}
            self.assertEqual(metrics, {m["name"]: m["observed"] for m in
                                       [*result["metrics"], *(m for p in result["parts"] for m in p["metrics"])]})
        self.assertEqual(sorted(os.listdir(self.at("runs"))), ["fail", "history.db", "pass", "stopped"])

    def test_calls_agree_with_the_stages(self):
        self.diff(self.copy_of("pass"))
        run = json.loads(self.exported())
        for stage, lost, ends in zip(run["stages"], "tiqa", ("tiqamdSs12345", "iqamdSs2345", "qadSs345", "aSs45")):
            self.assertEqual(stage["lost"], run["calls"].count(lost))
            self.assertEqual(stage["entered"], sum(run["calls"].count(letter) for letter in ends))
        self.assertEqual(len(run["calls"]), run["n_planned"])
        wait = {m["name"]: m["observed"] for m in run["metrics"]}["answered_wait_mean_s"]
        self.assertAlmostEqual(run["wait_mean_s"], wait, 5)

    def test_where_it_is_said_to_be_or_nowhere(self):
        run = self.copy_of("pass")
        self.diff(run, "--no-history")
        self.assertFalse(os.path.exists(self.db))
        peakrig("history", "add", run, "--history", self.at("other.db"))
        self.assertFalse(os.path.exists(self.db))
        self.assertEqual(len(self.listed(db=self.at("other.db"))), 1)
        done = peakrig("diff", run, "--no-history", "--history", "x")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--history with --no-history", done.stderr)
        for label in ("build", "=1", "a b=1"):
            done = peakrig("diff", run, "--label", label)
            self.assertEqual(done.returncode, 2)
            self.assertIn("--label", done.stderr)
        done = peakrig("history", "--history", self.at("none.db"))
        self.assertEqual(done.returncode, 2)
        self.assertIn("none.db: no such file", done.stderr)
        self.assertFalse(os.path.exists(self.at("none.db")))

    def test_filters_and_tables(self):
        for name in CODES:
            self.judged(name, f"kind={name}", "build=1")
        for words, n in [([], 3), (["--verdict", "pass"], 1), (["--verdict", "FAIL"], 2), (["--label", "build=1"], 3),
                         (["--label", "build=1", "--label", "kind=fail"], 1), (["--scenario", "cli-test"], 3),
                         (["--scenario", "cli"], 0), (["--since", "2026-11-29"], 3), (["--until", "2026-11-29"], 0),
                         (["--limit", "2"], 2)]:
            with self.subTest(words):
                self.assertEqual(len(self.listed(*words)), n)
                rows = peakrig("history", "--history", self.db, "--csv", *words).stdout
                self.assertEqual(len(list(csv.DictReader(io.StringIO(rows)))), n)
        for words in (["--since", "yesterday"], ["--verdict", "good"], ["--label", "x"], ["--limit", "0"], ["lost"],
                      ["export"], ["import", "a", "b"], ["add"], ["list", "x"], ["--csv", "--json"]):
            with self.subTest(words):
                self.assertEqual(peakrig("history", "--history", self.db, *words).returncode, 2)
        shown = peakrig("history", "--history", self.db).stdout.splitlines()
        self.assertEqual(len(shown), 4)
        self.assertIn("cli-test  build=1; kind=", shown[1])

    def test_default_is_found(self):
        self.judged("pass")
        self.assertIn(" PASS ", peakrig("history", cwd=self.folder).stdout)
        self.assertIn(" PASS ", peakrig("history", cwd=self.at("runs")).stdout)

    def test_export_and_import(self):
        for name in CODES:
            self.judged(name, "x=ä \" ; '")
        text, other = self.exported(), self.at("other.db")
        self.assertEqual(text.count("\n"), 3)
        done = peakrig("history", "import", "-", "--history", other, input=text, stdin=None)
        self.assertIn("3 runs added, 0 renewed, 0 there already", done.stdout)
        self.assertEqual(self.exported(other), text)
        with open(self.at("h.jsonl"), "w") as file:
            file.write(text + "\n" + text)
        done = peakrig("history", "import", self.at("h.jsonl"), "--history", other)
        self.assertIn("0 runs added, 0 renewed, 6 there already", done.stdout)
        self.assertEqual(self.exported(other), text)
        done = peakrig("history", "export", self.db, "--history", self.db)
        self.assertEqual(done.returncode, 2)
        self.assertIn("that is the history itself", done.stderr)

    def test_wrong_lines(self):
        self.judged("pass")
        text, other = self.exported(), self.at("other.db")
        for change, expected in [(lambda d: d.update(id="x"), 'id: "x"; expected 16'), (lambda d: d.pop("format"), "format"),
                                 (lambda d: d.update(seed="7"), "seed: a text; expected a whole number"),
                                 (lambda d: d.update(scenario=3), "scenario: "), (lambda d: d.update(calls="SxS"), "'x' at 1"),
                                 (lambda d: d.update(labels={"a b": "1"}), 'label "a b"'),
                                 (lambda d: d.update(labels={"a": 1}), "labels.a: ")]:
            line = json.loads(text)
            change(line)
            done = peakrig("history", "import", "-", "--history", other, input=text + json.dumps(line), stdin=None)
            self.assertEqual(done.returncode, 2, done.stdout)
            self.assertIn("standard input:2", done.stderr)
            self.assertIn(expected, done.stderr)
        for line in ("{", "[]", "{}{}"):
            self.assertEqual(peakrig("history", "import", "-", "--history", other, input=line, stdin=None).returncode, 2)
        self.assertFalse(os.path.exists(other))  # all or nothing

    def test_folders_are_taken_in(self):
        for name in ("pass", "fail"):
            self.copy_of(name)
        done = peakrig("history", "add", self.at("runs/pass"), self.at("runs/fail"))
        self.assertIn("2 runs added", done.stdout)
        done = peakrig("history", "add", self.at("runs/pass"))
        self.assertIn("0 runs added, 0 renewed, 1 there already", done.stdout)
        os.remove(self.at("runs/pass/result.json"))
        done = peakrig("history", "add", self.at("runs/pass"))
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("result.json", done.stderr)


class Trouble(InFolder):
    """What cannot be written: a warning, and the exit code of the verdict."""

    def test_no_history_file(self):
        run = self.copy_of("fail")
        with open(self.db, "w") as file:
            file.write("no database\n" * 1000)
        before = os.stat(self.db)
        self.diff(run, code=1, warned="is no SQLite file")
        self.assertEqual((os.stat(self.db).st_mtime_ns, os.stat(self.db).st_size), (before.st_mtime_ns, before.st_size))
        os.remove(self.db)
        os.mkdir(self.db)
        done = peakrig("history", "add", run)
        self.assertEqual(done.returncode, 2)
        self.assertIn("is no ordinary file", done.stderr)
        os.rmdir(self.db)
        os.symlink("/dev/null", self.db)
        done = peakrig("history", "add", run)
        self.assertEqual(done.returncode, 2)
        self.assertIn("is no ordinary file", done.stderr)

    def test_newer(self):
        run = self.judged("pass")
        base = sqlite3.connect(self.db)
        base.execute("PRAGMA user_version = 99")
        base.close()
        done = peakrig("history", "add", run)
        self.assertEqual(done.returncode, 2)
        self.assertIn("is of a newer peakrig (schema 99;", done.stderr)
        done = peakrig("history", "--history", self.db)
        self.assertEqual(done.returncode, 2)
        self.assertIn("is of a newer peakrig", done.stderr)

    def test_damaged(self):
        run = self.judged("pass")
        with open(self.db, "r+b") as file:
            file.seek(4096)
            file.write(b"\xa5" * (os.path.getsize(self.db) - 4096))
        done = peakrig("history", "add", run)
        self.assertEqual(done.returncode, 2)
        self.assertIn("is damaged", done.stderr)

    def test_folder_is_not_there(self):
        done = peakrig("history", "add", self.copy_of("pass"), "--history", self.at("none/history.db"))
        self.assertEqual(done.returncode, 5)
        self.assertIn("cannot be made: No such file", done.stderr)

    def test_full_disk(self):
        """Where a file may have 30 kB at most."""
        run = self.copy_of("pass")
        done = subprocess.run(["sh", "-c", 'ulimit -f 60; exec "$0" history add "$1"', PEAKRIG, run],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertIn("history.db: ", done.stderr)
        self.assertEqual(peakrig("history", "add", run).returncode, 0)
        self.assertEqual(self.check_whole(), 1)

    @unittest.skipUnless(os.path.exists("/dev/full") and os.geteuid() == 0, "needs root: a file system of its own")
    def test_file_system_is_full(self):
        run, small = self.copy_of("pass"), self.at("small")
        os.mkdir(small)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", small], capture_output=True).returncode:
            self.skipTest("cannot mount here")
        self.addCleanup(subprocess.run, ["umount", small], capture_output=True)
        self.diff(run, "--history", f"{small}/history.db", warned="no room on the disk")

    @unittest.skipUnless(os.geteuid() == 0, "needs root: a file system that is read-only")
    def test_read_only(self):
        run = self.copy_of("pass")
        os.mkdir(self.at("kept"))
        done = peakrig("history", "add", run, "--history", self.at("kept/history.db"))
        self.assertEqual(done.returncode, 0, done.stderr)
        bound = subprocess.run(f'mount --bind {self.at("kept")} {self.at("kept")} && '
                               f'mount -o remount,ro,bind {self.at("kept")}', shell=True, capture_output=True)
        if bound.returncode:
            self.skipTest("cannot mount here")
        self.addCleanup(subprocess.run, ["umount", self.at("kept")], capture_output=True)
        self.diff(run, "--history", self.at("kept/history.db"), warned="cannot be opened or written")
        self.assertEqual(len(self.listed(db=self.at("kept/history.db"))), 1)  # it can be read all the same

    def test_locked(self):
        run = self.judged("fail")
        base = sqlite3.connect(self.db, isolation_level=None)
        base.execute("BEGIN IMMEDIATE")
        self.addCleanup(base.close)
        self.diff(run, code=1, warned="another program has kept it locked for 10 s")


class Together(InFolder):
    def test_many_at_once(self):
        """Also the first: all find no history, and each makes it."""
        runs = []
        for i in range(8):
            run = self.copy_of("pass", f"runs/{i}")
            with open(os.path.join(run, "result.json")) as file:
                result = json.load(file)
            result["inputs"]["play_sha256"] = f"{i:064x}"[::-1]
            with open(os.path.join(run, "result.json"), "w") as file:
                json.dump(result, file)
            runs.append(run)
        for n in (8, 16):
            many = [subprocess.Popen([PEAKRIG, "history", "add", run, "--history", self.at("h.db")], text=True,
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE) for run in runs * (n // 8)]
            for one in many:
                out, errors = one.communicate(timeout=60)
                self.assertEqual(one.returncode, 0, errors)
        self.assertEqual(self.check_whole(self.at("h.db")), 8)

    def test_killed_at_any_instant(self):
        self.copy_of("pass")
        peakrig("history", "add", self.at("runs/pass"))
        first = json.loads(self.exported())
        lines = [json.dumps({**first, "id": f"{i:016x}"}) for i in range(200)]
        with open(self.at("many.jsonl"), "w") as file:
            file.write("\n".join(lines) + "\n")
        began = time.monotonic()
        done = peakrig("history", "import", self.at("many.jsonl"), "--history", self.at("whole.db"))
        took = time.monotonic() - began
        self.assertIn("200 runs added", done.stdout)
        instants, db, seen = random.Random(20261129), self.at("killed.db"), []
        for _ in range(50):
            if len(seen) % 5 == 0:
                for end in ("", "-wal", "-shm"):
                    if os.path.exists(db + end):
                        os.remove(db + end)
            one = subprocess.Popen([PEAKRIG, "history", "import", self.at("many.jsonl"), "--history", db],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(instants.uniform(0.0, 1.2 * took))
            took *= 1.05 if one.poll() is None else 0.7  # as long as one takes now, whatever else the machine does
            one.send_signal(signal.SIGKILL)
            one.wait()
            if not os.path.exists(db) or os.path.getsize(db) + (os.path.exists(db + "-wal") and
                                                                os.path.getsize(db + "-wal")) == 0:
                seen.append(None)
                continue
            done = peakrig("history", "--history", db, "--json")
            self.assertEqual(done.returncode, 0, done.stderr)
            seen.append(len(json.loads(done.stdout)["runs"]))
            self.assertIn(seen[-1], (0, 200))  # all of an import or nothing
        done = peakrig("history", "import", self.at("many.jsonl"), "--history", db)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.check_whole(db), 200)
        self.assertEqual(self.exported(db), self.exported(self.at("whole.db")))
        self.assertGreater(len([n for n in seen if n != 200]), 5, seen)  # the kills came in time


class Compare(InFolder):
    def compare(self, *words, code):
        done = peakrig("compare", "--history", self.db, *words)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stdout + done.stderr

    def test_same_calls(self):
        """40 circuits, then 8: by folder, id and name; the calls are the same, and so it says."""
        passed, failed = self.judged("pass", "build=1"), self.judged("fail", "build=2")
        ids = {run["judgement"]: run["id"] for run in self.listed()}
        texts = [self.compare(*pair, code=1) for pair in
                 [(passed, failed), (ids["PASS"], ids["FAIL"][:6]), ("last-passed", failed), ("last-passed", ids["FAIL"])]]
        self.assertEqual(len(set(texts)), 1)
        self.assertIn("paired: both played the same 300 calls (seed 7)", texts[0])
        self.assertIn("WORSE: lost_trunk rose by +45.67 (+39.46..+51.39) percentage points", texts[0])
        self.assertIn("McNemar, paired: 300 pairs, 4 only in A, 141 only in B", texts[0])
        again = self.compare(passed, passed, code=0)
        self.assertIn("no real change for the worse", again)
        self.assertNotIn("WORSE", again)
        rows = {row["name"]: row for row in json.loads(self.compare("--json", failed, passed, code=1))["rows"]}
        self.assertEqual(rows["lost_trunk"]["change"], "better")
        self.assertEqual((rows["lost_trunk"]["only_a"], rows["lost_trunk"]["only_b"]), (141, 4))
        self.assertEqual(rows["setup_p95_s"]["change"], "WORSE")  # calls come through, and meet the full IVR

    def test_other_calls(self):
        """Another seed: unpaired, and the interval is wider; without calls it is said that counts are all there is."""
        self.judged("pass"), self.judged("fail")
        lines = [json.loads(line) for line in self.exported().splitlines()]
        wide = {}
        for kind, more in [("seed", {"seed": 8}), ("plan", {"plan_sha256": "0" * 64}), ("calls", {"calls": ""})]:
            text = "\n".join(json.dumps({**line, "folder": "", **(more if line["judgement"] == "FAIL" else {})})
                             for line in lines)
            peakrig("history", "import", "-", "--history", self.at(f"{kind}.db"), input=text, stdin=None)
            done = peakrig("compare", "--history", self.at(f"{kind}.db"), "--json", "last-passed", "last")
            found = json.loads(done.stdout)
            self.assertEqual((done.returncode, found["paired"]), (1, False))
            row = found["rows"][0]
            wide[kind] = row["d95"][1] - row["d95"][0]
            self.assertEqual(row["change"], "WORSE")
            self.assertEqual(row["method"].startswith("Newcombe, calls taken"), kind == "calls")
        self.assertEqual(wide["seed"], wide["plan"])
        self.assertGreater(wide["seed"], 0.16)  # of pairs it is 0.12

    def test_no_such_run(self):
        run = self.judged("pass")
        for words, expected in [(("abcd", run), "abcd: no such run"), (("96a", run), "96a: no such run"),
                                ((run, "%%%%"), "no such run"), (("last", run), "last: no such run"),
                                ((run,), "expected two runs"), ((self.folder, run), "expected the folder of a run")]:
            with self.subTest(words):
                self.assertIn(expected, self.compare(*words, code=2))
        self.assertIn("no such file", self.compare("--history", self.at("x.db"), "last", run, code=2))


class Baseline(InFolder):
    def test_worse_than_then(self):
        passed, failed = self.judged("pass"), self.copy_of("fail")
        done = peakrig("diff", failed, "--quiet", "--baseline", "last-passed", "--json")
        self.assertEqual(done.returncode, 1, done.stderr)
        result = json.loads(done.stdout)
        self.assertEqual((result["baseline"]["judgement"], result["baseline"]["paired"]), ("FAIL", True))
        self.assertEqual([row["name"] for row in result["baseline"]["rows"] if row["worse"]], ["lost_trunk", "connect_rate"])
        self.assertIn("worse than the baseline 96aa0971577dceab", result["verdict"]["summary"])
        with open(os.path.join(failed, "junit.xml")) as file:
            self.assertIn('name="baseline"', file.read())
        # a pass by itself that is worse than another: its own sentence stays behind; within a margin it passes
        done = peakrig("diff", passed, "--quiet", "--baseline", "41fc31857168f1c2")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("FAIL: worse than the baseline 41fc31857168f1c2", done.stdout)
        self.assertIn("by itself PASS:", done.stdout)
        self.assertEqual(self.listed("--verdict", "fail", "--limit", "9")[0]["baseline_judgement"], "FAIL")
        done = peakrig("diff", passed, "--quiet", "--baseline", "41fc31857168f1c2", "--baseline-margin", "60")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("not certain to be worse than the baseline", done.stderr)

    def test_words(self):
        run = self.judged("pass")
        for words, expected in [(("--baseline", "abcd"), "abcd: no such run"), (("--baseline-margin", "1"), "expected --baseline"),
                                (("--baseline", "last-passed", "--baseline-margin", "x"), '"x"; expected percentage points'),
                                (("--baseline", "last-passed", "--no-history"), "--no-history")]:
            done = peakrig("diff", run, "--quiet", *words)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(expected, done.stderr)


class Trend(InFolder):
    def test_by_run_and_week(self):
        self.judged("pass"), self.judged("fail")
        def trend(*words, code=0):
            done = peakrig("trend", "--history", self.db, *words)
            self.assertEqual(done.returncode, code, done.stderr)
            return done.stdout + done.stderr
        self.assertEqual(trend("lost_trunk"), "2026-11-29 11:23     1 run        45.67 %, predicted 46.55\n"
                         "2026-11-29 11:23     1 run        91.33 %, predicted 46.18, 1 failed\n\n▁█\n")
        point, = json.loads(trend("lost_trunk", "--by", "week", "--json"))["points"]
        self.assertEqual((point["start"], point["runs"], point["failed"]), ("2026-W48", 2, 1))
        self.assertAlmostEqual(point["mean"], (0.4566667 + 0.9133333) / 2, 6)
        row, = csv.DictReader(io.StringIO(trend("lost_trunk", "--by", "day", "--csv", "--svg", self.at("t.svg"))))
        self.assertEqual((row["start"], row["least"], row["most"]), ("2026-11-29", "0.456667", "0.913333"))
        with open(self.at("t.svg")) as file:
            self.assertIn("lost_trunk", file.read())
        self.assertIn("none of 2 runs", trend("nonsense", code=2))
        self.assertIn("expected run, day, week or month", trend("lost_trunk", "--by", "year", code=2))


if __name__ == "__main__":
    PEAKRIG = os.path.abspath(sys.argv[1])
    SOURCE = os.path.abspath(sys.argv[2])
    unittest.main(argv=sys.argv[:1])
