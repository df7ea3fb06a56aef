// SPDX-License-Identifier: LGPL-2.1-or-later
// SPDX-FileCopyrightText: 2026 The libhfutures authors
//
// Cookies, credentials, proxies and TLS files.

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Hf from 'gi://Hf?version=1';
import Soup from 'gi://Soup?version=3.0';

import {equal, failure, rejection, runTests, seen, typeError, uri} from './javascript-support.js';

const proxy = uri('');

const sent = async (session, options, path = '/cookies') =>
    seen(await session.get(uri(path), options)).cookies;

// Whether a request gets to the bundled server, which answers as the proxy.
async function reaches(session, proxies, host = 'away.invalid') {
    try {
        return (await session.get(`http://${host}/anything`, {proxies})).get_status() === 200;
    } catch (error) {
        if (error.matches(Hf.Error, Hf.Error.DNS))
            return false;
        throw error;
    }
}

const tests = {
    async 'cookies'(session) {
        equal(await sent(session, {cookies: {a: 1, none: null}}), {a: '1'});
        equal(await sent(session, {cookies: new Map([['b', '2']])}), {b: '2'});
        equal(await sent(session), {});
        typeError(() => session.get(uri('/get'), {cookies: 'a=1'}), 'cookies');
        await rejection(session.get(uri('/get'), {cookies: {a: '1;2'}}), Hf.Error,
            Hf.Error.INVALID_REQUEST);
    },

    async 'cookies/response'(session) {
        const response = await session.get(uri('/cookies/set?a=1'), {followRedirects: false});
        equal(response.get_cookies().map(cookie => [cookie.get_name(), cookie.get_value()]),
            [['a', '1']]);
        equal(session.get_cookie_jar().all_cookies().length, 1);
        equal(await sent(session), {a: '1'});
    },

    async 'cookies/jar'() {
        const folder = GLib.dir_make_tmp('hf-cookies-XXXXXX');
        const path = GLib.build_filenamev([folder, 'cookies']);
        const cookie = 'k=v; Max-Age=1000; Path=/';
        let session = new Hf.FuturesSession({cookieJar: Soup.CookieJarText.new(path, false)});
        await session.get(uri('/response-headers'), {params: {'Set-Cookie': cookie}});
        session.close();

        session = new Hf.FuturesSession({cookie_jar: Soup.CookieJarText.new(path, false)});
        equal(await sent(session), {k: 'v'});
        session.close();
        GLib.unlink(path);
        GLib.rmdir(folder);
    },

    // Its handlers would be called on a worker.
    'cookies/jar-guarded'(session) {
        for (const jar of [session.get_cookie_jar(), session.cookie_jar, session.cookieJar]) {
            typeError(() => jar.connect('changed', () => {}), 'worker');
            equal(jar.connect('notify', () => {}) > 0, true);
        }
        const connected = new Soup.CookieJar();
        connected.connect('changed', () => {});
        typeError(() => new Hf.FuturesSession({cookieJar: connected}), 'cookieJar');
        const OwnJar = GObject.registerClass(class OwnJar extends Soup.CookieJar {});
        typeError(() => new Hf.FuturesSession({cookieJar: new OwnJar()}), 'cookieJar');
    },

    async 'auth/function'(session) {
        let asked = 0;
        const auth = request => {
            asked++;
            request.set_header('Authorization', `Mine ${request.get_method()}`);
        };
        const {headers} = seen(await session.post(uri('/post'), {auth}));
        equal([asked, headers.Authorization], [1, 'Mine POST']);
        typeError(() => Hf.Auth.new_for_func(() => {}), '“auth”');
        for (const wrong of [5, () => Promise.resolve(), () => session.get(uri('/get'))])
            typeError(() => session.get(uri('/get'), {auth: wrong}), 'auth');
    },

    async 'proxies'(session) {
        for (const proxies of [{http: proxy}, {all: proxy}, {'http://away.invalid': proxy}])
            equal(await reaches(session, proxies), true);
        for (const proxies of [{https: proxy}, {all: proxy, http: null},
            {http: proxy, noProxy: 'a, invalid'}, {http: proxy, noProxy: ['away.invalid']}])
            equal(await reaches(session, proxies), false);
        const unreachable = {http: 'http://127.0.0.1:1'};
        await rejection(session.get('http://away.invalid/', {proxies: unreachable}), Hf.Error,
            Hf.Error.PROXY);
        failure(() => session.get(uri('/get'), {proxies: {http: 'ftp://x'}}), Hf.Error,
            Hf.Error.INVALID_URI);
        typeError(() => session.get(uri('/get'), {proxies: {noProxy: 5}}), 'noProxy');
        typeError(() => session.get(uri('/get'), {
            proxies: {}, proxyResolver: Gio.SimpleProxyResolver.new(proxy, []),
        }), 'only one');
    },
};

await runTests('javascript-connections', tests);
