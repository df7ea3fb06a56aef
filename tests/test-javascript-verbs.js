// SPDX-License-Identifier: LGPL-2.1-or-later
// SPDX-FileCopyrightText: 2026 The libhfutures authors
//
// The verbs and their options, and what responses are read with.

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Hf from 'gi://Hf?version=1';
import Json from 'gi://Json?version=1.0';

import {
    ask, certificate, equal, failure, rejection, runTests, seen, typeError, uri,
} from './javascript-support.js';

// Keeps the requests that go through it.
const LookingSession = GObject.registerClass(class LookingSession extends Hf.FuturesSession {
    vfunc_send(request) {
        this.seen = request;
        return super.vfunc_send(request);
    }
});

// What a request is like that has such options.
function requestWith(options) {
    const session = new LookingSession();
    session.get('no-scheme', options).wait();
    return session.seen;
}

async function echo(session, options, path = '/post') {
    return seen(await session.post(uri(path), options));
}

const tests = {
    async 'verbs'(session) {
        for (const verb of ['get', 'post', 'put', 'patch', 'delete']) {
            const {method, args} = seen(await session[verb](uri(`/${verb}`), {params: {a: 1}}));
            equal([method, args], [verb.toUpperCase(), {a: '1'}]);
        }
        equal(seen(await session.options(uri('/options'), {params: {a: 1}})).method, 'OPTIONS');

        const response = await session.head(uri('/get'), {params: {a: 1}});
        equal([response.status, response.get_request().method], [200, 'HEAD']);
    },

    async 'verbs/body'(session) {
        const body = Hf.Body.new_for_text('text', null);
        for (const verb of ['post', 'put', 'patch']) {
            equal(seen(await session[verb](uri(`/${verb}`), body)).data, 'text');
            equal(seen(await session[verb](uri(`/${verb}`), null)).data, '');
            equal(seen(await session[verb](uri(`/${verb}`))).data, '');
        }
        typeError(() => session.get(uri('/get'), body), '{body}');
    },

    async 'request'(session) {
        const body = Hf.Body.new_for_text('text', null);

        equal(seen(await session.request('PUT', uri('/put'), body)).data, 'text');
        equal(seen(await session.request('PUT', uri('/put'), {json: 1})).json, 1);
        equal(seen(await session.request('GET', uri('/get'), null)).method, 'GET');
        equal(seen(await session.request('GET', uri('/get'))).method, 'GET');
        typeError(() => session.request(null, uri('/get')), 'method');
        await rejection(session.request('A B', uri('/get')), Hf.Error, Hf.Error.INVALID_REQUEST);
    },

    async 'uri'(session) {
        const parsed = GLib.Uri.parse(uri('/get?a=1'), GLib.UriFlags.ENCODED);

        equal(seen(await session.get(parsed)).args, {a: '1'});
        equal(seen(await session.get(parsed, {params: {b: 2}})).args, {a: '1', b: '2'});
        for (const wrong of [undefined, null, 5, {}])
            typeError(() => session.get(wrong), 'uri');
        for (const wrong of ['', 'no-scheme', 'ftp://a.example/', 'http://[/', '\0']) {
            await rejection(session.get(wrong), Hf.Error, Hf.Error.INVALID_URI);
            await rejection(session.get(wrong, {params: {a: 1}}), Hf.Error, Hf.Error.INVALID_URI);
        }
    },

    async 'params'(session) {
        const get = async params => seen(await session.get(uri('/get'), {params}));

        equal((await get({a: 1, b: 'x', c: null, d: undefined})).args, {a: '1', b: 'x'});
        equal((await get({a: [1, null, 2]})).args, {a: ['1', '2']});
        equal((await get([['b', 1], ['a', 2], ['b', [3, 4]]])).url, uri('/get?b=1&a=2&b=3&b=4'));
        equal((await get(new Map([['a', 1]]))).args, {a: '1'});
        equal((await get({'ä &=#?+': 'ö &=#?+ %'})).args, {'ä &=#?+': 'ö &=#?+ %'});
        equal((await get({a: []})).args, {});
        equal((await get({})).url, uri('/get'));
    },

    async 'params/exact'(session) {
        const given = {a: true, b: false, c: 0.1, d: 2n ** 64n, e: -1e21, f: ''};

        equal(seen(await session.get(uri('/get'), {params: given})).args,
            {a: 'true', b: 'false', c: '0.1', d: '18446744073709551616', e: '-1e+21', f: ''});
    },

    'params/uri'() {
        const session = new LookingSession();
        for (const [before, after] of [
            ['http://a.example', 'http://a.example?b=1'],
            ['http://a.example/?a=1#f', 'http://a.example/?a=1&b=1#f'],
            ['http://a.example/#f?', 'http://a.example/?b=1#f?'],
            ['http://a.example/\0', 'http://a.example/%00?b=1'],
        ]) {
            session.get(before, {params: {b: 1}}).cancel();
            equal(session.seen.uri, after);
        }
    },

    'params/wrong'(session) {
        const wrong = [
            'a=1', 5, ['a'], [['a']], [['a', 1, 2]], {a: {}}, {a: [{}]}, {a: () => {}},
            {a: Symbol('s')}, {a: new Date()}, {a: 'b\0c'}, {'b\0c': 'a'}, new Date(), [[null, 1]],
        ];
        for (const params of wrong)
            typeError(() => session.get(uri('/get'), {params}), 'params');
    },

    async 'headers'(session) {
        const get = async headers => seen(await session.get(uri('/get'), {headers})).headers;

        const fields =
            await get({'X-A': 1, 'X-B': ['b', true], 'X-C': undefined, 'X-D': 2n ** 64n});
        equal([fields['X-A'], fields['X-B'], fields['X-C'], fields['X-D']],
            ['1', 'b, true', undefined, '18446744073709551616']);
        equal((await get(new Map([['X-A', 'map']])))['X-A'], 'map');
        equal((await get([['X-A', 'a'], ['x-a', 'b']]))['X-A'], 'a, b');
        equal((await get([['X-A', 'a'], ['x-a', null]]))['X-A'], undefined);
        const other = Hf.Request.new('GET', '');
        other.append_header('X-A', 'other');
        equal((await get(other.headers))['X-A'], 'other');
    },

    async 'headers/content-type'(session) {
        const type = async headers =>
            (await echo(session, {json: 1, headers})).headers['Content-Type'];

        equal(await type({}), 'application/json');
        equal(await type({'content-type': 'application/x'}), 'application/x');
        equal(await type({'content-type': null}), undefined);
    },

    async 'headers/wrong'(session) {
        for (const headers of ['a', 5, ['a'], {a: {}}, {a: 'b\0c'}, {'b\0c': 'a'}, {a: new Date()}])
            typeError(() => session.get(uri('/get'), {headers}), 'headers');
        await rejection(session.get(uri('/get'), {headers: {'X-A': 'a\r\nX-B: b'}}),
            Hf.Error, Hf.Error.INVALID_REQUEST);
    },

    async 'auth'(session) {
        const sent = async auth =>
            seen(await session.get(uri('/get'), {auth})).headers.Authorization;

        equal(await sent(['user', 'pässwörd']), 'Basic dXNlcjpww6Rzc3fDtnJk');
        equal(await sent(Hf.Auth.new_for_bearer('token')), 'Bearer token');
        for (const auth of ['user', ['user'], ['user', {}], {}])
            typeError(() => session.get(uri('/get'), {auth}), 'auth');
    },

    async 'json'(session) {
        const values = [
            null, true, 0, -1.5, '', 'ä\0\ud800"', [], {}, [1, [2, {a: null}]], {b: {c: ['d']}},
        ];
        for (const json of values) {
            const body = requestWith({json}).body;
            const text = new TextDecoder().decode(body.get_bytes().toArray());
            equal(JSON.parse(text), json);
            equal(body.get_content_type(), 'application/json');
        }
        equal((await echo(session, {json: {a: ['ä', null]}})).json, {a: ['ä', null]});
        equal((await echo(session, {json: new Date(0)})).json, '1970-01-01T00:00:00.000Z');
        equal((await echo(session, {json: undefined})).data, '');
    },

    'json/wrong'(session) {
        const circle = {};
        circle.circle = circle;
        for (const json of [circle, 1n, () => {}, Symbol('s')])
            typeError(() => session.post(uri('/post'), {json}), 'json');
    },

    'data/bytes'() {
        const bytes = new Uint8Array([0, 1, 255, 0, 128]);
        const given = [
            bytes, bytes.buffer, new DataView(bytes.buffer), new GLib.Bytes(bytes),
            new Uint8Array([9, ...bytes, 9]).subarray(1, 6), new Uint8ClampedArray(bytes),
        ];
        for (const data of given) {
            const {body} = requestWith({data});
            equal([...body.get_bytes().toArray()], [...bytes]);
            equal(body.get_content_type(), null);
        }
        equal(requestWith({data: new Uint8Array()}).body.get_bytes().get_size(), 0);
    },

    // What is changed after the call is not sent.
    'data/copied'() {
        const data = new Uint8Array([1, 2]);
        const {body} = requestWith({data});
        data[0] = 9;

        equal([...body.get_bytes().toArray()], [1, 2]);
    },

    async 'data/text'(session) {
        const {data, headers} = await echo(session, {data: 'Grüße'});
        equal([data, headers['Content-Type']], ['Grüße', 'text/plain; charset=utf-8']);
        equal(requestWith({data: 'a\0b'}).body.get_bytes().get_size(), 3);
        equal((await echo(session, {data: ''})).data, '');
    },

    async 'data/form'(session) {
        const {form, headers} = await echo(session, {data: {a: 1, b: [true, 'ä &='], c: null}});
        equal(form, {a: '1', b: ['true', 'ä &=']});
        equal(headers['Content-Type'], 'application/x-www-form-urlencoded');
        equal((await echo(session, {data: [['a', 1], ['b', 2], ['a', 3]]})).form,
            {a: ['1', '3'], b: '2'});
        equal((await echo(session, {data: new Map([['a', 2n]])})).form, {a: '2'});
        equal((await echo(session, {data: {}})).headers['Content-Type'],
            'application/x-www-form-urlencoded');
    },

    'data/wrong'(session) {
        for (const data of [5, true, [1], {a: {}}, {a: 'b\0c'}, new Date(), () => {}, Symbol('s')])
            typeError(() => session.post(uri('/post'), {data}), 'data');
    },

    async 'body'(session) {
        const body = Hf.Body.new_for_json(Json.from_string('{"a": 1}'));

        equal((await echo(session, {body, params: {b: 2}})).json, {a: 1});
        equal((await echo(session, {body: null})).data, '');
        typeError(() => session.post(uri('/post'), {body: 'text'}), 'body');
    },

    'bodies-exclude-each-other'(session) {
        const body = Hf.Body.new_for_text('text', null);
        const wrong = [
            {json: 1, data: 'a'}, {json: null, data: 'a'}, {json: 1, body}, {data: '', body},
        ];
        for (const options of wrong) {
            for (const name of Object.keys(options))
                typeError(() => session.post(uri('/post'), options), name);
        }
    },

    'settings'() {
        const {cancellable, ...given} = {
            cancellable: new Gio.Cancellable(),
            deadline: 4,
            followRedirects: false,
            maxRedirects: 7,
            maxBodySize: 2n ** 53n - 1n,
            priority: -100,
            proxyResolver: Gio.SimpleProxyResolver.new('http://proxy.example', []),
            tlsDatabase: Gio.TlsBackend.get_default().get_default_database(),
            tlsInsecure: true,
            timeout: [1.5, 2],
        };
        const request = requestWith({cancellable, ...given});

        equal([request.connect_timeout, request.read_timeout, request.deadline], [1.5, 2, 4]);
        equal([request.follow_redirects, request.max_redirects], [false, 7]);
        equal(request.priority, -100);
        equal(request.max_body_size, Number.MAX_SAFE_INTEGER);
        equal(request.tls_insecure, true);
        equal(request.cancellable === cancellable, true);
        equal(request.proxy_resolver === given.proxyResolver, true);
        equal(request.tls_database === given.tlsDatabase, true);

        const plain =
            requestWith({deadline: null, timeout: undefined, priority: null, hooks: null});
        equal([plain.deadline < 0, plain.read_timeout < 0, plain.priority], [true, true, 0]);
    },

    'settings/tls-certificate'() {
        const tlsCertificate = Gio.TlsCertificate.new_from_file(certificate('client-a'));

        equal(requestWith({tlsCertificate}).tls_certificate === tlsCertificate, true);
    },

    'settings/timeout'() {
        const timeouts = timeout => {
            const request = requestWith({timeout});
            return [request.connect_timeout, request.read_timeout];
        };

        equal(timeouts(3.5), [3.5, 3.5]);
        equal(timeouts(0), [0, 0]);
        equal(timeouts(Infinity), [0, 0]);
        equal(timeouts([null, 2]), [-1, 2]);
        equal(timeouts([1, undefined]), [1, -1]);
    },

    async 'settings/timeout/expires'(session) {
        await rejection(session.get(uri('/hold/timeout'), {timeout: 0.2}),
            Hf.Error, Hf.Error.TIMEOUT_READ);
        await rejection(session.get(uri('/hold/deadline'), {deadline: 0.2}),
            Hf.Error, Hf.Error.TIMEOUT_DEADLINE);
    },

    async 'settings/cancellable/ends-request'(session) {
        const cancellable = new Gio.Cancellable();
        const future = session.get(uri('/hold/cancellable'), {cancellable});
        ask('/await/cancellable');
        cancellable.cancel();

        await rejection(future, Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
        equal(future.state, Hf.FutureState.CANCELLED);
    },

    async 'settings/redirects'(session) {
        equal((await session.get(uri('/redirect/1'), {followRedirects: false})).status, 302);
        await rejection(session.get(uri('/redirect/3'), {maxRedirects: 2}),
            Hf.Error, Hf.Error.TOO_MANY_REDIRECTS);
        await rejection(session.get(uri('/bytes/300'), {maxBodySize: 100}),
            Hf.Error, Hf.Error.TOO_LARGE);
    },

    'settings/wrong'(session) {
        const wrong = {
            backgroundCallback: [5, 'f', {}],
            cancellable: [true, {}, 'c'],
            deadline: ['3', -1, NaN, true],
            followRedirects: [0, 'no', {}],
            hooks: [5, () => {}, [], {response: 5}, {response: [5]}, {request: () => {}}],
            maxBodySize: [-1, 1.5, '5', 2n ** 64n],
            maxRedirects: [-1, 1.5, '5', 2 ** 32],
            priority: [1.5, 'high', 2 ** 31, NaN],
            proxyResolver: ['http://proxy.example', {}],
            timeout: ['3', -1, NaN, [], [1], [1, 2, 3], [1, 'a'], {}],
            tlsCertificate: ['file', {}],
            tlsDatabase: ['file', {}],
            tlsInsecure: [1, 'yes'],
        };
        for (const [name, values] of Object.entries(wrong)) {
            for (const value of values)
                typeError(() => session.get(uri('/get'), {[name]: value}), name);
        }
    },

    'options/wrong'(session) {
        typeError(() => session.get(uri('/get'), {param: {}}), '“param”');
        typeError(() => session.get(uri('/get'), {max_redirects: 1}), '“maxRedirects”');
        typeError(() => session.get(uri('/get'), {toString: 1}), '“toString”');
        for (const options of [5, 'a', true, [], () => {}, new Gio.Cancellable(), new Map()])
            typeError(() => session.post(uri('/post'), options), 'options');
    },

    async 'response/json'(session) {
        const response = await session.get(uri('/json'));

        equal(response.json(), {name: 'Grüße', numbers: [1, 2.5, -3], nothing: null});
        const text = await session.get(uri('/text'));
        const error = failure(() => text.json(), Hf.Error, Hf.Error.DECODE);
        equal(error.message.includes(uri('/text')), true);
        failure(() => session.get(uri('/empty')).get_result().json(), Hf.Error, Hf.Error.DECODE);
    },

    async 'response/headers'(session) {
        const {headers} = await session.get(uri('/json'));
        const pairs = [...headers];

        equal(pairs.length, headers.get_n_items());
        equal(pairs[0], [headers.get_name(0), headers.get_value(0)]);
        equal(new Map(pairs).get('Content-Type'), 'application/json');
        equal(Object.fromEntries(headers)['Content-Type'], 'application/json');
        equal(headers.get('content-TYPE'), 'application/json');
        equal(headers.get('x-absent'), null);

        const request = Hf.Request.new('GET', '');
        request.append_header('A', '1');
        request.append_header('a', '2');
        equal([...request.headers], [['A', '1'], ['a', '2']]);
    },
};

await runTests('javascript-verbs', tests);
