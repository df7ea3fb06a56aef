// SPDX-License-Identifier: LGPL-2.1-or-later
// SPDX-FileCopyrightText: 2026 The libhfutures authors
//
// The verbs of sessions and their options: session.get(uri, {params: …}). Part of the override of
// Hf.

const {Gio, GLib, GObject} = imports.gi;
const {
    isIterable, isPlainObject, toBoolean, toForeign, toFunction, toInstance, toInteger, toPairs,
    toSeconds, toText, worksHere, wrong,
} = imports.overrides.HfArguments;
const {extendBodies, toDataBody, toFilesBody, toJsonBody} = imports.overrides.HfBodies;
const {addHook} = imports.overrides.HfHooks;
const {define} = imports.overrides.HfMembers;
const {isPromise, makeFailed} = imports.overrides.HfOutcomes;

let Hf;

const UINT32_MAX = 2 ** 32 - 1;
const UINT64_MAX = 2n ** 64n - 1n;

function setHeader(request, name, value) {
    if (value === undefined)
        return;
    if (value !== null) {
        request.append_header(name, toText('headers', value));
        return;
    }
    request.remove_header(name);
    request.omit_header(name); // that of the session
    const body = request.get_body();
    if (name.toLowerCase() !== 'content-type' || (body?.get_content_type() ?? null) === null)
        return;
    if (body.get_bytes() === null)
        throw wrong('headers', 'the media type of this body cannot be removed');
    request.set_body(Hf.Body.new_for_bytes(body.get_bytes(), null));
}

// Equal rules share connections, so new ones can be made each time.
function toProxyRules(option, given) {
    if (!isPlainObject(given))
        throw wrong(option, 'an object is needed, such as {https: "http://proxy:3128"}');
    const {noProxy, ...proxies} = given;
    const hosts = typeof noProxy === 'string' ? noProxy.split(',') : noProxy ?? [];
    if (!isIterable(hosts))
        throw wrong(option, 'noProxy is a string or an iterable of hosts');
    const pairs = Object.entries(proxies).flatMap(
        ([scheme, proxy]) => [toText(option, scheme), toText(option, proxy ?? '')]);
    return Hf.ProxyRules.new(pairs, [...hosts].map(host => toText(option, host)),
        Gio.ProxyResolver.get_default());
}

function addHooks(request, hooks) {
    if (!isPlainObject(hooks))
        throw wrong('hooks', 'an object is needed, {response: function}');
    for (const name of Object.keys(hooks)) {
        if (name !== 'response')
            throw wrong('hooks', `there is no event “${name}”, only “response”`);
    }
    for (const hook of [hooks.response ?? []].flat())
        addHook(request, toFunction('hooks', hook));
}

function setTimeouts(request, timeout) {
    if (!Array.isArray(timeout)) {
        request.connect_timeout = request.read_timeout = toSeconds('timeout', timeout);
        return;
    }
    if (timeout.length !== 2)
        throw wrong('timeout', 'seconds or [connect, read] are needed');
    const [connect, read] = timeout;
    if (connect !== null && connect !== undefined)
        request.connect_timeout = toSeconds('timeout', connect);
    if (read !== null && read !== undefined)
        request.read_timeout = toSeconds('timeout', read);
}

// What each option does to a request, in this order.
const OPTIONS = {
    params(request, params) {
        for (const [name, value] of toPairs('params', params)) {
            if (value === null)
                request.omit_param(name); // that of the session
            else if (value !== undefined)
                request.append_param(name, toText('params', value));
        }
    },

    json(request, json) {
        request.set_body(toJsonBody('json', json));
    },

    data(request, data, {files}) {
        if (files === undefined || files === null)
            request.set_body(toDataBody('data', data));
    },

    files(request, files, {data = null}) {
        request.set_body(toFilesBody(files, data));
    },

    body(request, body) {
        request.set_body(toInstance('body', body, Hf.Body, 'Hf.Body'));
    },

    // After the bodies, whose media type can be removed.
    headers(request, headers) {
        for (const [name, value] of toPairs('headers', headers))
            setHeader(request, name, value);
    },

    cookies(request, cookies) {
        for (const [name, value] of toPairs('cookies', cookies)) {
            if (value !== null && value !== undefined)
                request.set_cookie(name, toText('cookies', value));
        }
    },

    // After the body and the fields, which a function may look at.
    auth(request, auth) {
        if (typeof auth === 'function') {
            if (isPromise(auth(request)))
                throw wrong('auth', 'the request is sent when the function returns, so it cannot ' +
                    'be asynchronous');
            return;
        }
        if (Array.isArray(auth) && auth.length === 2)
            auth = Hf.Auth.new_for_basic(...auth.map(text => toText('auth', text)));
        request.auth =
            toInstance('auth', auth, Hf.Auth, '[user, password], function or an Hf.Auth');
    },

    timeout: setTimeouts,

    deadline(request, deadline) {
        request.deadline = toSeconds('deadline', deadline);
    },

    cancellable(request, cancellable) {
        request.cancellable =
            toInstance('cancellable', cancellable, Gio.Cancellable, 'Gio.Cancellable');
    },

    followRedirects(request, follow) {
        request.follow_redirects = toBoolean('followRedirects', follow);
    },

    maxRedirects(request, most) {
        request.max_redirects = toInteger('maxRedirects', most, 0, UINT32_MAX);
    },

    raiseForStatus(request, raise) {
        request.raise_for_status = toBoolean('raiseForStatus', raise);
    },

    maxBodySize(request, most) {
        request.set_max_body_size(toInteger('maxBodySize', most, 0n, UINT64_MAX));
    },

    maxDecompressionRatio(request, most) {
        request.max_decompression_ratio =
            toInteger('maxDecompressionRatio', most, 0, UINT32_MAX);
    },

    stream(request, stream) {
        request.stream = toBoolean('stream', stream);
    },

    destination(request, destination) {
        if (destination instanceof Gio.OutputStream) // it is written to on a worker
            toForeign('destination', destination, Gio.OutputStream, 'Gio.OutputStream');
        else
            toInstance('destination', destination, Gio.File, 'Gio.File or a Gio.OutputStream');
        request.destination = destination;
    },

    priority(request, priority) {
        request.priority = toInteger('priority', priority, GLib.MININT32, GLib.MAXINT32);
    },

    proxies(request, proxies) {
        request.proxy_resolver = toProxyRules('proxies', proxies);
    },

    proxyResolver(request, resolver) {
        request.proxy_resolver =
            toForeign('proxyResolver', resolver, Gio.ProxyResolver, 'Gio.ProxyResolver');
    },

    tlsDatabase(request, database) {
        request.tls_database =
            toForeign('tlsDatabase', database, Gio.TlsDatabase, 'Gio.TlsDatabase');
    },

    tlsCertificate(request, certificate) {
        request.tls_certificate =
            toForeign('tlsCertificate', certificate, Gio.TlsCertificate, 'Gio.TlsCertificate');
    },

    tlsInsecure(request, insecure) {
        request.tls_insecure = toBoolean('tlsInsecure', insecure);
    },

    hooks: addHooks,

    // After the hooks.
    backgroundCallback(request, callback) {
        toFunction('backgroundCallback', callback);
        addHook(request, (response, session) => callback(session, response));
    },
};

