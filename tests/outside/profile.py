#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""cmake/profile.cmake in a project of one file: what PEAKRIG_PGO refuses, that `train` leaves a profile and `use` builds
by it, and that the same work leaves the same counts. The program itself is optimised, and its documents compared, by
ci/optimised, which takes minutes.

usage: profile.py CMAKE CC SOURCE_DIR
"""
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

CMAKE = CC = SOURCE = None
PROJECT = """cmake_minimum_required(VERSION 3.25)
project(trained VERSION 1 LANGUAGES C)
add_library(peakrig_options INTERFACE)
include({source}/cmake/profile.cmake)
add_executable(trained trained.c)
target_compile_options(trained PRIVATE -Wall -Wextra -Werror)
target_link_libraries(trained PRIVATE peakrig_options)
"""
PROGRAM = """#include <stdio.h>
int main(int argc, char **argv)
{
    unsigned sum = 0;
    for (unsigned i = 0; i < 100000; i++)
        if (i % 7 != 0)
            sum += i * (unsigned)argc;
    printf("%u\\n", sum);
    return argv[0] == NULL;
}
"""
UNTRAINED = "int untrained(int x);\nint untrained(int x) { return x > 3 ? x * 5 : x; }\n"


class Profile(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="peakrig-profile-"))
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "CMakeLists.txt").write_text(PROJECT.format(source=SOURCE).replace(
            "trained.c", "trained.c untrained.c"))
        (self.folder / "trained.c").write_text(PROGRAM)
        (self.folder / "untrained.c").write_text(UNTRAINED)
        self.build = self.folder / "build"

    def configured(self, *words, compiler=None):
        return subprocess.run([CMAKE, "-S", self.folder, "-B", self.build, f"-DCMAKE_C_COMPILER={compiler or CC}",
                               "-DCMAKE_BUILD_TYPE=Release", *words], capture_output=True, text=True, timeout=120, check=False,
                              env={name: value for name, value in os.environ.items() if not name.startswith("CMAKE_")})

    def built(self, pgo):
        done = self.configured(f"-DPEAKRIG_PGO={pgo}")
        self.assertEqual(done.returncode, 0, done.stderr)
        done = subprocess.run([CMAKE, "--build", self.build], capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        done = subprocess.run([self.build / "trained"], capture_output=True, text=True, timeout=60, check=True)
        return done.stdout

    def profile(self):
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (self.build / "profile").rglob("*.gcda")}

    def refused(self, *words, expected, compiler=None):
        done = self.configured(*words, compiler=compiler)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(expected, " ".join(done.stderr.split()))
        shutil.rmtree(self.build)

    def test_refusals(self):
        self.refused("-DPEAKRIG_PGO=yes", expected="PEAKRIG_PGO=yes: expected OFF, train or use")
        self.refused("-DPEAKRIG_PGO=use", expected="holds no profile; ci/optimised makes one")
        self.refused("-DPEAKRIG_PGO=train", "-DPEAKRIG_SANITIZE=address", expected="expected OFF with PEAKRIG_SANITIZE")
        clang = shutil.which("clang")
        if clang:
            self.refused("-DPEAKRIG_PGO=train", compiler=clang, expected="the compiler is Clang; expected GNU")

    def test_trained_and_used(self):
        said = self.built("OFF")
        self.assertEqual(self.profile(), {})
        self.assertEqual(self.built("train"), said)
        first = self.profile()
        self.assertEqual(len(first), 2)
        shutil.rmtree(self.build / "profile")
        self.assertEqual(self.built("train"), said)
        self.assertEqual(self.profile(), first)
        self.assertEqual(self.built("use"), said)
        self.assertEqual(self.profile(), first, "a program built by a profile counts no more")


if __name__ == "__main__":
    CMAKE, CC, SOURCE = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]).resolve()
    unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[4:])
