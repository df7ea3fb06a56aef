# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""bench-requests-futures.py URI WORKERS REQUESTS [processes]: does what bench-hfutures.py does.

The two differ in what they import.
"""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

from requests_futures.sessions import FuturesSession

from stopwatch import WARM_UP, Stopwatch, check, read_arguments


def run(session, uri, n_requests):
    futures = [session.get(uri) for _ in range(n_requests)]
    for future in futures:
        response = future.result()
        check(response.status_code, response.content)


def main():
    uri, n_workers, n_requests, mode = read_arguments("bench-requests-futures.py", "processes")
    kind = ProcessPoolExecutor if mode == "processes" else ThreadPoolExecutor
    with FuturesSession(executor=kind(max_workers=n_workers)) as session:
        run(session, uri, WARM_UP)
        with Stopwatch():
            run(session, uri, n_requests)


main()
