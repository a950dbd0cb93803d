#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# mergecap 4.0.17 (Debian 12, package wireshark-common 4.0.17-0+deb12u3): packets of two files that bear the same time stamp.
# One would guess: a merge is stable: of equal stamps the file named first comes first, so `mergecap -w all callers.pcap centre.pcap` has the
# requests (first file) before the replies (second file) of the same microsecond.
# Seen: the file named LAST comes first, for each of the five instants, and with three files, too: their order is reversed wherever stamps are equal. Two taps
# with microsecond clocks merged in the natural order show replies before their requests. Seen on 2026-11-29.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
mkdir -p "$d/debs/partial"
v=4.0.17-0+deb12u3
apt-get -o DPkg::Lock::Timeout=120 -o Dir::Cache::archives="$d/debs" -o APT::Sandbox::User=root \
    install -y -qq --no-install-recommends --reinstall -d wireshark-common=$v libwireshark16=$v libwiretap13=$v libwsutil14=$v >/dev/null
for deb in "$d"/debs/*.deb; do dpkg -x "$deb" "$d/root"; done
lib=$d/root/usr/lib/x86_64-linux-gnu
export PATH="$d/root/usr/bin:$d/root/usr/sbin:$PATH" LD_LIBRARY_PATH="$lib:$d/root/lib/x86_64-linux-gnu"
[ "$(command -v mergecap)" = "$d/root/usr/bin/mergecap" ]
cd "$d"
# A pcap file (link type 101, raw IPv4) of five UDP packets at 1, 2, .. 5 s; $2: four hex digits of the source port.
le32() { printf '%08x' "$1" | sed 's/\(..\)\(..\)\(..\)\(..\)/\4\3\2\1/'; }
make_file() {
    {
        printf 'd4c3b2a1020004000000000000000000ffff000065000000'
        for s in 1 2 3 4 5; do
            printf '%s%s%s%s' "$(le32 $s)" "$(le32 0)" "$(le32 28)" "$(le32 28)"
            printf '4500001c00000000401100007f0000017f000001%s07d000080000' "$2"
        done
    } | sed 's/../\\x&/g' | xargs -0 printf >"$1"
}
# The source ports in a file, in hex: bytes 20 and 21 of each packet behind headers of 24 and 16 bytes.
ports() { od -An -v -tx1 -w44 -j24 "$1" | awk '{ printf "%s%s ", $37, $38 }'; }
make_file first.pcap 0001
make_file second.pcap 0002
make_file third.pcap 0003
mergecap -F pcap -w two.pcap first.pcap second.pcap 2>/dev/null
mergecap -F pcap -w three.pcap first.pcap second.pcap third.pcap 2>/dev/null
seen="$(ports two.pcap)/ $(ports three.pcap)"
echo "$seen"
[ "$seen" = "0002 0001 0002 0001 0002 0001 0002 0001 0002 0001 / 0003 0002 0001 0003 0002 0001 0003 0002 0001 0003 0002 0001 0003 0002 0001 " ]
