# SPDX-License-Identifier: GPL-3.0-or-later
"""Completion for zsh."""
import re

import kinds

HEAD = '''#compdef peakrig
# Made by cli/completion/make.py from the option tables of peakrig.

'''


def quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"


def described(text):
    """As _arguments and _describe take it: without what ends a description."""
    return re.sub(r"([\[\]:\\])", r"\\\1", text)


def action_of(value):
    if value.kind == "words":
        return f"_peakrig_{value.words}" + ("_open" if value.goes_on else "")
    return {"file": "_files", "folder": "_files -/", "program": "_command_names -e", "host": "_hosts",
            "user": "_users", "none": " "}[value.kind]


def specs_of(options):
    """One spec of _arguments an option; one with a value may be given again."""
    for o in options:
        value = kinds.value_of(o)
        tail = f"[{described(o.help)}]"
        if value is not None:
            tail += f":{described(o.operand)}:{action_of(value)}"
        sign = "=" if value is not None else ""
        again = "*" if value is not None else ""
        if o.letter:
            both = "" if again else f"(-{o.letter} --{o.name})"
            for name in (f"-{o.letter}" + ("+" if sign else ""), f"--{o.name}{sign}"):
                yield quoted(f"{again}{both}{name}{tail}")
        else:
            yield quoted(f"{again}--{o.name}{sign}{tail}")


def files_of(endings):
    return f'_files -g "*.({"|".join(endings)})(-.)"' if endings else "_files"


def operands_of(command):
    kind, what = kinds.operand_of(command)
    return {"files": [f"*:{command.operands or 'file'}:{files_of(what)}"] if kind == "files" else [],
            "folder": ["*:folder of a run:_files -/"],
            "words": [f"*:word:_peakrig_{what}"] if kind == "words" else [],
            "exchange": ["1:exchange:_peakrig_exchanges", f"2:SCENARIO:{files_of(what)}"] if kind == "exchange" else [],
            "none": [], "formula": []}[kind]


def arguments(indent, options, operands=()):
    lines = [f"{indent}_arguments -s -S :"]
    lines += [*specs_of(options), *[quoted(re.sub(r"(?<=:)([^:]*\|[^:]*)(?=:)", "operands", o)) for o in operands]]
    return f" \\\n{indent}    ".join(lines) + "\n"


def word_lists(lists):
    for name, words in lists.items():
        either = " ".join(map(quoted, words))
        yield (f"_peakrig_{name}()\n{{\n    compadd -- {either}\n}}\n\n"
               f"_peakrig_{name}_open()\n{{\n    compadd -S '' -- {either}\n}}\n\n")


def described_list(name, commands):
    pairs = " ".join(quoted(f"{described(c.name)}:{described(c.summary)}") for c in commands)
    return f"local -a {name}; {name}=({pairs})"


def case_of(command):
    if not command.formulas:
        return f"    {command.name})\n" + arguments("        ", command.options, operands_of(command)) + "        ;;\n"
    out = [f"    {command.name})\n        if (( CURRENT == 2 )); then\n            {described_list('formulas', command.formulas)}\n"
           "            _describe -t formulas formula formulas\n            return\n        fi\n        shift words\n"
           "        (( CURRENT-- ))\n        case $words[1] in\n"]
    for formula in command.formulas:
        out.append(f"        {formula.name})\n" + arguments("            ", formula.options) + "            ;;\n")
    return "".join(out) + "        esac\n        ;;\n"


def make(commands, lists):
    out = [HEAD, *word_lists(lists), "_peakrig()\n{\n    local curcontext=\"$curcontext\" state line\n"
           "    typeset -A opt_args\n    if (( CURRENT == 2 )); then\n",
           f"        {described_list('commands', commands)}\n        _describe -t commands command commands\n"
           "        return\n    fi\n    shift words\n    (( CURRENT-- ))\n    case $words[1] in\n"]
    out += [case_of(command) for command in commands]
    return "".join(out) + "    esac\n}\n\n_peakrig \"$@\"\n"
