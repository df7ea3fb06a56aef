# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""A server on the loopback in httpbin.org's place."""

import http.server
import json
import re
import threading
import urllib.parse


class Httpbin:
    """Answers as httpbin.org does, as far as the programs of the documentation ask.

    Short delays are none. A long one lasts until somebody asks for /release, or the server stops.
    """

    LONG = 10  # seconds

    def __init__(self):
        self.paths = []  # that were asked for, in their order
        self._released = threading.Event()
        handler = type("Handler", (_Handler,), {"httpbin": self})
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.place = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=[0.01], daemon=True).start()

    def stand_in(self, text):
        """A program's text, with this server in httpbin.org's place."""
        return re.sub(r"https?://httpbin\.org\b", self.place, text)

    def describe(self, path):
        """What is answered to a GET."""
        query = urllib.parse.urlsplit(path).query
        arguments = urllib.parse.parse_qsl(query, keep_blank_values=True)
        return {"args": dict(arguments), "url": self.place + path}

    def hold(self):
        self._released.wait()

    def release(self):
        self._released.set()

    def stop(self):
        self.release()
        self._server.shutdown()
        self._server.server_close()


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    httpbin = None

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer_lines(self, count):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for number in range(count):
            line = json.dumps({"id": number, **self.httpbin.describe(self.path)}).encode() + b"\n"
            self.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
        self.wfile.write(b"0\r\n\r\n")

    def do_GET(self):
        self.httpbin.paths.append(self.path)
        head, _slash, tail = urllib.parse.urlsplit(self.path).path.rpartition("/")
        if head == "/delay" and int(tail) >= Httpbin.LONG:
            self.httpbin.hold()
        if tail == "release":
            self.httpbin.release()
        if head == "/delay" or tail in ("get", "release"):
            self.answer(200, self.httpbin.describe(self.path))
        elif head == "/stream":
            self.answer_lines(int(tail))
        else:
            self.answer(404, {})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.headers["Content-Type"] == "application/json":
            self.answer(200, {"json": json.loads(body)})
        else:
            self.answer(200, {"form": dict(urllib.parse.parse_qsl(body))})

    def handle(self):
        try:
            super().handle()
        except ConnectionError:
            pass  # who asked has gone

    def log_message(self, *_arguments):
        pass
