#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A backup number from outside: who is lost dials it, by its carrier; a centre at which it is not connected fails.

Usage: backup_number.py PEAKRIG SOURCE_DIR
"""
import csv
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

from judged_run import JudgedTest, judged_run

PEAKRIG = None
SOURCE = None
TIME_SCALE = 20.0
LEVELS = ('gate.levels=({metric="backup_connect_rate";min=0.5;},{metric="n_backup_calls";min=10.0;},'
          '{metric="lost_trunk[second]";max=0.5;})')


def rows_of(path):
    with open(path) as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


class BackupNumber(JudgedTest):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-backup-number-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def play(self, *words):
        return judged_run(PEAKRIG, [os.path.join(SOURCE, "scenarios/backup-number.cfg"), "--no-history", "--set", LEVELS,
                                    *words], self.folder, TIME_SCALE)

    def expect_calls(self, out):
        """Each call came in by the carrier of the number that its row says, and dialled that number."""
        plan = rows_of(os.path.join(out, "schedule.csv"))
        calls = {int(row["planned_index"]): row for row in rows_of(os.path.join(out, "calls.csv"))}
        with open(os.path.join(out, "capture.pcap"), "rb") as file:
            capture = file.read()
        n_backup = 0
        for index, row in enumerate(plan):
            if index not in calls:
                continue
            n_backup += row["backup"] == "1"
            self.assertEqual(calls[index]["carrier"], "second" if row["backup"] == "1" else "first")
        self.assertEqual(capture.count(b"INVITE sip:786@"), n_backup)
        people = rows_of(os.path.join(out, "callers.csv"))
        self.assertEqual(sum(int(row["backup_calls"]) for row in people), n_backup)
        return n_backup, calls, plan

    def test_who_is_lost_dials_it(self):
        done, out, result = self.play()
        self.expect_pass(done, result)
        n_backup, calls, plan = self.expect_calls(out)
        self.assertGreater(n_backup, 50)
        told = {row["name"]: row for row in result["told"]}
        self.assertEqual(told["n_backup_calls"]["observed"], n_backup)
        served = sum(calls[i]["outcome"] == "served" for i, row in enumerate(plan) if row["backup"] == "1" and i in calls)
        self.assertAlmostEqual(told["backup_connect_rate"]["observed"], served / n_backup, places=6)
        self.assertEqual({row["judgement"] for row in told.values()}, {"PASS"})
        self.assertEqual([row["judgement"] for row in result["levels"]], ["PASS"] * 3)

    def test_not_connected(self):
        done, out, result = self.play("--defect", "no_backup")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertEqual(result["verdict"]["judgement"], "FAIL")
        failed = {row["name"] for row in result["told"] if row["judgement"] == "FAIL"}
        self.assertIn("backup_connect_rate", failed)
        self.assertEqual({row["stage"]: row["judgement"] for row in result["stages"]}["trunk"], "FAIL")
        self.assertEqual(result["diagnosis"][0]["kind"], "refused")
        _, calls, plan = self.expect_calls(out)
        for index, call in calls.items():
            if plan[index]["backup"] == "1":
                self.assertEqual((call["outcome"], call["final_code"]), ("lost_trunk", "404"))

    def test_refusals(self):
        for word, expected in (("callers.redial.backup.trunk=\"third\"", "not there; expected the name of a group of trunks"),
                               ("callers.redial.backup.dial=\"785\"", "is callers.dial, too; expected another number"),
                               ("callers.redial.backup.dial=\"112\"", "emergency"),
                               ("callers.auth={user=\"a\";password=\"b\";}", "not with callers.redial.backup")):
            done = subprocess.run([PEAKRIG, "check", os.path.join(SOURCE, "scenarios/backup-number.cfg"), "--set", word],
                                  capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 2, word)
            self.assertIn(expected, done.stderr)
        done = subprocess.run([PEAKRIG, "run", os.path.join(SOURCE, "scenarios/redials.cfg"), "--defect", "no_backup"],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 2)
        self.assertIn("no_backup: expected a callers.redial.backup with a share over 0", done.stderr)


if __name__ == "__main__":
    PEAKRIG, SOURCE = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
