# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads libconfig's syntax into Python values: an independent, small parser for tests.

Groups become dict, lists and arrays list, the others int, float, bool and str. @include is not read.
"""
import re

TOKEN = re.compile(r"""
    (?P<blank>\s+|//[^\n]*|\#[^\n]*|/\*.*?\*/)
  | (?P<string>"(?:[^"\\]|\\.)*")
  | (?P<number>[-+]?(?:0[xX][0-9a-fA-F]+L*|(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?L*))
  | (?P<name>[A-Za-z*][-A-Za-z0-9_*]*)
  | (?P<mark>[{}()\[\]=:;,])
""", re.X | re.S)
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", '"': '"', "\\": "\\"}


def tokens(text):
    at, found = 0, []
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"line {text.count(chr(10), 0, at) + 1}: {text[at:at + 20]!r}")
        if match.lastgroup != "blank":
            found.append((match.lastgroup, match.group()))
        at = match.end()
    return found


class Parser:
    def __init__(self, text):
        self.tokens = tokens(text)
        self.at = 0

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def take(self, *marks):
        kind, text = self.peek()
        if marks and text not in marks:
            raise ValueError(f"{text!r} where {marks} was expected")
        self.at += 1
        return kind, text

    def members(self, end):
        group = {}
        while self.peek()[1] != end:
            kind, name = self.take()
            if kind != "name":
                raise ValueError(f"{name!r} is no name")
            self.take("=", ":")
            group[name] = self.value()
            while self.peek()[1] in (";", ","):
                self.take()
        return group

    def elements(self, end):
        items = []
        while self.peek()[1] != end:
            items.append(self.value())
            if self.peek()[1] == ",":
                self.take()
        return items

    def value(self):
        kind, text = self.take()
        if kind == "string":
            value = re.sub(r"\\(.)", lambda m: ESCAPES.get(m.group(1), m.group(1)), text[1:-1])
            while self.peek()[0] == "string":  # neighbours are one string
                value += self.value()
            return value
        if kind == "number":
            digits = text.rstrip("L")
            if digits[:3].lower().lstrip("+-").startswith("0x"):
                return int(digits, 16)
            return int(digits) if re.fullmatch(r"[-+]?\d+", digits) else float(digits)
        if kind == "name" and text.lower() in ("true", "false"):
            return text.lower() == "true"
        end = {"{": "}", "(": ")", "[": "]"}.get(text)
        if end is None:
            raise ValueError(f"{text!r} is no value")
        made = self.members(end) if text == "{" else self.elements(end)
        self.take(end)
        return made


def read(text):
    """The root group of a file's text."""
    parser = Parser(text)
    group = parser.members("")
    if parser.peek()[0] != "end":
        raise ValueError(f"{parser.peek()[1]!r} behind the end")
    return group
