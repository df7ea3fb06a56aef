// SPDX-License-Identifier: LGPL-2.1-or-later
// SPDX-FileCopyrightText: 2026 The libhfutures authors
//
// Takes the answers as they come.

import Hf from 'gi://Hf?version=1';

const session = new Hf.FuturesSession();
const futures = Array.from({length: 10}, (_, i) =>
    session.get(`https://httpbin.org/delay/${i % 3}`));

for await (const future of Hf.asCompleted(futures)) {
    const response = await future; // it is there
    print(response.json().url);
}
await session.close_async();
