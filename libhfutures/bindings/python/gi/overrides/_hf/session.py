# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""FuturesSession: the methods of requests' sessions, returning futures."""

import functools
import urllib.parse

from gi.overrides import override
from gi.repository import Soup

from . import Hf
from .bodies import may_raise
from .auth import HTTPBasicAuth
from .connections import Connections, is_plain
from .cookies import Cookies, set_cookies
from .defaults import Defaults
from .ending import check_not_ending
from .environment import find_netrc, get_netrc_auth
from .errors import NotSerializableError
from .executors import to_max_workers
from .future import make_failed_future
from .hooks import add_hooks, to_list
from .mounts import make_transport
from .patience import postpone, wait_patiently
from .processes import add_named_hooks, check_sent, is_remote
from .request import make_request, to_url
from .text import to_text

_close_until = Hf.FuturesSession.close_until
_mount = Hf.FuturesSession.mount
_submit_plain = Hf.FuturesSession.request
_submit = Hf.FuturesSession.send
_get_auth = Hf.FuturesSession.dup_auth
_get_base_uri = Hf.FuturesSession.dup_base_uri


def _request(session, method, url, body):
    future = _submit_plain(session, method, url, body)
    return check_sent(future) if session._hf_remote else future


def _send(session, request):
    future = _submit(session, request)
    return check_sent(future) if session._hf_remote else future


def _carry_exceptions(do_send):
    """Has the future raise what the virtual function raises; C could only print it."""
    @functools.wraps(do_send)
    def carry(self, request):
        try:
            return do_send(self, request)
        except KeyboardInterrupt as interrupt:
            postpone(interrupt)
            return make_failed_future(interrupt)
        except BaseException as exception:
            return make_failed_future(exception)

    return carry


