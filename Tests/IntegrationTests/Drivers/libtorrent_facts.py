"""What libtorrent reads in .torrent files and magnet links: a JSON object on a line for each argument."""

import json
import sys
import warnings

import libtorrent as lt

warnings.simplefilter("ignore")


def digest(hash):
    return None if hash.is_all_zeros() else str(hash)


def hashes(pair):
    return {"v1": digest(pair.v1), "v2": digest(pair.v2)}


for argument in sys.argv[1:]:
    if argument.startswith("magnet:"):
        link = lt.parse_magnet_uri(argument)
        facts = {
            "hashes": hashes(link.info_hashes),
            "name": link.name,
            "trackers": sorted(link.trackers),
            "webSeeds": sorted(link.url_seeds),
            "peers": sorted(f"{host} {port}" for host, port in link.peers),
            "files": [index for index, wish in enumerate(link.file_priorities) if wish],
        }
    else:
        torrent = lt.torrent_info(argument)
        files = torrent.files()
        pad = lt.file_storage.flag_pad_file
        facts = {
            "hashes": hashes(torrent.info_hashes()),
            "name": torrent.name(),
            "trackers": sorted(entry.url for entry in torrent.trackers()),
            "webSeeds": sorted(seed["url"] for seed in torrent.web_seeds()),
            "comment": torrent.comment(),
            "files": [index for index in range(files.num_files()) if not files.file_flags(index) & pad],
            "info": torrent.info_section().hex(),
            "magnet": lt.make_magnet_uri(torrent),
        }
    print(json.dumps(facts))
