/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-executor.h"

G_BEGIN_DECLS

#define HF_TYPE_LOOP_EXECUTOR (hf_loop_executor_get_type ())
#define HF_LOOP_EXECUTOR(object) \
  (G_TYPE_CHECK_INSTANCE_CAST ((object), HF_TYPE_LOOP_EXECUTOR, HfLoopExecutor))
#define HF_IS_LOOP_EXECUTOR(object) \
  (G_TYPE_CHECK_INSTANCE_TYPE ((object), HF_TYPE_LOOP_EXECUTOR))

/**
 * HfLoopExecutorClass:
 *
 * The class of loop executors.
 *
 * Since: 1.0
 */
typedef struct _HfLoopExecutorClass HfLoopExecutorClass;

HF_AVAILABLE_IN_1_0
GType         hf_loop_executor_get_type          (void) G_GNUC_CONST;

HF_AVAILABLE_IN_1_0
HfExecutor   *hf_loop_executor_new               (guint           n_threads);
HF_AVAILABLE_IN_1_0
HfExecutor   *hf_loop_executor_new_for_context   (GMainContext   *context);
HF_AVAILABLE_IN_1_0
guint         hf_loop_executor_get_n_threads     (HfLoopExecutor *self);
HF_AVAILABLE_IN_1_0
guint         hf_loop_executor_get_max_in_flight (HfLoopExecutor *self);
HF_AVAILABLE_IN_1_0
void          hf_loop_executor_set_max_in_flight (HfLoopExecutor *self,
                                                  guint           max_in_flight);
HF_AVAILABLE_IN_1_0
GMainContext *hf_loop_executor_get_context       (HfLoopExecutor *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfLoopExecutor, g_object_unref)

G_END_DECLS
