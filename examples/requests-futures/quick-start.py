# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Two requests at once, and the answer of each."""

from gi.repository.Hf import FuturesSession

session = FuturesSession()
# sent in the background; the call does not wait
future_one = session.get('http://httpbin.org/get')
# so the second is on its way at the same time
future_two = session.get('http://httpbin.org/get?foo=bar')
# blocks until the first answer is there
response_one = future_one.result()
print('response one status: {0}'.format(response_one.status_code))
print(response_one.content)
# and until the second is
response_two = future_two.result()
print('response two status: {0}'.format(response_two.status_code))
print(response_two.content)
