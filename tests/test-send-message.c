/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-gate.h"
#include "hf-test-server.h"
#include "libhfutures.h"

/* Messages of libsoup's own that must not be sent. */

/* What cannot be sent is the future's error, as with requests. */
static void
test_send_message_invalid (void)
{
  static const struct {
    const char *method;
    const char *uri;
    int code;
  } cases[] = {
    { "GET\r\nX: y", "http://127.0.0.1:1/", HF_ERROR_INVALID_REQUEST },
    { "GET", "ftp://127.0.0.1:1/", HF_ERROR_INVALID_URI },
    { "GET", "foo://127.0.0.1:1/", HF_ERROR_INVALID_URI },
    { NULL, NULL, HF_ERROR_INVALID_REQUEST },
  };
  HfFuturesSession *session = hf_futures_session_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (SoupMessage) message = cases[i].uri != NULL
                                          ? soup_message_new (cases[i].method, cases[i].uri)
                                          : g_object_new (SOUP_TYPE_MESSAGE, NULL);
      g_autoptr (HfFuture) future = hf_futures_session_send_message (session, message);

      g_assert_true (hf_future_wait (future, -1, NULL));
      g_assert_error (hf_future_get_error (future), HF_ERROR, cases[i].code);
    }
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  hf_assert_finalizes (session);
}

/* A message that a worker still has is not sent twice at once. */
static void
test_send_message_busy (void)
{
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "/hold/it");
  HfFuturesSession *session = hf_futures_session_new ();

  for (guint i = 0; i < 50; i++)
    {
      g_autoptr (SoupMessage) message = soup_message_new ("GET", uri);
      g_autoptr (HfFuture) first = hf_futures_session_send_message (session, message);
      g_autoptr (HfFuture) second = NULL;

      hf_test_server_wait_for_requests (server, "/hold/it", i + 1);
      second = hf_futures_session_send_message (session, message);
      g_assert_true (hf_future_wait (second, -1, NULL));
      g_assert_error (hf_future_get_error (second), HF_ERROR, HF_ERROR_INVALID_REQUEST);
      hf_future_cancel (first);
    }
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  hf_assert_finalizes (session);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/send-message/invalid", test_send_message_invalid);
  g_test_add_func ("/send-message/busy", test_send_message_busy);
  return g_test_run ();
}
