/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-clock-private.h"
#include "hf-futures-session-private.h"
#include "hf-gate.h"
#include "hf-mock-transport-private.h"
#include "libhfutures.h"

/* A session on threads: workers, closing, priorities, cancelling, deadlines. On the mock transport,
 * whose answers wait for gates. */

typedef struct {
  HfGate arrived; /* passed by every hop */
  HfGate answer;  /* waited for by hops to /wait, and by those to /N for N passes */
  GMutex lock;
  GString *log;   /* guarded by lock: the paths in the order in which they came */
  GThread *thread;
} Server;

static void
on_cancelled (GCancellable *cancellable,
              gpointer      user_data)
{
  hf_gate_open (user_data);
}

static HfResponse *
serve (HfHop         *hop,
       GCancellable  *cancellable,
       gpointer       user_data,
       GError       **error)
{
  Server *server = user_data;
  const char *path = g_uri_get_path (hop->uri);

  g_mutex_lock (&server->lock);
  g_string_append_printf (server->log, "%s ", path);
  server->thread = g_thread_self ();
  g_mutex_unlock (&server->lock);
  hf_gate_pass (&server->arrived);

  if (g_str_equal (path, "/wait"))
    hf_gate_wait (&server->answer, 1);

  /* Only what stops the work lets it go on. */
  if (g_str_equal (path, "/hang"))
    {
      HfGate stopped = HF_GATE_INIT;
      gulong id = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), &stopped, NULL);

      hf_gate_wait (&stopped, 1);
      g_cancellable_disconnect (cancellable, id);
      g_cancellable_set_error_if_cancelled (cancellable, error);
      return NULL;
    }

  if (g_str_equal (path, "/away"))
    return hf_mock_response_new (302, "", "Location", "http://b.example/there", NULL);
  return hf_mock_response_new (200, path, NULL, NULL);
}

static Server *
server_new (void)
{
  Server *server = g_new0 (Server, 1);

  server->log = g_string_new (NULL);
  return server;
}

static void
server_free (Server *server)
{
  g_string_free (server->log, TRUE);
  g_free (server);
}

static void
use_server (HfFuturesSession *session,
            Server           *server)
{
  g_autoptr (HfTransport) transport = hf_mock_transport_new (serve, server, NULL);

  hf_futures_session_set_transport (session, transport);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Server, server_free)

static HfFuture *
get (HfFuturesSession *session,
     const char       *path)
{
  g_autofree char *uri = g_strconcat ("http://a.example", path, NULL);

  return hf_futures_session_get (session, uri);
}

static void
assert_body (HfFuture   *future,
             const char *body)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response = hf_future_get_result (future, NULL, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = hf_response_get_text (response, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, body);
}

static void
assert_fails (HfFuture *future,
              GQuark    domain,
              int       code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (hf_future_get_value (future, NULL, &error));
  g_assert_error (error, domain, code);
}

static void
test_defaults (void)
{
  g_autoptr (HfFuturesSession) session = hf_futures_session_new ();
  g_autoptr (HfExecutor) executor = hf_thread_pool_executor_new (5);
  g_autoptr (HfFuturesSession) both = g_object_new (HF_TYPE_FUTURES_SESSION, "executor", executor,
                                                    "max-workers", 9, NULL);
  g_autoptr (HfFuturesSession) nine = hf_futures_session_new_with_max_workers (9);

  g_assert_cmpuint (hf_futures_session_get_max_workers (session), ==, 2);
  g_assert_true (HF_IS_THREAD_POOL_EXECUTOR (hf_futures_session_get_executor (session)));
  g_assert_true (SOUP_IS_SESSION (hf_futures_session_get_soup_session (session)));
  g_assert_cmpfloat (hf_futures_session_get_connect_timeout (session), ==, 10);
  g_assert_cmpfloat (hf_futures_session_get_read_timeout (session), ==, 30);
  g_assert_cmpfloat (hf_futures_session_get_deadline (session), ==, 0);

  g_assert_true (hf_futures_session_get_executor (both) == executor);
  g_assert_cmpuint (hf_futures_session_get_max_workers (both), ==, 5);
  g_assert_cmpuint (hf_futures_session_get_max_workers (nine), ==, 9);
}

