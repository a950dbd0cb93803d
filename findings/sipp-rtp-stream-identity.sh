#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SIPp 3.6.1 (Debian 12, package sip-tester 1:3.6.1-1+b2): by what the audio of rtp_stream can be told apart, call by call.
# One would guess: each call sends from the port that its [auto_media_port] told in the SDP, with an SSRC chosen at random,
#   as RFC 3550 8.1 asks; the callers of two processes share nothing.
# Seen: the SDPs name a port a call (M, M+4, M+8..), and all audio leaves from M. The SSRCs are 0xca110000 and one more a call,
#   in every process, and sequence numbers begin at 0: two loads at one target send the same four SSRCs, and only the source
#   port of the process tells them apart. Seen on 2026-11-30.
set -eu
d=$(mktemp -d); trap 'kill "${uas:-}" 2>/dev/null || true; rm -rf "$d"' EXIT
mkdir -p "$d/debs/partial"
apt-get -o DPkg::Lock::Timeout=120 -o Dir::Cache::archives="$d/debs" -o APT::Sandbox::User=root \
    install -y -qq --no-install-recommends --reinstall -d sip-tester=1:3.6.1-1+b2 >/dev/null
apt-get -o DPkg::Lock::Timeout=120 install -y -qq --no-install-recommends sip-tester=1:3.6.1-1+b2 python3 >/dev/null # what it links to
for deb in "$d"/debs/sip-tester*.deb; do dpkg -x "$deb" "$d/root"; done
export PATH="$d/root/usr/bin:$d/root/usr/sbin:$PATH" LD_LIBRARY_PATH="$d/root/usr/lib/x86_64-linux-gnu"
[ "$(command -v sipp)" = "$d/root/usr/bin/sipp" ]
cd "$d"
head -c 8000 /dev/zero | tr '\0' '\325' >silence.alaw
cat >uac.xml <<'X2'
<?xml version="1.0" encoding="UTF-8" ?>
<scenario name="c">
<send retrans="500"><![CDATA[
INVITE sip:a@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:s@[local_ip]>;tag=[call_number]
To: <sip:a@[remote_ip]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:s@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=u 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [auto_media_port] RTP/AVP 8
a=rtpmap:8 PCMA/8000
]]></send>
<recv response="100" optional="true"/><recv response="180" optional="true"/>
<recv response="200" />
<send><![CDATA[
ACK sip:a@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:s@[local_ip]>;tag=[call_number]
To: <sip:a@[remote_ip]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>
<nop><action><exec rtp_stream="silence.alaw,1,8,PCMA/8000"/></action></nop>
<pause milliseconds="700"/>
<send retrans="500"><![CDATA[
BYE sip:a@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:s@[local_ip]>;tag=[call_number]
To: <sip:a@[remote_ip]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 2 BYE
Max-Forwards: 70
Content-Length: 0

]]></send>
<recv response="200"/>
</scenario>
X2
port=$((20000 + RANDOM % 9000))
# the far end: it answers as any UAS and notes each SDP's port, and of each audio packet source port and SSRC
cat >far_end.py <<'X3'
import re
import select
import socket
import struct
import sys
import time

port = int(sys.argv[1])
sip, media = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
sip.bind(("127.0.0.1", port))
media.bind(("127.0.0.1", port + 2))
SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio %d RTP/AVP 8\r\n" % (port + 2)
told, streams, byes = {}, {}, set()
open("ready", "w").close()
until = time.time() + 40
while len(byes) < 8 and time.time() < until:
    for one in select.select([sip, media], [], [], 1)[0]:
        data, sender = one.recvfrom(4000)
        if one is media:
            number, _, ssrc = struct.unpack("!HII", data[2:12])
            streams.setdefault((sender[1], ssrc), number)
            continue
        text = data.decode()
        if text.startswith("ACK"):
            continue
        if text.startswith("INVITE"):
            told.setdefault(sender[1], set()).add(int(re.search(r"m=audio (\d+)", text).group(1)))
        if text.startswith("BYE"):
            byes.add(re.search(r"^Call-ID:.*", text, re.M).group(0))
        body = SDP if text.startswith("INVITE") else ""
        keep = re.findall(r"^(?:Via|From|Call-ID|CSeq):.*\r\n", text, re.M)
        to = re.search(r"^To:.*", text, re.M).group(0).strip()
        sip.sendto(("SIP/2.0 200 OK\r\n" + "".join(keep) + to + ("" if "tag=" in to else ";tag=u") + "\r\n"
                    "Contact: <sip:u@127.0.0.1:%d>\r\nContent-Type: application/sdp\r\nContent-Length: %d\r\n\r\n"
                    % (port, len(body)) + body).encode(), sender)
for process, caller in enumerate(sorted(told)):
    base = port + 100 * (process + 1)
    print("process %d: SDPs name %s; audio from %s; SSRCs %s; first sequence numbers %s" % (
        process + 1, " ".join("M+%d" % (one - base) for one in sorted(told[caller])),
        " ".join(sorted({"M+%d" % (source - base) for source, _ in streams if base <= source < base + 100})),
        " ".join("%x" % ssrc for source, ssrc in sorted(streams) if base <= source < base + 100),
        sorted({first for (source, _), first in streams.items() if base <= source < base + 100})))
X3
python3 far_end.py "$port" >seen &
uas=$!
for _ in $(seq 100); do
    [ -e ready ] && break
    sleep 0.1
done
load() {
    sipp -sf uac.xml "127.0.0.1:$port" -i 127.0.0.1 -p $((port + 10 + $1)) -mp $((port + 100 * $1)) -m 4 -r 4 -nostdin \
        -timeout 30 -ci 127.0.0.1 >/dev/null 2>&1
}
load 1 & first=$!
load 2
wait "$first"
wait "$uas"
cat seen
cmp - seen <<'X4'
process 1: SDPs name M+0 M+4 M+8 M+12; audio from M+0; SSRCs ca110000 ca110001 ca110002 ca110003; first sequence numbers [0]
process 2: SDPs name M+0 M+4 M+8 M+12; audio from M+0; SSRCs ca110000 ca110001 ca110002 ca110003; first sequence numbers [0]
X4
