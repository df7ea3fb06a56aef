# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""bench-hfutures.py URI WORKERS REQUESTS [await|processes]: gets the same 1 KiB again and again.

Submits everything, then asks each future for its result, or awaits them all in tasks of asyncio's;
or has it all done in worker processes.
bench-requests-futures.py and bench-aiohttp.py are its counterparts.
"""

import asyncio

from gi.repository.Hf import FuturesSession, ProcessPoolExecutor, ThreadPoolExecutor

from stopwatch import WARM_UP, Stopwatch, check, read_arguments


def run(session, uri, n_requests):
    futures = [session.get(uri) for _ in range(n_requests)]
    for future in futures:
        response = future.result()
        check(response.status_code, response.content)


async def fetch(session, uri):
    response = await session.get(uri)
    check(response.status_code, response.content)


async def run_awaiting(session, uri, n_requests):
    await asyncio.gather(*[fetch(session, uri) for _ in range(n_requests)])


async def main_awaiting(session, uri, n_requests):
    await run_awaiting(session, uri, WARM_UP)
    with Stopwatch():
        await run_awaiting(session, uri, n_requests)


def main():
    uri, n_workers, n_requests, mode = read_arguments("bench-hfutures.py", "await", "processes")
    kind = ProcessPoolExecutor if mode == "processes" else ThreadPoolExecutor
    with FuturesSession(executor=kind(max_workers=n_workers)) as session:
        if mode == "await":
            asyncio.run(main_awaiting(session, uri, n_requests))
            return
        run(session, uri, WARM_UP)
        with Stopwatch():
            run(session, uri, n_requests)


main()
