# SPDX-License-Identifier: GPL-3.0-or-later
"""Relays between peakrig and a call centre: they lose, rewrite or cut what passes. One thread each.

UdpRelay: datagrams that come from the centre's address go to where the last one came from, all others to the
centre. TcpRelay: bytes of each connection both ways, until it is told to cut them all.
"""
import select
import socket
import threading


class UdpRelay:
    """From whoever sends to `to`, and back. change(data, is_back) gives what is passed on; None: nothing."""

    def __init__(self, to, change, port=0):
        self.to, self.change = to, change
        self.front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.front.bind(("127.0.0.1", port))
        self.port = self.front.getsockname()[1]
        self.back = {}  # by who asks: a socket of ours, at which the centre sees him
        self.is_over = False
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.is_over:
            ready, _, _ = select.select([self.front, *self.back.values()], [], [], 0.1)
            for sock in ready:
                data, sender = sock.recvfrom(65536)
                is_back = sock is not self.front
                data = self.change(data, is_back)
                if data is None:
                    continue
                if is_back:
                    asker = next(who for who, own in self.back.items() if own is sock)
                    self.front.sendto(data, asker)
                    continue
                if sender not in self.back:
                    own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                    own.bind(("127.0.0.1", 0))
                    self.back[sender] = own
                self.back[sender].sendto(data, self.to)

    def close(self):
        self.is_over = True
        self.thread.join()
        for sock in (self.front, *self.back.values()):
            sock.close()


class TcpRelay:
    """Each connection goes on to `to`; cut() closes all that are open."""

    def __init__(self, to):
        self.to = to
        self.front = socket.create_server(("127.0.0.1", 0))
        self.port = self.front.getsockname()[1]
        self.peer = {}
        self.n_accepted = self.n_bytes = 0
        self.is_over = self.is_cut_wanted = False
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def drop(self, sock):
        other = self.peer.pop(sock, None)
        sock.close()
        if other is not None:
            self.peer.pop(other, None)
            other.close()

    def run(self):
        while not self.is_over:
            ready, _, _ = select.select([self.front, *self.peer], [], [], 0.05)
            for sock in ready:
                if sock is self.front:
                    asker, _ = self.front.accept()
                    own = socket.create_connection(self.to)
                    self.peer[asker], self.peer[own] = own, asker
                    self.n_accepted += 1
                elif sock in self.peer:
                    self.pass_on(sock)
            if self.is_cut_wanted:
                self.is_cut_wanted = False
                for sock in list(self.peer):
                    self.drop(sock)

    def pass_on(self, sock):
        try:
            data = sock.recv(65536)
            if data:
                self.n_bytes += len(data)
                self.peer[sock].sendall(data)
        except OSError:
            data = b""
        if not data:
            self.drop(sock)

    def cut(self):
        self.is_cut_wanted = True

    def close(self):
        self.is_over = True
        self.thread.join()
        for sock in list(self.peer):
            self.drop(sock)
        self.front.close()
