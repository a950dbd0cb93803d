#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`peakrig report --markdown`: the figures of result.json, masked as the report; and whatever a result holds, what a
reader of GitHub Flavored Markdown (cmark-gfm) shows is that text, no markup, link or mention.

usage: markdown.py PEAKRIG SOURCE_DIR
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as tree

PEAKRIG = SOURCE = None
ADDRESS = "192.0.2.77"
HOSTILE = [
    "a | b || c", "`code` ``more`` ```", "*em* **strong** __x__ ~~gone~~", "[text](https://evil.example/)",
    "![img](https://evil.example/x.png)", "<script>alert(1)</script>", "<!-- hidden", "&lt; &amp; &#64;", "\\| \\` \\",
    "https://evil.example/?a=b www.evil.example WWW.evil.example", "mail@evil.example", "@everyone @all/admins",
    "#123 !45 ~label %7 $9 &3 :smile: gh#1", "line\nnext\r\n# heading", "1. item", "- item", "> quote", "# heading",
    "$x^2$ $$y$$", "<https://evil.example/>", "a|b", "|", "`", "~~~", "---", "===", "<details>", "</details>", "x" * 3000,
    "\x01\x1b[31m\x7f", "evil\u202elive\u2066", "zero\u200bwidth", "caf\u00e9 \u547c\u635f \U0001f600",
]


def shown(text):
    """What must be seen of a text."""
    text = re.sub(r"[\r\n\t]", " ", text)
    return re.sub("[\x00-\x1f\x7f\u0080-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]", "\ufffd", text)


def squeezed(text):
    """Blanks as a page shows them."""
    return " ".join(text.split())


