# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands and options of peakrig as its own help says them, which is printed from the program's tables: for man pages
and for completion in shells. A help that cannot be read ends the program that asked.
"""
import collections
import os
import re
import subprocess
import sys

OPTION = re.compile(r"^ {2}(?:-(?P<letter>\w), | {4})--(?P<name>[\w-]+)(?: (?P<operand>\S+))?"
                    r"(?: +(?P<help>\S.*))?$")

# letter, operand: "" where there is none
Option = collections.namedtuple("Option", "letter name operand help")
# usage: "run [OPTIONS] SCENARIO"; text: the help below its usage line; formulas: of erlang, Commands again
Command = collections.namedtuple("Command", "name usage operands summary text options formulas")


def help_of(program, *words):
    """What `program words.. --help` prints."""
    done = subprocess.run([program, *words, "--help"], capture_output=True, text=True, check=False,
                          env={**os.environ, "LC_ALL": "C"})  # in English, whoever builds
    if done.returncode != 0 or not done.stdout.startswith("Usage: peakrig"):
        sys.exit(f"{' '.join(words)} --help: exit code {done.returncode}, no usage:\n{done.stdout}{done.stderr}")
    return done.stdout


def listed(text, heading):
    """(name, meaning) of the indented lines below a heading; columns are two blanks or more apart."""
    lines = text.splitlines()
    if heading not in lines:
        sys.exit(f'the help has no line "{heading}"')
    found = []
    for line in lines[lines.index(heading) + 1:]:
        if not line.startswith("  "):
            break
        columns = re.split(r"  +", line.strip())
        name = columns[0].split()[0]
        found.append((name, columns[-1] if len(columns) > 1 else ""))
    return found


def options_in(text):
    """Every option that a help lists; -h, which all have, is the last."""
    matches = filter(None, map(OPTION.match, text.splitlines()))
    return [Option(m["letter"] or "", m["name"], m["operand"] or "", m["help"] or "") for m in matches]


def read_one(program, name, summary, *words, formulas=()):
    usage, _, text = help_of(program, *words).partition("\n")
    usage = usage.removeprefix("Usage: peakrig ")
    operands = usage.removeprefix(" ".join(words)).replace("[OPTIONS]", "").strip()
    return Command(name, usage, operands, summary, text, options_in(text), formulas)


def read(program):
    """All commands, in the order of the help."""
    found = []
    for name, summary in listed(help_of(program), "Commands:"):
        formulas = ()
        if name == "erlang":
            formulas = [read_one(program, formula, meaning, "erlang", formula)
                        for formula, meaning in listed(help_of(program, "erlang"), "Formulas:")]
        found.append(read_one(program, name, summary, name, formulas=formulas))
    return found


def version_of(program):
    return subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
