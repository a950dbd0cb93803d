# SPDX-License-Identifier: GPL-3.0-or-later
"""Captures altered: [(t_ns, data, length on the wire)] from a pcap file of ours, and back."""
import struct

HEAD = struct.Struct("<IHHiIII")
RECORD = struct.Struct("<IIII")
NANOSECONDS = 0xA1B23C4D


def read(path):
    with open(path, "rb") as file:
        head = HEAD.unpack(file.read(HEAD.size))
        assert head[0] == NANOSECONDS, path
        packets = []
        while len(record := file.read(RECORD.size)) == RECORD.size:
            s, ns, n, length = RECORD.unpack(record)
            packets.append((s * 10**9 + ns, file.read(n), length))
    return packets


def write(path, packets):
    with open(path, "wb") as file:
        file.write(HEAD.pack(NANOSECONDS, 2, 4, 0, 0, 65535, 1))
        for t_ns, data, length in packets:
            file.write(RECORD.pack(t_ns // 10**9, t_ns % 10**9, len(data), length) + data)


def ports(data):
    """Source and destination, of Ethernet, IPv4 without options, UDP or TCP."""
    return struct.unpack(">HH", data[34:38])


def is_to(data, port):
    return ports(data)[1] == port
