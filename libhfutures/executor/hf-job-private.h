/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * HfJob:
 *
 * What an executor runs. It knows nothing of HTTP.
 */
#define HF_TYPE_JOB (hf_job_get_type ())
G_DECLARE_INTERFACE (HfJob, hf_job, HF, JOB, GObject)

struct _HfJobInterface {
  GTypeInterface parent_iface;

  /* Does the work, blocking, on a worker. */
  void (*run) (HfJob *self);

  /* Ends the job with an error, queued or running. It will not be run any more; when it is
   * running, run returns soon. Called on any thread. */
  void (*abort) (HfJob        *self,
                 const GError *error);
};

void hf_job_run   (HfJob        *self);
void hf_job_abort (HfJob        *self,
                   const GError *error);

G_END_DECLS
