#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong around a run: a full disk, no permission to capture, another SIPp, too few open files.

Each is one line on standard error, with the remedy, and the exit code 5; nothing is left running.
Usage: safety.py PEAKRIG SOURCE_DIR
"""
import json
import os
import resource
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from left_behind import processes_of

PEAKRIG = None
SOURCE = None
OWN_ADDRESS = "127.77.0.5"  # of one run: what others send on this host is not its business


class Safety(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-safety-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.out = os.path.join(self.folder, "run")
        self.scenario = os.path.join(SOURCE, "tests/loopback/cli.cfg")

    def run_it(self, *words, before=(), limit=None, peakrig=None, words_of_sipp=(), path=None):
        def prepare():
            if limit is not None:
                if limit[0] == resource.RLIMIT_FSIZE: # an error of write, not a signal
                    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(limit[0], (limit[1], limit[1]))
        return subprocess.run([*before, peakrig or PEAKRIG, *words, *words_of_sipp], text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=200, cwd=self.folder, preexec_fn=prepare,
                              env={**os.environ, "PATH": path} if path else None)

    def expect(self, done, code, message):
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertIn(message, done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertEqual(processes_of(self.folder), {})

    REMEDY = "; free some space there, or choose another folder"

    def test_disk_full_before_the_first_call(self):
        done = self.run_it("run", self.scenario, "--out", self.out, "--quiet",
                           limit=(resource.RLIMIT_FSIZE, 8192))
        self.expect(done, 5, "File too large" + self.REMEDY)

    def expect_kept(self, done, cause, least):
        """The calls end at once, what was captured is kept, and what came of it is judged from memory."""
        self.assertIn("capture.pcap: cannot write: " + cause + self.REMEDY, done.stderr)
        self.assertIn("INVALID: nothing may be said of the centre: the capture does not hold all: ", done.stdout)
        self.assertIn(cause, done.stdout)
        parts = [name for name in os.listdir(self.out) if "capture" in name]
        self.assertEqual(len(parts), 1, parts)
        self.assertIn(parts[0], done.stderr)
        self.assertGreater(os.path.getsize(os.path.join(self.out, parts[0])), least)
        self.assertEqual([name for name in os.listdir(self.out) if ".part" in name], parts)
        self.assertEqual(processes_of(self.folder), {})

    def test_the_capture_cannot_grow(self):
        """Schedule, prediction and result fit, the capture does not: the result is there, and says so."""
        began = time.monotonic()
        done = self.run_it("run", self.scenario, "--out", self.out, "--quiet", "--set",
                           "traffic.duration_s=600.0", limit=(resource.RLIMIT_FSIZE, 2000000))
        self.assertEqual(done.returncode, 4, done.stdout + done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertLess(time.monotonic() - began, 80)  # the whole run lasts over 100 s
        self.expect_kept(done, "File too large", 1800000)
        with open(os.path.join(self.out, "result.json")) as file:
            result = json.load(file)
        self.assertGreater(result["calls"]["offered"], 80)
        again = self.run_it("diff", self.out, "--quiet")
        self.assertEqual(again.returncode, 4, again.stderr)
        self.assertIn("File too large", again.stdout)

    def test_disk_full_in_mid_run(self):
        """Nothing can be written any more: the verdict is printed, and the exit code says that it is not kept."""
        if os.getuid() != 0:
            self.skipTest("needs a file system of its own")
        disk = os.path.join(self.folder, "disk")
        os.mkdir(disk)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2500k", "tmpfs", disk], check=True)
        self.addCleanup(subprocess.run, ["umount", disk], check=True)
        self.out = os.path.join(disk, "run")
        done = self.run_it("run", self.scenario, "--out", self.out, "--quiet", "--set", "traffic.duration_s=120.0")
        self.assertEqual(done.returncode, 5, done.stdout + done.stderr)
        self.expect_kept(done, "No space left on device", 300000)
        self.assertIn("the verdict above is from memory, and stands in no file", done.stderr)
        self.assertFalse(os.path.exists(os.path.join(self.out, "result.json")))
        subprocess.run(["mount", "-o", "remount,size=20m", disk], check=True)  # somebody has made room
        again = self.run_it("diff", self.out, "--quiet")
        self.assertEqual(again.returncode, 4, again.stdout + again.stderr)
        self.assertIn("taking what it captured", again.stderr)
        self.assertEqual([name for name in os.listdir(self.out) if "capture" in name], ["capture.pcap"])

    def test_a_small_disk(self):
        """A file system that is full, not a limit: one in memory, that only this run sees."""
        disk = os.path.join(self.folder, "disk")
        os.mkdir(disk)
        script = 'mount -t tmpfs -o size=100k tmpfs "$0" && exec "$@"'
        before = ["unshare", "--mount", *([] if os.getuid() == 0 else ["--map-root-user"]), "sh", "-c",
                  script, disk]
        done = self.run_it("run", self.scenario, "--out", os.path.join(disk, "run"), "--quiet",
                           before=before)
        self.expect(done, 5, "cannot write: No space left on device" + self.REMEDY)

    def test_no_permission_to_capture(self):
        """Root without the capabilities, and an ordinary user. `check` says so before any file is made."""
        ways = [[]]
        if os.getuid() == 0:
            os.chmod(self.folder, 0o777)
            ways = [["capsh", "--drop=cap_net_raw,cap_net_admin", "--shell=/usr/bin/env", "--"],
                    ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]]
        peakrig = shutil.copy(PEAKRIG, self.folder)  # where all may read; and without its capabilities
        os.chmod(peakrig, 0o755)
        scenario = shutil.copy(self.scenario, self.folder)
        for before in ways:
            for words in (["run", scenario, "--out", self.out, "--quiet"], ["check", scenario]):
                done = self.run_it(*words, before=before, peakrig=peakrig)
                self.expect(done, 5, "lo: capturing is not permitted; once, as root: setcap "
                                     f"cap_net_raw+ep {peakrig}; or")
                self.assertFalse(os.path.exists(self.out))
            done = self.run_it("check", scenario, "--capture", "elsewhere.pcap", before=before,
                               peakrig=peakrig)
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_an_ordinary_user_after_setcap(self):
        """The remedy as it is printed; then a whole run, judged, with the same rights for SIPp refused."""
        os.chmod(self.folder, 0o777)
        peakrig, sipp = os.path.join(self.folder, "peakrig"), os.path.join(self.folder, "sipp")
        before = []
        if os.getuid() == 0:
            before = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
            shutil.copy(PEAKRIG, peakrig)
            shutil.copy(shutil.which("sipp"), sipp)
            for program in (peakrig, sipp):
                os.chmod(program, 0o755)
                subprocess.run(["setcap", "cap_net_raw+ep", program], check=True)
            done = self.run_it("check", self.scenario, "--sipp", "./sipp", before=before,
                               peakrig=peakrig)
            self.expect(done, 5, f"{sipp}: has privileges of its file")
            subprocess.run(["setcap", "-r", sipp], check=True)
        scenario = shutil.copy(self.scenario, self.folder)
        done = self.run_it("run", scenario, "--out", self.out, "--quiet", before=before,
                           peakrig=peakrig if before else PEAKRIG,
                           words_of_sipp=["--sipp", "./sipp"] if before else [])
        self.assertIn(done.returncode, (0, 3), done.stdout + done.stderr)
        self.assertIn("300 calls planned, 300 placed", done.stdout)
        self.assertEqual(processes_of(self.folder), {})

    def test_a_capture_made_elsewhere(self):
        """Without permission of our own: another program captures, and the run is judged all the same."""
        capture = os.path.join(self.folder, "elsewhere.pcap")
        other = subprocess.Popen(["tshark", "-i", "lo", "-f", f"udp and host {OWN_ADDRESS}", "-F", "pcap",
                                  "-w", capture, "-q"], stdin=subprocess.DEVNULL,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            for _ in range(100):
                if os.path.exists(capture) and os.path.getsize(capture) > 0:
                    break
                time.sleep(0.1)
            before = ["capsh", "--drop=cap_net_raw,cap_net_admin", "--shell=/usr/bin/env", "--"]
            done = self.run_it("run", self.scenario, "--out", self.out, "--quiet", "--capture",
                               os.path.join(self.folder, "not-there.pcap"), "--set",
                               f'target={{listen="{OWN_ADDRESS}";}}', "--set",
                               f'load.local=("{OWN_ADDRESS}")', before=before)
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

    def test_no_sipp(self):
        for command in ("run", "check"):
            done = self.run_it(command, self.scenario, path=self.folder)
            self.expect(done, 5, "sipp: not found in PATH; install sip-tester (ci/setup)")
        self.assertEqual(os.listdir(self.folder), [])

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
        for command in ("run", "check"):
            done = self.run_it(command, self.scenario, limit=(resource.RLIMIT_NOFILE, 60))
            self.expect(done, 5, "60 open files are permitted; expected 64 for each SIPp (ulimit -n")
        self.assertFalse(os.path.exists(self.out))

    def test_ports_that_are_taken(self):
        """A range of which too little is left; `check` sees it, too. And an address of somebody else's."""
        held = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(10)]
        try:
            for i, one in enumerate(held):
                one.bind(("127.0.0.9", 43000 + i))
            for command in ("run", "check"):
                done = self.run_it(command, self.scenario, "--set",
                                   'load.local=("127.0.0.9:43000-43009")')
                self.expect(done, 5, "127.0.0.9: no free ports from 43000 to 43009")
                done = self.run_it(command, self.scenario, "--set", 'load.local=("192.0.2.7")')
                self.expect(done, 5, "192.0.2.7: cannot bind a port")
                done = self.run_it(command, self.scenario, "--set",
                                   'target={listen="127.0.0.9"; agents_listen="127.0.0.9:43000";}')
                self.expect(done, 5, "the agents' phones cannot listen at 127.0.0.9 port 43000")
                done = self.run_it(command, self.scenario, "--set", 'load.local=("::1")')
                self.expect(done, 2, "load.local: ::1 and the target 127.0.0.1 are not both IPv4")
        finally:
            for one in held:
                one.close()

    def serve(self, *texts):
        """A pipe that gives another text each time it is opened. @return its path, and the texts that were taken."""
        path, taken = os.path.join(self.folder, "own.xml"), []
        os.mkfifo(path)

        def give():
            for text in texts:
                with open(path, "w") as file:
                    taken.append(text)
                    file.write(text)
                try:
                    while True:  # until that reader has closed it
                        os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
                        time.sleep(0.01)
                except OSError:
                    pass
        threading.Thread(target=give, daemon=True).start()
        return path, taken

    def sipp_that_notes(self):
        """SIPp that writes its first word into a file. @return its path, and that of the file."""
        sipp, asked = os.path.join(self.folder, "noting-sipp"), os.path.join(self.folder, "asked")
        with open(sipp, "w") as file:
            file.write(f'#!/bin/sh\necho "$1" >>{asked}\nexec sipp "$@"\n')
        os.chmod(sipp, stat.S_IRWXU)
        return sipp, asked

    def test_a_scenario_of_ones_own_is_read_once(self):
        """What was looked through is what is played, whatever the file says a moment later. SIPp itself is asked once
        for its version and once for its options."""
        sipp, asked = self.sipp_that_notes()
        with open(os.path.join(SOURCE, "scenarios/examples/own-caller.xml")) as file:
            harmless = file.read()
        harmful = harmless.replace("</scenario>", '<nop><action><exec command="true"/></action></nop></scenario>')
        for words in (["check", self.scenario],
                      ["run", self.scenario, "--out", self.out, "--quiet", "--set", "traffic.duration_s=10.0"]):
            path, taken = self.serve(harmless, harmful, harmful, harmful)
            done = self.run_it(*words, "--sipp", sipp, "--set", f'callers.sipp_xml="{path}"')
            with open(asked) as file:
                questions = [word for word in file.read().split() if word in ("-v", "-h")]
            os.remove(asked)
            self.assertEqual(questions, ["-v", "-h"])
            self.assertIn(done.returncode, (0, 1, 3, 4), done.stderr)
            self.assertEqual(len(taken), 1)
            os.remove(path)
        with open(os.path.join(self.out, "logs/caller.xml")) as file:
            self.assertEqual(file.read(), harmless)
        path, taken = self.serve(harmful, harmless, harmless)
        done = self.run_it("check", self.scenario, "--set", f'callers.sipp_xml="{path}"')
        self.expect(done, 2, "<exec> with something else than")
        self.assertEqual(len(taken), 1)

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
