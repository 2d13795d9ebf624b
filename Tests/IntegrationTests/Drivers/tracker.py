#!/usr/bin/env python3
"""A tiny HTTP tracker (BEP 3, 23): remembers who announced and names them to the others.

    tracker.py [--bind ADDRESS]

Prints JSON Lines: listening {port}, then announce {hash, announced, left, address, port} for each announce. It ends when
its standard input does, or on SIGTERM.
"""
import argparse
import http.server
import json
import os
import signal
import socket
import sys
import threading
import urllib.parse

swarms = {}
lock = threading.Lock()


def say(event, **fields):
    print(json.dumps({"event": event, **fields}), flush=True)


class Tracker(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        query = dict(
            urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query, keep_blank_values=True, encoding="latin-1")
        )
        torrent = query.get("info_hash", "").encode("latin-1")
        if len(torrent) != 20:
            return self.answer(b"d14:failure reason16:bad info_hash...e")
        address, port = self.client_address[0], int(query.get("port", "0"))
        event = query.get("event", "")
        with lock:
            swarm = swarms.setdefault(torrent, {})
            others = [peer for peer in swarm if peer != (address, port)]
            if event == "stopped":
                swarm.pop((address, port), None)
            else:
                swarm[(address, port)] = query.get("peer_id")
            say("announce", hash=torrent.hex(), announced=event, left=query.get("left"), address=address, port=port)
        peers = b"".join(socket.inet_aton(a) + p.to_bytes(2, "big") for a, p in others)
        self.answer(b"d8:intervali60e12:min intervali1e5:peers%d:%be" % (len(peers), peers))

    def answer(self, body):
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bind", default="127.0.0.1")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    server = http.server.ThreadingHTTPServer((arguments.bind, 0), Tracker)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    say("listening", port=server.server_address[1])
    while os.read(0, 4096):
        pass
    os._exit(0)


main()
