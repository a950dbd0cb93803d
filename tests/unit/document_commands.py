#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of the documents: each option that one names is of that command; and each that names no placeholder is done,
in the order of its page, with few simulated runs. A `run` is done up to its first call (--dry-run), a `target` until it is
ready. Done elsewhere: what the tutorial says (loopback.tutorial), the plan of a peak (unit.peak_plan), and `$ peakrig`
with what it prints below (unit.analyze_figures, theory.erlang_cli).

usage: document_commands.py SOURCE_DIR PEAKRIG
"""
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE, PEAKRIG = pathlib.Path(sys.argv[1]).resolve(), os.path.abspath(sys.argv[2])
FIXTURES = SOURCE / "tests" / "fixtures"
PAGES = sorted([*SOURCE.glob("*.md"), *SOURCE.glob("docs/*.md")])
ELSEWHERE = ("tutorial.md", "peak-plan.md", "CHANGELOG.md")
PROGRAM = re.compile(r"(?:\S*/)?peakrig$")
# What stands for something of the reader's, or for a part that is left out.
PLACEHOLDER = re.compile(r"^(?:[A-Z][A-Z_-]*(?:[.:=\[].*)?|.*\.\.\.?|\[.*|.*\]|\|.*|.*[=,][A-Z]+|.*(?<![\w.])N)$")
# Exit codes that are an answer: it depends on figures, of which so few runs say other ones than the page.
ANSWERS = {"plan": {0, 1, 3}, "compare": {0, 1}}
# Done nowhere, and why.
LEFT_OUT = {"my-centre.cfg --probe": "asks a centre that is the reader's", "scenario.cfg --probe": "the same",
            "callers.sipp_xml": "a scenario of SIPp that is the reader's", "peakrig doctor": "is of the machine: unit.doctor_cli",
            "--serve": "is served only by a run that plays: loopback.live", "history import": "takes what a pipeline left"}


def blocks(text):
    """Lines of the indented blocks, those that end in \\ joined with what follows."""
    inside = "\n".join(line[4:] if line.startswith("    ") else "" for line in text.split("\n"))
    return re.sub(r"\\\n\s*", " ", inside).split("\n")


def synopsis_of(lines, i):
    """A synopsis goes on in lines that are indented further."""
    while i + 1 < len(lines) and re.match(r" {8,}\[?-", lines[i + 1]):
        i += 1
        yield lines[i].strip()


def commands(page):
    """(words, exit code or None) of each peakrig on a page, in order."""
    text = page.read_text(encoding="utf-8")
    lines = blocks(text)
    found = []
    for i, line in enumerate(lines):
        told, _, comment = line.partition("  #")
        if re.match(r"(?:[A-Z_]+=\S+ |mpirun |srun |\$ |/\S+/)*(?:\S*/)?peakrig ", told):
            code = re.search(r"exit code (\d)", comment)
            found.append((" ".join([told, *synopsis_of(lines, i)]), int(code[1]) if code else None))
    found += [(told, None) for told in re.findall(r"`((?:build/cli/)?peakrig [a-z][^`\n]*)`", text)]
    for told, code in found:
        try:
            words = shlex.split(told.split("   ")[0])  # what follows is its meaning
        except ValueError:
            continue  # an apostrophe: prose
        at = next((k for k, word in enumerate(words) if PROGRAM.match(word)), None)
        if at is not None and len(words) > at + 1:
            yield words[at + 1:], code, at == 0


def options_of(*command):
    done = subprocess.run([PEAKRIG, *command, "--help"], capture_output=True, text=True, env={"LC_ALL": "C"})
    assert done.returncode == 0, (command, done.stderr)
    return set(re.findall(r"(?m)^ {2}(?:-\w, | {4})(--[\w-]+)", done.stdout)) | set(re.findall(r"(?m)^ {2}(-\w), ", done.stdout))


class Commands(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        done = subprocess.run([PEAKRIG, "--help"], capture_output=True, text=True, env={"LC_ALL": "C"})
        cls.names = set(re.findall(r"(?m)^  (\w+) ", done.stdout.split("Commands:")[1].split("\n\n")[0]))
        cls.options = {name: options_of(name) for name in cls.names - {"erlang"}}

    def known(self, words):
        """The options of a command, or of a formula of `erlang`."""
        key = " ".join(words[:2]) if words[0] == "erlang" else words[0]
        if key not in self.options:
            formula = words[1:2] if re.fullmatch("[a-z]+", " ".join(words[1:2])) else []
            self.options[key] = options_of("erlang", *formula)
        return self.options[key] | {"--help", "-h", "--lang"}

    def test_each_option_is_of_its_command(self):
        n = 0
        for page in PAGES:
            for words, _, _ in commands(page):
                if words[0] not in self.names:
                    continue  # a format, "peakrig run", a help
                for word in words[1:]:
                    option = re.match(r"\[?(--[a-z][\w-]*|-[a-z])(?![\w-])", word)
                    if word.startswith("|"):
                        break
                    if option:
                        n += 1
                        self.assertIn(option[1], self.known(words), f"{page.name}: peakrig {' '.join(words)}")
        self.assertGreater(n, 100)

    def place(self, folder):
        """What the pages speak of: scenarios, a centre of the reader's, a capture, earlier runs."""
        (folder / "scenarios").symlink_to(SOURCE / "scenarios")
        (folder / "tests").symlink_to(SOURCE / "tests")
        own = (SOURCE / "scenarios/tv-peak-785.cfg").read_text(encoding="utf-8")
        own = own.replace('host = "embedded";', 'host = "127.0.0.1"; port = 5060;')
        own = re.sub(r"time_scale *= *[0-9.]+", "time_scale = 1.0", own)  # its timers run in real time
        (folder / "my-centre.cfg").write_text(own, encoding="utf-8")
        shutil.copy(FIXTURES / "embedded_centre.pcap", folder / "capture.pcap")
        for name in ("pass", "fail"):
            shutil.copytree(FIXTURES / "runs" / name, folder / "runs" / name)
        self.assertEqual(self.do(folder, ["history", "add", "runs/pass", "runs/fail", "--history", "runs/history.db"])[0], 0)

    def do(self, folder, words):
        """Exit code and what was said."""
        env = {"PATH": os.environ["PATH"], "LC_ALL": "C", "HOME": str(folder)}
        if words[0] == "target" and "--defects" not in words:
            pipe = subprocess.PIPE
            with subprocess.Popen([PEAKRIG, *words, "--any-port"], cwd=folder, env=env, stdout=pipe, stderr=pipe, text=True) as target:
                first = target.stdout.readline()
                target.terminate()
                said = target.communicate(timeout=300)
            return (0 if first.startswith("ready ") else target.returncode or 1), first + "".join(said)
        done = subprocess.run([PEAKRIG, *words], cwd=folder, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL,
                              timeout=600)
        return done.returncode, done.stdout + done.stderr

    @staticmethod
    def made_cheap(words):
        """The same command with few replications, and a run that places no call."""
        words = list(words)
        if words[0] == "run":
            return [*words, "--dry-run"]
        if words[0] in ("predict", "plan"):
            for option in ("-n", "--replications", "--max-replications"):
                if option in words:
                    del words[words.index(option):words.index(option) + 2]
            words += ["-n", "2", *(("--max-replications", "2") if "--meet" in words else ())]
        return words

    def test_each_is_done(self):
        n, tried = 0, set()
        for page in (page for page in PAGES if page.name not in ELSEWHERE):
            with tempfile.TemporaryDirectory(prefix="peakrig-documents-") as name:
                folder = pathlib.Path(name)
                self.place(folder)
                for words, code, is_alone in commands(page):
                    told = "peakrig " + " ".join(words)
                    if not is_alone or words[0] not in self.names or len(words) < 2 or any(map(PLACEHOLDER.match, words)) or \
                            any(part in told for part in LEFT_OUT) or (words[0] not in ("keys", "history") and
                                                                       words[1].startswith("-") and
                                                                       not {"--defects", "--week"} & set(words)):
                        continue
                    for word in words[1:]:  # a run of the reader's
                        if word.startswith("runs/") and not word.endswith(".db") and not (folder / word).exists():
                            shutil.copytree(FIXTURES / "runs/pass", folder / word)
                    if (told, page.name) in tried:
                        continue
                    tried.add((told, page.name))
                    with self.subTest(page=page.name, command=told):
                        ended, said = self.do(folder, self.made_cheap(words))
                        self.assertIn(ended, ANSWERS.get(words[0], {0}) if code is None else {code}, said)
                        n += 1
        self.assertGreaterEqual(n, 50)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
