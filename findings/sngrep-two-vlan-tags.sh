#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# sngrep 1.6.0 (Debian 12, package sngrep 1.6.0-1): SIP behind two VLAN tags (802.1ad, as providers hand trunks over), read from a file.
# One would guess: as VLANs are read (one tag is), two are, or else it says that frames were not read.
# Seen: behind one 802.1Q tag the INVITE is found; behind 0x88a8 + 0x8100, behind 0x8100 twice, and behind a single 0x88a8 nothing is found, nothing is said,
# and the exit code is 0: an empty list that reads as "no calls". Seen on 2026-11-29.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
mkdir -p "$d/debs/partial"
apt-get -o DPkg::Lock::Timeout=120 -o Dir::Cache::archives="$d/debs" -o APT::Sandbox::User=root \
    install -y -qq --no-install-recommends -d sngrep=1.6.0-1 --reinstall >/dev/null
apt-get -o DPkg::Lock::Timeout=120 install -y -qq --no-install-recommends sngrep=1.6.0-1 >/dev/null # what it links to
for deb in "$d"/debs/sngrep*.deb; do dpkg -x "$deb" "$d/root"; done
export PATH="$d/root/usr/bin:$PATH"
[ "$(command -v sngrep)" = "$d/root/usr/bin/sngrep" ]
cd "$d"
le32() { printf '%08x' "$1" | sed 's/\(..\)\(..\)\(..\)\(..\)/\\x\4\\x\3\\x\2\\x\1/'; }
be16() { printf '%04x' "$1" | sed 's/\(..\)\(..\)/\\x\1\\x\2/'; }
printf '%s\r\n' 'INVITE sip:2@192.0.2.2 SIP/2.0' 'Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1' 'From: <sip:1@192.0.2.1>;tag=a' 'To: <sip:2@192.0.2.2>' \
    'Call-ID: c1' 'CSeq: 1 INVITE' 'Contact: <sip:1@192.0.2.1>' 'Max-Forwards: 70' 'Content-Length: 0' '' >text
n=$(wc -c <text)
# capture NAME TAGS N_TAG_BYTES: one Ethernet frame, its tags and EtherType given
capture() {
    {
        printf '\xd4\xc3\xb2\xa1\x02\0\x04\0\0\0\0\0\0\0\0\0\xff\xff\0\0\x01\0\0\0'
        len=$((n + 28 + 12 + $3))
        printf "$(le32 1700000000)$(le32 0)$(le32 $len)$(le32 $len)"
        printf '\x02\0\0\0\0\x01\x02\0\0\0\0\x02'
        printf "$2"
        printf "\\x45\\x00$(be16 $((n + 28)))\\x00\\x01\\x00\\x00\\x40\\x11\\x00\\x00\\xc0\\x00\\x02\\x01\\xc0\\x00\\x02\\x02"
        printf "\\x13\\xc4\\x13\\xc4$(be16 $((n + 8)))\\x00\\x00"
        cat text
    } >"$1.pcap"
}
capture untagged '\x08\x00' 2
capture one '\x81\x00\x00\x05\x08\x00' 6
capture 802.1ad '\x88\xa8\x00\x05\x81\x00\x00\x06\x08\x00' 10
capture 802.1q_twice '\x81\x00\x00\x05\x81\x00\x00\x06\x08\x00' 10
capture service_tag_alone '\x88\xa8\x00\x05\x08\x00' 6
seen=""
for kind in untagged one 802.1ad 802.1q_twice service_tag_alone; do
    code=0
    sngrep -N -q -I $kind.pcap -O out.pcap >said 2>&1 || code=$?
    found=0
    [ ! -s out.pcap ] || found=$(grep -a -c '^INVITE\|INVITE sip:2@' out.pcap || true)
    [ "$found" = 0 ] || found=1
    seen="$seen$kind: exit $code, INVITE found $found, said $(wc -c <said) bytes; "
    rm -f out.pcap
done
echo "$seen"
[ "$seen" = "untagged: exit 0, INVITE found 1, said 0 bytes; one: exit 0, INVITE found 1, said 0 bytes; 802.1ad: exit 0, INVITE found 0, said 0 bytes; 802.1q_twice: exit 0, INVITE found 0, said 0 bytes; service_tag_alone: exit 0, INVITE found 0, said 0 bytes; " ]
