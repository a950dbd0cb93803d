#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# tshark 4.0.17 (Debian 12, package tshark 4.0.17-0+deb12u3): header fields with a blank before their colon ("Call-ID : one").
# One would guess: they are read, as RFC 3261 7.3.1 allows blanks there, gives an example of such a field, and a sender may write
#   them in any message (RFC 4475 3.1.1.1); or the packet is marked as malformed.
# Seen: the field is not known. Call-ID, From, To and CSeq of such a call are empty, for -Y, for -T fields and for statistics; a note of
#   the expert calls each an unrecognised header, with the blank as part of its name, and the packet is well-formed otherwise. A tab
#   is no better. Folded lines, short names ("i:") and other cases of letters are read. Seen on 2026-11-30.
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

FORMS = {"plain": ("Call-ID: ", "From: ", "To: ", "CSeq: "), "blank": ("Call-ID : ", "From : ", "To : ", "CSeq : "),
         "tab": ("Call-ID\t: ", "From\t: ", "To\t: ", "CSeq\t: "), "folded": ("Call-ID:\r\n ", "From:\r\n ", "To:\r\n ", "CSeq:\r\n "),
         "short": ("i:", "f:", "t:", "CSeq:"), "case": ("CALL-ID: ", "from: ", "TO: ", "cSEQ: ")}


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
    for at_s, (name, (call_id, caller, callee, sequence)) in enumerate(FORMS.items()):
        file.write(packet(at_s, (
            "INVITE sip:2002@192.0.2.20 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.10;branch=z9hG4bK%s\r\n%s<sip:1001@192.0.2.10>;tag=a\r\n"
            "%s<sip:2002@192.0.2.20>\r\n%scall-%s\r\n%s7 INVITE\r\nContact: <sip:1001@192.0.2.10>\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
            % (name, caller, callee, call_id, name, sequence)).encode()))
X2
tshark -n -r calls.pcap -T fields -E separator=, -e sip.Call-ID -e sip.from.user -e sip.to.user -e sip.CSeq.seq -e _ws.malformed >seen 2>said ||
    { cat said; exit 1; }
cat seen
diff seen - <<'X2'
call-plain,1001,2002,7,
,,,,
,,,,
call-folded,1001,2002,7,
call-short,1001,2002,7,
call-case,1001,2002,7,
X2
tshark -n -r calls.pcap -Y 'sip.Method == "INVITE" && !sip.Call-ID' -T fields -e _ws.expert.message 2>/dev/null >notes
head -1 notes
[ "$(grep -c 'Unrecognised SIP header (call-id' notes)" = 2 ]
