# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of bench/all about the simulation: predict, plan, diff."""
import json
import os
import statistics

from all_rows.measure import CannotRun, ratio, run_once

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HOUR = os.path.join(HERE, "hour.cfg")
AFTER = os.path.join(HERE, "../scenarios/tv-shopping-after.cfg")
# bench/hour.cfg with 474 times the circuits, ports, agents and calls a minute, for two minutes
LARGE = ["--set", "trunks[0].e1=9000", "--set", "ivr.ports=85263", "--set", "agents[0].count=189474", "--set",
         "traffic.rate[0].per_min=371842", "--set", "traffic.duration_s=120", "--set", "limits.max_calls=2000000"]


def peakrig(build):
    return os.path.join(build, "cli/peakrig")


def predict(build, path, n, *words, threads=1):
    return [peakrig(build), "predict", path, "-q", "--json", "-n", str(n), "--threads", str(threads), *words]


def per_run(ours, other, path, n, bench, *words, **how):
    got = ratio(predict(ours, path, n, *words, threads=how.get("threads", 1)),
                predict(other, path, n, *words, threads=how.get("threads", 1)), bench.n_pairs, how.get("what", "cpu"))
    return got["ratio"], f"{got['ours']:.2f} s / {got['other']:.2f} s"


def hour(bench):
    return per_run(bench.build, bench.baseline, HOUR, 20, bench)


def bare_loop(bench):
    """Our call against the baseline's loop that does the baseline's heap operations and draws alone."""
    got = {}
    for name, build in (("ours", bench.build), ("other", bench.baseline)):
        steps = os.path.join(bench.folder, f"steps-{name}")
        run_once([os.path.join(build, "bench/bench_simulate_record"), HOUR, steps])
        got[name] = [os.path.join(build, "bench/bench_simulate_ratio"), HOUR, steps, "7"]
    ratios, texts = [], ""
    for _ in range(bench.n_pairs):
        ours, other = (json.loads(run_once(got[name])["text"]) for name in ("ours", "other"))
        bare_ns = other["ns_bare"] - other["ns_reading"]
        ratios.append(ours["ns_simulated"] / bare_ns)
        texts = f"{ours['ns_simulated']:.0f} ns / {bare_ns:.0f} ns a call"
    return statistics.median(ratios), texts


def large(bench):
    return per_run(bench.build, bench.baseline, HOUR, 2, bench, *LARGE)


def two_threads(bench):
    return per_run(bench.build, bench.baseline, HOUR, bench.replications, bench, threads=2, what="wall")


