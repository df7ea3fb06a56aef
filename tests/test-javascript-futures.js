// SPDX-License-Identifier: LGPL-2.1-or-later
// SPDX-FileCopyrightText: 2026 The libhfutures authors
//
// Futures as promises, in the order of their completion, and what can be left out of their calls.

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Hf from 'gi://Hf?version=1';
import Soup from 'gi://Soup?version=3.0';
import System from 'system';

import {
    ask, collect, equal, failure, rejection, runLoop, runTests, seen, turn, typeError, uri,
} from './javascript-support.js';

const {CANCELLED, TIMED_OUT} = Gio.IOErrorEnum;

function residentBytes() {
    const [, text] = GLib.file_get_contents('/proc/self/statm');
    return Number(new TextDecoder().decode(text).split(' ')[1]) * 4096;
}

// How many objects of GObject's JavaScript has.
function countWrappers() {
    const [file, stream] = Gio.File.new_tmp(null);
    stream.close(null);
    System.dumpHeap(file.get_path());
    const [, heap] = file.load_contents(null);
    file.delete(null);
    return new TextDecoder().decode(heap).match(/^0x\S+ . GObject_Object /gm).length;
}

// Awaits so many requests in batches, each with a hook that refers to its request in a circle.
async function awaitMany(session, count) {
    let hooked = 0;
    const begin = () => {
        const request = Hf.Request.new('GET', uri('/empty'));
        request.add_response_hook(call => {
            hooked += request.method === 'GET';
            call.set_value({request, response: call.get_response()});
        });
        return session.send(request);
    };
    for (let i = 0; i < count; i += 100) {
        const futures = Array.from({length: 50}, begin);
        for (let j = 0; j < 50; j++)
            futures.push(session.get(uri('/empty'), {hooks: {response: () => void hooked++}}));
        for (const value of await Promise.all(futures))
            equal((value.response ?? value).status, 200);
    }
    equal(hooked, count);
}

