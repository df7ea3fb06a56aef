// SPDX-License-Identifier: LGPL-2.1-or-later
// SPDX-FileCopyrightText: 2026 The libhfutures authors
//
// What a worker would call: handlers of a cookie jar, and classes that are written in JavaScript.
// Both are refused, since JavaScript cannot be called there. Part of the override of Hf.

const {GObject, Soup} = imports.gi;
const {isForeign, toForeign, worksHere, wrong} = imports.overrides.HfArguments;
const {define} = imports.overrides.HfMembers;

const guarded = new WeakSet(); // jars that have no handler, and get none

// The jar of a session tells of each cookie where that comes in.
function guardJar(option, jar) {
    if (guarded.has(jar))
        return;
    toForeign(option, jar, Soup.CookieJar, 'Soup.CookieJar');
    if (GObject.signal_handler_find(jar, {signalId: 'changed'}) !== 0)
        throw wrong(option, 'a handler of the cookie jar would be called on a worker');
    keepHandlersOff(jar);
}

function keepHandlersOff(jar) {
    for (const name of ['connect', 'connect_after']) {
        const connect = jar[name];
        define(jar, {
            [name](signal, ...args) {
                if (signal.split('::')[0] === 'changed')
                    throw new TypeError('A handler of this cookie jar would be called on a worker');
                return connect.call(this, signal, ...args);
            },
        });
    }
    guarded.add(jar);
}

function guardSoupSession(soupSession) {
    for (const name of ['proxy_resolver', 'tls_database', 'tls_interaction']) {
        if (!isForeign(soupSession[name] ?? null))
            throw wrong('soupSession', `a worker would call its ${name}, a class in JavaScript`);
    }
    const jar = soupSession.get_feature(Soup.CookieJar);
    if (jar !== null)
        guardJar('soupSession', jar);
}

// The jar that a session gives out is in use already.
function guardGivenJar(Hf) {
    const {prototype} = Hf.FuturesSession;
    const {get_cookie_jar} = prototype;
    const get = function () {
        const jar = get_cookie_jar.call(this);
        if (jar !== null && !guarded.has(jar) && !worksHere(this.get_executor()))
            keepHandlersOff(jar); // the one handler that it has is the session's own, in C
        return jar;
    };

    define(prototype, {get_cookie_jar: get});
    for (const name of ['cookie_jar', 'cookieJar', 'cookie-jar'])
        Object.defineProperty(prototype, name, {get, configurable: true});
}

function extendRequest(Hf, setter, type, name) {
    const {prototype} = Hf.Request;
    const {[setter]: set} = prototype;

    define(prototype, {
        [setter](value) {
            set.call(this, value === null ? null : toForeign(name, value, type, name));
        },
    });
}

function extendForeign(Hf) {
    const {prototype} = Hf.FuturesSession;
    const {_init} = prototype;
    const {new_for_soup_session} = Hf.FuturesSession;
    const {Gio} = imports.gi;

    define(prototype, {
        _init(...args) {
            const {executor, soupSession, soup_session = soupSession} = args[0] ?? {};
            const {cookieJar, cookie_jar = cookieJar} = args[0] ?? {};
            const onWorkers = !(executor && worksHere(executor));
            if (soup_session && onWorkers)
                guardSoupSession(soup_session);
            if (cookie_jar && onWorkers)
                guardJar('cookieJar', cookie_jar);
            return _init.call(this, ...args);
        },
    });
    define(Hf.FuturesSession, {
        new_for_soup_session(soup_session) {
            guardSoupSession(soup_session);
            return new_for_soup_session.call(this, soup_session);
        },
    });
    guardGivenJar(Hf);
    define(Hf.Auth, {
        new_for_func() {
            throw new TypeError('The function would be called on another thread; use the option ' +
                '“auth”, which takes a function that is called at once');
        },
    });
    extendRequest(Hf, 'set_proxy_resolver', Gio.ProxyResolver, 'Gio.ProxyResolver');
    extendRequest(Hf, 'set_tls_database', Gio.TlsDatabase, 'Gio.TlsDatabase');
    extendRequest(Hf, 'set_tls_certificate', Gio.TlsCertificate, 'Gio.TlsCertificate');
    extendRequest(Hf, 'set_destination', GObject.Object, 'Gio.File or a Gio.OutputStream');
}
