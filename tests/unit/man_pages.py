#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The man pages: every command has one, with every option and its meaning; peakrig.1 names all; and what formats them
has nothing to say against them.

usage: man_pages.py PEAKRIG FOLDER    FOLDER: what docs/man/make.py made
"""
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

PEAKRIG, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
OPTION = re.compile(r"^ {2}(?:-(\w), | {4})--([\w-]+)(?: (\S+))?(?: +(\S.*))?$", re.M)


def help_of(*words):
    return subprocess.run([PEAKRIG, *words, "--help"], capture_output=True, text=True, check=True).stdout


def commands():
    return re.findall(r"^  (\w+) ", help_of().split("Commands:")[1].split("\n\n")[0], re.M)


def text_of(name):
    """A page without its fonts."""
    text = (FOLDER / f"{name}.1").read_text(encoding="utf-8")
    return re.sub(r"\\f[BIRP]|\\&", "", text).replace("\\-", "-").replace("\\e", "\\")


class Pages(unittest.TestCase):
    def test_each_command_has_a_page_and_no_other(self):
        self.assertGreaterEqual(len(commands()), 13)
        self.assertEqual({path.stem for path in FOLDER.glob("*")}, {"peakrig", *(f"peakrig-{c}" for c in commands())})
        for command in commands():
            self.assertIn(f".BR peakrig-{command} (1)\n", text_of("peakrig"))

    def test_each_option_is_in_it(self):
        n = 0
        for command in commands():
            page, helped = text_of(f"peakrig-{command}"), help_of(command)
            usage = helped.partition("\n")[0].removeprefix("Usage: ")
            self.assertIn(f"\n.SH SYNOPSIS\n{usage}\n", page)
            for letter, name, operand, meaning in OPTION.findall(helped):
                n += 1
                left = (f"-{letter}, " if letter else "") + f"--{name}" + (f" {operand}" if operand else "")
                own = page.split(f"\n.TP\n{left}\n")
                self.assertEqual(len(own), 2, f"{command} --{name}")
                self.assertEqual(" ".join(own[1].split("\n.")[0].split()), " ".join(meaning.split()))
        self.assertGreater(n, 100)

    def test_each_formula_is_in_it(self):
        formulas = re.findall(r"^  ([\w-]+) ", help_of("erlang").split("Formulas:\n")[1].split("\n\n")[0], re.M)
        self.assertGreater(len(formulas), 10)
        page = text_of("peakrig-erlang")
        for formula in formulas:
            own = page.split(f".SS peakrig erlang {formula} ")[1].split("\n.SS ")[0]
            for _, name, _, meaning in OPTION.findall(help_of("erlang", formula)):
                self.assertRegex(own, rf"--{name}(?![\w-])")
                self.assertIn(meaning, own)

    def test_no_placeholder_is_left(self):
        for path in FOLDER.glob("*.1"):
            self.assertNotRegex(path.read_text(encoding="utf-8"), r"@[A-Z]+@")

    def lint(self, *words):
        for path in sorted(FOLDER.glob("*.1")):
            done = subprocess.run([*words, path], capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, done.stderr), (0, ""), path)
            yield path, done.stdout

    @unittest.skipIf(shutil.which("groff") is None, "skipped: groff is not installed")
    def test_groff(self):
        for _ in self.lint("groff", "-man", "-ww", "-Tutf8", "-z"):
            pass

    @unittest.skipIf(shutil.which("mandoc") is None, "skipped: mandoc is not installed (ci/setup --test)")
    def test_mandoc(self):
        for path, said in self.lint("mandoc", "-T", "lint", "-W", "warning"):
            self.assertEqual(said, "", path)

    @unittest.skipIf(shutil.which("man") is None, "skipped: man is not installed")
    def test_man_shows_it(self):
        for path in sorted(FOLDER.glob("*.1")):
            done = subprocess.run(["man", "-l", "--warnings", path], capture_output=True, text=True, check=False,
                                  env={"PATH": "/usr/bin:/bin", "MANPAGER": "cat", "MANWIDTH": "80", "LANG": "C.UTF-8"})
            self.assertEqual((done.returncode, done.stderr), (0, ""), path)
            self.assertIn("EXIT STATUS", done.stdout)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[3:])
