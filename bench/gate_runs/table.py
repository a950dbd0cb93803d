# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of bench/gate, and whether its bounds are kept."""
import collections
import math

from gate_runs.cases import DEFECTS, GROUPS, SCALES
from gate_runs.play import is_to_be_played

MIN_PASS, MAX_FAIL, MAX_OPEN = 0.97, 0.01, 0.02  # of the valid honest runs of a scale
MIN_PASS_EVERYTHING = 0.95
MIN_FOUND = MIN_NAMED = MIN_INSIDE = 0.90
JUDGEMENTS = ["PASS", "FAIL", "INCONCLUSIVE", "INVALID"]


def upper_95(k, n):
    """One-sided upper 95 % limit of a share (Clopper & Pearson), by bisection."""
    def p_at_most_k(p):
        return sum(math.comb(n, i) * p ** i * (1 - p) ** (n - i) for i in range(k + 1))
    if n == 0 or k == n:
        return 1.0
    low, high = k / n, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if p_at_most_k(middle) > 0.05 else (low, middle)
    return high


def lower_95(k, n):
    return 1.0 - upper_95(n - k, n)


def count(lines):
    n = collections.Counter(line["judgement"] for line in lines)
    return [n[judgement] for judgement in JUDGEMENTS]


def number(value):
    return "no end" if value is None else f"{value:.4g}"


def finding_of(case, line):
    """The weightiest finding that says what the defect is."""
    return next((f for f in line["findings"] if f["kind"] in case.kinds), None)


def is_inside(case, finding):
    low = -math.inf if finding["low"] is None else finding["low"]
    high = math.inf if finding["high"] is None else finding["high"]
    return low - 1e-9 <= case.truth <= high + 1e-9


def judgement_table(title, cases, lines):
    print(f"\n{title:44} {'runs':>5} {'PASS':>5} {'FAIL':>5} {'INC.':>5} {'INV.':>5}")
    for case in cases:
        of = [line for line in lines if line["case"] == case.name]
        if of:
            print(f"{case.name:44} {len(of):5} " + " ".join(f"{n:5}" for n in count(of)))


def scale_row(what, lines, plays):
    """A row of the table of honest centres. @return bounds that are not kept."""
    n_pass, n_fail, n_open, n_invalid = count(lines)
    n = n_pass + n_fail + n_open
    late = sorted(line["late_p99_ms"] for line in lines if line.get("late_p99_ms") is not None)
    shares = "" if n == 0 else (
        f"  PASS {100 * n_pass / n:5.1f} % (>= {100 * lower_95(n_pass, n):.1f}), "
        f"FAIL {100 * n_fail / n:.1f} % (<= {100 * upper_95(n_fail, n):.1f}), "
        f"INC. {100 * n_open / n:.1f} % (<= {100 * upper_95(n_open, n):.1f})")
    lateness = f"; late {late[len(late) // 2]:.1f}, {late[-1]:.1f} ms" if late else ""
    print(f"{what:16} {len(lines):5} {n_pass:5} {n_fail:5} {n_open:5} {n_invalid:5} {plays - len(lines):6}{shares}"
          f"{lateness}")
    not_kept = [(n_pass < MIN_PASS * n, f"PASS {n_pass} of {n}, at least {100 * MIN_PASS:g} %"),
                (n_fail > MAX_FAIL * n, f"FAIL {n_fail} of {n}, at most {100 * MAX_FAIL:g} %"),
                (n_open > MAX_OPEN * n, f"INCONCLUSIVE {n_open} of {n}, at most {100 * MAX_OPEN:g} %")]
    return [f"honest, {what}: {text}" for is_broken, text in not_kept if is_broken]


def honest(lines, wanted):
    print(f"\n{'honest centres':16} {'runs':>5} {'PASS':>5} {'FAIL':>5} {'INC.':>5} {'INV.':>5} {'again':>6}  of the valid "
          "ones (one-sided 95 % limits, Clopper-Pearson); 99 % of the INVITEs of a run late: median, worst run")
    not_kept = []
    for scale in SCALES:
        of = [line for line in lines if line["scale"] == scale]
        if of:
            not_kept += scale_row(f"scale {scale}", of, sum(line.get("attempts", 1) for line in of))
    judgement_table("by scenario", GROUPS["honest"], lines)
    for line in lines:
        if line["judgement"] != "PASS":
            print(f"  {line['case']}, seed {line['seed']}: {line['judgement']}: {line.get('summary', '')[:200]}")
    return not_kept


def each_defect(lines):
    """What no defect by itself may miss: found, and in the right stage."""
    not_kept = []
    for case in DEFECTS:
        of = [line for line in lines if line["case"] == case.name]
        failed = [line for line in of if line["judgement"] == "FAIL"]
        right = [line for line in failed if line["stage"] in case.stages]
        if len(failed) < MIN_FOUND * len(of):
            not_kept.append(f"defect {case.name}: FAIL {len(failed)} of {len(of)}")
        if len(right) < MIN_NAMED * len(failed):
            not_kept.append(f"defect {case.name}: right stage {len(right)} of {len(failed)}")
    return not_kept


