#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""peakrig analyze: which files can be compared in time, and what is told of those that cannot."""
import json
import os
import struct
import subprocess
import sys
import tempfile
import unittest

PEAKRIG, SOURCE = sys.argv[1:3]
FIXTURES = os.path.join(SOURCE, "tests", "fixtures")
sys.path.insert(0, FIXTURES)
sys.path.insert(0, os.path.join(SOURCE, "tests", "unit"))
from layerwire import Pcapng  # noqa: E402
from sipwire import CALLER, CENTRE, Leg, Wire  # noqa: E402
from scenes.common import agent_leg, queued  # noqa: E402

ELSEWHERE = ("203.0.113.5", 5060), ("203.0.113.50", 5060)
TOLD = "their clocks cannot be compared"


def is_callers_hop(frame):
    return CALLER[0] in hosts(frame)


def hosts(frame):
    return {".".join(map(str, frame[i:i + 4])) for i in (26, 30)}


def frames_of(wire):
    return sorted(((ns, data) for ns, data, _ in wire.frames), key=lambda frame: frame[0])


def busy(n=12):
    """Callers who hang up 0.2 s, 1.1 s, 2 s, .. after the agent's answer."""
    wire = Wire()
    for k in range(n):
        t = 20 * k
        call = queued(wire, f"call-{k}", f"66{k:02}", t)
        leg = agent_leg(call)
        leg.invite(t + 3)
        leg.reply(t + 3.002, 180)
        leg.answer(t + 5)
        call.bye(t + 5.2 + 0.9 * k)
        leg.bye(t + 5.21 + 0.9 * k)
    return frames_of(wire)


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def file(self, name, frames, ms=0):
        path = os.path.join(self.folder.name, name)
        with open(path, "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, 1))
            for ns, data in frames:
                ns += int(ms * 1e6)
                file.write(struct.pack("<IIII", ns // 10**9, ns % 10**9, len(data), len(data)) + data)
        return path

    def taps(self, frames, ms=0):
        return (self.file("callers.pcap", [f for f in frames if is_callers_hop(f[1])]),
                self.file("agents.pcap", [f for f in frames if not is_callers_hop(f[1])], ms))

    def run_it(self, *words):
        done = subprocess.run([PEAKRIG, "analyze", *words, "--quiet"], capture_output=True, text=True, timeout=60,
                              check=True, env=dict(os.environ, LC_ALL="C"))
        return done.stdout, done.stderr

    def capture(self, *words):
        return json.loads(self.run_it(*words, "--json")[0])["capture"]


class Told(Case):
    def test_two_taps(self):
        files = self.taps(busy())
        text, told = self.run_it(*files)
        self.assertIn(TOLD, told)
        self.assertIn("callers.pcap and ", told)
        self.assertIn("12 calls have legs in both, ", told)
        capture = self.capture(*files)
        self.assertEqual(capture["calls_untied"], 12)
        # those whose caller hangs up within a second of the answer
        self.assertGreaterEqual(capture["calls_untied_near"], 1)
        self.assertLess(capture["calls_untied_near"], 6)
        self.assertIn("not certain", text)
        self.assertGreaterEqual(capture["calls_open"], capture["calls_untied_near"])

    def test_bounds_hold_what_the_clocks_hide(self):
        frames = busy()
        whole = json.loads(self.run_it(self.file("whole.pcap", frames), "--json")[0])["stages"]
        for ms in (-900, -300, 250, 500, 950):
            found = json.loads(self.run_it(*self.taps(frames, ms), "--json")[0])["stages"]
            for is_, was in zip(found, whole):
                self.assertLessEqual(is_["least"] - 1e-9, was["p_lost_per_entrant"], (ms, is_))
                self.assertGreaterEqual(is_["most"] + 1e-9, was["p_lost_per_entrant"], (ms, is_))
        late = json.loads(self.run_it(*self.taps(frames, 500), "--json")[0])
        self.assertNotEqual([s["lost"] for s in late["stages"]], [s["lost"] for s in whole])

    def test_how_far(self):
        files = self.taps(busy())
        near = [self.capture(*files, "--clocks-apart-ms", str(ms))["calls_untied_near"] for ms in (1, 100, 1000, 9999)]
        self.assertEqual(near, sorted(near))
        self.assertEqual((near[0], near[-1]), (0, 12))
        self.assertIn("up to 0.100 s apart", self.run_it(*files, "--clocks-apart-ms", "100")[1])

    def test_farther_than_joins_reach(self):
        """No leg finds its call; hosts in both files tell that they see the same calls."""
        told = self.run_it(*self.taps(busy(), 20000))[1]
        self.assertIn(TOLD, told)

    def test_rotations_of_two_taps(self):
        frames = busy()
        names = []
        for which in (True, False):
            own = [f for f in frames if is_callers_hop(f[1]) == which]
            for k in range(3):
                part = own[len(own) * k // 3:len(own) * (k + 1) // 3]
                names.append(self.file(f"{which}-{k}.pcap", part))
        self.assertEqual(self.run_it(*names)[1].count(TOLD), 1)


class Silent(Case):
    def assert_silent(self, *words):
        told = self.run_it(*words)[1]
        self.assertNotIn(TOLD, told)
        capture = self.capture(*words)
        self.assertEqual(capture["calls_untied_near"], 0)

    def test_clocks_that_agree(self):
        self.assert_silent(*self.taps(busy()), "--clocks-apart-ms", "0")

    def test_one_file(self):
        self.assert_silent(self.file("whole.pcap", busy()))

    def test_interfaces_of_one_file(self):
        out = Pcapng("<")
        out.section()
        for _ in range(2):
            out.interface(1, 0, [(9, b"\x09")])
        for ns, data in busy():
            out.enhanced(ns, data, len(data), int(is_callers_hop(data)))
        path = os.path.join(self.folder.name, "tap.pcapng")
        with open(path, "wb") as file:
            file.write(out.data)
        self.assert_silent(path)

    def test_a_tap_for_each_direction(self):
        frames = busy()
        sent = [f for f in frames if f[1][26:30] == bytes(map(int, CENTRE[0].split(".")))]
        self.assert_silent(self.file("sent.pcap", sent), self.file("received.pcap", [f for f in frames if f not in sent]))

    def rotation(self, name, frames, n):
        return [self.file(f"{name}-{k}.pcap", frames[len(frames) * k // n:len(frames) * (k + 1) // n])
                for k in range(n)]

    def test_a_rotation(self):
        for n in (2, 7, 40):
            self.assert_silent(*reversed(self.rotation(n, busy(), n)))

    def test_taps_that_share_a_hop(self):
        """The agents' tap sees the callers' hop as well, a little later."""
        frames = busy()
        callers, _ = self.taps(frames)
        self.assert_silent(callers, self.file("both.pcap", frames, 0.3))

    def test_two_sites(self):
        own, other = busy(), Wire()
        for k in range(10):
            leg = Leg(other, f"there-{k}", f"55{k:02}", *ELSEWHERE)
            leg.invite(20 * k)
            leg.answer(20 * k + 1)
            leg.bye(20 * k + 3)
        self.assert_silent(self.file("here.pcap", own), self.file("there.pcap", frames_of(other)))
        for n in (2, 3, 7):
            here = self.rotation(f"here-{n}", own, n)
            self.assert_silent(*here, *self.rotation(f"there-{n}", frames_of(other), n))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