@override
class FuturesSession(Defaults, Hf.FuturesSession):
    """Sends requests in the background.

    The executor is one of this module's; without one the session makes a ThreadPoolExecutor with
    max_workers workers for itself. Given both, max_workers is of no effect. The session is a
    Soup.Session whose settings and cookies are to be used. Other keywords are properties, such as
    the cookie_jar.

    The attributes proxies, verify, cert and trust_env are those of requests. They hold before the
    environment, and the keywords of a request before them.

    At the end of a `with` block what is still queued is cancelled, and what is running is waited
    for.
    """

    __module__ = "gi.overrides.Hf"

    def __init__(self, executor=None, max_workers=2, session=None, *, headers=None, params=None,
                 auth=None, **properties):
        if executor is not None:
            if not isinstance(executor, Hf.Executor):
                raise TypeError(f"the executor must be one of Hf's, such as Hf.ThreadPoolExecutor, "
                                f"not {executor!r}")
            properties["executor"] = executor
        else:
            properties["max_workers"] = to_max_workers(max_workers)
        if session is not None:
            if not isinstance(session, Soup.Session):
                raise TypeError(f"the session must be a Soup.Session, not {session!r}")
            properties["soup_session"] = session
        self._hf_supplied = "soup_session" in properties
        super().__init__(**properties)
        self._hf_remote = is_remote(self)
        if headers:
            self.headers = headers
        if params:
            self.params = params
        if auth is not None:
            self.auth = auth

    @classmethod
    def new_with_executor(cls, executor):
        """Makes a session on an executor."""
        return cls(executor)

    @classmethod
    def new_for_soup_session(cls, soup_session):
        """Makes a session with the settings and the cookies of a Soup.Session."""
        return cls(session=soup_session)

    stream = False
    verify = True
    cert = None
    trust_env = True

    _hf_cookies = None
    _hf_hooks = None
    _hf_proxies = None
    _hf_remote = False    # requests are sent by processes
    _hf_supplied = False  # with a Soup.Session, whose settings count instead of the environment

    @property
    def cookies(self):
        """The cookies, a mapping; what is assigned to it takes their place."""
        if self._hf_cookies is None:
            self._hf_cookies = Cookies(self.get_cookie_jar())
        return self._hf_cookies

    @cookies.setter
    def cookies(self, cookies):
        new = Cookies(Soup.CookieJar())
        new.update(cookies)
        self.cookies.clear()
        self.cookies.update(new)

    @property
    def proxies(self):
        """The proxies of requests that bring none of their own for the scheme: a dictionary."""
        if self._hf_proxies is None:
            self._hf_proxies = {}
        return self._hf_proxies

    @proxies.setter
    def proxies(self, proxies):
        self._hf_proxies = proxies

    @property
    def auth(self):
        """Credentials of requests that have none: a pair, an Hf.Auth, a function, or None."""
        return self._hf_auth if self._hf_auth is not None else self.dup_auth()

    @auth.setter
    def auth(self, auth):
        self._hf_auth = auth
        if isinstance(auth, (tuple, list)):
            auth = HTTPBasicAuth(*auth)
        self.set_auth(auth if isinstance(auth, Hf.Auth) else None)

    @property
    def hooks(self):
        """The hooks of requests that bring none of their own: {'response': function or list}."""
        if self._hf_hooks is None:
            self._hf_hooks = {"response": []}
        return self._hf_hooks

    @hooks.setter
    def hooks(self, hooks):
        self._hf_hooks = hooks

    @property
    def executor(self):
        """Where the requests run."""
        return self.get_executor()

    @property
    def max_workers(self):
        """How many requests run at the same time, when the session made its executor."""
        return self.get_max_workers()

    def request(self, method, url, params=None, data=None, headers=None, cookies=None, files=None,
                auth=None, timeout=None, allow_redirects=None, proxies=None, hooks=None,
                stream=None, verify=None, cert=None, json=None, *, background_callback=None,
                deadline=None, cancellable=None, raise_for_status=None, destination=None):
        """Submits a request; returns the future of its response.

        Whatever is wrong is raised by the future's result(), not here; but what cannot go to
        another process is, on an executor of processes. The keywords are those of requests, and
        the deadline in seconds for everything, a Gio.Cancellable that ends the request,
        raise_for_status, which has result() raise an HTTPError, and the destination of a
        body that was answered successfully: a path, a Gio.File, a Gio.OutputStream or a binary
        file. All other methods for requests go through this one.
        """
        try:
            check_not_ending()
            method = to_text(method.upper())
            url = to_url(url)
            hook_list = to_list(hooks) or to_list(self._hf_hooks)
            if isinstance(params, Hf.Body):  # as the C function has it
                params, data = None, params
            if stream is None:
                stream = self.stream
            own_auth = auth
            if auth is None:
                auth = self._hf_auth if callable(self._hf_auth) else self._find_auth(url)

            default_params = self._hf_params
            if (not (params or headers or cookies or proxies or hook_list or default_params or
                     stream) and
                    data is files is json is auth is timeout is verify is cert is deadline is
                    cancellable is allow_redirects is raise_for_status is background_callback is
                    destination is None and is_plain(self)):
                return _request(self, method, url, None)

            raised = []
            connections = Connections(self, proxies, verify, cert)
            request = make_request(method, url, params=params, data=data, headers=headers,
                                   auth=auth, own_auth=own_auth, timeout=timeout, json=json,
                                   allow_redirects=allow_redirects, deadline=deadline,
                                   cancellable=cancellable, raise_for_status=raise_for_status,
                                   default_params=default_params, stream=stream,
                                   destination=destination, files=files, raised=raised)
            connections.apply(request)
            set_cookies(request, self._to_absolute(request.get_uri()), self._hf_cookies, cookies)
            if hook_list or background_callback is not None:
                keywords = {"timeout": timeout, "stream": stream, "verify": connections.verify,
                            "proxies": connections.proxies, "cert": connections.cert}
                if self._hf_remote:
                    add_named_hooks(request, self, hook_list, background_callback, keywords)
                else:
                    add_hooks(request, hook_list, background_callback, raised, keywords)
            elif not may_raise(data, files):
                return _send(self, request)

            future = _send(self, request)
            future._hf_raised = raised
            if self._hf_remote:
                future._hf_named = True
            return future
        except NotSerializableError:
            raise
        except Exception as exception:
            return make_failed_future(exception)

    def _to_absolute(self, url):
        base = _get_base_uri(self)
        return urllib.parse.urljoin(base, url) if base else url

    def _find_auth(self, url):
        """The user's password for the host in a netrc file, when nothing else says who asks."""
        path = find_netrc() if self.trust_env else None
        if path is None or _get_auth(self) is not None:
            return None
        if self.dup_headers().lookup("Authorization") is not None:
            return None
        url = self._to_absolute(url)
        return None if "@" in urllib.parse.urlsplit(url).netloc else get_netrc_auth(path, url)

    def send(self, request):
        """Submits an Hf.Request; returns the future of its response.

        The session's headers, params, auth and limits hold for it; its hooks, proxies, verify and
        cert and the environment are for requests that are made of keywords.
        """
        try:
            check_not_ending()
        except RuntimeError as exception:
            return make_failed_future(exception)
        return _send(self, request)

    def mount(self, prefix, adapter):
        """Has a function answer the requests to URLs with a prefix: it is given an Hf.MockCall.

        It is called on a worker. The longest prefix counts, and scheme and host must be whole.
        """
        _mount(self, to_text(prefix), make_transport(adapter))

    def __init_subclass__(cls, **keywords):
        super().__init_subclass__(**keywords)
        if "do_send" in vars(cls):
            cls.do_send = _carry_exceptions(cls.do_send)

    def get(self, url, **keywords):
        """Submits a GET; the keywords are those of request()."""
        return self.request("GET", url, **keywords)

    def options(self, url, **keywords):
        """Submits an OPTIONS; the keywords are those of request()."""
        return self.request("OPTIONS", url, **keywords)

    def head(self, url, **keywords):
        """Submits a HEAD, which does not follow redirects unless it is told to."""
        keywords.setdefault("allow_redirects", False)
        return self.request("HEAD", url, **keywords)

    def post(self, url, data=None, json=None, **keywords):
        """Submits a POST; the keywords are those of request()."""
        return self.request("POST", url, data=data, json=json, **keywords)

    def put(self, url, data=None, **keywords):
        """Submits a PUT; the keywords are those of request()."""
        return self.request("PUT", url, data=data, **keywords)

    def patch(self, url, data=None, **keywords):
        """Submits a PATCH; the keywords are those of request()."""
        return self.request("PATCH", url, data=data, **keywords)

    def delete(self, url, **keywords):
        """Submits a DELETE; the keywords are those of request()."""
        return self.request("DELETE", url, **keywords)

    def close(self, flags=Hf.CloseFlags.CANCEL_QUEUED):
        """Takes no more requests, cancels those that are queued, and waits for the others.

        An executor that the session made is closed, too. Ctrl-C ends the waiting.
        """
        wait_patiently(lambda microseconds: _close_until(self, flags, microseconds))

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()
