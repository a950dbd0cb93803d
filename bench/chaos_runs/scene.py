# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of bench/chaos, within a namespace of its own, with what a fault needs to be injected."""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
SCENARIO = os.path.join(HERE, "chaos.cfg")
PATIENCE_S = 150
sys.path.insert(0, os.path.join(SOURCE, "tests/loopback"))
# pylint: disable=wrong-import-position
from left_behind import processes_of  # noqa: E402


class Scene:
    """@param folder  Of this fault alone; emptied first."""

    def __init__(self, peakrig, folder, tools, bases=None):
        self.peakrig, self.folder, self.tools, self.bases = peakrig, folder, tools, bases
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        self.out = os.path.join(folder, "run")
        self.words, self.env, self.before = [], dict(os.environ), []
        self.child = self.target = None
        self.stdout = self.stderr = ""
        self.code = None
        self.faulted = None
        self.foreign_text = None  # written into its capture by the fault
        self.cleanups = []

    # ---- before the run ----

    def wrap_sipp(self, role, **settings):
        """SIPp of one role ("callers", "agents", "both") with chaos_runs/shim.c under it."""
        path = os.path.join(self.folder, "sipp")
        is_ours = {"callers": '*" -oocsf "*agent.xml*) exec sipp "$@" ;; *" -oocsf "*',
                   "agents": '*agent.xml*', "both": "*.xml*"}[role]
        assign = " ".join(f"CHAOS_{key}={value}" for key, value in settings.items())
        with open(path, "w", encoding="utf-8") as file:
            file.write(f'#!/bin/sh\ncase " $* " in {is_ours})\n'
                       f'LD_PRELOAD={self.tools}/shim.so {assign} exec sipp "$@" ;;\nesac\nexec sipp "$@"\n')
        os.chmod(path, 0o755)
        self.words += ["--sipp", path]

    def shim_peakrig(self, **settings):
        self.env["LD_PRELOAD"] = os.path.join(self.tools, "shim.so")
        self.env |= {f"CHAOS_{key}": str(value) for key, value in settings.items()}

    def start_target(self, agents_port, *words, agents_host="127.0.0.1", before=()):
        """A call centre that is not embedded: behind a relay, say. @return its address."""
        self.target = subprocess.Popen(
            [*before, self.peakrig, "target", SCENARIO, "--any-port", "--agents-host", agents_host, "--agents-port",
             str(agents_port), *words], cwd=self.folder, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        for line in self.target.stdout:
            if line.startswith("ready "):
                return line.split()[1], int(line.split()[2])
        raise RuntimeError("the target did not start")

    def at(self, address, agents_port, agents_host="127.0.0.1"):
        """Call a centre that is not embedded."""
        self.words += ["--target", "%s:%d" % address, "--set", "target.scalable=true", "--set",
                       f'target.agents_listen="{agents_host}:{agents_port}"']

    # ---- the run ----

    def start(self, *words, stdout=subprocess.PIPE, stderr=None, preexec=None, quiet=True):
        self.err_path = os.path.join(self.folder, "stderr.txt")
        with open(self.err_path, "w", encoding="utf-8") as err:
            self.child = subprocess.Popen(
                [*self.before, self.peakrig, "run", SCENARIO, "--out", self.out, *(["--quiet"] if quiet else []),
                 *self.words, *words], cwd=self.folder, text=True, env=self.env, stdin=subprocess.DEVNULL,
                stdout=stdout, stderr=err if stderr is None else stderr, preexec_fn=preexec)

    def finish(self):
        try:
            self.stdout = self.child.communicate(timeout=PATIENCE_S)[0] or ""
            self.code = self.child.returncode
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.stdout = (self.child.communicate()[0] or "") + f"\nHUNG: not over after {PATIENCE_S} s"
            self.code = -1
        self.ended = time.monotonic()
        with open(self.err_path, encoding="utf-8", errors="replace") as file:
            self.stderr = file.read()

    def run(self, *words):
        self.start(*words)
        self.finish()

    def diff(self, *words):
        """`peakrig diff` of the run: its result takes the run's place."""
        done = subprocess.run([self.peakrig, "diff", self.out, "--quiet", *words], text=True, cwd=self.folder,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=PATIENCE_S)
        self.code, self.stdout, self.stderr = done.returncode, done.stdout, done.stderr

    # ---- within the run ----

    def processes(self):
        """{pid: words} of those of the run."""
        return processes_of(self.folder + "/")

    def pid_of(self, role):
        pattern = {"agents": r"agent\.xml", "callers": r"caller\.xml", "centre": r"(peakrig|/proc/self/exe) target ",
                   "peakrig": r"peakrig run "}[role]
        until = time.monotonic() + 30
        while time.monotonic() < until:
            for pid, words in self.processes().items():
                if re.search(pattern, words):
                    return pid
            time.sleep(0.02)
        raise RuntimeError(f"{role}: no such process: {self.tail()}")

    def tail(self):
        with open(self.err_path, encoding="utf-8", errors="replace") as file:
            return file.read()[-300:]

    def wait_for_calls(self, n=20):
        """Until SIPp has said of so many calls how they ended."""
        path = os.path.join(self.out, "logs/callers0.log")
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if self.child.poll() is not None:
                raise RuntimeError("the run was over before its calls: " + self.tail())
            if os.path.exists(path):
                with open(path, encoding="utf-8") as file:
                    if file.read().count("\n") >= n:
                        self.faulted = time.monotonic()
                        return
            time.sleep(0.02)
        raise RuntimeError("no calls are over")

    def ports(self):
        """Of the run's processes: {"callers": .., "agents": .., "centre": ..}."""
        found = {}
        for role, option in [("agents", "-p"), ("callers", "-p")]:
            with open(f"/proc/{self.pid_of(role)}/cmdline", "rb") as file:
                words = file.read().decode().split("\0")
            found[role] = int(words[words.index(option) + 1])
            if role == "callers":
                found["centre"] = next(int(w.rsplit(":", 1)[1]) for w in words if re.fullmatch(r"127\.0\.0\.1:\d+", w))
        return found

    def signal(self, role, number, for_s=None):
        pid = self.pid_of(role)
        os.kill(pid, number)
        if for_s is not None:
            time.sleep(for_s)
            os.kill(pid, signal.SIGCONT)

    # ---- without a run ----

    def base(self, name="base"):
        return self.bases.get(name)

    def take_base(self):
        """A copy of a good run, whose verdict is to be made anew."""
        shutil.copytree(self.base(), self.out)
        for name in ("result.json", "junit.xml", "report.html"):
            os.remove(os.path.join(self.out, name))

    def base_ports(self):
        with open(os.path.join(self.out, "play.json"), encoding="utf-8") as file:
            play = json.load(file)
        return {"centre": int(play["target"].rsplit(":", 1)[1]), "agents": play["agents_port"],
                "callers": play["callers"][0]["port"]}

    # ---- behind it ----

    def has(self, name):
        return os.path.exists(os.path.join(self.out, name))

    def result(self):
        path = os.path.join(self.out, "result.json")
        if not os.path.exists(path):
            return None
        with open(path, encoding="utf-8") as file:
            return json.load(file)

    def left_over(self):
        """Files half-written, processes that are left."""
        parts = [name for _, _, names in os.walk(self.out) for name in names if ".part-" in name]
        until = time.monotonic() + 2  # what was just ended takes a moment, and has no words then
        own = self.target.pid if self.target is not None else None  # of the bench, until it is closed
        while set(self.processes()) - {own} and time.monotonic() < until:
            time.sleep(0.1)
        return parts, [words for pid, words in self.processes().items() if words.strip() and pid != own]

    def close(self):
        for clean in reversed(self.cleanups):
            clean()
        if self.target is not None:
            self.target.terminate()
            self.target.communicate()
        for pid in self.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass


def sh(*words):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)


class Bases:
    """Good runs, played once: what altered captures are made of."""
    WORDS = {"base": (), "other": (), "seed": ("--set", "seed=4L")}

    def __init__(self, peakrig, folder, tools):
        self.peakrig, self.folder, self.tools = peakrig, folder, tools

    def get(self, name):
        """The run's folder; played when it is not there."""
        folder = os.path.join(self.folder, name)
        for _ in range(6):
            if os.path.exists(os.path.join(folder, "good")):
                return os.path.join(folder, "run")
            scene = Scene(self.peakrig, folder, self.tools)
            scene.run("--no-early-stop", *self.WORDS[name])
            if scene.code == 0:
                open(os.path.join(folder, "good"), "w", encoding="utf-8").close()
        raise RuntimeError(f"no good run: {scene.stdout[-300:]}{scene.stderr[-300:]}")
