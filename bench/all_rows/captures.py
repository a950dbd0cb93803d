# SPDX-License-Identifier: GPL-3.0-or-later
"""The capture of bench/make_capture in other forms: what analyze reads beside plain UDP."""
import heapq
import itertools
import os
import struct

from all_rows.measure import run_once

FILE_HEADER = struct.Struct("<IHHiIII")
RECORD = struct.Struct("<IIII")
NANOSECONDS = 0xA1B23C4D
ETHERNET, IPV4, UDP = 14, 20, 8
BUFFER = 1 << 22
RTP_A_PACKET = 19  # beside each packet of signalling: 95 %


def plain(bench, n_calls=None):
    """The capture of make_capture, made once."""
    path = os.path.join(bench.folder, f"peak-{n_calls or 'all'}.pcap")
    if not os.path.exists(path):
        run_once([os.path.join(bench.build, "bench/make_capture"), path] + ([str(n_calls)] if n_calls else []))
    return path


def packets(path):
    """Each packet: nanoseconds since the epoch, and its frame."""
    with open(path, "rb", buffering=BUFFER) as file:
        magic = FILE_HEADER.unpack(file.read(FILE_HEADER.size))[0]
        unit_ns = 1 if magic == NANOSECONDS else 1000
        while record := file.read(RECORD.size):
            seconds, fraction, n, _ = RECORD.unpack(record)
            yield seconds * 10**9 + fraction * unit_ns, file.read(n)


def write(path, frames):
    with open(path, "wb", buffering=BUFFER) as file:
        file.write(FILE_HEADER.pack(NANOSECONDS, 2, 4, 0, 0, 262144, 1))
        for t_ns, frame in frames:
            file.write(RECORD.pack(t_ns // 10**9, t_ns % 10**9, len(frame), len(frame)) + frame)


def made(bench, name, frames, n_calls=None):
    """A form of the capture, made once."""
    path = os.path.join(bench.folder, name)
    if not os.path.exists(path):
        write(path, frames(packets(plain(bench, n_calls))))
    return path


def doubled(frames):
    """Every message comes again half a second (T1) later: of all packets 50 % are retransmissions."""
    # It holds half a second, for the greatest memory of a child is at least its parent's.
    first, second = itertools.tee(frames)
    return heapq.merge(first, ((t_ns + 5 * 10**8, frame) for t_ns, frame in second), key=lambda packet: packet[0])


def with_rtp(frames):
    """Beside each message 19 packets of audio: G.711, 20 ms."""
    sequence = 0
    for t_ns, frame in frames:
        yield t_ns, frame
        addresses = frame[ETHERNET:ETHERNET + IPV4]
        for k in range(RTP_A_PACKET):
            sequence += 1
            rtp = struct.pack(">BBHII", 0x80, 0, sequence & 0xFFFF, sequence * 160 & 0xFFFFFFFF, 1 + k) + bytes(160)
            ip = addresses[:2] + struct.pack(">H", IPV4 + UDP + len(rtp)) + addresses[4:10] + b"\0\0" + addresses[12:]
            ip = ip[:10] + struct.pack(">H", checksum(ip)) + ip[12:]
            port = 20000 + 2 * (sequence % 1000)
            udp = struct.pack(">HHHH", port, port, UDP + len(rtp), 0)
            yield t_ns + 1000 * (k + 1), frame[:ETHERNET] + ip + udp + rtp


def checksum(header):
    total = sum(struct.unpack(f">{len(header) // 2}H", header))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def over_tcp(frames):
    """Each message a segment of the connection between its two ends, which is open from the start."""
    sent = {}
    for t_ns, frame in frames:
        ip, ports = frame[ETHERNET:ETHERNET + IPV4], frame[ETHERNET + IPV4:ETHERNET + IPV4 + 4]
        payload = frame[ETHERNET + IPV4 + UDP:]
        way, back = ip[12:20] + ports, ip[16:20] + ip[12:16] + ports[2:] + ports[:2]
        at = sent.setdefault(way, 1)
        sent[way] = (at + len(payload)) & 0xFFFFFFFF
        tcp = ports + struct.pack(">IIBBHHH", at, sent.get(back, 1), 5 << 4, 0x18, 65535, 0, 0)
        head = ip[:2] + struct.pack(">H", IPV4 + len(tcp) + len(payload)) + ip[4:9] + b"\x06\0\0" + ip[12:]
        head = head[:10] + struct.pack(">H", checksum(head)) + head[12:]
        yield t_ns, frame[:ETHERNET] + head + tcp + payload


def still_open(frames):
    """Nobody hangs up, and no call is refused: all are open at the end."""
    for t_ns, frame in frames:
        payload = frame[ETHERNET + IPV4 + UDP:]
        first, _, rest = payload.partition(b"\r\n")
        is_end = first.startswith((b"BYE ", b"CANCEL ")) or (first.startswith(b"SIP/2.0 ") and
                                                            (first[8:9] > b"2" or b" BYE\r\n" in rest or
                                                             b" CANCEL\r\n" in rest))
        if not is_end:
            yield t_ns, frame


def as_pcapng(bench):
    """The same packets as a pcapng file: a section, an interface with nanoseconds, enhanced packets."""
    path = os.path.join(bench.folder, "peak.pcapng")
    if os.path.exists(path):
        return path
    with open(path, "wb", buffering=BUFFER) as file:
        file.write(block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)))
        file.write(block(1, struct.pack("<HHI", 1, 0, 262144) + struct.pack("<HHB3xHH", 9, 1, 9, 0, 0)))
        for t_ns, frame in packets(plain(bench)):
            file.write(block(6, struct.pack("<IIIII", 0, t_ns >> 32, t_ns & 0xFFFFFFFF, len(frame), len(frame)) +
                             frame + bytes(-len(frame) % 4)))
    return path


def block(kind, body):
    length = len(body) + 12
    return struct.pack("<II", kind, length) + body + struct.pack("<I", length)
