#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SIPp 3.6.1 (Debian 12, package sip-tester 1:3.6.1-1+b2): which line <ereg search_in="hdr" header="To:"> reads.
# One would guess: the header To, where a line begins so, and its short form "t:" as well: the same program's [last_To:]
#   finds both, and copies each as it came.
# Seen: the first place where the text stands, in the name of another header too. Behind Reply-To it reads whom to answer,
#   and Expires reads a Session-Expires; a To in short form it does not find at all. With a newline before the name in the
#   attribute it reads the header itself. Seen on 2026-11-30.
set -eu
d=$(mktemp -d); trap 'kill "${uas:-}" 2>/dev/null || true; rm -rf "$d"' EXIT
mkdir -p "$d/debs/partial"
apt-get -o DPkg::Lock::Timeout=120 -o Dir::Cache::archives="$d/debs" -o APT::Sandbox::User=root \
    install -y -qq --no-install-recommends --reinstall -d sip-tester=1:3.6.1-1+b2 >/dev/null
apt-get -o DPkg::Lock::Timeout=120 install -y -qq --no-install-recommends sip-tester=1:3.6.1-1+b2 >/dev/null # what it links to
for deb in "$d"/debs/sip-tester*.deb; do dpkg -x "$deb" "$d/root"; done
export PATH="$d/root/usr/bin:$d/root/usr/sbin:$PATH" LD_LIBRARY_PATH="$d/root/usr/lib/x86_64-linux-gnu"
[ "$(command -v sipp)" = "$d/root/usr/bin/sipp" ]
cd "$d"
cat > uas.xml <<'X'
<?xml version="1.0" encoding="UTF-8" ?>
<scenario name="uas">
<recv request="OPTIONS">
  <action>
    <assignstr assign_to="to" value="nothing"/>
    <ereg regexp="[^ ].*" search_in="hdr" header="To:" assign_to="to"/>
    <assignstr assign_to="expires" value="nothing"/>
    <ereg regexp="[0-9]+" search_in="hdr" header="Expires:" assign_to="expires"/>
    <assignstr assign_to="line" value="nothing"/>
    <ereg regexp="[^ ].*" search_in="hdr" header="
To:" assign_to="line"/>
    <log message="To: [$to]; Expires: [$expires]; To of a line: [$line]"/>
  </action>
</recv>
<send>
  <![CDATA[
    SIP/2.0 200 OK
    [last_Via:]
    [last_From:]
    [last_To:];tag=1
    [last_Call-ID:]
    [last_CSeq:]
    Content-Length: 0

  ]]>
</send>
</scenario>
X
port=$((20000 + RANDOM % 10000))
sipp -sf uas.xml -i 127.0.0.1 -p "$port" -ci 127.0.0.1 -m 3 -nostdin -timeout 20 -trace_logs -log_file uas.log \
    -trace_msg -message_file uas.messages >/dev/null 2>&1 &
uas=$!
sleep 1
# ask ID NAME_OF_TO MORE_HEADERS: one OPTIONS in one datagram.
ask() {
    printf '%b' "OPTIONS sip:a@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bK$1\r\n$3From: <sip:b@example.org>;tag=b\r\n$2: <sip:a@example.org>\r\nCall-ID: $1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n" >"$1"
    cat "$1" >"/dev/udp/127.0.0.1/$port"
    sleep 0.3
}
ask plain To ''
ask others To 'Reply-To: <sip:c@example.org>\r\nSession-Expires: 1800\r\n'
ask short t ''
wait "$uas"
version=$(sipp -v 2>&1 | grep -o 'SIPp v[^,]*' | head -1)
cat uas.log
echo "$version"
printf '%s\n' 'To: <sip:a@example.org>; Expires: nothing; To of a line: <sip:a@example.org>' \
    'To: <sip:c@example.org>; Expires: 1800; To of a line: <sip:a@example.org>' \
    'To: nothing; Expires: nothing; To of a line: nothing' | cmp - uas.log
# the answer to the one in short form has it from [last_To:]
grep -q '^t: <sip:a@example.org>;tag=1' uas.messages
