/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-gate.h"
#include "hf-mock-server.h"
#include "libhfutures.h"

/* Closing from the middle of what is closed, and while that goes from one thread to another. */

typedef struct {
  HfMockServer *server;
  HfExecutor *executor;
  HfFuturesSession *session;
  HfFuturesSession *other;
  HfGate both;    /* passed by each of two hooks */
  HfGate blocked; /* passed by the hook that holds the worker */
  HfGate go_on;   /* waited for by that hook */
  GThread *opener; /* lets what runs be answered */
  int n_hooks;    /* atomic */
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  *fixture = (Fixture){ .server = hf_mock_server_new () };
  fixture->executor = hf_thread_pool_executor_new (3);
  fixture->session = hf_futures_session_new_with_executor (fixture->executor);
  fixture->other = hf_futures_session_new_with_executor (fixture->executor);
  hf_mock_server_attach (fixture->server, fixture->session);
  hf_mock_server_attach (fixture->server, fixture->other);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  hf_assert_finalizes (fixture->session);
  hf_assert_finalizes (fixture->other);
  hf_assert_finalizes (fixture->executor);
  hf_mock_server_free (fixture->server);
}

/* Two hooks, each of which closes what the other one is in the middle of. */
static void
close_both (HfHookCall *call,
            gpointer    user_data)
{
  Fixture *fixture = user_data;
  HfFuturesSession *own = hf_hook_call_get_session (call);
  gboolean is_first = g_atomic_int_add (&fixture->n_hooks, 1) == 0;

  hf_gate_pass (&fixture->both);
  hf_gate_wait (&fixture->both, 2);
  if (own == fixture->other)
    hf_futures_session_close (fixture->session, HF_CLOSE_DRAIN);
  else if (g_object_get_data (G_OBJECT (own), "each-other") != NULL)
    hf_futures_session_close (fixture->other, HF_CLOSE_DRAIN);
  else if (is_first)
    hf_futures_session_close (own, HF_CLOSE_DRAIN);
  else
    hf_executor_close (fixture->executor, HF_CLOSE_DRAIN);
}

static void
test_two_hooks (Fixture       *fixture,
                gconstpointer  data)
{
  gboolean each_other = GPOINTER_TO_INT (data);
  g_autoptr (HfFuture) one = NULL;
  g_autoptr (HfFuture) two = NULL;

  g_object_set_data (G_OBJECT (fixture->session), "each-other", GINT_TO_POINTER (each_other));
  hf_futures_session_add_response_hook (fixture->session, close_both, fixture, NULL);
  hf_futures_session_add_response_hook (fixture->other, close_both, fixture, NULL);
  one = hf_mock_server_get (fixture->session, "/1");
  two = hf_mock_server_get (each_other ? fixture->other : fixture->session, "/2");
  hf_assert_body (one, "/1");
  hf_assert_body (two, "/2");
}

static void
nothing (HfHookCall *call,
         gpointer    user_data)
{
}

static gpointer
close_executor (gpointer data)
{
  hf_executor_close (data, HF_CLOSE_CANCEL_ALL);
  return NULL;
}

/* Hooks here and on workers in turns, so that jobs are always on their way. */
static void
test_on_their_way (Fixture       *fixture,
                   gconstpointer  data)
{
  const guint n_rounds = g_getenv ("HF_TEST_SLOW") != NULL ? 10 : 300;

  for (guint round = 0; round < n_rounds; round++)
    {
      HfExecutor *executor = hf_thread_pool_executor_new (3);
      HfFuturesSession *session = hf_futures_session_new_with_executor (executor);
      HfFuture *futures[12];
      GThread *thread;

      hf_mock_server_attach (fixture->server, session);
      for (guint i = 0; i < 6; i++)
        {
          hf_futures_session_add_response_hook_in_context (session, nothing, NULL, NULL);
          hf_futures_session_add_response_hook (session, nothing, NULL, NULL);
        }
      for (guint i = 0; i < G_N_ELEMENTS (futures); i++)
        futures[i] = hf_mock_server_get (session, "/x");
      for (guint i = 0; i < round % G_N_ELEMENTS (futures); i++)
        g_assert_true (hf_future_wait (futures[i], -1, NULL));
      thread = g_thread_new ("closer", close_executor, executor);
      for (guint i = 0; i < G_N_ELEMENTS (futures); i++)
        {
          g_assert_true (hf_future_wait (futures[i], -1, NULL));
          g_object_unref (futures[i]);
        }
      g_thread_join (thread);
      hf_assert_finalizes (session);
      hf_assert_finalizes (executor);
    }
}

