#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports in a browser (Chromium): no text is cut, beyond its box or upon another, all can be told from their ground; at
1280 and 400 px, light and dark, English and Chinese, folded parts folded and unfolded. Nothing is loaded from elsewhere, and
printed its sheets are full.

usage: report_page.py PEAKRIG SOURCE_DIR
"""
import base64
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from webdriver import browser

PEAKRIG = SOURCE = None
RUNS = ("fail", "stopped")
RESULTS = ("pass", "fail_trunk")  # with all that a result can hold
MOST_SHEETS = 12


class ReportPage(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-report-page-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        with open(os.path.join(SOURCE, "tests/loopback/page_faults.js")) as file:
            self.page_faults = file.read()

    def report(self, language, run="pass", result=None):
        """The address of a report."""
        run_dir = os.path.join(self.folder, f"{run}-{result}-{language}")
        shutil.copytree(os.path.join(SOURCE, "tests/fixtures/runs", run), run_dir)
        if result:
            shutil.copy(os.path.join(SOURCE, f"tests/fixtures/results/{result}.json"), os.path.join(run_dir, "result.json"))
        done = subprocess.run([PEAKRIG, "report", run_dir, "--lang", language], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        return "file://" + os.path.join(run_dir, "report.html")

    def look_at(self, page, address):
        for width in (1280, 400):
            for scheme in ("light", "dark"):
                page.look(width, 900, scheme)
                page.go(address)
                for is_open in (False, True):
                    page.run("document.querySelectorAll('details').forEach((d) => { d.open = arguments[0] })", is_open)
                    with self.subTest(address=os.path.basename(os.path.dirname(address)), width=width, scheme=scheme, is_open=is_open):
                        self.assertEqual(page.run(self.page_faults), [])
        self.assertEqual(page.console(), [])
        self.assertEqual(page.run("return performance.getEntriesByType('resource').map((e) => e.name)"), [])

    def test_looks(self):
        with browser() as page:
            for language in ("en", "zh"):
                for address in [*(self.report(language, run) for run in RUNS), *(self.report(language, result=name) for name in RESULTS)]:
                    self.look_at(page, address)

    def sheets(self, page, address):
        """How far down each sheet of A4 is printed on, 0 to 1, margins included."""
        page.go(address)
        pdf = os.path.join(self.folder, "report.pdf")
        with open(pdf, "wb") as file:
            file.write(base64.b64decode(page.tool("Page.printToPDF", paperWidth=8.27, paperHeight=11.69)["data"]))
        drawn = subprocess.run(["pdftoppm", "-r", "20", "-gray", pdf], capture_output=True, check=True, timeout=120).stdout
        found = []
        while drawn:
            head = re.match(rb"P5\s(\d+) (\d+)\s255\s", drawn)
            width, height = int(head[1]), int(head[2])
            rows = [drawn[head.end() + y * width:head.end() + (y + 1) * width] for y in range(height)]
            found.append(max((y for y in range(height) if min(rows[y]) < 200), default=0) / height)
            drawn = drawn[head.end() + width * height:]
        return found

    def test_on_paper(self):
        """No pile of sheets, the first one full, none half empty but the last."""
        with browser() as page:
            for language in ("en", "zh"):
                for address in (self.report(language, run="fail"), self.report(language, result="pass"),
                                self.report(language, result="fail_trunk")):
                    filled = self.sheets(page, address)
                    with self.subTest(address=address, filled=filled):
                        self.assertGreater(len(filled), 4)
                        self.assertLessEqual(len(filled), MOST_SHEETS)
                        self.assertGreater(filled[0], 0.75)
                        self.assertGreater(min(filled[:-1]), 0.6)


if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=sys.argv[:1])
