#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calculator from outside: every example of docs/formulas.md, every direction, every refusal.

Usage: erlang_cli.py PEAKRIG SOURCE_DIR
"""
import functools
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

PEAKRIG = None
SOURCE = None
FORMULAS = ["b", "extended", "engset", "gi", "kaufman", "overflow", "wilkinson", "hayward", "c", "a",
            "mmck", "psa", "mol"]


def run(*words, cwd=None):
    return subprocess.run([PEAKRIG, "erlang", *words], cwd=cwd, timeout=60, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def document(*words):
    done = run(*words, "--json")
    if done.returncode != 0:
        raise AssertionError(f"{words}: {done.stderr}")
    return json.loads(done.stdout)


def examples():
    """(words, expected output) of each "$ peakrig erlang ..." in the indented blocks of the page."""
    found, is_output = [], False
    with open(os.path.join(SOURCE, "docs/formulas.md")) as file:
        for line in file:
            line = line.rstrip("\n")
            if line.startswith("    $ peakrig erlang "):
                found.append([line.split()[3:], ""])
                is_output = True
            elif line.startswith("    ") and found and is_output:
                found[-1][1] += line[4:] + "\n"
            else:
                is_output = False
    return found


class Docs(unittest.TestCase):
    def test_examples(self):
        page = examples()
        for words, expected in page:
            done = run(*words, cwd=SOURCE)
            shown = done.stdout if done.returncode == 0 else done.stderr
            self.assertEqual(shown, expected, words)
        self.assertEqual(sorted({words[0] for words, _ in page}), sorted(FORMULAS))


@functools.cache
def arguments(formula):
    """(word, what it takes) of each argument, from the formula's help."""
    block = run(formula, "--help").stdout.split("Arguments:\n")[1].split("\n\n")[0]
    found = []
    for line in block.splitlines():
        match = re.match(r"  (?:-\w, |    )?(--[\w-]+(?: [A-Z]+)?|[A-Z: ]*[A-Z])  .*?(?: \(([^()]*)\))?$", line)
        if match is None:
            raise AssertionError(f"{formula} --help: {line}")
        takes = re.sub("(; |^)(required|default .*)$", "", match[2] or "")
        if match[1] not in ("--json", "--help"):
            found.append((match[1], takes))
    return found


# Calls that have an answer, and the arguments to be tried in each: bare words first, by their place.
QUEUE = ["--aht", "--within", "--percentile", "--patience", "--agents", "--rate-per-min", "--places"]
RANGES = [
    ("b 10 17", ["ERLANG", "CIRCUITS"]),
    ("b 10 --circuits 17", ["ERLANG", "--circuits"]),
    ("b 10 --loss 0.1", ["ERLANG", "--loss"]),
    ("extended 35 --redial 0.6 --circuits 44", ["ERLANG", "--redial", "--circuits"]),
    ("extended 35 --redial 0.6 --loss 0.1", ["ERLANG", "--loss"]),
    ("engset 20 --circuits 5 --idle 0.1", ["SOURCES", "--circuits", "--idle"]),
    ("engset 20 --loss 0.1 --offered 2", ["SOURCES", "--loss", "--offered"]),
    ("gi 10 --gap-cv 1 --circuits 17", ["ERLANG", "--gap-cv", "--circuits"]),
    ("gi 10 --gap-cv 1 --loss 0.1", ["--loss"]),
    ("kaufman 10:1 --circuits 17", ["--circuits"]),
    ("kaufman 10:1 --loss 0.1", ["--loss"]),
    ("overflow 10 8 --circuits 9", ["--circuits"]),
    ("overflow 10 8 --loss 0.1", ["--loss"]),
    ("wilkinson 3 6 --circuits 9", ["MEAN", "VARIANCE", "--circuits"]),
    ("wilkinson 3 6 --loss 0.1", ["--loss"]),
    ("hayward 11 --peakedness 2 --circuits 22", ["ERLANG", "--peakedness", "--circuits"]),
    ("hayward 11 --peakedness 2 --loss 0.1", ["--loss"]),
    ("c 10 --agents 14 --aht 180 --within 20 --percentile 0.9", ["ERLANG"] + QUEUE),
    ("a 10 --agents 14 --aht 180 --within 20 --percentile 0.9 --patience 60", ["ERLANG"] + QUEUE),
    ("a --rate-per-min 3 --agents 14 --aht 180 --patience 60", ["--rate-per-min"]),
    ("mmck 50 --agents 55 --places 80 --aht 180 --within 20", ["ERLANG"] + QUEUE),
    ("mmck 50 --agents 55 --loss 0.1 --aht 180", ["--loss"]),
    ("c 10 --aht 180 --service-level 0.8 --within 20", ["--service-level"]),
    ("c 10 --aht 180 --p-wait 0.2", ["--p-wait"]),
    ("c 10 --aht 180 --mean-wait 5", ["--mean-wait"]),
    ("a 10 --aht 180 --patience 60 --abandon 0.1", ["--abandon"]),
    ("mol 2 --interval 60 --step 60 --aht 60 --circuits 3 --within 1",
     ["RATE", "--interval", "--step", "--aht", "--circuits", "--within"]),
    ("mol 2 --interval 60 --aht 60 --aht-shape gamma --aht-cv 2 --agents 9 --patience 5",
     ["--aht-cv", "--agents", "--patience"]),
    ("psa 2 --interval 60 --aht 60 --loss 0.1", ["RATE", "--loss"]),
]


