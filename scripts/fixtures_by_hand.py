"""Torrents that no program at hand writes, put together key by key; `scripts/fixtures` runs this.

They describe the sample tree `data/` where that is possible, and have what is met in the wild: keys out of order, keys that
nobody knows, names in local encodings, pad files under odd names, URLs and nodes in every form.
"""
import hashlib
import os

BLOCK = 16384


class Unsorted(dict):
    """Written in the order of its keys as they are."""


def bencode(value):
    if isinstance(value, int):
        return b"i%de" % value
    if isinstance(value, str):
        value = value.encode()
    if isinstance(value, bytes):
        return b"%d:%s" % (len(value), value)
    if isinstance(value, list):
        return b"l" + b"".join(map(bencode, value)) + b"e"
    items = [(k.encode() if isinstance(k, str) else k, v) for k, v in value.items()]
    if not isinstance(value, Unsorted):
        items.sort()
    return b"d" + b"".join(bencode(k) + bencode(v) for k, v in items) + b"e"


def content(path):
    with open(os.path.join("data", path), "rb") as file:
        return file.read()


def tree():
    found = [os.path.relpath(os.path.join(d, f), "data") for d, _, files in os.walk("data") for f in files]
    return sorted(found, key=lambda path: path.encode().split(b"/"))


def pieces(data, length):
    return b"".join(hashlib.sha1(data[i:i + length]).digest() for i in range(0, len(data), length))


def root(data):
    leaves = [hashlib.sha256(data[i:i + BLOCK]).digest() for i in range(0, len(data), BLOCK)]
    while len(leaves) & (len(leaves) - 1):
        leaves.append(bytes(32))
    while len(leaves) > 1:
        leaves = [hashlib.sha256(a + b).digest() for a, b in zip(leaves[::2], leaves[1::2])]
    return leaves[0]


def whole(length, make=lambda path, data: {}, kind=dict, **extra):
    """The info dictionary of `data/` in version 1."""
    files, data = [], b""
    for path in tree():
        one = content(path)
        data += one
        files.append(kind({"path": path.split("/"), "length": len(one), **make(path, one)}))
    return kind({"pieces": pieces(data, length), "piece length": length, "name": "data", "files": files, **extra})


def small(names, name, **extra):
    """An info dictionary of files of a few bytes whose names are given as their raw bytes, with further keys."""
    files, data = [], b""
    for number, (path, more) in enumerate(names):
        one = b"%d\n" % number
        data += one
        files.append({"length": len(one), "path": path, **more})
    return {"files": files, "name": name, "piece length": BLOCK, "pieces": pieces(data, BLOCK), **extra}


def padded():
    """Pad files under names of their own, and a hidden executable: attributes are what counts, not names."""
    files, data = [], b""
    for number, path in enumerate(tree()):
        one = content(path)
        files.append({"path": path.split("/"), "length": len(one), **({"attr": "hx"} if number == 0 else {})})
        data += one
        gap = -len(data) % BLOCK
        if gap:
            files.append({"path": ["padding", "number %d" % number], "length": gap, "attr": "xp"})
            data += bytes(gap)
    return {"files": files, "name": "data", "piece length": BLOCK, "pieces": pieces(data, BLOCK)}


def links():
    """Symbolic links, which take no room, first and last; an executable."""
    info = whole(BLOCK, lambda path, data: {"attr": "x"} if path == "about.txt" else {})
    link = {"attr": "l", "length": 0, "path": ["latest"], "symlink path": ["about.txt"]}
    return {**info, "files": [link, *info["files"], {**link, "path": ["sky", "up"], "symlink path": ["..", "..", "etc"]}]}


def version2():
    """Attributes, a link and keys that nobody knows in the tree of version 2."""
    data = content("about.txt")
    return {
        "file tree": {
            "about.txt": {"": {"attr": "x", "length": len(data), "mtime": 1700000000, "pieces root": root(data)}},
            "latest": {"": {"attr": "l", "length": 0, "symlink path": ["about.txt"]}},
            "numbers": {"empty.txt": {"": {"attr": "h", "length": 0}}},
        },
        "meta version": 2, "name": "data", "piece length": 65536, "x-unknown": {"nested": [1, ["two"]]},
    }


def torrents():
    """Pairs of a file name and a torrent."""
    gbk, latin1 = "gbk", "latin-1"
    return [
        ("unsorted.torrent", Unsorted({
            "info": whole(32768, kind=Unsorted), "comment": "keys as they came", "announce": "http://127.0.0.1:6969/announce",
        })),
        ("unknown-keys.torrent", {
            "announce": "http://127.0.0.1:6969/announce",
            "azureus_properties": {"dht_backup_enable": 1, "Content": {"Title": "data"}},
            "httpseeds": ["http://127.0.0.1:8080/seed.php"],
            "libtorrent_resume": {"bitfield": 17, "files": [{"priority": 1}]},
            "info": whole(
                16384, lambda path, data: {"md5sum": hashlib.md5(data).hexdigest(), "mtime": 1700000000,
                                           "sha1": hashlib.sha1(data).digest(), "crc32": "00c0ffee"},
                collections=["org.example.data"], profiles=[{"width": 256, "acodec": ""}], similar=[bytes(20)],
                **{"file-duration": [1, 2], "x_cross_seed": "0a1b2c"}),
        }),
        ("nodes-and-seeds.torrent", {
            "announce": " http://ignored.example/announce",
            "announce-list": [
                [], [" http://tracker.example/announce\t", "", "HTTPS://tracker.example:443/announce?key=a%20b"],
                "udp://[2001:db8::1]:6969", ["wss://tracker.example"]],
            "creation date": "yesterday",
            "comment": b"caf\xe9",
            "info": whole(1 << 20),
            "nodes": [["127.0.0.1", 6881], ["::1", 6882], ["router.example", 1], ["no port"], ["far", 65536], 7],
            "url-list": "http://127.0.0.1:8080/gr%C3%BC%C3%9Fe/",
        }),
        ("piece-length.torrent", {"info": whole(30000)}),
        ("symlinks.torrent", {"info": links()}),
        ("pads.torrent", {"info": padded()}),
        ("v2-attributes.torrent", {"info": version2(), "piece layers": {}}),
        ("gbk.torrent", {
            "encoding": "GBK", "codepage": 936, "comment": "说明".encode(gbk), "comment.utf-8": "说明",
            "info": small(
                [(["目录".encode(gbk), "文件.txt".encode(gbk)], {"path.utf-8": ["目录", "文件.txt"]}),
                 (["ascii.txt"], {"path.utf-8": ["ascii.txt"]})],
                "资料".encode(gbk), **{"name.utf-8": "资料", "publisher": "出版".encode(gbk), "publisher.utf-8": "出版"}),
        }),
        ("latin-1.torrent", {
            "encoding": "ISO-8859-1",
            "info": small(
                [(["Grüße".encode(latin1), "año.txt".encode(latin1)], {}), (["größer.txt".encode(latin1)], {}),
                 (["größer.txt"], {})], "Übung".encode(latin1)),
        }),
    ]


def main():
    os.makedirs("Fixtures/handmade", exist_ok=True)
    for name, torrent in torrents():
        with open(f"Fixtures/handmade/{name}", "wb") as file:
            file.write(bencode(torrent))
    return [name for name, _ in torrents()]
