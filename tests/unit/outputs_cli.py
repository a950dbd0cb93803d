#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An output never destroys what it names: every output option of every command, at devices, pipes, links of each
kind, standard output, and files that are read. Device nodes are our own, in a folder of our own.

Usage: outputs_cli.py PEAKRIG SOURCE_DIR
"""
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
import unittest

PEAKRIG = None
SOURCE = None

# What a help text says of an option that names a file to write.
WRITES = r"^(write|where to|the capture to write)|as a file|as a picture|^the folder to make"


class Outputs(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-outputs-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.scenario = self.at("scenario.cfg")
        self.capture = self.at("in.pcap")
        shutil.copy(os.path.join(SOURCE, "tests/loopback/cli.cfg"), self.scenario)
        shutil.copy(os.path.join(SOURCE, "tests/fixtures/embedded_centre.pcap"), self.capture)
        with open(self.at("rules.cfg"), "w") as file:
            file.write('format = "peakrig rules 1";\n')

    def at(self, name):
        return os.path.join(self.folder, name)

    def commands(self):
        """Command and option -> the words before the file's name."""
        read = ["analyze", self.capture]
        call_id = re.search(rb"\r\nCall-ID: (\S+)", self.read(self.capture))[1].decode()
        return {
            ("schedule", "output"): ["schedule", self.scenario, "-o"],
            ("predict", "output"): ["predict", self.scenario, "-n", "4", "--quiet", "-o"],
            ("analyze", "calls"): read + ["--calls"],
            ("analyze", "jsonl"): read + ["--jsonl"],
            ("analyze", "by-csv"): read + ["--by", "code", "--by-csv"],
            ("analyze", "over-time"): read + ["--over-time"],
            ("analyze", "patience"): read + ["--patience"],
            ("analyze", "svg"): read + ["--ladder", call_id, "--svg"],
            ("analyze", "output"): read + ["--slice", "outcome=served", "-o"],
        }

    # Options whose file is one of a process that goes on, or a folder: they have tests of their own below.
    ELSEWHERE = {("target", "counts"), ("plan", "output"), ("run", "out"), ("analyze", "plots"), ("recipe", "output"),
                 ("report", "share"), ("report", "markdown"), ("report", "output")}

    def run_it(self, words, **how):
        how = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **how}
        return subprocess.run([PEAKRIG, *words], timeout=120, **how)

    def ok(self, words, **how):
        done = self.run_it(words, **how)
        self.assertEqual(done.returncode, 0, (words, done.stderr))
        return done

    def refused(self, words, code, *parts):
        done = self.run_it(words)
        self.assertEqual(done.returncode, code, (words, done.stderr))
        for part in parts:
            self.assertIn(part, done.stderr.decode(), words)
        return done

    def each(self):
        for number, ((command, option), words) in enumerate(self.commands().items()):
            with self.subTest(command=command, option=option):
                plain = self.at(f"plain-{number}")
                self.ok(words + [plain])
                with open(plain, "rb") as file:
                    yield words, file.read(), f"{number}"
        self.assertEqual([name for name in os.listdir(self.folder) if ".part" in name], [])

    def read(self, path):
        with open(path, "rb") as file:
            return file.read()

    def test_each_option_is_in_the_table(self):
        found = set()
        names = re.findall(r"^  (\w+) +\S", self.ok(["--help"]).stdout.decode().split("Commands:")[1].split("\n\n")[0],
                           re.M)
        for name in names:
            text = self.ok([name, "--help"]).stdout.decode()
            for option, operand, told in re.findall(r"--([a-z-]+) (FILE|DIR|FOLDER) +\n?\s*(.*)", text):
                if re.search(WRITES, told) or operand == "FOLDER":
                    found.add((name, option))
        self.assertEqual(found, set(self.commands()) | self.ELSEWHERE)

    def node(self, name, minor):
        path = self.at(name)
        try:
            os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(1, minor))
            with open(path, "wb"):
                return path
        except PermissionError as why:
            self.skipTest(f"no device nodes can be made here: {why}")

    def test_devices(self):
        null, zero, full = self.node("null", 3), self.node("zero", 5), self.node("full", 7)
        before = {path: os.lstat(path) for path in (null, zero, full)}
        os.symlink("null", self.at("to-null"))
        for words, _, _ in self.each():
            for path in (null, zero, self.at("to-null")):
                self.ok(words + [path])
            self.refused(words + [full], 5, f"{full}: cannot write: No space left on device; free some space")
            for path, facts in before.items():
                now = os.lstat(path)
                self.assertEqual((now.st_ino, now.st_mode, now.st_rdev), (facts.st_ino, facts.st_mode, facts.st_rdev))
        block = self.at("block")
        os.mknod(block, 0o600 | stat.S_IFBLK, os.makedev(7, 250))
        for words, _, _ in self.each():
            self.refused(words + [block], 5, "block device")

    def test_pipes(self):
        for words, bytes_, n in self.each():
            pipe, got = self.at(f"pipe-{n}"), []
            os.mkfifo(pipe)
            reader = threading.Thread(target=lambda: got.append(self.read(pipe)))
            reader.start()
            self.ok(words + [pipe])
            reader.join(60)
            self.assertEqual(got, [bytes_])
            self.assertTrue(stat.S_ISFIFO(os.lstat(pipe).st_mode))

    def test_links(self):
        elsewhere = tempfile.mkdtemp(prefix="peakrig-outputs-", dir="/dev/shm")
        self.addCleanup(shutil.rmtree, elsewhere)
        self.assertNotEqual(os.stat(elsewhere).st_dev, os.stat(self.folder).st_dev)
        for words, bytes_, n in self.each():
            os.mkdir(self.at(f"d-{n}"))
            ends = [f"{self.folder}/d-{n}/old", f"{self.folder}/d-{n}/dangling", f"{elsewhere}/{n}-old",
                    f"{elsewhere}/{n}-dangling"]
            for end in ends:
                if end.endswith("old"):
                    with open(end, "w") as file:
                        file.write("old" * 100000)
            for k, end in enumerate(ends):
                os.symlink(os.path.relpath(end, self.folder), self.at(f"l-{n}-{k}"))
                os.symlink(self.at(f"l-{n}-{k}"), self.at(f"chain-{n}-{k}"))
                for link in (f"l-{n}-{k}", f"chain-{n}-{k}"):
                    self.ok(words + [self.at(link)])
                    self.assertTrue(os.path.islink(self.at(link)))
                    self.assertEqual(self.read(end), bytes_)
                    self.assertFalse(os.path.islink(end))
                    os.truncate(end, 0)
            self.assertEqual(sorted(os.listdir(self.at(f"d-{n}"))), ["dangling", "old"])
        os.symlink("loop", self.at("loop"))
        self.refused(["schedule", self.scenario, "-o", self.at("loop")], 5, "Too many levels of symbolic links")

    def test_what_a_file_has_besides_its_content_stays(self):
        for words, bytes_, n in self.each():
            path, other = self.at(f"a-{n}"), self.at(f"b-{n}")
            for old in (b"", b"x" * 10000000):
                with open(path, "wb") as file:
                    file.write(old)
                os.chmod(path, 0o640)
                self.ok(words + [path])
                self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o640)
                self.assertEqual(self.read(path), bytes_)
            os.link(path, other)
            inode = os.stat(path).st_ino
            for old in (b"", b"x" * 10000000):
                with open(path, "wb") as file:
                    file.write(old)
                self.ok(words + [path])
                self.assertEqual((os.stat(path).st_ino, os.stat(other).st_ino), (inode, inode))
                self.assertEqual(self.read(other), bytes_)

    def test_standard_output(self):
        door = self.at("stdout")
        os.symlink("/proc/self/fd/1", door)
        for words, bytes_, n in self.each():
            self.assertEqual(self.ok(words + ["-"]).stdout, bytes_)
            self.assertEqual(self.ok(words + [door]).stdout, bytes_)
            path = self.at(f"redirected-{n}")
            for name in ("-", door, path):
                with open(path, "wb") as file:
                    file.write(b"before\n")
                    file.flush()
                    self.ok(words + [name], stdout=file)
                    self.assertEqual(os.fstat(file.fileno()).st_ino, os.stat(path).st_ino)
                self.assertEqual(self.read(path), b"before\n" + bytes_)
            with open(path, "wb") as file:
                os.symlink(f"/proc/self/fd/{file.fileno()}", self.at(f"door-{n}"))
                file.write(b"before\n")
                file.flush()
                self.ok(words + [self.at(f"door-{n}")], pass_fds=[file.fileno()])
            self.assertEqual(self.read(path), b"before\n" + bytes_)
        with open(self.at("log"), "wb") as log:
            self.ok(["schedule", self.scenario, "-o", self.at("log")], stderr=log)
            self.assertEqual(os.fstat(log.fileno()).st_ino, os.stat(self.at("log")).st_ino)

    def test_what_is_read_is_not_written(self):
        for words, _, n in self.each():
            given = next(word for word in words if word in (self.scenario, self.capture))
            before = self.read(given)
            os.link(given, self.at(f"hard-{n}"))
            os.symlink(given, self.at(f"soft-{n}"))
            for path in (given, self.at(f"hard-{n}"), self.at(f"soft-{n}"), f"{self.folder}/./" +
                         os.path.basename(given)):
                self.refused(words + [path], 2, "which is read; expected another file")
            self.assertEqual(self.read(given), before)
        rules = self.at("rules.cfg")
        self.refused(["analyze", self.capture, "--rules", rules, "--calls", rules], 2, "which is read")
        with open(self.capture, "rb") as file:
            done = self.run_it(["analyze", "-", "--calls", self.capture], stdin=file)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn(b"that is the standard input, which is read", done.stderr)

    def test_files_of_a_scenario_are_read_too(self):
        with open(self.at("talks.csv"), "w") as file:
            file.write("s\n10\n20\n")
        with open(self.at("part.cfg"), "w") as file:
            file.write('talk = { type = "empirical"; file = "talks.csv"; column = "s"; };\n')
        with open(self.scenario) as file:
            text = file.read()
        text, n = re.subn(r"\btalk *= *\{[^}]*\};", '\n@include "part.cfg"\n', text)
        self.assertEqual(n, 1)
        with open(self.at("whole.cfg"), "w") as file:
            file.write(text)
        whole = self.at("whole.cfg")
        self.ok(["schedule", whole, "-o", self.at("schedule.csv")])
        for name in ("talks.csv", "part.cfg", "whole.cfg"):
            before = self.read(self.at(name))
            for words in (["schedule", whole, "-o"], ["predict", "-n", "2", whole, "-o"], ["target", whole, "--counts"]):
                self.refused(words + [self.at(name)], 2, f"that is {self.at(name)}, which is read")
            self.assertEqual(self.read(self.at(name)), before)

    def test_two_outputs_are_two_files(self):
        read = ["analyze", self.capture]
        os.symlink("new.csv", self.at("link.csv"))
        self.refused(read + ["--calls", self.at("new.csv"), "--jsonl", self.at("link.csv")], 2,
                     "--calls and --jsonl both go to")
        self.refused(read + ["--calls", "-", "--jsonl", "-"], 2, "both go to standard output")
        self.refused(read + ["--calls", "-", "--json"], 2, "--calls - with --json: both go to standard output")
        self.refused(["predict", self.scenario, "-n", "2", "-o", "-", "--json"], 2, "both go to standard output")

    def test_what_cannot_be_written(self):
        os.mkdir(self.at("folder"))
        for words, _, _ in self.each():
            self.refused(words + [self.at("folder")], 5, "is a folder")
            self.refused(words + [self.at("none/x")], 5, "No such file or directory")
        for words in (["plan", self.scenario, "--vary", "agents=10:11", "-o", "-"], ["run", self.scenario, "-o", "-"],
                      ["analyze", self.capture, "--plots", "-"]):
            self.refused(words, 2, "expected a folder")
        os.rename(self.scenario, self.at("plan.csv"))
        before = self.read(self.at("plan.csv"))
        self.refused(["plan", self.at("plan.csv"), "--vary", "agents=10:11", "-o", self.folder], 2, "which is read")
        self.assertEqual(self.read(self.at("plan.csv")), before)


if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
