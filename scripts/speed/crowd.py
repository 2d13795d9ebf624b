#!/usr/bin/env python3
"""Connections that are no use to anybody: crowd.py KIND INFO-HASH PORT COUNT. Prints "ready" once all have shaken hands.

  quiet   says that it is interested, and asks for nothing
  deaf    asks for a thousand blocks, and reads nothing
  sitter  is interested in nothing, and sends a keep-alive every five seconds

Whoever is sent away stays away. What comes is read and dropped, except by the deaf. Ends with its standard input.
"""
import json
import os
import resource
import selectors
import socket
import struct
import sys
import time

kind, info_hash, port, count = sys.argv[1], bytes.fromhex(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

INTERESTED = struct.pack(">IB", 1, 2)
REQUESTS = b"".join(struct.pack(">IBIII", 13, 6, 0, 0, 1 << 14) for _ in range(1000))
SAID = {"quiet": INTERESTED, "deaf": INTERESTED, "sitter": b""}[kind]

selector = selectors.DefaultSelector()
selector.register(sys.stdin.fileno(), selectors.EVENT_READ)
waiting = {}


def meet(number):
    peer = socket.socket()
    if kind == "deaf":
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    peer.connect(("127.0.0.1", port))
    peer.sendall(b"\x13BitTorrent protocol" + bytes(8) + info_hash + b"-XX0001-%012d" % number + SAID)
    peer.setblocking(False)
    waiting[peer] = 0
    selector.register(peer, selectors.EVENT_READ)


def hear(peer):
    try:
        heard = len(peer.recv(1 << 16))
    except BlockingIOError:
        return
    except OSError:
        heard = 0
    waiting[peer] = waiting.get(peer, 0) + heard
    if not heard:
        selector.unregister(peer)
        waiting.pop(peer)
        peer.close()
    elif kind == "deaf" and waiting[peer] >= 68:
        # Unchoked or not: who is choked then is asked for nothing.
        selector.unregister(peer)
        try:
            peer.sendall(REQUESTS)
        except OSError:
            pass


for number in range(count):
    meet(number)
said_ready = False
next_beat = time.monotonic() + 5
while True:
    for key, _ in selector.select(0.2):
        if key.fd == sys.stdin.fileno():
            if not os.read(key.fd, 1):
                sys.exit()
        else:
            hear(key.fileobj)
    if not said_ready and all(heard >= 68 for heard in waiting.values()):
        said_ready = True
        print(json.dumps({"event": "ready", "count": len(waiting)}), flush=True)
    if kind == "sitter" and time.monotonic() > next_beat:
        next_beat = time.monotonic() + 5
        for peer in list(waiting):
            try:
                peer.send(bytes(4))
            except OSError:
                pass
