/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 *
 * Asks for two pages, or more, at once, and prints what came: quick-start-vala URI URI…
 */

const string[] NUMBERS = {
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"
};

int main (string[] args) {
    Intl.setlocale ();
    if (args.length < 2) {
        printerr ("Usage: quick-start-vala URI…\n");
        return 2;
    }

    // Each request starts in the background at once, on one of the session's two workers.
    var session = new Hf.FuturesSession ();
    Hf.Future[] futures = {};
    foreach (unowned var uri in args[1:args.length]) {
        futures += session.get (uri);
    }

    try {
        for (int i = 0; i < futures.length; i++) {
            // Waits for the request to complete, if it has not already.
            var response = futures[i].get_result (null);
            var text = response.get_text ();
            var number = i < NUMBERS.length ? NUMBERS[i] : (i + 1).to_string ();
            print ("response %s status: %u\n", number, response.get_status ());
            print ("%s\n", text);
        }
    } catch (GLib.Error error) {
        printerr ("quick-start-vala: %s\n", error.message);
        return 1;
    }
    return 0;
}
