/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <poll.h>

#include "hf-future-private.h"
#include "hf-gate.h"
#include "hf-int-promise.h"
#include "hf-mailbox-private.h"
#include "libhfutures.h"

#define MANY 2000

/* Some promises, and a queue of their futures. */
typedef struct {
  HfPromise *promises[4];
  HfFuture *futures[4]; /* the promises' */
  HfCompletionQueue *queue;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  for (guint i = 0; i < G_N_ELEMENTS (fixture->promises); i++)
    {
      fixture->promises[i] = hf_promise_new (NULL);
      fixture->futures[i] = hf_promise_get_future (fixture->promises[i]);
    }
  fixture->queue = hf_completion_queue_new_for_futures (fixture->futures, 4);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  for (guint i = 0; i < G_N_ELEMENTS (fixture->promises); i++)
    g_clear_pointer (&fixture->promises[i], hf_promise_free);
  hf_assert_finalizes (fixture->queue);
}

static void
assert_pops (HfCompletionQueue *queue,
             HfFuture          *expected)
{
  g_autoptr (HfFuture) future = hf_completion_queue_pop (queue, -1, NULL);

  g_assert_true (future == expected);
}

static void
test_order (Fixture       *fixture,
            gconstpointer  data)
{
  g_assert_cmpuint (hf_completion_queue_get_n_items (fixture->queue), ==, 4);
  hf_resolve_int (fixture->promises[2], 2);
  hf_future_cancel (fixture->futures[0]);
  hf_resolve_int (fixture->promises[3], 3);

  assert_pops (fixture->queue, fixture->futures[2]);
  assert_pops (fixture->queue, fixture->futures[0]);
  g_assert_cmpuint (hf_completion_queue_get_n_items (fixture->queue), ==, 2);
  assert_pops (fixture->queue, fixture->futures[3]);
  g_assert_null (hf_completion_queue_pop (fixture->queue, 0, NULL));
  hf_resolve_int (fixture->promises[1], 1);
  assert_pops (fixture->queue, fixture->futures[1]);
  g_assert_cmpuint (hf_completion_queue_get_n_items (fixture->queue), ==, 0);
}

static void
test_empty (void)
{
  g_autoptr (HfCompletionQueue) queue = hf_completion_queue_new ();

  g_assert_null (hf_completion_queue_pop (queue, -1, NULL));
  g_assert_cmpuint (hf_completion_queue_get_n_items (queue), ==, 0);
}

/* Settled ones keep their order, and what is added twice is given twice. */
static void
test_settled (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (HfCompletionQueue) queue = hf_completion_queue_new ();

  hf_resolve_int (fixture->promises[1], 1);
  hf_resolve_int (fixture->promises[0], 0);
  for (guint i = 0; i < 3; i++)
    hf_completion_queue_add (queue, fixture->futures[i % 2]);

  assert_pops (queue, fixture->futures[0]);
  assert_pops (queue, fixture->futures[1]);
  assert_pops (queue, fixture->futures[0]);
  g_assert_null (hf_completion_queue_pop (queue, -1, NULL));
}

static void
test_give_up (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_assert_null (hf_completion_queue_pop (fixture->queue, 1000, NULL));
  g_cancellable_cancel (cancellable);
  g_assert_null (hf_completion_queue_pop (fixture->queue, -1, cancellable));
  g_assert_cmpuint (hf_completion_queue_get_n_items (fixture->queue), ==, 4);
}

static gpointer
resolve_in_thread (gpointer data)
{
  hf_resolve_int (data, 1);
  return NULL;
}

static void
test_wakes (Fixture       *fixture,
            gconstpointer  data)
{
  for (guint i = 0; i < 4; i++)
    {
      GThread *thread = g_thread_new ("resolves", resolve_in_thread, fixture->promises[i]);

      assert_pops (fixture->queue, fixture->futures[i]);
      g_thread_join (thread);
    }
}

static void
resolve_here (gpointer data)
{
  hf_resolve_int (data, 1);
}

static void
not_dropped (gpointer data)
{
  g_assert_not_reached ();
}

/* What settles the future is work that waits for this very thread. */
static void
test_runs_posted_work (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr (HfMailbox) mailbox = hf_mailbox_ref_current ();

  hf_mailbox_call_unref (hf_mailbox_post (mailbox, NULL, resolve_here, not_dropped,
                                          fixture->promises[1]));
  assert_pops (fixture->queue, fixture->futures[1]);
}