class Markdown(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-markdown-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.run_dir = os.path.join(self.folder, "run")
        shutil.copytree(os.path.join(SOURCE, "tests/fixtures/runs/fail"), self.run_dir)

    def at(self, name):
        return os.path.join(self.run_dir, name)

    def use(self, name):
        with open(os.path.join(SOURCE, "tests/fixtures/results", name)) as file:
            return json.load(file)

    def put(self, result):
        with open(self.at("result.json"), "w") as file:
            json.dump(result, file)

    def report(self, *words, code=0):
        done = subprocess.run([PEAKRIG, "report", self.run_dir, *words], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=60, encoding="utf-8")
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def markdown(self, *words):
        return self.report("--markdown", "-", *words).stdout

    def rendered(self, text):
        done = subprocess.run(["cmark-gfm", "--to", "html", "--unsafe", "-e", "table", "-e", "autolink", "-e",
                               "strikethrough", "-e", "tagfilter"], input=text, capture_output=True, text=True, check=True,
                              encoding="utf-8")
        return tree.fromstring("<body>" + done.stdout.replace("&quot;", '"') + "</body>")

    def test_figures(self):
        for name, judgement in (("pass.json", "PASS"), ("fail_trunk.json", "FAIL"), ("stopped.json", None),
                                ("minimal.json", None)):
            with self.subTest(name=name):
                result = self.use(name)
                self.put(result)
                text = self.markdown("--no-mask")
                if name == "minimal.json":  # members of wrong types, and few: it is a page all the same
                    self.assertIn("not available", text)
                    continue
                if judgement:
                    self.assertTrue(text.startswith(f"### peakrig: {judgement}, `{result['name']}`\n"), text[:80])
                for stage in result.get("stages") or []:
                    row = next(line for line in text.splitlines() if line.startswith(f"| {stage['stage']} "))
                    if not isinstance(stage.get("p_observed"), (int, float)) or stage.get("entered") is None:
                        continue  # an old result
                    self.assertIn(f"{stage['entered']:,} |", row)
                    self.assertIn(f"{100 * stage['p_observed']:.2f} % ({stage['lost']:,})", row)
                    self.assertIn(f"{100 * stage['p_predicted']:.2f} %", row)
                    self.assertTrue(row.endswith(f" {stage['judgement']} |"), row)
                for level in result.get("levels") or []:
                    self.assertIn(f"| {level['metric'].replace('_', chr(92) + '_').replace('[', chr(92) + '[').replace(']', chr(92) + ']')} |", text)
                lost = result["costs"]["items"][0]["amount"]
                self.assertIn(f"Costs in all: {result['costs']['total']['observed']:,.0f} CNY", text)
                self.assertIn(f"for lost calls: {lost['observed']:,.0f}, predicted {lost['predicted']:,.0f} "
                              f"({lost['low']:,.0f} to {lost['high']:,.0f})", squeezed(text))
                n = len((result.get("agreement") or {}).get("first_different") or [])
                self.assertEqual(len(re.findall(r"(?m)^\| [\d,]+ \| [\d.]+ s \|", text)), min(n, 10))

    def test_why(self):
        result = self.use("fail_trunk.json")
        self.assertGreater(len(result["diagnosis"]), 0)
        self.put(result)
        text = self.markdown("--no-mask")
        self.assertIn("\n**Why**\n\n- ", text)
        page = squeezed("".join(self.rendered(text).itertext())) if shutil.which("cmark-gfm") else text
        self.assertIn(squeezed(result["diagnosis"][0]["text"]), page)
        result["checks"][0].update(ok=False, text="3 calls were not placed")
        self.put(result)
        self.assertIn("3 calls were not placed\n", self.markdown())

    def test_stopped_forced_and_broken(self):
        result = self.use("pass.json")
        result["status"] = "stopped"
        result["inputs"]["changed"] = ["calls.csv"]
        result.setdefault("target", {})["defects"] = ["drop=0.02@60..120"]
        self.put(result)
        text = self.markdown()
        for word in ("was stopped by its user", "Judged by force", "broken on purpose: `drop=0.02@60..120`"):
            self.assertIn(word, text)

    @unittest.skipIf(shutil.which("cmark-gfm") is None, "skipped: cmark-gfm is not installed (ci/setup --test)")
    def test_what_others_have_written(self):
        """Each hostile text in each place: shown as it is, and it makes nothing of its own."""
        for text in HOSTILE:
            with self.subTest(text=text[:40]):
                result = self.use("fail_trunk.json")
                result["name"] = result["verdict"]["summary"] = result["costs"]["currency"] = text
                result["diagnosis"][0]["text"] = result["stages"][0]["stage"] = text
                result["agreement"]["first_different"][0].update(call_id=text, observed=text)
                result["levels"] = [{"metric": text, "unit": "s", "max": 3.0, "observed": 2.0, "judgement": "PASS"}]
                self.put(result)
                made = self.markdown("--no-mask")
                page = self.rendered(made)
                self.assertEqual([node.get("href") for node in page.iter("a")], [])
                kinds = {node.tag for node in page.iter() if isinstance(node.tag, str)}
                self.assertLessEqual(kinds, {"body", "h3", "p", "code", "table", "thead", "tbody", "tr", "th", "td", "strong",
                                             "ul", "li", "details", "summary"})
                self.assertEqual(len(page.findall(".//h3")), 1)
                rows = ["".join(cell.itertext()) for cell in page.iter("td")]
                wanted = squeezed(shown(text))
                self.assertGreaterEqual(sum(squeezed(cell) == wanted for cell in rows), 4, (rows, made))
                whole = squeezed("".join(page.itertext()))
                self.assertGreaterEqual(whole.count(wanted), 7, made)
                # behind a sign a name or number stands in another node, where nobody looks for a mention
                outside = re.sub(r"(?s)(`+)(?!`).*?(?<!`)\1(?!`)", "", made)
                self.assertNotRegex(outside.replace("&amp;", "").replace("&lt;", ""), r"(?<![\\&])[@#!~:%$][A-Za-z0-9]")

    def test_masked(self):
        result = self.use("fail_trunk.json")
        result["run"].update(target=ADDRESS, target_address=ADDRESS)
        result["verdict"]["summary"] = f"the centre at {ADDRESS} fails, caller 4930123456789"
        result["agreement"]["first_different"][0]["call_id"] = f"r1-2@{ADDRESS}"
        self.put(result)
        masked = self.markdown()
        for secret in (ADDRESS, "4930123456789", "r1-2@"):
            self.assertNotIn(secret, masked)
        self.assertIn(f"`r1-2@{ADDRESS}`", self.markdown("--no-mask"))

    def test_links(self):
        self.assertIn("`report.html`, `result.json`", self.markdown())
        for link in ("https://ci.example/job/7", "https://ci.example/job/7/"):
            self.assertIn("[report.html](<https://ci.example/job/7/report.html>)", self.markdown("--link", link))
        for link in ("javascript:alert(1)", "ci.example", "https://a b/", "https://a/>x", "", "https://a/\n"):
            self.report("--markdown", "-", "--link", link, code=2)
        self.report("--link", "https://a/", code=2)
        self.report("--markdown", "-", "--share", os.path.join(self.folder, "given"), code=2)

    def test_the_file(self):
        before = {name: open(self.at(name), "rb").read() for name in os.listdir(self.run_dir) if os.path.isfile(self.at(name))}
        self.report("--markdown", os.path.join(self.folder, "summary.md"))
        with open(os.path.join(self.folder, "summary.md"), encoding="utf-8") as file:
            self.assertTrue(file.read().startswith("### peakrig: "))
        for name in ("result.json", "scenario.cfg", "calls.csv"):
            self.assertIn("which is read", self.report("--markdown", self.at(name), code=2).stderr)
        self.report("--markdown", os.path.join(self.folder, "no", "folder.md"), code=5)
        self.put({"format": "peakrig result 99"})
        self.report("--markdown", os.path.join(self.folder, "other.md"), code=2)
        self.assertFalse(os.path.exists(os.path.join(self.folder, "other.md")))
        before.pop("result.json")
        self.assertEqual(before, {name: open(self.at(name), "rb").read() for name in before})
        self.assertFalse(os.path.exists(self.at("report.html")) and "report.html" not in before)


if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[3:])
