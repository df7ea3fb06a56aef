/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-send-job-private.h"

/* What stops the work of a job that a worker is at. */

/* One that was not cancelled serves the worker's next job. */
static GPrivate spare_cancellable = G_PRIVATE_INIT (g_object_unref);

/* The cancellable that stops the work; one that is stopped already gets a cancelled one. */
void
hf_send_job_ensure_cancellable (HfSendJob *self)
{
  GCancellable *cancellable;
  gboolean stopped;

  if (self->cancellable != NULL)
    return;

  cancellable = g_private_get (&spare_cancellable);
  g_private_set (&spare_cancellable, NULL);
  if (cancellable == NULL)
    cancellable = g_cancellable_new ();

  g_mutex_lock (&self->lock);
  self->cancellable = cancellable;
  stopped = self->stopped;
  g_mutex_unlock (&self->lock);

  if (stopped)
    g_cancellable_cancel (cancellable);
}

/* Whoever stops the job says so under the lock before it cancels; nobody can be about to any more
 * when nobody has said so while the job still had the cancellable. */
void
hf_send_job_give_cancellable_back (HfSendJob *self)
{
  GCancellable *cancellable = NULL;

  g_mutex_lock (&self->lock);
  if (!self->stopped)
    cancellable = g_steal_pointer (&self->cancellable);
  g_mutex_unlock (&self->lock);

  if (cancellable != NULL)
    g_private_replace (&spare_cancellable, cancellable);
}
