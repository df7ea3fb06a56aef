// SPDX-License-Identifier: LGPL-2.1-or-later
// SPDX-FileCopyrightText: 2026 The libhfutures authors
//
// The library in JavaScript as C offers it, against the bundled server. What the override adds is
// tested in the files test-javascript-*.js.

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Hf from 'gi://Hf?version=1';
import Json from 'gi://Json?version=1.0';
import System from 'system';

import {ask, equal, failure, runLoop, runTests, seen, uri} from './javascript-support.js';

const tests = {
    'get'(session) {
        const response = session.get(uri('/text?charset=iso-8859-1')).get_result(null);

        equal(response.get_status(), 200);
        equal(response.get_reason(), 'OK');
        equal(response.get_ok(), true);
        equal(response.get_text(), 'Grüße, naïve café');
        equal(response.get_bytes().get_size(), 17);
        equal(response.get_header('content-length'), '17');
        equal(response.get_elapsed() > 0, true);
    },

    // The second one's request reaches the server while the first one's waits there.
    'two-at-once'(session) {
        const first = session.get(uri('/hold/two-at-once'));
        const second = session.get(uri('/release/two-at-once'));

        equal(second.get_result(null).get_text(), 'released\n');
        equal(first.get_result(null).get_status(), 200);
    },

    'bytes'(session) {
        const response = session.get(uri('/bytes/300')).get_result(null);
        const bytes = Array.from(response.get_bytes().get_data());

        equal(bytes, Array.from({length: 300}, (_, i) => i % 256));
    },

    'json'(session) {
        const response = session.get(uri('/json')).get_result(null);

        equal(JSON.parse(Json.to_string(response.get_json(), false)),
            {name: 'Grüße', numbers: [1, 2.5, -3], nothing: null});
    },

    'headers'(session) {
        const headers = session.get(uri('/json')).get_result(null).get_headers();
        const names = [];
        for (let i = 0; i < headers.get_n_items(); i++)
            names.push(headers.get_name(i).toLowerCase());

        equal(names.includes('content-type'), true);
        equal(headers.lookup('CONTENT-TYPE'), 'application/json');
        equal(headers.lookup_all('content-type'), ['application/json']);
        equal(headers.lookup('x-absent'), null);
    },

    'history'(session) {
        const response = session.get(uri('/redirect/2')).get_result(null);

        equal(response.get_uri(), uri('/get'));
        equal(response.get_history().map(r => [r.get_status(), r.get_uri()]),
            [[302, uri('/redirect/2')], [302, uri('/redirect/1')]]);
    },

    'post-form'(session) {
        const body = Hf.Body.new_for_form(['a', '1', 'b', 'ä &', 'a', '2']);
        const echo = seen(session.post(uri('/post'), body).get_result(null));

        equal(echo.form, {a: ['1', '2'], b: 'ä &'});
    },

    'post-json'(session) {
        const sent = {text: 'ä', list: [1, null, true]};
        const body = Hf.Body.new_for_json(Json.from_string(JSON.stringify(sent)));
        const echo = seen(session.post(uri('/post'), body).get_result(null));

        equal(echo.json, sent);
        equal(echo.headers['Content-Type'], 'application/json');
    },

    'failing'(session) {
        const future = session.get('no-scheme');

        failure(() => future.get_result(null), Hf.Error, Hf.Error.INVALID_URI);
        equal(future.get_state(), Hf.FutureState.FAILED);
    },

    'check-status'(session) {
        const response = session.get(uri('/status/404')).get_result(null);

        equal(response.get_ok(), false);
        failure(() => response.check_status(), Hf.Error, Hf.Error.STATUS);
        equal(session.get(uri('/get')).get_result(null).check_status(), true);
    },

    'get-result-async'(session) {
        let status = 0;
        runLoop(done => session.get(uri('/get')).get_result_async(null, (future, result) => {
            status = future.get_result_finish(result).get_status();
            done();
        }));

        equal(status, 200);
    },

    'get-result-async-failing'(session) {
        let error = null;
        runLoop(done => session.get('no-scheme').get_result_async(null, (future, result) => {
            try {
                future.get_result_finish(result);
            } catch (e) {
                error = e;
            }
            done();
        }));

        failure(() => {
            throw error;
        }, Hf.Error, Hf.Error.INVALID_URI);
    },

    'cancel'(session) {
        const future = session.get(uri('/hold/cancel'));
        ask('/await/cancel');

        equal(future.get_state(), Hf.FutureState.RUNNING);
        equal(future.cancel(), true);
        equal(future.cancel(), false);
        equal(future.get_state(), Hf.FutureState.CANCELLED);
        failure(() => future.get_result(null), Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
    },

    'wait'(session) {
        const future = session.get(uri('/hold/wait'));

        equal(future.wait(1000, null), false);
        ask('/release/wait');
        equal(future.wait(-1, null), true);
    },

    'done-callback'(session) {
        const calls = [];
        runLoop(done => {
            const future = session.get(uri('/get'));
            const removed = future.add_done_callback(() => calls.push('removed'));
            future.add_done_callback(f => calls.push(f.get_result(null).get_status()));
            future.remove_done_callback(removed);
            future.wait(-1, null);
            future.add_done_callback(f => { // settled already: told all the same
                calls.push(f.get_state());
                done();
            });
        });

        equal(calls, [200, Hf.FutureState.SUCCEEDED]);
    },

    'notify'(session) {
        const future = session.get(uri('/hold/notify'));
        runLoop(done => {
            future.connect('notify::state', f => {
                if (f.state === Hf.FutureState.SUCCEEDED)
                    done();
            });
            ask('/release/notify');
        });

        equal(future.get_state(), Hf.FutureState.SUCCEEDED);
    },

    // A blocking wait runs it.
    'hook-in-context'(session) {
        const calls = [];
        session.add_response_hook_in_context(call => {
            calls.push([call.get_session() === session, call.get_response().get_status()]);
        });
        session.get(uri('/status/202')).get_result(null);

        equal(calls, [[true, 202]]);
    },

    'hook-in-context-in-loop'(session) {
        const calls = [];
        const request = Hf.Request.new('GET', uri('/get'));
        session.add_response_hook_in_context(() => calls.push('session'));
        request.add_response_hook_in_context(() => calls.push('request'));
        runLoop(done => session.send(request).get_result_async(null, () => done()));

        equal(calls, ['session', 'request']);
    },

    'hook-in-context-set-value'(session) {
        const value = new GObject.Value();
        value.init(GObject.TYPE_STRING);
        value.set_string('instead');
        session.add_response_hook_in_context(call => call.set_value(value));
        const future = session.get(uri('/get'));

        equal(future.get_value(null), 'instead');
        failure(() => future.get_result(null), Hf.Error, Hf.Error.WRONG_TYPE);
    },

    'hook-in-context-fail'(session) {
        const error = new GLib.Error(Gio.IOErrorEnum, Gio.IOErrorEnum.NOT_FOUND, 'not to my taste');
        session.add_response_hook_in_context(call => call.fail(error));
        const caught = failure(() => session.get(uri('/get')).get_result(null),
            Gio.IOErrorEnum, Gio.IOErrorEnum.NOT_FOUND);

        equal(caught.message, 'not to my taste');
    },

    'links'(session) {
        const link = uri('/response-headers?Link=%3C2%3E;rel=next');
        let links = [];
        for (let i = 0; i < 20; i++)
            links = session.get(link).get_result(null).get_links();
        System.gc();

        equal(links.map(link => [link.get_uri(), link.get_relation(), link.list_params()]),
            [[uri('/2'), 'next', ['rel']]]);
    },

    'request'(session) {
        const request = Hf.Request.new('PUT', uri('/put'));
        request.set_header('X-One', '1');
        request.set_body(Hf.Body.new_for_text('plain', 'text/plain'));
        const response = session.send(request).get_result(null);

        equal(seen(response).headers['X-One'], '1');
        equal(seen(response).data, 'plain');
        equal(response.get_request().get_method(), 'PUT');
    },

    'close'(session) {
        const future = session.get(uri('/get'));
        session.close(Hf.CloseFlags.DRAIN);

        equal(future.get_result(null).get_status(), 200);
        failure(() => session.get(uri('/get')).get_result(null), Hf.Error, Hf.Error.CLOSED);
    },

    'close-async'(session) {
        const held = session.get(uri('/hold/close'));
        ask('/await/close');
        runLoop(done => {
            session.close_async(Hf.CloseFlags.CANCEL_ALL, null, (source, result) => {
                equal(source.close_finish(result), true);
                done();
            });
        });

        failure(() => held.get_result(null), Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
    },

    'executor'() {
        const executor = Hf.ThreadPoolExecutor.new(1);
        const one = new Hf.FuturesSession({executor});
        const two = Hf.FuturesSession.new_with_executor(executor);
        const running = one.get(uri('/hold/executor'));
        ask('/await/executor');
        const queued = two.get(uri('/get'));

        equal(queued.get_state(), Hf.FutureState.QUEUED);
        ask('/release/executor');
        equal(running.get_result(null).get_status(), 200);
        equal(queued.get_result(null).get_status(), 200);
    },

    'loop'() {
        const session = Hf.FuturesSession.new_with_executor(Hf.LoopExecutor.new(2));
        session.http_version = Hf.HttpVersion.HTTP2;
        const futures = Array.from({length: 100}, (_, i) => session.get(uri(`/get?i=${i}`)));

        equal(futures.map(future => seen(future.get_result(null)).args.i),
            futures.map((_, i) => `${i}`));
        session.close(Hf.CloseFlags.DRAIN);
    },

    // Requests, hooks and all on the one thread that JavaScript has.
    'loop-in-context'() {
        const executor = Hf.LoopExecutor.new_for_context(null);
        const session = Hf.FuturesSession.new_with_executor(executor);
        let hooked = 0;
        let status = 0;

        session.add_response_hook_in_context(call => {
            hooked = call.get_response().get_status();
        });
        runLoop(quit => {
            const future = session.get(uri('/redirect/2'));
            failure(() => future.get_result(null), Hf.Error, Hf.Error.WOULD_BLOCK);
            future.get_result_async(null, (source, result) => {
                status = source.get_result_finish(result).get_status();
                quit();
            });
        });
        equal([hooked, status], [200, 200]);
    },

    'work-in-context'() {
        const executor = Hf.LoopExecutor.new_for_context(null);
        const values = [];

        runLoop(quit => {
            const seven = executor.submit(call => call.set_value(7));
            const nothing = executor.submit(() => {});
            seven.get_value_async(null, (source, result) =>
                values.push(source.get_value_finish(result)));
            nothing.get_value_async(null, (source, result) => {
                values.push(source.get_value_finish(result));
                quit();
            });
        });
        equal(values, [7, null]);
    },
};

await runTests('javascript', tests);
