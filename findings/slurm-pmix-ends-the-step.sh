#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Slurm 22.05.8 with Open MPI 4.1.4 (Debian 12, packages slurmd, slurmctld, slurm-client 22.05.8-4+deb12u3 and
#   slurm-wlm-basic-plugins; libopenmpi3 4.1.4-3+b1): what becomes of a step when one of its tasks is killed.
# One would guess: KillOnBadExit is 0 by default, so the other tasks of the step go on to their end, as the manual page of
#   srun says of --kill-on-bad-exit; whether they are ranks of an MPI program makes no difference to that.
# Seen: it does. Under --mpi=pmix the plugin of PMIx hears that a client is gone and has the whole step cancelled, also with
#   --kill-on-bad-exit=0. Tasks that have not called MPI_Init, under the same --mpi=pmix, go on. Seen on 2026-11-30.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
mkdir -p "$d/debs/partial"
slurm=22.05.8-4+deb12u3
apt-get -o DPkg::Lock::Timeout=120 install -y -qq --no-install-recommends gcc libc6-dev util-linux >/dev/null
apt-get -o DPkg::Lock::Timeout=120 -o Dir::Cache::archives="$d/debs" -o APT::Sandbox::User=root \
    install -y -qq --no-install-recommends --reinstall -d slurmd=$slurm slurmctld=$slurm slurm-client=$slurm \
    slurm-wlm-basic-plugins=$slurm munge libopenmpi3=4.1.4-3+b1 libopenmpi-dev=4.1.4-3+b1 libpmix2 >/dev/null
cat >"$d/inside.sh" <<'X2'
set -eu
mkdir -p /s/state /s/spool
cd /s
cat >tasks.c <<'X3'
#include <mpi.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    (void)argv;
    int task = atoi(getenv("SLURM_PROCID"));
    if (argc > 1)
        MPI_Init(NULL, NULL);
    sleep(1);
    if (task == 1)
        raise(SIGKILL);
    sleep(10);
    printf("task %d came to its end\n", task);
    fflush(stdout);
    _exit(0);
}
X3
gcc -I/usr/lib/x86_64-linux-gnu/openmpi/include tasks.c -o tasks -L/usr/lib/x86_64-linux-gnu/openmpi/lib -lmpi
hostname node
printf '127.0.0.1 localhost\n192.0.2.1 node\n' >/etc/hosts
cat >slurm.conf <<'X3'
ClusterName=t
SlurmctldHost=node(192.0.2.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=/s/munge.sock
CredType=cred/munge
StateSaveLocation=/s/state
SlurmdSpoolDir=/s/spool
SlurmctldPidFile=/s/ctld.pid
SlurmdPidFile=/s/d.pid
SlurmctldLogFile=/s/ctld.log
SlurmdLogFile=/s/d.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
NodeName=node NodeAddr=192.0.2.1 CPUs=2 State=UNKNOWN
PartitionName=p Nodes=node Default=YES MaxTime=INFINITE State=UP
X3
export SLURM_CONF=/s/slurm.conf OMPI_MCA_btl=tcp,self OMPI_MCA_btl_tcp_if_include=lo
head -c 1024 /dev/urandom >key
chmod 400 key
munged --key-file=/s/key --socket=/s/munge.sock --pid-file=/s/munged.pid --log-file=/s/munged.log --seed-file=/s/seed --force
for _ in $(seq 30); do
    [ -S munge.sock ] && break
    sleep 1
done
slurmctld
sleep 2
slurmd
for _ in $(seq 60); do
    case $(sinfo -h -o %t 2>/dev/null) in idle*) break ;; esac
    sleep 1
done
scontrol show config | grep -i '^KillOnBadExit'
# run PLUGIN [Init]: two tasks, that call MPI_Init or not; the second is killed after a second
run() {
    echo "--mpi=$1, ${2:+ranks that called MPI_}${2:-no MPI program}"
    timeout 60 srun -n 2 --overcommit "--mpi=$1" --kill-on-bad-exit=0 ./tasks ${2:+"$2"} 2>err || true
    grep -o 'task [01]: Killed' err | sort
}
run none
run pmix
run pmix Init
X2
cat >"$d/outside.sh" <<'X2'
set -eu
mount -t tmpfs tmpfs "$1/over"
mkdir "$1/over/up" "$1/over/work" "$1/over/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/over/up,workdir=$1/over/work" "$1/over/root"
for deb in "$1"/debs/*.deb; do dpkg --fsys-tarfile "$deb" | tar -x --keep-directory-symlink -C "$1/over/root"; done
mount --rbind /dev "$1/over/root/dev"
mount --rbind /sys "$1/over/root/sys"
mount -t proc proc "$1/over/root/proc"
mount -t tmpfs tmpfs "$1/over/root/tmp"
cp "$1/inside.sh" "$1/over/root/inside.sh"
ip link set lo up
ip link add net type veth peer name net2
ip addr add 192.0.2.1/24 dev net
ip link set net up
ip link set net2 up
chroot "$1/over/root" bash /inside.sh
X2
mkdir "$d/over"
# all that is started, and all mounts, are gone with this process
timeout 300 unshare --mount --net --uts --pid --fork --kill-child bash "$d/outside.sh" "$d" >"$d/seen"
cat "$d/seen"
cmp - "$d/seen" <<'X2'
KillOnBadExit           = 0
--mpi=none, no MPI program
task 0 came to its end
task 1: Killed
--mpi=pmix, no MPI program
task 0 came to its end
task 1: Killed
--mpi=pmix, ranks that called MPI_Init
task 0: Killed
task 1: Killed
X2
