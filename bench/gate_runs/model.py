# SPDX-License-Identifier: GPL-3.0-or-later
"""No wire: the model judged by itself, with the delays of a run."""
import os
import subprocess
import sys

STAGES = ["trunk", "ivr", "queue", "agent"]


def judge(build, run_dir):
    program = os.path.join(build, "bench_gate_model")
    if run_dir is None or not os.path.exists(program):
        sys.exit(f"gate: --model needs --run RUN_DIR and cmake --build {build} --target bench_gate_model")
    for margin_pp in [2.0, 0.1]:
        print(f"margin {margin_pp} percentage points", flush=True)
        margins = [f"gate.stages.{stage}.margin_pp={margin_pp}" for stage in STAGES]
        for n_schedules, missing in [(40, 0), (8, 1), (8, 2), (8, 4), (8, 8)]:
            status = subprocess.call([program, run_dir, str(n_schedules), "50", str(missing), *margins], timeout=1800)
            if status != 0:
                return status
    return 0