static gpointer
open_answer (gpointer data)
{
  hf_gate_open (data);
  return NULL;
}

/* The close has to wait for what runs, which is answered from now on. */
static void
close_executor_when_freed (gpointer data)
{
  Fixture *fixture = data;

  fixture->opener = g_thread_new ("opener", open_answer, &fixture->server->answer);
  hf_executor_close (fixture->executor, HF_CLOSE_DRAIN);
}

static void
close_session_when_freed (gpointer data)
{
  Fixture *fixture = data;

  fixture->opener = g_thread_new ("opener", open_answer, &fixture->server->answer);
  hf_futures_session_close (fixture->session, HF_CLOSE_DRAIN);
}

/* What a hook closes over is freed where its request is cancelled, and may close something. */
static void
test_freed_data (Fixture       *fixture,
                 gconstpointer  data)
{
  GDestroyNotify destroy = data;
  g_autoptr (HfRequest) request = hf_request_new ("GET", "http://a.example/queued");
  HfFuture *running[3];
  g_autoptr (HfFuture) queued = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (running); i++)
    running[i] = hf_mock_server_get (fixture->session, "/wait");
  hf_gate_wait (&fixture->server->arrived, 3);
  hf_request_add_response_hook (request, nothing, fixture, destroy);
  queued = hf_futures_session_send (fixture->session, request);
  g_clear_object (&request);
  g_assert_true (hf_future_cancel (queued));
  for (guint i = 0; i < G_N_ELEMENTS (running); i++)
    {
      hf_assert_body (running[i], "/wait");
      g_clear_object (&running[i]);
    }
  g_thread_join (fixture->opener);
}

static void
hold_worker (HfHookCall *call,
             gpointer    user_data)
{
  Fixture *fixture = user_data;

  hf_gate_pass (&fixture->blocked);
  hf_gate_wait (&fixture->go_on, 1);
}

/* A request that waits for a worker for its next hook has begun long ago. */
static void
test_queued_hook (Fixture       *fixture,
                  gconstpointer  data)
{
  HfExecutor *executor = hf_thread_pool_executor_new (1);
  HfFuturesSession *session = hf_futures_session_new_with_executor (executor);
  g_autoptr (HfRequest) begun = hf_request_new ("GET", "http://a.example/begun");
  g_autoptr (HfRequest) holding = hf_request_new ("GET", "http://a.example/holding");
  g_autoptr (HfFuture) one = NULL;
  g_autoptr (HfFuture) two = NULL;

  hf_mock_server_attach (fixture->server, session);
  hf_request_add_response_hook_in_context (begun, nothing, NULL, NULL);
  hf_request_add_response_hook (begun, nothing, NULL, NULL);
  hf_request_add_response_hook (holding, hold_worker, fixture, NULL);
  one = hf_futures_session_send (session, begun);
  two = hf_futures_session_send (session, holding);
  hf_gate_wait (&fixture->blocked, 1);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (hf_future_get_state (one), ==, HF_FUTURE_STATE_RUNNING);
  hf_executor_close_async (executor, HF_CLOSE_CANCEL_QUEUED, NULL, NULL, NULL);
  hf_gate_open (&fixture->go_on);
  hf_assert_body (one, "/begun");
  hf_assert_body (two, "/holding");
  hf_assert_finalizes (session);
  hf_assert_finalizes (executor);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, data, func) g_test_add (path, Fixture, data, set_up, func, tear_down)
  ADD ("/close-within/session-and-executor", GINT_TO_POINTER (FALSE), test_two_hooks);
  ADD ("/close-within/each-other", GINT_TO_POINTER (TRUE), test_two_hooks);
  ADD ("/close-within/on-their-way", NULL, test_on_their_way);
  ADD ("/close-within/freed-data/session", close_session_when_freed, test_freed_data);
  ADD ("/close-within/freed-data/executor", close_executor_when_freed, test_freed_data);
  ADD ("/close-within/queued-hook", NULL, test_queued_hook);
  return g_test_run ();
}
