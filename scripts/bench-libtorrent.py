#!/usr/bin/env python3
"""The libtorrent side of `scripts/bench`: `seed TORRENT DIR` or `leech TORRENT DIR PORT`, on 127.0.0.1.

Default settings, except: nothing but the two peers (no DHT, LSD, UPnP, NAT-PMP), TCP without encryption, since that is
what is compared. It sleeps in the library between alerts.
"""
import json
import os
import signal
import sys

import libtorrent as lt


def say(event, **fields):
    print(json.dumps({"event": event, **fields}), flush=True)


role, torrent, directory = sys.argv[1:4]
session = lt.session(
    {
        "listen_interfaces": "127.0.0.1:0",
        "outgoing_interfaces": "127.0.0.1",
        "enable_dht": False,
        "enable_lsd": False,
        "enable_upnp": False,
        "enable_natpmp": False,
        "enable_outgoing_utp": False,
        "enable_incoming_utp": False,
        "in_enc_policy": 2,
        "out_enc_policy": 2,
        "allow_multiple_connections_per_ip": True,
        "alert_mask": lt.alert.category_t.status_notification,
    }
)
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
params = lt.add_torrent_params()
params.ti = lt.torrent_info(torrent)
params.save_path = directory
params.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
handle = session.add_torrent(params)
said_port = False
if role == "leech":
    handle.connect_peer(("127.0.0.1", int(sys.argv[4])))
while True:
    session.wait_for_alert(200)
    for alert in session.pop_alerts():
        if isinstance(alert, lt.torrent_finished_alert):
            say("ready" if role == "seed" else "complete")
            if role == "leech":
                del handle
                del session  # ends its threads and closes the files
                os._exit(0)
    if not said_port and session.listen_port():
        said_port = True
        say("listening", port=session.listen_port())
