# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""What requests takes from the environment, unless a session is told not to trust that."""

import netrc
import os
import urllib.parse
import urllib.request

_PROXIES = ("http", "https", "all")
_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_PROXY_VARIABLES = frozenset(
    spelt.encode() for scheme in (*_PROXIES, "no")
    for spelt in (f"{scheme}_proxy", f"{scheme}_proxy".upper()))
_VARIABLES = _PROXY_VARIABLES.union(map(str.encode, _BUNDLES))

# The dictionary in os.environ, or what is slower: each request asks it.
_environ = getattr(os.environ, "_data", os.environb)
_netrc_places = {}  # by the variables that say it
_netrcs = {}  # by path: what the file was like, and what was in it


def is_silent():
    """Whether there is nothing of it in the environment."""
    return _environ.keys().isdisjoint(_VARIABLES)


def get_bundle():
    """The file of certificate authorities to trust, or None."""
    for name in _BUNDLES:
        if os.environ.get(name):
            return os.environ[name]
    return None


def get_proxies():
    """The proxies by scheme, and the hosts that need none, in text or None."""
    if _environ.keys().isdisjoint(_PROXY_VARIABLES):
        return {}, None
    proxies = urllib.request.getproxies_environment()
    return ({scheme: proxies[scheme] for scheme in _PROXIES if proxies.get(scheme)},
            proxies.get("no"))


def find_netrc():
    """The path of the file with the user's passwords, or None."""
    said = _environ.get(b"NETRC"), _environ.get(b"HOME")
    places = _netrc_places.get(said)
    if places is None:
        named = os.environ.get("NETRC")
        places = _netrc_places[said] = tuple(
            map(os.path.expanduser, (named,) if named else ("~/.netrc", "~/_netrc")))
    for path in places:
        if os.access(path, os.F_OK):
            return path
    return None


def _read_netrc(path):
    status = os.stat(path)
    stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
    known = _netrcs.get(path)
    if known is None or known[0] != stamp:
        known = _netrcs[path] = (stamp, netrc.netrc(path))
    return known[1]


def get_netrc_auth(path, url):
    """The user and the password for a URL's host, or None; a file that is wrong has none."""
    try:
        found = _read_netrc(path).authenticators(urllib.parse.urlsplit(url).hostname or "")
    except (OSError, ValueError, netrc.NetrcParseError):
        return None
    return found and (found[0] or found[1], found[2])
