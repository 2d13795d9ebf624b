#!/usr/bin/env python3
"""A bad line between two network namespaces; takes root.

    bad_line.py FIRST SECOND --seed N [--loss PERCENT] [--delay MS] [--reordered PERCENT] [--mtu BYTES]

Packets that leave one end come out of the other, DELAY later; so many of a hundred are lost, and so many come half as late
again, so that others overtake them. The ends have the addresses 10.98.0.1 and 10.98.0.2. Prints JSON Lines: ready, and at the
end line {total, lost}. It ends when its standard input does, or on SIGTERM.
"""
import argparse
import ctypes
import fcntl
import heapq
import json
import os
import random
import select
import signal
import struct
import subprocess
import time

CLONE_NEWNET = 0x40000000
TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000


def say(event, **fields):
    print(json.dumps({"event": event, **fields}), flush=True)


def end(namespace, own, other, mtu):
    """A tun device in a namespace. Its descriptor stays with it, wherever this process goes."""
    libc = ctypes.CDLL(None, use_errno=True)
    handle = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    if libc.setns(handle, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), f"setns {namespace}")
    os.close(handle)
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH", b"line", IFF_TUN | IFF_NO_PI))
    for command in f"address add {own} peer {other} dev line", f"link set line mtu {mtu} up":
        subprocess.run(["ip", *command.split()], check=True, env={"PATH": "/usr/sbin:/sbin:/usr/bin:/bin"})
    return device


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("first")
    parser.add_argument("second")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--loss", type=float, default=0)
    parser.add_argument("--delay", type=float, default=0)
    parser.add_argument("--reordered", type=float, default=0)
    parser.add_argument("--mtu", type=int, default=1500)
    line = parser.parse_args()
    dice = random.Random(line.seed)
    one = end(line.first, "10.98.0.1", "10.98.0.2", line.mtu)
    two = end(line.second, "10.98.0.2", "10.98.0.1", line.mtu)
    far = {one: two, two: one}
    waiting, total, lost, is_over = [], 0, 0, []
    wake, waker = os.pipe2(os.O_NONBLOCK)
    signal.set_wakeup_fd(waker)
    signal.signal(signal.SIGTERM, lambda *_: is_over.append(True))
    say("ready")
    while not is_over:
        pause = max(0, waiting[0][0] - time.monotonic()) if waiting else None
        ready = select.select([one, two, wake, 0], [], [], pause)[0]
        now = time.monotonic()
        for device in ready:
            if device in (wake, 0):
                if not os.read(device, 1):
                    is_over.append(True)
                continue
            packet = os.read(device, 65536)
            total += 1
            if dice.random() * 100 < line.loss:
                lost += 1
                continue
            late = line.delay / 1000 * (1.5 if dice.random() * 100 < line.reordered else 1)
            heapq.heappush(waiting, (now + late, total, far[device], packet))
        while waiting and waiting[0][0] <= now:
            _, _, device, packet = heapq.heappop(waiting)
            os.write(device, packet)
    say("line", total=total, lost=lost)


main()
