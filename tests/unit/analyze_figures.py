#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""peakrig analyze: figures, conditions, groups and explanations from the command line, against fixtures."""
import csv
import io
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

PEAKRIG, SOURCE = sys.argv[1:3]
FIXTURES = os.path.join(SOURCE, "tests", "fixtures")


def fixture(name):
    return os.path.join(FIXTURES, name + ".pcap")


CENTRE, FAILURES, REFUSES, HOURS = map(fixture, ("embedded_centre", "failures_of_all_kinds",
                                                 "refuses_everything", "two_carriers_over_hours"))
CARRIERS = ["--carrier", "A=192.0.2.0/24", "--carrier", "B=header:x-trunk=beta*"]
# no sign before a number that is nought
MINUS_NOUGHT = re.compile(r"(?<![\w.-])-0+(\.0+)?(?![\w.-])")


def run(*words, stdin=None):
    with open(stdin or os.devnull, "rb") as given:
        done = subprocess.run([PEAKRIG, "analyze", *words], stdin=given, capture_output=True,
                              env={**os.environ, "LC_ALL": "C"}, timeout=120, check=False)
    done.stdout, done.stderr = done.stdout.decode(), done.stderr.decode()
    return done


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def ok(self, *words, **how):
        done = run(*words, **how)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIsNone(MINUS_NOUGHT.search(done.stdout), done.stdout)
        return done.stdout

    def json(self, *words):
        return json.loads(self.ok(*words, "--json"))

    def rows(self, path):
        with open(path, newline="") as file:
            return list(csv.DictReader(line for line in file if not line.startswith("#")))

    def calls(self, *words):
        self.ok(*words, "--calls", self.path("calls.csv"))
        return self.rows(self.path("calls.csv"))

    def ids(self, capture, where, *words):
        return [row["call_id"] for row in self.calls(capture, "--where", where, *words)]


class Ratios(Case):
    def test_failures_of_all_kinds(self):
        told = self.json(FAILURES)["sessions"]
        self.assertEqual([told[k] for k in ("bids", "seizures", "answers", "delivered", "deliverable")],
                         [22, 15, 4, 11, 22])
        self.assertAlmostEqual(told["ner"], 11 / 22)
        self.assertAlmostEqual(told["asr_offered"], 4 / 22)
        self.assertAlmostEqual(told["asr_seized"], 4 / 15)
        self.assertEqual((told["asr"], told["abr"]), (told["asr_seized"], told["asr_offered"]))
        why = {entry["cause"]: entry["n"] for entry in told["why"]}
        self.assertEqual(why, {None: 2, 1: 1, 17: 2, 19: 1, 21: 3, 34: 1, 38: 1, 41: 3, 42: 1, 44: 1, 47: 1,
                               102: 1})
        text = self.ok(FAILURES)
        self.assertIn("ASR 18.18 % of 22 offered, 26.67 % of 15 seized", text)
        self.assertIn("NER 50.00 % of 22: 4 answered, 7 busy, not answered or rejected by the called side, 11 "
                      "not delivered\n", text)
        self.assertIn("41 temporary failure (3)", text)

    def test_a_centre_that_refuses_everything(self):
        told = self.json(REFUSES)["sessions"]
        self.assertEqual((told["ner"], told["asr_offered"], told["asr_seized"]), (0, 0, 0))
        self.assertIn("NER 0.00 % of 6: 0 answered", self.ok(REFUSES))

    def test_nothing_is_divided_by_nothing(self):
        told = self.json(fixture("empty_capture"))
        self.assertIsNone(told["sessions"]["ner"])
        self.assertEqual(told["hours"]["rows"], [])
        self.assertIsNone(told["over_time"])
        self.assertEqual(told["patience"]["n"], 0)


