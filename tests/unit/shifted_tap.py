#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tap whose two directions are stamped by clocks that are apart: no wrong loss passes in silence.

The capture is written from the calls of a run of tests/fixtures/runs, message by message as the wire contract
has them; then all that the centre sends is stamped earlier or later. `diff --capture` must find the loss that
the run had, or decide nothing, with bounds that hold it and a check that says why.

Usage: shifted_tap.py PEAKRIG SOURCE_DIR
"""
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

PEAKRIG = None
RUNS = None
SHIFTS_MS = (0.4, 2, 10, 60, 300)


def read_csv(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def refused(leg, call):
    leg.fail(call["end"], int(call["row"]["final_code"]), "Reason: Q.850;cause=34")


def talk_with_agent(wire, leg, call, end):
    """The agent's leg; without an answer the centre cancels it when the caller hangs up."""
    agent = sipwire.Leg(wire, leg.call_id + "-a", leg.number, sipwire.CENTRE, sipwire.AGENTS, dial="agent1",
                        extra=f"X-Caller-Call-ID: {leg.call_id}")
    leg.stage(call["ring"] - 0.0002, "ringing")
    agent.invite(call["ring"])
    agent.reply(call["ring"] + 0.0004, 180)
    if call["agent"] is None:
        agent.cancelled(end + 0.0005)
        return
    agent.answer(call["agent"])
    by_agent = call["row"]["bye"] == "callee"
    agent.bye(end - 0.0005 if by_agent else end + 0.0005, by_caller=not by_agent)


def put_call(wire, row, number):
    call = {"row": row}
    for name in ("invite", "answer", "queue", "ring", "end"):
        text = row[f"t_{name}_s" if name != "ring" else "t_agent_ring_s"]
        call[name] = float(text) - sipwire.EPOCH_S if text else None
    call["agent"] = float(row["t_agent_answer_s"]) - sipwire.EPOCH_S if row["t_agent_answer_s"] else None
    leg = sipwire.Leg(wire, row["call_id"], number, dial="785", extra=f"X-Rig-Call: {row['planned_index']}")
    leg.invite(call["invite"])
    if row["outcome"] == "lost_trunk":
        refused(leg, call)
        return
    leg.reply(call["invite"] + 0.0003, 100)
    if row["outcome"] == "lost_ivr":
        leg.cancelled(call["end"] - 0.0006)
        return
    leg.answer(call["answer"])
    if call["queue"] is not None:
        leg.stage(call["queue"], "queue")
    if call["ring"] is not None:
        talk_with_agent(wire, leg, call, call["end"])
    leg.bye(call["end"], by_caller=row["bye"] == "caller")


class ShiftedTap(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="peakrig-tap-")
        cls.run_dir = os.path.join(cls.folder, "pass")
        shutil.copytree(os.path.join(RUNS, "pass"), cls.run_dir)
        cls.rows = read_csv(os.path.join(cls.run_dir, "calls.csv"))
        plan = read_csv(os.path.join(cls.run_dir, "schedule.csv"))
        cls.wire = sipwire.Wire()
        for row in cls.rows:
            put_call(cls.wire, row, plan[int(row["planned_index"])]["number"])
        with open(os.path.join(cls.run_dir, "result.json"), encoding="utf-8") as file:
            cls.true = json.load(file)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder, ignore_errors=True)

    def judged(self, shift_ms):
        """The verdict on the capture in which what the centre sends is stamped later by shift_ms."""
        shifted = sipwire.Wire()
        centre = sipwire.ip_bytes(sipwire.CENTRE[0])
        shifted.frames = [(ns + (round(shift_ms * 1e6) if frame[26:30] == centre else 0), frame, caplen)
                          for ns, frame, caplen in self.wire.frames]
        path = os.path.join(self.folder, "shifted.pcap")
        with open(path, "wb") as file:
            file.write(shifted.pcap())
        done = subprocess.run([PEAKRIG, "diff", self.run_dir, "--capture", path, "--json", "--quiet"], timeout=120,
                              text=True, stdin=subprocess.DEVNULL, capture_output=True)
        self.assertIn(done.returncode, (0, 1, 3, 4), done.stderr)
        return done.returncode, json.loads(done.stdout)

    def test_the_capture_is_the_run(self):
        code, result = self.judged(0)
        self.assertEqual(code, 0)
        self.assertEqual([(s["entered"], s["lost"]) for s in result["stages"]],
                         [(s["entered"], s["lost"]) for s in self.true["stages"]])

    def test_no_wrong_loss_passes_in_silence(self):
        n_wrong = n_said = 0
        for shift_ms in [sign * ms for ms in SHIFTS_MS for sign in (-1, 1)]:
            with self.subTest(shift_ms=shift_ms):
                code, result = self.judged(shift_ms)
                is_said = any(c["gate"] == "G1" and not c["ok"] for c in result["checks"])
                n_said += is_said
                for stage, true in zip(result["stages"], self.true["stages"]):
                    low, high = stage["bounds"]
                    is_wrong = (stage["entered"], stage["lost"]) != (true["entered"], true["lost"])
                    n_wrong += is_wrong
                    if is_wrong:
                        self.assertIn(code, (3, 4), result["verdict"])
                        self.assertTrue(is_said or code == 4, stage)
                    if code != 4:
                        self.assertLessEqual(low, true["p_observed"] + 1e-9, stage)
                        self.assertGreaterEqual(high, true["p_observed"] - 1e-9, stage)
                self.assertNotEqual(code, 1, result["verdict"])  # the centre was honest
                self.assertTrue(result["verdict"]["summary"])
        self.assertGreater(n_said, 0)
        self.assertGreater(n_wrong, 0)  # else nothing was tried


if __name__ == "__main__":
    PEAKRIG = os.path.abspath(sys.argv[1])
    FIXTURES = os.path.join(os.path.abspath(sys.argv[2]), "tests", "fixtures")
    RUNS = os.path.join(FIXTURES, "runs")
    sys.path.insert(0, FIXTURES)
    import sipwire
    unittest.main(argv=sys.argv[:1])
