// SPDX-License-Identifier: LGPL-2.1-or-later
// SPDX-FileCopyrightText: 2026 The libhfutures authors
//
// What introspection cannot give to JavaScript. GJS runs _init() when a program imports Hf.
//
// Two rules hold throughout. Nothing here is called on another thread than the program's own. And
// no JavaScript value crosses C; HfOutcomes.js says why.

const {toFunction, worksHere} = imports.overrides.HfArguments;
const {extendCompletions} = imports.overrides.HfCompletions;
const {extendDefaults} = imports.overrides.HfDefaults;
const {extendForeign} = imports.overrides.HfForeign;
const {extendHooks} = imports.overrides.HfHooks;
const {define} = imports.overrides.HfMembers;
const {extendMounts} = imports.overrides.HfMounts;
const {extendOutcomes, read, setError, setValue} = imports.overrides.HfOutcomes;
const {promise} = imports.overrides.HfPromises;
const {extendStreams} = imports.overrides.HfStreams;
const {extendVerbs} = imports.overrides.HfVerbs;

let Hf;

// Errors

function extendErrors() {
    define(Hf.Error.prototype, {
        name: 'Hf.Error',

        // console.error() prints anything that is no Error in this way.
        toJSON() {
            return {name: this.name, code: this.code, message: this.message, stack: this.stack};
        },
    });
}

// Futures, and what else one can wait for

function extendClosing(prototype) {
    const {close, close_async, close_finish} = prototype;

    define(prototype, {
        close(flags = Hf.CloseFlags.CANCEL_QUEUED) {
            close.call(this, flags);
        },

        close_async(flags, cancellable, callback) {
            const args = [flags ?? Hf.CloseFlags.CANCEL_QUEUED, cancellable ?? null];
            if (typeof callback === 'function')
                return close_async.call(this, ...args, callback);
            return promise(this, close_async, close_finish, ...args);
        },
    });
}

// Has a function called as work, whose value or error becomes the future's.
function extendSubmit(prototype) {
    const {submit} = prototype;

    define(prototype, {
        submit(func) {
            toFunction('func', func);
            if (!worksHere(this)) {
                throw new TypeError('submit() would call JavaScript on another thread; use ' +
                    'promises, or an executor made with Hf.LoopExecutor.new_for_context()');
            }

            let future = null;
            future = submit.call(this, borrowed => {
                // GJS keeps no reference to it, and the function may keep it.
                const call = borrowed.ref();
                const {set_value, fail} = call;
                define(call, {
                    set_value: value => setValue(call, set_value, future, value),
                    fail: error => setError(call, fail, future, error),
                });
                try {
                    const value = func(call);
                    if (value !== undefined)
                        call.set_value(value);
                } catch (error) {
                    call.fail(error);
                }
            });
            return future;
        },
    });
}

function refuse(prototype, name, instead) {
    define(prototype, {
        [name]() {
            throw new TypeError(`${name}() would call JavaScript on another thread; ${instead}`);
        },
    });
}

function extendReading(prototype, name) {
    const {
        [name]: get,
        [`${name}_until`]: getUntil,
        [`${name}_async`]: getAsync,
        [`${name}_finish`]: getFinish,
    } = prototype;

    define(prototype, {
        [name](cancellable = null) {
            return read(this, get, cancellable);
        },

        [`${name}_until`](timeout_us = -1, cancellable = null) {
            return read(this, getUntil, timeout_us, cancellable);
        },

        [`${name}_async`](cancellable, callback) {
            if (typeof callback === 'function')
                return getAsync.call(this, cancellable ?? null, callback);
            return promise(this, getAsync, prototype[`${name}_finish`], cancellable ?? null);
        },

        [`${name}_finish`](result) {
            return read(this, getFinish, result);
        },
    });
}

