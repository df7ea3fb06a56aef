/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-gate.h"
#include "hf-mock-server.h"
#include "libhfutures.h"

/* Closing a session or its executor in each way, and dropping it. */

static void
test_close (gconstpointer data)
{
  HfCloseFlags flags = GPOINTER_TO_INT (data);
  g_autoptr (HfMockServer) server = hf_mock_server_new ();
  g_autoptr (HfFuturesSession) session = hf_futures_session_new_with_max_workers (1);
  g_autoptr (HfFuture) running = NULL;
  g_autoptr (HfFuture) queued = NULL;
  g_autoptr (HfFuture) late = NULL;

  hf_mock_server_attach (server, session);
  running = hf_mock_server_get (session, flags == HF_CLOSE_CANCEL_ALL ? "/hang" : "/wait");
  hf_gate_wait (&server->arrived, 1);
  queued = hf_mock_server_get (session, "/queued");
  hf_gate_open (&server->answer);
  hf_futures_session_close (session, flags);

  g_assert_true (hf_future_wait (running, 0, NULL));
  g_assert_true (hf_future_wait (queued, 0, NULL));
  if (flags == HF_CLOSE_CANCEL_ALL)
    hf_assert_fails (running, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  else
    hf_assert_body (running, "/wait");
  if (flags == HF_CLOSE_DRAIN)
    hf_assert_body (queued, "/queued");

  late = hf_mock_server_get (session, "/late");
  hf_assert_fails (late, HF_ERROR, HF_ERROR_CLOSED);
  hf_futures_session_close (session, flags);
}

/* With a worker that is certainly busy, what is queued is certainly cancelled. */
static void
test_close_cancels_queued (void)
{
  g_autoptr (HfMockServer) server = hf_mock_server_new ();
  g_autoptr (HfFuturesSession) session = hf_futures_session_new_with_max_workers (1);
  g_autoptr (HfFuture) running = NULL;
  g_autoptr (HfFuture) queued = NULL;
  gboolean closed = FALSE;

  hf_mock_server_attach (server, session);
  running = hf_mock_server_get (session, "/wait");
  hf_gate_wait (&server->arrived, 1);
  queued = hf_mock_server_get (session, "/queued");
  hf_futures_session_close_async (session, HF_CLOSE_CANCEL_QUEUED, NULL, NULL, &closed);
  hf_assert_fails (queued, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (hf_future_get_state (running), ==, HF_FUTURE_STATE_RUNNING);
  hf_gate_open (&server->answer);
  hf_assert_body (running, "/wait");
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
}

/* The wait ends with the time, the session and what it made at once. */
static void
test_close_until (void)
{
  g_autoptr (HfMockServer) server = hf_mock_server_new ();
  g_autoptr (HfFuturesSession) session = hf_futures_session_new_with_max_workers (1);
  HfExecutor *executor = hf_futures_session_get_executor (session);
  g_autoptr (HfFuture) running = NULL;
  g_autoptr (HfFuture) queued = NULL;
  g_autoptr (HfFuture) late = NULL;

  hf_mock_server_attach (server, session);
  running = hf_mock_server_get (session, "/wait");
  hf_gate_wait (&server->arrived, 1);
  queued = hf_mock_server_get (session, "/queued");
  g_assert_false (hf_futures_session_close_until (session, HF_CLOSE_DRAIN, 0));
  g_assert_false (hf_futures_session_close_until (session, HF_CLOSE_DRAIN, 1000));
  g_assert_cmpint (hf_future_get_state (queued), ==, HF_FUTURE_STATE_QUEUED);
  late = hf_mock_server_get (session, "/late");
  hf_assert_fails (late, HF_ERROR, HF_ERROR_CLOSED);

  g_assert_false (hf_executor_close_until (executor, HF_CLOSE_CANCEL_QUEUED, 1000));
  hf_assert_fails (queued, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  hf_gate_open (&server->answer);
  g_assert_true (hf_futures_session_close_until (session, HF_CLOSE_DRAIN, -1));
  g_assert_true (hf_executor_close_until (executor, HF_CLOSE_DRAIN, 0));
  hf_assert_body (running, "/wait");
}

static void
on_closed (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  gboolean *closed = user_data;
  g_autoptr (GError) error = NULL;

  *closed = hf_futures_session_close_finish (HF_FUTURES_SESSION (source), result, &error);
  g_assert_no_error (error);
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

static void
test_close_async (void)
{
  g_autoptr (HfMockServer) server = hf_mock_server_new ();
  HfFuturesSession *session = hf_futures_session_new ();
  g_autoptr (HfFuture) future = NULL;
  gboolean closed = FALSE;
  gboolean again = FALSE;

  hf_mock_server_attach (server, session);
  future = hf_mock_server_get (session, "/wait");
  hf_gate_wait (&server->arrived, 1);
  hf_futures_session_close_async (session, HF_CLOSE_DRAIN, NULL, on_closed, &closed);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_false (closed);
  hf_gate_open (&server->answer);
  hf_assert_becomes (is_true, &closed);
  g_assert_true (hf_future_wait (future, 0, NULL));

  hf_futures_session_close_async (session, HF_CLOSE_DRAIN, NULL, on_closed, &again);
  hf_assert_becomes (is_true, &again);
  hf_assert_finalizes (session);
}

static void
on_close_cancelled (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  if (HF_IS_EXECUTOR (source))
    g_assert_false (hf_executor_close_finish (HF_EXECUTOR (source), result, &error));
  else
    g_assert_false (hf_futures_session_close_finish (HF_FUTURES_SESSION (source), result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  (*(guint *) user_data)++;
}

static gboolean
is_four (gpointer data)
{
  return *(guint *) data == 4;
}

/* Cancelling ends the waiting, before it begins or after; what is closed is closed all the same. */
static void
test_close_async_cancelled (void)
{
  g_autoptr (HfMockServer) server = hf_mock_server_new ();
  HfFuturesSession *session = hf_futures_session_new ();
  HfExecutor *executor = hf_futures_session_get_executor (session);
  g_autoptr (GCancellable) before = g_cancellable_new ();
  g_autoptr (GCancellable) after = g_cancellable_new ();
  g_autoptr (HfFuture) running = NULL;
  g_autoptr (HfFuture) late = NULL;
  guint n_ended = 0;

  hf_mock_server_attach (server, session);
  running = hf_mock_server_get (session, "/wait");
  hf_gate_wait (&server->arrived, 1);
  g_cancellable_cancel (before);
  hf_futures_session_close_async (session, HF_CLOSE_DRAIN, before, on_close_cancelled, &n_ended);
  hf_executor_close_async (executor, HF_CLOSE_DRAIN, before, on_close_cancelled, &n_ended);
  hf_futures_session_close_async (session, HF_CLOSE_DRAIN, after, on_close_cancelled, &n_ended);
  hf_executor_close_async (executor, HF_CLOSE_DRAIN, after, on_close_cancelled, &n_ended);
  g_cancellable_cancel (after);
  hf_assert_becomes (is_four, &n_ended);
  g_assert_cmpint (hf_future_get_state (running), ==, HF_FUTURE_STATE_RUNNING);

  late = hf_mock_server_get (session, "/late");
  hf_assert_fails (late, HF_ERROR, HF_ERROR_CLOSED);
  hf_gate_open (&server->answer);
  hf_assert_body (running, "/wait");
  hf_assert_finalizes (session);
}

/* A session that closes itself when it is disposed of, on whichever thread that is. */
typedef struct {
  HfFuturesSession parent_instance;
} ClosingSession;

typedef struct {
  HfFuturesSessionClass parent_class;
} ClosingSessionClass;

static GType closing_session_get_type (void);

G_DEFINE_TYPE (ClosingSession, closing_session, HF_TYPE_FUTURES_SESSION)

static HfGate disposed = HF_GATE_INIT;

static void
closing_session_dispose (GObject *object)
{
  hf_futures_session_close (HF_FUTURES_SESSION (object), HF_CLOSE_DRAIN);
  hf_gate_pass (&disposed);
  G_OBJECT_CLASS (closing_session_parent_class)->dispose (object);
}

static void
closing_session_class_init (ClosingSessionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = closing_session_dispose;
}

static void
closing_session_init (ClosingSession *self)
{
}

static void
test_close_in_dispose (void)
{
  g_autoptr (HfMockServer) server = hf_mock_server_new ();
  HfFuturesSession *session = g_object_new (closing_session_get_type (), NULL);
  g_autoptr (HfFuture) future = NULL;

  hf_mock_server_attach (server, session);
  future = hf_mock_server_get (session, "/wait");
  hf_gate_wait (&server->arrived, 1);
  g_object_unref (session); /* the worker has the last reference */
  hf_gate_open (&server->answer);
  hf_assert_body (future, "/wait");
  hf_gate_wait (&disposed, 1);
}

static void
close_session (HfHookCall *call,
               gpointer    user_data)
{
  hf_futures_session_close (hf_hook_call_get_session (call), HF_CLOSE_CANCEL_ALL);
}

/* A hook that closes its session does not wait for itself. */
static void
test_close_in_hook (gconstpointer data)
{
  gboolean in_context = GPOINTER_TO_INT (data);
  g_autoptr (HfMockServer) server = hf_mock_server_new ();
  g_autoptr (HfFuturesSession) session = hf_futures_session_new ();
  g_autoptr (HfFuture) future = NULL;

  hf_mock_server_attach (server, session);
  if (in_context)
    hf_futures_session_add_response_hook_in_context (session, close_session, NULL, NULL);
  else
    hf_futures_session_add_response_hook (session, close_session, NULL, NULL);
  future = hf_mock_server_get (session, "/x");
  hf_assert_fails (future, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static gboolean
weak_ref_is_empty (gpointer data)
{
  g_autoptr (GObject) object = g_weak_ref_get (data);

  return object == NULL;
}

static void
test_drop (void)
{
  g_autoptr (HfMockServer) server = hf_mock_server_new ();
  HfFuturesSession *session = hf_futures_session_new_with_max_workers (1);
  HfFuture *running;
  HfFuture *queued;
  HfExecutor *executor = g_object_ref (hf_futures_session_get_executor (session));
  GWeakRef weak;

  hf_mock_server_attach (server, session);
  running = hf_mock_server_get (session, "/wait");
  hf_gate_wait (&server->arrived, 1);
  queued = hf_mock_server_get (session, "/queued");
  g_weak_ref_init (&weak, session);
  g_object_unref (session);
  g_object_unref (queued);
  hf_gate_open (&server->answer);

  /* Neither cancels: both are sent. */
  hf_gate_wait (&server->arrived, 2);
  hf_assert_body (running, "/wait");
  hf_assert_finalizes (running);
  hf_assert_becomes (weak_ref_is_empty, &weak);
  g_weak_ref_clear (&weak);
  hf_assert_finalizes (executor);
}

typedef struct {
  HfGate both;
} Closers;

static void
close_together (HfHookCall *call,
                gpointer    user_data)
{
  Closers *closers = user_data;

  hf_gate_pass (&closers->both);
  hf_gate_wait (&closers->both, 2);
  hf_futures_session_close (hf_hook_call_get_session (call), HF_CLOSE_DRAIN);
}

/* Two hooks that close at the same time do not wait for one another. */
static void
test_close_in_two_hooks (void)
{
  g_autoptr (HfMockServer) server = hf_mock_server_new ();
  HfFuturesSession *session = hf_futures_session_new_with_max_workers (2);
  Closers closers = { HF_GATE_INIT };
  g_autoptr (HfFuture) one = NULL;
  g_autoptr (HfFuture) two = NULL;

  hf_mock_server_attach (server, session);
  hf_futures_session_add_response_hook (session, close_together, &closers, NULL);
  one = hf_futures_session_get (session, "http://a.example/1");
  two = hf_futures_session_get (session, "http://a.example/2");
  g_assert_true (hf_future_wait (one, -1, NULL));
  g_assert_true (hf_future_wait (two, -1, NULL));
  g_assert_null (hf_future_get_error (one));
  g_assert_null (hf_future_get_error (two));
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  hf_assert_finalizes (session);
}

typedef struct {
  HfExecutor *executor;
  HfGate passed;
} ExecutorCloser;

static void
pass_gate (HfHookCall *call,
           gpointer    user_data)
{
  ExecutorCloser *closer = user_data;

  hf_gate_pass (&closer->passed);
}

static void
close_executor (HfHookCall *call,
                gpointer    user_data)
{
  ExecutorCloser *closer = user_data;

  hf_executor_close (closer->executor, HF_CLOSE_DRAIN);
  hf_gate_pass (&closer->passed);
}

/* A request whose hook waits for its context is not over, and has a hook on a worker to come. */
static void
test_close_executor_while_hook_waits (gconstpointer data)
{
  HfCloseFlags flags = GPOINTER_TO_INT (data);
  g_autoptr (HfMockServer) server = hf_mock_server_new ();
  ExecutorCloser closer = { hf_thread_pool_executor_new (1), HF_GATE_INIT };
  HfFuturesSession *session = hf_futures_session_new_with_executor (closer.executor);
  g_autoptr (HfFuture) future = NULL;

  hf_mock_server_attach (server, session);
  hf_futures_session_add_response_hook_in_context (session, pass_gate, &closer, NULL);
  hf_futures_session_add_response_hook (session, pass_gate, &closer, NULL);
  future = hf_mock_server_get (session, "/x");
  while (!g_main_context_pending (NULL))
    g_thread_yield ();
  g_assert_false (hf_gate_has_passed (&closer.passed, 1));

  hf_executor_close (closer.executor, flags);
  g_assert_true (hf_future_wait (future, 0, NULL));
  if (flags == HF_CLOSE_CANCEL_ALL)
    {
      hf_assert_fails (future, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_false (hf_gate_has_passed (&closer.passed, 1));
    }
  else
    {
      hf_assert_body (future, "/x");
      g_assert_true (hf_gate_has_passed (&closer.passed, 2));
    }
  hf_assert_finalizes (session);
  hf_assert_finalizes (closer.executor);
}

static void
test_close_executor_in_hook (gconstpointer data)
{
  gboolean in_context = GPOINTER_TO_INT (data);
  g_autoptr (HfMockServer) server = hf_mock_server_new ();
  ExecutorCloser closer = { hf_thread_pool_executor_new (1), HF_GATE_INIT };
  g_autoptr (HfFuturesSession) session = hf_futures_session_new_with_executor (closer.executor);
  g_autoptr (HfFuture) future = NULL;

  hf_mock_server_attach (server, session);
  if (in_context)
    hf_futures_session_add_response_hook_in_context (session, close_executor, &closer, NULL);
  else
    hf_futures_session_add_response_hook (session, close_executor, &closer, NULL);
  future = hf_mock_server_get (session, "/x");
  hf_assert_body (future, "/x");
  g_assert_true (hf_gate_has_passed (&closer.passed, 1));
  g_object_unref (closer.executor);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/session/close/drain", GINT_TO_POINTER (HF_CLOSE_DRAIN), test_close);
  g_test_add_data_func ("/session/close/cancel-queued", GINT_TO_POINTER (HF_CLOSE_CANCEL_QUEUED),
                        test_close);
  g_test_add_data_func ("/session/close/cancel-all", GINT_TO_POINTER (HF_CLOSE_CANCEL_ALL),
                        test_close);
  g_test_add_func ("/session/close/cancels-queued", test_close_cancels_queued);
  g_test_add_func ("/session/close/until", test_close_until);
  g_test_add_func ("/session/close/async", test_close_async);
  g_test_add_func ("/session/close/async-cancelled", test_close_async_cancelled);
  g_test_add_func ("/session/close/in-dispose", test_close_in_dispose);
  g_test_add_data_func ("/session/close/in-hook", GINT_TO_POINTER (FALSE), test_close_in_hook);
  g_test_add_data_func ("/session/close/in-hook-in-context", GINT_TO_POINTER (TRUE),
                        test_close_in_hook);
  g_test_add_func ("/session/drop", test_drop);
  g_test_add_func ("/session/close/in-two-hooks", test_close_in_two_hooks);
  g_test_add_data_func ("/executor/close/drain-while-hook-waits", GINT_TO_POINTER (HF_CLOSE_DRAIN),
                        test_close_executor_while_hook_waits);
  g_test_add_data_func ("/executor/close/cancel-all-while-hook-waits",
                        GINT_TO_POINTER (HF_CLOSE_CANCEL_ALL),
                        test_close_executor_while_hook_waits);
  g_test_add_data_func ("/executor/close/in-hook", GINT_TO_POINTER (FALSE),
                        test_close_executor_in_hook);
  g_test_add_data_func ("/executor/close/in-hook-in-context", GINT_TO_POINTER (TRUE),
                        test_close_executor_in_hook);
  return g_test_run ();
}
