// SPDX-License-Identifier: LGPL-2.1-or-later
// SPDX-FileCopyrightText: 2026 The libhfutures authors
//
// Requests in worker processes.

import GLib from 'gi://GLib';
import Hf from 'gi://Hf?version=1';

import {equal, rejection, runTests, typeError, uri} from './javascript-support.js';

const executor = new Hf.ProcessPoolExecutor({max_workers: 2});
const session = new Hf.FuturesSession({executor});
const plugin = GLib.getenv('HF_TEST_PLUGIN');

const tests = {
    async 'sending'() {
        const response = await session.get(uri('/json'));
        equal(response.status, 200);
        equal(response.json().numbers, [1, 2.5, -3]);
        const large = await session.get(uri('/bytes/1000000'));
        equal(large.get_bytes().get_size(), 1000000);
        const posted = await session.post(uri('/post'), {json: {a: 1}});
        equal(posted.json().json, {a: 1});
    },

    async 'hooks'() {
        await rejection(session.get(uri('/get'), {hooks: {response: response => response}}),
            Hf.Error, Hf.Error.NOT_SERIALIZABLE);
        typeError(() => Hf.worker_run_with_hooks(() => {}), 'another thread');
    },

    async 'named-hooks'() {
        const request = Hf.Request.new('GET', uri('/bytes/300000'));
        request.add_named_response_hook(`${plugin}:hook_attach`);
        const response = await session.send(request);
        equal(response.list_attached().sort(), ['empty', 'length']);
        equal(response.dup_attached('length').deepUnpack(), 300000);

        const setting = Hf.Request.new('GET', uri('/get'));
        setting.add_named_response_hook(`${plugin}:hook_set`, new GLib.Variant('s', 'text'));
        const value = await session.send(setting);
        equal(value.deepUnpack(), 'text');
    },
};

await runTests('javascript-processes', tests);
