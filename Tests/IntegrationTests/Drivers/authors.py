#!/usr/bin/env python3
"""Lets other programs make .torrent files, as many as are asked for, and says what came out as JSON Lines.

    authors.py REQUESTS

REQUESTS holds one JSON object a line: {program, content, output, format, pieceLength, isPrivate, source, comment, files}.

- program: libtorrent, torf, mktorrent or transmission make `output` of `content`. With `check` libtorrent
  reads the torrent that lies at `output` already and checks `content` against it, as before it seeds.
- format: v1, padded (version 1 with pad files), v2 or hybrid; all but libtorrent make v1 alone.
- files: paths below `content` in the order that libtorrent is to keep in v1; empty for a single file.

The answer, one line for each request in the same order: {v1, v2, error} with info-hashes as that program or libtorrent has
them, or the reason for which there are none; after `check` also {pieces, good}, how many there are and how many match.
"""
import concurrent.futures
import functools
import json
import os
import subprocess
import sys
import warnings

warnings.simplefilter("ignore")


def libtorrent(request):
    import libtorrent as lt

    flags = {
        "v1": lt.create_torrent.v1_only,
        "padded": lt.create_torrent.v1_only | lt.create_torrent.canonical_files,
        "v2": lt.create_torrent.v2_only,
        "hybrid": 0,
    }[request["format"]]
    parent, name = os.path.split(request["content"])
    storage = lt.file_storage()
    # Not `add_files`: it takes the order in which the system lists a folder, and attributes along.
    for path in request["files"] or [""]:
        whole = os.path.join(name, path) if path else name
        storage.add_file(whole, os.path.getsize(os.path.join(parent, whole)))
    made = lt.create_torrent(storage, request["pieceLength"], flags)
    if request["isPrivate"]:
        made.set_priv(True)
    if request["comment"] is not None:
        made.set_comment(request["comment"])
    lt.set_piece_hashes(made, parent)
    torrent = made.generate()
    if request["source"] is not None:  # the binding has no word for it
        torrent[b"info"][b"source"] = request["source"].encode()
    with open(request["output"], "wb") as file:
        file.write(lt.bencode(torrent))
    return read(request["output"])


def read(path):
    """What libtorrent says of a file; its reader is stricter than its writer."""
    import libtorrent as lt

    found = lt.torrent_info(path).info_hashes()
    return {
        "v1": str(found.v1) if found.has_v1() else None,
        "v2": str(found.v2) if found.has_v2() else None,
    }


def check(request):
    import libtorrent as lt

    answer = read(request["output"])
    torrent = lt.torrent_info(request["output"])
    # A v2 torrent of a folder with nothing but a file in it is to libtorrent a torrent of that file.
    is_folder = torrent.name() == os.path.basename(request["content"])
    parameters = lt.add_torrent_params()
    parameters.ti = torrent
    # Left to itself it gives names that are the same without case a number.
    real = [n for n in range(torrent.num_files()) if not torrent.files().file_flags(n) & lt.file_flags_t.flag_pad_file]
    prefix = torrent.name() if is_folder else ""
    parameters.renamed_files = {n: os.path.join(prefix, path) for n, path in zip(real, request["files"])}
    parameters.save_path = os.path.dirname(request["content"]) if is_folder else request["content"]
    parameters.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
    handle = session().add_torrent(parameters)
    try:
        while True:
            session().wait_for_alert(1000)
            for alert in session().pop_alerts():
                if isinstance(alert, lt.file_error_alert):
                    raise RuntimeError(alert.message())
                if isinstance(alert, lt.torrent_checked_alert):
                    return {**answer, "pieces": torrent.num_pieces(), "good": handle.status().num_pieces}
    finally:
        session().remove_torrent(handle)


@functools.cache
def session():
    """Talks to nobody: it listens nowhere and knows no peer."""
    import libtorrent as lt

    category = lt.alert.category_t
    return lt.session({
        "listen_interfaces": "", "enable_dht": False, "enable_lsd": False, "enable_upnp": False, "enable_natpmp": False,
        "alert_mask": category.status_notification | category.error_notification | category.storage_notification,
    })


def torf(request):
    import torf

    torrent = torf.Torrent(
        path=request["content"], private=request["isPrivate"] or None, source=request["source"],
        comment=request["comment"])
    torrent.piece_size = request["pieceLength"]
    torrent.generate(threads=1)
    torrent.write(request["output"])
    return {"v1": torrent.infohash, "v2": None}


def run(command, request):
    for _ in range(3):
        # mktorrent cancels the thread that prints its progress, at times while that has standard output locked, and then
        # waits for the lock for ever (seen in a debugger). Its files are of a few pieces: it needs milliseconds.
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=15)
            break
        except subprocess.TimeoutExpired:
            if os.path.exists(request["output"]):
                os.remove(request["output"])
    else:
        raise RuntimeError(f"{command[0]} has hung three times")
    if done.returncode != 0 or not os.path.exists(request["output"]):
        raise RuntimeError((done.stdout + done.stderr)[-500:])
    return read(request["output"])


def mktorrent(request):
    command = ["mktorrent", "-d", "-t", "1", "-l", str(request["pieceLength"].bit_length() - 1)]
    command += ["-p"] if request["isPrivate"] else []
    command += ["-s", request["source"]] if request["source"] is not None else []
    command += ["-c", request["comment"]] if request["comment"] is not None else []
    return run(command + ["-o", request["output"], request["content"]], request)


def transmission(request):
    command = ["transmission-create", "-s", str(request["pieceLength"] // 1024)]
    command += ["-p", "-t", "http://127.0.0.1:1/announce"] if request["isPrivate"] else []
    command += ["-c", request["comment"]] if request["comment"] is not None else []
    return run(command + ["-o", request["output"], request["content"]], request)


PROGRAMS = {f.__name__: f for f in (libtorrent, check, torf, mktorrent, transmission)}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        requests = [json.loads(line) for line in file]
    # transmission-create looks at its own progress twice a second only; the others don't gain by company.
    together = 8 if any(request["program"] == "transmission" for request in requests) else 1
    with concurrent.futures.ThreadPoolExecutor(together) as threads:
        for answer in threads.map(answered, requests):
            print(json.dumps(answer), flush=True)


def answered(request):
    answer = {"v1": None, "v2": None, "pieces": None, "good": None, "error": None}
    try:
        return {**answer, **PROGRAMS[request["program"]](request)}
    except Exception as error:  # the test decides what may fail
        return {**answer, "error": f"{type(error).__name__}: {error}"}


main()
