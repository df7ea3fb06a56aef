/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-process-pool-private.h"

#include "hf-clock-private.h"
#include "hf-layout-private.h"

#define MOST_IDLE 10.0 /* seconds */

struct _HfProcessPool {
  gatomicrefcount ref_count;
  char **argv;           /* owned, const */
  guint max_idle;        /* const; how many are kept */
  guint max_jobs;        /* const; of each process; 0: without limit */
  double start_timeout;  /* seconds, const; 0: without limit */
  HfClock *clock;        /* const */

  GMutex lock;
  GQueue idle;           /* of HfWorkerProcess, by their links, the one that was used last first;
                          * guarded by lock */
  HfTimer *janitor;      /* owned, nullable; guarded by lock */
  gint64 janitor_due;    /* guarded by lock */
  gboolean closed;       /* guarded by lock */
  guintptr load_below;   /* where the libraries of new processes are to be; 0: to be chosen; guarded
                          * by lock */
  guint n_placed;        /* how many have them there; guarded by lock */
};

HfProcessPool *
hf_process_pool_new (const char *const *argv,
                     guint              max_idle,
                     guint              max_jobs,
                     double             start_timeout)
{
  HfProcessPool *self = g_new0 (HfProcessPool, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  g_queue_init (&self->idle);
  self->argv = g_strdupv ((char **) argv);
  self->max_idle = max_idle;
  self->max_jobs = max_jobs;
  self->start_timeout = start_timeout;
  self->clock = hf_clock_get_default ();
  self->janitor_due = HF_CLOCK_NEVER;
  return self;
}

HfProcessPool *
hf_process_pool_ref (HfProcessPool *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
hf_process_pool_unref (HfProcessPool *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_assert (self->idle.length == 0 && self->janitor == NULL);
  g_mutex_clear (&self->lock);
  g_strfreev (self->argv);
  g_free (self);
}

/*
 * process_pool_leave:
 * @has_died: by itself, so that who made it die could try again with what was learnt of the
 *   addresses
 *
 * A process has gone. Those that are started from now on have their libraries at another place when
 * it has died, or no other one has them there.
 */
static void
process_pool_leave (HfProcessPool *self,
                    guintptr       load_below,
                    gboolean       has_died)
{
  g_mutex_lock (&self->lock);
  if (load_below != 0 && load_below == self->load_below && (--self->n_placed == 0 || has_died))
    {
      self->load_below = 0;
      self->n_placed = 0;
    }
  g_mutex_unlock (&self->lock);
}

/* @worker: (transfer full): one that does nothing */
static void
process_pool_end (HfProcessPool   *self,
                  HfWorkerProcess *worker)
{
  process_pool_leave (self, worker->load_below, !hf_channel_is_idle (worker->channel));
  hf_worker_process_free (worker);
}

static void
process_pool_end_all (HfProcessPool *self,
                      GQueue        *workers)
{
  HfWorkerProcess *worker;

  while ((worker = g_queue_peek_head (workers)) != NULL)
    {
      g_queue_unlink (workers, &worker->link);
      process_pool_end (self, worker);
    }
}

/* Ends the processes, for good. Those that are still used are ended when they are checked in. */
void
hf_process_pool_close (HfProcessPool *self)
{
  GQueue idle;
  HfTimer *janitor;

  g_mutex_lock (&self->lock);
  self->closed = TRUE;
  idle = self->idle;
  g_queue_init (&self->idle);
  janitor = g_steal_pointer (&self->janitor);
  g_mutex_unlock (&self->lock);

  if (janitor != NULL)
    hf_clock_remove (self->clock, janitor);
  process_pool_end_all (self, &idle);
}

/* On the clock's thread: ends those that have been idle for too long. */
static gint64
janitor_tick (gpointer user_data,
              gint64   now)
{
  HfProcessPool *self = user_data;
  GQueue expired = G_QUEUE_INIT;
  HfWorkerProcess *oldest;

  g_mutex_lock (&self->lock);
  self->janitor_due = HF_CLOCK_NEVER;
  while ((oldest = g_queue_peek_tail (&self->idle)) != NULL)
    {
      self->janitor_due = hf_clock_due_after (oldest->idle_since, MOST_IDLE);
      if (self->janitor_due > now)
        break;
      self->janitor_due = HF_CLOCK_NEVER;
      g_queue_unlink (&self->idle, &oldest->link);
      g_queue_push_tail_link (&expired, &oldest->link);
    }
  now = MIN (self->janitor_due, HF_CLOCK_NEVER - 1); /* one that is done is not brought forward */
  g_mutex_unlock (&self->lock);

  process_pool_end_all (self, &expired);
  return now;
}

static void
process_pool_arm_locked (HfProcessPool *self,
                         gint64         due)
{
  if (due >= self->janitor_due)
    return;

  self->janitor_due = due;
  if (self->janitor != NULL)
    hf_clock_bring_forward (self->clock, self->janitor, due);
  else
    self->janitor = hf_clock_add (self->clock, due, janitor_tick, hf_process_pool_ref (self),
                                  (GDestroyNotify) hf_process_pool_unref);
}

static HfWorkerProcess *
process_pool_start (HfProcessPool  *self,
                    GCancellable   *cancellable,
                    GError        **error)
{
  guintptr load_below;
  HfWorkerProcess *worker;

  g_mutex_lock (&self->lock);
  if (self->load_below == 0)
    self->load_below = hf_layout_choose ();
  load_below = self->load_below;
  self->n_placed += load_below != 0;
  g_mutex_unlock (&self->lock);

  worker = hf_worker_process_start ((const char *const *) self->argv, load_below,
                                    self->start_timeout, cancellable, error);
  if (worker != NULL)
    worker->load_below = load_below;
  else
    process_pool_leave (self, load_below, FALSE);
  return worker;
}

/* Lends a process: one that is idle, and has not died meanwhile, or a new one, for which it blocks.
 * Returns: (transfer full) (nullable): the process */
HfWorkerProcess *
hf_process_pool_check_out (HfProcessPool  *self,
                           GCancellable   *cancellable,
                           GError        **error)
{
  for (;;)
    {
      HfWorkerProcess *worker;

      g_mutex_lock (&self->lock);
      worker = g_queue_peek_head (&self->idle);
      if (worker != NULL)
        g_queue_unlink (&self->idle, &worker->link);
      g_mutex_unlock (&self->lock);

      if (worker == NULL)
        return process_pool_start (self, cancellable, error);
      if (hf_channel_is_idle (worker->channel))
        return worker;
      process_pool_end (self, worker);
    }
}

/*
 * hf_process_pool_bury:
 * @worker: (transfer full): a process that is of no use any more
 * @failed: what its channel said
 *
 * Ends a process, see hf_worker_process_bury().
 *
 * Returns: (transfer full): why it is of no use
 */
GError *
hf_process_pool_bury (HfProcessPool   *self,
                      HfWorkerProcess *worker,
                      const GError    *failed)
{
  GError *reason;

  process_pool_leave (self, worker->load_below, TRUE);
  reason = hf_worker_process_bury (worker, failed);
  hf_worker_process_free (worker);
  return reason;
}

/*
 * hf_process_pool_check_in:
 * @worker: (transfer full): a process that has done its job, and is fine
 */
void
hf_process_pool_check_in (HfProcessPool   *self,
                          HfWorkerProcess *worker)
{
  gboolean keep = self->max_jobs == 0 || worker->n_jobs < self->max_jobs;

  g_mutex_lock (&self->lock);
  keep = keep && !self->closed && self->idle.length < self->max_idle;
  if (keep)
    {
      worker->idle_since = hf_clock_now (self->clock);
      g_queue_push_head_link (&self->idle, &worker->link);
      process_pool_arm_locked (self, hf_clock_due_after (worker->idle_since, MOST_IDLE));
    }
  g_mutex_unlock (&self->lock);

  if (!keep)
    process_pool_end (self, worker);
}

guint
hf_process_pool_get_n_idle (HfProcessPool *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = self->idle.length;
  g_mutex_unlock (&self->lock);
  return n;
}
