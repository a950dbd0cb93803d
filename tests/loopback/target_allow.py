#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom peakrig target sends to: callers and agents cannot aim it at others.

Usage: target_allow.py PEAKRIG SOURCE_DIR
"""
import os
import re
import socket
import subprocess
import sys
import time
import unittest

PEAKRIG = None
SOURCE = None
ELSEWHERE = "192.0.2.9"
NETWORK = "127.255.255.255"  # all of it
GROUPS = ("224.0.0.1", "239.1.2.3", "255.255.255.255")


class Phone:
    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(10)
        self.port = self.socket.getsockname()[1]

    def __del__(self):
        self.socket.close()

    def invite(self, to, contact, more=""):
        self.to = to
        text = (f"INVITE sip:785@127.0.0.1:{to} SIP/2.0\nVia: SIP/2.0/UDP 127.0.0.1:{self.port};branch=z9hG4bK{time.time()}\n"
                f"Max-Forwards: 70\nFrom: <sip:+49301234567@127.0.0.1>;tag=a\nTo: <sip:785@127.0.0.1>\n"
                f"Call-ID: {time.time()}@x\nCSeq: 1 INVITE\n{more}Contact: <{contact}>\nContent-Length: 0\n\n")
        self.socket.sendto(text.replace("\n", "\r\n").encode(), ("127.0.0.1", to))

    def code(self):
        """Of the first response but 100."""
        while True:
            text = self.socket.recv(65535).decode()
            if not text.startswith("SIP/2.0 100"):
                self.answered = text
                return int(text.split()[1])

    def acknowledge(self):
        kept = [line for line in self.answered.split("\r\n") if re.match("(Via|From|To|Call-ID):", line)]
        text = "\r\n".join([f"ACK sip:785@127.0.0.1:{self.to} SIP/2.0", "Max-Forwards: 70", *kept, "CSeq: 1 ACK",
                            "Content-Length: 0", "", ""])
        self.socket.sendto(text.replace("branch=z9hG4bK", "branch=z9hG4bKack").encode(), ("127.0.0.1", self.to))

    def request(self, method):
        """The next request of that method, and who sent it."""
        until = time.monotonic() + 15
        while time.monotonic() < until:
            data, peer = self.socket.recvfrom(65535)
            if data.decode().startswith(method + " "):
                return data.decode(), peer
        raise AssertionError("no " + method)

    def answer(self, invite, peer, contact, more=""):
        kept = [line for line in invite.split("\r\n") if re.match("(Via|From|To|Call-ID|CSeq):", line)]
        kept = [line + ";tag=agent" if line.startswith("To:") else line for line in kept]
        text = "\r\n".join(["SIP/2.0 200 OK", *kept, f"Contact: <{contact}>", *more, "Content-Length: 0", "", ""])
        self.socket.sendto(text.encode(), peer)


class Allowed(unittest.TestCase):
    def centre(self, *words):
        child = subprocess.Popen([PEAKRIG, "target", os.path.join(SOURCE, "tests/loopback/cli.cfg"), "--any-port", "--set",
                                  "ivr.menu=0.1", "--set", "ivr.self_service_share=0.0", *words], text=True,
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(lambda: (child.terminate(), child.communicate(timeout=30)))
        line = child.stdout.readline()
        self.assertTrue(line.startswith("ready "), line)
        return int(line.split()[2])

    def code_of(self, centre, contact, more=""):
        phone = Phone()
        phone.invite(centre, contact.replace("PORT", str(phone.port)), more)
        return phone.code()

    def test_callers(self):
        plain, allowed = self.centre(), self.centre("--allow", ELSEWHERE)
        cases = (("sip:x@127.0.0.1:PORT", "", True), ("sip:x@127.9.9.9:PORT", "", True),
                 (f"sip:x@{ELSEWHERE}:5060", "", False), (f"sip:{ELSEWHERE}", "", False),
                 (f"sip:127.0.0.1@{ELSEWHERE}:5060", "", False), ("sip:x@[2001:db8::1]:5060", "", False),
                 (f"sip:x@127.0.0.1:PORT;maddr={ELSEWHERE}", "", False),
                 ("sip:x@127.0.0.1:PORT", f"Record-Route: <sip:{ELSEWHERE};lr>\n", False))
        for contact, more, is_well in cases:
            code = self.code_of(plain, contact, more)
            self.assertEqual(code != 403, is_well, (contact, more, code))
        for contact, more in ((f"sip:x@{ELSEWHERE}:5060", ""), ("sip:x@127.0.0.1:PORT", f"Record-Route: <sip:{ELSEWHERE};lr>\n")):
            self.assertNotEqual(self.code_of(allowed, contact, more), 403, contact)
        self.assertEqual(self.code_of(allowed, "sip:x@192.0.2.10:5060"), 403)

    def test_an_agent_who_answers_from_elsewhere(self):
        """His Contact and Record-Route are passed over: ACK and BYE go where the INVITE went."""
        for contact, more in ((f"sip:a@{ELSEWHERE}:5060", []), ("sip:a@127.0.0.1", [f"Record-Route: <sip:{ELSEWHERE};lr>"])):
            agent, caller = Phone(), Phone()
            centre = self.centre("--agents-port", str(agent.port))
            caller.invite(centre, f"sip:x@127.0.0.1:{caller.port}")
            self.assertEqual(caller.code(), 200)
            caller.acknowledge()
            invite, peer = agent.request("INVITE")
            agent.answer(invite, peer, contact, more)
            ack, _ = agent.request("ACK")
            self.assertNotIn(ELSEWHERE, ack)

    def test_where_answers_go(self):
        """Via cannot aim them at others: neither ours, nor those that the SIP stack gives by itself."""
        centre, elsewhere = self.centre(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(elsewhere.close)
        elsewhere.bind(("127.0.0.9", 0))
        elsewhere.settimeout(0.0)
        port = elsewhere.getsockname()[1]
        for method, more in (("OPTIONS", ""), ("INVITE", ""), ("REGISTER", ""), ("NONESUCH", ""), ("BYE", ""),
                             ("CANCEL", ""), ("OPTIONS", "Max-Forwards: x\n"), ("OPTIONS", "Expires: never\n")):
            for via in ("Via: SIP/2.0/UDP 127.0.0.1:{p};maddr=127.0.0.9;branch=z9hG4bK{n}",
                        "v: SIP/2.0/UDP 127.0.0.1:{p};MADDR=127.0.0.9;ttl=3;branch=z9hG4bK{n}",
                        "Via: SIP/2.0/UDP 127.0.0.1:{p};maddr=127.0.0.1;maddr=127.0.0.9;branch=z9hG4bK{n}",
                        "Via: SIP/2.0/UDP 127.0.0.1:{p};branch=z9hG4bK{n};received=127.0.0.9",
                        "Via: SIP/2.0/UDP 127.0.0.9:{e};rport;branch=z9hG4bK{n}",
                        "Via: SIP/2.0/UDP 127.0.0.1:{p};maddr=127.0.0.9;branch=z9hG4bK{n}, "
                        "SIP/2.0/UDP 127.0.0.9:{e};branch=z9hG4bKa"):
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
                    # the port that "maddr" aims at is that of Via
                    phone.bind(("127.0.0.1", port))
                    phone.settimeout(10)
                    n = time.monotonic_ns()
                    text = (f"{method} sip:785@127.0.0.1:{centre} SIP/2.0\n" + via.format(p=port, e=port, n=n) + "\n"
                            + f"From: <sip:4930@127.0.0.1>;tag=a\nTo: <sip:785@127.0.0.1>\nCall-ID: {n}@x\n"
                            f"CSeq: 1 {method}\n{more}Contact: <sip:x@127.0.0.1:{port}>\nContent-Length: 0\n\n")
                    phone.sendto(text.replace("\n", "\r\n").encode(), ("127.0.0.1", centre))
                    self.assertTrue(phone.recv(65535).startswith(b"SIP/2.0 "), text)
        time.sleep(1.2)  # what is sent again, too
        with self.assertRaises(BlockingIOError):
            self.fail(elsewhere.recv(65535))

    @unittest.skipIf(os.getuid() != 0, "needs a network namespace")
    def test_an_address_that_can_be_bound_is_not_ours(self):
        """Where ip_nonlocal_bind is set, any can."""
        script = ("ip link set lo up && echo 1 >/proc/sys/net/ipv4/ip_nonlocal_bind && "
                  "ip address add 192.0.2.8/32 dev lo && exec \"$@\"")
        for host, code in ((ELSEWHERE, 2), ("192.0.2.8", 124)):
            done = subprocess.run(["unshare", "--net", "sh", "-c", script, "sh", "timeout", "2", PEAKRIG, "target",
                                   os.path.join(SOURCE, "tests/loopback/cli.cfg"), "--any-port", "--agents-host", host],
                                  capture_output=True, text=True, timeout=30, stdin=subprocess.DEVNULL)
            self.assertEqual(done.returncode, code, done.stderr)

    def test_addresses_that_are_refused(self):
        for words, said in ((["--agents-host", ELSEWHERE], ELSEWHERE), (["--host", "0.0.0.0"], "0.0.0.0"),
                            (["--host", "::"], "::"), (["--agents-host", "0.0.0.0"], "0.0.0.0"),
                            (["--agents-host", "::"], "::"), (["--set", 'target.listen="0.0.0.0"'], "0.0.0.0"),
                            (["--set", 'target.agents_listen="0::0"'], "0::0"),
                            (["--set", 'target.listen="0::0"'], "0::0"), (["--host", "0::0"], "0::0"),
                            (["--host", "::ffff:0.0.0.0"], "0.0.0.0"),
                            *((["--host", group], group) for group in (*GROUPS, NETWORK)),
                            *((["--agents-host", group, "--allow", group], group) for group in (*GROUPS, NETWORK)),
                            *((["--set", f'target.agents_listen="{group}"'], group) for group in GROUPS)):
            done = subprocess.run([PEAKRIG, "target", os.path.join(SOURCE, "tests/loopback/cli.cfg"), "--any-port", *words],
                                  capture_output=True, text=True, timeout=20, stdin=subprocess.DEVNULL)
            self.assertNotEqual(done.returncode, 0, words)
            self.assertIn(said, done.stderr, words)

    def test_a_run_at_a_whole_network(self):
        """The loopback network has the mask of its interface; a network of its own has another."""
        script = "ip link set lo up && ip address add 192.0.2.66/26 broadcast + dev lo && exec \"$@\""
        for network in (NETWORK, *(["192.0.2.127"] if os.getuid() == 0 else [])):
            for key, value, said in (("target.host", network, f"{network}:5070: every host of a network"),
                                     ("target.agents_listen", network + ":5080", "is every host of a network")):
                words = [PEAKRIG, "check", os.path.join(SOURCE, "tests/loopback/cli.cfg"), "--allow", network, "--set",
                         f'{key}="{value}"', "--allow-dial", "785", "--set", "target.port=5070", "--set", "time_scale=1.0"]
                if network != NETWORK:
                    words = ["unshare", "--net", "sh", "-c", script, "sh", *words]
                done = subprocess.run(words, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
                self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
                self.assertIn(said, done.stderr)


if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
