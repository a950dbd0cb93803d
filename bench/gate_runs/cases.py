# SPDX-License-Identifier: GPL-3.0-or-later
"""What bench/gate plays: honest centres, seeded defects, broken loads, and the scenario that has every key.

A case is everything that defines a run but its seed. The scenarios are those of this folder, but the last."""
import dataclasses
import hashlib
import os

HERE = os.path.dirname(os.path.abspath(__file__))
SCENARIOS = ["tv", "day", "queue"]
# Real time has scenarios of its own, with the times of people and as short as they can be.
REAL_TIME = {scenario: f"{scenario}-real" for scenario in SCENARIOS}
SCALES = [1, 6, 15, 60]
DEFECT_SCALE = 15


@dataclasses.dataclass(frozen=True)
class Case:
    group: str             # honest, defects, broken, everything
    name: str
    scenario: str
    words: tuple = ()      # of the command line, beside scenario, seed and folder
    breaks: str = ""       # broken: kill, thin, lose
    scale: int = DEFECT_SCALE
    # of a defect:
    stages: tuple = ()     # that may be named: where the centre works differently
    kinds: tuple = ()      # findings that say what it is
    truth: float = None    # in the finding's unit; None: the defect has no number
    what: str = ""         # that number is

    def path(self):
        return os.path.join(HERE, f"{self.scenario}.cfg")

    def key(self, seed):
        """Of all that defines the run: another scenario, another argument is another run."""
        with open(self.path(), "rb") as file:
            text = file.read()
        parts = [self.group, self.name, self.breaks, str(seed), *self.words]
        return hashlib.sha256(text + "\0".join(parts).encode()).hexdigest()[:16]


def defect(text, scenario, stages, kinds, truth=None, what="", words=()):
    return Case("defects", text, scenario, ("--defect", text, *words), "", DEFECT_SCALE, stages, kinds, truth, what)


def honest(scenario, scale):
    if scale == 1:
        return Case("honest", f"{scenario}, scale 1", REAL_TIME[scenario], scale=1)
    words = () if scale == DEFECT_SCALE else ("--set", f"time_scale={scale}.0")
    return Case("honest", f"{scenario}, scale {scale}", scenario, words, scale=scale)


HONEST = [honest(scenario, scale) for scale in SCALES for scenario in SCENARIOS]

# Agents who leave their desks: one ringing in five is not answered within the time-out, often for minutes, and
# callers who do not bear that. Without such agents a centre without a ring time-out works as well as one with it.
AWAY = ("--set", 'agents[0].ring={type="lognormal";mean_s=12.0;cv=3.0;}',
        "--set", 'callers.patience_ringing={type="lognormal";mean_s=20.0;cv=0.3;}')
# Fewer ports: more callers hang up before they are answered, which is when circuits leak.
BUSY_IVR = ("--set", "ivr.ports=34")
# Callers who do not wait long for a phone that rings: each of them leaves an agent behind.
HASTY = ("--set", 'callers.patience_ringing={type="exponential";mean_s=15.0;}')

# A circuit more than the scenario says makes good what half a minute without circuits loses.
ONE_MORE = ("--target-set", 'trunks=({name="carrier A";circuits=91;})')

# As many places as ring at the same time: it matters whether these count.
SHORT_QUEUE = ("--set", "queue.capacity=20")
# A time-out about as long as the waits, so that phones ring when it comes.
SHORT_WAIT = ("--set", "queue.timeout_s=8.0")

# Several agents are idle when a call comes: it matters how many of them are rung.
OFTEN_IDLE = ("--set", "agents[0].count=40", "--set", "traffic.rate=({at_s=0.0;per_min=45.0;})")

# Carrier B has room for what overflows.
ROOM_AT_B = ("--set", "trunks[1].e1=4")

# Callers keep their places where they are else promised a call back.
PLACES = ("--set", "queue.deflection.share=0.0", "--set", "queue.keep_place={share=0.5;min_wait_s=10.0;}")

# Important callers, by the number that they dial.
CLASSES = ("--set", 'callers.classes=({name="vip";share=0.2;priority=9;dial="7851";},{name="other";share=0.8;})')