def defects(lines, wanted):
    judgement_table("seeded defects", DEFECTS, lines)
    print(f"\n{'defect (scenario)':32} {'FAIL':>6} {'stage':>6} {'kind':>6} {'inside':>7}  truth; estimates "
          "(low..high); stages named")
    n = n_fail = n_right = n_number = n_inside = 0
    for case in DEFECTS:
        of = [line for line in lines if line["case"] == case.name]
        failed = [line for line in of if line["judgement"] == "FAIL"]
        right = [line for line in failed if line["stage"] in case.stages]
        found = [f for f in (finding_of(case, line) for line in failed) if f is not None]
        inside = [f for f in found if case.truth is not None and is_inside(case, f)]
        n, n_fail, n_right = n + len(of), n_fail + len(failed), n_right + len(right)
        if case.truth is not None:
            n_number, n_inside = n_number + len(failed), n_inside + len(inside)
        if not of:
            continue
        named = collections.Counter(str(line["stage"]) for line in failed).most_common()
        text = "; ".join(f"{number(f['estimate'])} ({number(f['low'])}..{number(f['high'])})" for f in found)
        truth = "no number" if case.truth is None else f"{case.truth:g} {case.what}"
        counted = f"{len(inside)}/{len(failed)}" if case.truth is not None else "-"
        print(f"{case.name + ' (' + case.scenario + ')':32} {f'{len(failed)}/{len(of)}':>6} "
              f"{f'{len(right)}/{len(failed)}':>6} {f'{len(found)}/{len(failed)}':>6} {counted:>7}  {truth}; {text}; "
              + ", ".join(f"{stage} {k}" for stage, k in named))
    broken = each_defect(lines)
    for what, k, of, bound in [("FAIL", n_fail, n, MIN_FOUND), ("right stage", n_right, n_fail, MIN_NAMED),
                               ("truth inside the interval", n_inside, n_number, MIN_INSIDE)]:
        if of:
            print(f"{what}: {k} of {of} = {100 * k / of:.1f} %; expected at least {100 * bound:g} %")
            if k < bound * of:
                broken.append(f"defects: {what} {k} of {of}")
    return broken


def broken(lines, wanted):
    judgement_table("broken loads", GROUPS["broken"], lines)
    wrong = [line for line in lines if line["exit"] not in (3, 4)]
    for line in lines:
        print(f"  {line['case']}: exit {line['exit']}: {line.get('summary', line.get('error', ''))[:110]}")
    return [f"{line['case']} (seed {line['seed']}): {line['judgement']}, exit {line['exit']}" for line in wrong]


def everything(lines, wanted):
    """Every key in one run: how many pass, and why the others do not."""
    judgement_table("every key in one run", GROUPS["everything"], lines)
    valid = [line for line in lines if line["judgement"] != "INVALID"]
    n_pass = sum(line["judgement"] == "PASS" for line in valid)
    print(f"PASS {n_pass} of {len(valid)} valid ones (at least {100 * lower_95(n_pass, len(valid)):.1f} %: one-sided 95 % limit)")
    for line in lines:
        if line["judgement"] != "PASS":
            print(f"  seed {line['seed']}: {line['judgement']}: {', '.join(line.get('failed', []))}: "
                  f"{line.get('summary', '')[:200]}")
    if n_pass < MIN_PASS_EVERYTHING * len(valid):
        return [f"everything: PASS {n_pass} of {len(valid)}, at least {100 * MIN_PASS_EVERYTHING:g} %"]
    return []


def show(lines, wanted):
    """Print all tables. @param lines  Of the runs that are there. @param wanted  {key: (case, seed)}.
    @return exit code: 0 bounds kept, 1 not kept, 3 incomplete."""
    there = [line for line in lines.values() if line["key"] in wanted and not is_to_be_played(line)]
    not_kept, groups = [], {case.group for case, _ in wanted.values()}
    for group, table in (("honest", honest), ("defects", defects), ("broken", broken),
                         ("everything", everything)):
        if group in groups:
            not_kept += table([line for line in there if line["group"] == group], wanted)
    n_again = sum(line.get("attempts", 1) - 1 for line in there)
    if n_again:
        print(f"\n{n_again} plays were INVALID, as the machine was busy and calls went out late, or ended in an error; they were played again")
    n_old = sum(line["played_by"] != line["judged_by"] for line in there if "played_by" in line)
    if n_old:
        print(f"\n{n_old} runs were played by an earlier build and judged by this one")
    n_missing = len(wanted) - len(there)
    for text in not_kept:
        print(f"{'so far' if n_missing else 'BOUND'} NOT KEPT: {text}")
    if n_missing:
        print(f"\nincomplete: {n_missing} of {len(wanted)} runs are missing, ended in an error or went out late; the same command goes on")
        return 3
    print(f"\ncomplete: {len(there)} runs, {'all bounds kept' if not not_kept else 'NOT all bounds kept'}")
    return 1 if not_kept else 0
