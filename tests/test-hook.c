/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-clock-private.h"
#include "hf-futures-session-private.h"
#include "hf-gate.h"
#include "hf-inline-executor.h"
#include "hf-mock-transport-private.h"
#include "libhfutures.h"

/* Response hooks, on the worker and in a context, and waits inside them. */

typedef struct {
  HfFuturesSession *session;
  GMutex lock;
  GString *log;      /* guarded by lock */
  GThread *thread;   /* of the last hook; guarded by lock */
  int destroys;      /* atomic */
  GThread *destroyer;
  int calls;         /* atomic */
  HfGate called;
  HfGate go;
} Fixture;

typedef struct {
  Fixture *fixture;
  const char *name;
} Named;

static HfResponse *
answer (HfHop         *hop,
        GCancellable  *cancellable,
        gpointer       user_data,
        GError       **error)
{
  return hf_mock_response_new (200, g_uri_get_path (hop->uri), NULL, NULL);
}

static HfFuturesSession *
session_new (guint max_workers)
{
  HfFuturesSession *session = hf_futures_session_new_with_max_workers (max_workers);
  g_autoptr (HfTransport) transport = hf_mock_transport_new_for_handler (answer, NULL, NULL);

  hf_futures_session_set_transport (session, transport);
  return session;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->session = session_new (2);
  fixture->log = g_string_new (NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  hf_futures_session_close (fixture->session, HF_CLOSE_DRAIN);
  hf_assert_finalizes (fixture->session);
  g_string_free (fixture->log, TRUE);
}

static HfRequest *
request_new (const char *path)
{
  g_autofree char *uri = g_strconcat ("http://a.example", path, NULL);

  return hf_request_new ("GET", uri);
}

static void
note (HfHookCall *call,
      gpointer    user_data)
{
  Named *named = user_data;
  Fixture *fixture = named->fixture;

  g_assert_true (hf_hook_call_get_session (call) == fixture->session);
  g_assert_cmpuint (hf_response_get_status (hf_hook_call_get_response (call)), ==, 200);

  g_mutex_lock (&fixture->lock);
  g_string_append_printf (fixture->log, "%s ", named->name);
  fixture->thread = g_thread_self ();
  g_mutex_unlock (&fixture->lock);
  hf_gate_pass (&fixture->called);
}

static void
on_destroy (gpointer user_data)
{
  Named *named = user_data;

  named->fixture->destroyer = g_thread_self ();
  g_atomic_int_inc (&named->fixture->destroys);
}

static void
assert_ok (HfFuture *future)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response = hf_future_get_result (future, NULL, &error);

  g_assert_no_error (error);
}

static void
test_order (Fixture       *fixture,
            gconstpointer  data)
{
  Named named[] = { { fixture, "s1" },
                    { fixture, "s2" },
                    { fixture, "r1" },
                    { fixture, "r2" },
                    { fixture, "removed" } };
  HfRequest *request = request_new ("/x");
  g_autoptr (HfFuture) future = NULL;
  guint id;

  hf_request_add_response_hook (request, note, &named[2], on_destroy);
  id = hf_request_add_response_hook (request, note, &named[4], on_destroy);
  hf_request_add_response_hook (request, note, &named[3], on_destroy);
  hf_request_remove_response_hook (request, id);
  hf_futures_session_add_response_hook (fixture->session, note, &named[0], NULL);
  id = hf_futures_session_add_response_hook (fixture->session, note, &named[4], on_destroy);
  hf_futures_session_add_response_hook (fixture->session, note, &named[1], NULL);
  hf_futures_session_remove_response_hook (fixture->session, id);
  g_assert_cmpint (fixture->destroys, ==, 2);

  future = hf_futures_session_send (fixture->session, request);
  assert_ok (future);
  g_assert_cmpstr (fixture->log->str, ==, "s1 s2 r1 r2 ");
  g_assert_true (fixture->thread != g_thread_self ());
  hf_futures_session_close (fixture->session, HF_CLOSE_DRAIN);
  hf_assert_finalizes (request);
  g_assert_cmpint (fixture->destroys, ==, 4);
}

