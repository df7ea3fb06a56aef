#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Asks for two pages, or more, at once, and prints what came: quick-start.py URI URI…"""

import sys

from gi.repository import GLib, Hf

NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


def main(uris):
    if not uris:
        print("Usage: quick-start.py URI…", file=sys.stderr)
        return 2

    # Each request starts in the background at once, on one of the session's two workers.
    session = Hf.FuturesSession()
    futures = [session.get(uri) for uri in uris]

    try:
        for position, future in enumerate(futures):
            # Waits for the request to complete, if it has not already.
            response = future.result()
            number = NUMBERS[position] if position < len(NUMBERS) else position + 1
            print(f"response {number} status: {response.status_code}")
            print(response.text)
    except GLib.Error as error:
        print(f"quick-start.py: {error.message}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
