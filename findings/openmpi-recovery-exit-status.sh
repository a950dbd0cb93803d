#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# mpirun of Open MPI 4.1.4 (Debian 12, packages openmpi-bin, libopenmpi3 4.1.4-3+b1): its exit status with --enable-recovery.
# One would guess: as mpirun(1), "Exit status", says of any job: where processes end with a status that is not 0, that of the lowest such
# rank; --enable-recovery ("enable recovery from process failure") only lets the others go on.
# Seen: 0, whatever becomes of the processes: all of them exit with 5, or one is killed by SIGKILL. Without the option the same programs
# give 5 and 137. So a pipeline that adds the option to survive a lost process never fails again. Seen on 2026-11-30.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
mkdir -p "$d/debs/partial"
v=4.1.4-3
apt-get -o DPkg::Lock::Timeout=120 -o Dir::Cache::archives="$d/debs" -o APT::Sandbox::User=root \
    install -y -qq --no-install-recommends --reinstall -d openmpi-bin=$v+b1 libopenmpi3=$v+b1 openmpi-common=$v >/dev/null
for deb in "$d"/debs/*.deb; do dpkg -x "$deb" "$d/root"; done
lib=$d/root/usr/lib/x86_64-linux-gnu
export LD_LIBRARY_PATH="$lib:$lib/openmpi/lib:$lib/pmix2/lib"
export OPAL_PREFIX="$lib/openmpi" OPAL_LIBDIR="$lib/openmpi/lib" OPAL_PKGLIBDIR="$lib/openmpi/lib/openmpi3" \
    OPAL_BINDIR="$d/root/usr/bin" OPAL_DATADIR="$d/root/usr/share" OPAL_PKGDATADIR="$d/root/usr/share/openmpi" \
    OPAL_SYSCONFDIR="$d/root/etc/openmpi"
[ ! -d "$lib/pmix2" ] || export PMIX_INSTALL_PREFIX="$lib/pmix2"
cd "$d"
status_of() {
    set +e
    timeout 60 "$d/root/usr/bin/mpirun.openmpi" --allow-run-as-root --oversubscribe --host localhost:2 -n 2 "$@" >out 2>&1
    status=$?
    set -e
}
# shellcheck disable=SC2016  # for the shells of the ranks
die='test "$OMPI_COMM_WORLD_RANK" = 0 || kill -9 $$'
status_of sh -c 'exit 5'; plain_5=$status
status_of --enable-recovery sh -c 'exit 5'; recovery_5=$status
status_of sh -c "$die"; plain_9=$status
status_of --enable-recovery sh -c "$die"; recovery_9=$status
seen="exit 5: $plain_5, with --enable-recovery $recovery_5; killed: $plain_9, with --enable-recovery $recovery_9"
echo "mpirun's exit status, all ranks $seen"
[ "$seen" = "exit 5: 5, with --enable-recovery 0; killed: 137, with --enable-recovery 0" ]
