#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metamorphic test: captures that begin or end in the middle of calls, or lack some seconds.

The scenes are those of taps_apart.py: drawn ones, and fixtures. Of a capture the beginning, the end, both, or some
seconds in the middle are taken away at random. A call whose INVITE is left keeps its outcome or is in progress, none
is new; or bounds tell that calls are not certain. What no message betrays (a refusal that falls into the gap whole)
cannot be told: so few may be wrong.

Usage: cut_anywhere.py PEAKRIG SOURCE_DIR [FIRST_SEED COUNT]
"""
import csv
import glob
import os
import random
import subprocess
import sys
import tempfile
from decimal import Decimal

N_VARIANTS = 240
MOST_WRONG = 0.06  # 8 of 216 are
GAPS_S = (0.5, 1, 3, 5, 10)


def cut(frames, rng):
    """-> (what stays, by its time; frames; in words)"""
    first, last = sorted(rng.choice(frames).ns - 1 for _ in range(2))
    how = rng.choice(("beginning", "end", "both", "gap"))
    until = first + int(rng.choice(GAPS_S) * 1e9)
    stays = {"beginning": lambda ns: ns > first, "end": lambda ns: ns <= last,
             "both": lambda ns: first < ns <= last, "gap": lambda ns: not first < ns <= until}[how]
    return stays, [f for f in frames if stays(f.ns)], how


def analyze(folder, frames, rules):
    """-> {Call-ID: [(ns of the INVITE, outcome)]}, text, warnings"""
    path, calls = os.path.join(folder, "cut.pcap"), os.path.join(folder, "calls.csv")
    with open(path, "wb") as file:
        file.write(clocks.plain_file(frames))
    done = subprocess.run([PEAKRIG, "analyze", path, "--calls", calls, "--quiet", *(["--rules", rules] if rules else [])],
                          capture_output=True, text=True, timeout=60, check=True, env=dict(os.environ, LC_ALL="C"))
    found = {}
    with open(calls, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            ns = int(Decimal(row["t_invite_s"]) * 10**9)
            found.setdefault(row["call_id"], []).append((ns, row["outcome"]))
    return found, done.stdout, done.stderr


def differences(truth, got, stays):
    """Calls that are not as they were, nor in progress: (Call-ID, was, is)."""
    wrong = []
    for call_id in set(truth) | set(got):
        rest = list(got.get(call_id, []))
        for ns, was in truth.get(call_id, []):
            if not stays(ns):
                continue
            now = next((call for call in rest if call[0] == ns), None)
            if now is not None:
                rest.remove(now)
            if now is None or now[1] not in (was, "in_progress"):
                wrong.append((call_id, was, now and now[1]))
        wrong += [(call_id, None, outcome) for _, outcome in rest]
    return wrong


def main():
    fixtures = sorted(glob.glob(os.path.join(SOURCE, "tests", "fixtures", "*.pcap")))
    seeds = range(1, 1 + N_VARIANTS)
    if len(sys.argv) > 3:
        seeds = range(int(sys.argv[3]), int(sys.argv[3]) + int(sys.argv[4]))
    n_tried = n_other = 0
    wrong = []
    with tempfile.TemporaryDirectory(prefix="peakrig-cut-") as folder:
        for seed in seeds:
            frames, rules, which, rng = taps.draw(seed, fixtures)
            if not frames:
                continue
            stays, rest, how = cut(frames, rng)
            if not rest:
                continue
            n_tried += 1
            truth = analyze(folder, frames, rules)
            got = analyze(folder, rest, rules)
            differ = differences(truth[0], got[0], stays)
            n_other += bool(differ)
            if differ and "bounds, if" not in got[1]:
                wrong.append(f"seed {seed} ({which}, {how}): {differ}")
    print("\n".join(wrong))
    print(f"{n_tried} variants: {n_other} with other outcomes, {len(wrong)} of them without bounds")
    return 1 if len(wrong) > MOST_WRONG * n_tried or (len(seeds) >= N_VARIANTS and n_other == 0) else 0


if __name__ == "__main__":
    PEAKRIG, SOURCE = sys.argv[1:3]
    sys.path.insert(0, os.path.join(SOURCE, "tests", "fixtures"))
    sys.path.insert(0, os.path.join(SOURCE, "tests", "golden"))
    import clocks_apart as clocks
    import taps_apart as taps

    clocks.set_up(PEAKRIG)
    taps.set_up(SOURCE)
    sys.exit(main())
