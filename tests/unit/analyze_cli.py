#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""peakrig analyze: ladders, slices and pseudonyms from the command line, against fixtures."""
import csv
import json
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree

PEAKRIG, SOURCE = sys.argv[1:3]
FIXTURES = os.path.join(SOURCE, "tests", "fixtures")
CENTRE = os.path.join(FIXTURES, "embedded_centre.pcap")
TCP = os.path.join(FIXTURES, "layers", "tcp_plain.pcap")


def run(*words, stdin=None, **environment):
    env = {**os.environ, "LC_ALL": "C", "COLUMNS": "120", **environment}
    with open(stdin or os.devnull, "rb") as given:
        done = subprocess.run([PEAKRIG, "analyze", *words], stdin=given, capture_output=True,
                              env=env, timeout=60, check=False)
    done.stdout = done.stdout.decode()
    done.stderr = done.stderr.decode()
    return done


def rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def ok(self, *words, **how):
        done = run(*words, **how)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def calls(self, *words):
        self.ok(*words, "--calls", self.path("calls.csv"))
        return rows(self.path("calls.csv"))


class Warnings(Case):
    def test_one_is_not_many(self):
        part = self.path("part.pcap")
        said = self.ok(CENTRE, "--slice", "call_id=rung-twice", "-o", part)
        self.assertIn(" of 14 calls, ", said)
        done = run(part)
        self.assertIn("\n1 call; 1 circuit in use at the peak; ", done.stdout)
        self.assertNotRegex(done.stdout + done.stderr, r"\b1 (calls|circuits|messages|packets|legs)\b")

    def test_an_order_within_the_quickest_answer(self):
        crossings = os.path.join(FIXTURES, "crossings.pcap")
        hangs = "on the order of messages that are nearer to each other than the quickest answer"
        self.assertNotIn(hangs, run(crossings).stderr)  # one clock has stamped all of it
        counts = json.loads(self.ok(crossings, CENTRE, "--json"))["capture"]
        n = counts["calls_crossed"] - counts["calls_doubtful"]
        self.assertGreater(n, 1)
        self.assertIn(f": {n} further calls hang {hangs}, ", run(crossings, CENTRE).stderr)


class Ladder(Case):
    def test_text_in_the_locale(self):
        plain = self.ok(CENTRE, "--ladder", "hung-up-ringing")
        self.assertTrue(plain.isascii())
        self.assertIn("Call hung-up-ringing\n", plain)
        self.assertRegex(plain, r"\n +6000\.000 .*- BYE -+>\|.*\* end")
        self.assertTrue(plain.endswith("=== lost_agent: caller BYE, 6.000 s after the INVITE\n"))
        for how in ({"LC_ALL": "de_DE.UTF-8"}, {"LC_ALL": "", "LC_CTYPE": "C.utf8"}):
            self.assertIn("▶│", self.ok(CENTRE, "--ladder", "hung-up-ringing", **how))
        # what is set first counts
        self.assertTrue(self.ok(CENTRE, "--ladder", "refused", LC_ALL="", LC_CTYPE="C",
                                LANG="C.UTF-8").isascii())

    def test_several_in_the_order_of_their_invites(self):
        text = self.ok(CENTRE, "--ladder", "served-agent", "--ladder", "refused")
        self.assertEqual(re.findall("^Call (.*)$", text, re.M), ["refused", "served-agent"])

    def test_an_agents_call_id_gives_its_call(self):
        with open(CENTRE, "rb") as file:
            data = file.read().decode("latin-1")
        agents = [head for head in data.split("INVITE sip:")
                  if "X-Caller-Call-ID: rung-twice" in head]
        call_id = re.search(r"\r\nCall-ID: *(\S+)", agents[0])[1]
        self.assertNotEqual(call_id, "rung-twice")
        self.assertIn("Call rung-twice\n", self.ok(CENTRE, "--ladder", call_id))

    def test_standard_input(self):
        self.assertEqual(self.ok("-", "--ladder", "refused", stdin=CENTRE),
                         self.ok(CENTRE, "--ladder", "refused"))

    def test_svg(self):
        svg = self.path("a.svg")
        self.assertEqual(self.ok(CENTRE, "--ladder", "refused", "--svg", svg), svg + "\n")
        root = xml.etree.ElementTree.parse(svg).getroot()
        self.assertEqual(root.get("width"), "1280")
        self.assertIn("lost_trunk: 503 Q.850;cause=34", "".join(root.itertext()))
        done = run(CENTRE, "--ladder", "refused", "--svg", self.path("no/folder.svg"))
        self.assertEqual(done.returncode, 5)
        self.assertIn("no/folder.svg", done.stderr)

    def test_rules_of_a_file(self):
        rules = self.path("none.cfg")
        with open(rules, "w") as file:
            file.write('format = "peakrig rules 1"; marks = (); joins = ();\n')
        self.assertIn("* queue", self.ok(CENTRE, "--ladder", "gave-up"))
        self.assertNotIn("* queue", self.ok(CENTRE, "--ladder", "gave-up", "--rules", rules))


