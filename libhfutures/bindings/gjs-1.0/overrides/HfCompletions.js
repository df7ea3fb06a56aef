// SPDX-License-Identifier: LGPL-2.1-or-later
// SPDX-FileCopyrightText: 2026 The libhfutures authors
//
// Futures in the order in which they complete. Part of the override of Hf.

const {Gio, GLib} = imports.gi;
const {isIterable, toInstance, wrong} = imports.overrides.HfArguments;
const {define} = imports.overrides.HfMembers;

let Hf;

// Written by hand: an async generator would await each future that it yields.
class Completions {
    constructor(futures, cancellable) {
        this._waiting = new Map(futures.map(future => [future, 0]));
        this._settled = [];
        this._asked = []; // {resolve, reject} of each promise that next() gave
        this._cancellable = cancellable;
        this._source = null;
        this._begun = false;
    }

    [Symbol.asyncIterator]() {
        return this;
    }

    next() {
        this._begin();
        return new Promise((resolve, reject) => {
            this._asked.push({resolve, reject});
            this._answer();
        });
    }

    return(value) {
        this._end();
        return Promise.resolve({value, done: true});
    }

    // Not before somebody asks: who never does has nothing to clean up.
    _begin() {
        if (this._begun)
            return;
        this._begun = true;

        if (this._cancellable !== null) {
            this._source = this._cancellable.source_new();
            this._source.set_callback(() => {
                this._answer();
                return GLib.SOURCE_REMOVE;
            });
            this._source.attach(GLib.MainContext.ref_thread_default());
        }
        for (const future of this._waiting.keys())
            this._waiting.set(future, future.add_done_callback(() => this._take(future)));
    }

    _take(future) {
        if (!this._waiting.delete(future))
            return; // it is over
        this._settled.push(future);
        this._answer();
    }

    _answer() {
        if (this._asked.length > 0 && this._cancellable?.is_cancelled()) {
            try {
                this._cancellable.set_error_if_cancelled();
            } catch (error) {
                this._asked.shift().reject(error);
            }
            this._end();
        }
        while (this._asked.length > 0 && this._settled.length > 0)
            this._asked.shift().resolve({value: this._settled.shift(), done: false});
        if (this._waiting.size + this._settled.length === 0)
            this._end();
    }

    _end() {
        for (const [future, id] of this._waiting)
            future.remove_done_callback(id);
        this._waiting.clear();
        this._settled = [];
        this._source?.destroy();
        this._source = this._cancellable = null;
        for (const {resolve} of this._asked.splice(0))
            resolve({value: undefined, done: true});
    }
}

function asCompleted(futures, options) {
    const cancellable = options?.cancellable ?? null;
    if (!isIterable(futures))
        throw wrong('futures', 'an iterable is needed');
    const all = [...futures];
    for (const future of all)
        toInstance('futures', future, Hf.Future, 'Hf.Future');
    if (cancellable !== null)
        toInstance('cancellable', cancellable, Gio.Cancellable, 'Gio.Cancellable');
    return new Completions(all, cancellable);
}

function extendCompletions(namespace) {
    Hf = namespace;

    define(Hf, {asCompleted});
}
