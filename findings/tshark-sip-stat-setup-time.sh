#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# tshark 4.0.17 (Debian 12, package tshark 4.0.17-0+deb12u3): what `-z sip,stat` prints as "Average setup time".
# One would guess: from INVITE to 200 (or to 180) of the calls that were answered; a refused call has no setup time.
# Seen: the time from the INVITE to the ACK, whatever the ACK acknowledges: a call answered after 3000 ms counts 3001 (ACK 1 ms later), one refused with
# 486 after 10 ms counts 11, and an answered call whose ACK comes 2 s late counts 2 s more. A centre that refuses half of its calls at once shows half the setup time. Seen on 2026-11-29.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
mkdir -p "$d/debs/partial"
v=4.0.17-0+deb12u3
apt-get -o DPkg::Lock::Timeout=120 -o Dir::Cache::archives="$d/debs" -o APT::Sandbox::User=root \
    install -y -qq --no-install-recommends --reinstall -d tshark=$v wireshark-common=$v libwireshark16=$v libwiretap13=$v libwsutil14=$v >/dev/null
for deb in "$d"/debs/*.deb; do dpkg -x "$deb" "$d/root"; done
lib=$d/root/usr/lib/x86_64-linux-gnu
export PATH="$d/root/usr/bin:$d/root/usr/sbin:$PATH" LD_LIBRARY_PATH="$lib:$d/root/lib/x86_64-linux-gnu"
[ "$(command -v tshark)" = "$d/root/usr/bin/tshark" ]
cd "$d"
le32() { printf '%08x' "$1" | sed 's/\(..\)\(..\)\(..\)\(..\)/\\x\4\\x\3\\x\2\\x\1/'; }
be16() { printf '%04x' "$1" | sed 's/\(..\)\(..\)/\\x\1\\x\2/'; }
# packet MS FROM TO TEXT: one UDP packet from 10.0.0.FROM to 10.0.0.TO, both on port 5060, as a record of a pcap file (raw IPv4).
packet() {
    printf '%s\r\n' "$4" >text
    local n; n=$(wc -c <text)
    printf "$(le32 $((1700000000 + $1 / 1000)))$(le32 $(($1 % 1000 * 1000)))$(le32 $((n + 28)))$(le32 $((n + 28)))"
    printf "\\x45\\x00$(be16 $((n + 28)))\\x00\\x00\\x00\\x00\\x40\\x11\\x00\\x00\\x0a\\x00\\x00\\x0$2\\x0a\\x00\\x00\\x0$3"
    printf "\\x13\\xc4\\x13\\xc4$(be16 $((n + 8)))\\x00\\x00"
    cat text
}
# sip FIRST_LINE CALL CSEQ_METHOD BRANCH
sip() {
    printf '%s\r\n' "$1" "Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK$4" "From: <sip:1@10.0.0.1>;tag=a$2" "To: <sip:2@10.0.0.2>$5" \
        "Call-ID: $2" "CSeq: $3" "Contact: <sip:3@10.0.0.$6>" 'Max-Forwards: 70' 'Content-Length: 0'
}
# call NAME STATUS_LINE STATUS_AT_MS ACK_AT_MS: an INVITE at 0, its final answer, its ACK
call() {
    {
        printf '\xd4\xc3\xb2\xa1\x02\0\x04\0\0\0\0\0\0\0\0\0\xff\xff\0\0\x65\0\0\0'
        packet 0 1 2 "$(sip 'INVITE sip:2@10.0.0.2 SIP/2.0' "$1" '1 INVITE' 1 '' 1)"$'\r\n'
        packet "$3" 2 1 "$(sip "SIP/2.0 $2" "$1" '1 INVITE' 1 ';tag=b' 2)"$'\r\n'
        packet "$4" 1 2 "$(sip 'ACK sip:2@10.0.0.2 SIP/2.0' "$1" '1 ACK' "$5" ';tag=b' 1)"$'\r\n'
    } >"$1.pcap"
    printf '%s: ' "$1"
    tshark -q -r "$1.pcap" -z sip,stat 2>/dev/null | sed -n 's/^\* Average setup time //p'
}
seen=$(
    call answered '200 OK' 3000 3001 2
    call answered_ack_late '200 OK' 3000 5000 2
    call refused '486 Busy Here' 10 11 1
)
echo "$seen"
[ "$seen" = "answered: 3001 ms
answered_ack_late: 5000 ms
refused: 11 ms" ]
