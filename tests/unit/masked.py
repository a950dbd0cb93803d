#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing that peakrig analyze --mask puts out holds a number or an address of the capture, however it is written there.

Usage: masked.py PEAKRIG SOURCE_DIR
"""
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import unittest

PEAKRIG = None
CALLER, CENTRE, AGENT = "198.51.100.77", "203.0.113.9", "192.0.2.201"
NUMBER, EXTENSION = "49301234567", "4471987654"  # of the caller, of the agent

# The ways in which the number, or an address, comes in words.
FORMS = ("+49301234567", "0049301234567", "+49 (30) 123-4567", "+49-30-1234567", "+49 30 123 45 67", "(030) 123 4567",
         "030/1234567", "030 123 45 67", "tel:+49-30-1234567", "%2B49301234567", "%2B49%2030%20123%204567",
         "%34%39%33%30%31%32%33%34%35%36%37", "sip:+49301234567", "<+49301234567>", "\"+49301234567\"", "49301234567,",
         "198.51.100.77", "198.51.100.77:5060", "udp:198.51.100.77:5060", "[::ffff:198.51.100.77]:5060",
         "0xc633644d", "0xC633644D", "198.051.100.077", "203.0.113.9-203.0.113.20", "alice@pbx.example.com")


def udp(source, destination, text):
    data = text.replace("\n", "\r\n").encode()
    datagram = struct.pack("!HHHH", 5060, 5060, 8 + len(data), 0) + data
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(datagram), 0, 0, 64, 17, 0, socket.inet_aton(source),
                       socket.inet_aton(destination))
    return head + datagram


class Capture:
    def __init__(self):
        self.t, self.packets = 1764000000.0, []

    def add(self, source, destination, text):
        self.t += 0.01
        frame = udp(source, destination, text)
        self.packets.append(struct.pack("<IIII", int(self.t), int(self.t % 1 * 1e6), len(frame), len(frame)) + frame)

    def leg(self, number, source, destination, caller, called, phrase, reason):
        head = (f"Via: SIP/2.0/UDP {source};branch=z9hG4bK{number}\nFrom: <sip:{caller}@{source}>;tag=a{number}\n"
                f"To: <sip:{called}@{destination}>%s\nCall-ID: {number}-{re.sub('[^!-~]', '', caller)}@{source}\n")
        self.add(source, destination, f"INVITE sip:{called}@{destination} SIP/2.0\n" + head % "" +
                 "CSeq: 1 INVITE\nContact: <sip:x@" + source + ">\nContent-Length: 0\n\n")
        self.add(destination, source, "SIP/2.0 100 Trying\n" + head % "" + "CSeq: 1 INVITE\nContent-Length: 0\n\n")
        return head, phrase, reason

    def refuse(self, number, source, destination, caller, called, phrase, reason):
        head, _, _ = self.leg(number, source, destination, caller, called, phrase, reason)
        self.add(destination, source, f"SIP/2.0 486 {phrase}\n" + head % ";tag=b" +
                 f"CSeq: 1 INVITE\nReason: Q.850;cause=17;text=\"{reason}\"\nContent-Length: 0\n\n")
        self.add(source, destination, f"ACK sip:{called}@{destination} SIP/2.0\n" + head % ";tag=b" +
                 "CSeq: 1 ACK\nContent-Length: 0\n\n")

    def write(self, path):
        with open(path, "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101) + b"".join(self.packets))


def traces(text):
    """What is left of the capture's numbers and addresses in a text, written in any way."""
    found = []
    plain = re.sub(r"%([0-9a-fA-F]{2})", lambda m: chr(int(m.group(1), 16)), text)
    for each in {text, plain}:
        flat = re.sub(r"[ \-./()\\]", "", each)
        found += [digits for digits in ("301234567", "1987654") if digits in flat]
        found += [word for word in (CALLER, CENTRE, AGENT, "198.051", "pbx.example", "alice", "203.0.113.20")
                  if word in each]
        found += [word for word in ("c633644d", "cb007109", "c00002c9") if word in each.lower()]
    return found


class Masked(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-masked-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.capture = os.path.join(self.folder, "c.pcap")
        capture, n = Capture(), 0
        for form in FORMS:
            n += 1
            capture.refuse(n, CALLER, CENTRE, "+" + NUMBER, "+" + EXTENSION, f"Busy {form} here", f"from {form} now")
            n += 1
            capture.refuse(n, CALLER, CENTRE, "+49-30-123-45-67", "tel:+44", f"for {form}", form)
        n += 1
        capture.leg(n, CALLER, CENTRE, "+" + NUMBER, "+" + EXTENSION, "", "")  # and its agent's leg
        capture.refuse(n + 1, CENTRE, AGENT, "+" + NUMBER, "+" + EXTENSION, "Busy", "busy")
        capture.write(self.capture)

    def analyze(self, *words):
        done = subprocess.run([PEAKRIG, "analyze", self.capture, "--quiet", *words], capture_output=True, text=True,
                              timeout=120, cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def read(self, name):
        with open(os.path.join(self.folder, name)) as file:
            return file.read()

    def outputs(self, *mask):
        """Every output, by its name."""
        self.analyze(*mask, "--calls", "calls.csv", "--jsonl", "calls.jsonl", "--by", "caller", "--by", "called",
                     "--by", "agent", "--by", "reason", "--by-csv", "by.csv", "--over-time", "over.csv", "--patience",
                     "patience.csv")
        made = {name: self.read(name) for name in ("calls.csv", "calls.jsonl", "by.csv", "over.csv", "patience.csv")}
        made["text"] = self.analyze(*mask, "--by", "caller", "--by", "called", "--by", "reason")
        made["json"] = self.analyze(*mask, "--json", "--by", "caller", "--by", "called", "--by", "reason")
        made["why"] = self.analyze(*mask, "--why", "*")
        made["ladder"] = self.analyze(*mask, "--ladder", "*", "--svg", "ladder.svg")
        made["svg"] = self.read("ladder.svg")
        return made

    def test_every_output(self):
        key = os.path.join(self.folder, "key")
        with open(key, "w") as file:
            file.write("a key to share\n")
        shown = {name for name, text in self.outputs().items() if traces(text)}
        self.assertGreaterEqual(len(shown), 7, shown)  # there is something to hide
        masked = self.outputs("--mask-key-file", key)
        for name, text in masked.items():
            for line in text.splitlines():
                self.assertEqual(traces(line), [], f"{name}: {line[:300]}")
        self.assertEqual(masked, self.outputs("--mask-key", "a key to share"))
        self.assertNotEqual(masked["calls.csv"], self.outputs("--mask")["calls.csv"])

    def test_what_is_wrong_with_a_key(self):
        short = os.path.join(self.folder, "short")
        with open(short, "w") as file:
            file.write("1234567\nmore\n")
        for words, said in ((["--mask-key-file", short], "7 characters"), (["--mask-key-file", "none"], "No such file"),
                            (["--mask-key-file", short, "--mask-key", "x"], "one of the two")):
            done = subprocess.run([PEAKRIG, "analyze", self.capture, *words], capture_output=True, text=True,
                                  cwd=self.folder)
            self.assertIn(done.returncode, (2, 5))
            self.assertIn(said, done.stderr)
            self.assertNotIn("1234567", done.stderr)


if __name__ == "__main__":
    PEAKRIG = os.path.abspath(sys.argv[1])
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
