/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 *
 * Bodies that are read piece by piece in Vala, or saved.
 */

Hf.Response stream (string path) throws GLib.Error {
    var session = new Hf.FuturesSession ();
    var request = request_for (path);

    request.stream = true;
    return session.send (request).get_result ();
}

void test_chunks () throws GLib.Error {
    var response = stream ("/bytes/200000");
    var body = response.get_stream ();
    var chunk = new uint8[1000];
    size_t size = 0;
    ssize_t length;

    assert_false (response.is_loaded ());
    while ((length = body.read (chunk)) > 0) {
        assert_true (chunk[0] == size % 256);
        size += length;
    }
    assert_true (size == 200000);
}

void test_lines () throws GLib.Error {
    var lines = stream ("/text").read_lines ();

    assert_equal (lines.read_line_utf8 (), "Grüße, naïve café");
    assert_null (lines.read_line_utf8 ());
}

void test_load () throws GLib.Error {
    var response = stream ("/text");

    response.load ();
    assert_equal (response.get_text (), "Grüße, naïve café");
    response = stream ("/text");
    var loop = new MainLoop ();
    response.load_async.begin (null, (object, result) => {
        try {
            assert_true (response.load_async.end (result));
        } catch (GLib.Error error) {
            assert_not_reached ();
        }
        loop.quit ();
    });
    loop.run ();
    assert_true (response.is_loaded ());
}

void test_close () throws GLib.Error {
    var response = stream ("/bytes/3000000");

    response.close ();
    try {
        response.get_stream ().read (new uint8[1]);
        assert_not_reached ();
    } catch (GLib.IOError error) {
        assert_true (error is GLib.IOError.CLOSED);
    }
}

void test_destination () throws GLib.Error {
    var session = new Hf.FuturesSession ();
    var request = request_for ("/bytes/1000");
    var memory = new MemoryOutputStream.resizable ();

    request.destination = memory;
    request.max_decompression_ratio = 100;
    session.max_decompression_ratio = 10;
    session.send (request).get_result ();
    assert_true (memory.get_data_size () == 1000);
}

int main (string[] args) {
    Test.init (ref args);

    add_test ("/vala-streams/chunks", test_chunks);
    add_test ("/vala-streams/lines", test_lines);
    add_test ("/vala-streams/load", test_load);
    add_test ("/vala-streams/close", test_close);
    add_test ("/vala-streams/destination", test_destination);

    return run_tests ();
}
