/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-contract.h"

#include <string.h>

#include "hf-raw-server.h"

/* The order of requests, and how they are ended. */

void
promise_priority (HfContract       *fixture,
               gconstpointer  data)
{
  static const int priorities[] = { G_PRIORITY_LOW, G_PRIORITY_DEFAULT, G_PRIORITY_HIGH,
                                    G_PRIORITY_DEFAULT };
  HfFuture *futures[G_N_ELEMENTS (priorities)];
  g_autoptr (HfFuture) first = NULL;

  hf_contract_use_mock (fixture);
  first = hf_mock_server_get (fixture->session, "/wait");
  hf_assert_becomes (hf_contract_has_arrived, fixture->mock);
  for (guint i = 0; i < G_N_ELEMENTS (priorities); i++)
    {
      g_autofree char *uri = g_strdup_printf ("http://a.example/%u", i);
      g_autoptr (HfRequest) request = hf_request_new ("GET", uri);

      hf_request_set_priority (request, priorities[i]);
      futures[i] = hf_futures_session_send (fixture->session, request);
    }
  hf_gate_open (&fixture->mock->answer);
  for (guint i = 0; i < G_N_ELEMENTS (priorities); i++)
    g_object_unref (hf_contract_take_response (fixture, futures[i]));
  g_assert_cmpstr (fixture->mock->log->str, ==, "/wait /2 /1 /3 /0 ");
}

/* The future settles before cancel returns, and the work ends soon after: the next request, which
 * needs its place, is answered. */
static void
cancel_and_go_on (HfContract  *fixture,
                  HfFuture *future)
{
  g_autoptr (HfFuture) taken = future;

  g_assert_true (hf_future_cancel (taken));
  g_assert_true (hf_future_wait (taken, 0, NULL));
  g_assert_error (hf_future_get_error (taken), G_IO_ERROR, G_IO_ERROR_CANCELLED);
  for (guint i = 0; i < 8; i++)
    g_object_unref (hf_contract_take_response (fixture, hf_contract_get (fixture, "/get")));
}

static gboolean
is_running (gpointer data)
{
  return hf_future_get_state (data) == HF_FUTURE_STATE_RUNNING;
}