const tests = {
    async 'await'(session) {
        const response = await session.get(uri('/get?a=1'));

        equal(response instanceof Hf.Response, true);
        equal(seen(response).args, {a: '1'});
    },

    async 'await/settled-and-again'(session) {
        const future = session.get(uri('/get'));
        future.wait();

        equal(await future === await future, true);
    },

    async 'await/failing'(session) {
        const future = session.get('no-scheme');
        const error = await rejection(future, Hf.Error, Hf.Error.INVALID_URI);

        equal(error instanceof GLib.Error, true);
        equal(error instanceof Hf.Error, true);
        equal([error.name, error.code], ['Hf.Error', Hf.Error.INVALID_URI]);
        equal(`${error}`, `Hf.Error: ${error.message}`);
        equal(JSON.parse(JSON.stringify(error)).message, error.message);
        equal(error.message.includes('no-scheme'), true);
    },

    async 'await/cancelled'(session) {
        const future = session.get(uri('/hold/await-cancelled'));
        ask('/await/await-cancelled');
        future.cancel();

        const error = await rejection(future, Gio.IOErrorEnum, CANCELLED);
        equal(error instanceof GLib.Error, true);
    },

    async 'then'(session) {
        const future = session.get(uri('/status/201'));

        equal(await future.then(response => response.status + 1), 202);
        equal((await future.then()).status, 201);
        equal(await session.get('no-scheme').then(null, error => error.code), Hf.Error.INVALID_URI);
    },

    async 'catch'(session) {
        equal(await session.get('no-scheme').catch(error => error.code), Hf.Error.INVALID_URI);
        equal((await session.get(uri('/get')).catch(() => 'never')).status, 200);
    },

    async 'finally'(session) {
        let calls = 0;
        const future = session.get(uri('/get')).finally(() => calls++);

        equal((await future).status, 200);
        await rejection(session.get('no-scheme').finally(() => calls++),
            Hf.Error, Hf.Error.INVALID_URI);
        equal(calls, 2);
    },

    async 'all'(session) {
        const responses = await Promise.all(
            [3, 1, 2].map(i => session.get(uri(`/get?i=${i}`))));

        equal(responses.map(response => seen(response).args.i), ['3', '1', '2']);
        await rejection(Promise.all([session.get(uri('/get')), session.get('no-scheme')]),
            Hf.Error, Hf.Error.INVALID_URI);
    },

    async 'race'(session) {
        const held = session.get(uri('/hold/race'));
        const first = await Promise.race([held, session.get(uri('/status/202'))]);

        equal(first.status, 202);
        held.cancel();
    },

    async 'all-settled'(session) {
        const [good, bad] =
            await Promise.allSettled([session.get(uri('/get')), session.get('no-scheme')]);

        equal([good.status, good.value.status], ['fulfilled', 200]);
        equal([bad.status, bad.reason.code], ['rejected', Hf.Error.INVALID_URI]);
    },

    // Outside of any promise, as an application does.
    'in-main-loop'(session) {
        const statuses = [];
        runLoop(done => {
            const run = async () => {
                for (const status of [200, 404])
                    statuses.push((await session.get(uri(`/status/${status}`))).status);
                done();
            };
            run().catch(logError);
        });

        equal(statuses, [200, 404]);
    },

    'in-own-main-context'(session) {
        const context = new GLib.MainContext();
        const loop = new GLib.MainLoop(context, false);
        let status = 0;

        context.push_thread_default();
        const future = session.get(uri('/status/202'));
        future.get_result_async(null, (source, result) => {
            status = source.get_result_finish(result).status;
            loop.quit();
        });
        loop.run();
        context.pop_thread_default();

        equal(status, 202);
    },

    // 10,000 again and again: what they leave behind would be there after each round. How much is
    // under way at the same time, and what that costs for good, is chance; so one without will do.
    async 'no-leak'() {
        const session = new Hf.FuturesSession({maxWorkers: 4});
        const rounds = [];
        let [before, after] = [{bytes: 0}, {bytes: Infinity}];
        while (rounds.length < 8 && after.bytes > before.bytes + 4 * 1024 * 1024) {
            await awaitMany(session, rounds.length === 0 ? 1000 : 10000);
            await collect();
            rounds.push({wrappers: countWrappers(), bytes: residentBytes()});
            if (rounds.length > 2)
                [before, after] = rounds.slice(-2);
        }
        session.close();

        // A batch may still be held by what is on the stack.
        if (after.wrappers > before.wrappers + 10 || before.wrappers > 1000)
            throw new Error(`of 10,000 futures objects were left: ${JSON.stringify(rounds)}`);
        if (after.bytes > before.bytes + 4 * 1024 * 1024)
            throw new Error(`of 10,000 futures memory was left: ${JSON.stringify(rounds)}`);
    },

    async 'get-result-async'(session) {
        const future = session.get(uri('/get'));

        equal((await future.get_result_async()).status, 200);
        equal((await future.get_value_async(null)) === future.get_value(), true);
        await rejection(session.get('no-scheme').get_result_async(),
            Hf.Error, Hf.Error.INVALID_URI);
    },

    // That ends the wait, not the request.
    async 'get-result-async/cancellable'(session) {
        const cancellable = new Gio.Cancellable();
        const future = session.get(uri('/hold/wait-cancelled'));
        ask('/await/wait-cancelled');
        const waiting = future.get_result_async(cancellable);
        cancellable.cancel();

        await rejection(waiting, Gio.IOErrorEnum, CANCELLED);
        equal(future.state, Hf.FutureState.RUNNING);
        ask('/release/wait-cancelled');
        equal((await future).status, 200);
    },

    // As programs do that know only of introspection.
    async 'promisify'(session) {
        Gio._promisify(Hf.Future.prototype, 'get_result_async', 'get_result_finish');
        try {
            equal((await session.get(uri('/get')).get_result_async(null)).status, 200);
            equal((await session.get(uri('/get'))).status, 200);
        } finally {
            Hf.Future.prototype.get_result_async = Hf.Future.prototype._original_get_result_async;
        }
    },

    'left-out'(session) {
        const future = session.get(uri('/hold/left-out'));

        failure(() => future.get_result_until(1000), Gio.IOErrorEnum, TIMED_OUT);
        failure(() => future.get_value_until(1000), Gio.IOErrorEnum, TIMED_OUT);
        equal(future.wait(1000), false);
        ask('/release/left-out');
        equal(future.wait(), true);
        equal(future.get_result().status, 200);
        equal(future.get_value() === future.get_result(), true);
        equal(future.get_value_until() === future.get_result_until(), true);
    },

    // Cancels what is queued, and blocks until the rest is done.
    'close'() {
        const session = new Hf.FuturesSession({maxWorkers: 1});
        const running = session.get(uri('/delay/0.5'));
        while (running.state === Hf.FutureState.QUEUED)
            running.wait(1000);
        const queued = session.get(uri('/get'));
        try {
            equal(queued.state, Hf.FutureState.QUEUED);
        } finally {
            session.close();
        }

        equal(running.state, Hf.FutureState.SUCCEEDED);
        equal(queued.state, Hf.FutureState.CANCELLED);
        failure(() => session.get(uri('/get')).get_result(), Hf.Error, Hf.Error.CLOSED);
    },

    // Cancels what is queued, and waits for the rest while the main loop goes on.
    async 'close-async'() {
        const session = new Hf.FuturesSession({maxWorkers: 1});
        const running = session.get(uri('/hold/close-async'));
        ask('/await/close-async');
        const queued = session.get(uri('/get'));
        let closed = false;
        const closing = session.close_async().then(() => {
            closed = true;
        });

        await rejection(queued, Gio.IOErrorEnum, CANCELLED);
        equal(closed, false);
        ask('/release/close-async');
        await closing;
        equal((await running).status, 200);

        const other = new Hf.FuturesSession();
        const held = other.get(uri('/hold/close-all'));
        await other.close_async(Hf.CloseFlags.CANCEL_ALL);
        equal(held.state, Hf.FutureState.CANCELLED);
    },

    async 'executor'() {
        const executor = new Hf.ThreadPoolExecutor({maxWorkers: 3});
        const session = new Hf.FuturesSession({executor});

        equal(executor.max_workers, 3);
        equal(Hf.ThreadPoolExecutor.new(5).max_workers, 5);
        equal(session.get(uri('/get')).get_result().status, 200);
        await executor.close_async();
        await rejection(session.get(uri('/get')), Hf.Error, Hf.Error.CLOSED);

        const another = Hf.ThreadPoolExecutor.new(1);
        another.close();
        failure(() => new Hf.FuturesSession({executor: another}).get(uri('/get')).get_result(),
            Hf.Error, Hf.Error.CLOSED);
    },

    async 'soup-session'() {
        const {default: Soup} = await import('gi://Soup?version=3.0');
        const soupSession = new Soup.Session({user_agent: 'mine'});
        const session = new Hf.FuturesSession({soupSession});

        equal(seen(await session.get(uri('/headers'))).headers['User-Agent'], 'mine');
    },

    // What would call JavaScript on a worker is refused.
    async 'foreign-classes'(session) {
        const Resolver = GObject.registerClass({Implements: [Gio.ProxyResolver]},
            class Resolver extends GObject.Object {});
        const here = Hf.FuturesSession.new_with_executor(Hf.LoopExecutor.new_for_context(null));
        const send = sender => {
            const message = Soup.Message.new('GET', uri('/get'));
            message.connect('finished', () => calls.push('finished'));
            return sender.send_message(message);
        };
        const calls = [];

        typeError(() => session.get(uri('/get'), {proxyResolver: new Resolver()}), 'proxyResolver');
        typeError(() => send(session), 'another');
        equal((await send(here)).get_status(), 200);
        equal(calls, ['finished']);
    },

    // Neither what the program's SoupSession brings along, nor what a request is given.
    async 'foreign-soup-session'() {
        const Resolver = GObject.registerClass({Implements: [Gio.ProxyResolver]},
            class OtherResolver extends GObject.Object {});
        const withJar = () => {
            const soupSession = new Soup.Session();
            soupSession.add_feature(new Soup.CookieJar());
            return [soupSession, soupSession.get_feature(Soup.CookieJar)];
        };
        const [heard, heardJar] = withJar();
        heardJar.connect('changed', () => {});
        const resolving = new Soup.Session({proxyResolver: new Resolver()});
        const [soupSession, jar] = withJar();

        for (const refused of [heard, resolving]) {
            typeError(() => new Hf.FuturesSession({soupSession: refused}), 'soupSession');
            typeError(() => new Hf.FuturesSession({soup_session: refused}), 'soupSession');
            typeError(() => Hf.FuturesSession.new_for_soup_session(refused), 'soupSession');
        }
        typeError(() => Hf.Request.new('GET', uri('/')).set_proxy_resolver(new Resolver()),
            'ProxyResolver');

        const sessions = [new Hf.FuturesSession({soupSession}),
            Hf.FuturesSession.new_for_soup_session(soupSession)];
        typeError(() => jar.connect('changed', () => {}), 'worker');
        typeError(() => jar.connect_after('changed', () => {}), 'worker');
        equal(jar.connect('notify', () => {}) > 0, true);
        for (const [i, session] of sessions.entries())
            equal((await session.get(uri(`/cookies/set?n=${i}`))).json(), {cookies: {n: `${i}`}});

        // In the program's own context they are as good as any.
        const executor = Hf.LoopExecutor.new_for_context(null);
        equal((await new Hf.FuturesSession({executor, soupSession: heard}).get(uri('/get'))).status,
            200);
    },

    async 'waits'(session) {
        const futures = [session.get(uri('/get')), session.get(uri('/get'))];
        const queue = Hf.CompletionQueue.new_for_futures(futures);

        equal(Hf.futures_wait(futures), true);
        equal([queue.pop() !== null, queue.pop() !== null, queue.pop()], [true, true, null]);
        equal(Hf.drain(), true);
        for await (const _future of Hf.asCompleted([], null))
            throw new Error('there is none');
    },

    'foreign-threads'(session) {
        const future = session.get(uri('/get'));

        typeError(() => future.add_settled_func(() => {}), 'add_done_callback');
        typeError(() => future.remove_settled_func(1), 'remove_done_callback');
        future.wait();
    },

    // The wrapper is lost before the callback's time has come.
    async 'done-callback/collected'(session) {
        let status = 0;
        (() => {
            session.get(uri('/hold/collected')).add_done_callback(future => {
                status = future.get_result().status;
            });
        })();
        ask('/await/collected');
        await collect();
        ask('/release/collected');
        while (status === 0)
            await turn();

        equal(status, 200);
    },

    async 'as-completed'(session) {
        const held = ['a', 'b'].map(name => session.get(uri(`/hold/completed-${name}`)));
        const quick = session.get(uri('/get'));
        const names = new Map([[held[0], 'a'], [held[1], 'b'], [quick, 'quick']]);
        const order = [];
        const four = new Hf.FuturesSession({maxWorkers: 4});
        names.set(four.get(uri('/get')), 'other');

        held[1].add_done_callback(() => ask('/release/completed-a'));
        for await (const future of Hf.asCompleted(names.keys())) {
            equal(future instanceof Hf.Future, true);
            order.push(names.get(future));
            if (order.length === 1)
                ask('/release/completed-b');
        }

        equal(order.indexOf('a') > order.indexOf('b'), true);
        equal(order.sort(), ['a', 'b', 'other', 'quick']);
    },

    async 'as-completed/settled-failed-repeated'(session) {
        const good = session.get(uri('/get'));
        const bad = session.get('no-scheme');
        good.wait();
        const given = [];
        for await (const future of Hf.asCompleted([good, bad, good, bad]))
            given.push(future);

        equal(given.length, 2);
        equal(new Set(given).size, 2);
        equal(given.includes(good) && given.includes(bad), true);
        equal(bad.state, Hf.FutureState.FAILED);
    },

    async 'as-completed/iterables'(session) {
        const future = session.get(uri('/get'));
        function* generate() {
            yield future;
        }
        for (const iterable of [[future], new Set([future]), generate()]) {
            const given = [];
            for await (const each of Hf.asCompleted(iterable))
                given.push(each);
            equal(given.length === 1 && given[0] === future, true);
        }
        for await (const each of Hf.asCompleted([]))
            throw new Error(`there is ${each}`);
    },

    // Nothing is left on the futures that were not given.
    async 'as-completed/break'(session) {
        const held = session.get(uri('/hold/break'));
        const removed = [];
        const {remove_done_callback} = Hf.Future.prototype;
        Hf.Future.prototype.remove_done_callback = function (id) {
            removed.push(this);
            remove_done_callback.call(this, id);
        };
        try {
            for await (const future of Hf.asCompleted([held, session.get(uri('/get'))])) {
                equal(future === held, false);
                break;
            }
        } finally {
            Hf.Future.prototype.remove_done_callback = remove_done_callback;
        }
        equal(removed.length === 1 && removed[0] === held, true);
        held.cancel();

        const iterator = Hf.asCompleted([session.get(uri('/get'))]);
        equal(await iterator.return(), {done: true});
        equal(await iterator.next(), {done: true});
    },

    // Asked for more than once before the first is there.
    async 'as-completed/next'(session) {
        const iterator = Hf.asCompleted([session.get(uri('/get')), session.get(uri('/get'))]);
        const results = await Promise.all([iterator.next(), iterator.next(), iterator.next()]);

        equal(results.map(({done}) => done), [false, false, true]);
        equal(iterator[Symbol.asyncIterator]() === iterator, true);
    },

    async 'as-completed/cancellable'(session) {
        const cancellable = new Gio.Cancellable();
        const held = session.get(uri('/hold/as-completed'));
        ask('/await/as-completed');
        const given = [];
        const all = async () => {
            const futures = [held, session.get(uri('/get'))];
            for await (const future of Hf.asCompleted(futures, {cancellable})) {
                given.push(future);
                GLib.idle_add(GLib.PRIORITY_DEFAULT, () => {
                    cancellable.cancel();
                    return GLib.SOURCE_REMOVE;
                });
            }
        };

        await rejection(all(), Gio.IOErrorEnum, CANCELLED);
        equal(given.length, 1);
        equal(held.state, Hf.FutureState.RUNNING);
        await rejection(Hf.asCompleted([held], {cancellable}).next(), Gio.IOErrorEnum, CANCELLED);
        held.cancel();
    },

    'as-completed/wrong'(session) {
        const future = session.get(uri('/get'));

        typeError(() => Hf.asCompleted(future), 'iterable');
        typeError(() => Hf.asCompleted([1]), 'Hf.Future');
        typeError(() => Hf.asCompleted([Promise.resolve()]), 'Hf.Future');
        typeError(() => Hf.asCompleted([future], {cancellable: 1}), 'cancellable');
        future.wait();
    },
};

if ('submit' in Hf.Executor.prototype) {
    Object.assign(tests, {
        async 'work'(session) {
            const executor = Hf.LoopExecutor.new_for_context(null);
            const thrown = new RangeError('boom');
            const value = {};
            const fail = () => {
                throw thrown;
            };

            equal(await executor.submit(() => value) === value, true);
            equal(await executor.submit(call => call.set_value(value)) === value, true);
            equal(await executor.submit(async () => 7), 7);
            equal(await executor.submit(() => {}), null);
            equal(await executor.submit(fail).catch(error => error === thrown), true);
            typeError(() => session.executor.submit(fail), 'another thread');
            typeError(() => Hf.LoopExecutor.new(1).submit(fail), 'another thread');
            typeError(() => executor.submit(null), 'func');
        },
    });
}

await runTests('javascript-futures', tests);
