#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""House style that can be counted: no function of more than 60 lines, no file of more than 500.

A function is from its "{" to its "}", both in the first column, as clang-format puts them.

Usage: style.py SOURCE_DIR
"""
import os
import sys
import tempfile
import unittest

SOURCE = None
ROOMS = ["core", "settings", "scenarios", "models", "generator", "callcentre", "analyzer", "verdict", "history",
         "reports", "live", "cli", "bench", "tests", "ci"]
MOST_FUNCTION, MOST_FILE = 60, 500


def long_functions(lines):
    """(first line, lines) of each function that is too long; lines count from 1, signature not included."""
    found, start = [], None
    for i, line in enumerate(lines):
        if line == "{":
            start = i
        elif line == "}" and start is not None:
            if i - start + 1 > MOST_FUNCTION:
                found.append((start + 1, i - start + 1))
            start = None
    return found


def sources(root):
    for room in ROOMS:
        for folder, _, names in sorted(os.walk(os.path.join(root, room))):
            for name in sorted(names):
                if name.endswith((".c", ".h", ".py")):
                    yield os.path.join(folder, name)


def complaints(root):
    """What is too long, and how many files and functions were looked at."""
    found, n_files, n_functions = [], 0, 0
    for path in sources(root):
        short = os.path.relpath(path, root)
        with open(path, encoding="utf-8") as file:
            lines = file.read().split("\n")
        n_files += 1
        if len(lines) - 1 > MOST_FILE:
            found.append((short, f"{short}: {len(lines) - 1} lines; expected at most {MOST_FILE}"))
        if short.endswith(".py"):
            continue
        n_functions += lines.count("{")
        found += [(short, f"{short}:{at}: a function of {n} lines; expected at most {MOST_FUNCTION}")
                  for at, n in long_functions(lines)]
    return found, n_files, n_functions


class Style(unittest.TestCase):
    def test_nothing_is_too_long(self):
        found, n_files, n_functions = complaints(SOURCE)
        self.assertGreater(n_files, 300)
        self.assertGreater(n_functions, 2000)
        self.assertEqual([text for _, text in found], [])

    def test_what_is_too_long_is_seen(self):
        with tempfile.TemporaryDirectory() as root:
            os.mkdir(os.path.join(root, "core"))
            for name, n in (("fits.c", MOST_FUNCTION - 2), ("long.c", MOST_FUNCTION - 1)):
                with open(os.path.join(root, "core", name), "w") as file:
                    file.write("int f(void)\n{\n" + "    g();\n" * n + "}\n")
            for name, n in (("fits.h", MOST_FILE), ("long.h", MOST_FILE + 1), ("long.py", MOST_FILE + 1)):
                with open(os.path.join(root, "core", name), "w") as file:
                    file.write("\n" * n)
            found, n_files, n_functions = complaints(root)
            self.assertEqual([path for path, _ in found], ["core/long.c", "core/long.h", "core/long.py"])
            self.assertEqual((n_files, n_functions), (5, 2))


if __name__ == "__main__":
    SOURCE = os.path.abspath(sys.argv[1])
    unittest.main(argv=sys.argv[:1])
