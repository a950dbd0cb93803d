#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A password is where it is needed, and nowhere else; a run's folder is its owner's.

Usage: secrets.py PEAKRIG SOURCE_DIR
"""
import json
import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
import time
import unittest

from left_behind import processes_of

PEAKRIG = None
SOURCE = None
SECRET = "Xyzzy-" + os.urandom(8).hex()  # nothing else has it: no other copy of this test either
JUDGED = (0, 1, 3, 4)  # a host that is busy with others may make a load late: that is no matter here


def processes():
    """Command line and environment of every process."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as line, open(f"/proc/{pid}/environ", "rb") as environ:
                yield int(pid), line.read(), environ.read()
        except OSError:
            pass


class Base(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-secrets-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        os.chmod(self.folder, 0o755)
        self.out = os.path.join(self.folder, "run")
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("SUDO_") and k != "PEAKRIG_PASSWORD"}

    def scenario(self, auth):
        path = os.path.join(self.folder, "scenario.cfg")
        with open(os.path.join(SOURCE, "tests/loopback/cli.cfg")) as file:
            text = file.read().replace("callers: {", "callers: {\n    auth = { %s };" % auth, 1)
        with open(path, "w") as file:
            file.write(text)
        return path

    def password_file(self, text=SECRET + "\n"):
        path = os.path.join(self.folder, "password")
        with open(path, "w", newline="") as file:
            file.write(text)
        os.chmod(path, 0o600)
        return path

    def peakrig(self, *words, **more):
        return subprocess.run([PEAKRIG, *words], capture_output=True, text=True, timeout=300,
                              stdin=subprocess.DEVNULL, env={**self.env, **more.pop("env", {})}, **more)

    def nowhere_in(self, folder):
        n = 0
        for at, _, names in os.walk(folder):
            for name in names:
                with open(os.path.join(at, name), "rb") as file:
                    self.assertNotIn(SECRET.encode(), file.read(), os.path.join(at, name))
                n += 1
        self.assertGreater(n, 10)


