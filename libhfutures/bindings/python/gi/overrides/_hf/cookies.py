# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Cookies as requests has them: a mapping of names to values, over a Soup.CookieJar."""

import http.cookiejar
import time
import urllib.request
from collections.abc import Mapping, MutableMapping

from gi.repository import GLib, Soup

from . import Hf
from .text import to_text

_get_cookies = Hf.Response.get_cookies

class CookieConflictError(RuntimeError):
    """Several cookies have the name; say domain or path, too."""

    __module__ = "gi.overrides.Hf"


def _to_python(cookie):
    """Makes of a cookie of libsoup's one of the standard library's."""
    domain = cookie.get_domain()
    expires = cookie.get_expires()
    return http.cookiejar.Cookie(
        version=0, name=cookie.get_name(), value=cookie.get_value(), port=None,
        port_specified=False, domain=domain, domain_specified=domain.startswith("."),
        domain_initial_dot=domain.startswith("."), path=cookie.get_path(), path_specified=True,
        secure=cookie.get_secure(), expires=None if expires is None else expires.to_unix(),
        discard=expires is None, comment=None, comment_url=None,
        rest={"HttpOnly": None} if cookie.get_http_only() else {})


def _make(name, value, domain, path, secure=False, expires=None, http_only=False):
    cookie = Soup.Cookie.new(to_text(name), to_text(value), to_text(domain), to_text(path), -1)
    cookie.set_secure(bool(secure))
    cookie.set_http_only(http_only)
    if expires is not None:
        cookie.set_expires(GLib.DateTime.new_from_unix_utc(int(expires)))
    return cookie


class Cookies(MutableMapping):
    """The cookies of a session or of a response.

    As with requests, the names are the keys, and what one iterates over are cookies, with a name, a
    value, a domain and a path: those of http.cookiejar. A cookie without a domain is sent with
    every request of the session, to whatever host, until a server sets one of that name.
    """

    __module__ = "gi.overrides.Hf"

    def __init__(self, jar):
        self._jar = jar
        self._everywhere = {}  # those without a domain, which libsoup does not have

    def _of_libsoup(self):
        now = time.time()
        cookies = [] if self._jar is None else self._jar.all_cookies()
        cookies.reverse()  # libsoup has the newest first
        return [cookie for cookie in cookies
                if cookie.get_expires() is None or cookie.get_expires().to_unix() > now]

    def __iter__(self):
        for cookie in self._of_libsoup():
            yield _to_python(cookie)
        for name, value in list(self._everywhere.items()):
            yield _to_python(_make(name, value, "", "/"))

    def has_everywhere(self):
        """Whether there are cookies that are sent to all hosts."""
        return bool(self._everywhere)

    def __len__(self):
        return len(self._of_libsoup()) + len(self._everywhere)

    def _find(self, name, domain=None, path=None):
        return [cookie for cookie in self if cookie.name == name and
                domain in (None, cookie.domain) and path in (None, cookie.path)]

    def _find_one(self, name, domain=None, path=None):
        found = self._find(name, domain, path)
        if not found:
            raise KeyError(name)
        if len(found) > 1:
            raise CookieConflictError(f"there are several cookies with the name {name!r}")
        return found[0].value

    def __getitem__(self, name):
        return self._find_one(name)

    def get(self, name, default=None, domain=None, path=None):
        """The value of a cookie; a domain and a path tell those of the same name apart."""
        try:
            return self._find_one(name, domain, path)
        except KeyError:
            return default

    def __contains__(self, name):
        return bool(self._find(name))

    def __setitem__(self, name, value):
        self.set(name, value)

    def set(self, name, value, domain="", path="/", secure=False, expires=None, **ignored):
        """Sets a cookie; without a value it is removed."""
        if value is None:
            self._remove(name, domain or None, None if path == "/" else path)
        elif not domain:
            self._everywhere[to_text(name)] = to_text(value)
        elif self._jar is None:
            raise RuntimeError("the Soup.Session of this session has no cookie jar")
        else:
            self._jar.add_cookie(_make(name, value, domain, path, secure, expires))

    def set_cookie(self, cookie):
        """Sets a cookie of http.cookiejar's."""
        if not cookie.domain:
            self.set(cookie.name, cookie.value)
        elif self._jar is not None:
            self._jar.add_cookie(_make(
                cookie.name, cookie.value or "", cookie.domain, cookie.path, cookie.secure,
                cookie.expires, cookie.has_nonstandard_attr("HttpOnly")))

    def _remove(self, name=None, domain=None, path=None):
        found = False
        for cookie in self._of_libsoup():
            if (name in (None, cookie.get_name()) and domain in (None, cookie.get_domain()) and
                    path in (None, cookie.get_path())):
                self._jar.delete_cookie(cookie)
                found = True
        if not domain:
            for key in [key for key in self._everywhere if name in (None, key)]:
                found = self._everywhere.pop(key, None) is not None or found
        return found

    def __delitem__(self, name):
        if not self._remove(name):
            raise KeyError(name)

    def clear(self, domain=None, path=None, name=None):
        """Removes all cookies, or those of a domain, of a path there, or of a name there."""
        if not self._remove(name, domain, path) and domain is not None:
            raise KeyError(domain)

    def clear_session_cookies(self):
        """Removes the cookies that do not outlast the program."""
        for cookie in self._of_libsoup():
            if cookie.get_expires() is None:
                self._jar.delete_cookie(cookie)
        self._everywhere.clear()

    def update(self, other=(), **cookies):
        """Sets cookies of a mapping, of pairs, or of another jar, with their domains."""
        if isinstance(other, (Cookies, http.cookiejar.CookieJar)):
            for cookie in list(other):
                self.set_cookie(cookie)
        else:
            for name, value in other.items() if isinstance(other, Mapping) else other:
                self.set(name, value)
        for name, value in cookies.items():
            self.set(name, value)

    def keys(self):
        """The names, in a list."""
        return [cookie.name for cookie in self]

    def values(self):
        """The values, in a list."""
        return [cookie.value for cookie in self]

    def items(self):
        """The names and values, in a list."""
        return [(cookie.name, cookie.value) for cookie in self]

    def list_domains(self):
        """The domains, each once."""
        return list(dict.fromkeys(cookie.domain for cookie in self))

    def list_paths(self):
        """The paths, each once."""
        return list(dict.fromkeys(cookie.path for cookie in self))

    def get_dict(self, domain=None, path=None):
        """A dictionary of names and values, of all cookies or those of a domain or path."""
        return {cookie.name: cookie.value for cookie in self
                if domain in (None, cookie.domain) and path in (None, cookie.path)}

    def copy(self):
        """The same cookies, in a jar of their own."""
        copy = Cookies(Soup.CookieJar())
        copy.update(self)
        return copy

    def __eq__(self, other):
        return NotImplemented if not isinstance(other, Mapping) else dict(self) == dict(other)

    __hash__ = None

    def __repr__(self):
        return f"<Cookies {self.items()!r}>"


