/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-executor-private.h"

#include <glib/gi18n-lib.h>

#include "hf-dispatcher-private.h"
#include "hf-drain-private.h"
#include "hf-error-private.h"
#include "hf-latch-private.h"

/**
 * HfExecutor:
 *
 * Where requests run, and functions of the application's own that are given to
 * [method@Executor.submit].
 *
 * A session makes an executor for itself, or is given one that it then shares with others. Work
 * that waits is ordered by [property@Request:priority]; among equals the sessions take turns, and
 * within a session the hosts do.
 *
 * Every function may be called from any thread.
 *
 * Since: 1.0
 */

typedef struct {
  GMutex lock;
  HfDispatcher *waiting; /* owned; guarded by lock */
  HfDispatcher *blocking; /* owned; guarded by lock: where there are loops, what waits for a thread
                           * on which it may block */
  GQueue unfinished;     /* of HfJob, by their own links: what waits here, what runs, and what waits
                          * for something else before it goes on; guarded by lock */
  gboolean closed;       /* guarded by lock */
  HfCloseFlags closing;  /* guarded by lock: what those that closed it wanted */
  HfLatch *latch;        /* owned, const; counts the unfinished jobs */
  HfDrained *drained;    /* owned, const; NULL where draining does not wait */
} HfExecutorPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (HfExecutor, hf_executor, G_TYPE_OBJECT)

static void
hf_executor_finalize (GObject *object)
{
  HfExecutorPrivate *priv = hf_executor_get_instance_private (HF_EXECUTOR (object));

  g_clear_pointer (&priv->drained, hf_drained_retire);
  hf_dispatcher_free (priv->waiting);
  hf_dispatcher_free (priv->blocking);
  hf_latch_unref (priv->latch);
  g_mutex_clear (&priv->lock);

  G_OBJECT_CLASS (hf_executor_parent_class)->finalize (object);
}

static void
hf_executor_constructed (GObject *object)
{
  HfExecutor *self = HF_EXECUTOR (object);
  HfExecutorPrivate *priv = hf_executor_get_instance_private (self);

  G_OBJECT_CLASS (hf_executor_parent_class)->constructed (object);

  /* Nobody knows whether the user's context goes on, so draining does not wait for that. */
  if (hf_executor_get_home (self) == NULL)
    {
      priv->latch = hf_latch_new (hf_drain_get_latch ());
      priv->drained = hf_drained_new (self);
    }
  else
    {
      priv->latch = hf_latch_new (NULL);
    }
}

static void
hf_executor_class_init (HfExecutorClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = hf_executor_constructed;
  G_OBJECT_CLASS (klass)->finalize = hf_executor_finalize;
}

static void
hf_executor_init (HfExecutor *self)
{
  HfExecutorPrivate *priv = hf_executor_get_instance_private (self);

  g_mutex_init (&priv->lock);
  g_queue_init (&priv->unfinished);
  priv->waiting = hf_dispatcher_new ();
  priv->blocking = hf_dispatcher_new ();
}

/* Ends a job for which there is no thread. */
void
hf_executor_abort (HfJob        *job,
                   const GError *cause)
{
  g_autoptr (GError) error = NULL;

  hf_init_i18n ();
  error =
    g_error_new (HF_ERROR, HF_ERROR_FAILED, _("No thread could be started: %s"), cause->message);
  hf_job_abort (job, error);
}

/* Where the job waits for its turn. */
static HfDispatcher *
executor_get_queue (HfExecutor *self,
                    HfJob      *job)
{
  HfExecutorPrivate *priv = hf_executor_get_instance_private (self);

  return job->iface->run_async == NULL && hf_executor_has_loops (self) ? priv->blocking
                                                                       : priv->waiting;
}

static void run_next_blocking (gpointer data);

/* Has a worker look for the job, which the dispatcher has. */
static void
executor_wake_for (HfExecutor *self,
                   HfJob      *job)
{
  HfExecutorPrivate *priv = hf_executor_get_instance_private (self);
  g_autoptr (GError) error = NULL;
  gboolean woken;

  if (executor_get_queue (self, job) == priv->blocking)
    woken = hf_executor_call (self, run_next_blocking, g_object_ref (self), &error);
  else
    woken = HF_EXECUTOR_GET_CLASS (self)->wake (self, &error);

  if (!woken && hf_executor_withdraw (self, job))
    hf_executor_abort (job, error);
}

/*
 * hf_executor_submit_job:
 * @owner: whose turn it uses; only compared
 * @lane: which of the owner's turns it uses
 *
 * Has a job run. On an executor that is closed it is aborted instead, before this returns. The
 * executor has the job until hf_executor_finish().
 */
