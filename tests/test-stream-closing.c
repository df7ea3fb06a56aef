/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-halves.h"
#include "hf-streaming.h"

/* Streams that are ended before anybody could have read them, on every kind of executor. */

static void
on_jar_changed (SoupCookieJar *jar,
                SoupCookie    *old_cookie,
                SoupCookie    *new_cookie,
                gpointer       user_data)
{
  g_cancellable_cancel (user_data);
}

/* A request is cancelled when its headers are there, and its future has not settled yet. */
static void
test_cancel_with_headers (HfStreaming   *streaming,
                          gconstpointer  kind)
{
  HfHalves halves = HF_HALVES_INIT (
    "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nContent-Length: 1000000000\r\n\r\nbegins", NULL);
  g_autoptr (HfRawServer) server = hf_halves_new_server (&halves);
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (HfFuture) future = NULL;
  g_autoptr (HfResponse) response = NULL;
  g_autoptr (GError) error = NULL;

  g_signal_connect (hf_futures_session_get_cookie_jar (streaming->session), "changed",
                    G_CALLBACK (on_jar_changed), cancellable);
  future =
    hf_streaming_get_with (streaming, uri, "cancellable", cancellable, "read-timeout", 300.0, NULL);
  response = hf_streaming_take (streaming, future, &error);
  g_assert_null (response);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  hf_halves_wait (&halves);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  hf_streaming_add_tests ("/stream-closing/cancel-with-headers", test_cancel_with_headers);
  return g_test_run ();
}
