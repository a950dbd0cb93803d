# SPDX-License-Identifier: GPL-3.0-or-later
"""What a network, or this host's own part of it, does to packets."""
import os
import random
import socket
import struct
import subprocess
import time

from chaos_runs.fault import NOTHING_SAID, PASSES, WELL, fault
from chaos_runs.scene import sh
from free_port import free_port
from relays import UdpRelay

OWN = r"phones|callers|SIPp|network|our|this host"


# ---- this host: behind the capture (a firewall of it, what they are sent), before it (what they send) ----

def firewall(scene, role, share, for_s=None):
    """What comes for them is lost where the capture has seen it and they do not."""
    ports = scene.ports()
    rules = [["INPUT", "-p", "udp", "--dport", str(ports[who]), *share, "-j", "DROP"]
             for who in ("callers", "agents") if role in (who, "both")]
    for rule in rules:
        sh("iptables", "-A", *rule)
    if for_s is not None:
        time.sleep(for_s)
        for rule in rules:
            sh("iptables", "-D", *rule)


for _role in ("callers", "agents", "both"):
    for _for_s in (1, 3):
        @fault(f"dropped for {_for_s} s: what they are sent, {_role}", "network", OWN)
        def dropped_in(scene, role=_role, for_s=_for_s):
            scene.start()
            scene.wait_for_calls()
            firewall(scene, role, [], for_s)
            scene.finish()

        @fault(f"dropped for {_for_s} s: what they send, {_role}", "network", OWN)
        def dropped_out(scene, role=_role, for_s=_for_s):
            scene.wrap_sipp(role, **{"OUT": 1, "FROM_S": 2, "FOR_S": for_s})
            scene.run()

    @fault(f"5 % loss: what they are sent, {_role}", "network", OWN)
    def lossy_in(scene, role=_role):
        scene.start()
        scene.wait_for_calls()
        firewall(scene, role, ["-m", "statistic", "--mode", "random", "--probability", "0.05"])
        scene.finish()

    @fault(f"5 % loss: what they send, {_role}", "network", OWN)
    def lossy_out(scene, role=_role):
        scene.wrap_sipp(role, OUT=0.05)
        scene.run()

    @fault(f"delay and jitter of 50 ms: {_role}", "network", may_be=NOTHING_SAID | PASSES, names_lateness=True)
    def jitter(scene, role=_role):
        scene.wrap_sipp(role, JITTER_MS=1, DELAY_MS=0)
        scene.run()


# ---- the network between ----

class Between:
    """A relay between peakrig's callers and a centre, and between the centre and the phones."""

    def __init__(self, scene, share=0.0, window=None):
        self.rng, self.share, self.window = random.Random(5), share, window
        self.began = None
        port = free_port()
        phones = UdpRelay(("127.0.0.1", port), self.change)
        self.relay = UdpRelay(scene.start_target(phones.port), self.change)
        for relay in (phones, self.relay):
            scene.cleanups.append(relay.close)
        scene.at(("127.0.0.1", self.relay.port), port)

    def change(self, data, _):
        if self.began is None and data.startswith(b"INVITE "):
            self.began = time.monotonic()
        if self.window and self.began is None:
            return data
        if self.window and not self.window[0] <= time.monotonic() - self.began < self.window[1]:
            return data
        return None if self.rng.random() < self.share else data


@fault("relay that does nothing", "network", may_be=WELL)
def honest_relay(scene):
    Between(scene)
    scene.run()


for _share in (0.01, 0.05, 0.2):
    @fault(f"{_share:.0%} loss on the way", "network", r"network|lost on the way")
    def loss(scene, share=_share):
        Between(scene, share)
        scene.run()

for _for_s in (0.3, 1, 3):
    @fault(f"nothing passes for {_for_s} s", "network", r"network|nothing|way", may_be=NOTHING_SAID)
    def outage(scene, for_s=_for_s):
        Between(scene, 1.0, (2, 2 + for_s))
        scene.run()

    @fault(f"nothing passes for {_for_s} s, from the first call on", "network", r"network|nothing|way")
    def outage_at_first(scene, for_s=_for_s):
        Between(scene, 1.0, (0, for_s))
        scene.run()

    @fault(f"lo: nothing is sent for {_for_s} s", "network", OWN, may_be=NOTHING_SAID)
    def blackhole(scene, for_s=_for_s):
        scene.start()
        scene.wait_for_calls()
        sh("tc", "qdisc", "add", "dev", "lo", "root", "blackhole")
        time.sleep(for_s)
        sh("tc", "qdisc", "del", "dev", "lo", "root")
        scene.finish()


# ---- the centre on a host of its own, behind a pair of interfaces ----

