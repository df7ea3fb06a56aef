/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 *
 * What sessions hold for their requests, and functions that answer instead of servers, in Vala.
 */

const string URL = "https://mock.example/";

Hf.FuturesSession mounted_session () throws GLib.Error {
    var session = new Hf.FuturesSession ();
    var transport = new Hf.MockTransport ((call) => {
        var text = new StringBuilder (call.get_method () + " " + call.get_uri ());

        for (uint i = 0; i < call.get_headers ().get_n_items (); i++) {
            text.append (" | %s: %s".printf (call.get_headers ().get_name (i),
                                             call.get_headers ().get_value (i)));
        }
        call.append_header ("X", "1");
        call.respond (call.get_uri ().has_suffix ("404") ? 404 : 200,
                      new Hf.Body.for_text (text.str));
    });

    session.mount (URL, transport);
    return session;
}

void assert_sent (Hf.Future future, string expected) throws GLib.Error {
    assert_equal (future.get_result ().get_text (), expected);
}

void test_headers () throws GLib.Error {
    var session = mounted_session ();
    var request = new Hf.Request ("GET", URL);

    session.set_header ("One", "1");
    session.append_header ("Two", "2");
    request.omit_header ("one");
    request.set_header ("TWO", "x");
    assert_sent (session.get (URL), "GET " + URL + " | One: 1 | Two: 2");
    assert_sent (session.send (request), "GET " + URL + " | TWO: x");
    assert_cmpuint (session.dup_headers ().get_n_items (), CompareOperator.EQ, 2);
    session.headers = request.get_headers ();
    session.remove_header ("two");
    assert_sent (session.get (URL), "GET " + URL);
}

void test_params () throws GLib.Error {
    var session = mounted_session ();
    var request = new Hf.Request ("GET", URL + "?own=1");

    session.params = { "a", "1", "b", "ä" };
    session.append_param ("a", "2");
    request.append_param ("b", "x");
    request.omit_param ("a");
    assert_sent (session.get (URL), "GET " + URL + "?a=1&b=%C3%A4&a=2");
    assert_sent (session.send (request), "GET " + URL + "?own=1&b=x");
    assert_cmpint (session.params.length, CompareOperator.EQ, 6);
}

void test_plain () throws GLib.Error {
    var session = mounted_session ();

    session.base_uri = URL + "a/";
    session.user_agent = "me/1";
    session.auth = new Hf.Auth.for_bearer ("t");
    session.max_redirects = 3;
    session.follow_redirects = false;
    assert_sent (session.get ("b"), "GET " + URL + "a/b | User-Agent: me/1 | " +
                 "Authorization: Bearer t");
    assert_cmpuint (session.max_redirects, CompareOperator.EQ, 3);
}

void test_raise_for_status () throws GLib.Error {
    var session = mounted_session ();

    session.raise_for_status = true;
    var future = session.get (URL + "404");
    try {
        future.get_result ();
        assert_not_reached ();
    } catch (Hf.Error.STATUS error) {
        assert_cmpuint (future.dup_response ().get_status (), CompareOperator.EQ, 404);
    }
}

void test_mount () throws GLib.Error {
    var session = mounted_session ();
    var here = Thread.self<void*> ();

    assert_equal (session.get (URL).get_result ().get_header ("x"), "1");
    session.mount (URL, new Hf.MockTransport.in_context ((call) => {
        assert_true (Thread.self<void*> () == here);
        call.respond (204);
    }));
    assert_cmpuint (session.get (URL).get_result ().get_status (), CompareOperator.EQ, 204);
    session.mount (URL, new Hf.MockTransport ((call) => {
        call.fail (new Hf.Error.DNS ("made up"));
    }));
    try {
        session.get (URL).get_result ();
        assert_not_reached ();
    } catch (Hf.Error.DNS error) {
        assert_equal (error.message, "made up");
    }
    assert_true (session.unmount (URL));
    try {
        session.mount ("mock.example", new Hf.MockTransport ((call) => {}));
        assert_not_reached ();
    } catch (Hf.Error.INVALID_URI error) {
    }
}

int main (string[] args) {
    Test.init (ref args);

    add_test ("/vala-defaults/headers", test_headers);
    add_test ("/vala-defaults/params", test_params);
    add_test ("/vala-defaults/plain", test_plain);
    add_test ("/vala-defaults/raise-for-status", test_raise_for_status);
    add_test ("/vala-defaults/mount", test_mount);

    return run_tests ();
}
