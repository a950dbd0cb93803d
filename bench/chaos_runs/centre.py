# SPDX-License-Identifier: GPL-3.0-or-later
"""The embedded call centre itself as a program of ours: what befalls it is no verdict of a call centre."""
import signal
import subprocess

from chaos_runs.fault import NOTHING_SAID, fault


@fault("centre: no memory any more", "centre", r"no memory any more", may_be=NOTHING_SAID)
def no_memory(scene):
    scene.start()
    pid = scene.pid_of("centre")
    scene.wait_for_calls()
    subprocess.run(["prlimit", "--pid", str(pid), "--as=40000000"], check=True)
    scene.finish()


@fault("centre: no time any more", "centre", r"centre", may_be=NOTHING_SAID)
def no_time(scene):
    """What the kernel does at a limit of processor time, which is in whole seconds: the centre needs less for a run."""
    scene.start()
    scene.wait_for_calls()
    scene.signal("centre", signal.SIGXCPU)
    scene.finish()