/* Two requests run at the same time, the third waits for a worker. */
static void
test_two_workers (void)
{
  g_autoptr (Server) server = server_new ();
  g_autoptr (HfFuturesSession) session = hf_futures_session_new ();
  g_autoptr (HfFuture) one = NULL;
  g_autoptr (HfFuture) two = NULL;
  g_autoptr (HfFuture) three = NULL;

  use_server (session, server);
  one = get (session, "/wait");
  two = get (session, "/wait");
  three = get (session, "/third");
  hf_gate_wait (&server->arrived, 2);
  g_assert_cmpint (hf_future_get_state (one), ==, HF_FUTURE_STATE_RUNNING);
  g_assert_cmpint (hf_future_get_state (two), ==, HF_FUTURE_STATE_RUNNING);
  g_assert_cmpint (hf_future_get_state (three), ==, HF_FUTURE_STATE_QUEUED);
  g_assert_false (hf_gate_has_passed (&server->arrived, 3));

  hf_gate_open (&server->answer);
  assert_body (three, "/third");
  assert_body (one, "/wait");
  assert_body (two, "/wait");
}

static void
test_shared_executor (void)
{
  g_autoptr (Server) server = server_new ();
  g_autoptr (HfExecutor) executor = hf_thread_pool_executor_new (1);
  g_autoptr (HfFuturesSession) a = hf_futures_session_new_with_executor (executor);
  g_autoptr (HfFuturesSession) b = hf_futures_session_new_with_executor (executor);
  g_autoptr (HfFuture) blocker = NULL;
  g_autoptr (HfFuture) after = NULL;
  HfFuture *futures[4];

  use_server (a, server);
  use_server (b, server);
  blocker = get (a, "/wait");
  hf_gate_wait (&server->arrived, 1);
  futures[0] = get (a, "/a1");
  futures[1] = get (a, "/a2");
  futures[2] = get (a, "/a3");
  futures[3] = get (b, "/b1");
  hf_gate_open (&server->answer);

  hf_futures_session_close (a, HF_CLOSE_DRAIN);
  for (guint i = 0; i < G_N_ELEMENTS (futures); i++)
    {
      g_autoptr (HfFuture) future = futures[i];

      g_assert_true (hf_future_wait (future, -1, NULL));
    }
  g_assert_cmpstr (server->log->str, ==, "/wait /a1 /b1 /a2 /a3 ");

  /* The executor was made by none of them, so it stays open. */
  after = get (b, "/b2");
  assert_body (after, "/b2");
}

static void
test_priority (void)
{
  g_autoptr (Server) server = server_new ();
  g_autoptr (HfFuturesSession) session = hf_futures_session_new_with_max_workers (1);
  g_autoptr (HfFuture) blocker = NULL;
  static const int priorities[] = { 0, 300, -50 };

  use_server (session, server);
  blocker = get (session, "/wait");
  hf_gate_wait (&server->arrived, 1);
  for (guint i = 0; i < G_N_ELEMENTS (priorities); i++)
    {
      g_autofree char *uri = g_strdup_printf ("http://a.example/%d", priorities[i]);
      g_autoptr (HfRequest) request = hf_request_new ("GET", uri);

      hf_request_set_priority (request, priorities[i]);
      g_object_unref (hf_futures_session_send (session, request));
    }
  hf_gate_open (&server->answer);
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  g_assert_cmpstr (server->log->str, ==, "/wait /-50 /0 /300 ");
}

/* A hop to another origin goes back to the queue, behind a host that waits. */
static void
test_hop_queues_again (void)
{
  g_autoptr (Server) server = server_new ();
  g_autoptr (HfFuturesSession) session = hf_futures_session_new_with_max_workers (1);
  g_autoptr (HfFuture) blocker = NULL;
  g_autoptr (HfFuture) away = NULL;
  g_autoptr (HfFuture) other = NULL;

  use_server (session, server);
  blocker = get (session, "/wait");
  hf_gate_wait (&server->arrived, 1);
  away = get (session, "/away");
  other = hf_futures_session_get (session, "http://c.example/other");
  hf_gate_open (&server->answer);

  hf_futures_session_close (session, HF_CLOSE_DRAIN); /* the rest of a request is not refused */
  assert_body (away, "/there");
  g_assert_cmpstr (server->log->str, ==, "/wait /away /other /there ");
}

