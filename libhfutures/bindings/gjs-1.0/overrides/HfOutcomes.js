// SPDX-License-Identifier: LGPL-2.1-or-later
// SPDX-FileCopyrightText: 2026 The libhfutures authors
//
// What JavaScript made of a future: its value, or its error. Part of the override of Hf.
//
// No JavaScript value crosses C, where a worker might drop it: such values stay with the wrapper of
// the future that they belong to, and C has a placeholder.

const {GLib, GObject} = imports.gi;

let Hf;

// On a future, its value: {value}.
const VALUE = Symbol('hf.value');
// On a future, what was thrown: {error, shown}. The latter is the GLib.Error that C has for it.
const FAILURE = Symbol('hf.failure');

function isPromise(value) {
    return typeof value === 'object' && value !== null && typeof value.then === 'function';
}

// What an error that is not GLib's says, as text.
function describe(error) {
    try {
        return `${error}`;
    } catch {
        return 'Something was thrown that cannot be shown';
    }
}

// Sets a future's value, any of JavaScript's or a GObject.Value, through a call that has such a
// method in C.
function setValue(call, setter, future, value) {
    if (value === future)
        throw new TypeError('A future cannot be its own value');
    if (value instanceof GObject.Value) {
        delete future[VALUE];
        setter.call(call, value);
        return;
    }
    // Who awaits the future is told; when nobody does, that is as for any future that fails.
    if (isPromise(value))
        Promise.resolve(value).catch(() => {});
    future[VALUE] = {value};
    // A response is one in C, too; of anything else C has but a placeholder.
    setter.call(call, value instanceof Hf.Response ? value : true);
}

function toShown(error) {
    return error instanceof GLib.Error ? error
        : new Hf.Error({code: Hf.Error.HOOK, message: describe(error)});
}

// Makes a future fail with anything that can be thrown, likewise.
function setError(call, setter, future, error) {
    const shown = toShown(error);
    setter.call(call, shown);
    future[FAILURE] = {error, shown};
}

// Gives a future that has failed with anything that can be thrown.
function makeFailed(error) {
    const shown = toShown(error);
    const future = Hf.Future.new_for_error(shown);
    future[FAILURE] = {error, shown};
    return future;
}

// Gives what JavaScript set on a future, or what it has in C.
function getValue(future, inC) {
    return VALUE in future ? future[VALUE].value : inC;
}

// The future may have failed otherwise after the hook had thrown, by its deadline for example.
function thrownBy(future, error) {
    const {error: thrown, shown} = future[FAILURE] ?? {};
    const same = shown !== undefined && error instanceof GLib.Error &&
        error.matches(shown.domain, shown.code) && error.message === shown.message;
    return same ? thrown : error;
}

// Reads a future in C, and gives the value or the error that C has a placeholder for.
function read(future, reader, ...args) {
    let value;
    try {
        value = reader.call(future, ...args);
    } catch (error) {
        throw thrownBy(future, error);
    }
    return getValue(future, value);
}

function extendOutcomes(namespace) {
    Hf = namespace;
}