DEFECTS = [
    defect("circuits=75", "tv", ("trunk",), ("circuits",), 75, "circuits"),
    defect("leak_on_cancel", "tv", ("trunk",), ("circuits_leak",), words=BUSY_IVR),
    defect("trunk_dead=carrier B", "day", ("trunk",), ("circuits",), 80, "circuits left"),
    defect("refuse_after=240", "day", ("trunk",), ("circuits_window",), 0, "circuits left"),
    defect("mute_every=10", "day", ("trunk",), ("unanswered",), 0.1, "share of INVITEs"),
    defect("slow=12", "tv", ("trunk",), ("response_delay",), 12.0, "s"),
    defect("ports=28", "tv", ("ivr",), ("ports",), 28, "ports"),
    defect("ivr_late=6", "tv", ("ivr",), ("ivr_delay",), 6.0, "s"),
    defect("queue_limit=20", "queue", ("queue",), ("queue_limit",), 20, "calls"),
    defect("lifo", "queue", ("queue",), ("queue_order",)),
    defect("no_priority", "queue", ("queue",), ("priority",), words=CLASSES),
    defect("priority_reversed", "queue", ("queue",), ("priority",), words=CLASSES),
    defect("class_unknown=vip", "queue", ("queue",), ("priority",), words=CLASSES),
    defect("pushes_out", "queue", ("queue",), ("pushed_out",), words=(*CLASSES, *SHORT_QUEUE)),
    defect("message=0.6:12", "queue", ("queue",), ("queue_cut", "queue_timeout"), 12.0, "s"),
    defect("dead_agents=15", "tv", ("agent",), ("agents", "agents_window"), 35, "agents in service"),
    defect("no_ring_timeout", "tv", ("agent",), ("ring_timeout",), words=AWAY),
    defect("stuck_agents=60", "tv", ("agent", "queue"), ("agents_stuck",), 60.0, "s stuck", HASTY),
    defect("drop=0.1", "day", ("agent",), ("dropped",), 0.1, "share of talks"),
    defect("crash=120:60", "day", ("trunk",), ("silence",), 60.0, "s dead"),
    defect("reject=0.1", "day", ("trunk",), ("refused",), 0.1, "share of calls"),
    defect("menu=14", "tv", ("ivr",), ("menu",), 14.0, "s"),
    defect("poll=10", "queue", ("queue",), ("queue_poll",), 10.0, "s"),
    defect("one_at_a_time", "queue", ("queue",), ("one_at_a_time",), 1, "caller at a time"),
    defect("counts_ringing", "queue", ("queue",), ("queue_ringing",), words=("--set", "queue.capacity=12")),
    defect("timeout_ringing", "queue", ("queue", "agent"), ("ringing_cut",), words=SHORT_WAIT),
    defect("ring_all", "queue", ("agent",), ("ring_all",), words=OFTEN_IDLE),
    defect("wrap_up=20", "tv", ("agent", "queue"), ("wrap_up",), 20.0, "s"),
    defect("no_backup", "../../scenarios/backup-number", ("trunk",), ("refused",)),
    defect("no_overflow", "carriers", ("trunk",), ("no_overflow",), words=ROOM_AT_B),
    defect("misrouted=carrier A", "carriers", ("trunk",), ("misrouted",)),
    defect("announces=0.5", "told", ("queue",), ("announcement",), 0.5, "times the right one"),
    defect("no_deflection", "told", ("queue",), ("deflection",)),
    defect("deflects_all", "told", ("queue",), ("deflection",), 0, "calls that wait"),
    defect("nobody_comes=desk", "duty", ("queue",), ("on_duty",)),
    defect("wrong_skill=service", "skills", ("queue",), ("wrong_skill",)),
    defect("no_queue_overflow", "skills", ("queue",), ("no_queue_overflow",)),
    defect("no_reserves=on call", "skills", ("queue",), ("no_reserves",), 0, "agents of the tier"),
    defect("no_emergency", "emergency", ("queue",), ("emergency",)),
    defect("forgets_call_backs=0.3", "backs", ("queue",), ("call_backs_forgotten",), 0.3, "share forgotten"),
    defect("doubles_call_backs", "backs", ("queue",), ("call_backs_doubled",), 1.0, "share doubled"),
    defect("call_backs_first", "backs", ("queue",), ("call_backs_first", "call_backs_early")),
    defect("loses_places", "backs", ("queue",), ("places_lost",), words=PLACES),
    defect("no_standby", "crash", ("trunk",), ("outage",)),
    # right in total, wrong in time; two numbers differ
    defect("circuits=1@150..180", "tv", ("trunk",), ("circuits_window",), words=ONE_MORE),
]

BROKEN = [Case("broken", f"{name} ({scenario})", scenario, (), breaks)
          for breaks, name in [("kill", "SIPp worker killed in mid-run"),
                               ("thin", "each 20th call not placed"),
                               ("lose", "5 % of the packets not captured")]
          for scenario in SCENARIOS]

# Every key in one run, honest.
EVERYTHING = [Case("everything", "everything, scale 6", "../../scenarios/everything", ("--set", "time_scale=6.0"), scale=6)]

GROUPS = {"honest": HONEST, "defects": DEFECTS, "broken": BROKEN, "everything": EVERYTHING}


def runs(groups, n_honest, n_seeds, n_everything=100):
    """(case, seed) of all runs, the cases of a group in turn. @param n_honest  {scale: runs}."""
    for group in groups:
        for cases, total in parts_of(group, n_honest, n_seeds, n_everything):
            for i in range(total):
                yield cases[i % len(cases)], 1 + i // len(cases)


def parts_of(group, n_honest, n_seeds, n_everything):
    """[(cases, how many runs of them)]."""
    if group == "honest":
        return [([case for case in HONEST if case.scale == scale], n) for scale, n in n_honest.items()]
    if group == "everything":
        return [(EVERYTHING, n_everything)]
    cases = GROUPS[group]
    return [(cases, n_seeds * len(cases) if group == "defects" else len(cases))]
