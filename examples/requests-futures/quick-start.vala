/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 *
 * Two requests at once, and the answer of each.
 */

void print_response (string name, Hf.Future future) throws Error {
    // Blocks until the answer is there.
    var response = future.get_result ();

    print ("response %s status: %u\n%s\n", name, response.status, response.get_text ());
}

int main () {
    Intl.setlocale ();
    var session = new Hf.FuturesSession ();
    // Sent in the background; the calls do not wait, so both are on their way at the same time.
    var one = session.get ("http://httpbin.org/get");
    var two = session.get ("http://httpbin.org/get?foo=bar");

    try {
        print_response ("one", one);
        print_response ("two", two);
    } catch (Error error) {
        printerr ("%s\n", error.message);
        return 1;
    }
    return 0;
}
