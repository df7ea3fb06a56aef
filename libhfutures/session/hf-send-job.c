/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-send-job-private.h"

#include <glib/gi18n-lib.h>

#include "hf-hook-call-private.h"

/*
 * One request from its submission to the settling of its future: hop after hop of the exchange,
 * the timeouts, the response hooks. It ends exactly once, however it ends.
 */

static void send_job_run (HfJob *job);
static void send_job_run_async (HfJob *job);
static void send_job_abort (HfJob        *job,
                            const GError *error);
static void send_job_free (HfJob *job);

static const HfJobInterface send_job_interface = {
  .run = send_job_run,
  .run_async = send_job_run_async,
  .abort = send_job_abort,
  .free = send_job_free,
};

HfSendJob *
hf_send_job_ref (HfSendJob *self)
{
  hf_job_ref (&self->parent);
  return self;
}

void
hf_send_job_unref (HfSendJob *self)
{
  hf_job_unref (&self->parent);
}

static void
send_job_free (HfJob *job)
{
  HfSendJob *self = (HfSendJob *) job;

  g_assert (self->timer == NULL);

  hf_exchange_clear (&self->exchange);
  g_clear_object (&self->response);
  g_clear_object (&self->guard);
  g_clear_error (&self->expired);
  if (G_IS_VALUE (&self->value))
    g_value_unset (&self->value);
  hf_promise_free (self->promise);
  g_clear_pointer (&self->settings.hooks, g_ptr_array_unref);
  g_clear_pointer (&self->settings.mounts, g_ptr_array_unref);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->loop, g_main_context_unref);
  g_clear_object (&self->message);
  g_clear_error (&self->invalid);
  hf_request_data_unref (self->request);
  g_clear_object (&self->original);
  g_object_unref (self->session);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static HfSendJob *
send_job_alloc (HfFuturesSession *session)
{
  HfSendJob *self = g_new0 (HfSendJob, 1);

  hf_job_init (&self->parent, &send_job_interface);
  g_mutex_init (&self->lock);
  self->link.data = self;
  self->deadline_due = HF_CLOCK_NEVER;
  self->phase_due = HF_CLOCK_NEVER;
  self->armed_for = HF_CLOCK_NEVER;
  self->session = g_object_ref (session);
  hf_futures_session_copy_settings (session, &self->settings);
  return self;
}

/* The session's hooks come first. */
static GPtrArray *
hook_lists_join (GPtrArray *first,
                 GPtrArray *second)
{
  GPtrArray *both = first != NULL ? hf_hook_list_copy (first) : NULL;

  if (both == NULL)
    both = hf_hook_list_new ();
  for (guint i = 0; i < second->len; i++)
    g_ptr_array_add (both, hf_hook_ref (g_ptr_array_index (second, i)));
  return both;
}

static double
own_or_inherited (double own,
                  double inherited)
{
  return own >= 0 ? own : inherited;
}

/* Takes over what the session has for a request, complete or a user's own message. */
static void
send_job_init (HfSendJob     *self,
               HfRequestData *data)
{
  HfExecutor *executor = hf_futures_session_get_executor (self->session);
  HfHome *home = hf_executor_get_home (executor);

  self->request = data;
  self->clock = hf_executor_get_clock (executor);
  self->promise = hf_promise_new (data->uri);
  hf_promise_set_request (self->promise, data);
  if (home != NULL)
    hf_promise_set_home (self->promise, home);

  self->settings.connect_timeout =
    own_or_inherited (data->connect_timeout, self->settings.connect_timeout);
  self->settings.read_timeout = own_or_inherited (data->read_timeout, self->settings.read_timeout);
  self->settings.deadline = own_or_inherited (data->deadline, self->settings.deadline);
  if (data->max_body_size != 0)
    self->settings.max_body_size = data->max_body_size;
  if (data->max_decompression_ratio != 0)
    self->settings.max_decompression_ratio = data->max_decompression_ratio;
  g_clear_pointer (&self->settings.defaults, hf_request_defaults_unref);
}

/* Returns: (transfer full): a job that can be submitted */
HfSendJob *
hf_send_job_new_for_data (HfFuturesSession *session,
                          HfRequestData    *data)
{
  HfSendJob *self = send_job_alloc (session);

  send_job_init (self, hf_session_settings_complete (&self->settings, data, &self->invalid));
  return self;
}

