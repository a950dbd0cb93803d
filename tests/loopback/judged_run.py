# SPDX-License-Identifier: GPL-3.0-or-later
"""A run whose load the gate accepts, also on a host that is busy with other things.

The verdict says nothing of the target when the calls were late (exit code 4), or that it cannot tell (3).
Then the same calls are played again, half as fast: a host that stalls for a tenth of a second does less harm
to them. What is expected of the target stays the same: in the end a run must pass. A FAIL is final.
"""
import contextlib
import json
import os
import subprocess
import unittest

LATE_MS = 50.0  # 99 % of the INVITEs, at full speed; twice as much at half speed
N_TRIES = 3
BUSY = {"lateness", "arrivals", "phones"}  # checks of G0 that a busy host fails; our phones are programs on it, too


def judged_run(peakrig, words, folder, time_scale, centre=None):
    """peakrig run WORDS into a new folder below `folder`. Returns what it printed, the folder, result.json.
    centre(time_scale): a context in which a centre runs that knows the time scale; None: it knows none."""
    for i in range(N_TRIES):
        out = os.path.join(folder, f"run{i}")
        with centre(time_scale / 2 ** i) if centre else contextlib.nullcontext():
            done = subprocess.run(
                [peakrig, "run", *words, "--out", out, "--quiet", "--set", f"time_scale={time_scale / 2 ** i}",
                 "--set", f"gate.max_lateness_p99_ms={LATE_MS * 2 ** i}"],
                text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=250)
        try:
            with open(os.path.join(out, "result.json")) as file:
                result = json.load(file)
        except FileNotFoundError:
            raise AssertionError(f"exit code {done.returncode}: {done.stdout}{done.stderr}") from None
        failed = {check["name"] for check in result["checks"] if not check["ok"]}
        is_late = done.returncode == 4 and failed and failed <= BUSY
        if not is_late and done.returncode != 3:
            break
    return done, out, result


class JudgedTest(unittest.TestCase):
    def expect_pass(self, done, result):
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(result["verdict"]["judgement"], "PASS")
        self.assertEqual([stage["judgement"] for stage in result["stages"]], ["PASS"] * 4)
        self.assertEqual(result["calls"]["not_placed"], 0)
