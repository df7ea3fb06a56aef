/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-gate.h"
#include "hf-test-server.h"
#include "libhfutures.h"

/* Messages of libsoup's own: those that must not be sent, and what holds for the others. */

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

/* What a field holds is written as it is. */
static void
test_send_message_invalid_fields (void)
{
  static const char *const fields[][2] = {
    { "Content-Type", "text/plain\r\nX-Evil: 1" },
    { "Expect", "100-continue" },
  };
  HfFuturesSession *session = hf_futures_session_new ();

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_autoptr (SoupMessage) message = soup_message_new ("POST", "http://127.0.0.1:1/");
      g_autoptr (GBytes) bytes = g_bytes_new_static ("abc", 3);
      g_autoptr (HfFuture) future = NULL;

      if (i == 0)
        soup_message_set_request_body_from_bytes (message, fields[i][1], bytes);
      else
        soup_message_headers_append (soup_message_get_request_headers (message), fields[i][0],
                                     fields[i][1]);
      future = hf_futures_session_send_message (session, message);
      g_assert_true (hf_future_wait (future, -1, NULL));
      g_assert_error (hf_future_get_error (future), HF_ERROR, HF_ERROR_INVALID_REQUEST);
    }
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  hf_assert_finalizes (session);
}

static void
set_forty_two (HfHookCall *call,
               gpointer    user_data)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_assert_cmpuint (hf_response_get_status (hf_hook_call_get_response (call)), ==, 200);
  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, 42);
  hf_hook_call_set_value (call, &value);
}

/* What the session has set holds for messages, too. */
static void
test_send_message_settings (void)
{
  static const struct {
    const char *path;
    double read_timeout;
    double deadline;
    guint64 max_body_size;
    int code;
  } cases[] = {
    { "/hold/it", 0.1, 0, 0, HF_ERROR_TIMEOUT_READ },
    { "/hold/it", 0, 0.1, 0, HF_ERROR_TIMEOUT_DEADLINE },
    { "/bytes/1000", 0, 0, 999, HF_ERROR_TOO_LARGE },
    { "/bytes/1000", 10, 10, 1000, -1 },
  };
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  HfFuturesSession *session = hf_futures_session_new ();

  hf_futures_session_add_response_hook (session, set_forty_two, NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *uri = hf_test_server_dup_uri (server, cases[i].path);
      g_autoptr (SoupMessage) message = soup_message_new ("GET", uri);
      g_autoptr (HfFuture) future = NULL;
      const GValue *value;

      hf_futures_session_set_read_timeout (session, cases[i].read_timeout);
      hf_futures_session_set_deadline (session, cases[i].deadline);
      hf_futures_session_set_max_body_size (session, cases[i].max_body_size);
      future = hf_futures_session_send_message (session, message);
      value = hf_future_get_value (future, NULL, NULL);
      if (cases[i].code < 0)
        g_assert_cmpint (g_value_get_int (value), ==, 42);
      else
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
  g_test_add_func ("/send-message/invalid-fields", test_send_message_invalid_fields);
  g_test_add_func ("/send-message/settings", test_send_message_settings);
  g_test_add_func ("/send-message/busy", test_send_message_busy);
  return g_test_run ();
}
