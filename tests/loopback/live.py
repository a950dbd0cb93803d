#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that is watched: its live page over HTTP, a stop from there, and the picture on a terminal.

usage: live.py PEAKRIG SOURCE_DIR
"""
import fcntl
import json
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unittest
import urllib.error
import urllib.request

from left_behind import processes_of
from schemas import complaints

PEAKRIG = SOURCE = None
PATIENCE_S = 60
TO_THE_MIDDLE = ["--set", "traffic.duration_s=240", "--set", "time_scale=4"]  # a minute on the wire; it is stopped


def ask(base, path, token=None, method="GET"):
    """Status and text."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    request = urllib.request.Request(base + path, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def threads_of(pid):
    """{nice: [capabilities, ..]} of a process's threads; one that ends meanwhile is left out."""
    found = {}
    for thread in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{thread}/stat") as file:
                nice = int(file.read().rpartition(")")[2].split()[16])
            with open(f"/proc/{pid}/task/{thread}/status") as file:
                rights = re.search(r"CapPrm:\s*(\w+)", file.read()).group(1)
        except (FileNotFoundError, ProcessLookupError):
            continue
        found.setdefault(nice, []).append(rights)
    return found


class Live(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-live-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.run_dir = os.path.join(self.folder, "run")
        self.words = [PEAKRIG, "run", os.path.join(SOURCE, "tests/loopback/cli.cfg"), "--no-history",
                      "--no-early-stop", "--out", self.run_dir]

    def start(self, *words):
        run = subprocess.Popen([*self.words, "--quiet", "--serve", "0", *words], text=True, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(lambda: run.poll() is None and run.kill())
        line = run.stderr.readline()
        found = re.fullmatch(r"live page: (http://127\.0\.0\.1:\d+)/\?token=([0-9a-f]{32})\n", line)
        self.assertIsNotNone(found, line)
        return run, *found.groups()

    def wait_for(self, base, token, what):
        """The state, when it is so."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            code, text = ask(base, "/api/state", token)
            self.assertEqual(code, 200)
            state = json.loads(text)
            self.assertEqual(complaints("live", state), [])
            if what(state):
                return state
            time.sleep(0.2)
        self.fail(f"never so: {state}")

    def check_state(self, state):
        calls = state["calls"]
        self.assertEqual(sum(calls["places"].values()), calls["offered"])
        self.assertEqual(sum(calls["outcomes"].values()), calls["offered"])
        self.assertEqual(calls["up"], calls["outcomes"]["in_progress"])
        self.assertLessEqual(calls["offered"], calls["due"] + 5)
        self.assertEqual([stage["name"] for stage in state["stages"]], ["trunk", "ivr", "queue", "agent"])
        self.assertEqual(state["stages"][0]["entered"], calls["offered"])
        for stage in state["stages"]:
            band = stage["predicted_compared"]
            self.assertLessEqual(band["low"], band["mean"])
            self.assertLessEqual(band["mean"], band["high"])
        self.assertGreater(state["circuits"]["predicted"]["mean"], 1)
        self.assertTrue(all(call["call_id"] and call["reason"] for call in state["lost"]))

    def test_watched_and_stopped_from_the_page(self):
        run, base, token = self.start(*TO_THE_MIDDLE)
        state = self.wait_for(base, token, lambda s: s["compared_s"] >= 9 and s["lost"])
        self.check_state(state)
        with urllib.request.urlopen(f"{base}/events?token={token}", timeout=PATIENCE_S) as events:
            numbers, n_events = [], 0
            for line in events:
                if line.startswith(b"data: "):
                    numbers.append(json.loads(line[6:])["number"])
                n_events += line == b"event: state\n"
                if len(numbers) == 3:
                    break
        self.assertEqual(n_events, 3)
        self.assertEqual(numbers, sorted(set(numbers)))
        _, metrics = ask(base, "/metrics", token)
        offered = int(re.search(r"^peakrig_calls_offered (\d+)$", metrics, re.M).group(1))
        self.assertGreaterEqual(offered, state["calls"]["offered"])
        self.assertIn('peakrig_run_phase{phase="placing"} 1\n', metrics)
        threads = threads_of(run.pid)
        self.assertGreaterEqual(len(threads[19]), 1)  # the server's
        self.assertEqual({rights for of_nice in threads.values() for rights in of_nice}, {threads[19][0]})
        self.assertEqual(ask(base, "/stop", method="POST")[0], 403)
        self.assertEqual(ask(base, "/stop", token, "POST")[0], 202)
        with urllib.request.urlopen(f"{base}/events?token={token}", timeout=PATIENCE_S) as events:
            last = [line for line in events if line.startswith(b"data: ")][-1]  # until the server ends it
        state = json.loads(last[6:])
        self.assertEqual(complaints("live", state), [])
        end = state["end"]
        out, err = run.communicate(timeout=PATIENCE_S)
        self.assertEqual(run.returncode, 4, out + err)
        self.assertEqual((end["judgement"], end["exit_code"]), ("INVALID", 4))
        with open(os.path.join(self.run_dir, "result.json")) as file:
            self.assertEqual(json.load(file)["verdict"]["summary"], end["text"])
        self.assertTrue(os.path.exists(end["report"]))
        self.assertEqual(processes_of(self.folder), {})
        with self.assertRaises(OSError):
            ask(base, "/api/state", token)

    def test_bad_addresses_leave_nothing(self):
        for where, words in (("0.0.0.0:8785", "expected one IP address"), ("example.com:8785", "expected one IP address"),
                             ("70000", "--serve"), ("127.0.0.1:x", "--serve"), ("", "--serve"), ("192.0.2.1:8785", "cannot listen")):
            done = subprocess.run([*self.words, "--serve", where], capture_output=True, text=True, timeout=PATIENCE_S)
            self.assertIn(done.returncode, (2, 5), where)
            self.assertIn(words, done.stderr)
            self.assertFalse(os.path.exists(self.run_dir), where)

    # ---- on a terminal ----

    def on_terminal(self, term, width):
        """What a short run writes to a terminal."""
        main, worker = pty.openpty()
        fcntl.ioctl(worker, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
        run = subprocess.Popen([*self.words, "--set", "traffic.duration_s=24"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=worker, env={**os.environ, "TERM": term, "LC_ALL": "C.UTF-8"})
        self.addCleanup(lambda: run.poll() is None and run.kill())
        os.close(worker)
        written = b""
        try:
            while piece := os.read(main, 65536):
                written += piece
        except OSError:
            pass  # nobody writes any more
        os.close(main)
        self.assertIn(run.wait(timeout=PATIENCE_S), (0, 1, 3, 4))
        return written.decode()

    def test_picture_on_a_terminal(self):
        text = self.on_terminal("xterm", 60)
        pictures = text.count("\nstage  entered")
        self.assertGreaterEqual(pictures, 3)
        controls = set(re.findall(r"\x1b[^A-Za-z]*[A-Za-z]", text))
        self.assertTrue(all(re.fullmatch(r"\x1b\[(\d+A|[KJ])", control) for control in controls), controls)
        plain = re.sub(r"\x1b\[(?:\d+A|[KJ])|\r", "", text)
        self.assertNotIn("\x1b", plain)
        drawn = re.findall(r"^(?:calls  |rate   |now    |expected|stage|trunk|ivr|queue|agent|lost   ).*$", plain, re.M)
        self.assertGreater(len(drawn), 20)
        self.assertTrue(all(len(line) < 60 for line in drawn), drawn)
        last_move = max(text.rfind("A\x1b[J"), text.rfind("\r\x1b[K"))  # the last picture or line is taken away
        self.assertGreater(last_move, text.rfind("\nstage  entered"))

    def test_line_on_a_terminal_that_cannot_move(self):
        text = self.on_terminal("dumb", 80)
        self.assertNotIn("\nstage  entered", text)
        self.assertIn("calls due", text)


if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=sys.argv[:1])
