#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Kamailio 5.6.3 (Debian 12, package kamailio 5.6.3-2): the duration of a call in the records of acc (cdr_enable, defaults otherwise).
# One would guess: from the answer to the BYE, which is what is billed and what every other record of calls calls duration.
# Seen: from the INVITE to the BYE: a call that rings for 3 s and is talked for 2 s has a duration of 5 s. With cdr_start_on_confirmed=1 it is
#   2 s. (A mean talk time for a staffing plan, taken from these records, has the wait in it.) Seen on 2026-11-30.
set -eu
d=$(mktemp -d); proxy=
trap '[ -z "$proxy" ] || kill "$proxy" 2>/dev/null || true; rm -rf "$d"' EXIT
mkdir -p "$d/debs/partial"
apt-get -o DPkg::Lock::Timeout=120 -o Dir::Cache::archives="$d/debs" -o APT::Sandbox::User=root \
    install -y -qq --no-install-recommends --reinstall -d kamailio=5.6.3-2 >/dev/null
apt-get -o DPkg::Lock::Timeout=120 install -y -qq --no-install-recommends kamailio=5.6.3-2 python3 >/dev/null # what it links to
for deb in "$d"/debs/kamailio*.deb; do dpkg -x "$deb" "$d/root"; done
lib=$d/root/usr/lib/x86_64-linux-gnu
export PATH="$d/root/usr/sbin:$PATH" LD_LIBRARY_PATH="$lib/kamailio"
[ "$(command -v kamailio)" = "$d/root/usr/sbin/kamailio" ]
cd "$d"
cat >call.py <<'X2'
# Caller and phone of one call through the proxy: rings for 3 s, is talked for 2 s.
import re
import socket
import sys
import time

proxy = ("127.0.0.1", int(sys.argv[1]))
caller = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
caller.bind(("127.0.0.1", 0))
phone = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
phone.bind(("127.0.0.1", int(sys.argv[2])))
for plug in (caller, phone):
    plug.settimeout(10)
port = caller.getsockname()[1]


def request(method, number, branch, to_tag, route):
    return ("%s sip:u@127.0.0.1:%s SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%d;branch=z9hG4bK%s\r\n%s"
            "From: <sip:a@127.0.0.1>;tag=a\r\nTo: <sip:u@127.0.0.1>%s\r\nCall-ID: one\r\nCSeq: %d %s\r\n"
            "Contact: <sip:a@127.0.0.1:%d>\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
            % (method, sys.argv[2], port, branch, route, to_tag, number, method, port)).encode()


def receive(plug, wanted):
    while True:
        text = plug.recv(8000).decode()
        if text.startswith(wanted):
            return text


def answer(asked, status):
    kept = re.findall(r"(?mi)^(?:Via|Record-Route|From|Call-ID|CSeq):.*\r\n", asked)
    to = re.search(r"(?mi)^To:.*", asked).group(0).strip()
    if "tag=" not in to:
        to += ";tag=b"
    text = "SIP/2.0 %s\r\n%s%s\r\nContact: <sip:u@127.0.0.1:%s>\r\nContent-Length: 0\r\n\r\n" % (
        status, "".join(kept), to, sys.argv[2])
    phone.sendto(text.encode(), proxy)


caller.sendto(request("INVITE", 1, "i", "", ""), proxy)
invite = receive(phone, "INVITE")
answer(invite, "180 Ringing")
time.sleep(3)
answer(invite, "200 OK")
ok = receive(caller, "SIP/2.0 200")
route = "".join("Route: %s\r\n" % one for one in reversed(re.findall(r"(?mi)^Record-Route: *(.*?)\r\n", ok)))
caller.sendto(request("ACK", 1, "k", ";tag=b", route), proxy)
receive(phone, "ACK")
time.sleep(2)
caller.sendto(request("BYE", 2, "y", ";tag=b", route), proxy)
answer(receive(phone, "BYE"), "200 OK")
receive(caller, "SIP/2.0 200")
X2
free_port() { python3 -c 'import socket; s = socket.socket(type=socket.SOCK_DGRAM); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
# duration LINE: of the call's record, in whole seconds, with one more line in the configuration
duration() {
    local port phone
    port=$(free_port); phone=$(free_port)
    cat >proxy.cfg <<X2
debug=1
log_stderror=yes
children=1
disable_tcp=yes
listen=udp:127.0.0.1:$port
mpath="$lib/kamailio/modules/"
loadmodule "sl.so"
loadmodule "tm.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "siputils.so"
loadmodule "dialog.so"
loadmodule "acc.so"
modparam("acc", "cdr_enable", 1)
modparam("acc", "cdr_log_enable", 1)
$1
request_route {
    if (has_totag()) { loose_route(); t_relay(); exit; }
    dlg_manage(); record_route();
    \$du = "sip:127.0.0.1:$phone";
    t_relay();
}
X2
    kamailio -f proxy.cfg -DD -E -w "$d" -Y "$d" >log 2>&1 &
    proxy=$!
    until grep -q 'udp: 127.0.0.1' log; do kill -0 "$proxy"; sleep 0.1; done
    sleep 2
    timeout 60 python3 call.py "$port" "$phone" >&2
    sleep 1
    kill "$proxy"; wait "$proxy" || true
    proxy=
    sed -n 's/.*duration=\([0-9]*\)\..*/\1/p' log >seconds
    [ -s seconds ] || cat log >&2
}
duration ''
echo "rings 3 s, talks 2 s; duration: $(cat seconds) s"
[ "$(cat seconds)" -ge 5 ]
duration 'modparam("acc", "cdr_start_on_confirmed", 1)'
echo "with cdr_start_on_confirmed: $(cat seconds) s"
[ "$(cat seconds)" -ge 2 ] && [ "$(cat seconds)" -lt 5 ]
