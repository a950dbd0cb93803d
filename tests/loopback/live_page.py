#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The live page in a browser (Chromium), through a run in which a carrier fails: the charts move, the fault is marked,
lost calls are listed with their reasons, the button stops the run; wide and narrow, light and dark, English and Chinese.

usage: live_page.py PEAKRIG SOURCE_DIR [--pictures FOLDER]
"""
import base64
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

from left_behind import processes_of
from webdriver import browser

PEAKRIG = SOURCE = PICTURES = None
PATIENCE_S = 60
LOOKS = [(width, scheme) for width in (1280, 400) for scheme in ("light", "dark")]
LEFT_THE_LIST = "Not drawn: .* it has left the list"
CHARTS = ["rate", "use", "loss0", "loss1", "loss2", "loss3"]
# Whose texts come from the wire or the scenario, in whatever language: names, keys, reasons, Call-IDs.
AS_IT_IS = "#name, #where, #verdict, #report, #lost tbody td, #ladder pre, #faults tbody td, #levels tbody td:first-child, svg"


class LivePage(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-page-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        with open(os.path.join(SOURCE, "tests/loopback/page_faults.js")) as file:
            self.page_faults = file.read()

    def test_faults_of_a_page_are_seen(self):
        """Each fault that a page can have, in a page that has it; and none in one that has none."""
        good = "<meta name='viewport' content='width=device-width'><p>Lost: 12.34&nbsp;%</p><table><td>a</td><td>b</td></table>"
        pages = {
            "beyond the page": "<p style='white-space: nowrap'>" + "wide " * 80 + "</p>",
            "the page is": "<div style='width: 900px; height: 9px; background: #000'></div>",
            "beyond its box (BUTTON)": "<button style='width: 40px; white-space: nowrap'>Stop the run</button>",
            "beyond its box (svg)": "<svg width='50' height='30'><text x='30' y='20'>120 s</text></svg>",
            "cut": "<div style='width: 60px; overflow: hidden; white-space: nowrap'>never seen whole</div>",
            "parted": "<div style='width: 2em'>12.34 %</div>",
            "contrast": "<p style='color: #999'>pale</p>",
            "one upon another": "<p style='position: relative'>below<span style='position: absolute; left: 9px'>above</span></p>",
        }
        with browser() as page:
            page.look(400, 800, "light")
            for fault, body in {"": "", **pages}.items():
                page.go("data:text/html;charset=utf-8," + urllib.parse.quote(f"<!DOCTYPE html><body>{good}{body}"))
                found = page.run(self.page_faults)
                self.assertEqual(any(fault in each for each in found), bool(fault), f"{fault}: {found}")
            page.run("setTimeout(() => { throw new Error('of the page') })")
            page.wait_for("return true")
            self.assertIn("of the page", str(page.console()))

    def start(self, language, *words):
        run = subprocess.Popen([PEAKRIG, "run", os.path.join(SOURCE, "tests/loopback/live_page.cfg"), "--no-history", "--no-early-stop",
                                "--lang", language, "--out", os.path.join(self.folder, "run"), "--quiet", "--serve", "0", *words],
                               text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(run.communicate)
        self.addCleanup(lambda: run.poll() is None and run.kill())
        line = run.stderr.readline()
        found = re.search(r"(http://127\.0\.0\.1:\d+/\?token=)([0-9a-f]{32})", line)
        self.assertIsNotNone(found, line)
        return run, found.group(1), found.group(2)

    def look_at(self, page, language, when):
        """The page as it is now, in every way of looking at it."""
        for width, scheme in LOOKS:
            page.look(width, 900, scheme)
            page.run("dispatchEvent(new Event('resize'))")
            self.assertEqual(page.run("return innerWidth"), width)
            self.assertEqual(page.run(self.page_faults), [], f"{language}, {when}, {width} px, {scheme}")
            ground = page.run("return getComputedStyle(document.body).backgroundColor")
            self.assertEqual(sum(int(part) for part in re.findall(r"\d+", ground)) < 3 * 128, scheme == "dark", ground)
            if PICTURES:
                with open(os.path.join(PICTURES, f"live-{language}-{when}-{width}-{scheme}.png"), "wb") as file:
                    file.write(base64.b64decode(page.picture()))
        page.look(1280, 900, "light")

    def texts(self, page, css):
        return page.run("return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent)", css)

    def lines(self, page, chart):
        """What a chart draws of the wire: its instants."""
        return page.run("return (document.querySelector('#' + arguments[0] + ' .l1') || {getAttribute: () => ''}).getAttribute('d')"
                        ".split(/[ML]/).filter((x) => x)", chart)

    def marks(self, page, chart):
        """Where its marks of faults begin and end, as shares of its axis of time."""
        return page.run("""
            const svg = document.getElementById(arguments[0]), axis = svg.querySelector(".axis").getBBox();
            return [...svg.querySelectorAll(".fault")].map((e) => e.getBBox()).map((b) =>
              [(b.x - axis.x) / axis.width, (b.x + b.width - axis.x) / axis.width])""", chart)

    def check_axes(self, page):
        """Each axis' middle says half of what its end says, to the last digit."""
        for chart in CHARTS:
            texts = [float(re.sub("[ ,s]", "", text)) for text in self.texts(page, f"#{chart} text")]
            self.assertEqual(len(texts), 6, chart)  # of both axes: beginning, middle, end, in turns
            self.assertEqual((texts[0], texts[1]), (0, 0), chart)
            self.assertEqual([texts[2] * 2, texts[3] * 2], texts[4:], chart)

    def check_levels(self, page):
        """As all else on the page: shares in per cent, times in seconds."""
        [share, wait] = page.run("return [...document.querySelectorAll('#levels tbody tr')].map((tr) => [...tr.cells].map((c) => c.textContent))")
        self.assertEqual((share[0], share[2]), ("connect_rate", "at least 1\u00a0%"))
        self.assertRegex(share[1], r"^\d+\.\d\d\u00a0%$")
        self.assertEqual(wait, ["wait_p95_s", "known at the end", "at most 30\u00a0s"])

    def check_outage(self, page):
        """While the carrier is out, and behind it."""
        page.wait_for("return [...document.querySelectorAll('#faults tbody .more')].some((e) => e.textContent)", "no fault is on")
        self.assertEqual(len(self.texts(page, "#faults tbody tr")), 1)
        self.assertIn("carrier A", self.texts(page, "#faults tbody td")[0])
        before = {chart: self.lines(page, chart) for chart in CHARTS}
        for chart in CHARTS:
            [[begin, end]] = self.marks(page, chart)
            self.assertAlmostEqual(begin, 20 / 120, delta=0.01, msg=chart)
            self.assertAlmostEqual(end, 40 / 120, delta=0.01, msg=chart)
        page.wait_for("return [...document.querySelectorAll('#lost tbody tr')].some((tr) => /lost_trunk/.test(tr.textContent))",
                      "no call is lost at the trunk")
        for row in page.run("return [...document.querySelectorAll('#lost tbody tr')].map((tr) => [...tr.cells].map((c) => c.textContent))"):
            self.assertRegex(row[0], r"^\d+\.\d s$")
            self.assertRegex(row[1], r"^(lost_(trunk|ivr|queue|agent)|dropped.*)$")
            self.assertNotEqual(row[2].strip(), "", row)
            self.assertRegex(row[3], r"@")
        return before

    def drawn(self, page):
        return page.wait_for("const t = document.querySelector('#ladder pre').textContent; return /reading/.test(t) ? '' : t")

    def check_ladder(self, page):
        """A lost call's Call-ID shows its messages, also when the table has gone on meanwhile; of one that has left the
        list, which may come before any click, words."""
        page.run("const b = document.querySelector('button.call'); b.dataset.call = 'gone@nowhere'; b.click()")
        self.assertRegex(self.drawn(page), LEFT_THE_LIST)
        self.assertIn("gone@nowhere", self.texts(page, "#ladder h2")[0])
        listed = "return [...document.querySelectorAll('button.call')].map((b) => b.textContent)"
        point = "document.getElementById('lost').dispatchEvent(new PointerEvent(arguments[0], { pointerType: 'mouse' }))"
        outcome, call = page.run("""
            const rows = [...document.querySelectorAll("#lost tbody tr")], tr = rows.find((r) => /lost_trunk/.test(r.textContent)) || rows[0];
            return [tr.cells[1].textContent, tr.cells[3].textContent]""")
        page.wait_for("return ![...document.querySelectorAll('button.call')]"
                      f".some((b) => b.textContent === {json.dumps(call)})", "no other calls are lost")
        page.run("const b = document.querySelector('button.call'); b.dataset.call = arguments[0]; b.click()", call)
        text = self.drawn(page)  # of a call that the list has no more
        page.run(point, "pointerenter")
        held = page.run(listed)
        at = page.run("return document.getElementById('where').textContent")
        page.wait_for(f"return document.getElementById('where').textContent !== {json.dumps(at)}", "the page stands")
        time.sleep(3)
        self.assertEqual(page.run(listed), held)
        page.run(point, "pointerleave")
        page.wait_for(f"return JSON.stringify([...document.querySelectorAll('button.call')].map((b) => b.textContent)) !== "
                      f"{json.dumps(json.dumps(held, separators=(',', ':')))}", "the list stands for ever")
        self.assertIn(call, self.texts(page, "#ladder h2")[0])
        self.assertRegex(text, r"INVITE[^\n]*\n(.*\n)*.*503" if outcome == "lost_trunk" else "INVITE")
        self.assertRegex(text, rf"{re.escape(call)}")
        self.assertIn("caller", text)

    def check_moved(self, page, before):
        page.wait_for("return [...document.querySelectorAll('#faults tbody .more')].every((e) => !e.textContent)", "the fault stays on")
        for chart in ("rate", "use", "loss0"):
            now = self.lines(page, chart)
            self.assertGreater(len(now), len(before[chart]), chart)
        heights = {point.split()[1] for point in self.lines(page, "loss0")}
        self.assertGreater(len(heights), 1, "the losses at the trunk are a flat line")

    def test_through_an_outage_to_the_button(self):
        run, address, token = self.start("en")
        with browser() as page:
            page.look(1280, 900, "light")
            page.go(address + "0" * 32)
            self.assertIn("403", self.texts(page, "body")[0])
            self.assertIn("403", page.console()[0]["message"])
            page.go(address + token)
            before = self.check_outage(page)
            self.check_ladder(page)
            self.check_levels(page)
            self.look_at(page, "en", "outage")
            self.check_moved(page, before)
            self.check_axes(page)
            page.click("#stop")
            self.assertIn("Stop the run?", page.answer(False))
            self.assertTrue(page.run("return !document.getElementById('stop').disabled"))
            self.assertEqual(page.run("return document.getElementById('end').hidden"), True)
            page.click("#stop")
            page.answer(True)
            page.wait_for("return !document.getElementById('end').hidden", "the end is not shown")
            self.assertEqual(self.texts(page, "#judgement"), ["INVALID"])
            self.assertTrue(page.run("return document.getElementById('stop').disabled"))
            self.look_at(page, "en", "stopped")
            told = [line["message"] for line in page.console()]
            self.assertEqual([line for line in told if "/ladder?call=" not in line or "404" not in line], [])
        out, err = run.communicate(timeout=PATIENCE_S)
        self.assertEqual(run.returncode, 4, out + err)
        self.assertEqual(processes_of(self.folder), {})

    def check_chinese(self, page):
        """Every text of the page itself is Chinese."""
        texts = page.run("""
            const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            for (let node; (node = walker.nextNode());)
              if (!node.parentElement.closest("script, noscript, " + arguments[0]) && node.data.trim())
                found.push(node.data.trim());
            return found""", AS_IT_IS)
        self.assertGreater(len(texts), 40)
        foreign = [text for text in texts if re.search(r"[A-Za-z]{2,}", re.sub(r"IVR|Call-ID", "", text))]
        self.assertEqual(foreign, [])

    def test_chinese_to_the_verdict(self):
        run, address, token = self.start("zh", "--set", "traffic.duration_s=60", "--set", "faults[0].at_s=10")
        with browser("zh-CN") as page:
            page.look(1280, 900, "light")
            page.go(address + token)
            page.wait_for("return document.querySelectorAll('#lost tbody tr').length > 2", "no call is lost")
            self.check_chinese(page)
            self.look_at(page, "zh", "running")
            page.wait_for("return !document.getElementById('end').hidden", "the end is not shown")
            self.check_chinese(page)
            self.check_axes(page)
            self.look_at(page, "zh", "over")
            self.assertEqual(page.console(), [])
            shown = self.texts(page, "#judgement")[0]
        out, err = run.communicate(timeout=PATIENCE_S)
        self.assertIn(run.returncode, (0, 1, 3, 4), out + err)
        self.assertEqual(shown, {0: "通过", 1: "不通过", 3: "无法判定", 4: "无效"}[run.returncode])


if __name__ == "__main__":
    if "--pictures" in sys.argv:
        i = sys.argv.index("--pictures")
        PICTURES = os.path.abspath(sys.argv[i + 1])
        os.makedirs(PICTURES, exist_ok=True)
        del sys.argv[i:i + 2]
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
