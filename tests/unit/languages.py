#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Languages: no text of the sources is without its translation; what is chosen, by whatever means; tables that stand
straight; a machine without any locale.

usage: languages.py SOURCE_DIR PEAKRIG
"""
import ast
import filecmp
import html.parser
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as tree

import terminal
from terminal import NO_LOCALE, columns

SOURCE, PEAKRIG = pathlib.Path(sys.argv[1]), sys.argv[2]
LANGUAGES = SOURCE / "languages"
DOMAINS = ("words", "sentences")
SCENARIO = str(SOURCE / "scenarios" / "tv-peak-785.cfg")
FEW = ("--replications", "3", "--set", "traffic.duration_s=60")
CHINESE = re.compile("[\u4e00-\u9fff]")


def run(*words, env=None, code=0):
    return terminal.run(PEAKRIG, words, code, env)


def predict(*words, env=None):
    return run("predict", SCENARIO, *FEW, *words, env=env).stdout


def on_terminal(width, *words):
    return terminal.on_terminal(width, [PEAKRIG, *words])


def tables(text):
    """Rows of each table: lines with columns that follow one another."""
    found, rows = [], []
    for line in [*text.split("\n"), ""]:
        if "|" in line or "-+-" in line:
            rows.append(line)
        elif rows:
            found.append(rows)
            rows = []
    return found


def bars(line):
    return [columns(line[:m.start()]) for m in re.finditer(r"\|" if "|" in line else r"\+", line)]


class Catalogues(unittest.TestCase):
    def test_they_are_of_these_sources(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([SOURCE / "ci" / "languages", folder], check=True)
            for domain in DOMAINS:
                self.assertTrue(filecmp.cmp(f"{folder}/{domain}.pot", LANGUAGES / f"{domain}.pot", False),
                                f"languages/{domain}.pot is not of these sources: run ci/languages")

    def test_words_that_say_something_else(self):
        """线上 is read as "online": what is measured on the wire is 实测, in the capture 抓包, its time 实际时间."""
        for domain in DOMAINS:
            self.assertEqual(re.findall(".*线上.*", (LANGUAGES / f"{domain}.zh.po").read_text()), [])

    def test_what_a_source_says_is_not_older(self):
        places = re.findall(r"^#: .*older\.words.*", (LANGUAGES / "sentences.pot").read_text(), re.M)
        self.assertEqual(set(places), {"#: languages/older.words"})

    def test_each_text_has_its_translation(self):
        for domain in DOMAINS:
            po = LANGUAGES / f"{domain}.zh.po"
            for kind in ("--untranslated", "--only-fuzzy", "--only-obsolete"):
                left = subprocess.run(["msgattrib", kind, po], capture_output=True, text=True, check=True).stdout
                self.assertEqual(left, "", f"{po}: {kind}")
            self.assertEqual(self.originals(po), self.originals(LANGUAGES / f"{domain}.pot"))

    @staticmethod
    def originals(path):
        """The texts, one a line of msgcat's own form."""
        text = subprocess.run(["msgcat", "--no-location", "--no-wrap", "--sort-output", path], capture_output=True, text=True,
                              check=True).stdout
        return re.findall(r"^msgid(?:_plural)? .*(?:\n\".*)*", text, re.M)[1:]

    def test_the_conversions_are_the_same(self):
        for domain in DOMAINS:
            subprocess.run(["msgfmt", "--check", "-o", "/dev/null", LANGUAGES / f"{domain}.zh.po"], check=True)

    # The same of what a verdict says: reasons as files have them.
    ENGLISH_SENTENCES = {"verdict/cut_by_rig.c", "verdict/judge/cut.c"}

    def test_each_file_of_texts_is_listed(self):
        script = (SOURCE / "ci" / "languages").read_text()
        listed = set(re.findall(r"\bmodels/\w+\.c", script)).union(
            *((LANGUAGES / f"{domain}.files").read_text().split() for domain in DOMAINS))
        rooms = [path.parent.name for path in SOURCE.glob("*/CMakeLists.txt") if path.parent.name != "tests"]
        files = sorted({str(path.relative_to(SOURCE)) for room in rooms for path in (SOURCE / room).rglob("*.[ch]")} - listed)
        words = self.marked(files, re.findall(r"--keyword=(?:rig_\w+|[NP]_)[:\d,]*", script))
        self.assertEqual(set(words), set(), "its texts have no translation: name it in languages/*.files")
        said = self.marked([path for path in files if path.startswith("verdict/")], re.findall(r"--keyword=\S+", script))
        self.assertEqual({path for path, texts in said.items() if re.search("[a-z]{2,} [a-z]{2,}", " ".join(texts))},
                         self.ENGLISH_SENTENCES, "its sentences have no translation: name it in languages/sentences.files")

    @staticmethod
    def marked(files, keywords):
        """The texts of each file that xgettext finds by the keywords, but for "%s", which passes one on."""
        text = subprocess.run(["xgettext", "--language=C", "--from-code=UTF-8", "--no-wrap", "--add-location=file", "--output=-",
                               "--keyword", *keywords, *files], cwd=SOURCE, capture_output=True, text=True, check=True).stdout
        found = {}
        for paths, original in re.findall(r"^#: (.*)\n(?:#.*\n)*(msgid .*(?:\n\".*)*)", text, re.M):
            for path in paths.split() if original != 'msgid "%s"' else ():
                found.setdefault(path, set()).add(original)
        return found

    def test_the_live_page(self):
        """Its texts stand in strings of its script and in attributes: nothing in them ends these; values keep their places."""
        files = [(SOURCE / "live" / "page" / name).read_text() for name in ("body.html", "page.js")]
        texts = {text for file in files for text in re.findall(r"{{(.*?)}}", file)}
        self.assertGreater(len(texts), 60)
        plain = re.sub(r"<[^>]*>|{{.*?}}", " ", files[0])
        self.assertNotRegex(plain, r"[A-Za-z]{4,} [a-z]{2,}")
        for string in re.findall(r'"((?:[^"\\]|\\.)*)"', re.sub(r"/\*.*?\*/|(?m:^ *//.*)|\"use strict\"", "", files[1])):
            self.assertNotRegex(re.sub("{{.*?}}", "", string), "[a-z]{2,} [a-z]{2,}", string)
        found = subprocess.run(["msgcat", "--no-wrap", "--no-location", LANGUAGES / "words.zh.po"], capture_output=True, text=True,
                               check=True).stdout
        told = dict(re.findall(r'^msgid "(.*)"\nmsgstr "(.*)"$', found, re.M))
        for text in texts:
            self.assertIn(text, told)
            self.assertNotRegex(told[text], r"[\"\\<>&{}]", text)
            self.assertEqual(sorted(re.findall(r"\$\d", told[text])), sorted(re.findall(r"\$\d", text)))

    def test_there_is_room_for_all_formats(self):
        """What a verdict's sentences are read back by (core/language/retell.c): one beyond its room would stay English."""
        room = int(re.search(r"MAX_PATTERNS = (\d+)", (SOURCE / "core" / "language" / "retell.c").read_text()).group(1))
        self.assertLess(len(self.originals(LANGUAGES / "sentences.pot")), room)

    def test_a_text_without_translation_is_seen(self):
        with tempfile.TemporaryDirectory() as folder:
            text = (LANGUAGES / "words.zh.po").read_text().replace('msgid "queue"\nmsgstr "队列"', 'msgid "queue"\nmsgstr ""')
            path = pathlib.Path(folder) / "words.zh.po"
            path.write_text(text)
            left = subprocess.run(["msgattrib", "--untranslated", path], capture_output=True, text=True, check=True).stdout
            self.assertIn('msgid "queue"', left)


