# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""A session that is there already, with its requests sent by other processes."""

from gi.repository.Hf import FuturesSession, ProcessPoolExecutor
from gi.repository.Soup import Session

session = FuturesSession(executor=ProcessPoolExecutor(max_workers=10),
                         session=Session())
print(session.get('http://httpbin.org/get').result().status_code)