/* What settles in this thread's own loop cannot be waited for, but other things can. */
static void
test_would_block (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  HfHome *home = hf_home_new (context);
  g_autoptr (HfPromise) here = hf_promise_new (NULL);
  g_autoptr (HfPromise) elsewhere = hf_promise_new (NULL);
  g_autoptr (HfCompletionQueue) queue = hf_completion_queue_new ();
  HfFuture *both[2] = { hf_promise_get_future (here), hf_promise_get_future (elsewhere) };
  GThread *thread;

  hf_promise_set_home (here, home);
  hf_completion_queue_add (queue, both[0]);
  g_assert_null (hf_completion_queue_pop (queue, -1, NULL));
  g_assert_false (hf_futures_wait (both, 1, HF_WAIT_ALL_COMPLETED, -1, NULL));

  hf_completion_queue_add (queue, both[1]);
  thread = g_thread_new ("resolves", resolve_in_thread, elsewhere);
  assert_pops (queue, both[1]);
  g_thread_join (thread);
  g_assert_null (hf_completion_queue_pop (queue, -1, NULL));
  g_assert_false (hf_futures_wait (both, 2, HF_WAIT_ALL_COMPLETED, -1, NULL));
  hf_home_unref (home);
}

static gpointer
pop_until_empty (gpointer data)
{
  guint n_popped = 0;

  for (;; n_popped++)
    {
      g_autoptr (HfFuture) future = hf_completion_queue_pop (data, -1, NULL);

      if (future == NULL)
        return GUINT_TO_POINTER (n_popped);
      g_assert_true (hf_future_is_settled (future));
    }
}

static gpointer
resolve_many (gpointer data)
{
  HfPromise **promises = data;

  for (guint i = 0; i < MANY; i++)
    hf_resolve_int (promises[i], i);
  return NULL;
}

/* Each is given to one of several threads, and none is lost or left asleep. */
static void
test_many_threads (void)
{
  g_autofree HfPromise **promises = g_new (HfPromise *, MANY);
  g_autoptr (HfCompletionQueue) queue = hf_completion_queue_new ();
  GThread *threads[4];
  GThread *resolver;
  guint n_popped = 0;

  for (guint i = 0; i < MANY; i++)
    {
      promises[i] = hf_promise_new (NULL);
      hf_completion_queue_add (queue, hf_promise_get_future (promises[i]));
    }
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("pops", pop_until_empty, queue);
  resolver = g_thread_new ("resolves", resolve_many, promises);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    n_popped += GPOINTER_TO_UINT (g_thread_join (threads[i]));
  g_thread_join (resolver);

  g_assert_cmpuint (n_popped, ==, MANY);
  for (guint i = 0; i < MANY; i++)
    hf_promise_free (promises[i]);
}

/* The queue keeps nothing that it has given, nor what it never gave once it is gone. */
static void
test_lets_go (void)
{
  HfPromise *given = hf_promise_new (NULL);
  HfPromise *kept = hf_promise_new (NULL);
  HfCompletionQueue *queue = hf_completion_queue_new ();
  HfFuture *futures[2] = {
    g_object_ref (hf_promise_get_future (given)),
    g_object_ref (hf_promise_get_future (kept)),
  };

  hf_completion_queue_add (queue, futures[0]);
  hf_completion_queue_add (queue, futures[1]);
  hf_resolve_int (given, 1);
  assert_pops (queue, futures[0]);
  hf_promise_free (given);
  hf_assert_finalizes (futures[0]);

  hf_assert_finalizes (queue);
  hf_resolve_int (kept, 1);
  hf_promise_free (kept);
  hf_assert_finalizes (futures[1]);
}

static void
keep_result (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
is_set (gpointer user_data)
{
  return *(gpointer *) user_data != NULL;
}

static HfFuture *
pop_async_and_finish (HfCompletionQueue  *queue,
                      GCancellable       *cancellable,
                      GError            **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  hf_completion_queue_pop_async (queue, cancellable, keep_result, &result);
  g_assert_null (result);
  hf_assert_becomes (is_set, &result);
  return hf_completion_queue_pop_finish (queue, result, error);
}

static void
test_async (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  GAsyncResult *results[4] = { NULL };

  hf_resolve_int (fixture->promises[3], 3);
  for (guint i = 0; i < 4; i++)
    hf_completion_queue_pop_async (fixture->queue, NULL, keep_result, &results[i]);
  for (guint i = 0; i < 3; i++)
    g_thread_join (g_thread_new ("resolves", resolve_in_thread, fixture->promises[i]));

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (HfFuture) future = NULL;

      hf_assert_becomes (is_set, &results[i]);
      future = hf_completion_queue_pop_finish (fixture->queue, results[i], &error);
      g_assert_no_error (error);
      g_assert_true (future == fixture->futures[(i + 3) % 4]);
      g_object_unref (results[i]);
    }

  g_assert_null (pop_async_and_finish (fixture->queue, NULL, &error));
  g_assert_no_error (error);
}

