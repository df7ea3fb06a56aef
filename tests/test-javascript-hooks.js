// SPDX-License-Identifier: LGPL-2.1-or-later
// SPDX-FileCopyrightText: 2026 The libhfutures authors
//
// Response hooks: what they are given, what they return and throw, and that they are called
// although nothing refers to them any more.

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Hf from 'gi://Hf?version=1';
import System from 'system';

import {
    ask, collect, equal, failure, rejection, runTests, seen, turn, typeError, uri,
} from './javascript-support.js';

const PassingSession = GObject.registerClass(class PassingSession extends Hf.FuturesSession {
    vfunc_send(request) {
        request.set_header('X-Passed', 'yes');
        request.add_response_hook(() => {
            this.nHooked = (this.nHooked ?? 0) + 1;
        });
        return super.vfunc_send(request);
    }
});

const thrown = {not: 'an Error'};
const ThrowingSession = GObject.registerClass(class ThrowingSession extends Hf.FuturesSession {
    vfunc_send(request) {
        if (request.get_uri().endsWith('/null'))
            return null;
        throw thrown;
    }
});

async function caught(promise) {
    try {
        await promise;
    } catch (error) {
        return error;
    }
    throw new Error('it did not fail');
}

function get(session, response) {
    return session.get(uri('/get'), {hooks: {response}});
}