void
hf_executor_submit_job (HfExecutor    *self,
                        HfJob         *job,
                        int            priority,
                        gconstpointer  owner,
                        const char    *lane)
{
  HfExecutorPrivate *priv = hf_executor_get_instance_private (self);
  g_autoptr (HfJob) alive = hf_job_ref (job);
  g_autoptr (GError) error = NULL;
  gboolean closed;

  hf_job_ref (job); /* the dispatcher's */
  g_mutex_lock (&priv->lock);
  closed = priv->closed;
  if (!closed)
    {
      hf_latch_enter (priv->latch);
      job->executor = self;
      g_queue_push_tail_link (&priv->unfinished, &job->unfinished_link);
      hf_dispatcher_push (executor_get_queue (self, job), job, priority, owner, lane);
    }
  g_mutex_unlock (&priv->lock);

  if (!closed)
    {
      executor_wake_for (self, job);
      return;
    }

  hf_job_unref (job);
  hf_init_i18n ();
  error = g_error_new_literal (HF_ERROR, HF_ERROR_CLOSED, _("The executor has been closed"));
  hf_job_abort (job, error);
}

/* Has a job run again that was run before and has more to do, also while the executor closes. */
void
hf_executor_submit_rest (HfExecutor    *self,
                         HfJob         *job,
                         int            priority,
                         gconstpointer  owner,
                         const char    *lane)
{
  HfExecutorPrivate *priv = hf_executor_get_instance_private (self);
  g_autoptr (HfJob) alive = hf_job_ref (job);
  gboolean unfinished;

  hf_job_ref (job); /* the dispatcher's */
  g_mutex_lock (&priv->lock);
  unfinished = job->executor != NULL; /* it may have been aborted just now */
  if (unfinished)
    hf_dispatcher_push (executor_get_queue (self, job), job, priority, owner, lane);
  g_mutex_unlock (&priv->lock);

  if (unfinished)
    executor_wake_for (self, job);
  else
    hf_job_unref (job);
}

/* For jobs, once: there is no more to do. One that was never accepted may say so, too. */
void
hf_executor_finish (HfJob *job)
{
  HfExecutorPrivate *priv;
  gboolean waited;
  gboolean over;

  if (job->executor == NULL)
    return;

  priv = hf_executor_get_instance_private (job->executor);
  g_mutex_lock (&priv->lock);
  over = job->n_runs == 0; /* else who runs it is about to see */
  waited = hf_dispatcher_withdraw (executor_get_queue (job->executor, job), job);
  g_queue_unlink (&priv->unfinished, &job->unfinished_link);
  job->executor = NULL;
  g_mutex_unlock (&priv->lock);

  if (waited)
    hf_job_unref (job);
  if (over)
    hf_latch_leave (priv->latch);
}

/* Takes a job back that no worker has begun. Returns: whether that was so. */
gboolean
hf_executor_withdraw (HfExecutor *self,
                      HfJob      *job)
{
  HfExecutorPrivate *priv = hf_executor_get_instance_private (self);
  gboolean waited;

  g_mutex_lock (&priv->lock);
  waited = hf_dispatcher_withdraw (executor_get_queue (self, job), job);
  g_mutex_unlock (&priv->lock);

  if (waited)
    hf_job_unref (job);
  return waited;
}

/* Says that this thread now works for one of the executor's jobs, so it cannot wait for that. */
void
hf_executor_push_frame (HfExecutor   *self,
                        HfLatchFrame *frame)
{
  HfExecutorPrivate *priv = hf_executor_get_instance_private (self);

  hf_latch_push_frame (priv->latch, frame);
}

/* Returns: (transfer full) (nullable): the job that comes next, which is being run from now on */
static HfJob *
executor_take_next (HfExecutor   *self,
                    HfDispatcher *queue)
{
  HfExecutorPrivate *priv = hf_executor_get_instance_private (self);
  HfJob *job;

  g_mutex_lock (&priv->lock);
  job = hf_dispatcher_pop (queue);
  if (job != NULL)
    {
      job->n_runs++;
      job->has_run = TRUE;
    }
  g_mutex_unlock (&priv->lock);
  return job;
}

/* Returns: whether the job has finished, and this was the last that ran it */
static gboolean
executor_end_run (HfExecutor *self,
                  HfJob      *job)
{
  HfExecutorPrivate *priv = hf_executor_get_instance_private (self);
  gboolean over;

  g_mutex_lock (&priv->lock);
  over = --job->n_runs == 0 && job->executor == NULL;
  g_mutex_unlock (&priv->lock);
  return over;
}

