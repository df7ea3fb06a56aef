# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""bench-aiohttp.py URI WORKERS REQUESTS: what bench-hfutures.py does, with that library.

The connector's limit takes the place of the workers.
"""

import asyncio

import aiohttp

from stopwatch import WARM_UP, Stopwatch, check, read_arguments


async def fetch(session, uri):
    async with session.get(uri) as response:
        check(response.status, await response.read())


async def run(session, uri, n_requests):
    # A task for each worker, which gets one after the other, was tried, too: it took 3% longer, in
    # the median of nine pairs.
    await asyncio.gather(*[fetch(session, uri) for _ in range(n_requests)])


async def main():
    uri, n_workers, n_requests, _mode = read_arguments("bench-aiohttp.py")
    connector = aiohttp.TCPConnector(limit=n_workers)
    async with aiohttp.ClientSession(connector=connector) as session:
        await run(session, uri, WARM_UP)
        with Stopwatch():
            await run(session, uri, n_requests)


asyncio.run(main())
