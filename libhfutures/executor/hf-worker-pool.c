/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-worker-pool-private.h"

struct _HfWorkerPool {
  GThreadPool *threads;  /* owned, const */
  guint max_threads;     /* const */
  GDestroyNotify func;   /* const */
  HfBlockingScope scope; /* const; what its threads' waits tell */

  GMutex lock;
  guint n_lent;          /* guarded by lock: threads that wait, whose places others may take */
};

static void
change_lent (HfWorkerPool *self,
             int           by)
{
  g_mutex_lock (&self->lock);
  self->n_lent += by;
  g_thread_pool_set_max_threads (self->threads, self->max_threads + self->n_lent, NULL);
  g_mutex_unlock (&self->lock);
}

static void
lend (gpointer user_data)
{
  change_lent (user_data, 1);
}

static void
unlend (gpointer user_data)
{
  change_lent (user_data, -1);
}

/* The pool may be freed by the function. */
static void
run_call (gpointer data,
          gpointer user_data)
{
  HfWorkerPool *self = user_data;
  const HfBlockingScope *outer = hf_blocking_scope_swap (&self->scope);

  self->func (data);
  hf_blocking_scope_swap (outer);
}

/* Makes a pool that calls @func with what is pushed. */
HfWorkerPool *
hf_worker_pool_new (guint          max_threads,
                    GDestroyNotify func)
{
  HfWorkerPool *self = g_new0 (HfWorkerPool, 1);

  g_mutex_init (&self->lock);
  self->func = func;
  self->scope = (HfBlockingScope){ lend, unlend, self };
  self->max_threads = max_threads;
  self->threads = g_thread_pool_new (run_call, self, max_threads, FALSE, NULL);
  return self;
}

/* When nothing is left to be called; may be called by what is called last. */
void
hf_worker_pool_free (HfWorkerPool *self)
{
  g_thread_pool_free (self->threads, FALSE, FALSE);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/*
 * hf_worker_pool_push:
 *
 * Has the function called on one of the threads.
 *
 * Returns: %FALSE with @error set when there is no thread and none can be started; the call is made
 *   all the same when there is one later
 */
gboolean
hf_worker_pool_push (HfWorkerPool  *self,
                     gpointer       data,
                     GError       **error)
{
  if (g_thread_pool_push (self->threads, data, error))
    return TRUE;

  /* It is in the queue all the same. As long as there is any thread, the call will be made. */
  if (g_thread_pool_get_num_threads (self->threads) == 0)
    return FALSE;

  g_clear_error (error);
  return TRUE;
}

guint
hf_worker_pool_get_n_threads (HfWorkerPool *self)
{
  return g_thread_pool_get_num_threads (self->threads);
}
