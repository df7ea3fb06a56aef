/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-executor.h"

G_BEGIN_DECLS

#define HF_TYPE_THREAD_POOL_EXECUTOR (hf_thread_pool_executor_get_type ())
#define HF_THREAD_POOL_EXECUTOR(object) \
  (G_TYPE_CHECK_INSTANCE_CAST ((object), HF_TYPE_THREAD_POOL_EXECUTOR, HfThreadPoolExecutor))
#define HF_IS_THREAD_POOL_EXECUTOR(object) \
  (G_TYPE_CHECK_INSTANCE_TYPE ((object), HF_TYPE_THREAD_POOL_EXECUTOR))

/**
 * HfThreadPoolExecutorClass:
 *
 * The class of thread pool executors.
 *
 * Since: 1.0
 */
typedef struct _HfThreadPoolExecutorClass HfThreadPoolExecutorClass;

HF_AVAILABLE_IN_1_0
GType       hf_thread_pool_executor_get_type        (void) G_GNUC_CONST;

HF_AVAILABLE_IN_1_0
HfExecutor *hf_thread_pool_executor_new             (guint                 max_workers);
HF_AVAILABLE_IN_1_0
guint       hf_thread_pool_executor_get_max_workers (HfThreadPoolExecutor *self);
HF_AVAILABLE_IN_1_0
guint       hf_thread_pool_executor_get_n_workers   (HfThreadPoolExecutor *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfThreadPoolExecutor, g_object_unref)

G_END_DECLS
