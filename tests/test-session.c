/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-clock-private.h"
#include "hf-gate.h"
#include "hf-mock-server.h"
#include "libhfutures.h"

/* A session on threads: workers, priorities, cancelling, deadlines. On the mock transport, whose
 * answers wait for gates. */

static void
test_defaults (void)
{
  g_autoptr (HfFuturesSession) session = hf_futures_session_new ();
  g_autoptr (HfExecutor) executor = hf_thread_pool_executor_new (5);
  g_autoptr (HfFuturesSession) both =
    g_object_new (HF_TYPE_FUTURES_SESSION, "executor", executor, "max-workers", 9, NULL);
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

static void
test_options (void)
{
  g_autoptr (HfFuturesSession) plain = hf_futures_session_new_with_options (NULL, NULL);
  g_autoptr (HfFuturesSession) session =
    hf_futures_session_new_with_options ("max-workers", 7, "read-timeout", 2.5, "http-version",
                                         HF_HTTP_VERSION_HTTP2, NULL);

  g_assert_cmpuint (hf_futures_session_get_max_workers (plain), ==, 2);
  g_assert_cmpuint (hf_futures_session_get_max_workers (session), ==, 7);
  g_assert_cmpfloat (hf_futures_session_get_read_timeout (session), ==, 2.5);
  g_assert_cmpint (hf_futures_session_get_http_version (session), ==, HF_HTTP_VERSION_HTTP2);
}

/* Two requests run at the same time, the third waits for a worker. */
static void
test_two_workers (void)
{
  g_autoptr (HfMockServer) server = hf_mock_server_new ();
  g_autoptr (HfFuturesSession) session = hf_futures_session_new ();
  g_autoptr (HfFuture) one = NULL;
  g_autoptr (HfFuture) two = NULL;
  g_autoptr (HfFuture) three = NULL;

  hf_mock_server_attach (server, session);
  one = hf_mock_server_get (session, "/wait");
  two = hf_mock_server_get (session, "/wait");
  three = hf_mock_server_get (session, "/third");
  hf_gate_wait (&server->arrived, 2);
  g_assert_cmpint (hf_future_get_state (one), ==, HF_FUTURE_STATE_RUNNING);
  g_assert_cmpint (hf_future_get_state (two), ==, HF_FUTURE_STATE_RUNNING);
  g_assert_cmpint (hf_future_get_state (three), ==, HF_FUTURE_STATE_QUEUED);
  g_assert_false (hf_gate_has_passed (&server->arrived, 3));

  hf_gate_open (&server->answer);
  hf_assert_body (three, "/third");
  hf_assert_body (one, "/wait");
  hf_assert_body (two, "/wait");
}

static void
test_shared_executor (void)
{
  g_autoptr (HfMockServer) server = hf_mock_server_new ();
  g_autoptr (HfExecutor) executor = hf_thread_pool_executor_new (1);
  g_autoptr (HfFuturesSession) a = hf_futures_session_new_with_executor (executor);
  g_autoptr (HfFuturesSession) b = hf_futures_session_new_with_executor (executor);
  g_autoptr (HfFuture) blocker = NULL;
  g_autoptr (HfFuture) after = NULL;
  HfFuture *futures[4];

  hf_mock_server_attach (server, a);
  hf_mock_server_attach (server, b);
  blocker = hf_mock_server_get (a, "/wait");
  hf_gate_wait (&server->arrived, 1);
  futures[0] = hf_mock_server_get (a, "/a1");
  futures[1] = hf_mock_server_get (a, "/a2");
  futures[2] = hf_mock_server_get (a, "/a3");
  futures[3] = hf_mock_server_get (b, "/b1");
  hf_gate_open (&server->answer);

  hf_futures_session_close (a, HF_CLOSE_DRAIN);
  for (guint i = 0; i < G_N_ELEMENTS (futures); i++)
    {
      g_autoptr (HfFuture) future = futures[i];

      g_assert_true (hf_future_wait (future, -1, NULL));
    }
  g_assert_cmpstr (server->log->str, ==, "/wait /a1 /b1 /a2 /a3 ");

  /* The executor was made by none of them, so it stays open. */
  after = hf_mock_server_get (b, "/b2");
  hf_assert_body (after, "/b2");
}

static void
test_priority (void)
{
  g_autoptr (HfMockServer) server = hf_mock_server_new ();
  g_autoptr (HfFuturesSession) session = hf_futures_session_new_with_max_workers (1);
  g_autoptr (HfFuture) blocker = NULL;
  static const int priorities[] = { 0, 300, -50 };

  hf_mock_server_attach (server, session);
  blocker = hf_mock_server_get (session, "/wait");
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
  g_autoptr (HfMockServer) server = hf_mock_server_new ();
  g_autoptr (HfFuturesSession) session = hf_futures_session_new_with_max_workers (1);
  g_autoptr (HfFuture) blocker = NULL;
  g_autoptr (HfFuture) away = NULL;
  g_autoptr (HfFuture) other = NULL;

  hf_mock_server_attach (server, session);
  blocker = hf_mock_server_get (session, "/wait");
  hf_gate_wait (&server->arrived, 1);
  away = hf_mock_server_get (session, "/away");
  other = hf_futures_session_get (session, "http://c.example/other");
  hf_gate_open (&server->answer);

  hf_futures_session_close (session, HF_CLOSE_DRAIN); /* the rest of a request is not refused */
  hf_assert_body (away, "/there");
  g_assert_cmpstr (server->log->str, ==, "/wait /away /other /there ");
}

static void
test_cancellable (gconstpointer data)
{
  const char *when = data;
  g_autoptr (HfMockServer) server = hf_mock_server_new ();
  HfFuturesSession *session = hf_futures_session_new_with_max_workers (1);
  GCancellable *cancellable = g_cancellable_new ();
  HfRequest *request = hf_request_new ("GET", "http://a.example/hang");
  g_autoptr (HfFuture) blocker = NULL;
  g_autoptr (HfFuture) future = NULL;

  hf_mock_server_attach (server, session);
  hf_request_set_cancellable (request, cancellable);
  if (g_str_equal (when, "before"))
    g_cancellable_cancel (cancellable);
  if (g_str_equal (when, "queued"))
    {
      blocker = hf_mock_server_get (session, "/wait");
      hf_gate_wait (&server->arrived, 1);
    }
  future = hf_futures_session_send (session, request);
  if (g_str_equal (when, "running"))
    hf_gate_wait (&server->arrived, 1);
  g_cancellable_cancel (cancellable);
  g_assert_true (hf_future_wait (future, 0, NULL));
  hf_assert_fails (future, G_IO_ERROR, G_IO_ERROR_CANCELLED);
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
  g_autoptr (HfMockServer) server = hf_mock_server_new ();
  HfFuturesSession *session;
  HfFuture *blocker = NULL;
  HfFuture *future;

  hf_clock_set_default (clock);
  session = hf_futures_session_new_with_max_workers (1);
  hf_mock_server_attach (server, session);
  if (queued)
    {
      blocker = hf_mock_server_get (session, "/wait");
      hf_gate_wait (&server->arrived, 1);
    }
  hf_futures_session_set_deadline (session, 2);
  future = hf_mock_server_get (session, "/hang");
  if (!queued)
    hf_gate_wait (&server->arrived, 1);
  hf_clock_advance (clock, 2 * G_USEC_PER_SEC - 1);
  g_assert_false (hf_future_wait (future, 0, NULL));
  hf_clock_advance (clock, 1);
  hf_assert_fails (future, HF_ERROR, HF_ERROR_TIMEOUT_DEADLINE);

  hf_gate_open (&server->answer);
  if (blocker != NULL)
    {
      hf_assert_body (blocker, "/wait");
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
  g_autoptr (HfMockServer) server = hf_mock_server_new ();
  g_autoptr (HfRequest) request = hf_request_new ("GET", "http://a.example/hang");
  HfFuturesSession *session;
  HfFuture *inherited;
  HfFuture *own;

  hf_clock_set_default (clock);
  session = hf_futures_session_new ();
  hf_mock_server_attach (server, session);
  hf_request_set_read_timeout (request, 40);
  inherited = hf_mock_server_get (session, "/hang");
  own = hf_futures_session_send (session, request);
  hf_gate_wait (&server->arrived, 2);

  hf_clock_advance (clock, 30 * G_USEC_PER_SEC - 1);
  g_assert_false (hf_future_wait (inherited, 0, NULL));
  hf_clock_advance (clock, 1);
  hf_assert_fails (inherited, HF_ERROR, HF_ERROR_TIMEOUT_READ);
  g_assert_false (hf_future_wait (own, 0, NULL));
  hf_clock_advance (clock, 10 * G_USEC_PER_SEC);
  hf_assert_fails (own, HF_ERROR, HF_ERROR_TIMEOUT_READ);

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
  g_autoptr (HfMockServer) server = hf_mock_server_new ();
  g_autoptr (TestSession) session = g_object_new (TEST_TYPE_SESSION, NULL);
  g_autoptr (HfFuture) changed = NULL;
  g_autoptr (HfFuture) broken = NULL;

  hf_mock_server_attach (server, HF_FUTURES_SESSION (session));
  changed = hf_mock_server_get (HF_FUTURES_SESSION (session), "/x");
  hf_assert_body (changed, "/changed");

  session->broken = TRUE;
  broken = hf_mock_server_get (HF_FUTURES_SESSION (session), "/x");
  hf_assert_fails (broken, HF_ERROR, HF_ERROR_FAILED);
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
  g_test_add_func ("/session/options", test_options);
  g_test_add_func ("/session/settings", test_settings);
  g_test_add_func ("/session/two-workers", test_two_workers);
  g_test_add_func ("/session/shared-executor", test_shared_executor);
  g_test_add_func ("/session/priority", test_priority);
  g_test_add_func ("/session/hop-queues-again", test_hop_queues_again);
  g_test_add_data_func ("/session/cancellable/before", "before", test_cancellable);
  g_test_add_data_func ("/session/cancellable/queued", "queued", test_cancellable);
  g_test_add_data_func ("/session/cancellable/running", "running", test_cancellable);
  g_test_add_data_func ("/session/deadline/queued", GINT_TO_POINTER (TRUE), test_deadline);
  g_test_add_data_func ("/session/deadline/running", GINT_TO_POINTER (FALSE), test_deadline);
  g_test_add_func ("/session/read-timeout", test_read_timeout);
  g_test_add_func ("/session/subclass", test_subclass);
  return g_test_run ();
}
