#!/usr/bin/env python3
"""A libtorrent peer that seeds or downloads some torrents and prints what happens as JSON Lines.

    libtorrent_peer.py --bind 127.0.0.1 --save DIR [--peer HOST:PORT]… [--upload-limit BYTES] [--super-seed] TORRENT…

Events: listening {port} · ready {name, seeding} once a torrent's content has been checked · complete {name, seconds} ·
stats {name, uploaded, downloaded, peers, from} twice a second and at the end, where `from` are the addresses that payload
came from. It ends when its standard input does, or on
SIGTERM. No DHT, LSD, UPnP, NAT-PMP, uTP: it talks TCP to the peers it is told of and to trackers.
"""
import argparse
import json
import os
import select
import signal
import sys
import time

import libtorrent as lt


def say(event, **fields):
    print(json.dumps({"event": event, **fields}), flush=True)


def settings(arguments):
    return {
        "listen_interfaces": f"{arguments.bind}:{arguments.port}",
        "outgoing_interfaces": arguments.bind,
        "enable_dht": False,
        "enable_lsd": False,
        "enable_upnp": False,
        "enable_natpmp": False,
        "enable_outgoing_utp": False,
        "enable_incoming_utp": False,
        "allow_multiple_connections_per_ip": True,
        "in_enc_policy": 2,
        "out_enc_policy": 2,  # plain text: what is tested here is BEP 3
        "close_redundant_connections": True,
        "unchoke_interval": 1,
        "upload_rate_limit": arguments.upload_limit,
        "user_agent": "libtorrent",
        "alert_mask": lt.alert.category_t.status_notification
        | lt.alert.category_t.storage_notification | lt.alert.category_t.error_notification,
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bind", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--save", required=True)
    parser.add_argument("--peer", action="append", default=[])
    parser.add_argument("--upload-limit", type=int, default=0)
    parser.add_argument("--super-seed", action="store_true")
    parser.add_argument("torrents", nargs="+")
    arguments = parser.parse_args()

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    session = lt.session(settings(arguments))
    while session.listen_port() == 0:
        time.sleep(0.005)
    say("listening", port=session.listen_port())

    start = time.monotonic()
    torrents = []
    for path in arguments.torrents:
        params = lt.add_torrent_params()
        params.ti = lt.torrent_info(path)
        params.save_path = arguments.save
        params.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
        if arguments.super_seed:
            params.flags |= lt.torrent_flags.super_seeding
        handle = session.add_torrent(params)
        for peer in arguments.peer:
            host, port = peer.rsplit(":", 1)
            handle.connect_peer((host, int(port)))
        torrents.append(handle)

    sources = [set() for _ in torrents]  # kept, because a peer that has left is no longer listed

    def note_sources():
        for index, handle in enumerate(torrents):
            peers = handle.get_peer_info()
            sources[index].update(peer.ip[0] for peer in peers if peer.payload_down_speed or peer.total_download)

    def statistics():
        for index, handle in enumerate(torrents):
            status = handle.status()
            say(
                "stats", name=status.name, uploaded=status.all_time_upload, downloaded=status.all_time_download,
                peers=status.num_peers, **{"from": sorted(sources[index])},
            )

    ready, complete, flushing = set(), set(), {}
    checking = (lt.torrent_status.checking_files, lt.torrent_status.checking_resume_data)
    last = start
    dialled = start
    while True:
        if select.select([sys.stdin], [], [], 0.01)[0] and not os.read(0, 4096):
            break
        now = time.monotonic()
        note_sources()  # often: a peer leaves as soon as neither side needs anything of the other
        for index, handle in enumerate(torrents):
            if index in complete:
                continue
            status = handle.status()
            if index not in ready and status.state not in checking:
                ready.add(index)
                say("ready", name=status.name, seeding=status.is_seeding)
            if index in ready and status.is_seeding:
                if index not in flushing:  # the pieces are verified, but may still be on their way to the disk
                    flushing[index] = round(now - start, 3)
                    handle.flush_cache()
            elif now - dialled > 1:  # a peer that was not up yet, or that we have lost
                for peer in arguments.peer:
                    host, port = peer.rsplit(":", 1)
                    handle.connect_peer((host, int(port)))
        if now - dialled > 1:
            dialled = now
        if now - last > 0.5:
            last = now
            statistics()
        for alert in session.pop_alerts():
            if isinstance(alert, (lt.torrent_error_alert, lt.file_error_alert, lt.listen_failed_alert)):
                say("error", message=alert.message())
            elif isinstance(alert, lt.cache_flushed_alert) and alert.handle in torrents:
                index = torrents.index(alert.handle)
                if index in flushing and index not in complete:
                    complete.add(index)
                    say("complete", name=alert.handle.status().name, seconds=flushing[index])
    statistics()
    session.pause()
    os._exit(0)  # without waiting for the destructor's tracker round


main()