def _for_url(cookies, url):
    """Names and values of the cookies in a jar that are for a URL."""
    try:
        uri = GLib.Uri.parse(url, GLib.UriFlags.PARSE_RELAXED | GLib.UriFlags.ENCODED_PATH)
    except GLib.Error:
        return {}  # C has more to say about it
    return {cookie.get_name(): cookie.get_value() for cookie in cookies
            if cookie.domain_matches(uri.get_host()) and cookie.applies_to_uri(uri)}


def _from_standard_jar(jar, url):
    """What the standard library would send of a jar of its own."""
    try:
        request = urllib.request.Request(url)
    except ValueError:
        return []
    jar.add_cookie_header(request)
    header = request.get_header("Cookie") or ""
    return [pair.split("=", 1) for pair in header.split("; ") if "=" in pair]


def _to_pairs(cookies, url):
    if isinstance(cookies, Cookies):
        return [*cookies._everywhere.items(),
                *_for_url(cookies._of_libsoup(), url).items()]
    if isinstance(cookies, http.cookiejar.CookieJar):
        return _from_standard_jar(cookies, url)
    return cookies.items() if isinstance(cookies, Mapping) else cookies


def set_cookies(request, url, of_session, cookies):
    """Gives a request its own cookies, and those of its session that are for all hosts."""
    if of_session is not None and of_session.has_everywhere():
        set_by_servers = _for_url(of_session._of_libsoup(), url)
        for name, value in list(of_session._everywhere.items()):
            if name not in set_by_servers:
                request.set_cookie(name, value)
    for name, value in _to_pairs(cookies, url) if cookies else ():
        if value is not None:
            request.set_cookie(to_text(name), to_text(value))


def make_cookies(response):
    """The cookies that a response sets."""
    jar = Soup.CookieJar()
    for cookie in _get_cookies(response):
        jar.add_cookie(cookie)
    return Cookies(jar)
