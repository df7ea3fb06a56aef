/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 *
 * Digest, redirects, timeouts, TLS, limits, saving and progress in Vala.
 */

const string MOCK = "https://mock.example/";

File make_file () throws GLib.Error {
    FileIOStream stream;
    var file = File.new_tmp ("hf-requests-XXXXXX", out stream);

    stream.close ();
    return file;
}

void test_digest () throws GLib.Error {
    var session = new Hf.FuturesSession ();
    var request = new Hf.Request ("GET", MOCK);

    session.mount (MOCK, new Hf.MockTransport ((call) => {
        var proof = call.get_headers ().lookup ("authorization");

        if (proof == null) {
            call.append_header ("WWW-Authenticate",
                                "Digest realm=\"r\", nonce=\"n\", qop=\"auth\"");
        }
        call.respond (proof != null && proof.has_prefix ("Digest username=\"u\"") ? 200 : 401);
    }));
    request.auth = new Hf.Auth.for_digest ("u", "p");
    assert_cmpuint (session.send (request).get_result ().status, CompareOperator.EQ, 200);
}

// Credentials in the address, which no other origin gets.
void test_userinfo () throws GLib.Error {
    var session = new Hf.FuturesSession ();
    var own = uri ("/redirect-to").replace ("http://", "http://u:p@");
    var other = uri ("/headers").replace ("127.0.0.1", "localhost");
    var away = new Hf.Request ("GET", own);
    var here = new Hf.Request ("GET", own);

    away.append_param ("url", other);
    here.append_param ("url", uri ("/headers"));
    assert_equal (seen (session.send (here)).get_object_member ("headers")
                      .get_string_member ("Authorization"), "Basic dTpw");
    assert_false (seen (session.send (away)).get_object_member ("headers")
                      .has_member ("Authorization"));
}

void test_redirects () throws GLib.Error {
    var session = new Hf.FuturesSession ();
    var request = request_for ("/redirect-to", "POST");

    request.append_param ("url", uri ("/post"));
    request.append_param ("status_code", "307");
    request.body = new Hf.Body.for_text ("again");
    assert_equal (seen (session.send (request)).get_string_member ("data"), "again");

    var many = request_for ("/redirect/3");
    many.max_redirects = 2;
    assert_true (failure_of (session.send (many)) is Hf.Error.TOO_MANY_REDIRECTS);
}

void test_timeouts () throws GLib.Error {
    var session = new Hf.FuturesSession ();
    var silent = request_for ("/hold/silent");
    var late = request_for ("/hold/late");

    silent.connect_timeout = 60;
    silent.read_timeout = 0.2;
    late.deadline = 0.2;
    assert_true (failure_of (session.send (silent)) is Hf.Error.TIMEOUT_READ);
    assert_true (failure_of (session.send (late)) is Hf.Error.TIMEOUT_DEADLINE);
}

void test_tls () throws GLib.Error {
    var session = new Hf.FuturesSession ();
    var verified = new Hf.Request ("GET", tls_uri ("/get"));
    var insecure = new Hf.Request ("GET", tls_uri ("/get"));

    assert_true (failure_of (session.get (tls_uri ("/get"))) is Hf.Error.TLS);
    insecure.tls_insecure = true;
    assert_cmpuint (session.send (insecure).get_result ().status, CompareOperator.EQ, 200);
    verified.tls_database = TlsFileDatabase.@new (certificate ("authority"));
    verified.tls_certificate = new TlsCertificate.from_file (certificate ("client-a"));
    assert_nonnull (session.send (verified).get_result ().tls_certificate);
}

void test_limit () throws GLib.Error {
    var session = new Hf.FuturesSession ();
    var request = request_for ("/bytes/300");

    request.max_body_size = 100;
    assert_true (failure_of (session.send (request)) is Hf.Error.TOO_LARGE);
}

void test_save () throws GLib.Error {
    var session = new Hf.FuturesSession ();
    var request = request_for ("/bytes/1000");
    var file = make_file ();
    uint8[] saved;

    request.destination = file;
    var response = session.send (request).get_result ();
    file.load_contents (null, out saved, null);
    file.delete ();
    assert_cmpuint (saved.length, CompareOperator.EQ, 1000);
    assert_cmpuint ((uint) response.bytes.length, CompareOperator.EQ, 0);
}

void test_progress () throws GLib.Error {
    var session = new Hf.FuturesSession ();
    var future = session.post (uri ("/post"), new Hf.Body.for_bytes (new Bytes (new uint8[5000])));
    var size = future.get_result ().bytes.length;

    assert_true (future.bytes_sent == 5000);
    assert_true (future.bytes_received == size && future.bytes_total == size);
    assert_true (future.fraction == 1);
}

void test_links () throws GLib.Error {
    var session = new Hf.FuturesSession ();
    var links = session.get (uri ("/response-headers?Link=%3C2%3E;rel=next")).get_result ()
        .get_links ();

    assert_cmpuint (links.length, CompareOperator.EQ, 1);
    assert_equal (links[0].get_relation (), "next");
    assert_equal (links[0].get_uri (), uri ("/2"));
}

int main (string[] args) {
    Test.init (ref args);

    add_test ("/vala-requests/digest", test_digest);
    add_test ("/vala-requests/userinfo", test_userinfo);
    add_test ("/vala-requests/redirects", test_redirects);
    add_test ("/vala-requests/timeouts", test_timeouts);
    add_test ("/vala-requests/tls", test_tls);
    add_test ("/vala-requests/limit", test_limit);
    add_test ("/vala-requests/save", test_save);
    add_test ("/vala-requests/progress", test_progress);
    add_test ("/vala-requests/links", test_links);

    return run_tests ();
}
