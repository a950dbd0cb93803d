#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The set-up gate G0b: what is wrong on our own side, or in how a centre is wired, is INVALID and named.

Every fault has a run of its own, at the embedded call centre, or at a `peakrig target` behind a relay. The
sentence must name the fault and what to change; nothing is ever said of the centre.

Usage: set_up.py PEAKRIG SOURCE_DIR
"""
import json
import os
import random
import re
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

from free_port import free_port
from left_behind import processes_of
from relays import TcpRelay, UdpRelay
from schemas import complaints

PEAKRIG = None
SOURCE = None
PATIENCE_S = 240


class SetUp(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-set-up-")
        self.scenario = shutil.copy(os.path.join(SOURCE, "tests/loopback/cli.cfg"), self.folder)
        self.addCleanup(self.clean_up)
        self.addCleanup(self.stop_target)
        self.target = None

    def clean_up(self):
        for pid in processes_of(self.folder):
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def start_target(self, agents_port, *words):
        """A call centre of its own, as one of the user's. Returns its address."""
        self.target = subprocess.Popen(
            [PEAKRIG, "target", self.scenario, "--any-port", "--agents-host", "127.0.0.1", "--agents-port",
             str(agents_port), *words], cwd=self.folder, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for line in self.target.stdout:
            if line.startswith("ready "):
                return line.split()[1], int(line.split()[2])
        self.fail("the target did not start")

    def stop_target(self):
        if self.target is not None:
            self.target.terminate()
            self.target.communicate(timeout=30)
            self.target = None

    def start(self, *words):
        self.out = os.path.join(self.folder, "run")
        shutil.rmtree(self.out, ignore_errors=True)
        return subprocess.Popen(
            [PEAKRIG, "run", self.scenario, "--out", self.out, "--quiet", "--set", "traffic.duration_s=18.0",
             *words], cwd=self.folder, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE)

    def finish(self, child):
        printed, errors = child.communicate(timeout=PATIENCE_S)
        path = os.path.join(self.out, "result.json")
        self.assertTrue(os.path.exists(path), printed + errors)
        with open(path) as file:
            return child.returncode, printed, json.load(file)

    def run_at(self, address, agents_port, *words):
        return self.finish(self.start("--target", "%s:%d" % address, "--set", "target.scalable=true", "--set",
                                      f'target.agents_listen="127.0.0.1:{agents_port}"', *words))

    def expect_invalid(self, ran, name, *patterns):
        """Of the check `name`; the verdict, the printed text, the report and junit.xml say the same."""
        code, printed, result = ran
        failed = {check["name"]: check["text"] for check in result["checks"]
                  if check["gate"] == "G0b" and not check["ok"]}
        self.assertEqual(code, 4, printed)
        self.assertIn(name, failed, printed)
        verdict = result["verdict"]
        self.assertEqual(verdict["judgement"], "INVALID")
        self.assertEqual({stage["judgement"] for stage in result["stages"]}, {"INVALID"})
        for pattern in patterns:
            self.assertRegex(failed[name], pattern)
        self.assertTrue(verdict["summary"].startswith("nothing may be said of the centre: "), verdict["summary"])
        self.assertIn("INVALID: nothing may be said", printed)
        with open(os.path.join(self.out, "junit.xml")) as file:
            self.assertIn('type="invalid"', file.read())
        with open(os.path.join(self.out, "report.html")) as file:
            self.assertIn("nothing may be said of the centre", file.read())
        return failed

    def worker(self, words):
        """Process id of the program of this run whose command line has these words."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            found = [pid for pid, line in processes_of(self.folder).items() if words in line]
            if found:
                return found[0]
            time.sleep(0.05)
        self.fail(f"{words}: not seen")

    def wait_for_calls(self, n):
        path = os.path.join(self.out, "logs/callers0.log")
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if os.path.exists(path):
                with open(path) as file:
                    if file.read().count("\n") >= n:
                        return
            time.sleep(0.05)
        self.fail("no calls are over")


class Wiring(SetUp):
    def test_marks(self):
        """The centre tells its callers otherwise than the scenario says."""
        ran = self.finish(self.start("--target-set", 'target.marks="quiet"'))
        self.expect_invalid(ran, "marks", r"no answered call shows a mark of the queue",
                            r'Set target\.marks = "quiet"$')

    def test_marks_of_an_early_centre(self):
        ran = self.finish(self.start("--target-set", 'target.marks="early"'))
        self.expect_invalid(ran, "marks", r"no call is answered before an agent's phone rings",
                            r'Set target\.marks = "early"$')

    def test_credentials(self):
        ran = self.finish(self.start("--target-set", 'callers.auth={user="alice";password="wonderland";}'))
        self.expect_invalid(ran, "credentials", r"^(\d+) of the \1 calls .* got 401, and none", r"Set callers\.auth")

    def test_wrong_password(self):
        ran = self.finish(self.start("--set", 'callers.auth={user="alice";password="wonderland";}',
                                     "--target-set", 'callers.auth={user="alice";password="other";}'))
        self.expect_invalid(ran, "credentials", r"got 401", r'user "alice"', r"callers\.auth\.password")

    def test_contacts(self):
        """The centre rings phones that are not ours."""
        address = self.start_target(free_port())
        ran = self.run_at(address, free_port())
        self.expect_invalid(ran, "contacts", r"no agent's phone of ours was ever called",
                            r'target\.agents_listen = "127\.0\.0\.1:\d+"')

    def test_numbers(self):
        """The centre shows another number to its agents: our phones know nobody of that name."""
        port = free_port()
        relay = UdpRelay(("127.0.0.1", port), self.rewrite)
        self.addCleanup(relay.close)
        address = self.start_target(relay.port)
        ran = self.run_at(address, port)
        self.expect_invalid(ran, "numbers", r"a caller in From whom nobody knows", r'such as "0049300',
                            r"callers\.first_number")
        self.assertEqual(ran[2]["calls"]["offered"], ran[2]["calls"]["planned"])

    @staticmethod
    def rewrite(data, is_back):
        """From the centre: sip:49.. becomes sip:0049.., in From; what comes back is put right again."""
        if is_back:
            return re.sub(rb"(?m)^(From:.*sip:)00", rb"\1", data)
        return re.sub(rb"(?m)^(From:.*sip:)4930", rb"\g<1>004930", data)

    def test_audio(self):
        """A centre that cuts calls without audio: as Asterisk's rtp_timeout, FreeSWITCH's, an SBC's does."""
        for reason in (b'Q.850;cause=44;text="RTP Timeout"', b'SIP;cause=604;text="MEDIA_TIMEOUT"',
                       b'FreeSWITCH;cause=604;text="MEDIA_TIMEOUT"', b'Q.850;cause=111'):
            with self.subTest(reason=reason):
                centre = AnswersAndCuts(reason)
                ran = self.run_at(("127.0.0.1", centre.port), free_port())
                centre.close()
                self.expect_invalid(ran, "audio", r"for want of audio", r"callers\.audio = true")

    def test_queue_that_sees_no_agent(self):
        """Callers are answered and sent away; no phone is ever called."""
        centre = AnswersAndCuts(b'Q.850;cause=16')
        ran = self.run_at(("127.0.0.1", centre.port), free_port())
        centre.close()
        self.expect_invalid(ran, "contacts", r"were answered and sent away", r"Give the centre's agents that contact")

    def test_digest(self):
        """A challenge that this SIPp cannot answer ends it."""
        words = ("--set", 'callers.auth={user="alice";password="wonderland";}')
        port = free_port()
        address = self.start_target(port, "--digest", "SHA-256", *words)
        ran = self.run_at(address, port, *words)
        self.expect_invalid(ran, "digest", r"cannot answer", r"algorithm=MD5", r"--sipp")

    def test_connection_that_is_cut_once(self):
        """Over TCP: SIPp ends with it, and all calls that were to come."""
        words = ("--set", 'target.transport="tcp"')
        port = free_port(socket.SOCK_STREAM)
        relay = TcpRelay(self.start_target(port, *words))
        self.addCleanup(relay.close)
        child = self.start("--target", f"127.0.0.1:{relay.port}", "--set", "target.scalable=true", "--set",
                           f'target.agents_listen="127.0.0.1:{port}"', *words)
        self.wait_for_calls(20)
        relay.cut()
        self.expect_invalid(self.finish(child), "own programs", r"our callers' SIPp .*exit code (1|255)\b",
                            r"the centre closes the connection", r'target\.transport = "udp"')


    def test_connection_to_the_phones_that_is_cut_once(self):
        """SIPp runs on, and has forgotten the calls that were up."""
        words = ("--set", 'target.transport="tcp"')
        port = free_port(socket.SOCK_STREAM)
        relay = TcpRelay(("127.0.0.1", port))
        self.addCleanup(relay.close)
        address = self.start_target(relay.port, *words)
        child = self.start("--target", "%s:%d" % address, "--set", "target.scalable=true", "--set",
                           f'target.agents_listen="127.0.0.1:{port}"', *words)
        self.wait_for_calls(20)
        relay.cut()
        self.expect_invalid(self.finish(child), "phones", r"over TCP it forgets", r'target\.transport = "udp"')


class Probe(SetUp):
    """`peakrig check --probe`: one call; a line for each thing that it shows."""

    def probe(self, *words):
        done = subprocess.run([PEAKRIG, "check", self.scenario, "--probe", "--json", *words], text=True,
                              cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=PATIENCE_S,
                              env={**os.environ, "TMPDIR": self.folder})
        told = json.loads(done.stdout) if done.returncode in (0, 4) else {"checks": []}
        if told != {"checks": []}:
            self.assertEqual(complaints("probe", told), [])
        checks = told["checks"]
        return done, {check["name"]: check["text"] for check in checks if not check["ok"]}, checks

    def probe_at(self, address, agents_port, *words):
        return self.probe("--target", "%s:%d" % address, "--set", "target.scalable=true", "--set",
                          f'target.agents_listen="127.0.0.1:{agents_port}"', *words)

    def test_all_is_as_the_scenario_says(self):
        done, failed, checks = self.probe()
        self.assertEqual((done.returncode, failed), (0, {}), done.stderr)
        texts = {check["name"]: check["text"] for check in checks}
        self.assertEqual({"answer", "menu", "marks", "numbers", "header", "credentials", "RTP", "contacts"} -
                         set(texts), set())
        self.assertIn("X-Caller-Call-ID is there", texts["header"])
        self.assertEqual([name for name in os.listdir(self.folder) if "probe" in name], [])

    def test_what_differs(self):
        """Another menu, other marks: each with the line to change, and its files are kept."""
        port = free_port()
        address = self.start_target(port, "--set", "ivr.menu=5.0", "--set", 'target.marks="quiet"')
        done, failed, _ = self.probe_at(address, port)
        self.assertEqual(done.returncode, 4, done.stdout)
        self.assertEqual(set(failed), {"menu", "marks"})
        self.assertRegex(failed["menu"], r"^5\.\d\d s; the scenario says 2 s\. Set ivr\.menu")
        self.assertRegex(failed["marks"], r'Set target\.marks = "quiet"$')
        self.assertEqual(len([name for name in os.listdir(self.folder) if "probe" in name]), 1)

    def test_refused(self):
        port = free_port()
        address = self.start_target(port, "--set", 'callers.auth={user="alice";password="wonderland";}')
        done, failed, _ = self.probe_at(address, port)
        self.assertEqual(done.returncode, 4, done.stdout)
        self.assertRegex(failed["credentials"], r"Set callers\.auth")
        self.assertRegex(failed["answer"], r"did not take the call: 401")

    def wired_otherwise(self, *words, of_check=()):
        """A target that differs. @return the names of what is wrong, those that cannot be told, all texts."""
        port = free_port()
        address = self.start_target(port, *words)
        done, _, checks = self.probe_at(address, port, *of_check)
        self.stop_target()
        self.assertEqual(done.returncode, 4, done.stdout + done.stderr)
        unknown = {check["name"] for check in checks if not check["known"]}
        wrong = {check["name"] for check in checks if not check["ok"]} - unknown
        return wrong, unknown, {check["name"]: check["text"] for check in checks}

    def test_symptoms_are_no_causes(self):
        """What another fault hides is not known, and no line is named that is right as it is."""
        wrong, unknown, _ = self.wired_otherwise("--set", 'target.marks="early"')
        self.assertEqual((wrong, unknown), ({"marks"}, {"answer", "menu"}))
        wrong, unknown, _ = self.wired_otherwise("--set", 'callers.auth={user="a";password="b";}')
        self.assertEqual((wrong, unknown), ({"answer", "credentials"}, {"menu", "header", "end"}))
        wrong, unknown, texts = self.wired_otherwise(
            "--set", 'callers.auth={user="a";password="b";}', "--digest", "SHA-256",
            of_check=("--set", 'callers.auth={user="a";password="b";}'))
        self.assertEqual((wrong, unknown), ({"answer", "digest", "own programs"}, {"menu", "header", "end"}))
        self.assertIn("algorithm=MD5", texts["digest"])
        wrong, unknown, _ = self.wired_otherwise("--agents-port", "9")
        self.assertEqual((wrong, unknown), ({"contacts"}, {"header", "end"}))

    def test_how_it_was_taken_and_ended(self):
        wrong, _, texts = self.wired_otherwise("--defect", "ivr_late=8")
        self.assertEqual(wrong, {"answer"})
        self.assertRegex(texts["answer"], r"after \d\.\d+ s, .*Let the centre answer at once$")
        wrong, _, texts = self.wired_otherwise("--defect", "drop=1:1")
        self.assertEqual(wrong, {"end"})
        self.assertRegex(texts["end"], r"cut the talk after \d\.\d s, planned were 2 s: .*cause=41.*RTP time-out")

    def test_guards(self):
        """They hold for it as for any call."""
        done, _, _ = self.probe("--target", "192.0.2.1", "--set", "target.scalable=true")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertRegex(done.stderr, r"192\.0\.2\.1.*(target\.allow|--allow)")
        done, _, _ = self.probe("--set", 'callers.dial="112"')
        self.assertEqual(done.returncode, 2, done.stderr)


class AnswersAndCuts:
    """A centre that answers every call at once, and hangs up 1 s later with a Reason."""

    def __init__(self, reason):
        self.reason = reason
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind(("127.0.0.1", 0))
        self.sock.settimeout(0.05)
        self.port = self.sock.getsockname()[1]
        self.up, self.cut = {}, set()
        self.is_over = False
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.is_over:
            try:
                data, sender = self.sock.recvfrom(65536)
                self.take(data, sender)
            except socket.timeout:
                pass
            now = time.monotonic()
            for call_id in [c for c, (at, *_) in self.up.items() if now - at > 1.0]:
                self.hang_up(call_id)

    def take(self, data, sender):
        method = data.split(b" ", 1)[0]
        head = {line.split(b":", 1)[0]: line.split(b":", 1)[1].strip()
                for line in data.split(b"\r\n\r\n", 1)[0].split(b"\r\n")[1:] if b":" in line}
        if method in (b"ACK", b"SIP/2.0"):
            return
        call_id = head[b"Call-ID"]
        tag = b"" if b"tag=" in head[b"To"] else b";tag=centre"
        answer = (b"SIP/2.0 200 OK\r\nVia: " + head[b"Via"] + b"\r\nFrom: " + head[b"From"] + b"\r\nTo: " +
                  head[b"To"] + tag + b"\r\nCall-ID: " + call_id + b"\r\nCSeq: " + head[b"CSeq"] +
                  b"\r\nContact: <sip:centre@127.0.0.1:%d>\r\n" % self.port)
        body = b""
        if method == b"INVITE":
            body = (b"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                    b"m=audio 9 RTP/AVP 0\r\n")
            answer += b"Content-Type: application/sdp\r\n"
            if call_id not in self.cut:
                self.up.setdefault(call_id, (time.monotonic(), sender, head))
        else:
            self.up.pop(call_id, None)
        self.sock.sendto(answer + b"Content-Length: %d\r\n\r\n" % len(body) + body, sender)

    def hang_up(self, call_id):
        _, sender, head = self.up.pop(call_id)
        self.cut.add(call_id)
        uri = re.search(rb"<([^>]+)>", head[b"Contact"]).group(1)
        self.sock.sendto(b"BYE " + uri + b" SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%d;branch=z9hG4bK%d\r\n" %
                         (self.port, random.getrandbits(60)) + b"From: " + head[b"To"] + b";tag=centre\r\nTo: " +
                         head[b"From"] + b"\r\nCall-ID: " + call_id + b"\r\nCSeq: 1 BYE\r\nReason: " +
                         self.reason + b"\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n", sender)

    def close(self):
        self.is_over = True
        self.thread.join()
        self.sock.close()


class OwnSide(SetUp):
    def test_phones_killed(self):
        """The run ends at once: no call can be served any more."""
        child = self.start("--set", "traffic.duration_s=120.0")
        pid = self.worker("agent.xml")
        self.wait_for_calls(10)
        os.kill(pid, signal.SIGKILL)
        begin = time.monotonic()
        ran = self.finish(child)
        self.expect_invalid(ran, "own programs", r"^our agents' SIPp .*ended by itself", r"killed by signal 9",
                            r"logs/agents\.\*")
        with open(os.path.join(self.out, "schedule.csv")) as file:
            n = sum(line[0].isdigit() for line in file)
        self.assertGreater(ran[2]["calls"]["not_placed"], n // 3, "it went on")
        self.assertLess(time.monotonic() - begin, PATIENCE_S)

    def test_phones_stopped(self):
        child = self.start()
        pid = self.worker("agent.xml")
        self.wait_for_calls(10)
        os.kill(pid, signal.SIGSTOP)
        time.sleep(2)
        os.kill(pid, signal.SIGCONT)
        self.expect_invalid(self.finish(child), "own programs", r"our agents' SIPp .*was stopped by a signal")

    def test_callers_killed(self):
        child = self.start()
        pid = self.worker("caller.xml")
        self.wait_for_calls(10)
        os.kill(pid, signal.SIGTERM)
        self.expect_invalid(self.finish(child), "own programs", r"our callers' SIPp \(callers0")

    def test_centre_stopped(self):
        """The embedded one: as with our SIPp, whoever stopped it is no call centre."""
        child = self.start()
        pid = self.worker(" target ")
        self.wait_for_calls(10)
        os.kill(pid, signal.SIGSTOP)
        time.sleep(1.0)
        os.kill(pid, signal.SIGCONT)
        self.expect_invalid(self.finish(child), "own programs",
                            r"^the embedded call centre was stopped by a signal \(SIGSTOP")

    def test_centre_without_memory(self):
        """What it ends by is its library's matter; why is told."""
        child = self.start("--set", "traffic.duration_s=120.0")
        pid = self.worker(" target ")
        self.wait_for_calls(10)
        resource.prlimit(pid, resource.RLIMIT_AS, (40000000, 40000000))  # less than it has
        self.expect_invalid(self.finish(child), "own programs",
                            r"^the embedded call centre died in mid-run: .*: no memory any more: a limit of this process")

    def test_centre_killed(self):
        """The embedded one: the run ends at once, and diff knows it, too."""
        child = self.start("--set", "traffic.duration_s=120.0")
        pid = self.worker(" target ")
        self.wait_for_calls(10)
        os.kill(pid, signal.SIGKILL)
        ran = self.finish(child)
        self.expect_invalid(ran, "own programs", r"^the embedded call centre died in mid-run: .*killed by signal 9")
        self.assertGreater(ran[2]["calls"]["not_placed"], 100, "it went on")
        done = subprocess.run([PEAKRIG, "diff", self.out, "--quiet"], text=True, stdout=subprocess.PIPE)
        self.assertEqual(done.returncode, 4)
        self.assertIn("the embedded call centre died in mid-run", done.stdout)

    def test_network_that_loses(self):
        """One datagram in 12 on the way to the centre and back, which itself is well and quick."""
        port = free_port()
        rng = random.Random(5)
        relay = UdpRelay(self.start_target(port), lambda data, _: data if rng.random() > 0.08 else None)
        self.addCleanup(relay.close)
        ran = self.run_at(("127.0.0.1", relay.port), port)
        self.expect_invalid(ran, "network", r"lost on the way", r"the network between us and the centre loses")

    def test_sipp_without_an_option(self):
        """The binary is asked, not its version."""
        real = shutil.which("sipp")
        fake = os.path.join(self.folder, "sipp")
        with open(fake, "w") as file:
            file.write(f'#!/bin/sh\nif [ "$1" = -h ]; then {real} -h 2>&1 | grep -v "^ *-cid_str"; exit 99; fi\n'
                       f'exec {real} "$@"\n')
        os.chmod(fake, stat.S_IRWXU)
        done = subprocess.run([PEAKRIG, "check", self.scenario, "--sipp", fake], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 5, done.stdout)
        self.assertRegex(done.stderr, r"sipp: has no option -cid_str")


if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[3:])
