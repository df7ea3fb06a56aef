# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""A hook on the session, for every request of it."""

from pprint import pprint
from gi.repository.Hf import FuturesSession

def response_hook(resp, *args, **kwargs):
    # runs on the worker, which leaves the parsed body on the response
    resp.data = resp.json()

session = FuturesSession()
session.hooks['response'] = response_hook

future = session.get('http://httpbin.org/get')
# there is time for other work here
response = future.result()
print('response status {0}'.format(response.status_code))
# the hook has been called before result() returns
pprint(response.data)
