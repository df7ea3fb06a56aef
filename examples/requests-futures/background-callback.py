# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""A function that works on the response in the background, in the older way."""

from pprint import pprint
from gi.repository.Hf import FuturesSession

session = FuturesSession()

def bg_cb(sess, resp):
    # runs on the worker, which leaves the parsed body on the response
    resp.data = resp.json()

future = session.get('http://httpbin.org/get', background_callback=bg_cb)
# there is time for other work here
response = future.result()
print('response status {0}'.format(response.status_code))
# the callback has been called before result() returns
pprint(response.data)
