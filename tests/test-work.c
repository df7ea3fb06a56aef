/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-gate.h"
#include "hf-inline-executor.h"
#include "hf-mock-server.h"
#include "hf-test-server.h"

/* What is said of submitted functions that does not depend on the kind of the executor. */

static void
keep_call (HfWorkCall *call,
           gpointer    user_data)
{
  HfWorkCall **kept = user_data;

  g_assert_nonnull (hf_work_call_get_cancellable (call));
  *kept = hf_work_call_ref (call);
}

/* Who keeps the call has nothing of it. */
static void
test_empty_call (void)
{
  HfExecutor *executor = hf_inline_executor_new ();
  g_autoptr (HfWorkCall) call = NULL;
  g_autoptr (HfFuture) future = hf_executor_submit (executor, keep_call, &call, NULL);
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GError) error = g_error_new_literal (HF_ERROR, HF_ERROR_FAILED, "too late");

  g_assert_cmpint (hf_future_get_state (future), ==, HF_FUTURE_STATE_SUCCEEDED);
  g_assert_null (hf_work_call_get_cancellable (call));
  g_value_init (&value, G_TYPE_INT);
  hf_work_call_set_value (call, &value);
  hf_work_call_fail (call, error);
  g_assert_null (hf_future_get_error (future));
  hf_assert_finalizes (executor);
}

typedef struct {
  HfMockServer *server;
  const char *name;
} Named;

static void
note_name (HfWorkCall *call,
           gpointer    user_data)
{
  Named *named = user_data;

  g_string_append_printf (named->server->log, "%s ", named->name);
}

/* Functions take turns with sessions, behind what is more urgent. */
static void
test_turns (void)
{
  g_autoptr (HfMockServer) server = hf_mock_server_new ();
  HfExecutor *executor = hf_inline_executor_new ();
  HfFuturesSession *session = hf_futures_session_new_with_executor (executor);
  Named named[] = { { server, "a" }, { server, "b" } };
  g_autoptr (HfRequest) urgent = hf_request_new ("GET", "http://a.example/urgent");

  hf_mock_server_attach (server, session);
  hf_request_set_priority (urgent, G_PRIORITY_HIGH);
  hf_inline_executor_hold (HF_INLINE_EXECUTOR (executor));
  g_object_unref (hf_executor_submit (executor, note_name, &named[0], NULL));
  g_object_unref (hf_executor_submit (executor, note_name, &named[1], NULL));
  g_object_unref (hf_mock_server_get (session, "/x"));
  g_object_unref (hf_futures_session_send (session, urgent));
  hf_inline_executor_run (HF_INLINE_EXECUTOR (executor));
  g_assert_cmpstr (server->log->str, ==, "/urgent a /x b ");
  hf_assert_finalizes (session);
  hf_assert_finalizes (executor);
}

typedef struct {
  HfGate started;
  HfGate go_on;
} Held;

static void
hold (HfWorkCall *call,
      gpointer    user_data)
{
  Held *held = user_data;

  hf_gate_pass (&held->started);
  hf_gate_wait (&held->go_on, 1);
}

/* Functions that block do not hold up the requests of a loop, nor take their places. */
static void
test_loop_goes_on (void)
{
  const guint n_helpers = 4;
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "/get");
  HfExecutor *executor = hf_loop_executor_new (1);
  HfFuturesSession *session = hf_futures_session_new_with_executor (executor);
  Held held = { HF_GATE_INIT, HF_GATE_INIT };
  g_autoptr (HfFuture) queued = NULL;
  g_autoptr (HfFuture) got = NULL;

  hf_loop_executor_set_max_in_flight (HF_LOOP_EXECUTOR (executor), 1);
  for (guint i = 0; i < n_helpers; i++)
    g_object_unref (hf_executor_submit (executor, hold, &held, NULL));
  hf_gate_wait (&held.started, n_helpers);
  queued = hf_executor_submit (executor, hold, &held, NULL);
  got = hf_futures_session_get (session, uri);
  g_assert_true (hf_future_wait (got, -1, NULL));
  g_assert_null (hf_future_get_error (got));
  g_assert_cmpint (hf_future_get_state (queued), ==, HF_FUTURE_STATE_QUEUED);
  hf_gate_open (&held.go_on);
  g_assert_true (hf_future_wait (queued, -1, NULL));
  hf_assert_finalizes (session);
  hf_assert_finalizes (executor);
}

