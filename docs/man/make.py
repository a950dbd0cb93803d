#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the man page peakrig.1 from the program's own help.

Usage: make.py PEAKRIG TEMPLATE OUTPUT SCENARIOS DOCS

PEAKRIG --help names the commands, PEAKRIG COMMAND --help their options, PEAKRIG erlang --help the
formulas. What no help says (files, environment, examples) stands in TEMPLATE; the commands replace
its line @COMMANDS@, the version @VERSION@, the folders @SCENARIOS@ and @DOCS@. A command that the help names, and whose own help cannot
be read, fails the build.
"""
import os
import re
import subprocess
import sys

OPTION = re.compile(r"^ {2}(?:-(?P<letter>\w), | {4})--(?P<name>[\w-]+)(?: (?P<operand>\S+))?"
                    r"(?: +(?P<help>\S.*))?$")


def help_of(program, *words):
    """What `program words.. --help` prints."""
    done = subprocess.run([program, *words, "--help"], capture_output=True, text=True, check=False)
    if done.returncode != 0 or not done.stdout.startswith("Usage: peakrig"):
        sys.exit(f"make.py: {' '.join(words)} --help: exit code {done.returncode}, no usage:\n"
                 f"{done.stdout}{done.stderr}")
    return done.stdout


def names_in(text, heading):
    """The first words of the indented lines below a heading."""
    lines = text.splitlines()
    if heading not in lines:
        sys.exit(f'make.py: the help has no line "{heading}"')
    names = []
    for line in lines[lines.index(heading) + 1:]:
        if not line.startswith("  "):
            break
        names.append(line.split()[0])
    return names


def escaped(text):
    """Text as roff prints it unchanged."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^([.'])", r"\\&\1", text)


def paragraph(lines):
    """A block of lines: filled, or as it stands when it is indented (an example, a table)."""
    if all(line.startswith(" ") for line in lines):
        return [".RS 4", ".nf", *[escaped(line[2:]) for line in lines], ".fi", ".RE"]
    return [*[escaped(line) for line in lines]]


def option(match):
    """An option as a tagged paragraph."""
    letter = f"\\fB\\-{match['letter']}\\fR, " if match["letter"] else ""
    operand = f" \\fI{escaped(match['operand'])}\\fR" if match["operand"] else ""
    return [".TP", f"{letter}\\fB\\-\\-{escaped(match['name'])}\\fR{operand}",
            escaped(match["help"] or "")]


def body(text):
    """The help below its usage line, as roff."""
    out = []
    block = []

    def flush():
        if block:
            out.extend([".PP", *paragraph(block)])
            block.clear()

    in_options = False
    for line in text.splitlines():
        match = OPTION.match(line)
        if in_options and match:
            out.extend(option(match))
            continue
        if line == "Options:":
            flush()
            in_options = True
        elif line == "":
            flush()
            in_options = False
        else:
            if block and block[-1].startswith(" ") != line.startswith(" "):
                flush()
            block.append(line)
    flush()
    return out


def section(program, *words):
    """A command, or one formula of the calculator, with all that its help says."""
    text = help_of(program, *words)
    usage, _, rest = text.partition("\n")
    return [f".SS {escaped(usage.removeprefix('Usage: '))}", *body(rest)]


def main():
    program, template, output, scenarios, docs = sys.argv[1:]
    commands = names_in(help_of(program), "Commands:")
    lines = []
    for command in commands:
        lines += section(program, command)
        if command == "erlang":
            for formula in names_in(help_of(program, "erlang"), "Formulas:"):
                lines += section(program, "erlang", formula)
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    with open(template, encoding="utf-8") as file:
        page = file.read()
    page = page.replace("@VERSION@", version.stdout.split()[1])
    page = page.replace("@SCENARIOS@", escaped(scenarios)).replace("@DOCS@", escaped(docs))
    page = page.replace("@COMMANDS@\n", "\n".join(lines) + "\n")
    with open(output + ".part", "w", encoding="utf-8") as file:
        file.write(page)
    os.replace(output + ".part", output)


if __name__ == "__main__":
    main()