static void
set_text (HfHookCall *call,
          gpointer    user_data)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_STRING);
  g_value_set_static_string (&value, user_data);
  hf_hook_call_set_value (call, &value);
}

static void
append_bang (HfHookCall *call,
             gpointer    user_data)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_STRING);
  g_value_take_string (&value,
                       g_strconcat (g_value_get_string (hf_hook_call_get_value (call)), "!", NULL));
  hf_hook_call_set_value (call, &value);
}

static void
test_value (Fixture       *fixture,
            gconstpointer  data)
{
  static const char *const texts[] = { "data", "" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (HfRequest) request = request_new ("/x");
      g_autoptr (HfFuture) future = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *expected = g_strconcat (texts[i], "!", NULL);
      const GValue *value;

      hf_request_add_response_hook (request, set_text, (char *) texts[i], NULL);
      hf_request_add_response_hook (request, append_bang, NULL, NULL);
      future = hf_futures_session_send (fixture->session, request);
      value = hf_future_get_value (future, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (g_value_get_string (value), ==, expected);
      g_assert_null (hf_future_get_result (future, NULL, &error));
      g_assert_error (error, HF_ERROR, HF_ERROR_WRONG_TYPE);
    }
}

static void
fail (HfHookCall *call,
      gpointer    user_data)
{
  g_autoptr (GError) error = g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_NOSPC, "no space");

  hf_hook_call_fail (call, error);
}

