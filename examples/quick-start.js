#!/usr/bin/env -S gjs -m
// SPDX-License-Identifier: LGPL-2.1-or-later
// SPDX-FileCopyrightText: 2026 The libhfutures authors
//
// Asks for two pages, or more, at once, and prints what came: quick-start.js URI URI…

import GLib from 'gi://GLib';
import Hf from 'gi://Hf?version=1';
import System from 'system';

const numbers = [
    'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten',
];

if (ARGV.length === 0) {
    printerr('Usage: quick-start.js URI…');
    System.exit(2);
}

// Each request starts in the background at once, on one of the session's two workers.
const session = new Hf.FuturesSession();
const futures = ARGV.map(uri => session.get(uri));

try {
    for (const [position, future] of futures.entries()) {
        // Waits for the request to complete, if it has not already.
        const response = await future;
        const text = response.get_text();
        print(`response ${numbers[position] ?? position + 1} status: ${response.status}`);
        print(text);
    }
} catch (error) {
    if (!(error instanceof GLib.Error))
        throw error;
    printerr(`quick-start.js: ${error.message}`);
    System.exit(1);
}
