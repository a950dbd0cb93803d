#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What HACKING.md and CONTRIBUTING.md name exists.

usage: hacking.py CTEST BUILD_DIR SOURCE_DIR

In every paragraph and step: a path in backticks is a file or folder of the source; `function()` and
`rig_name` occur in one of the files that the same step names (a folder: in one of its files);
`label.name` is a test. A link leads to a file, and to a heading of it. Each recipe ("How to add ..")
has numbered steps, one of which runs tests.
"""
import pathlib
import re
import subprocess
import sys

LABELS = ("unit", "theory", "golden", "loopback", "fuzz")
# In the text in backticks, but made by a run or a build, or an example of a name.
MADE = {"capture.pcap", "calls.csv", "result.json", "prediction.json", "play.json", "schedule.csv", "junit.xml",
        "scenario.cfg", "report.html", "plan.json", "plan.csv", "room/x.h", "room/part/x.h", "build/", "logs/"}
RECIPES = ("a formula", "a link type", "a scenario key", "an outcome", "a defect", "a metric",
           "a report section")


def steps_of(text):
    """(line number, text) of each paragraph, list item and heading; code blocks are left out."""
    steps, start, lines = [], 0, []
    for number, line in enumerate([*text.splitlines(), ""], 1):
        begins = re.match(r"(\d+\.|-|#+|\|) ?", line)
        if line == "" or begins:
            if lines:
                steps.append((start, " ".join(lines)))
            lines = []
        if line and not (line.startswith("    ") and not lines):
            start = number if not lines else start
            lines.append(line.strip())
    return steps


def is_path(word):
    return bool(re.fullmatch(r"[\w.-]*(/[\w.{},*-]*)+|[\w-]+\.(md|txt|json|cfg|yml|py)|\.[a-z][\w-]+",
                             word)) and not word.startswith("-")


def text_of(path):
    files = [path] if path.is_file() else [file for file in sorted(path.rglob("*"))
                                           if file.suffix in (".c", ".h", ".def", ".py", ".m", ".cfg")]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def slug(heading):
    return re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-")


def check_step(source, page, number, step, tests, wrong):
    words = re.findall(r"`([^`]+)`", step)
    paths = [word for word in words if is_path(word) and word not in MADE]
    for word in paths:
        if not (source / word).exists():
            wrong.append(f"{page}:{number}: no {word}")
    named = "\n".join(text_of(source / word) for word in paths if (source / word).exists())
    for word in words:
        name = word.removesuffix("()")
        is_name = word.endswith("()") or re.fullmatch(r"(rig|RIG)_\w+", word)
        if is_name and not re.search(rf"\b{re.escape(name)}\b", named):
            wrong.append(f"{page}:{number}: {name} is in none of {', '.join(paths) or 'no file'}")
        if word.split(".")[0] in LABELS and "." in word and word not in tests:
            wrong.append(f"{page}:{number}: no test {word}")
    for link in re.findall(r"\]\(([^)]+)\)", step):
        file, _, anchor = link.partition("#")
        if "://" in link:
            continue
        target = source / (file or page)
        if not target.exists():
            wrong.append(f"{page}:{number}: link to {link}: no such file")
        elif anchor and anchor not in {slug(line.lstrip("# ")) for line in
                                       target.read_text(encoding="utf-8").splitlines() if line.startswith("#")}:
            wrong.append(f"{page}:{number}: link to {link}: no such heading")


def check_recipes(text, wrong):
    for recipe in RECIPES:
        found = re.search(rf"^## How to add {recipe}\n(.*?)(?=^## |\Z)", text, re.M | re.S)
        if not found:
            wrong.append(f"HACKING.md: no recipe for {recipe}")
            continue
        numbers = [int(n) for n in re.findall(r"^(\d+)\. ", found[1], re.M)]
        if len(numbers) < 3 or numbers != list(range(1, len(numbers) + 1)):
            wrong.append(f"HACKING.md: {recipe}: the steps are not 1, 2, 3 ..")
        if not re.search(r"^\d+\. Run ", found[1], re.M):
            wrong.append(f"HACKING.md: {recipe}: no step runs tests")
    stops = re.search(r"^## Ten stops of one packet\n(.*?)^## ", text, re.M | re.S)
    if not stops or len(re.findall(r"^\d+\. \*\*", stops[1], re.M)) != 10:
        wrong.append("HACKING.md: the way of a packet has not ten stops")


def main():
    ctest, build, source = sys.argv[1:]
    source = pathlib.Path(source)
    listed = subprocess.run([ctest, "--test-dir", build, "-N"], capture_output=True, text=True, check=True)
    tests = set(re.findall(r"Test +#\d+: (\S+)", listed.stdout))
    wrong = [] if len(tests) > 50 else [f"ctest lists {len(tests)} tests"]
    for page in ("HACKING.md", "CONTRIBUTING.md", "SECURITY.md"):
        for number, step in steps_of((source / page).read_text(encoding="utf-8")):
            check_step(source, page, number, step, tests, wrong)
    check_recipes((source / "HACKING.md").read_text(encoding="utf-8"), wrong)
    print("\n".join(wrong))
    return 1 if wrong else 0


sys.exit(main())
