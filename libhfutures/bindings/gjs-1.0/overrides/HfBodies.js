// SPDX-License-Identifier: LGPL-2.1-or-later
// SPDX-FileCopyrightText: 2026 The libhfutures authors
//
// What requests send, of the options json, data and files. Part of the override of Hf.

const {Gio, GLib} = imports.gi;
const {
    isIterable, isPlainObject, toForeign, toInstance, toPairs, toText, wrong,
} = imports.overrides.HfArguments;
const {define} = imports.overrides.HfMembers;

let Hf;

function toJsonBody(option, value) {
    let text;
    try {
        text = JSON.stringify(value);
    } catch (error) { // a circle or a bigint, for example
        throw wrong(option, error.message);
    }
    if (text === undefined)
        throw wrong(option, `there is no JSON for a ${typeof value}`);
    return Hf.Body.new_for_text(text, 'application/json');
}

function toFormBody(option, given) {
    const form = [];
    for (const [name, value] of toPairs(option, given)) {
        if (value !== null && value !== undefined)
            form.push(name, toText(option, value));
    }
    return Hf.Body.new_for_form(form);
}

// The bytes of a string, of GLib.Bytes, or of an array's buffer; else null. By way of bytes,
// because C would take a NUL for the end of a text.
function toBytes(data) {
    if (typeof data === 'string')
        return new GLib.Bytes(new TextEncoder().encode(data));
    if (data instanceof GLib.Bytes)
        return data;
    if (data instanceof ArrayBuffer)
        return new GLib.Bytes(new Uint8Array(data));
    if (ArrayBuffer.isView(data))
        return new GLib.Bytes(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    return null;
}

// A body that is read while it is sent, on a worker.
function toStreamedBody(option, data, type = null) {
    if (data instanceof Gio.File)
        return Hf.Body.new_for_file(toForeign(option, data, Gio.File, 'Gio.File'), type);
    if (data instanceof Gio.InputStream)
        return Hf.Body.new_for_stream(data, -1, type);
    return null;
}

function toDataBody(option, data) {
    const bytes = toBytes(data);
    if (bytes !== null) {
        return Hf.Body.new_for_bytes(bytes,
            typeof data === 'string' ? 'text/plain; charset=utf-8' : null);
    }
    const streamed = toStreamedBody(option, data);
    if (streamed !== null)
        return streamed;
    if (isPlainObject(data) || isIterable(data))
        return toFormBody(option, data);
    throw wrong(option, 'a string, bytes, a Gio.File, a Gio.InputStream, an object or an ' +
        'iterable of pairs is needed');
}

function appendFile(form, name, given) {
    const {contents, fileName = null, type = null, headers = {}, ...others} =
        isPlainObject(given) ? given : {contents: given};
    const [other] = Object.keys(others);
    if (other !== undefined)
        throw wrong('files', `there is no “${other}” of a file`);

    const toldName = fileName === null ? null : toText('files', fileName);
    const toldType = type === null ? null : toText('files', type);
    const bytes = toBytes(contents);
    if (bytes !== null) {
        form.append_bytes(name, bytes, toldName ?? name, toldType);
    } else if (contents instanceof Gio.File) {
        const file = toForeign('files', contents, Gio.File, 'Gio.File');
        form.append_file(name, file, toldName, toldType);
    } else {
        const body = toStreamedBody('files', contents, toldType) ?? contents;
        toInstance('files', body, Hf.Body, 'string, bytes, a Gio.File, Gio.InputStream or Hf.Body');
        form.append_body(name, body, toldName ?? name);
    }
    for (const [field, value] of toPairs('files', headers))
        form.append_header(field, toText('files', value));
}

// A form with files, after other fields. An array has several files of one name.
function toFilesBody(files, fields) {
    if (!isPlainObject(files) && !isIterable(files))
        throw wrong('files', 'an object or an iterable of pairs is needed');
    if (fields !== null && (toBytes(fields) !== null || toStreamedBody('data', fields) !== null))
        throw wrong('data', 'with files, an object or an iterable of pairs is needed');

    const form = new Hf.Multipart();
    for (const [name, value] of toPairs('data', fields ?? {})) {
        if (value !== null && value !== undefined)
            form.append_bytes(name, toBytes(toText('data', value)), null, null);
    }
    for (const pair of isPlainObject(files) ? Object.entries(files) : files) {
        if (!Array.isArray(pair) || pair.length !== 2)
            throw wrong('files', 'each item must be a pair, [name, file]');
        for (const file of [pair[1]].flat())
            appendFile(form, toText('files', pair[0]), file);
    }
    return Hf.Body.new_for_multipart(form);
}

// Nothing that is written in JavaScript may be called on a worker.
function extendBodies(namespace) {
    Hf = namespace;

    const {new_for_file, new_for_stream} = Hf.Body;

    define(Hf.Body, {
        new_for_file(file, type = null) {
            return new_for_file.call(this, toForeign('file', file, Gio.File, 'Gio.File'), type);
        },

        new_for_stream(stream, length = -1, type = null) {
            toForeign('stream', stream, Gio.InputStream, 'Gio.InputStream');
            return new_for_stream.call(this, stream, length, type);
        },
    });
    for (const name of ['new_for_stream_func', 'new_for_read_func']) {
        define(Hf.Body, {
            [name]() {
                throw new TypeError(`${name}() would call JavaScript on another thread; use ` +
                    'new_for_file() or new_for_stream()');
            },
        });
    }

    const {append_file} = Hf.Multipart.prototype;

    define(Hf.Multipart.prototype, {
        append_file(name, file, fileName = null, type = null) {
            toForeign('file', file, Gio.File, 'Gio.File');
            append_file.call(this, name, file, fileName, type);
        },
    });
}
