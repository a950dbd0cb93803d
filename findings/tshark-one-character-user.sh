#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# tshark 4.0.17 (Debian 12, package tshark 4.0.17-0+deb12u3): the user part of SIP addresses (sip.from.user, sip.r-uri.user ..).
# One would guess: it is what stands before the "@", whatever its length; an operator's extension 0, a queue 1 are found by it.
# Seen: a user part of one character is none: the field is absent in From, To, Contact, P-Asserted-Identity and in the request line, so that
#   -Y 'sip.r-uri.user == "0"' finds nothing and a table by called number leaves these calls out. Two characters are read, and one with
#   a parameter behind it. The whole address (sip.from.addr) is there. Seen on 2026-11-30.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
mkdir -p "$d/debs/partial"
v=4.0.17-0+deb12u3
apt-get -o DPkg::Lock::Timeout=120 -o Dir::Cache::archives="$d/debs" -o APT::Sandbox::User=root \
    install -y -qq --no-install-recommends --reinstall -d tshark=$v wireshark-common=$v libwireshark16=$v libwiretap13=$v libwsutil14=$v >/dev/null
DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 install -y -qq --no-install-recommends tshark=$v python3 >/dev/null # what it links to
for deb in "$d"/debs/*.deb; do dpkg -x "$deb" "$d/root"; done
lib=$d/root/usr/lib/x86_64-linux-gnu
export PATH="$d/root/usr/bin:$PATH" LD_LIBRARY_PATH="$lib"
[ "$(command -v tshark)" = "$d/root/usr/bin/tshark" ]
cd "$d"
python3 - <<'X2'
import struct

USERS = ("0", "10", "1001", "a", "0;phone-context=here")


def packet(at_s, payload):
    udp = struct.pack("!HHHH", 5060, 5060, 8 + len(payload), 0) + payload
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, bytes((192, 0, 2, 10)), bytes((192, 0, 2, 20)))
    total = sum(struct.unpack("!10H", ip))
    total = (total & 0xffff) + (total >> 16)
    ip = ip[:10] + struct.pack("!H", ~total & 0xffff) + ip[12:]
    frame = b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0" + ip + udp
    return struct.pack("<IIII", 1767225600 + at_s, 0, len(frame), len(frame)) + frame


with open("calls.pcap", "wb") as file:
    file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
    for at_s, user in enumerate(USERS):
        file.write(packet(at_s, (
            "INVITE sip:%s@192.0.2.20 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.10;branch=z9hG4bK%d\r\nFrom: <sip:%s@192.0.2.10>;tag=a\r\n"
            "To: <sip:%s@192.0.2.20>\r\nP-Asserted-Identity: <sip:%s@192.0.2.10>\r\nContact: <sip:%s@192.0.2.10>\r\nCall-ID: call-%d\r\n"
            "CSeq: 1 INVITE\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n" % (user, at_s, user, user, user, user, at_s)).encode()))
X2
tshark -n -r calls.pcap -T fields -E separator=, -e sip.Call-ID -e sip.r-uri.user -e sip.from.user -e sip.to.user -e sip.pai.user -e sip.contact.user \
    -e sip.from.addr >seen 2>said || { cat said; exit 1; }
cat seen
diff seen - <<'X2'
call-0,,,,,,sip:0@192.0.2.10
call-1,10,10,10,10,10,sip:10@192.0.2.10
call-2,1001,1001,1001,1001,1001,sip:1001@192.0.2.10
call-3,,,,,,sip:a@192.0.2.10
call-4,0;phone-context=here,0;phone-context=here,0;phone-context=here,0;phone-context=here,0;phone-context=here,sip:0;phone-context=here@192.0.2.10
X2
found=$(tshark -n -r calls.pcap -Y 'sip.r-uri.user == "0"' 2>/dev/null | wc -l)
echo "calls to 0 found: $found"
[ "$found" = 0 ]
