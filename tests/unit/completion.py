#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Completion as a person has it: a shell on a terminal, words, the tabulator key; and what then stands on the line.

usage: completion.py SHELL FOLDER PEAKRIG    FOLDER: what cli/completion/make.py made; SHELL: bash, zsh, fish

Exit code 77: the shell is not installed.
"""
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

SHELL, FOLDER, PEAKRIG = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
NOT_HERE = 77
START = {
    "bash": (["bash", "--norc", "--noprofile", "-i"],
             "bind 'set enable-bracketed-paste off'; PS1='% '; source {made}/peakrig; say() {{ printf '<%s>' \"$@\"; echo '<.>'; }}\n"),
    "zsh": (["zsh", "-f", "-i"],
            "PS1='%# '; fpath=({made} $fpath); autoload -Uz compinit; compinit -u -d {home}/dump; bindkey -e; unset zle_bracketed_paste; "
            "setopt no_always_last_prompt no_list_ambiguous no_auto_menu; say() {{ printf '<%s>' \"$@\"; echo '<.>'; }}\n"),
    "fish": (["fish", "--no-config", "-i"],
             "source {made}/peakrig.fish; function fish_prompt; echo '% '; end; function say; printf '<%s>' $argv; echo '<.>'; end\n"),
}


class Terminal:
    """A shell on a terminal of its own."""

    def __init__(self, home):
        words, setting = START[SHELL]
        env = {"PATH": f"{home}/bin:{os.environ['PATH']}", "HOME": str(home), "TERM": "dumb", "LANG": "C.UTF-8",
               "XDG_CONFIG_HOME": str(home), "XDG_DATA_HOME": str(home), "XDG_CACHE_HOME": str(home), "INPUTRC": "/dev/null"}
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(home)
            os.execvpe(words[0], words, env)
        self.type(setting.format(made=FOLDER, home=home))
        self.type("say ready\n")
        self.answer("ready")

    def type(self, text):
        os.write(self.fd, text.encode())

    def answer(self, wanted=None, timeout_s=60.0):
        """The words that `say` was given, once it has spoken; with `wanted` when it says that."""
        text, until = "", time.monotonic() + timeout_s
        while time.monotonic() < until:
            if not select.select([self.fd], [], [], 0.2)[0]:
                continue
            text += os.read(self.fd, 65536).decode("utf-8", "replace")
            clean = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\r", "", text)
            found = [m[1] for m in re.finditer(r"(?m)^.*?((?:<[^<>\n]*>)+)<\.>", clean)]
            found = [re.findall(r"<([^<>\n]*)>", words) for words in found]
            if found and (wanted is None or [wanted] in found):
                return found[-1]
        raise AssertionError(f"{SHELL} did not answer: {text!r}")

    def complete(self, line):
        """The words of a line behind which the tabulator was pressed."""
        self.type(line + "\t")
        time.sleep(0.4)  # keys that come with a tabulator are pasted text for some shells
        self.type("\x01say \x05\n")
        return self.answer()

    def end(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


class Completion(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.home = pathlib.Path(tempfile.mkdtemp(prefix="peakrig-completion-"))
        cls.addClassCleanup(shutil.rmtree, cls.home, ignore_errors=True)
        (cls.home / "bin").mkdir()
        os.symlink(PEAKRIG, cls.home / "bin" / "peakrig")
        for name in ("my peak.cfg", "notes.txt", "calls.pcapng", "prediction.json"):
            (cls.home / name).touch()
        (cls.home / "folder of a run").mkdir()
        cls.terminal = Terminal(cls.home)
        cls.addClassCleanup(cls.terminal.end)

    def expect(self, line, *words):
        found = [word for word in self.terminal.complete(line) if word]
        self.assertEqual(found, ["peakrig", *words], f"{SHELL}: {line}")

    def test_commands(self):
        self.expect("peakrig che", "check")
        self.expect("peakrig doc", "doctor")

    def test_options(self):
        self.expect("peakrig run x.cfg --no-ea", "run", "x.cfg", "--no-early-stop")
        self.expect("peakrig doctor --js", "doctor", "--json")

    def test_keys_of_a_scenario(self):
        self.expect("peakrig run --set trunks[0].e", "run", "--set", "trunks[0].e1=")
        self.expect("peakrig keys ivr.po", "keys", "ivr.ports")

    def test_words(self):
        self.expect("peakrig plan --show served_in_th", "plan", "--show", "served_in_the_end")
        self.expect("peakrig run --defect leak_on_c", "run", "--defect", "leak_on_cancel")
        self.expect("peakrig target --digest SH", "target", "--digest", "SHA-256")
        self.expect("peakrig keys --words outc", "keys", "--words", "outcomes")

    def test_outcomes(self):
        self.expect("peakrig analyze --where outcome=lost_q", "analyze", "--where", "outcome=lost_queue")
        self.expect("peakrig analyze --slice outcome=self", "analyze", "--slice", "outcome=self_served")

    def test_files(self):
        """Names that need quotes, too."""
        self.expect("peakrig predict my", "predict", "my peak.cfg")
        if SHELL == "bash":  # the others offer any file where none has the ending
            self.expect("peakrig predict no", "predict", "no")
        self.expect("peakrig analyze ca", "analyze", "calls.pcapng")
        # zsh takes a slash at the end back when the line is sent
        self.expect("peakrig report fol", "report", "folder of a run" + ("" if SHELL == "zsh" else "/"))
        self.expect("peakrig diff --prediction pred", "diff", "--prediction", "prediction.json")

    def test_formulas_and_exchanges(self):
        self.expect("peakrig erlang eng", "erlang", "engset")
        self.expect("peakrig recipe aste", "recipe", "asterisk")
        self.expect("peakrig recipe asterisk my", "recipe", "asterisk", "my peak.cfg")

    def test_nothing_is_left_out(self):
        """Every command and option of the program's own help stands in the script."""
        text = (FOLDER / {"bash": "peakrig", "zsh": "_peakrig", "fish": "peakrig.fish"}[SHELL]).read_text()
        helped = subprocess.run([PEAKRIG, "--help"], capture_output=True, text=True, check=True).stdout
        names = re.findall(r"^  (\w+) ", helped.split("Commands:")[1].split("\n\n")[0], re.M)
        self.assertGreaterEqual(len(names), 13)
        for name in names:
            self.assertRegex(text, rf"(?<!\w){name}(?!\w)")
            own = subprocess.run([PEAKRIG, name, "--help"], capture_output=True, text=True, check=True).stdout
            for option in re.findall(r"^ {2}(?:-\w, | {4})--([\w-]+)", own, re.M):
                self.assertRegex(text, rf"{'-l ' if SHELL == 'fish' else '--'}{option}(?![\w-])", f"{name} --{option}")


if __name__ == "__main__":
    if shutil.which(SHELL) is None:
        print(f"skipped: {SHELL} is not installed (ci/setup --test)")
        sys.exit(NOT_HERE)
    unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[4:])
