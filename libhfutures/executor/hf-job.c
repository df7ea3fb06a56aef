/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-job-private.h"

G_DEFINE_INTERFACE (HfJob, hf_job, G_TYPE_OBJECT)

static void
hf_job_default_init (HfJobInterface *iface)
{
}

void
hf_job_run (HfJob *self)
{
  HF_JOB_GET_IFACE (self)->run (self);
}

void
hf_job_abort (HfJob        *self,
              const GError *error)
{
  HF_JOB_GET_IFACE (self)->abort (self, error);
}