const tests = {
    'blocking'(session) {
        const value = {};
        const future = get(session, () => value);

        equal(future.get_value() === value, true);
        equal(future.get_value_until() === value, true);
        failure(() => future.get_result(), Hf.Error, Hf.Error.WRONG_TYPE);
    },

    'blocking/throws'(session) {
        const thrown = new RangeError('boom');
        const future = get(session, () => {
            throw thrown;
        });
        for (const read of ['get_value', 'get_result', 'get_value_until', 'get_result_until']) {
            let error = null;
            try {
                future[read]();
            } catch (e) {
                error = e;
            }
            equal(error === thrown, true);
        }
        equal(future.state, Hf.FutureState.FAILED);
        equal(future.error.message, 'RangeError: boom');
        equal(future.error.matches(Hf.Error, Hf.Error.HOOK), true);
    },

    'blocking/cancelled-wait'(session) {
        const cancellable = new Gio.Cancellable();
        cancellable.cancel();
        const future = get(session, () => 1);

        failure(() => future.get_value(cancellable), Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
        equal(future.get_value(), 1);
    },

    async 'arguments'(session) {
        const calls = [];
        const futures = [
            session.get(uri('/status/202'), {hooks: {response: (...args) => calls.push(args)}}),
        ];
        await Promise.all(futures);

        const [[response, given, ...rest]] = calls;
        equal([response.status, given === session, rest], [202, true, []]);
    },

    async 'background-callback'(session) {
        const calls = [];
        const response = await session.get(uri('/status/202'), {
            backgroundCallback(...args) {
                calls.push(args);
            },
        });

        equal(calls.length, 1);
        equal(calls[0].length, 2);
        equal(calls[0][0] === session && calls[0][1] === response, true);
        equal(await session.get(uri('/get'), {backgroundCallback: (_s, r) => r.status}), 200);
    },

    async 'order'(session) {
        const calls = [];
        session.add_response_hook(() => calls.push('session'));
        await session.get(uri('/get'), {
            backgroundCallback: () => void calls.push('background'),
            hooks: {response: [1, 2].map(i => () => void calls.push(i))},
        });

        equal(calls, ['session', 1, 2, 'background']);
    },

    // As they are, whatever they are.
    async 'values'(session) {
        const array = [1, {a: 2}];
        const values = [
            0, -0, 2n ** 80n, NaN, '', 'a\0b\ud800', null, false, Symbol('s'), array, new Map(),
            () => {}, new Gio.Cancellable(), new GLib.DateTime(), Hf.FuturesSession,
        ];
        for (const value of values)
            equal(Object.is(await get(session, () => value), value), true);

        equal((await get(session, () => undefined)).status, 200);
        equal(await get(session, [() => 'first', () => {}]), 'first');
        equal(await get(session, [() => 'first', () => 'last']), 'last');
    },

    // One response for another is a result like any.
    async 'values/response'(session) {
        const other = await session.get(uri('/status/202'));
        const future = get(session, () => other);

        equal(await future === other, true);
        equal(future.get_result() === other, true);
    },

    async 'values/collected'(session) {
        const futures = Array.from({length: 20}, (_, i) => get(session, () => ({i, list: [i]})));
        for (const future of futures)
            await future;
        await collect();

        equal(futures.map(future => future.get_value().list), futures.map((_, i) => [i]));
    },

    async 'throws'(session) {
        const thrown = [
            new RangeError('boom'), 'text', 5, null, undefined, {}, Symbol('s'),
            Object.create(null), new Error('a\0b'),
            new GLib.Error(Gio.IOErrorEnum, Gio.IOErrorEnum.NOT_FOUND, 'not there'),
            new Hf.Error({code: Hf.Error.HOOK, message: 'mine'}),
        ];
        for (const error of thrown) {
            const future = get(session, () => {
                throw error;
            });
            equal(await caught(future) === error, true);
            equal(await caught(future.get_result_async()) === error, true);
            equal(await future.catch(e => e === error), true);
        }
    },

    async 'throws/rest-is-not-called'(session) {
        let called = false;
        const first = () => {
            throw new Error('boom');
        };
        await caught(get(session, [first, () => {
            called = true;
        }]));

        equal(called, false);
    },

    // The error is not the hook's when something else ended the request.
    async 'throws/cancelled'(session) {
        let future;
        const hook = () => {
            future.cancel();
            throw new Error('boom');
        };
        future = get(session, hook);

        await rejection(future, Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
        failure(() => future.get_value(), Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
    },

    async 'promises'(session) {
        equal(await get(session, async response => response.status + 1), 201);
        equal((await get(session, async () => {})).status, 200);
        equal(await get(session, [() => 'kept', async () => {}]), 'kept');
        equal(await get(session, [() => null, async () => {}]), null);
        equal(await get(session, [async () => 'late', async () => {}]), 'late');
        equal((await get(session, (_r, s) => s.get(uri('/status/202')))).status, 202);
    },

    // The future itself has settled by then.
    async 'promises/settled'(session) {
        let keep;
        const future = get(session, () => new Promise(resolve => {
            keep = resolve;
        }));
        const awaited = future.then(value => value);
        const {value} = await Hf.asCompleted([future]).next();

        equal(value.state, Hf.FutureState.SUCCEEDED);
        keep('kept');
        equal(await awaited, 'kept');
    },

    async 'promises/rejected'(session) {
        const thrown = new Error('late');
        const future = get(session, async () => {
            await turn();
            throw thrown;
        });

        equal(await caught(future) === thrown, true);
    },

    // The hooks that are given a call, as in C.
    async 'calls'(session) {
        const value = {a: 1};
        session.add_response_hook(call => {
            equal(call.get_value(), null);
            call.set_value(value);
            equal(call.get_value() === value, true);
        });

        equal(await session.get(uri('/get')) === value, true);
        equal(await session.get(uri('/get'), {hooks: {response: () => 'instead'}}), 'instead');
    },

    async 'calls/g-value'(session) {
        const value = new GObject.Value();
        value.init(GObject.TYPE_STRING);
        value.set_string('of GObject');
        const request = Hf.Request.new('GET', uri('/get'));
        request.add_response_hook(call => call.set_value({}));
        request.add_response_hook(call => {
            call.set_value(value);
            equal(call.get_value(), 'of GObject');
        });

        equal(await session.send(request), 'of GObject');
    },

    async 'calls/throws'(session) {
        const thrown = new RangeError('boom');
        const id = session.add_response_hook_in_context(() => {
            throw thrown;
        });

        equal(await caught(session.get(uri('/get'))) === thrown, true);
        session.remove_response_hook(id);
        equal((await session.get(uri('/get'))).status, 200);
    },

    async 'calls/fail'(session) {
        const thrown = new RangeError('boom');
        const request = Hf.Request.new('GET', uri('/get'));
        request.add_response_hook(call => call.fail(thrown));

        equal(await caught(session.send(request)) === thrown, true);
    },

    async 'calls/over'(session) {
        let kept;
        session.add_response_hook(call => {
            kept = call;
        });
        await session.get(uri('/get'));

        equal([kept.get_response(), kept.get_value()], [null, null]);
        for (const late of [() => kept.set_value(1), () => kept.fail(new Error('late'))]) {
            let error = null;
            try {
                late();
            } catch (e) {
                error = e;
            }
            equal(error instanceof Error, true);
        }
    },

    'calls/wrong'(session) {
        typeError(() => session.add_response_hook(null), 'hook');
        typeError(() => Hf.Request.new('GET', '').add_response_hook_in_context({}), 'hook');
    },

    // One request, each time with a value of its own.
    async 'request-sent-twice'(session) {
        let count = 0;
        const request = Hf.Request.new('GET', uri('/get'));
        request.add_response_hook(call => call.set_value({count: ++count}));
        const futures = [session.send(request), session.send(request)];
        const counts = (await Promise.all(futures)).map(value => value.count);

        equal(counts.sort(), [1, 2]);
    },

    async 'collected/options'() {
        const session = new Hf.FuturesSession({maxWorkers: 50});
        let hooked = 0;
        const futures = Array.from({length: 50}, (_, i) => session.get(uri(`/hold/options-${i}`), {
            hooks: {response: () => ({i, hooked: ++hooked})},
        }));
        for (let i = 0; i < 50; i++)
            ask(`/await/options-${i}`);
        await collect();
        for (let i = 0; i < 50; i++)
            ask(`/release/options-${i}`);

        equal((await Promise.all(futures)).map(({i}) => i), futures.map((_, i) => i));
        equal(hooked, 50);
    },

    // Nobody keeps the request, and nobody the future.
    async 'collected/request'() {
        const session = new Hf.FuturesSession({maxWorkers: 50});
        let hooked = 0;
        const send = i => {
            const request = Hf.Request.new('GET', uri(`/hold/request-${i}`));
            request.add_response_hook_in_context(() => hooked++);
            session.send(request);
        };
        for (let i = 0; i < 50; i++)
            send(i);
        for (let i = 0; i < 50; i++)
            ask(`/await/request-${i}`);
        await collect();
        for (let i = 0; i < 50; i++)
            ask(`/release/request-${i}`);
        await session.close_async(Hf.CloseFlags.DRAIN);

        equal(hooked, 50);
    },

    async 'collected/session'() {
        const values = [];
        const begin = () => {
            const session = new Hf.FuturesSession();
            session.add_response_hook(call => {
                values.push(call.get_response().status);
                call.set_value({mine: true});
            });
            return session.get(uri('/hold/session'));
        };
        const future = begin();
        ask('/await/session');
        await collect();
        ask('/release/session');

        equal(await future, {mine: true});
        equal(values, [200]);
    },

    // A wait may be the only thing that runs hooks.
    'collected/blocking'(session) {
        const future = session.get(uri('/hold/blocking'), {hooks: {response: () => ({a: 1})}});
        ask('/await/blocking');
        System.gc();
        ask('/release/blocking');

        equal(future.get_value(), {a: 1});
    },

    async 'subclass'() {
        const session = new PassingSession({maxWorkers: 1});
        const plain = await session.get(uri('/headers'));
        const futures = [
            session.post(uri('/post'), {json: 1, hooks: {response: seen}}),
            session.get(uri('/hold/subclass')),
        ];
        ask('/await/subclass');
        await collect();
        ask('/release/subclass');
        const [posted] = await Promise.all(futures);

        equal(seen(plain).headers['X-Passed'], 'yes');
        equal([posted.headers['X-Passed'], posted.json], ['yes', 1]);
        equal(session.nHooked, 3);
    },

    async 'subclass/wrong-uri'() {
        const session = new PassingSession();

        await rejection(session.get('no-scheme'), Hf.Error, Hf.Error.INVALID_URI);
        await rejection(session.get('no-scheme', {params: {a: 1}, headers: {b: 2}}),
            Hf.Error, Hf.Error.INVALID_URI);
    },

    async 'subclass/throwing'() {
        const session = new ThrowingSession();

        equal(await caught(session.get(uri('/get'))) === thrown, true);
        equal(await caught(session.get(uri('/get'), {params: {a: 1}})) === thrown, true);
        equal(await caught(session.get(uri('/null'))) instanceof TypeError, true);
    },

    async 'own-value'(session) {
        const future = get(session, () => future);

        equal(await caught(future) instanceof TypeError, true);
    },
};

await runTests('javascript-hooks', tests);