class Choice(unittest.TestCase):
    def test_what_is_chosen(self):
        for words, env, is_chinese in (
                ((), {}, False), ((), {"LANG": "zh_CN.UTF-8"}, True), ((), {"LC_MESSAGES": "zh_CN.UTF-8", "LANG": "C"}, True),
                ((), {"LC_ALL": "C", "LC_MESSAGES": "zh_CN.UTF-8"}, False), ((), {"LANG": "zh_CN.GB18030"}, False),
                ((), {"LANG": "fr_FR.UTF-8"}, False), (("--lang", "zh"), {}, True), (("--lang=zh",), {"LC_ALL": "C"}, True),
                (("--lang", "en"), {"LANG": "zh_CN.UTF-8"}, False), (("--lang", "zh", "--lang", "en"), {}, False)):
            with self.subTest(words=words, env=env):
                text = predict(*words, env=env)
                self.assertEqual(bool(CHINESE.search(text)), is_chinese, text)
        self.assertRegex(run("--lang", "zh", "predict", SCENARIO, *FEW).stdout, CHINESE)
        self.assertRegex(run("--lang=zh", "predict", SCENARIO, *FEW).stdout, CHINESE)

    def test_an_unknown_one_is_refused(self):
        for words in (("predict", SCENARIO, "--lang", "fr"), ("--lang", "fr", "predict", SCENARIO),
                      ("predict", SCENARIO, "--lang", ""), ("predict", SCENARIO, "--lang=zh_CN"), ("--lang",)):
            done = run(*words, code=2)
            self.assertEqual(done.stdout, "")
            self.assertIn("--lang: ", done.stderr)
            self.assertIn("en, zh", done.stderr)
        self.assertIn("expected LANG", run("predict", SCENARIO, "--lang", code=2).stderr)

    def test_machines_are_spoken_to_in_english(self):
        for words in (("predict", SCENARIO, *FEW, "--json"), ("schedule", SCENARIO, "-o", "-"), ("keys", "queue.capacity")):
            self.assertEqual(run(*words, "--lang", "zh").stdout, run(*words).stdout)
        wrong = ("predict", SCENARIO, "--set", "ivr.ports=none")
        self.assertEqual(run(*wrong, "--lang", "zh", code=2).stderr, run(*wrong, code=2).stderr)

    def test_what_is_a_reference_is_in_english(self):
        """What docs/languages.md names: keys and defects, with what they mean."""
        for words in (("keys", "queue"), ("target", "--defects")):
            with self.subTest(words[0]):
                english = run(*words).stdout
                self.assertNotEqual(english, "")
                self.assertEqual(run(*words, "--lang", "zh").stdout, english)


