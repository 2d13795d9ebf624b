"""Whether the rules find what they are for: a house with a wrong file for each, and one where nothing is wrong."""
import os
import tempfile

from house.rules import RULES

GROUND = {
    "Sources/Transfer/Vocabulary/Endpoint.swift": "public struct Endpoint {}\n",
    "Sources/Transfer/Session/Torrent/TorrentRunner.swift": "final class TorrentRunner {}\n",
    "Sources/Transfer/Swarm/Core/SwarmCore.swift": "struct SwarmCore { var from: Endpoint? }\n",
    "Sources/Platform/Files/Descriptor.swift":
        "#if canImport(Glibc)\n  import Glibc\n#endif\npackage struct Descriptor {}\n",
}
# What is wrong → the rule that says so. The names stand where a reader might miss them.
WRONG = {
    "Sources/Transfer/Swarm/Core/Arrow.swift": ("struct Arrow { var runner: TorrentRunner? }\n", "arrow"),
    "Sources/Transfer/Wire/Inside.swift": ('let shown = "a \\(b(TorrentRunner.self, ")")) c"\n', "arrow"),
    "Sources/Transfer/HTTP/Inside.swift": ('let shown = """\n  x \\("y \\(SwarmCore.self)")\n  """\n', "arrow"),
    "Sources/torrentctl/Library.swift": ("#if canImport(Glibc)\n  import Glibc\n#endif\n", "libc"),
    "Sources/Transfer/Net/Bare.swift": ("import Glibc\n", "libc"),
    "Sources/Bencode/Clock.swift": ("let now = ContinuousClock.now\n", "pure"),
    "Sources/Metainfo/Model/Kernel.swift": ("import Platform\n", "pure"),
    "Sources/Metainfo/Author/Foreign.swift": ("import Foundation\n", "imports"),
    "Sources/Transfer/Session/Blind.swift": ("let state = Mutex(0)\n", "lock"),
    "Sources/torrentctl/Long.swift": ("\n" * 401, "size"),
}
# Text and comments name nothing.
RIGHT = '/* TorrentRunner /* ContinuousClock */ import Foundation */\nlet a = "TorrentRunner \\\\(SwarmCore)" // Mutex\n' \
    'let b = #"\\(TorrentRunner.self)"#\n'


def failures():
    """What the rules get wrong, a line each."""
    with tempfile.TemporaryDirectory() as root:
        for path, text in GROUND.items():
            _write(root, path, text)
        _write(root, "Sources/Transfer/Wire/Right.swift", RIGHT)
        yield from (f"found in what is right: {finding}" for finding in _findings(root))
        for path, (text, rule) in WRONG.items():
            _write(root, path, text)
            found = [finding for finding in _findings(root) if finding.startswith(path + ":")]
            os.remove(os.path.join(root, path))
            if not any(finding.endswith(f"[{rule}]") for finding in found):
                yield f"not found by the rule {rule}: {path}"


def _findings(root):
    return [finding for rule in RULES for finding in rule(root)]


def _write(root, path, text):
    path = os.path.join(root, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
