#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes completion for shells from the program's own help and lists of words: FOLDER/peakrig (bash), _peakrig (zsh),
peakrig.fish.

Usage: make.py PEAKRIG FOLDER
"""
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "docs" / "man"))

import commands  # noqa: E402  (its folder is known just now)
import bash  # noqa: E402
import fish  # noqa: E402
import kinds  # noqa: E402
import zsh  # noqa: E402


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    found, lists = commands.read(program), kinds.lists(program)
    for name, shell in (("peakrig", bash), ("_peakrig", zsh), ("peakrig.fish", fish)):
        part = folder / (name + ".part")
        part.write_text(shell.make(found, lists), encoding="utf-8")
        os.replace(part, folder / name)


if __name__ == "__main__":
    main()
