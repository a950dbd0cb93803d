# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run has left behind, for the tests that see the program from outside."""
import os


def processes_of(folder):
    """{pid: words} of those that work in a folder or name it, but for zombies."""
    found = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                words = file.read().decode(errors="replace").replace("\0", " ")
            where = os.readlink(f"/proc/{pid}/cwd")
        except OSError:
            continue
        if (folder in words or folder in where + "/") and int(pid) != os.getpid():
            found[int(pid)] = words
    return found