/* Returns: whether there was a job to run in the queue */
static gboolean
executor_run_next_of (HfExecutor   *self,
                      HfDispatcher *queue)
{
  HfExecutorPrivate *priv = hf_executor_get_instance_private (self);
  HfLatchFrame frame;
  HfJob *job = executor_take_next (self, queue);
  gboolean over;

  if (job == NULL)
    return FALSE;

  hf_executor_push_frame (self, &frame);
  hf_job_run (job);

  over = executor_end_run (self, job);

  /* Inside the frame, since what is freed with it may close the executor. */
  hf_job_unref (job);
  hf_latch_pop_frame (&frame);
  if (over)
    hf_latch_leave (priv->latch);
  return TRUE;
}

/*
 * hf_executor_run_next:
 *
 * Runs the job that comes next on this thread, which the executor has made for that.
 *
 * Returns: whether there was one
 */
gboolean
hf_executor_run_next (HfExecutor *self)
{
  HfExecutorPrivate *priv = hf_executor_get_instance_private (self);

  return executor_run_next_of (self, priv->waiting);
}

/* With loops, where jobs may block: runs the next of those that do. */
static void
run_next_blocking (gpointer data)
{
  g_autoptr (HfExecutor) self = data;
  HfExecutorPrivate *priv = hf_executor_get_instance_private (self);

  executor_run_next_of (self, priv->blocking);
}

/*
 * hf_executor_begin_next:
 * @place: what the executor's class wants back when the job leaves
 *
 * Begins the job that comes next on this thread's loop.
 *
 * Returns: whether there was one
 */
gboolean
hf_executor_begin_next (HfExecutor *self,
                        gpointer    place)
{
  HfExecutorPrivate *priv = hf_executor_get_instance_private (self);
  HfJob *job = executor_take_next (self, priv->waiting);

  if (job == NULL)
    return FALSE;

  job->place = place;
  hf_job_run_async (job);
  return TRUE;
}

/* For jobs that were begun on a loop: they need it no more. */
void
hf_executor_leave (HfExecutor *self,
                   HfJob      *job)
{
  HfExecutorPrivate *priv = hf_executor_get_instance_private (self);
  g_autoptr (HfExecutor) alive = g_object_ref (self);
  gpointer place = g_steal_pointer (&job->place);
  gboolean over = executor_end_run (self, job);

  hf_job_unref (job); /* what was the dispatcher's */
  if (over)
    hf_latch_leave (priv->latch);
  HF_EXECUTOR_GET_CLASS (self)->left (self, place);
}

/* Whether jobs run on loops, where nothing may block. */
gboolean
hf_executor_has_loops (HfExecutor *self)
{
  return HF_EXECUTOR_GET_CLASS (self)->call != NULL;
}

/* With loops: has @func called where it may block. */
gboolean
hf_executor_call (HfExecutor      *self,
                  GDestroyNotify   func,
                  gpointer         data,
                  GError         **error)
{
  return HF_EXECUTOR_GET_CLASS (self)->call (self, func, data, error);
}

/* Returns: (transfer none) (nullable): the user's context in which the work is done */
HfHome *
hf_executor_get_home (HfExecutor *self)
{
  HfExecutorClass *klass = HF_EXECUTOR_GET_CLASS (self);

  return klass->get_home != NULL ? klass->get_home (self) : NULL;
}

/* Whether the work is done in this thread's own main loop, so that it must not wait. */
gboolean
hf_executor_is_here (HfExecutor *self)
{
  HfHome *home = hf_executor_get_home (self);

  return home != NULL && hf_home_is_here (home);
}

/* Returns: (transfer none): what to measure timeouts with */
HfClock *
hf_executor_get_clock (HfExecutor *self)
{
  HfExecutorClass *klass = HF_EXECUTOR_GET_CLASS (self);

  return klass->get_clock != NULL ? klass->get_clock (self) : hf_clock_get_default ();
}

/* Aborts the jobs that have not ended; those only that have never run, when @running_too is not
 * set. */
void
hf_executor_cancel (HfExecutor   *self,
                    gboolean      running_too,
                    const GError *error)
{
  HfExecutorPrivate *priv = hf_executor_get_instance_private (self);
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) hf_job_unref);

  g_mutex_lock (&priv->lock);
  for (GList *l = priv->unfinished.head; l != NULL; l = l->next)
    {
      HfJob *job = l->data;

      if (!running_too && job->has_run)
        continue;
      /* What waits is taken out, so it is not run meanwhile; its reference goes to the list. */
      if (!hf_dispatcher_withdraw (executor_get_queue (self, job), job))
        hf_job_ref (job);
      g_ptr_array_add (jobs, job);
    }
  g_mutex_unlock (&priv->lock);

  for (guint i = 0; i < jobs->len; i++)
    hf_job_abort (g_ptr_array_index (jobs, i), error);
}

