# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Serves httpbin on a free port of the loopback, prints its URI, and ends with its input."""

import io
import os
import sys
import threading

from httpbin import app
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wsgi import get_input_stream


class Handler(WSGIRequestHandler):
    """Keeps connections, and says nothing."""

    protocol_version = "HTTP/1.1"

    def log(self, *_arguments):
        pass


def read_first(environment, start_response):
    """Answers when all of a request is there, lest the connection ends in the midst of it."""
    environment["wsgi.input"] = io.BytesIO(get_input_stream(environment).read())
    environment["wsgi.input_terminated"] = True
    return app(environment, start_response)


server = make_server("127.0.0.1", 0, read_first, threaded=True, request_handler=Handler)
print(f"http://127.0.0.1:{server.port}", flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
os._exit(0)  # whatever its threads are waiting for
