#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Help and calculator in each language: nothing is left in English, no line is wider than the terminal.

usage: languages_help.py PEAKRIG
"""
import re
import sys
import unittest

import terminal
from terminal import columns

PEAKRIG = sys.argv[1]
CHINESE = re.compile("[\u4e00-\u9fff]")


def run(*words, env=None, code=0):
    return terminal.run(PEAKRIG, words, code, env)


def on_terminal(width, *words):
    return terminal.on_terminal(width, [PEAKRIG, *words])


class Help(unittest.TestCase):
    """Each help and the calculator, in Chinese: nothing is left in English, nothing wider than a terminal."""
    # Values, files and names that a help quotes; FORM of what follows an option is in capitals.
    NAMES = re.compile(r"`[^`]*`|peakrig \w+|'[^']*'|\"[^\"]*\"|[\w/.<>-]*[._/<>=-][\w/.<>-]*|(?m:^ {2,}(?:-\w, )?(?:--)?[\w-]+ .*?(?= {2}|$))")

    @classmethod
    def setUpClass(cls):
        overview = run("--help").stdout
        commands = re.findall(r"^  (\w+) ", overview.split("Commands:")[1].split("\n\n")[0], re.M)
        formulas = re.findall(r"^  ([\w-]+) ", run("erlang", "--help").stdout.split("Formulas:\n")[1].split("\n\n")[0], re.M)
        assert len(commands) > 13 and len(formulas) > 10
        cls.asked = [(), *((name,) for name in commands), *(("erlang", name) for name in formulas)]

    def test_each_is_in_chinese(self):
        for words in self.asked:
            with self.subTest(" ".join(words)):
                english = run(*words, "--help").stdout
                text = run(*words, "--help", "--lang", "zh").stdout
                self.assertEqual(run("--lang", "zh", *words, "--help").stdout, text)
                self.assertEqual(run(*words, "--help", env={"LANG": "zh_CN.UTF-8"}).stdout, text)
                self.assertNotRegex(english, CHINESE)
                # the same options, one a line, each with a meaning in Chinese
                options = [re.findall(r"(?m)^ +(?:-\w, )?--[\w-]+(?: \S+)?", said) for said in (english, text)]
                self.assertEqual(*options)
                for line in text.split("\n"):
                    if "[OPTIONS]" in line or "来源：" in line or line.startswith(("  peakrig ", "用法：peakrig")):
                        continue  # a usage, a book, a command to copy
                    self.assertNotRegex(self.NAMES.sub(" ", line), r"(?:\b[a-z]{2,}\b[ ,:]+)\b[a-z]{2,}\b")
                    if line.startswith("  ") and "  " in line.strip() and not re.search(r"--version|circuits_exact", line):
                        self.assertRegex(line, CHINESE.pattern + "|erlang$")

    def test_what_is_a_number_is_called_one(self):
        # a scenario's "agents" are groups (坐席组), the calculator's are a number
        for formula in ("a", "c", "mmck"):
            with self.subTest(formula):
                self.assertRegex(run("erlang", formula, "--help", "--lang", "zh").stdout, r"(?m)^ +--agents N +坐席数 ")

    def test_an_unknown_language_behind_help_is_refused(self):
        for words in (("--help", "--lang", "fr"), ("run", "--help", "--lang=fr"), ("erlang", "b", "--help", "--lang", "fr")):
            self.assertIn("en, zh", run(*words, code=2).stderr)

    def test_no_line_is_wider_than_the_terminal(self):
        for words in self.asked:
            for language, width in (("en", 80), ("zh", 80), ("en", 42), ("zh", 50)):
                with self.subTest(" ".join(words), language=language, width=width):
                    asked = ("--lang", language, *words, "--help")
                    text, whole = on_terminal(width, *asked), run(*asked).stdout
                    self.assertEqual(re.sub(r"\s", "", text), re.sub(r"\s", "", whole))
                    for line in text.split("\n"):
                        if not line.startswith("  peakrig "):  # a command to copy is not broken
                            self.assertLessEqual(columns(line), width, line)

    def test_the_calculator(self):
        for words in (("b", "10", "--circuits", "12"), ("extended", "10", "-n", "12", "-r", "0.5"), ("c", "10", "--agents", "12", "--aht", "180"),
                      ("a", "10", "--agents", "12", "--aht", "180", "--patience", "60"), ("kaufman", "10:1", "3:2", "--circuits", "20"),
                      ("engset", "100", "--offered", "10", "--circuits", "12"), ("gi", "10", "--circuits", "12", "--gap-cv", "2"),
                      ("overflow", "10", "12", "--circuits", "4"), ("wilkinson", "10", "20", "--circuits", "12"),
                      ("mmck", "10", "--agents", "12", "--places", "20", "--aht", "180"), ("hayward", "10", "-n", "12", "-z", "2")):
            with self.subTest(words[0]):
                english, text = run("erlang", *words).stdout, run("erlang", *words, "--lang", "zh").stdout
                said = [re.findall(r"(?m)^(\w+) +(\S+) +(\S.*)$", one) for one in (english, text)]
                self.assertGreater(len(said[0]), 0)
                self.assertEqual(*([row[:2] for row in one] for one in said))
                for _, _, meaning in said[1]:
                    self.assertRegex(meaning, CHINESE)
                self.assertEqual(run("erlang", *words, "--json", "--lang", "zh").stdout, run("erlang", *words, "--json").stdout)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
