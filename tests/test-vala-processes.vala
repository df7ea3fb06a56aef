/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 *
 * Requests in worker processes, in Vala.
 */

void test_sending () throws GLib.Error {
    var session = new Hf.FuturesSession.with_executor (new Hf.ProcessPoolExecutor (2));
    var response = session.get (uri ("/bytes/1000000")).get_result ();

    assert_cmpuint (response.status, CompareOperator.EQ, 200);
    assert_true (response.get_bytes ().get_size () == 1000000);

    var posted = seen (session.post (uri ("/post"), new Hf.Body.for_text ("text")));
    assert_equal (posted.get_string_member ("data"), "text");
}

void test_hooks () throws GLib.Error {
    var session = new Hf.FuturesSession.with_executor (new Hf.ProcessPoolExecutor (1));
    var plugin = Environment.get_variable ("HF_TEST_PLUGIN");
    var request = request_for ("/bytes/300000");
    var named = request_for ("/bytes/300000");

    request.add_response_hook ((call) => {});
    var error = failure_of (session.send (request));
    assert_error (error, Hf.Error.quark (), Hf.Error.NOT_SERIALIZABLE);

    named.add_named_response_hook (plugin + ":hook_attach");
    var response = session.send (named).get_result ();
    assert_true (response.dup_attached ("length").get_uint64 () == 300000);
}

int main (string[] args) {
    Test.init (ref args);

    add_test ("/vala-processes/sending", test_sending);
    add_test ("/vala-processes/hooks", test_hooks);

    return run_tests ();
}
