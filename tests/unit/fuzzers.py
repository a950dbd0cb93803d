#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each fuzzer has a corpus that is kept, and a test that replays it; ci/fuzz refuses what it does not understand.

Usage: fuzzers.py SOURCE_DIR BUILD_DIR
"""
import os
import re
import subprocess
import sys
import unittest

SOURCE = None
BUILD = None


class Fuzzers(unittest.TestCase):
    def setUp(self):
        folder = os.path.join(SOURCE, "tests/fuzz")
        self.kinds = {name[5:-2] for name in os.listdir(folder) if re.fullmatch(r"fuzz_\w+\.c", name)}
        self.corpus = os.path.join(folder, "corpus")

    def test_each_has_a_corpus(self):
        self.assertGreaterEqual(len(self.kinds), 10)
        self.assertEqual(self.kinds, set(os.listdir(self.corpus)))
        for kind in self.kinds:
            self.assertGreaterEqual(len(os.listdir(os.path.join(self.corpus, kind))), 5, kind)

    def test_each_is_replayed(self):
        done = subprocess.run(["ctest", "--test-dir", BUILD, "-N", "-L", "^fuzz$"], stdout=subprocess.PIPE, text=True,
                              check=True)
        self.assertEqual(set(re.findall(r"Test +#\d+: fuzz\.(\w+)", done.stdout)), self.kinds)

    def test_a_job_that_cannot_be(self):
        for words in (["an hour"], ["--minimise"], ["--keep", "60s"]):
            done = subprocess.run([os.path.join(SOURCE, "ci/fuzz"), *words], stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, text=True, timeout=60)
            self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
            self.assertIn("usage: ci/fuzz", done.stderr)


if __name__ == "__main__":
    SOURCE, BUILD = map(os.path.abspath, sys.argv[1:3])
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
