# SPDX-License-Identifier: GPL-3.0-or-later
"""The embedded call centre itself as a program of ours: what befalls it is no verdict of a call centre."""
import subprocess

from chaos_runs.fault import NOTHING_SAID, fault


def limited(name, words, names):
    @fault(f"centre: {name}", "centre", names, may_be=NOTHING_SAID)
    def inject(scene):
        scene.start()
        pid = scene.pid_of("centre")
        scene.wait_for_calls()
        subprocess.run(["prlimit", "--pid", str(pid), *words], check=True)
        scene.finish()


limited("no memory any more", ["--as=40000000"], r"centre|the load")
limited("no time any more", ["--cpu=1"], r"centre")
