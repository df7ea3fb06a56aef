/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-send-job-private.h"

#include "hf-process-transport-private.h"

/*
 * The time that a job may take: its deadline, and the timeout of the phase that it is in. One
 * timer serves both. It is asked when the earlier of the two may have come.
 */

/* For how long a worker process may have its say when the time is over, in microseconds. It is
 * ended long before; but a proxy resolver that is asked here may take as long as it likes. */
#define MOST_FOR_WORKER (5 * G_USEC_PER_SEC)

/* A worker process has its say before the future settles: whether it is slow, or has died. Returns:
 * whether there is one, which has not been asked before */
static gboolean
send_job_ask_worker (HfSendJob *self,
                     GError    *error)
{
  gboolean asks;

  if (!HF_IS_PROCESS_TRANSPORT (hf_futures_session_get_transport (self->session)))
    return FALSE;

  g_mutex_lock (&self->lock);
  asks = self->stage == HF_STAGE_RUNNING && self->expired == NULL;
  if (asks)
    self->expired = g_error_copy (error);
  g_mutex_unlock (&self->lock);
  if (asks)
    hf_send_job_cancel_work (self);
  return asks;
}

/*
 * hf_send_job_fail_promise:
 * @error: (transfer full): what was going to be told
 * @cause: (transfer full) (nullable): what libsoup or GIO said
 *
 * Fails the promise: because the time was over, if the work was cancelled because of that.
 */
void
hf_send_job_fail_promise (HfSendJob *self,
                     GError    *error,
                     GError    *cause)
{
  g_autoptr (GError) expired = NULL;

  g_mutex_lock (&self->lock);
  expired = g_steal_pointer (&self->expired);
  g_mutex_unlock (&self->lock);
  if (expired != NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_error_free (error);
      error = g_steal_pointer (&expired);
      g_clear_error (&cause);
    }
  hf_promise_fail (self->promise, error, cause);
}

/* On the clock's thread, when something may be due. */
static gint64
send_job_tick (gpointer user_data,
               gint64   now)
{
  HfSendJob *self = user_data;
  HfError code = HF_ERROR_TIMEOUT_DEADLINE;
  double seconds = self->settings.deadline;
  g_autoptr (GError) error = NULL;
  gint64 next;

  g_mutex_lock (&self->lock);
  next = MIN (self->deadline_due, self->phase_due);
  if (next <= now && self->deadline_due > now)
    {
      gboolean connecting = self->phase == HF_PHASE_CONNECTING;

      code = connecting ? HF_ERROR_TIMEOUT_CONNECT : HF_ERROR_TIMEOUT_READ;
      seconds = connecting ? self->settings.connect_timeout : self->settings.read_timeout;
    }
  next = MIN (next, HF_CLOCK_NEVER - 1); /* a timer that is done cannot be brought forward */
  self->armed_for = next;
  g_mutex_unlock (&self->lock);

  if (next > now)
    return next;

  error = hf_error_new_for_timeout (code, seconds, self->request->uri);
  if (send_job_ask_worker (self, error))
    return now + MOST_FOR_WORKER;
  hf_promise_abort (self->promise, g_steal_pointer (&error));
  return HF_CLOCK_NEVER;
}

/* Makes sure that the clock asks by @due. Later times need nothing: it asks, and is told then. */
void
hf_send_job_arm (HfSendJob *self,
                 gint64     due)
{
  HfTimer *timer;
  gboolean arm;

  g_mutex_lock (&self->lock);
  arm = due < self->armed_for && self->stage != HF_STAGE_ENDED;
  if (arm)
    self->armed_for = due;
  timer = self->timer;
  g_mutex_unlock (&self->lock);

  if (!arm)
    return;

  if (timer != NULL)
    {
      hf_clock_bring_forward (self->clock, timer, due);
      return;
    }

  timer = hf_clock_add (self->clock, due, send_job_tick, hf_send_job_ref (self),
                        (GDestroyNotify) hf_send_job_unref);
  g_mutex_lock (&self->lock);
  if (self->stage != HF_STAGE_ENDED)
    self->timer = g_steal_pointer (&timer);
  g_mutex_unlock (&self->lock);
  if (timer != NULL)
    hf_clock_remove (self->clock, timer);
}

void
hf_send_job_enter_phase (HfSendJob *self,
                         HfPhase    phase)
{
  double seconds = phase == HF_PHASE_CONNECTING ? self->settings.connect_timeout
                                                : self->settings.read_timeout;
  gboolean is_timed = phase != HF_PHASE_QUEUED && phase != HF_PHASE_FETCHING;
  gint64 due = HF_CLOCK_NEVER;

  /* It may have gone on in a worker process, and that is not known here yet. */
  if (is_timed && seconds > 0 &&
      HF_IS_PROCESS_TRANSPORT (hf_futures_session_get_transport (self->session)))
    seconds += HF_PROCESS_DELAY;
  if (is_timed)
    due = hf_clock_due_after (hf_clock_now (self->clock), seconds);

  g_mutex_lock (&self->lock);
  self->phase = phase;
  self->phase_due = due;
  g_mutex_unlock (&self->lock);

  if (due != HF_CLOCK_NEVER)
    hf_send_job_arm (self, due);
}
