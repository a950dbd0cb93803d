# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs without a fault: what is well is never said to be ill."""
from chaos_runs.fault import WELL, fault


def control(n):
    def inject(scene):
        scene.run("--no-early-stop", "--set", f"seed={100 + n}L")
    fault(f"control, seed {100 + n}, no. {n}", "control", may_be=WELL)(inject)


for _n in range(1, 31):
    control(_n)
