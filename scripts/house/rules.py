"""The rules that lint checks: each gives its findings as `file:line: what  [rule]`."""
import os
import re

from house.arrows import ALLOWED, House, circle, room_of
from house.source import code_of

PURE = {
    "Text", "Bencode", "Metainfo/Model", "Metainfo/Codec", "Metainfo/Policy", "Metainfo/Compare", "Metainfo/Edit",
    "Transfer/Vocabulary", "Transfer/Wire", "Transfer/Governor", "Transfer/Swarm", "Transfer/Tracker",
    "Transfer/Discovery", "Transfer/HTTP",
}
# Where the C library may be imported.
KERNEL = {"Platform", "Transfer/Net", "Transfer/Content"}

FOREIGN = re.compile(r"\bimport +(?:\w+ +)?(?:Foundation\w*|Dispatch|XCTest|Testing)\b")
LIBRARY = re.compile(r"\bimport +(?:\w+ +)?(?:Glibc|Musl|Darwin)\b")
CONDITION = re.compile(r"#(?:else)?if canImport\((?:Glibc|Musl|Darwin)\)")
IMPURE = re.compile(
    r"\bimport +(?:\w+ +)?(?:Glibc|Musl|Darwin|CLinux|Synchronization|Foundation\w*|Dispatch|Platform)\b"
    r"|(?<![\w.`])(?:Task|TaskGroup|await|async|actor|Mutex|Atomic|Lock|ContinuousClock|SuspendingClock"
    r"|SystemRandomNumberGenerator|print|debugPrint|readLine)\b"
    r"|\.(?:lock|withLock)\(|\.random\(in: [^,)]*\)|\.(?:shuffled?|randomElement)\(\)")
LOCKS = re.compile(r"(?<![\w.`])(?:Mutex|pthread_mutex_t)\b")


def swift_files(*folders):
    for top in folders:
        for folder, below, names in os.walk(top):
            below[:] = sorted(name for name in below if not name.startswith("."))
            for name in sorted(names):
                if name.endswith(".swift"):
                    yield os.path.join(folder, name)


def sizes(root):
    """No file over 400 lines."""
    for path in swift_files(*(os.path.join(root, top) for top in ("Sources", "Tests", "Fuzz"))):
        with open(path, encoding="utf-8") as file:
            lines = sum(1 for _ in file)
        if lines > 400:
            yield f"{os.path.relpath(path, root)}:{lines}: more than 400 lines  [size]"


def imports_and_purity(root):
    """No Foundation and no Dispatch; the C library in its rooms alone, by canImport; no effects in pure rooms; one
    type of lock."""
    sources = os.path.join(root, "Sources")
    for path in swift_files(sources):
        room = room_of(os.path.relpath(path, sources))
        if room is None:
            continue
        with open(path, encoding="utf-8") as file:
            code = code_of(file.read())
        before = ""
        for number, line in enumerate(code.split("\n"), 1):
            place = f"{os.path.relpath(path, root)}:{number}: {line.strip()}"
            if FOREIGN.search(line):
                yield f"{place}  [imports]"
            if LIBRARY.search(line) and (room not in KERNEL or not CONDITION.search(before)):
                yield f"{place}  [libc]"
            if room in PURE and IMPURE.search(line):
                yield f"{place}  [pure]"
            if LOCKS.search(line) and not path.endswith(("/Threads/Lock.swift", "/Threads/Monitor.swift")):
                yield f"{place}  [lock]"
            if line.strip():
                before = line


def arrows(root):
    """Rooms name the types of those rooms that the list allows."""
    closed = circle()
    if closed:
        yield f"scripts/house/arrows.py: in a circle: {' -> '.join(closed)}  [arrow]"
    for (start, end), uses in sorted(House(os.path.join(root, "Sources")).arrows().items()):
        if end not in ALLOWED.get(start, []):
            for path, line, name in uses:
                yield f"Sources/{path}:{line}: {start} names {name} of {end}  [arrow]"


RULES = (sizes, imports_and_purity, arrows)
