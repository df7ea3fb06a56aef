// SPDX-License-Identifier: LGPL-2.1-or-later
// SPDX-FileCopyrightText: 2026 The libhfutures authors
//
// What responses tell in JavaScript: of the connection, of charsets, and of where a redirect leads.

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import Hf from 'gi://Hf?version=1';
import Soup from 'gi://Soup?version=3.0';

import {equal, failure, rejection, runTests, uri} from './javascript-support.js';

// Answers everything with the same bytes, one connection each; gives the URI to ask.
function serve(head, body = []) {
    const service = new Gio.SocketService();
    const port = service.add_any_inet_port(null);
    const bytes = [...new TextEncoder().encode(head.join('\r\n') + '\r\n\r\n'), ...body];

    service.connect('incoming', (_service, connection) => {
        const input = connection.get_input_stream();
        input.read_bytes_async(65536, GLib.PRIORITY_DEFAULT, null, (_input, result) => {
            input.read_bytes_finish(result);
            const output = connection.get_output_stream();
            output.write_all_async(bytes, GLib.PRIORITY_DEFAULT, null, (_output, written) => {
                output.write_all_finish(written);
                connection.close(null);
            });
        });
        return true;
    });
    return [`http://127.0.0.1:${port}/`, service];
}

async function getServed(session, head, body) {
    const [address, service] = serve(head, body);
    try {
        return await session.get(address);
    } finally {
        service.stop();
    }
}

const tests = {
    async 'metrics'(session) {
        const response = await session.get(uri('/redirect/1'));
        const first = response.history[0].metrics;
        const {dns, connect, tls, firstByte, total} = response.metrics;

        equal([dns, connect, tls], [0, 0, 0]);
        equal(first.connect > 0 && firstByte > 0 && total > firstByte, true);
        equal(first.first_byte, first.firstByte);
        equal(response.elapsed, firstByte);
    },

    async 'connection'(session) {
        const response = await session.get(uri('/get'));

        equal([response.httpVersion, response.http_version],
            [Soup.HTTPVersion.HTTP_1_1, Soup.HTTPVersion.HTTP_1_1]);
        equal([response.tlsCertificate, response.next], [null, null]);
        const old = await getServed(session, ['HTTP/1.0 200 OK']);
        equal(old.httpVersion, Soup.HTTPVersion.HTTP_1_0);
    },

    async 'encodings'(session) {
        const response = await session.get(uri('/text?charset=iso-8859-1'));

        equal([response.encoding, response.apparentEncoding], ['iso-8859-1', 'windows-1252']);
        equal(response.get_text(), 'Grüße, naïve café');
        equal([response.decode(), response.decode('iso-8859-1'), response.decode('koi8-r')],
            ['Grüße, naïve café', 'Grüße, naïve café', 'GrЭъe, naОve cafИ']);
        failure(() => response.decode('utf-8'), Hf.Error, Hf.Error.DECODE);
        failure(() => response.decode('nonsense'), Hf.Error, Hf.Error.DECODE);
    },

    async 'json'(session) {
        const codes = [...'[1]'].map(letter => letter.charCodeAt(0));
        const bodies = [
            codes,
            codes.flatMap(code => [0, code]),
            codes.flatMap(code => [code, 0]),
            codes.flatMap(code => [0, 0, 0, code]),
            codes.flatMap(code => [code, 0, 0, 0]),
            [0xff, 0xfe, ...codes.flatMap(code => [code, 0])],
            [0xff, 0xfe, 0, 0, ...codes.flatMap(code => [code, 0, 0, 0])],
            [0, 0, 0xfe, 0xff, ...codes.flatMap(code => [0, 0, 0, code])],
        ];
        for (const body of bodies) {
            const response = await getServed(session, ['HTTP/1.1 200 OK'], body);
            equal(response.json(), [1]);
        }
    },

    async 'next'(session) {
        let response = await session.get(uri('/redirect/2'), {followRedirects: false});
        const uris = [];
        while (response.next !== null) {
            response = await session.send(response.next);
            uris.push(response.uri);
        }
        equal(uris, [uri('/redirect/1'), uri('/get')]);
    },

    async 'broken'(session) {
        const chunked = ['HTTP/1.1 200 OK', 'Transfer-Encoding: chunked'];
        const brotli = ['HTTP/1.1 200 OK', 'Content-Encoding: br', 'Content-Length: 4'];

        await rejection(getServed(session, chunked, [0x61]), Hf.Error, Hf.Error.TRUNCATED);
        await rejection(getServed(session, brotli, [255, 255, 255, 255]), Hf.Error,
            Hf.Error.DECODE);
        const good = await getServed(session,
            ['HTTP/1.1 200 OK', 'Content-Encoding: br', 'Content-Length: 11'],
            [0x0b, 0x03, 0x80, 0x47, 0x72, 0xc3, 0xbc, 0xc3, 0x9f, 0x65, 0x03]);
        equal(good.get_text(), 'Grüße');
    },
};

await runTests('javascript-response', tests);