static void
test_fail (Fixture       *fixture,
           gconstpointer  data)
{
  gboolean in_context = GPOINTER_TO_INT (data);
  g_autoptr (HfRequest) request = request_new ("/x");
  g_autoptr (HfFuture) future = NULL;
  g_autoptr (GError) error = NULL;
  Named after = { fixture, "after" };

  if (in_context)
    hf_request_add_response_hook_in_context (request, fail, NULL, NULL);
  else
    hf_request_add_response_hook (request, fail, NULL, NULL);
  hf_request_add_response_hook (request, note, &after, NULL);
  future = hf_futures_session_send (fixture->session, request);
  g_assert_null (hf_future_get_value (future, NULL, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
  g_assert_cmpstr (fixture->log->str, ==, "");
}

static void
cancel_own_future (HfHookCall *call,
                   gpointer    user_data)
{
  *(HfFuture **) user_data = hf_hook_call_get_future (call);
  g_assert_true (hf_future_cancel (hf_hook_call_get_future (call)));
}

static void
test_future (Fixture       *fixture,
             gconstpointer  data)
{
  HfFuture *given = NULL;
  g_autoptr (HfRequest) request = request_new ("/x");
  g_autoptr (HfFuture) future = NULL;

  hf_request_add_response_hook (request, cancel_own_future, &given, NULL);
  future = hf_futures_session_send (fixture->session, request);
  g_assert_true (hf_future_wait (future, -1, NULL));
  hf_futures_session_close (fixture->session, HF_CLOSE_DRAIN); /* the hook has returned, too */
  g_assert_true (given == future);
  g_assert_cmpint (hf_future_get_state (future), ==, HF_FUTURE_STATE_CANCELLED);
}

static void
keep_call (HfHookCall *call,
           gpointer    user_data)
{
  *(HfHookCall **) user_data = hf_hook_call_ref (call);
}

static void
test_call_is_cleared (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr (HfHookCall) kept = NULL;
  g_autoptr (HfRequest) request = request_new ("/x");
  g_autoptr (HfFuture) future = NULL;

  hf_request_add_response_hook (request, keep_call, &kept, NULL);
  future = hf_futures_session_send (fixture->session, request);
  assert_ok (future);
  g_assert_null (hf_hook_call_get_future (kept));
  g_assert_null (hf_hook_call_get_session (kept));
  g_assert_null (hf_hook_call_get_response (kept));
  g_assert_null (hf_hook_call_get_value (kept));
}

/* In the context by a running loop, and by a blocking wait on the thread that added the hook. */
static void
test_in_context (Fixture       *fixture,
                 gconstpointer  data)
{
  gboolean blocking = GPOINTER_TO_INT (data);
  Named named[] = { { fixture, "c1" }, { fixture, "w" }, { fixture, "c2" } };
  HfRequest *request = request_new ("/x");
  HfFuture *future;

  hf_request_add_response_hook_in_context (request, note, &named[0], on_destroy);
  hf_request_add_response_hook (request, note, &named[1], NULL);
  hf_request_add_response_hook_in_context (request, note, &named[2], on_destroy);
  future = hf_futures_session_send (fixture->session, request);
  if (!blocking)
    while (!hf_future_wait (future, 0, NULL))
      g_main_context_iteration (NULL, TRUE);
  assert_ok (future);

  g_assert_cmpstr (fixture->log->str, ==, "c1 w c2 ");
  g_assert_true (fixture->thread == g_thread_self ());
  hf_assert_finalizes (future);
  hf_futures_session_close (fixture->session, HF_CLOSE_DRAIN);
  hf_assert_finalizes (request);
  g_assert_cmpint (fixture->destroys, ==, 2);
  g_assert_true (fixture->destroyer == g_thread_self ());
  g_assert_false (g_main_context_pending (NULL));
}

typedef struct {
  Fixture *fixture;
  GThread *self;
  gboolean iterate;
} Elsewhere;

static gpointer
hook_in_thread (gpointer data)
{
  Elsewhere *elsewhere = data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  Named named = { elsewhere->fixture, "there" };
  g_autoptr (HfRequest) request = request_new ("/x");
  g_autoptr (HfFuture) future = NULL;

  g_main_context_push_thread_default (context);
  hf_request_add_response_hook_in_context (request, note, &named, NULL);
  future = hf_futures_session_send (elsewhere->fixture->session, request);
  if (elsewhere->iterate)
    while (!hf_future_wait (future, 0, NULL))
      g_main_context_iteration (context, TRUE);
  assert_ok (future);
  g_assert_true (elsewhere->fixture->thread == g_thread_self ());
  g_main_context_pop_thread_default (context);
  return NULL;
}

static void
test_in_other_context (Fixture       *fixture,
                       gconstpointer  data)
{
  Elsewhere elsewhere = { fixture, NULL, GPOINTER_TO_INT (data) };

  g_thread_join (g_thread_new ("elsewhere", hook_in_thread, &elsewhere));
  g_assert_cmpstr (fixture->log->str, ==, "there ");
}

static void
open_when_settled (HfFuture *future,
                   gpointer  user_data)
{
  hf_gate_open (user_data);
}

/* A hook whose context nobody iterates: the deadline ends it, closing ends it, nothing hangs. */
static void
test_context_unattended (Fixture       *fixture,
                         gconstpointer  data)
{
  gboolean closing = GPOINTER_TO_INT (data);
  Named named = { fixture, "never" };
  g_autoptr (HfRequest) request = request_new ("/x");
  g_autoptr (HfFuture) future = NULL;
  g_autoptr (GMainContext) context = g_main_context_new ();
  HfGate settled = HF_GATE_INIT;

  g_main_context_push_thread_default (context);
  hf_request_add_response_hook_in_context (request, note, &named, NULL);
  g_main_context_pop_thread_default (context);
  if (!closing)
    hf_request_set_deadline (request, 0.02);
  future = hf_futures_session_send (fixture->session, request);
  hf_future_add_settled_func (future, open_when_settled, &settled, NULL);
  if (closing)
    hf_futures_session_close_async (fixture->session, HF_CLOSE_CANCEL_ALL, NULL, NULL, NULL);

  g_mutex_lock (&settled.lock); /* not a wait of ours: that would run the hook */
  while (settled.count == 0)
    g_cond_wait (&settled.changed, &settled.lock);
  g_mutex_unlock (&settled.lock);

  if (closing)
    g_assert_error (hf_future_get_error (future), G_IO_ERROR, G_IO_ERROR_CANCELLED);
  else
    g_assert_error (hf_future_get_error (future), HF_ERROR, HF_ERROR_TIMEOUT_DEADLINE);
  while (g_main_context_iteration (context, FALSE))
    ;
  g_assert_cmpstr (fixture->log->str, ==, "");
}

/* A hook waits for a request that hangs, 10 ms and no longer. */
static HfResponse *
answer_or_hang (HfHop         *hop,
                GCancellable  *cancellable,
                gpointer       user_data,
                GError       **error)
{
  if (g_str_equal (g_uri_get_path (hop->uri), "/hang"))
    hf_gate_wait (user_data, 1);
  return hf_mock_response_new (200, "", NULL, NULL);
}

static void
wait_a_little (HfHookCall *call,
               gpointer    user_data)
{
  g_autoptr (HfFuture) hanging =
    hf_futures_session_get (hf_hook_call_get_session (call), "http://a.example/hang");
  g_autoptr (GError) error = NULL;
  gint64 begin = g_get_monotonic_time ();
  gint64 *took = user_data;

  g_assert_null (hf_future_get_result_until (hanging, 10 * 1000, NULL, &error));
  *took = g_get_monotonic_time () - begin;
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

static void
test_nested_timeout (void)
{
  HfFuturesSession *session = hf_futures_session_new_with_max_workers (1);
  HfGate gate = HF_GATE_INIT;
  g_autoptr (HfTransport) transport =
    hf_mock_transport_new_for_handler (answer_or_hang, &gate, NULL);
  g_autoptr (HfRequest) request = request_new ("/outer");
  HfFuture *future;
  gint64 took = 0;

  hf_futures_session_set_transport (session, transport);
  hf_request_add_response_hook (request, wait_a_little, &took, NULL);
  future = hf_futures_session_send (session, request);
  assert_ok (future);
  g_assert_cmpint (took, >=, 10 * 1000);
  hf_gate_open (&gate);
  hf_assert_finalizes (future);
  hf_assert_finalizes (session);
}

static void
count_call (HfHookCall *call,
            gpointer    user_data)
{
  g_atomic_int_inc ((int *) user_data);
}

static void
test_many_in_context (Fixture       *fixture,
                      gconstpointer  data)
{
  const guint n = 2000;
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (g_object_unref);
  int calls = 0;

  hf_futures_session_add_response_hook_in_context (fixture->session, count_call, &calls, NULL);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (futures, hf_futures_session_get (fixture->session, "http://a.example/"));
  for (guint i = 0; i < n; i++)
    assert_ok (g_ptr_array_index (futures, i));
  g_assert_cmpint (calls, ==, n);
  g_assert_false (g_main_context_pending (NULL));
}

static void
cancel_own (HfHookCall *call,
            gpointer    user_data)
{
  HfFuture **future = user_data;

  g_assert_true (hf_future_cancel (*future));
}

static void
test_cancel_in_hook (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr (HfExecutor) executor = hf_inline_executor_new ();
  g_autoptr (HfFuturesSession) session = hf_futures_session_new_with_executor (executor);
  g_autoptr (HfTransport) transport = hf_mock_transport_new_for_handler (answer, NULL, NULL);
  g_autoptr (HfRequest) request = request_new ("/x");
  g_autoptr (HfFuture) future = NULL;
  Named after = { fixture, "after" };

  hf_futures_session_set_transport (session, transport);
  hf_request_add_response_hook (request, cancel_own, &future, NULL);
  hf_request_add_response_hook (request, note, &after, NULL);
  hf_inline_executor_hold (HF_INLINE_EXECUTOR (executor));
  future = hf_futures_session_send (session, request);
  hf_inline_executor_run (HF_INLINE_EXECUTOR (executor));
  g_assert_cmpint (hf_future_get_state (future), ==, HF_FUTURE_STATE_CANCELLED);
  g_assert_cmpstr (fixture->log->str, ==, "");
}

typedef struct {
  Fixture *fixture;
  Named *named;
  HfFuture *future;
} Orphan;

static gpointer
add_hook_and_end (gpointer data)
{
  Orphan *orphan = data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (HfRequest) request = request_new ("/x");

  g_main_context_push_thread_default (context);
  hf_request_add_response_hook_in_context (request, note, orphan->named, on_destroy);
  orphan->future = hf_futures_session_send (orphan->fixture->session, request);
  g_main_context_pop_thread_default (context);
  return NULL;
}

static gboolean
was_destroyed (gpointer data)
{
  Fixture *fixture = data;

  return g_atomic_int_get (&fixture->destroys) > 0;
}

/* The hook's thread and context come to their end before it runs: nothing is left behind. */
static void
test_context_dies (Fixture       *fixture,
                   gconstpointer  data)
{
  Named named = { fixture, "orphan" };
  Orphan orphan = { fixture, &named, NULL };

  g_thread_join (g_thread_new ("orphan", add_hook_and_end, &orphan));
  hf_future_cancel (orphan.future);
  hf_assert_finalizes (orphan.future);
  hf_assert_becomes (was_destroyed, fixture);
  g_assert_cmpstr (fixture->log->str, ==, "");
}

static void
take_long (HfHookCall *call,
           gpointer    user_data)
{
  gint64 until = g_get_monotonic_time () + 5 * 1000;

  while (g_get_monotonic_time () < until)
    ;
  g_atomic_int_inc ((int *) user_data);
}

/* A wait that runs other hooks meanwhile still ends when its time is over. */
static void
test_wait_among_hooks (Fixture       *fixture,
                       gconstpointer  data)
{
  const guint n = 100;
  HfFuture *futures[100];
  HfFuturesSession *other = session_new (2);
  HfGate gate = HF_GATE_INIT;
  g_autoptr (HfTransport) transport =
    hf_mock_transport_new_for_handler (answer_or_hang, &gate, NULL);
  g_autoptr (HfFuture) hanging = NULL;
  int calls = 0;

  hf_futures_session_set_transport (other, transport);
  hanging = hf_futures_session_get (other, "http://a.example/hang");
  hf_futures_session_add_response_hook_in_context (fixture->session, take_long, &calls, NULL);
  for (guint i = 0; i < n; i++)
    futures[i] = hf_futures_session_get (fixture->session, "http://a.example/");

  g_assert_false (hf_future_wait (hanging, 20 * 1000, NULL));
  g_assert_cmpint (calls, <, (int) n);

  hf_gate_open (&gate);
  for (guint i = 0; i < n; i++)
    {
      g_assert_true (hf_future_wait (futures[i], -1, NULL));
      g_object_unref (futures[i]);
    }
  g_assert_true (hf_future_wait (hanging, -1, NULL));
  hf_futures_session_close (other, HF_CLOSE_DRAIN);
  hf_assert_finalizes (other);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, data, func)                                                                      \
  g_test_add (path, Fixture, GINT_TO_POINTER (data), set_up, func, tear_down)
  ADD ("/hook/order", 0, test_order);
  ADD ("/hook/value", 0, test_value);
  ADD ("/hook/fail/on-worker", FALSE, test_fail);
  ADD ("/hook/fail/in-context", TRUE, test_fail);
  ADD ("/hook/future", 0, test_future);
  ADD ("/hook/call-is-cleared", 0, test_call_is_cleared);
  ADD ("/hook/in-context/loop", FALSE, test_in_context);
  ADD ("/hook/in-context/blocking", TRUE, test_in_context);
  ADD ("/hook/in-context/other-blocking", FALSE, test_in_other_context);
  ADD ("/hook/in-context/other-loop", TRUE, test_in_other_context);
  ADD ("/hook/in-context/unattended-deadline", FALSE, test_context_unattended);
  ADD ("/hook/in-context/unattended-close", TRUE, test_context_unattended);
  ADD ("/hook/in-context/many", 0, test_many_in_context);
  ADD ("/hook/in-context/dies", 0, test_context_dies);
  ADD ("/hook/in-context/wait-ends", 0, test_wait_among_hooks);
  ADD ("/hook/cancel", 0, test_cancel_in_hook);
  g_test_add_func ("/hook/nested/timeout", test_nested_timeout);
  return g_test_run ();
}
