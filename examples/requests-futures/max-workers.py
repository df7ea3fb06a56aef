# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""A session with more workers than two."""

from gi.repository.Hf import FuturesSession
session = FuturesSession(max_workers=10)
print(session.get('http://httpbin.org/get').result().status_code)
