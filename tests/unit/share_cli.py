#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `report --share` gives away holds no number, Call-ID and address of the run, however written, and is the same
under the same key.

Usage: share_cli.py PEAKRIG SOURCE_DIR
"""
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.parse

PEAKRIG = None
SOURCE = None
ADDRESS = "192.0.2.77"
FILES = {"report.html", "result.json", "junit.xml", "calls.csv", "differences.csv"}


def rows_of(path):
    with open(path) as file:
        return list(csv.DictReader(line for line in file if line[0] != "#"))


def forms_of_number(number):
    """As people and protocols write it."""
    return {number, f"+{number}", f"00{number}", f"{number[:2]} {number[2:5]} {number[5:]}",
            f"{number[:2]}-{number[2:5]}-{number[5:]}", urllib.parse.quote(f"+{number}", safe="")}


def forms_of_address(address):
    parts = [int(part) for part in address.split(".")]
    return {address, "".join(f"{part:02x}" for part in parts), address.replace(".", "%2E")}


class Share(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-share-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.run_dir = self.at("run")
        shutil.copytree(os.path.join(SOURCE, "tests/fixtures/runs/fail"), self.run_dir)
        self.rename_target()
        done = self.peakrig("diff", self.run_dir, "--force", "--quiet")
        self.assertIn(done.returncode, (1, 3, 4), done.stderr)

    def at(self, *names):
        return os.path.join(self.folder, *names)

    def peakrig(self, *words):
        return subprocess.run([PEAKRIG, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)

    def rename_target(self):
        """An address that nothing else writes, where the run has 127.0.0.1."""
        for name in ("calls.csv", "play.json"):
            path = self.at("run", name)
            with open(path) as file:
                text = file.read()
            with open(path, "w") as file:
                file.write(text.replace("127.0.0.1", ADDRESS))
        with open(self.at("run", "play.json")) as file:
            play = json.load(file)
        play["target"] = f"udp:{ADDRESS}:5060"
        with open(self.at("run", "play.json"), "w") as file:
            json.dump(play, file)

    def share(self, out, *words):
        done = self.peakrig("report", self.run_dir, "--share", self.at(out), *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        found = {}
        for folder, _, names in os.walk(self.at(out)):
            for name in names:
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8", errors="replace") as file:
                    found[os.path.relpath(path, self.at(out))] = file.read()
        self.assertLessEqual(FILES, set(found))
        return found

    def secrets(self):
        calls = rows_of(self.at("run", "calls.csv"))
        numbers = {row["number"] for row in rows_of(self.at("run", "schedule.csv"))}
        self.assertGreater(len(numbers), 100)
        ids = {row["call_id"] for row in calls}
        self.assertTrue(any(ADDRESS in call_id for call_id in ids))
        some = {form for number in numbers for form in forms_of_number(number)}
        return ids | forms_of_address(ADDRESS) | some

    def test_nothing_of_the_run_is_given_away(self):
        secrets = self.secrets()
        found = self.share("out")
        self.assertIn("id-", found["calls.csv"])
        for name, text in found.items():
            text = text.lower()
            given = [secret for secret in secrets if secret.lower() in text]
            self.assertEqual(given[:3], [], name)

    def test_what_was_keyed_and_who_was_called_back_is_masked(self):
        path = self.at("run", "calls.csv")
        rows = rows_of(path)
        with open(path) as file:
            stamps = [line for line in file if line.startswith("#")]
        for row in rows:
            row.update(choice="", call_back_of="")
        rows[0].update(choice="47114711", call_back_of=rows[1]["call_id"])
        rows[1].update(choice="12#")
        with open(path, "w", newline="") as file:
            file.writelines(stamps)
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        self.share("out")
        found = rows_of(self.at("out", "calls.csv"))
        self.assertEqual(found[0]["call_back_of"], found[1]["call_id"])
        self.assertRegex(found[0]["choice"], "^id-[0-9a-f]{16}$")
        self.assertEqual(found[1]["choice"], "12#")

    def test_a_history_and_a_summary_hold_nothing_of_a_single_call(self):
        """Scenario, target, folder and labels are in them, as docs/analyze.md says."""
        history = self.at("h.db")
        made = {}
        for name, words in (("add", ["history", "add", "--history", history, self.run_dir]),
                            ("list", ["history", "--history", history]),
                            ("csv", ["history", "--history", history, "--csv"]),
                            ("json", ["history", "--history", history, "--json"]),
                            ("export", ["history", "export", "--history", history, "-"]),
                            ("week", ["report", "--week", "--history", history, "-o", "-"]),
                            ("trend", ["trend", "--history", history, "connect_rate"]),
                            ("compare", ["compare", self.run_dir, self.run_dir]),
                            ("compare json", ["compare", "--json", self.run_dir, self.run_dir]),
                            ("markdown", ["report", self.run_dir, "--markdown", "-"])):
            done = self.peakrig(*words)
            self.assertEqual(done.returncode, 0, (name, done.stderr))
            made[name] = done.stdout
        self.assertIn(ADDRESS, made["export"])
        of_calls = self.secrets() - forms_of_address(ADDRESS)
        for name, text in made.items():
            given = [secret for secret in of_calls if secret.lower() in text.lower()]
            self.assertEqual(given[:3], [], name)
        self.assertNotIn(ADDRESS, made["markdown"])

    def test_the_search_finds_what_is_not_masked(self):
        with open(self.at("run", "calls.csv")) as file:
            text = file.read()
        self.assertTrue(any(secret in text for secret in self.secrets()))

    def test_what_each_class_dials_is_masked(self):
        path = self.at("run", "scenario.cfg")
        with open(path) as file:
            text = file.read()
        for before, after in [('name = "caller"; share = 1.0;', 'name = "caller"; share = 1.0; dial = "78512";'),
                              ('description = "";', 'description = "calls tel:78512 or tel:785, not tel:78513";')]:
            self.assertIn(before, text)
            text = text.replace(before, after)
        with open(path, "w") as file:
            file.write(text)
        done = self.peakrig("diff", self.run_dir, "--force", "--quiet")
        self.assertIn(done.returncode, (1, 3, 4), done.stderr)
        found = self.share("out")
        self.assertIn("tel:78513", found["result.json"])
        for name, text in found.items():
            self.assertNotIn("tel:78512", text, name)

    def test_same_key_same_pseudonyms(self):
        with open(self.at("key"), "w") as file:
            file.write("a key of ours\n")
        first = self.share("a", "--mask-key-file", self.at("key"))
        again = self.share("b", "--mask-key-file", self.at("key"))
        other = self.share("c")
        for name in ("calls.csv", "differences.csv"):
            self.assertEqual(first[name], again[name])
        self.assertNotEqual(first["calls.csv"], other["calls.csv"])
        self.assertFalse(any("a key of ours" in text for text in first.values()))

    def test_the_run_itself_stays_as_it_is(self):
        before = {name: os.stat(self.at("run", name)).st_mtime_ns for name in os.listdir(self.run_dir)}
        self.share("out")
        self.assertEqual(before, {name: os.stat(self.at("run", name)).st_mtime_ns for name in before})
        self.assertEqual(set(os.listdir(self.run_dir)), set(before))

    def test_a_folder_in_use_is_refused_or_kept(self):
        os.mkdir(self.at("mine"))
        with open(self.at("mine", "notes"), "w") as file:
            file.write("mine")
        self.peakrig("report", self.run_dir, "--share", self.at("mine"))
        with open(self.at("mine", "notes")) as file:
            self.assertEqual(file.read(), "mine")
        done = self.peakrig("report", self.run_dir, "--share", self.run_dir)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertTrue(re.search(r"--share", done.stderr), done.stderr)


if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
