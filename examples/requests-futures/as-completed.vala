/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 *
 * Takes the answers as they come.
 */

// Prints the URL that the server tells of in its JSON.
void print_url (Hf.Future future) throws Error {
    var reader = new Json.Reader (future.get_result ().get_json ());

    if (!reader.read_member ("url")) {
        throw reader.get_error ();
    }
    print ("%s\n", reader.get_string_value ());
}

int main () {
    Intl.setlocale ();
    var session = new Hf.FuturesSession ();
    var queue = new Hf.CompletionQueue ();
    var status = 0;

    for (int i = 0; i < 10; i++) {
        queue.add (session.get ("https://httpbin.org/delay/%d".printf (i % 3)));
    }

    while (queue.get_n_items () > 0) {
        try {
            print_url (queue.pop (-1));
        } catch (Error error) {
            printerr ("%s\n", error.message);
            status = 1;
        }
    }
    session.close (Hf.CloseFlags.CANCEL_QUEUED);
    return status;
}
