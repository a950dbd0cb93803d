# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways to break the load or the capture of a run, from outside."""
import os
import random
import signal
import struct
import time

# A SIPp that does not place each 20th call of its plan and says nothing: the rows are gone from its injection file.
THIN_SIPP = r'''#!/bin/sh
# Calls SIPp as it was called; as a caller with each 20th row left out.
case " $* " in *" -oocsf "*) ;; *) exec sipp "$@" ;; esac
n_words=$#
while [ "$n_words" -gt 0 ]; do
    word=$1; shift; n_words=$((n_words - 1))
    case "$word" in
    -inf) file=$1; shift; n_words=$((n_words - 1))
        awk 'NR == 1 || (NR - 1) % 20 != 0' "$file" > "$file.thin"
        rows=$(($(wc -l < "$file.thin") - 1))
        set -- "$@" -inf "$file.thin" ;;
    -m) shift; n_words=$((n_words - 1)); set -- "$@" -m @rows@ ;;
    *) set -- "$@" "$word" ;;
    esac
done
for word; do
    shift
    [ "$word" = @rows@ ] && word=$rows
    set -- "$@" "$word"
done
exec sipp "$@"
'''


def write_thin_sipp(path):
    with open(path, "w", encoding="utf-8") as file:
        file.write(THIN_SIPP)
    os.chmod(path, 0o755)


def kill_a_caller(run_dir, after_s, end):
    """Kill a run's callers so long after they began. @param end  Says whether the run is over."""
    logs, began = os.path.realpath(os.path.join(run_dir, "logs")), None
    while not end():
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    words = file.read().split(b"\0")
                is_caller = b"-oocsf" in words and os.readlink(f"/proc/{pid}/cwd") == logs
            except OSError:
                continue
            if not is_caller:
                continue
            began = began or time.monotonic()
            if time.monotonic() - began >= after_s:
                os.kill(int(pid), signal.SIGKILL)
                return True
        time.sleep(0.1)
    return False


def lose_packets(path, to_path, share, seed):
    """Copy a classic pcap file without a share of its packets. @return packets, packets lost."""
    draw = random.Random(seed)
    n = n_lost = 0
    with open(path, "rb") as source, open(to_path, "wb") as to:
        head = source.read(24)
        order = "<" if head[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
        to.write(head)
        while len(packet := source.read(16)) == 16:
            data = source.read(struct.unpack(order + "I", packet[8:12])[0])
            n += 1
            if draw.random() < share:
                n_lost += 1
            else:
                to.write(packet + data)
    return n, n_lost
