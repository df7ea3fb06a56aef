// SPDX-License-Identifier: LGPL-2.1-or-later
// SPDX-FileCopyrightText: 2026 The libhfutures authors
//
// What the tests in JavaScript share: the bundled server, comparing, and the report.

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import Hf from 'gi://Hf?version=1';
import Soup from 'gi://Soup?version=3.0';
import System from 'system';

// The file of a certificate.
export const certificate = name => `${GLib.getenv('G_TEST_SRCDIR')}/certificates/${name}.pem`;

const server = new Gio.Subprocess({
    argv: [GLib.getenv('HF_TEST_SERVER'), certificate('server')],
    flags: Gio.SubprocessFlags.STDIN_PIPE | Gio.SubprocessFlags.STDOUT_PIPE,
});
server.init(null);
const serverOutput = new Gio.DataInputStream({base_stream: server.get_stdout_pipe()});
const [serverUri] = serverOutput.read_line_utf8(null);
const [serverTlsUri] = serverOutput.read_line_utf8(null);
const other = new Soup.Session();

export const uri = path => `${serverUri}${path}`;
export const tlsUri = path => `${serverTlsUri}${path}`;

// Asks by other means than the library under test.
export function ask(path) {
    other.send_and_read(Soup.Message.new('GET', uri(path)), null);
}

export function equal(actual, expected) {
    const [a, e] = [JSON.stringify(actual), JSON.stringify(expected)];
    if (a !== e)
        throw new Error(`it is ${a}, not ${e}`);
}

// Runs what must fail, and gives the error.
export function failure(func, domain, code) {
    let error = null;
    try {
        func();
    } catch (e) {
        error = e;
    }
    if (error === null)
        throw new Error('it did not fail');
    if (!error.matches?.(domain, code))
        throw new Error(`it failed otherwise: ${error}`);
    return error;
}

// Runs a main loop until the export function that it gives to starter is called.
export function runLoop(starter) {
    const loop = new GLib.MainLoop(null, false);
    starter(() => loop.quit());
    loop.run();
}

// What the server saw of the request.
export function seen(response) {
    return JSON.parse(response.get_text());
}

// Like failure(), for what fails later.
export async function rejection(promise, domain, code) {
    let error = null;
    try {
        await promise;
    } catch (e) {
        error = e;
    }
    return failure(() => {
        if (error !== null)
            throw error;
    }, domain, code);
}

// Runs what must throw a TypeError that names something.
export function typeError(func, name) {
    let error = null;
    try {
        func();
    } catch (e) {
        error = e;
    }
    if (!(error instanceof TypeError) || !error.message.includes(name))
        throw new Error(`it is not a TypeError that says “${name}”: ${error}`);
}

// Lets the main loop deliver what is on its way.
export function turn() {
    return new Promise(resolve => {
        GLib.idle_add(GLib.PRIORITY_LOW, () => {
            resolve();
            return GLib.SOURCE_REMOVE;
        });
    });
}

// Lets go of what nothing refers to; that may take its way through the main loop.
export async function collect() {
    for (let i = 0; i < 3; i++) {
        System.gc();
        await turn();
    }
}

// Calls a function from the main loop: a loop that is run inside of a promise's job runs no other
// jobs of promises.
function callFromLoop(func) {
    return new Promise((resolve, reject) => {
        GLib.idle_add(GLib.PRIORITY_DEFAULT, () => {
            try {
                resolve(func());
            } catch (error) {
                reject(error);
            }
            return GLib.SOURCE_REMOVE;
        });
    });
}

// Runs all tests, each with a session of its own, and leaves. Until the first that is asynchronous
// they run outside of any main loop, as in a plain script.
export async function runTests(prefix, tests) {
    let nFailed = 0;
    let inLoop = false;
    const names = Object.keys(tests);
    print(`1..${names.length}`);
    for (const [position, name] of names.entries()) {
        const run = () => tests[name](new Hf.FuturesSession());
        let problem = null;
        try {
            const running = inLoop ? callFromLoop(run) : run();
            if (running instanceof Promise) {
                inLoop = true;
                await running;
            }
        } catch (error) {
            problem = `${error}\n${error.stack ?? ''}`;
        }
        print(`${problem === null ? 'ok' : 'not ok'} ${position + 1} /${prefix}/${name}`);
        if (problem !== null) {
            print(problem.trim().replace(/^/gm, '# '));
            nFailed++;
        }
    }
    server.get_stdin_pipe().close(null);
    server.wait(null);
    System.exit(nFailed === 0 ? 0 : 1);
}
