# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""A session whose requests are sent by other processes."""

from gi.repository.Hf import FuturesSession, ProcessPoolExecutor

session = FuturesSession(executor=ProcessPoolExecutor(max_workers=10))
print(session.get('http://httpbin.org/get').result().status_code)
