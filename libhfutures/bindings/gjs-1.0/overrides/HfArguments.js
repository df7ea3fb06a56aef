// SPDX-License-Identifier: LGPL-2.1-or-later
// SPDX-FileCopyrightText: 2026 The libhfutures authors
//
// What functions are given: checked, and made what C takes. Part of the override of Hf.
//
// What is wrong is a TypeError that names the argument.

const {GObject} = imports.gi;

function isPlainObject(value) {
    if (typeof value !== 'object' || value === null)
        return false;
    const prototype = Object.getPrototypeOf(value);
    return prototype === null || prototype === Object.prototype;
}

function isIterable(value) {
    return typeof value === 'object' && value !== null &&
        typeof value[Symbol.iterator] === 'function';
}

function wrong(option, problem) {
    return new TypeError(`${option}: ${problem}`);
}

function toText(option, value) {
    if (!['string', 'number', 'boolean', 'bigint'].includes(typeof value))
        throw wrong(option, `a string, number, boolean or bigint is needed, not ${typeof value}`);
    const text = `${value}`;
    // C would take the text for over there.
    if (text.includes('\0'))
        throw wrong(option, 'there is a NUL character in the text');
    return text;
}

// Gives names and single values; null and undefined come as they are.
function* toPairs(option, given) {
    if (!isPlainObject(given) && !isIterable(given))
        throw wrong(option, 'an object or an iterable of pairs is needed');

    for (const pair of isPlainObject(given) ? Object.entries(given) : given) {
        if (!Array.isArray(pair) || pair.length !== 2)
            throw wrong(option, 'each item must be a pair, [name, value]');
        const [name, values] = pair;
        for (const value of isIterable(values) ? values : [values])
            yield [toText(option, name), value];
    }
}

function toSeconds(option, value) {
    if (typeof value !== 'number' || !(value >= 0))
        throw wrong(option, 'a number of seconds is needed, 0 or more');
    return value === Infinity ? 0 : value; // in C, 0 is no limit
}

function toInteger(option, value, least, most) {
    if (typeof value !== 'bigint' && !Number.isSafeInteger(value) || value < least || value > most)
        throw wrong(option, `a whole number from ${least} to ${most} is needed`);
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function toBoolean(option, value) {
    if (typeof value !== 'boolean')
        throw wrong(option, 'true or false is needed');
    return value;
}

function toInstance(option, value, type, name) {
    if (!(value instanceof type))
        throw wrong(option, `a ${name} is needed`);
    return value;
}

// Whether a class is written in JavaScript. Its type has a name that GJS made, or one of its own.
function isOwnClass(constructor) {
    return constructor.$gtype.name.startsWith('Gjs_') ||
        Object.hasOwn(constructor, GObject.GTypeName);
}

// Whether an object may be used on a worker: a class that is written in JavaScript would be called
// there, also by one of GIO's streams that is around it.
function isForeign(value) {
    if (value === null || value === undefined)
        return true;
    return !isOwnClass(value.constructor) && isForeign(value.base_stream) &&
        isForeign(value.converter);
}

function toForeign(option, value, type, name) {
    toInstance(option, value, type, name);
    if (!isForeign(value))
        throw wrong(option, 'a class that is written in JavaScript cannot be called on a worker');
    return value;
}

// Whether an executor works on the program's own thread.
function worksHere(executor) {
    const {LoopExecutor} = imports.gi.Hf;
    return executor instanceof LoopExecutor && executor.get_context() !== null;
}

function toFunction(option, value) {
    if (typeof value !== 'function')
        throw wrong(option, 'a function is needed');
    return value;
}
