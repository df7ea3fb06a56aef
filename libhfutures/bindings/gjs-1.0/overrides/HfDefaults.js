// SPDX-License-Identifier: LGPL-2.1-or-later
// SPDX-FileCopyrightText: 2026 The libhfutures authors
//
// What a session holds for all its requests, as plain values. Part of the override of Hf.

const {toInstance, toPairs, toText} = imports.overrides.HfArguments;
const {define} = imports.overrides.HfMembers;

let Hf;

// [user, password] is for Basic authentication.
function toAuth(auth) {
    if (Array.isArray(auth) && auth.length === 2)
        return Hf.Auth.new_for_basic(...auth.map(text => toText('auth', text)));
    return toInstance('auth', auth, Hf.Auth, '[user, password] or an Hf.Auth');
}

function isNothing(value) {
    return value === null || value === undefined;
}

// By the names of the properties: what is read, and what can be assigned.
const ACCESSORS = {
    headers: {
        get() {
            return this.dup_headers();
        },

        set(headers) {
            if (headers instanceof Hf.Headers) {
                this.set_headers(headers);
                return;
            }
            const fields = [];
            for (const [name, value] of isNothing(headers) ? [] : toPairs('headers', headers)) {
                if (!isNothing(value))
                    fields.push([name, toText('headers', value)]);
            }
            this.set_headers(null);
            for (const [name, value] of fields)
                this.append_header(name, value);
        },
    },

    params: {
        get() {
            const flat = this.dup_params();
            return flat.flatMap((name, i) => i % 2 === 0 ? [[name, flat[i + 1]]] : []);
        },

        set(params) {
            const flat = [];
            for (const [name, value] of isNothing(params) ? [] : toPairs('params', params)) {
                if (!isNothing(value))
                    flat.push(name, toText('params', value));
            }
            this.set_params(flat);
        },
    },

    auth: {
        get() {
            return this.dup_auth();
        },

        set(auth) {
            this.set_auth(isNothing(auth) ? null : toAuth(auth));
        },
    },
};

function extendDefaults(namespace) {
    Hf = namespace;

    const {prototype} = Hf.FuturesSession;
    const {_init} = prototype;

    for (const [name, accessor] of Object.entries(ACCESSORS))
        Object.defineProperty(prototype, name, {...accessor, configurable: true});
    define(prototype, {
        // GObject takes no plain values for these.
        _init(properties = {}, ...rest) {
            const {headers, params, auth, ...others} = properties;
            const made = _init.call(this, others, ...rest) ?? this;
            for (const [name, value] of Object.entries({headers, params, auth})) {
                if (!isNothing(value))
                    made[name] = value;
            }
            return made;
        },
    });
}
