# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""A session with an executor of the program's own."""

from gi.repository.Hf import FuturesSession, ThreadPoolExecutor

session = FuturesSession(executor=ThreadPoolExecutor(max_workers=10))
print(session.get('http://httpbin.org/get').result().status_code)
