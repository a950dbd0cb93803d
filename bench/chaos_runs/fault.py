# SPDX-License-Identifier: GPL-3.0-or-later
"""What a fault is, and whether what peakrig made of it is right."""
import re
from dataclasses import dataclass, field
from typing import Callable, Optional

FAULTS = []
NOTHING_SAID = {"INVALID", "INCONCLUSIVE", "EXIT 5"}  # of the centre
PASSES = {"PASS"}  # where the fault does no harm
WELL = PASSES | {"INCONCLUSIVE"}


@dataclass
class Fault:
    name: str
    group: str
    inject: Callable
    may_be: set
    names: Optional[str]  # pattern: of the headline
    also: Optional[str]   # pattern: of all that was printed
    within_s: Optional[float] = None  # from the fault to the end of the run
    keeps: list = field(default_factory=list)  # files of the run folder that must be there
    names_lateness: bool = False  # the fault makes calls late


def fault(name, group, names=None, may_be=NOTHING_SAID, also=None, within_s=None, keeps=(),
          names_lateness=False):
    def take(inject):
        FAULTS.append(Fault(name, group, inject, set(may_be), names, also, within_s, list(keeps), names_lateness))
        return inject
    return take


def verdict_of(scene):
    """What of the centre is said, and the headline."""
    result = scene.result()
    errors = [line for line in scene.stderr.splitlines() if line.startswith("peakrig: ")]
    by_exit = {0: "PASS", 1: "FAIL", 3: "INCONCLUSIVE", 4: "INVALID", 5: "EXIT 5"}
    if scene.code in (2, 5) or result is None:
        text = errors[-1] if errors else (scene.stderr.strip().splitlines() or ["nothing is said"])[-1]
        return ("EXIT %s" % scene.code), text
    verdict = result["verdict"]["judgement"]
    if by_exit.get(scene.code) != verdict:
        return f"{verdict}, exit {scene.code}", result["verdict"]["summary"]
    return verdict, result["verdict"]["summary"]


def is_late(scene):
    """A machine that was too busy: that says nothing of the fault."""
    result = scene.result()
    if result is None or result["verdict"]["judgement"] != "INVALID":
        return False
    summary = result["verdict"]["summary"]
    return re.search(r"^the load was not valid: 99 %|INVITEs at our phones were answered within|arrivals differ",
                     summary) is not None


def judge(wanted, scene):
    """@return verdict, headline, what is wrong ("" = nothing)."""
    verdict, headline = verdict_of(scene)
    wrong = []
    printed = "\n".join([headline, scene.stdout, scene.stderr])
    if verdict not in wanted.may_be:
        wrong.append("wrong PASS" if verdict == "PASS" else "wrong FAIL" if verdict == "FAIL" else "wrong verdict")
    if wanted.names and not re.search(wanted.names, headline):
        wrong.append("not named")
    if wanted.also and not re.search(wanted.also, printed):
        wrong.append("not said")
    if wanted.within_s and scene.faulted and scene.ended - scene.faulted > wanted.within_s:
        wrong.append("over after %.0f s" % (scene.ended - scene.faulted))
    parts, processes = scene.left_over()
    if parts and not re.search(re.escape(parts[0]), printed):
        wrong.append("half-written: " + parts[0])
    if processes:
        wrong.append("left running: " + processes[0][:60])
    for name in wanted.keeps:
        if not scene.has(name):
            wrong.append("lost: " + name)
    return verdict, headline, "; ".join(wrong)
