#!/usr/bin/env python3
"""Relays TCP connections to 127.0.0.1:PORT and holds every byte back: delay.py PORT MILLISECONDS (one way).

Prints the port that it listens on. The rate is not limited. Ends with its standard input.
"""
import json
import os
import queue
import socket
import sys
import threading
import time

target, delay = int(sys.argv[1]), float(sys.argv[2]) / 1000
BUFFER = 1 << 22


def lead(source, sink):
    held = queue.SimpleQueue()

    def take():
        while True:
            try:
                part = source.recv(1 << 18)
            except OSError:
                part = b""
            held.put((time.monotonic() + delay, part))
            if not part:
                return

    def give():
        while True:
            due, part = held.get()
            time.sleep(max(0, due - time.monotonic()))
            try:
                if part:
                    sink.sendall(part)
                else:
                    sink.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            if not part:
                return

    for work in (take, give):
        threading.Thread(target=work, daemon=True).start()


def accept(server):
    while True:
        near, _ = server.accept()
        far = socket.socket()
        for end in (near, far):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
            end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        far.connect(("127.0.0.1", target))
        lead(near, far)
        lead(far, near)


server = socket.create_server(("127.0.0.1", 0))
print(json.dumps({"event": "listening", "port": server.getsockname()[1]}), flush=True)
threading.Thread(target=accept, args=(server,), daemon=True).start()
while os.read(sys.stdin.fileno(), 1):
    pass