def write(bench, name, text):
    path = os.path.join(bench.folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def single_server(bench):
    path = write(bench, "mm1.cfg", """name = "mm1"; seed = 1; interval_s = 100000.0;
traffic: { duration_s = 1000000.0; rate = ( { at_s = 0.0; per_min = 60.0; } ); };
callers: { talk = { type = "exponential"; mean_s = 0.8; }; patience_answer = 1000000.0; patience_queue = 1000000.0; };
trunks = ( { circuits = 2000; } );
ivr: { ports = 2000; menu = 0.0; hold_while_queued = true; };
agents = ( { count = 1; ring = 0.0; } );
limits: { max_calls = 2000000; };
""")
    return per_run(bench.build, bench.baseline, path, 2, bench)


LOADED = """name = "loaded"; seed = 3; interval_s = 600.0;
traffic: {{ duration_s = {duration_s}; rate = ( {{ at_s = 0.0; per_min = {rate}; }} ); }};
callers: {{ talk = {{ type = "exponential"; mean_s = 35.0; }}; patience_answer = 60.0;
           patience_queue = {{ type = "exponential"; mean_s = {patience_s}; }}; }};
trunks = ( {{ circuits = {circuits}; }} );
ivr: {{ ports = {circuits}; menu = 8.0; hold_while_queued = false; {choices} }};
{rest}
"""


def reserves(bench):
    """16 tiers that come and go through the hour, of 4,000 agents each and of 10."""
    paths = []
    for n in (4000, 10):
        tiers = ", ".join(
            f'{{ name = "tier {k}"; group = "all"; count = {n}; queue_above = {20 + k}; for_s = {5 * k}.0; '
            f'arrive_after = {{ type = "uniform"; mean_s = 60.0; cv = 0.3; }}; queue_below = 2; leave_after_s = 120.0; }}'
            for k in range(1, 17))
        paths.append(write(bench, f"reserves-{n}.cfg", LOADED.format(
            duration_s=3600.0, rate=7850, patience_s=60.0, circuits=9000, choices="",
            rest=f'agents = ( {{ name = "all"; count = 4500; ring = 3.0; wrap_up = 5.0; }} );\nreserves = ( {tiers} );')))
    return per_call(bench, *paths)


def per_call(bench, path, plain):
    got = ratio(predict(bench.build, path, 2), predict(bench.build, plain, 2), bench.n_pairs)
    n = [next(m["mean"] for m in json.loads(text)["metrics"] if m["name"] == "n_offered") for text in got["texts"]]
    return got["ratio"] * n[1] / n[0], f"{5e8 * got['ours'] / n[0]:.0f} ns / {5e8 * got['other'] / n[1]:.0f} ns a call"


def overflow(bench):
    """100,000 callers who wait; 64 rules of one skill, or none."""
    groups = ", ".join(f'{{ name = "g{k}"; count = 20; ring = 3.0; wrap_up = 5.0; skills = ({skills}); }}'
                       for k, skills in enumerate(['"a"'] + ['"b"'] * 63))
    rules = ", ".join([f'{{ skill = "a"; after_s = {600 + 10 * (k % 4)}.0; to = "g{k}"; }}' for k in range(1, 64)]
                      + ['{ skill = "b"; after_s = 600.0; to = "g0"; }'])
    paths = [write(bench, name, LOADED.format(
        duration_s=900.0, rate=60000, patience_s=110.0, circuits=200000,
        choices='choices = ( { name = "a"; share = 0.9; skill = "a"; }, { name = "b"; share = 0.1; skill = "b"; } );',
        rest=f'queue: {{ {text} }};\nagents = ( {groups} );\nlimits: {{ max_calls = 8000000; }};'))
        for name, text in (("overflow.cfg", f"overflow = ( {rules} );"), ("plain.cfg", ""))]
    return per_call(bench, *paths)


def runs_of_plan(document):
    return sum(point["replications"] for point in document["points"])


def plan(bench):
    words = ["plan", AFTER, "--vary", "trunks[0].e1=6:13", "--vary", "agents[0].count=300:1000:100", "--meet",
             "callers_served>=97.5%", "--meet", "connect_rate>=55%", "-q", "--json"]
    ours, other = (json.loads(run_once([peakrig(build), *words])["text"]) for build in (bench.build, bench.baseline))
    answers = [document["answer"] and document["answer"]["values"] for document in (ours, other)]
    if answers[0] != answers[1]:
        raise CannotRun(f"the answers differ: {answers[0]}, {answers[1]}")
    # before, each look simulated all of its replications anew: 100 + 200 + .. + n
    simulated = sum(2 * point["replications"] - 100 for point in other["points"])
    return runs_of_plan(ours) / simulated, f"{runs_of_plan(ours)} / {simulated} replications"


def diff(bench):
    """Each build judges again a run that it has played itself: ten minutes in ten seconds."""
    commands = []
    for name, build in (("ours", bench.build), ("other", bench.baseline)):
        out = os.path.join(bench.folder, f"run-{name}")
        run_once([peakrig(build), "run", os.path.join(HERE, "../scenarios/tv-peak-785.cfg"), "-q", "--out", out,
                  "--set", "time_scale=15", "--no-early-stop"])
        commands.append([peakrig(build), "diff", out, "-q"])
    got = ratio(*commands, bench.n_pairs, "wall")
    return got["ratio"], f"{got['ours']:.2f} s / {got['other']:.2f} s"
