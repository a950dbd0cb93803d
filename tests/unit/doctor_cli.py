#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`peakrig doctor` on machines that lack something: each thing is really taken away, is named, and alone; and the
command that it prints mends it, where it can be run here.

usage: doctor_cli.py PEAKRIG SOURCE_DIR
"""
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import unittest

PEAKRIG = None
IS_ROOT = os.getuid() == 0
SUDO = 'sudo() { "$@"; }\n'
REAL = shutil.which("sipp")


def needs_root(test):
    return unittest.skipUnless(IS_ROOT, "skipped: only root can take this away")(test)


class Doctor(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-doctor-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.here = self.states()

    def run_it(self, *words, before=(), env=None, files=None, peakrig=None):
        def prepare():
            if files is not None:
                resource.setrlimit(resource.RLIMIT_NOFILE, files)
        return subprocess.run([*before, peakrig or PEAKRIG, "doctor", *words], cwd=self.folder, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=60, preexec_fn=prepare,
                              env={**os.environ, **(env or {})})

    def items(self, *words, **how):
        """By name; and the document, the text and the exit code agree."""
        done = self.run_it("--json", *words, **how)
        told = json.loads(done.stdout)
        self.assertEqual(told["format"], "peakrig doctor 1")
        items = {item["name"]: item for item in told["items"]}
        self.assertEqual(len(items), len(told["items"]))
        n = {state: sum(item["state"] == state for item in items.values()) for state in ("missing", "weak")}
        self.assertEqual((told["missing"], told["weak"]), (n["missing"], n["weak"]))
        self.assertEqual(told["runs_work"], n["missing"] == 0)
        self.assertEqual(done.returncode, 5 if n["missing"] else 0, done.stderr)
        text = self.run_it(*words, **how)
        self.assertEqual(text.returncode, done.returncode)
        for item in items.values():
            word = "MISSING" if item["state"] == "missing" else item["state"]
            self.assertRegex(text.stdout, rf"(?m)^{word} +{item['name']} ")
            if item["mend"] is not None:
                self.assertIn(f"\n         {item['mend']}\n", text.stdout)
                self.assertNotEqual(item["state"], "ok")
        return items

    def states(self, *words, **how):
        return {name: item["state"] for name, item in self.items(*words, **how).items()}

    def expect_alone(self, items, name, state):
        """As on this machine, but for the one."""
        there = {key: item["state"] for key, item in items.items()}
        wanted = {**self.here, name: state}
        wanted.pop("sipp audio", None)
        self.assertEqual({key: there[key] for key in wanted}, wanted)
        return items[name]

    def script(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w") as file:
            file.write("#!/bin/sh\n" + text)
        os.chmod(path, 0o755)
        return path

    def path_without(self, *names):
        """PATH with all that is there but these."""
        farm = os.path.join(self.folder, "bin")
        os.mkdir(farm)
        for folder in reversed(os.environ["PATH"].split(":")):
            for name in os.listdir(folder) if os.path.isdir(folder) else ():
                link = os.path.join(farm, name)
                if name in names or not os.path.exists(os.path.join(folder, name)):
                    continue
                if os.path.lexists(link):
                    os.unlink(link)
                os.symlink(os.path.join(folder, name), link)
        return {"PATH": farm}

    # ---- programs ----

    def test_without_sipp(self):
        item = self.expect_alone(self.items(env=self.path_without("sipp")), "sipp", "missing")
        self.assertIn("not found in PATH", item["found"])
        self.assertTrue(item["mend"].endswith("peakrig run --sipp /usr/bin/sipp SCENARIO") or
                        item["mend"].endswith("apt-get install -y sip-tester"), item["mend"])

    def test_an_old_sipp(self):
        old = self.script("sipp", "echo ' SIPp v3.5.2-TLS-PCAP.'; exit 99\n")
        item = self.expect_alone(self.items("--sipp", old), "sipp", "missing")
        self.assertIn("SIPp 3.5; expected 3.6 or later", item["found"])

    def test_a_sipp_that_lacks_options(self):
        lame = self.script("sipp", f'[ "$1" = -h ] && {{ {REAL} -h 2>&1 | grep -vE "^ *-(cid_str|oocsf|mp) "; exit 99; }}\n'
                                   f'exec {REAL} "$@"\n')
        item = self.expect_alone(self.items("--sipp", lame), "sipp", "missing")
        self.assertIn("has no option -oocsf, -cid_str, -mp (", item["found"])

    def test_a_sipp_without_audio(self):
        for version, words in (("3.6.1-SCTP", ["no RTPSTREAM", "no PCAP"]), ("3.6.1-PCAP", ["no RTPSTREAM"]),
                               ("3.7.3-TLS", ["no PCAP"])):
            with self.subTest(version=version):
                plain = self.script("sipp", f'[ "$1" = -v ] && {{ echo " SIPp v{version}."; exit 99; }}\n'
                                            f'exec {REAL} "$@"\n')
                items = self.items("--sipp", plain)
                self.assertEqual(items["sipp"]["state"], "ok")
                self.assertEqual(items["sipp audio"]["state"], "weak")
                self.assertEqual("TLS" not in version, "without TLS" in items["sipp"]["found"])
                for word in words:
                    self.assertIn(word, items["sipp audio"]["found"])

    def test_without_gnuplot(self):
        item = self.expect_alone(self.items(env=self.path_without("gnuplot")), "gnuplot", "weak")
        self.assertIn("not found", item["found"])

    def test_a_gnuplot_that_cannot_draw(self):
        self.script("gnuplot", "exit 3\n")
        item = self.expect_alone(self.items(env={"PATH": f"{self.folder}:{os.environ['PATH']}"}), "gnuplot", "weak")
        self.assertIn("exit code 3", item["found"])

    # ---- limits ----

    def test_open_files(self):
        for soft, state in ((40, "missing"), (500, "weak")):
            items = self.items(files=(soft, 4096))
            item = self.expect_alone(items, "open files", state)
            self.assertIn(str(soft), item["found"])
            mended = self.run_it("--json", before=["sh", "-c", f'{item["mend"]}; exec "$@"', "sh"], files=(soft, 4096))
            told = {item["name"]: item["state"] for item in json.loads(mended.stdout)["items"]}
            self.assertEqual(told["open files"], "ok")

    def test_one_core(self):
        one = min(os.sched_getaffinity(0))
        item = self.expect_alone(self.items(before=["taskset", "-c", str(one)]), "cores", "weak")
        self.assertTrue(item["found"].startswith("1 of "), item)

    def test_rooms(self):
        item = self.expect_alone(self.items("--out", os.path.join(self.folder, "nowhere")), "disk", "missing")
        self.assertIn("cannot be written", item["found"])
        item = self.expect_alone(self.items(env={"TMPDIR": os.path.join(self.folder, "nowhere")}), "temporary files",
                                 "missing")
        self.assertIn("TMPDIR", item["mend"])

    @needs_root
    def test_a_small_disk(self):
        disk = os.path.join(self.folder, "disk")
        os.mkdir(disk)
        for size, state in (("50m", "missing"), ("300m", "weak")):
            before = ["unshare", "--mount", "sh", "-c", f'mount -t tmpfs -o size={size} tmpfs "$0" && exec "$@"', disk]
            self.expect_alone(self.items("--out", disk, before=before), "disk", state)

    @needs_root
    def test_a_disk_that_is_read_only(self):
        before = ["unshare", "--mount", "sh", "-c",
                  'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && cd "$0" && exec "$@"', self.folder]
        out = os.path.join(self.folder, "runs")
        os.mkdir(out)
        self.expect_alone(self.items(before=before), "disk", "missing")

    # ---- rights, network ----

    @needs_root
    def test_no_right_to_capture(self):
        """A user without it gets setcap's line, which mends; who can never get it hears so."""
        os.chmod(self.folder, 0o777)
        peakrig = shutil.copy(PEAKRIG, os.path.join(self.folder, "peakrig"))
        os.chmod(peakrig, 0o755)
        nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        item = self.items(before=nobody, peakrig=peakrig)["capture"]
        self.assertEqual((item["state"], item["mend"]), ("missing", f"sudo setcap cap_net_raw+ep {peakrig}"))
        subprocess.run(["sh", "-c", SUDO + item["mend"]], check=True)
        self.assertEqual(self.items(before=nobody, peakrig=peakrig)["capture"]["state"], "ok")
        held = self.items(before=[*nobody, "setpriv", "--no-new-privs"], peakrig=peakrig)["capture"]
        self.assertEqual(held["state"], "missing")
        self.assertIn("no-new-privileges", held["mend"])
        bounded = self.items(before=["capsh", "--drop=cap_net_raw", "--shell=/usr/bin/env", "--"])["capture"]
        self.assertEqual(bounded["state"], "missing")
        self.assertIn("--cap-add NET_RAW", bounded["mend"])

    @needs_root
    def test_a_network_without_loopback(self):
        before = ["unshare", "--net"]
        items = self.items(before=before)
        self.assertEqual(items["loopback"]["state"], "missing")
        mended = self.states(before=[*before, "sh", "-c", SUDO + f'{items["loopback"]["mend"]}; exec "$@"', "sh"])
        self.assertEqual(mended["loopback"], "ok")

    # ---- words ----

    def test_bad_words(self):
        for words, message in ((["x.cfg"], "expected no operand"), (["--colour"], "unknown option --colour"),
                               (["--user", "no-such-user-here"], "no-such-user-here")):
            done = self.run_it(*words)
            self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
            self.assertIn(message, done.stderr)


if __name__ == "__main__":
    PEAKRIG = os.path.abspath(sys.argv[1])
    unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[3:])
