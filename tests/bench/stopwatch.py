# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""What the benchmark's programs in Python have in common: what they are told, check and print."""

import resource
import sys
import time

BODY_SIZE = 1024
WARM_UP = 200  # requests; they open the connections, and Python gets to know its way


def read_arguments(program, *modes):
    """Returns the URI, the numbers of workers and of requests, and one of the modes or None."""
    arguments = sys.argv[1:]
    mode = arguments.pop() if arguments and arguments[-1] in modes else None
    if len(arguments) != 3:
        sys.exit(f"Usage: {program} URI WORKERS REQUESTS" +
                 (f" [{'|'.join(modes)}]" if modes else ""))
    return arguments[0], int(arguments[1]), int(arguments[2]), mode


def check(status, body):
    """Dies unless this is what the server has."""
    if status != 200 or len(body) != BODY_SIZE:
        sys.exit(f"The server answered {status} with {len(body)} bytes")


class Stopwatch:
    """Prints the seconds that passed, and those that all processors spent on this process."""

    def __enter__(self):
        self._began = time.monotonic()
        self._spent = _get_processor_time()

    def __exit__(self, error_type, *_error):
        if error_type is None:
            print(f"{time.monotonic() - self._began:.6f} {_get_processor_time() - self._spent:.6f}")


def _get_processor_time():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
