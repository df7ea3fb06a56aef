/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-contract.h"

/* Functions of the application's that are submitted. */

#define N_AT_ONCE 4 /* how many functions run at a time: the contract's workers, a loop's helpers */

typedef struct {
  HfGate started;  /* passed by each function that runs */
  HfGate go_on;    /* what those that hold a thread wait for */
  HfGate tripped;  /* passed when the cancellable is cancelled */
  HfFuture *own;   /* not owned */
  int n_destroyed; /* atomic */
  GThread *thread; /* on which the last one ran */
} Work;

static void
return_number (HfWorkCall *call,
               gpointer    user_data)
{
  Work *work = user_data;
  g_auto (GValue) value = G_VALUE_INIT;

  work->thread = g_thread_self ();
  g_assert_false (g_cancellable_is_cancelled (hf_work_call_get_cancellable (call)));
  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, 1);
  hf_work_call_set_value (call, &value);
  g_value_set_int (&value, 7);
  hf_work_call_set_value (call, &value);
}

static void
return_nothing (HfWorkCall *call,
                gpointer    user_data)
{
}

static void
fail (HfWorkCall *call,
      gpointer    user_data)
{
  g_autoptr (GError) first = g_error_new_literal (HF_ERROR, HF_ERROR_FAILED, "first");
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "none here");

  return_number (call, user_data);
  hf_work_call_fail (call, first);
  hf_work_call_fail (call, error);
}

static void
fail_as_cancelled (HfWorkCall *call,
                   gpointer    user_data)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "enough");

  hf_work_call_fail (call, error);
}

static const GValue *
await_value (HfContract *fixture,
             HfFuture   *future)
{
  g_autoptr (GError) error = NULL;
  const GValue *value;

  hf_contract_await (fixture, future);
  value = hf_future_get_value (future, NULL, &error);
  g_assert_no_error (error);
  return value;
}

