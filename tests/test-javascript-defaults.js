// SPDX-License-Identifier: LGPL-2.1-or-later
// SPDX-FileCopyrightText: 2026 The libhfutures authors
//
// What sessions hold for their requests, and functions that answer instead of servers.

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import Hf from 'gi://Hf?version=1';

import {equal, failure, rejection, runTests, seen, typeError, uri} from './javascript-support.js';

const URL = 'https://mock.example/';

// Has a session's requests answered with what they are.
function mirror(session) {
    session.mount(URL, call => call.respond(200, {json: {
        method: call.get_method(),
        uri: call.get_uri(),
        headers: [...call.get_headers()],
        body: call.get_body() ? new TextDecoder().decode(call.get_body().get_bytes().toArray())
            : null,
    }}));
    return session;
}

const tests = {
    async 'constructor'() {
        const session = mirror(new Hf.FuturesSession({
            baseUri: URL, headers: {A: 1, B: null}, params: {p: [1, 2]}, auth: ['u', 'p'],
            userAgent: 'me', maxRedirects: 3, followRedirects: false, raiseForStatus: true,
        }));
        const {uri: sent, headers} = seen(await session.get('x?own=1', {params: {q: 3}}));

        equal(sent, `${URL}x?own=1&p=1&p=2&q=3`);
        equal(headers, [['User-Agent', 'me'], ['A', '1'], ['Authorization', 'Basic dTpw']]);
        equal([session.max_redirects, session.follow_redirects, session.raise_for_status],
            [3, false, true]);
        equal(new Hf.FuturesSession({max_workers: 5}).max_workers, 5);
    },

    async 'headers'(session) {
        mirror(session).headers = {One: '1', Two: ['2', '2b']};

        const sent = async headers => seen(await session.get(URL, {headers})).headers;
        equal(await sent({}), [['One', '1'], ['Two', '2'], ['Two', '2b']]);
        equal(await sent({two: 'x', Three: '3'}), [['One', '1'], ['two', 'x'], ['Three', '3']]);
        equal(await sent({ONE: null, two: null}), []);
        equal([...session.headers].length, 3);
        session.set_header('one', 'I');
        session.remove_header('two');
        equal(await sent({}), [['one', 'I']]);
        session.headers = (await session.get(URL, {headers: {B: 'b'}})).get_request().headers;
        equal([...session.headers], [['one', 'I'], ['B', 'b']]);
        session.headers = null;
        equal(await sent({}), []);
        typeError(() => {
            session.headers = 5;
        }, 'headers');
    },

    async 'params'(session) {
        mirror(session).params = [['a', 1], ['b', 'ä'], ['a', 2]];

        const sent = async params => seen(await session.get(URL, {params})).uri;
        equal(session.params, [['a', '1'], ['b', 'ä'], ['a', '2']]);
        equal(await sent({}), `${URL}?a=1&b=%C3%A4&a=2`);
        equal(await sent({a: 3, b: null}), `${URL}?a=3`);
        session.params = null;
        equal(session.params, []);
        equal(await sent({}), URL);
    },

    async 'auth'(session) {
        mirror(session).auth = Hf.Auth.new_for_bearer('t');

        equal(seen(await session.get(URL)).headers, [['Authorization', 'Bearer t']]);
        equal(seen(await session.get(URL, {auth: ['u', 'p']})).headers,
            [['Authorization', 'Basic dTpw']]);
        equal(session.auth instanceof Hf.Auth, true);
        session.auth = null;
        equal(session.auth, null);
        typeError(() => {
            session.auth = 'u:p';
        }, 'auth');
    },

    async 'raise-for-status'(session) {
        session.raise_for_status = true;
        const future = session.get(uri('/status/404'));

        await rejection(future, Hf.Error, Hf.Error.STATUS);
        equal(future.dup_response().status, 404);
        equal((await session.get(uri('/status/404'), {raiseForStatus: false})).status, 404);
    },

    async 'redirects'(session) {
        session.max_redirects = 1;
        await rejection(session.get(uri('/redirect/2')), Hf.Error, Hf.Error.TOO_MANY_REDIRECTS);
        equal((await session.get(uri('/redirect/2'), {maxRedirects: 2})).status, 200);
        session.follow_redirects = false;
        equal((await session.get(uri('/redirect/1'))).status, 302);
    },

    async 'base-uri-and-user-agent'(session) {
        session.base_uri = uri('/anything/');
        session.user_agent = 'me/1';

        const {url, headers} = seen(await session.get('a/b'));
        equal([url, headers['User-Agent']], [uri('/anything/a/b'), 'me/1']);
    },

    // It is called inside of the blocking wait, so no main loop is needed.
    'mount/blocking'(session) {
        session.mount(URL, call => call.respond(201, {data: 'text', headers: {X: 1}}));
        const response = session.post(URL, {data: 'sent'}).get_result();

        equal([response.status, response.get_text(), response.get_header('x')],
            [201, 'text', '1']);
        equal(response.get_header('content-type'), 'text/plain; charset=utf-8');
    },

    async 'mount/exchange'(session) {
        session.mount(URL, call => {
            if (call.get_uri() === URL)
                call.respond(302, {headers: {'Location': '/end', 'Set-Cookie': ['a=1', 'b=2']}});
            else
                call.respond(200, Hf.Body.new_for_text(call.get_headers().get('cookie'), null));
        });
        const response = await session.get(URL);

        equal([response.uri, response.get_text()], [`${URL}end`, 'a=1; b=2']);
        equal((await session.get(uri('/get'))).status, 200);
    },

    async 'mount/later'(session) {
        session.mount(URL, async call => {
            const {status} = await session.get(uri('/status/418'));
            call.respond(status);
        });
        equal((await session.get(URL)).status, 418);
    },

    async 'mount/errors'(session) {
        const refused = new Gio.IOErrorEnum({
            code: Gio.IOErrorEnum.CONNECTION_REFUSED, message: 'no',
        });

        session.mount(URL, call => call.fail(refused));
        await rejection(session.get(URL), Hf.Error, Hf.Error.CONNECT);
        session.mount(URL, () => {
            throw new RangeError('thrown');
        });
        const thrown = await rejection(session.get(URL), Hf.Error, Hf.Error.HOOK);
        equal(thrown.message, 'RangeError: thrown');
        session.mount(URL, async () => {
            throw new RangeError('late');
        });
        await rejection(session.get(URL), Hf.Error, Hf.Error.HOOK);
        for (const [name, ...answer] of [
            ['“text”', 200, {text: 'unknown'}], ['status', 99], ['status', '200'],
            ['json, data', 200, {json: null, data: 'x'}], ['options', 200, 'text'],
        ]) {
            session.mount(URL, call => call.respond(...answer));
            const wrong = await rejection(session.get(URL), Hf.Error, Hf.Error.HOOK);
            equal(wrong.message.includes(name), true);
        }
    },

    async 'mount/prefixes'(session) {
        const transport = Hf.MockTransport.new(call => call.respond(204));
        session.mount('https://', transport);
        session.mount(URL, call => call.respond(205));

        equal((await session.get(URL)).status, 205);
        equal((await session.get('https://mock.example.evil.com/')).status, 204);
        equal(session.unmount(URL), true);
        equal((await session.get(URL)).status, 204);
        failure(() => session.mount('mock.example', transport), Hf.Error, Hf.Error.INVALID_URI);
        typeError(() => Hf.MockTransport.new(5), 'func');
    },

    // On a loop of the program's own.
    async 'mount/in-context'() {
        const session = mirror(new Hf.FuturesSession({
            executor: Hf.LoopExecutor.new_for_context(GLib.MainContext.default()),
        }));
        equal(seen(await session.put(URL, {json: [1]})).body, '[1]');
    },
};

await runTests('javascript-defaults', tests);
