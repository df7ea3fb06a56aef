/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <string.h>

#include "hf-certificates.h"
#include "hf-gate.h"
#include "libhfutures.h"

/* HTTP/2: that it is spoken where it was asked for, and what becomes of servers that misbehave. */

typedef struct {
  GSubprocess *server;
  char *uri;
  HfExecutor *executor;
  HfFuturesSession *session;
  GTlsDatabase *authority;
} Fixture;

static void
start_server (Fixture *fixture)
{
  g_autofree char *script = g_test_build_filename (G_TEST_DIST, "server", "h2-server.py", NULL);
  g_autofree char *certificate =
    g_test_build_filename (G_TEST_DIST, "certificates", "server.pem", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDataInputStream) said = NULL;

  fixture->server =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                      "/usr/bin/python3", script, certificate, NULL);
  g_assert_no_error (error);
  said = g_data_input_stream_new (g_subprocess_get_stdout_pipe (fixture->server));
  fixture->uri = g_data_input_stream_read_line (said, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (fixture->uri);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr (SoupSession) soup = NULL;

  start_server (fixture);
  fixture->authority = hf_load_authority ();
  soup = soup_session_new_with_options ("tls-database", fixture->authority, NULL);
  fixture->executor = hf_loop_executor_new (1);
  fixture->session = g_object_new (HF_TYPE_FUTURES_SESSION, "executor", fixture->executor,
                                   "soup-session", soup, "http-version", HF_HTTP_VERSION_HTTP2,
                                   NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  hf_futures_session_close (fixture->session, HF_CLOSE_DRAIN);
  hf_assert_finalizes (fixture->session);
  hf_assert_finalizes (fixture->executor);
  g_object_unref (fixture->authority);
  g_output_stream_close (g_subprocess_get_stdin_pipe (fixture->server), NULL, NULL);
  g_subprocess_wait_check (fixture->server, NULL, &error);
  g_assert_no_error (error);
  g_object_unref (fixture->server);
  g_free (fixture->uri);
}

static HfFuture *
get (Fixture    *fixture,
     const char *path)
{
  g_autofree char *uri = g_strconcat (fixture->uri, path, NULL);

  return hf_futures_session_get (fixture->session, uri);
}

static char *
take_text (HfFuture *future)
{
  g_autoptr (HfFuture) taken = future;
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response = hf_future_get_result (taken, NULL, &error);

  g_assert_no_error (error);
  return hf_response_get_text (response, NULL);
}

static void
test_multiplexed (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autofree char *first = take_text (get (fixture, "/ok"));
  g_autofree char *most = NULL;
  HfFuture *held[20];

  g_assert_cmpstr (first, ==, "h2 1");
  for (guint i = 0; i < G_N_ELEMENTS (held); i++)
    held[i] = get (fixture, "/hold/it");
  for (;;)
    {
      g_autofree char *count = take_text (get (fixture, "/count"));

      if (g_str_equal (count, "21"))
        break;
    }
  g_free (take_text (get (fixture, "/release/it")));
  for (guint i = 0; i < G_N_ELEMENTS (held); i++)
    g_free (take_text (held[i]));
  most = take_text (get (fixture, "/max"));
  g_assert_cmpint (atoi (most), >=, 21);
}

static void
test_bodies (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *uri = g_strconcat (fixture->uri, "/echo", NULL);
  g_autofree char *text = g_strnfill (300000, 'x');
  g_autoptr (HfBody) body = hf_body_new_for_text (text, NULL);
  g_autofree char *echo = take_text (hf_futures_session_post (fixture->session, uri, body));
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data ("hello", 5, NULL);
  g_autoptr (HfBody) streamed = hf_body_new_for_stream (stream, -1, NULL);
  g_autoptr (HfFuture) posted = hf_futures_session_post (fixture->session, uri, streamed);
  g_autoptr (HfResponse) echoed = hf_future_get_result (posted, NULL, NULL);
  g_autoptr (HfFuture) large = get (fixture, "/bytes/1000000");
  g_autoptr (HfResponse) response = hf_future_get_result (large, NULL, NULL);

  g_assert_cmpstr (echo, ==, text);

  /* What is streamed goes over HTTP/1.1, where this server may close before it has read all. */
  if (echoed != NULL)
    g_assert_cmpint (hf_response_get_http_version (echoed), ==, SOUP_HTTP_1_1);
  else
    g_assert_error (hf_future_get_error (posted), HF_ERROR, HF_ERROR_CONNECT);
  g_assert_true (g_input_stream_is_closed (stream));
  g_assert_cmpuint (g_bytes_get_size (hf_response_get_bytes (response)), ==, 1000000);
  g_assert_cmpint (hf_response_get_http_version (response), ==, SOUP_HTTP_2_0);
  g_assert_nonnull (hf_response_get_tls_certificate (response));
  hf_futures_session_set_max_body_size (fixture->session, 1000);
  {
    g_autoptr (HfFuture) refused = get (fixture, "/bytes/1000000");

    g_assert_true (hf_future_wait (refused, -1, NULL));
    g_assert_error (hf_future_get_error (refused), HF_ERROR, HF_ERROR_TOO_LARGE);
  }
}

/* Not by default, and not on threads. */
static void
test_opt_in (Fixture       *fixture,
             gconstpointer  data)
{
  SoupSession *soup = hf_futures_session_get_soup_session (fixture->session);
  g_autoptr (HfFuturesSession) threaded = g_object_new (HF_TYPE_FUTURES_SESSION, "soup-session",
                                                        soup, "http-version", HF_HTTP_VERSION_HTTP2,
                                                        NULL);
  g_autofree char *uri = g_strconcat (fixture->uri, "/ok", NULL);
  g_autofree char *one = take_text (hf_futures_session_get (threaded, uri));
  g_autofree char *other = NULL;

  g_assert_cmpstr (one, ==, "http/1.1");
  hf_futures_session_set_http_version (fixture->session, HF_HTTP_VERSION_HTTP1);
  other = take_text (get (fixture, "/ok"));
  g_assert_cmpstr (other, ==, "http/1.1");
  hf_futures_session_close (threaded, HF_CLOSE_DRAIN);
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  static const char *const paths[] = { "/stall-headers", "/stall-mid-body", "/drip" };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (HfFuture) future = get (fixture, paths[i]);
      g_autofree char *ok = take_text (get (fixture, "/ok"));

      g_assert_true (hf_future_cancel (future));
      g_assert_error (hf_future_get_error (future), G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_true (g_str_has_prefix (ok, "h2 "));
    }
}

/* What cannot even begin is told once, although it is cancelled meanwhile. */
static void
test_cancel_invalid (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autofree char *uri = g_strconcat (fixture->uri, "/ok", NULL);

  for (guint i = 0; i < 200; i++)
    {
      g_autoptr (SoupMessage) message = soup_message_new ("G T", uri);
      g_autoptr (HfFuture) future = hf_futures_session_send_message (fixture->session, message);

      hf_future_cancel (future);
      g_assert_nonnull (hf_future_get_error (future));
    }
  g_free (take_text (get (fixture, "/ok")));
}

typedef struct {
  const char *path;
  int codes[3]; /* of HfError plus one, so that 0 is none; RESPONSE: a response */
} Misbehaviour;

#define FAILS(name) (HF_ERROR_##name + 1)
#define RESPONSE -1

static const Misbehaviour misbehaviours[] = {
  { "/reset-before-headers", { FAILS (PROTOCOL), FAILS (FAILED) } },
  { "/reset-mid-body", { FAILS (TIMEOUT_READ), FAILS (TRUNCATED) } },
  { "/reset-goaway-mid-body", { FAILS (TIMEOUT_READ), FAILS (TRUNCATED) } },
  { "/close-before-headers", { FAILS (CONNECT), FAILS (PROTOCOL), FAILS (TIMEOUT_READ) } },
  { "/close-mid-body", { FAILS (TIMEOUT_READ), FAILS (TRUNCATED) } },
  { "/goaway-before-headers",
    { FAILS (PROTOCOL), FAILS (TIMEOUT_READ), FAILS (TIMEOUT_DEADLINE) } },
  { "/stall-headers", { FAILS (TIMEOUT_READ) } },
  { "/stall-mid-body", { FAILS (TIMEOUT_READ) } },
  { "/drip", { FAILS (TIMEOUT_DEADLINE) } },
  { "/ping-flood", { RESPONSE, FAILS (TIMEOUT_READ) } },
  { "/settings-flood", { RESPONSE, FAILS (TIMEOUT_READ) } },
  { "/garbage", { FAILS (TIMEOUT_READ), FAILS (PROTOCOL), FAILS (CONNECT) } },
  { "/bad-hpack", { FAILS (TIMEOUT_READ), FAILS (PROTOCOL), FAILS (CONNECT) } },
  { "/bad-length", { FAILS (TIMEOUT_READ), FAILS (TRUNCATED), FAILS (PROTOCOL) } },
  { "/bad-length-long", { FAILS (TIMEOUT_READ), FAILS (TRUNCATED), FAILS (PROTOCOL) } },
  { "/window-overflow", { FAILS (TOO_LARGE), FAILS (TIMEOUT_READ) } },
  { "/refused", { FAILS (PROTOCOL) } },
  { "/continuation-flood", { FAILS (TIMEOUT_READ), FAILS (PROTOCOL) } },
  { "/huge-headers", { FAILS (TIMEOUT_READ), FAILS (PROTOCOL) } },
};

/* Whatever the server does ends in an error in time, and the session goes on. */
static void
test_misbehaviour (Fixture       *fixture,
                   gconstpointer  data)
{
  const Misbehaviour *wrong = g_object_get_data (G_OBJECT (fixture->session), "wrong");
  const double patience = g_getenv ("HF_TEST_SLOW") != NULL ? 4 : 1;
  g_autoptr (HfFuture) future = NULL;
  const GError *error;
  int code;

  hf_futures_session_set_connect_timeout (fixture->session, 0);
  hf_futures_session_set_read_timeout (fixture->session, 0.5 * patience);
  hf_futures_session_set_deadline (fixture->session, 2 * patience);
  hf_futures_session_set_max_body_size (fixture->session, 10000000);
  future = get (fixture, wrong->path);
  g_assert_true (hf_future_wait (future, -1, NULL));
  error = hf_future_get_error (future);
  code = error != NULL ? error->code + 1 : RESPONSE;
  g_test_message ("%s: %s", wrong->path, error != NULL ? error->message : "a response");
  g_assert_true (error == NULL || error->domain == HF_ERROR);
  g_assert_true (code == wrong->codes[0] || code == wrong->codes[1] || code == wrong->codes[2]);

  hf_futures_session_set_read_timeout (fixture->session, 30);
  hf_futures_session_set_deadline (fixture->session, 0);
  g_free (take_text (get (fixture, "/ok")));
}

static void
set_up_misbehaviour (Fixture       *fixture,
                     gconstpointer  data)
{
  set_up (fixture, NULL);
  g_object_set_data (G_OBJECT (fixture->session), "wrong", (gpointer) data);
}

static HfResponse *
get_stream (Fixture    *fixture,
            const char *path)
{
  g_autofree char *uri = g_strconcat (fixture->uri, path, NULL);
  g_autoptr (HfRequest) request = hf_request_new ("GET", uri);
  g_autoptr (HfFuture) future = NULL;
  g_autoptr (GError) error = NULL;
  HfResponse *response;

  hf_request_set_stream (request, TRUE);
  future = hf_futures_session_send (fixture->session, request);
  response = hf_future_get_result (future, NULL, &error);
  g_assert_no_error (error);
  return response;
}

/* Streams, read to the end, left alone, closed early, and broken off by the server. */
static void
test_streams (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (HfResponse) whole = get_stream (fixture, "/bytes/1000000");
  g_autoptr (HfResponse) unread = get_stream (fixture, "/bytes/1000000");
  g_autoptr (HfResponse) closed = get_stream (fixture, "/bytes/1000000");
  g_autoptr (HfResponse) stalled = NULL;
  g_autoptr (HfResponse) reset = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *others = NULL;

  hf_response_close (closed);
  g_assert_true (hf_response_load (whole, NULL, &error));
  g_assert_cmpuint (g_bytes_get_size (hf_response_get_bytes (whole)), ==, 1000000);
  others = take_text (get (fixture, "/ok"));
  g_assert_cmpstr (others, ==, "h2 1");

  hf_futures_session_set_read_timeout (fixture->session, 0.2);
  stalled = get_stream (fixture, "/stall-mid-body");
  g_assert_false (hf_response_load (stalled, NULL, &error));
  g_assert_error (error, HF_ERROR, HF_ERROR_TIMEOUT_READ);
  g_clear_error (&error);
  reset = get_stream (fixture, "/reset-mid-body");
  g_assert_false (hf_response_load (reset, NULL, &error));
  g_assert_cmpuint (error->domain, ==, HF_ERROR);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/http2/multiplexed", Fixture, NULL, set_up, test_multiplexed, tear_down);
  g_test_add ("/http2/bodies", Fixture, NULL, set_up, test_bodies, tear_down);
  g_test_add ("/http2/opt-in", Fixture, NULL, set_up, test_opt_in, tear_down);
  g_test_add ("/http2/cancel", Fixture, NULL, set_up, test_cancel, tear_down);
  g_test_add ("/http2/cancel-invalid", Fixture, NULL, set_up, test_cancel_invalid, tear_down);
  for (guint i = 0; i < G_N_ELEMENTS (misbehaviours); i++)
    {
      g_autofree char *path = g_strconcat ("/http2/misbehaviour", misbehaviours[i].path, NULL);

      g_test_add (path, Fixture, &misbehaviours[i], set_up_misbehaviour, test_misbehaviour,
                  tear_down);
    }
  g_test_add ("/http2/streams", Fixture, NULL, set_up, test_streams, tear_down);
  return g_test_run ();
}
