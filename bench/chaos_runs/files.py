# SPDX-License-Identifier: GPL-3.0-or-later
"""Files, disks and standard streams."""
import glob
import os
import shutil
import subprocess
import time

from chaos_runs.fault import NOTHING_SAID, PASSES, WELL, fault
from chaos_runs.scene import sh


def part_of(scene):
    until = time.monotonic() + 30
    while time.monotonic() < until:
        found = glob.glob(os.path.join(scene.out, "capture.pcap.part-*"))
        if found and os.path.getsize(found[0]) > 0:
            return found[0]
        time.sleep(0.02)
    raise RuntimeError("no capture is being written")


def in_mid_run(name, names, may_be=NOTHING_SAID, **more):
    """Of do(scene, the capture that is being written)."""
    def take(do):
        @fault(f"capture in mid-run: {name}", "files", names, may_be, **more)
        def inject(scene):
            scene.start()
            scene.wait_for_calls(100)
            do(scene, part_of(scene))
            scene.finish()
            check_foreign(scene)
        return do
    return take


CHANGED = r"capture.*(changed|truncated|shorter|overwritten|written by another|removed|renamed|not the)"


@in_mid_run("truncated", CHANGED)
def truncated(scene, path):
    os.truncate(path, 1000)


@in_mid_run("truncated to nothing", CHANGED)
def emptied(scene, path):
    os.truncate(path, 0)


@in_mid_run("overwritten", CHANGED)
def overwritten(scene, path):
    with open(path, "r+b") as file:
        file.seek(5000)
        file.write(bytes(3000))


@in_mid_run("appended to", CHANGED + "|every stage", may_be=NOTHING_SAID | PASSES)
def appended(scene, path):
    """What we write next may lie over it: then the file is whole, and PASS is right."""
    with open(path, "ab") as file:
        file.write(b"hello\n" * 10)
    scene.foreign_text = b"hello\nhello"


@in_mid_run("deleted", CHANGED + r"|No such file")
def deleted(scene, path):
    os.remove(path)


@in_mid_run("replaced by another file", CHANGED)
def replaced(scene, path):
    with open(path + "x", "wb") as file:
        file.write(b"another")
    os.replace(path + "x", path)


@in_mid_run("the run folder is deleted", r"run|No such file|cannot", may_be={"EXIT 5", "EXIT 2"})
def folder_deleted(scene, path):
    shutil.rmtree(scene.out)


@in_mid_run("the run folder is renamed", r"run|No such file|cannot", may_be={"EXIT 5", "EXIT 2"})
def folder_renamed(scene, path):
    os.rename(scene.out, scene.out + "2")


def use_disk(scene, size):
    """The run folder is on a disk of its own. @return where it is mounted."""
    disk = os.path.join(scene.folder, "disk")
    os.makedirs(disk)
    sh("mount", "-t", "tmpfs", "-o", f"size={size}", "none", disk)
    scene.out = os.path.join(disk, "run")
    return disk


for _kb in (600, 900, 1400):
    @fault(f"disk full: {_kb} kB", "files", r"No space left", also=r"capture\.pcap", may_be={"EXIT 5", "INVALID", "INCONCLUSIVE"})
    def disk_full(scene, kb=_kb):
        use_disk(scene, f"{kb}k")
        scene.run()
        scene.stderr += "\n" + " ".join(os.listdir(scene.out))


@fault("disk full: capture.pcap alone cannot grow", "files", r"capture", also=r"capture\.pcap")
def file_limit(scene):
    scene.before = ["prlimit", "--fsize=700000"]
    scene.run()


def closed(name, fds):
    @fault(f"closed: {name}", "files", may_be=WELL | {"EXIT 5"})
    def inject(scene):
        scene.start(preexec=lambda: [os.close(fd) for fd in fds], quiet=False)
        scene.finish()
        check_capture(scene)


def check_foreign(scene):
    """A run with another's bytes in its capture is no PASS."""
    path = os.path.join(scene.out, "capture.pcap")
    if scene.foreign_text is None or scene.code != 0 or not os.path.exists(path):
        return
    with open(path, "rb") as file:
        if scene.foreign_text in file.read():
            scene.code = -2


