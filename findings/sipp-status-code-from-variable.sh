#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SIPp 3.6.1 (Debian 12, package sip-tester 1:3.6.1-1+b2): whether a response's status line may be a variable.
# One would guess: it may. The documentation says that [$n] puts a variable's value into a message that is sent, a
#   status line is a line like the others, and a UAS that answers each call with what its injection file says is an
#   obvious use. A wrong value could only be seen when the message goes out.
# Seen: "SIP/2.0 [$code] Busy Here" ends the program before it takes a call: "Response codes must be in the range of
#   100-700", exit code 1; the code is read when the scenario is. The words behind the code may be a variable. So
#   each code needs a <send> of its own, and a branch to it. Seen on 2026-11-30.
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
uas_with() { # STATUS: a phone that answers with it, whose variables are code and words
    cat <<X
<?xml version="1.0" encoding="UTF-8" ?>
<scenario name="uas">
<recv request="INVITE">
  <action>
    <assignstr assign_to="code" value="486"/>
    <assignstr assign_to="words" value="Busy Here"/>
    <log message="[\$code] [\$words]"/>
  </action>
</recv>
<send>
  <![CDATA[
    SIP/2.0 $1
    [last_Via:]
    [last_From:]
    [last_To:];tag=1
    [last_Call-ID:]
    [last_CSeq:]
    Content-Length: 0

  ]]>
</send>
<recv request="ACK"/>
</scenario>
X
}
cat > uac.xml <<'X'
<?xml version="1.0" encoding="UTF-8" ?>
<scenario name="uac">
<send>
  <![CDATA[
    INVITE sip:a@[remote_ip]:[remote_port] SIP/2.0
    Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
    From: <sip:b@[local_ip]:[local_port]>;tag=[call_number]
    To: <sip:a@[remote_ip]:[remote_port]>
    Call-ID: [call_id]
    CSeq: 1 INVITE
    Contact: <sip:b@[local_ip]:[local_port]>
    Max-Forwards: 70
    Content-Length: 0

  ]]>
</send>
<recv response="486">
  <action>
    <ereg regexp="^SIP/2.0 .* Here" search_in="msg" assign_to="read"/>
    <log message="[$read]"/>
  </action>
</recv>
<send>
  <![CDATA[
    ACK sip:a@[remote_ip]:[remote_port] SIP/2.0
    [last_Via:]
    [last_From:]
    [last_To:]
    [last_Call-ID:]
    CSeq: 1 ACK
    Max-Forwards: 70
    Content-Length: 0

  ]]>
</send>
</scenario>
X
port=$((20000 + RANDOM % 10000))
uas_with '[$code] [$words]' > code.xml
uas_with '486 [$words]' > words.xml
rc=0
sipp -sf code.xml -i 127.0.0.1 -p "$port" -ci 127.0.0.1 -m 1 -nostdin -timeout 20 >code.out 2>&1 || rc=$?
sipp -sf words.xml -i 127.0.0.1 -p "$port" -ci 127.0.0.1 -m 1 -nostdin -timeout 20 >words.out 2>&1 &
uas=$!
sleep 1
sipp "127.0.0.1:$port" -sf uac.xml -i 127.0.0.1 -ci 127.0.0.1 -m 1 -nostdin -timeout 20 -trace_logs -log_file uac.log >/dev/null 2>&1
wait "$uas"
version=$(sipp -v 2>&1 | grep -o 'SIPp v[^,]*' | head -1)
echo "$version: [\$code]: exit code $rc, $(grep -ao 'Response codes must.*' code.out | tail -1); 486 [\$words]: $(cat uac.log)"
[ "$rc" = 1 ]
grep -aq 'Response codes must be in the range of 100-700' code.out
grep -qx 'SIP/2.0 486 Busy Here' uac.log