/* Returns: (transfer full): a job that can be submitted */
HfSendJob *
hf_send_job_new (HfFuturesSession *session,
                 HfRequest        *request)
{
  HfSendJob *self = hf_send_job_new_for_data (session, request->data);

  if (request->hooks != NULL && request->hooks->len > 0)
    {
      GPtrArray *both = hook_lists_join (self->settings.hooks, request->hooks);

      g_clear_pointer (&self->settings.hooks, g_ptr_array_unref);
      self->settings.hooks = both;
      self->original = g_object_ref (request);
    }
  return self;
}

/* Returns: (transfer full): a job that can be submitted */
HfSendJob *
hf_send_job_new_for_message (HfFuturesSession *session,
                             SoupMessage      *message)
{
  GUri *target = soup_message_get_uri (message);
  g_autofree char *uri = target != NULL ? g_uri_to_string_partial (target, G_URI_HIDE_USERINFO)
                                        : g_strdup ("");
  const char *method = soup_message_get_method (message);
  HfRequestData *data = hf_request_data_new_for (method != NULL ? method : "", uri, NULL);
  HfSendJob *self = send_job_alloc (session);

  send_job_init (self, data);
  self->message = g_object_ref (message);
  return self;
}

HfFuture *
hf_send_job_get_future (HfSendJob *self)
{
  return hf_promise_get_future (self->promise);
}

GList *
hf_send_job_get_link (HfSendJob *self)
{
  return &self->link;
}

/* Nobody will work on the job any more. Of any number of calls one counts. */
void
hf_send_job_end (HfSendJob *self)
{
  g_autoptr (HfSendJob) alive = hf_send_job_ref (self);
  HfTimer *timer;
  gboolean ended;

  g_mutex_lock (&self->lock);
  ended = self->stage == HF_STAGE_ENDED;
  self->stage = HF_STAGE_ENDED;
  timer = g_steal_pointer (&self->timer);
  g_mutex_unlock (&self->lock);

  if (timer != NULL)
    hf_clock_remove (self->clock, timer);
  if (ended)
    return;

  if (self->user_cancel_handler != 0)
    g_signal_handler_disconnect (self->request->cancellable, self->user_cancel_handler);
  hf_executor_finish (HF_JOB (self));
  hf_futures_session_delist (self->session, self);

  /* What is freed with these may close the session, which must not wait for this job. */
  g_clear_pointer (&self->settings.hooks, g_ptr_array_unref);
  g_clear_pointer (&self->settings.mounts, g_ptr_array_unref);
  g_clear_object (&self->original);
}

/* Changes the stage if it is still what it should be. */
gboolean
hf_send_job_change_stage (HfSendJob *self,
                          HfStage    from,
                          HfStage    to)
{
  gboolean changed;

  g_mutex_lock (&self->lock);
  changed = self->stage == from;
  if (changed)
    self->stage = to;
  g_mutex_unlock (&self->lock);
  return changed;
}

/* The posted hook runs, or will not be run any more. */
void
hf_send_job_forget_posted (HfSendJob *self)
{
  HfMailboxCall *posted;

  g_mutex_lock (&self->lock);
  posted = g_steal_pointer (&self->posted);
  g_mutex_unlock (&self->lock);

  if (posted == NULL)
    return;
  hf_mailbox_call_revoke (posted);
  hf_mailbox_call_unref (posted);
}

/* Stops the work of a future that has settled. On any thread, under no lock. */
void
hf_send_job_stop (gpointer data)
{
  HfSendJob *self = data;

  hf_send_job_cancel_work (self);
  if (hf_executor_withdraw (hf_futures_session_get_executor (self->session), HF_JOB (self)) ||
      hf_send_job_change_stage (self, HF_STAGE_HOOK, HF_STAGE_RUNNING))
    {
      g_autoptr (HfSendJob) alive = hf_send_job_ref (self);

      hf_send_job_forget_posted (self);
      hf_send_job_end (self);
    }
}

static void
send_job_abort (HfJob        *job,
                const GError *error)
{
  HfSendJob *self = (HfSendJob *) job;

  hf_promise_abort (self->promise, g_error_copy (error));
  if (hf_send_job_change_stage (self, HF_STAGE_WAITING, HF_STAGE_RUNNING))
    hf_send_job_end (self);
}

