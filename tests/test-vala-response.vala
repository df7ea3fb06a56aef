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

// What becomes of an answer with four bytes, or so it says.
GLib.Error failure_for (string fields, uint8[] body) throws GLib.Error {
    var listener = new SocketListener ();
    var port = listener.add_any_inet_port (null);
    var answer = new ByteArray ();

    answer.append (@"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n$fields\r\n".data);
    answer.append (body);
    var server = new Thread<bool> ("server", () => {
        try {
            var connection = listener.accept (null);
            var request = new DataInputStream (connection.input_stream);
            request.newline_type = DataStreamNewlineType.CR_LF;
            while (request.read_line () != "") {
            }
            connection.output_stream.write_all (answer.data, null);
            connection.close ();
        } catch (GLib.Error error) {
            GLib.error ("%s", error.message);
        }
        return true;
    });
    var failure = failure_of (new Hf.FuturesSession ().get ("http://127.0.0.1:%u/".printf (port)));
    server.join ();
    return failure;
}

void test_wrong_bodies () throws GLib.Error {
    uint8[] short_body = { 'a' };
    uint8[] no_gzip = { 'b', 'o', 'd', 'y' };
    uint8[] cut_gzip = { 0x1f, 0x8b, 0x08, 0x00 };

    assert_true (failure_for ("", short_body) is Hf.Error.TRUNCATED);
    assert_true (failure_for ("Content-Encoding: gzip\r\n", no_gzip) is Hf.Error.DECODE);
    assert_true (failure_for ("Content-Encoding: gzip\r\n", cut_gzip) is Hf.Error.TRUNCATED);
}

int main (string[] args) {
    Test.init (ref args);

    add_test ("/vala-response/metrics", test_metrics);
    add_test ("/vala-response/connection", test_connection);
    add_test ("/vala-response/encodings", test_encodings);
    add_test ("/vala-response/next", test_next);
    add_test ("/vala-response/wrong-bodies", test_wrong_bodies);

    return run_tests ();
}
