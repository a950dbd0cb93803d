# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that run beside peakrig in a test: a proxy, a registrar, a centre. Each is started in a session of its own,
waited for until it answers, and ended with all that it has started."""
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest


def answers(port):
    """Whether somebody answers OPTIONS there, over UDP."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(0.2)
        s.connect(("127.0.0.1", port))
        own = s.getsockname()[1]
        try:
            s.send((f"OPTIONS sip:127.0.0.1:{port} SIP/2.0\r\n"
                    f"Via: SIP/2.0/UDP 127.0.0.1:{own};branch=z9hG4bK{time.monotonic_ns()}\r\n"
                    f"From: <sip:test@127.0.0.1>;tag=1\r\nTo: <sip:127.0.0.1:{port}>\r\n"
                    f"Call-ID: {time.monotonic_ns()}\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\n"
                    "Content-Length: 0\r\n\r\n").encode())
            return s.recv(4096).startswith(b"SIP/2.0 ")
        except OSError:
            return False


def accepts(port):
    """Whether somebody takes a TCP connection there."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


class Beside(unittest.TestCase):
    """A test with a folder of its own, self.folder, and programs beside peakrig."""
    ended = set()

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-beside-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def altered(self, path, after, changes=None):
        """A scenario with more behind it, and {text: instead} changed in all of that, as a file of self.folder."""
        with open(path) as file:
            text = file.read() + after
        for old, new in (changes or {}).items():
            self.assertIn(old, text)
            text = text.replace(old, new)
        made = os.path.join(self.folder, "scenario.cfg")
        with open(made, "w") as file:
            file.write(text)
        return made

    def start(self, words, port, is_there=answers):
        """A program that is to be there at a port; its output is in self.folder. Ended after the test."""
        log = os.path.join(self.folder, f"{os.path.basename(words[0])}-{port}.log")
        with open(log, "a") as out:
            child = subprocess.Popen(words, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=out,
                                     stderr=subprocess.STDOUT, start_new_session=True)
        self.addCleanup(self.end, child)
        for _ in range(100):
            if is_there(port):
                return child
            if child.poll() is not None:
                with open(log) as file:
                    self.fail(f"{words[0]} ended: {file.read()[-2000:]}")
            time.sleep(0.1)
        return self.fail(f"{words[0]} does not answer")

    @staticmethod
    def end(child):
        """Kamailio ends its own workers; what is left of the session after 5 s, or behind a leader that has ended
        by itself, is killed. Once: the number of a group that is gone may be another's."""
        if child in Beside.ended:
            return
        Beside.ended.add(child)
        if child.poll() is None:
            child.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(5)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