function extendFuture() {
    const {prototype} = Hf.Future;
    const {wait} = prototype;

    extendReading(prototype, 'get_value');
    extendReading(prototype, 'get_result');

    define(prototype, {
        wait(timeout_us = -1, cancellable = null) {
            return wait.call(this, timeout_us, cancellable);
        },

        then(onFulfilled, onRejected) {
            return this.get_value_async().then(onFulfilled, onRejected);
        },

        catch(onRejected) {
            return this.then(undefined, onRejected);
        },

        finally(onFinally) {
            return this.get_value_async().finally(onFinally);
        },
    });

    refuse(prototype, 'add_settled_func', 'use add_done_callback() or await');
    refuse(prototype, 'remove_settled_func', 'use remove_done_callback()');
}

// Waits for several futures, or for all

function extendWaits() {
    const {drain, futures_wait} = Hf;
    const {pop} = Hf.CompletionQueue.prototype;

    define(Hf, {
        drain(timeout_us = -1, cancellable = null) {
            return drain(timeout_us, cancellable);
        },

        futures_wait(futures, mode = Hf.WaitMode.ALL_COMPLETED, timeout_us = -1,
            cancellable = null) {
            return futures_wait(futures, mode, timeout_us, cancellable);
        },
    });
    define(Hf.CompletionQueue.prototype, {
        pop(timeout_us = -1, cancellable = null) {
            return pop.call(this, timeout_us, cancellable);
        },
    });
}

// Responses and lists

// The text of a body in JSON: one of Unicode's encodings, which the zeros among its first bytes
// tell, unless the server has named another. get_json() does the same.
function getJsonText(response) {
    const bytes = response.get_bytes();
    const start = bytes.new_from_bytes(0, Math.min(4, bytes.get_size())).toArray();
    const named = /;\s*charset\s*=/i.test(response.get_header('Content-Type') ?? '');

    if (named || start.length < 4 || (start[0] !== 0 && start[1] !== 0))
        return response.get_text();
    if (start[0] === 0)
        return response.decode(start[1] === 0 ? 'UTF-32BE' : 'UTF-16BE');
    return response.decode(start[2] === 0 ? 'UTF-32LE' : 'UTF-16LE');
}

function extendResponse() {
    const {decode, get_history} = Hf.Response.prototype;

    // GJS cannot read what is in the array of the property.
    Object.defineProperty(Hf.Response.prototype, 'history', {get: get_history});

    define(Hf.Response.prototype, {
        decode(encoding = null) {
            return decode.call(this, encoding);
        },

        // The body's JSON as plain values.
        json() {
            const text = getJsonText(this);
            try {
                return JSON.parse(text);
            } catch (error) {
                this.get_json(); // it says the same in the user's language, and where
                throw new Hf.Error({code: Hf.Error.DECODE, message: error.message});
            }
        },
    });
}

function extendMetrics() {
    for (const name of ['dns', 'connect', 'tls', 'first_byte', 'total']) {
        const get = Hf.Metrics.prototype[`get_${name}`];
        const camelCase = name.replace(/_(.)/g, (_match, letter) => letter.toUpperCase());

        for (const property of new Set([name, camelCase]))
            Object.defineProperty(Hf.Metrics.prototype, property, {get, configurable: true});
    }
}

function extendHeaders() {
    define(Hf.Headers.prototype, {
        *[Symbol.iterator]() {
            for (let i = 0; i < this.get_n_items(); i++)
                yield [this.get_name(i), this.get_value(i)];
        },

        get(name) {
            return this.lookup(name);
        },
    });
}

// JavaScript cannot be called on the thread on which a worker process calls its hooks.
function extendWorkers() {
    refuse(Hf, 'worker_run_with_hooks', 'hooks in worker processes cannot be JavaScript');
}

function _init() {
    Hf = this;

    extendErrors();
    extendHeaders();
    extendResponse();
    extendStreams(Hf);
    extendMetrics();
    extendFuture();
    extendWaits();
    extendClosing(Hf.FuturesSession.prototype);
    extendClosing(Hf.Executor.prototype);
    extendSubmit(Hf.Executor.prototype);
    extendForeign(Hf);
    extendDefaults(Hf);
    extendOutcomes(Hf);
    extendHooks(Hf);
    extendVerbs(Hf);
    extendMounts(Hf);
    extendWorkers();
    extendCompletions(Hf);
}
