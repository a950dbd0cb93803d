#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program from outside: real SIPp, the embedded call centre, real sockets on loopback.

Usage: cli.py PEAKRIG SOURCE_DIR
"""
import csv
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree as ElementTree

from left_behind import processes_of

PEAKRIG = None
SOURCE = None
STAGES = ["trunk", "ivr", "queue", "agent"]


def scenario():
    return os.path.join(SOURCE, "tests/loopback/cli.cfg")


def run(*words, cwd=None, timeout=240):
    return subprocess.run([PEAKRIG, *words], cwd=cwd, timeout=timeout, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)


def rows_of(path):
    with open(path) as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def table_of(text):
    """The stage table of `run`: {stage: (entered, lost, verdict)}."""
    pattern = r"^(\w+) +\| +(\d+) \|.*?\| +[\d.]+ % \( *(\d+)\) \| (\w+)$"
    return {m[1]: (int(m[2]), int(m[3]), m[4]) for m in re.finditer(pattern, text, re.M)}


class Folder(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-cli-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def expect_no_parts(self):
        for top, _, files in os.walk(self.folder):
            for name in files:
                self.assertNotIn(".part", name, os.path.join(top, name))


PRICES = [word for key, value in (("currency", "CNY"), ("lost_call", 60), ("circuit_hour", 120), ("port_hour", 12),
                                  ("agent_hour", 480)) for word in ("--set", f"costs.{key}={value}")]


class Run(Folder):
    """One honest run, and every step on its files again."""

    def check_costs(self, result):
        """Lost calls, and for half a minute 40 circuits, 22 ports and 12 agents."""
        costs = result["costs"]
        self.assertEqual(costs["currency"], "CNY")
        lost = sum(stage["lost"] for stage in result["stages"])
        for item, (of, price, number) in zip(costs["items"], (("lost calls", 60, lost), ("circuits", 120, 40 / 120),
                                                              ("IVR ports", 12, 22 / 120), ("agents", 480, 12 / 120)), strict=True):
            self.assertEqual((item["of"], item["price"]), (of, price))
            self.assertAlmostEqual(item["number"]["observed"], number, places=6)
            for side in ("observed", "predicted"):
                self.assertAlmostEqual(item["amount"][side], price * item["number"][side], places=4)
        paid = 120 * 40 / 120 + 12 * 22 / 120 + 480 * 12 / 120
        n_lost = next(metric for metric in result["metrics"] if metric["name"] == "n_lost")
        self.assertLess(n_lost["low"], n_lost["high"])
        for side in ("observed", "predicted", "low", "high"):
            self.assertAlmostEqual(costs["total"][side], 60 * n_lost[side] + paid, places=3)

    def test_whole_way(self):
        out = os.path.join(self.folder, "run")
        done = run("run", scenario(), "--out", out, "--quiet", *PRICES)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(done.stderr, "")
        table = table_of(done.stdout)
        self.assertEqual(list(table), STAGES)
        with open(os.path.join(out, "result.json")) as file:
            result = json.load(file)
        self.check_result(result, table, out)
        self.check_costs(result)
        self.check_steps(result, table, out)
        self.expect_no_parts()
        self.assertEqual(processes_of(out), {})

    def check_result(self, result, table, out):
        calls = result["calls"]
        self.assertEqual(result["status"], "complete")
        self.assertEqual(result["verdict"]["judgement"], "PASS")
        self.assertTrue(calls["conserved"])
        self.assertEqual(calls["not_placed"], 0)
        self.assertEqual(calls["planned"], calls["offered"])
        self.assertEqual(calls["planned"], len(rows_of(os.path.join(out, "schedule.csv"))))
        self.assertEqual(calls["planned"], sum(calls["outcomes"].values()))
        self.assertEqual(calls["outcomes"]["unclassified"], 0)
        for stage in result["stages"]:
            self.assertEqual(table[stage["stage"]],
                             (stage["entered"], stage["lost"], stage["judgement"]))
            self.assertGreater(stage["lost"], 0, stage["stage"])
            self.assertGreater(stage["p_predicted"], 0, stage["stage"])
        self.assertGreater(calls["outcomes"]["served"], 0)
        self.assertGreater(calls["outcomes"]["self_served"], 0)
        # two carriers of 30 and 10 circuits; the wire sees a circuit freed a little later
        self.assertGreaterEqual(result["trunk"]["in_use_at_refusal"]["median"], 39)
        self.assertLessEqual(result["trunk"]["in_use_at_refusal"]["median"], 41)
        rows = rows_of(os.path.join(out, "calls.csv"))
        self.assertEqual(len(rows), calls["offered"])
        self.assertEqual({int(row["planned_index"]) for row in rows}, set(range(len(rows))))
        suite = ElementTree.parse(os.path.join(out, "junit.xml")).getroot()
        cases = list(suite.iter("testcase"))
        self.assertEqual(len(cases),
                         len(result["checks"]) + len(result["stages"]) + len(result["levels"]) + 1)
        self.assertEqual(list(suite.iter("failure")) + list(suite.iter("error")), [])
        with open(os.path.join(out, "report.html")) as file:
            page = file.read()
        self.assertIn("<svg", page)
        self.assertIn("PASS", page)

    def check_steps(self, result, table, out):
        """analyze, diff and report redo their step from the files."""
        calls_path = os.path.join(self.folder, "calls.csv")
        done = run("analyze", os.path.join(out, "capture.pcap"), "--json", "--digest", "--calls",
                   calls_path)
        self.assertEqual(done.returncode, 0, done.stderr)
        losses = json.loads(done.stdout)
        self.assertEqual({s["stage"]: (s["entered"], s["lost"]) for s in losses["stages"]},
                         {stage: row[:2] for stage, row in table.items()})
        with open(calls_path, "rb") as mine, open(os.path.join(out, "calls.csv"), "rb") as first:
            self.assertEqual(mine.read(), first.read())
        os.remove(os.path.join(out, "junit.xml"))
        done = run("diff", out, "--json", "--quiet")
        self.assertEqual(done.returncode, 0, done.stderr)
        again = json.loads(done.stdout)
        again["created_utc"] = result["created_utc"]
        self.assertEqual(again, result)
        self.assertTrue(os.path.exists(os.path.join(out, "junit.xml")))
        os.remove(os.path.join(out, "report.html"))
        done = run("report", out)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(os.path.exists(os.path.join(out, "report.html")))


class Defect(Folder):
    def test_missing_circuits_fail_the_gate(self):
        out = os.path.join(self.folder, "run")
        done = run("run", scenario(), "--out", out, "--quiet", "--no-early-stop",
                   "--set", "gate.margin_pp=5.0", "--set", "target={marks=\"update\";}",
                   "--target-set", "trunks=({circuits=8;})")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertEqual(table_of(done.stdout)["trunk"][2], "FAIL")
        self.assertRegex(done.stdout, r"FAIL: the trunk stage loses .*; refusals began at [78] "
                                      r"circuits in use, 40 were expected")
        suite = ElementTree.parse(os.path.join(out, "junit.xml")).getroot()
        self.assertTrue(list(suite.iter("failure")))

    def test_target_set_needs_the_embedded_target(self):
        done = run("run", scenario(), "--target", "127.0.0.1:5999", "--set",
                   "target.scalable=true", "--target-set", "trunks[0].circuits=8",
                   cwd=self.folder)
        self.assertEqual(done.returncode, 2)
        self.assertIn("--target-set changes the embedded target", done.stderr)


class SeededDefect(Folder):
    """--defect: the embedded centre is broken on purpose, and everybody is told."""

    def test_it_breaks_the_centre_and_is_recorded(self):
        out = os.path.join(self.folder, "run")
        done = run("run", scenario(), "--out", out, "--quiet", "--set", "gate.margin_pp=5.0",
                   "--no-early-stop", "--defect", "circuits=8", "--defect", "drop=0.5@1..2")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("the target was broken on purpose: circuits=8\n"
                      "the target was broken on purpose: drop=0.5@1..2\n", done.stdout)
        self.assertRegex(done.stdout, r"FAIL: the trunk stage loses .*; refusals began at [78] ")
        with open(os.path.join(out, "result.json")) as file:
            self.assertEqual(json.load(file)["target"], {"defects": ["circuits=8", "drop=0.5@1..2"]})
        with open(os.path.join(out, "report.html")) as file:
            page = file.read()
        self.assertIn("broken on purpose", page)
        self.assertIn("<code>drop=0.5@1..2</code>", page)

    def test_what_does_not_fit_is_refused(self):
        """Before a file is written."""
        foreign = ["--target", "127.0.0.1:5999", "--set", "target.scalable=true"]
        rows = [
            (["--defect", "nothing"], "--defect nothing: no such defect; expected one of circuits=N"),
            (["--defect", "circuits=few"], "--defect circuits=few: bad argument"),
            (["--defect", "drop=0.1@9..2"], "--defect drop=0.1@9..2"),
            (["--defect", "trunk_dead=nobody"], "no trunk group of that name"),
            (["--defect", "crash=1:1", "--defect", "crash=2:1"], "crash: given 2 times"),
            (["--defect", "lifo"] * 33, "--defect: given 33 times; expected at most 32"),
            (["--defect", "circuits=" + "1" * 200], "expected at most 127 characters"),
            (["--defect", "lifo", *foreign], "--defect lifo breaks the embedded target, but the target is"),
            (["--target-set", "trunks[0].circuits=none"], "trunks[0].circuits"),
        ]
        for words, message in rows:
            done = run("run", scenario(), *words, cwd=self.folder)
            self.assertEqual(done.returncode, 2, f"{words}: {done.stdout}{done.stderr}")
            self.assertIn(message, done.stderr)
            self.assertEqual(os.listdir(self.folder), [], words)


class NoTarget(Folder):
    def test_nobody_listens(self):
        """Neither a port that refuses nor one that is silent; and no file, no process is left."""
        silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        silent.bind(("127.0.0.1", 0))
        refused = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        refused.bind(("127.0.0.1", 0))
        port = refused.getsockname()[1]
        refused.close()
        for target in (f"127.0.0.1:{port}", f"127.0.0.1:{silent.getsockname()[1]}"):
            began = time.monotonic()
            done = run("run", scenario(), "--target", target, "--set", "target.scalable=true",
                       cwd=self.folder)
            self.assertEqual(done.returncode, 5, done.stdout + done.stderr)
            self.assertLess(time.monotonic() - began, 10)
            self.assertIn(f"nobody answers SIP at {target}", done.stderr)
            self.assertEqual(done.stderr.count("\n"), 1)
            self.assertEqual(os.listdir(self.folder), [])
        silent.close()

    def test_not_allowed(self):
        done = run("run", scenario(), "--target", "192.0.2.1:5060", "--set",
                   "target.scalable=true", cwd=self.folder)
        self.assertIn(done.returncode, (2, 5))
        self.assertEqual(os.listdir(self.folder), [])


class Stop(Folder):
    def test_ctrl_c_in_mid_run(self):
        out = os.path.join(self.folder, "run")
        child = subprocess.Popen([PEAKRIG, "run", scenario(), "--out", out,
                                  "--set", "traffic.duration_s=600.0"],
                                 text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, start_new_session=True)
        self.addCleanup(child.kill)
        self.wait_for_calls(out)
        began = time.monotonic()
        child.send_signal(signal.SIGINT)
        text, errors = child.communicate(timeout=60)
        self.assertEqual(child.returncode, 4, text + errors)
        self.assertLess(time.monotonic() - began, 15)
        self.assertIn("INVALID: the load was not valid: the run was stopped", text)
        with open(os.path.join(out, "result.json")) as file:
            result = json.load(file)
        self.assertEqual(result["status"], "stopped")
        self.assertTrue(result["calls"]["conserved"])
        self.assertGreater(result["calls"]["offered"], 0)
        self.assertGreater(result["calls"]["not_placed"], 0)
        self.assertEqual(result["calls"]["outcomes"]["in_progress"], 0)
        self.assertEqual({stage["judgement"] for stage in result["stages"]}, {"INVALID"})
        for name in ("capture.pcap", "calls.csv", "play.json", "junit.xml", "report.html"):
            self.assertTrue(os.path.exists(os.path.join(out, name)), name)
        self.expect_no_parts()
        self.assertEqual(processes_of(out), {})

    def wait_for_calls(self, out):
        """Until SIPp has logged calls that are over: the run is in its middle."""
        log_folder = os.path.join(out, "logs")
        for _ in range(600):
            time.sleep(0.1)
            if not os.path.isdir(log_folder):
                continue
            for name in os.listdir(log_folder):
                path = os.path.join(log_folder, name)
                if name.startswith("callers") and name.endswith(".log") and \
                        os.path.getsize(path) > 2000:
                    return
        self.fail("no calls within a minute")


class Words(Folder):
    """Usage, help and inputs that are wrong."""

    def test_exit_codes(self):
        garbage = os.path.join(self.folder, "garbage.pcap")
        empty = os.path.join(self.folder, "empty.pcap")
        with open(garbage, "w") as file:
            file.write("this is no capture\n" * 10)
        open(empty, "w").close()
        rows = [
            ([], 2, "Usage: peakrig"),
            (["fly"], 2, "unknown command \"fly\""),
            (["run"], 2, "expected one SCENARIO"),
            (["run", "a", "b"], 2, "expected one SCENARIO"),
            (["run", "--fast", "a"], 2, "unknown option --fast"),
            (["run", "--quiet=1", "a"], 2, "--quiet takes no value"),
            (["run", "--out"], 2, "--out: expected DIR"),
            (["run", "--workers", "0", "a"], 2, "--workers: \"0\"; expected a whole number"),
            (["run", "/nonexistent.cfg"], 2, "/nonexistent.cfg: cannot read"),
            (["run", scenario(), "--target", ":99"], 2, "expected HOST[:PORT]"),
            (["run", scenario(), "--target", "127.0.0.1:x"], 2, "expected a port"),
            (["run", scenario(), "--target", "127.0.0.1:5060"], 2, "target.scalable"),
            (["run", scenario(), "--set", "trunks[0].circuits=none"], 2, "trunks[0].circuits"),
            (["run", scenario(), "--workers", "17"], 2, "--workers 17; expected at most 16"),
            (["run", scenario(), "--set", 'target={listen="::1"; agents_listen="127.0.0.1:5080";}'], 2,
             "expected two IPv4 or two IPv6 addresses"),
            (["run", scenario(), "--set", 'target={listen="192.0.2.1";}'], 2, "is not loopback"),
            (["run", scenario(), "--sipp", "/nonexistent/sipp"], 5, "/nonexistent/sipp"),
            (["run", scenario(), "--set", "callers.dial=\"112\""], 2, "emergency"),
            (["run", scenario(), "--set", "limits={max_rate_per_s=1.0;}"], 2, "max_rate_per_s"),
            (["run", scenario(), "--out", "/proc/x"], 5, "/proc/x"),
            (["check"], 2, "expected one SCENARIO"),
            (["check", scenario(), "--set", "callers.dial=\"112\""], 2, "emergency"),
            (["check", scenario(), "--set", "callers.sipp_xml=\"/nonexistent.xml\""], 2,
             "/nonexistent.xml"),
            (["run", scenario(), "--target", "[::1"], 2, "expected HOST[:PORT]"),
            (["run", scenario(), "--target", "[::1]:x"], 2, "expected a port"),
            (["predict", scenario(), "-n", "1"], 2, "expected 2 to 100000000"),
            (["analyze"], 2, "expected at least one CAPTURE"),
            (["analyze", "/nonexistent.pcap"], 5, "/nonexistent.pcap"),
            (["analyze", garbage], 2, "garbage.pcap"),
            (["analyze", empty], 2, "empty.pcap"),
            (["diff", self.folder], 2, "scenario.cfg: cannot read"),
            (["report", self.folder], 2, "scenario.cfg: cannot read"),
            (["erlang", "z", "1", "1"], 2, "\"z\" is not a formula"),
            (["erlang", "b", "-1", "1"], 2, "ERLANG"),
            (["erlang", "b", "1", "1.5"], 2, "CIRCUITS"),
            (["erlang", "b", "1"], 2, "expected b ERLANG CIRCUITS"),
            (["target", scenario(), "--port", "70000"], 2, "--port"),
        ]
        for words, code, message in rows:
            done = run(*words, cwd=self.folder)
            self.assertEqual(done.returncode, code, f"{words}: {done.stdout}{done.stderr}")
            self.assertIn(message, done.stderr, words)
            self.assertEqual(done.stdout, "", words)
        self.assertEqual(sorted(os.listdir(self.folder)), ["empty.pcap", "garbage.pcap"])

    def test_help(self):
        commands = ["run", "check", "predict", "plan", "schedule", "analyze", "diff", "report", "target",
                    "erlang", "keys", "recipe"]
        for words in [["--help"], ["help"]] + [[command, "--help"] for command in commands]:
            done = run(*words)
            self.assertEqual(done.returncode, 0, words)
            self.assertIn("Usage: peakrig", done.stdout)
        self.assertRegex(run("--version").stdout, r"^peakrig \d+\.\d+\.\d+\n$")

    def test_erlang(self):
        done = run("erlang", "b", "10", "17")
        self.assertEqual(done.returncode, 0)
        self.assertAlmostEqual(float(done.stdout), 0.012949, places=6)

    def test_schedule_is_reproducible(self):
        for name in ("a", "b"):
            done = run("schedule", scenario(), "-o", name, cwd=self.folder)
            self.assertEqual(done.returncode, 0, done.stderr)
        with open(os.path.join(self.folder, "a"), "rb") as a, \
                open(os.path.join(self.folder, "b"), "rb") as b:
            self.assertEqual(a.read(), b.read())
        run("schedule", scenario(), "-o", "c", "--set", "seed=8", cwd=self.folder)
        a, c = (rows_of(os.path.join(self.folder, name)) for name in "ac")
        self.assertNotEqual(a[0]["t_s"], c[0]["t_s"])

    def test_examples_of_the_readme(self):
        """The commands that README shows and that play no calls; and every scenario that is shipped."""
        with open(os.path.join(SOURCE, "README.md")) as file:
            examples = re.findall(r"^    build/cli/peakrig (predict .*)$", file.read(), re.M)
        self.assertTrue(examples)
        for example in examples:
            done = run(*example.split(), "-n", "2", "--quiet", cwd=SOURCE)
            self.assertEqual(done.returncode, 0, done.stderr)
        for folder in ("scenarios", "bench"):
            for name in os.listdir(os.path.join(SOURCE, folder)):
                path = os.path.join(SOURCE, folder, name)
                if not name.endswith(".cfg"):
                    continue
                done = run("schedule", path, cwd=self.folder)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertGreater(len(rows_of(os.path.join(self.folder, "schedule.csv"))), 300)

    def test_examples_of_your_own_target(self):
        """The scenario of docs/your-own-target.md and what it says to do with it, at an address that is ours."""
        with open(os.path.join(SOURCE, "docs/your-own-target.md")) as file:
            text = file.read()
        block = re.search(r'^    name = "my-centre";.*?^    };$\n\n', text, re.M | re.S)[0]
        with open(os.path.join(self.folder, "my-centre.cfg"), "w") as file:
            file.write(re.sub(r"^    ", "", block, flags=re.M))
        shutil.copy(os.path.join(SOURCE, "scenarios/examples/own-caller.xml"), self.folder)
        commands = re.findall(r"^    peakrig (check my-centre.cfg.*?) *(?:#.*)?$", text, re.M)
        self.assertEqual(len(commands), 3)
        commands = [words for words in commands if "--probe" not in words]  # nobody is there: set_up.py
        here = ["--set", 'target.host="127.0.0.1"', "--set",
                'target.agents_listen="127.0.0.1:45080"']
        for command in commands:
            done = run(*shlex.split(command), *here, cwd=self.folder)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertRegex(done.stdout, r'calls +\d+ to "4930785" in 600\.0 s')
        done = run("check", "my-centre.cfg", *here, cwd=self.folder)
        self.assertRegex(done.stdout, r"(?m)^callers +follow no redirection \(3xx\): callers.redirected_to")
        self.assertRegex(done.stdout, r"(?m)^callers +heed no Retry-After")
        able = run("check", "my-centre.cfg", *here, "--set", 'callers.redirected_to="4930786"', "--set",
                   "callers.session_timer.expires_s=90", "--set", "callers.reliable_provisional=true", cwd=self.folder)
        self.assertRegex(able.stdout, r"(?m)^callers +follow a 300, 301 or 302 to 4930786, and to no other number")
        self.assertNotIn("a 421", able.stdout)
        refused = run("check", "my-centre.cfg", *here, "--set", 'callers.redirected_to="112"', cwd=self.folder)
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("callers.redirected_to", refused.stderr)
        self.assertNotIn("SHA-256", done.stdout)  # nobody has a password
        done = run("check", "my-centre.cfg", *here, "--set", 'callers.auth={user="al";password="x";}', "--set",
                   'target.kind="asterisk"', cwd=self.folder)
        old = " v3.6" in subprocess.run(["sipp", "-v"], capture_output=True, text=True).stdout
        self.assertEqual(old, "a SHA-256 challenge ends this SIPp" in done.stdout)
        self.assertRegex(done.stdout, r'(?m)^kind +"asterisk"')
        self.assertIn("each waiting caller looks for a free agent every 1 s", done.stdout)
        done = run("check", "my-centre.cfg", *here, "--set", 'callers.sipp_xml="my-centre.cfg"',
                   cwd=self.folder)
        self.assertEqual(done.returncode, 2)
        self.assertIn('has no "<scenario"', done.stderr)
        setcap = re.search(r"setcap \S+ ", text)[0]
        self.assertEqual(setcap, "setcap cap_net_raw+ep ")

    def test_predict(self):
        done = run("predict", scenario(), "-n", "50", "--json", "--quiet")
        self.assertEqual(done.returncode, 0, done.stderr)
        document = json.loads(done.stdout)
        self.assertEqual(document["format"], "peakrig prediction 1")
        self.assertEqual(document["replications"], 50)
        names = {metric["name"] for metric in document["metrics"]}
        self.assertIn("p_lost_trunk_per_entrant", names)
        done = run("predict", scenario(), "-n", "50", "--quiet")
        self.assertEqual([line.split()[0] for line in done.stdout.splitlines()
                          if re.match(r"(trunk|ivr|queue|agent) +\| +\d+ \| ", line)], STAGES)


if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[3:])
