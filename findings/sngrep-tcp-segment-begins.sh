#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# sngrep 1.6.0 (Debian 12, package sngrep 1.6.0-1): SIP over TCP where a segment does not begin with a whole name of a method.
# One would guess: TCP is a stream, and sngrep puts segments together; where they are cut is of no account.
# Seen: it is put together from where a segment begins with a known method and a blank. An INVITE cut after "INVIT", or behind the CRLF of a
#   keep-alive (RFC 5626 3.5.1) in one segment, is dropped, and with it the whole call: its answer, ACK and BYE are not kept either, and
#   the list is shorter by it without a word. Cut later (behind "INVITE sip:20") it is read, two in one segment as well. Seen on 2026-11-30.
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
python3 - <<'X2'
import struct

CALLER, CENTRE = (192, 0, 2, 10), (192, 0, 2, 20)


def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    total = (total & 0xffff) + (total >> 16)
    return ~((total & 0xffff) + (total >> 16)) & 0xffff


class Connection:
    def __init__(self, file, port):
        self.file, self.port, self.next = file, port, {CALLER: 1000, CENTRE: 5000}

    def send(self, at_ms, source, data, flags=0x18):
        target = CENTRE if source == CALLER else CALLER
        ports = (self.port, 5060) if source == CALLER else (5060, self.port)
        tcp = struct.pack("!HHIIBBHHH", *ports, self.next[source], self.next[target] if flags & 0x10 else 0, 0x50, flags, 65535, 0, 0) + data
        pseudo = bytes(source) + bytes(target) + struct.pack("!BBH", 0, 6, len(tcp)) + tcp
        tcp = tcp[:16] + struct.pack("!H", checksum(pseudo + b"\0" * (len(tcp) % 2))) + tcp[18:]
        ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 0, 0x4000, 64, 6, 0, bytes(source), bytes(target))
        ip = ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:]
        frame = b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0" + ip + tcp
        self.file.write(struct.pack("<IIII", 1767225600 + at_ms // 1000, at_ms % 1000 * 1000, len(frame), len(frame)) + frame)
        self.next[source] += len(data) + (flags >> 1 & 1)


def message(call, first, sequence, to_tag=";tag=b"):
    more = "" if first.startswith("SIP/") else "Max-Forwards: 70\r\n"
    if sequence.endswith("INVITE"):
        more += "Contact: <sip:%s;transport=tcp>\r\n" % ("2002@192.0.2.20" if first.startswith("SIP/") else "1001@192.0.2.10")
    return ("%s\r\nVia: SIP/2.0/TCP 192.0.2.10;branch=z9hG4bK%s%s\r\nFrom: <sip:1001@192.0.2.10>;tag=a\r\nTo: <sip:2002@192.0.2.20>%s\r\n"
            "Call-ID: %s\r\nCSeq: %s\r\n%sContent-Length: 0\r\n\r\n" % (first, call, sequence[0], to_tag, call, sequence, more)).encode()


def call(connection, at_ms, name, *cuts, before=b"", apart=False):
    """One call: its INVITE is cut into segments at `cuts`; `before`, in a segment of its own if `apart`, precedes it."""
    invite = message(name, "INVITE sip:2002@192.0.2.20 SIP/2.0", "1 INVITE", "")
    if apart:
        connection.send(at_ms - 5, CALLER, before)
    else:
        invite = before + invite
    for begin, end in zip((0,) + cuts, cuts + (len(invite),)):
        connection.send(at_ms, CALLER, invite[begin:end])
    connection.send(at_ms + 20, CENTRE, message(name, "SIP/2.0 200 OK", "1 INVITE"))
    connection.send(at_ms + 30, CALLER, message(name, "ACK sip:2002@192.0.2.20 SIP/2.0", "1 ACK"))
    connection.send(at_ms + 2000, CALLER, message(name, "BYE sip:2002@192.0.2.20 SIP/2.0", "2 BYE"))
    connection.send(at_ms + 2010, CENTRE, message(name, "SIP/2.0 200 OK", "2 BYE"))


with open("calls.pcap", "wb") as file:
    file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
    one = Connection(file, 40001)
    one.send(0, CALLER, b"", 2)
    one.send(1, CENTRE, b"", 0x12)
    one.send(2, CALLER, b"", 0x10)
    call(one, 1000, "plain")
    call(one, 5000, "ping-before", before=b"\r\n\r\n")
    call(one, 9000, "ping-apart", before=b"\r\n\r\n", apart=True)
    call(one, 13000, "cut-in-method", 5)
    call(one, 17000, "cut-later", 13)
    call(one, 21000, "cut-twice", 13, 200)
X2
timeout 60 sngrep -F -N -q -I calls.pcap -O out.pcap </dev/null >said 2>&1
cat said
# how many packets of each call it has kept
python3 - >counts <<'X2'
import re
import struct

data, at, calls = open("out.pcap", "rb").read(), 24, {}
while at + 16 <= len(data):
    size = struct.unpack_from("<I", data, at + 8)[0]
    for name in re.findall(rb"Call-ID: ([a-z-]*)", data[at + 16:at + 16 + size]):
        calls[name.decode()] = calls.get(name.decode(), 0) + 1
    at += 16 + size
for name in sorted(calls):
    print(name, calls[name])
X2
cat counts
diff counts - <<'X2'
cut-later 5
cut-twice 5
ping-apart 5
plain 5
X2
[ ! -s said ]
