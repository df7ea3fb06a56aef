/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 *
 * What responses tell in Vala: of the connection, of charsets, and of where a redirect leads.
 */

Hf.Response answer_to (string path, bool follow = true) throws GLib.Error {
    var session = new Hf.FuturesSession ();
    var request = new Hf.Request ("GET", uri (path));

    request.follow_redirects = follow;
    return session.send (request).get_result ();
}

void test_metrics () throws GLib.Error {
    var response = answer_to ("/redirect/1");
    unowned var metrics = response.metrics;
    unowned var first = response.history[0].get_metrics ();

    assert_true (first.get_connect () > 0 && first.get_dns () >= 0);
    assert_true (metrics.get_dns () == 0 && metrics.get_connect () == 0 && metrics.get_tls () == 0);
    assert_true (metrics.get_total () > metrics.get_first_byte ());
    assert_true (metrics.get_first_byte () == response.elapsed);
}

void test_connection () throws GLib.Error {
    var response = answer_to ("/get");

    assert_true (response.http_version == Soup.HTTPVersion.@1_1);
    assert_null (response.tls_certificate);
    assert_null (response.next);
}

void test_encodings () throws GLib.Error {
    var response = answer_to ("/text?charset=iso-8859-1");

    assert_equal (response.apparent_encoding, "windows-1252");
    assert_equal (response.decode (), "Grüße, naïve café");
    assert_equal (response.decode ("iso-8859-1"), "Grüße, naïve café");
    try {
        response.decode ("utf-8");
        assert_not_reached ();
    } catch (Hf.Error error) {
        assert_true (error is Hf.Error.DECODE);
    }
}

void test_next () throws GLib.Error {
    var response = answer_to ("/redirect/2", false);
    var session = new Hf.FuturesSession ();

    assert_equal (response.next.get_uri (), uri ("/redirect/1"));
    while (response.next != null)
        response = session.send (response.next).get_result ();
    assert_equal (response.get_uri (), uri ("/get"));
}

int main (string[] args) {
    Test.init (ref args);

    add_test ("/vala-response/metrics", test_metrics);
    add_test ("/vala-response/connection", test_connection);
    add_test ("/vala-response/encodings", test_encodings);
    add_test ("/vala-response/next", test_next);

    return run_tests ();
}
