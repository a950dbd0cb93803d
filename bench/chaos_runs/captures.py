# SPDX-License-Identifier: GPL-3.0-or-later
"""A good run's capture, altered, and judged again: `peakrig diff --capture`."""
import os
import random
import shutil

from chaos_runs import pcaps
from chaos_runs.fault import PASSES, fault

MS = 10**6
ANY = {"PASS", "INCONCLUSIVE", "INVALID"}
OPEN = {"INCONCLUSIVE", "INVALID"}
REFUSED = OPEN | {"EXIT 2"}  # a bad file: nothing of the run is given up for it


def bytes_altered(name, names=None, may_be=OPEN):
    """Of change(scene, path of the copy)."""
    def take(change):
        def inject(scene):
            scene.take_base()
            path = os.path.join(scene.folder, "altered.pcap")
            shutil.copy(os.path.join(scene.out, "capture.pcap"), path)
            change(scene, path)
            scene.diff("--capture", path)
        fault("capture: " + name, "capture", names, may_be)(inject)
        return change
    return take


def altered(name, names=None, may_be=OPEN):
    """Of change(packets, ports, rng) -> packets."""
    def take(change):
        def rewrite(scene, path):
            pcaps.write(path, change(pcaps.read(path), scene.base_ports(), random.Random(5)))
        bytes_altered(name, names, may_be)(rewrite)
        return change
    return take


@altered("as it is", may_be=PASSES)
def as_it_is(packets, ports, rng):
    return packets


@altered("written out of order, within 0.2 ms", may_be=ANY)
def out_of_order(packets, ports, rng):
    return sorted(packets, key=lambda p: p[0] + rng.uniform(0, 0.2) * MS)


@altered("stamps out of order, within 0.2 ms", r"order of messages|every stage", may_be=ANY)
def stamps_out_of_order(packets, ports, rng):
    return sorted(((p[0] + int(rng.uniform(0, 0.2) * MS), *p[1:]) for p in packets), key=lambda p: p[0])


@altered("stamps out of order, within 9 ms", r"not in order|order of messages")
def stamps_far_out_of_order(packets, ports, rng):
    return sorted(((p[0] + int(rng.uniform(0, 9) * MS), *p[1:]) for p in packets), key=lambda p: p[0])


@altered("only what comes from the centre", r"one direction", may_be=REFUSED)
def only_from_centre(packets, ports, rng):
    return [p for p in packets if pcaps.ports(p[1])[0] == ports["centre"]]


@altered("only what goes to the centre", r"one direction")
def only_to_centre(packets, ports, rng):
    return [p for p in packets if pcaps.is_to(p[1], ports["centre"])]


@altered("only the callers' legs", r"the capture lacks the phones' legs")
def only_callers(packets, ports, rng):
    return [p for p in packets if ports["agents"] not in pcaps.ports(p[1])]


@altered("only the phones' legs", r"lacks the callers' INVITEs", may_be=REFUSED)
def only_phones(packets, ports, rng):
    return [p for p in packets if ports["agents"] in pcaps.ports(p[1])]


for _ms in (10, -10, 50, -50, 500):
    @altered(f"clock of what the centre sends off by {_ms} ms", r"clock", may_be=OPEN)
    def one_clock(packets, ports, rng, ms=_ms):
        return sorted(((p[0] + (ms * MS if pcaps.ports(p[1])[0] == ports["centre"] else 0), *p[1:])
                       for p in packets), key=lambda p: p[0])

for _percent in (1, 10, 50):
    @altered(f"holes: {_percent} % of the packets", r"the capture (lost|lacks|has gaps|misses)")
    def holes(packets, ports, rng, percent=_percent):
        return [p for p in packets if rng.random() >= percent / 100]


@altered("a hole of 1 s", r"the capture (lost|lacks|has gaps|misses)")
def one_hole(packets, ports, rng):
    from_ns = packets[len(packets) // 2][0]
    return [p for p in packets if not from_ns <= p[0] < from_ns + 1000 * MS]


for _n in (64, 120, 300, 400, 430, 500):
    @altered(f"cut after {_n} bytes a packet", r"cuts packets", may_be=REFUSED)
    def snaplen(packets, ports, rng, n=_n):
        return [(t, data[:n], length) for t, data, length in packets]

for _s in (3600, -3600, 0.5, -0.5, 86400 * 30):
    @altered(f"another clock: off by {_s} s", r"clock", may_be=REFUSED)
    def offset(packets, ports, rng, s=_s):
        return [(p[0] + int(s * 1000) * MS, *p[1:]) for p in packets]


@altered("another clock: 200 ppm fast", may_be=ANY)
def drift(packets, ports, rng):
    return [(p[0] + (p[0] - packets[0][0]) // 5000, *p[1:]) for p in packets]


@altered("each packet twice", may_be=ANY)
def doubled(packets, ports, rng):
    return [p for p in packets for _ in range(2)]


@altered("each packet again 1 ms later", may_be=ANY)
def doubled_later(packets, ports, rng):
    return sorted([p for p in packets] + [(p[0] + MS, *p[1:]) for p in packets], key=lambda p: p[0])


@altered("written twice, one behind the other", may_be=ANY)
def written_twice(packets, ports, rng):
    return packets + packets


@altered("the first half of the packets", r"capture (ends|lost|lacks|misses)")
def first_half(packets, ports, rng):
    return packets[:len(packets) // 2]


@altered("the second half of the packets", r"capture (begins|lost|lacks|misses)")
def second_half(packets, ports, rng):
    return packets[len(packets) // 2:]


@altered("no packet", r"capture|no call", may_be=REFUSED)
def empty(packets, ports, rng):
    return []


@bytes_altered("cut in the middle of a packet", r"capture (ends|lost|lacks|misses)|cut|truncated", may_be=REFUSED)
def cut(scene, path):
    os.truncate(path, os.path.getsize(path) * 6 // 10 + 7)


@bytes_altered("overwritten with zeros in the middle", r"capture|not a packet|damaged", may_be=REFUSED)
def zeros(scene, path):
    with open(path, "r+b") as file:
        file.seek(os.path.getsize(path) // 2)
        file.write(bytes(200000))


@bytes_altered("overwritten with noise in the middle", r"capture|not a packet|damaged", may_be=REFUSED)
def noise(scene, path):
    with open(path, "r+b") as file:
        file.seek(os.path.getsize(path) // 2)
        file.write(random.Random(1).randbytes(200000))


@bytes_altered("not a capture", r"not a capture|expected", may_be={"EXIT 2"})
def text(scene, path):
    with open(path, "w", encoding="utf-8") as file:
        file.write("hello\n" * 1000)


@bytes_altered("of another run, with the same plan", r"none of its|another run", may_be=REFUSED)
def other_run(scene, path):
    shutil.copy(os.path.join(scene.base("other"), "capture.pcap"), path)


@bytes_altered("of another run, with another seed", r"none of its|another run", may_be=REFUSED)
def other_seed(scene, path):
    shutil.copy(os.path.join(scene.base("seed"), "capture.pcap"), path)


@bytes_altered("of this run and of another one behind it", may_be=ANY)
def both_runs(scene, path):
    pcaps.write(path, pcaps.read(path) + pcaps.read(os.path.join(scene.base("other"), "capture.pcap")))
