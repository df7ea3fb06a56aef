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

static gboolean
cancel_here (gpointer data)
{
  g_cancellable_cancel (data);
  return G_SOURCE_REMOVE;
}

/*
 * Stops what the job does, if it does anything, and has it stopped when it begins to.
 *
 * What runs on a loop is cancelled there: a source that watches a cancellable leaks when it is
 * freed while another thread cancels (GLib 2.74).
 */
void
hf_send_job_cancel_work (HfSendJob *self)
{
  g_autoptr (GCancellable) cancellable = NULL;
  g_autoptr (GMainContext) loop = NULL;
  g_autoptr (GSource) source = NULL;

  g_mutex_lock (&self->lock);
  self->stopped = TRUE;
  if (self->cancellable != NULL)
    cancellable = g_object_ref (self->cancellable); /* no language has a wrapper for it */
  if (self->loop != NULL)
    loop = g_main_context_ref (self->loop);
  g_mutex_unlock (&self->lock);

  if (cancellable == NULL)
    return;
  if (loop == NULL || g_main_context_is_owner (loop))
    {
      g_cancellable_cancel (cancellable);
      return;
    }

  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, cancel_here, g_steal_pointer (&cancellable), g_object_unref);
  g_source_attach (source, loop);
}

/* Whoever stops the job says so under the lock before it cancels; nobody can be about to any more
 * when nobody has said so while the job still had the cancellable. With a stream to be read libsoup
 * still has it. */
void
hf_send_job_give_cancellable_back (HfSendJob *self)
{
  GCancellable *cancellable = NULL;

  g_mutex_lock (&self->lock);
  if (!self->stopped && !self->exchange.hop.streams)
    cancellable = g_steal_pointer (&self->cancellable);
  g_mutex_unlock (&self->lock);

  if (cancellable != NULL)
    g_private_replace (&spare_cancellable, cancellable);
}
