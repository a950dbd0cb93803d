#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the tables and pictures of docs/case-tv-shopping.md (run by ci/case).

Usage: make.py PEAKRIG SOURCE_DIR
       make.py --wire BEFORE AFTER SOURCE_DIR    (folders of `peakrig run`: the table of the wire)

All other figures come from `peakrig predict --json` and `peakrig plan --json`. A table replaces what is
between its two comment lines in the page; the prose is not touched (tests/unit/case.py checks it).
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[-1])
HERE = os.path.join(SOURCE, "docs/case-tv-shopping")
PAGE = os.path.join(SOURCE, "docs/case-tv-shopping.md")
BEFORE = os.path.join(SOURCE, "scenarios/tv-shopping-before.cfg")
AFTER = os.path.join(SOURCE, "scenarios/tv-shopping-after.cfg")
LOST = [f"p_lost_{stage}_per_offered" for stage in ("trunk", "ivr", "queue", "agent")]

# The ten minutes, and then nobody dials: what is called back is seen, too.
LONG = ["traffic.duration_s=2400.0", "interval_s=10.0",
        "traffic.rate=({at_s=0.0;per_min=200.0;},{at_s=60.0;per_min=785.0;},"
        "{at_s=600.0;per_min=785.0;},{at_s=600.001;per_min=0.0;})"]

# What if a chosen value were another? (words for the page, overrides of both, of after alone)
OTHERWISE = [
    ("as in the files", [], []),
    ("talk 16 s, wrap-up 84 s", ["callers.talk.mean_s=16.0", "agents[0].wrap_up.mean_s=84.0"], []),
    ("talk 30 s, wrap-up 70 s", ["callers.talk.mean_s=30.0", "agents[0].wrap_up.mean_s=70.0"], []),
    ("wrap-up 60 s", ["agents[0].wrap_up.mean_s=60.0"], []),
    ("wrap-up 98 s", ["agents[0].wrap_up.mean_s=98.0"], []),
    ("patience in the queue 10 s", ["callers.patience_queue.mean_s=10.0"], []),
    ("50 % of call backs reached", [], ["call_back.reached_share=0.5"]),
    ("80 % of call backs reached", [], ["call_back.reached_share=0.8"]),
]


