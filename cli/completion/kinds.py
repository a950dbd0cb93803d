# SPDX-License-Identifier: GPL-3.0-or-later
"""What a shell can offer for an option's value and for an operand. Made of the program's help and its lists of words
(`peakrig keys --names`, `--words KIND`)."""
import collections
import re
import subprocess

# kind: "none", "file", "folder", "program", "host", "user", "words"; words: their list's name; ending: a value goes on
# behind the word, so no blank is to follow
Value = collections.namedtuple("Value", "kind words goes_on", defaults=("", False))

NONE, FILE, FOLDER = Value("none"), Value("file"), Value("folder")
KEYS = Value("words", "keys", True)
OF_OPERAND = {
    "FILE": FILE, "DIR": FOLDER, "FOLDER": FOLDER, "PROGRAM": Value("program"), "HOST": Value("host"),
    "HOST[:PORT]": Value("host"), "ADDRESS": Value("host"), "KEY=VALUE": KEYS, "KEY=VALUES": KEYS, "KEY=N,...": KEYS,
    "REQUIREMENT": Value("words", "metrics", True), "METRIC": Value("words", "metrics"),
    "DEFECT": Value("words", "defects", True), "CONDITION": Value("words", "conditions", True),
    "FIELD[,FIELD]": Value("words", "groups", True), "KIND": Value("words", "kinds"),
}
# Where the operand's name does not tell.
OF_OPTION = {
    "user": Value("user"), "digest": Value("words", "digests"), "challenge": Value("words", "challenges"),
    "slice": Value("words", "slices", True), "carrier": NONE,
}
SLICES = ["reason=", "call_id=", "caller=", "planned_index=", "code=", "from=", "to=", "answered=yes", "answered=no", "bye=caller",
          "bye=callee", "bye=none"]
# The endings of files that operands name.
SCENARIOS, CAPTURES = ["cfg"], ["pcap", "pcapng", "cap", "pcap.gz", "pcap.zst", "pcapng.gz", "pcapng.zst"]


def value_of(option):
    """Of an option that takes one; None for a flag. An operand that is not known offers nothing."""
    if not option.operand:
        return None
    return OF_OPTION.get(option.name) or OF_OPERAND.get(option.operand, NONE)


def operand_of(command):
    """(kind, words or endings): "files", "folder", "words", "exchange" (words, then files), "formula", "none"."""
    if command.formulas:
        return "formula", "formulas"
    if re.search(r"\w\|\w.* SCENARIO", command.operands):
        return "exchange", SCENARIOS
    for word, found in (("SCENARIO", ("files", SCENARIOS)), ("CAPTURE", ("files", CAPTURES)),
                        ("RUN_DIR", ("folder", None)), ("KEY", ("words", "names"))):
        if word in command.operands:
            return found
    return ("files", []) if command.operands else ("none", None)


def lines_of(program, *words):
    return subprocess.run([program, "keys", *words], capture_output=True, text=True, check=True).stdout.split()


def lists(program):
    """All words, by the names of their lists. An element of a list of a scenario is given by its number: the first is
    offered."""
    kinds = ["outcomes", "stages", "metrics", "defects", "fields", "groups", "formulas", "exchanges"]
    found = {kind: lines_of(program, "--words", kind) for kind in kinds}
    names = lines_of(program, "--names")
    outcomes = [f"outcome={outcome}" for outcome in found["outcomes"]]
    found.update(names=names, keys=[name.replace("[]", "[0]") + "=" for name in names], kinds=kinds,
                 digests=["MD5", "SHA-256"], challenges=["401", "407"],
                 slices=SLICES + outcomes,
                 conditions=found["fields"] + outcomes)
    return found
