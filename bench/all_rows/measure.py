# SPDX-License-Identifier: GPL-3.0-or-later
"""Two commands in turn, and the ratio of what they take, pair by pair."""
import os
import statistics
import subprocess
import tempfile
import time


class CannotRun(Exception):
    """A row that has no figure here; the text says why."""


def run_once(command, cores=None):
    """Wall seconds, processor seconds, greatest resident memory (MB) and output of a program."""
    def pin():
        if cores is not None:
            os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])

    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as problems:
        began = time.monotonic()
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=problems, preexec_fn=pin)
        _, status, usage = os.wait4(child.pid, 0)
        wall_s = time.monotonic() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        problems.seek(0)
        if child.returncode not in (0, 1):
            raise CannotRun(f"{' '.join(command[:3])}: exit code {child.returncode}: {problems.read().strip()[-200:]}")
        out.seek(0)
        return {"wall": wall_s, "cpu": usage.ru_utime + usage.ru_stime, "memory": usage.ru_maxrss / 1024.0,
                "text": out.read()}


def ratio(ours, other, n_pairs, what="cpu", cores=None):
    """Medians of both, and the median of ours / other over the pairs; the outputs of the last pair."""
    pairs = []
    for _ in range(n_pairs):
        pairs.append((run_once(ours, cores), run_once(other, cores)))
    return {"ours": statistics.median(a[what] for a, _ in pairs),
            "other": statistics.median(b[what] for _, b in pairs),
            "ratio": statistics.median(a[what] / b[what] for a, b in pairs),
            "texts": (pairs[-1][0]["text"], pairs[-1][1]["text"])}
