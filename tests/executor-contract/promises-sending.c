/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-contract.h"

#include <string.h>

#include "hf-raw-server.h"

/* What becomes of requests. */

static void
never_shake_hands (HfRawServer *server,
                   GIOStream   *stream,
                   gpointer     user_data)
{
  hf_gate_pass (user_data);
  hf_raw_server_wait_for_end (server, stream);
}

void
promise_submit (HfContract       *fixture,
             gconstpointer  data)
{
  HfFuture *futures[100];

  for (guint i = 0; i < G_N_ELEMENTS (futures); i++)
    {
      g_autofree char *path = g_strdup_printf ("/bytes/%u", 1000 * i);

      futures[i] = hf_contract_get (fixture, path);
    }
  for (guint i = 0; i < G_N_ELEMENTS (futures); i++)
    {
      g_autoptr (HfResponse) response = hf_contract_take_response (fixture, futures[i]);

      g_assert_cmpuint (hf_response_get_status (response), ==, 200);
      g_assert_cmpuint (g_bytes_get_size (hf_response_get_bytes (response)), ==, 1000 * i);
      g_assert_cmpfloat (hf_response_get_elapsed (response), >, 0);
    }
  g_assert_cmpuint (hf_test_server_get_n_requests (fixture->server, NULL), ==, 100);
  g_assert_cmpuint (hf_test_server_get_n_connections (fixture->server), <=, 4);
}

void
promise_send_body (HfContract       *fixture,
                gconstpointer  data)
{
  g_autofree char *uri = hf_test_server_dup_uri (fixture->server, "/post");
  g_autofree char *long_text = g_strnfill (300000, 'x');
  g_autoptr (HfBody) body = hf_body_new_for_text (long_text, NULL);

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *text =
        hf_contract_take_text (fixture, hf_futures_session_post (fixture->session, uri, body));

      g_assert_nonnull (strstr (text, long_text));
    }
}

void
promise_message (HfContract       *fixture,
              gconstpointer  data)
{
  g_autofree char *uri = hf_test_server_dup_uri (fixture->server, "/redirect/2");
  g_autoptr (SoupMessage) message = soup_message_new ("GET", uri);
  HfFuture *future = hf_futures_session_send_message (fixture->session, message);
  g_autoptr (HfResponse) response = NULL;

  if (fixture->kind->in_processes)
    {
      hf_contract_take_failure (fixture, future, HF_ERROR, HF_ERROR_NOT_SERIALIZABLE);
      return;
    }

  response = hf_contract_take_response (fixture, future);
  g_assert_cmpuint (hf_response_get_status (response), ==, 200);
  g_assert_true (g_str_has_suffix (hf_response_get_uri (response), "/get"));

  /* Once its future has settled it can be sent again. */
  for (guint i = 0; i < 50; i++)
    {
      g_autofree char *again = hf_test_server_dup_uri (fixture->server, "/headers");
      g_autoptr (SoupMessage) other = soup_message_new ("GET", again);

      soup_message_headers_append (soup_message_get_request_headers (other), "Cookie", "own=1");
      for (guint j = 0; j < 3; j++)
        {
          g_autofree char *text =
            hf_contract_take_text (fixture,
                                   hf_futures_session_send_message (fixture->session, other));

          g_assert_nonnull (strstr (text, "own=1"));
        }
    }
}

void
promise_deadlines (HfContract       *fixture,
                gconstpointer  data)
{
  HfGate begun = HF_GATE_INIT;
  g_autoptr (HfRawServer) silent = hf_raw_server_new (never_shake_hands, &begun);
  g_autofree char *hold = hf_test_server_dup_uri (fixture->server, "/hold/it");
  g_autofree char *secure =
    g_strdup_printf ("https://127.0.0.1:%u/", hf_raw_server_get_port (silent));
  g_autoptr (HfRequest) late = hf_request_new ("GET", hold);
  g_autoptr (HfRequest) unread = hf_request_new ("GET", hold);
  g_autoptr (HfRequest) unconnected = hf_request_new ("GET", secure);

  hf_request_set_deadline (late, 0.05);
  hf_contract_take_failure (fixture, hf_futures_session_send (fixture->session, late), HF_ERROR,
                            HF_ERROR_TIMEOUT_DEADLINE);
  hf_request_set_read_timeout (unread, 0.05);
  hf_contract_take_failure (fixture, hf_futures_session_send (fixture->session, unread), HF_ERROR,
                            HF_ERROR_TIMEOUT_READ);
  hf_request_set_connect_timeout (unconnected, 0.05);
  hf_contract_take_failure (fixture, hf_futures_session_send (fixture->session, unconnected),
                            HF_ERROR, HF_ERROR_TIMEOUT_CONNECT);
}

