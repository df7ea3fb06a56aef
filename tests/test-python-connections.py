# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""How requests of Python's get to servers: TLS files, proxies, the environment, credentials."""

import contextlib
import inspect
import os
import pathlib
import shutil
import socket
import ssl
import tempfile
import threading
from unittest import mock

import gi

gi.require_version("Hf", "1")
from gi.repository import Gio, Hf, Soup  # noqa: E402

from httpbin_case import HttpbinCase  # noqa: E402
from python_case import SERVER, PythonCase, run_program, uri  # noqa: E402
from tap_result import run_tap  # noqa: E402

CERTIFICATES = pathlib.Path(__file__).resolve().parent / "certificates"
AUTHORITY = str(CERTIFICATES / "authority.pem")
HASHED = "0a1b2c3d.0"  # how OpenSSL names a file, after the hash of a subject


class TlsServer:
    """Answers with the name in the client's certificate, and counts connections."""

    def __init__(self):
        self.n_connections = 0
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(CERTIFICATES / "server.pem")
        self.context.verify_mode = ssl.CERT_OPTIONAL
        self.context.load_verify_locations(AUTHORITY)
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
        with contextlib.suppress(OSError), self.context.wrap_socket(client, True) as tls:
            peer = tls.getpeercert()
            name = peer["subject"][-1][0][1] if peer else "nobody"
            self.n_connections += 1
            answer = f"HTTP/1.1 200 OK\r\nContent-Length: {len(name)}\r\n\r\n{name}"
            while self.read_head(tls):
                tls.sendall(answer.encode())

    @staticmethod
    def read_head(tls):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            read = tls.recv(4096)
            if not read:
                return False
            head += read
        return True


def with_environment(**variables):
    """The environment with these variables, and none of the others that matter."""
    names = [name for name in os.environ
             if name.lower().endswith("_proxy") or name.endswith("_CA_BUNDLE") or name == "NETRC"]
    kept = {name: value for name, value in os.environ.items() if name not in names}
    return mock.patch.dict(os.environ, {**kept, **variables}, clear=True)


