#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# rtpengine 10.5.3.5 (Debian 12, package rtpengine-daemon 10.5.3.5-1+deb12u1): loss and MOS of a call through the relay.
# One would guess: a relay that forwards each RTP packet counts the gaps of the sequence numbers, so that its "packet
#   loss", "errors" and MOS are those of what came through it; and a stream's figures stand under the stream's SSRC.
# Seen: it looks at no sequence number. With 25 of A's 500 packets missing and 10 doubled it says packets 485, errors 0, and
#   has no figure of quality without RTCP; with the phones' reports it repeats their word: B reports no loss, so loss 0 and
#   MOS 44 (4.4). And when B reports a quarter of A's stream as lost (which came whole), the 25 % and a MOS of 1.6 stand under
#   the SSRC of B, the phone that heard badly; A's, whose packets they are, has 0 and 4.4. Seen on 2026-11-30.
set -eu
d=$(mktemp -d); trap 'kill "${relay:-}" 2>/dev/null || true; rm -rf "$d"' EXIT
mkdir -p "$d/debs/partial"
apt-get -o DPkg::Lock::Timeout=120 -o Dir::Cache::archives="$d/debs" -o APT::Sandbox::User=root \
    install -y -qq --no-install-recommends --reinstall -d rtpengine-daemon=10.5.3.5-1+deb12u1 >/dev/null
apt-get -o DPkg::Lock::Timeout=120 install -y -qq --no-install-recommends python3 >/dev/null
for deb in "$d"/debs/*.deb; do dpkg -x "$deb" "$d/root"; done
lib=$d/root/usr/lib/x86_64-linux-gnu
export PATH="$d/root/usr/bin:$PATH" LD_LIBRARY_PATH="$lib:$lib/blas:$lib/pulseaudio:$d/root/lib/x86_64-linux-gnu"
[ "$(command -v rtpengine)" = "$d/root/usr/bin/rtpengine" ]
cd "$d"
port=$((20000 + RANDOM % 9000))
rtpengine --config-file=none --table=-1 --interface=127.0.0.1 --listen-ng="127.0.0.1:$port" --foreground --log-stderr \
    --log-level=4 --port-min=$((port + 100)) --port-max=$((port + 200)) 2>log &
relay=$!
cat > call.py <<'X2'
import socket
import struct
import sys
import time

NG = ("127.0.0.1", int(sys.argv[1]))


def bencode(value):
    if isinstance(value, dict):
        return b"d" + b"".join(bencode(key) + bencode(value[key]) for key in sorted(value)) + b"e"
    return b"%d:%s" % (len(value), value.encode())


def bdecode(data, at=0):
    kind = data[at:at + 1]
    if kind == b"i":
        end = data.index(b"e", at)
        return int(data[at + 1:end]), end + 1
    if kind in b"dl":
        values, at = [], at + 1
        while data[at:at + 1] != b"e":
            value, at = bdecode(data, at)
            values.append(value)
        return (dict(zip(values[::2], values[1::2])) if kind == b"d" else values), at + 1
    colon = data.index(b":", at)
    end = colon + 1 + int(data[at:colon])
    return data[colon + 1:end].decode(), end


def bound(port=0):
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind(("127.0.0.1", port))
    made.settimeout(5)
    return made


control = bound()
cookies = iter(range(1000))


def ng(**asked):
    for _ in range(10):  # asked again until the relay is up
        control.sendto(b"%d " % next(cookies) + bencode({key.replace("_", "-"): asked[key] for key in asked}), NG)
        try:
            return bdecode(control.recv(65535).split(b" ", 1)[1])[0]
        except (TimeoutError, ConnectionError):
            time.sleep(0.5)
    sys.exit("rtpengine does not answer")


class Phone:
    def __init__(self, ssrc):
        self.ssrc = ssrc
        while True:
            self.rtp = bound()
            try:
                self.rtcp = bound(self.rtp.getsockname()[1] + 1)
                break
            except OSError:
                pass

    def sdp(self):
        return ("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                "m=audio %d RTP/AVP 8\r\n" % self.rtp.getsockname()[1])

    def audio(self, i):
        self.rtp.sendto(struct.pack("!BBHII", 0x80, 8, 1000 + i, 160 * i, self.ssrc) + b"\xd5" * 160, self.to)

    def reports(self, other, lost_of_256, sent):
        """A receiver report about the other's last sender report, with the time since that one (RFC 3550 6.4)."""
        stamp, at_s = sent
        self.rtcp.sendto(struct.pack("!BBHIIIIIII", 0x81, 201, 7, self.ssrc, other.ssrc, lost_of_256 << 24 | lost_of_256 * 125 // 64, 1499, 0,
                                     stamp, int((time.time() - at_s) * 65536)), (self.to[0], self.to[1] + 1))

    def tells_time(self):
        now = time.time()
        seconds, part = int(now) + 2208988800, int(now % 1 * 2 ** 32)
        self.rtcp.sendto(struct.pack("!BBHIIIIII", 0x80, 200, 6, self.ssrc, seconds, part, 80000, 500, 80000),
                         (self.to[0], self.to[1] + 1))
        return (seconds & 0xffff) << 16 | part >> 16, now


def port_of(sdp):
    return "127.0.0.1", int(sdp.split("m=audio ")[1].split()[0])


def call(name, gaps, lost_of_256, with_reports):
    a, b = Phone(0x1234), Phone(0x5678)
    b.to = port_of(ng(command="offer", call_id=name, from_tag="f", sdp=a.sdp())["sdp"])
    a.to = port_of(ng(command="answer", call_id=name, from_tag="f", to_tag="t", sdp=b.sdp())["sdp"])
    came = set()
    for i in range(500):
        if not gaps or i % 20 != 7:
            a.audio(i)
            came.add(struct.unpack("!H", b.rtp.recv(2000)[2:4])[0])
        if gaps and i % 50 == 9:
            a.audio(i)
            b.rtp.recv(2000)
        b.audio(i)
        a.rtp.recv(2000)
    for _ in range(3 if with_reports else 0):
        of_a, of_b = a.tells_time(), b.tells_time()
        time.sleep(0.2)
        b.reports(a, lost_of_256, of_a)
        a.reports(b, 0, of_b)
        time.sleep(1.1)  # the relay keeps one a second
    seen = ng(command="query", call_id=name)
    stats = seen["tags"]["f"]["medias"][0]["streams"][0]["stats"]
    quality = [seen["SSRC"].get(str(phone.ssrc), {}).get("average MOS", {}) for phone in (a, b)]
    ng(command="delete", call_id=name, from_tag="f")
    print("%s: %d of 500 came, packets %d, errors %d" % (name, len(came), stats["packets"], stats["errors"]), end="")
    for phone, of in zip("AB", quality):
        print("; at the SSRC of %s: loss %s, MOS %s" % (phone, of.get("packet loss"), of.get("MOS")), end="")
    print()


call("gaps without reports", True, 0, False)
call("gaps, reports of 0", True, 0, True)
call("whole, reports of 64/256", False, 64, True)
X2
timeout 120 python3 call.py "$port" >seen
cat seen
cmp - seen <<'X3'
gaps without reports: 475 of 500 came, packets 485, errors 0; at the SSRC of A: loss None, MOS None; at the SSRC of B: loss None, MOS None
gaps, reports of 0: 475 of 500 came, packets 485, errors 0; at the SSRC of A: loss 0, MOS 44; at the SSRC of B: loss 0, MOS 44
whole, reports of 64/256: 500 of 500 came, packets 500, errors 0; at the SSRC of A: loss 0, MOS 44; at the SSRC of B: loss 25, MOS 16
X3