// Everything that the options of a request may have; a module shows no constants.
function optionNames() {
    return Object.keys(OPTIONS);
}

// null is a JSON value like others; elsewhere it is as good as nothing.
function isGiven(options, name) {
    return options[name] !== undefined && (options[name] !== null || name === 'json');
}

function checkNames(options) {
    for (const name of Object.keys(options)) {
        if (Object.hasOwn(OPTIONS, name))
            continue;
        const camel = name.replace(/[-_](\w)/g, (_match, letter) => letter.toUpperCase());
        const meant = Object.hasOwn(OPTIONS, camel) ? `; “${camel}” is meant, perhaps` : '';
        throw new TypeError(`There is no option “${name}”${meant}`);
    }

    const bodies = ['json', isGiven(options, 'files') ? 'files' : 'data', 'body'].filter(
        name => isGiven(options, name));
    if (bodies.length > 1)
        throw wrong(bodies.join(', '), 'only one of them can be sent');
    if (isGiven(options, 'proxies') && isGiven(options, 'proxyResolver'))
        throw wrong('proxies, proxyResolver', 'only one of them can be used');
}

function makeRequest(method, uri, options) {
    if (!isPlainObject(options))
        throw new TypeError('The options must be a plain object, such as {params: {…}}');
    checkNames(options);

    const request = Hf.Request.new(method, uri);
    for (const [name, apply] of Object.entries(OPTIONS)) {
        if (isGiven(options, name))
            apply(request, options[name], options);
    }
    return request;
}

// What is thrown where a class of the program's sends is what the future fails with.
function carryErrors(send) {
    return function (request) {
        try {
            const future = send.call(this, request);
            if (!(future instanceof Hf.Future))
                throw new TypeError(`vfunc_send() gave no Hf.Future, but ${future}`);
            return future;
        } catch (error) {
            return makeFailed(error);
        }
    };
}

function extendClasses(type) {
    type._classInit = function (klass) {
        if (Object.hasOwn(klass.prototype, 'vfunc_send'))
            define(klass.prototype, {vfunc_send: carryErrors(klass.prototype.vfunc_send)});
        return GObject.Object._classInit(klass);
    };
}

function toUri(uri) {
    if (uri instanceof GLib.Uri)
        return uri.to_string();
    if (typeof uri !== 'string')
        throw new TypeError(`uri: a string or a GLib.Uri is needed, not ${typeof uri}`);
    return uri.replace(/\0/g, '%00'); // C would take it for the end
}

function extendVerbs(namespace) {
    Hf = namespace;
    extendBodies(Hf);

    const {prototype} = Hf.FuturesSession;
    const {request: nativeRequest, send, send_message} = prototype;

    // What has no options needs no request that JavaScript sees.
    function submit(session, method, uri, options) {
        if (options === undefined || options === null || options instanceof Hf.Body)
            return nativeRequest.call(session, method, toUri(uri), options ?? null);
        return send.call(session, makeRequest(method, toUri(uri), options));
    }

    extendClasses(Hf.FuturesSession);
    define(prototype, {
        // Handlers of the message's signals are called where it is sent.
        send_message(message) {
            if (!worksHere(this.get_executor())) {
                throw new TypeError('The message’s signals would call JavaScript on another ' +
                    'thread; use an executor made with Hf.LoopExecutor.new_for_context()');
            }
            return send_message.call(this, message);
        },
    });
    for (const name of ['get', 'head', 'options', 'delete']) {
        define(prototype, {
            [name](uri, options) {
                if (options instanceof Hf.Body)
                    throw wrong('options', `to send a body with ${name}(), say {body}`);
                return submit(this, name.toUpperCase(), uri, options);
            },
        });
    }
    for (const name of ['post', 'put', 'patch']) {
        define(prototype, {
            [name](uri, options) {
                return submit(this, name.toUpperCase(), uri, options);
            },
        });
    }
    define(prototype, {
        request(method, uri, options) {
            if (typeof method !== 'string')
                throw wrong('method', `a string is needed, not ${typeof method}`);
            return submit(this, toText('method', method), uri, options);
        },
    });
}
