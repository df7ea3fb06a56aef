/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-gate.h"
#include "hf-mock-server.h"
#include "hf-test-server.h"

/* Waiting for everything that the process has submitted. */

typedef struct {
  HfGate started;
  HfGate go_on;
  int n_done;      /* atomic */
  int n_destroyed; /* atomic */
} Held;

static void
hold (HfWorkCall *call,
      gpointer    user_data)
{
  Held *held = user_data;

  hf_gate_pass (&held->started);
  hf_gate_wait (&held->go_on, 1);
  g_atomic_int_inc (&held->n_done);
}

static void
count_destroyed (gpointer user_data)
{
  g_atomic_int_inc (&((Held *) user_data)->n_destroyed);
}

/* Submits to an executor that is the job's alone from then on. */
static void
submit_and_drop (HfExecutor *executor,
                 HfWorkFunc  func,
                 gpointer    user_data)
{
  g_object_unref (hf_executor_submit (executor, func, user_data, NULL));
  g_object_unref (executor);
}

static gpointer
open_gate (gpointer data)
{
  hf_gate_open (data);
  return NULL;
}

static void
test_idle (void)
{
  g_assert_true (hf_drain (-1, NULL));
  g_assert_true (hf_drain (0, NULL));
}

/* Everybody's functions, queued and running, although nobody has anything of them any more. */
static void
test_dropped (void)
{
  Held held = { .n_done = 0 };
  HfExecutor *executor = hf_thread_pool_executor_new (1);
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  GThread *opener;

  for (guint i = 0; i < 3; i++)
    g_object_unref (hf_executor_submit (executor, hold, &held, count_destroyed));
  g_object_unref (executor);
  submit_and_drop (hf_loop_executor_new (1), hold, &held);
  hf_gate_wait (&held.started, 2);

  g_cancellable_cancel (cancelled);
  g_assert_false (hf_drain (0, NULL));
  g_assert_false (hf_drain (1000, NULL));
  g_assert_false (hf_drain (-1, cancelled));
  opener = g_thread_new ("opener", open_gate, &held.go_on);
  g_assert_true (hf_drain (-1, NULL));
  g_assert_cmpint (held.n_done, ==, 4);
  g_assert_cmpint (held.n_destroyed, ==, 3);
  g_thread_join (opener);
}

/* What is queued is never called, and a request that runs ends, whoever dropped what; a function
 * that runs is waited for by draining, as ever. */
static void
test_cancel_all (void)
{
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "/hold/for-ever");
  g_autoptr (HfFuture) request = NULL;
  g_autoptr (HfFuture) queued = NULL;
  Held held = { .n_done = 0 };
  HfFuturesSession *session = hf_futures_session_new ();
  HfExecutor *executor = hf_thread_pool_executor_new (1);

  request = hf_futures_session_get (session, uri);
  g_object_unref (session);
  g_object_unref (hf_executor_submit (executor, hold, &held, count_destroyed));
  queued = hf_executor_submit (executor, hold, &held, count_destroyed);
  g_object_unref (executor);
  hf_gate_wait (&held.started, 1);
  hf_test_server_wait_for_requests (server, "/hold/for-ever", 1);

  hf_cancel_all ();
  g_assert_cmpint (hf_future_get_state (request), ==, HF_FUTURE_STATE_CANCELLED);
  g_assert_cmpint (hf_future_get_state (queued), ==, HF_FUTURE_STATE_CANCELLED);
  g_assert_false (hf_drain (0, NULL));
  hf_gate_open (&held.go_on);
  g_assert_true (hf_drain (-1, NULL));
  g_assert_cmpint (held.n_done, ==, 1);
  g_assert_cmpint (held.n_destroyed, ==, 2);
  hf_cancel_all ();
}

static void
note_thread (HfHookCall *call,
             gpointer    user_data)
{
  *(GThread **) user_data = g_thread_self ();
}

/* Requests, also those whose hook only this thread can run. */
static void
test_requests (void)
{
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "/redirect/2");
  GThread *threads[2] = { NULL, NULL };

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_autoptr (HfExecutor) executor = i == 0 ? hf_loop_executor_new (1)
                                               : hf_thread_pool_executor_new (1);
      g_autoptr (HfFuturesSession) session = hf_futures_session_new_with_executor (executor);

      hf_futures_session_add_response_hook_in_context (session, note_thread, &threads[i], NULL);
      g_object_unref (hf_futures_session_get (session, uri));
    }
  g_assert_true (hf_drain (-1, NULL));
  g_assert_true (threads[0] == g_thread_self ());
  g_assert_true (threads[1] == g_thread_self ());
}

