#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""ci/gate keeps what a run left and its exit code, whatever becomes of it; ci/setup splits its packages. The run is
played by a stand-in that copies a finished one: what `peakrig run` does is tested elsewhere.

usage: gate_script.py PEAKRIG SOURCE_DIR
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as tree

PEAKRIG = SOURCE = None
STAND_IN = '''#!/bin/sh
[ "$1" = run ] || exec {peakrig} "$@"
echo "a & b <c>"
[ -z "{run}" ] || cp -r {run} "$4"
[ "$5" != --history ] || [ -z "{run}" ] || {peakrig} history add --history "$6" "$4"
echo "last words" >&2
exit {code}
'''


class Gate(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="peakrig-gate-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.kept = self.folder / "kept"

    def gate(self, code, run="", words=(), **env):
        program = self.folder / "peakrig"
        run = SOURCE / "tests/fixtures/runs" / run if run else ""
        program.write_text(STAND_IN.format(peakrig=PEAKRIG, run=run, code=code))
        program.chmod(0o755)
        return subprocess.run([SOURCE / "ci/gate", "x.cfg", self.kept, *words], capture_output=True, text=True, timeout=60,
                              env={**os.environ, "PEAKRIG": str(program), **env})

    def test_verdicts(self):
        for code, run in ((0, "pass"), (1, "fail"), (3, "stopped")):
            with self.subTest(run=run):
                done = self.gate(code, run)
                self.assertEqual(done.returncode, code, done.stderr)
                self.assertIn("last words", done.stdout)
                self.assertEqual((self.kept / "exit-code").read_text(), f"{code}\n")
                self.assertEqual((self.kept / "junit.xml").read_bytes(), (self.kept / "run/junit.xml").read_bytes())
                self.assertTrue((self.kept / "summary.md").read_text().startswith("### peakrig: "))
                self.assertIn("last words", (self.kept / "console.txt").read_text())
                shutil.rmtree(self.kept)

    def test_links(self):
        self.gate(0, "pass", PEAKRIG_LINK="https://ci.example/7")
        self.assertIn("(<https://ci.example/7/report.html>)", (self.kept / "summary.md").read_text())
        shutil.rmtree(self.kept)
        self.assertEqual(self.gate(0, "pass", PEAKRIG_LINK="not a link").returncode, 0)
        self.assertIn("`report.html`", (self.kept / "summary.md").read_text())

    def history(self, *words, code=0, run="pass", **env):
        """A run that knows those of the file; what is told, and the verdicts in the file after it."""
        file = self.folder / "between/history.jsonl"
        done = self.gate(code, run, words, PEAKRIG_HISTORY=str(file), **env)
        self.assertEqual(done.returncode, code, done.stderr)
        shutil.rmtree(self.kept)
        lines = file.read_text().splitlines() if file.exists() else []
        try:
            return done.stderr, [json.loads(line)["judgement"] for line in lines]
        except ValueError:
            return done.stderr, lines

    def test_history(self):
        """Runs come together over pipelines; nothing is lost, whatever happens to one of them."""
        self.assertEqual(self.history()[1], ["PASS"])
        self.assertEqual(self.history(code=1, run="fail")[1], ["PASS", "FAIL"])
        self.assertEqual(self.history()[1], ["PASS", "FAIL"])  # the same run is there once
        self.assertEqual(self.history(code=5, run="")[1], ["PASS", "FAIL"])
        self.assertEqual(self.history(code=3, run="stopped", PEAKRIG_HISTORY_LIMIT="2")[1], ["FAIL", "FAIL"])  # the latest two
        told, verdicts = self.history(PEAKRIG_HISTORY_LIMIT="many")
        self.assertEqual(verdicts, ["FAIL", "FAIL"])
        self.assertIn("could not be written; the earlier one stays", told)
        self.assertFalse(list(self.folder.glob("between/*.new")))
        (self.folder / "between/history.jsonl").write_text("no history")
        told, lines = self.history()
        self.assertEqual(lines, ["no history"])
        self.assertIn("is left as it is", told)

    def test_without_a_verdict(self):
        for code in (2, 5, 137):
            done = self.gate(code)
            self.assertEqual(done.returncode, code)
            error = tree.parse(self.kept / "junit.xml").find(".//error")
            self.assertEqual((error.get("type"), error.get("message")), (f"exit code {code}", "last words"))
            self.assertIn("    a & b <c>\n    last words\n", (self.kept / "summary.md").read_text())
            shutil.rmtree(self.kept)

    def test_refusals(self):
        self.kept.mkdir()
        (self.kept / "other.txt").touch()
        self.assertEqual(self.gate(0, "pass").returncode, 2)
        self.assertEqual(sorted(path.name for path in self.kept.iterdir()), ["other.txt"])
        done = subprocess.run([SOURCE / "ci/gate"], capture_output=True, text=True)
        self.assertEqual((done.returncode, "Usage: ci/gate SCENARIO" in done.stdout), (2, True))
        done = subprocess.run([SOURCE / "ci/gate", "x.cfg", self.folder / "new"], capture_output=True, text=True,
                              env={**os.environ, "PEAKRIG": "/no/such/program"})
        self.assertEqual(done.returncode, 5)
        self.assertFalse((self.folder / "new").exists())

    def test_setup(self):
        def listed(*words):
            return subprocess.run([SOURCE / "ci/setup", *words, "--list"], capture_output=True, text=True, check=True).stdout.split()
        run, package, test = listed("--run"), listed("--package"), listed("--test")
        self.assertLess(set(run), set(package))
        self.assertLess(set(package), set(test))
        self.assertEqual(listed(), test)
        self.assertEqual(len(test), len(set(test)))
        self.assertEqual({"octave", "kamailio", "tshark", "doxygen", "libcmocka-dev"} & set(run), set())
        self.assertLessEqual({"sip-tester", "gnuplot-nox", "libpcap-dev", "cmake"}, set(run))
        self.assertIn("clang", set(listed("--fuzz")) - set(test))
        done = subprocess.run([SOURCE / "ci/setup", "--colour"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)

    @unittest.skipIf(shutil.which("shellcheck") is None, "skipped: shellcheck is not installed (ci/setup --test)")
    def test_shellcheck(self):
        subprocess.run(["shellcheck", *(SOURCE / "ci" / name for name in (
            "build", "demo", "fuzz", "gate", "optimised", "package", "package-try", "pipelines/check", "setup", "site", "test"))], check=True)


if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
    unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[3:])