/* It runs where it should, and what it sets is the future's. */
void
promise_work (HfContract    *fixture,
              gconstpointer  data)
{
  Work work = { .thread = NULL };
  Work other = { .thread = NULL }; /* they may run at the same time */
  g_autoptr (HfFuture) number = hf_executor_submit (fixture->executor, return_number, &work, NULL);
  g_autoptr (HfFuture) nothing = hf_executor_submit (fixture->executor, return_nothing, NULL, NULL);
  g_autoptr (HfFuture) failing = hf_executor_submit (fixture->executor, fail, &other, NULL);
  g_autoptr (HfFuture) cancelled =
    hf_executor_submit (fixture->executor, fail_as_cancelled, NULL, NULL);
  g_autoptr (GError) error = NULL;
  const GValue *value;

  g_assert_null (hf_future_get_uri (number));
  if (fixture->kind->is_here)
    {
      g_assert_null (hf_future_get_value (number, NULL, &error));
      g_assert_error (error, HF_ERROR, HF_ERROR_WOULD_BLOCK);
      g_assert_null (strstr (error->message, "request"));
    }
  g_assert_cmpint (g_value_get_int (await_value (fixture, number)), ==, 7);
  g_assert_true ((work.thread == g_thread_self ()) == fixture->kind->is_here);

  value = await_value (fixture, nothing);
  g_assert_true (G_VALUE_HOLDS (value, G_TYPE_POINTER));
  g_assert_null (g_value_get_pointer (value));

  hf_contract_await (fixture, failing);
  g_assert_error (hf_future_get_error (failing), G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  hf_contract_await (fixture, cancelled);
  g_assert_cmpint (hf_future_get_state (cancelled), ==, HF_FUTURE_STATE_CANCELLED);
}

static void
count_destroyed (gpointer user_data)
{
  g_atomic_int_inc (&((Work *) user_data)->n_destroyed);
}

static void
assert_destroyed (HfFuture *future,
                  gpointer  user_data)
{
  Work *work = user_data;

  g_assert_cmpint (g_atomic_int_get (&work->n_destroyed), ==, 1);
  hf_gate_pass (&work->tripped);
}

static gboolean
has_passed (gpointer data)
{
  return hf_gate_has_passed (data, 1);
}

/* What it closes over is gone when anybody is told, with a value, an error or a closed executor. */
void
promise_work_data (HfContract    *fixture,
                   gconstpointer  data)
{
  static const HfWorkFunc funcs[] = { return_number, fail };
  HfExecutor *executor = fixture->kind->make (1);
  Work refused = { .thread = NULL };

  for (guint i = 0; i < G_N_ELEMENTS (funcs); i++)
    {
      Work work = { .thread = NULL };
      g_autoptr (HfFuture) future =
        hf_executor_submit (fixture->executor, funcs[i], &work, count_destroyed);

      if (hf_future_add_settled_func (future, assert_destroyed, &work, NULL) != 0)
        hf_assert_becomes (has_passed, &work.tripped);
      hf_contract_await (fixture, future);
      g_assert_cmpint (work.n_destroyed, ==, 1);
    }

  hf_executor_close (executor, HF_CLOSE_DRAIN);
  hf_contract_take_failure (fixture,
                            hf_executor_submit (executor, return_number, &refused, count_destroyed),
                            HF_ERROR, HF_ERROR_CLOSED);
  g_assert_cmpint (refused.n_destroyed, ==, 1);
  g_assert_null (refused.thread);
  hf_assert_finalizes (executor);
}

static void
hold (HfWorkCall *call,
      gpointer    user_data)
{
  Work *work = user_data;

  hf_gate_pass (&work->started);
  hf_gate_wait (&work->go_on, 1);
}

/* Holds all threads; in this thread's context nothing runs anyhow as long as the test does. */
static void
hold_threads (HfContract *fixture,
              Work       *work)
{
  if (fixture->kind->is_here)
    return;
  for (guint i = 0; i < N_AT_ONCE; i++)
    g_object_unref (hf_executor_submit (fixture->executor, hold, work, NULL));
  hf_gate_wait (&work->started, N_AT_ONCE);
}

static void
never (HfWorkCall *call,
       gpointer    user_data)
{
  g_assert_not_reached ();
}

void
promise_work_cancel_queued (HfContract    *fixture,
                            gconstpointer  data)
{
  Work holding = { .thread = NULL };
  Work work = { .thread = NULL };
  g_autoptr (HfFuture) cancelled = NULL;
  g_autoptr (HfFuture) also = NULL;
  g_autoptr (HfFuture) other = NULL;

  hold_threads (fixture, &holding);
  cancelled = hf_executor_submit (fixture->executor, never, &work, count_destroyed);
  also = hf_executor_submit (fixture->executor, never, NULL, NULL);
  other = hf_executor_submit (fixture->executor, return_number, &holding, NULL);
  hf_future_add_settled_func (cancelled, assert_destroyed, &work, NULL);
  g_assert_cmpint (hf_future_get_state (cancelled), ==, HF_FUTURE_STATE_QUEUED);

  g_assert_true (hf_future_cancel (cancelled));
  g_assert_true (hf_gate_has_passed (&work.tripped, 1));
  g_assert_error (hf_future_get_error (cancelled), G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (hf_future_get_error (cancelled)->message, ==, "The work was cancelled");
  g_assert_true (hf_future_cancel_queued (also));

  hf_gate_open (&holding.go_on);
  g_assert_cmpint (g_value_get_int (await_value (fixture, other)), ==, 7);
  g_assert_cmpint (work.n_destroyed, ==, 1);
  hf_executor_close (fixture->executor, HF_CLOSE_DRAIN); /* the others still look at the gate */
}

static void
on_tripped (GCancellable *cancellable,
            gpointer      user_data)
{
  hf_gate_pass (user_data);
}

/* Returns when it is told to, and then gives a value that nobody wants. */
static void
run_until_tripped (HfWorkCall *call,
                   gpointer    user_data)
{
  Work *work = user_data;
  g_autoptr (GCancellable) cancellable = g_object_ref (hf_work_call_get_cancellable (call));
  g_auto (GValue) value = G_VALUE_INIT;
  gulong handler =
    g_signal_connect (cancellable, "cancelled", G_CALLBACK (on_tripped), &work->tripped);

  hf_gate_pass (&work->started);
  if (work->own != NULL) /* where the work runs in the test's thread nobody else can */
    g_assert_true (hf_future_cancel (work->own));
  hf_gate_wait (&work->tripped, 1);
  g_signal_handler_disconnect (cancellable, handler);
  hf_gate_wait (&work->go_on, 1);
  g_assert_cmpint (g_atomic_int_get (&work->n_destroyed), ==, 0);
  g_value_init (&value, G_TYPE_INT);
  hf_work_call_set_value (call, &value);
}

static gboolean
is_destroyed (gpointer data)
{
  return g_atomic_int_get (&((Work *) data)->n_destroyed) == 1;
}

/* The future settles at once; what the function makes of it is ignored, and freed when it has
 * returned. */
void
promise_work_cancel_running (HfContract    *fixture,
                             gconstpointer  data)
{
  Work work = { .thread = NULL };
  g_autoptr (HfFuture) future =
    hf_executor_submit (fixture->executor, run_until_tripped, &work, count_destroyed);

  if (fixture->kind->is_here)
    {
      work.own = future;
      hf_gate_open (&work.go_on);
    }
  else
    {
      hf_gate_wait (&work.started, 1);
      g_assert_cmpint (hf_future_get_state (future), ==, HF_FUTURE_STATE_RUNNING);
      g_assert_false (hf_future_cancel_queued (future));
      g_assert_true (hf_future_cancel (future));
      g_assert_true (hf_future_wait (future, 0, NULL));
      g_assert_cmpint (g_atomic_int_get (&work.n_destroyed), ==, 0);
      hf_gate_open (&work.go_on);
    }
  hf_assert_becomes (is_destroyed, &work);
  g_assert_cmpint (hf_future_get_state (future), ==, HF_FUTURE_STATE_CANCELLED);
  g_assert_null (hf_future_get_value (future, NULL, NULL));
}

static void
on_closed (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_assert_true (hf_executor_close_finish (HF_EXECUTOR (source), result, NULL));
  hf_gate_pass (user_data);
}

/* What runs when the executor is closed is told to stop when all is cancelled, or else goes on. */
static void
close_with (HfContract   *fixture,
            HfCloseFlags  flags)
{
  gboolean stop = flags == HF_CLOSE_CANCEL_ALL;
  Work running = { .thread = NULL };
  Work queued = { .thread = NULL };
  HfGate closed = HF_GATE_INIT;
  HfFuture *futures[N_AT_ONCE];
  g_autoptr (HfFuture) waiting = NULL;

  for (guint i = 0; i < N_AT_ONCE; i++)
    futures[i] =
      hf_executor_submit (fixture->executor, stop ? run_until_tripped : hold, &running, NULL);
  if (!fixture->kind->is_here)
    hf_gate_wait (&running.started, N_AT_ONCE);
  waiting = hf_executor_submit (fixture->executor, flags == HF_CLOSE_DRAIN ? return_number : never,
                                &queued, count_destroyed);
  hf_executor_close_async (fixture->executor, flags, NULL, on_closed, &closed);
  g_assert_true (hf_future_wait (waiting, 0, NULL) == (flags != HF_CLOSE_DRAIN));
  if (!fixture->kind->is_here)
    {
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_assert_false (hf_gate_has_passed (&closed, 1));
    }

  hf_gate_open (&running.go_on);
  hf_assert_becomes (has_passed, &closed);
  g_assert_cmpint (queued.n_destroyed, ==, 1);
  g_assert_true (hf_future_wait (waiting, 0, NULL));
  if (flags == HF_CLOSE_DRAIN)
    g_assert_null (hf_future_get_error (waiting));
  else
    g_assert_error (hf_future_get_error (waiting), G_IO_ERROR, G_IO_ERROR_CANCELLED);
  for (guint i = 0; i < N_AT_ONCE; i++)
    {
      gboolean cancelled = hf_future_get_state (futures[i]) == HF_FUTURE_STATE_CANCELLED;

      g_assert_true (hf_future_wait (futures[i], 0, NULL));
      g_assert_true (cancelled == (stop || (fixture->kind->is_here && flags != HF_CLOSE_DRAIN)));
      g_object_unref (futures[i]);
    }
}

void
promise_work_close_drain (HfContract    *fixture,
                          gconstpointer  data)
{
  close_with (fixture, HF_CLOSE_DRAIN);
}

void
promise_work_close_cancel_queued (HfContract    *fixture,
                                  gconstpointer  data)
{
  close_with (fixture, HF_CLOSE_CANCEL_QUEUED);
}

void
promise_work_close_cancel_all (HfContract    *fixture,
                               gconstpointer  data)
{
  close_with (fixture, HF_CLOSE_CANCEL_ALL);
}

static void
close_executor (HfWorkCall *call,
                gpointer    user_data)
{
  hf_executor_close (((HfContract *) user_data)->executor, HF_CLOSE_DRAIN);
}

static void
close_executor_when_freed (gpointer data)
{
  close_executor (NULL, data);
}

/* Functions that close their executor, and data that does when it is freed, are not waited for by
 * one another. */
void
promise_work_close_within (HfContract    *fixture,
                           gconstpointer  data)
{
  HfFuture *futures[3 * N_AT_ONCE];

  for (guint i = 0; i < G_N_ELEMENTS (futures); i++)
    futures[i] = hf_executor_submit (fixture->executor, i % 2 ? close_executor : return_nothing,
                                     fixture, i % 3 ? NULL : close_executor_when_freed);
  for (guint i = 0; i < G_N_ELEMENTS (futures); i++)
    {
      hf_contract_await (fixture, futures[i]);
      g_object_unref (futures[i]);
    }
}

typedef struct {
  HfContract *fixture;
  guint depth;
} Nested;

static void
submit_within (HfWorkCall *call,
               gpointer    user_data)
{
  Nested *nested = user_data;
  Nested inner = { nested->fixture, nested->depth - 1 };
  g_autoptr (HfFuture) future = NULL;
  g_autoptr (GError) error = NULL;

  if (nested->depth == 0)
    return;
  future = hf_executor_submit (nested->fixture->executor, submit_within, &inner, NULL);
  if (hf_future_get_value (future, NULL, &error) == NULL)
    hf_work_call_fail (call, error);
  if (nested->fixture->kind->is_here)
    hf_future_cancel (future);
}

/* A function may wait for another one although there is no place left; where both are called in
 * one main context it is told that it cannot. */
void
promise_work_nested (HfContract    *fixture,
                     gconstpointer  data)
{
  Nested nested = { fixture, 3 * N_AT_ONCE };
  g_autoptr (HfFuture) future =
    hf_executor_submit (fixture->executor, submit_within, &nested, NULL);

  hf_contract_await (fixture, future);
  if (fixture->kind->is_here)
    g_assert_error (hf_future_get_error (future), HF_ERROR, HF_ERROR_WOULD_BLOCK);
  else
    g_assert_null (hf_future_get_error (future));
}

typedef struct {
  int n_called;    /* atomic */
  int n_destroyed; /* atomic */
} Counts;

static void
count_call (HfWorkCall *call,
            gpointer    user_data)
{
  g_atomic_int_inc (&((Counts *) user_data)->n_called);
}

static void
count_data (gpointer user_data)
{
  g_atomic_int_inc (&((Counts *) user_data)->n_destroyed);
}

/* However cancelling and calling meet, each is called once at most and its data freed once. */
void
promise_work_many (HfContract    *fixture,
                   gconstpointer  data)
{
  const guint n = g_getenv ("HF_TEST_SLOW") != NULL ? 200 : 2000;
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree Counts *counts = g_new0 (Counts, n);

  for (guint i = 0; i < n; i++)
    {
      HfFuture *future = hf_executor_submit (fixture->executor, count_call, &counts[i], count_data);

      g_ptr_array_add (futures, future);
      if (i % 3 == 0)
        hf_future_cancel (future);
    }
  for (guint i = 0; i < n; i++)
    hf_contract_await (fixture, g_ptr_array_index (futures, i));
  if (!fixture->kind->is_here)
    hf_executor_close (fixture->executor, HF_CLOSE_DRAIN);
  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpint (counts[i].n_destroyed, ==, 1);
      g_assert_cmpint (counts[i].n_called, <=, 1);
      if (hf_future_get_error (g_ptr_array_index (futures, i)) == NULL)
        g_assert_cmpint (counts[i].n_called, ==, 1);
    }
}
