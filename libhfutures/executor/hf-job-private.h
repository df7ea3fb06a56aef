/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-types.h"

G_BEGIN_DECLS

/*
 * HfJob:
 *
 * What an executor runs. It knows nothing of HTTP. A plain structure and not an object, because
 * one is made for every request and nobody outside ever sees it.
 */
typedef struct _HfJob HfJob;

typedef struct {
  /* Does the work, blocking, on a worker. */
  void (*run) (HfJob *self);

  /* Begins the work on a loop, whose context is this thread's default one. When the job needs the
   * loop no more it says hf_executor_leave(), here or later on this thread. NULL: where there are
   * loops it is run where it may block. */
  void (*run_async) (HfJob *self);

  /* Ends the job with an error, wherever it is. It will not be run any more; when it is running,
   * run returns soon. Called on any thread. */
  void (*abort) (HfJob        *self,
                 const GError *error);

  /* The last reference is gone. */
  void (*free) (HfJob *self);
} HfJobInterface;

/* The first member of every kind of job. */
struct _HfJob {
  const HfJobInterface *iface; /* const */
  gatomicrefcount ref_count;

  /* Where it waits; the dispatcher's. */
  gpointer lane;               /* NULL: it does not wait */
  GList link;

  /* What its executor knows of it; guarded by the executor's lock. */
  HfExecutor *executor;        /* not owned; NULL: it was not accepted, or is finished */
  GList unfinished_link;
  gboolean has_run;            /* it was begun at least once */
  guint n_runs;                /* threads that are in run() now, or loops that it is on */

  /* The executor's, while the job is on a loop. */
  gpointer place;
};

void   hf_job_init  (HfJob                *self,
                     const HfJobInterface *iface);
HfJob *hf_job_ref   (HfJob                *self);
void   hf_job_unref (HfJob                *self);

void   hf_job_run   (HfJob                *self);
void   hf_job_run_async (HfJob            *self);
void   hf_job_abort (HfJob                *self,
                     const GError         *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfJob, hf_job_unref)

G_END_DECLS
