/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-futures-session-private.h"

#include "hf-send-job-private.h"

/* The end of a session. */

static void
session_cancel_jobs (HfFuturesSession *self,
                     gboolean          running_too)
{
  HfFuturesSessionPrivate *priv = hf_futures_session_get_private (self);
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) hf_send_job_unref);

  g_mutex_lock (&priv->lock);
  for (GList *l = priv->jobs.head; l != NULL; l = l->next)
    g_ptr_array_add (jobs, hf_send_job_ref (l->data));
  g_mutex_unlock (&priv->lock);

  for (guint i = 0; i < jobs->len; i++)
    {
      HfFuture *future = hf_send_job_get_future (g_ptr_array_index (jobs, i));

      if (running_too)
        hf_future_cancel (future);
      else
        hf_future_cancel_queued (future);
    }
}

static void
session_begin_close (HfFuturesSession *self,
                     HfCloseFlags      flags)
{
  HfFuturesSessionPrivate *priv = hf_futures_session_get_private (self);

  g_mutex_lock (&priv->lock);
  priv->closed = TRUE;
  g_mutex_unlock (&priv->lock);

  if (flags != HF_CLOSE_DRAIN)
    session_cancel_jobs (self, (flags & HF_CLOSE_CANCEL_ALL) != 0);
}

/**
 * hf_futures_session_close:
 * @self: a session
 * @flags: what to do with requests that have not finished
 *
 * Accepts no more requests, and blocks until all of this session's have ended. The executor is
 * closed, too, if the session made it.
 *
 * What is submitted afterwards fails with `HF_ERROR_CLOSED`. Called from a response hook, it does
 * not wait for the request whose hook it is. Closing again is allowed. Where requests run in the
 * calling thread's own main loop it does not wait at all; [method@FuturesSession.close_async] does.
 *
 * Responses whose bodies are still being read as streams are not touched, nor waited for.
 *
 * Since: 1.0
 */
void
hf_futures_session_close (HfFuturesSession *self,
                          HfCloseFlags      flags)
{
  hf_futures_session_close_until (self, flags, -1);
}

/**
 * hf_futures_session_close_until:
 * @self: a session
 * @flags: what to do with requests that have not finished
 * @timeout_us: for how long to wait at most, in microseconds; negative: without limit
 *
 * Does what [method@FuturesSession.close] does, but gives up waiting when the time is over. The
 * session is closed all the same.
 *
 * Returns: whether there is nothing left to wait for
 *
 * Since: 1.0
 */
gboolean
hf_futures_session_close_until (HfFuturesSession *self,
                                HfCloseFlags      flags,
                                gint64            timeout_us)
{
  const gint64 begun_us = g_get_monotonic_time ();
  HfFuturesSessionPrivate *priv;
  gboolean idle;

  g_return_val_if_fail (HF_IS_FUTURES_SESSION (self), FALSE);

  priv = hf_futures_session_get_private (self);
  session_begin_close (self, flags);
  if (hf_executor_is_here (priv->executor))
    timeout_us = 0;
  idle = hf_latch_wait_until (priv->latch, timeout_us, NULL);
  if (!priv->owns_executor)
    return idle;
  return hf_executor_close_until (priv->executor, flags, hf_get_time_left (timeout_us, begun_us)) &&
         idle;
}

static void
close_executor_then_return (gpointer user_data)
{
  GTask *task = user_data;
  HfFuturesSessionPrivate *priv = hf_futures_session_get_private (g_task_get_source_object (task));

  if (priv->owns_executor)
    hf_executor_close_then (priv->executor, HF_CLOSE_DRAIN, hf_latch_task_return, task);
  else
    hf_latch_task_return (task);
}

/**
 * hf_futures_session_close_async:
 * @self: a session
 * @flags: what to do with requests that have not finished
 * @cancellable: (nullable): ends the waiting; the session is closed all the same
 * @callback: (scope async): called in the caller's thread-default context
 * @user_data: data for @callback
 *
 * Does what [method@FuturesSession.close] does, without blocking.
 *
 * Since: 1.0
 */
void
hf_futures_session_close_async (HfFuturesSession    *self,
                                HfCloseFlags         flags,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  HfFuturesSessionPrivate *priv;
  GTask *task;

  g_return_if_fail (HF_IS_FUTURES_SESSION (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  priv = hf_futures_session_get_private (self);
  task = hf_latch_task_new (self, cancellable, callback, user_data, hf_futures_session_close_async);
  session_begin_close (self, flags);
  hf_latch_call_when_idle (priv->latch, close_executor_then_return, task);
}

/**
 * hf_futures_session_close_finish:
 * @self: a session
 * @result: what the callback was given
 * @error: return location for an error, `G_IO_ERROR_CANCELLED`
 *
 * Ends what [method@FuturesSession.close_async] began.
 *
 * Returns: %TRUE when all requests have ended
 *
 * Since: 1.0
 */
gboolean
hf_futures_session_close_finish (HfFuturesSession  *self,
                                 GAsyncResult      *result,
                                 GError           **error)
{
  g_return_val_if_fail (HF_IS_FUTURES_SESSION (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
