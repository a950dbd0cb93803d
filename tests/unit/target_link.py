#!/usr/bin/env python3
"""The call centre is an independent second implementation: it must not depend on models/.

usage: target_link.py NM TARGET_FOLDER TARGET_LIBRARY MODELS_LIBRARY ALLOWED_LIBRARIES... -- CLOSURE...

Three checks: no target CMake would link with rig_target is rig_models (CLOSURE: all that it depends
on, directly or not); each of our symbols that its library lacks is found in the allowed libraries;
no file of its folder includes a header of models/.
"""
import pathlib
import re
import subprocess
import sys


def symbols(nm, library, *options):
    text = subprocess.run([nm, *options, library], check=True, capture_output=True, text=True).stdout
    return {line.split()[-1] for line in text.splitlines() if re.search(r" [A-Za-z] rig_", line)}


def main():
    split = sys.argv.index("--")
    nm, folder, target, models, *allowed = sys.argv[1:split]
    closure = sys.argv[split + 1:]
    wrong = []
    if "rig_models" in closure:
        wrong.append("rig_target links rig_models: " + " ".join(closure))
    if "rig_core" not in closure:
        wrong.append("the closure was not worked out: " + " ".join(closure))

    lacking = symbols(nm, target, "--undefined-only")
    for library in [target, *allowed]:
        lacking -= symbols(nm, library, "--defined-only", "--extern-only")
    wrong += [f"rig_target needs {name}" for name in sorted(lacking)]
    if not symbols(nm, models, "--defined-only", "--extern-only"):
        wrong.append(f"{models}: nm shows no symbol of ours")

    files = sorted(pathlib.Path(folder).glob("*.[ch]"))
    if not files:
        wrong.append(f"{folder}: no source")
    for file in files:
        for number, line in enumerate(file.read_text().splitlines(), 1):
            if re.match(r'\s*#\s*include\s*["<]models/', line):
                wrong.append(f"{file}:{number}: {line.strip()}")
    for text in wrong:
        print(text)
    return 1 if wrong else 0


sys.exit(main())
