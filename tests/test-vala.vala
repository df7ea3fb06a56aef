/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 *
 * The library in Vala, against the bundled server.
 */

void test_get () throws GLib.Error {
    var session = new Hf.FuturesSession ();
    var response = session.get (uri ("/text?charset=iso-8859-1")).get_result ();

    assert_cmpuint (response.get_status (), CompareOperator.EQ, 200);
    assert_equal (response.get_reason (), "OK");
    assert_true (response.get_ok ());
    assert_equal (response.get_text (), "Grüße, naïve café");
    assert_cmpuint ((uint) response.get_bytes ().length, CompareOperator.EQ, 17);
    assert_equal (response.get_header ("content-length"), "17");
    assert_true (response.get_elapsed () > 0);
}

// The second one's request reaches the server while the first one's waits there.
void test_two_at_once () throws GLib.Error {
    var session = new Hf.FuturesSession ();
    var first = session.get (uri ("/hold/two-at-once"));
    var second = session.get (uri ("/release/two-at-once"));

    assert_equal (second.get_result ().get_text (), "released\n");
    assert_cmpuint (first.get_result ().get_status (), CompareOperator.EQ, 200);
}

void test_bytes () throws GLib.Error {
    var session = new Hf.FuturesSession ();
    var bytes = session.get (uri ("/bytes/300")).get_result ().get_bytes ();

    assert_cmpuint ((uint) bytes.length, CompareOperator.EQ, 300);
    for (int i = 0; i < 300; i++) {
        assert_cmpuint (bytes[i], CompareOperator.EQ, i % 256);
    }
}

void test_json () throws GLib.Error {
    var session = new Hf.FuturesSession ();
    var object = seen (session.get (uri ("/json")));

    assert_equal (object.get_string_member ("name"), "Grüße");
    assert_cmpuint (object.get_array_member ("numbers").get_length (), CompareOperator.EQ, 3);
}

void test_headers () throws GLib.Error {
    var session = new Hf.FuturesSession ();
    var response = session.get (uri ("/json")).get_result ();
    unowned var headers = response.get_headers ();
    bool found = false;

    for (uint i = 0; i < headers.get_n_items (); i++) {
        found |= headers.get_name (i).down () == "content-type";
    }
    assert_true (found);
    assert_equal (headers.lookup ("CONTENT-TYPE"), "application/json");
    assert_cmpint (headers.lookup_all ("content-type").length, CompareOperator.EQ, 1);
    assert_null (headers.lookup ("x-absent"));
}

void test_history () throws GLib.Error {
    var session = new Hf.FuturesSession ();
    var response = session.get (uri ("/redirect/2")).get_result ();
    unowned var history = response.get_history ();

    assert_equal (response.get_uri (), uri ("/get"));
    assert_cmpint (history.length, CompareOperator.EQ, 2);
    assert_equal (history[0].get_uri (), uri ("/redirect/2"));
    assert_cmpuint (history[1].get_status (), CompareOperator.EQ, 302);
}

void test_post_form () throws GLib.Error {
    var session = new Hf.FuturesSession ();
    var body = new Hf.Body.for_form ({ "a", "1", "b", "ä &" });
    var form = seen (session.post (uri ("/post"), body)).get_object_member ("form");

    assert_equal (form.get_string_member ("a"), "1");
    assert_equal (form.get_string_member ("b"), "ä &");
}

void test_post_json () throws GLib.Error {
    var session = new Hf.FuturesSession ();
    var body = new Hf.Body.for_json (Json.from_string ("{\"text\": \"ä\"}"));
    var echo = seen (session.post (uri ("/post"), body));

    assert_equal (echo.get_object_member ("json").get_string_member ("text"), "ä");
    assert_equal (echo.get_object_member ("headers").get_string_member ("Content-Type"),
                  "application/json");
}

// The body may be left out.
void test_post_empty () throws GLib.Error {
    var session = new Hf.FuturesSession ();
    var echo = seen (session.post (uri ("/post")));

    assert_equal (echo.get_string_member ("method"), "POST");
    assert_equal (echo.get_string_member ("data"), "");
}