/* A wait that was cancelled takes nothing out; one that was given a future delivers it. */
static void
test_async_cancelled (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GCancellable) later = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (HfFuture) future = NULL;
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  hf_resolve_int (fixture->promises[0], 0);
  g_assert_null (pop_async_and_finish (fixture->queue, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  hf_completion_queue_pop_async (fixture->queue, later, keep_result, &result);
  g_cancellable_cancel (later);
  hf_assert_becomes (is_set, &result);
  future = hf_completion_queue_pop_finish (fixture->queue, result, &error);
  g_assert_no_error (error);
  g_assert_true (future == fixture->futures[0]);

  g_clear_object (&result);
  g_cancellable_reset (later);
  hf_completion_queue_pop_async (fixture->queue, later, keep_result, &result);
  g_cancellable_cancel (later);
  hf_assert_becomes (is_set, &result);
  g_assert_null (hf_completion_queue_pop_finish (fixture->queue, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (hf_completion_queue_get_n_items (fixture->queue), ==, 3);
}

static gboolean
is_readable (int fd)
{
  struct pollfd polled = { fd, POLLIN, 0 };

  return poll (&polled, 1, 0) == 1;
}

static void
test_fd (Fixture       *fixture,
         gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  int fd = hf_completion_queue_get_fd (fixture->queue, &error);

  g_assert_no_error (error);
  g_assert_cmpint (hf_completion_queue_get_fd (fixture->queue, NULL), ==, fd);
  g_assert_false (is_readable (fd));
  for (guint round = 0; round < 2; round++)
    {
      hf_resolve_int (fixture->promises[2 * round], 1);
      hf_resolve_int (fixture->promises[2 * round + 1], 1);
      g_assert_true (is_readable (fd));
      assert_pops (fixture->queue, fixture->futures[2 * round]);
      g_assert_true (is_readable (fd));
      assert_pops (fixture->queue, fixture->futures[2 * round + 1]);
      g_assert_false (is_readable (fd));
    }
}

/* Asked for when something is ready already. */
static void
test_fd_late (Fixture       *fixture,
              gconstpointer  data)
{
  int fd;

  hf_resolve_int (fixture->promises[0], 1);
  fd = hf_completion_queue_get_fd (fixture->queue, NULL);
  g_assert_true (is_readable (fd));
  assert_pops (fixture->queue, fixture->futures[0]);
  g_assert_false (is_readable (fd));
}

static void
test_wait_modes (Fixture       *fixture,
                 gconstpointer  data)
{
  const HfWaitMode modes[] = {
    HF_WAIT_FIRST_COMPLETED,
    HF_WAIT_FIRST_ERROR,
    HF_WAIT_ALL_COMPLETED,
  };
  const gboolean met_after[4][3] = {
    { FALSE, FALSE, FALSE }, /* nothing */
    { TRUE, FALSE, FALSE }, /* a success and a cancellation */
    { TRUE, TRUE, FALSE }, /* a failure as well */
    { TRUE, TRUE, TRUE }, /* all */
  };

  for (guint step = 0; step < G_N_ELEMENTS (met_after); step++)
    {
      if (step == 1)
        {
          hf_resolve_int (fixture->promises[0], 0);
          hf_future_cancel (fixture->futures[1]);
        }
      else if (step > 1)
        {
          hf_promise_fail (fixture->promises[step],
                           g_error_new_literal (HF_ERROR, HF_ERROR_FAILED, "as expected"), NULL);
        }

      for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
        g_assert_cmpint (hf_futures_wait (fixture->futures, 4, modes[i], step % 2, NULL), ==,
                         met_after[step][i]);
    }
}

static void
test_wait_blocks (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GThread *threads[4];

  g_assert_true (hf_futures_wait (NULL, 0, HF_WAIT_FIRST_COMPLETED, -1, NULL));
  g_cancellable_cancel (cancellable);
  g_assert_false (hf_futures_wait (fixture->futures, 4, HF_WAIT_FIRST_COMPLETED, -1, cancellable));

  for (guint i = 0; i < 4; i++)
    threads[i] = g_thread_new ("resolves", resolve_in_thread, fixture->promises[i]);
  g_assert_true (hf_futures_wait (fixture->futures, 4, HF_WAIT_FIRST_ERROR, -1, NULL));
  for (guint i = 0; i < 4; i++)
    {
      g_assert_true (hf_future_is_settled (fixture->futures[i]));
      g_thread_join (threads[i]);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/completion-queue/order", test_order);
  g_test_add_func ("/completion-queue/empty", test_empty);
  ADD ("/completion-queue/settled", test_settled);
  ADD ("/completion-queue/give-up", test_give_up);
  ADD ("/completion-queue/wakes", test_wakes);
  ADD ("/completion-queue/runs-posted-work", test_runs_posted_work);
  g_test_add_func ("/completion-queue/would-block", test_would_block);
  g_test_add_func ("/completion-queue/many-threads", test_many_threads);
  g_test_add_func ("/completion-queue/lets-go", test_lets_go);
  ADD ("/completion-queue/async", test_async);
  ADD ("/completion-queue/async/cancelled", test_async_cancelled);
  ADD ("/completion-queue/fd", test_fd);
  ADD ("/completion-queue/fd/late", test_fd_late);
  ADD ("/futures-wait/modes", test_wait_modes);
  ADD ("/futures-wait/blocks", test_wait_blocks);
#undef ADD

  return g_test_run ();
}
