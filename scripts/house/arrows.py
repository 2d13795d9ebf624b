"""Which rooms of the house name whose types: read from the code, and what is allowed."""
import os
import re

from house.source import code_of

# A target, or a folder of Metainfo and Transfer, whose folders are rooms of their own.
PARTED = ("Metainfo", "Transfer")
TARGETS = {
    "Text": [],
    "Platform": ["Text"],
    "Bencode": [],
    "Metainfo": ["Bencode", "Platform", "Text"],
    "Transfer": ["Metainfo", "Bencode", "Platform", "Text"],
    "torrentctl": ["Transfer", "Metainfo", "Bencode", "Platform", "Text"],
}

DECLARATION = re.compile(
    r"^(?:(?:public|package|internal|private|fileprivate|final|indirect|nonisolated|@\w+(?:\([^)]*\))?)\s+)*"
    r"(?:struct|class|enum|actor|protocol|typealias)\s+([A-Z]\w*)", re.M)
HIDDEN = re.compile(r"^(?:@\w+\s+)*(?:private|fileprivate)\b")
NESTED = re.compile(r"^\s+.*?\b(?:struct|class|enum|actor|protocol|typealias|associatedtype)\s+([A-Z]\w*)", re.M)
NAME = re.compile(r"(?<![\w.`])[A-Z]\w*")
QUALIFIED = re.compile(r"\b(" + "|".join(TARGETS) + r")\.([A-Z]\w*)")


def room_of(path):
    """The room of a file below Sources, such as `Transfer/Wire`; `None` for what is not Swift of the house."""
    parts = path.split("/")
    if parts[0] not in TARGETS:
        return None
    return "/".join(parts[:2]) if parts[0] in PARTED and len(parts) > 2 else parts[0]


class House:
    """The sources below a folder, and who names whose types in them."""

    def __init__(self, sources):
        self.files = {}
        for folder, folders, names in os.walk(sources):
            folders.sort()
            for name in sorted(names):
                path = os.path.relpath(os.path.join(folder, name), sources)
                if name.endswith(".swift") and room_of(path):
                    with open(os.path.join(folder, name), encoding="utf-8") as file:
                        self.files[path] = code_of(file.read())
        # name → target → rooms that declare it
        self.declared = {}
        for path, code in self.files.items():
            for found in DECLARATION.finditer(code):
                if not HIDDEN.match(found.group()):
                    rooms = self.declared.setdefault(found.group(1), {})
                    rooms.setdefault(path.split("/")[0], set()).add(room_of(path))

    def arrows(self):
        """(from, to) → [(file, line, name)], each name once a file."""
        arrows = {}
        for path in sorted(self.files):
            code = self.files[path]
            own = room_of(path)
            target = path.split("/")[0]
            local = set(NESTED.findall(code)) | {
                found.group(1) for found in DECLARATION.finditer(code)}
            seen = set()
            for found in NAME.finditer(code):
                name = found.group()
                if name in seen or name in local or name not in self.declared:
                    continue
                seen.add(name)
                rooms = self._rooms(name, target)
                if rooms and own not in rooms:
                    line = code.count("\n", 0, found.start()) + 1
                    arrows.setdefault((own, min(rooms)), []).append((path, line, name))
            for found in QUALIFIED.finditer(code):
                rooms = self.declared.get(found.group(2), {}).get(found.group(1), set())
                if rooms and own not in rooms and found.group(1) != target:
                    line = code.count("\n", 0, found.start()) + 1
                    arrows.setdefault((own, min(rooms)), []).append((path, line, found.group(2)))
        return arrows

    def _rooms(self, name, target):
        declaring = self.declared[name]
        for candidate in [target] + TARGETS[target]:
            if candidate in declaring:
                return declaring[candidate]
        # Of a target that this one can't import: a name that happens to be the same.
        return set()


_FLOOR = ["Text"]
_SYSTEM = ["Platform", "Text"]

# Who may name whose types. What isn't here is a wrong arrow; so is an arrow that closes a circle.
ALLOWED = {
    "Text": [],
    "Platform": _FLOOR,
    "Bencode": [],

    "Metainfo/Digest": ["Platform"],
    "Metainfo/Model": ["Bencode", "Metainfo/Digest"] + _FLOOR,
    "Metainfo/Codec": ["Bencode", "Metainfo/Digest", "Metainfo/Model"] + _FLOOR,
    "Metainfo/Policy": ["Metainfo/Model"] + _FLOOR,
    "Metainfo/Edit": ["Bencode", "Metainfo/Codec", "Metainfo/Model"] + _FLOOR,
    "Metainfo/Compare": ["Bencode", "Metainfo/Codec", "Metainfo/Model"] + _FLOOR,
    "Metainfo/Hashing": ["Metainfo/Digest", "Metainfo/Model"] + _SYSTEM,
    "Metainfo/Author": ["Bencode", "Metainfo/Digest", "Metainfo/Hashing", "Metainfo/Model", "Metainfo/Policy"] + _SYSTEM,
    "Metainfo/Verify": ["Metainfo/Digest", "Metainfo/Hashing", "Metainfo/Model"] + _SYSTEM,
    "Metainfo/File": ["Bencode", "Metainfo/Author", "Metainfo/Codec", "Metainfo/Edit", "Metainfo/Model"] + _SYSTEM,

    "Transfer/Vocabulary": ["Metainfo/Model"] + _FLOOR,
    "Transfer/Wire": ["Bencode", "Metainfo/Model", "Transfer/Vocabulary"] + _FLOOR,
    "Transfer/Governor": ["Transfer/Vocabulary"] + _FLOOR,
    "Transfer/Swarm": ["Metainfo/Model", "Transfer/Governor", "Transfer/Vocabulary", "Transfer/Wire"] + _FLOOR,
    "Transfer/HTTP": ["Transfer/Vocabulary"] + _FLOOR,
    "Transfer/Tracker": ["Bencode", "Metainfo/Model", "Transfer/HTTP", "Transfer/Vocabulary", "Transfer/Wire"] + _FLOOR,
    "Transfer/Discovery": ["Metainfo/Model", "Transfer/HTTP", "Transfer/Vocabulary"] + _FLOOR,
    "Transfer/Content": ["Metainfo/Digest", "Metainfo/Hashing", "Metainfo/Model", "Transfer/Vocabulary"] + _SYSTEM,
    "Transfer/Net": ["Transfer/Vocabulary"] + _SYSTEM,
    "Transfer/Session": [
        "Metainfo/Digest", "Metainfo/Hashing", "Metainfo/Model", "Transfer/Content", "Transfer/Discovery",
        "Transfer/Governor", "Transfer/HTTP", "Transfer/Net", "Transfer/Swarm", "Transfer/Tracker", "Transfer/Vocabulary",
        "Transfer/Wire"] + _SYSTEM,

    "torrentctl": [
        "Bencode", "Metainfo/Author", "Metainfo/Codec", "Metainfo/Compare", "Metainfo/Edit", "Metainfo/File",
        "Metainfo/Hashing", "Metainfo/Model", "Metainfo/Policy", "Metainfo/Verify", "Transfer/Net", "Transfer/Session",
        "Transfer/Vocabulary"] + _SYSTEM,
}


def circle():
    """Rooms that may name each other's types in a circle, or `None`: the list itself must be a house."""
    done, path = set(), []

    def visit(room):
        if room in path:
            return path[path.index(room):] + [room]
        if room in done:
            return None
        path.append(room)
        found = next(filter(None, map(visit, ALLOWED.get(room, []))), None)
        path.pop()
        done.add(room)
        return found

    return next(filter(None, map(visit, ALLOWED)), None)
