#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SIPp 3.6.1 (Debian 12, package sip-tester 1:3.6.1-1+b2): how long a scenario file may be.
# One would guess: as long as one likes. It is XML, the documentation knows no limit, and files with many branches,
#   each with its messages, grow to such lengths by themselves.
# Seen: a file of 65,535 bytes is played; the same with one blank more in a comment is "Unable to load or parse 'x.xml'
#   xml scenario file", exit code 1, and nothing says that its length is the reason, though it is well-formed. So a
#   long scenario wants its comments taken out, which count. Seen on 2026-11-30.
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
<recv request="OPTIONS"/>
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
cat > head.xml <<'X'
<?xml version="1.0" encoding="UTF-8" ?>
<scenario name="uac">
<send>
  <![CDATA[
    OPTIONS sip:a@[remote_ip]:[remote_port] SIP/2.0
    Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
    From: <sip:b@[local_ip]:[local_port]>;tag=[call_number]
    To: <sip:a@[remote_ip]:[remote_port]>
    Call-ID: [call_id]
    CSeq: 1 OPTIONS
    Max-Forwards: 70
    Content-Length: 0

  ]]>
</send>
<recv response="200"/>
</scenario>
X
of_length() { # BYTES: the scenario, and a comment of blanks
    local n=$(($1 - $(wc -c < head.xml) - 8))
    cat head.xml
    printf '<!--%*s-->\n' "$n" ''
}
port=$((20000 + RANDOM % 10000))
sipp -sf uas.xml -i 127.0.0.1 -p "$port" -ci 127.0.0.1 -m 1 -nostdin -timeout 30 >/dev/null 2>&1 &
uas=$!
sleep 1
play() { # BYTES: its exit code
    local rc=0
    of_length "$1" > uac.xml
    [ "$(wc -c < uac.xml)" = "$1" ]
    python3 -c 'import sys, xml.dom.minidom as m; m.parse(sys.argv[1])' uac.xml
    sipp "127.0.0.1:$port" -sf uac.xml -i 127.0.0.1 -ci 127.0.0.1 -m 1 -nostdin -timeout 20 >"$1.out" 2>&1 || rc=$?
    echo "$rc"
}
longer=$(play 65536)
long=$(play 65535)
wait "$uas"
version=$(sipp -v 2>&1 | grep -o 'SIPp v[^,]*' | head -1)
echo "$version: 65,535 bytes: exit code $long; 65,536 bytes: exit code $longer," \
    "$(grep -ao "Unable to load.*" 65536.out | tail -1)"
[ "$long" = 0 ]
[ "$longer" = 1 ]
grep -aq "Unable to load or parse 'uac.xml' xml scenario file" 65536.out
