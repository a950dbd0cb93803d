#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Phones that register: at a registrar of this file, which can be of any mood, and at Kamailio, made by `peakrig
recipe`, between the embedded centre and the phones.

Usage: register.py PEAKRIG SOURCE_DIR
"""
import hashlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest

from beside import Beside
from free_port import free_port

PEAKRIG = None
SOURCE = None
SHORT = ("--set", "traffic.duration_s=6.0", "--set", "time_scale=12.0")  # where only the registrations are looked at
SECRET = "Xyzzy-Reg1ster"
N_PHONES = 12


class Registrar:
    """Answers REGISTERs as `mood` says: a function of (user, n-th request of that user, headers)."""

    def __init__(self, mood):
        self.mood, self.n, self.seen, self.contacts = mood, {}, [], {}
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(0.1)
        self.port = self.socket.getsockname()[1]
        self.is_over = False
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def close(self):
        self.is_over = True
        self.thread.join()
        self.socket.close()

    def serve(self):
        while not self.is_over:
            try:
                data, peer = self.socket.recvfrom(65535)
            except TimeoutError:
                continue
            text = data.decode()
            if text.startswith("REGISTER "):
                self.take(text, peer)

    def take(self, text, peer):
        headers = dict(re.findall(r"^([A-Za-z-]+): *(.*?)\r$", text, re.M))
        user = re.search(r"sip:([^@]+)@", headers["To"])[1]
        self.n[user] = self.n.get(user, 0) + 1
        self.seen.append((user, headers))
        answer = self.mood(user, self.n[user], headers)
        if answer is None:
            return
        status, more = answer
        if status.startswith("200"):
            self.contacts[user] = (headers["Contact"], int(headers["Expires"]))
        kept = "".join(f"{name}: {headers[name]}\r\n" for name in ("Via", "From", "Call-ID", "CSeq"))
        self.socket.sendto((f"SIP/2.0 {status}\r\n{kept}To: {headers['To']};tag=r\r\n{more}Content-Length: 0\r\n\r\n")
                           .encode(), peer)


def granted(headers, seconds=None):
    """A 200 with the Contact that was asked for, behind one of another phone."""
    seconds = int(headers["Expires"]) if seconds is None else seconds
    return "200 OK", f"Contact: <sip:x@192.0.2.1:5060>;expires=3599, {headers['Contact']};expires={seconds}\r\n"


def fields(line):
    return dict(re.findall(r'(\w+)="?([^",]*)"?', line.split(" ", 1)[1]))


def is_right(headers, name="Authorization"):
    """RFC 2617, 3.2.2: with and without qop."""
    if name not in headers:
        return False
    f = fields(headers[name])

    def md5(text):
        return hashlib.md5(text.encode()).hexdigest()
    a1, a2 = md5(f"{f['username']}:{f['realm']}:{SECRET}"), md5(f"REGISTER:{f['uri']}")
    middle = f"{f['nonce']}:{f['nc']}:{f['cnonce']}:{f['qop']}" if "qop" in f else f["nonce"]
    return f["response"] == md5(f"{a1}:{middle}:{a2}") and f["uri"] == "sip:centre.example"


class Base(Beside):
    def setUp(self):
        super().setUp()
        os.chmod(self.folder, 0o755)
        self.centre_port, self.phones_port = free_port(), free_port()
        self.n_runs = 0
        self.env = {k: v for k, v in os.environ.items() if k != "PEAKRIG_AGENTS_PASSWORD"}

    def scenario(self, registration, **more):
        """cli.cfg with phones that register. @param more  text instead of text"""
        target = ('target: { host = "127.0.0.1"; port = %d; agents_listen = "127.0.0.1:%d"; scalable = true; };\n'
                  % (self.centre_port, self.phones_port))
        wrap_up = "wrap_up = 1.0;"
        return self.altered(os.path.join(SOURCE, "tests/loopback/cli.cfg"), target,
                            {wrap_up: "%s register = { %s };" % (wrap_up, registration), **more})

    def registrar(self, mood):
        made = Registrar(mood)
        self.addCleanup(made.close)
        return made

    def centre(self, scenario, words=(), agents_port=None):
        """The embedded centre; its agents are where the phones are, or behind a registrar."""
        return self.start([PEAKRIG, "target", scenario, *words, "--port", str(self.centre_port), "--agents-port",
                           str(agents_port or self.phones_port)], self.centre_port)

    def peakrig(self, *words, **more):
        return subprocess.run([PEAKRIG, *words], capture_output=True, text=True, timeout=300,
                              stdin=subprocess.DEVNULL, env={**self.env, **more})

    def run_it(self, scenario, *words, **more):
        self.n_runs += 1
        self.out = os.path.join(self.folder, f"run{self.n_runs}")
        return self.peakrig("run", scenario, "--out", self.out, "--quiet", *words, **more)

    def result(self):
        with open(os.path.join(self.out, "result.json")) as file:
            return json.load(file)

    def expect_pass(self, done):
        self.assertIn(done.returncode, (0, 3), done.stdout + done.stderr)
        result = self.result()
        self.assertIn(result["verdict"]["judgement"], ("PASS", "INCONCLUSIVE"))
        self.assertEqual([c for c in result["checks"] if not c["ok"]], [])
        return result


class Moods(Base):
    """What a registrar may say."""

    def refused(self, mood, words, registration="", **more):
        registrar = self.registrar(mood)
        path = self.scenario(f'first_user = "1001"; registrar = "127.0.0.1:{registrar.port}"; '
                             f'domain = "centre.example"; {registration}')
        self.centre(path)
        done = self.run_it(path, **more)
        self.assertEqual(done.returncode, 5, done.stdout + done.stderr)
        for word in words + [f"registration at 127.0.0.1:{registrar.port}"]:
            self.assertIn(word, done.stderr)
        self.assertFalse(os.path.exists(os.path.join(self.out, "result.json")))
        return registrar

    def test_all_register_and_leave(self):
        registrar = self.registrar(lambda user, n, headers: granted(headers))
        path = self.scenario(f'first_user = "1001"; registrar = "127.0.0.1:{registrar.port}"; expires_s = 4;')
        self.centre(path)
        self.expect_pass(self.run_it(path))
        users = [str(1001 + i) for i in range(N_PHONES)]
        self.assertEqual(sorted(registrar.contacts), users)
        for user in users:
            mine = [headers for who, headers in registrar.seen if who == user]
            self.assertEqual(len({headers["Call-ID"] for headers in mine}), 1)
            numbers = [int(headers["CSeq"].split()[0]) for headers in mine]
            self.assertEqual(numbers, sorted(set(numbers)))
            self.assertEqual(len({headers["Via"] for headers in mine}), len(mine))
            self.assertEqual({headers["Contact"] for headers in mine},
                             {f"<sip:{user}@127.0.0.1:{self.phones_port};transport=udp>"})
            # renewed each 2 s over the 8 s and more of a run, and taken away
            self.assertGreaterEqual(len(mine), 4)
            self.assertEqual([headers["Expires"] for headers in mine], ["4"] * (len(mine) - 1) + ["0"])
        shown = self.peakrig("analyze", os.path.join(self.out, "capture.pcap"), "--json")
        analysis = json.loads(shown.stdout)
        self.assertGreaterEqual(analysis["registrations"]["registered"], 4 * N_PHONES)
        self.assertEqual(analysis["registrations"]["failed"], 0)
        self.assertEqual(analysis["calls"], self.result()["calls"]["planned"])

    def test_what_is_granted_counts(self):
        """Asked for an hour, granted 2 s: renewed each second."""
        registrar = self.registrar(lambda user, n, headers: granted(headers, min(2, int(headers["Expires"]))))
        path = self.scenario(f'first_user = "1001"; registrar = "127.0.0.1:{registrar.port}"; expires_s = 3600;')
        self.centre(path)
        self.expect_pass(self.run_it(path))
        self.assertGreaterEqual(min(registrar.n.values()), 6)

    def test_password(self):
        def mood(user, n, headers):
            if is_right(headers):
                return granted(headers)
            return "401 Unauthorized", 'WWW-Authenticate: Digest realm="r", nonce="n%d", qop="auth"\r\n' % n
        registrar = self.registrar(mood)
        path = self.scenario(f'first_user = "a098"; registrar = "127.0.0.1:{registrar.port}"; '
                             'domain = "centre.example"; password_file = "secret"; expires_s = 4;')
        with open(os.path.join(self.folder, "secret"), "w") as file:
            file.write(SECRET + "\nanother\n")
        self.centre(path, SHORT)
        seen = []
        watch = threading.Thread(target=self.watch_processes, args=(seen,))
        watch.start()
        self.expect_pass(self.run_it(path, *SHORT))
        watch.join()
        self.assertGreater(len(seen), 0)
        self.assertEqual(sorted(registrar.contacts), [f"a{98 + i:03}" for i in range(N_PHONES)])
        self.assertTrue(all(expires == 0 for _, expires in registrar.contacts.values()))
        self.nowhere()

    def watch_processes(self, seen):
        """The SIPp that registers is seen, and no process shows the password."""
        until = time.monotonic() + 6
        while time.monotonic() < until:
            for pid in filter(str.isdigit, os.listdir("/proc")):
                try:
                    with open(f"/proc/{pid}/cmdline", "rb") as line, open(f"/proc/{pid}/environ", "rb") as environ:
                        line, environ = line.read(), environ.read()
                except OSError:
                    continue
                if b"register.csv" in line:
                    seen.append(pid)
                if SECRET.encode() in line or SECRET.encode() in environ:
                    raise AssertionError(line)
            time.sleep(0.05)

    def nowhere(self):
        n = 0
        for at, _, names in os.walk(self.out):
            for name in names:
                with open(os.path.join(at, name), "rb") as file:
                    self.assertNotIn(SECRET.encode(), file.read(), os.path.join(at, name))
                n += name == "register.xml"
        self.assertEqual(n, 1)

    def test_password_of_the_environment_by_407(self):
        def mood(user, n, headers):
            if is_right(headers, "Proxy-Authorization"):
                return granted(headers)
            return "407 Proxy Authentication Required", 'Proxy-Authenticate: Digest realm="r", nonce="n%d"\r\n' % n
        registrar = self.registrar(mood)
        path = self.scenario(f'first_user = "1001"; registrar = "127.0.0.1:{registrar.port}"; '
                             'domain = "centre.example";')
        self.centre(path, SHORT)
        self.expect_pass(self.run_it(path, *SHORT, PEAKRIG_AGENTS_PASSWORD=SECRET))
        self.nowhere()

    def test_stale_nonces(self):
        def mood(user, n, headers):
            if n % 3 == 0:
                return granted(headers) if is_right(headers) else ("403 Forbidden", "")
            return "401 Unauthorized", ('WWW-Authenticate: Digest realm="r", nonce="n%d"%s\r\n'
                                        % (n, ", stale=true" if n % 3 == 2 else ""))
        registrar = self.registrar(mood)
        path = self.scenario(f'first_user = "1001"; registrar = "127.0.0.1:{registrar.port}"; '
                             'domain = "centre.example";')
        self.centre(path, SHORT)
        self.expect_pass(self.run_it(path, *SHORT, PEAKRIG_AGENTS_PASSWORD=SECRET))

    def test_one_is_forbidden(self):
        self.refused(lambda user, n, headers: ("403 Forbidden", "") if user == "1003" else granted(headers),
                     ["agent 1003's registration", "was refused: 403 Forbidden", "1001 to 1012", "agents[0].register"])

    def test_no_password(self):
        self.refused(lambda user, n, headers: ("401 Unauthorized", 'WWW-Authenticate: Digest realm="r", nonce="n"\r\n'),
                     ["401 Unauthorized", "agents[0].register.password_file"])

    def test_wrong_password(self):
        registrar = self.refused(
            lambda user, n, headers: ("401 Unauthorized", 'WWW-Authenticate: Digest realm="r", nonce="n%d"\r\n' % n),
            ["401 Unauthorized", "its first line must be the password"], PEAKRIG_AGENTS_PASSWORD=SECRET)
        self.assertLessEqual(max(registrar.n.values()), 3)

    def test_sha(self):
        self.refused(lambda user, n, headers: ("401 Unauthorized", 'WWW-Authenticate: Digest realm="r", '
                                               'nonce="n", algorithm=SHA-256\r\n'),
                     ["SHA-256", "MD5"], PEAKRIG_AGENTS_PASSWORD=SECRET)

    def test_silent(self):
        registrar = self.refused(lambda user, n, headers: None if user == "1002" else granted(headers),
                                 ["agent 1002's registration", "had no answer in", "agents[0].register.registrar"])
        self.assertGreaterEqual(registrar.n["1002"], 3)  # it was asked again

    def test_too_brief(self):
        def mood(user, n, headers):
            return granted(headers) if int(headers["Expires"]) in (0, 90) else ("423 Interval Too Brief", "Min-Expires: 90\r\n")
        registrar = self.registrar(mood)
        path = self.scenario(f'first_user = "1001"; registrar = "127.0.0.1:{registrar.port}"; expires_s = 30;')
        self.centre(path, SHORT)
        self.expect_pass(self.run_it(path, *SHORT))
        self.refused(lambda user, n, headers: ("423 Interval Too Brief", ""), ["423 Interval", "agents[0].register.expires_s"])

    def test_a_renewal_is_refused(self):
        def mood(user, n, headers):
            return ("403 Forbidden", "") if user == "1005" and n == 4 else granted(headers)
        registrar = self.registrar(mood)
        path = self.scenario(f'first_user = "1001"; registrar = "127.0.0.1:{registrar.port}"; expires_s = 4;')
        self.centre(path)
        done = self.run_it(path)
        self.assertEqual(done.returncode, 4, done.stdout + done.stderr)
        self.assertIn("INVALID", done.stdout)
        self.assertIn("agent 1005's registration", done.stdout)
        self.assertIn("403 Forbidden, when it was to be renewed", done.stdout)
        self.assertEqual(self.result()["verdict"]["judgement"], "INVALID")

    def test_answers_of_earlier_requests(self):
        """A registrar that is slow at first answers each repetition by itself: late challenges refuse nobody."""
        held = {}

        def mood(user, n, headers):
            if is_right(headers):
                return granted(headers)
            if n == 1:
                held[user] = time.monotonic()
                return None  # SIP asks again after 0.5 s
            late = ("401 Unauthorized", 'WWW-Authenticate: Digest realm="r", nonce="n%d"\r\n' % n)
            return late
        registrar = self.registrar(mood)
        path = self.scenario(f'first_user = "1001"; registrar = "127.0.0.1:{registrar.port}"; '
                             'domain = "centre.example";')
        self.centre(path, SHORT)
        self.expect_pass(self.run_it(path, *SHORT, PEAKRIG_AGENTS_PASSWORD=SECRET))
        self.assertEqual(len(held), N_PHONES)


class Refusals(Base):
    """What is refused before anything is sent."""

    def test_the_embedded_centre(self):
        path = self.scenario('first_user = "1001";', **{'host = "127.0.0.1"': 'host = "embedded"'})
        for command in ("run", "check"):
            done = self.peakrig(command, path)
            self.assertEqual(done.returncode, 2)
            self.assertIn("agents[0].register: the embedded call centre knows its phones", done.stderr)

    def test_a_registrar_that_nobody_allowed(self):
        path = self.scenario('first_user = "1001"; registrar = "192.0.2.30";')
        self.centre(path)
        done = self.run_it(path)
        self.assertEqual(done.returncode, 2)
        self.assertIn("registrar 192.0.2.30 (192.0.2.30) is not loopback", done.stderr)
        self.assertIn("--allow 192.0.2.30", done.stderr)

    def test_a_port_that_is_none(self):
        path = self.scenario('first_user = "1001"; registrar = "127.0.0.1:70000";')
        done = self.peakrig("check", path)
        self.assertEqual(done.returncode, 2)
        self.assertIn("agents[0].register.registrar", done.stderr)

    def test_check(self):
        registrar = self.registrar(lambda user, n, headers: granted(headers))
        path = self.scenario(f'first_user = "agent08"; registrar = "127.0.0.1:{registrar.port}"; expires_s = 60;')
        done = self.peakrig("check", path)
        self.assertEqual(done.returncode, 0, done.stderr)
        told = re.search(r"^phones .*(?:\n .*)*", done.stdout, re.M)[0]
        for word in ("12 register", "agent08 to agent19", f"127.0.0.1 port {registrar.port}", "without a password", "60 s"):
            self.assertIn(word, " ".join(told.split()))
        self.assertEqual(registrar.seen, [])
        plan = json.loads(self.peakrig("check", path, "--json").stdout)
        self.assertEqual((plan["phones"], plan["registrar"], plan["registrar_port"]), (12, "127.0.0.1", registrar.port))

    def test_probe(self):
        registrar = self.registrar(lambda user, n, headers: granted(headers))
        path = self.scenario(f'first_user = "1001"; registrar = "127.0.0.1:{registrar.port}"; expires_s = 60;')
        self.centre(path)
        done = self.peakrig("check", path, "--probe")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"register +OK +agent 1001 registered at 127.0.0.1:\d+, and left it again")
        self.assertEqual([(user, headers["Expires"]) for user, headers in registrar.seen], [("1001", "60"), ("1001", "0")])


class Kamailio(Base):
    """As the registrar between the embedded centre and the phones, from its recipe, when it is broken; honest it is in
    recipe_kamailio.py."""

    def setUp(self):
        super().setUp()
        self.port = free_port()

    def kamailio(self, path, change=None):
        recipe = os.path.join(self.folder, "recipe")
        made = self.peakrig("recipe", "kamailio", path, "-o", recipe, "--next", f"127.0.0.1:{self.centre_port}", "--set",
                            f"target.port={self.port}")
        self.assertEqual(made.returncode, 0, made.stderr)
        config = os.path.join(recipe, "kamailio.cfg")
        if change:
            with open(config) as file:
                text = file.read()
            self.assertIn(change[0], text)
            with open(config, "w") as file:
                file.write(text.replace(*change))
        self.start_sh = os.path.join(recipe, "start.sh")
        return self.start([self.start_sh], self.port)

    def registering(self, more=""):
        return self.scenario(f'first_user = "1001"; registrar = "127.0.0.1:{self.port}"; {more}')

    def test_refuses(self):
        path = self.registering()
        self.kamailio(path, ('if (!save("location", "0x04")) sl_reply_error();', 'sl_send_reply("403", "Forbidden");'))
        self.centre(path, agents_port=self.port)
        done = self.run_it(path)
        self.assertEqual(done.returncode, 5, done.stdout + done.stderr)
        self.assertIn("was refused: 403 Forbidden", done.stderr)

    def test_wrong_password(self):
        path = self.registering('password = "right";')
        self.kamailio(path)
        self.centre(path, agents_port=self.port)
        done = self.run_it(path, "--set", 'agents[0].register.password="wrong"')
        self.assertEqual(done.returncode, 5, done.stdout + done.stderr)
        self.assertIn("was refused: 401", done.stderr)
        self.assertIn("warning", done.stderr)

    def restart_in_mid_run(self, path):
        """Kill it when phones have rung for a second, start it again: it knows no phone any more."""
        first = self.kamailio(path)
        self.centre(path, agents_port=self.port)
        log = os.path.join(self.folder, "run1", "logs", "agents.log")

        def restart():
            until = time.monotonic() + 60
            while time.monotonic() < until and not (os.path.exists(log) and os.path.getsize(log) > 0):
                time.sleep(0.05)
            time.sleep(1.0)
            os.killpg(first.pid, signal.SIGKILL)
            first.wait()
            self.start([self.start_sh], self.port)
            self.back_ms = time.time() * 1e3
        thread = threading.Thread(target=restart)
        thread.start()
        done = self.run_it(path, "--no-early-stop", "--set", "time_scale=2")
        thread.join()
        with open(log) as file:
            rung = [float(line.split(";")[5]) for line in file if line.startswith("RIG;")]
        self.assertGreater(len([t for t in rung if t < self.back_ms]), 5)
        return done, len([t for t in rung if t > self.back_ms + 2000])

    def test_forgets_its_phones(self):
        """Half an hour until they register again: nobody is rung for the rest of the run."""
        done, n_rung = self.restart_in_mid_run(self.registering("expires_s = 3600;"))
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        result = self.result()
        self.assertEqual(result["verdict"]["judgement"], "FAIL")
        self.assertEqual(n_rung, 0)
        self.assertIn("FAIL", [stage["judgement"] for stage in result["stages"][2:]])

    def test_heals_by_renewal(self):
        done, n_rung = self.restart_in_mid_run(self.registering("expires_s = 2;"))
        self.assertNotIn("registration", done.stdout)
        self.assertGreater(n_rung, 10)


if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[3:])