class OverTime(Case):
    def test_hours(self):
        hours = self.json(HOURS)["hours"]
        self.assertEqual(hours["interval_s"], 3600)
        told = [(row["t_s"] - 1767225600, row["offered"], row["answered"], row["served"], row["lost_trunk"],
                 row["circuits"]["max"], row["queue"]["max"], row["agents"]["max"]) for row in hours["rows"]]
        self.assertEqual(told, [(0, 6, 6, 6, 0, 6, 1, 6), (3600, 8, 5, 0, 3, 10, 3, 6),
                                (7200, 4, 4, 4, 0, 1, 1, 1)])
        # 00:50 to 01:00: calls from 0, 60, .. 300 s on
        self.assertAlmostEqual(hours["rows"][0]["circuits"]["mean"], sum(600 - 60 * k for k in range(6)) / 600)
        self.assertAlmostEqual(hours["rows"][0]["agents"]["mean"],
                               sum(600 - 60 * k - 9 for k in range(6)) / 600, delta=0.01)
        self.assertEqual([row["e1_peak"] for row in hours["rows"]], [1, 1, 1])

    def test_file(self):
        path = self.path("usage.csv")
        for interval in (None, "300", "900", "3600"):
            self.ok(HOURS, "--over-time", path, *(["--interval", interval] if interval else []))
            rows = self.rows(path)
            self.assertEqual(sum(int(row["offered"]) for row in rows), 18)
            self.assertEqual(sum(int(row["lost_trunk"]) for row in rows), 3)
            self.assertEqual(max(int(row["circuits_max"]) for row in rows), 10)
            # circuit seconds: six of 909 s, four of 65 s, five of 20.5 .. 60.5 s
            held = sum(float(row["circuits_mean"]) * float(row["seconds"]) for row in rows)
            self.assertAlmostEqual(held, 6 * 909 + 4 * 65 + 5 * 40.5, delta=2)
            if interval is not None:  # from 00:50 to 02:07:45
                self.assertEqual(len(rows), 7665 // int(interval) - 3000 // int(interval) + 1)
                self.assertEqual(rows[1]["t_s"], str(int(rows[0]["t_s"]) + int(interval)))
        done = run(HOURS, "--over-time", path, "--interval", "7")
        self.assertEqual(done.returncode, 2)
        self.assertIn("7 s is no multiple of the shortest interval that so long a capture has, 4 s", done.stderr)

    def test_circuits_are_those_of_the_lines(self):
        for capture in (CENTRE, HOURS, fixture("plain_pbx"), fixture("crossings")):
            told = self.json(capture)
            rows = told["hours"]["rows"]
            self.assertEqual(max(row["circuits"]["max"] for row in rows), told["circuits"]["peak_in_use"])
            self.assertEqual(sum(row["offered"] for row in rows), told["calls"])
            # of chosen calls all changes are kept: the same figures
            chosen = self.json(capture, "--where", "n_legs>0")
            for key in ("hours", "circuits", "stages", "sessions", "patience", "outcomes", "calls"):
                self.assertEqual(chosen[key], told[key], key)

    def test_plots(self):
        if shutil.which("gnuplot") is None:
            self.fail("gnuplot is missing (ci/setup installs it)")
        self.ok(HOURS, "--plots", self.path("plots"))
        for name in ("usage", "patience"):
            for ending in ("-wide.svg", "-narrow.svg"):
                root = xml.etree.ElementTree.parse(self.path(f"plots/{name}{ending}")).getroot()
                self.assertIn("seconds in the queue" if name == "patience" else "circuits",
                              "".join(root.itertext()))
            self.assertGreater(os.path.getsize(self.path(f"plots/{name}.png")), 2000)
        # without anyone who hung up there is no curve, and none of before stays
        self.ok(FAILURES, "--plots", self.path("plots"))
        self.assertFalse(os.path.exists(self.path("plots/patience.png")))
        self.assertTrue(os.path.exists(self.path("plots/usage.png")))


class Patience(Case):
    def test_by_hand(self):
        """Waits: six answered at 8.5 s, four at 14.5 s; hung up at 20, 30, 40, 50, 60 s."""
        told = self.json(HOURS, "--patience", self.path("patience.csv"))["patience"]
        self.assertEqual((told["n"], told["hung_up"], told["censored"], told["left_out"]), (15, 5, 10, 0))
        self.assertEqual(told["longest_s"], 60)
        quantiles = {entry["p"]: entry["t_s"] for entry in told["quantiles"]}
        self.assertEqual(quantiles, {0.05: 20, 0.1: 20, 0.25: 30, 0.5: 40, 0.75: 50, 0.9: 60})
        self.assertAlmostEqual(told["mean_if_exponential"]["t_s"], (6 * 8.5 + 4 * 14.5 + 200) / 5)
        rows = self.rows(self.path("patience.csv"))
        self.assertEqual([float(row["t_s"]) for row in rows], [0, 20, 30, 40, 50, 60])
        self.assertEqual([int(row["at_risk"]) for row in rows], [15, 5, 4, 3, 2, 1])
        greenwood = 0
        for row, left in zip(rows[1:5], (0.8, 0.6, 0.4, 0.2)):
            n = int(row["at_risk"])
            greenwood += 1 / (n * (n - 1))
            self.assertAlmostEqual(float(row["p_waiting"]), left)
            self.assertAlmostEqual(float(row["se"]), left * math.sqrt(greenwood), places=6)
            self.assertTrue(0 < float(row["low"]) < left < float(row["high"]) < 1)
        self.assertEqual((rows[5]["p_waiting"], rows[5]["se"]), ("0.000000000", ""))
        self.assertIn("median 40 s", self.ok(HOURS))


class Groups(Case):
    def table(self, told, index=0):
        return {group["group"]: group for group in told["by"][index]["groups"]}

    def test_carriers(self):
        told = self.table(self.json(HOURS, *CARRIERS, "--by", "carrier"))
        self.assertEqual({name: (g["calls"], g["answered"], g["outcomes"]["lost_trunk"]) for name, g in told.items()},
                         {"A": (11, 11, 0), "B": (7, 4, 3)})
        self.assertAlmostEqual(told["B"]["ner"], 4 / 7)
        self.assertIsNone(self.table(self.json(HOURS, "--by", "carrier"))["192.0.2.10"]["talk"].get("x"))
        self.assertEqual(sorted(self.table(self.json(HOURS, "--by", "carrier"))), ["192.0.2.10", "203.0.113.9"])
        # what fits no rule
        self.assertEqual(sorted(self.table(self.json(HOURS, "--carrier", "A=192.0.2.0/24", "--by", "carrier"))),
                         ["A", "none"])
        # the same rules from a file
        rules = self.path("rules.cfg")
        with open(rules, "w") as file:
            file.write('format = "peakrig rules 1"; carriers = ( { name = "A"; from = "192.0.2.0/24"; }, '
                       '{ name = "B"; header = "X-Trunk"; value = "beta*"; } );\n')
        self.assertEqual(self.table(self.json(HOURS, "--rules", rules, "--by", "carrier")), told)

    def test_agents(self):
        told = self.table(self.json(HOURS, "--by", "agent"))
        self.assertEqual({name: (g["calls"], g["rings"], g["missed_rings"]) for name, g in told.items()},
                         {"agent1": (6, 6, 0), "agent2": (2, 2, 0), "agent3": (2, 2, 0), "agent4": (0, 4, 4),
                          "none": (8, 0, 0)})
        self.assertAlmostEqual(told["agent4"]["ring"]["mean_s"], 10, places=2)
        self.assertAlmostEqual(told["agent1"]["talk"]["total_s"], 2 * 900 + 4 * 50, places=2)

    def test_classes_hours_and_both(self):
        told = self.json(HOURS, "--by", "class", "--by", "hour", "--by", "class,hour")
        self.assertEqual({name: g["calls"] for name, g in self.table(told, 0).items()}, {"100": 6, "200": 12})
        self.assertEqual({name: g["calls"] for name, g in self.table(told, 1).items()},
                         {"2026-01-01T00": 6, "2026-01-01T01": 8, "2026-01-01T02": 4})
        self.assertEqual(list(self.table(told, 2)), ["100 / 2026-01-01T00", "200 / 2026-01-01T01",
                                                     "200 / 2026-01-01T02"])

    def test_every_field_conserves_the_calls(self):
        fields = re.search("expected one of (.*)", run(HOURS, "--by", "x").stderr)[1].split(", ")
        self.assertGreater(len(fields), 20)
        for capture, n in ((HOURS, 18), (CENTRE, 14), (FAILURES, 22)):
            told = self.json(capture, *[word for field in fields[:16] for word in ("--by", field)])
            told["by"] += self.json(capture, *[w for field in fields[16:] for w in ("--by", field)])["by"]
            self.assertEqual([table["fields"] for table in told["by"]], [[field] for field in fields])
            for table in told["by"]:
                self.assertEqual(sum(g["calls"] for g in table["groups"]), n, table["fields"])
                for outcome, total in told["outcomes"].items():
                    self.assertEqual(sum(g["outcomes"][outcome] for g in table["groups"]), total)

    def test_csv_says_what_json_says(self):
        told = self.json(HOURS, "--by", "agent", "--by", "outcome", "--by-csv", self.path("by.csv"))
        rows = self.rows(self.path("by.csv"))
        groups = [(table["fields"][0], g) for table in told["by"] for g in table["groups"]]
        self.assertEqual(len(rows), len(groups))
        for row, (by, g) in zip(rows, groups):
            self.assertEqual((row["by"], row["group"], int(row["calls"]), int(row["rings"])),
                             (by, g["group"], g["calls"], g["rings"]))
            for key, mean in (("wait_mean_s", g["wait"]["mean_s"]), ("talk_p95_s", g["talk"]["p95_s"])):
                if mean is None:
                    self.assertEqual(row[key], "")
                elif key == "wait_mean_s":
                    self.assertAlmostEqual(float(row[key]), mean, places=3)


class Where(Case):
    def test_calls(self):
        for where, expected in (
                ("outcome=lost_queue and wait_s>=50", ["lost-3", "lost-4"]),
                ("carrier=B and not lost=yes", ["late-0", "late-1", "late-2", "late-3"]),
                ("carrier=B and code>=500", ["refused-0", "refused-1", "refused-2"]),
                ("agent=agent3", ["early-2", "early-5"]),
                ("hour=2 and rings=2", ["late-0", "late-1", "late-2", "late-3"]),
                ("class=200 and at_s<720", ["lost-0", "lost-1"]),
                ("cause=34 or caller=824", ["lost-4", "refused-0", "refused-1", "refused-2"])):
            self.assertEqual(self.ids(HOURS, where, *CARRIERS), expected, where)

    def test_figures_are_of_the_chosen_calls(self):
        told = self.json(HOURS, *CARRIERS, "--where", "carrier=B", "--by", "outcome")
        self.assertEqual((told["where"], told["calls"], told["circuits"]["peak_in_use"]), ("carrier=B", 7, 1))
        self.assertEqual(sum(g["calls"] for g in told["by"][0]["groups"]), 7)
        self.assertEqual(sum(row["offered"] for row in told["hours"]["rows"]), 7)
        self.assertNotIn("where", {k for k, v in self.json(HOURS).items() if v is not None})

    def test_parts_make_the_whole(self):
        for where in ("answered=yes", "outcome~lost", "wait_s>5", "self_served", "cancelled=no"):
            where = where if "=" in where or ">" in where or "~" in where else "outcome=self_served"
            for capture in (CENTRE, fixture("plain_pbx"), fixture("marks_come_late"), FAILURES):
                whole = [row["call_id"] for row in self.calls(capture)]
                parts = self.ids(capture, where) + self.ids(capture, f"not ({where})")
                self.assertEqual(sorted(parts), sorted(whole), (capture, where))

    def test_outcomes_that_are_known_late(self):
        """Marks come after the calls that depend on them."""
        late = fixture("marks_come_late")
        rows = self.calls(late)
        for outcome in {row["outcome"] for row in rows} | {"unclassified", "self_served"}:
            self.assertEqual(self.ids(late, f"outcome={outcome}"),
                             [row["call_id"] for row in rows if row["outcome"] == outcome])
            self.assertEqual(self.json(late, "--where", f"outcome={outcome}")["calls"],
                             sum(row["outcome"] == outcome for row in rows))

    def test_slice(self):
        part = self.path("part.pcap")
        said = self.ok(HOURS, *CARRIERS, "--where", "carrier=B and code>=500", "-o", part)
        self.assertIn("3 of 18 calls, 3 legs", said)
        self.assertEqual([row["call_id"] for row in self.calls(part)], ["refused-0", "refused-1", "refused-2"])
        self.ok(HOURS, "--slice", "outcome=lost_queue", "--where", "wait_s>45", "-o", part)
        self.assertEqual([row["call_id"] for row in self.calls(part)], ["lost-3", "lost-4"])

    def test_ladder(self):
        text = self.ok(HOURS, "--ladder", "*", "--where", "outcome=lost_queue and wait_s>45")
        self.assertEqual(re.findall("^Call (.*)$", text, re.M), ["lost-3", "lost-4"])
        late = fixture("marks_come_late")
        chosen = self.ids(late, "outcome=self_served")
        text = self.ok(late, "--ladder", "*", "--where", "outcome=self_served")
        self.assertEqual(re.findall("^Call (.*)$", text, re.M), chosen)

    def test_mistakes(self):
        for words, says in (
                (["--where", "code=5x"], "--where: column 6: code: \"5x\"; expected a number"),
                (["--where", "colour=red"], "\"colour\" is no field; expected one of call_id, "),
                (["--by", "colour"], "\"colour\" is no field to group by; expected one of"),
                (["--by-csv", "x.csv"], "expected --by FIELD[,FIELD] with it"),
                (["--carrier", "A=10.0.0.1/8"], "\"A=10.0.0.1/8\": no network"),
                (["--where", "code=1", "--ladder", "refused"], "expected --ladder '*' or no --where"),
                (["--where", "code=1", "--why", "refused"], "expected --why lost, --why '*' or no --where"),
                (["--why", "refused", "--json"], "stand alone"),
                (["--why", "nobody"], "--why: \"nobody\": no call has this Call-ID"),
                (["--jsonl", "-", "--json"], "both go to standard output"),
                (["-o", "x.pcap"], "expected --slice KEY=VALUE with it, or --where CONDITION"),
                (["--interval", "0"], "expected a whole number from 1")):
            done = run(CENTRE, *words)
            self.assertEqual(done.returncode, 2, words)
            self.assertIn(says, done.stderr)
        for words in (["--over-time"], ["--patience"], ["--jsonl"], ["--by", "code", "--by-csv"]):
            done = run(CENTRE, *words, self.path("no/folder.csv"))
            self.assertEqual(done.returncode, 5, words)
            self.assertIn("no/folder.csv", done.stderr)


class Lines(Case):
    def test_each_call_is_a_line(self):
        for capture in (CENTRE, HOURS, FAILURES):
            rows = {row["call_id"]: row for row in self.calls(capture)}
            lines = [json.loads(line) for line in self.ok(capture, "--jsonl", "-").splitlines()]
            self.assertEqual({line["call_id"] for line in lines}, set(rows))
            self.assertEqual(len(lines), len(rows))
            for line in lines:
                row = rows[line["call_id"]]
                for key in ("final_code", "n_messages", "n_legs", "bye", "invite_retransmissions"):
                    self.assertEqual(str(line[key]), row[key])
                for key in ("t_invite_s", "t_queue_s", "t_agent_answer_s", "t_end_s"):
                    told = line[key]
                    self.assertEqual("" if told is None else row[key], row[key])
                    self.assertAlmostEqual(float(told or 0), float(row[key] or 0), places=6)
                outcome = line.get("outcome_if_marks", line["outcome"])
                self.assertIn(row["outcome"], (outcome, line["outcome"]))

    def test_instants_are_exact(self):
        text = self.ok(fixture("file_nanoseconds"), "--jsonl", "-")
        self.assertIn('"t_invite_s":1767225610.000000123', text)

    def test_who(self):
        lines = {line["call_id"]: line for line in map(json.loads, self.ok(
            HOURS, *CARRIERS, "--jsonl", "-", "--where", "carrier=B").splitlines())}
        self.assertEqual(len(lines), 7)
        late = lines["late-0"]
        self.assertEqual([late[k] for k in ("from", "to", "caller", "called", "carrier")],
                         ["203.0.113.9:5080", "198.51.100.5:5060", "810", "200", "B"])
        self.assertEqual([(ring["agent"], ring["final_code"], ring["t_answer_s"] is None) for ring in late["rings"]],
                         [("agent4", 487, True), ("agent1", 200, False)])
        self.assertAlmostEqual(late["rings"][0]["t_end_s"] - late["rings"][0]["t_ring_s"], 10, places=3)
        refused = lines["refused-1"]
        self.assertEqual((refused["cause"], refused["cause_given"], refused["rings"]), (34, True, []))

    def test_file_and_pipe(self):
        path = self.path("calls.jsonl")
        text = self.ok(CENTRE, "--jsonl", path)
        self.assertIn("14 calls;", text)
        with open(path) as file:
            self.assertEqual(file.read(), self.ok("-", "--jsonl", "-", stdin=CENTRE))

    def test_a_line_comes_when_its_call_is_over(self):
        """The capture goes on: the calls that are over are told, not all at the end."""
        with open(HOURS, "rb") as file:
            data = file.read()
        with subprocess.Popen([PEAKRIG, "analyze", "-", "--jsonl", "-"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as done:
            done.stdin.write(data[:-1000])
            done.stdin.flush()
            first = json.loads(done.stdout.readline())
            self.assertIsNone(done.poll())
            self.assertIsNotNone(first["t_end_s"])
            done.stdin.write(data[-1000:])
            done.stdin.close()
            rest = done.stdout.read()
        self.assertEqual(done.returncode, 0)
        self.assertEqual(len(rest.splitlines()), 17)

    def test_a_full_device_is_told(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([PEAKRIG, "analyze", CENTRE, "--jsonl", "-"], stdout=full,
                                  stderr=subprocess.PIPE, timeout=60, check=False)
        self.assertEqual(done.returncode, 5)
        self.assertIn(b"standard output: cannot write", done.stderr)


class Why(Case):
    def test_lost_calls(self):
        text = self.ok(CENTRE, "--why", "lost")
        lost = [row["call_id"] for row in self.calls(CENTRE) if row["outcome"].startswith("lost")]
        self.assertEqual(re.findall("^Call (.*)$", text, re.M), lost)
        for says in ("refused with 503, with cause 34 of Q.850 (no circuit available) 0.002 s after its INVITE",
                     "The caller waited 7.000 s for an answer and gave up; the centre had let it ring",
                     "The caller hung up after 25.500 s in the queue; no agent's phone had rung.",
                     "The centre ended the call after 59.500 s in the queue, with cause 102",
                     "when an agent's phone had rung for 3.000 s, and had waited 5.500 s",
                     "+3.000 s  the phone of agent \"agent1\" begins to ring",
                     "Not seen: a provisional response (101 to 199), an answer (2xx), a mark of the queue"):
            self.assertIn(says, text)
        self.assertRegex(text, r"Decided by built-in outcome rule \d+ \(end refused; phases offered\): lost_trunk\n")

    def test_one_call_and_a_condition(self):
        self.assertEqual(re.findall("^Call (.*)$", self.ok(CENTRE, "--why", "gave-up", "--why", "refused"), re.M),
                         ["refused", "gave-up"])
        text = self.ok(HOURS, "--why", "*", "--where", "rings=2 and hour=2")
        self.assertEqual(re.findall("^Call (.*)$", text, re.M), ["late-0", "late-1", "late-2", "late-3"])
        self.assertIn("the phone of agent \"agent4\" stops ringing (487)", text)
        self.assertIn("The caller talked with an agent.", text)
        self.assertEqual(self.ok(CENTRE, "--why", "lost", "--where", "code=404"), "no such call\n")

    def test_every_fixture_is_explained(self):
        for name in sorted(os.listdir(FIXTURES)):
            if not name.endswith(".pcap"):
                continue
            capture = os.path.join(FIXTURES, name)
            n = sum(not row["call_back_of"] for row in self.calls(capture))
            text = self.ok(capture, "--why", "*")
            self.assertEqual(len(re.findall("^Decided by ", text, re.M)), n, name)

    def test_calls_back_are_explained_by_name(self):
        """No caller's calls: "*" and "lost" leave them out."""
        capture = fixture("called_back")
        backs = [row for row in self.calls(capture) if row["call_back_of"]]
        self.assertEqual(len(backs), 4)
        for row in backs:
            text = self.ok(capture, "--why", row["call_id"])
            self.assertIn(f"\n{row['outcome']}: {row['reason']}\nThe centre calls back the caller of call "
                          f"{row['call_back_of']}: ", text)
            self.assertIn("Decided by where it goes: from the centre to the number of a call that was deflected", text)
            self.assertNotIn(row["call_back_of"], self.ok(capture, "--why", row["call_id"], "--mask"))
        self.assertIn("he answered, and talked with an agent.", self.ok(capture, "--why", "back-served"))
        self.assertNotIn("calls back", self.ok(capture, "--why", "*") + self.ok(capture, "--why", "lost"))
        self.assertIn("no call has this Call-ID; expected that of a caller\'s leg or of a call back",
                      run(capture, "--why", "nobody").stderr)

    def test_a_rule_of_a_file_is_named(self):
        rules = self.path("rules.cfg")
        with open(rules, "w") as file:
            file.write('format = "peakrig rules 1"; outcomes = ( { name = "impatient"; end = "caller_bye"; '
                       'phases = ( "queue" ); waited_max_s = 30.0; outcome = "lost_agent"; reason = "short"; } );\n')
        text = self.ok(CENTRE, "--why", "gave-up", "--rules", rules)
        self.assertIn('Decided by outcome rule "impatient" (end caller_bye; phases queue; waited_max_s 30): '
                      'lost_agent', text)

    def test_no_queue_marks(self):
        self.assertIn("cannot be told apart", self.ok(FAILURES, "--why", "case-0"))


class Mask(Case):
    KEY = ["--mask-key", "a key to share"]
    SECRETS = ("served-agent", "agent1", "192.0.2.10", "198.51.100", '"1001"', '"1009"')

    def test_nothing_is_shown(self):
        for words in (["--jsonl", "-"], ["--why", "*"], ["--by", "agent", "--by", "caller", "--by", "from"],
                      ["--by", "carrier,agent", "--json"]):
            plain, masked = self.ok(CENTRE, *words), self.ok(CENTRE, *words, *self.KEY)
            self.assertTrue(any(secret.strip('"') in plain for secret in self.SECRETS), words)
            for secret in self.SECRETS:
                self.assertNotIn(secret, masked, words)
        self.ok(CENTRE, "--by", "agent,caller", "--by-csv", self.path("by.csv"), *self.KEY)
        with open(self.path("by.csv")) as file:
            self.assertNotIn("agent1", file.read())

    def test_conditions_are_of_what_was_captured(self):
        plain = self.calls(CENTRE)
        masked = self.calls(CENTRE, "--where", "caller=1009", *self.KEY)
        self.assertEqual(len(masked), 1)
        row = next(row for row in plain if row["call_id"] == "served-agent")
        hidden = {"call_id": "", "agent": ""}  # who answered is noted where callers or agents are asked for
        self.assertEqual({**masked[0], **hidden}, {**row, **hidden})


class Document(Case):
    """The examples of docs/analyze.md: each command runs, and gives what stands below it."""

    def test_examples(self):
        with open(os.path.join(SOURCE, "docs", "analyze.md"), encoding="utf-8") as file:
            text = file.read()
        blocks = re.findall(r"^    \$ peakrig analyze (.*)\n((?:    .*\n|\n(?=    [^$]))*)", text, re.M)
        self.assertGreaterEqual(len(blocks), 5)
        for command, expected in blocks:
            words = subprocess.run(["python3", "-c", "import shlex,sys,json;print(json.dumps(shlex.split(sys.argv[1])))",
                                    command], capture_output=True, check=True).stdout
            words = [os.path.join(SOURCE, word) if word.startswith("tests/") else word
                     for word in json.loads(words)]
            words = [self.path(word) if word.startswith("OUT/") else word for word in words]
            os.makedirs(self.path("OUT"), exist_ok=True)
            told = self.ok(*words)
            lines = [line[4:].rstrip() for line in expected.splitlines() if line.strip() not in ("", "...")]
            at = 0
            got = [line.rstrip() for line in told.splitlines()]
            for line in lines:  # in this order, others may stand between where the document says "..."
                self.assertIn(line, got[at:], f"{command}: {line}")
                at = got.index(line, at) + 1


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
