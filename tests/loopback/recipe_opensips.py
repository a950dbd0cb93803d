#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `peakrig recipe opensips` writes, at a real OpenSIPS: the tests of recipe_kamailio.py, whose recipe says the same
in another language.

Usage: PEAKRIG_OPENSIPS=/path/to/opensips PEAKRIG_OPENSIPS_MODULES=/path/to/its/modules recipe_opensips.py PEAKRIG
SOURCE_DIR
"""
import os
import sys
import unittest

import recipe_kamailio

NOT_HERE = 77  # ctest shows the test as skipped


class OpenSips(recipe_kamailio.Recipe):
    pass


if __name__ == "__main__":
    recipe_kamailio.PEAKRIG, recipe_kamailio.KIND = os.path.abspath(sys.argv[1]), "opensips"
    if not os.environ.get("PEAKRIG_OPENSIPS"):
        print("skipped: no OpenSIPS (PEAKRIG_OPENSIPS)")
        sys.exit(NOT_HERE)
    unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[3:])
