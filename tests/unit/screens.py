#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pictures of docs/screens/ show the pages as they are now: ci/screenshots notes, beside them, what the pages said and the
digest of their style; here the pages of this program say the same. Numbers and names of a run are not looked at.

usage: screens.py PEAKRIG SOURCE_DIR
"""
import hashlib
import html.parser
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

PEAKRIG = SOURCE = None
NOTES = "docs/screens/shown.json"
SAID_BY = ("h2", "th", "dt", "caption", "nav", "button")
MOST_SECTIONS = 2  # of a report: no picture reaches further down


class Labels(html.parser.HTMLParser):
    """What a report's first screens say whatever the run: heads, names of facts and columns."""

    def __init__(self):
        super().__init__()
        self.found, self.open, self.n_sections = [], [], 0

    def handle_starttag(self, tag, attributes):
        self.n_sections += tag == "section"
        if tag in SAID_BY or (tag in ("p", "a") and dict(attributes).get("class") == "kind"):
            if dict(attributes).get("scope") != "row":
                self.open.append(tag)

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_data(self, data):
        if self.open and data.strip() and self.n_sections <= MOST_SECTIONS:
            self.found.append(data.strip())


def digest(*texts):
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def read(source, *names):
    return [(source / name).read_text(encoding="utf-8") for name in names]


def on_screen(style):
    return style[:style.index("@media print")] if "@media print" in style else style


def report_says(program, source, language):
    with tempfile.TemporaryDirectory(prefix="peakrig-screens-") as folder:
        run = f"{folder}/run"
        shutil.copytree(source / "tests/fixtures/runs/fail", run)
        subprocess.run([program, "report", run, "--lang", language], check=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=120)
        labels = Labels()
        labels.feed(pathlib.Path(run, "report.html").read_text(encoding="utf-8"))
        return labels.found


def live_says(source, language):
    """The page's own texts, {{text}} in its sources, as the catalogue has them."""
    texts = [text for page in read(source, "live/page/body.html", "live/page/page.js") for text in re.findall(r"\{\{(.*?)\}\}", page)]
    if language == "en":
        return texts
    po = read(source, "languages/words.zh.po")[0]
    told = {}
    for of, by in re.findall(r'^msgid (".*"(?:\n".*")*)\nmsgstr (".*"(?:\n".*")*)', po, re.M):
        told["".join(json.loads(line) for line in of.split("\n"))] = "".join(json.loads(line) for line in by.split("\n"))
    return [told.get(text, text) for text in texts]


def shown(program, source):
    """What the pictures of these sources, and of this program, show."""
    return {"live": {"style": digest(*map(on_screen, read(source, "live/page/page.css", "live/page/body.html"))),
                     "says": {language: live_says(source, language) for language in ("en", "zh")}},
            "report": {"style": digest(*map(on_screen, read(source, "reports/html/page.css"))),
                       "says": {language: report_says(program, source, language) for language in ("en", "zh")}}}


class Screens(unittest.TestCase):
    maxDiff = None

    def test_they_show_the_pages_of_today(self):
        noted = json.loads(read(SOURCE, NOTES)[0])
        now = shown(PEAKRIG, SOURCE)
        for page in now:
            for language, says in now[page]["says"].items():
                self.assertGreater(len(says), 20)
                self.assertEqual(noted[page]["says"][language], says, f"the {page}'s pictures say something else: run ci/screenshots")
            self.assertEqual(noted[page]["style"], now[page]["style"], f"the {page}'s pictures look otherwise: run ci/screenshots")

    def test_each_is_there(self):
        names = {path.name for path in (SOURCE / "docs/screens").glob("*.png")}
        self.assertEqual(names, {"live.png", "live-zh-narrow.png", "report.png", "report-zh-narrow.png"})
        documents = "".join(read(SOURCE, "README.md", "README.zh-CN.md", *(f"docs/{path.name}" for path in (SOURCE / "docs").glob("*.md"))))
        for name in names:
            self.assertIn(f"screens/{name}", documents)


if __name__ == "__main__":
    PEAKRIG, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
    unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[3:])
