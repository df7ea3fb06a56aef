/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 *
 * Bodies that are read while they are sent, and forms with files, in Vala.
 */

// What the server has seen of a body.
string data_of (Hf.Future future) throws GLib.Error {
    return seen (future).get_string_member ("data");
}

File make_file (string text) throws GLib.Error {
    FileIOStream stream;
    var file = File.new_tmp ("hf-bodies-XXXXXX.txt", out stream);
    stream.output_stream.write_all (text.data, null);
    stream.close ();
    return file;
}

void test_file () throws GLib.Error {
    var session = new Hf.FuturesSession ();
    var file = make_file ("a file");
    var body = new Hf.Body.for_file (file, "text/plain");

    assert (data_of (session.post (uri ("/post"), body)) == "a file");
    assert (data_of (session.put (uri ("/put"), body)) == "a file");
    assert (body.is_repeatable ());
    FileUtils.unlink (file.get_path ());
}

void test_stream () throws GLib.Error {
    var session = new Hf.FuturesSession ();
    var once = new Hf.Body.for_stream (new MemoryInputStream.from_data ("once".data), 4);
    var again = new Hf.Body.for_stream_func (() => {
        return new MemoryInputStream.from_data ("again".data);
    }, -1);
    var read = new Hf.Body.for_read_func ((offset) => {
        return new Bytes ("read".data[(int) offset:4]);
    }, 4, true);
    var failing = new Hf.Body.for_read_func ((offset) => {
        throw new IOError.NOT_MOUNTED ("not mounted");
    }, -1, true);

    assert (data_of (session.post (uri ("/post"), once)) == "once");
    for (int i = 0; i < 2; i++) {
        assert (data_of (session.post (uri ("/post"), again)) == "again");
        assert (data_of (session.post (uri ("/post"), read)) == "read");
    }

    var future = session.post (uri ("/post"), failing);
    assert (failure_of (future) is Hf.Error.INVALID_REQUEST);
    assert (future.dup_cause () is IOError.NOT_MOUNTED);
}

void test_multipart () throws GLib.Error {
    var session = new Hf.FuturesSession ();
    var file = make_file ("a file");
    var form = new Hf.Multipart ();

    form.append_text ("a", "1");
    form.append_file ("f", file, "f.html");
    form.append_header ("X-Own", "yes");
    form.append_bytes ("b", new Bytes ("bytes".data), "b.bin", "c/d");
    form.append_body ("t", new Hf.Body.for_text ("text", "text/x"));

    var body = new Hf.Body.for_multipart (form);
    var boundary = body.get_content_type ().split ("boundary=")[1];
    assert (data_of (session.post (uri ("/post"), body)).replace (boundary, "B") ==
        "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n" +
        "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f.html\"\r\n" +
        "Content-Type: text/html\r\nX-Own: yes\r\n\r\na file\r\n" +
        "--B\r\nContent-Disposition: form-data; name=\"b\"; filename=\"b.bin\"\r\n" +
        "Content-Type: c/d\r\n\r\nbytes\r\n" +
        "--B\r\nContent-Disposition: form-data; name=\"t\"\r\n" +
        "Content-Type: text/x\r\n\r\ntext\r\n" +
        "--B--\r\n");
    FileUtils.unlink (file.get_path ());
}

int main (string[] args) {
    Test.init (ref args);

    add_test ("/vala-bodies/file", test_file);
    add_test ("/vala-bodies/stream", test_stream);
    add_test ("/vala-bodies/multipart", test_multipart);

    return run_tests ();
}
