#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the man pages peakrig.1 and, for each command, peakrig-COMMAND.1 from the program's own help.

Usage: make.py PEAKRIG TEMPLATE FOLDER SCENARIOS DOCS

What no help says (files, environment, examples) stands in TEMPLATE, the page of peakrig; a list of the commands
replaces its line @COMMANDS@, version and date @VERSION@ and @DATE@, the folders @SCENARIOS@ and @DOCS@. The date is
SOURCE_DATE_EPOCH, or when the program was built. A command that the help names, and whose own help cannot be read,
fails the build.
"""
import os
import pathlib
import re
import sys
import textwrap
import time

import commands


def escaped(text):
    """Text as roff prints it unchanged."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^([.'])", r"\\&\1", text)


def filled(text):
    """Text that roff fills, in lines that are not long."""
    lines = textwrap.wrap(text.replace("\\", "\\e").replace("-", "\\-"), 78, break_long_words=False,
                          break_on_hyphens=False)
    return [re.sub(r"^([.'])", r"\\&\1", line) for line in lines]


def paragraph(lines):
    """A block of lines: filled, or as it stands when it is indented (an example, a table)."""
    if all(line.startswith(" ") for line in lines):
        return [".RS 4", ".nf", *[escaped(line[2:]) for line in lines], ".fi", ".RE"]
    return filled(" ".join(lines))


def option(o):
    """An option as a tagged paragraph."""
    letter = f"\\fB\\-{o.letter}\\fR, " if o.letter else ""
    operand = f" \\fI{escaped(o.operand)}\\fR" if o.operand else ""
    return [".TP", f"{letter}\\fB\\-\\-{escaped(o.name)}\\fR{operand}", *(filled(o.help) or ["\\&"])]


def blocks(text):
    """Blocks of lines that belong together: an empty line, or a change of indentation, ends one."""
    block = []
    for line in text.splitlines():
        if block and (line == "" or block[-1].startswith(" ") != line.startswith(" ")):
            yield block
            block = []
        if line != "":
            block.append(line)
    if block:
        yield block


def described(text, heading):
    """Text as paragraphs; options below "Options:" under a heading of their own, or in their place."""
    out, is_first = [], True
    for block in blocks(text):
        options = commands.options_in("\n".join(block))
        if block == ["Options:"]:
            out.append(heading)
            is_first = True
        elif options and len(options) == len(block):
            for o in options:
                out += option(o)
            is_first = False
        else:
            out += ([] if is_first else [".PP"]) + paragraph(block)
            is_first = False
    return out


def synopsis(usage):
    name, _, rest = usage.partition(" ")
    words = re.sub(r"[\w.-]*[A-Z][\w.-]*", lambda word: f"\\fI{word[0]}\\fR", escaped(rest))
    return f"\\fBpeakrig {escaped(name)}\\fR {words}".rstrip()


def page_of(command, head):
    lines = [f'.\\" Made by docs/man/make.py from `peakrig {command.name} --help`.',
             f'.TH PEAKRIG\\-{escaped(command.name.upper())} 1 {head}',
             ".SH NAME", f"peakrig\\-{escaped(command.name)} \\- {escaped(command.summary)}",
             ".SH SYNOPSIS", synopsis(command.usage),
             ".SH DESCRIPTION", *described(command.text, ".SH OPTIONS")]
    if command.formulas:
        lines.append(".SH FORMULAS")
    for formula in command.formulas:
        lines += [f".SS {escaped('peakrig ' + formula.usage)}", *described(formula.text, ".PP")]
    lines += [".SH EXIT STATUS", "As", ".BR peakrig (1)", "says.", ".SH SEE ALSO", ".BR peakrig (1)"]
    return "\n".join(lines) + "\n"


def write(path, text):
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)


def main():
    program, template, folder, scenarios, docs = sys.argv[1:]
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    built = int(os.environ.get("SOURCE_DATE_EPOCH") or os.stat(program).st_mtime)
    version, date = commands.version_of(program), time.strftime("%Y-%m-%d", time.gmtime(built))
    head = f'"{date}" "peakrig {version}" "User commands"'
    all_commands = commands.read(program)
    listed = []
    for command in all_commands:
        write(folder / f"peakrig-{command.name}.1", page_of(command, head))
        listed += [".TP", f".BR peakrig\\-{escaped(command.name)} (1)", escaped(command.summary)]
    page = pathlib.Path(template).read_text(encoding="utf-8")
    for name, text in (("VERSION", version), ("DATE", date), ("SCENARIOS", escaped(scenarios)), ("DOCS", escaped(docs))):
        page = page.replace(f"@{name}@", text)
    write(folder / "peakrig.1", page.replace("@COMMANDS@\n", "\n".join(listed) + "\n"))
    for old in folder.glob("peakrig-*.1"):  # of a command that is no more
        if old.stem not in {f"peakrig-{command.name}" for command in all_commands}:
            old.unlink()


if __name__ == "__main__":
    main()
