#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""bench/gate by itself: what is counted, when a bound is not kept, when it is incomplete. Nothing is played.

Usage: gate_bench.py SOURCE_DIR
"""
import contextlib
import io
import os
import re
import struct
import sys
import tempfile
import unittest

SOURCE = os.path.abspath(sys.argv[1])
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(SOURCE, "bench"))
from gate_runs import breaking, cases, side_by_side, table  # noqa: E402

HONEST = {1: 60, 6: 40, 15: 40, 60: 40}
N_DEFECTS = 44 + 1  # one of them twice: made good in total
N_ALL = sum(HONEST.values()) + N_DEFECTS * 3 + 9 + 100


def finding(case, value):
    return {"kind": case.kinds[0], "stage": case.stages[0], "estimate": value, "low": value - 1, "high": value + 1}


def good_line(case, seed):
    """As the bounds want it."""
    line = {"key": case.key(seed), "group": case.group, "case": case.name, "scale": case.scale, "seed": seed,
            "exit": 0, "judgement": "PASS", "stage": None, "findings": [], "late_p99_ms": 2.0, "played_by": "a", "judged_by": "a"}
    if case.group == "defects":
        line |= {"exit": 1, "judgement": "FAIL", "stage": case.stages[0],
                 "findings": [finding(case, case.truth or 0.0)] if case.kinds else []}
    if case.group == "broken":
        line |= {"exit": 4, "judgement": "INVALID"}
    return line


class Cases(unittest.TestCase):
    def test_every_defect_has_one(self):
        """As docs/defects.md has them, whose lists follow the program's."""
        with open(os.path.join(SOURCE, "docs/defects.md"), encoding="utf-8") as file:
            parts = file.read().split("## What the diagnosis says of them")
        named = [set(re.findall(r"`([a-z_]+)", " ".join(re.findall(r"(?m)^\| (`[^|]*) \|", part)))) for part in parts]
        named[1] &= named[0]  # beside the words of an example
        played = {re.match("[a-z_]+", case.name).group() for case in cases.DEFECTS}
        self.assertEqual(named[0], played)
        self.assertEqual(named[1], played)
        for name in ("bench/gate", "docs/testing.md", "docs/benchmarks.md"):
            with open(os.path.join(SOURCE, name), encoding="utf-8") as file:
                self.assertEqual(set(re.findall(r"each of the (\d+) seeded defects", file.read())), {str(len(played))}, name)
        for case in cases.DEFECTS:
            self.assertTrue(case.kinds, case.name)
            self.assertTrue(os.path.exists(case.path()), case.name)