class Table(unittest.TestCase):
    def test_page_names_each_argument(self):
        """The table of docs/formulas.md is that of the program: words, units, ranges, formulas."""
        with open(os.path.join(SOURCE, "docs/formulas.md")) as file:
            page = re.findall(r"(?m)^\| `([^`]+)` \| ([^|]*) \| (`[^|]+`) \|$",
                              file.read().split("## Arguments\n")[1].split("\n## ")[0])
        told = {(word, takes.strip(), name) for word, takes, names in page
                for name in re.findall(r"`(\w+)`", names)}
        known = {(word, takes, formula) for formula in FORMULAS for word, takes in arguments(formula)}
        self.assertEqual(told, known)
        self.assertGreater(len(known), 60)

    def test_list(self):
        """The list names the formulas, and the page a row for each."""
        listed = re.findall(r"(?m)^  ([a-z]+) +\S", run("--help").stdout.split("Formulas:\n")[1].split("\n\n")[0])
        self.assertEqual(listed, FORMULAS)
        with open(os.path.join(SOURCE, "docs/formulas.md")) as file:
            assumes = file.read().split("## What each assumes\n")[1].split("\n## ")[0]
        for formula in FORMULAS:
            self.assertIn(f"`{formula}`", assumes)

    def test_ranges(self):
        """What the help says of a range holds: one step beyond each end is refused."""
        beyond = {">= 0": ["-1"], "> 0": ["0"], "> 0 and < 1": ["0", "1"], ">= 0 and < 1": ["1", "-0.1"],
                  "0 to 1": ["-0.1", "1.1"], "0 to 100": ["-1", "100.5"], "0 to 10000000": ["-1", "10000001"],
                  "1 to 10000000": ["0", "10000001"], ">= 0, or inf": ["-1"], ">= MEAN": ["2"],
                  ">= 0 and < SOURCES": ["20", "-1"]}
        n_tried = 0
        for call, words in RANGES:
            formula = call.split()[0]
            self.assertEqual(run(*call.split()).returncode, 0, call)
            for word, takes in arguments(formula):
                option = word.split()[0]
                if option not in words or (option[0] == "-" and option not in call.split()):
                    continue
                for value in beyond[takes.split(", ", 1)[1]]:
                    line = call.split()
                    place = line.index(option) + 1 if option in line else words.index(option) + 1
                    done = run(*line[:place], value, *line[place + 1:])
                    self.assertEqual(done.returncode, 2, f"{line}: {option} {value}: {done.stdout}")
                    n_tried += 1
        self.assertGreater(n_tried, 80)