class ConnectionCase(PythonCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        environment = with_environment(HOME=str(self.folder))
        environment.start()
        self.addCleanup(environment.stop)


class TlsTest(ConnectionCase):
    def setUp(self):
        super().setUp()
        self.server = TlsServer()
        self.addCleanup(self.server.listener.close)
        self.session = Hf.FuturesSession(max_workers=1)
        self.addCleanup(self.session.close)

    def get(self, session=None, **keywords):
        return (session or self.session).get(self.server.uri, **keywords).result().text

    def assert_untrusted(self, session=None, **keywords):
        with self.assertRaises(Hf.SSLError):
            self.get(session, **keywords)

    def test_verify(self):
        self.assert_untrusted()
        self.assert_untrusted(verify=True)
        self.assertEqual(self.get(verify=AUTHORITY), "nobody")
        self.assertEqual(self.get(verify=pathlib.Path(AUTHORITY)), "nobody")
        self.assertEqual(self.get(verify=False), "nobody")
        self.assert_untrusted()

    def test_one_connection(self):
        """The same files mean the same connection; changed ones do not."""
        copy = self.folder / "authority.pem"
        shutil.copy(AUTHORITY, copy)
        pair = (str(CERTIFICATES / "client-a.pem"),) * 2
        for keywords in ({"verify": copy}, {"verify": copy, "cert": pair[0]},
                         {"verify": copy, "cert": pair}):
            before = self.server.n_connections
            for _ in range(3):
                self.get(**keywords)
            self.assertEqual(self.server.n_connections, before + 1, keywords)

        os.utime(copy, ns=(1, 1))
        before = self.server.n_connections
        self.get(verify=copy)
        self.assertEqual(self.server.n_connections, before + 1)
        shutil.copy(CERTIFICATES / "client-a.pem", copy)
        self.assert_untrusted(verify=copy)

    def test_directory(self):
        with self.assertRaises(FileNotFoundError):
            self.get(verify=self.folder)
        shutil.copy(AUTHORITY, self.folder / "authority.pem")  # not by its hash, so not looked at
        with self.assertRaises(FileNotFoundError):
            self.get(verify=self.folder)
        shutil.copy(CERTIFICATES / "client-a.pem", self.folder / "ffffffff.0")
        self.assert_untrusted(verify=self.folder)
        shutil.copy(AUTHORITY, self.folder / HASHED)
        for _ in range(2):
            self.assertEqual(self.get(verify=self.folder), "nobody")
        self.assertEqual(self.server.n_connections, 1)

    def test_cert(self):
        for name in ("client-a", "client-b"):
            path = str(CERTIFICATES / f"{name}.pem")
            self.assertEqual(self.get(verify=AUTHORITY, cert=path), name)
            self.assertEqual(self.get(verify=AUTHORITY, cert=(path, path)), name)
            self.assertEqual(self.get(verify=AUTHORITY, cert=[path, path]), name)
        self.assertEqual(self.get(verify=AUTHORITY), "nobody")

    def test_of_sessions(self):
        self.session.verify = AUTHORITY
        self.session.cert = str(CERTIFICATES / "client-a.pem")
        self.assertEqual(self.get(), "client-a")
        self.assertEqual(self.get(cert=str(CERTIFICATES / "client-b.pem")), "client-b")
        self.assert_untrusted(verify=True)
        self.session.verify = False
        self.assertEqual(self.get(), "client-a")
        self.assert_untrusted(verify=True)

    def test_environment(self):
        for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
            with mock.patch.dict(os.environ, {name: AUTHORITY}):
                self.assertEqual(self.get(), "nobody")
                self.assertEqual(self.get(verify=True), "nobody")
                self.assert_untrusted(verify=CERTIFICATES / "client-a.pem")
                self.session.trust_env = False
                self.assert_untrusted()
                self.session.trust_env = True
            self.assert_untrusted()
        with mock.patch.dict(os.environ, {"REQUESTS_CA_BUNDLE": str(CERTIFICATES / "client-a.pem"),
                                          "CURL_CA_BUNDLE": AUTHORITY}):
            self.assert_untrusted()
            self.session.verify = AUTHORITY  # what was said in the program wins
            self.assertEqual(self.get(), "nobody")
            self.session.verify = False
            self.assertEqual(self.get(), "nobody")

    def test_supplied(self):
        """A Soup.Session's own settings are explicit, too."""
        soup_session = Soup.Session(tls_database=Gio.TlsFileDatabase.new(AUTHORITY))
        for session in (Hf.FuturesSession(session=soup_session),
                        Hf.FuturesSession.new_for_soup_session(soup_session)):
            self.addCleanup(session.close)
            with mock.patch.dict(os.environ,
                                 {"REQUESTS_CA_BUNDLE": str(CERTIFICATES / "client-a.pem")}):
                self.assertEqual(self.get(session), "nobody")

    def test_system(self):
        """Trust is the system's; variables of TLS libraries are no way in."""
        self.assertEqual(self.session.get_soup_session().get_tls_database(),
                         Gio.TlsBackend.get_default().get_default_database())
        status, output, errors = run_program("""
            import sys, gi
            gi.require_version("Hf", "1")
            from gi.repository import Hf
            with Hf.FuturesSession() as session:
                print(type(session.get(sys.argv[1]).exception()).__name__)
            """, self.server.uri, env={
                **os.environ, "SSL_CERT_FILE": AUTHORITY, "SSL_CERT_DIR": str(CERTIFICATES),
                "GNUTLS_SYSTEM_TRUST_FILE": AUTHORITY, "SOUP_CA_FILE": AUTHORITY})
        self.assertEqual((status, output), (0, "SSLError\n"), errors)


class ProxyTest(ConnectionCase):
    """The test server itself answers as the proxy."""

    AWAY = "http://away.invalid/anything"

    def reaches(self, url=AWAY, session=None, **keywords):
        """Whether a request goes to the proxy; away.invalid is nowhere else."""
        try:
            return (session or self.session).get(url, **keywords).result().status_code == 200
        except Hf.ProxyError:
            raise
        except Hf.ConnectionError:
            return False

    def test_rules(self):
        self.assertFalse(self.reaches())
        for proxies in ({"http": SERVER.uri}, {"all": SERVER.uri},
                        {"http://away.invalid": SERVER.uri}, {"all://away.invalid": SERVER.uri},
                        {"HTTP": SERVER.uri, "https": None}):
            self.assertTrue(self.reaches(proxies=proxies), proxies)
        for proxies in ({"https": SERVER.uri}, {"http": None}, {"http": "", "all": SERVER.uri},
                        {"http://other.invalid": SERVER.uri}, {"no_proxy": "away.invalid"},
                        {"http": SERVER.uri, "no_proxy": "x,  invalid"},
                        {"http": SERVER.uri, "no_proxy": ["away.invalid"]}):
            self.assertFalse(self.reaches(proxies=proxies), proxies)

    def test_of_sessions(self):
        self.session.proxies["http"] = SERVER.uri
        self.assertTrue(self.reaches())
        self.assertFalse(self.reaches(proxies={"http": None}))
        self.assertTrue(self.reaches(proxies={"https": "http://x"}))
        self.session.proxies = {}
        self.assertFalse(self.reaches())

    def test_environment(self):
        for variables in ({"http_proxy": SERVER.uri}, {"HTTP_PROXY": SERVER.uri},
                          {"ALL_PROXY": SERVER.uri}, {"all_proxy": SERVER.uri},
                          {"http_proxy": SERVER.uri.removeprefix("http://")},
                          {"http_proxy": SERVER.uri, "HTTP_PROXY": "http://127.0.0.1:1"},
                          {"http_proxy": SERVER.uri, "NO_PROXY": "other.invalid"}):
            with with_environment(**variables):
                self.assertTrue(self.reaches(), variables)
                self.assertFalse(self.reaches(proxies={"http": None}))
                self.session.trust_env = False
                self.assertFalse(self.reaches())
                self.assertTrue(self.reaches(proxies={"http": SERVER.uri}))
                self.session.trust_env = True
        for variables in ({"https_proxy": SERVER.uri}, {"NO_PROXY": "away.invalid"},
                          {"HTTP_PROXY": SERVER.uri, "no_proxy": "away.invalid"},
                          {"HTTP_PROXY": SERVER.uri, "NO_PROXY": "*"},
                          {"HTTP_PROXY": SERVER.uri, "NO_PROXY": ".invalid"}):
            with with_environment(**variables):
                self.assertFalse(self.reaches(), variables)

    def test_explicit_beats_environment(self):
        nowhere = "http://127.0.0.1:1"
        with with_environment(HTTP_PROXY=nowhere):
            with self.assertRaises(Hf.ProxyError):
                self.reaches()
            self.assertTrue(self.reaches(proxies={"http": SERVER.uri}))
            self.session.proxies = {"http": SERVER.uri}
            self.assertTrue(self.reaches())
        with with_environment(HTTP_PROXY=SERVER.uri, NO_PROXY="away.invalid"):
            self.assertTrue(self.reaches(proxies={"http": SERVER.uri}))
            self.assertTrue(self.reaches("http://else.invalid/anything",
                                         proxies={"https": nowhere}))
            self.session.proxies = {}
            self.assertFalse(self.reaches(proxies={"https": nowhere}))

    def test_supplied(self):
        soup_session = Soup.Session(proxy_resolver=Gio.SimpleProxyResolver.new(SERVER.uri, None))
        session = Hf.FuturesSession(session=soup_session)
        self.addCleanup(session.close)
        with with_environment(HTTP_PROXY="http://127.0.0.1:1"):
            self.assertTrue(self.reaches(session=session))
            self.assertTrue(self.reaches(session=session, proxies={"https": "http://127.0.0.1:1"}))

    def test_credentials(self):
        proxy = SERVER.uri.replace("://", "://user:p%40ss@")
        seen = self.session.get(self.AWAY, proxies={"http": proxy}).result().json()["headers"]
        self.assertEqual(seen["Proxy-Authorization"], "Basic dXNlcjpwQHNz")

    def test_unreachable(self):
        with self.assertRaises(Hf.ProxyError) as caught:
            self.reaches(proxies={"http": "http://user:secret@127.0.0.1:1"})
        self.assertNotIn("secret", str(caught.exception))
        for proxies in ({"http": "ftp://x"}, {"all": "http://"}, {"http": "http://x:y"}):
            self.assertIsInstance(self.session.get(uri("/get"), proxies=proxies).exception(),
                                  Hf.InvalidProxyURL)

    def test_one_connection(self):
        """Requests with the same proxies share a connection."""
        n_connections = 0

        def serve():
            nonlocal n_connections
            while True:
                try:
                    client = listener.accept()[0]
                except OSError:
                    return
                n_connections += 1
                threading.Thread(target=answer, args=(client,), daemon=True).start()

        def answer(client):
            with client:
                while TlsServer.read_head(client):
                    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        threading.Thread(target=serve, daemon=True).start()
        session = Hf.FuturesSession(max_workers=1)
        self.addCleanup(session.close)
        proxy = f"http://127.0.0.1:{listener.getsockname()[1]}"
        for _ in range(3):
            session.get(self.AWAY, proxies={"http": proxy}).result()
        with with_environment(HTTP_PROXY=proxy):
            for _ in range(3):
                session.get(self.AWAY).result()
        self.assertLessEqual(n_connections, 2)


class NetrcTest(ConnectionCase):
    def write(self, text, name=".netrc"):
        path = self.folder / name
        path.write_text(text)
        return str(path)

    def sent(self, url=None, **keywords):
        headers = self.session.get(url or uri("/headers"), **keywords).result().json()["headers"]
        return headers.get("Authorization")

    def test_netrc(self):
        self.assertIsNone(self.sent())
        self.write("machine 127.0.0.1 login user password pass\n")
        self.assertEqual(self.sent(), "Basic dXNlcjpwYXNz")
        self.assertIsNone(self.sent(uri("/headers").replace("127.0.0.1", "localhost")))
        self.assertEqual(self.sent(auth=("a", "b")), "Basic YTpi")
        self.assertEqual(self.sent(headers={"Authorization": "Mine"}), "Mine")
        self.assertEqual(self.sent(uri("/headers").replace("://", "://a:b@")), "Basic YTpi")
        self.session.trust_env = False
        self.assertIsNone(self.sent())
        self.session.trust_env = True
        self.session.set_header("Authorization", "Mine")
        self.assertEqual(self.sent(), "Mine")
        self.session.remove_header("Authorization")
        self.session.set_auth(Hf.HTTPBasicAuth("a", "b"))
        self.assertEqual(self.sent(), "Basic YTpi")

    def test_files(self):
        self.write("machine 127.0.0.1 login a password b\n", "_netrc")
        self.assertEqual(self.sent(), "Basic YTpi")
        self.write("default login user password pass\n")
        self.assertEqual(self.sent(), "Basic dXNlcjpwYXNz")
        os.environ["NETRC"] = self.write("machine 127.0.0.1 account a password b\n", "named")
        self.assertEqual(self.sent(), "Basic YTpi")
        self.write("machine 127.0.0.1 login longer password pass\n", "named")
        self.assertEqual(self.sent(), "Basic bG9uZ2VyOnBhc3M=")
        self.write("nonsense", "named")
        self.assertIsNone(self.sent())

    def test_never_elsewhere(self):
        self.write("machine 127.0.0.1 login user password pass\n")
        there = uri("/headers").replace("127.0.0.1", "localhost")
        response = self.session.get(uri("/redirect-to"), params={"url": there}).result()
        self.assertNotIn("Authorization", response.json()["headers"])


class AuthTest(ConnectionCase):
    def test_func(self):
        asked = []

        def answer(call):
            request = call.get_request()
            asked.append(request.url)
            return f"Mine {request.method}"

        auth = Hf.Auth.new_for_func(answer)
        there = uri("/headers").replace("127.0.0.1", "localhost")
        self.assertEqual(self.session.post(uri("/post"), auth=auth).result()
                         .json()["headers"]["Authorization"], "Mine POST")
        response = self.session.get(uri("/redirect-to"), params={"url": "/headers"},
                                    auth=auth).result()
        self.assertEqual(response.json()["headers"]["Authorization"], "Mine GET")
        self.assertEqual(len(asked), 3)
        response = self.session.get(uri("/redirect-to"), params={"url": there}, auth=auth).result()
        self.assertNotIn("Authorization", response.json()["headers"])
        self.assertEqual(len(asked), 4)

    def test_func_fails(self):
        def answer(_call):
            raise ArithmeticError("no token")

        future = self.session.get(uri("/get"), auth=Hf.Auth.new_for_func(answer))
        self.assertIsInstance(future.exception(), Hf.RequestException)
        self.assertIn("ArithmeticError: no token", str(future.exception()))
        none = self.session.get(uri("/get"), auth=Hf.Auth.new_for_func(lambda call: None))
        self.assertNotIn("Authorization", none.result().json()["headers"])

    def test_userinfo(self):
        response = self.session.get(uri("/headers").replace("://", "://user:p%40ss@")).result()
        self.assertEqual(response.json()["headers"]["Authorization"], "Basic dXNlcjpwQHNz")
        self.assertNotIn("p%40ss", response.url)


class SignatureTest(ConnectionCase):
    def test_positions(self):
        """Keywords can be given by position, as requests has them."""
        names = list(inspect.signature(Hf.FuturesSession.request).parameters)
        self.assertEqual(names[:17], [
            "self", "method", "url", "params", "data", "headers", "cookies", "files", "auth",
            "timeout", "allow_redirects", "proxies", "hooks", "stream", "verify", "cert", "json"])
        seen = []
        response = self.session.request(
            "POST", "http://away.invalid/anything", {"p": "1"}, None, {"X-A": "2"}, {"c": "3"},
            None, ("a", "b"), 5, False, {"http": SERVER.uri},
            {"response": lambda response, **keywords: seen.append(keywords)}, None, False, None,
            {"j": 4}).result()
        told = response.json()
        self.assertEqual((told["args"], told["json"]), ({"p": "1"}, {"j": 4}))
        self.assertEqual([told["headers"][name] for name in ("X-A", "Cookie", "Authorization")],
                         ["2", "c=3", "Basic YTpi"])
        self.assertEqual(seen, [{"timeout": 5, "stream": False, "verify": False, "cert": None,
                                 "proxies": {"http": SERVER.uri}}])


class HttpbinConnectionsTest(HttpbinCase, ConnectionCase):
    def test_httpbin(self):
        token = Hf.Auth.new_for_func(lambda call: "Bearer token")
        self.assertEqual(self.get("/bearer", auth=token).json()["token"], "token")
        with_user = self.httpbin.replace("://", "://user:passwd@") + "/basic-auth/user/passwd"
        self.assertEqual(self.session.get(with_user).result().status_code, 200)
        (self.folder / ".netrc").write_text("machine 127.0.0.1 login user password passwd\n")
        self.assertEqual(self.get("/basic-auth/user/passwd").status_code, 200)
        with with_environment(HTTP_PROXY=self.httpbin):
            self.assertEqual(self.session.get("http://away.invalid/get").result().status_code, 200)


run_tap("/python/connections")
