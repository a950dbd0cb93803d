# SPDX-License-Identifier: GPL-3.0-or-later
"""Completion for fish."""
import kinds

HEAD = '''# fish completion of peakrig. Made by cli/completion/make.py from its option tables.

function __peakrig_is # COMMAND [FORMULA]: the words before the one that is typed begin so
    set -l words (commandline -opc)
    set -e words[1]
    test (count $words) -ge (count $argv); or return 1
    test "$words[1]" = "$argv[1]"; or return 1
    test (count $argv) -lt 2; or test "$words[2]" = "$argv[2]"
end

function __peakrig_has_only # N words
    test (count (commandline -opc)) -eq $argv[1]
end

function __peakrig_has_exchange
    for word in (commandline -opc)
        contains -- $word (__peakrig_exchanges); and return 0
    end
    return 1
end

'''


def quoted(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def word_lists(lists):
    for name, words in lists.items():
        yield f"function __peakrig_{name}\n    printf '%s\\n' {' '.join(map(quoted, words))}\nend\n\n"


def action_of(value):
    if value.kind == "words":
        return f"-x -a '(__peakrig_{value.words})'"
    return {"file": "-r -F", "folder": "-x -a '(__fish_complete_directories)'", "program": "-x -a '(__fish_complete_command)'",
            "host": "-x -a '(__fish_print_hostnames)'", "user": "-x -a '(__fish_complete_users)'", "none": "-x"}[value.kind]


def line(condition, rest):
    return f"complete -c peakrig -n {quoted(condition)} {rest}\n"


def options_of(condition, options):
    for o in options:
        value = kinds.value_of(o)
        letter = f" -s {o.letter}" if o.letter else ""
        action = "" if value is None else f" {action_of(value)}"
        yield line(condition, f"-l {o.name}{letter}{action} -d {quoted(o.help)}")


def operands_of(command):
    kind, what = kinds.operand_of(command)
    condition = f"__peakrig_is {command.name}"
    if kind == "files":
        for ending in what:
            yield line(condition, f"-k -a '(__fish_complete_suffix .{ending})'")
        if not what:
            yield line(condition, "-F")
    elif kind == "folder":
        yield line(condition, "-a '(__fish_complete_directories)'")
    elif kind == "words":
        yield line(condition, f"-a '(__peakrig_{what})'")
    elif kind == "exchange":
        yield line(f"{condition}; and not __peakrig_has_exchange", "-a '(__peakrig_exchanges)'")
        for ending in what:
            yield line(f"{condition}; and __peakrig_has_exchange", f"-k -a '(__fish_complete_suffix .{ending})'")


def make(commands, lists):
    out = [HEAD, *word_lists(lists), "complete -c peakrig -f\n"]
    for command in commands:
        out.append(line("__peakrig_has_only 1", f"-a {command.name} -d {quoted(command.summary)}"))
    for command in commands:
        out += options_of(f"__peakrig_is {command.name}", command.options)
        out += operands_of(command)
        for formula in command.formulas:
            out.append(line(f"__peakrig_is {command.name}; and __peakrig_has_only 2",
                            f"-a {quoted(formula.name)} -d {quoted(formula.summary)}"))
            out += options_of(f"__peakrig_is {command.name} {formula.name}", formula.options)
    return "".join(out)
