# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of bench/all about reading captures, and about the embedded call centre's memory."""
import os
import re
import shutil
import subprocess

from all_rows.measure import CannotRun, ratio, run_once

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def big_capture(bench):
    path = os.path.join(bench.folder, "peak.pcap")
    if not os.path.exists(path):
        run_once([os.path.join(bench.build, "bench/make_capture"), path])
    return path


def against_tcpdump(bench, capture, cores):
    if shutil.which("tcpdump") is None:
        raise CannotRun("tcpdump is not installed")
    calls = os.path.join(bench.folder, "calls.csv")
    got = ratio([os.path.join(bench.build, "cli/peakrig"), "analyze", capture, "--calls", calls],
                ["tcpdump", "-r", capture, "-w", "/dev/null"], bench.n_pairs, "wall", cores)
    return got["ratio"], f"{got['ours']:.2f} s / {got['other']:.2f} s"


def udp_one_core(bench):
    return against_tcpdump(bench, big_capture(bench), 1)


def udp_two_cores(bench):
    return against_tcpdump(bench, big_capture(bench), 2)


def no_such_capture(_):
    raise CannotRun("bench/make_capture writes UDP over pcap alone as yet")


def no_rtp(_):
    raise CannotRun("bench/make_capture writes no RTP as yet")


def no_open_calls(_):
    raise CannotRun("bench/make_capture does not leave calls open as yet")


def centre_memory(bench):
    done = subprocess.run([os.path.join(HERE, "carry"), os.path.join(bench.build, "cli/peakrig")], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    found = [re.search(words + r" +([0-9.]+)", done.stdout) for words in ("memory, MB", "calls a second on the wire")]
    if None in found:
        raise CannotRun(f"bench/carry: exit code {done.returncode}: {done.stderr.strip()[-200:]}")
    memory_mb, calls_per_s = (float(match[1]) for match in found)
    return memory_mb / calls_per_s, f"{memory_mb:.0f} MB / {calls_per_s:.0f} calls/s"
