/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 *
 * What responses tell in Vala: of the connection, of charsets, and of where a redirect leads.
 */

string server_uri;

string uri (string path) {
    return server_uri + path;
}

Hf.Response ask (string path, bool follow = true) throws GLib.Error {
    var session = new Hf.FuturesSession ();
    var request = new Hf.Request ("GET", uri (path));

    request.follow_redirects = follow;
    return session.send (request).get_result ();
}

void test_metrics () throws GLib.Error {
    var response = ask ("/redirect/1");
    unowned var metrics = response.metrics;
    unowned var first = response.history[0].get_metrics ();

    assert_true (first.get_connect () > 0 && first.get_dns () >= 0);
    assert_true (metrics.get_dns () == 0 && metrics.get_connect () == 0 && metrics.get_tls () == 0);
    assert_true (metrics.get_total () > metrics.get_first_byte ());
    assert_true (metrics.get_first_byte () == response.elapsed);
}

void test_connection () throws GLib.Error {
    var response = ask ("/get");

    assert_true (response.http_version == Soup.HTTPVersion.@1_1);
    assert_null (response.tls_certificate);
    assert_null (response.next);
}

void test_encodings () throws GLib.Error {
    var response = ask ("/text?charset=iso-8859-1");

    assert_cmpstr (response.apparent_encoding, CompareOperator.EQ, "windows-1252");
    assert_cmpstr (response.decode (), CompareOperator.EQ, "Grüße, naïve café");
    assert_cmpstr (response.decode ("iso-8859-1"), CompareOperator.EQ, "Grüße, naïve café");
    try {
        response.decode ("utf-8");
        assert_not_reached ();
    } catch (Hf.Error error) {
        assert_true (error is Hf.Error.DECODE);
    }
}

void test_next () throws GLib.Error {
    var response = ask ("/redirect/2", false);
    var session = new Hf.FuturesSession ();

    assert_cmpstr (response.next.get_uri (), CompareOperator.EQ, uri ("/redirect/1"));
    while (response.next != null)
        response = session.send (response.next).get_result ();
    assert_cmpstr (response.get_uri (), CompareOperator.EQ, uri ("/get"));
}

delegate void Tested () throws GLib.Error;

void add_test (string path, owned Tested tested) {
    Test.add_data_func (path, () => {
        try {
            tested ();
        } catch (GLib.Error error) {
            assert_no_error (error);
        }
    });
}

int main (string[] args) {
    Test.init (ref args);
    add_test ("/vala-response/metrics", test_metrics);
    add_test ("/vala-response/connection", test_connection);
    add_test ("/vala-response/encodings", test_encodings);
    add_test ("/vala-response/next", test_next);

    try {
        var server = new Subprocess (SubprocessFlags.STDIN_PIPE | SubprocessFlags.STDOUT_PIPE,
                                     Environment.get_variable ("HF_TEST_SERVER"));
        var output = new DataInputStream (server.get_stdout_pipe ());
        server_uri = output.read_line ();

        var status = Test.run ();

        server.get_stdin_pipe ().close ();
        server.wait ();
        return status;
    } catch (GLib.Error error) {
        printerr ("%s\n", error.message);
        return 1;
    }
}
