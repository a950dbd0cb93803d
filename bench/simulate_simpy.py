#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The small model of bench/simulate on SimPy 3: trunk, IVR, queue with abandonment, agents.

Reads one JSON object from standard input (rate_per_s, duration_s, circuits, ports, agents, and the
means of the exponential times menu_s, talk_s, patience_answer_s, patience_queue_s; n_runs, seed)
and prints one: calls, seconds (processor time of the runs), and for each run the losses per offered call.
"""
import json
import random
import sys
import time

import simpy


class Centre:
    def __init__(self, how, rng):
        self.how = how
        self.rng = rng
        self.env = simpy.Environment()
        self.ports = simpy.Resource(self.env, how["ports"])
        self.agents = simpy.Resource(self.env, how["agents"])
        self.in_use = 0
        self.offered = 0
        self.lost = {"trunk": 0, "ivr": 0, "queue": 0}

    def draw(self, name):
        return self.rng.expovariate(1.0 / self.how[name])

    def callers(self):
        while True:
            yield self.env.timeout(self.rng.expovariate(self.how["rate_per_s"]))
            if self.env.now >= self.how["duration_s"]:
                return
            self.offered += 1
            if self.in_use == self.how["circuits"]:
                self.lost["trunk"] += 1
                continue
            self.in_use += 1
            self.env.process(self.call())

    def call(self):
        with self.ports.request() as port:
            yield port | self.env.timeout(self.draw("patience_answer_s"))
            if not port.triggered:
                self.lost["ivr"] += 1
                self.in_use -= 1
                return
            yield self.env.timeout(self.draw("menu_s"))
        with self.agents.request() as agent:
            yield agent | self.env.timeout(self.draw("patience_queue_s"))
            if not agent.triggered:
                self.lost["queue"] += 1
                self.in_use -= 1
                return
            yield self.env.timeout(self.draw("talk_s"))
        self.in_use -= 1


def main():
    how = json.load(sys.stdin)
    rng = random.Random(how["seed"])
    losses = {"trunk": [], "ivr": [], "queue": []}
    calls = 0
    start = time.process_time()
    for _ in range(how["n_runs"]):
        centre = Centre(how, rng)
        centre.env.process(centre.callers())
        centre.env.run()
        calls += centre.offered
        for stage, values in losses.items():
            values.append(centre.lost[stage] / centre.offered)
    seconds = time.process_time() - start
    print(json.dumps({"calls": calls, "seconds": seconds, "losses": losses,
                      "simpy": getattr(simpy, "__version__", "3")}))


main()
