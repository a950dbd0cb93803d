#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# tshark 4.0.17 (Debian 12, package tshark 4.0.17-0+deb12u3): "Lost" of `-z rtp,streams` where a tap sees some packets twice.
# One would guess: a packet that comes twice has the same sequence number and is counted once, so that 10 % lost reads 10 %.
# Seen: lost = expected - seen, copies included: 500 packets each seen twice read -500 (-100.0%); a stream that lacks every tenth packet while another tenth is
# seen twice reads 0 (0.0%). A loss alarm built on it is blind at such a tap; RFC 3550 A.3 allows the negative number, but nothing tells it from
# health. Seen on 2026-11-29.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
mkdir -p "$d/debs/partial"
v=4.0.17-0+deb12u3
apt-get -o DPkg::Lock::Timeout=120 -o Dir::Cache::archives="$d/debs" -o APT::Sandbox::User=root \
    install -y -qq --no-install-recommends --reinstall -d tshark=$v wireshark-common=$v libwireshark16=$v libwiretap13=$v libwsutil14=$v >/dev/null
apt-get -o DPkg::Lock::Timeout=120 install -y -qq --no-install-recommends python3 >/dev/null
for deb in "$d"/debs/*.deb; do dpkg -x "$deb" "$d/root"; done
lib=$d/root/usr/lib/x86_64-linux-gnu
export PATH="$d/root/usr/bin:$d/root/usr/sbin:$PATH" LD_LIBRARY_PATH="$lib:$d/root/lib/x86_64-linux-gnu"
[ "$(command -v tshark)" = "$d/root/usr/bin/tshark" ]
cd "$d"
cat > make.py <<'P'
import struct

def packet(n, shift_us=0):
    rtp = struct.pack(">BBHII", 0x80, 0, n + 100, n * 160, 1) + b"\xd5" * 160
    udp = struct.pack(">HHHH", 4000, 4002, 8 + len(rtp), 0) + rtp
    ip = struct.pack(">BBHHHBBH4B4B", 0x45, 0, 20 + len(udp), n, 0, 64, 17, 0, 192, 0, 2, 1, 192, 0, 2, 2) + udp
    us = n * 20000 + shift_us
    return us, struct.pack("<IIII", 1700000000 + us // 1000000, us % 1000000, len(ip), len(ip)) + ip

def save(name, packets):
    with open(name, "wb") as f:
        f.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))
        for _, record in sorted(packets):
            f.write(record)

all_once = [packet(n) for n in range(500)]
save("healthy.pcap", all_once)
save("doubled.pcap", all_once + [packet(n, 10) for n in range(500)])
lossy = [packet(n) for n in range(500) if n % 10 != 5]
save("lossy.pcap", lossy)
save("lossy_and_doubled.pcap", lossy + [packet(n, 10) for n in range(500) if n % 10 == 7])
P
python3 make.py
seen=""
for kind in healthy doubled lossy lossy_and_doubled; do
    lost=$(tshark -r $kind.pcap -d udp.port==4002,rtp -q -z rtp,streams 2>/dev/null | grep -o -- '-\?[0-9]* (-\?[0-9.]*%)')
    seen="$seen$kind: $lost; "
done
echo "$seen"
[ "$seen" = "healthy: 0 (0.0%); doubled: -500 (-100.0%); lossy: 50 (10.0%); lossy_and_doubled: 0 (0.0%); " ]
