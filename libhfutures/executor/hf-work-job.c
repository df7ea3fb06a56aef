/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-work-job-private.h"

#include "hf-executor-private.h"
#include "hf-promise-private.h"
#include "hf-work-call-private.h"

struct _HfWorkJob {
  HfJob parent;

  HfExecutor *executor;      /* owned, const */
  HfPromise *promise;        /* owned, const */
  HfWorkFunc func;           /* const */
  int taken;                 /* atomic: somebody calls the function, or ends the job without */

  /* Of whoever took the job. */
  gpointer user_data;        /* owned through destroy */
  GDestroyNotify destroy;    /* nullable; NULL when user_data is gone */

  GMutex lock;
  gboolean stopped;          /* guarded by lock */
  GCancellable *cancellable; /* owned; guarded by lock: stops the function, while it runs */
};

static void work_job_run (HfJob *job);
static void work_job_abort (HfJob        *job,
                            const GError *error);
static void work_job_free (HfJob *job);

static const HfJobInterface work_job_interface = {
  .run = work_job_run,
  .abort = work_job_abort,
  .free = work_job_free,
};

HfWorkJob *
hf_work_job_ref (HfWorkJob *self)
{
  hf_job_ref (&self->parent);
  return self;
}

void
hf_work_job_unref (HfWorkJob *self)
{
  hf_job_unref (&self->parent);
}

static void
work_job_free (HfJob *job)
{
  HfWorkJob *self = (HfWorkJob *) job;

  g_assert (self->destroy == NULL);
  g_assert (self->cancellable == NULL);

  hf_promise_free (self->promise);
  g_object_unref (self->executor);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Returns: whether the job is the caller's to end, which it is once */
static gboolean
work_job_take (HfWorkJob *self)
{
  return g_atomic_int_compare_and_exchange (&self->taken, FALSE, TRUE);
}

static void
work_job_free_data (HfWorkJob *self)
{
  GDestroyNotify destroy = g_steal_pointer (&self->destroy);

  if (destroy != NULL)
    destroy (g_steal_pointer (&self->user_data));
}

/* By who took it. */
static void
work_job_end (HfWorkJob *self)
{
  hf_executor_finish (HF_JOB (self));

  /* What is freed with it may close the executor, which must not wait for this job. */
  work_job_free_data (self);
}

/* Cancels what the function may look at. No reference is taken under the lock: the application may
 * have a wrapper for it. */
static void
work_job_cancel_call (HfWorkJob *self)
{
  g_autoptr (GCancellable) cancellable = NULL;

  g_mutex_lock (&self->lock);
  self->stopped = TRUE;
  cancellable = g_steal_pointer (&self->cancellable);
  g_mutex_unlock (&self->lock);

  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);
}

/* Stops the work of a future that has settled. On any thread, under no lock. */
static void
work_job_stop (gpointer data)
{
  HfWorkJob *self = data;
  g_autoptr (HfWorkJob) alive = hf_work_job_ref (self);

  work_job_cancel_call (self);
  if (work_job_take (self))
    work_job_end (self);
}

static void
work_job_abort (HfJob        *job,
                const GError *error)
{
  HfWorkJob *self = (HfWorkJob *) job;

  hf_promise_abort (self->promise, g_error_copy (error));
}

/* Returns: (transfer full): what the function can look at, cancelled if the future is already */
static GCancellable *
work_job_make_cancellable (HfWorkJob *self)
{
  GCancellable *cancellable = g_cancellable_new ();
  GCancellable *shared = g_object_ref (cancellable);
  gboolean stopped;

  g_mutex_lock (&self->lock);
  stopped = self->stopped;
  self->cancellable = shared;
  g_mutex_unlock (&self->lock);

  if (stopped)
    work_job_cancel_call (self);
  return cancellable;
}

static void
work_job_forget_cancellable (HfWorkJob *self)
{
  g_autoptr (GCancellable) cancellable = NULL;

  g_mutex_lock (&self->lock);
  cancellable = g_steal_pointer (&self->cancellable);
  g_mutex_unlock (&self->lock);
}

static void
work_job_call (HfWorkJob *self)
{
  g_autoptr (GCancellable) cancellable = work_job_make_cancellable (self);
  g_auto (GValue) value = G_VALUE_INIT;
  GError *error = NULL;
  gboolean fine = hf_work_call_run (self->func, self->user_data, cancellable, &value, &error);

  work_job_forget_cancellable (self);

  /* What the function closes over goes where it belongs before anybody is told. */
  work_job_free_data (self);

  if (fine)
    hf_promise_resolve (self->promise, &value);
  else
    hf_promise_fail (self->promise, error, NULL);
}

static void
work_job_run (HfJob *job)
{
  HfWorkJob *self = (HfWorkJob *) job;

  /* Whoever settled the future before ends the job, too, and then tells that it did. */
  if (!hf_promise_set_running (self->promise) || !work_job_take (self))
    return;
  work_job_call (self);
  work_job_end (self);
}

/* Returns: (transfer full): a job that can be submitted */
HfWorkJob *
hf_work_job_new (HfExecutor     *executor,
                 HfWorkFunc      func,
                 gpointer        user_data,
                 GDestroyNotify  destroy)
{
  HfWorkJob *self = g_new0 (HfWorkJob, 1);
  HfHome *home = hf_executor_get_home (executor);

  hf_job_init (&self->parent, &work_job_interface);
  g_mutex_init (&self->lock);
  self->executor = g_object_ref (executor);
  self->func = func;
  self->user_data = user_data;
  self->destroy = destroy;
  self->promise = hf_promise_new (NULL);
  if (home != NULL)
    hf_promise_set_home (self->promise, home);
  hf_promise_set_cancel_func (self->promise, work_job_stop, hf_work_job_ref (self),
                              (GDestroyNotify) hf_work_job_unref);
  return self;
}

HfFuture *
hf_work_job_get_future (HfWorkJob *self)
{
  return hf_promise_get_future (self->promise);
}
