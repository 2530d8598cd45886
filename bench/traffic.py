#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One side of some traffic, in whatever network namespace it is started.

traffic.py serve PORT           takes connections: one that begins with S gets as many bytes as it asks for, others are closed
traffic.py take HOST PORT MIB   one connection, this many MiB from there
traffic.py connect HOST PORT N  N connections one after the other, each of one byte there and back
"""
import os, socket, sys

BLOCK = bytes(1 << 20)


def serve(port):
    for _ in range(max(2, os.cpu_count() or 2) - 1):
        os.fork()
    listener = socket.socket(socket.AF_INET6)
    listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, b"reno")  # paced by a clock, a transfer would tell of the clock
    listener.bind(("::", int(port)))
    listener.listen(1024)
    while True:
        taken, _ = listener.accept()
        try:
            answer(taken)
        except OSError:
            pass  # who asked has gone
        taken.close()


def answer(taken):
    asked = taken.recv(64)
    if asked[:1] == b"S":
        for _ in range(int(asked[1:])):
            taken.sendall(BLOCK)
    else:
        taken.sendall(asked)


def take(host, port, mib):
    with socket.create_connection((host, int(port))) as server:
        server.sendall(b"S%d" % int(mib))
        left = int(mib) << 20
        room = bytearray(1 << 18)
        while left and (count := server.recv_into(room)):
            left -= count
    if left:
        sys.exit(f"traffic: {left} bytes are missing")


def connect(host, port, count):
    for _ in range(int(count)):
        with socket.create_connection((host, int(port))) as server:
            server.sendall(b"x")
            if server.recv(8) != b"x":
                sys.exit("traffic: a connection was not answered")


if __name__ == "__main__":
    {"serve": serve, "take": take, "connect": connect}[sys.argv[1]](*sys.argv[2:])
