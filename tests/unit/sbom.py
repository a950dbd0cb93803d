#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bill of materials of a build: valid SPDX 2.3, and it names what the program is linked with.

usage: sbom.py PROGRAM SOURCE_DIR VERSION
"""
import filecmp
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

PROGRAM, SOURCE, VERSION = sys.argv[1:4]


class Sbom(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="peakrig-sbom-")
        cls.paths = [os.path.join(cls.folder.name, f"{n}.spdx.json") for n in "ab"]
        for path in cls.paths:
            subprocess.run([os.path.join(SOURCE, "ci/sbom"), PROGRAM, VERSION, path], check=True)
        with open(cls.paths[0]) as file:
            cls.document = json.load(file)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_has_what_spdx_demands(self):
        """SPDX 2.3, 6 and 7: the mandatory fields and their forms."""
        d = self.document
        self.assertEqual((d["spdxVersion"], d["dataLicense"], d["SPDXID"]),
                         ("SPDX-2.3", "CC0-1.0", "SPDXRef-DOCUMENT"))
        self.assertRegex(d["documentNamespace"], r"^https://[^#]+$")
        self.assertRegex(d["creationInfo"]["created"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertRegex(d["creationInfo"]["creators"][0], r"^Tool: ")
        ids = [p["SPDXID"] for p in d["packages"]]
        self.assertEqual(len(ids), len(set(ids)))
        for p in d["packages"]:
            self.assertRegex(p["SPDXID"], r"^SPDXRef-[A-Za-z0-9.-]+$")
            self.assertTrue(p["name"] and p["versionInfo"] and p["downloadLocation"])
            self.assertIs(p["filesAnalyzed"], False)
        for link in d["relationships"]:
            self.assertIn(link["spdxElementId"], [*ids, "SPDXRef-DOCUMENT"])
            self.assertIn(link["relatedSpdxElement"], ids)

    def test_names_each_library(self):
        """By another way than ldd: what the program's file itself demands."""
        text = subprocess.run(["readelf", "--dynamic", PROGRAM], check=True, capture_output=True,
                              text=True).stdout
        needed = re.findall(r"\(NEEDED\).*\[(.+?)\]", text)
        names = {p["name"] for p in self.document["packages"]}
        self.assertGreater(len(needed), 8)
        for word in ("libpcap", "libgsl", "libconfig", "libsofia-sip", "libjansson", "libsqlite3", "libxml2", "libc6"):
            self.assertTrue([n for n in names if n.startswith(word)], word)

    def test_same_build_same_bytes(self):
        self.assertTrue(filecmp.cmp(*self.paths, shallow=False))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
