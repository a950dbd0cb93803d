# SPDX-License-Identifier: GPL-3.0-or-later
"""Completion for bash."""
import shlex

import kinds

HEAD = '''# bash completion of peakrig. Made by cli/completion/make.py from its option tables.

_peakrig_words()
{
    local word="$1" IFS=$'\\n'
    shift
    COMPREPLY=($(compgen -W "$*" -- "$word"))
}

_peakrig_open() # words behind which a value goes on
{
    _peakrig_words "$@"
    compopt -o nospace 2>/dev/null
}

_peakrig_files() # those with one of these endings, and folders
{
    local word="$1" ending IFS=$'\\n'
    shift
    [ "$#" -gt 0 ] || COMPREPLY=($(compgen -f -- "$word"))
    for ending in "$@"; do
        COMPREPLY+=($(compgen -f -X "!*.$ending" -- "$word"))
    done
    [ "$#" -eq 0 ] || COMPREPLY+=($(compgen -d -- "$word"))
    compopt -o filenames 2>/dev/null
}

_peakrig_folders()
{
    local IFS=$'\\n'
    COMPREPLY=($(compgen -d -- "$1"))
    compopt -o filenames 2>/dev/null
}

_peakrig()
{
    local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD - 1]}" command="${COMP_WORDS[1]}" given
    COMPREPLY=()
    if [ "$word" = "=" ]; then # bash takes "=" for a word
        word=""
    elif [ "$before" = "=" ]; then
        before="${COMP_WORDS[COMP_CWORD - 2]}"
    fi
'''


def quoted(words):
    return " ".join(map(shlex.quote, words))


def action_of(value, lists):
    if value.kind == "words":
        return f'_peakrig_{"open" if value.goes_on else "words"} "$word" {quoted(lists[value.words])}'
    return {"file": '_peakrig_files "$word"', "folder": '_peakrig_folders "$word"',
            "program": 'COMPREPLY=($(compgen -c -- "$word"))', "host": 'COMPREPLY=($(compgen -A hostname -- "$word"))',
            "user": 'COMPREPLY=($(compgen -u -- "$word"))', "none": ":"}[value.kind]


def names_of(options):
    return [name for o in options for name in ([f"-{o.letter}"] if o.letter else []) + [f"--{o.name}"]]


def values_of(place, options, lists):
    """Cases on "PLACE OPTION": what an option's value may be."""
    for option in options:
        value = kinds.value_of(option)
        if value is not None:
            patterns = "|".join(shlex.quote(f"{place} {name}") for name in names_of([option]))
            yield f"        {patterns}) {action_of(value, lists)}; return ;;\n"


def operands_of(command, lists):
    kind, what = kinds.operand_of(command)
    if kind == "files":
        return f'_peakrig_files "$word" {quoted(what)}'
    if kind == "folder":
        return '_peakrig_folders "$word"'
    if kind == "words":
        return f'_peakrig_words "$word" {quoted(lists[what])}'
    if kind == "exchange":
        either = "|".join(lists["exchanges"])
        return (f'for given in "${{COMP_WORDS[@]:2:COMP_CWORD - 2}}"; do case "$given" in {either}) '
                f'_peakrig_files "$word" {quoted(what)}; return ;; esac; done\n'
                f'            _peakrig_words "$word" {quoted(lists["exchanges"])}')
    return ":"


def make(commands, lists):
    out = [HEAD, f'    [ "$before" != outcome ] || {{ _peakrig_words "$word" {quoted(lists["outcomes"])}; return; }}\n',
           f'    if [ "$COMP_CWORD" -eq 1 ]; then\n        _peakrig_words "$word" '
                 f'{quoted([c.name for c in commands] + ["--help", "--version"])}\n        return\n    fi\n',
           '    case "$command $before" in\n']
    for command in commands:
        out += values_of(command.name, command.options, lists)
    out.append('    esac\n    case "$command ${COMP_WORDS[2]} $before" in\n')
    for command in commands:
        for formula in command.formulas:
            out += values_of(f"{command.name} {formula.name}", formula.options, lists)
    out.append('    esac\n    case "$command" in\n')
    for command in commands:
        if command.formulas:
            out.append(f'    {command.name})\n        if [ "$COMP_CWORD" -eq 2 ]; then\n            _peakrig_words "$word" '
                       f'{quoted([f.name for f in command.formulas] + ["--help"])}\n            return\n        fi\n'
                       f'        case "${{COMP_WORDS[2]}}" in\n')
            out += [f'        {f.name}) _peakrig_words "$word" {quoted(names_of(f.options))} ;;\n' for f in command.formulas]
            out.append('        esac ;;\n')
            continue
        out.append(f'    {command.name})\n        case "$word" in\n        -*) _peakrig_words "$word" '
                   f'{quoted(names_of(command.options))} ;;\n        *)\n            {operands_of(command, lists)} ;;\n'
                   f'        esac ;;\n')
    out.append('    esac\n}\n\ncomplete -F _peakrig peakrig\n')
    return "".join(out)