void
promise_redirects (HfContract       *fixture,
                gconstpointer  data)
{
  g_autoptr (HfTestServer) other = hf_test_server_new ();
  g_autofree char *there = hf_test_server_dup_uri (other, "/headers");
  g_autofree char *path = g_strdup_printf ("/redirect-to?url=%s", there);
  g_autofree char *uri = hf_test_server_dup_uri (fixture->server, path);
  g_autoptr (HfRequest) request = hf_request_new ("GET", uri);
  g_autoptr (HfResponse) near =
    hf_contract_take_response (fixture, hf_contract_get (fixture, "/redirect/3"));
  g_autofree char *text = NULL;

  g_assert_cmpuint (hf_response_get_history (near)->len, ==, 3);
  hf_request_set_header (request, "Authorization", "Bearer secret");
  text = hf_contract_take_text (fixture, hf_futures_session_send (fixture->session, request));
  g_assert_null (strstr (text, "secret"));
  g_assert_cmpuint (hf_test_server_get_n_requests (other, "/headers"), ==, 1);
}

void
promise_jar (HfContract       *fixture,
          gconstpointer  data)
{
  g_autoptr (HfResponse) set =
    hf_contract_take_response (fixture, hf_contract_get (fixture, "/cookies/set?flavour=oat"));
  g_autofree char *text = hf_contract_take_text (fixture, hf_contract_get (fixture, "/cookies"));
  g_autofree char *uri = hf_test_server_dup_uri (fixture->server, "/cookies");
  g_autoptr (HfRequest) request = hf_request_new ("GET", uri);
  g_autofree char *own = NULL;

  g_assert_nonnull (strstr (text, "oat"));

  /* A field that was set by hand stays. */
  hf_request_set_header (request, "Cookie", "flavour=rye");
  own = hf_contract_take_text (fixture, hf_futures_session_send (fixture->session, request));
  g_assert_nonnull (strstr (own, "rye"));
  g_assert_null (strstr (own, "oat"));
}

void
promise_limits (HfContract       *fixture,
             gconstpointer  data)
{
  hf_futures_session_set_max_body_size (fixture->session, 1000);
  g_object_unref (hf_contract_take_response (fixture, hf_contract_get (fixture, "/bytes/1000")));
  hf_contract_take_failure (fixture, hf_contract_get (fixture, "/bytes/1001"), HF_ERROR,
                            HF_ERROR_TOO_LARGE);
}

/* Errors of the network, and of the caller. */
void
promise_errors (HfContract       *fixture,
             gconstpointer  data)
{
  hf_contract_take_failure (fixture, hf_futures_session_get (fixture->session, "http://a.invalid/"),
                            HF_ERROR, HF_ERROR_DNS);
  hf_contract_take_failure (fixture,
                            hf_futures_session_get (fixture->session, "http://127.0.0.1:1/"),
                            HF_ERROR, HF_ERROR_CONNECT);
  hf_contract_take_failure (fixture, hf_futures_session_get (fixture->session, "no scheme"),
                            HF_ERROR, HF_ERROR_INVALID_URI);
  hf_contract_take_failure (fixture,
                            hf_futures_session_request (fixture->session, "G T",
                                                        "http://a.invalid/", NULL),
                            HF_ERROR, HF_ERROR_INVALID_REQUEST);
}

static void
note_state (HfFuture   *future,
            GParamSpec *pspec,
            gpointer    user_data)
{
  g_string_append_printf (user_data, "%d ", hf_future_get_state (future));
}

static gboolean
has_told_running (gpointer data)
{
  return g_str_equal (((GString *) data)->str, "1 ");
}

static gboolean
has_told_success (gpointer data)
{
  return g_str_equal (((GString *) data)->str, "1 2 ");
}

