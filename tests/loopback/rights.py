#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rights of every process of a run, and where a run's packets may go.

Usage: rights.py PEAKRIG SOURCE_DIR [--table]     (as root; --table: print the table of docs/security.md)
"""
import json
import os
import pwd
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

PEAKRIG = None
SOURCE = None
DAC_OVERRIDE, KILL, NET_RAW = 1 << 1, 1 << 5, 1 << 13
CAPABILITIES = {DAC_OVERRIDE: "dac_override", KILL: "kill", NET_RAW: "net_raw"}
HEAD = "| process | user | permitted = effective | bounding | NO_NEW_PRIVS |\n|---|---|---|---|---|"

def status_of(path):
    with open(path) as file:
        pairs = dict(line.split(":", 1) for line in file if ":" in line)
    return {"is_main": int(pairs["Pid"]) == int(pairs["Tgid"]), "uid": int(pairs["Uid"].split()[1]),
            "no_new_privs": int(pairs["NoNewPrivs"]),
            **{key: int(pairs[key], 16) for key in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")}}

def children_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(word) for word in file.read().split()]

def threads_of(pid):
    return [status_of(f"/proc/{pid}/task/{tid}/status") for tid in os.listdir(f"/proc/{pid}/task")]

def role_of(pid):
    with open(f"/proc/{pid}/cmdline", "rb") as file:
        words = file.read().decode().split("\0")
    if os.path.basename(words[0]) != "sipp":
        return "peakrig target" if "target" in words else words[0]
    return "sipp, callers" if "-oocsf" in words else "sipp, phones"

def named(caps):
    names = [name for bit, name in CAPABILITIES.items() if caps & bit]
    known = sum(bit for bit in CAPABILITIES if caps & bit)
    return ", ".join(names + ([hex(caps & ~known)] if caps & ~known else [])) or "-"

def row(who, thread):
    """A line of the table of docs/security.md."""
    sets = named(thread["CapPrm"])
    if thread["CapEff"] != thread["CapPrm"] or thread["CapInh"] | thread["CapAmb"]:
        sets = f"{thread}"  # no such row is in the document
    return (f"| {who} | {pwd.getpwuid(thread['uid']).pw_name} | {sets} | {named(thread['CapBnd'])} "
            f"| {thread['no_new_privs']} |")

def table_of(seen, gnuplot):
    ours, children = seen
    rows = [row("peakrig run, its main thread" if thread["is_main"] else "peakrig run, each other thread", thread)
            for thread in sorted(ours, key=lambda thread: not thread["is_main"])]
    for who, threads in sorted(children.items()):
        rows += [row(who, thread) for thread in threads]
    return list(dict.fromkeys(rows + [row("gnuplot", gnuplot)]))

def look(child, out):
    """The threads of peakrig, and those of its children by their roles, once calls are on the wire."""
    capture = os.path.join(out, "logs/callers0.log")
    for _ in range(600):
        if child.poll() is not None:
            return None
        if os.path.exists(capture) and os.path.getsize(capture) > 0:
            return threads_of(child.pid), {role_of(pid): threads_of(pid) for pid in children_of(child.pid)}
        time.sleep(0.05)
    return None

class Base(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-rights-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.out = os.path.join(self.folder, "run")
        self.scenario = os.path.join(SOURCE, "tests/loopback/cli.cfg")

    def watch_run(self, *words, env=None, before=(), peakrig=None):
        child = subprocess.Popen([*before, peakrig or PEAKRIG, "run", self.scenario, "--out", self.out, "--quiet",
                                  *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                                 stderr=subprocess.PIPE, env=env, cwd=self.folder)
        seen = look(child, self.out)
        out, err = child.communicate(timeout=200)
        self.assertIn(child.returncode, (0, 3), out + err)
        self.assertIsNotNone(seen, out + err)
        self.assertIn("300 calls planned, 300 placed", out)
        return seen

class Rights(Base):
    def check(self, seen, kept, uid, with_bounding=os.getuid() == 0):
        ours, children = seen
        for thread in ours:
            self.assertEqual(thread["CapPrm"] & ~kept, 0, thread)
            self.assertEqual(thread["CapEff"] & ~kept, 0, thread)
            self.assertEqual(thread["CapInh"] | thread["CapAmb"], 0, thread)
            if with_bounding:
                self.assertEqual(thread["CapBnd"], 0, thread)
        self.assertEqual(len(children), 3)  # callers, agents, the centre
        for threads in children.values():
            for thread in threads:
                for sets in ("CapPrm", "CapEff", "CapInh", "CapAmb"):
                    self.assertEqual(thread[sets], 0, thread)
                self.assertEqual(thread["no_new_privs"], 1, thread)
                self.assertEqual(thread["uid"], uid, thread)
                if with_bounding:
                    self.assertEqual(thread["CapBnd"], 0, thread)

    def test_a_run(self):
        env = {k: v for k, v in os.environ.items() if not k.startswith("SUDO_")}
        kept = DAC_OVERRIDE | KILL if os.getuid() == 0 else 0
        self.check(self.watch_run(env=env), kept, os.getuid())

    def watch_gnuplot(self):
        """An environment in which gnuplot leaves its status, and where."""
        folder = os.path.join(self.folder, "bin")
        os.mkdir(folder)
        left = os.path.join(self.folder, "gnuplot.status")
        path = os.path.join(folder, "gnuplot")
        with open(path, "w") as file:
            file.write(f"#!/bin/sh\ncat /proc/$$/status >{left}\nexec {shlex.quote(shutil.which('gnuplot'))} \"$@\"\n")
        os.chmod(path, 0o755)
        return {**os.environ, "PATH": folder + ":" + os.environ["PATH"]}, left

    def measure(self):
        env, left = self.watch_gnuplot()
        seen = self.watch_run("--user", "nobody", env=env)
        return seen, status_of(left)

    @unittest.skipIf(os.getuid() != 0, "only root can run programs as another user")
    def test_as_another_user(self):
        """And each process has the rights that docs/security.md says it has."""
        nobody = pwd.getpwnam("nobody")
        seen, gnuplot = self.measure()
        self.check(seen, DAC_OVERRIDE | KILL, nobody.pw_uid)
        with open(os.path.join(SOURCE, "docs/security.md"), encoding="utf-8") as file:
            written = file.read().split(HEAD + "\n")[1].split("\n\n")[0]
        self.assertEqual(written.splitlines(), table_of(seen, gnuplot))

    @unittest.skipIf(os.getuid() != 0, "only root can run programs as another user")
    def test_who_called_sudo(self):
        nobody = pwd.getpwnam("nobody")
        env = {**os.environ, "SUDO_UID": str(nobody.pw_uid), "SUDO_GID": str(nobody.pw_gid)}
        self.check(self.watch_run(env=env), DAC_OVERRIDE | KILL, nobody.pw_uid)

    @unittest.skipIf(os.getuid() != 0, "needs setcap")
    def test_an_ordinary_user_after_setcap(self):
        """The bounding set stays: only root may change it, and NO_NEW_PRIVS makes it idle."""
        os.chmod(self.folder, 0o777)
        peakrig = shutil.copy(PEAKRIG, self.folder)
        self.scenario = shutil.copy(self.scenario, self.folder)
        os.chmod(peakrig, 0o755)
        subprocess.run(["setcap", "cap_net_raw+ep", peakrig], check=True)
        seen = self.watch_run(before=["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"],
                              peakrig=peakrig)
        self.check(seen, 0, 65534, with_bounding=False)

    @unittest.skipIf(os.getuid() != 0, "needs setcap")
    def test_a_right_that_is_only_permitted(self):
        """As in ci/Containerfile: in force where peakrig asks for it. The doctor opens a capture."""
        os.chmod(self.folder, 0o777)
        peakrig = shutil.copy(PEAKRIG, self.folder)
        os.chmod(peakrig, 0o755)
        for right, said in (("cap_net_raw+p", "a capture of lo was opened"), ("cap_kill+p", "capturing is not permitted")):
            subprocess.run(["setcap", right, peakrig], check=True)
            done = subprocess.run(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", peakrig, "doctor"],
                                  capture_output=True, text=True, cwd=self.folder, timeout=60)
            self.assertIn(said, done.stdout, done.stderr)

    def test_other_commands_begin_with_none(self):
        kept = DAC_OVERRIDE | KILL if os.getuid() == 0 else 0
        child = subprocess.Popen([PEAKRIG, "target", self.scenario, "--any-port"], text=True,
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        try:
            self.assertTrue(child.stdout.readline().startswith("ready "))
            for thread in threads_of(child.pid):
                self.assertEqual((thread["CapPrm"] | thread["CapEff"]) & ~kept, 0, thread)
                if os.getuid() == 0:
                    self.assertEqual(thread["CapBnd"], 0, thread)
        finally:
            child.terminate()
            child.communicate(timeout=30)

    def test_users_that_are_none(self):
        words = ["--user", "no such user"] if os.getuid() == 0 else ["--user", "nobody"]
        done = subprocess.run([PEAKRIG, "check", self.scenario, *words], capture_output=True, text=True)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("--user", done.stderr)

    def test_programs_are_looked_for_where_nobody_puts_one(self):
        """A program of the same name in the working folder and in one that all may write."""
        here = os.path.join(self.folder, "sipp")
        with open(here, "w") as file:
            file.write("#!/bin/sh\ntouch was-run\n")
        os.chmod(here, 0o755)
        os.chmod(self.folder, 0o777)
        before = [f":.:{os.path.relpath(self.folder)}"] + ([self.folder] if os.getuid() == 0 else [])
        for path in before:
            done = subprocess.run([PEAKRIG, "check", self.scenario], capture_output=True, text=True,
                                  cwd=self.folder,
                                  env={**os.environ, "PATH": path + ":" + os.environ["PATH"]})
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertFalse(os.path.exists(os.path.join(self.folder, "was-run")))

class Centre(threading.Thread):
    """Answers at once, and says where the audio is to go."""
    def __init__(self, media, dialog=None):
        """@param dialog  The address that Contact and Record-Route name; None: our own."""
        super().__init__(daemon=True)
        self.media, self.dialog, self.n_invites, self.is_ending = media, dialog, 0, False
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(0.1)
        self.port = self.socket.getsockname()[1]

    def answer(self, text, peer):
        method = text.split(" ", 1)[0]
        if method == "ACK" or method.startswith("SIP/"):
            return
        kept = [line for line in text.split("\r\n")
                if line.split(":", 1)[0] in ("Via", "From", "To", "Call-ID", "CSeq")]
        kept = [line + ";tag=c" if line.startswith("To:") and "tag=" not in line else line
                for line in kept]
        body = ""
        if method == "INVITE":
            self.n_invites += 1
            body = (f"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 {self.media}\r\nt=0 0\r\n"
                    "m=audio 4000 RTP/AVP 0\r\n")
        at = [f"Contact: <sip:c@127.0.0.1:{self.port}>"] if self.dialog is None else [
            f"Record-Route: <sip:{self.dialog}:5066;lr>", f"Contact: <sip:c@{self.dialog}:5066>"]
        head = ["SIP/2.0 200 OK", *kept, *at,
                "Content-Type: application/sdp", f"Content-Length: {len(body)}", "", body]
        self.socket.sendto("\r\n".join(head).encode(), peer)

    def run(self):
        while not self.is_ending:
            try:
                data, peer = self.socket.recvfrom(65535)
            except TimeoutError:
                continue
            self.answer(data.decode(), peer)

@unittest.skipIf(os.getuid() != 0, "needs a network namespace and the right to capture")
class Destinations(Base):
    """In a namespace of its own: what is aimed elsewhere leaves for nowhere."""
    def setUp(self):
        super().setUp()
        centre_script = [sys.executable, os.path.abspath(__file__), PEAKRIG, SOURCE, "--in-namespace"]
        self.command = ["unshare", "--net", "sh", "-c",
                        "ip link set lo up && ip route add 192.0.2.0/24 dev lo && exec \"$@\"", "sh",
                        *centre_script]

    def play(self, media, *words):
        done = subprocess.run([*self.command, media, self.scenario, self.out, *words],
                              capture_output=True, text=True, timeout=200)
        self.assertTrue(os.path.exists(os.path.join(self.out, "play.json")), done.stdout + done.stderr)
        with open(os.path.join(self.out, "play.json")) as file:
            return done, json.load(file)

    def test_audio_that_is_aimed_at_others_ends_the_run(self):
        done, play = self.play("192.0.2.9")
        self.assertEqual(done.returncode, 4, done.stdout + done.stderr)
        self.assertEqual(play["elsewhere"], "audio went to 192.0.2.9 port 4000")
        self.assertIn("audio went to 192.0.2.9 port 4000, which is neither the target", done.stdout)

    def test_audio_may_go_where_it_is_allowed(self):
        done, play = self.play("192.0.2.9", "--allow", "192.0.2.9")
        self.assertNotIn("elsewhere", play, done.stdout + done.stderr)
        self.assertNotIn("audio went to", done.stdout)
        self.assertEqual(play["n_placed"], play["n_planned"])
        self.assertIn("no agent's phone of ours was ever called", done.stdout)  # a centre without agents: to the end

    def test_audio_to_the_target(self):
        done, play = self.play("127.0.0.1")
        self.assertNotIn("elsewhere", play, done.stdout + done.stderr)

    def test_sip_that_is_aimed_at_others_stays(self):
        """SIPp follows neither Contact nor Record-Route: ACK and BYE go to the target."""
        done, play = self.play("127.0.0.1/192.0.2.9")
        self.assertNotIn("elsewhere", play, done.stdout + done.stderr)
        self.assertEqual(play["n_placed"], play["n_planned"])
        with open(os.path.join(self.out, "capture.pcap"), "rb") as file:
            packets = file.read()
        self.assertIn(b"ACK sip:c@192.0.2.9:5066", packets)
        self.assertNotIn(socket.inet_aton("192.0.2.9"), packets)  # as an address; in the text it is in figures

    def test_sip_that_leaves_for_others_ends_the_run(self):
        """By a SIPp scenario of the user's, which is trusted."""
        silent = ("--set", "callers.audio=false")
        self.play("127.0.0.1", *silent)
        with open(os.path.join(self.out, "logs/caller.xml")) as file:
            text = file.read()
        own = os.path.join(self.folder, "own.xml")
        with open(own, "w") as file:
            file.write(re.sub(r"(<scenario[^>]*>)",
                              r'\1<nop><action><setdest host="192.0.2.9" port="5066" protocol="udp"/></action></nop>', text))
        shutil.rmtree(self.out)
        done, play = self.play("127.0.0.1", *silent, "--set", f'callers.sipp_xml="{own}"', "--trust-xml")
        self.assertEqual(done.returncode, 4, done.stdout + done.stderr)
        self.assertEqual(play["elsewhere"], "SIP went to 192.0.2.9 port 5066")
        self.assertIn("SIP went to 192.0.2.9 port 5066, which is neither the target", done.stdout)


def play_in_namespace(media, scenario, out, *words):
    centre = Centre(*media.split("/"))
    centre.start()
    done = subprocess.run([PEAKRIG, "run", scenario, "--out", out, "--quiet", "--no-early-stop", "--target",
                           f"127.0.0.1:{centre.port}", "--set", "time_scale=1.0", "--set",
                           "callers.audio=true", "--set", "traffic.duration_s=3.0", "--set",
                           'target.marks="quiet"', *words])
    centre.is_ending = True
    centre.join()
    return done.returncode

def print_table():
    test = Rights("test_as_another_user")
    test.setUp()
    print("\n".join([HEAD, *table_of(*test.measure())]))
    test.doCleanups()

if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    if sys.argv[3:4] == ["--in-namespace"]:
        sys.exit(play_in_namespace(*sys.argv[4:]))
    if sys.argv[3:4] == ["--table"]:
        print_table()
    else:
        unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[3:])