/* Scheme and authority of a URI that may be anything: requests to them take turns. */
static char *
lane_for_uri (const char *uri)
{
  const char *authority = strstr (uri, "://");
  const char *rest = authority != NULL ? authority + 3 : uri;

  return g_strndup (uri, (rest - uri) + strcspn (rest, "/?#"));
}

static char *
send_job_dup_lane (HfSendJob *self)
{
  return self->exchange.sent != NULL ? lane_for_uri (self->exchange.sent->uri)
                                     : lane_for_uri (self->request->uri);
}

/* Back to the queue: for a hop to another origin, or for a hook that wants a worker. */
void
hf_send_job_requeue (HfSendJob *self)
{
  g_autofree char *lane = send_job_dup_lane (self);
  gboolean stopped;

  hf_send_job_give_cancellable_back (self); /* another worker may be at the job in a moment */

  g_mutex_lock (&self->lock);
  self->stage = HF_STAGE_WAITING;
  self->phase_due = HF_CLOCK_NEVER;
  g_mutex_unlock (&self->lock);

  hf_executor_submit_rest (hf_futures_session_get_executor (self->session), HF_JOB (self),
                           self->request->priority, self->session, lane);

  /* Whoever stopped the job before it was in the queue could not take it out. */
  g_mutex_lock (&self->lock);
  stopped = self->stopped;
  g_mutex_unlock (&self->lock);
  if (stopped)
    hf_send_job_stop (self);
}

static void
send_job_run (HfJob *job)
{
  HfSendJob *self = (HfSendJob *) job;
  HfLatchFrame frame;

  if (!hf_send_job_change_stage (self, HF_STAGE_WAITING, HF_STAGE_RUNNING))
    return;

  hf_latch_push_frame (hf_futures_session_get_latch (self->session), &frame);
  if (hf_promise_set_running (self->promise))
    hf_send_job_work (self);
  else
    hf_send_job_end (self);
  hf_latch_pop_frame (&frame);
}

static void
send_job_run_async (HfJob *job)
{
  HfSendJob *self = (HfSendJob *) job;
  g_autoptr (HfSendJob) alive = hf_send_job_ref (self);
  gboolean mine = hf_send_job_change_stage (self, HF_STAGE_WAITING, HF_STAGE_RUNNING);

  if (mine && hf_promise_set_running (self->promise))
    {
      hf_send_job_work_async (self);
      return;
    }

  if (mine)
    hf_send_job_end (self);
  hf_executor_leave (hf_futures_session_get_executor (self->session), job);
}

static void
on_request_cancelled (GCancellable *cancellable,
                      gpointer      user_data)
{
  hf_future_cancel (hf_send_job_get_future (user_data));
}

static void
unref_job_closure (gpointer  data,
                   GClosure *closure)
{
  hf_send_job_unref (data);
}

/* Puts the job into the executor's queue. Its future may have settled when this returns. */
void
hf_send_job_submit (HfSendJob *self)
{
  GCancellable *cancellable = self->request->cancellable;
  g_autofree char *lane = lane_for_uri (self->request->uri);

  hf_promise_set_cancel_func (self->promise, hf_send_job_stop, hf_send_job_ref (self),
                              (GDestroyNotify) hf_send_job_unref);

  self->deadline_due = hf_clock_due_after (hf_clock_now (self->clock), self->settings.deadline);

  /* Not g_cancellable_connect(): its disconnection waits for running handlers, and one of them
   * may be what ends this job. */
  if (cancellable != NULL)
    {
      self->user_cancel_handler =
        g_signal_connect_data (cancellable, "cancelled", G_CALLBACK (on_request_cancelled),
                               hf_send_job_ref (self), unref_job_closure, 0);
      if (g_cancellable_is_cancelled (cancellable))
        hf_future_cancel (hf_send_job_get_future (self));
    }

  if (hf_promise_is_settled (self->promise))
    {
      hf_send_job_end (self);
      return;
    }

  if (self->deadline_due != HF_CLOCK_NEVER)
    hf_send_job_arm (self, self->deadline_due);
  hf_executor_submit_job (hf_futures_session_get_executor (self->session), HF_JOB (self),
                          self->request->priority, self->session, lane);

  /* Whoever stopped the job before it was in the queue could not take it out. */
  if (hf_promise_is_settled (self->promise))
    hf_send_job_stop (self);
}
