/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 *
 * What the tests in Vala share: the bundled server, what it saw, and tests that may throw.
 */

private string server_uri;
private string server_tls_uri;
private Soup.Session other;

public string uri (string path) {
    return server_uri + path;
}

public string tls_uri (string path) {
    return server_tls_uri + path;
}

// The file of a certificate.
public string certificate (string name) {
    return Path.build_filename (Environment.get_variable ("G_TEST_SRCDIR"), "certificates",
                                name + ".pem");
}

// Asks by other means than the library under test.
public void ask (string path) throws GLib.Error {
    other.send_and_read (new Soup.Message ("GET", uri (path)), null);
}

public Hf.Request request_for (string path, string method = "GET") {
    return new Hf.Request (method, uri (path));
}

// What the server saw of the request.
public Json.Object seen (Hf.Future future) throws GLib.Error {
    return future.get_result ().get_json ().dup_object ();
}

// Waits for what must fail.
public GLib.Error failure_of (Hf.Future future) {
    try {
        future.get_result ();
    } catch (GLib.Error error) {
        return error;
    }
    GLib.error ("it did not fail");
}

public void assert_equal (string? actual, string? expected) {
    assert_cmpstr (actual, CompareOperator.EQ, expected);
}

public delegate void TestThrows () throws GLib.Error;

public void add_test (string path, owned TestThrows func) {
    Test.add_data_func (path, () => {
        try {
            func ();
        } catch (GLib.Error error) {
            GLib.error ("%s", error.message);
        }
    });
}

// Runs the tests that were added, with a server.
public int run_tests () {
    try {
        var server = new Subprocess (SubprocessFlags.STDIN_PIPE | SubprocessFlags.STDOUT_PIPE,
                                     Environment.get_variable ("HF_TEST_SERVER"),
                                     certificate ("server"));
        var output = new DataInputStream (server.get_stdout_pipe ());
        server_uri = output.read_line ();
        server_tls_uri = output.read_line ();
        other = new Soup.Session ();

        var status = Test.run ();

        server.get_stdin_pipe ().close ();
        server.wait ();
        return status;
    } catch (GLib.Error error) {
        GLib.error ("%s", error.message);
    }
}
