#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SIPp 3.6.1 (Debian 12, package sip-tester 1:3.6.1-1+b2): which message [last_CSeq:] is of, in an action of a <recv>.
# One would guess: of the message that this <recv> has just received. The documentation says that [last_*] is "the
#   specified header from the last message received", and actions of a <recv> are for what was received: <ereg
#   search_in="hdr"> in the same action reads the new message.
# Seen: it is of the message before. At the first message of a call it is empty: nothing was received yet. The same
#   keyword in the action of the <send> that follows is the new message's. So a Via kept in the <recv> of an INVITE is
#   nothing, and a 487 made from it has no Via: its sender takes it for nobody's. Seen on 2026-11-29.
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
<recv request="INVITE">
  <action>
    <assignstr assign_to="kept" value="[last_CSeq:]"/>
    <ereg regexp="[0-9]+ [A-Z]+" search_in="hdr" header="CSeq:" assign_to="read"/>
    <log message="INVITE: kept [$kept]; read [$read]"/>
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
    Contact: <sip:a@[local_ip]:[local_port]>
    Content-Length: 0

  ]]>
  <action>
    <assignstr assign_to="kept" value="[last_CSeq:]"/>
    <log message="its 200: kept [$kept]"/>
  </action>
</send>
<recv request="ACK"/>
<recv request="BYE">
  <action>
    <assignstr assign_to="kept" value="[last_CSeq:]"/>
    <ereg regexp="[0-9]+ [A-Z]+" search_in="hdr" header="CSeq:" assign_to="read"/>
    <log message="BYE: kept [$kept]; read [$read]"/>
  </action>
</recv>
<send>
  <![CDATA[
    SIP/2.0 200 OK
    [last_Via:]
    [last_From:]
    [last_To:]
    [last_Call-ID:]
    [last_CSeq:]
    Content-Length: 0

  ]]>
</send>
</scenario>
X
port=$((20000 + RANDOM % 10000))
sipp -sf uas.xml -i 127.0.0.1 -p "$port" -ci 127.0.0.1 -m 1 -nostdin -timeout 20 -trace_logs -log_file uas.log >/dev/null 2>&1 &
uas=$!
sleep 1
sipp "127.0.0.1:$port" -sn uac -i 127.0.0.1 -ci 127.0.0.1 -m 1 -d 100 -nostdin -timeout 20 >/dev/null 2>&1
wait "$uas"
version=$(sipp -v 2>&1 | grep -o 'SIPp v[^,]*' | head -1)
cat uas.log
echo "$version"
grep -qx 'INVITE: kept ; read 1 INVITE' uas.log
grep -qx 'its 200: kept CSeq: 1 INVITE' uas.log
grep -qx 'BYE: kept CSeq: 1 ACK; read 2 BYE' uas.log