/* A context of the application's may never go on. */
static void
test_home (void)
{
  HfExecutor *executor = hf_loop_executor_new_for_context (NULL);
  Held held = { .n_done = 0 };

  hf_gate_open (&held.go_on);
  g_object_unref (hf_executor_submit (executor, hold, &held, NULL));
  g_assert_true (hf_drain (-1, NULL));
  g_assert_cmpint (held.n_done, ==, 0);
  hf_assert_finalizes (executor);
  g_assert_cmpint (held.n_done, ==, 1);
}

static void
drain_within (HfWorkCall *call,
              gpointer    user_data)
{
  Held *held = user_data;

  hf_gate_pass (&held->started);
  hf_gate_wait (&held->started, 3);
  g_assert_true (hf_drain (-1, NULL));
  g_assert_cmpint (g_atomic_int_get (&held->n_done), ==, 1);
}

/* Two that drain do not wait for one another, but for a third, and this thread for all three. */
static void
test_within (void)
{
  Held held = { .n_done = 0 };
  GThread *opener;

  submit_and_drop (hf_thread_pool_executor_new (1), hold, &held);
  submit_and_drop (hf_thread_pool_executor_new (1), drain_within, &held);
  submit_and_drop (hf_loop_executor_new (1), drain_within, &held);
  hf_gate_wait (&held.started, 3);
  opener = g_thread_new ("opener", open_gate, &held.go_on);
  g_assert_true (hf_drain (-1, NULL));
  g_assert_cmpint (held.n_done, ==, 1);
  g_thread_join (opener);
}

static void
drain_in_hook (HfHookCall *call,
               gpointer    user_data)
{
  *(gboolean *) user_data = hf_drain (-1, NULL);
}

/* On workers and in this thread's context. */
static void
test_within_hook (gconstpointer data)
{
  g_autoptr (HfMockServer) server = hf_mock_server_new ();
  g_autoptr (HfFuturesSession) session = hf_futures_session_new ();
  g_autoptr (HfFuture) future = NULL;
  gboolean drained = FALSE;

  hf_mock_server_attach (server, session);
  if (GPOINTER_TO_INT (data))
    hf_futures_session_add_response_hook_in_context (session, drain_in_hook, &drained, NULL);
  else
    hf_futures_session_add_response_hook (session, drain_in_hook, &drained, NULL);
  future = hf_mock_server_get (session, "/x");
  hf_assert_body (future, "/x");
  g_assert_true (drained);
  g_clear_object (&session);
  g_assert_true (hf_drain (-1, NULL)); /* the worker still looks at the mock server */
}

static void
give_up_within (HfWorkCall *call,
                gpointer    user_data)
{
  g_assert_false (hf_drain (1000, NULL));
}

/* One that gave up draining is waited for by others again. */
static void
test_give_up_within (void)
{
  HfExecutor *executor = hf_thread_pool_executor_new (1);
  g_autoptr (HfFuture) future = NULL;
  Held held = { .n_done = 0 };

  submit_and_drop (hf_thread_pool_executor_new (1), hold, &held);
  hf_gate_wait (&held.started, 1);
  future = hf_executor_submit (executor, give_up_within, NULL, NULL);
  g_assert_true (hf_future_wait (future, -1, NULL));
  g_assert_null (hf_future_get_error (future));
  g_assert_false (hf_drain (0, NULL));
  hf_gate_open (&held.go_on);
  g_assert_true (hf_drain (-1, NULL));
  hf_assert_finalizes (executor);
}

static void
drain_on_loop (HfFuture *future,
               gpointer  user_data)
{
  g_assert_false (hf_drain (-1, NULL)); /* this very request is unfinished */
  hf_gate_pass (user_data);
}

static void
test_on_loop (void)
{
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "/hold/it");
  g_autoptr (HfExecutor) executor = hf_loop_executor_new (1);
  g_autoptr (HfFuturesSession) session = hf_futures_session_new_with_executor (executor);
  g_autoptr (HfFuture) future = hf_futures_session_get (session, uri);
  HfGate told = HF_GATE_INIT;

  hf_future_add_settled_func (future, drain_on_loop, &told, NULL);
  hf_test_server_release (server, "it");
  hf_gate_wait (&told, 1);
  g_assert_true (hf_drain (-1, NULL));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/drain/idle", test_idle);
  g_test_add_func ("/drain/dropped", test_dropped);
  g_test_add_func ("/drain/cancel-all", test_cancel_all);
  g_test_add_func ("/drain/requests", test_requests);
  g_test_add_func ("/drain/home", test_home);
  g_test_add_func ("/drain/within", test_within);
  g_test_add_data_func ("/drain/within-hook/worker", GINT_TO_POINTER (FALSE), test_within_hook);
  g_test_add_data_func ("/drain/within-hook/context", GINT_TO_POINTER (TRUE), test_within_hook);
  g_test_add_func ("/drain/give-up-within", test_give_up_within);
  g_test_add_func ("/drain/on-loop", test_on_loop);
  return g_test_run ();
}