static void
test_close (gconstpointer data)
{
  HfCloseFlags flags = GPOINTER_TO_INT (data);
  g_autoptr (Server) server = server_new ();
  g_autoptr (HfFuturesSession) session = hf_futures_session_new_with_max_workers (1);
  g_autoptr (HfFuture) running = NULL;
  g_autoptr (HfFuture) queued = NULL;
  g_autoptr (HfFuture) late = NULL;

  use_server (session, server);
  running = get (session, flags == HF_CLOSE_CANCEL_ALL ? "/hang" : "/wait");
  hf_gate_wait (&server->arrived, 1);
  queued = get (session, "/queued");
  hf_gate_open (&server->answer);
  hf_futures_session_close (session, flags);

  g_assert_true (hf_future_wait (running, 0, NULL));
  g_assert_true (hf_future_wait (queued, 0, NULL));
  if (flags == HF_CLOSE_CANCEL_ALL)
    assert_fails (running, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  else
    assert_body (running, "/wait");
  if (flags == HF_CLOSE_DRAIN)
    assert_body (queued, "/queued");

  late = get (session, "/late");
  assert_fails (late, HF_ERROR, HF_ERROR_CLOSED);
  hf_futures_session_close (session, flags);
}

/* With a worker that is certainly busy, what is queued is certainly cancelled. */
static void
test_close_cancels_queued (void)
{
  g_autoptr (Server) server = server_new ();
  g_autoptr (HfFuturesSession) session = hf_futures_session_new_with_max_workers (1);
  g_autoptr (HfFuture) running = NULL;
  g_autoptr (HfFuture) queued = NULL;
  gboolean closed = FALSE;

  use_server (session, server);
  running = get (session, "/wait");
  hf_gate_wait (&server->arrived, 1);
  queued = get (session, "/queued");
  hf_futures_session_close_async (session, HF_CLOSE_CANCEL_QUEUED, NULL, NULL, &closed);
  assert_fails (queued, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (hf_future_get_state (running), ==, HF_FUTURE_STATE_RUNNING);
  hf_gate_open (&server->answer);
  assert_body (running, "/wait");
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
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
  g_autoptr (Server) server = server_new ();
  HfFuturesSession *session = hf_futures_session_new ();
  g_autoptr (HfFuture) future = NULL;
  gboolean closed = FALSE;
  gboolean again = FALSE;

  use_server (session, server);
  future = get (session, "/wait");
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
  g_autoptr (Server) server = server_new ();
  g_autoptr (HfFuturesSession) session = hf_futures_session_new ();
  g_autoptr (HfFuture) future = NULL;

  use_server (session, server);
  if (in_context)
    hf_futures_session_add_response_hook_in_context (session, close_session, NULL, NULL);
  else
    hf_futures_session_add_response_hook (session, close_session, NULL, NULL);
  future = get (session, "/x");
  assert_fails (future, G_IO_ERROR, G_IO_ERROR_CANCELLED);
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
  g_autoptr (Server) server = server_new ();
  HfFuturesSession *session = hf_futures_session_new_with_max_workers (1);
  HfFuture *running;
  HfFuture *queued;
  HfExecutor *executor = g_object_ref (hf_futures_session_get_executor (session));
  GWeakRef weak;

  use_server (session, server);
  running = get (session, "/wait");
  hf_gate_wait (&server->arrived, 1);
  queued = get (session, "/queued");
  g_weak_ref_init (&weak, session);
  g_object_unref (session);
  g_object_unref (queued);
  hf_gate_open (&server->answer);

  /* Neither cancels: both are sent. */
  hf_gate_wait (&server->arrived, 2);
  assert_body (running, "/wait");
  hf_assert_finalizes (running);
  hf_assert_becomes (weak_ref_is_empty, &weak);
  g_weak_ref_clear (&weak);
  hf_assert_finalizes (executor);
}

static void
test_cancellable (gconstpointer data)
{
  const char *when = data;
  g_autoptr (Server) server = server_new ();
  HfFuturesSession *session = hf_futures_session_new_with_max_workers (1);
  GCancellable *cancellable = g_cancellable_new ();
  HfRequest *request = hf_request_new ("GET", "http://a.example/hang");
  g_autoptr (HfFuture) blocker = NULL;
  g_autoptr (HfFuture) future = NULL;

  use_server (session, server);
  hf_request_set_cancellable (request, cancellable);
  if (g_str_equal (when, "before"))
    g_cancellable_cancel (cancellable);
  if (g_str_equal (when, "queued"))
    {
      blocker = get (session, "/wait");
      hf_gate_wait (&server->arrived, 1);
    }
  future = hf_futures_session_send (session, request);
  if (g_str_equal (when, "running"))
    hf_gate_wait (&server->arrived, 1);
  g_cancellable_cancel (cancellable);
  g_assert_true (hf_future_wait (future, 0, NULL));
  assert_fails (future, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  hf_gate_open (&server->answer);
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  g_assert_cmpuint (server->arrived.count, ==, g_str_equal (when, "before") ? 0 : 1);

  g_clear_object (&blocker);
  g_clear_object (&future);
  hf_assert_finalizes (session);
  hf_assert_finalizes (request);
  hf_assert_finalizes (cancellable);
}

static void
test_deadline (gconstpointer data)
{
  gboolean queued = GPOINTER_TO_INT (data);
  HfClock *clock = hf_clock_new_manual ();
  HfClock *real = hf_clock_get_default ();
  g_autoptr (Server) server = server_new ();
  HfFuturesSession *session;
  HfFuture *blocker = NULL;
  HfFuture *future;

  hf_clock_set_default (clock);
  session = hf_futures_session_new_with_max_workers (1);
  use_server (session, server);
  if (queued)
    {
      blocker = get (session, "/wait");
      hf_gate_wait (&server->arrived, 1);
    }
  hf_futures_session_set_deadline (session, 2);
  future = get (session, "/hang");
  if (!queued)
    hf_gate_wait (&server->arrived, 1);
  hf_clock_advance (clock, 2 * G_USEC_PER_SEC - 1);
  g_assert_false (hf_future_wait (future, 0, NULL));
  hf_clock_advance (clock, 1);
  assert_fails (future, HF_ERROR, HF_ERROR_TIMEOUT_DEADLINE);

  hf_gate_open (&server->answer);
  if (blocker != NULL)
    {
      assert_body (blocker, "/wait");
      g_object_unref (blocker);
    }
  g_object_unref (future);
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  g_assert_cmpuint (server->arrived.count, ==, 1);
  hf_assert_finalizes (session);
  hf_clock_set_default (real);
  hf_clock_free (clock);
}

static void
test_read_timeout (void)
{
  HfClock *clock = hf_clock_new_manual ();
  HfClock *real = hf_clock_get_default ();
  g_autoptr (Server) server = server_new ();
  g_autoptr (HfRequest) request = hf_request_new ("GET", "http://a.example/hang");
  HfFuturesSession *session;
  HfFuture *inherited;
  HfFuture *own;

  hf_clock_set_default (clock);
  session = hf_futures_session_new ();
  use_server (session, server);
  hf_request_set_read_timeout (request, 40);
  inherited = get (session, "/hang");
  own = hf_futures_session_send (session, request);
  hf_gate_wait (&server->arrived, 2);

  hf_clock_advance (clock, 30 * G_USEC_PER_SEC - 1);
  g_assert_false (hf_future_wait (inherited, 0, NULL));
  hf_clock_advance (clock, 1);
  assert_fails (inherited, HF_ERROR, HF_ERROR_TIMEOUT_READ);
  g_assert_false (hf_future_wait (own, 0, NULL));
  hf_clock_advance (clock, 10 * G_USEC_PER_SEC);
  assert_fails (own, HF_ERROR, HF_ERROR_TIMEOUT_READ);

  g_object_unref (inherited);
  g_object_unref (own);
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  hf_assert_finalizes (session);
  hf_clock_set_default (real);
  hf_clock_free (clock);
}

/* A session that overrides the one virtual function. */
#define TEST_TYPE_SESSION (test_session_get_type ())
G_DECLARE_FINAL_TYPE (TestSession, test_session, TEST, SESSION, HfFuturesSession)

struct _TestSession {
  HfFuturesSession parent_instance;

  gboolean broken;
};

G_DEFINE_FINAL_TYPE (TestSession, test_session, HF_TYPE_FUTURES_SESSION)

static HfFuture *
test_session_send (HfFuturesSession *session,
                   HfRequest        *request)
{
  if (TEST_SESSION (session)->broken)
    return NULL;

  hf_request_set_uri (request, "http://a.example/changed");
  return HF_FUTURES_SESSION_CLASS (test_session_parent_class)->send (session, request);
}

static void
test_session_class_init (TestSessionClass *klass)
{
  HF_FUTURES_SESSION_CLASS (klass)->send = test_session_send;
}

static void
test_session_init (TestSession *self)
{
}

static void
test_subclass (void)
{
  g_autoptr (Server) server = server_new ();
  g_autoptr (TestSession) session = g_object_new (TEST_TYPE_SESSION, NULL);
  g_autoptr (HfFuture) changed = NULL;
  g_autoptr (HfFuture) broken = NULL;

  use_server (HF_FUTURES_SESSION (session), server);
  changed = get (HF_FUTURES_SESSION (session), "/x");
  assert_body (changed, "/changed");

  session->broken = TRUE;
  broken = get (HF_FUTURES_SESSION (session), "/x");
  assert_fails (broken, HF_ERROR, HF_ERROR_FAILED);
}

static void
test_settings (void)
{
  g_autoptr (HfFuturesSession) session = hf_futures_session_new ();
  guint64 size;

  g_object_set (session, "connect-timeout", 1.5, "read-timeout", 2.5, "deadline", 3.5,
                "max-body-size", G_GUINT64_CONSTANT (7), NULL);
  g_assert_cmpfloat (hf_futures_session_get_connect_timeout (session), ==, 1.5);
  g_assert_cmpfloat (hf_futures_session_get_read_timeout (session), ==, 2.5);
  g_assert_cmpfloat (hf_futures_session_get_deadline (session), ==, 3.5);
  g_object_get (session, "max-body-size", &size, NULL);
  g_assert_cmpuint (size, ==, 7);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/defaults", test_defaults);
  g_test_add_func ("/session/settings", test_settings);
  g_test_add_func ("/session/two-workers", test_two_workers);
  g_test_add_func ("/session/shared-executor", test_shared_executor);
  g_test_add_func ("/session/priority", test_priority);
  g_test_add_func ("/session/hop-queues-again", test_hop_queues_again);
  g_test_add_data_func ("/session/close/drain", GINT_TO_POINTER (HF_CLOSE_DRAIN), test_close);
  g_test_add_data_func ("/session/close/cancel-queued", GINT_TO_POINTER (HF_CLOSE_CANCEL_QUEUED),
                        test_close);
  g_test_add_data_func ("/session/close/cancel-all", GINT_TO_POINTER (HF_CLOSE_CANCEL_ALL),
                        test_close);
  g_test_add_func ("/session/close/cancels-queued", test_close_cancels_queued);
  g_test_add_func ("/session/close/async", test_close_async);
  g_test_add_data_func ("/session/close/in-hook", GINT_TO_POINTER (FALSE), test_close_in_hook);
  g_test_add_data_func ("/session/close/in-hook-in-context", GINT_TO_POINTER (TRUE),
                        test_close_in_hook);
  g_test_add_func ("/session/drop", test_drop);
  g_test_add_data_func ("/session/cancellable/before", "before", test_cancellable);
  g_test_add_data_func ("/session/cancellable/queued", "queued", test_cancellable);
  g_test_add_data_func ("/session/cancellable/running", "running", test_cancellable);
  g_test_add_data_func ("/session/deadline/queued", GINT_TO_POINTER (TRUE), test_deadline);
  g_test_add_data_func ("/session/deadline/running", GINT_TO_POINTER (FALSE), test_deadline);
  g_test_add_func ("/session/read-timeout", test_read_timeout);
  g_test_add_func ("/session/subclass", test_subclass);
  return g_test_run ();
}
