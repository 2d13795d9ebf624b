"""The programs that are measured, and a child process that is watched while it works."""
import json
import os
import random
import re
import select
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
TICK = os.sysconf("SC_CLK_TCK")


def python_with_libtorrent():
    for python in (os.path.join(ROOT, ".build/python/bin/python3"), sys.executable):
        if os.path.exists(python) and subprocess.run([python, "-c", "import libtorrent"], capture_output=True).returncode == 0:
            return python
    return None


class Ours:
    name = "torrentctl"
    done = "completed"

    def __init__(self, binary):
        self.binary = binary

    def seed(self, torrent, source):
        return [self.binary, "seed", torrent, "--content", source, *self.loopback, "--events"]

    def leech(self, torrent, copy, port):
        return [*self.fetch(torrent, copy, port), "--events"]

    def fetch(self, torrent, copy, port):
        """A leecher that ends with its download and says nothing of each piece."""
        return [self.binary, "download", torrent, "-o", copy, "--peer", f"127.0.0.1:{port}", *self.loopback]

    loopback = ["--bind", "127.0.0.1", "--port", "0", "--no-lsd"]
    ready = "verified"


class Libtorrent:
    name = "libtorrent"
    done = "complete"
    ready = "ready"

    def __init__(self, python):
        self.command = [python, os.path.join(ROOT, "scripts/bench-libtorrent.py")]

    def seed(self, torrent, source):
        return [*self.command, "seed", torrent, source]

    def leech(self, torrent, copy, port):
        return [*self.command, "leech", torrent, copy, str(port)]

    fetch = leech


class Process:
    """A child whose standard output is JSON Lines, with its CPU time and peak memory."""

    def __init__(self, command):
        self.errors = tempfile.TemporaryFile()
        self.start = time.monotonic()
        self.child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, bufsize=0
        )
        os.set_blocking(self.child.stdout.fileno(), False)
        self.buffer = b""
        self.peak = 0
        self.usage = None

    def sample(self):
        try:
            with open(f"/proc/{self.child.pid}/status") as status:
                found = re.search(r"VmHWM:\s+(\d+) kB", status.read())
            self.peak = max(self.peak, int(found[1]) * 1024 if found else 0)
        except OSError:
            pass

    def cpu(self):
        with open(f"/proc/{self.child.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def events(self, deadline=120):
        """What it says, line by line as it comes; for at most so many seconds."""
        end = time.monotonic() + deadline
        while True:
            part = self.child.stdout.read(1 << 16)
            if part:
                self.buffer += part
                *lines, self.buffer = self.buffer.split(b"\n")
                yield from map(json.loads, lines)
                continue
            if part == b"" or time.monotonic() > end:
                return
            # The greatest size is remembered by the system; to ask for it often would cost what is being measured.
            self.sample()
            select.select([self.child.stdout], [], [], 0.2)

    def wait_for(self, *kinds, deadline=120, times=1):
        """The first line of each kind, when every kind has been seen so often."""
        found, left = {}, dict.fromkeys(kinds, times)
        for event in self.events(deadline):
            found.setdefault(event["event"], event)
            if event["event"] in left:
                left[event["event"]] -= 1
            if all(count <= 0 for count in left.values()):
                return found
        self.errors.seek(0)
        text = self.errors.read().decode(errors="replace")
        raise TimeoutError(f"no {kinds} from {self.child.args[:3]} in {deadline} s\n{text}")

    def resident(self):
        """Bytes in memory at the moment."""
        with open(f"/proc/{self.child.pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.child.pid}/fd"))

    def end(self, asked, deadline=20):
        """Waits until it has ended (asked: with SIGTERM; else by itself), and gives its whole CPU time and the seconds it lived.
        It is looked at ten times a second, since on two cores every look is taken from what is measured."""
        self.sample()
        if asked:
            self.child.send_signal(signal.SIGTERM)
        end = time.monotonic() + deadline
        handle = os.pidfd_open(self.child.pid)
        while not select.select([handle], [], [], 0.1)[0]:
            self.child.stdout.read(1 << 16)  # keep the pipe empty, so that nobody blocks on it
            if time.monotonic() > end:
                self.child.kill()
            self.sample()
        lived = time.monotonic() - self.start
        os.close(handle)
        _, status, usage = os.wait4(self.child.pid, 0)
        self.child.returncode = os.waitstatus_to_exitcode(status)
        self.child.stdin.close()
        self.child.stdout.close()
        return usage.ru_utime + usage.ru_stime, lived

    def kill(self):
        if self.child.returncode is None:
            self.child.kill()
            self.child.wait()


def write_content(path, size):
    """Random bytes, the same every time."""
    generator = random.Random(20)
    with open(path, "wb") as file:
        for start in range(0, size, 1 << 24):
            file.write(generator.randbytes(min(1 << 24, size - start)))
