// SPDX-License-Identifier: LGPL-2.1-or-later
// SPDX-FileCopyrightText: 2026 The libhfutures authors
//
// Promises of what C does asynchronously. Part of the override of Hf.

// Gives a promise of what finish() gives when the callback that begin() takes last is called.
function promise(object, begin, finish, ...args) {
    return new Promise((resolve, reject) => {
        begin.call(object, ...args, (_source, result) => {
            try {
                resolve(finish.call(object, result));
            } catch (error) {
                reject(error);
            }
        });
    });
}