/* Each state is told in this context. */
void
promise_progress (HfContract    *fixture,
                  gconstpointer  data)
{
  HfExecutor *executor = fixture->kind->make (1);
  HfFuturesSession *session = hf_futures_session_new_with_executor (executor);
  g_autofree char *first_uri = hf_test_server_dup_uri (fixture->server, "/hold/first");
  g_autofree char *second_uri = hf_test_server_dup_uri (fixture->server, "/hold/second");
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (HfFuture) first = hf_futures_session_get (session, first_uri);
  g_autoptr (HfFuture) second = hf_futures_session_get (session, second_uri);

  g_signal_connect (second, "notify::state", G_CALLBACK (note_state), log);
  hf_test_server_release (fixture->server, "first");
  hf_assert_becomes (has_told_running, log);
  hf_test_server_release (fixture->server, "second");
  hf_assert_becomes (has_told_success, log);
  g_clear_object (&first);
  g_clear_object (&second);
  hf_assert_finalizes (session);
  hf_assert_finalizes (executor);
}

/* Sends half of a body each time that the gate is passed. */
static void
answer_in_halves (HfRawServer *server,
                  GIOStream   *stream,
                  gpointer     user_data)
{
  g_autofree char *head = hf_raw_server_read_head (stream);
  g_autofree char *half = g_strnfill (500, 'x');

  if (head == NULL)
    return;
  hf_gate_wait (user_data, 1);
  hf_raw_server_write (stream, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
  hf_raw_server_write (stream, half);
  hf_gate_wait (user_data, 2);
  hf_raw_server_write (stream, half);
  hf_raw_server_wait_for_end (server, stream);
}

static void
note_bytes (HfFuture   *future,
            GParamSpec *pspec,
            gpointer    user_data)
{
  *(guint64 *) user_data = hf_future_get_bytes_received (future);
}

static gboolean
is_half (gpointer data)
{
  return *(guint64 *) data == 500;
}

static gboolean
is_whole (gpointer data)
{
  return *(guint64 *) data == 1000;
}

/* How far it has come is told while it comes. */
void
promise_progress_bytes (HfContract    *fixture,
                        gconstpointer  data)
{
  HfGate halves = HF_GATE_INIT;
  g_autoptr (HfRawServer) server = hf_raw_server_new (answer_in_halves, &halves);
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  g_autofree char *post = hf_test_server_dup_uri (fixture->server, "/post");
  g_autoptr (HfFuture) future = hf_futures_session_get (fixture->session, uri);
  g_autoptr (HfBody) body = hf_body_new_for_text ("hello", NULL);
  g_autoptr (HfFuture) posted = NULL;
  guint64 told = 0;

  g_signal_connect (future, "notify::bytes-received", G_CALLBACK (note_bytes), &told);
  hf_gate_pass (&halves);
  hf_assert_becomes (is_half, &told);
  g_assert_cmpint (hf_future_get_bytes_total (future), ==, 1000);
  g_assert_cmpfloat (hf_future_get_fraction (future), ==, 0.5);
  hf_gate_pass (&halves);
  hf_assert_becomes (is_whole, &told);
  hf_contract_await (fixture, future);
  g_assert_cmpfloat (hf_future_get_fraction (future), ==, 1.0);
  g_assert_cmpuint (hf_future_get_bytes_sent (future), ==, 0);

  posted = hf_futures_session_post (fixture->session, post, body);
  hf_contract_await (fixture, posted);
  g_assert_cmpuint (hf_future_get_bytes_sent (posted), ==, 5);
}

/* Work goes on when nobody has anything of it any more. */
void
promise_drop (HfContract       *fixture,
           gconstpointer  data)
{
  g_object_unref (hf_contract_get (fixture, "/hold/it"));
  hf_assert_becomes (hf_contract_is_held, fixture);
  hf_test_server_release (fixture->server, "it");
  g_object_unref (hf_contract_take_response (fixture, hf_contract_get (fixture, "/get")));
}

void
promise_many (HfContract       *fixture,
           gconstpointer  data)
{
  const guint n = g_getenv ("HF_TEST_SLOW") != NULL ? 200 : 2000;
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (futures, hf_contract_get (fixture, i % 2 ? "/get" : "/redirect/1"));
  for (guint i = 0; i < n; i += 3)
    if (hf_future_cancel (g_ptr_array_index (futures, i)))
      g_object_set_data (g_ptr_array_index (futures, i), "cancelled", GINT_TO_POINTER (TRUE));
  for (guint i = 0; i < n; i++)
    {
      HfFuture *future = g_ptr_array_index (futures, i);

      hf_contract_await (fixture, future);
      if (g_object_get_data (G_OBJECT (future), "cancelled") != NULL)
        g_assert_error (hf_future_get_error (future), G_IO_ERROR, G_IO_ERROR_CANCELLED);
      else
        g_assert_null (hf_future_get_error (future));
    }
}