static void
executor_begin_close (HfExecutor   *self,
                      HfCloseFlags  flags)
{
  HfExecutorPrivate *priv = hf_executor_get_instance_private (self);
  g_autoptr (GError) error = NULL;
  gboolean first;

  g_mutex_lock (&priv->lock);
  first = !priv->closed;
  priv->closed = TRUE;
  /* What is freed with a job that is cancelled may close once more, and wait for the others. */
  flags = priv->closing |= flags;
  g_mutex_unlock (&priv->lock);

  if (first && HF_EXECUTOR_GET_CLASS (self)->end != NULL)
    hf_latch_call_when_idle (priv->latch, HF_EXECUTOR_GET_CLASS (self)->end, g_object_ref (self));
  if (flags == HF_CLOSE_DRAIN)
    return;

  hf_init_i18n ();
  error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                               _("The executor was closed before the work was finished"));
  hf_executor_cancel (self, (flags & HF_CLOSE_CANCEL_ALL) != 0, error);
}

/**
 * hf_executor_close:
 * @self: an executor
 * @flags: what to do with work that has not ended
 *
 * Accepts no more work and blocks until the executor has none.
 *
 * What is submitted afterwards fails with `HF_ERROR_CLOSED`. Called from a response hook, it does
 * not wait for the request whose hook it is; called from a function of [method@Executor.submit],
 * not for that. Closing again is allowed. Where the work is done in the calling thread's own main
 * loop it does not wait at all; [method@Executor.close_async] does.
 *
 * Since: 1.0
 */
void
hf_executor_close (HfExecutor   *self,
                   HfCloseFlags  flags)
{
  hf_executor_close_until (self, flags, -1);
}

/**
 * hf_executor_close_until:
 * @self: an executor
 * @flags: what to do with work that has not ended
 * @timeout_us: for how long to wait at most, in microseconds; negative: without limit
 *
 * Does what [method@Executor.close] does, but gives up waiting when the time is over. The executor
 * is closed all the same.
 *
 * Returns: whether there is nothing left to wait for
 *
 * Since: 1.0
 */
gboolean
hf_executor_close_until (HfExecutor   *self,
                         HfCloseFlags  flags,
                         gint64        timeout_us)
{
  HfExecutorPrivate *priv;

  g_return_val_if_fail (HF_IS_EXECUTOR (self), FALSE);

  priv = hf_executor_get_instance_private (self);
  executor_begin_close (self, flags);
  if (!hf_latch_wait_until (priv->latch, hf_executor_is_here (self) ? 0 : timeout_us, NULL))
    return FALSE;
  if (HF_EXECUTOR_GET_CLASS (self)->end != NULL) /* who was told may still be at it */
    HF_EXECUTOR_GET_CLASS (self)->end (g_object_ref (self));
  return TRUE;
}

/* Does what hf_executor_close() does, and has @func called instead of blocking. */
void
hf_executor_close_then (HfExecutor   *self,
                        HfCloseFlags  flags,
                        HfLatchFunc   func,
                        gpointer      user_data)
{
  HfExecutorPrivate *priv = hf_executor_get_instance_private (self);

  executor_begin_close (self, flags);
  hf_latch_call_when_idle (priv->latch, func, user_data);
}

/**
 * hf_executor_close_async:
 * @self: an executor
 * @flags: what to do with work that has not ended
 * @cancellable: (nullable): ends the waiting; the executor is closed all the same
 * @callback: (scope async): called in the caller's thread-default context
 * @user_data: data for @callback
 *
 * Does what [method@Executor.close] does, without blocking.
 *
 * Since: 1.0
 */
void
hf_executor_close_async (HfExecutor          *self,
                         HfCloseFlags         flags,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (HF_IS_EXECUTOR (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = hf_latch_task_new (self, cancellable, callback, user_data, hf_executor_close_async);
  hf_executor_close_then (self, flags, hf_latch_task_return, task);
}

/**
 * hf_executor_close_finish:
 * @self: an executor
 * @result: what the callback was given
 * @error: return location for an error, `G_IO_ERROR_CANCELLED`
 *
 * Ends what [method@Executor.close_async] began.
 *
 * Returns: %TRUE when the executor has no more work
 *
 * Since: 1.0
 */
gboolean
hf_executor_close_finish (HfExecutor    *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (HF_IS_EXECUTOR (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
