#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a run are evidence: what is not the file that was played or written is refused, or judged by force and
said; every call that differs is in differences.csv; a capture is read before it replaces one.

Usage: run_files_cli.py PEAKRIG SOURCE_DIR
"""
import csv
import hashlib
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

PEAKRIG = None
SOURCE = None
NAMES = ("scenario.cfg", "schedule.csv", "play.json", "calls.csv")


class RunFiles(unittest.TestCase):
    def setUp(self):
        folder = tempfile.mkdtemp(prefix="peakrig-run-files-")
        self.addCleanup(shutil.rmtree, folder)
        self.run_dir = os.path.join(folder, "run")
        shutil.copytree(os.path.join(SOURCE, "tests/fixtures/runs/fail"), self.run_dir)

    def at(self, name):
        return os.path.join(self.run_dir, name)

    def read(self, name):
        with open(self.at(name), "rb") as file:
            return file.read()

    def diff(self, *words):
        return subprocess.run([PEAKRIG, "diff", self.run_dir, "--quiet", *words], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=120)

    def note_sums(self):
        with open(self.at("SHA256SUMS"), "w") as file:
            for name in NAMES:
                file.write(f"{hashlib.sha256(self.read(name)).hexdigest()}  {name}\n")

    def change(self, name):
        """A change that leaves the file readable."""
        before = self.read(name)
        with open(self.at(name), "wb") as file:
            if name == "play.json":
                file.write(before.rstrip() + b"\n\n")
            elif name == "calls.csv":
                file.write(before + before.splitlines(True)[-1].replace(b"-", b"_"))
            else:
                file.write(b"# a line more\n" + before)
        return before

    def expect_refused(self, name):
        before = {kept: self.read(kept) for kept in ("result.json", "junit.xml")}
        done = self.diff()
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn(f"{self.at(name)} is not the file that was ", done.stderr)
        self.assertIn("--force judges all the same", done.stderr)
        self.assertEqual(before, {kept: self.read(kept) for kept in before})

    def expect_forced(self, names):
        done = self.diff("--force")
        self.assertEqual(done.returncode, 1, done.stderr)
        for name in names:
            self.assertIn(f"judged by force: {name} is not the file", " ".join(done.stdout.split()))
        with open(self.at("result.json")) as file:
            self.assertEqual(json.load(file)["inputs"]["changed"], list(names))
        with open(self.at("junit.xml")) as file:
            self.assertIn(f'name="judged by force" value="{names[0]}"', file.read())
        report = subprocess.run([PEAKRIG, "report", self.run_dir], capture_output=True, text=True, timeout=120)
        self.assertEqual(report.returncode, 0, report.stderr)
        self.assertIn(f"<b>Judged by force.</b> Not the files that were played or written: <code>{names[0]}</code>",
                      self.read("report.html").decode())

    def leave_without_end(self, pid):
        """What a run leaves that was killed: its plan, a play.json of its beginning, a part of a capture."""
        with open(os.path.join(SOURCE, "cli/run_recover.h")) as file:
            text = "".join(re.findall(r'^    "(.*?)"(?: *\\)?$', file.read(), re.M))
        with open(self.at("play.json")) as file:
            play = json.load(file)
        play |= {"trouble": text, "agents_host": "127.0.0.1", "agents_port": 5080}
        with open(self.at("play.json"), "w") as file:
            json.dump(play, file)
        for name in ("calls.csv", "result.json", "SHA256SUMS"):
            if os.path.exists(self.at(name)):
                os.remove(self.at(name))
        with open(self.at(f"capture.pcap.part-{pid}"), "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 65535, 1))
        return self.at(f"capture.pcap.part-{pid}")

    def test_a_run_that_was_killed(self):
        part = self.leave_without_end(2 ** 22)
        done = self.diff()
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn(f"taking what it captured: {part}", done.stderr)
        self.assertIn("peakrig itself was ended in mid-run: killed", " ".join(done.stdout.split()))
        self.assertTrue(os.path.exists(self.at("capture.pcap")))
        self.assertFalse(os.path.exists(part))
        again = self.diff()  # from the files that there are now
        self.assertEqual((again.returncode, again.stdout), (4, done.stdout), again.stderr)

    def note_host(self, boot, n_kills):
        with open(self.at("play.json")) as file:
            play = json.load(file)
        with open(self.at("play.json"), "w") as file:
            json.dump(play | {"host_boot": boot, "host_oom_kills": n_kills}, file)

    def test_a_run_that_was_killed_for_want_of_memory(self):
        """The kernel counts: since this start of the host, and of all processes."""
        with open("/proc/sys/kernel/random/boot_id") as file:
            boot = file.read().strip()
        with open("/proc/vmstat") as file:
            n_kills = int(re.search(r"^oom_kill (\d+)$", file.read(), re.M).group(1))
        rows = [(boot, n_kills + 1, None), ("another start", 0, None), (boot, n_kills, None)]
        if n_kills > 0:
            rows += [(boot, n_kills - 1, "ended 1 process so since")]
        for noted, n_before, said in rows:
            with self.subTest(boot=noted, n=n_before):
                self.leave_without_end(2 ** 22)
                self.note_host(noted, n_before)
                done = self.diff()
                self.assertEqual(done.returncode, 4, done.stderr)
                text = " ".join(done.stdout.split())
                self.assertIn("peakrig itself was ended in mid-run: killed", text)
                self.assertEqual("for want of memory as it seems" in text, said is not None)
                self.assertIn(said or "or the disk was full", text)
                self.assertEqual(self.diff().stdout, done.stdout)
                os.remove(self.at("capture.pcap"))

    def test_a_run_that_was_killed_and_left_nothing(self):
        os.remove(self.leave_without_end(2 ** 22))
        done = self.diff()
        self.assertEqual(done.returncode, 2)
        self.assertIn("has left no capture", done.stderr)

    def test_a_run_that_is_under_way(self):
        program = shutil.copy(shutil.which("sleep"), self.at("peakrig"))
        child = subprocess.Popen([program, "60"])
        try:
            part = self.leave_without_end(child.pid)
            done = self.diff()
            self.assertEqual(done.returncode, 2)
            self.assertIn(f"the run is still under way (process {child.pid})", done.stderr)
            self.assertTrue(os.path.exists(part))
        finally:
            child.kill()
            child.wait()

    def test_files_that_are_as_they_were(self):
        self.note_sums()
        done = self.diff()
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertNotIn("force", done.stdout)
        with open(self.at("result.json")) as file:
            self.assertEqual(json.load(file)["inputs"]["changed"], [])
        subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=self.run_dir, check=True)

    def test_each_file_that_was_changed(self):
        self.note_sums()
        for name in NAMES:
            with self.subTest(name=name):
                before = self.change(name)
                self.expect_refused(name)
                self.expect_forced([name])
                with open(self.at(name), "wb") as file:
                    file.write(before)

    def test_several_at_once(self):
        self.note_sums()
        for name in NAMES:
            self.change(name)
        for name in NAMES:
            self.expect_refused(name)
        self.expect_forced(list(NAMES))

    def test_runs_of_before_say_it_of_two(self):
        for name in ("schedule.csv", "scenario.cfg"):
            with self.subTest(name=name):
                before = self.change(name)
                self.expect_refused(name)
                self.expect_forced([name])
                with open(self.at(name), "wb") as file:
                    file.write(before)

    def test_sums_that_are_none(self):
        with open(self.at("SHA256SUMS"), "w") as file:
            file.write("\nnonsense\n")
        done = self.diff()
        self.assertEqual(done.returncode, 2)
        self.assertIn("SHA256SUMS:2: expected a SHA-256, two blanks and a name", done.stderr)

    def test_all_calls_that_differ(self):
        self.assertEqual(self.diff().returncode, 1)
        with open(self.at("result.json")) as file:
            agreement = json.load(file)["agreement"]
        with open(self.at("differences.csv"), newline="") as file:
            rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
        self.assertGreater(agreement["different"], 10)
        self.assertEqual(len(rows), agreement["different"])
        for row, first in zip(rows, agreement["first_different"]):
            self.assertEqual(int(row["planned_index"]), first["planned_index"])
            self.assertAlmostEqual(float(row["t_s"]), first["t_s"], places=5)
            self.assertEqual((row["replayed"], row["observed"]), (first["replayed"], first["observed"]))
            self.assertEqual(row["call_id"], first["call_id"] or "")
        with open(self.at("calls.csv"), newline="") as file:
            seen = {call["call_id"]: call for call in
                    csv.DictReader(line for line in file if not line.startswith("#"))}
        for row in rows:
            for side in ("replayed", "observed"):
                is_lost = row[side].startswith("lost_")
                self.assertEqual(row[f"stage_{side}"], row[side][5:] if is_lost else "")
            self.assertNotEqual(row["replayed"], row["observed"])
            if row["call_id"]:
                self.assertEqual(row["reason"], seen[row["call_id"]]["reason"])
                self.assertLess(abs(float(row["late_ms"])), 1000)

    def test_a_capture_is_read_before_it_replaces_one(self):
        shutil.copy(os.path.join(SOURCE, "tests/fixtures/challenges.pcap"), self.at("capture.pcap"))
        self.note_sums()
        names = ("capture.pcap", "calls.csv", "SHA256SUMS")
        before = {name: self.read(name) for name in names}
        garbage = self.at("garbage.pcap")
        with open(garbage, "wb") as file:
            file.write(b"no capture" * 100)
        for path, part in ((garbage, f"{garbage}: "), (self.at("none.pcap"), "none.pcap: cannot read"),
                           (os.path.join(SOURCE, "tests/fixtures/captured_twice.pcap"), "is one of this run")):
            done = self.diff("--capture", path)
            self.assertIn(done.returncode, (2, 5), done.stderr)
            self.assertIn(part, done.stderr)
            self.assertNotIn("/proc/", done.stderr)
            self.assertEqual(before, {name: self.read(name) for name in names})
        self.assertEqual([name for name in os.listdir(self.run_dir) if ".part" in name], [])

    def report(self):
        return subprocess.run([PEAKRIG, "report", self.run_dir], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=120)

    def test_agents_of_the_capture(self):
        """Each agent's calls, rings, talks in agents.csv, in scenario time, and in the report; without a capture none."""
        done = self.report()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("agents.csv", os.listdir(self.run_dir))
        self.assertIn(b"no capture that shows the agents' legs", self.read("report.html"))
        scale = json.loads(self.read("result.json"))["time_scale"]
        self.assertGreater(scale, 1)
        shutil.copy(os.path.join(SOURCE, "tests/fixtures/embedded_centre.pcap"), self.at("capture.pcap"))
        done = self.report()
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = self.read("agents.csv").decode().splitlines()
        rows = {row["group"]: row for row in csv.DictReader(line for line in lines if not line.startswith("#"))}
        self.assertEqual(sorted(rows), ["agent1", "agent2"])  # the calls that rang nobody are no agent
        seen = [(int(row["rings"]), int(row["missed_rings"]), float(row["talk_total_s"]) / scale)
                for row in (rows["agent1"], rows["agent2"])]
        for (rings, missed, talk_s), expected in zip(seen, [(7, 3, 78.0), (1, 0, 13.0)]):
            self.assertEqual((rings, missed), expected[:2])
            self.assertAlmostEqual(talk_s, expected[2], places=2)
        page = self.read("report.html").decode()
        self.assertIn("<b>2 agents</b> were rung 8 times; 3 rings were missed", page)
        self.assertIn('<th scope="row">agent1</th><td class="n">4</td><td class="n">3</td>', page)


if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