class Secrets(Base):
    def run_it(self, scenario, *words, env=None, shows=()):
        """The run, while looking at the processes. @param shows  words of command lines that may have it"""
        child = subprocess.Popen([PEAKRIG, "run", scenario, "--out", self.out, *words], text=True,
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                 env={**self.env, **(env or {})})
        n_sipp = 0
        while child.poll() is None and n_sipp <= 100:
            # of this run: others on this host play, too. When it runs, all of ours have read the password
            n_sipp += sum("sipp " in words and "-inf " in words for words in processes_of(self.out).values())
            for pid, line, environ in processes():
                if not any(word in line for word in shows):
                    self.assertNotIn(SECRET.encode(), line, pid)
                if n_sipp > 0:
                    self.assertNotIn(SECRET.encode(), environ, line)
            time.sleep(0.02)
        out, err = child.communicate(timeout=300)
        self.assertGreater(n_sipp, 0)
        self.assertNotIn(SECRET, out + err)
        return child.returncode, out, err

    def expect_well(self, ran):
        code, out, err = ran
        self.assertIn(code, JUDGED, out + err)
        self.assertIn("300 calls planned, 300 placed", out)
        with open(os.path.join(self.out, "result.json")) as file:
            checks = {check["name"]: check["ok"] for check in json.load(file)["checks"]}
        self.assertTrue(checks["credentials"], out)  # the centre took it
        self.nowhere_in(self.out)
        with open(os.path.join(self.out, "logs/caller.xml")) as file:
            self.assertIn("username=alice password=***", file.read())
        again = self.peakrig("diff", self.out)
        self.assertEqual(again.returncode, code, again.stderr)
        report = self.peakrig("report", self.out)
        self.assertEqual(report.returncode, 0, report.stderr)
        self.nowhere_in(self.out)

    def test_from_a_file(self):
        self.password_file(SECRET + "\r\nanother line\n")
        self.expect_well(self.run_it(self.scenario('user = "alice"; password_file = "password";')))

    def test_from_the_environment(self):
        self.expect_well(self.run_it(self.scenario('user = "alice";'), env={"PEAKRIG_PASSWORD": SECRET}))

    def test_in_the_scenario(self):
        ran = self.run_it(self.scenario(f'user = "alice"; password = "{SECRET}";'))
        self.expect_well(ran)
        self.assertNotIn("warning", ran[2])

    @unittest.skipIf(os.getuid() != 0, "only root can run programs as another user")
    def test_as_another_user(self):
        self.expect_well(self.run_it(self.scenario('user = "alice";'), "--user", "nobody",
                                     env={"PEAKRIG_PASSWORD": SECRET}))

    def test_a_password_that_is_refused_is_not_repeated(self):
        """The centre has another one: the run says so, and says neither."""
        ran = self.run_it(self.scenario('user = "alice";'), "--target-set",
                          'callers.auth={user="alice";password="other";}', env={"PEAKRIG_PASSWORD": SECRET})
        self.assertEqual(ran[0], 4, ran)
        self.assertIn("callers.auth", ran[1])
        self.nowhere_in(self.out)

    def test_on_the_command_line(self):
        """It is taken, with a warning that says the way out."""
        for words in (("--set", f"callers.auth.password=\"{SECRET}\""),
                      ("--set", f'callers.auth={{user="alice";password = "{SECRET}";}}')):
            done = self.peakrig("check", self.scenario('user = "alice";'), *words)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("password_file", done.stderr)
            self.assertIn("PEAKRIG_PASSWORD", done.stderr)
            self.assertNotIn(SECRET, done.stdout + done.stderr)
        done = self.peakrig("check", self.scenario('user = "alice"; password_file = "x";'), "--set",
                            f'callers.auth.password_file="{self.password_file()}"')
        self.assertEqual((done.returncode, "warning" in done.stderr), (0, False), done.stderr)

    def test_what_is_wrong_with_it(self):
        cases = (('user = "alice";', None, "no password; expected password_file"),
                 ('user = "alice"; password_file = "none";', None, "No such file"),
                 ('user = "alice"; password_file = ".";', None, "cannot read"),
                 ('user = "alice"; password_file = "password";', "\n" + SECRET, "first line is empty"),
                 ('user = "alice"; password_file = "password";', SECRET + "<\n", "a character that SIPp"),
                 ('user = "alice"; password_file = "password";', SECRET + "\0x\n", "a NUL"),
                 (f'user = "alice"; password = "{SECRET}<";', None, "a character that SIPp"),
                 (f'user = "alice"; password = "{SECRET}"; password_file = "password";', SECRET, "one of the two"))
        for auth, text, said in cases:
            if text is not None:
                self.password_file(text)
            for command in ("check", "target"):
                done = self.peakrig(command, self.scenario(auth))
                self.assertEqual(done.returncode in (2, 5), True, (auth, done.stderr))
                self.assertIn(said, done.stderr)
                self.assertNotIn(SECRET, done.stdout + done.stderr)
        done = self.peakrig("check", self.scenario('user = "alice";'), env={"PEAKRIG_PASSWORD": SECRET + ";"})
        self.assertEqual(done.returncode, 2)
        self.assertIn("PEAKRIG_PASSWORD: the password has a character", done.stderr)
        self.assertNotIn(SECRET, done.stderr)
        done = self.peakrig("check", self.scenario('user = "alice";'), "--set", f'callers.auth={{password="{SECRET}"')
        self.assertEqual(done.returncode, 2)
        self.assertNotIn(SECRET, done.stderr)

    def test_a_model_needs_none(self):
        for command in ("predict", "schedule"):
            done = self.peakrig(command, self.scenario('user = "alice";'))
            self.assertEqual(done.returncode, 0, done.stderr)


