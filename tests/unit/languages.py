#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Languages: no text of the sources is without its translation; what is chosen, by whatever means; tables that stand
straight; a machine without any locale.

usage: languages.py SOURCE_DIR PEAKRIG
"""
import filecmp
import fcntl
import os
import pathlib
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
import unicodedata
import unittest

SOURCE, PEAKRIG = pathlib.Path(sys.argv[1]), sys.argv[2]
LANGUAGES = SOURCE / "languages"
DOMAINS = ("words", "sentences")
SCENARIO = str(SOURCE / "scenarios" / "tv-peak-785.cfg")
FEW = ("--replications", "3", "--set", "traffic.duration_s=60")
CHINESE = re.compile("[\u4e00-\u9fff]")
NO_LOCALE = {"PATH": os.environ["PATH"], "LOCPATH": "/nonexistent", "HOME": "/nonexistent"}


def columns(text):
    """Columns of a terminal, by Python's own tables."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)


def run(*words, env=None, code=0):
    done = subprocess.run([PEAKRIG, *words], capture_output=True, text=True, env={**NO_LOCALE, **(env or {})})
    assert done.returncode == code, (words, env, done.returncode, done.stderr)
    return done


def predict(*words, env=None):
    return run("predict", SCENARIO, *FEW, *words, env=env).stdout


def on_terminal(width, *words):
    """What a command prints on a terminal of so many columns."""
    pid, fd = pty.fork()
    if pid == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
        os.dup2(os.open("/dev/null", os.O_WRONLY), 2)
        os.execve(PEAKRIG, [PEAKRIG, *words], NO_LOCALE)
    text = b""
    while True:
        try:
            more = os.read(fd, 65536)
        except OSError:
            break
        if not more:
            break
        text += more
    os.close(fd)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    return text.decode().replace("\r\n", "\n")


def tables(text):
    """Rows of each table: lines with columns that follow one another."""
    found, rows = [], []
    for line in [*text.split("\n"), ""]:
        if "|" in line or "-+-" in line:
            rows.append(line)
        elif rows:
            found.append(rows)
            rows = []
    return found


def bars(line):
    return [columns(line[:m.start()]) for m in re.finditer(r"[|+]", line)]


