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
function guardJar(jar) {
    if (guarded.has(jar))
        return;
    if (GObject.signal_handler_find(jar, {signalId: 'changed'}) !== 0)
        throw wrong('soupSession', 'a handler of its cookie jar would be called on a worker');

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
        guardJar(jar);
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
            if (soup_session && !(executor && worksHere(executor)))
                guardSoupSession(soup_session);
            return _init.call(this, ...args);
        },
    });
    define(Hf.FuturesSession, {
        new_for_soup_session(soup_session) {
            guardSoupSession(soup_session);
            return new_for_soup_session.call(this, soup_session);
        },
    });
    extendRequest(Hf, 'set_proxy_resolver', Gio.ProxyResolver, 'Gio.ProxyResolver');
    extendRequest(Hf, 'set_tls_database', Gio.TlsDatabase, 'Gio.TlsDatabase');
    extendRequest(Hf, 'set_tls_certificate', Gio.TlsCertificate, 'Gio.TlsCertificate');
}
