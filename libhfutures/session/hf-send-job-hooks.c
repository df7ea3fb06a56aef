/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-send-job-private.h"

#include "hf-hook-call-private.h"

/*
 * The response hooks of a job, one after the other: those of workers here, the others in their
 * contexts, and the rest on a worker again. After the last one the future settles.
 */

static void
send_job_settle (HfSendJob *self)
{
  g_auto (GValue) value = G_VALUE_INIT;
  GError *error = NULL;

  /* What the hooks close over goes where it belongs before anybody is told. */
  g_clear_pointer (&self->settings.hooks, g_ptr_array_unref);

  if (G_IS_VALUE (&self->value))
    {
      value = self->value;
      self->value = (GValue) G_VALUE_INIT;
    }
  else
    {
      g_value_init (&value, HF_TYPE_RESPONSE);
      g_value_set_object (&value, self->response);
      if (self->request->raise_for_status)
        hf_response_check_status (self->response, &error);
      g_clear_object (&self->response);
    }

  if (error == NULL)
    hf_promise_resolve (self->promise, &value);
  else
    hf_promise_fail_for_response (self->promise, error, &value);
  hf_send_job_end (self);
}

/* Returns: whether to go on */
static gboolean
send_job_run_hook (HfSendJob *self,
                   HfHook    *hook)
{
  GError *error = NULL;

  self->next_hook++;
  if (hf_promise_is_settled (self->promise))
    {
      hf_send_job_end (self);
      return FALSE;
    }

  if (hf_hook_call_run (hook, hf_send_job_get_future (self), self->session, self->response,
                        &self->value, &error))
    return TRUE;

  g_clear_pointer (&self->settings.hooks, g_ptr_array_unref);
  hf_promise_fail (self->promise, error, NULL);
  hf_send_job_end (self);
  return FALSE;
}

/* In the context of the hook that is next. */
static void
run_posted_hook (gpointer data)
{
  g_autoptr (HfSendJob) self = data;
  g_autoptr (HfHook) hook = NULL;
  HfLatchFrame executor_frame;
  HfLatchFrame session_frame;

  if (!hf_send_job_change_stage (self, HF_STAGE_HOOK, HF_STAGE_RUNNING))
    return; /* it was stopped meanwhile */

  hf_send_job_forget_posted (self);

  hf_executor_push_frame (hf_futures_session_get_executor (self->session), &executor_frame);
  hf_latch_push_frame (hf_futures_session_get_latch (self->session), &session_frame);
  hook = hf_hook_ref (g_ptr_array_index (self->settings.hooks, self->next_hook));
  if (send_job_run_hook (self, hook))
    {
      g_clear_pointer (&hook, hf_hook_unref);
      hf_send_job_go_on_with_hooks (self, FALSE);
    }
  hf_latch_pop_frame (&session_frame);
  hf_latch_pop_frame (&executor_frame);
}

static void
send_job_post_hook (HfSendJob *self,
                    HfHook    *hook)
{
  g_autoptr (HfHook) alive = hf_hook_ref (hook);
  HfMailboxCall *posted;
  gboolean stopped;
  guint number;

  g_mutex_lock (&self->lock);
  self->stage = HF_STAGE_HOOK;
  number = ++self->n_posted;
  stopped = self->stopped;
  g_mutex_unlock (&self->lock);

  if (stopped)
    {
      hf_send_job_stop (self);
      return;
    }

  posted = hf_mailbox_post (alive->mailbox, alive->context, run_posted_hook,
                            (GDestroyNotify) hf_send_job_unref, hf_send_job_ref (self));
  g_mutex_lock (&self->lock);
  if (self->stage == HF_STAGE_HOOK && self->n_posted == number)
    self->posted = g_steal_pointer (&posted);
  g_mutex_unlock (&self->lock);

  /* It has begun, or the job was stopped meanwhile. */
  if (posted != NULL)
    {
      hf_mailbox_call_revoke (posted);
      hf_mailbox_call_unref (posted);
    }
}

/* Where a loop's hooks may block. */
static void
run_called_hook (gpointer data)
{
  g_autoptr (HfSendJob) self = data;
  HfLatchFrame executor_frame;
  HfLatchFrame session_frame;

  if (!hf_send_job_change_stage (self, HF_STAGE_HOOK, HF_STAGE_RUNNING))
    return; /* it was stopped meanwhile */

  hf_executor_push_frame (hf_futures_session_get_executor (self->session), &executor_frame);
  hf_latch_push_frame (hf_futures_session_get_latch (self->session), &session_frame);
  hf_send_job_go_on_with_hooks (self, TRUE);
  hf_latch_pop_frame (&session_frame);
  hf_latch_pop_frame (&executor_frame);
}

/* Has the next hook run where it may block. */
static void
send_job_seek_worker (HfSendJob *self)
{
  HfExecutor *executor = hf_futures_session_get_executor (self->session);
  g_autoptr (GError) error = NULL;
  gboolean stopped;

  if (!hf_executor_has_loops (executor))
    {
      hf_send_job_requeue (self);
      return;
    }

  g_mutex_lock (&self->lock);
  self->stage = HF_STAGE_HOOK;
  self->n_posted++; /* who posted the hook before this one may not have come to keep it yet */
  stopped = self->stopped;
  g_mutex_unlock (&self->lock);

  if (stopped)
    hf_send_job_stop (self);
  else if (!hf_executor_call (executor, run_called_hook, hf_send_job_ref (self), &error))
    hf_executor_abort (HF_JOB (self), error);
}

/* Runs what hooks can run here, and sends the job to where the next one can. */
void
hf_send_job_go_on_with_hooks (HfSendJob *self,
                              gboolean   on_worker)
{
  if (hf_send_job_has_remote_hooks (self) && !hf_send_job_call_remote_hooks (self))
    return;

  while (self->settings.hooks != NULL && self->next_hook < self->settings.hooks->len)
    {
      HfHook *hook = g_ptr_array_index (self->settings.hooks, self->next_hook);

      if (hook->context != NULL)
        {
          send_job_post_hook (self, hook);
          return;
        }
      if (!on_worker)
        {
          send_job_seek_worker (self);
          return;
        }
      if (!send_job_run_hook (self, hook))
        return;
    }

  send_job_settle (self);
}