class Slice(Case):
    def same_rows(self, capture, *slices):
        part = self.path("part.pcap")
        said = self.ok(capture, *[w for s in slices for w in ("--slice", s)], "-o", part)
        got = self.calls(part)
        whole = {row["call_id"]: row for row in self.calls(capture)}
        for row in got:
            self.assertEqual(row, whole[row["call_id"]])
        return [row["call_id"] for row in got], said

    def test_rows_stay_the_same(self):
        got, said = self.same_rows(CENTRE, "outcome=lost_queue")
        self.assertEqual(got, ["gave-up", "queue-full", "queue-timeout", "left-after-ring-timeout"])
        self.assertIn("part.pcap: 4 of 14 calls, 5 legs, ", said)

    def test_terms_and_conditions(self):
        for terms, expected in (
                (["reason=queue FULL", "call_id=refused"], ["refused", "queue-full"]),
                (["caller=1011"], ["rung-twice"]),
                (["caller=10*,outcome=served,from=8,to=12"], ["served-agent", "rung-twice"]),
                (["planned_index=1..2,answered=no"], ["no-port"]),
                (["code=500..599"], ["refused"])):
            self.assertEqual(self.same_rows(CENTRE, *terms)[0], expected, terms)

    def test_a_call_that_is_not_over(self):
        got, said = self.same_rows(CENTRE, "outcome=in_progress")
        self.assertEqual(got, ["still-talking"])
        self.assertIn("the last packet is empty", said)

    def test_marks_of_other_calls(self):
        got, said = self.same_rows(CENTRE, "call_id=menu-only")
        self.assertEqual(got, ["menu-only"])  # self_served only where the queue is marked
        self.assertIn("1 of the packets is of another call", said)

    def test_tcp(self):
        got, said = self.same_rows(TCP, "call_id=gave-up")
        self.assertEqual(got, ["gave-up"])
        self.assertIn("TCP segments between theirs, cut to their headers", said)
        with open(self.path("part.pcap"), "rb") as file:
            data = file.read()
        self.assertIn(b"gave-up", data)
        self.assertNotIn(b"menu-only", data)

    def test_nothing_chosen(self):
        got, said = self.same_rows(CENTRE, "outcome=deflected")
        self.assertEqual(got, [])
        self.assertIn("0 of 14 calls, 0 legs, 0 packets", said)

    def test_standard_input(self):
        for name, words in (("a", ["-"]), ("b", [CENTRE])):
            self.ok(*words, "--slice", "outcome=served", "-o", self.path(name),
                    stdin=CENTRE if name == "a" else None)
        with open(self.path("a"), "rb") as a, open(self.path("b"), "rb") as b:
            self.assertEqual(a.read(), b.read())

    def test_an_input_is_not_written_over(self):
        copy = self.path("copy.pcap")
        with open(CENTRE, "rb") as file, open(copy, "wb") as to:
            to.write(file.read())
        done = run(copy, "--slice", "code=503", "-o", copy)
        self.assertEqual(done.returncode, 2)
        self.assertIn("which is read; expected another file", done.stderr)
        self.assertEqual(os.path.getsize(copy), os.path.getsize(CENTRE))