void test_failing () throws GLib.Error {
    var session = new Hf.FuturesSession ();
    var future = session.get ("no-scheme");

    try {
        future.get_result ();
        assert_not_reached ();
    } catch (Hf.Error.INVALID_URI error) {
        assert_cmpuint (future.get_state (), CompareOperator.EQ, Hf.FutureState.FAILED);
    } catch (GLib.Error error) {
        assert_no_error (error);
    }
}

void test_check_status () throws GLib.Error {
    var session = new Hf.FuturesSession ();
    var response = session.get (uri ("/status/404")).get_result ();

    assert_false (response.get_ok ());
    try {
        response.check_status ();
        assert_not_reached ();
    } catch (Hf.Error.STATUS error) {
        assert_true (session.get (uri ("/get")).get_result ().check_status ());
    }
}

async void get_both (Hf.FuturesSession session, MainLoop loop) {
    try {
        var response = yield session.get (uri ("/get")).get_result_async ();
        assert_cmpuint (response.get_status (), CompareOperator.EQ, 200);
        yield session.get ("no-scheme").get_result_async ();
        assert_not_reached ();
    } catch (GLib.Error error) {
        assert_true (error is Hf.Error.INVALID_URI);
    }
    loop.quit ();
}

void test_get_result_async () throws GLib.Error {
    var loop = new MainLoop ();

    get_both.begin (new Hf.FuturesSession (), loop);
    loop.run ();
}

void test_cancel () throws GLib.Error {
    var session = new Hf.FuturesSession ();
    var future = session.get (uri ("/hold/cancel"));
    ask ("/await/cancel");

    assert_cmpuint (future.get_state (), CompareOperator.EQ, Hf.FutureState.RUNNING);
    assert_true (future.cancel ());
    assert_false (future.cancel ());
    assert_cmpuint (future.get_state (), CompareOperator.EQ, Hf.FutureState.CANCELLED);
    assert_true (failure_of (future) is IOError.CANCELLED);
}

void test_done_callback () throws GLib.Error {
    var loop = new MainLoop ();
    var future = new Hf.FuturesSession ().get (uri ("/get"));
    uint status = 0;
    bool removed_called = false;

    var removed = future.add_done_callback (() => removed_called = true);
    future.add_done_callback (settled => {
        status = settled.dup_response ().get_status ();
        loop.quit ();
    });
    future.remove_done_callback (removed);
    loop.run ();
    assert_cmpuint (status, CompareOperator.EQ, 200);
    assert_false (removed_called);
}

void test_hook_on_worker () throws GLib.Error {
    var session = new Hf.FuturesSession ();
    unowned Thread<void*>? hook_thread = null;
    uint status = 0;

    session.add_response_hook (call => {
        hook_thread = Thread.self<void*> ();
        status = call.get_response ().get_status ();
    });
    session.get (uri ("/status/202")).get_result ();
    assert_cmpuint (status, CompareOperator.EQ, 202);
    assert_true (hook_thread != Thread.self<void*> ());
}

// A blocking wait runs it, here.
void test_hook_in_context () throws GLib.Error {
    var session = new Hf.FuturesSession ();
    unowned Thread<void*>? hook_thread = null;

    session.add_response_hook_in_context (call => {
        assert_true (call.get_session () == session);
        hook_thread = Thread.self<void*> ();
    });
    session.get (uri ("/get")).get_result ();
    assert_true (hook_thread == Thread.self<void*> ());
}

void test_hook_in_context_set_value () throws GLib.Error {
    var session = new Hf.FuturesSession ();

    session.add_response_hook_in_context (call => call.set_value ("instead"));
    var future = session.get (uri ("/get"));
    assert_equal ((string) future.get_value (), "instead");
    assert_true (failure_of (future) is Hf.Error.WRONG_TYPE);
}

void test_hook_in_context_fail () throws GLib.Error {
    var session = new Hf.FuturesSession ();

    session.add_response_hook_in_context (call => {
        call.fail (new IOError.NOT_FOUND ("not to my taste"));
    });
    var error = failure_of (session.get (uri ("/get")));
    assert_true (error is IOError.NOT_FOUND);
    assert_equal (error.message, "not to my taste");
}