class Tables(unittest.TestCase):
    CASES = {"predict": ("predict", SCENARIO, *FEW),
             "carriers": ("predict", str(SOURCE / "scenarios" / "two-carriers.cfg"), *FEW),
             "agents": ("predict", str(SOURCE / "scenarios" / "skills-vip.cfg"), *FEW)}

    def test_columns_stand_straight(self):
        n = 0
        for name, words in self.CASES.items():
            for language in ("en", "zh"):
                for rows in tables(run(*words, "--lang", language).stdout):
                    with self.subTest(name, language=language):
                        self.assertEqual({tuple(bars(row)) for row in rows}, {tuple(bars(rows[0]))}, "\n".join(rows))
                        n += 1
        self.assertGreaterEqual(n, 8)

    def test_no_line_is_wider_than_the_terminal(self):
        many = [word for key in ("ivr.ports=180,200", "trunks[0].e1=9", "agents[0].count=350,360", "queue.capacity=500")
                for word in ("--vary", key)]
        plans = (("plan", SCENARIO, "--quiet", *many, *FEW), ("plan", SCENARIO, "--quiet", *many[:4], *FEW))
        for words in (*self.CASES.values(), *plans):
            for width in (80, 60):
                text = on_terminal(width, *words, "--lang", "zh")
                self.assertRegex(text, CHINESE)
                for line in text.split("\n"):
                    if "|" not in line and "-+-" not in line:
                        self.assertLessEqual(columns(line), width, line)
                    elif width == 80:
                        self.assertLessEqual(columns(line), 80, line)

    def test_a_plan_with_many_keys(self):
        """Where no figure has room beside the counts, each combination is a paragraph with the same figures."""
        words = ("plan", SCENARIO, "--quiet", "--vary", "ivr.ports=180,200", "--vary", "agents[0].count=350,360", "--vary",
                 "trunks[0].e1=9", "--meet", "lost_trunk<=99%", *FEW)
        for language in ("en", "zh"):
            asked = (*words, "--lang", language)
            wide, narrow = run(*asked).stdout, on_terminal(60, *asked)
            rows = [row for row in tables(wide)[0] if "%" in row]
            paragraphs = re.sub(r"\n  +", " ", narrow)
            self.assertGreaterEqual(len(rows), 2)
            for row in rows:
                ports, agents, _, runs, *figures = [cell.strip() for cell in row.split("|")]
                told = re.search(rf"(?m)^ivr\.ports={ports}, agents\[0\]\.count={agents}, trunks.*$", paragraphs).group()
                for figure in (*figures[:-1], runs, figures[-1]):
                    self.assertIn(figure.replace(" ", ""), told.replace(" ", ""))

    def test_wrapping_loses_nothing(self):
        whole = predict("--lang", "zh")
        text = on_terminal(60, "predict", SCENARIO, *FEW, "--lang", "zh")
        self.assertEqual(re.sub(r"\s", "", text), re.sub(r"\s", "", whole))