void
promise_cancel_queued (HfContract       *fixture,
                    gconstpointer  data)
{
  g_autoptr (HfFuture) first = NULL;
  g_autoptr (HfFuture) queued = NULL;
  g_autoptr (HfFuture) another = NULL;
  g_autoptr (HfFuture) other = NULL;

  hf_contract_use_mock (fixture);
  first = hf_mock_server_get (fixture->session, "/wait");
  hf_assert_becomes (hf_contract_has_arrived, fixture->mock);
  queued = hf_mock_server_get (fixture->session, "/queued");
  another = hf_mock_server_get (fixture->session, "/another");
  other = hf_mock_server_get (fixture->session, "/other");
  g_assert_true (hf_future_cancel (queued));
  g_assert_error (hf_future_get_error (queued), G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (hf_future_cancel_queued (first));
  g_assert_true (hf_future_cancel_queued (another));
  g_assert_error (hf_future_get_error (another), G_IO_ERROR, G_IO_ERROR_CANCELLED);
  hf_gate_open (&fixture->mock->answer);
  hf_contract_await (fixture, other);
  g_assert_cmpstr (fixture->mock->log->str, ==, "/wait /other ");
}

void
promise_cancel_waiting (HfContract       *fixture,
                     gconstpointer  data)
{
  HfFuture *future = hf_contract_get (fixture, "/hold/it");

  hf_assert_becomes (hf_contract_is_held, fixture);
  cancel_and_go_on (fixture, future);
}

static void
answer_half (HfRawServer *server,
             GIOStream   *stream,
             gpointer     user_data)
{
  g_autofree char *head = hf_raw_server_read_head (stream);

  hf_raw_server_write (stream, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegun");
  hf_gate_pass (user_data);
  hf_raw_server_wait_for_end (server, stream);
}

static gboolean
has_passed (gpointer data)
{
  return hf_gate_has_passed (data, 1);
}

void
promise_cancel_reading (HfContract       *fixture,
                     gconstpointer  data)
{
  HfGate begun = HF_GATE_INIT;
  g_autoptr (HfRawServer) server = hf_raw_server_new (answer_half, &begun);
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  HfFuture *future = hf_futures_session_get (fixture->session, uri);

  hf_assert_becomes (has_passed, &begun);
  cancel_and_go_on (fixture, future);
}

static void
never_shake_hands (HfRawServer *server,
                   GIOStream   *stream,
                   gpointer     user_data)
{
  hf_gate_pass (user_data);
  hf_raw_server_wait_for_end (server, stream);
}

void
promise_cancel_connecting (HfContract       *fixture,
                        gconstpointer  data)
{
  HfGate begun = HF_GATE_INIT;
  g_autoptr (HfRawServer) server = hf_raw_server_new (never_shake_hands, &begun);
  g_autofree char *uri = g_strdup_printf ("https://127.0.0.1:%u/", hf_raw_server_get_port (server));
  HfFuture *future = hf_futures_session_get (fixture->session, uri);

  hf_assert_becomes (has_passed, &begun);
  g_assert_true (is_running (future));
  cancel_and_go_on (fixture, future);
}

void
promise_request_cancellable (HfContract       *fixture,
                          gconstpointer  data)
{
  g_autofree char *uri = hf_test_server_dup_uri (fixture->server, "/hold/it");
  g_autoptr (HfRequest) request = hf_request_new ("GET", uri);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  HfFuture *future;

  hf_request_set_cancellable (request, cancellable);
  future = hf_futures_session_send (fixture->session, request);
  hf_assert_becomes (hf_contract_is_held, fixture);
  g_cancellable_cancel (cancellable);
  hf_contract_take_failure (fixture, future, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
on_closed (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  if (HF_IS_EXECUTOR (source))
    g_assert_true (hf_executor_close_finish (HF_EXECUTOR (source), result, &error));
  else
    g_assert_true (hf_futures_session_close_finish (HF_FUTURES_SESSION (source), result, &error));
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

static void
close_with (HfContract      *fixture,
            HfCloseFlags  flags,
            gboolean      session_too)
{
  gboolean closed = FALSE;
  g_autoptr (HfFuture) running = NULL;
  g_autoptr (HfFuture) queued = NULL;

  hf_contract_use_mock (fixture);
  running = hf_mock_server_get (fixture->session, flags == HF_CLOSE_CANCEL_ALL ? "/hang" : "/wait");
  hf_assert_becomes (hf_contract_has_arrived, fixture->mock);
  queued = hf_mock_server_get (fixture->session, "/queued");
  if (session_too)
    hf_futures_session_close_async (fixture->session, flags, NULL, on_closed, &closed);
  else
    hf_executor_close_async (fixture->executor, flags, NULL, on_closed, &closed);
  if (flags != HF_CLOSE_CANCEL_ALL)
    g_assert_cmpint (hf_future_get_state (running), ==, HF_FUTURE_STATE_RUNNING);
  if (flags != HF_CLOSE_DRAIN)
    g_assert_error (hf_future_get_error (queued), G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (closed);

  hf_gate_open (&fixture->mock->answer);
  hf_assert_becomes (is_true, &closed);
  g_assert_true (hf_contract_is_settled (running));
  g_assert_true (hf_contract_is_settled (queued));
  if (flags == HF_CLOSE_CANCEL_ALL)
    g_assert_error (hf_future_get_error (running), G_IO_ERROR, G_IO_ERROR_CANCELLED);
  else
    g_assert_null (hf_future_get_error (running));
  if (flags == HF_CLOSE_DRAIN)
    g_assert_null (hf_future_get_error (queued));
  hf_contract_take_failure (fixture, hf_mock_server_get (fixture->session, "/late"), HF_ERROR,
                            HF_ERROR_CLOSED);
}

void
promise_close_drain (HfContract       *fixture,
                  gconstpointer  data)
{
  close_with (fixture, HF_CLOSE_DRAIN, FALSE);
}

void
promise_close_cancel_queued (HfContract       *fixture,
                          gconstpointer  data)
{
  close_with (fixture, HF_CLOSE_CANCEL_QUEUED, FALSE);
}

void
promise_close_cancel_all (HfContract       *fixture,
                       gconstpointer  data)
{
  close_with (fixture, HF_CLOSE_CANCEL_ALL, FALSE);
}

void
promise_close_session (HfContract       *fixture,
                    gconstpointer  data)
{
  close_with (fixture, HF_CLOSE_CANCEL_QUEUED, TRUE);
}

/* Blocking where that is possible, and else not: but it never hangs. */
void
promise_close_blocking (HfContract       *fixture,
                     gconstpointer  data)
{
  g_autoptr (HfFuture) future = hf_contract_get (fixture, "/get");

  hf_executor_close (fixture->executor, HF_CLOSE_DRAIN);
  if (!fixture->kind->is_here)
    g_assert_true (hf_contract_is_settled (future));
  hf_contract_await (fixture, future);
  g_assert_null (hf_future_get_error (future));
}

void
promise_share (HfContract       *fixture,
            gconstpointer  data)
{
  HfFuturesSession *other = hf_futures_session_new_with_executor (fixture->executor);
  g_autofree char *uri = hf_test_server_dup_uri (fixture->server, "/get");
  gboolean closed = FALSE;

  g_object_unref (hf_contract_take_response (fixture, hf_futures_session_get (other, uri)));
  hf_futures_session_close_async (other, HF_CLOSE_DRAIN, NULL, on_closed, &closed);
  hf_assert_becomes (is_true, &closed);
  hf_assert_finalizes (other);
  g_object_unref (hf_contract_take_response (fixture, hf_contract_get (fixture, "/get")));
}
