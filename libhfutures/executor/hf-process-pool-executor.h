/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-executor.h"

G_BEGIN_DECLS

#define HF_TYPE_PROCESS_POOL_EXECUTOR (hf_process_pool_executor_get_type ())
#define HF_PROCESS_POOL_EXECUTOR(object) \
  (G_TYPE_CHECK_INSTANCE_CAST ((object), HF_TYPE_PROCESS_POOL_EXECUTOR, HfProcessPoolExecutor))
#define HF_IS_PROCESS_POOL_EXECUTOR(object) \
  (G_TYPE_CHECK_INSTANCE_TYPE ((object), HF_TYPE_PROCESS_POOL_EXECUTOR))

/**
 * HfProcessPoolExecutorClass:
 *
 * The class of process pool executors.
 *
 * Since: 1.0
 */
typedef struct _HfProcessPoolExecutorClass HfProcessPoolExecutorClass;

HF_AVAILABLE_IN_1_0
GType              hf_process_pool_executor_get_type        (void) G_GNUC_CONST;

HF_AVAILABLE_IN_1_0
HfExecutor        *hf_process_pool_executor_new             (guint                  max_workers);
HF_AVAILABLE_IN_1_0
guint              hf_process_pool_executor_get_max_workers (HfProcessPoolExecutor *self);
HF_AVAILABLE_IN_1_0
guint              hf_process_pool_executor_get_max_jobs_per_process
                                                            (HfProcessPoolExecutor *self);
HF_AVAILABLE_IN_1_0
const char *const *hf_process_pool_executor_get_worker_argv (HfProcessPoolExecutor *self);
HF_AVAILABLE_IN_1_0
double             hf_process_pool_executor_get_start_timeout
                                                            (HfProcessPoolExecutor *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfProcessPoolExecutor, g_object_unref)

G_END_DECLS
