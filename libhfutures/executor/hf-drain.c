/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-drain-private.h"

#include <glib/gi18n-lib.h>

#include "hf-error-private.h"
#include "hf-executor-private.h"

/* An executor whose work is waited for, for as long as there is one. */
struct _HfDrained {
  gatomicrefcount ref_count; /* the executor's, and of those that look through the list */
  GWeakRef executor;
  GList link;                /* guarded by drained_lock */
};

static GMutex drained_lock;
static GQueue all_drained = G_QUEUE_INIT; /* of HfDrained; guarded by drained_lock */

static void
drained_unref (gpointer data)
{
  HfDrained *self = data;

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_weak_ref_clear (&self->executor);
  g_free (self);
}

HfDrained *
hf_drained_new (HfExecutor *executor)
{
  HfDrained *self = g_new0 (HfDrained, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_weak_ref_init (&self->executor, executor);
  self->link.data = self;

  g_mutex_lock (&drained_lock);
  g_queue_push_tail_link (&all_drained, &self->link);
  g_mutex_unlock (&drained_lock);
  return self;
}

/* The executor has come to its end. */
void
hf_drained_retire (HfDrained *self)
{
  g_mutex_lock (&drained_lock);
  g_queue_unlink (&all_drained, &self->link);
  g_mutex_unlock (&drained_lock);
  drained_unref (self);
}

/* Returns: (transfer none): what counts the unfinished jobs of all executors that draining waits
 * for */
HfLatch *
hf_drain_get_latch (void)
{
  static HfLatch *latch = NULL; /* never freed */

  if (g_once_init_enter (&latch))
    g_once_init_leave (&latch, hf_latch_new (NULL));
  return latch;
}

/**
 * hf_drain:
 * @timeout_us: for how long to wait at most, in microseconds; negative: without limit
 * @cancellable: (nullable): ends the waiting, nothing else
 *
 * Blocks until nothing that was submitted anywhere in the process is unfinished, whoever submitted
 * it and whether or not anybody still has its future, its session or its executor.
 *
 * For programs that want to end, but not before what they have begun. Nothing is closed, so more
 * can be submitted meanwhile, which is waited for as well.
 *
 * Work that is bound to the calling thread, such as a response hook in its context, is done
 * meanwhile. What runs in a main context of the application's, in executors with
 * [property@LoopExecutor:context], is not waited for: that may never go on. Hooks in contexts of
 * other threads are, so there is reason for a timeout when these may have ended.
 *
 * Any thread may call it. Called from a response hook, or from a function of
 * [method@Executor.submit], it does not wait for the work whose hook or function it is, nor for
 * what waits in this way, too. Where blocking is forbidden, as in a settled function on the thread
 * of a loop, it returns at once.
 *
 * Returns: whether nothing is left that it waits for
 *
 * Since: 1.0
 */
gboolean
hf_drain (gint64        timeout_us,
          GCancellable *cancellable)
{
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);

  return hf_latch_wait_until (hf_drain_get_latch (), timeout_us, cancellable);
}

/**
 * hf_cancel_all:
 *
 * Cancels everything that [func@drain] waits for, queued or running. Nothing is closed.
 *
 * For programs that have to end soon. Hooks and functions that are running are not interrupted;
 * draining afterwards waits for them. Any thread may call it.
 *
 * Since: 1.0
 */
void
hf_cancel_all (void)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (drained_unref);
  g_autoptr (GError) error = NULL;

  hf_init_i18n ();
  error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _("All work was cancelled"));

  g_mutex_lock (&drained_lock);
  for (GList *l = all_drained.head; l != NULL; l = l->next)
    {
      HfDrained *drained = l->data;

      g_atomic_ref_count_inc (&drained->ref_count);
      g_ptr_array_add (list, drained);
    }
  g_mutex_unlock (&drained_lock);

  /* References are taken and dropped under no lock. */
  for (guint i = 0; i < list->len; i++)
    {
      HfDrained *drained = g_ptr_array_index (list, i);
      g_autoptr (HfExecutor) executor = g_weak_ref_get (&drained->executor);

      if (executor != NULL)
        hf_executor_cancel (executor, TRUE, error);
    }
}
