#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a program was built with against faults: read off its file by readelf.

usage: hardening.py PROGRAM optimized|plain
"""
import platform
import re
import subprocess
import sys
import unittest

PROGRAM, BUILD = sys.argv[1], sys.argv[2]


def readelf(*options):
    return subprocess.run(["readelf", "--wide", *options, PROGRAM], check=True, capture_output=True,
                          text=True).stdout


class Hardening(unittest.TestCase):
    def test_position_independent(self):
        self.assertRegex(readelf("--file-header"), r"Type:\s+DYN")
        self.assertRegex(readelf("--dynamic"), r"FLAGS_1.*\bPIE\b")

    def test_nothing_of_the_linker_can_be_written(self):
        self.assertRegex(readelf("--program-headers"), r"\bGNU_RELRO\b")
        self.assertRegex(readelf("--dynamic"), r"FLAGS_1.*\bNOW\b")

    def test_the_stack_holds_no_code(self):
        stack = re.search(r"GNU_STACK.* (R\S*) +0x", readelf("--program-headers"))
        self.assertEqual(stack[1], "RW")

    def test_no_segment_can_be_written_and_run(self):
        for line in readelf("--program-headers").splitlines():
            self.assertFalse(re.match(r"\s+LOAD.* RWE ", line), line)

    def test_the_stack_is_protected(self):
        self.assertRegex(readelf("--symbols"), r"__stack_chk_fail")

    @unittest.skipUnless(BUILD == "optimized", "_FORTIFY_SOURCE needs optimization")
    def test_copies_are_checked(self):
        checked = set(re.findall(r"\b__(\w+)_chk\b", readelf("--symbols")))
        self.assertIn("snprintf", checked)
        self.assertGreater(len(checked), 5)

    @unittest.skipUnless(platform.machine() == "x86_64", "CET is of x86-64")
    def test_jumps_are_checked(self):
        """Read off the code: the mark of the whole program hangs on the C library's start files, too."""
        def code_of(*words):
            return subprocess.run(["objdump", *words, "--no-show-raw-insn", PROGRAM],
                                  check=True, capture_output=True, text=True).stdout
        self.assertRegex(code_of("--disassemble=main"), r"<main>:\n\s+\w+:\s+endbr64")
        # each function whose address is taken; of others the linker's optimization keeps it or not
        self.assertGreater(len(re.findall(r"\bendbr64\b", code_of("--disassemble"))), 100)

    def test_no_library_is_looked_for_beside_the_program(self):
        self.assertNotRegex(readelf("--dynamic"), r"\((RPATH|RUNPATH)\)")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