class Commands(unittest.TestCase):
    """What commands tell people is in Chinese, whole, and stands straight; what they tell programs is the same."""
    ENGLISH = re.compile(r"(?:\b[a-z]{2,}\b[ ,:]+){2,}\b[a-z]{2,}\b")
    # What files and Q.850 call it: a cause, the rule that fired, the outcome with its reason.
    NAMES = re.compile(r" \(Q\.850\).*|Q\.850 原因 \d+（[^）]*）|^判断依据：.*|^[a-z_]+：.*")
    FIXTURES = SOURCE / "tests" / "fixtures"

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="peakrig-languages-")
        passed, failed, stopped = (str(cls.FIXTURES / "runs" / name) for name in ("pass", "fail", "stopped"))
        cls.db = db = f"{cls.folder.name}/history.db"
        run("history", "add", passed, failed, stopped, "--history", db)
        capture = str(cls.FIXTURES / "embedded_centre.pcap")
        plan = ("plan", SCENARIO, "--quiet", "--vary", "ivr.ports=100,200", *FEW)
        searched = ("plan", SCENARIO, "--quiet", "--vary", "ivr.ports=100:220:60", "--vary", "trunks[0].circuits=200:280:40", *FEW)
        # Exit code, words, and whether there is JSON of it.
        cls.cases = {
            "analyze": (0, ("analyze", capture), True),
            "analyze by": (0, ("analyze", capture, "--by", "hour", "--by", "agent"), True),
            "clocks": (0, ("analyze", str(cls.FIXTURES / "replies_come_seconds_early.pcap")), True),
            **{f"why {name}": (0, ("analyze", str(cls.FIXTURES / f"{name}.pcap"), "--why", "*", "--quiet"), False)
               for name in ("embedded_centre", "failures_of_all_kinds", "plain_pbx", "agent_drops_the_call", "early_queue",
                            "no_response_without_retransmission", "marks_of_all_kinds", "forked_at_an_agent")},
            "registrations": (0, ("analyze", str(cls.FIXTURES / "registrations.pcap")), True),
            "plan": (0, plan, True), "not met": (1, (*plan, "--meet", "lost_trunk<=1%"), True),
            "met": (0, (*searched, "--meet", "lost_queue<=90%", "--meet", "lost_ivr<=20%"), True),
            "of days": (0, (*plan, "--meet", "lost_queue<=90%", "--of-days", "60%", "--max-replications", "20"), True),
            "compare": (1, ("compare", passed, failed), True), "compare stopped": (0, ("compare", failed, stopped), True),
            "history": (0, ("history", "list", "--history", db), True),
            "no history": (0, ("history", "list", "--history", db, "--scenario", "nobody"), True),
            "trend": (0, ("trend", "lost_trunk", "--history", db), True), "check": (0, ("check", SCENARIO, "--set", "traffic.duration_s=20"), True),
            "doctor": (0, ("doctor",), False),
            **{f"recipe {name}": (0, ("recipe", name, SCENARIO, "-o", f"{cls.folder.name}/{name}-LANG", *more), False)
               for name, more in (("asterisk", ()), ("freeswitch", ()), ("kamailio", ("--next", "192.0.2.7")),
                                  ("opensips", ("--next", "192.0.2.7")))}}
        cls.said = {}

    def say(self, name, *more):
        """What the case prints; it is asked once."""
        code, words, _ = self.cases[name]
        if (name, more) not in self.said:
            words = [word.replace("-LANG", "-" + "".join(more)) for word in words]  # a folder of its own
            self.said[name, more] = run(*words, *more, code=code).stdout
        return self.said[name, more]

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_they_are_in_chinese(self):
        for name in self.cases:
            with self.subTest(name):
                text = self.say(name, "--lang", "zh")
                self.assertRegex(text, CHINESE)
                for line in text.split("\n"):
                    if not line.startswith(" " * 9):  # a command to copy
                        self.assertNotRegex(self.NAMES.sub(" ", line), self.ENGLISH)
                english = self.say(name, "--lang", "en")
                self.assertNotRegex(english, CHINESE)
                self.assertEqual(len(tables(text)), len(tables(english)))

    def test_their_tables_stand_straight(self):
        n = 0
        for name in self.cases:
            for language in ("en", "zh"):
                for rows in tables(self.say(name, "--lang", language)):
                    heads = [row for row in rows if "-+-" in row]
                    if not heads:
                        continue
                    with self.subTest(name, language=language):
                        n_bars = len(bars(heads[0]))
                        self.assertEqual({tuple(bars(row)[:n_bars]) for row in rows}, {tuple(bars(heads[0]))}, "\n".join(rows))
                        n += 1
        self.assertGreaterEqual(n, 20)

    def test_columns_of_the_history_stand_straight(self):
        for language in ("en", "zh"):
            lines = run("history", "list", "--history", self.db, "--lang", language).stdout.rstrip("\n").split("\n")
            ends = {columns(line[:line.rindex("cli-test")]) for line in lines[1:]}
            self.assertEqual(ends, {columns(re.split("scenario|场景", lines[0])[0])}, "\n".join(lines))

    def test_programs_are_told_the_same(self):
        for name, (_, words, has_json) in self.cases.items():
            for option in ("--json", *(("--csv",) if words[0] in ("plan", "history", "trend") else ())):
                if has_json:
                    with self.subTest(name, option=option):
                        english = self.say(name, option)
                        self.assertNotEqual(english, "")
                        self.assertEqual(self.say(name, option, "--lang", "zh"), english)
        english, chinese = (json.loads(run("doctor", "--json", "--lang", language).stdout) for language in ("en", "zh"))
        self.assertEqual(*([item["expected"] for item in made["items"]] for made in (english, chinese)))

    def test_no_sentence_is_wider_than_the_terminal(self):
        for name in ("plan", "check", "analyze", "history"):
            for line in on_terminal(80, *self.cases[name][1], "--lang", "zh").split("\n"):
                if "|" not in line and "-+-" not in line and not re.match("[0-9a-f]{16} |运行 ", line):
                    self.assertLessEqual(columns(line), 80, line)


