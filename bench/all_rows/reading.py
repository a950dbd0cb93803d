# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of bench/all about reading captures, and about the embedded call centre's memory."""
import os
import re
import shutil
import subprocess

from all_rows import captures
from all_rows.measure import CannotRun, ratio, run_once

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


# Calls of the captures that are made of make_capture's by a script, so that it does not take longer than the bench.
FEWER_CALLS = 20000


def against_tcpdump(bench, capture, cores):
    if shutil.which("tcpdump") is None:
        raise CannotRun("tcpdump is not installed")
    calls = os.path.join(bench.folder, "calls.csv")
    got = ratio([os.path.join(bench.build, "cli/peakrig"), "analyze", capture, "--calls", calls],
                ["tcpdump", "-r", capture, "-w", "/dev/null"], bench.n_pairs, "wall", cores)
    return got["ratio"], f"{got['ours']:.2f} s / {got['other']:.2f} s, {os.path.getsize(capture) / 1e6:.0f} MB"


def udp_one_core(bench):
    return against_tcpdump(bench, captures.plain(bench), 1)


def udp_two_cores(bench):
    return against_tcpdump(bench, captures.plain(bench), 2)


def tcp(bench):
    return against_tcpdump(bench, captures.made(bench, "tcp.pcap", captures.over_tcp, FEWER_CALLS), 1)


def doubled(bench):
    return against_tcpdump(bench, captures.made(bench, "doubled.pcap", captures.doubled, FEWER_CALLS), 1)


def pcapng(bench):
    return against_tcpdump(bench, captures.as_pcapng(bench), 1)


def rtp(bench):
    return against_tcpdump(bench, captures.made(bench, "rtp.pcap", captures.with_rtp, FEWER_CALLS // 4), 1)


def open_calls(bench):
    """Memory of half as many calls is taken off: what is left is that of the others. All are reported."""
    memory_mb, n_reported = [], []
    for n_calls in (53500, 26750):
        capture = captures.made(bench, f"open-{n_calls}.pcap", captures.still_open, n_calls)
        calls = os.path.join(bench.folder, "open.csv")
        memory_mb.append(run_once([os.path.join(bench.build, "cli/peakrig"), "analyze", capture, "--calls",
                                   calls])["memory"])
        with open(calls, encoding="utf-8") as file:
            n_reported.append(sum(1 for line in file if not line.startswith("#")) - 1)
        os.remove(capture)
    n = n_reported[0] - n_reported[1]
    return 1048576.0 * (memory_mb[0] - memory_mb[1]) / n, (
        f"{memory_mb[0]:.0f} MB / {n_reported[0]} calls, {memory_mb[1]:.0f} MB / {n_reported[1]} calls")


def centre_memory(bench):
    done = subprocess.run([os.path.join(HERE, "carry"), os.path.join(bench.build, "cli/peakrig")], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    found = [re.search(words + r" +([0-9.]+)", done.stdout) for words in ("memory, MB", "calls a second on the wire")]
    if None in found:
        raise CannotRun(f"bench/carry: exit code {done.returncode}: {done.stderr.strip()[-200:]}")
    memory_mb, calls_per_s = (float(match[1]) for match in found)
    return memory_mb / calls_per_s, f"{memory_mb:.0f} MB / {calls_per_s:.0f} calls/s"
