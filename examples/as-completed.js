#!/usr/bin/env -S gjs -m
// SPDX-License-Identifier: LGPL-2.1-or-later
// SPDX-FileCopyrightText: 2026 The libhfutures authors
//
// Asks for several pages at once, and prints the URL that each answer tells of, whichever comes
// first: as-completed.js [URI…]

import GLib from 'gi://GLib';
import Hf from 'gi://Hf?version=1';
import System from 'system';

const uris = ARGV.length > 0 ? ARGV : [
    'https://httpbin.org/delay/3',
    'https://httpbin.org/delay/1',
    'https://httpbin.org/get?foo=bar',
];

const session = new Hf.FuturesSession({maxWorkers: 10});
const futures = uris.map(uri => session.get(uri));
let status = 0;

for await (const future of Hf.asCompleted(futures)) {
    try {
        const response = await future; // it is there
        print(response.json().url);
    } catch (error) {
        if (!(error instanceof GLib.Error))
            throw error;
        printerr(`as-completed.js: ${error.message}`);
        status = 1;
    }
}
System.exit(status);