void test_request () throws GLib.Error {
    var request = new Hf.Request ("PUT", uri ("/put"));
    request.set_header ("X-One", "1");
    request.set_body (new Hf.Body.for_text ("plain"));
    var future = new Hf.FuturesSession ().send (request);
    var echo = seen (future);

    assert_equal (echo.get_object_member ("headers").get_string_member ("X-One"), "1");
    assert_equal (echo.get_string_member ("data"), "plain");
    assert_equal (future.get_result ().get_request ().get_method (), "PUT");
}

void test_close () throws GLib.Error {
    var session = new Hf.FuturesSession ();
    var future = session.get (uri ("/get"));

    session.close (Hf.CloseFlags.DRAIN);
    assert_cmpuint (future.get_result ().get_status (), CompareOperator.EQ, 200);
    assert_true (failure_of (session.get (uri ("/get"))) is Hf.Error.CLOSED);
}

void test_executor () throws GLib.Error {
    var executor = new Hf.ThreadPoolExecutor (1);
    var one = new Hf.FuturesSession.with_executor (executor);
    var two = new Hf.FuturesSession.with_executor (executor);
    var running = one.get (uri ("/hold/executor"));
    ask ("/await/executor");
    var queued = two.get (uri ("/get"));

    assert_cmpuint (queued.get_state (), CompareOperator.EQ, Hf.FutureState.QUEUED);
    ask ("/release/executor");
    assert_cmpuint (running.get_result ().get_status (), CompareOperator.EQ, 200);
    assert_cmpuint (queued.get_result ().get_status (), CompareOperator.EQ, 200);
}

class CountingSession : Hf.FuturesSession {
    public uint n_sent = 0;

    public override Hf.Future send (Hf.Request request) {
        n_sent++;
        return base.send (request);
    }
}

void test_subclass () throws GLib.Error {
    var session = new CountingSession ();

    assert_true (session.get (uri ("/get")).get_result ().get_ok ());
    assert_cmpuint (session.n_sent, CompareOperator.EQ, 1);
}

void test_loop () throws GLib.Error {
    var session = new Hf.FuturesSession.with_executor (new Hf.LoopExecutor (2));
    session.http_version = Hf.HttpVersion.HTTP2;
    var one = session.get (uri ("/get"));
    var two = session.get (uri ("/redirect/1"));

    assert_cmpuint (one.get_result ().get_status (), CompareOperator.EQ, 200);
    assert_cmpuint (two.get_result ().get_status (), CompareOperator.EQ, 200);
    session.close (Hf.CloseFlags.DRAIN);
}

async uint get_here (Hf.FuturesSession session) throws GLib.Error {
    var response = yield session.get (uri ("/get")).get_result_async ();
    return response.get_status ();
}

// Requests, hooks and all on one thread.
void test_loop_in_context () throws GLib.Error {
    var session =
        new Hf.FuturesSession.with_executor (new Hf.LoopExecutor.for_context (null));
    var loop = new MainLoop ();
    unowned Thread<void*>? hooked = null;
    uint status = 0;

    session.add_response_hook ((call) => {
        hooked = Thread.self<void*> ();
    });
    get_here.begin (session, (source, result) => {
        try {
            status = get_here.end (result);
        } catch (GLib.Error error) {
            assert_no_error (error);
        }
        loop.quit ();
    });
    loop.run ();
    assert_cmpuint (status, CompareOperator.EQ, 200);
    assert_true (hooked == Thread.self<void*> ());
}

void test_work () throws GLib.Error {
    var executor = new Hf.ThreadPoolExecutor (1);
    var here = Thread.self<void*> ();
    var future = executor.submit ((call) => {
        assert_true (here != Thread.self<void*> ());
        assert_false (call.get_cancellable ().is_cancelled ());
        Value seven = 7;
        call.set_value (seven);
    });

    assert_cmpint (future.get_value ().get_int (), CompareOperator.EQ, 7);
    executor.close (Hf.CloseFlags.DRAIN);
}

