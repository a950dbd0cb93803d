#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metamorphic test: calls near the edges of the analyzer's windows of time, under clocks that are apart.

Scenes are drawn by seeds: two callers under one Call-ID, attempts, further Call-IDs after a challenge, agents' legs
of calls that are just over, hops, transfers, forks, calls without a response. Each is carried by UDP, TCP, SCTP or
WebSocket over IPv4 or IPv6. Then what one address sends or receives is stamped up to half a second earlier or later;
or the packets lie on several interfaces of a pcapng file, each with its own clock, resolution and offset, and are
written in bursts. Each call keeps its outcome, or a warning or a line of bounds says that calls are not certain, and
the bounds hold the losses of the capture that was not changed. Never silence.

Usage: clocks_apart.py PEAKRIG SOURCE_DIR [FIRST_SEED COUNT]
"""
import collections
import csv
import os
import random
import re
import struct
import subprocess
import sys
import tempfile

STAGES = ("trunk", "ivr", "queue", "agent")
SHIFTS_MS = (0.1, 0.3, 1, 2, 5, 10, 20, 30, 50, 100, 200, 350, 500)
EDGE_S = 0.6  # scenes lie so near to the edge of a window, on either side
N_VARIANTS = 120
FOUND = (1298, 3036, 3203, 3395)  # seeds that have shown faults of their own
ACK = 16  # TCP

Frame = collections.namedtuple("Frame", "ns data source destination")


# ---- how messages travel


def websocket(text, is_masked):
    """A text frame of RFC 6455."""
    mask = 0x80 if is_masked else 0
    size = bytes([mask | len(text)]) if len(text) < 126 else bytes([mask | 126]) + struct.pack("!H", len(text))
    if is_masked:
        key = b"\x37\xfa\x21\x3d"
        size += key
        text = bytes(byte ^ key[i % 4] for i, byte in enumerate(text))
    return b"\x81" + size + text


class Carrier:
    """Messages in the order of their times -> frames."""

    def __init__(self, rng):
        self.kind = rng.choice(["udp", "tcp", "tcp", "sctp", "websocket"])
        self.is_v6 = rng.random() < 0.5
        self.piece = rng.choice([0, 0, 200, 400])
        self.has_handshake = rng.random() < 0.7
        self.has_acks = rng.random() < 0.5
        self.isn = rng.choice([1000, 2**32 - 300])
        self.next, self.tags = {}, {}
        self.frames = []

    def __str__(self):
        return f"{self.kind} over IPv{6 if self.is_v6 else 4}, pieces of {self.piece or 'any'} bytes"

    def put(self, ns, payload, source, destination, protocol):
        packet = (layerwire.ipv6(payload, source[0], destination[0], protocol) if self.is_v6 else
                  sipwire.ipv4(payload, source[0], destination[0], protocol=protocol))
        self.frames.append(Frame(ns, layerwire.ether(packet), source, destination))

    def pieces(self, data):
        size = self.piece or len(data)
        return [data[i:i + size] for i in range(0, len(data), size)]

    def segment(self, ns, source, destination, data=b"", flags=ACK):
        seq, ack = self.next[source, destination], self.next[destination, source]
        self.put(ns, layerwire.tcp(data, source[1], destination[1], seq, ack, flags), source, destination, 6)
        self.next[source, destination] = (seq + len(data) + (flags & layerwire.SYN != 0)) % 2**32

    def open(self, ns, source, destination):
        self.next[source, destination], self.next[destination, source] = self.isn, self.isn + 7
        if self.has_handshake:
            self.segment(ns - 3000000, source, destination, flags=layerwire.SYN)
            self.segment(ns - 2000000, destination, source, flags=layerwire.SYN | layerwire.ACK)
            self.segment(ns - 1000000, source, destination)

    def send_sctp(self, ns, text, source, destination):
        tag = self.tags.setdefault((source, destination), 0xABCD + len(self.tags))
        tsn = self.next.get((source, destination), 1)
        parts = self.pieces(text)
        for k, part in enumerate(parts):
            flags = (2 if k == 0 else 0) | (1 if k == len(parts) - 1 else 0)
            chunk = layerwire.data_chunk(part, tsn + k, flags)
            self.put(ns + 1000 * k, layerwire.sctp([chunk], source[1], destination[1], tag), source, destination, 132)
        self.next[source, destination] = tsn + len(parts)

    def send(self, ns, text, source, destination):
        if self.kind == "udp":
            self.put(ns, sipwire.udp(text, source[1], destination[1]), source, destination, 17)
        elif self.kind == "sctp":
            self.send_sctp(ns, text, source, destination)
        else:
            if (source, destination) not in self.next:
                self.open(ns, source, destination)
            data = websocket(text, source < destination) if self.kind == "websocket" else text
            for k, part in enumerate(self.pieces(data)):
                self.segment(ns + 1000 * k, source, destination, part)
            if self.has_acks:
                self.segment(ns + 200000, destination, source)


# ---- clocks and files


def shifted(frames, rng):
    """What an address sends or receives, or all of one direction, is stamped earlier or later."""
    places = sorted({f.source[0] for f in frames} | {f.destination[0] for f in frames})
    way, place = rng.choice(["sent by", "received by", "one direction", None]), rng.choice(places)
    ms = rng.choice(SHIFTS_MS) * rng.choice([-1, 1])
    if way is None:
        return frames, "no shift"
    def is_hit(f):
        return {"sent by": f.source[0] == place, "received by": f.destination[0] == place}.get(
            way, f.source < f.destination)
    return ([f._replace(ns=f.ns + int(ms * 1e6)) if is_hit(f) else f for f in frames],
            f"{ms} ms, {way}{' ' + place if way != 'one direction' else ''}")


def plain_file(frames):
    data = struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, 1)
    for f in sorted(frames, key=lambda f: f.ns):
        data += struct.pack("<IIII", f.ns // 10**9, f.ns % 10**9, len(f.data), len(f.data)) + f.data
    return data


def several_interfaces(frames, rng):
    """A pcapng file; of each hop the two directions are on interfaces of their own: what is not tied so to the
    others (a tap that sees both directions of a hop) may have any clock, and nothing would show it."""
    n = rng.choice([2, 3])
    clocks = [int(rng.choice(SHIFTS_MS) * rng.choice([-1, 0, 1]) * 1e6) for _ in range(n)]
    units = [rng.choice([(b"\x06", 10**6), (b"\x09", 10**9), (b"\x9e", 2**30)]) for _ in range(n)]
    offsets = [rng.choice([0, sipwire.EPOCH_S]) for _ in range(n)]
    burst_ns = rng.choice([0, 5, 100, 250]) * 10**6
    out = layerwire.Pcapng(rng.choice("<>"))
    out.section()
    for k in range(n):
        out.interface(1, 0, [(9, units[k][0]), (14, struct.pack(out.order + "q", offsets[k]))])
    places, rows = {}, []
    for f in sorted(frames, key=lambda f: f.ns):
        forward = places.setdefault(f.destination[0], rng.randrange(1, n))
        k = forward if f.source < f.destination else 0
        rows.append((f.ns + clocks[k], k, f))
    rows.sort(key=lambda row: (row[0] // burst_ns, row[1], row[0]) if burst_ns else row[0])
    for ns, k, f in rows:
        out.enhanced((ns - offsets[k] * 10**9) * units[k][1] // 10**9, f.data, len(f.data), k)
    return out.data, f"{n} interfaces, clocks {[c / 1e6 for c in clocks]} ms, bursts of {burst_ns / 1e6:g} ms"


# ---- what is found


def analyze(folder, name, data):
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(data)
    return analyze_paths(folder, [path], [])


def analyze_paths(folder, paths, options):
    """-> rows by Call-ID and which of that, text, warnings"""
    calls = os.path.join(folder, "calls.csv")
    done = subprocess.run([PEAKRIG, "analyze", *paths, "--calls", calls, "--quiet", *options], capture_output=True,
                          text=True, timeout=60, check=True, env=dict(os.environ, LC_ALL="C"))
    rows, seen = {}, collections.Counter()
    with open(calls, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            rows[row["call_id"], seen[row["call_id"]]] = row["outcome"]
            seen[row["call_id"]] += 1
    return rows, done.stdout, done.stderr


def losses(text):
    """-> lost of those who entered, in percent, by stage"""
    table = re.findall(r"^(trunk|ivr|queue|agent) +\| +(\d+) \| +(\d+) ", text, re.M)
    return {stage: 100.0 * int(lost) / int(entered) if int(entered) else 0.0 for stage, entered, lost in table}


def bounds(text):
    """The widest: the first block is of the calls that are not certain, a second one of those by clocks, too."""
    found = {}
    for stage, low, high in re.findall(r"^(trunk|ivr|queue|agent) +([\d.]+) % \.\. +([\d.]+) %", text, re.M):
        was = found.get(stage, (100.0, 0.0))
        found[stage] = (min(was[0], float(low)), max(was[1], float(high)))
    return found


def what_is_wrong(truth, got):
    """-> None, or what was said of a wrong call"""
    differ = {key for key in set(truth[0]) | set(got[0]) if truth[0].get(key) != got[0].get(key)}
    if not differ:
        return None
    said, true = bounds(got[1]), losses(truth[1])
    which = {key: (truth[0].get(key), got[0].get(key)) for key in sorted(differ)}
    if not said:
        return f"{'warned of, but no bounds' if got[2] else 'SILENCE'}: {which}"
    for stage in STAGES:
        if not said[stage][0] - 0.006 <= true[stage] <= said[stage][1] + 0.006:
            return f"{true[stage]:.2f} % at {stage} is not in {said[stage]}: {which}"
    return None


def variant(seed, folder):
    """-> what is wrong, whether a call differs, description"""
    rng = random.Random(seed)
    carrier = Carrier(rng)
    for ns, text, source, destination in edges.draw(rng, EDGE_S):
        carrier.send(ns, text, source, destination)
    truth = analyze(folder, "truth.pcap", plain_file(carrier.frames))
    if not truth[0]:
        return "no call was found in the capture as it was", False, str(carrier)
    frames, how = shifted(carrier.frames, rng)
    if rng.random() < 0.5:
        got = analyze(folder, "changed.pcap", plain_file(frames))
    else:
        data, files = several_interfaces(frames, rng)
        how += "; " + files
        got = analyze(folder, "changed.pcapng", data)
    return what_is_wrong(truth, got), truth[0] != got[0], f"{carrier}; {how}"


def main():
    seeds = [*range(1, 1 + N_VARIANTS), *FOUND]
    if len(sys.argv) > 3:
        first, count = (int(word) for word in sys.argv[3:5])
        seeds = range(first, first + count)
    n_wrong = n_open = 0
    with tempfile.TemporaryDirectory(prefix="peakrig-clocks-") as folder:
        for seed in seeds:
            wrong, is_open, how = variant(seed, folder)
            n_open += is_open
            if wrong is not None:
                n_wrong += 1
                print(f"seed {seed} ({how}): {wrong}", flush=True)
    print(f"{len(seeds)} variants: {n_open} with other outcomes, {n_wrong} of them neither right nor within bounds")
    # were none other than they were, nothing was tried
    return 1 if n_wrong > 0 or (len(seeds) >= N_VARIANTS and n_open == 0) else 0


def set_up(program):
    """What the other functions need; the folders of fixtures and of this file are in sys.path."""
    global PEAKRIG, edges, layerwire, sipwire
    import clock_edges as edges
    import layerwire
    import sipwire
    PEAKRIG = program


if __name__ == "__main__":
    sys.path.insert(0, os.path.join(sys.argv[2], "tests", "fixtures"))
    sys.path.insert(0, os.path.join(sys.argv[2], "tests", "golden"))
    set_up(sys.argv[1])
    sys.exit(main())
