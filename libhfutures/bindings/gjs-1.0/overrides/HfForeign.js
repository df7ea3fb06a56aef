// SPDX-License-Identifier: LGPL-2.1-or-later
// SPDX-FileCopyrightText: 2026 The libhfutures authors
//
// What a worker would call: handlers of a cookie jar, and classes that are written in JavaScript.
// Both are refused, since JavaScript cannot be called there. Part of the override of Hf.

const {GObject, Soup} = imports.gi;
const {isForeign, toForeign, toInstance, worksHere, wrong} = imports.overrides.HfArguments;
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
    if (guarded.has(jar))
        return;
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

const FOLLOWED = ['proxy_resolver', 'tls_database', 'tls_interaction'];
const followed = new WeakSet(); // sessions of libsoup's that get no such class

function spellings(name) {
    return [name, name.replaceAll('_', '-'),
        name.replace(/_(.)/g, (_match, letter) => letter.toUpperCase())];
}

// What changes of such a session holds for the workers from then on.
function keepClassesOff(soupSession) {
    if (followed.has(soupSession))
        return;
    for (const name of FOLLOWED) {
        const {[`get_${name}`]: get, [`set_${name}`]: set} = soupSession;
        const setForeign = function (value) {
            if (!isForeign(value))
                throw wrong(name, 'a class that is written in JavaScript cannot be called on a ' +
                    'worker');
            set.call(soupSession, value);
        };

        define(soupSession, {[`set_${name}`]: setForeign});
        for (const spelling of spellings(name)) {
            Object.defineProperty(soupSession, spelling, {
                get: () => get.call(soupSession), set: setForeign,
            });
        }
    }
    followed.add(soupSession);
}

function guardSoupSession(soupSession) {
    toInstance('soupSession', soupSession, Soup.Session, 'Soup.Session');
    for (const name of FOLLOWED) {
        if (!isForeign(soupSession[name]))
            throw wrong('soupSession', `a worker would call its ${name}, a class in JavaScript`);
    }
    const jar = soupSession.get_feature(Soup.CookieJar);
    if (jar !== null)
        guardJar('soupSession', jar);
    keepClassesOff(soupSession);
}

// Changes what a session gives out before the program has it; that is in use by workers already.
function guardGiven(Hf, name, guard) {
    const {prototype} = Hf.FuturesSession;
    const {[`get_${name}`]: given} = prototype;
    const get = function () {
        const object = given.call(this);
        if (object !== null && !worksHere(this.get_executor()))
            guard(object);
        return object;
    };

    define(prototype, {[`get_${name}`]: get});
    for (const spelling of spellings(name))
        Object.defineProperty(prototype, spelling, {get, configurable: true});
}

// What a request has may have been assigned, too, so it is looked at where it is submitted.
function guardRequest(request) {
    for (const name of ['proxy_resolver', 'tls_database', 'tls_certificate', 'destination']) {
        if (!isForeign(request[name]))
            throw wrong('request', `a worker would call its ${name}, a class in JavaScript`);
    }
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

function extendProxyRules(Hf) {
    const {new: newRules} = Hf.ProxyRules;

    define(Hf.ProxyRules, {
        new(proxies, ignore_hosts = null, fallback = null) {
            if (!isForeign(fallback))
                throw wrong('fallback', 'a class that is written in JavaScript cannot be called ' +
                    'on a worker');
            return newRules.call(this, proxies, ignore_hosts, fallback);
        },
    });
}

// The names of properties are written in three ways.
function findProperty(properties, name) {
    return properties[spellings(name).find(spelling => Object.hasOwn(properties, spelling))];
}

function extendForeign(Hf) {
    const {prototype} = Hf.FuturesSession;
    const {_init, send, vfunc_send} = prototype;
    const {new_for_soup_session} = Hf.FuturesSession;
    const {Gio} = imports.gi;

    define(prototype, {
        _init(...args) {
            const properties = args[0] ?? {};
            const soupSession = findProperty(properties, 'soup_session');
            const cookieJar = findProperty(properties, 'cookie_jar');
            const onWorkers = !(properties.executor && worksHere(properties.executor));
            if (soupSession && onWorkers)
                guardSoupSession(soupSession);
            if (cookieJar && onWorkers)
                guardJar('cookieJar', cookieJar);
            return _init.call(this, ...args);
        },

        send(request) {
            guardRequest(request);
            return send.call(this, request);
        },

        // What classes of the program's own pass on, changed perhaps.
        vfunc_send(request) {
            guardRequest(request);
            return vfunc_send.call(this, request);
        },
    });
    define(Hf.FuturesSession, {
        new_for_soup_session(soup_session) {
            guardSoupSession(soup_session);
            return new_for_soup_session.call(this, soup_session);
        },
    });
    guardGiven(Hf, 'cookie_jar', keepHandlersOff); // its one handler is the session's own, in C
    guardGiven(Hf, 'soup_session', keepClassesOff);
    define(Hf.Auth, {
        new_for_func() {
            throw new TypeError('The function would be called on another thread; use the option ' +
                '“auth”, which takes a function that is called at once');
        },
    });
    extendProxyRules(Hf);
    extendRequest(Hf, 'set_proxy_resolver', Gio.ProxyResolver, 'Gio.ProxyResolver');
    extendRequest(Hf, 'set_tls_database', Gio.TlsDatabase, 'Gio.TlsDatabase');
    extendRequest(Hf, 'set_tls_certificate', Gio.TlsCertificate, 'Gio.TlsCertificate');
    extendRequest(Hf, 'set_destination', GObject.Object, 'Gio.File or a Gio.OutputStream');
}