class Answers(unittest.TestCase):
    def test_values(self):
        """The oracles of the tables, through the command line."""
        rows = [
            ("b 10 --circuits 17", "p_block", 0.012949, 6),
            ("b 10 --circuits 16.5", "p_block", 0.017103, 6),
            ("b 10 --loss 2%", "n_circuits", 17, 0),
            ("b 10 --loss 0.02", "circuits_exact", 16.2081634, 6),
            ("b --circuits 15 --loss 1%", "offered_erl", 8.108, 3),
            ("b --circuits 16.5 --loss 0.017103130605318", "offered_erl", 10, 6),
            ("b 25 30", "p_block", 0.0526032, 7),
            ("c 10 --agents 14 --aht 180 --within 20", "p_wait", 0.1741319, 7),
            ("c 10 --agents 14 --aht 180 --within 20", "p_served_within", 0.88835, 5),
            ("c 10 --agents 14 --aht 180 --within 20", "mean_wait_s", 7.835937, 6),
            ("c 10 --agents 14 --aht 180 --percentile 90%", "wait_percentile_s", 24.958938, 6),
            ("c 10 --aht 180 --service-level 80% --within 20", "n_agents", 14, 0),
            ("c 10 --aht 180 --p-wait 0.2", "n_agents", 14, 0),
            ("c 10 --aht 180 --mean-wait 7.8", "n_agents", 15, 0),
            ("c --agents 14 --aht 180 --p-wait 0.174131933595", "offered_erl", 10, 6),
            ("a --rate-per-min 3.333333333333 --agents 14 --aht 180 --patience 300", "p_wait",
             0.14526, 5),
            ("a 10 --agents 14 --aht 180 --patience 300", "p_abandon", 0.013984, 6),
            ("a 10 --agents 14 --aht 180 --patience 300 --within 20", "p_served_within", 0.916792,
             6),
            ("a 100 --agents 100 --aht 1 --patience 1", "p_abandon", 0.039861, 6),
            ("a 100 --agents 100 --aht 1 --patience 1", "p_wait", 0.513299, 6),
            ("a 10 --agents 14 --aht 180 --patience inf --within 20", "p_served_within", 0.88835, 5),
            ("a 10 --agents 17 --aht 180 --patience 0", "p_abandon", 0.012949, 6),
            ("a 10 --aht 180 --patience 300 --abandon 1.4%", "n_agents", 14, 0),
            ("a --agents 14 --aht 180 --patience 300 --abandon 0.013983744122409", "offered_erl", 10,
             6),
            ("mmck 5 --agents 4 --places 6 --aht 0.1", "p_block", 0.293543, 6),
            ("mmck 1.5 --agents 2 --places 5 --aht 0.5", "p_block", 0.085114, 6),
            ("mmck 1.5 --agents 2 --places 5 --aht 0.5", "mean_wait_s", 0.230858, 6),
            ("mmck 50 --agents 55 --loss 1% --aht 180", "n_places", 70, 0),
            ("mmck 50 --places 80 --aht 180 --service-level 90% --within 20", "n_agents", 58, 0),
            ("extended 35 --redial 0.6 --circuits 44", "p_block", 0.025346, 6),
            ("extended 35 --redial 60% --loss 3%", "n_circuits", 44, 0),
            ("extended --redial 0.6 --circuits 44 --loss 0.025346285510147", "fresh_erl", 35, 6),
            ("overflow 10 8", "mean_erl", 3.3832, 4),
            ("overflow 10 8", "variance_erl", 6.1333, 4),
            ("overflow 10 8 --circuits 9", "p_lost_of_all", 0.0129489, 7),  # 17 in one group
            ("overflow 10 8 --loss 4%", "n_circuits", 9, 0),
            ("overflow 3 0 4 0", "peakedness", 1, 9),
            ("wilkinson 3.38318432887 6.1333146569", "equivalent_erl", 10, 4),
            ("wilkinson 3.38318432887 6.1333146569 --loss 4%", "n_circuits", 9, 0),
            ("hayward 20 --peakedness 2 --circuits 20", "p_block", 0.2145823, 7),
            ("hayward 10 --peakedness 1 --loss 2%", "n_circuits", 17, 0),
            ("hayward --peakedness 1 --circuits 15 --loss 1%", "offered_erl", 8.108, 3),
            ("engset 20 --circuits 5 --idle 0.1", "p_time", 0.023211, 6),
            ("engset 20 --circuits 5 --idle 0.1", "p_call", 0.019116, 6),
            ("engset 20 --circuits 5 --offered 1.818181818181818", "p_call", 0.019116, 6),
            ("engset 20 --idle 0.1 --loss 2%", "n_circuits", 5, 0),
            ("engset 20 --circuits 5 --loss 0.019115945078647", "idle_erl", 0.1, 7),
            ("gi 392.5 --gap-cv 0 --circuits 418", "p_block", 0.00275, 5),
            ("gi 392.5 --gap-cv 0 --loss 0.3%", "n_circuits", 418, 0),
            ("gi 10 --gap-cv 1 --circuits 17", "p_block", 0.012949, 6),
            ("gi --circuits 15 --gap-cv 1 --loss 1%", "offered_erl", 8.108, 3),
            ("kaufman 10:1 --loss 2%", "n_circuits", 17, 0),
        ]
        for line, name, expected, decimals in rows:
            got = document(*line.split())
            self.assertEqual(got["format"], "peakrig erlang 1")
            self.assertEqual(got["formula"], line.split()[0])
            self.assertIn(name, got["results"], line)
            self.assertAlmostEqual(got["results"][name], expected, delta=0.51 * 10 ** -decimals,
                                   msg=line)

    def test_text_is_the_document(self):
        """Lines for people hold what the document holds."""
        words = "a 10 --agents 14 --aht 180 --patience 300 --within 20 --percentile 0.95".split()
        results = document(*words)["results"]
        lines = [line.split()[:2] for line in run(*words).stdout.splitlines()]
        self.assertEqual([name for name, _ in lines], list(results))
        for name, value in lines:
            self.assertAlmostEqual(float(value), results[name], delta=1e-8 * results[name])

    def test_bare_number(self):
        self.assertRegex(run("b", "10", "17").stdout, r"^0\.012948\d+\n$")

    def test_classes(self):
        rows = document("kaufman", "2:1", "1:2", "--circuits", "10")["rows"]
        self.assertAlmostEqual(rows[0]["p_block"], 0.012797, places=6)
        self.assertAlmostEqual(rows[1]["p_block"], 0.036272, places=6)
        self.assertEqual(rows[1]["n_circuits_per_call"], 2)

    def test_curves(self):
        words = "2 6 10 6 2 --interval 900 --aht 300 --circuits 50".split()
        psa, mol = document("psa", *words)["rows"], document("mol", *words)["rows"]
        self.assertEqual([row["load_erl"] for row in psa], [10, 30, 50, 30, 10])
        self.assertEqual([row["t_s"] for row in mol], [450, 1350, 2250, 3150, 4050])
        self.assertAlmostEqual(psa[2]["p_block"], 0.1047875, places=6)
        # 450 s into the first interval: 10 erl x (1 - e^-1.5)
        self.assertAlmostEqual(mol[0]["load_erl"], 7.768698, places=6)
        self.assertGreater(mol[3]["load_erl"], psa[3]["load_erl"])
        # constant holding of 300 s: half a step later the load is that of the rate
        flat = document("mol", *words, "--aht-shape", "constant")["rows"]
        self.assertEqual([round(row["load_erl"], 9) for row in flat], [10, 30, 50, 30, 10])
        # steady and periodic: the Erlang formulas themselves
        steady = ["mol", "2", "--periodic", "--interval", "60", "--aht", "300"]
        rows = document(*steady, "--agents", "14", "--within", "20")["rows"]
        same = document("c", "10", "--agents", "14", "--aht", "300", "--within", "20")["results"]
        self.assertAlmostEqual(rows[0]["p_served_within"], same["p_served_within"], places=12)
        rows = document(*steady, "--agents", "14", "--patience", "60")["rows"]
        same = document("a", "10", "--agents", "14", "--aht", "300", "--patience", "60")["results"]
        self.assertAlmostEqual(rows[0]["p_abandon"], same["p_abandon"], places=12)
        self.assertEqual(document(*steady, "--loss", "2%")["rows"][0]["n_circuits"], 17)
        goal = ["--service-level", "80%", "--within", "20"]
        n = document("c", "10", "--aht", "300", *goal)["results"]["n_agents"]
        self.assertEqual(document(*steady, *goal)["rows"][0]["n_agents"], n)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "rates.csv")
            with open(path, "w") as file:
                file.write("start,rate_per_min\n0,2\n1,6\n2,10\n3,6\n4,2\n")
            words = words[5:] + ["--rates-file", path]
            self.assertEqual(document("mol", *words)["rows"], mol)
        wide = ["--aht-shape", "lognormal", "--aht-cv", "2", "--step", "300"]
        self.assertEqual(len(document("mol", "2", "6", *words[:6], *wide)["rows"]), 6)

    def test_help(self):
        done = run("--help")
        self.assertEqual(done.returncode, 0)
        for formula in FORMULAS:
            self.assertRegex(done.stdout, rf"(?m)^  {formula} ")
            one = run(formula, "--help")
            self.assertEqual(one.returncode, 0)
            self.assertIn(f"Usage: peakrig erlang {formula} ", one.stdout)

    def test_refusals(self):
        rows = [
            ("", "expected a FORMULA"),
            ("z 1 1", '"z" is not a formula; expected one of b, extended'),
            ("b -1 1", 'ERLANG "-1"; expected a number >= 0'),
            ("b nan 1", 'ERLANG "nan"'),
            ("b inf 1", 'ERLANG "inf"'),
            ("b 0x1p3 1", 'ERLANG "0x1p3"'),
            ("b 1e999 1", 'ERLANG "1e999"'),
            ("b 1 1.5", 'CIRCUITS "1.5"; expected a whole number from 0 to 10000000'),
            ("b 1 10000001", 'CIRCUITS "10000001"'),
            ("b 1", "expected b ERLANG CIRCUITS"),
            ("b 1 2 3", "expected b ERLANG CIRCUITS"),
            ("b 1 2 --circuits 3", "expected b ERLANG CIRCUITS"),
            ("b 1 2 --loss 1%", "expected b ERLANG CIRCUITS"),
            ("b 1 --loss 2", '--loss "2"; expected a share from 0 to 1'),
            ("b 1 --loss 120%", '--loss "120%"'),
            ("b 1 --loss 0", "p_block 0; expected a share > 0 and < 1"),
            ("b 2e7 --loss 1%", "needs more than 10000000 circuits"),
            ("b 1 --fast", "unknown option --fast"),
            ("extended 1 --circuits 2", "expected --redial SHARE"),
            ("extended 5 --circuits 5 --redial 1", "attempts grow without end"),
            ("extended 5 6 --circuits 5 --redial 1", "at most one ERLANG"),
            ("engset 20 --circuits 5", "two of the traffic"),
            ("engset --circuits 5 --idle 1", "one number of SOURCES"),
            ("engset 20 --circuits 5 --idle 1 --offered 2", "expected one of them"),
            ("engset 20 --circuits 5 --offered 20", "less than an erlang a source"),
            ("gi 1 --circuits 2", "expected --gap-cv CV"),
            ("gi 1 --circuits 2 --gap-cv 200", "gap_cv 200"),
            ("kaufman --circuits 2", "at least one ERLANG:CIRCUITS"),
            ("kaufman 2x1 --circuits 2", '"2x1"; expected ERLANG:CIRCUITS'),
            ("kaufman 2:0 --circuits 2", "circuits of a call 0"),
            ("kaufman 2:1", "--circuits or --loss"),
            ("overflow 10", "pairs of ERLANG CIRCUITS"),
            ("overflow 10 8 --circuits 1 --loss 1%", "at most one of them"),
            ("wilkinson 3", "MEAN VARIANCE"),
            ("wilkinson 3 2", "expected a variance >= the mean"),
            ("hayward 3 --circuits 2", "expected --peakedness Z"),
            ("hayward 3 --circuits 2 --peakedness 0", "peakedness 0"),
            ("hayward 3 --peakedness 2", "two of ERLANG, --circuits and --loss"),
            ("c 15 --agents 14 --aht 180", "offered 15 erl on 14 agents: the queue grows without "
             "end; expected offered < agents (Erlang A handles overload)"),
            ("c 10 --agents 14", "expected --aht SECONDS"),
            ("c 10 --aht 180", "two of the traffic (ERLANG), --agents and one goal"),
            ("c 10 --aht 180 --p-wait 0.1 --mean-wait 3", "more than one goal"),
            ("c 10 --aht 180 --service-level 80%", "--within SECONDS with --service-level"),
            ("c 10 --rate-per-min 3 --agents 14 --aht 180", "expected one of them"),
            ("c 10 --agents 14 --aht 0", "aht_s 0; expected a finite number > 0"),
            ("a 10 --agents 14 --aht 180", "expected --patience SECONDS"),
            ("a 10 --agents 14 --aht 180 --patience -3", '--patience "-3"'),
            ("a 20 --agents 14 --aht 180 --patience inf", "expected a finite patience"),
            ("mmck 5 --agents 4 --aht 1", "two of --agents, --places and a goal"),
            ("mmck 5 --agents 4 --places 3 --aht 1", "n_places 3; expected at least the 4 agents"),
            ("mmck 5 --agents 4 --loss 1% --aht 1", "expected p_block > 0.2"),
            ("mol 1 2 --aht 60 --circuits 3", "--interval SECONDS > 0"),
            ("mol --interval 60 --aht 60 --circuits 3", "RATEs or --rates-file"),
            ("mol 1 x --interval 60 --aht 60 --circuits 3", 'RATE "x"'),
            ("mol 1 --interval 60 --aht 60", "one of --circuits"),
            ("mol 1 --interval 60 --aht 60 --agents 2 --aht-shape bell", "--aht-shape; expected"),
            ("mol 1 --interval 60 --aht 60 --agents 2 --aht-shape gamma", "expected --aht-cv"),
            ("mol 1 --interval 60 --aht 60 --agents 2 --aht-cv 2", "only with lognormal or gamma"),
            ("mol 1 --interval 60 --aht 60 --loss 1% --patience 5", "takes no --patience"),
            ("psa 2 6 10 --interval 900 --aht 300 --agents 40", "at 2250 s: erlang a: offered 50 erl "
             "on 40 agents with endless patience"),
            ("mol 1 --interval 60 --step 1e-9 --aht 60 --agents 2", "at most 1000000 steps"),
        ]
        for line, message in rows:
            done = run(*line.split())
            self.assertEqual(done.returncode, 2, f"{line}: {done.stdout}{done.stderr}")
            self.assertIn(message, done.stderr, line)
            self.assertEqual(done.stdout, "", line)
        done = run("mol", "--rates-file", "/nonexistent.csv", "--interval", "60", "--aht", "60",
                   "--circuits", "3")
        self.assertEqual(done.returncode, 5)
        self.assertIn("/nonexistent.csv", done.stderr)


if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), sys.argv[2]
    unittest.main(argv=sys.argv[:1])
