#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `cmake --install` puts in place serves somebody who has only that.

usage: install.py CMAKE CC BUILD_DIR SOURCE_DIR

Installs to a folder of its own, moves it, and then: a program outside the tree, built with
pkg-config alone, analyzes a capture and computes Erlang B; every installed header compiles alone;
each command has its man page, each shell its completion; the documents' links to each other hold; the
ready-made scenarios can be read.
"""
import csv
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def run(*words, env=None, expected=0):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, env=env,
                          check=False)
    if done.returncode != expected:
        raise AssertionError(f"{' '.join(map(str, words))}: exit code {done.returncode}, expected "
                             f"{expected}\n{done.stdout}{done.stderr}")
    return done.stdout


def flags(env, *words):
    return run("pkg-config", *words, env=env).split()


def check_program(prefix, work, cc, source, env):
    """Outside the tree, with pkg-config alone; one library at a time, too."""
    program = work / "losses.c"
    shutil.copy(source / "tests/outside/losses.c", program)
    built = work / "losses"
    both = flags(env, "--cflags", "--libs", "peakrig-models", "peakrig-analyzer")
    for word in both:
        assert str(source) not in word, f"pkg-config leads into the source tree: {word}"
    run(cc, "-Wall", "-Wextra", "-Werror", program, *both, "-o", built)
    fixture = source / "tests/fixtures/embedded_centre"
    said = run(built, f"{fixture}.pcap", 314, 270).splitlines()
    with open(f"{fixture}.expected.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    assert said[:-1] == [f"{row['call_id']} {row['outcome']}" for row in rows], said
    loss = 1.0  # Erlang B by its definition's recursion
    for circuits in range(1, 271):
        loss = 314 * loss / (circuits + 314 * loss)
    assert said[-1] == f"Erlang B: {loss:.6f}", (said[-1], loss)
    run(built, work / "no.pcap", 314, 270, expected=5)
    run(built, f"{fixture}.pcap", "-1", 270, expected=2)

    one = {"peakrig-models": ("models/erlang_b.h", "rig_erlang_b_carried(-1, 1, 0, 0)"),
           "peakrig-analyzer": ("analyzer/analyzer.h", "rig_analyze_file(\"/nowhere\", 0, 0)")}
    for library, (header, call) in one.items():
        text = (f"#include <peakrig/{header}>\n"
                f"int main(void) {{ return {call} == RIG_OK; }}\n")
        (work / "one.c").write_text(text, encoding="utf-8")
        run(cc, "-O0", work / "one.c", *flags(env, "--cflags", "--libs", library), "-o", work / "one")
        run(work / "one")


def check_headers(prefix, work, cc, source, env):
    """The public headers (room/x.h) are there, all and no others, and each compiles alone."""
    headers = sorted((prefix / "include/peakrig").glob("*/*.h"))
    rooms = {header.parent.name for header in headers}
    assert rooms == {"core", "settings", "scenarios", "models", "analyzer"}, rooms
    cflags = flags(env, "--cflags", "peakrig-models", "peakrig-analyzer")
    alone = []
    for i, header in enumerate(headers):
        name = header.relative_to(prefix / "include")
        alone.append(work / f"alone{i}.c")
        alone[-1].write_text(f"#include <{name}>\n", encoding="utf-8")
    run(cc, "-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", *cflags, *alone)
    for room in rooms:
        ours = {path.name for path in (source / room).glob("*.h")}
        theirs = {path.name for path in headers if path.parent.name == room}
        assert ours == theirs, f"{room}: {ours ^ theirs}"
        # a file in a folder of a room is private, unless a public header includes it
        wanted = "".join(path.read_text(encoding="utf-8") for path in (source / room).glob("*.h"))
        for folder in (prefix / "include/peakrig" / room).glob("*/"):
            assert f'"{room}/{folder.name}/' in wanted, f"{room}/{folder.name} is private"


def check_man_pages(prefix):
    """What is in them is unit.man_pages' business."""
    said = run(prefix / "bin/peakrig", "--help").split("Commands:")[1].split("\n\n")[0]
    wanted = {f"peakrig-{name}.1" for name in re.findall(r"^  (\w+) ", said, re.M)} | {"peakrig.1"}
    assert len(wanted) >= 13, wanted
    assert {page.name for page in (prefix / "share/man/man1").iterdir()} == wanted
    share = prefix / "share"
    for script in ("bash-completion/completions/peakrig", "zsh/site-functions/_peakrig",
                   "fish/vendor_completions.d/peakrig.fish"):
        assert "doctor" in (share / script).read_text(encoding="utf-8"), script
    schemas = {path.name for path in (share / "peakrig").glob("*.schema.json")}
    assert "scenario.schema.json" in schemas, schemas


def check_documents(prefix, source):
    doc = prefix / "share/doc/peakrig"
    for name in ("README.md", "README.zh-CN.md", "CHANGELOG.md", "CONTRIBUTING.md", "HACKING.md", "SECURITY.md", "LICENSE"):
        assert (doc / name).is_file(), f"{name} is not installed"
    for page in (source / "docs").rglob("*.md"):
        assert (doc / "docs" / page.relative_to(source / "docs")).is_file(), f"{page} is not installed"
    for page in [*doc.glob("README*.md"), *(doc / "docs").rglob("*.md")]:
        for target in LINK.findall(page.read_text(encoding="utf-8")):
            if re.match(r"[\w./-]+\.(md|png|svg)$", target):
                assert (page.parent / target).resolve().is_file(), f"{page}: no {target}"


def check_scenarios(prefix, work):
    scenarios = sorted((prefix / "share/peakrig/scenarios").glob("*.cfg"))
    assert len(scenarios) >= 5, scenarios
    run(prefix / "bin/peakrig", "schedule", prefix / "share/peakrig/scenarios/tv-peak-785.cfg", "-o",
        work / "schedule.csv")


def main():
    cmake, cc, build, source = sys.argv[1:]
    source = pathlib.Path(source)
    with tempfile.TemporaryDirectory(prefix="peakrig-install-") as folder:
        work = pathlib.Path(folder).resolve()
        run(cmake, "--install", build, "--prefix", work / "first")
        prefix = work / "moved" / "tree"  # the flags must not know where it was installed
        prefix.parent.mkdir()
        (work / "first").rename(prefix)
        found = [path.parent for path in prefix.rglob("peakrig-core.pc")]
        assert len(found) == 1, found
        env = {**os.environ, "PKG_CONFIG_PATH": str(found[0])}
        check_program(prefix, work, cc, source, env)
        check_headers(prefix, work, cc, source, env)
        check_man_pages(prefix)
        check_documents(prefix, source)
        check_scenarios(prefix, work)


if __name__ == "__main__":
    main()