class Apart:
    """A centre in a network namespace of its own."""
    OURS, THEIRS = "192.0.2.1", "192.0.2.2"

    def __init__(self, scene):
        self.scene = scene
        self.there = subprocess.Popen(["unshare", "--net", "sleep", "600"])
        scene.cleanups.append(self.there.kill)
        until = time.monotonic() + 10
        while os.readlink(f"/proc/{self.there.pid}/ns/net") == os.readlink("/proc/self/ns/net"):
            if time.monotonic() > until:
                raise RuntimeError("no namespace for the centre")
            time.sleep(0.02)
        sh("ip", "link", "add", "ours", "type", "veth", "peer", "name", "theirs", "netns", str(self.there.pid))
        sh("ip", "address", "add", self.OURS + "/24", "dev", "ours")
        sh("ip", "link", "set", "ours", "up")
        self.sh_there("ip", "address", "add", self.THEIRS + "/24", "dev", "theirs")
        self.sh_there("ip", "link", "set", "theirs", "up")
        self.sh_there("ip", "link", "set", "lo", "up")
        port = free_port()
        address = scene.start_target(port, "--host", self.THEIRS, "--allow", self.OURS, agents_host=self.OURS,
                                     before=self.there_words())
        scene.at(address, port, self.OURS)
        scene.words += ["--allow", self.THEIRS, "--allow-dial", "785"]

    def there_words(self):
        return ["nsenter", "--target", str(self.there.pid), "--net", "--"]

    def sh_there(self, *words):
        sh(*self.there_words(), *words)

    def drop(self, side, direction, share):
        """Of the UDP packets. Those that leave are dropped before a capture of that host sees them, those that come
        in behind it; the sender is told nothing."""
        #            IPv4? UDP?                              a random word below the share: drop (2), else pass (0)
        program = ["40 0 0 12", "21 0 5 2048", "48 0 0 23", "21 0 3 17", f"32 0 0 {0xFFFFF000 + 56}",
                   f"53 1 0 {int(share * 2**32)}", "6 0 0 2", "6 0 0 0"]
        run = sh if side == "ours" else self.sh_there
        run("tc", "qdisc", "add", "dev", side, "clsact")
        run("tc", "filter", "add", "dev", side, direction, "bpf", "da", "bytecode",
            ",".join([str(len(program)), *program]))


@fault("the centre on a host of its own", "network", may_be=WELL)
def apart(scene):
    Apart(scene)
    scene.run()


# Whose side loses packets is told: what is sent and not on our wire, what is on it and does not come to us, what is
# on it and does not come to the centre.
for _where, _side, _direction, _names in (
        ("leaves us, before the wire", "ours", "egress", r"SIPp and the capture do not agree|this host"),
        ("comes to us, behind the wire", "ours", "ingress", r"this host|between the capture and our"),
        ("comes to the centre's host", "theirs", "ingress", r"lost on the way|the network between")):
    for _share in (0.01, 0.05, 0.2):
        @fault(f"{_share:.0%} loss of what {_where}", "network", _names)
        def lossy_host(scene, side=_side, direction=_direction, share=_share):
            there = Apart(scene)
            scene.start()
            scene.wait_for_calls()
            there.drop(side, direction, share)
            scene.finish()


def throttle(kbit, burst_kb, latency_ms):
    sh("tc", "qdisc", "add", "dev", "lo", "root", "tbf", "rate", f"{kbit}kbit", "burst", f"{burst_kb}kb",
       "latency", f"{latency_ms}ms")


@fault("throttled: tbf 1500 kbit", "network", OWN, names_lateness=True)
def throttled(scene):
    scene.start()
    scene.wait_for_calls(5)
    throttle(1500, 10, 2000)
    scene.finish()


@fault("throttled from the beginning: tbf 1500 kbit", "network", OWN, names_lateness=True)
def throttled_early(scene):
    throttle(1500, 10, 2000)
    scene.run()


@fault("throttled: tbf 300 kbit", "network", OWN, names_lateness=True)
def throttled_hard(scene):
    scene.start()
    scene.wait_for_calls(5)
    throttle(300, 5, 500)
    scene.finish()


for _role in ("agents", "callers"):
    @fault(f"unreachable for 2 s: {_role}' port", "network", OWN)
    def unreachable(scene, role=_role):
        scene.start()
        scene.wait_for_calls()
        rule = ["ipproto", "udp", "dport", str(scene.ports()[role]), "prohibit", "prio", "0"]
        # the table of local addresses comes first otherwise
        sh("ip", "rule", "add", "prio", "5", "lookup", "local")
        sh("ip", "rule", "add", *rule[:-2], "prio", "1")
        sh("ip", "rule", "del", "prio", "0", "lookup", "local")
        time.sleep(2)
        sh("ip", "rule", "del", "prio", "1")
        scene.finish()


@fault("ICMP port unreachable, forged, to all", "network", may_be=PASSES | NOTHING_SAID)
def icmp(scene):
    scene.start()
    scene.wait_for_calls()
    ports = scene.ports()
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    until = time.monotonic() + 2
    while time.monotonic() < until:
        for a in ports.values():
            for b in ports.values():
                quoted = struct.pack(">BBHHHBBH4s4sHHHH", 0x45, 0, 28, 1, 0, 64, 17, 0, bytes([127, 0, 0, 1]),
                                     bytes([127, 0, 0, 1]), a, b, 8, 0)
                head = struct.pack(">BBHI", 3, 3, 0, 0)
                total = sum(struct.unpack(">18H", head + quoted))
                total = (total & 0xFFFF) + (total >> 16)
                raw.sendto(struct.pack(">BBHI", 3, 3, ~(total + (total >> 16)) & 0xFFFF, 0) + quoted,
                           ("127.0.0.1", 0))
        time.sleep(0.02)
    scene.finish()


@fault("a processor that is busy with others", "network", may_be=NOTHING_SAID | PASSES, names_lateness=True)
def busy(scene):
    hogs = [subprocess.Popen(["sh", "-c", "while :; do :; done"]) for _ in range(8)]
    scene.cleanups += [hog.kill for hog in hogs]
    scene.run()
