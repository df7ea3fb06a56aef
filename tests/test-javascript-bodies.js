// SPDX-License-Identifier: LGPL-2.1-or-later
// SPDX-FileCopyrightText: 2026 The libhfutures authors
//
// Bodies that are read while they are sent, and forms with files.

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Hf from 'gi://Hf?version=1';

import {equal, rejection, runTests, seen, typeError, uri} from './javascript-support.js';

const OwnStream = GObject.registerClass(class OwnStream extends Gio.InputStream {});

async function echo(session, options) {
    return seen(await session.post(uri('/post'), options));
}

function makeStream(text) {
    return Gio.MemoryInputStream.new_from_bytes(new GLib.Bytes(new TextEncoder().encode(text)));
}

// Gives a file with a text, that is gone when the function has ended.
async function withFile(text, func) {
    const folder = GLib.dir_make_tmp('hf-bodies-XXXXXX');
    const file = Gio.File.new_for_path(`${folder}/name.txt`);
    file.replace_contents(text, null, false, Gio.FileCreateFlags.NONE, null);
    try {
        await func(file);
    } finally {
        file.delete(null);
        Gio.File.new_for_path(folder).delete(null);
    }
}

// What is sent, with “B” for the form's boundary.
async function form(session, options) {
    const {data, headers} = await echo(session, options);
    const [, boundary] = /^multipart\/form-data; boundary=(.+)$/.exec(headers['Content-Type']);
    return data.replaceAll(boundary, 'B');
}

const tests = {
    async 'file'(session) {
        await withFile('a file', async file => {
            for (const options of [{data: file}, {body: Hf.Body.new_for_file(file)}]) {
                const {data, headers} = await echo(session, options);
                equal([data, headers['Content-Length']], ['a file', '6']);
            }
        });
        const missing = Gio.File.new_for_path('/no/such/file');
        await rejection(session.post(uri('/post'), {data: missing}),
            Hf.Error, Hf.Error.INVALID_REQUEST);
    },

    async 'stream'(session) {
        const stream = makeStream('a stream');
        const {data, headers} = await echo(session, {data: stream});
        equal([data, headers['Transfer-Encoding']], ['a stream', 'chunked']);
        equal(stream.is_closed(), true);

        const sized = Hf.Body.new_for_stream(makeStream('sized'), 5, 'a/b');
        equal([sized.get_length(), sized.is_repeatable()], [5, false]);
        equal((await echo(session, {body: sized})).headers['Content-Length'], '5');
    },

    async 'multipart'(session) {
        await withFile('<p>', async file => {
            equal(await form(session, {
                data: {a: 1, b: ['x', 'y'], none: null},
                files: {
                    f: [file, {contents: file, fileName: 'x.html', headers: {'X-Own': 'yes'}}],
                    g: {contents: 'grün', fileName: 'g"', type: 'text/plain'},
                    h: new Uint8Array([49, 50]),
                    i: {contents: makeStream('read'), type: 'c/d'},
                },
            }), [
                '--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n',
                '--B\r\nContent-Disposition: form-data; name="b"\r\n\r\nx\r\n',
                '--B\r\nContent-Disposition: form-data; name="b"\r\n\r\ny\r\n',
                '--B\r\nContent-Disposition: form-data; name="f"; filename="name.txt"\r\n',
                'Content-Type: text/plain\r\n\r\n<p>\r\n',
                '--B\r\nContent-Disposition: form-data; name="f"; filename="x.html"\r\n',
                'Content-Type: text/html\r\nX-Own: yes\r\n\r\n<p>\r\n',
                '--B\r\nContent-Disposition: form-data; name="g"; filename="g%22"\r\n',
                'Content-Type: text/plain\r\n\r\ngrün\r\n',
                '--B\r\nContent-Disposition: form-data; name="h"; filename="h"\r\n\r\n12\r\n',
                '--B\r\nContent-Disposition: form-data; name="i"; filename="i"\r\n',
                'Content-Type: c/d\r\n\r\nread\r\n--B--\r\n',
            ].join(''));
        });
    },

    async 'pairs of files'(session) {
        equal(await form(session, {files: [['f', 'x'], ['f', {contents: 'y', fileName: 'z'}]]}),
            '--B\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nx\r\n' +
            '--B\r\nContent-Disposition: form-data; name="f"; filename="z"\r\n\r\ny\r\n--B--\r\n');
    },

    'what is wrong'(session) {
        for (const [name, options] of [
            ['files', {files: 'text'}], ['files', {files: {f: 3}}], ['files', {files: [['f']]}],
            ['name', {files: {f: {contents: 'x', name: 'y'}}}],
            ['data', {files: {f: 'x'}, data: 'text'}],
            ['json, files', {files: {f: 'x'}, json: {}}],
            ['headers', {files: {f: 'x'}, headers: {'Content-Type': null}}],
        ])
            typeError(() => session.post(uri('/post'), options), name);
    },

    'nothing of JavaScript’s is read on a worker'(session) {
        const stream = new OwnStream();
        typeError(() => session.post(uri('/post'), {data: stream}), 'stream');
        typeError(() => session.post(uri('/post'), {files: {f: stream}}), 'stream');
        typeError(() => Hf.Body.new_for_stream(stream, 1), 'stream');
        for (const name of ['new_for_stream_func', 'new_for_read_func'])
            typeError(() => Hf.Body[name](() => stream, 1, null), name);
    },
};

await runTests('javascript-bodies', tests);
