#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `diff`, `predict`, `plan`, `compare`, `history`, `trend`, `analyze`, `check` and `doctor` write fits its JSON Schema, to the last key; and the schemas refuse what is not so.

usage: result_schemas.py PEAKRIG SOURCE
"""
import copy
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import jsonschema

PEAKRIG, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
CAPTURES = ("empty_capture", "clock_set_back", "failures_of_all_kinds", "two_carriers_over_hours")
SMALL = SOURCE / "tests/loopback/cli.cfg"


def schema_of(name):
    return json.loads((SOURCE / "docs" / f"{name}.schema.json").read_text())


def complaints(name, document):
    found = jsonschema.Draft202012Validator(schema_of(name)).iter_errors(document)
    return [f"{e.json_path}: {e.message[:200]}" for e in found]


def output_of(*words, codes=(0,)):
    done = subprocess.run([PEAKRIG, *map(str, words)], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=250)
    assert done.returncode in codes, done.stderr
    return json.loads(done.stdout)


def groups_in(value):
    """Every object of a document."""
    if isinstance(value, dict):
        yield value
    for member in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from groups_in(member)


class Schemas(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.documents = {"result": [], "prediction": [], "plan": []}
        with tempfile.TemporaryDirectory() as folder:
            for name in ("pass", "fail", "stopped"):
                shutil.copytree(SOURCE / "tests/fixtures/runs" / name, f"{folder}/{name}")
                cls.documents["result"].append(output_of("diff", f"{folder}/{name}", "--json", "--quiet", codes=(0, 1, 3, 4)))
        for scenario in (SMALL, SOURCE / "scenarios/two-carriers.cfg", SOURCE / "scenarios/skills-vip.cfg"):
            cls.documents["prediction"].append(output_of("predict", scenario, "-n", "3", "--json", "--quiet", "--set",
                                                         "traffic.duration_s=120.0"))
        vary = ["plan", SMALL, "--vary", "trunks[0].circuits=20:30:10", "-n", "4", "--json", "--quiet"]
        for words in ([], ["--meet", "lost_trunk<=99%"], ["--meet", "lost_trunk<=0%", "--cost", "trunks[0].circuits=3"],
                      ["--meet", "connect_rate>=1%", "--of-days", "0.5"]):
            cls.documents["plan"].append(output_of(*vary, *words, codes=(0, 1, 3)))

        cls.documents.update(cls.of_a_history())
        cls.documents.update(cls.of_captures())
        cls.documents["check"] = [output_of("check", scenario, "--json", "--set", "target.port=5062", codes=(0, 5))
                                  for scenario in (SMALL, SOURCE / "scenarios/skills-vip.cfg")]
        cls.documents["doctor"] = [output_of("doctor", "--json", *more, codes=(0, 5))
                                   for more in (("--sipp", "/nowhere/sipp"), ())]

    @staticmethod
    def of_a_history():
        runs = [SOURCE / "tests/fixtures/runs" / name for name in ("pass", "fail", "stopped")]
        with tempfile.TemporaryDirectory() as folder:
            db = ("--history", f"{folder}/history.db")
            subprocess.run([PEAKRIG, "history", "add", *runs, *db], check=True, capture_output=True)
            subprocess.run([PEAKRIG, "history", "export", f"{folder}/lines", *db], check=True, capture_output=True)
            lines = [json.loads(line) for line in pathlib.Path(f"{folder}/lines").read_text(encoding="utf-8").splitlines()]
            return {"comparison": [output_of("compare", *pair, "--json", codes=(0, 1)) for pair in (runs[1:], runs[:2])],
                    "history": [output_of("history", *more, "--json", *db) for more in (("--scenario", "nobody"), ())],
                    "history-run": lines,
                    "trend": [output_of("trend", "lost_trunk", "--by", by, "--json", *db) for by in ("run", "day", "week", "month")],
                    "history-counts": [output_of("history", "--by", by, "--json", *db) for by in ("day", "week", "month")]}

    @staticmethod
    def of_captures():
        captures = [SOURCE / "tests/fixtures" / f"{name}.pcap" for name in CAPTURES]
        with tempfile.TemporaryDirectory() as folder:
            calls = pathlib.Path(folder, "calls.csv")
            subprocess.run([PEAKRIG, "analyze", captures[-1], "--calls", calls, "--quiet"], check=True, capture_output=True)
            prediction = pathlib.Path(folder, "prediction.json")
            prediction.write_text(json.dumps(output_of("predict", SMALL, "-n", "3", "--json", "--quiet")))
            judged = output_of("diff", "--prediction", prediction, "--calls", calls, "--json", codes=(0, 1, 3, 4))
        by = ("--by", "carrier", "--by", "agent", "--interval", "60")
        return {"losses": [output_of("analyze", capture, "--json", *more) for capture in captures for more in ((), by)],
                "capture-verdict": [judged]}

    def test_they_are_schemas_and_fresh(self):
        for name in self.documents:
            jsonschema.Draft202012Validator.check_schema(schema_of(name))
        done = subprocess.run([SOURCE / "ci/result-schemas", "--check", PEAKRIG], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_what_is_written_fits(self):
        for name, documents in self.documents.items():
            for document in documents:
                self.assertEqual(complaints(name, document), [], name)

    def test_a_key_too_much_or_too_few(self):
        """In every object of every kind."""
        for name, documents in self.documents.items():
            whole = documents[-1]
            validator = jsonschema.Draft202012Validator(schema_of(name))
            n = sum(1 for _ in groups_in(whole))
            self.assertGreater(n, {"comparison": 8, "trend": 1, "history-counts": 1, "capture-verdict": 4, "check": 1, "doctor": 5}.get(name, 40))
            for i in range(0, n, max(1, n // 60)):
                made = copy.deepcopy(whole)
                place = next(g for at, g in enumerate(groups_in(made)) if at == i)
                if any(place is other.get("labels") for other in groups_in(made)):
                    continue  # their keys are the user's
                place["colour"] = "red"
                self.assertFalse(validator.is_valid(made), f"{name}: {sorted(place)[:6]} takes a colour")
            for key in whole:
                if name == "plan" and key in ("answer", "planning", "advice"):
                    continue
                made = {other: value for other, value in whole.items() if other != key}
                self.assertFalse(validator.is_valid(made), f"{name} without {key}")

    def test_wrong_values(self):
        for change in (lambda r: r["verdict"].update(judgement="GOOD"), lambda r: r["stages"].pop(),
                       lambda r: r["stages"][0].update(p_observed=1.5), lambda r: r["calls"].update(offered=-1),
                       lambda r: r.update(seed="1"), lambda r: r["inputs"].update(calls_sha256="abc"),
                       lambda r: r.update(format="peakrig result 2"), lambda r: r["calls"]["outcomes"].pop("served")):
            made = copy.deepcopy(self.documents["result"][0])
            change(made)
            self.assertNotEqual(complaints("result", made), [])
        for name, change in (("comparison", lambda c: c["rows"][0].update(change="same?")), ("trend", lambda t: t.update(by="year")),
                             ("comparison", lambda c: c["a"].update(id="last")), ("history-run", lambda r: r.update(calls="tx")),
                             ("history", lambda h: h["runs"][0]["stages"].pop()), ("losses", lambda l: l["outcomes"].update(not_placed=0)),
                             ("losses", lambda l: l["sessions"].update(asr=1.5)), ("losses", lambda l: l["capture"].pop("fragments")),
                             ("losses", lambda l: l.update(registrations={})), ("check", lambda c: c["planning"].update(agents=-1)),
                             ("capture-verdict", lambda v: v.update(exit_code=2)),
                             ("doctor", lambda d: d["items"][0].update(state="good"))):
            made = copy.deepcopy(self.documents[name][-1])
            change(made)
            self.assertNotEqual(complaints(name, made), [], name)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[3:])
