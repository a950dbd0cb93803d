#!/usr/bin/env python3
"""What goes wrong around a run: a full disk, no permission to capture, another SIPp, too few open files.

Each is one line on standard error, with the remedy, and the exit code 5; nothing is left running.
Usage: safety.py PEAKRIG SOURCE_DIR
"""
import json
import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
import unittest

PEAKRIG = None
SOURCE = None


def processes_of(folder):
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                words = file.read().decode(errors="replace").replace("\0", " ")
            words += os.readlink(f"/proc/{pid}/cwd")
        except OSError:
            continue
        if folder in words and int(pid) != os.getpid():
            found.append(words)
    return found


class Safety(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-safety-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.out = os.path.join(self.folder, "run")
        self.scenario = os.path.join(SOURCE, "tests/loopback/cli.cfg")

    def run_it(self, *words, before=(), limit=None):
        def prepare():
            if limit is not None:
                if limit[0] == resource.RLIMIT_FSIZE: # an error of write, not a signal
                    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(limit[0], (limit[1], limit[1]))
        return subprocess.run([*before, PEAKRIG, *words], text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=200,
                              cwd=self.folder, preexec_fn=prepare)

    def expect(self, done, code, message):
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertIn(message, done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertEqual(processes_of(self.folder), [])

    def test_disk_full_before_the_first_call(self):
        done = self.run_it("run", self.scenario, "--out", self.out, "--quiet",
                           limit=(resource.RLIMIT_FSIZE, 8192))
        self.expect(done, 5, "File too large")

    def test_disk_full_in_mid_run(self):
        """Schedule and prediction fit, the capture does not: the calls end, and no file is half."""
        done = self.run_it("run", self.scenario, "--out", self.out, "--quiet",
                           limit=(resource.RLIMIT_FSIZE, 300000))
        self.expect(done, 5, "capture.pcap")
        self.assertFalse(os.path.exists(os.path.join(self.out, "capture.pcap")))
        self.assertFalse(os.path.exists(os.path.join(self.out, "result.json")))

    def test_no_permission_to_capture(self):
        if os.getuid() != 0:
            before = []
        else:
            before = ["capsh", "--drop=cap_net_raw,cap_net_admin", "--shell=/usr/bin/env", "--"]
        done = self.run_it("run", self.scenario, "--out", self.out, "--quiet", before=before)
        self.expect(done, 5, "capturing is not permitted; once, as root: setcap "
                             "cap_net_raw,cap_net_admin+ep")

    def test_a_capture_made_elsewhere(self):
        """Without permission of our own: another program captures, and the run is judged all the same."""
        capture = os.path.join(self.folder, "elsewhere.pcap")
        other = subprocess.Popen(["tshark", "-i", "lo", "-f", "udp", "-F", "pcap", "-w", capture, "-q"],
                                 stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        try:
            for _ in range(100):
                if os.path.exists(capture) and os.path.getsize(capture) > 0:
                    break
                time.sleep(0.1)
            before = ["capsh", "--drop=cap_net_raw,cap_net_admin", "--shell=/usr/bin/env", "--"]
            done = self.run_it("run", self.scenario, "--out", self.out, "--quiet", "--capture",
                               os.path.join(self.folder, "not-there.pcap"), before=before)
            time.sleep(1.0) # what the other program still holds
        finally:
            other.terminate()
            other.wait()
        self.expect(done, 5, f"finish with \"peakrig diff {self.out} --capture FILE\"")
        done = self.run_it("diff", self.out, "--capture", capture, "--quiet")
        self.assertIn(done.returncode, (0, 3), done.stdout + done.stderr)
        with open(os.path.join(self.out, "result.json")) as file:
            result = json.load(file)
        self.assertEqual(result["calls"]["offered"], 300)
        self.assertEqual(result["calls"]["not_placed"], 0)

    def test_another_sipp(self):
        fake = os.path.join(self.folder, "sipp")
        for version, message in (("SIPp v3.5.2-TLS", "SIPp 3.5; expected 3.6 or later"),
                                 ("hello", "not SIPp")):
            with open(fake, "w") as file:
                file.write(f"#!/bin/sh\necho '{version}'\n")
            os.chmod(fake, stat.S_IRWXU)
            self.expect(self.run_it("run", self.scenario, "--sipp", fake), 5, message)
            self.expect(self.run_it("check", self.scenario, "--sipp", fake), 5, message)
        self.assertEqual(os.listdir(self.folder), ["sipp"])

    def test_too_few_open_files(self):
        done = self.run_it("run", self.scenario, "--out", self.out, "--quiet", "--set",
                           "callers.audio=true", limit=(resource.RLIMIT_NOFILE, 100))
        self.expect(done, 5, "100 open files are permitted; expected 224 for each SIPp (ulimit -n")

    def test_check_places_no_call(self):
        done = self.run_it("check", self.scenario, "--target", "127.0.0.1:9", "--set",
                           "target.scalable=true", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        plan = json.loads(done.stdout)
        self.assertEqual((plan["calls"], plan["circuits"], plan["workers"]), (300, 40, 1))
        self.assertAlmostEqual(plan["peak_rate_per_s"], 60.0)
        self.assertGreater(plan["at_once"], 30)
        self.assertEqual(os.listdir(self.folder), [])
        bad = os.path.join(self.folder, "bad.xml")
        with open(bad, "w") as file:
            file.write("<scenario> [field0] [field1] [field2] X-Rig-Call: RIG;[field0]; <send>")
        done = self.run_it("run", self.scenario, "--dry-run", "--set", f'callers.sipp_xml="{bad}"')
        self.expect(done, 5, "sipp (callers0)")
        self.assertEqual(os.listdir(self.folder), ["bad.xml"])


if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[3:])
