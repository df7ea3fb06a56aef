/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-job-private.h"

/* For the functions that make jobs: the caller has the first reference. */
void
hf_job_init (HfJob                *self,
             const HfJobInterface *iface)
{
  self->iface = iface;
  g_atomic_ref_count_init (&self->ref_count);
  self->lane = NULL;
  self->link = (GList){ .data = self };
  self->unfinished_link = (GList){ .data = self };
  self->executor = NULL;
  self->has_run = FALSE;
  self->n_runs = 0;
  self->place = NULL;
}

HfJob *
hf_job_ref (HfJob *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
hf_job_unref (HfJob *self)
{
  if (g_atomic_ref_count_dec (&self->ref_count))
    self->iface->free (self);
}

void
hf_job_run (HfJob *self)
{
  self->iface->run (self);
}

void
hf_job_run_async (HfJob *self)
{
  self->iface->run_async (self);
}

void
hf_job_abort (HfJob        *self,
              const GError *error)
{
  self->iface->abort (self, error);
}