class Catalogues(unittest.TestCase):
    def test_they_are_of_these_sources(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([SOURCE / "ci" / "languages", folder], check=True)
            for domain in DOMAINS:
                self.assertTrue(filecmp.cmp(f"{folder}/{domain}.pot", LANGUAGES / f"{domain}.pot", False),
                                f"languages/{domain}.pot is not of these sources: run ci/languages")

    def test_each_text_has_its_translation(self):
        for domain in DOMAINS:
            po = LANGUAGES / f"{domain}.zh.po"
            for kind in ("--untranslated", "--only-fuzzy", "--only-obsolete"):
                left = subprocess.run(["msgattrib", kind, po], capture_output=True, text=True, check=True).stdout
                self.assertEqual(left, "", f"{po}: {kind}")
            self.assertEqual(self.originals(po), self.originals(LANGUAGES / f"{domain}.pot"))

    @staticmethod
    def originals(path):
        """The texts, one a line of msgcat's own form."""
        text = subprocess.run(["msgcat", "--no-location", "--no-wrap", "--sort-output", path], capture_output=True, text=True,
                              check=True).stdout
        return re.findall(r"^msgid(?:_plural)? .*(?:\n\".*)*", text, re.M)[1:]

    def test_the_conversions_are_the_same(self):
        for domain in DOMAINS:
            subprocess.run(["msgfmt", "--check", "-o", "/dev/null", LANGUAGES / f"{domain}.zh.po"], check=True)

    def test_a_text_without_translation_is_seen(self):
        with tempfile.TemporaryDirectory() as folder:
            text = (LANGUAGES / "words.zh.po").read_text().replace('msgid "queue"\nmsgstr "队列"', 'msgid "queue"\nmsgstr ""')
            path = pathlib.Path(folder) / "words.zh.po"
            path.write_text(text)
            left = subprocess.run(["msgattrib", "--untranslated", path], capture_output=True, text=True, check=True).stdout
            self.assertIn('msgid "queue"', left)


class Choice(unittest.TestCase):
    def test_what_is_chosen(self):
        for words, env, is_chinese in (
                ((), {}, False), ((), {"LANG": "zh_CN.UTF-8"}, True), ((), {"LC_MESSAGES": "zh_CN.UTF-8", "LANG": "C"}, True),
                ((), {"LC_ALL": "C", "LC_MESSAGES": "zh_CN.UTF-8"}, False), ((), {"LANG": "zh_CN.GB18030"}, False),
                ((), {"LANG": "fr_FR.UTF-8"}, False), (("--lang", "zh"), {}, True), (("--lang=zh",), {"LC_ALL": "C"}, True),
                (("--lang", "en"), {"LANG": "zh_CN.UTF-8"}, False), (("--lang", "zh", "--lang", "en"), {}, False)):
            with self.subTest(words=words, env=env):
                text = predict(*words, env=env)
                self.assertEqual(bool(CHINESE.search(text)), is_chinese, text)
        self.assertRegex(run("--lang", "zh", "predict", SCENARIO, *FEW).stdout, CHINESE)
        self.assertRegex(run("--lang=zh", "predict", SCENARIO, *FEW).stdout, CHINESE)

    def test_an_unknown_one_is_refused(self):
        for words in (("predict", SCENARIO, "--lang", "fr"), ("--lang", "fr", "predict", SCENARIO),
                      ("predict", SCENARIO, "--lang", ""), ("predict", SCENARIO, "--lang=zh_CN"), ("--lang",)):
            done = run(*words, code=2)
            self.assertEqual(done.stdout, "")
            self.assertIn("--lang: ", done.stderr)
            self.assertIn("en, zh", done.stderr)
        self.assertIn("expected LANG", run("predict", SCENARIO, "--lang", code=2).stderr)

    def test_machines_are_spoken_to_in_english(self):
        for words in (("predict", SCENARIO, *FEW, "--json"), ("schedule", SCENARIO, "-o", "-"), ("keys", "queue.capacity")):
            self.assertEqual(run(*words, "--lang", "zh").stdout, run(*words).stdout)
        wrong = ("predict", SCENARIO, "--set", "ivr.ports=none")
        self.assertEqual(run(*wrong, "--lang", "zh", code=2).stderr, run(*wrong, code=2).stderr)


class Tables(unittest.TestCase):
    CASES = {"predict": ("predict", SCENARIO, *FEW),
             "carriers": ("predict", str(SOURCE / "scenarios" / "two-carriers.cfg"), *FEW),
             "agents": ("predict", str(SOURCE / "scenarios" / "skills-vip.cfg"), *FEW)}

    def test_columns_stand_straight(self):
        n = 0
        for name, words in self.CASES.items():
            for language in ("en", "zh"):
                for rows in tables(run(*words, "--lang", language).stdout):
                    with self.subTest(name, language=language):
                        self.assertEqual({tuple(bars(row)) for row in rows}, {tuple(bars(rows[0]))}, "\n".join(rows))
                        n += 1
        self.assertGreaterEqual(n, 8)

    def test_no_line_is_wider_than_the_terminal(self):
        for words in self.CASES.values():
            for width in (80, 60):
                text = on_terminal(width, *words, "--lang", "zh")
                self.assertRegex(text, CHINESE)
                for line in text.split("\n"):
                    if "|" not in line and "-+-" not in line:
                        self.assertLessEqual(columns(line), width, line)
                    elif width == 80:
                        self.assertLessEqual(columns(line), 80, line)

    def test_wrapping_loses_nothing(self):
        whole = predict("--lang", "zh")
        text = on_terminal(60, "predict", SCENARIO, *FEW, "--lang", "zh")
        self.assertEqual(re.sub(r"\s", "", text), re.sub(r"\s", "", whole))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
