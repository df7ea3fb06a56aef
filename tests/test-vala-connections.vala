/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 *
 * Cookies, credentials, proxies and TLS settings in Vala, against the bundled server.
 */

void test_cookies () throws GLib.Error {
    var session = new Hf.FuturesSession ();
    var request = request_for ("/cookies");

    request.set_cookie ("own", "1");
    session.get_cookie_jar ().add_cookie (new Soup.Cookie ("kept", "2", "127.0.0.1", "/", -1));
    var cookies = seen (session.send (request)).get_object_member ("cookies");
    assert_equal (cookies.get_string_member ("own"), "1");
    assert_equal (cookies.get_string_member ("kept"), "2");
    assert_cmpuint (session.get_cookie_jar ().all_cookies ().length (), CompareOperator.EQ, 1);

    var setting = request_for ("/cookies/set?k=v");
    setting.follow_redirects = false;
    var set_cookies = session.send (setting).get_result ().get_cookies ();
    assert_cmpuint (set_cookies.length, CompareOperator.EQ, 1);
    assert_equal (set_cookies[0].get_name (), "k");
    assert_equal (set_cookies[0].get_value (), "v");
}

void test_jar () throws GLib.Error {
    var folder = DirUtils.make_tmp ("hf-cookies-XXXXXX");
    var path = Path.build_filename (folder, "cookies");

    for (int round = 0; round < 2; round++) {
        var jar = new Soup.CookieJarDB (path, false);
        var session = (Hf.FuturesSession) Object.new (typeof (Hf.FuturesSession),
                                                      "cookie-jar", jar);
        if (round == 0) {
            session.get (uri ("/response-headers?Set-Cookie=k%3Dv%3BMax-Age%3D99%3BPath%3D/"))
                .get_result ();
        }
        var cookies = seen (session.get (uri ("/cookies"))).get_object_member ("cookies");
        assert_equal (cookies.get_string_member ("k"), "v");
    }
    FileUtils.unlink (path);
    DirUtils.remove (folder);
}

void test_auth () throws GLib.Error {
    var session = new Hf.FuturesSession ();
    var request = request_for ("/headers");
    var fails = false;

    request.auth = new Hf.Auth.for_func ((call) => {
        call.set_authorization ("Mine " + call.get_request ().method);
        if (fails) {
            call.fail (new Hf.Error.HOOK ("no token"));
        }
    });
    var headers = seen (session.send (request)).get_object_member ("headers");
    assert_equal (headers.get_string_member ("Authorization"), "Mine GET");

    fails = true;
    var error = failure_of (session.send (request));
    assert_error (error, Hf.Error.quark (), Hf.Error.HOOK);
    assert_equal (error.message, "no token");
}

void test_proxies () throws GLib.Error {
    var session = new Hf.FuturesSession ();
    var request = new Hf.Request ("GET", "http://away.invalid/anything");

    request.proxy_resolver = new Hf.ProxyRules ({ "http", uri ("") });
    assert_cmpuint (session.send (request).get_result ().status, CompareOperator.EQ, 200);

    request.proxy_resolver = new Hf.ProxyRules ({ "all", "http://127.0.0.1:1" });
    try {
        session.send (request).get_result ();
        assert_not_reached ();
    } catch (GLib.Error error) {
        assert_error (error, Hf.Error.quark (), Hf.Error.PROXY);
    }

    request.proxy_resolver = new Hf.ProxyRules ({ "all", uri ("") }, { "away.invalid" });
    try {
        session.send (request).get_result ();
        assert_not_reached ();
    } catch (GLib.Error error) {
        assert_error (error, Hf.Error.quark (), Hf.Error.DNS);
    }
}

int main (string[] args) {
    Test.init (ref args);

    add_test ("/vala-connections/cookies", test_cookies);
    add_test ("/vala-connections/jar", test_jar);
    add_test ("/vala-connections/auth", test_auth);
    add_test ("/vala-connections/proxies", test_proxies);

    return run_tests ();
}
