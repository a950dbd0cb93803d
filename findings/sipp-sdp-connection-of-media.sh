#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SIPp 3.6.1 (Debian 12, package sip-tester 1:3.6.1-1+b2): where rtp_stream sends the audio when an answer has several c= lines.
# One would guess: to the c= of the audio's own section, which overrides that of the session (RFC 4566, section 5.7): media
#   servers and border controllers write both, or one in each section.
# Seen: to the first c= in the message, whatever it is of: the session's, or that of a video section in front of the audio's.
#   The port is the audio's, so the stream goes to an address and a port that nobody has named together.
#   (extract_rtp_remote_addr in call.cpp looks for the text "c=IN IP4 ".) Seen on 2026-11-30.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
mkdir -p "$d/debs/partial"
apt-get -o DPkg::Lock::Timeout=120 -o Dir::Cache::archives="$d/debs" -o APT::Sandbox::User=root \
    install -y -qq --no-install-recommends --reinstall -d sip-tester=1:3.6.1-1+b2 >/dev/null
apt-get -o DPkg::Lock::Timeout=120 install -y -qq --no-install-recommends sip-tester=1:3.6.1-1+b2 python3 >/dev/null # what it links to
for deb in "$d"/debs/sip-tester*.deb; do dpkg -x "$deb" "$d/root"; done
export PATH="$d/root/usr/bin:$d/root/usr/sbin:$PATH" LD_LIBRARY_PATH="$d/root/usr/lib/x86_64-linux-gnu"
[ "$(command -v sipp)" = "$d/root/usr/bin/sipp" ]
cd "$d"
head -c 16000 /dev/zero | tr '\0' '\377' >tone.ulaw
cat > uac.xml <<'X'
<?xml version="1.0" encoding="UTF-8" ?>
<scenario name="uac">
<send retrans="500">
  <![CDATA[
    INVITE sip:a@[remote_ip]:[remote_port] SIP/2.0
    Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
    From: <sip:b@[local_ip]:[local_port]>;tag=[call_number]
    To: <sip:a@[remote_ip]:[remote_port]>
    Call-ID: [call_id]
    CSeq: 1 INVITE
    Contact: <sip:b@[local_ip]:[local_port]>
    Max-Forwards: 70
    Content-Type: application/sdp
    Content-Length: [len]

    v=0
    o=- 1 1 IN IP4 [local_ip]
    s=-
    c=IN IP4 [local_ip]
    t=0 0
    m=audio [media_port] RTP/AVP 0
    m=video [media_port+2] RTP/AVP 31

  ]]>
</send>
<recv response="200"/>
<send>
  <![CDATA[
    ACK sip:a@[remote_ip]:[remote_port] SIP/2.0
    Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
    From: <sip:b@[local_ip]:[local_port]>;tag=[call_number]
    To: <sip:a@[remote_ip]:[remote_port]>[peer_tag_param]
    Call-ID: [call_id]
    CSeq: 1 ACK
    Max-Forwards: 70
    Content-Length: 0

  ]]>
</send>
<nop><action><exec rtp_stream="tone.ulaw,1,0"/></action></nop>
<pause milliseconds="600"/>
</scenario>
X
cat > answer.py <<'X'
"""Answers one INVITE with an SDP of 127.0.0.2 and 127.0.0.3, and prints which of them the audio reached."""
import select, socket, subprocess, sys
def bound(address, port=0):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind((address, port))
    return s
sip, two = bound("127.0.0.1"), bound("127.0.0.2")
port = two.getsockname()[1]
three = bound("127.0.0.3", port)
session, own = "c=IN IP4 127.0.0.2\r\n", "c=IN IP4 127.0.0.3\r\n"
audio, video = f"m=audio {port} RTP/AVP 0\r\n", "m=video 9 RTP/AVP 31\r\n"
media = {"session": session + "t=0 0\r\n" + audio + video,
         "media": "t=0 0\r\n" + audio + own + video + session,
         "both": session + "t=0 0\r\n" + audio + own + video,
         "video-first": "t=0 0\r\n" + video + session + audio + own}[sys.argv[1]]
sdp = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\n" + media
child = subprocess.Popen(["sipp", "127.0.0.1:%d" % sip.getsockname()[1], "-sf", "uac.xml", "-i", "127.0.0.1", "-ci", "127.0.0.1", "-m", "1",
                          "-nostdin", "-timeout", "20"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
where, is_over = set(), False
while not is_over:
    is_over = child.poll() is not None  # then once more: what has come is read
    for s in select.select([sip, two, three], [], [], 0.1)[0]:
        data, peer = s.recvfrom(65535)
        if s is not sip:
            where.add(s.getsockname()[0])
        elif data.startswith(b"INVITE "):
            kept = [line for line in data.decode().split("\r\n") if line.split(":")[0] in ("Via", "From", "To", "Call-ID", "CSeq")]
            kept = [line + ";tag=1" if line.startswith("To:") else line for line in kept]
            sip.sendto("\r\n".join(["SIP/2.0 200 OK", *kept, "Contact: <sip:a@127.0.0.1:%d>" % sip.getsockname()[1], "Content-Type: application/sdp",
                                    "Content-Length: %d" % len(sdp), "", sdp]).encode(), peer)
print(sys.argv[1], *sorted(where))
X
for way in session media both video-first; do python3 answer.py "$way"; done | tee seen
sipp -v 2>&1 | grep -o 'SIPp v[^,]*' | head -1
# the guess: 127.0.0.2, 127.0.0.3, 127.0.0.3, 127.0.0.3
printf '%s\n' 'session 127.0.0.2' 'media 127.0.0.3' 'both 127.0.0.2' 'video-first 127.0.0.2' | cmp - seen
