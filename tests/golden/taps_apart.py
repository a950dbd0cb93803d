#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metamorphic test: two taps that each see whole hops, of which no request has its answer at the other.

The scenes are those of clocks_apart.py, and fixtures. The hops are dealt to two files, and all that one of them holds
is stamped up to a second earlier or later. Each call keeps its outcome, or a warning says that the clocks of the two
cannot be compared, and the bounds hold the losses of the capture as it was.

Usage: taps_apart.py PEAKRIG SOURCE_DIR [FIRST_SEED COUNT]
"""
import glob
import os
import random
import re
import struct
import subprocess
import sys
import tempfile

SHIFTS_MS = (0, 0.3, 1, 20, 100, 300, 600, 950)
N_VARIANTS = 160
TOLD = "their clocks cannot be compared"


def fixture_frames(path):
    """The frames of a fixture, if all are UDP over IPv4 in Ethernet; and its rules."""
    with open(path, "rb") as file:
        data = file.read()
    frames, at = [], 24
    if struct.unpack_from("<I", data)[0] != 0xA1B23C4D:
        return [], None
    while at < len(data):
        s, ns, caplen, _ = struct.unpack_from("<IIII", data, at)
        frame = data[at + 16:at + 16 + caplen]
        if frame[12:15] != b"\x08\x00\x45":
            return [], None
        ends = [(".".join(map(str, frame[i:i + 4])), 0) for i in (26, 30)]
        frames.append(clocks.Frame(s * 10**9 + ns, frame, *ends))
        at += 16 + caplen
    with open(path.replace(".pcap", ".expected.csv"), encoding="utf-8") as file:
        rules = re.search(r"^# rules: (.*)$", file.read(), re.M)
    return frames, rules and os.path.join(SOURCE, rules[1].strip())


def draw(seed, fixtures):
    """-> frames, rules, what they are, the seed's random numbers"""
    rng = random.Random(seed)
    if rng.random() < 0.5:
        path = rng.choice(fixtures)
        return *fixture_frames(path), os.path.basename(path), rng
    carrier = clocks.Carrier(rng)
    for ns, text, source, destination in edges.draw(rng, clocks.EDGE_S):
        carrier.send(ns, text, source, destination)
    return carrier.frames, None, str(carrier), rng


def deal(frames, rng):
    """-> frames of the one tap, of the other"""
    hops = sorted({tuple(sorted((f.source[0], f.destination[0]))) for f in frames})
    if len(hops) < 2:
        return [], []
    other = {hop for hop in hops if rng.random() < 0.5} or {hops[-1]}
    ns = int(rng.choice(SHIFTS_MS) * rng.choice([-1, 1]) * 1e6)
    taps = [], []
    for f in frames:
        is_other = tuple(sorted((f.source[0], f.destination[0]))) in other
        taps[is_other].append(f._replace(ns=f.ns + ns) if is_other else f)
    return taps


def analyze(folder, captures, rules):
    """-> rows, text, warnings, as clocks_apart.py has them"""
    paths = []
    for k, frames in enumerate(captures):
        paths.append(os.path.join(folder, f"tap-{k}.pcap"))
        with open(paths[-1], "wb") as file:
            file.write(clocks.plain_file(frames))
    return clocks.analyze_paths(folder, paths, ["--rules", rules] if rules else [])


def main():
    fixtures = sorted(glob.glob(os.path.join(SOURCE, "tests", "fixtures", "*.pcap")))
    seeds = range(1, 1 + N_VARIANTS)
    if len(sys.argv) > 3:
        seeds = range(int(sys.argv[3]), int(sys.argv[3]) + int(sys.argv[4]))
    n_tried = n_wrong = n_open = n_told = 0
    with tempfile.TemporaryDirectory(prefix="peakrig-taps-") as folder:
        for seed in seeds:
            frames, rules, which, rng = draw(seed, fixtures)
            taps = deal(frames, rng)
            if not taps[0] or not taps[1]:
                continue
            try:
                truth = analyze(folder, [frames], rules)
                got = analyze(folder, taps, rules)
            except subprocess.CalledProcessError as error:
                sys.exit(f"seed {seed} ({which}): {error.stderr}")
            n_tried += 1
            n_open += truth[0] != got[0]
            n_told += TOLD in got[2]
            wrong = clocks.what_is_wrong(truth, got)
            if wrong is not None:
                n_wrong += 1
                print(f"seed {seed} ({which}): {wrong}", flush=True)
    print(f"{n_tried} variants: {n_told} told of, {n_open} with other outcomes, "
          f"{n_wrong} of them neither right nor within bounds")
    # were none told of, or none other than they were, nothing was tried
    return 1 if n_wrong > 0 or (len(seeds) >= N_VARIANTS and min(n_open, n_told) == 0) else 0


def set_up(source):
    """What the other functions need; the folders of fixtures and of this file are in sys.path."""
    global SOURCE, edges, clocks
    import clock_edges as edges
    import clocks_apart as clocks
    SOURCE = source


if __name__ == "__main__":
    sys.path.insert(0, os.path.join(sys.argv[2], "tests", "fixtures"))
    sys.path.insert(0, os.path.join(sys.argv[2], "tests", "golden"))
    set_up(sys.argv[2])
    clocks.set_up(sys.argv[1])
    sys.exit(main())
