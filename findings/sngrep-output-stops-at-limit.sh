#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# sngrep 1.6.0 (Debian 12, package sngrep 1.6.0-1): a capture of more than 20,000 calls written out again (-I FILE -O FILE -N).
# One would guess: -l, the limit of dialogs (20,000 unless told), is one of what the screens show; -O writes what -I reads. Or the rest
#   is said to be left out.
# Seen: of 25,000 calls of three messages each the new file has 19,999 whole calls and one message of the next: 59,998 packets of 75,000. No
#   word on standard error, exit code 0. With -l 25000 two packets are missing still, with -l 25001 none.
#   Seen on 2026-11-30.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
mkdir -p "$d/debs/partial"
apt-get -o DPkg::Lock::Timeout=120 -o Dir::Cache::archives="$d/debs" -o APT::Sandbox::User=root \
    install -y -qq --no-install-recommends --reinstall -d sngrep=1.6.0-1 >/dev/null
apt-get -o DPkg::Lock::Timeout=120 install -y -qq --no-install-recommends sngrep=1.6.0-1 python3 >/dev/null # what it links to
for deb in "$d"/debs/sngrep*.deb; do dpkg -x "$deb" "$d/root"; done
export PATH="$d/root/usr/bin:$PATH"
[ "$(command -v sngrep)" = "$d/root/usr/bin/sngrep" ]
cd "$d"
cat >capture.py <<'X2'
import struct
import sys


def message(call, first, cseq, to_tag):
    more = "" if first.startswith("SIP/") else "Contact: <sip:1@192.0.2.10>\r\nMax-Forwards: 70\r\n"
    return ("%s\r\nVia: SIP/2.0/UDP 192.0.2.10;branch=z9hG4bK%s\r\nFrom: <sip:1@192.0.2.10>;tag=a\r\n"
            "To: <sip:2@192.0.2.20>%s\r\nCall-ID: %s\r\nCSeq: %s\r\n%sContent-Length: 0\r\n\r\n"
            % (first, call, ";tag=b" if to_tag else "", call, cseq, more)).encode()


def packet(at_ms, source, target, payload):
    udp = struct.pack("!HHHH", 5060, 5060, 8 + len(payload), 0) + payload
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, bytes(source), bytes(target))
    total = sum(struct.unpack("!10H", ip))
    total = (total & 0xffff) + (total >> 16)
    ip = ip[:10] + struct.pack("!H", ~total & 0xffff) + ip[12:]
    frame = b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0" + ip + udp
    return struct.pack("<IIII", 1767225600 + at_ms // 1000, at_ms % 1000 * 1000, len(frame), len(frame)) + frame


def write():
    caller, centre = (192, 0, 2, 10), (192, 0, 2, 20)
    with open("calls.pcap", "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        for one in range(25000):
            call = "c%d" % one
            file.write(packet(one * 10, caller, centre, message(call, "INVITE sip:2@192.0.2.20 SIP/2.0", "1 INVITE", False)))
            file.write(packet(one * 10 + 2, centre, caller, message(call, "SIP/2.0 486 Busy Here", "1 INVITE", True)))
            file.write(packet(one * 10 + 4, caller, centre, message(call, "ACK sip:2@192.0.2.20 SIP/2.0", "1 ACK", True)))


def count(name):
    data, at, packets, calls = open(name, "rb").read(), 24, 0, 0
    while at + 16 <= len(data):
        size = struct.unpack_from("<I", data, at + 8)[0]
        calls += b"INVITE sip:" in data[at + 16:at + 16 + size]
        packets, at = packets + 1, at + 16 + size
    return "%d packets, %d INVITEs" % (packets, calls)


if sys.argv[1:]:
    print(count(sys.argv[1]))
else:
    write()
X2
python3 capture.py
# try EXPECTED OPTION..: what the file written has
try() {
    local expected=$1 seen; shift
    rm -f out.pcap
    timeout 120 sngrep -F -N -q -I calls.pcap -O out.pcap "$@" </dev/null >said 2>&1 # its exit code is 0, or this ends here
    seen=$(python3 capture.py out.pcap)
    echo "sngrep $*: $seen; it said: '$(cat said)'"
    [ "$seen" = "$expected" ] && [ ! -s said ]
}
try '59998 packets, 20000 INVITEs'
try '74998 packets, 25000 INVITEs' -l 25000
try '75000 packets, 25000 INVITEs' -l 25001
