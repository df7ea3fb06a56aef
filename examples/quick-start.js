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

function main(uris) {
    if (uris.length === 0) {
        printerr('Usage: quick-start.js URI…');
        return 2;
    }

    // Each request starts in the background at once, on one of the session's two workers.
    const session = new Hf.FuturesSession();
    const futures = uris.map(uri => session.get(uri));

    try {
        futures.forEach((future, position) => {
            // Waits for the request to complete, if it has not already.
            const response = future.get_result(null);
            const text = response.get_text();
            print(`response ${numbers[position] ?? position + 1} status: ${response.get_status()}`);
            print(text);
        });
    } catch (error) {
        if (!(error instanceof GLib.Error))
            throw error;
        printerr(`quick-start.js: ${error.message}`);
        return 1;
    }
    return 0;
}

System.exit(main(ARGV));
