# SPDX-License-Identifier: GPL-3.0-or-later
"""What a command prints: on a machine without any locale, and on a terminal of so many columns."""
import fcntl
import os
import pty
import struct
import subprocess
import termios
import unicodedata

NO_LOCALE = {"PATH": os.environ["PATH"], "LOCPATH": "/nonexistent", "HOME": "/nonexistent"}


def columns(text):
    """Columns of a terminal, by Python's own tables."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)


def run(program, words, code=0, env=None):
    done = subprocess.run([program, *words], capture_output=True, text=True, env={**NO_LOCALE, **(env or {})})
    assert done.returncode == code, (words, env, done.returncode, done.stderr)
    return done


def on_terminal(width, words, code=0):
    """Standard output on a terminal so wide; standard error goes nowhere."""
    pid, fd = pty.fork()
    if pid == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
        os.dup2(os.open("/dev/null", os.O_WRONLY), 2)
        os.execve(words[0], words, NO_LOCALE)
    text = b""
    while True:
        try:
            more = os.read(fd, 65536)
        except OSError:  # nobody writes any more
            break
        if not more:
            break
        text += more
    os.close(fd)
    ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert ended == code, (words, ended, text)
    return text.decode().replace("\r\n", "\n")
