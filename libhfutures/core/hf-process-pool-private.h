/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-worker-process-private.h"

G_BEGIN_DECLS

/*
 * HfProcessPool:
 *
 * Worker processes, lent to one thread at a time; those that have been idle for a while are ended.
 * Any thread.
 */
typedef struct _HfProcessPool HfProcessPool;

HfProcessPool   *hf_process_pool_new       (const char *const *argv,
                                            guint              max_idle,
                                            guint              max_jobs,
                                            double             start_timeout);
HfProcessPool   *hf_process_pool_ref       (HfProcessPool     *self);
void             hf_process_pool_unref     (HfProcessPool     *self);
void             hf_process_pool_close     (HfProcessPool     *self);
HfWorkerProcess *hf_process_pool_check_out (HfProcessPool     *self,
                                            GCancellable      *cancellable,
                                            GError           **error);
void             hf_process_pool_check_in  (HfProcessPool     *self,
                                            HfWorkerProcess   *worker);
GError          *hf_process_pool_bury      (HfProcessPool     *self,
                                            HfWorkerProcess   *worker,
                                            const GError      *failed);
guint            hf_process_pool_get_n_idle (HfProcessPool    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfProcessPool, hf_process_pool_unref)

G_END_DECLS
