// SPDX-License-Identifier: LGPL-2.1-or-later
// SPDX-FileCopyrightText: 2026 The libhfutures authors
//
// Members for what GJS made. Part of the override of Hf.

// As GJS defines methods, where there is one; else as those of classes are, not enumerable.
// Assigning would not do where the name is that of a property of GObject's.
function define(object, members) {
    for (const name of Reflect.ownKeys(members)) {
        const value = members[name];
        Object.defineProperty(object, name, Object.hasOwn(object, name) ? {value}
            : {value, configurable: true, writable: true});
    }
}
