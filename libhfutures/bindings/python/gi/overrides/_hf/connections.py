# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""How requests get to servers, by the keywords of requests: proxies, verify and cert."""

import errno
import os
import re
import tempfile

from gi.repository import Gio, GLib

from . import Hf, environment
from .errors import InvalidProxyURL
from .text import to_text

_loaded = {}  # by kind and paths: what the files were like, and what was made of them
_KEPT = 64


def _look_at(path):
    status = os.stat(path)
    return status.st_mtime_ns, status.st_size, status.st_ino


def _load(kind, *paths):
    """Makes something of files; the same thing again for as long as the files are the same.

    Connections are kept by what they were made with, so a new one each time would not find them.
    """
    stamp = tuple(map(_look_at, paths))
    known = _loaded.get((kind, paths))
    if known is None or known[0] != stamp:
        for path in paths:
            with open(path, "rb"):  # else GLib has less to say, and Ctrl-C gets lost in its errors
                pass
        if len(_loaded) >= _KEPT:
            _loaded.pop(next(iter(_loaded)), None)
        known = _loaded[kind, paths] = (stamp, _MAKERS[kind](*paths))
    return known[1]


def _to_path(name):
    path = os.fsdecode(name)
    if not path:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
    return to_text(os.path.abspath(path))


def _join_files(*paths):
    """Trusts what is in several files; GIO takes one."""
    bundle = tempfile.NamedTemporaryFile(suffix=".pem")
    for path in paths:
        with open(path, "rb") as file:
            bundle.write(file.read() + b"\n")
    bundle.flush()
    database = Gio.TlsFileDatabase.new(bundle.name)
    database._hf_bundle = bundle  # it is read when it is first needed, and is gone with this
    return database


_MAKERS = {
    "file": Gio.TlsFileDatabase.new,
    "directory": _join_files,
    "certificate": Gio.TlsCertificate.new_from_file,
    "pair": Gio.TlsCertificate.new_from_files,
}


def _load_database(name):
    path = _to_path(name)
    if not os.path.isdir(path):
        return _load("file", path)
    # As OpenSSL has it: a file with a certificate is named after the hash of its subject.
    paths = sorted(entry.path for entry in os.scandir(path)
                   if re.fullmatch(r"[0-9a-f]{8}\.\d+", entry.name))
    if not paths:
        raise FileNotFoundError(
            f"there is no certificate in {path!r} that is named after its hash, as by "
            "`openssl rehash`")
    return _load("directory", *paths)


def _load_certificate(cert):
    if isinstance(cert, (tuple, list)):
        return _load("pair", *map(_to_path, cert))
    return _load("certificate", _to_path(cert))


def _to_hosts(hosts):
    if hosts is None:
        return None
    if isinstance(hosts, (str, bytes)):
        return to_text(hosts).split(",")
    return list(map(to_text, hosts))


def _make_rules(proxies, hosts, fallback):
    pairs = []
    for scheme, proxy in proxies.items():
        if scheme != "no_proxy":
            pairs += to_text(scheme), "" if proxy is None else to_text(proxy)
    try:
        return Hf.ProxyRules.new(pairs, _to_hosts(hosts), fallback)
    except GLib.Error as error:
        raise InvalidProxyURL(error.message, error.domain, error.code) from None


class Connections:
    """What holds for a request: its own keywords, then those of its session, then the environment.

    Given a Soup.Session, a session has that in the environment's place.
    """

    def __init__(self, session, proxies, verify, cert):
        self.supplied = session._hf_supplied
        self.trust_env = session.trust_env
        self.silent = not self.trust_env or self.supplied or environment.is_silent()
        self.proxies = {**(session._hf_proxies or {}), **(proxies or {})}
        self.verify = session.verify if verify is None else verify
        if self.verify is None:
            self.verify = True
        if isinstance(self.verify, int):
            self.verify = bool(self.verify)
        if self.verify is True and not self.silent:
            self.verify = environment.get_bundle() or True
        self.cert = cert or session.cert
        self._session = session

    def _get_supplied(self):
        return self._session.get_soup_session().get_proxy_resolver()

    def _make_fallback(self):
        """Who is asked for what has no proxy of its own; None is nobody."""
        if self.supplied:
            return self._get_supplied()
        if not self.trust_env:
            return None
        system = Gio.ProxyResolver.get_default()
        if self.silent:
            return system
        proxies, hosts = environment.get_proxies()
        hosts = self.proxies.get("no_proxy", hosts)
        if not proxies and not hosts:
            return system
        return _make_rules(proxies, hosts, None if proxies else system)

    def _make_resolver(self):
        """Which proxy is used; None leaves that to the session's Soup.Session, or the system."""
        if self.proxies:
            return _make_rules(self.proxies, self.proxies.get("no_proxy"), self._make_fallback())
        if self.supplied or self.trust_env and self.silent:
            return None
        return self._make_fallback() or _make_rules({}, None, None)

    def apply(self, request):
        """Has a request sent that way."""
        resolver = self._make_resolver()
        if resolver is not None:
            request.set_proxy_resolver(resolver)
        if self.verify is False:
            request.set_tls_insecure(True)
        elif self.verify is not True:
            request.set_tls_database(_load_database(self.verify))
        if self.cert:
            request.set_tls_certificate(_load_certificate(self.cert))


def is_plain(session):
    """Whether requests of a session go as they would without this module."""
    return (session.verify is True and session.cert is None and not session._hf_proxies and
            session.trust_env and (session._hf_supplied or environment.is_silent()) and
            not (session._hf_cookies is not None and session._hf_cookies.has_everywhere()))
