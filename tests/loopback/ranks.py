#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""mpirun -n N peakrig predict, plan, diff: the bytes of one process, whatever N; errors once; a rank that is killed.

Usage: ranks.py PEAKRIG SOURCE_DIR HAS_MPI

Exit code 77, and a sentence, where peakrig is built without Open MPI.
"""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

PEAKRIG = None
SOURCE = None
PATIENCE_S = 100
MPIRUN = ["mpirun", "--oversubscribe", *(["--allow-run-as-root"] if os.geteuid() == 0 else [])]


class Result:
    def __init__(self, done):
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr
        self.said = [line for line in done.stderr.splitlines() if line.startswith("peakrig")]


def start(words, cwd):
    environment = {name: value for name, value in os.environ.items() if not re.match("OMPI_|PMIX_|PMI_", name)}
    return subprocess.Popen(words, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            text=True, env=environment)


def call(words, cwd):
    child = start(words, cwd)
    try:
        out, err = child.communicate(timeout=PATIENCE_S)
    except subprocess.TimeoutExpired:
        child.terminate()  # mpirun ends its ranks
        child.communicate()
        raise
    return Result(subprocess.CompletedProcess(words, child.returncode, out, err))


def workers(folder, least_s=0.6):
    """{rank: PID} of the ranks that work with this folder, without their guards, and have for least_s: by default they
    are past MPI_Init and simulate."""
    found = {}
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if folder not in (entry / "cmdline").read_text() or (entry / "comm").read_text() != "peakrig\n":
                continue
            rank = re.search(r"\0OMPI_COMM_WORLD_RANK=(\d+)\0", (entry / "environ").read_text())
            cpu_ticks = sum(map(int, (entry / "stat").read_text().rsplit(")", 1)[1].split()[11:13]))
        except OSError:
            continue  # it has ended
        if rank and cpu_ticks >= least_s * os.sysconf("SC_CLK_TCK"):
            found[int(rank.group(1))] = int(entry.name)
    return found


class Ranks(unittest.TestCase):
    maxDiff = 2000

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-ranks-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.scenario = os.path.join(self.folder, "s.cfg")
        shutil.copy(os.path.join(SOURCE, "scenarios/tv-peak-785.cfg"), self.scenario)

    def alone(self, *words):
        return call([PEAKRIG, *words], self.folder)

    def ranks(self, n, *words):
        return call([*MPIRUN, "-n", str(n), PEAKRIG, *words], self.folder)

    def two(self, first, second):
        """Two ranks, each with its folder, program and words."""
        words = [word for folder, program, *rest in (first, second)
                 for word in (":", "-n", "1", "--wdir", folder, program, *rest)]
        return call([*MPIRUN, *words[1:]], self.folder)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def assert_same(self, one, other):
        self.assertEqual((one.code, one.out), (other.code, other.out), other.err)

    def test_predict_is_the_same_bytes(self):
        words = ["predict", self.scenario, "--json", "--quiet", "-n"]
        alone = self.alone(*words, "7")
        self.assertEqual(alone.code, 0, alone.err)
        self.assert_same(alone, self.ranks(1, *words, "7"))
        self.assert_same(alone, self.ranks(3, *words, "7", "--threads", "2", "--output", self.path("p.json")))
        self.assertEqual(pathlib.Path(self.path("p.json")).read_text(), alone.out)
        self.assert_same(self.alone(*words, "2"), self.ranks(4, *words, "2"))  # more ranks than replications

    def test_plan_is_the_same_bytes(self):
        words = ["plan", self.scenario, "--vary", "trunks[0].e1=9:18", "--meet", "lost_trunk<=1%", "--quiet", "--json",
                 "--set", "traffic.duration_s=60.0", "-n", "10"]
        alone = self.alone(*words, "-o", self.path("alone"))
        self.assert_same(alone, self.ranks(3, *words, "-o", self.path("ranks")))
        for name in ("plan.csv", "plan.json", "plan.html"):
            self.assertEqual(pathlib.Path(self.path("alone", name)).read_bytes(),
                             pathlib.Path(self.path("ranks", name)).read_bytes(), name)
        # nothing meets: every rank ends with that, and mpirun passes it on
        words[words.index("lost_trunk<=1%")] = "lost_trunk<=0.1%"
        words[words.index("trunks[0].e1=9:18")] = "trunks[0].e1=1:2"
        self.assert_same(self.alone(*words), self.ranks(2, *words))
        self.assertEqual(self.alone(*words).code, 1)

    def test_diff_is_the_same_bytes(self):
        for kind in ("pass", "fail"):
            results = []
            for n in (0, 2):
                run = self.path(f"{kind}{n}", "run")
                shutil.copytree(os.path.join(SOURCE, "tests/fixtures/runs", kind), run)
                words = ["diff", run, "--quiet", "--no-history"]
                done = self.ranks(n, *words) if n else self.alone(*words)
                result = pathlib.Path(run, "result.json").read_text()
                result = re.sub(r'"created_utc": "[^"]*"', "", result).replace(run, "RUN")
                table = pathlib.Path(run, "differences.csv").read_text()
                results.append((done.code, done.out.replace(run, "RUN"), result, table))
            self.assertEqual(results[0], results[1])
            self.assertEqual(results[0][0], 0 if kind == "pass" else 1)

    def test_only_rank_0_writes(self):
        for name in ("a", "b"):
            os.mkdir(self.path(name))
            shutil.copy(self.scenario, self.path(name, "s.cfg"))
        for words in (["predict", "s.cfg", "-n", "4", "-o", "p.json"],
                      ["plan", "s.cfg", "--vary", "ivr.ports=300,400", "-n", "2", "-o", "plan"]):
            done = self.two((self.path("a"), PEAKRIG, *words), (self.path("b"), PEAKRIG, *words))
            self.assertEqual(done.code, 0, done.err)
        self.assertEqual(sorted(os.listdir(self.path("a"))), ["p.json", "plan", "s.cfg"])
        self.assertEqual(os.listdir(self.path("b")), ["s.cfg"])

    def test_errors_are_said_once(self):
        rows = [(["predict", "no.cfg"], 2, "no.cfg: cannot read"),
                (["predict", self.scenario, "-n", "2", "-o", "/no/p.json"], 5, "/no/p.json"),
                (["run", self.scenario], 2, "expected no mpirun")]
        for words, code, text in rows:
            done = self.ranks(2, *words)
            self.assertEqual(len(done.said), 1, done.err)
            self.assertIn(text, done.said[0])
            self.assertEqual((done.code, done.out), (code, ""))
        self.assertEqual(self.ranks(2, "plan", "--help").out, self.alone("plan", "--help").out)

    def test_ranks_that_are_not_alike(self):
        for name in ("a", "b"):
            os.mkdir(self.path(name))
            shutil.copy(self.scenario, self.path(name, "s.cfg"))
        other = self.path("peakrig")
        shutil.copy(PEAKRIG, other)
        with open(other, "ab") as file:
            file.write(b"x")
        words = ["predict", "s.cfg", "-n", "4"]
        one = (self.path("a"), PEAKRIG, *words)

        def refused(second, code, *texts):
            done = self.two(one, second)
            self.assertEqual(len(done.said), 1, done.err)
            for text in ("rank 1 on ", *texts):
                self.assertIn(text, done.said[0])
            self.assertEqual((done.code, done.out), (code, ""))

        refused((self.path("b"), PEAKRIG, *words[:-1], "5"), 2, "another command line", "-n 5", "-n 4")
        refused((self.path("b"), other, *words), 2, "another program")
        with open(self.path("b", "s.cfg"), "a", encoding="utf-8") as file:
            file.write("\n")
        refused((self.path("b"), PEAKRIG, *words), 2, "another scenario file")
        os.remove(self.path("b", "s.cfg"))
        refused((self.path("b"), PEAKRIG, *words), 2, "s.cfg: cannot read")

    def start_long(self):
        """Two ranks that work, and have long to go."""
        child = start([*MPIRUN, "-n", "2", PEAKRIG, "predict", self.scenario, "-n", "1000000", "--quiet"], self.folder)
        end = time.monotonic() + PATIENCE_S
        while len(workers(self.scenario)) < 2:
            self.assertLess(time.monotonic(), end, "the ranks do not begin")
            time.sleep(0.1)
        return child

    def test_a_rank_that_is_killed_ends_all(self):
        child = self.start_long()
        pid = workers(self.scenario)[0]
        os.kill(pid, signal.SIGKILL)
        out, err = child.communicate(timeout=PATIENCE_S)
        said = [line for line in err.splitlines() if line.startswith("peakrig: ")]
        self.assertEqual((child.returncode, out, len(said)), (5, "", 1), err)
        self.assertRegex(said[0], rf"rank 0 on .* \(process {pid}\) was ended by signal 9 \(Killed\)")
        self.assertEqual(workers(self.scenario, 0.0), {})

    def test_a_plan_goes_on_after_a_rank_was_killed(self):
        points = self.path("points")
        words = ["plan", self.scenario, "--vary", "trunks[0].e1=9:14", "-n", "80", "--json", "--quiet"]
        alone = self.alone(*words)
        child = start([*MPIRUN, "-n", "2", PEAKRIG, *words, "--points", points], self.folder)
        end = time.monotonic() + PATIENCE_S
        while not (os.path.exists(points) and "look " in pathlib.Path(points).read_text()) and child.poll() is None:
            self.assertLess(time.monotonic(), end, "no look is kept")
            time.sleep(0.02)
        found = workers(self.scenario, 0.0)
        if child.poll() is None and 1 in found:
            os.kill(found[1], signal.SIGKILL)
        _, err = child.communicate(timeout=PATIENCE_S)
        self.assertEqual(child.returncode, 5, err)
        self.assertIn("rank 1 on ", err)
        kept = pathlib.Path(points).read_text().count("look ")
        self.assertTrue(1 <= kept < 6, kept)
        self.assert_same(alone, self.ranks(3, *words, "--points", points))
        self.assertEqual(pathlib.Path(points).read_text().count("look "), 6)

    def test_ctrl_c_ends_all(self):
        child = self.start_long()
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=PATIENCE_S)
        self.assertNotEqual(child.returncode, 0)
        self.assertEqual(out, "")
        self.assertIn("peakrig: stopped: ", err)
        self.assertEqual(workers(self.scenario), {})


if __name__ == "__main__":
    has_mpi = sys.argv.pop()
    SOURCE = sys.argv.pop()
    PEAKRIG = os.path.abspath(sys.argv.pop())
    if has_mpi != "ON":
        print("skipped: built without MPI (-DPEAKRIG_MPI=ON)")
        sys.exit(77)
    if shutil.which("mpirun") is None:
        sys.exit("mpirun is not there: the Debian package openmpi-bin")
    unittest.main()
