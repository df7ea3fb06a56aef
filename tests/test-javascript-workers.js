// SPDX-License-Identifier: LGPL-2.1-or-later
// SPDX-FileCopyrightText: 2026 The libhfutures authors
//
// What a worker would call, and cannot, is refused in whichever way it is given.

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Hf from 'gi://Hf?version=1';
import Soup from 'gi://Soup?version=3.0';

import {collect, equal, runTests, seen, typeError, uri} from './javascript-support.js';

const Resolver = GObject.registerClass({
    Implements: [Gio.ProxyResolver],
}, class Resolver extends GObject.Object {});
const NamedResolver = GObject.registerClass({
    GTypeName: 'NamedResolver', Implements: [Gio.ProxyResolver],
}, class NamedResolver extends GObject.Object {});
const Converter = GObject.registerClass({
    Implements: [Gio.Converter],
}, class Converter extends GObject.Object {});
const Sink = GObject.registerClass({GTypeName: 'Sink'}, class Sink extends Gio.OutputStream {});
const Source = GObject.registerClass(class Source extends Gio.InputStream {});

function zeros(length) {
    return Gio.MemoryInputStream.new_from_bytes(new GLib.Bytes(new Uint8Array(length)));
}

// It changes what it passes on.
const ChangingSession = GObject.registerClass(class ChangingSession extends Hf.FuturesSession {
    vfunc_send(request) {
        request.proxy_resolver = new Resolver();
        return super.vfunc_send(request);
    }
});

const tests = {
    'options'(session) {
        for (const proxyResolver of [new Resolver(), new NamedResolver()])
            typeError(() => session.get(uri('/get'), {proxyResolver}), 'proxyResolver');
        for (const destination of [new Sink(), Gio.DataOutputStream.new(new Sink())])
            typeError(() => session.get(uri('/get'), {destination}), 'destination');
        for (const data of [new Source(), Gio.BufferedInputStream.new(new Source()),
            Gio.ConverterInputStream.new(zeros(1), new Converter())])
            typeError(() => session.post(uri('/post'), {data}), 'stream');
        typeError(() => Hf.ProxyRules.new([], [], new Resolver()), 'fallback');
    },

    // Properties can be assigned in ways that no method sees.
    'properties'(session) {
        const request = Hf.Request.new('GET', uri('/get'));
        request.proxyResolver = new NamedResolver();
        typeError(() => session.send(request), 'proxy_resolver');
        request.proxy_resolver = null;
        request.set_property('destination', new Sink());
        typeError(() => session.send(request), 'destination');
        const made = new Hf.Request({
            method: 'GET', uri: uri('/get'), 'proxy-resolver': new Resolver(),
        });
        typeError(() => session.send(made), 'proxy_resolver');
    },

    async 'subclass'() {
        const session = new ChangingSession();
        for (const future of [session.get(uri('/get')), session.get(uri('/get'), {params: {}})]) {
            const error = await future.then(() => null, thrown => thrown);
            typeError(() => {
                throw error;
            }, 'proxy_resolver');
        }
    },

    async 'soup-session'(session) {
        const own = new Soup.Session();
        const other = new Soup.Session({proxy_resolver: new NamedResolver()});
        for (const name of ['soupSession', 'soup_session', 'soup-session'])
            typeError(() => new Hf.FuturesSession({[name]: other}), 'soupSession');
        const given = [own, Hf.FuturesSession.new_for_soup_session(new Soup.Session()).soup_session,
            session.soupSession, new Hf.FuturesSession()['soup-session']];
        const sessions = [new Hf.FuturesSession({soupSession: own}), session];

        for (const soupSession of given) {
            for (const name of ['proxy_resolver', 'proxyResolver', 'proxy-resolver']) {
                typeError(() => {
                    soupSession[name] = new Resolver();
                }, 'proxy_resolver');
            }
            typeError(() => soupSession.set_proxy_resolver(new Resolver()), 'proxy_resolver');
            soupSession.proxy_resolver = Gio.SimpleProxyResolver.new('http://127.0.0.1:1', ['*']);
            soupSession.proxy_resolver = null;
            equal([soupSession.proxyResolver, soupSession.get_proxy_resolver()], [null, null]);
        }
        for (const one of sessions)
            equal((await one.get(uri('/get'))).status, 200);
    },

    'cookie-jar'() {
        const jar = new Soup.CookieJar();
        jar.connect('changed', () => {});
        for (const name of ['cookieJar', 'cookie_jar', 'cookie-jar'])
            typeError(() => new Hf.FuturesSession({[name]: jar}), 'cookieJar');
    },

    // What workers use stays, and what they have used is freed here.
    async 'collected'(session) {
        session.mount('https://mock.example/', call => call.respond(204));
        const memory = Gio.MemoryOutputStream.new_resizable();
        const futures = [
            session.get(uri('/bytes/300000'), {destination: memory}),
            session.post(uri('/post'), {data: zeros(30000)}),
            session.get('https://mock.example/'),
            session.get(uri('/get'), {hooks: {response: () => 5}}),
        ];
        await collect();
        const [saved, sent, mocked, hooked] = await Promise.all(futures);
        await collect();
        equal([saved.status, memory.get_data_size()], [200, 300000]);
        equal([seen(sent).data.length, mocked.status, hooked], [30000, 204, 5]);
    },

    // Bodies that nobody has read to their ends.
    async 'dropped'(session) {
        for (let i = 0; i < 3; i++) {
            const response = await session.get(uri('/bytes/3000000'), {stream: true});
            equal((await response.chunks().next()).done, false);
        }
        await collect();
        equal((await session.get(uri('/get'))).status, 200);
    },

    // On the program's own loop, classes of JavaScript's would be called by GIO's threads.
    async 'loop'() {
        const session = new Hf.FuturesSession({
            executor: Hf.LoopExecutor.new_for_context(GLib.MainContext.default()),
        });
        typeError(() => session.post(uri('/post'), {data: new Source()}), 'stream');
        typeError(() => session.get(uri('/get'), {destination: new Sink()}), 'destination');

        const memory = Gio.MemoryOutputStream.new_resizable();
        await session.get(uri('/bytes/300000'), {destination: memory});
        equal(memory.get_data_size(), 300000);
        equal(seen(await session.post(uri('/post'), {data: zeros(300000)})).data.length, 300000);
    },
};

await runTests('javascript-workers', tests);