class Page(html.parser.HTMLParser):
    """What a reader sees or hears of a page: texts, labels; and its markup."""
    SEEN = ("aria-label", "data-label", "title", "alt")

    def __init__(self, text):
        super().__init__()
        self.texts, self.language, self.is_hidden = [], None, False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag == "html":
            self.language = dict(attrs)["lang"]
        self.is_hidden = tag in ("style", "code")
        self.texts += [value for name, value in attrs if name in self.SEEN and value]

    def handle_endtag(self, tag):
        self.is_hidden = False

    def handle_data(self, data):
        if not self.is_hidden and data.strip():
            self.texts.append(" ".join(data.split()))


def fragments(domain):
    """What stands between markup and values in the texts of the sources: at least two words."""
    text = subprocess.run(["msgcat", "--no-location", "--no-wrap", LANGUAGES / f"{domain}.pot"], capture_output=True, text=True,
                          check=True).stdout
    for original in re.findall(r'^msgid (".*"(?:\n".*")*)', text, re.M):
        plain = ast.literal_eval("(" + original.replace("\n\"", " \"") + ")")
        for part in re.split(r"<[^>]*>|%%|%[-+0-9.$]*(?:ll|z)?[a-zA-Z]|[\n|]", plain):
            if re.search(r"[a-z]{2,} [a-z]{2,}", part):
                yield part.strip()


