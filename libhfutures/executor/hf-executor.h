/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-enums.h"
#include "hf-types.h"

G_BEGIN_DECLS

#define HF_TYPE_EXECUTOR (hf_executor_get_type ())
#define HF_EXECUTOR(object) (G_TYPE_CHECK_INSTANCE_CAST ((object), HF_TYPE_EXECUTOR, HfExecutor))
#define HF_IS_EXECUTOR(object) (G_TYPE_CHECK_INSTANCE_TYPE ((object), HF_TYPE_EXECUTOR))

/**
 * HfExecutorClass:
 *
 * The class of executors. It cannot be derived from outside the library in 1.0.
 *
 * Since: 1.0
 */
typedef struct _HfExecutorClass HfExecutorClass;

HF_AVAILABLE_IN_1_0
GType     hf_executor_get_type     (void) G_GNUC_CONST;

HF_AVAILABLE_IN_1_0
HfFuture *hf_executor_submit       (HfExecutor           *self,
                                    HfWorkFunc            func,
                                    gpointer              user_data,
                                    GDestroyNotify        destroy);

HF_AVAILABLE_IN_1_0
void      hf_executor_close        (HfExecutor           *self,
                                    HfCloseFlags          flags);
HF_AVAILABLE_IN_1_0
gboolean  hf_executor_close_until  (HfExecutor           *self,
                                    HfCloseFlags          flags,
                                    gint64                timeout_us);
HF_AVAILABLE_IN_1_0
void      hf_executor_close_async  (HfExecutor           *self,
                                    HfCloseFlags          flags,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);
HF_AVAILABLE_IN_1_0
gboolean  hf_executor_close_finish (HfExecutor           *self,
                                    GAsyncResult         *result,
                                    GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfExecutor, g_object_unref)

G_END_DECLS
