# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenes near the edges of the windows of time that docs/captures.md names, drawn at random (clocks_apart.py).

Which calls there are, and how each ended, is what the analyzer finds where all clocks agree: the scenes say only
what goes on the wire.
"""
from scenes.common import agent_leg, queued
from sipwire import CALLER, CENTRE, Leg, Wire, ns_of

BORDER = ("198.51.100.20", 5060)
SECOND = ("198.51.100.6", 5060)
PROXY = ("198.51.100.40", 5060)


class Messages(Wire):
    """Keeps what is sent."""

    def __init__(self):
        super().__init__()
        self.sent = []

    def send(self, t, text, source, destination, owner=None, caplen=None, **ip):
        self.sent.append((ns_of(t), text.encode(), source, destination))


class Draw:
    """Times of one scene."""

    def __init__(self, rng, edge_s):
        self.rng, self.edge_s = rng, edge_s
        self.reply = rng.choice([0.0004, 0.002, 0.01, 0.05, 0.2])  # until a response

    def near(self, edge, width=None):
        width = width or self.edge_s
        return max(0.0005, edge + self.rng.uniform(-width, width))

    def of(self, *values):
        return self.rng.choice(values)

    def maybe(self, p=0.5):
        return self.rng.random() < p


def busy_hour(wire, rng, n):
    """Ordinary calls: by them clocks that are apart are found out."""
    for k in range(n):
        t = 2 + 9 * k + rng.random()
        call = queued(wire, f"ordinary-{k}", f"077{k:02d}", t)
        leg = agent_leg(call, header=rng.random() < 0.5)
        leg.invite(t + 2)
        leg.reply(t + 2.003, 180)
        leg.answer(t + 3)
        call.bye(t + 6)
        leg.bye(t + 6.002)


def two_callers(wire, d, t, k):
    """Under one Call-ID."""
    first = Leg(wire, f"shared-{k}", "8711", to_tag=f"a{k}")
    second = Leg(wire, f"shared-{k}", "8712", (CALLER[0], d.of(5060, 5080)), to_tag=f"b{k}")
    second.from_tag, second.n_branches = f"other-{k}", 50
    later = d.of(0.001, 0.01, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5)
    first.invite(t)
    second.invite(t + later)
    for leg, at in ((first, t), (second, t + later)):
        if d.maybe():
            leg.reply(at + d.reply, 180)
        end = d.of("answered", "refused", "cancelled")
        if end == "answered":
            leg.answer(at + d.reply + d.of(0.001, 0.3, 1))
            leg.bye(at + d.reply + d.of(1.2, 2, 5), by_caller=d.maybe(0.7))
        elif end == "refused":
            leg.fail(at + d.reply + 0.001, d.of(503, 486))
        else:
            leg.cancelled(at + d.reply + d.of(0.2, 1, 2))


def attempt_after_a_refusal(wire, d, t, k):
    leg = Leg(wire, f"tries-{k}", f"0811{k}")
    leg.invite(t)
    leg.fail(t + d.reply, d.of(503, 486, 480))
    at = t + d.reply + d.near(1)
    leg.retry()
    leg.invite(at)
    if d.maybe(0.7):
        leg.answer(at + d.reply)
        leg.bye(t + 20)
    else:
        leg.fail(at + d.reply, 503)


def another_call_id(wire, d, t, k):
    """After a challenge or a redirection."""
    leg = Leg(wire, f"challenged-{k}", f"0812{k}")
    leg.invite(t)
    leg.fail(t + d.reply, d.of(407, 302))
    at = t + d.reply + d.of(0.002, 0.01, 0.05, 0.2, 0.35, d.near(1), d.near(5))
    again = Leg(wire, f"again-{k}", f"0812{k}", destination=d.of(CENTRE, SECOND))
    again.invite(at)
    if d.maybe(0.7):
        again.answer(at + d.reply)
        again.bye(at + d.reply + d.of(0.3, 3, 20))
    else:
        again.fail(at + d.reply, 486)


def same_once_more(wire, d, t, k):
    """A generator in a container: all identifiers come again."""
    is_refused = d.maybe(0.4)
    for _ in range(2):
        leg = Leg(wire, f"same-{k}", f"0813{k}")
        leg.invite(t)
        if is_refused:
            leg.fail(t + d.reply, 503)
            t += d.reply + d.near(1)
        else:
            leg.answer(t + d.reply)
            leg.bye(t + d.reply + 2)
            t += d.reply + 2 + d.near(1)


def no_response_for_long(wire, d, t, k):
    leg = Leg(wire, f"silent-{k}", f"0814{k}")
    leg.invite(t)
    for wait in (0.5, 1.5, 3.5, 7.5, 15.5, 31.5):
        leg.invite(t + wait, again=True)
    at = t + d.near(32)
    what = d.of("nothing", "refused", "rings", "answered", "cancelled")
    if what == "refused":
        leg.fail(at, 503)
    elif what == "rings":
        leg.reply(at, 180)
    elif what == "cancelled":
        leg.cancelled(at)
    if what in ("rings", "answered"):
        leg.answer(at + 2 * (what == "rings"))
        leg.bye(at + 9)


def agent_dialled_as_the_caller_goes(wire, d, t, k):
    call = queued(wire, f"gone-{k}", f"0815{k}", t)
    call.bye(t + 3)
    at = t + 3 + d.of(-0.2, -0.01, 0.0003, 0.01, 0.2, d.near(5))
    leg = agent_leg(call, header=False)
    leg.invite(at)
    if d.maybe():
        leg.answer(at + 0.3)
        leg.bye(at + 1)
    else:
        leg.reply(at + 0.002, 180)
        leg.cancelled(at + 0.5)


def passed_on(wire, d, t, k):
    """By a border controller, with another number of the caller; perhaps with the session's own identifier."""
    has_session = d.maybe()
    session = f"Session-ID: {k + 1:032x};remote={0:032x}" if has_session else ""
    call = Leg(wire, f"outer-{k}", f"0816{k}", destination=BORDER, extra=session)
    call.invite(t)
    call.reply(t + 0.002, 100)
    at = t + d.of(0.0005, 0.01, 0.2, d.near(32 if has_session and d.maybe(0.4) else 4))
    inner = Leg(wire, f"inner-{k}", f"0049816{k}", BORDER, CENTRE, extra=session)
    inner.invite(at)
    if d.maybe(0.7):
        inner.answer(at + d.reply)
        call.answer(at + d.reply + 0.001)
        call.bye(at + 9)
        inner.bye(at + 9.001)
    else:
        inner.fail(at + d.reply, 503)
        call.fail(at + d.reply + 0.001, 503)


