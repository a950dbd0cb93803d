#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""mpirun peakrig run SCENARIO --fleet: load hosts, each with its share, its clock, its capture; one verdict.

Usage: fleet.py alike|hosts PEAKRIG SOURCE_DIR HAS_MPI [TEST..]

alike: ranks on this machine. hosts: four load hosts and a call centre in network namespaces of their own, which Open
MPI reaches over TCP alone. Exit code 77, and a sentence, where peakrig is built without Open MPI, or no namespaces can
be made (not root).
"""
import csv
import json
import os
import pathlib
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest

PEAKRIG = None
SOURCE = None
PATIENCE_S = 150
AS_ROOT = ["--allow-run-as-root"] if os.geteuid() == 0 else []
ROOM = f"pk{os.getpid() % 100000}"  # of the names of namespaces


class Result:
    def __init__(self, child, run):
        self.out, self.err = child.communicate(timeout=PATIENCE_S)
        self.code, self.run = child.returncode, pathlib.Path(run)
        self.said = [line for line in self.err.splitlines() if line.startswith("peakrig")]

    def json(self, name):
        return json.loads((self.run / name).read_text())

    def calls(self):
        lines = [line for line in (self.run / "calls.csv").read_text().splitlines() if not line.startswith("#")]
        return list(csv.DictReader(lines))


def start(words, folder, **more):
    environment = {name: value for name, value in os.environ.items() if not re.match("OMPI_|PMIX_|PMI_", name)}
    environment.update(more)
    return subprocess.Popen(words, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, env=environment)


def packets(path):
    """{bytes of a packet: [stamps, ns]} of a capture with nanosecond stamps."""
    data, at, found = pathlib.Path(path).read_bytes(), 24, {}
    assert data[:4] == struct.pack("<I", 0xA1B23C4D), path
    while at < len(data):
        seconds, ns, n, _ = struct.unpack_from("<IIII", data, at)
        found.setdefault(data[at + 16:at + 16 + n], []).append(seconds * 10**9 + ns)
        at += 16 + n
    return found


def rank_of(folder, rank):
    """The PID of a rank that works with this folder, without its guard; None."""
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_text()  # of the rank, not of its call centre
            if folder not in words or "\0--fleet\0" not in words or (entry / "comm").read_text() != "peakrig\n":
                continue
            if f"\0OMPI_COMM_WORLD_RANK={rank}\0" in "\0" + (entry / "environ").read_text():
                return int(entry.name)
        except OSError:
            continue  # it has ended
    return None


class Fleet(unittest.TestCase):
    maxDiff = 2000
    EXTRA = []

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-fleet-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.scenario = os.path.join(self.folder, "s.cfg")
        shutil.copy(os.path.join(SOURCE, "tests/loopback/cli.cfg"), self.scenario)
        self.run_folder = os.path.join(self.folder, "run")

    def mpirun(self, n):
        return ["mpirun", *AS_ROOT, "--oversubscribe", "-n", str(n)]

    def begin(self, n, *words, mpi=(), **more):
        return start([*self.mpirun(n), *mpi, PEAKRIG, "run", self.scenario, "--fleet", "-o", self.run_folder,
                      "--no-history", *self.EXTRA, *words], self.folder, **more)

    def fleet(self, n, *words, **more):
        return Result(self.begin(n, *words, **more), self.run_folder)

    def wait_for(self, what, child, seconds=100):
        end = time.monotonic() + seconds
        while not what():
            if child.poll() is not None or time.monotonic() > end:
                child.terminate()
                self.fail("".join(child.communicate(timeout=30)))
            time.sleep(0.05)

    def begin_and_wait_for_calls(self, n, *words):
        """A fleet whose first calls have been placed, as the injection file of rank 0 says when they are due."""
        child = self.begin(n, *words)
        first = pathlib.Path(self.run_folder, "rank-0/logs/callers0.csv")
        self.wait_for(lambda: first.exists() and first.read_text().count("\n") > 1, child)
        due_s = float(first.read_text().splitlines()[1].split(";")[1]) / 1e3
        time.sleep(max(0.0, due_s + 1.0 - time.time()))
        return child

    def assert_passed(self, done, n):
        self.assertEqual(done.code, 0, done.out + done.err)
        result = done.json("result.json")
        self.assertEqual(result["verdict"]["judgement"], "PASS")
        indices = sorted(int(call["planned_index"]) for call in done.calls())
        self.assertEqual(indices, list(range(300)))
        hosts = result["load"]["hosts"]
        self.assertEqual([host["calls"] for host in hosts], [300 // n] * n)
        self.assertEqual([host["placed"] for host in hosts], [300 // n] * n)
        self.assertEqual([host["lost"] for host in hosts], [False] * n)
        self.assertEqual(len(done.json("play.json")["callers"]), n)
        self.assert_merged(done, n)
        self.assertIn(f"(rank {n - 1}): {300 // n} calls", done.out)
        self.assertIn("Load hosts", (done.run / "report.html").read_text())

    def assert_merged(self, done, n):
        """capture.pcap holds what the captures of all hosts hold, by one clock. All of them are by this machine's, so
        that a stamp that was moved shows an error of the correction."""
        merged = packets(done.run / "capture.pcap")
        total = 0
        for rank in range(n):
            own = packets(done.run / f"rank-{rank}/capture.pcap")
            total += sum(map(len, own.values()))
            for data, stamps in own.items():
                for before, after in zip(stamps, merged[data]):
                    self.assertLess(abs(after - before), 5e6, rank)
        self.assertEqual(sum(map(len, merged.values())), total)
        self.assertEqual(done.json("play.json")["n_packets"], total)

    def earliest_ms(self, done, n):
        """Of each host, how late its least late call was."""
        start_s = done.json("play.json")["start_epoch_ns"] * 1e-9
        rows = [line for line in (done.run / "schedule.csv").read_text().splitlines() if not line.startswith("#")]
        planned = [float(row["t_s"]) / 6.0 for row in csv.DictReader(rows)]
        late = [[] for _ in range(n)]
        for call in done.calls():
            i = int(call["planned_index"])
            late[i % n].append((float(call["t_invite_s"]) - start_s - planned[i]) * 1e3)
        return [min(of) for of in late]

    def assert_clocks_are_found(self, n, skews, *words):
        """Clocks that are set off by some ms, by rank: found, and corrected on the wire and in the stamps."""
        text = ",".join(f"{rank}:{ms}" for rank, ms in skews.items())
        for _ in range(3):
            shutil.rmtree(self.run_folder, ignore_errors=True)
            done = self.fleet(n, *words, mpi=["-x", "PEAKRIG_TEST_FLEET_CLOCKS"], PEAKRIG_TEST_FLEET_CLOCKS=text)
            if done.code != 4 or "is known to" not in done.out.split("INVALID: ")[-1]:
                break  # else INVALID, as it should be: this machine is too busy to compare clocks
        self.assert_passed(done, n)
        for rank, host in enumerate(done.json("result.json")["load"]["hosts"]):
            self.assertLessEqual(abs(host["clock_start_ms"] - skews.get(rank, 0)), host["clock_error_ms"] + 0.1, host)
            self.assertLessEqual(abs(host["clock_end_ms"] - skews.get(rank, 0)), host["clock_error_ms"] + 0.1, host)
            self.assertEqual(host["clock_looks"] > 0, rank > 0)
            self.assertAlmostEqual(host.get("clock_test_ms", 0), skews.get(rank, 0))  # no run is set off silently
        self.assertEqual(done.out.count("for a test (PEAKRIG_TEST_FLEET_CLOCKS)"), len(skews))
        checks = {check["name"]: check["text"] for check in done.json("result.json")["checks"]}
        self.assertIn("PEAKRIG_TEST_FLEET_CLOCKS", checks["clocks of hosts"])
        # late is who has no processor; early is who starts by a clock that is wrong, or was corrected the wrong way
        for earliest in self.earliest_ms(done, n):
            self.assertGreater(earliest, -5.0)

    def assert_lost(self, done, rank):
        self.assertEqual(done.code, 4, done.out + done.err)
        self.assertIn(f"(rank {rank}): lost", done.err)
        self.assertIn("INVALID", done.out)
        result = done.json("result.json")
        hosts = result["load"]["hosts"]
        self.assertEqual([i for i, host in enumerate(hosts) if host["lost"]], [rank])
        checks = [check for check in result["checks"] if not check["ok"]]
        self.assertIn("load hosts", [check["name"] for check in checks])
        self.assertTrue(any(f"(rank {rank}) was lost" in check["text"] for check in checks), checks)
        # the others' calls are there, and only they
        n = len(hosts)
        seen = {int(call["planned_index"]) % n for call in done.calls() if call["planned_index"]}
        self.assertEqual(seen, set(range(n)) - {rank})
        self.assertIsNone(rank_of(self.run_folder, 0))


class Alike(Fleet):
    def test_the_same_as_one_host(self):
        done = self.fleet(2)
        self.assert_passed(done, 2)
        self.assertEqual(sorted(os.listdir(done.run / "logs")),
                         ["callers0.log", "callers1.log", "target-counts.txt", "target.err"])
        self.assertEqual([name for name in os.listdir(done.run) if ".part" in name], [])
        alone = os.path.join(self.folder, "alone")
        child = start([PEAKRIG, "run", self.scenario, "-o", alone, "--no-history", "--quiet"], self.folder)
        one = Result(child, alone)
        self.assertEqual((one.code, one.json("result.json")["verdict"]["judgement"]), (0, "PASS"), one.out + one.err)
        for name in ("schedule.csv", "scenario.cfg", "prediction.json"):
            self.assertEqual((done.run / name).read_bytes(), (one.run / name).read_bytes(), name)
        self.assertNotIn("hosts", one.json("play.json"))
        header = [path.read_text().splitlines()[3] for path in (done.run / "calls.csv", one.run / "calls.csv")]
        self.assertEqual(header[0], header[1])
        # and every command takes its folder
        before = (done.run / "result.json").read_text()
        again = Result(start([PEAKRIG, "diff", done.run, "--no-history", "--quiet"], self.folder), done.run)
        self.assertEqual(again.code, 0, again.err)
        created = re.compile(r'"created_utc": "[^"]*"')
        self.assertEqual(created.sub("", (done.run / "result.json").read_text()), created.sub("", before))

    def test_clocks(self):
        self.assert_clocks_are_found(2, {1: 50})

    def test_a_rank_that_is_killed(self):
        child = self.begin_and_wait_for_calls(3)
        os.kill(rank_of(self.run_folder, 1), signal.SIGKILL)
        self.assert_lost(Result(child, self.run_folder), 1)

    def test_rank_0_that_is_killed(self):
        """Nobody is left who says when it is over: mpirun ends all."""
        child = self.begin_and_wait_for_calls(2)
        os.kill(rank_of(self.run_folder, 0), signal.SIGKILL)
        done = Result(child, self.run_folder)
        self.assertEqual(done.code, 5, done.out + done.err)
        self.assertIn("rank 0 on ", done.err)
        self.assertTrue(pathlib.Path(self.run_folder, "rank-1").is_dir())
        self.wait_for_none()

    def wait_for_none(self):
        end = time.monotonic() + 30
        while any(rank_of(self.run_folder, rank) for rank in range(2)):
            self.assertLess(time.monotonic(), end, "a rank is left")
            time.sleep(0.05)

    def test_a_stop_reaches_all(self):
        child = self.begin_and_wait_for_calls(2)
        os.kill(rank_of(self.run_folder, 1), signal.SIGTERM)  # of one alone
        done = Result(child, self.run_folder)
        self.assertEqual(done.code, 4, done.out + done.err)
        play = done.json("play.json")
        self.assertTrue(play["was_stopped"])
        self.assertGreater(play["n_stopped"], 0)
        self.assertEqual(play["n_placed"] + play["n_stopped"], 300)
        for worker in play["callers"]:  # of both hosts: those that were not due yet have no line
            self.assertLess(worker["n_lines"], worker["n_calls"])
        self.assertEqual([host["lost"] for host in play["hosts"]], [False, False])
        self.assertIn("stopped before its end", done.out)

    def test_what_it_does_not_take(self):
        rows = [(["--serve", "0"], 2, "--fleet goes with none of"),
                (["--dry-run"], 2, "--fleet goes with none of"),
                (["--set", "callers.redial={share=0.5;delay=5.0;}"], 2, "nobody can redial"),
                (["--set", "queue.deflection={share=0.5;queue_from=2;}", "--set", "call_back={attempts=2;}"], 2,
                 "nobody can be called back"),
                (["--set", "target.marks=\"early\""], 2, "target.marks"),
                (["--set", 'load.local=["127.0.0.1"]'], 2, "load.local"),
                (["--workers", "9"], 2, "9 SIPp for the callers on each of 2 load hosts"),
                (["--set", "target.listen=\"192.0.2.1\""], 2, "192.0.2.1 if you may load it")]
        for words, code, text in rows:
            done = self.fleet(2, *words)
            self.assertEqual((done.code, len(done.said)), (code, 1), (words, done.err))
            self.assertIn(text, done.said[0])
            self.assertFalse(done.run.exists(), words)
        for text in ("", "1", "1:", "1:x", "x:1", "1:nan", "1:50x", "1:2e7", "0:1,"):
            done = self.fleet(2, mpi=["-x", "PEAKRIG_TEST_FLEET_CLOCKS"], PEAKRIG_TEST_FLEET_CLOCKS=text)
            self.assertEqual((done.code, len(done.said)), (2, 1), (text, done.err))
            self.assertIn(f'PEAKRIG_TEST_FLEET_CLOCKS: "{text}"; expected RANK:MS', done.said[0])
        alone = Result(start([PEAKRIG, "run", self.scenario, "--fleet"], self.folder), self.run_folder)
        self.assertEqual((alone.code, len(alone.said)), (2, 1), alone.err)
        self.assertIn("--fleet: started alone; expected mpirun", alone.said[0])


class Hosts(Fleet):
    """Four load hosts, 10.77.0.1 to .4, and 10.77.0.5 for a centre of its own, on one bridge."""
    LOAD = [f"10.77.0.{i}" for i in range(1, 5)]
    EXTRA = ["--allow-dial", "785", "--set", "target.allow=[" + ",".join(f'"{address}"' for address in LOAD) + "]"]
    EMBEDDED = ["--set", 'target.listen="10.77.0.1"']

    @classmethod
    def ip(cls, *words):
        subprocess.run(["ip", *words], check=True, capture_output=True, timeout=20)

    @classmethod
    def setUpClass(cls):
        cls.names = [f"{ROOM}{i}" for i in range(6)]
        cls.addClassCleanup(lambda: [subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)
                                     for name in cls.names])
        for name in cls.names:
            cls.ip("netns", "add", name)
            cls.ip("-n", name, "link", "set", "lo", "up")
        cls.ip("-n", cls.names[0], "link", "add", "bridge", "type", "bridge")
        cls.ip("-n", cls.names[0], "link", "set", "bridge", "up")
        for i in range(1, 6):
            cls.ip("-n", cls.names[0], "link", "add", f"to{i}", "type", "veth", "peer", "name", "net", "netns",
                   cls.names[i])
            cls.ip("-n", cls.names[0], "link", "set", f"to{i}", "master", "bridge", "up")
            cls.ip("-n", cls.names[i], "addr", "add", f"10.77.0.{i}/24", "dev", "net")
            cls.ip("-n", cls.names[i], "link", "set", "net", "up")

    def setUp(self):
        super().setUp()
        # in the place of ssh: HOST COMMAND..
        self.agent = os.path.join(self.folder, "agent")
        with open(self.agent, "w", encoding="utf-8") as file:
            file.write(f'#!/bin/sh\nhost=$1; shift\nexec ip netns exec {ROOM}${{host##*.}} sh -c "$*"\n')
        os.chmod(self.agent, 0o755)

    def mpirun(self, n):
        network = ["--mca", "btl_tcp_if_include", "10.77.0.0/24", "--mca", "oob_tcp_if_include", "10.77.0.0/24"]
        return ["ip", "netns", "exec", self.names[1], "mpirun", *AS_ROOT, "--mca", "plm_rsh_agent", self.agent, "--mca",
                "btl", "tcp,self", *network, "--host", ",".join(self.LOAD[:n]), "-n", str(n)]

    def assert_addresses(self, done):
        """Each host calls from its own address, and the phones are the first one's."""
        n = len(self.LOAD)
        for call in done.calls():
            self.assertEqual(call["call_id"].rsplit("@", 1)[1], self.LOAD[int(call["planned_index"]) % n])
        self.assertEqual(done.json("play.json")["agents_host"], self.LOAD[0])

    def test_four_hosts_and_a_centre_of_its_own(self):
        port, phones = "5060", "5090"
        centre = start(["ip", "netns", "exec", self.names[5], PEAKRIG, "target", self.scenario, "--host", "10.77.0.5",
                        "--agents-host", self.LOAD[0], "--agents-port", phones, "--port", port,
                        *[word for address in self.LOAD for word in ("--allow", address)]], self.folder)
        try:
            self.assertIn("ready", centre.stdout.readline())
            done = self.fleet(4, "--target", "10.77.0.5", "--allow", "10.77.0.5", "--set", "target.scalable=true",
                              "--set", f'target.agents_listen="{self.LOAD[0]}:{phones}"')
        finally:
            centre.terminate()
            centre.communicate(timeout=20)
        self.assert_passed(done, 4)
        self.assert_addresses(done)

    def test_the_centre_is_the_first_hosts_and_clocks_differ(self):
        self.assert_clocks_are_found(4, {1: 50, 2: -50, 3: 0.5}, *self.EMBEDDED)
        self.assert_addresses(Result(start(["true"], self.folder), self.run_folder))

    def test_a_host_that_is_killed(self):
        child = self.begin_and_wait_for_calls(4, *self.EMBEDDED)
        os.kill(rank_of(self.run_folder, 2), signal.SIGKILL)
        self.assert_lost(Result(child, self.run_folder), 2)


def can_make_namespaces():
    name = ROOM + "t"
    made = shutil.which("ip") is not None and subprocess.run(["ip", "netns", "add", name], capture_output=True,
                                                             check=False).returncode == 0
    if made:
        subprocess.run(["ip", "netns", "del", name], check=True)
    return made


if __name__ == "__main__":
    part, PEAKRIG, SOURCE, has_mpi = sys.argv[1:5]
    PEAKRIG = os.path.abspath(PEAKRIG)
    if has_mpi != "ON":
        print("skipped: built without MPI (-DPEAKRIG_MPI=ON)")
        sys.exit(77)
    if shutil.which("mpirun") is None:
        sys.exit("mpirun is not there: the Debian package openmpi-bin")
    if part == "hosts" and not can_make_namespaces():
        print("skipped: no network namespaces can be made here; expected root, and ip of iproute2")
        sys.exit(77)
    tests = Hosts if part == "hosts" else Alike
    names = sys.argv[5:] or unittest.defaultTestLoader.getTestCaseNames(tests)
    suite = unittest.TestSuite(map(tests, names))
    sys.exit(not unittest.TextTestRunner(verbosity=2).run(suite).wasSuccessful())