async uint count_completed (Hf.CompletionQueue queue) throws GLib.Error {
    uint n = 0;

    while ((yield queue.pop_async ()) != null) {
        n++;
    }
    return n;
}

void test_completion_queue () throws GLib.Error {
    var session = new Hf.FuturesSession ();
    Hf.Future[] futures = {};
    uint n = 0;
    for (int i = 0; i < 5; i++) {
        futures += session.get (uri (@"/get?i=$i"));
    }

    var queue = new Hf.CompletionQueue.for_futures (futures);
    for (var future = queue.pop (); future != null; future = queue.pop ()) {
        assert_true (future.wait (0));
        n++;
    }
    assert_cmpuint (n, CompareOperator.EQ, 5);

    var loop = new MainLoop ();
    foreach (var future in futures) {
        queue.add (future);
    }
    n = 0;
    count_completed.begin (queue, (source, result) => {
        try {
            n = count_completed.end (result);
        } catch (GLib.Error error) {
            assert_no_error (error);
        }
        loop.quit ();
    });
    loop.run ();
    assert_cmpuint (n, CompareOperator.EQ, 5);
}

void test_auth () throws GLib.Error {
    var session = new Hf.FuturesSession ();
    var request = new Hf.Request ("GET", uri ("/get"));
    request.auth = new Hf.Auth.for_basic ("user", "password");
    var response = session.send (request).get_result ();

    assert_true (response.get_text ().contains ("Basic dXNlcjpwYXNzd29yZA=="));
    assert_cmpuint (response.get_links ().length, CompareOperator.EQ, 0);
    assert_false (response.is_redirect ());
}

// What can be left out is.
void test_left_out () throws GLib.Error {
    var session = new Hf.FuturesSession.with_max_workers (1);
    var held = session.get (uri ("/hold/left-out"));
    ask ("/await/left-out");
    var queued = session.get (uri ("/get"));
    Hf.Future[] futures = { held, queued };

    assert_false (session.close_until (Hf.CloseFlags.CANCEL_QUEUED, 0));
    assert_true (queued.get_state () == Hf.FutureState.CANCELLED);
    ask ("/release/left-out");
    assert_true (held.wait ());
    assert_true (Hf.futures_wait (futures));
    assert_true (session.close_until ());
    session.close ();
    assert_true (Hf.drain ());
}

int main (string[] args) {
    Test.init (ref args);

    add_test ("/vala/get", test_get);
    add_test ("/vala/two-at-once", test_two_at_once);
    add_test ("/vala/bytes", test_bytes);
    add_test ("/vala/json", test_json);
    add_test ("/vala/headers", test_headers);
    add_test ("/vala/history", test_history);
    add_test ("/vala/post-form", test_post_form);
    add_test ("/vala/post-json", test_post_json);
    add_test ("/vala/post-empty", test_post_empty);
    add_test ("/vala/failing", test_failing);
    add_test ("/vala/check-status", test_check_status);
    add_test ("/vala/get-result-async", test_get_result_async);
    add_test ("/vala/cancel", test_cancel);
    add_test ("/vala/done-callback", test_done_callback);
    add_test ("/vala/hook-on-worker", test_hook_on_worker);
    add_test ("/vala/hook-in-context", test_hook_in_context);
    add_test ("/vala/hook-in-context-set-value", test_hook_in_context_set_value);
    add_test ("/vala/hook-in-context-fail", test_hook_in_context_fail);
    add_test ("/vala/request", test_request);
    add_test ("/vala/close", test_close);
    add_test ("/vala/executor", test_executor);
    add_test ("/vala/subclass", test_subclass);
    add_test ("/vala/loop", test_loop);
    add_test ("/vala/loop-in-context", test_loop_in_context);
    add_test ("/vala/work", test_work);
    add_test ("/vala/completion-queue", test_completion_queue);
    add_test ("/vala/left-out", test_left_out);
    add_test ("/vala/auth", test_auth);

    return run_tests ();
}
