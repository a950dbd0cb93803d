"""The tables of bench/gate, and whether its bounds are kept."""
import collections
import math

from gate_runs.cases import DEFECTS, GROUPS
from gate_runs.play import is_to_be_played

MAX_WRONG_FAILS = 0.05
MIN_FOUND = MIN_NAMED = MIN_INSIDE = 0.90
JUDGEMENTS = ["PASS", "FAIL", "INCONCLUSIVE", "INVALID"]


def upper_95(k, n):
    """One-sided upper 95 % limit of a share (Clopper & Pearson), by bisection."""
    def p_at_most_k(p):
        return sum(math.comb(n, i) * p ** i * (1 - p) ** (n - i) for i in range(k + 1))
    low, high = k / n, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if p_at_most_k(middle) > 0.05 else (low, middle)
    return high


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


def honest(lines, wanted):
    cases = GROUPS["honest"]
    judgement_table("honest centres", cases, lines)
    n, n_fail = len(lines), count(lines)[1]
    if n == 0:
        return []
    print(f"wrong FAILs: {n_fail} of {n} = {100 * n_fail / n:.1f} % (at most {100 * upper_95(n_fail, n):.1f} % with "
          f"95 % confidence); allowed: {100 * MAX_WRONG_FAILS:g} %")
    late = sorted(line["late_p99_ms"] for line in lines if line.get("late_p99_ms") is not None)
    if late:
        print(f"INVITEs late (99 % of a run): median {late[len(late) // 2]:.1f} ms, worst run {late[-1]:.1f} ms")
    return [f"honest: {n_fail} of {n} FAIL"] if n_fail > MAX_WRONG_FAILS * n else []


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
    broken = []
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


def show(lines, wanted):
    """Print all tables. @param lines  Of the runs that are there. @param wanted  {key: (case, seed)}.
    @return exit code: 0 bounds kept, 1 not kept, 3 incomplete."""
    there = [line for line in lines.values() if line["key"] in wanted and not is_to_be_played(line)]
    not_kept, groups = [], {case.group for case, _ in wanted.values()}
    for group, table in (("honest", honest), ("defects", defects), ("broken", broken)):
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
