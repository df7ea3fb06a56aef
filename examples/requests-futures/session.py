# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""A session with the settings and the cookies of one that is there already."""

from gi.repository.Hf import FuturesSession
from gi.repository.Soup import Session as session
my_session = session()
future_session = FuturesSession(session=my_session)
print(future_session.get('http://httpbin.org/get').result().status_code)
