#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A new key of a scenario is one row and its use: new_key.patch, two files. Applied to a copy of the
sources, and nothing else changed, reader, writer, checks, --set, documents and JSON Schema know the key.

usage: new_key.py SOURCE COMPILER
"""
import concurrent.futures
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import jsonschema

import libconfig_file

SOURCE, COMPILER = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
PATCH = SOURCE / "tests" / "unit" / "new_key.patch"
ROOMS = ["core", "settings", "scenarios"]


def run(*words, **more):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, **more)


def copy_sources(to):
    for room in ROOMS + ["ci", "languages"]:
        shutil.copytree(SOURCE / room, to / room)
    for name in ["docs/scenario.md", "docs/scenario.schema.json", "tests/unit/scenario_tool.c"]:
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(SOURCE / name, to / name)


def build(root):
    """The tool of the tests, with the rooms that it needs."""
    flags = run("pkg-config", "--cflags", "libconfig", "gsl", "nettle").stdout.split()
    libraries = run("pkg-config", "--libs", "libconfig", "gsl", "nettle").stdout.split()
    for po in (root / "languages").glob("*.po"):
        run("msgfmt", "--endianness=little", po, "-o", po.with_suffix(".mo"), check=True)
    files = [path for room in ROOMS for path in sorted((root / room).rglob("*.[cS]"))] + [root / "tests/unit/scenario_tool.c"]

    def compiled(path):
        to = path.with_suffix(".o")
        done = run(COMPILER, "-std=gnu11", "-O0", "-D_GNU_SOURCE", f"-I{root}", *flags, "-c", path, "-o", to)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return to

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        objects = list(pool.map(compiled, files))
    done = run(COMPILER, *objects, "-o", root / "tool", *libraries, "-lm")
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return root / "tool"


class NewKey(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="peakrig-new-key-")
        cls.root = pathlib.Path(cls.folder.name)
        copy_sources(cls.root)
        done = run("patch", "-p1", "-d", cls.root, "-i", PATCH)
        if done.returncode != 0:
            raise RuntimeError(f"{PATCH} does not fit any more: {done.stdout}")
        cls.tool = build(cls.root)
        cls.scenario = cls.root / "scenarios" / "tv-peak-785.cfg"

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def read(self, *overrides):
        return run(self.tool, "read", input="\t".join([str(self.scenario), *overrides]) + "\n", check=True).stdout

    def test_one_row_and_its_use(self):
        self.assertEqual(re.findall(r"^\+\+\+ b/(\S+)", PATCH.read_text(), re.M),
                         ["scenarios/keys/traffic.def", "scenarios/rate.c"])
        rows = re.findall(r"^\+KEY_", PATCH.read_text(), re.M)
        self.assertEqual(len(rows), 1)

    def test_reader_and_use(self):
        calls = [float(self.read(*sets).split()[1]) for sets in [(), ("traffic.rate_factor=2",), ("traffic.rate_factor=1",)]]
        self.assertAlmostEqual(calls[1], 2 * calls[0], places=3)
        self.assertEqual(calls[2], calls[0])

    def test_checks(self):
        for value, message in [("0", "traffic.rate_factor: 0 is out of range; expected a number in (0, 1000]"),
                               ("1001", "traffic.rate_factor: 1001 is out of range; expected a number in (0, 1000]"),
                               ("big", "traffic.rate_factor: is a string; expected a number in (0, 1000]")]:
            self.assertIn(message, self.read(f"traffic.rate_factor={value}"))

    def test_set(self):
        self.assertIn("did you mean rate_factor?", self.read("traffic.rate_facto=2"))
        self.assertIn("did you mean traffic.rate_factor?", self.read("rate_factor=2"))
        self.assertIn("traffic.rate_factor", run(self.tool, "keys", "--names").stdout.split())

    def test_writer(self):
        copy = self.root / "copy.cfg"
        for sets, value in [((), 1.0), (("traffic.rate_factor=2.5",), 2.5)]:
            self.assertEqual(run(self.tool, "write", self.scenario, copy, *sets).returncode, 0)
            tree = libconfig_file.read(copy.read_text())
            self.assertEqual(tree["traffic"]["rate_factor"], value)
            again = self.root / "again.cfg"
            self.assertEqual(run(self.tool, "write", copy, again).returncode, 0)
            self.assertEqual(copy.read_text(), again.read_text())

    def test_documents(self):
        words = [sys.executable, self.root / "ci" / "scenario-docs", "--root", self.root, self.tool]
        before = run(*words, "--check")
        self.assertEqual(before.returncode, 1, "the page lacks the key, and nobody says so")
        self.assertIn("rate_factor", before.stdout)
        self.assertEqual(run(*words).returncode, 0)
        self.assertEqual(run(*words, "--check").returncode, 0)
        page = (self.root / "docs" / "scenario.md").read_text()
        self.assertIn("| `rate_factor` | number over 0, up to 1000 | 1 | the rate of the points is multiplied by this; "
                      "since 0.2.0 |", page)

    def test_schema(self):
        validator = jsonschema.Draft202012Validator(json.loads(run(self.tool, "keys", "--schema").stdout))
        tree = libconfig_file.read(self.scenario.read_text())
        for value, fits in [(2, True), (1000, True), (1000.5, False), (0, False), ("x", False)]:
            tree["traffic"]["rate_factor"] = value
            self.assertEqual(validator.is_valid(tree), fits, value)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
