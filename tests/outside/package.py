#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Debian packages: what they say, what is in them and where, and what lintian thinks of them. That they install and
run in a clean root is tried by ci/package-try.

usage: package.py CPACK BUILD_DIR SOURCE_DIR
"""
import gzip
import hashlib
import io
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest

CPACK = BUILD = SOURCE = None
EPOCH = "1780000000"  # 2026-05-28


def run(*words, **how):
    done = subprocess.run([str(word) for word in words], capture_output=True, timeout=600, check=False, **how)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, words))}: exit code {done.returncode}\n"
                             f"{done.stdout.decode()}{done.stderr.decode()}")
    return done.stdout


def packed(folder):
    """The two packages, made anew in the folder: by name."""
    run(CPACK, "--config", BUILD / "CPackConfig.cmake", "-G", "DEB", "-B", folder,
        env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH})
    return {path.name.split("_")[0]: path for path in folder.glob("*.deb")}


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="peakrig-package-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.debs = packed(cls.folder)
        cls.trees = {name: tarfile.open(fileobj=io.BytesIO(run("dpkg-deb", "--fsys-tarfile", deb)))
                     for name, deb in cls.debs.items()}

    def fields(self, name):
        text = run("dpkg-deb", "--field", self.debs[name]).decode()
        return dict(re.findall(r"^(\S+): (.*)$", text, re.M))

    def files(self, name):
        return {member.name.removeprefix("."): member for member in self.trees[name] if not member.isdir()}

    def bytes_of(self, name, path):
        return self.trees[name].extractfile("." + path).read()

    def test_names(self):
        self.assertEqual(set(self.debs), {"peakrig", "libpeakrig-dev"})
        version = re.search(r"project\(peakrig VERSION (\S+)", (SOURCE / "CMakeLists.txt").read_text())[1]
        architecture = run("dpkg", "--print-architecture").decode().strip()
        for name, path in self.debs.items():
            self.assertEqual(path.name, f"{name}_{version}-1_{architecture}.deb")
            fields = self.fields(name)
            self.assertEqual((fields["Package"], fields["Version"]), (name, version + "-1"))
            self.assertRegex(fields["Maintainer"], r"^.+ <\S+@\S+>$")

    def test_dependencies(self):
        """What the program is linked with, by what the linker says; and the programs that it starts."""
        fields = self.fields("peakrig")
        depends = {re.split(r"[ (]", word.strip())[0] for word in fields["Depends"].split(",")}
        self.assertLessEqual({"sip-tester", "libcap2-bin", "debconf", "adduser", "libc6"}, depends)
        linked = re.findall(r"NEEDED +(\S+)", run("objdump", "-p", BUILD / "cli/peakrig").decode())
        libraries = {re.sub(r"\.so(\.|$)", "", name.removeprefix("lib")).rstrip("0123456789.") for name in linked}
        self.assertLessEqual({"sofia-sip-ua", "pcap", "gsl", "sqlite", "microhttpd"},
                             {library.rstrip("-") for library in libraries})
        for part in ("libsofia-sip-ua0", "libpcap0.8", "libgsl27", "libsqlite3-0", "libmicrohttpd12", "libjansson4"):
            self.assertIn(part, depends)
        self.assertIn("gnuplot-nox", fields["Recommends"])
        with_mpi = any("libmpi" in name for name in linked)
        self.assertEqual("openmpi-bin" in fields["Recommends"], with_mpi)
        self.assertEqual("libopenmpi3" in depends, with_mpi)
        for only_tested_with in ("kamailio", "octave", "tshark"):
            self.assertNotIn(only_tested_with, " ".join(fields.values()))
        development = self.fields("libpeakrig-dev")["Depends"]
        for file in BUILD.glob("peakrig-*.pc"):
            for needed in re.search(r"^Requires: (.*)$", file.read_text(), re.M)[1].split(", "):
                if not needed.startswith("peakrig"):
                    self.assertIn(needed.removeprefix("lib").split()[0].replace("zlib", "zlib1g"), development)

    def test_places(self):
        files = self.files("peakrig")
        pages = [path for path in files if path.startswith("/usr/share/man/")]
        self.assertGreaterEqual(len(pages), 13)
        for path in pages:
            self.assertRegex(path, r"^/usr/share/man/man1/peakrig(-\w+)?\.1\.gz$")
            page = self.bytes_of("peakrig", path)
            self.assertEqual(page[4:8], b"\0\0\0\0", f"{path}: gzip's stamp is not empty")
            self.assertIn(b".TH PEAKRIG", gzip.decompress(page))
        for path in ("/usr/bin/peakrig", "/usr/share/bash-completion/completions/peakrig",
                     "/usr/share/fish/vendor_completions.d/peakrig.fish", "/usr/share/peakrig/scenario.schema.json",
                     "/usr/share/peakrig/scenarios/tv-peak-785.cfg", "/usr/share/doc/peakrig/README.md"):
            self.assertIn(path, files)
        self.assertEqual([path for path in files if path.endswith("/_peakrig")], [ZSH])
        self.assertFalse([path for path in files if path.endswith((".h", ".a", ".pc", "LICENSE"))])
        development = self.files("libpeakrig-dev")
        self.assertEqual({pathlib.Path(path).name for path in development if path.endswith((".a", ".pc"))},
                         {f"{prefix}peakrig-{part}.{suffix}" for part in ("core", "models", "analyzer")
                          for prefix, suffix in (("lib", "a"), ("", "pc"))})
        self.assertIn("/usr/include/peakrig/models/erlang_b.h", development)
        self.assertFalse([path for path in development if path.startswith(("/usr/bin", "/usr/share/man"))])

    def test_papers(self):
        for name in self.debs:
            doc = f"/usr/share/doc/{name}"
            self.assertIn(b"/usr/share/common-licenses/GPL-3", self.bytes_of(name, f"{doc}/copyright"))
            debian = gzip.decompress(self.bytes_of(name, f"{doc}/changelog.Debian.gz")).decode()
            self.assertTrue(debian.startswith(f"{name} ({self.fields(name)['Version']}) "), debian)
            self.assertTrue(debian.endswith("Thu, 28 May 2026 20:26:40 +0000\n"), debian)
            self.assertEqual(gzip.decompress(self.bytes_of(name, f"{doc}/changelog.gz")),
                             (SOURCE / "CHANGELOG.md").read_bytes())

    def test_rights(self):
        """Files are root's, and nobody else can write them; no rights but by the answer of who installs it."""
        for name, tree in self.trees.items():
            for member in tree:
                self.assertEqual((member.uid, member.gid), (0, 0), member.name)
                wanted = 0o755 if member.isdir() or member.name == "./usr/bin/peakrig" else 0o644
                self.assertEqual(member.mode, wanted, f"{name}: {member.name}: {member.mode:o}")

    def test_question(self):
        control = self.folder / "control"
        run("dpkg-deb", "--control", self.debs["peakrig"], control)
        self.assertIn("\nDefault: false\n", (control / "templates").read_text())
        for script in ("config", "postinst", "prerm", "postrm"):
            self.assertEqual((control / script).stat().st_mode & 0o7777, 0o755, script)
            run("sh", "-n", control / script)
        if shutil.which("shellcheck"):
            run("shellcheck", "-e", "SC1091", *(control / name for name in ("config", "postinst", "prerm", "postrm")))
        self.assertIn("setcap cap_net_raw+ep", (control / "postinst").read_text())
        run("dpkg-deb", "--control", self.debs["libpeakrig-dev"], self.folder / "development")
        self.assertFalse((self.folder / "development/postinst").exists())

    def test_same_bytes(self):
        again = packed(self.folder / "again")
        for name, deb in self.debs.items():
            self.assertEqual(hashlib.sha256(again[name].read_bytes()).digest(),
                             hashlib.sha256(deb.read_bytes()).digest(), f"{name}: not the same bytes")

    def test_lintian(self):
        self.assertIsNotNone(shutil.which("lintian"), "lintian is not installed (ci/setup --test)")
        run("lintian", "--allow-root", "--fail-on", "error", "--no-tag-display-limit", *self.debs.values())


if __name__ == "__main__":
    CPACK, BUILD, SOURCE = sys.argv[1], *(pathlib.Path(word).resolve() for word in sys.argv[2:4])
    found = re.search(r"PEAKRIG_ZSH_DIR:STRING=(.*)", (BUILD / "CMakeCache.txt").read_text())[1]
    ZSH = f"/usr/{found}/_peakrig"
    unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[4:])
