# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of bench/gate: played or, when it is there already, judged again by this program."""
import hashlib
import json
import os
import shutil
import subprocess
import time

from gate_runs import breaking

TIMEOUT_S = 900
NOT_NEEDED = ["capture.pcap", "report.html", "plots"]  # to judge again


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()[:16]


def folder_of(out, case, seed):
    return os.path.join(out, "runs", f"{case.group}-{case.key(seed)}")


def wait_for(words, while_running):
    child = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                             stderr=subprocess.PIPE, text=True)
    did = while_running(lambda: child.poll() is not None)
    try:
        errors = child.communicate(timeout=TIMEOUT_S)[1]
    except subprocess.TimeoutExpired:
        child.kill()
        errors = child.communicate()[1] + f"\nnot over after {TIMEOUT_S} s"
    return child.returncode, errors, did


def result_of(folder):
    with open(os.path.join(folder, "result.json"), encoding="utf-8") as file:
        return json.load(file)


def line_of(case, seed, folder, exit_code, errors):
    line = {"key": case.key(seed), "group": case.group, "case": case.name, "scale": case.scale, "seed": seed,
            "exit": exit_code}
    try:
        result = result_of(folder)
    except (OSError, ValueError):
        return line | {"judgement": "ERROR", "error": errors.strip()[-400:]}
    return line | {
        "judgement": result["verdict"]["judgement"], "stage": result["verdict"]["stage"],
        "summary": result["verdict"]["summary"],
        "failed": [s["stage"] for s in result["stages"] if s["judgement"] == "FAIL"]
                  + [v["metric"] for v in result["levels"] if v["judgement"] == "FAIL"],
        "broken_checks": [c["name"] for c in result["checks"] if not c["ok"]],
        "calls": result["calls"]["planned"],
        "late_p99_ms": result["lateness"]["abs_p99_ms"],
        "difference": {s["stage"]: s["difference"] for s in result["stages"]},
        "findings": [{k: f[k] for k in ("kind", "stage", "expected", "estimate", "low", "high", "from_s",
                                        "to_s", "explained_calls", "text")} for f in result["diagnosis"]]}


def is_to_be_played(line):
    """An error, or a sound load that a busy machine sent late, or answered late at the phones: of the gate that says
    but that it refuses to judge."""
    is_late = line["group"] != "broken" and set(line.get("broken_checks", [])) & {"lateness", "arrivals", "phones", "callers"}
    return line["judgement"] == "ERROR" or line["judgement"] == "INVALID" and bool(is_late)


def play(peakrig, out, case, seed, where=(), nice=0):
    """Play it anew. @param where  Words before the program's: of a namespace. @return a line."""
    folder = folder_of(out, case, seed)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(os.path.dirname(folder), exist_ok=True)
    words = [*(["nice", "-n", str(nice)] if nice else []), *where, peakrig, "run", case.path(), "--set", f"seed={seed}L", "--out", folder, "--quiet",
             "--no-early-stop", *case.words]
    while_running = lambda is_over: None
    if case.breaks == "thin":
        sipp = os.path.join(out, "sipp-thin")
        breaking.write_thin_sipp(sipp)
        words += ["--sipp", os.path.abspath(sipp)]
    if case.breaks == "kill":
        while_running = lambda is_over: breaking.kill_a_caller(folder, 12.0, is_over)
    began = time.monotonic()
    exit_code, errors, did = wait_for(words, while_running)
    if case.breaks == "kill" and not did:
        return line_of(case, seed, "/nonexistent", exit_code, "there was no caller to kill")
    if case.breaks == "lose" and exit_code not in (0, 3):
        return line_of(case, seed, "/nonexistent", exit_code, "the whole capture was not judged, so nothing follows")
    if case.breaks == "lose":
        lossy = os.path.join(folder, "lossy.pcap")
        breaking.lose_packets(os.path.join(folder, "capture.pcap"), lossy, 0.05, seed)
        os.remove(os.path.join(folder, "result.json"))
        exit_code, errors, _ = wait_for([peakrig, "diff", folder, "--capture", lossy, "--quiet"],
                                        lambda is_over: None)
        os.remove(lossy)
    line = line_of(case, seed, folder, exit_code, errors)
    line |= {"played_by": digest(peakrig), "judged_by": digest(peakrig),
             "seconds": round(time.monotonic() - began, 1)}
    for name in NOT_NEEDED:
        path = os.path.join(folder, name)
        shutil.rmtree(path) if os.path.isdir(path) else os.path.exists(path) and os.remove(path)
    return line


def judge_again(peakrig, out, case, seed, line):
    """The same calls, judged by this program. @return a line; None when the run's files are gone."""
    folder = folder_of(out, case, seed)
    if not os.path.exists(os.path.join(folder, "calls.csv")):
        return None
    exit_code, errors, _ = wait_for([peakrig, "diff", folder, "--quiet"], lambda is_over: None)
    return line_of(case, seed, folder, exit_code, errors) | {
        "played_by": line["played_by"], "judged_by": digest(peakrig), "seconds": line["seconds"],
        "attempts": line.get("attempts", 1)}
