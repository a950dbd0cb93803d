#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/scenario.schema.json really describes scenarios: those that are shipped fit it, and where a single
value is wrong it and the reader agree.

usage: scenario_schema.py SCENARIO_TOOL SOURCE
"""
import copy
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import jsonschema

import libconfig_file

TOOL, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
SCHEMA = json.loads((SOURCE / "docs" / "scenario.schema.json").read_text())
# Put in the place of each value: wrong for most, right for some.
VALUES = [-1, 1.5, 2_000_000_001, 1e12 + 0.5, "a b", True, [], {}]


def load(name):
    return libconfig_file.read((SOURCE / "scenarios" / name).read_text())


def walk(value, path=()):
    yield path, value
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else []
    for key, member in items:
        yield from walk(member, path + (key,))


def member(tree, path):
    for key in path:
        tree = tree[key]
    return tree


def text_of(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{" + "".join(f"{key} = {text_of(item)};\n" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "(" + ",\n".join(map(text_of, value)) + ")"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, int):
        return f"{value}L"
    return repr(value) if "." in repr(value) or "e" in repr(value) else f"{value!r}.0"


def everything():
    """everything.cfg, and the keys that exclude each other or need a far target."""
    tree = load("everything.cfg")
    tree["callers"]["auth"] = {"user": "alice", "password": "secret"}
    tree["callers"]["dtmf"] = {"digits": "1#A", "after_s": 2.5}
    tree["queue"]["poll_s"], tree["queue"]["retry_s"] = 1.0, 2.0
    tree["agents"][0]["register"] = {"first_user": "1001", "registrar": "192.0.2.30:5060", "domain": "centre.example",
                                     "expires_s": 60}
    tree["load"] = {"workers": 3, "local": ["127.0.0.2:20000-20999"]}
    return tree


def variants(tree):
    """Each value replaced by others, each key left out, each group with a key too much."""
    for path, value in list(walk(tree)):
        if not path:
            continue
        for other in VALUES:
            made = copy.deepcopy(tree)
            member(made, path[:-1])[path[-1]] = other
            yield path, other, made
        if isinstance(path[-1], str):
            made = copy.deepcopy(tree)
            del member(made, path[:-1])[path[-1]]
            yield path, "left out", made
        if isinstance(value, dict):
            made = copy.deepcopy(tree)
            member(made, path)["colour"] = 3
            yield path, "with a colour", made


class Schema(unittest.TestCase):
    validator = jsonschema.Draft202012Validator(SCHEMA)

    @classmethod
    def setUpClass(cls):
        """What schema and reader say of each variant: (path, what, whether it fits, the reader's line)."""
        cases = list(variants(everything()))
        with tempfile.TemporaryDirectory() as folder:
            names = [f"{folder}/{i}.cfg" for i in range(len(cases))]
            for name, (_, _, tree) in zip(names, cases):
                pathlib.Path(name).write_text(text_of(tree)[1:-1])
            lines = subprocess.run([TOOL, "read"], input="".join(f"{name}\n" for name in names), check=True,
                                   capture_output=True, text=True).stdout.splitlines()
        assert len(lines) == len(cases)
        cls.told = [(path, what, cls.validator.is_valid(tree), line) for (path, what, tree), line in zip(cases, lines)]

    def test_it_is_a_schema(self):
        jsonschema.Draft202012Validator.check_schema(SCHEMA)

    def test_what_is_shipped_fits(self):
        shipped = sorted((SOURCE / "scenarios").glob("*.cfg"))
        self.assertGreater(len(shipped), 7)
        for path in shipped:
            wrong = [f"{path.name}: {e.json_path}: {e.message}" for e in self.validator.iter_errors(load(path.name))]
            self.assertEqual(wrong, [])

    def test_a_resolved_copy_fits(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ["everything.cfg", "tv-peak-785.cfg", "two-carriers.cfg"]:
                subprocess.run([TOOL, "write", SOURCE / "scenarios" / name, f"{folder}/copy.cfg"], check=True)
                tree = libconfig_file.read(pathlib.Path(f"{folder}/copy.cfg").read_text())
                self.assertEqual(list(self.validator.iter_errors(tree)), [])

    def test_what_it_refuses_the_reader_refuses(self):
        for path, what, fits, line in self.told:
            if not fits:
                self.assertFalse(line.startswith("ok "), f"{path} {what!r}: the schema refuses what the reader takes")
        self.assertGreater(sum(fits for _, _, fits, _ in self.told), 50)

    def test_a_single_wrong_value_is_refused_by_both(self):
        """Where the reader speaks of a type, a range, a word or an unknown key, the schema says no."""
        signs = ["is out of range", "is not known", ": unknown key", "expected a whole number", "expected true or false",
                 "expected a list ( )", "expected a group { }", "a string in double quotes"]
        n = 0
        for path, what, fits, line in self.told:
            if any(sign in line for sign in signs) and '"uniform"' not in line:  # a rule on two keys
                n += 1
                self.assertFalse(fits, f"{path} {what!r}: the schema takes it; {line}")
        self.assertGreater(n, 500)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
