// SPDX-License-Identifier: LGPL-2.1-or-later
// SPDX-FileCopyrightText: 2026 The libhfutures authors
//
// The bodies of responses, piece by piece: for await (const line of response.lines()). Part of the
// override of Hf.

const {Gio, GLib} = imports.gi;
const {toInteger} = imports.overrides.HfArguments;
const {define} = imports.overrides.HfMembers;
const {promise} = imports.overrides.HfPromises;

// Whoever leaves the loop early closes the response.
async function* readPieces(response, stream, begin, finish, ...args) {
    try {
        for (;;) {
            const piece = await promise(stream, begin, finish, ...args);
            if (piece === null)
                return;
            yield piece;
        }
    } finally {
        response.close();
        stream.close(null);
    }
}

function extendStreams(Hf) {
    const {prototype} = Hf.Response;
    const {load, load_async, load_finish} = prototype;

    define(prototype, {
        load(cancellable = null) {
            return load.call(this, cancellable);
        },

        load_async(cancellable, callback) {
            if (typeof callback === 'function')
                return load_async.call(this, cancellable ?? null, callback);
            return promise(this, load_async, load_finish, cancellable ?? null);
        },

        // Gives the body in arrays of at most that many bytes, as they come.
        chunks(size = 65536, cancellable = null) {
            toInteger('size', size, 1, GLib.MAXINT32);
            const stream = this.get_stream();
            const {read_bytes_async, read_bytes_finish} = Gio.InputStream.prototype;

            return readPieces(this, stream, read_bytes_async, function (result) {
                const bytes = read_bytes_finish.call(this, result);
                return bytes.get_size() > 0 ? bytes.toArray() : null;
            }, size, GLib.PRIORITY_DEFAULT, cancellable);
        },

        // Gives the lines of the body, which is UTF-8, without their ends.
        lines(cancellable = null) {
            const lines = this.read_lines();
            const {read_line_async, read_line_finish_utf8} = Gio.DataInputStream.prototype;

            return readPieces(this, lines, read_line_async, function (result) {
                const [line] = read_line_finish_utf8.call(this, result);
                return line;
            }, GLib.PRIORITY_DEFAULT, cancellable);
        },
    });
}
