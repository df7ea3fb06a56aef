// SPDX-License-Identifier: LGPL-2.1-or-later
// SPDX-FileCopyrightText: 2026 The libhfutures authors
//
// Bodies that are read piece by piece in JavaScript, or saved.

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Hf from 'gi://Hf?version=1';

import {equal, failure, rejection, runTests, seen, typeError, uri} from './javascript-support.js';

const Sink = GObject.registerClass(class Sink extends Gio.OutputStream {
});

const tests = {
    async 'chunks'(session) {
        const response = await session.get(uri('/bytes/200000'), {stream: true});
        let size = 0;

        equal([response.is_loaded(), response.bytes.get_size()], [false, 0]);
        for await (const chunk of response.chunks(1000)) {
            equal(chunk.length <= 1000 && chunk[0] === size % 256, true);
            size += chunk.length;
        }
        equal(size, 200000);
    },

    async 'lines'(session) {
        const response = await session.get(uri('/text'), {stream: true});
        const lines = [];

        for await (const line of response.lines())
            lines.push(line);
        equal(lines, ['Grüße, naïve café']);
    },

    async 'of-bytes'(session) {
        const response = await session.get(uri('/bytes/10'));
        const sizes = [];

        for (const size of [4, 100]) {
            for await (const chunk of response.chunks(size))
                sizes.push(chunk.length);
        }
        equal(sizes, [4, 4, 2, 10]);
    },

    async 'early'(session) {
        const response = await session.get(uri('/bytes/3000000'), {stream: true});

        for await (const chunk of response.chunks()) {
            equal(chunk[0], 0);
            break;
        }
        const error = await rejection(response.chunks().next(), Gio.IOErrorEnum,
            Gio.IOErrorEnum.CLOSED);
        equal(error.message.length > 0, true);
    },

    async 'load'(session) {
        const response = await session.get(uri('/json'), {stream: true});

        await rejection((async () => response.json())(), Hf.Error, Hf.Error.WOULD_BLOCK);
        await response.load_async();
        equal(response.is_loaded(), true);
        equal(response.json(), (await session.get(uri('/json'))).json());
        const other = await session.get(uri('/text'), {stream: true});
        other.load();
        equal(other.get_text(), 'Grüße, naïve café');
    },

    async 'destination'(session) {
        const [file, stream] = Gio.File.new_tmp('hf-XXXXXX');
        stream.close(null);
        const response = await session.get(uri('/bytes/1000'), {destination: file});
        const [bytes] = file.load_bytes(null);
        file.delete(null);

        equal([response.status, response.bytes.get_size(), bytes.get_size()], [200, 0, 1000]);
        const memory = Gio.MemoryOutputStream.new_resizable();
        await session.get(uri('/bytes/1000'), {destination: memory});
        equal(memory.get_data_size(), 1000);
    },

    async 'wrong'(session) {
        for (const options of [{stream: 1}, {destination: '/tmp/x'}, {destination: new Sink()},
            {maxDecompressionRatio: -1}])
            typeError(() => session.get(uri('/get'), options), Object.keys(options)[0]);
        typeError(() => Hf.Request.new('GET', uri('/get')).set_destination(new Sink()), 'Output');
        await session.get(uri('/get'), {maxDecompressionRatio: 100});
    },

    async 'chunks/wrong'(session) {
        const response = await session.get(uri('/bytes/10'));
        for (const size of [0, -1, 1.5, 'x', 2 ** 31])
            typeError(() => response.chunks(size), 'size');
    },

    // In the program's own main loop.
    async 'context'() {
        const session = new Hf.FuturesSession({
            executor: Hf.LoopExecutor.new_for_context(GLib.MainContext.default()),
        });
        const response = await session.get(uri('/bytes/200000'), {stream: true});
        let size = 0;

        for await (const chunk of response.chunks())
            size += chunk.length;
        equal(size, 200000);

        const other = await session.get(uri('/text'), {stream: true});
        failure(() => other.load(), Hf.Error, Hf.Error.WOULD_BLOCK);
        await other.load_async();
        equal(other.get_text(), 'Grüße, naïve café');
    },
};

await runTests('javascript-streams', tests);
