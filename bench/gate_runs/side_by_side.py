# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs side by side, each in a network namespace of its own, as many as the processors bear."""
import os
import subprocess
import threading

# Share of a processor that a run takes while it plays, and how long it takes, s (both measured; judging is in it).
LOADS = {1: (0.10, 115), 6: (0.20, 90), 15: (0.45, 35), 60: (0.80, 20)}


def load_of(case):
    return LOADS[case.scale][0]


def longest_first(wanted):
    """Keys of runs in the order in which they are begun. @param wanted  {key: (case, seed)}."""
    return sorted(wanted, key=lambda key: -LOADS[wanted[key][0].scale][1])


class Namespaces:
    """Some network namespaces with nothing but a loopback device. Made and removed here; needs root."""

    def __init__(self, n):
        self.names = []
        try:
            for i in range(n):
                name = f"peakrig-gate-{os.getpid()}-{i}"
                self.call("netns", "add", name)
                self.names.append(name)
                self.call("-n", name, "link", "set", "lo", "up")
        except BaseException:
            self.remove()
            raise
        self.free = list(self.names)

    @staticmethod
    def call(*words):
        done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise OSError(f"ip {' '.join(words)}: {done.stderr.strip()}")

    def remove(self):
        for name in self.names:
            subprocess.run(["ip", "netns", "delete", name], capture_output=True, check=False)
        self.names = []


class Room:
    """What the processors bear: a run takes its load and a namespace while it plays.

    @param cores       Sum of the loads that play at the same time.
    @param namespaces  Or None: all runs play in this one, one after another.
    """

    def __init__(self, cores, namespaces):
        self.cores, self.namespaces = cores, namespaces
        self.used, self.n_running = 0.0, 0
        self.changed = threading.Condition()

    def fits(self, load):
        if self.n_running == 0:
            return True
        return self.namespaces is not None and bool(self.namespaces.free) and self.used + load <= self.cores + 1e-9

    def enter(self, load):
        """@return the words before the program's that make it play there."""
        with self.changed:
            self.changed.wait_for(lambda: self.fits(load))
            self.used, self.n_running = self.used + load, self.n_running + 1
            return ["ip", "netns", "exec", self.namespaces.free.pop()] if self.namespaces else []

    def leave(self, load, words):
        with self.changed:
            self.used, self.n_running = self.used - load, self.n_running - 1
            if words:
                self.namespaces.free.append(words[-1])
            self.changed.notify_all()
