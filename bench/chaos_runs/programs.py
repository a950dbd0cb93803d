# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs of ours that stop, die, or are in each other's way."""
import os
import signal
import socket
import time

from chaos_runs.fault import NOTHING_SAID, PASSES, WELL, fault

WHO = {"agents": r"our agents' SIPp", "callers": r"our callers' SIPp", "centre": r"the embedded call centre"}


def stopped(role, for_s):
    def inject(scene):
        scene.start()
        scene.wait_for_calls()
        scene.signal(role, signal.SIGSTOP, for_s)
        scene.finish()
    fault(f"{role}: stopped for {for_s} s", "programs", WHO[role] + r" .*was stopped")(inject)


def killed(role, number):
    def inject(scene):
        scene.start()
        scene.wait_for_calls()
        scene.signal(role, number)
        scene.finish()
    how = r"ended by itself" if role != "centre" else r"died in mid-run|ended in mid-run"
    fault(f"{role}: {number.name}", "programs", f"{WHO[role]}.*({how})", within_s=15)(inject)


for _role in WHO:
    for _for_s in (0.3, 1, 3):
        stopped(_role, _for_s)
    for _number in (signal.SIGTERM, signal.SIGKILL, signal.SIGINT, signal.SIGSEGV):
        killed(_role, _number)


def remove_group(group):
    """The kernel keeps one for a moment whose process has just ended."""
    until = time.monotonic() + 10
    while True:
        try:
            return os.rmdir(group)
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def own_memory_group(scene):
    """A control group (version 1 or 2) for one process. @return a file for its processes, and one for its limit."""
    v1, v2 = "/sys/fs/cgroup/memory", "/sys/fs/cgroup"
    base, limit = (v1, "memory.limit_in_bytes") if os.path.isdir(v1) else (v2, "memory.max")
    group = os.path.join(base, f"peakrig-chaos-{os.getpid()}")
    os.mkdir(group)
    scene.cleanups.append(lambda: remove_group(group))
    return os.path.join(group, "cgroup.procs"), os.path.join(group, limit)


def take_memory(scene, pid):
    processes, limit = own_memory_group(scene)
    for path, text in ((processes, str(pid)), (limit, "4096")):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


def without_memory(role):
    @fault(f"{role}: the kernel ends it for want of memory", "programs",
           WHO[role] + r".*killed by signal 9: no memory any more: the kernel", within_s=15)
    def inject(scene):
        scene.start()
        pid = scene.pid_of(role)
        scene.wait_for_calls()
        take_memory(scene, pid)
        scene.finish()


for _role in WHO:
    without_memory(_role)


def port_taken(name, may_be, *options):
    @fault(name, "programs", r"port|in use", may_be)
    def inject(scene):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for option in options:
            sock.setsockopt(socket.SOL_SOCKET, option, 1)
        sock.bind(("127.0.0.1", 0))
        scene.cleanups.append(sock.close)
        scene.run("--set", f'target.agents_listen="127.0.0.1:{sock.getsockname()[1]}"')


port_taken("phones' port is taken", NOTHING_SAID)
port_taken("phones' port is taken, SO_REUSEPORT", NOTHING_SAID | PASSES, socket.SO_REUSEPORT, socket.SO_REUSEADDR)


@fault("peakrig: Ctrl-C", "programs", r"stopped", may_be={"INVALID"}, keeps=["calls.csv", "capture.pcap"])
def one_interrupt(scene):
    scene.start()
    scene.wait_for_calls()
    scene.signal("peakrig", signal.SIGINT)
    scene.finish()


@fault("peakrig: Ctrl-C twice", "programs", r"stopped|interrupted|half.*left|killed", also=r"capture\.pcap",
       may_be={"INVALID", "EXIT 130", "EXIT -2", "EXIT 4"})
def two_interrupts(scene):
    scene.start()
    scene.wait_for_calls()
    scene.signal("peakrig", signal.SIGINT)
    time.sleep(0.5)
    scene.signal("peakrig", signal.SIGINT)
    scene.finish()


@fault("peakrig: kill -9, then diff", "programs", r"killed", also=r"\.part", may_be={"INVALID", "INCONCLUSIVE"})
def killed_itself(scene):
    scene.start()
    scene.wait_for_calls(100)
    scene.signal("peakrig", signal.SIGKILL)
    scene.finish()
    time.sleep(1)
    scene.diff()


@fault("peakrig: the kernel ends it for want of memory, then diff", "programs", r"killed, for want of memory",
       also=r"\.part", may_be={"INVALID", "INCONCLUSIVE"})
def itself_without_memory(scene):
    scene.start()
    scene.wait_for_calls(100)
    take_memory(scene, scene.pid_of("peakrig"))
    scene.finish()
    time.sleep(1)
    scene.diff()


@fault("peakrig: kill -9 while it judges, then diff", "programs", may_be=WELL)
def killed_judging(scene):
    scene.start("--set", "gate.replays=20000")
    until = time.monotonic() + 120
    while not scene.has("calls.csv"):
        if time.monotonic() > until:
            raise RuntimeError("it does not judge yet: this machine is too busy")
        time.sleep(0.02)
    time.sleep(0.3)
    scene.signal("peakrig", signal.SIGKILL)
    scene.finish()
    scene.diff()


for _for_s in (0.3, 2):
    @fault(f"peakrig: stopped for {_for_s} s", "programs", r"peakrig itself was stopped")
    def itself_stopped(scene, for_s=_for_s):
        scene.start()
        scene.wait_for_calls()
        scene.signal("peakrig", signal.SIGSTOP, for_s)
        scene.finish()