class Folders(Base):
    def mode(self, *path):
        return stat.S_IMODE(os.stat(os.path.join(self.out, *path)).st_mode)

    def test_of_a_run_are_its_owners(self):
        os.umask(0o022)
        done = self.peakrig("run", os.path.join(SOURCE, "tests/loopback/cli.cfg"), "--out", self.out, "--quiet")
        self.assertIn(done.returncode, JUDGED, done.stderr)
        for name in ("", "logs", "plots"):
            self.assertEqual(self.mode(name), 0o700, name)
        self.assertEqual(self.mode("report.html"), 0o644)  # what is copied out can be read

    @unittest.skipIf(os.getuid() != 0, "needs files of another user")
    def test_of_others_are_refused(self):
        cfg = os.path.join(SOURCE, "tests/loopback/cli.cfg")
        nobody = pwd.getpwnam("nobody")
        os.mkdir(self.out)
        os.chown(self.out, nobody.pw_uid, nobody.pw_gid)
        done = self.peakrig("run", cfg, "--out", self.out, "--quiet")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("another user", done.stderr)
        self.assertEqual(os.listdir(self.out), [])
        shutil.copy(cfg, os.path.join(self.out, "scenario.cfg"))
        for command in ("diff", "report"):
            done = self.peakrig(command, self.out)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn("another user", done.stderr)
            done = self.peakrig(command, self.out, env={"SUDO_UID": str(nobody.pw_uid), "SUDO_GID": "0"})
            self.assertNotIn("another user", done.stderr)  # who called sudo

    @unittest.skipIf(os.getuid() != 0, "needs links of another user")
    def test_root_follows_no_links_of_others(self):
        nobody = pwd.getpwnam("nobody")
        victim, link = os.path.join(self.folder, "victim"), os.path.join(self.folder, "link")
        with open(victim, "w") as file:
            file.write("as it was")
        os.symlink(victim, link)
        os.lchown(link, nobody.pw_uid, nobody.pw_gid)
        words = ("schedule", os.path.join(SOURCE, "tests/loopback/cli.cfg"), "-o", link)
        done = self.peakrig(*words)
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertIn("a link of another user", done.stderr)
        with open(victim) as file:
            self.assertEqual(file.read(), "as it was")
        done = self.peakrig(*words, env={"SUDO_UID": str(nobody.pw_uid), "SUDO_GID": "0"})
        self.assertEqual(done.returncode, 0, done.stderr)

    @unittest.skipIf(os.getuid() != 0, "needs links of another user")
    def test_root_follows_no_folders_of_others(self):
        """A link to a folder, as the last name or on the way, and behind a link of one's own. --out: nothing is made."""
        nobody, cfg = pwd.getpwnam("nobody"), os.path.join(SOURCE, "tests/loopback/cli.cfg")
        real, theirs, own = (os.path.join(self.folder, name) for name in ("real", "theirs", "own"))
        os.mkdir(real)
        os.symlink(real, theirs)
        os.lchown(theirs, nobody.pw_uid, nobody.pw_gid)
        os.symlink(os.path.join(theirs, "inner"), own)
        short = ("--quiet", "--set", "traffic.duration_s=3.0")
        for words in (("run", cfg, "--out", theirs, *short), ("run", cfg, "--out", os.path.join(theirs, "run"), *short),
                      ("run", cfg, "--out", os.path.join(own, "run"), *short),
                      ("schedule", cfg, "-o", os.path.join(theirs, "a.csv")),
                      ("schedule", cfg, "-o", os.path.join(theirs, "..", "a.csv"))):
            done = self.peakrig(*words)
            self.assertNotEqual(done.returncode, 0, words)
            self.assertIn("a link of another user", done.stderr, words)
            self.assertEqual(os.listdir(real), [], words)
        shutil.copy(cfg, os.path.join(real, "scenario.cfg"))
        for command in ("diff", "report"):
            self.assertIn("a link of another user", self.peakrig(command, theirs).stderr)
        os.lchown(theirs, 0, 0)
        done = self.peakrig("schedule", cfg, "-o", os.path.join(theirs, "a.csv"))
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
