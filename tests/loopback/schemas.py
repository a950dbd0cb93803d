# SPDX-License-Identifier: GPL-3.0-or-later
"""What the JSON Schemas of docs/ have against a document that peakrig wrote."""
import json
import pathlib

import jsonschema

DOCS = pathlib.Path(__file__).resolve().parent.parent.parent / "docs"


def complaints(name, document):
    schema = json.loads((DOCS / f"{name}.schema.json").read_text(encoding="utf-8"))
    return [f"{e.json_path}: {e.message[:200]}" for e in jsonschema.Draft202012Validator(schema).iter_errors(document)]
