#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages that peakrig writes forbid a browser all but their own style sheet, and need nothing else.

Usage: policy.py PEAKRIG SOURCE_DIR     (a browser is asked, too, where there is one: chromium)
"""
import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

PEAKRIG = None
SOURCE = None


def violations(page):
    """What a browser refuses of a page; None: there is no browser."""
    browser = shutil.which("chromium")
    if browser is None:
        return None
    with tempfile.TemporaryDirectory(prefix="peakrig-browser-") as home:
        done = subprocess.run([browser, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--v=0",
                               f"--user-data-dir={home}", "--dump-dom", "file://" + page], capture_output=True, text=True,
                              timeout=120, env={**os.environ, "HOME": home})
    if "</html>" not in done.stdout:
        raise AssertionError("the browser shows nothing: " + done.stderr[-500:])
    return [line for line in done.stderr.splitlines() if "Content Security Policy" in line or "CONSOLE" in line]


class Policy(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-policy-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.cfg = os.path.join(SOURCE, "tests/loopback/cli.cfg")

    def peakrig(self, *words):
        done = subprocess.run([PEAKRIG, *words], capture_output=True, text=True, cwd=self.folder, timeout=300)
        self.assertIn(done.returncode, (0, 1, 5), done.stderr)

    def report(self, change=lambda result: None):
        run = os.path.join(self.folder, "run")
        os.makedirs(run, mode=0o700, exist_ok=True)
        shutil.copy(self.cfg, os.path.join(run, "scenario.cfg"))
        with open(os.path.join(SOURCE, "tests/fixtures/results/pass.json")) as file:
            result = json.load(file)
        change(result)
        with open(os.path.join(run, "result.json"), "w") as file:
            json.dump(result, file)
        self.peakrig("report", run)
        return os.path.join(run, "report.html")

    def check(self, page):
        with open(page) as file:
            text = file.read()
        policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)"/>', text)
        styles = re.findall(r"<style>(.*?)</style>", text, re.S)
        self.assertEqual(len(styles), 1)
        digest = base64.b64encode(hashlib.sha256(styles[0].encode()).digest()).decode()
        self.assertEqual(policy.group(1), "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
                                          f"style-src 'sha256-{digest}'")
        self.assertLess(policy.start(), text.index("<style>"))
        for what in (r"<script", r"\son[a-z]+=", r"\sstyle=", r"@import", r"url\((?!#)",
                     r"\s(?:src|href|data|action)=[\"'](?!#|data:)"):
            self.assertEqual(re.findall(what, text), [], what)
        said = violations(page)
        self.assertIn(said, ([], None))

    def test_a_report(self):
        self.check(self.report())

    def test_a_plan(self):
        self.peakrig("plan", self.cfg, "--vary", "agents[0].count=8:12:4", "--meet", "lost_queue<=99%", "--replications", "20",
                     "-o", "plan")
        self.check(os.path.join(self.folder, "plan/plan.html"))

    @unittest.skipIf(shutil.which("chromium") is None, "no chromium")
    def test_a_browser_tells(self):
        """The test can fail: a page with more than it may have."""
        page = self.report()
        with open(page) as file:
            text = file.read()
        with open(page, "w") as file:
            file.write(text.replace("<main>", '<main><p style="color:red">x</p><script>1</script>', 1))
        self.assertGreaterEqual(len(violations(page)), 2)


if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