class Reports(unittest.TestCase):
    """The pages and the summary of runs: all in Chinese but names, and what others have written."""
    ENGLISH = re.compile(r"(?:\b[a-z]{2,}\b[ ,]+){2,}\b[a-z]{2,}\b")

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="peakrig-languages-")
        cls.at = pathlib.Path(cls.folder.name)
        cls.runs = {}
        for name in ("pass", "fail", "stopped"):
            cls.runs[name] = cls.at / name
            shutil.copytree(SOURCE / "tests" / "fixtures" / "runs" / name, cls.runs[name])
        for path in (SOURCE / "tests" / "fixtures" / "results").glob("*.json"):
            at = cls.runs[f"made {path.stem}"] = cls.at / f"made-{path.stem}"
            shutil.copytree(SOURCE / "tests" / "fixtures" / "runs" / "pass", at)
            shutil.copy(path, at / "result.json")
        cls.known = sorted({f for domain in DOMAINS for f in fragments(domain)}, key=len)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def others(self, run):
        """What of a result is no text of ours: names, descriptions, reasons, defects."""
        result = json.loads((run / "result.json").read_text())
        lists = {key: (result.get(key) or {}).get(inner) or [] for key, inner in
                 (("calls", "reasons"), ("target", "defects"), ("agreement", "first_different"))}
        return [result.get("name", ""), result.get("description", ""), *((item or {}).get("reason") or "" for item in lists["calls"]),
                *lists["target"], *((call or {}).get("call_id") or "" for call in lists["agreement"])]

    def check(self, texts, others):
        for text in texts:
            for other in sorted(filter(None, others), key=len, reverse=True):
                text = text.replace(" ".join(other.split()), " ")
            self.assertNotRegex(text, self.ENGLISH)
            for fragment in self.known:
                self.assertNotIn(fragment, text)

    def test_a_run(self):
        self.assertGreater(len(self.known), 200)
        for name, run_dir in self.runs.items():
            with self.subTest(name):
                run("report", str(run_dir), "--lang", "zh")
                page = Page((run_dir / "report.html").read_text())
                self.assertEqual(page.language, "zh-CN")
                self.assertGreater(len([t for t in page.texts if CHINESE.search(t)]), 40)
                self.check(page.texts, self.others(run_dir))

    def test_english_is_what_it_was(self):
        run("report", str(self.runs["fail"]), "--lang", "en", env={"LANG": "zh_CN.UTF-8"})
        text = (self.runs["fail"] / "report.html").read_text()
        self.assertEqual(Page(text).language, "en")
        self.assertNotRegex(text.split("</style>")[1], CHINESE)

    def test_the_markup_is_the_same(self):
        """Translations hold their original's markup: the pages differ in texts alone."""
        tags = {}
        for language in ("en", "zh"):
            run("report", str(self.runs["made fail_trunk"]), "--lang", language)
            text = (self.runs["made fail_trunk"] / "report.html").read_text()
            tree.fromstring(re.sub(r"<!DOCTYPE html>", "", text))
            tags[language] = sorted(re.findall(r"<[a-z0-9]+", text))
        self.assertEqual(tags["en"], tags["zh"])

    def test_the_summary_of_a_merge_request(self):
        for name, run_dir in self.runs.items():
            with self.subTest(name):
                text = run("report", str(run_dir), "--markdown", "-", "--lang", "zh").stdout
                self.assertRegex(text, CHINESE)
                plain = re.sub(r"<!-- -->|</?\w+>|\\\\", "", text)
                self.check([line for line in plain.split("\n")], self.others(run_dir))

    def test_a_week(self):
        db, lines = str(self.at / "history.db"), []
        for name in ("pass", "fail", "stopped"):
            run("history", "add", str(self.runs[name]), "--history", db)
        text = run("report", "--week", "--history", db, "-o", "-", "--lang", "zh").stdout
        page = Page(text)
        self.assertEqual(page.language, "zh-CN")
        self.assertGreater(len([t for t in page.texts if CHINESE.search(t)]), 20)
        self.check(page.texts, lines)

    def test_the_console(self):
        for name in ("pass", "fail"):
            with self.subTest(name):
                done = subprocess.run([PEAKRIG, "diff", str(self.runs[name]), "--no-history", "--lang", "zh"],
                                      capture_output=True, text=True, env=NO_LOCALE)
                self.assertIn(done.returncode, (0, 1, 3, 4), done.stderr)
                for rows in tables(done.stdout):
                    self.assertEqual({tuple(bars(row)) for row in rows}, {tuple(bars(rows[0]))}, "\n".join(rows))
                self.check(done.stdout.split("\n"), self.others(self.runs[name]))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
