#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sofia-SIP 1.12.11+20110422.1+1e14eea~dfsg-6 (Debian 12, packages libsofia-sip-ua0, libsofia-sip-ua-dev): url_cmp() and url_cmp_all() on the examples of RFC 3261 19.1.4.
# One would guess: one of the two is the comparison of RFC 3261, and agrees with the RFC's own lists of addresses that are and are not equivalent.
# Seen: neither. url_cmp() takes 4 of the RFC's 8 different pairs for equal (it looks at no parameter and no header: transport=udp, ?Subject, security=on and
# security=off, maddr; the user=phone rule of 19.1.6 neither); url_cmp_all() takes all 6 equal pairs for different, among them %61lice and alice with one
# parameter each, and a parameter that only one side has. Who keys calls or registrations by either must compare parameters himself. Seen on 2026-11-29.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
mkdir -p "$d/debs/partial"
v=1.12.11+20110422.1+1e14eea~dfsg-6
apt-get -o DPkg::Lock::Timeout=120 -o Dir::Cache::archives="$d/debs" -o APT::Sandbox::User=root \
    install -y -qq --no-install-recommends --reinstall -d libsofia-sip-ua0=$v libsofia-sip-ua-dev=$v >/dev/null
command -v gcc >/dev/null || apt-get -o DPkg::Lock::Timeout=120 install -y -qq --no-install-recommends gcc libc6-dev >/dev/null
for deb in "$d"/debs/*.deb; do dpkg -x "$deb" "$d/root"; done
lib=$d/root/usr/lib/x86_64-linux-gnu
export LD_LIBRARY_PATH="$lib"
cd "$d"
cat > compare.c <<'C'
#include <sofia-sip/su.h>
#include <sofia-sip/su_alloc.h>
#include <sofia-sip/url.h>
#include <stdio.h>

static const char *const equal[][2] = {
    {"sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"},
    {"sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"},
    {"sip:carol@chicago.com", "sip:carol@chicago.com;security=on"},
    {"sip:carol@chicago.com;newparam=5", "sip:carol@chicago.com;security=on"},
    {"sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
     "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com"},
    {"sip:alice@atlanta.com?subject=project%20x&priority=urgent", "sip:alice@atlanta.com?priority=urgent&subject=project%20x"},
};
static const char *const different[][2] = {
    {"SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"},
    {"sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"},
    {"sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"},
    {"sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"},
    {"sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"},
    {"sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"},
    {"sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"},
    {"sip:carol@chicago.com", "sip:carol@chicago.com;maddr=192.0.2.4"},
};

static void count(const char *const pairs[][2], int n, const char *kind)
{
    su_home_t *home = su_home_create();
    int n_cmp = 0, n_all = 0;
    for (int i = 0; i < n; i++) {
        url_t *a = url_hdup(home, (url_t const *)pairs[i][0]), *b = url_hdup(home, (url_t const *)pairs[i][1]);
        n_cmp += url_cmp(a, b) == 0;
        n_all += url_cmp_all(a, b) == 0;
    }
    printf("%s by the RFC: %d pairs; url_cmp: %d equal; url_cmp_all: %d equal\n", kind, n, n_cmp, n_all);
    su_home_unref(home);
}

int main(void)
{
    su_init();
    count(equal, 6, "equal");
    count(different, 8, "different");
    su_deinit();
    return 0;
}
C
gcc -I"$d/root/usr/include/sofia-sip-1.12" compare.c -L"$lib" -lsofia-sip-ua -o compare
ldd ./compare | grep -q "$d/root.*libsofia" # the library is the one just fetched
seen=$(./compare)
echo "$seen"
[ "$seen" = "equal by the RFC: 6 pairs; url_cmp: 6 equal; url_cmp_all: 0 equal
different by the RFC: 8 pairs; url_cmp: 4 equal; url_cmp_all: 0 equal" ]
