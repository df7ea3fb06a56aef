// SPDX-License-Identifier: LGPL-2.1-or-later
// SPDX-FileCopyrightText: 2026 The libhfutures authors
//
// Two requests at once, and the answer of each.

import Hf from 'gi://Hf?version=1';

const session = new Hf.FuturesSession();
// Sent in the background; the call does not wait.
const one = session.get('http://httpbin.org/get');
// So the second is on its way at the same time.
const two = session.get('http://httpbin.org/get', {params: {foo: 'bar'}});

let response = await one;
print(`response one status: ${response.status}`);
print(response.get_text());
response = await two;
print(`response two status: ${response.status}`);
print(response.get_text());