def agent_at_once(wire, d, t, k):
    """A centre that answers when its agent does."""
    call = Leg(wire, f"direct-{k}", f"0817{k}")
    call.invite(t)
    call.reply(t + 0.001, 100)
    leg = agent_leg(call, header=d.maybe(0.3))
    at = t + d.of(0.0005, 0.003, 0.02, 0.2)
    leg.invite(at)
    leg.reply(at + 0.001, 180)
    call.reply(at + 0.002, 180)
    end = at + d.of(0.02, 0.5, 3)
    what = d.of("answered", "cancelled", "busy")
    if what == "answered":
        leg.answer(end)
        call.answer(end + 0.002)
        call.bye(end + d.of(0.05, 0.4, 7))
        leg.bye(end + 7.1)
    elif what == "cancelled":
        call.cancelled(end + 0.498)
        leg.cancelled(end + 0.5)
    else:
        leg.fail(end, 486)
        call.fail(end + 0.001, 486)


def transferred(wire, d, t, k):
    call = queued(wire, f"moved-{k}", f"0818{k}", t)
    at = t + 2 + d.rng.random()
    call.request(at, "REFER", False, f"Refer-To: <sip:9{k}@198.51.100.5>", reply=202)
    leg = Leg(wire, f"moved-{k}-on", f"0818{k}", dial=f"9{k}")
    at += d.of(0.002, 0.05, 0.3)
    leg.invite(at)
    if d.maybe(0.6):
        leg.answer(at + d.reply)
        call.bye(at + d.reply + 0.01, by_caller=False)
        leg.bye(at + d.reply + 5)
    else:
        leg.fail(at + d.reply, 486)
        call.bye(at + 3)


def forked(wire, d, t, k):
    """Seen behind the proxy."""
    legs = [Leg(wire, f"forked-{k}", f"0819{k}", PROXY, (f"198.51.100.{60 + b}", 5060), to_tag=f"t{b}-{k}")
            for b in range(d.of(2, 3))]
    apart, winner = d.of(0, 0.001, 0.3), d.rng.randrange(len(legs) + 1)
    for b, leg in enumerate(legs):
        leg.n_branches = 10 * b
        leg.invite(t + apart * b)
        leg.reply(t + apart * b + 0.003, 180)
    for b, leg in enumerate(legs):
        if b == winner:
            leg.answer(t + 1)
            leg.bye(t + 9)
        elif d.maybe():
            leg.fail(t + 0.8 + 0.05 * b, d.of(486, 480))
        else:
            leg.cancelled(t + 1.01 + 0.001 * b)


def agent_hangs_up_soon(wire, d, t, k):
    call = queued(wire, f"dropped-{k}", f"0820{k}", t)
    leg = agent_leg(call)
    leg.invite(t + 2)
    leg.reply(t + 2.002, 180)
    leg.answer(t + 3)
    at = t + 3 + d.of(0.3, d.near(1, 0.3), d.near(2), d.near(3))
    leg.bye(at, by_caller=False)
    call.bye(at + d.of(0.0005, 0.01, 0.3, d.near(2), 8), by_caller=d.maybe())


SCENES = (two_callers, attempt_after_a_refusal, another_call_id, same_once_more, no_response_for_long,
          agent_dialled_as_the_caller_goes, passed_on, agent_at_once, transferred, forked, agent_hangs_up_soon)


def draw(rng, edge_s):
    """-> messages (ns, bytes, source, destination) in the order of their times"""
    wire = Messages()
    busy_hour(wire, rng, rng.choice([0, 6, 14]))
    for k in range(rng.choice([1, 1, 2, 5])):
        rng.choice(SCENES)(wire, Draw(rng, edge_s), 5 + rng.uniform(0, 100), k)
    return sorted(wire.sent, key=lambda message: message[0])