def check_capture(scene):
    """No progress text may be in it."""
    path = os.path.join(scene.out, "capture.pcap")
    if not os.path.exists(path):
        return
    with open(path, "rb") as file:
        if b"on the wire" in file.read():
            scene.stderr += "\npeakrig: WRONG: text of ours is in the capture"
            scene.code = -2


closed("standard input", [0])
closed("standard output", [1])
closed("standard error", [2])
closed("all three", [0, 1, 2])


@fault("standard error is a pipe that nobody reads", "files", may_be=WELL | {"EXIT 5"})
def broken_error(scene):
    read, write = os.pipe()
    scene.start(stderr=write, quiet=False)
    os.close(write)
    os.close(read)
    scene.finish()


@fault("standard output is a pipe that nobody reads", "files", also=r"standard output: cannot write", may_be={"EXIT 5"})
def broken_output(scene):
    read, write = os.pipe()
    scene.start(stdout=write)
    os.close(write)
    os.close(read)
    scene.finish()


@fault("standard error is a pipe that is full", "files", may_be=WELL | {"EXIT 5"})
def full_error(scene):
    read, write = os.pipe()
    os.set_blocking(write, False)
    try:
        while True:
            os.write(write, b"x" * 4096)
    except BlockingIOError:
        os.set_blocking(write, True)
    scene.start(stderr=write, quiet=False)
    os.close(write)
    scene.cleanups.append(lambda: os.close(read))
    scene.finish()


def with_gnuplot(scene, text):
    folder = os.path.join(scene.folder, "bin")
    os.makedirs(folder)
    path = os.path.join(folder, "gnuplot")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, 0o755)
    scene.env["PATH"] = folder + ":" + scene.env["PATH"]


@fault("gnuplot hangs", "files", also=r"gnuplot", may_be=WELL, keeps=["report.html", "result.json"])
def gnuplot_hangs(scene):
    with_gnuplot(scene, "#!/bin/sh\nexec sleep 1000\n")
    scene.run()


@fault("gnuplot hangs and ignores SIGTERM", "files", also=r"gnuplot", may_be=WELL, keeps=["report.html"])
def gnuplot_ignores(scene):
    with_gnuplot(scene, "#!/bin/sh\ntrap '' TERM\nwhile :; do sleep 1; done\n")
    scene.run()


@fault("gnuplot fails", "files", also=r"gnuplot", may_be=WELL, keeps=["report.html"])
def gnuplot_fails(scene):
    with_gnuplot(scene, "#!/bin/sh\necho no >&2\nexit 3\n")
    scene.run()


@fault("gnuplot is not there", "files", also=r"gnuplot", may_be=WELL, keeps=["report.html"])
def gnuplot_missing(scene):
    folder = os.path.join(scene.folder, "bin")
    os.makedirs(folder)
    for name in ("sipp", "sh"):
        os.symlink(shutil.which(name), os.path.join(folder, name))
    scene.env["PATH"] = folder
    scene.run()


@fault("the run folder is on a file system that is read-only", "files", r"Read-only file system", may_be={"EXIT 5"})
def read_only(scene):
    disk = use_disk(scene, "50m")
    sh("mount", "-o", "remount,ro", disk)
    scene.run()


@fault("read-only in mid-run", "files", r"Read-only file system", may_be={"EXIT 5"})
def read_only_later(scene):
    disk = use_disk(scene, "50m")
    scene.start()
    scene.wait_for_calls(100)
    subprocess.run(["mount", "-o", "remount,ro,force", disk], check=False)
    sh("mount", "--bind", "-o", "ro", disk, disk)
    sh("mount", "-o", "remount,bind,ro", disk)
    scene.finish()


@fault("capture thread starved for 3 s, small buffer", "files", r"the capture lost [\d,]+ of [\d,]+ packets")
def starved(scene):
    scene.shim_peakrig(BUFFER=262144, STARVE_S=3, FROM_S=3)
    scene.run()


@fault("capture thread starved for 3 s, as it is", "files", may_be=WELL | NOTHING_SAID)
def starved_well(scene):
    scene.shim_peakrig(STARVE_S=3, FROM_S=3)
    scene.run()


for _n in (96, 300):
    @fault(f"capture cut after {_n} bytes a packet, live", "files", r"cut|snap")
    def snaplen(scene, n=_n):
        scene.shim_peakrig(SNAPLEN=n)
        scene.run()
