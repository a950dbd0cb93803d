#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""peakrig analyze: many files, folders and patterns, limits, files that grow, clocks apart, and what it
says of a capture it cannot read. The captures are made here, or are parts of fixtures."""
import csv
import json
import os
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest

PEAKRIG, SOURCE = sys.argv[1:3]
FIXTURES = os.path.join(SOURCE, "tests", "fixtures")
CENTRE = os.path.join(FIXTURES, "embedded_centre.pcap")
PBX = os.path.join(FIXTURES, "plain_pbx.pcap")
sys.path.insert(0, FIXTURES)
from sipwire import CENTRE as CENTRE_END, Leg, Wire, ip_bytes  # noqa: E402


def read_pcap(path):
    """(header, [(ns, record's lengths and bytes)]) of a fixture: nanoseconds, little endian."""
    with open(path, "rb") as file:
        data = file.read()
    records, at = [], 24
    while at < len(data):
        s, ns, caplen, length = struct.unpack_from("<IIII", data, at)
        records.append((s * 10**9 + ns, length, data[at + 16:at + 16 + caplen]))
        at += 16 + caplen
    return data[:24], records


def write_pcap(path, header, records):
    with open(path, "wb") as file:
        file.write(header)
        for ns, length, frame in records:
            file.write(struct.pack("<IIII", ns // 10**9, ns % 10**9, len(frame), length) + frame)


def rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, *names):
        return os.path.join(self.folder.name, *names)

    def run_it(self, *words, n_files=None):
        def limit():
            if n_files is not None:
                resource.setrlimit(resource.RLIMIT_NOFILE, (n_files, n_files))
        return subprocess.run([PEAKRIG, "analyze", *words], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=120, check=False,
                              preexec_fn=limit)

    def calls(self, *words, **how):
        done = self.run_it(*words, "--calls", self.path("calls.csv"), **how)
        self.assertEqual(done.returncode, 0, done.stderr)
        return rows(self.path("calls.csv")), done.stderr

    def split(self, source, n, folder):
        """A capture in n files, by time; named so that their order is not that of the times."""
        header, records = read_pcap(source)
        os.makedirs(self.path(folder))
        step = -(-len(records) // n)
        for k in range(n):
            name = self.path(folder, f"part-{(k * 7919) % 10007:05}.pcap")
            write_pcap(name, header, records[k * step:(k + 1) * step])
        return self.path(folder)


class ManyFiles(Case):
    def test_hundreds_with_few_open(self):
        whole, _ = self.calls(CENTRE)
        folder = self.split(CENTRE, 400, "parts")
        names = [os.path.join(folder, name) for name in os.listdir(folder)]
        self.assertGreater(len(names), 256)
        for words in ([folder], [os.path.join(folder, "*.pcap")], names):
            got, warnings = self.calls(*words, n_files=32)
            self.assertEqual(got, whole)
            self.assertEqual(warnings, "")

    def test_slice_and_ladder_of_many(self):
        folder = self.split(CENTRE, 300, "parts")
        call = self.calls(CENTRE)[0][0]["call_id"]
        one = self.run_it(CENTRE, "--ladder", call)
        many = self.run_it(folder, "--ladder", call, n_files=32)
        self.assertEqual((many.stdout, many.returncode), (one.stdout, 0))
        done = self.run_it(folder, "--slice", "call_id=" + call, "-o", self.path("slice.pcap"),
                           n_files=32)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([row["call_id"] for row in self.calls(self.path("slice.pcap"))[0]], [call])

    def test_folders(self):
        whole, _ = self.calls(CENTRE)
        folder = self.split(CENTRE, 3, "parts")
        with open(os.path.join(folder, "notes.txt"), "w", encoding="ascii") as file:
            file.write("what was captured when\n")
        os.makedirs(os.path.join(folder, "more"))
        with open(os.path.join(folder, ".hidden"), "wb"):
            pass
        got, warnings = self.calls(folder)
        self.assertEqual(got, whole)
        self.assertIn("1 file was passed over; the first: " + os.path.join(folder, "notes.txt"),
                      warnings)
        self.assertNotIn("hidden", warnings)

    def test_nothing_found(self):
        os.makedirs(self.path("empty"))
        for word, says in ((self.path("empty"), "no capture in this folder"),
                           (self.path("*.pcap"), "no file matches"),
                           (self.path("missing.pcap"), "No such file")):
            done = self.run_it(word)
            self.assertIn(done.returncode, (2, 5))
            self.assertIn(says, done.stderr)
            self.assertEqual(done.stdout, "")

    def test_a_file_whose_name_is_a_pattern(self):
        shutil.copy(PBX, self.path("odd[1]*.pcap"))
        shutil.copy(CENTRE, self.path("odd1x.pcap"))
        self.assertEqual(self.calls(self.path("odd[1]*.pcap"))[0], self.calls(PBX)[0])

    def test_two_taps(self):
        """What each of two taps saw, in a file of its own; the one file after the other is wrong."""
        header, records = read_pcap(CENTRE)
        centre = ip_bytes(CENTRE_END[0])
        sides = [[r for r in records if (r[2][26:30] == centre) == is_centre]
                 for is_centre in (False, True)]
        for name, side in zip(("a.pcap", "b.pcap"), sides):
            self.assertGreater(len(side), 10)
            write_pcap(self.path(name), header, side)
        expected = sorted(self.calls(CENTRE)[0], key=lambda row: row["t_invite_s"])
        for names in (("a.pcap", "b.pcap"), ("b.pcap", "a.pcap")):
            self.assertEqual(self.calls(*map(self.path, names))[0], expected)


class Limits(Case):
    def test_legs(self):
        done = self.run_it(CENTRE, "--max-legs", "2", "--calls", self.path("calls.csv"))
        self.assertEqual(done.returncode, 3)
        self.assertIn("inconclusive: more than 2 legs were open at one time", done.stderr)
        self.assertIn("--max-legs", done.stderr)
        self.assertGreater(len(rows(self.path("calls.csv"))), 0)
        self.assertEqual(self.run_it(CENTRE, "--max-legs", "100").returncode, 0)

    def test_options(self):
        for words, says in ((("--max-legs", "0"), "from 1 to"),
                            (("--reorder-window-ms", "-1"), "from 0 to"),
                            (("--reorder-window-ms", "60001"), "at most 60000"),
                            (("--reorder-packets", "x"), "from 1 to")):
            done = self.run_it(CENTRE, *words)
            self.assertEqual(done.returncode, 2)
            self.assertIn(says, done.stderr)


class Order(Case):
    def capture(self, change=lambda records: records):
        wire = Wire()
        for k in range(40):
            leg = Leg(wire, f"call-{k}", str(4900 + k))
            leg.invite(k)
            leg.reply(k + 0.0004, 100)
            if k % 4 == 0:
                leg.fail(k + 0.002, 503)
            else:
                leg.answer(k + 0.003)
                leg.bye(k + 20)
        with open(self.path("wire.pcap"), "wb") as file:
            file.write(wire.pcap())
        header, records = read_pcap(self.path("wire.pcap"))
        write_pcap(self.path("changed.pcap"), header, change(records))
        return self.path("wire.pcap"), self.path("changed.pcap")

    def shifted(self, ms):
        centre = ip_bytes(CENTRE_END[0])

        def change(records):
            return sorted(((ns + int(ms * 1e6) * (frame[26:30] == centre), length, frame)
                           for ns, length, frame in records), key=lambda r: r[0])
        return self.capture(change)[1]

    def test_clocks_apart(self):
        for ms in (-200, -10, -1, 10, 200):
            changed = self.shifted(ms)
            done = self.run_it(changed, "--json")
            self.assertEqual(done.returncode, 0, done.stderr)
            clocks = json.loads(done.stdout)["capture"]["clocks"]
            self.assertGreaterEqual(len(clocks), 1, ms)
            told = clocks[0]
            is_centre = told["address"] == CENTRE_END[0]
            early_ms = 1e3 * told["sent_early_s"] * (1 if is_centre else -1)
            bounds = sorted(1e3 * told[key] * (1 if is_centre else -1)
                            for key in ("at_least_s", "at_most_s"))
            self.assertLess(bounds[0] - 1e-6, -ms)
            self.assertGreater(bounds[1] + 1e-6, -ms)
            self.assertAlmostEqual(early_ms, -ms, delta=5)
            self.assertIn("is stamped early by", done.stderr)
            self.assertIn("clocks apart: what ", self.run_it(changed).stdout)

    def test_clocks_together(self):
        plain, _ = self.capture()
        done = self.run_it(plain, "--json")
        self.assertEqual(json.loads(done.stdout)["capture"]["clocks"], [])
        self.assertEqual(done.stderr, "")

    def test_a_request_that_the_capture_missed(self):
        """The answer to a request whose first sending is missing is no sign of another clock."""
        wire = Wire()
        for k in range(40):
            leg = Leg(wire, f"call-{k}", str(4900 + k))
            leg.invite(k)
            leg.reply(k + 0.0004, 100)
            leg.fail(k + 0.002, 503)
        lost = Leg(wire, "lost", "4999")
        lost.invite(50)
        wire.frames.pop()
        lost.reply(50.0004, 100)
        lost.invite(50.5, again=True)
        lost.fail(50.6, 503)
        with open(self.path("wire.pcap"), "wb") as file:
            file.write(wire.pcap())
        done = self.run_it(self.path("wire.pcap"), "--json")
        self.assertEqual(json.loads(done.stdout)["capture"]["clocks"], [])

    def test_a_clock_that_steps_back(self):
        plain, changed = self.capture(lambda records: [
            (ns - 5 * 10**9 * (k >= 60), length, frame)
            for k, (ns, length, frame) in enumerate(records)])
        done = self.run_it(changed, "--json")
        order = json.loads(done.stdout)["capture"]["order"]
        self.assertEqual(order["times_went_back"], 1)
        self.assertEqual(order["steps_back"][0]["packet"], 61)
        self.assertIn("time went back by", done.stderr)
        self.assertIn("at packet 61", done.stderr)
        self.assertNotIn("went back", self.run_it(plain).stderr)
        self.assertIn("time went back 1 time, by up to", self.run_it(changed).stdout)

    def test_bursts(self):
        def change(records):
            centre = ip_bytes(CENTRE_END[0])
            return sorted(records, key=lambda r: (r[0] // (200 * 10**6), r[2][26:30] != centre,
                                                  r[0]))
        plain, changed = self.capture(change)
        expected, _ = self.calls(plain)
        got, warnings = self.calls(changed)
        self.assertEqual(got, expected)
        self.assertIn("were written behind later ones", warnings)
        # Without the window the call layer keeps what comes before its INVITE: the calls are the same, and counted.
        early = [json.loads(self.run_it(changed, "--json", *words).stdout)["capture"]["messages_early"]
                 for words in ([], ["--reorder-window-ms", "0"])]
        self.assertEqual(early[0], 0)
        self.assertGreater(early[1], 0)


class NotRead(Case):
    def test_why_there_is_no_sip(self):
        header, records = read_pcap(CENTRE)
        hidden = [(ns, length, frame[:12] + b"\x88\xe5" + frame[14:])
                  for ns, length, frame in records]
        write_pcap(self.path("hidden.pcap"), header, hidden)
        done = self.run_it(self.path("hidden.pcap"), "--json")
        self.assertIn("no SIP in", done.stderr)
        self.assertIn(f"{len(records)} packets of EtherType 0x88e5 (MACsec) not read", done.stderr)
        self.assertEqual(json.loads(done.stdout)["capture"]["not_read"],
                         [{"kind": "ethertype", "number": 0x88e5, "name": "MACsec",
                           "packets": len(records)}])

    def test_an_unknown_type_beside_calls(self):
        header, records = read_pcap(CENTRE)
        extra = [(records[0][0], 60, bytes(12) + b"\x99\x77" + bytes(46))] * 3
        write_pcap(self.path("mixed.pcap"), header, extra + records)
        done = self.run_it(self.path("mixed.pcap"))
        self.assertIn("3 packets of EtherType 0x9977 not read", done.stderr)

    def test_media_alone(self):
        wire = Wire()
        for k in range(9):
            wire.send(k, b"\x80\x00" + bytes(170), ("192.0.2.1", 40000), ("192.0.2.2", 16384))
        with open(self.path("media.pcap"), "wb") as file:
            file.write(wire.pcap())
        done = self.run_it(self.path("media.pcap"))
        self.assertIn("at least 9 datagrams of UDP port 16384 are no SIP", done.stderr)

    def test_other_programs_files(self):
        for start, says in ((b"GMBU", "Network Monitor"), (b"RTSS", "Network Monitor"),
                            (b"snoop\0\0\0", "snoop"), (b"XCP\0", "NetXRay"),
                            (b"TRSNIFF data    \x1a", "Sniffer"),
                            (bytes(8) + b"\x02\x04\x00\x50\0\0\x00\x3c" + bytes(64), "ERF")):
            with open(self.path("other.cap"), "wb") as file:
                file.write(start + bytes(64))
            done = self.run_it(self.path("other.cap"))
            self.assertEqual(done.returncode, 2)
            self.assertIn(says, done.stderr)
            self.assertIn("editcap -F pcap", done.stderr)


class Growing(Case):
    def test_follow(self):
        header, records = read_pcap(CENTRE)
        half = len(records) // 2
        write_pcap(self.path("live.pcap"), header, records[:half])
        child = subprocess.Popen([PEAKRIG, "analyze", "--follow", self.path("live.pcap"), "--calls",
                                  self.path("calls.csv")], stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True)
        self.addCleanup(child.kill)
        time.sleep(0.5)
        self.assertIsNone(child.poll())
        write_pcap(self.path("rest.pcap"), header, records[half:])
        with open(self.path("live.pcap"), "ab") as live, open(self.path("rest.pcap"), "rb") as rest:
            live.write(rest.read()[24:])
        time.sleep(2)
        child.send_signal(signal.SIGINT)
        _, errors = child.communicate(timeout=30)
        self.assertEqual(child.returncode, 0, errors)
        followed = rows(self.path("calls.csv"))
        self.assertEqual(followed, self.calls(CENTRE)[0])

    def test_follow_of_a_pipe(self):
        done = self.run_it("-", "--follow")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--follow", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
