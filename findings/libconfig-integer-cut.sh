#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# libconfig 1.5 (Debian 12, packages libconfig9, libconfig-dev 1.5-0.4): an integer that needs more than 32 bits.
# One would guess: `calls = 5000000000;` is read as a 64-bit integer, or else refused with a line number.
# Seen: reading succeeds and the value is its low 32 bits (705032704; 4294967297 is 1; 0x1FFFFFFFF is -1; -3000000000 is 1294967296), of type
# CONFIG_TYPE_INT, and config_lookup_int64 returns the same wrong number with success; only a suffix L (5000000000L) keeps it. A count or a
# time in nanoseconds written without L becomes another one in silence. Seen on 2026-11-29.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
mkdir -p "$d/debs/partial"
v=1.5-0.4
apt-get -o DPkg::Lock::Timeout=120 -o Dir::Cache::archives="$d/debs" -o APT::Sandbox::User=root \
    install -y -qq --no-install-recommends --reinstall -d libconfig9=$v libconfig-dev=$v >/dev/null
command -v gcc >/dev/null || apt-get -o DPkg::Lock::Timeout=120 install -y -qq --no-install-recommends gcc libc6-dev >/dev/null
for deb in "$d"/debs/libconfig*.deb; do dpkg -x "$deb" "$d/root"; done
lib=$d/root/usr/lib/x86_64-linux-gnu
export LD_LIBRARY_PATH="$lib"
cd "$d"
cat > plan.cfg <<'CFG'
calls = 5000000000;
one = 4294967297;
mask = 0x1FFFFFFFF;
below = -3000000000;
long = 5000000000L;
CFG
cat > cut.c <<'C'
#include <libconfig.h>
#include <stdio.h>

int main(void)
{
    static const char *const names[] = {"calls", "one", "mask", "below", "long"};
    config_t config;
    config_init(&config);
    printf("read: %s\n", config_read_file(&config, "plan.cfg") ? "ok" : config_error_text(&config));
    for (int i = 0; i < 5; i++) {
        long long value = -7;
        int is_found = config_lookup_int64(&config, names[i], &value);
        printf("%s: found %d, %lld, type %s\n", names[i], is_found, value,
               config_setting_type(config_lookup(&config, names[i])) == CONFIG_TYPE_INT64 ? "int64" : "int");
    }
    config_destroy(&config);
    return 0;
}
C
gcc -O1 -I"$d/root/usr/include" -L"$lib" cut.c -lconfig -o cut
ldd ./cut | grep -q "$d/root.*libconfig" # the library is the one just fetched
seen=$(./cut)
echo "$seen"
[ "$seen" = "read: ok
calls: found 1, 705032704, type int
one: found 1, 1, type int
mask: found 1, -1, type int
below: found 1, 1294967296, type int
long: found 1, 5000000000, type int64" ]