class Tables(unittest.TestCase):
    def setUp(self):
        self.wanted = {case.key(seed): (case, seed) for case, seed in cases.runs(cases.GROUPS, HONEST, 3)}
        self.lines = {key: good_line(*run) for key, run in self.wanted.items()}

    def show(self):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            code = table.show(self.lines, self.wanted)
        return code, out.getvalue()

    def change(self, group, n, change, step=1, scale=None):
        """Change the first n lines of a group: each step-th. @param scale  Only of this one."""
        of = [line for line in self.lines.values() if line["group"] == group and scale in (None, line["scale"])]
        for line in of[:n * step:step]:
            change(line)

    def expect(self, code, words):
        got, text = self.show()
        self.assertEqual(got, code, text)
        self.assertIn(words, text)

    def test_all_runs_are_there(self):
        self.assertEqual(len(self.wanted), N_ALL)
        self.assertEqual(len({case.name.split("=")[0] for case in cases.DEFECTS}), 44)
        self.assertEqual({case.scale for case in cases.HONEST}, set(HONEST))
        for scale, n in HONEST.items():
            lines = [line for line in self.lines.values() if line["group"] == "honest" and line["scale"] == scale]
            self.assertEqual((len(lines), len({line["case"] for line in lines})), (n, 3))
        self.expect(0, f"complete: {N_ALL} runs, all bounds kept")

    def test_honest_runs_must_pass_at_each_scale(self):
        def becomes(judgement):
            return lambda line: line.update(judgement=judgement)
        self.change("honest", 1, becomes("INCONCLUSIVE"), scale=1)
        self.expect(0, "PASS  98.3 % (>= 92.3), FAIL 0.0 % (<= 4.9), INC. 1.7 % (<= 7.7)")
        self.change("honest", 2, becomes("INCONCLUSIVE"), scale=1)
        self.expect(1, "BOUND NOT KEPT: honest, scale 1: PASS 58 of 60, at least 97 %")
        self.expect(1, "BOUND NOT KEPT: honest, scale 1: INCONCLUSIVE 2 of 60, at most 2 %")
        self.change("honest", 2, becomes("PASS"), scale=1)
        self.change("honest", 1, becomes("FAIL"), scale=60)
        self.expect(1, "BOUND NOT KEPT: honest, scale 60: FAIL 1 of 40, at most 1 %")
        # of the valid ones: an INVALID run is none
        self.change("honest", 1, becomes("INVALID"), scale=60)
        self.expect(0, "all bounds kept")

    def test_each_defect_must_be_found(self):
        self.change("defects", 1, lambda line: line.update(judgement="PASS"))
        self.expect(1, "BOUND NOT KEPT: defect circuits=75: FAIL 2 of 3")

    def test_defects_must_be_found(self):
        self.change("defects", 14, lambda line: line.update(judgement="INCONCLUSIVE"), step=2)
        self.expect(1, "BOUND NOT KEPT: defects: FAIL 121 of 135")

    def test_the_stage_must_be_the_right_one(self):
        self.change("defects", 1, lambda line: line.update(stage="nowhere"))
        self.expect(1, "BOUND NOT KEPT: defect circuits=75: right stage 2 of 3")
        self.change("defects", 14, lambda line: line.update(stage="nowhere"), step=2)
        self.expect(1, "BOUND NOT KEPT: defects: right stage 121 of 135")

    def test_the_truth_must_be_inside(self):
        def move(line):
            case = self.wanted[line["key"]][0]
            if case.truth is not None:
                line["findings"] = [finding(case, case.truth + 1.1)]
        self.change("defects", N_DEFECTS * 3, move)
        self.expect(1, "BOUND NOT KEPT: defects: truth inside the interval 0 of ")
        # no finding at all is not inside, either; an open end is no end
        self.change("defects", N_DEFECTS * 3, lambda line: line.update(findings=[]))
        self.expect(1, "truth inside the interval 0 of ")
        case = next(c for c in cases.DEFECTS if c.truth is not None)
        self.assertTrue(table.is_inside(case, {"low": case.truth, "high": None}))
        self.assertFalse(table.is_inside(case, {"low": case.truth + 0.1, "high": None}))

    def test_nothing_may_be_said_of_a_broken_load(self):
        self.change("broken", 1, lambda line: line.update(exit=3, judgement="INCONCLUSIVE"))
        self.expect(0, "all bounds kept")
        self.change("broken", 1, lambda line: line.update(exit=0, judgement="PASS"))
        self.expect(1, "BOUND NOT KEPT: SIPp worker killed")

    def test_every_key_in_one_run_must_pass(self):
        self.change("everything", 5, lambda line: line.update(judgement="FAIL"))
        self.expect(0, "PASS 95 of 100 valid ones (at least 89.8 %")
        self.change("everything", 6, lambda line: line.update(judgement="INCONCLUSIVE"))
        self.expect(1, "BOUND NOT KEPT: everything: PASS 94 of 100, at least 95 %")
        self.change("everything", 6, lambda line: line.update(judgement="INVALID"))
        self.expect(0, "all bounds kept")

    def test_what_is_missing_is_said(self):
        del self.lines[next(iter(self.lines))]
        self.expect(3, f"incomplete: 1 of {N_ALL} runs")
        self.change("honest", 1, lambda line: line.update(judgement="ERROR"))
        self.expect(3, f"incomplete: 2 of {N_ALL} runs")
        # a load that a busy machine sent late is no answer; one that is broken in another way is
        self.change("defects", 1, lambda line: line.update(judgement="INVALID", broken_checks=["lateness"]))
        self.expect(3, f"incomplete: 3 of {N_ALL} runs")
        self.change("defects", 1, lambda line: line.update(judgement="INVALID", broken_checks=["placed"]))
        self.expect(3, f"incomplete: 2 of {N_ALL} runs")

    def test_another_run_has_another_key(self):
        case = cases.DEFECTS[0]
        other = cases.Case("defects", case.name, case.scenario, (*case.words, "--set", "seed=1"))
        self.assertNotEqual(case.key(1), case.key(2))
        self.assertNotEqual(case.key(1), other.key(1))


class SideBySide(unittest.TestCase):
    class Two:
        """Two namespaces that are none."""
        def __init__(self):
            self.free = ["a", "b"]

    def test_no_more_than_the_processors_bear(self):
        room = side_by_side.Room(1.0, self.Two())
        first = room.enter(0.6)
        self.assertEqual(first[:3], ["ip", "netns", "exec"])
        self.assertFalse(room.fits(0.5))
        self.assertTrue(room.fits(0.4))
        second = room.enter(0.2)
        self.assertNotEqual(first, second)
        self.assertFalse(room.fits(0.1))  # no namespace is left
        room.leave(0.6, first)
        self.assertTrue(room.fits(0.8))
        room.leave(0.2, second)
        self.assertTrue(room.fits(3.0))  # what is too much for the machine plays alone

    def test_without_namespaces_one_after_another(self):
        room = side_by_side.Room(8.0, None)
        self.assertEqual(room.enter(0.1), [])
        self.assertFalse(room.fits(0.1))
        room.leave(0.1, [])
        self.assertTrue(room.fits(0.1))

    def test_the_longest_first(self):
        wanted = {scale: (cases.honest("tv", scale), 1) for scale in (60, 1, 15, 6)}
        self.assertEqual(side_by_side.longest_first(wanted), [1, 6, 15, 60])


class Breaking(unittest.TestCase):
    def test_packets_are_lost_and_the_rest_is_whole(self):
        with tempfile.TemporaryDirectory() as folder:
            path, lossy = os.path.join(folder, "a.pcap"), os.path.join(folder, "b.pcap")
            head = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1)
            packets = [struct.pack("<IIII", i, 0, i % 50, i % 50) + bytes(i % 50) for i in range(2000)]
            with open(path, "wb") as file:
                file.write(head + b"".join(packets))
            n, n_lost = breaking.lose_packets(path, lossy, 0.05, 1)
            self.assertEqual(n, 2000)
            self.assertTrue(60 < n_lost < 140)
            with open(lossy, "rb") as file:
                left = file.read()
            self.assertEqual(left[:24], head)
            at, n_left = 24, 0
            while at < len(left):
                number = struct.unpack_from("<I", left, at)[0]
                self.assertEqual(left[at:at + len(packets[number])], packets[number])
                at, n_left = at + len(packets[number]), n_left + 1
            self.assertEqual(n_left, n - n_lost)


unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[2:])
