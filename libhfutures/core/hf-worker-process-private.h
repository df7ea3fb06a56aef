/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-channel-private.h"

G_BEGIN_DECLS

/* Of frames, the kind that every worker sends first of all: it is there. */
#define HF_FRAME_HELLO 1

/* Where a worker finds its end of the channel. */
#define HF_WORKER_FD 3

/*
 * HfWorkerProcess:
 *
 * A process that works for this one. With the last reference it ends. Its channel is used by one
 * thread at a time.
 */
typedef struct {
  gatomicrefcount ref_count;
  GSubprocess *process; /* owned, const */
  HfChannel *channel;   /* owned, const */
  char *command;        /* owned, const: for messages */

  /* Its pool's. */
  guint n_jobs;         /* that it has done */
  gint64 idle_since;
  GList link;
} HfWorkerProcess;

HfWorkerProcess *hf_worker_process_start  (const char *const *argv,
                                           double             start_timeout,
                                           GCancellable      *cancellable,
                                           GError           **error);
HfWorkerProcess *hf_worker_process_ref    (HfWorkerProcess   *self);
void             hf_worker_process_unref  (HfWorkerProcess   *self);
GError          *hf_worker_process_bury   (HfWorkerProcess   *self,
                                           const GError      *failed);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfWorkerProcess, hf_worker_process_unref)

G_END_DECLS
