#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Kamailio 5.6.3 (Debian 12, package kamailio 5.6.3-2): shares of the destinations of dispatcher's weight-based algorithm (9).
# One would guess: weights are relative, as in DNS SRV; or, who has read the module's document: percents, whose rest goes to the last
#   destination, and those that come when 100 are given away get nothing: 30 and 20 become 30 and 70 %, 60, 60 and 60 become 60, 40 and 0.
# Seen: the list is taken from its end. What the weights leave free goes to the FIRST of the list, and where there are more than 100 the
#   first gets nothing: of 200 calls 30:20 sends 160 and 40, 1:1 sends 198 and 2, 60:60:60 sends 0, 80 and 120 (the main carrier, listed
#   first, is never called). No word in the log. Seen on 2026-11-30.
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
cat >shares.py <<'X2'
import collections
import socket
import sys

plug = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
plug.bind(("127.0.0.1", 0))
plug.settimeout(0.2)
port, proxy = plug.getsockname()[1], int(sys.argv[1])


def ask(call):
    message = ("INVITE sip:u@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%d;branch=z9hG4bK%s\r\n"
               "From: <sip:a@127.0.0.1>;tag=a\r\nTo: <sip:u@127.0.0.1>\r\nCall-ID: %s\r\nCSeq: 1 INVITE\r\n"
               "Contact: <sip:a@127.0.0.1:%d>\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n" % (port, call, call, port))
    for _ in range(100):  # until it listens
        plug.sendto(message.encode(), ("127.0.0.1", proxy))
        try:
            return plug.recv(4000).decode().split("\r\n")[0].rsplit(" ", 1)[1]
        except (TimeoutError, ConnectionError):
            continue
    sys.exit("no answer")


ask("begin")  # one call: not counted
counts = collections.Counter(ask("c%d" % one) for one in range(200))
print(*(counts[name] for name in ["sip:127.0.0.1:16%d" % one for one in range(1, int(sys.argv[2]) + 1)]))
X2
cat >proxy.cfg <<X2
debug=1
log_stderror=yes
children=1
disable_tcp=yes
listen=udp:127.0.0.1:PORT
mpath="$lib/kamailio/modules/"
loadmodule "sl.so"
loadmodule "tm.so"
loadmodule "pv.so"
loadmodule "dispatcher.so"
modparam("dispatcher", "list_file", "$d/list")
request_route {
    if (ds_select_dst("1", "9")) { sl_send_reply("486", "\$du"); exit; }
    sl_send_reply("503", "none");
}
X2
# shares WEIGHT..: how many of 200 calls go to each destination
shares() {
    local carrier=0 port
    : >list
    for weight in "$@"; do
        carrier=$((carrier + 1))
        echo "1 sip:127.0.0.1:16$carrier 0 0 weight=$weight" >>list
    done
    port=$(python3 -c 'import socket; s = socket.socket(type=socket.SOCK_DGRAM); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    sed "s/PORT/$port/" proxy.cfg >running.cfg
    kamailio -f running.cfg -DD -E -w "$d" -Y "$d" >log 2>&1 &
    proxy=$!
    timeout 60 python3 shares.py "$port" $# || { cat log; exit 1; }
    kill "$proxy"; wait "$proxy" || true
    proxy=
}
try() {
    local expected=$1 seen; shift
    shares "$@" >seen; seen=$(cat seen)
    echo "weights $*: calls $seen"
    [ "$seen" = "$expected" ]
}
try '100 100' 50 50
try '198 2' 1 1
try '196 2 2' 1 1 1
try '160 40' 30 20
try '0 80 120' 60 60 60