static void
never (HfWorkCall *call,
       gpointer    user_data)
{
  g_assert_not_reached ();
}

typedef struct {
  HfExecutor *executor;
  int n_destroyed;
} Closing;

static void
close_when_freed (gpointer data)
{
  Closing *closing = data;

  closing->n_destroyed++;
  hf_executor_close (closing->executor, HF_CLOSE_DRAIN);
}

/* What is freed with a function that closing cancels may close as well: it does not wait for those
 * whose turn to be cancelled is still to come. */
static void
test_close_when_freed (void)
{
  HfExecutor *executor = hf_inline_executor_new ();
  Closing closing = { executor, 0 };

  hf_inline_executor_hold (HF_INLINE_EXECUTOR (executor));
  for (guint i = 0; i < 3; i++)
    g_object_unref (hf_executor_submit (executor, never, &closing, close_when_freed));
  hf_executor_close (executor, HF_CLOSE_CANCEL_QUEUED);
  g_assert_cmpint (closing.n_destroyed, ==, 3);
  hf_assert_finalizes (executor);
}

static void
nothing (HfWorkCall *call,
         gpointer    user_data)
{
}

static void
count_data (gpointer user_data)
{
  g_atomic_int_inc ((int *) user_data);
}

typedef struct {
  HfExecutor *executor;
  int *n_destroyed;
  HfFuture **futures;
} Submitter;

#define N_SUBMITTERS 3
#define N_EACH 300

static gpointer
submit_many (gpointer data)
{
  Submitter *submitter = data;

  for (guint i = 0; i < N_EACH; i++)
    {
      submitter->futures[i] =
        hf_executor_submit (submitter->executor, nothing, submitter->n_destroyed, count_data);
      if (i % 5 == 0)
        hf_future_cancel (submitter->futures[i]);
    }
  return NULL;
}

/* Closing in the middle of submitting loses nothing and frees nothing twice. */
static void
test_close_meanwhile (gconstpointer data)
{
  gboolean loops = GPOINTER_TO_INT (data);
  const guint n_rounds = g_getenv ("HF_TEST_SLOW") != NULL ? 2 : 20;

  for (guint round = 0; round < n_rounds; round++)
    {
      HfExecutor *executor = loops ? hf_loop_executor_new (1) : hf_thread_pool_executor_new (3);
      HfFuture *futures[N_SUBMITTERS][N_EACH];
      Submitter submitters[N_SUBMITTERS];
      GThread *threads[N_SUBMITTERS];
      int n_destroyed = 0;

      for (guint i = 0; i < N_SUBMITTERS; i++)
        {
          submitters[i] = (Submitter){ executor, &n_destroyed, futures[i] };
          threads[i] = g_thread_new ("submitter", submit_many, &submitters[i]);
        }
      hf_executor_close (executor, round % 2 ? HF_CLOSE_CANCEL_ALL : HF_CLOSE_DRAIN);
      for (guint i = 0; i < N_SUBMITTERS; i++)
        g_thread_join (threads[i]);
      for (guint i = 0; i < N_SUBMITTERS * N_EACH; i++)
        {
          g_assert_true (hf_future_wait (futures[i / N_EACH][i % N_EACH], 0, NULL));
          g_object_unref (futures[i / N_EACH][i % N_EACH]);
        }
      g_assert_cmpint (n_destroyed, ==, N_SUBMITTERS * N_EACH);
      hf_assert_finalizes (executor);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/work/empty-call", test_empty_call);
  g_test_add_func ("/work/turns", test_turns);
  g_test_add_func ("/work/loop-goes-on", test_loop_goes_on);
  g_test_add_func ("/work/close-when-freed", test_close_when_freed);
  g_test_add_data_func ("/work/close-meanwhile/threads", GINT_TO_POINTER (FALSE),
                        test_close_meanwhile);
  g_test_add_data_func ("/work/close-meanwhile/loops", GINT_TO_POINTER (TRUE),
                        test_close_meanwhile);
  return g_test_run ();
}
