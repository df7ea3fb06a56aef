/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-channel-private.h"
#include "hf-shared-status-private.h"

G_BEGIN_DECLS

/* Where a worker finds its ends of the channels, and the status. */
#define HF_WORKER_FD 3
#define HF_WORKER_CONTROL_FD 4
#define HF_WORKER_STATUS_FD 5

/*
 * HfWorkerProcess:
 *
 * A process that works for this one, and ends when it is freed. It is used by one thread at a time.
 */
typedef struct {
  GSubprocess *process;   /* owned, const */
  HfChannel *channel;     /* owned, const: jobs, and what is said about them */
  HfChannel *control;     /* owned, const: to the worker only, which reads it at any time */
  HfSharedStatus *status; /* owned, const */
  char *command;          /* owned, const: for messages */

  /* For who uses it. */
  guint64 n_jobs;         /* that it was given */
  GBytes *config;         /* owned, nullable: what it was told of connections */

  /* Its pool's. */
  guintptr load_below;    /* where its libraries are */
  gint64 idle_since;
  GList link;
} HfWorkerProcess;

HfWorkerProcess *hf_worker_process_start  (const char *const *argv,
                                           guintptr           load_below,
                                           double             start_timeout,
                                           GCancellable      *cancellable,
                                           GError           **error);
void             hf_worker_process_free   (HfWorkerProcess   *self);
GError          *hf_worker_process_bury   (HfWorkerProcess   *self,
                                           const GError      *failed);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfWorkerProcess, hf_worker_process_free)

G_END_DECLS
