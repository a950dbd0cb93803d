#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`peakrig recipe`: each exchange, from plain and from full scenarios. The files are read by small parsers of
their formats, written after the formats' documents; Kamailio reads its own. Asterisk, FreeSWITCH and OpenSIPS are
run where PEAKRIG_ASTERISK, PEAKRIG_FREESWITCH or PEAKRIG_OPENSIPS name a program.

Usage: recipes_cli.py PEAKRIG SOURCE_DIR
"""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree as ElementTree

PEAKRIG = None
SOURCE = None
PROXIES = ("kamailio", "opensips")
KINDS = ("asterisk", "freeswitch") + PROXIES

PLAIN = """
name = "plain";
traffic: { duration_s = 60.0; rate = ( { at_s = 0.0; per_min = 30.0; } ); };
callers: {
    dial = "4930785"; first_number = "4989100000000"; patience_answer = 60.0;
    patience_queue = 90.0; talk = 120.0;
};
trunks = ( { name = "A"; circuits = 60; } );
ivr: { menu = 8.5; };
queue: { capacity = 12; timeout_s = 95.0; };
agents = ( { count = 7; ring = 4.0; ring_timeout_s = 20.0; wrap_up = 10.0; } );
target: { host = "127.0.0.1"; port = 5077; agents_listen = "127.0.0.1:5088"; marks = "quiet"; };
"""


def read_ini(text):
    """Sections of an Asterisk file: [(name, templates, [(key, value)])]; asks for its whole grammar."""
    sections, names = [], set()
    for number, line in enumerate(text.splitlines(), 1):
        line = re.sub(r"(?<!\\);.*$", "", line).strip()  # main/config.c: a ';' without '\' begins a comment
        if not line:
            continue
        head = re.fullmatch(r"\[([^\]]+)\](?:\(([^)]*)\))?", line)
        if head:
            templates = head[2].split(",") if head[2] else []
            for template in templates:
                assert template == "!" or template in names, f"line {number}: no template {template}"
            sections.append((head[1], templates, []))
            names.add(head[1])
            continue
        pair = re.fullmatch(r"([A-Za-z0-9_.-]+) *=>? *(.*)", line)
        assert pair, f"line {number}: neither section nor KEY=VALUE: {line}"
        assert sections, f"line {number}: before any section"
        sections[-1][2].append((pair[1], pair[2].replace("\\;", ";")))
    return sections


def read_dialplan(text):
    """Contexts of extensions.conf: {context: {extension: [(label, application, arguments)]}}."""
    contexts, extension = {}, None
    for name, _, pairs in read_ini(text):
        steps = contexts.setdefault(name, {})
        for key, value in pairs:
            if name == "general":
                continue
            if key == "exten":
                extension, priority, what = value.split(",", 2)
                assert priority == "1", value
                steps[extension] = []
            else:
                assert key == "same", key
                priority, what = value.split(",", 1)
            label = re.fullmatch(r"(?:n|1)(?:\((\w+)\))?", priority)
            assert label, f"priority {priority}"
            call = re.fullmatch(r"(\w+)\((.*)\)", what)
            assert call, f"no application: {what}"
            for opening, closing in ("()", "[]", "{}"):
                assert call[2].count(opening) == call[2].count(closing), what
            steps[extension].append((label[1], call[1], call[2]))
    return contexts


def check_dialplan(contexts):
    """Every jump leads to a label or a context that exists; what is locked is unlocked on each way on."""
    for context, extensions in contexts.items():
        for extension, steps in extensions.items():
            labels = {label for label, _, _ in steps if label} | {f"{other},1" for other in extensions}
            for _, application, arguments in steps:
                jumps = []
                if application == "Goto":
                    jumps = [arguments]
                elif application == "GotoIf":
                    jumps = [arguments.rsplit("?", 1)[1]]
                for jump in jumps:
                    if "${" in jump:
                        prefix = jump[:jump.index("${")]
                        assert any(label.startswith(prefix) for label in labels), (context, jump)
                    else:
                        assert jump in labels, (context, extension, jump)
                if application in ("Gosub", "GosubIf"):
                    assert arguments.rsplit("?", 1)[-1].split(",")[0] in contexts, arguments
            assert steps[-1][1] in ("Hangup", "Return", "Goto"), (context, extension, steps[-1])


def check_script(text):
    """Kamailio's and OpenSIPS' scripts: strings end, braces match, statements end."""
    bare = re.sub(r'"(?:\\.|[^"\\\n])*"', '""', text)
    bare = re.sub(r"#.*", "", bare)
    assert '"' not in bare.replace('""', ""), "a string does not end"
    depth = 0
    for number, line in enumerate(bare.splitlines(), 1):
        depth += line.count("{") - line.count("}")
        assert depth >= 0, f"line {number}: a brace too many"
        if depth > 0 and line.strip():
            assert line.rstrip()[-1] in ";{}:)" or line.strip().startswith("case"), f"line {number}: {line}"
    assert depth == 0, "a brace is missing"


class Recipes(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="peakrig-recipes-")
        self.addCleanup(shutil.rmtree, self.folder)

    def at(self, *names):
        return os.path.join(self.folder, *names)

    def read(self, *names):
        with open(self.at(*names)) as file:
            return file.read()

    def scenario(self, text=PLAIN, name="scenario.cfg"):
        with open(self.at(name), "w") as file:
            file.write(text)
        return self.at(name)

    def recipe(self, kind, scenario, out="out", *more, code=0):
        words = [PEAKRIG, "recipe", kind, scenario, "-o", self.at(out), *more]
        if kind in PROXIES and "--next" not in more and "without next" not in more:
            words += ["--next", "127.0.0.1:5070"]
        done = subprocess.run([word for word in words if word != "without next"], capture_output=True, text=True,
                              timeout=120)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout if code == 0 else done.stderr

    def check_syntax(self, kind, out="out"):
        if kind == "asterisk":
            for name in os.listdir(self.at(out)):
                if name.endswith(".conf") and name != "extensions.conf":
                    read_ini(self.read(out, name))
            contexts = read_dialplan(self.read(out, "extensions.conf"))
            check_dialplan(contexts)
            return contexts
        if kind == "freeswitch":
            return ElementTree.fromstring(self.read(out, "freeswitch.xml"))
        check_script(self.read(out, f"{kind}.cfg"))
        if kind == "kamailio":
            done = subprocess.run(["kamailio", "-M", "64", "-c", "-f", self.at(out, "kamailio.cfg")],
                                  capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 0, done.stderr[-3000:])
            self.assertNotRegex(done.stderr, r"ERROR|CRITICAL")
        return None

    def check_readme(self, out="out"):
        """Each row names a line that is there."""
        rows = re.findall(r"^\| `([^`]+)` \| (\S+):(\d+) \| `(.*)` \|$", self.read(out, "README.md"), re.M)
        self.assertGreater(len(rows), 3)
        for key, name, line, text in rows:
            found = self.read(out, name).splitlines()[int(line) - 1].strip()
            self.assertEqual(re.sub(r"[|`]", "!", found).replace("--", "-="), text.replace("--", "-="), (key, name))
        return {row[0] for row in rows}

    def test_ready_made_scenarios(self):
        folder = os.path.join(SOURCE, "scenarios")
        for name in sorted(name for name in os.listdir(folder) if name.endswith(".cfg")):
            for kind in KINDS[:3]:  # OpenSIPS' file is made as Kamailio's
                with self.subTest(name=name, kind=kind):
                    out = f"{name}-{kind}"
                    self.recipe(kind, os.path.join(folder, name), out)
                    self.check_syntax(kind, out)
                    self.check_readme(out)
                    done = subprocess.run([PEAKRIG, "schedule", self.at(out, "scenario.cfg"), "-o", self.at("s.csv")],
                                          capture_output=True, text=True, timeout=60)
                    if done.returncode != 0:  # the scenario itself holds what no run plays
                        self.assertIn("run cannot play", done.stderr)

    def test_no_key_is_left_out(self):
        """Each key of everything.cfg that a centre decides is a line, or said on the console and in the README."""
        keys = ["trunks[].circuits", "trunks[].share", "trunks[].spare_share", "trunks[].overflow", "ivr.ports",
                "ivr.menu", "ivr.hold_while_queued", "ivr.self_service_share", "ivr.choices", "queue.capacity",
                "queue.timeout_s", "queue.routing", "queue.announcement", "queue.overflow", "queue.keep_place",
                "queue.deflection", "call_back", "callers.dial", "callers.classes", "agents[].count",
                "agents[].shifts", "agents[].skills", "agents[].ring_timeout_s", "agents[].rest_s",
                "agents[].wrap_up", "reserves", "emergency", "faults", "target.transport", "target.marks"]
        for kind in KINDS:
            said = self.recipe(kind, os.path.join(SOURCE, "scenarios/everything.cfg"), kind)
            lines = self.check_readme(kind)
            readme = self.read(kind, "README.md")
            for key in keys:
                with self.subTest(kind=kind, key=key):
                    plain = re.escape(key).replace(r"\[\]", r"\[\d*\]").replace("shifts", "(?:shifts|count)")
                    told = re.search(r"(?:differs|instead|not done|behind) +" + plain + r"[.:=\w]", said)
                    self.assertTrue(key in lines or told, "in neither")
                    self.assertRegex(readme, plain)

    def test_asterisk_says_what_the_scenario_says(self):
        self.recipe("asterisk", self.scenario())
        contexts = self.check_syntax("asterisk")
        steps = [step[1:] for step in contexts["peakrig-callers"]["4930785"]]
        self.assertIn(("GotoIf", "$[${GROUP_COUNT(carrier1@trunk)} < 60]?take1"), steps)
        self.assertIn(("Hangup", "34"), steps)
        self.assertIn(("Answer", "0,i"), steps)
        self.assertIn(("Wait", "8.500"), steps)
        self.assertIn(("Queue", "${QUEUE},b(peakrig-agent^s^1),,,95"), steps)
        self.assertIn(("GotoIf", "$[${GROUP_COUNT(${QUEUE}@queue)} - ${GROUP_COUNT(${QUEUE}@leg)} >= 12]?refuse"),
                      steps)
        queue = dict(read_ini(self.read("out", "queues.conf"))[1][2])
        for key, value in (("strategy", "leastrecent"), ("timeout", "20"), ("wrapuptime", "10"), ("autofill", "yes"),
                           ("ringinuse", "no"), ("timeoutpriority", "conf"), ("retry", "1"), ("maxlen", "0")):
            self.assertEqual(queue[key], value, key)
        members = [value for key, value in read_ini(self.read("out", "queues.conf"))[1][2] if key == "member"]
        self.assertEqual(len(members), 7)
        endpoints = read_ini(self.read("out", "pjsip.conf"))
        contacts = [dict(pairs)["contact"] for _, _, pairs in endpoints if "contact" in dict(pairs)]
        self.assertEqual(contacts, [f"sip:agent{i}@127.0.0.1:5088" for i in range(1, 8)])
        self.assertIn(("match", "127.0.0.1"), [pair for _, _, pairs in endpoints for pair in pairs])
        self.assertIn(("bind", "127.0.0.1:5077"), [pair for _, _, pairs in endpoints for pair in pairs])

    def test_variants(self):
        """Values that change lines: transport, IPv6, early media, credentials, ports, no menu, no queue limits."""
        plain = self.scenario()
        cases = {
            "tcp": (["--set", 'target.transport="tcp"'], "pjsip.conf", r"contact=.*\\;transport=tcp"),
            "v6": (["--set", 'target.host="::1"', "--set", 'target.agents_listen="[::1]:5088"'], "pjsip.conf",
                   r"bind=\[::1\]:5077"),
            "early": (["--set", 'target.marks="early"'], "extensions.conf", r"n,Progress\(\)"),
            "auth": (["--set", 'callers.auth={user="al";password="p$w,d#1";}'], "pjsip.conf", r"password=p\$w,d#1"),
            "ports": (["--set", "ivr.ports=20"], "extensions.conf",
                      r"GROUP_COUNT\(held@port\)} - \$\{GROUP_COUNT\(talk@talk\)} < 20"),
            "unheld": (["--set", "ivr.ports=20", "--set", "ivr.hold_while_queued=false"], "extensions.conf",
                       r"Set\(GROUP\(port\)=\)"),
            "timer": (["--set", "callers.session_timer={expires_s=600;}"], "pjsip.conf",
                      r"timers=yes\ntimers_sess_expires=600\n"),
            "prack": (["--set", "callers.reliable_provisional=true"], "pjsip.conf", r"100rel=peer_supported"),
            "star": (["--set", 'callers.dial="+4930*1#"'], "extensions.conf", r"exten => \+4930\*1#,1,"),
        }
        for name, (sets, file, expected) in cases.items():
            for kind in KINDS:
                with self.subTest(name=name, kind=kind):
                    out = f"{name}-{kind}"
                    self.recipe(kind, plain, out, *sets)
                    self.check_syntax(kind, out)
                    self.check_readme(out)
                    self.assertNotIn("p$w", self.read(out, "README.md"))
                    self.assertEqual(os.stat(self.at(out)).st_mode & 0o777, 0o700)
                    if kind == "asterisk":
                        self.assertRegex(self.read(out, file), expected)

    def test_asterisk_phones_that_register(self):
        """Members, endpoints and their credentials are the users that register, known before the address is."""
        os.environ["PEAKRIG_AGENTS_PASSWORD"] = "p$w,d"
        self.addCleanup(os.environ.pop, "PEAKRIG_AGENTS_PASSWORD")
        self.recipe("asterisk", self.scenario(), "out", "--set", 'agents[0].register={first_user="desk08";}')
        sections = read_ini(self.read("out", "pjsip.conf"))
        users = [f"desk{i:02}" for i in range(8, 15)]
        self.assertEqual([dict(pairs)["username"] for _, _, pairs in sections if "username" in dict(pairs)], users)
        self.assertFalse([pair for _, _, pairs in sections for pair in pairs if pair[0] == "contact"])
        self.assertIn(("endpoint_identifier_order", "username,ip,anonymous"), sections[0][2])
        members = [value for key, value in read_ini(self.read("out", "queues.conf"))[1][2] if key == "member"]
        self.assertEqual([value.split(",")[0] for value in members], [f"PJSIP/{user}" for user in users])
        self.check_readme("out")

    def test_who_is_who(self):
        """The classes of the planned callers are the scenario's own draws: their shares hold."""
        text = PLAIN.replace("dial =", 'classes = ( { name = "vip"; share = 0.3; priority = 9; }, '
                             '{ name = "all"; share = 0.7; } ); dial =').replace("per_min = 30.0", "per_min = 2000.0")
        self.recipe("asterisk", self.scenario(text))
        who = self.check_syntax("asterisk")["peakrig-who"]
        self.assertGreater(len(who), 1800)
        vip = sum(steps[0][2].split("=")[1].split(",")[1] == "9" for steps in who.values())
        self.assertAlmostEqual(vip / len(who), 0.3, delta=0.05)
        self.assertIn("4989100000000", who)

    def test_names_cannot_break_the_files(self):
        nasty = 'x];\\n[evil]\\ntype=endpoint #\\"{}<!-- --> $(id) `id` ${A} | é'
        text = PLAIN.replace('name = "A";', f'name = "{nasty}";').replace(
            "count = 7;", f'name = "{nasty[:40]}"; count = 7;')
        scenario = self.scenario(text)
        for kind in KINDS:
            with self.subTest(kind=kind):
                self.recipe(kind, scenario, kind)
                self.check_syntax(kind, kind)
                self.check_readme(kind)
                for name in os.listdir(self.at(kind)):
                    if name != "scenario.cfg":
                        self.assertNotRegex(self.read(kind, name), r"(?m)^\s*\[evil\]")

    def test_a_value_that_the_exchange_cannot_have_is_said_instead(self):
        text = PLAIN.replace("wrap_up = 10.0", 'wrap_up = { type = "exponential"; mean_s = 4.6; }').replace(
            "ring_timeout_s = 20.0", "ring_timeout_s = 7.5")
        said = self.recipe("asterisk", self.scenario(text))
        self.assertIn('instead    agents[0].wrap_up={type="uniform";mean_s=4.5;cv=0.064150;}', said)
        self.assertIn("instead    agents[0].rest_s=0.0", said)
        self.assertIn("instead    agents[0].ring_timeout_s=8.0", said)
        again = self.read("out", "scenario.cfg")
        self.assertRegex(again, r'wrap_up = \{ type = "uniform"; mean_s = 4\.5; cv = 0\.06415; \};')
        self.assertRegex(again, r"poll_s = 1\.0;\s+retry_s = 1\.0;")
        for mean_s, expected in (("1.2", r"mean_s = 0\.5; cv = 0\.57735;"), ("0.4", r'"constant"; mean_s = 0\.0;')):
            self.recipe("asterisk", self.scenario(text), f"out-{mean_s}", "--set", f"agents[0].wrap_up={mean_s}")
            self.assertRegex(self.read(f"out-{mean_s}", "scenario.cfg"), r"wrap_up = \{[^}]*" + expected)
        self.assertRegex(again, r"ring_timeout_s = 8\.0;")
        self.assertIn("wrapuptime=5", self.read("out", "queues.conf"))
        self.assertIn("timeout=8", self.read("out", "queues.conf"))

    def test_a_queue_that_deals_otherwise(self):
        """Each key becomes the line of the exchange, and the scenario that is written is read again."""
        words = ["queue.capacity=9", "queue.timeout_s=30", "queue.counts_ringing=true", "queue.timeout_cuts_ringing=true",
                 "agents[0].max_no_answer=1", "agents[0].break_s=60", "queue.look_every_s=0.5"]
        for routing, turns in (("ring_all", False), ("longest_idle", True)):
            sets = [word for value in (*words, f'queue.routing="{routing}"', f"queue.one_at_a_time={str(turns).lower()}")
                    for word in ("--set", value)]
            said = self.recipe("asterisk", self.scenario(), f"a-{routing}", *sets)
            self.check_syntax("asterisk", f"a-{routing}")
            self.assertNotIn("not done   queue", said)
            queues = self.read(f"a-{routing}", "queues.conf").partition("[queue]")[2]
            for line in ("strategy=" + ("leastrecent" if turns else "ringall"), "autofill=" + ("no" if turns else "yes"),
                         "timeoutpriority=app", "maxlen=9", "autopause=yes"):
                self.assertIn("\n" + line + "\n", queues)
            self.assertNotIn("n(refuse)", self.read(f"a-{routing}", "extensions.conf"))
            again = self.read(f"a-{routing}", "scenario.cfg")
            self.assertRegex(again, r"poll_s = 1\.0;")
            self.assertRegex(again, r"look_every_s = 0\.0;")
            self.assertRegex(again, r"break_s = 10000000\.0;")
            said = self.recipe("freeswitch", self.scenario(), f"f-{routing}", *sets, "--set", "queue.look_every_s=0.0",
                               "--set", "queue.poll_s=1.0", "--set", "queue.retry_s=2.0")
            self.check_syntax("freeswitch", f"f-{routing}")
            self.assertEqual(turns, "queue.one_at_a_time" in said, said)
            made = "".join(self.read(f"f-{routing}", name) for name in os.listdir(self.at(f"f-{routing}"))
                           if name.endswith(".xml"))
            self.assertIn('max-no-answer="1"', made)
            self.assertIn("longest-idle-agent" if turns else "ring-all", made)
            again = self.read(f"f-{routing}", "scenario.cfg")
            self.assertRegex(again, r"poll_s = 0\.0;")
            self.assertRegex(again, r"look_every_s = 0\.1;")
            self.assertRegex(again, r"break_s = 10000000\.0;")

    def test_breaks_that_app_queue_does_not_have(self):
        said = self.recipe("asterisk", self.scenario(), "out", "--set", "agents[0].max_no_answer=3", "--set",
                           "agents[0].break_s=60")
        self.assertIn("instead    agents[0].max_no_answer=0", said)
        self.assertRegex(self.read("out", "scenario.cfg"), r"max_no_answer = 0;")

    def test_nothing_is_lost(self):
        scenario = self.scenario()
        os.mkdir(self.at("full"))
        with open(self.at("full", "mine"), "w") as file:
            file.write("mine")
        self.assertIn("new or empty folder", self.recipe("asterisk", scenario, "full", code=2))
        self.assertEqual(os.listdir(self.at("full")), ["mine"])
        self.assertIn("new or empty folder", self.recipe("asterisk", scenario, "scenario.cfg", code=2))
        self.assertEqual(self.read("scenario.cfg"), PLAIN)
        self.recipe("asterisk", scenario, "missing/out", code=5)
        os.mkdir(self.at("empty"))
        self.recipe("asterisk", scenario, "empty")
        self.recipe("asterisk", scenario, "slash/")
        self.assertEqual(sorted(os.listdir(self.folder)), ["empty", "full", "scenario.cfg", "slash"])

    def test_same_scenario_same_bytes(self):
        for kind in KINDS:
            self.recipe(kind, self.scenario(), f"{kind}-1")
            self.recipe(kind, self.scenario(), f"{kind}-2")
            for name in os.listdir(self.at(f"{kind}-1")):
                self.assertEqual(self.read(f"{kind}-1", name), self.read(f"{kind}-2", name), name)

    def test_refusals_that_ask_to_wait(self):
        """A proxy's 503 says Retry-After in whole seconds; the other exchanges cannot, and that is said."""
        scenario = self.scenario()
        for kind in KINDS:
            proxy = kind in PROXIES
            said = self.recipe(kind, scenario, kind, "--set", "target.retry_after_s=4.5")
            if proxy:
                self.assertIn('append_to_reply("Retry-After: 5\\r\\n");', self.read(kind, f"{kind}.cfg"))
                self.check_syntax(kind, kind)
                self.assertIn("target.retry_after_s", self.check_readme(kind))
            else:
                self.assertRegex(said, r"not done +target\.retry_after_s")

    def test_refusals(self):
        scenario = self.scenario()
        self.assertIn("expected asterisk", self.recipe("elastix", scenario, code=2))
        self.assertIn("--next", self.recipe("kamailio", scenario, "out", "without next", code=2))
        self.assertIn("not a proxy", self.recipe("asterisk", scenario, "out", "--next", "h:1", code=2))
        self.assertIn("port from 1 to 65535", self.recipe("kamailio", scenario, "out", "--next", "h:0", code=2))
        self.assertIn("at most 20000", self.recipe("asterisk", scenario, "out", "--set", "agents[0].count=20001",
                                                   code=2))
        done = subprocess.run([PEAKRIG, "recipe", "asterisk", scenario], capture_output=True, text=True)
        self.assertEqual((done.returncode, "--output" in done.stderr), (2, True))
        self.assertFalse(os.path.exists(self.at("out")))

    def starts(self, variable, kind, ready):
        """The exchange itself, where there is one: it starts and says it is ready."""
        program = os.environ.get(variable)
        if not program:
            self.skipTest(f"skipped: no {kind} ({variable})")
        self.recipe(kind, self.scenario())
        with open(self.at("log"), "w") as log:
            child = subprocess.Popen([self.at("out", "start.sh"), *ready], stdout=log, stderr=subprocess.STDOUT,
                                     stdin=subprocess.DEVNULL, start_new_session=True)
        try:
            for _ in range(300):
                if child.poll() is not None or self.is_bound(5077):
                    break
                time.sleep(0.1)
            self.assertIsNone(child.poll(), self.read("log")[-3000:])
            self.assertTrue(self.is_bound(5077), self.read("log")[-3000:])
            self.assertNotRegex(self.read("log"), r"ERROR\[")
        finally:
            os.killpg(child.pid, signal.SIGTERM)
            child.wait(30)

    @staticmethod
    def is_bound(port):
        with open("/proc/net/udp") as file:
            return f":{port:04X} " in file.read()

    def test_asterisk_starts(self):
        self.starts("PEAKRIG_ASTERISK", "asterisk", [])

    def test_freeswitch_starts(self):
        self.starts("PEAKRIG_FREESWITCH", "freeswitch", [])

    def test_opensips_starts(self):
        self.starts("PEAKRIG_OPENSIPS", "opensips", [])


if __name__ == "__main__":
    PEAKRIG, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[3:])
