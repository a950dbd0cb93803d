# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody else's calls at the ports of a run: they are nobody's calls of ours."""
import socket
import time

from chaos_runs.fault import PASSES, WELL, fault


def invite(n, to_port, own_port):
    return (f"INVITE sip:100@127.0.0.1:{to_port} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{own_port};"
            f"branch=z9hG4bKstranger{n}\r\nFrom: <sip:4930123456@127.0.0.1:{own_port}>;tag=s{n}\r\n"
            f"To: <sip:100@127.0.0.1:{to_port}>\r\nCall-ID: stranger-{n}@elsewhere\r\nCSeq: 1 INVITE\r\n"
            f"Contact: <sip:s@127.0.0.1:{own_port}>\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n").encode()


def strangers(role, n, names=None, may_be=WELL):
    @fault(f"strangers: {n} INVITEs at the {role}' port", "strangers", names, may_be | {"INVALID"}, also=r"[Ss]tranger|not ours|nobody|foreign")
    def inject(scene):
        scene.start()
        scene.wait_for_calls()
        port = scene.ports()[role]
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind(("127.0.0.1", 0))
        for k in range(n):
            sock.sendto(invite(k, port, sock.getsockname()[1]), ("127.0.0.1", port))
            time.sleep(0.02)
        scene.cleanups.append(sock.close)
        scene.finish()


for _n in (20, 200):
    for _role in ("centre", "agents", "callers"):
        if _role == "centre":  # whose own count tells
            strangers(_role, _n, "others call it", frozenset())
        else:
            strangers(_role, _n)


@fault("strangers: requests of no call at all ports", "strangers", may_be=PASSES,
       also=r"strangers sent [0-9]+ requests")
def of_no_call(scene):
    scene.start()
    scene.wait_for_calls()
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    for k in range(40):
        for port in scene.ports().values():
            for method in ("BYE", "CANCEL", "INFO", "MESSAGE", "OPTIONS"):
                text = invite(f"{method}{k}", port, sock.getsockname()[1]).decode().replace("INVITE", method)
                sock.sendto(text.encode(), ("127.0.0.1", port))
        time.sleep(0.02)
    scene.cleanups.append(sock.close)
    scene.finish()


@fault("strangers: junk at all ports", "strangers", may_be=WELL)
def junk(scene):
    scene.start()
    scene.wait_for_calls()
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    for k in range(200):
        for port in scene.ports().values():
            sock.sendto(b"\x00junk%d" % k if k % 2 else b"OPTIONS sip:x SIP/2.0\r\nCall-ID: junk\r\n\r\n",
                        ("127.0.0.1", port))
        time.sleep(0.01)
    scene.finish()
