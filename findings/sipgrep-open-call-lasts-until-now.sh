#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# sipgrep 2.1.0 (Debian 12, package sipgrep 2.1.0-2+b1): how long the calls of a capture file lasted (-I FILE -G).
# One would guess: a call whose BYE is not in the file has lasted until the file's last packet, or its duration is not known;
#   times come from the packets.
# Seen: it lasts until the moment at which the file is read. Of two calls answered on 2026-01-01 the one with a BYE 6.9 s later
#   has 7 s (or 6: whole seconds are subtracted, so that the same 6.9 s differ by where in a second they begin), the other
#   one the time since that day, more at each reading. Seen on 2026-11-30.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
mkdir -p "$d/debs/partial"
apt-get -o DPkg::Lock::Timeout=120 -o Dir::Cache::archives="$d/debs" -o APT::Sandbox::User=root \
    install -y -qq --no-install-recommends --reinstall -d sipgrep=2.1.0-2+b1 >/dev/null
apt-get -o DPkg::Lock::Timeout=120 install -y -qq --no-install-recommends sipgrep=2.1.0-2+b1 python3 >/dev/null # what it links to
for deb in "$d"/debs/sipgrep*.deb; do dpkg -x "$deb" "$d/root"; done
export PATH="$d/root/usr/bin:$PATH"
[ "$(command -v sipgrep)" = "$d/root/usr/bin/sipgrep" ]
cd "$d"
python3 - <<'X2'
import struct

START = 1767225600  # 2026-01-01 00:00:00 UTC


def message(call, first, cseq, to_tag):
    return ("%s\r\nVia: SIP/2.0/UDP 192.0.2.10;branch=z9hG4bK%s%s\r\nFrom: <sip:1@192.0.2.10>;tag=a\r\n"
            "To: <sip:2@192.0.2.20>%s\r\nCall-ID: %s\r\nCSeq: %s\r\nContent-Length: 0\r\n\r\n"
            % (first, call, cseq[0], ";tag=b" if to_tag else "", call, cseq)).encode()


def packet(at_ms, source, target, payload):
    udp = struct.pack("!HHHH", 5060, 5060, 8 + len(payload), 0) + payload
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, bytes(source), bytes(target))
    total = sum(struct.unpack("!10H", ip))
    total = (total & 0xffff) + (total >> 16)
    ip = ip[:10] + struct.pack("!H", ~total & 0xffff) + ip[12:]
    frame = b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0" + ip + udp
    return struct.pack("<IIII", START + at_ms // 1000, at_ms % 1000 * 1000, len(frame), len(frame)) + frame


A, B = (192, 0, 2, 10), (192, 0, 2, 20)
packets = []
for call, begin_ms, ends in (("early-in-a-second", 50, True), ("late-in-a-second", 2950, True), ("open", 4000, False)):
    packets.append((begin_ms, A, B, message(call, "INVITE sip:2@192.0.2.20 SIP/2.0", "1 INVITE", False)))
    packets.append((begin_ms + 20, B, A, message(call, "SIP/2.0 200 OK", "1 INVITE", True)))
    packets.append((begin_ms + 30, A, B, message(call, "ACK sip:2@192.0.2.20 SIP/2.0", "1 ACK", True)))
    if ends:
        packets.append((begin_ms + 6920, A, B, message(call, "BYE sip:2@192.0.2.20 SIP/2.0", "2 BYE", True)))
        packets.append((begin_ms + 6925, B, A, message(call, "SIP/2.0 200 OK", "2 BYE", True)))
with open("calls.pcap", "wb") as file:
    file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
    for one in sorted(packets):
        file.write(packet(*one))
X2
# per call: its name and its duration
durations() {
    timeout 60 sipgrep -C -R -g -G -I calls.pcap 2>/dev/null | sed 's/\x1b\[[0-9;]*m//g' |
        sed -n -e 's/^Dialog finished: \[\(.*\)\].*/\1/p' -e 's/^CDT (duration): \([0-9]*\) sec.*/\1/p' | paste -d ' ' - - | sort
}
before=$(date +%s)
durations >first
sleep 2
durations >second
after=$(date +%s)
cat first second
grep -qx 'early-in-a-second 6' first
grep -qx 'late-in-a-second 7' first
open_first=$(sed -n 's/^open //p' first)
open_second=$(sed -n 's/^open //p' second)
[ "$open_first" -ge $((before - 1767225604)) ]
[ "$open_second" -gt "$open_first" ]
[ "$open_second" -le $((after - 1767225604)) ]