class Options(Case):
    """Whatever reads the captures reads them by the options that were given."""
    WIDE = ["--reorder-window-ms", "20000", "--quiet"]

    def behind(self):
        """A capture whose INVITE of "gave-up" is written 8 s behind its time."""
        with open(CENTRE, "rb") as file:
            head, rest = file.read(24), file.read()
        packets, late = [], []
        while rest:
            seconds, part, n = struct.unpack("<III", rest[:12])
            packet, rest = rest[:16 + n], rest[16 + n:]
            is_it = packet.find(b"INVITE ") == 16 + 42 and b"Call-ID: gave-up\r" in packet
            (late if is_it else packets).append((seconds + part / 1e9, packet))
        self.assertTrue(late)
        packets += [(t + 8.0, packet) for t, packet in late]
        with open(self.path("behind.pcap"), "wb") as file:
            file.write(head + b"".join(p for _, p in sorted(packets, key=lambda x: x[0])))
        return self.path("behind.pcap")

    def test_the_order(self):
        behind, part = self.behind(), self.path("part.pcap")
        for words in (["--why", "gave-up"], ["--ladder", "gave-up"],
                      ["--slice", "call_id=gave-up", "-o", part],
                      ["--where", "call_id=gave-up", "-o", part],
                      ["--where", "call_id=gave-up", "--jsonl", "-"],
                      ["--where", "call_id=gave-up", "--by", "outcome"]):
            self.assertRegex(self.ok(behind, *self.WIDE, *words),
                             r"\bINVITE\b|1 of 14 calls|lost_queue|\n1 call;")
            self.assertNotIn("time went back", run(behind, *self.WIDE, *words).stderr)
            self.assertIn("time went back", run(behind, *words).stderr, words)

    def test_a_number_of_packets(self):
        few = ["--reorder-packets", "2", *self.WIDE]
        for words in (["--why", "*"], ["--ladder", "*"], ["--where", "code>0", "-o",
                                                          self.path("x.pcap")]):
            self.assertIn("more packets were waiting than may", run(self.behind(), *few,
                                                                    *words).stderr)

    def test_the_legs_that_are_followed(self):
        for words in ([], ["--json"], ["--why", "*"], ["--ladder", "*"],
                      ["--where", "code>=0 or code=none", "-o", self.path("x.pcap")]):
            done = run(CENTRE, "--max-legs", "2", *words)
            self.assertEqual(done.returncode, 3, words)
            self.assertIn("inconclusive: more than 2 legs were open", done.stderr)
            self.assertEqual(run(CENTRE, *words).returncode, 0)

    def test_what_is_still_written(self):
        for words in (["--ladder", "gave-up"], ["--slice", "code=0", "-o", self.path("x.pcap")]):
            done = run(CENTRE, "--follow", *words)
            self.assertEqual(done.returncode, 2)
            self.assertIn("--follow with --ladder or --slice, which read", done.stderr)
        with subprocess.Popen([PEAKRIG, "analyze", CENTRE, "--follow", "--why", "gave-up"],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            with self.assertRaises(subprocess.TimeoutExpired):
                process.wait(timeout=1)  # it waits for more
            process.send_signal(signal.SIGINT)
            self.assertIn(b"lost_queue", process.communicate(timeout=30)[0])
        self.assertEqual(process.returncode, 0)


class Mask(Case):
    def test_calls_csv(self):
        plain = self.calls(CENTRE)
        masked = self.calls(CENTRE, "--mask-key", "a key to share")
        again = self.calls(CENTRE, "--mask", "--mask-key", "a key to share")
        other = self.calls(CENTRE, "--mask")
        self.assertEqual(masked, again)
        ids = [[row["call_id"] for row in rows_] for rows_ in (plain, masked, other)]
        self.assertEqual(len(set(ids[0] + ids[1] + ids[2])), 3 * len(plain))
        for row in plain + masked + other:
            row.pop("call_id")
        self.assertEqual(plain, masked)
        self.assertEqual(plain, other)
        with open(self.path("calls.csv")) as file:
            self.assertIn("# masked: Call-IDs and reasons\n", file.read())

    def test_one_key_joins_csv_and_ladder(self):
        key = ["--mask-key", "a key to share"]
        index = [row["call_id"] for row in self.calls(CENTRE)].index("served-agent")
        masked = self.calls(CENTRE, *key)[index]["call_id"]
        text = self.ok(CENTRE, "--ladder", "served-agent", *key)
        self.assertIn(f"Call {masked}\n", text)
        svg = self.path("a.svg")
        self.ok(CENTRE, "--ladder", "served-agent", "--svg", svg, *key)
        with open(svg) as file:
            drawn = file.read()
        self.assertIn(masked, drawn)
        for secret in ("served-agent", "192.0.2.10", "198.51.100", "caller 1009"):
            self.assertNotIn(secret, text)
            self.assertNotIn(secret, drawn)

    def test_json_holds_nothing_to_mask(self):
        plain = self.ok(CENTRE, "--json")
        self.assertEqual(plain, self.ok(CENTRE, "--json", "--mask"))
        for secret in ("served-agent", "192.0.2.", "198.51.100."):
            self.assertNotIn(secret, plain)


class Figures(Case):
    REGISTERS = os.path.join(FIXTURES, "registrations.pcap")

    def test_registrations(self):
        text = self.ok(self.REGISTERS)
        self.assertIn("17 REGISTERs: 6 registered, 3 failed, 1 timed out, 1 left at a challenge, "
                      "1 not over at the end of the capture\n", text)
        self.assertIn("IRA 36.36 % of 11 attempts\n", text)
        self.assertRegex(text, r"RRD +mean 0.16, .*max 0.72 s \(6\)\n")
        told = json.loads(self.ok(self.REGISTERS, "--json"))["registrations"]
        self.assertAlmostEqual(told["ira"], 4 / 11)
        self.assertAlmostEqual(told["rrd"]["mean_s"], 0.16)
        self.assertEqual({code["code"]: code["n"] for code in told["codes"]},
                         {None: 1, 200: 6, 401: 1, 403: 1, 423: 1, 503: 1})
        self.assertEqual([told[key] for key in ("attempts", "requests", "registered", "failed",
                                                "timed_out", "challenged", "replaced",
                                                "in_progress")], [11, 17, 6, 3, 1, 1, 0, 1])

    def test_an_interrupt_ends_the_writer_alone(self):
        with subprocess.Popen([PEAKRIG, "analyze", "-"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as done:
            def catches_sigint():
                with open(f"/proc/{done.pid}/status") as file:
                    return int(re.search(r"SigCgt:\s*(\w+)", file.read())[1], 16) >> 1 & 1
            deadline = time.monotonic() + 30
            while not catches_sigint() and time.monotonic() < deadline:
                time.sleep(0.01)
            self.assertTrue(catches_sigint())
            done.send_signal(signal.SIGINT)
            with open(CENTRE, "rb") as file:
                out, _ = done.communicate(file.read(), timeout=60)
        self.assertEqual(done.returncode, 0)
        self.assertIn(b"14 calls;", out)

    def test_no_registrations(self):
        text = self.ok(CENTRE)
        for word in ("REGISTER", "IRA", "RRD"):
            self.assertNotIn(word, text)
        self.assertIsNone(json.loads(self.ok(CENTRE, "--json"))["registrations"])

    def test_codes_and_causes(self):
        text = self.ok(CENTRE)
        self.assertIn("final responses: 200 (12), 487 (1), 503 (1)\n", text)
        self.assertIn("Q.850 causes: 16 (1), 34 (1), 41 (1), 42 (1), 102 (1), none (9)\n", text)

    def test_over_time(self):
        told = json.loads(self.ok(CENTRE, "--json"))
        lines = self.ok(CENTRE).split("served\n")[-1].splitlines()[1:]
        cells = [[int(cell) for cell in line.split("|")] for line in lines]
        self.assertEqual(cells[0][0], 0)  # seconds: from the first second that has a call
        for column, stage in enumerate(told["stages"], 2):
            self.assertEqual(sum(row[column] for row in cells), stage["lost"])
        self.assertEqual(sum(row[1] for row in cells), told["calls"])
        self.assertLessEqual(len(cells), 12)

    def test_over_more_time_than_there_are_seconds(self):
        """Intervals of 16 s, which need not begin with the capture: its first row is told from 0."""
        with open(CENTRE, "rb") as file:
            header, body = file.read(24), file.read()
        self.assertEqual(header[:4], struct.pack("<I", 0xa1b23c4d))
        with open(self.path("long.pcap"), "wb") as file:
            file.write(header)
            for later_s in (0, 5000, 10001):
                at = 0
                while at < len(body):
                    t_s, t_ns, n, n_wire = struct.unpack_from("<4I", body, at)
                    file.write(struct.pack("<4I", t_s + later_s, t_ns, n, n_wire) + body[at + 16:at + 16 + n])
                    at += 16 + n
        lines = self.ok(self.path("long.pcap")).split("served\n")[-1].splitlines()[1:]
        begins = [int(line.split("|")[0]) for line in lines]
        self.assertEqual(begins[0], 0)
        self.assertEqual(begins, sorted(set(begins)))

    def test_limits_are_told(self):
        for name, key, says in (
                ("nested_too_deep", "frames_too_nested", "1 frame has more headers"),
                ("tcp_long_message", "limit_message", "1 message of a stream is longer")):
            done = run(os.path.join(FIXTURES, "layers", name + ".pcap"), "--json")
            self.assertIn(says, done.stderr)
            self.assertEqual(json.loads(done.stdout)["capture"][key], 1)

    def test_warnings_of_several_files(self):
        names = [os.path.join(FIXTURES, name + ".pcap") for name in ("plain_pbx", "snaplen_cut")]
        done = run(*names)
        self.assertIn(f"{names[0]} and 1 more: 2 messages are cut", done.stderr)


class Report(Case):
    def page(self, *words):
        done = subprocess.run([PEAKRIG, "report", self.folder.name, *words], capture_output=True,
                              timeout=120, check=False)
        self.assertIn(done.returncode, (0, 5), done.stderr)  # 5: no gnuplot; the page is there
        with open(self.path("report.html"), encoding="utf-8") as file:
            return file.read()

    def test_the_centre_is_masked_by_default(self):
        shutil.copy(os.path.join(SOURCE, "scenarios", "tv-peak-785.cfg"),
                    self.path("scenario.cfg"))
        with open(os.path.join(FIXTURES, "results", "fail_trunk.json")) as file:
            result = json.load(file)
        result["run"]["target"] = "192.0.2.9:5060"
        result["calls"]["reasons"][0]["reason"] = "486 (+493012345678)"
        with open(self.path("result.json"), "w") as file:
            json.dump(result, file)
        page = self.page()
        self.assertNotIn("192.0.2.9", page)
        self.assertNotIn("493012345678", page)
        self.assertIn(":5060 (pseudonym)", page)
        page = self.page("--no-mask")
        self.assertIn("192.0.2.9:5060", page)
        self.assertIn("486 (+493012345678)", page)


class Mistakes(Case):
    def test_messages(self):
        out = self.path("part.pcap")
        for words, says in (
                (["--ladder", "refused", "--slice", "code=0", "-o", out], "one of the two"),
                (["--svg", "a.svg"], "expected --ladder CALL-ID with it"),
                (["-o", out], "expected --slice KEY=VALUE with it"),
                (["--slice", "code=0"], "expected -o FILE with it"),
                (["--slice", "code=0", "-o", out, "--mask"], "packets are written as they were"),
                (["--slice", "code=0", "-o", out, "--mask-key", "a key to share"],
                 "packets are written as they were"),
                (["--explain", "refused", "--mask"], "explanations quote Call-IDs"),
                (["--ladder", "refused", "--json"], "expected no --calls, --json"),
                (["--slice", "code=0", "-o", out, "--calls", "x.csv"], "expected no --calls"),
                (["--slice", "colour=red", "-o", out], "\"colour=red\"; expected KEY=VALUE"),
                (["--slice", "outcome=lost", "-o", out], "outcome: \"lost\"; expected lost_trunk"),
                (["--ladder", "nobody"], "\"nobody\": no message has this Call-ID"),
                (["--mask-key", "short"], "5 characters; expected 8 or more")):
            done = run(CENTRE, *words)
            self.assertEqual(done.returncode, 2, words)
            self.assertIn(says, done.stderr)
            self.assertFalse(os.path.exists(out))

    def test_a_call_id_of_no_call(self):
        orphans = os.path.join(FIXTURES, "orphans.pcap")
        with open(orphans, "rb") as file:
            ids = set(re.findall(rb"\r\n(?:Call-ID|i): *(\S+)", file.read()))
        known = {row["call_id"] for row in self.calls(orphans)}
        stray = sorted(ids - {name.encode() for name in known})[0].decode()
        done = run(orphans, "--ladder", stray)
        self.assertEqual(done.returncode, 2)
        self.assertIn(f"\"{stray}\": this Call-ID belongs to no call", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