def peakrig(*words):
    done = subprocess.run([PEAKRIG, *words, "-q", "--json"], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def predict(scenario, overrides=(), n=200):
    sets = [word for override in overrides for word in ("--set", override)]
    document = peakrig("predict", scenario, "-n", str(n), *sets)
    document["metrics"] = {metric["name"]: metric for metric in document["metrics"]}
    return document


def per_cent(share, digits=2):
    return f"{100 * share:.{digits}f} %"


def share_of(metric):
    low, high = metric["prediction_95_of_one_run"]
    return f"{per_cent(metric['mean'])} ({100 * low:.2f}..{100 * high:.2f})"


def count_of(metric):
    low, high = metric["prediction_95_of_one_run"]
    return f"{metric['mean']:.0f} ({low:.0f}..{high:.0f})"


def minutes_of(metric):
    low, high = metric["prediction_95_of_one_run"]
    return f"{metric['mean'] / 60:.1f} min ({low / 60:.1f}..{high / 60:.1f})"


def answered(metrics):
    """Share of the calls that were not lost: an agent, or the promise of a call back."""
    return 1 - sum(metrics[name]["mean"] for name in LOST)


def table_of_stages(before, after):
    b, a = before["metrics"], after["metrics"]
    rows = [("calls offered", count_of(b["n_offered"]), count_of(a["n_offered"]))]
    for stage, name in zip(("at the trunk", "in the IVR", "in the queue", "at the agent"), LOST):
        rows.append((f"lost {stage}", share_of(b[name]), share_of(a[name])))
    rows += [
        ("**answered**", f"**{per_cent(answered(b))}**", f"**{per_cent(answered(a))}**"),
        ("served at once", share_of(b["connect_rate"]), share_of(a["connect_rate"])),
        ("promised a call back, calls", "0", count_of(a["n_deflected"])),
        ("called back and served, callers", "0", count_of(a["n_called_back"])),
        ("never reached, callers", "0", count_of(a["n_never_reached"])),
        ("last call back is over after", "", minutes_of(a["call_backs_end_s"])),
        ("**served in the end**", share_of(b["served_in_the_end"]), share_of(a["served_in_the_end"])),
    ]
    return ["| per offered call | before | after |", "|---|---|---|"] + \
           ["| " + " | ".join(row) + " |" for row in rows]


def table_of_changes():
    vary = ["--vary", "trunks[0].e1=6,9", "--vary", "agents[0].count=400,700", "-n", "200"]
    lines = ["| E1 | agents | deflection | lost at the trunk | lost in the queue | answered | served at "
             "once | served in the end | call backs until |", "|---|---|---|---|---|---|---|---|---|"]
    widest, steps = 0.0, []
    for scenario, deflection in ((BEFORE, "no"), (AFTER, "yes")):
        for point in peakrig("plan", scenario, *vary)["points"]:
            e1, agents = point["values"].values()
            steps.append(((e1 > 6) + (agents > 400) + (deflection == "yes"), e1, agents, deflection,
                          point["metrics"]))
    for _, e1, agents, deflection, m in sorted(steps, key=lambda step: (step[0], step[3], -step[1])):
        end = m["call_backs_end_s"]["mean"]
        lines.append(f"| {e1} | {agents} | {deflection} | {per_cent(m[LOST[0]]['mean'])} "
                     f"| {per_cent(m[LOST[2]]['mean'])} | {per_cent(answered(m))} "
                     f"| {per_cent(m['connect_rate']['mean'])} | {per_cent(m['served_in_the_end']['mean'])} "
                     f"| {'' if deflection == 'no' else f'{end / 60:.1f} min'} |")
        for name in (LOST[0], LOST[2], "connect_rate", "served_in_the_end"):
            low, high = m[name]["confidence_of_mean"]
            widest = max(widest, (high - low) / 2)
    print(f"widest half interval of a mean: {100 * widest:.3f} points")
    return lines


def table_of_circuits(plan):
    lines = ["| E1 | lost at the trunk | served at once | served in the end | 1 % at the trunk |",
             "|---|---|---|---|---|"]
    best = plan["answer"]["values"]["trunks[0].e1"]
    for point in plan["points"]:
        e1, m = point["values"]["trunks[0].e1"], point["metrics"]
        low, high = m["p_lost_trunk_per_entrant"]["confidence_of_mean"]
        verdict = point["requirements"][0]["verdict"] + (": the smallest" if e1 == best else "")
        lines.append(f"| {e1} | {per_cent(m['p_lost_trunk_per_entrant']['mean'])} ({100 * low:.2f}.."
                     f"{100 * high:.2f}) | {per_cent(m['connect_rate']['mean'])} "
                     f"| {per_cent(m['served_in_the_end']['mean'])} | {verdict} |")
    return lines


def table_of_choices():
    lines = ["| if chosen otherwise | lost before | of it at the trunk | answered after | served in the end |",
             "|---|---|---|---|---|"]
    for words, both, after in OTHERWISE:
        b = predict(BEFORE, both, n=100)["metrics"]
        a = predict(AFTER, both + after, n=100)["metrics"]
        lines.append(f"| {words} | {per_cent(1 - answered(b), 1)} | {per_cent(b[LOST[0]]['mean'], 1)} "
                     f"| {per_cent(answered(a), 1)} | {per_cent(a['served_in_the_end']['mean'], 1)} |")
    return lines


def result_of(folder):
    with open(os.path.join(folder, "result.json")) as file:
        document = json.load(file)
    document["metrics"] = {metric["name"]: metric for metric in document["metrics"]}
    return document


def table_of_published(before, after):
    """The three results that the source names, of both runs and their replays."""
    b, a = before["metrics"], after["metrics"]

    def lost(metrics, key):
        return sum(metrics[name][key] for name in LOST)

    def pair(words, figure, text):
        return f"| {words} | {text(figure('predicted'))} | {text(figure('observed'))} |"

    return ["| published | predicted | measured |", "|---|---|---|",
            pair("about two thirds of the calls lost before", lambda key: lost(b, key), per_cent),
            pair("three times the calls answered after",
                 lambda key: (1 - lost(a, key)) / (1 - lost(b, key)), lambda times: f"{times:.2f} times"),
            pair("98 % served in the end", lambda key: a["served_in_the_end"][key], per_cent)]


def table_of_wire(before, after):
    """What two runs measured, as their result.json has it; the replays' interval in ()."""
    documents = (before, after)

    def row(words, name, scale=100.0, unit=" %", digits=2):
        cells = [words]
        for document in documents:
            m = document["metrics"][name]
            if m["observed"] is None:
                cells += ["", ""]
                continue
            low, high, mean, seen = (f"{scale * m[key]:.{digits}f}" for key in
                                     ("low", "high", "predicted", "observed"))
            cells += [f"{mean}{unit} ({low}..{high})", seen + unit]
        return cells

    rows = [row("calls", "n_offered", 1, "", 0)]
    for stage, name in zip(("at the trunk", "in the IVR", "in the queue", "at the agent"), LOST):
        rows.append(row(f"lost {stage}", name))
    rows += [row("served at once", "connect_rate"), row("promised a call back, calls", "n_deflected", 1, "", 0),
             row("calls back", "n_call_backs", 1, "", 0), row("called back and served, callers", "n_called_back", 1, "", 0),
             row("last call back is over after", "call_backs_end_s", 1 / 60, " min", 1),
             row("**served in the end**", "served_in_the_end"), row("agents busy", "occupancy"),
             ["**verdict**", "", documents[0]["verdict"]["judgement"], "", documents[1]["verdict"]["judgement"]]]
    return ["| per offered call | before: predicted | measured | after: predicted | measured |",
            "|---|---|---|---|---|"] + ["| " + " | ".join(cells) + " |" for cells in rows]


def put_table(name, lines):
    with open(PAGE) as file:
        page = file.read()
    begin, end = f"<!-- {name}: made by ci/case -->\n", "<!-- end -->\n"
    pattern = re.escape(begin) + r".*?" + re.escape(end)
    if len(re.findall(pattern, page, re.S)) != 1:
        raise SystemExit(f"{PAGE}: expected {begin.strip()} and {end.strip()} once")
    page = re.sub(pattern, lambda _: begin + "\n".join(lines) + "\n" + end, page, flags=re.S)
    with open(PAGE, "w") as file:
        file.write(page)


def draw_over_time(folder, before, after):
    """fates.png and load.png: data for their scripts, which run in a folder of their own."""
    columns = ("served", "deflected", "lost_agent", "lost_queue", "lost_trunk")
    for name, document in (("before", before), ("after", after)):
        series = document["intervals"]["series"]
        agents = document["agents"][0]["agents"]
        with open(os.path.join(folder, f"{name}.dat"), "w") as file:
            file.write("# begin in minutes, sums of calls per 10 s: " + ", ".join(columns) +
                       "; agents busy mean low high, circuits mean low high\n")
            for i in range(len(series["offered"]["mean"])):
                total, sums = 0.0, []
                for column in columns:
                    total += series[column]["mean"][i]
                    sums.append(total)
                busy = [agents * (series["occupancy"][k][i] or 0.0) for k in ("mean", "low", "high")]
                circuits = [series["circuits"][k][i] for k in ("mean", "low", "high")]
                begin = i * document["intervals"]["length_s"] / 60
                file.write(" ".join(f"{x:.6g}" for x in [begin] + sums + busy + circuits) + "\n")
    for script in ("fates.gp", "load.gp"):
        subprocess.run(["gnuplot", os.path.join(HERE, script)], cwd=folder, check=True)
    for picture in ("fates.png", "load.png"):
        shutil.copy(os.path.join(folder, picture), os.path.join(HERE, picture))


def main():
    if sys.argv[1] == "--wire":
        runs = result_of(sys.argv[2]), result_of(sys.argv[3])
        put_table("wire", table_of_wire(*runs))
        put_table("published", table_of_published(*runs))
        return
    with tempfile.TemporaryDirectory(prefix="peakrig-case-") as folder:
        put_table("stages", table_of_stages(predict(BEFORE), predict(AFTER)))
        put_table("changes", table_of_changes())
        draw_over_time(folder, predict(BEFORE, LONG),
                       predict(AFTER, LONG + ["call_back.start_s=600.0"]))
        plan = os.path.join(folder, "plan")
        words = ["--vary", "trunks[0].e1=6:14", "--meet", "lost_trunk<=1%", "-n", "100",
                 "--show", "lost_trunk",
                 "--show", "callers_served"]
        put_table("circuits", table_of_circuits(peakrig("plan", AFTER, *words, "-o", plan)))
        shutil.copy(os.path.join(plan, "plots/curves.png"), os.path.join(HERE, "e1.png"))
        words = ["--vary", "trunks[0].e1=6:13", "--vary", "agents[0].count=300:1000:100", "--meet",
                 "callers_served>=97.5%", "--meet", "connect_rate>=55%", "--exhaustive", "-n", "50"]
        answer = peakrig("plan", AFTER, *words, "-o", plan)["answer"]
        print("minimal:", *(combination["values"] for combination in answer["minimal"]))
        shutil.copy(os.path.join(plan, "plots/heat-served_in_the_end.png"),
                    os.path.join(HERE, "e1-agents.png"))
        put_table("choices", table_of_choices())


if __name__ == "__main__":
    main()
