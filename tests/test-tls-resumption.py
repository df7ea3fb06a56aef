# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""TLS 1.3 sessions are resumed, but never with another trust or another client certificate.

The server is Python's: GLib's gives out no tickets to resume with.
"""

import pathlib
import socket
import ssl
import threading
import unittest

import gi

gi.require_version("Hf", "1")
from gi.repository import Gio, GLib, Hf  # noqa: E402

from tap_result import run_tap  # noqa: E402

CERTIFICATES = pathlib.Path(__file__).resolve().parent / "certificates"


class TlsServer:
    """Answers each request with the name in the client's certificate, and counts resumptions."""

    def __init__(self):
        self.n_resumed = 0
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(CERTIFICATES / "server.pem")
        self.context.verify_mode = ssl.CERT_OPTIONAL
        self.context.load_verify_locations(CERTIFICATES / "authority.pem")
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.uri = f"https://localhost:{self.listener.getsockname()[1]}/"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client = self.listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        try:
            with self.context.wrap_socket(client, server_side=True) as tls:
                self.n_resumed += tls.session_reused
                self.answer(tls)
        except (OSError, ssl.SSLError):
            pass  # the client did not want to go on

    @staticmethod
    def answer(tls):
        peer = tls.getpeercert()
        name = peer["subject"][-1][0][1] if peer else "nobody"
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            read = tls.recv(4096)
            if not read:
                return
            head += read
        tls.sendall(f"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {len(name)}\r\n\r\n"
                    f"{name}".encode())


class ResumptionTest(unittest.TestCase):
    def setUp(self):
        self.server = TlsServer()
        self.addCleanup(self.server.listener.close)
        self.session = Hf.FuturesSession.new_with_max_workers(1)
        self.authority = Gio.TlsFileDatabase.new(str(CERTIFICATES / "authority.pem"))

    def get(self, session=None, **settings):
        request = Hf.Request.new("GET", self.server.uri)
        for name, value in settings.items():
            request.set_property(name, value)
        return (session or self.session).send(request).get_result(None).get_text()

    def assert_untrusted(self, session=None):
        with self.assertRaises(GLib.Error) as raised:
            self.get(session)
        self.assertTrue(raised.exception.matches(Hf.error_quark(), Hf.Error.TLS))

    def test_verified_after_insecure(self):
        self.assert_untrusted()
        for _ in range(3):
            self.assertEqual(self.get(tls_insecure=True), "nobody")
        self.assertGreater(self.server.n_resumed, 0)
        self.assert_untrusted()
        self.assert_untrusted(Hf.FuturesSession())

    def test_verified_after_other_authorities(self):
        for _ in range(3):
            self.assertEqual(self.get(tls_database=self.authority), "nobody")
        self.assertGreater(self.server.n_resumed, 0)
        self.assert_untrusted()

    def test_certificates(self):
        a, b = (Gio.TlsCertificate.new_from_file(str(CERTIFICATES / f"client-{name}.pem"))
                for name in "ab")
        for _ in range(3):
            self.assertEqual(self.get(tls_database=self.authority, tls_certificate=a), "client-a")
            self.assertEqual(self.get(tls_database=self.authority, tls_certificate=b), "client-b")
            self.assertEqual(self.get(tls_database=self.authority), "nobody")
        self.assertEqual(self.get(Hf.FuturesSession(), tls_database=self.authority), "nobody")
        self.assertGreater(self.server.n_resumed, 0)


run_tap("/tls-resumption")
