#!/usr/bin/env python3
"""bench/gate by itself: what is counted, when a bound is not kept, when it is incomplete. Nothing is played.

Usage: gate_bench.py SOURCE_DIR
"""
import contextlib
import io
import os
import struct
import sys
import tempfile
import unittest

SOURCE = os.path.abspath(sys.argv[1])
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(SOURCE, "bench"))
from gate_runs import breaking, cases, table  # noqa: E402


def finding(case, value):
    return {"kind": case.kinds[0], "stage": case.stages[0], "estimate": value, "low": value - 1, "high": value + 1}


def good_line(case, seed):
    """As the bounds want it."""
    line = {"key": case.key(seed), "group": case.group, "case": case.name, "seed": seed, "exit": 0,
            "judgement": "PASS", "stage": None, "findings": [], "late_p99_ms": 2.0, "played_by": "a", "judged_by": "a"}
    if case.group == "defects":
        line |= {"exit": 1, "judgement": "FAIL", "stage": case.stages[0],
                 "findings": [finding(case, case.truth or 0.0)]}
    if case.group == "broken":
        line |= {"exit": 4, "judgement": "INVALID"}
    return line


class Tables(unittest.TestCase):
    def setUp(self):
        self.wanted = {case.key(seed): (case, seed) for case, seed in cases.runs(cases.GROUPS, 200, 5)}
        self.lines = {key: good_line(*run) for key, run in self.wanted.items()}

    def show(self):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            code = table.show(self.lines, self.wanted)
        return code, out.getvalue()

    def change(self, group, n, change):
        """Change the first n lines of a group."""
        for line in [line for line in self.lines.values() if line["group"] == group][:n]:
            change(line)

    def expect(self, code, words):
        got, text = self.show()
        self.assertEqual(got, code, text)
        self.assertIn(words, text)

    def test_all_runs_are_there(self):
        self.assertEqual(len(self.wanted), 200 + 16 * 5 + 9)
        self.assertEqual(len({case.name.split("=")[0] for case in cases.DEFECTS}), 16)
        self.expect(0, "complete: 289 runs, all bounds kept")

    def test_one_in_twenty_honest_runs_may_fail(self):
        self.change("honest", 10, lambda line: line.update(judgement="FAIL"))
        self.expect(0, "wrong FAILs: 10 of 200 = 5.0 %")
        self.change("honest", 11, lambda line: line.update(judgement="FAIL"))
        self.expect(1, "BOUND NOT KEPT: honest: 11 of 200 FAIL")

    def test_defects_must_be_found(self):
        self.change("defects", 8, lambda line: line.update(judgement="PASS"))
        self.expect(0, "FAIL: 72 of 80 = 90.0 %")
        self.change("defects", 9, lambda line: line.update(judgement="INCONCLUSIVE"))
        self.expect(1, "BOUND NOT KEPT: defects: FAIL 71 of 80")

    def test_the_stage_must_be_the_right_one(self):
        self.change("defects", 9, lambda line: line.update(stage="nowhere"))
        self.expect(1, "BOUND NOT KEPT: defects: right stage 71 of 80")

    def test_the_truth_must_be_inside(self):
        def move(line):
            case = self.wanted[line["key"]][0]
            if case.truth is not None:
                line["findings"] = [finding(case, case.truth + 1.1)]
        self.change("defects", 80, move)
        self.expect(1, "BOUND NOT KEPT: defects: truth inside the interval 0 of ")
        # no finding at all is not inside, either; an open end is no end
        self.change("defects", 80, lambda line: line.update(findings=[]))
        self.expect(1, "truth inside the interval 0 of ")
        case = next(c for c in cases.DEFECTS if c.truth is not None)
        self.assertTrue(table.is_inside(case, {"low": case.truth, "high": None}))
        self.assertFalse(table.is_inside(case, {"low": case.truth + 0.1, "high": None}))

    def test_nothing_may_be_said_of_a_broken_load(self):
        self.change("broken", 1, lambda line: line.update(exit=3, judgement="INCONCLUSIVE"))
        self.expect(0, "all bounds kept")
        self.change("broken", 1, lambda line: line.update(exit=0, judgement="PASS"))
        self.expect(1, "BOUND NOT KEPT: SIPp worker killed")

    def test_what_is_missing_is_said(self):
        del self.lines[next(iter(self.lines))]
        self.expect(3, "incomplete: 1 of 289 runs")
        self.change("honest", 1, lambda line: line.update(judgement="ERROR"))
        self.expect(3, "incomplete: 2 of 289 runs")
        # a load that a busy machine sent late is no answer; one that is broken in another way is
        self.change("defects", 1, lambda line: line.update(judgement="INVALID", broken_checks=["lateness"]))
        self.expect(3, "incomplete: 3 of 289 runs")
        self.change("defects", 1, lambda line: line.update(judgement="INVALID", broken_checks=["placed"]))
        self.expect(3, "incomplete: 2 of 289 runs")

    def test_another_run_has_another_key(self):
        case = cases.DEFECTS[0]
        other = cases.Case("defects", case.name, case.scenario, (*case.words, "--set", "seed=1"))
        self.assertNotEqual(case.key(1), case.key(2))
        self.assertNotEqual(case.key(1), other.key(1))


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
