// SPDX-License-Identifier: LGPL-2.1-or-later
// SPDX-FileCopyrightText: 2026 The libhfutures authors
//
// Digest, credentials in addresses, redirects, TLS and progress in JavaScript.

import Gio from 'gi://Gio';
import Hf from 'gi://Hf?version=1';

import {certificate, equal, rejection, runTests, seen, tlsUri, uri} from './javascript-support.js';

const URL = 'https://mock.example/';

const tests = {
    async 'digest'(session) {
        session.mount(URL, call => {
            const proof = call.get_headers().get('authorization');
            if (proof === null)
                call.append_header('WWW-Authenticate', 'Digest realm="r", nonce="n", qop="auth"');
            call.respond(proof?.startsWith('Digest username="u"') ? 200 : 401);
        });
        equal((await session.get(URL, {auth: Hf.Auth.new_for_digest('u', 'p')})).status, 200);
    },

    // Credentials in the address, which no other origin gets.
    async 'userinfo'(session) {
        const own = uri('/redirect-to').replace('http://', 'http://u:p@');
        const led = async url => seen(await session.get(own, {params: {url}})).headers;

        equal((await led(uri('/headers'))).Authorization, 'Basic dTpw');
        equal((await led(uri('/headers').replace('127.0.0.1', 'localhost'))).Authorization,
            undefined);
    },

    async 'redirects'(session) {
        const params = {url: uri('/post'), status_code: 307};

        equal(seen(await session.post(uri('/redirect-to'), {params, data: 'again'})).data, 'again');
    },

    async 'tls'(session) {
        await rejection(session.get(tlsUri('/get')), Hf.Error, Hf.Error.TLS);
        equal((await session.get(tlsUri('/get'), {tlsInsecure: true})).status, 200);
        const {tlsCertificate} = await session.get(tlsUri('/get'), {
            tlsDatabase: Gio.TlsFileDatabase.new(certificate('authority')),
            tlsCertificate: Gio.TlsCertificate.new_from_file(certificate('client-a')),
        });
        equal(tlsCertificate instanceof Gio.TlsCertificate, true);
    },

    async 'progress'(session) {
        const future = session.post(uri('/post'), {data: new Uint8Array(5000)});
        const {length} = (await future).get_bytes().toArray();

        equal([future.bytes_sent, future.bytes_received, future.bytes_total, future.fraction],
            [5000, length, length, 1]);
    },
};

await runTests('javascript-requests', tests);
