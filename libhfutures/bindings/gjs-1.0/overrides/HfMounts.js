// SPDX-License-Identifier: LGPL-2.1-or-later
// SPDX-FileCopyrightText: 2026 The libhfutures authors
//
// Functions that answer instead of servers. Part of the override of Hf.

const {
    isPlainObject, toFunction, toInteger, toPairs, toText, wrong,
} = imports.overrides.HfArguments;
const {define} = imports.overrides.HfMembers;
const {isPromise, toShown} = imports.overrides.HfOutcomes;
const {toDataBody, toJsonBody} = imports.overrides.HfBodies;

// What an answer has besides its status.
const NAMES = ['headers', 'json', 'data', 'body'];

function toBody(options) {
    for (const name of Object.keys(options)) {
        if (!NAMES.includes(name))
            throw new TypeError(`There is no option “${name}”`);
    }
    const {json, data, body} = options;
    const given = [json, data ?? undefined, body ?? undefined].filter(value => value !== undefined);
    if (given.length > 1)
        throw wrong('json, data, body', 'only one of them can be sent');
    if (json !== undefined)
        return toJsonBody('json', json);
    return data !== undefined && data !== null ? toDataBody('data', data) : body ?? null;
}

function extendMockCall(Hf) {
    const {respond, fail} = Hf.MockCall.prototype;

    define(Hf.MockCall.prototype, {
        // The options are an Hf.Body or {headers, json, data, body}, as those of the verbs.
        respond(status = 200, options = null) {
            toInteger('status', status, 100, 999);
            if (options === null || options instanceof Hf.Body) {
                respond.call(this, status, options);
                return;
            }
            if (!isPlainObject(options))
                throw wrong('options', 'an Hf.Body or a plain object is needed');
            const body = toBody(options);
            for (const [name, value] of toPairs('headers', options.headers ?? {}))
                this.append_header(name, toText('headers', value));
            respond.call(this, status, body);
        },

        fail(error) {
            fail.call(this, toShown(error));
        },
    });
}

function extendMounts(Hf) {
    const {new_in_context} = Hf.MockTransport;
    const {mount} = Hf.FuturesSession.prototype;

    function newTransport(func) {
        toFunction('func', func);
        return new_in_context.call(this, borrowed => {
            // GJS keeps no reference to it, and the function may answer later.
            const call = borrowed.ref();
            try {
                const given = func(call);
                if (isPromise(given))
                    Promise.resolve(given).catch(error => call.fail(error));
            } catch (error) {
                call.fail(error);
            }
        });
    }

    extendMockCall(Hf);
    // What C offers under the first name would call on a worker.
    define(Hf.MockTransport, {new: newTransport, new_in_context: newTransport});
    define(Hf.FuturesSession.prototype, {
        mount(prefix, transport) {
            const given = typeof transport === 'function' ? Hf.MockTransport.new(transport)
                : transport;
            return mount.call(this, prefix, given);
        },
    });
}
