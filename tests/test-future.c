/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-future-private.h"
#include "hf-gate.h"
#include "hf-int-promise.h"
#include "libhfutures.h"

static HfPromise *
promise_new_for (const char *uri)
{
  GRefString *shared = g_ref_string_new (uri);
  HfPromise *promise = hf_promise_new (shared);

  g_ref_string_release (shared);
  return promise;
}

static void
never_called (HfFuture *future,
              gpointer  user_data)
{
  g_assert_not_reached ();
}

static gpointer
add_callback_and_leave (gpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  hf_future_add_done_callback (data, never_called, NULL, NULL);
  g_main_context_pop_thread_default (context);
  return NULL;
}

/* A callback in a context that goes away is dropped with it, before and after settling. */
static void
test_done_callback_context_gone (void)
{
  HfPromise *promise = hf_promise_new (NULL);
  HfFuture *future = g_object_ref (hf_promise_get_future (promise));

  g_thread_join (g_thread_new ("leaves", add_callback_and_leave, future));
  hf_resolve_int (promise, 1);
  g_thread_join (g_thread_new ("leaves", add_callback_and_leave, future));
  hf_promise_free (promise);
  hf_assert_finalizes (future);
}

static void
test_value_until (void)
{
  g_autoptr (HfPromise) promise = hf_promise_new (NULL);
  HfFuture *future = hf_promise_get_future (promise);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_assert_null (hf_future_get_value_until (future, 1000, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_cmpstr (error->message, ==, "Waiting for the work took too long; it goes on");
  g_clear_error (&error);
  g_cancellable_cancel (cancellable);
  g_assert_null (hf_future_get_value_until (future, -1, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  hf_resolve_int (promise, 7);
  g_assert_cmpint (g_value_get_int (hf_future_get_value_until (future, 0, NULL, &error)), ==, 7);
  g_assert_no_error (error);
}

static void
test_wrong_type (void)
{
  g_autoptr (HfPromise) promise = hf_promise_new (NULL);
  g_autoptr (GError) error = NULL;

  hf_resolve_int (promise, 1);
  g_assert_null (hf_future_get_result (hf_promise_get_future (promise), NULL, &error));
  g_assert_error (error, HF_ERROR, HF_ERROR_WRONG_TYPE);
  g_assert_cmpstr (error->message, ==,
                   "What the work gave is no response, but a value of type “gint”; "
                   "hf_future_get_value() returns it");
}

static void
test_settled_from_the_start (void)
{
  g_auto (GValue) number = G_VALUE_INIT;
  g_autoptr (HfFuture) succeeded = NULL;
  g_autoptr (HfFuture) failed = NULL;
  g_autoptr (HfFuture) cancelled = NULL;
  g_autoptr (GError) error = g_error_new_literal (HF_ERROR, HF_ERROR_HOOK, "not to my taste");
  g_autoptr (GError) cancellation = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "no");

  g_value_init (&number, G_TYPE_INT);
  g_value_set_int (&number, 7);
  succeeded = hf_future_new_for_value (&number);
  failed = hf_future_new_for_error (error);
  cancelled = hf_future_new_for_error (cancellation);

  hf_assert_int (succeeded, 7);
  g_assert_cmpint (hf_future_get_state (failed), ==, HF_FUTURE_STATE_FAILED);
  g_assert_error (hf_future_get_error (failed), HF_ERROR, HF_ERROR_HOOK);
  g_assert_cmpint (hf_future_get_state (cancelled), ==, HF_FUTURE_STATE_CANCELLED);
  g_assert_null (hf_future_get_uri (succeeded));
  g_assert_null (hf_future_get_request (succeeded));
}

static void
count_up (gpointer data)
{
  (*(int *) data)++;
}

static void
test_cancel (void)
{
  g_autoptr (HfPromise) promise = hf_promise_new (NULL);
  HfFuture *future = hf_promise_get_future (promise);
  g_autoptr (GError) error = NULL;
  int cancelled = 0;
  int destroyed = 0;

  hf_promise_set_cancel_func (promise, count_up, &cancelled, NULL);
  g_assert_true (hf_future_cancel (future));
  g_assert_cmpint (cancelled, ==, 1);
  g_assert_cmpint (hf_future_get_state (future), ==, HF_FUTURE_STATE_CANCELLED);
  g_assert_false (hf_future_cancel (future));
  g_assert_cmpint (cancelled, ==, 1);

  g_assert_null (hf_future_get_value (future, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  hf_promise_set_cancel_func (promise, count_up, &destroyed, count_up);
  g_assert_cmpint (destroyed, ==, 1);
}

static void
test_wait_times_out (void)
{
  g_autoptr (HfPromise) promise = promise_new_for ("http://example.org/?secret");
  HfFuture *future = hf_promise_get_future (promise);
  g_autoptr (GError) error = NULL;
  gint64 begin = g_get_monotonic_time ();

  g_assert_false (hf_future_wait (future, 0, NULL));
  g_assert_false (hf_future_wait (future, 2000, NULL));
  g_assert_null (hf_future_get_result_until (future, 1000, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_null (strstr (error->message, "secret"));
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, 3000);

  hf_resolve_int (promise, 3);
  g_assert_true (hf_future_wait (future, 0, NULL));
  hf_assert_int (future, 3);
}

static gpointer
cancel_in_thread (gpointer data)
{
  g_cancellable_cancel (data);
  return NULL;
}

static void
test_wait_is_cancelled (void)
{
  g_autoptr (HfPromise) promise = hf_promise_new (NULL);
  HfFuture *future = hf_promise_get_future (promise);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GThread *thread = g_thread_new ("cancel", cancel_in_thread, cancellable);

  g_assert_null (hf_future_get_value (future, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);

  /* The request goes on. */
  g_assert_cmpint (hf_future_get_state (future), ==, HF_FUTURE_STATE_QUEUED);
  hf_resolve_int (promise, 4);
  hf_assert_int (future, 4);
}

static gpointer
wait_in_thread (gpointer data)
{
  hf_assert_int (data, 9);
  return NULL;
}

static void
test_many_waiters (void)
{
  g_autoptr (HfPromise) promise = hf_promise_new (NULL);
  GThread *threads[16];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("waiter", wait_in_thread, hf_promise_get_future (promise));
  hf_resolve_int (promise, 9);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

typedef struct {
  HfFuture *future;
  GThread *thread;
  int calls;
  int destroys;
  int value;
  GError *error;
} Seen;

static void
on_value (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Seen *seen = user_data;
  const GValue *value = hf_future_get_value_finish (HF_FUTURE (source), result, &seen->error);

  seen->calls++;
  seen->thread = g_thread_self ();
  if (value != NULL)
    seen->value = g_value_get_int (value);
}

static gboolean
was_called (gpointer data)
{
  return ((Seen *) data)->calls > 0;
}

static gpointer
resolve_in_thread (gpointer data)
{
  hf_resolve_int (data, 6);
  return NULL;
}

static void
test_async (void)
{
  g_autoptr (HfPromise) promise = hf_promise_new (NULL);
  HfFuture *future = hf_promise_get_future (promise);
  Seen before = { 0 };
  Seen after = { 0 };
  GThread *thread;

  hf_future_get_value_async (future, NULL, on_value, &before);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (before.calls, ==, 0);
  thread = g_thread_new ("resolve", resolve_in_thread, promise);
  hf_assert_becomes (was_called, &before);
  g_thread_join (thread);
  g_assert_cmpint (before.value, ==, 6);
  g_assert_true (before.thread == g_thread_self ());

  hf_future_get_value_async (future, NULL, on_value, &after);
  g_assert_cmpint (after.calls, ==, 0); /* never from inside the call */
  hf_assert_becomes (was_called, &after);
  g_assert_cmpint (after.value, ==, 6);
}

static void
test_async_cancelled (gconstpointer data)
{
  gboolean early = GPOINTER_TO_INT (data);
  g_autoptr (HfPromise) promise = hf_promise_new (NULL);
  HfFuture *future = hf_promise_get_future (promise);
  GCancellable *cancellable = g_cancellable_new ();
  Seen seen = { 0 };

  if (early)
    g_cancellable_cancel (cancellable);
  hf_future_get_value_async (future, cancellable, on_value, &seen);
  g_cancellable_cancel (cancellable);
  hf_assert_becomes (was_called, &seen);
  g_assert_error (seen.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&seen.error);
  g_assert_cmpint (hf_future_get_state (future), ==, HF_FUTURE_STATE_QUEUED);

  hf_resolve_int (promise, 1);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (seen.calls, ==, 1);
  hf_assert_finalizes (cancellable);
}

static void
on_done (HfFuture *future,
         gpointer  user_data)
{
  Seen *seen = user_data;

  g_assert_true (hf_future_is_settled (future));
  seen->calls++;
  seen->thread = g_thread_self ();
}

static void
on_destroy (gpointer user_data)
{
  Seen *seen = user_data;

  seen->destroys++;
}

static gboolean
was_destroyed (gpointer data)
{
  return ((Seen *) data)->destroys > 0;
}

static void
test_done_callback (void)
{
  g_autoptr (HfPromise) promise = hf_promise_new (NULL);
  HfFuture *future = hf_promise_get_future (promise);
  Seen before = { 0 };
  Seen removed = { 0 };
  Seen after = { 0 };
  GThread *thread;
  guint id;

  g_assert_cmpuint (hf_future_add_done_callback (future, on_done, &before, on_destroy), !=, 0);
  id = hf_future_add_done_callback (future, on_done, &removed, on_destroy);
  hf_future_remove_done_callback (future, id);
  g_assert_cmpint (removed.destroys, ==, 1);

  thread = g_thread_new ("resolve", resolve_in_thread, promise);
  hf_assert_becomes (was_destroyed, &before);
  g_thread_join (thread);
  g_assert_cmpint (before.calls, ==, 1);
  g_assert_true (before.thread == g_thread_self ());
  g_assert_cmpint (removed.calls, ==, 0);

  g_assert_cmpuint (hf_future_add_done_callback (future, on_done, &after, on_destroy), ==, 0);
  g_assert_cmpint (after.calls, ==, 0);
  hf_assert_becomes (was_destroyed, &after);
  g_assert_cmpint (after.calls, ==, 1);
}

static gpointer
done_callback_thread (gpointer data)
{
  Seen *seen = data;
  g_autoptr (GMainContext) context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  hf_future_add_done_callback (seen->future, on_done, seen, NULL);
  while (seen->calls == 0)
    g_main_context_iteration (context, TRUE);
  g_main_context_pop_thread_default (context);
  g_assert_true (seen->thread == g_thread_self ());
  return NULL;
}

static void
test_done_callback_context (void)
{
  g_autoptr (HfPromise) promise = hf_promise_new (NULL);
  Seen seen = { .future = hf_promise_get_future (promise) };
  GThread *thread = g_thread_new ("context", done_callback_thread, &seen);

  hf_resolve_int (promise, 1);
  g_thread_join (thread);
  g_assert_cmpint (seen.calls, ==, 1);
}

static void
test_settled_func (void)
{
  g_autoptr (HfPromise) promise = hf_promise_new (NULL);
  HfFuture *future = hf_promise_get_future (promise);
  Seen seen = { 0 };
  Seen removed = { 0 };
  GThread *thread;
  guint id;

  hf_future_add_settled_func (future, on_done, &seen, on_destroy);
  id = hf_future_add_settled_func (future, on_done, &removed, on_destroy);
  hf_future_remove_settled_func (future, id);
  thread = g_thread_new ("resolve", resolve_in_thread, promise);
  g_thread_join (thread);
  g_assert_cmpint (seen.calls, ==, 1);
  g_assert_cmpint (seen.destroys, ==, 1);
  g_assert_true (seen.thread == thread);
  g_assert_cmpint (removed.calls, ==, 0);
  g_assert_cmpint (removed.destroys, ==, 1);

  /* At once when there is nothing to wait for. */
  g_assert_cmpuint (hf_future_add_settled_func (future, on_done, &seen, on_destroy), ==, 0);
  g_assert_cmpint (seen.calls, ==, 2);
  g_assert_cmpint (seen.destroys, ==, 2);
}

static void
add_from_callback (HfFuture *future,
                   gpointer  user_data)
{
  hf_future_add_settled_func (future, on_done, user_data, NULL);
}

static void
test_reentrant (void)
{
  g_autoptr (HfPromise) promise = hf_promise_new (NULL);
  Seen seen = { 0 };

  hf_future_add_settled_func (hf_promise_get_future (promise), add_from_callback, &seen, NULL);
  hf_resolve_int (promise, 1);
  g_assert_cmpint (seen.calls, ==, 1);
}

static void
on_notify (GObject    *object,
           GParamSpec *pspec,
           gpointer    user_data)
{
  GString *log = user_data;

  g_string_append_printf (log, "%s ", pspec->name);
}

static void
test_notify (void)
{
  g_autoptr (HfPromise) promise = hf_promise_new (NULL);
  HfFuture *future = hf_promise_get_future (promise);
  g_autoptr (GString) log = g_string_new (NULL);

  g_signal_connect (future, "notify", G_CALLBACK (on_notify), log);
  hf_promise_set_running (promise);
  g_assert_cmpstr (log->str, ==, ""); /* never on the changing thread's stack */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (log->str, ==, "state ");
  hf_promise_fail (promise, g_error_new_literal (HF_ERROR, 0, "x"), NULL);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (log->str, ==, "state state error ");
}

static void
test_notify_context (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (HfPromise) promise = NULL;
  g_autoptr (GString) log = g_string_new (NULL);

  g_main_context_push_thread_default (context);
  promise = hf_promise_new (NULL);
  g_main_context_pop_thread_default (context);
  g_signal_connect (hf_promise_get_future (promise), "notify::state", G_CALLBACK (on_notify), log);
  hf_resolve_int (promise, 1);

  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (log->str, ==, "");
  while (g_main_context_iteration (context, FALSE))
    ;
  g_assert_cmpstr (log->str, ==, "state ");
}

/* Nothing is scheduled for a future that nobody watches. */
static void
test_notify_unwatched (void)
{
  for (guint i = 0; i < 1000; i++)
    {
      HfPromise *promise = hf_promise_new (NULL);

      hf_resolve_int (promise, 1);
      hf_promise_free (promise);
    }
  g_assert_false (g_main_context_pending (NULL));
}

static void
must_not_be_called (void)
{
  g_assert_not_reached ();
}

/* Futures that are watched in a context that nobody iterates are finalized all the same. */
static void
test_notify_without_loop (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  for (guint i = 0; i < 1000; i++)
    {
      HfPromise *promise = hf_promise_new (NULL);
      HfFuture *future = g_object_ref (hf_promise_get_future (promise));

      g_signal_connect (future, "notify::state", G_CALLBACK (must_not_be_called), NULL);
      hf_resolve_int (promise, 1);
      hf_promise_free (promise);
      hf_assert_finalizes (future);
    }
  g_main_context_pop_thread_default (context);
}

static gpointer
race_cancel (gpointer data)
{
  hf_future_cancel (data);
  return NULL;
}

static void
test_race (void)
{
  for (guint i = 0; i < 300; i++)
    {
      g_autoptr (HfPromise) promise = hf_promise_new (NULL);
      HfFuture *future = hf_promise_get_future (promise);
      Seen seen = { 0 };
      g_auto (GValue) value = G_VALUE_INIT;
      GThread *thread = g_thread_new ("cancel", race_cancel, future);

      hf_future_add_settled_func (future, on_done, &seen, on_destroy);
      g_value_init (&value, G_TYPE_INT);
      hf_promise_resolve (promise, &value);
      g_thread_join (thread);
      g_assert_cmpint (seen.calls, ==, 1);
      g_assert_cmpint (seen.destroys, ==, 1);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/future/done-callback/context-gone", test_done_callback_context_gone);
  g_test_add_func ("/future/value-until", test_value_until);
  g_test_add_func ("/future/wrong-type", test_wrong_type);
  g_test_add_func ("/future/settled-from-the-start", test_settled_from_the_start);
  g_test_add_func ("/future/cancel", test_cancel);
  g_test_add_func ("/future/wait/times-out", test_wait_times_out);
  g_test_add_func ("/future/wait/cancelled", test_wait_is_cancelled);
  g_test_add_func ("/future/wait/many", test_many_waiters);
  g_test_add_func ("/future/async/settles", test_async);
  g_test_add_data_func ("/future/async/cancelled", GINT_TO_POINTER (FALSE), test_async_cancelled);
  g_test_add_data_func ("/future/async/cancelled-before", GINT_TO_POINTER (TRUE),
                        test_async_cancelled);
  g_test_add_func ("/future/done-callback/called", test_done_callback);
  g_test_add_func ("/future/done-callback/context", test_done_callback_context);
  g_test_add_func ("/future/settled-func", test_settled_func);
  g_test_add_func ("/future/reentrant", test_reentrant);
  g_test_add_func ("/future/notify/emitted", test_notify);
  g_test_add_func ("/future/notify/context", test_notify_context);
  g_test_add_func ("/future/notify/unwatched", test_notify_unwatched);
  g_test_add_func ("/future/notify/without-loop", test_notify_without_loop);
  g_test_add_func ("/future/race", test_race);
  return g_test_run ();
}
