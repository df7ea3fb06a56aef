/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-future.h"

G_BEGIN_DECLS

#define HF_TYPE_COMPLETION_QUEUE (hf_completion_queue_get_type ())
HF_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (HfCompletionQueue, hf_completion_queue, HF, COMPLETION_QUEUE, GObject)

HF_AVAILABLE_IN_1_0
HfCompletionQueue *hf_completion_queue_new             (void);
HF_AVAILABLE_IN_1_0
HfCompletionQueue *hf_completion_queue_new_for_futures (HfFuture           **futures,
                                                        gsize                n_futures);

HF_AVAILABLE_IN_1_0
void               hf_completion_queue_add             (HfCompletionQueue   *self,
                                                        HfFuture            *future);
HF_AVAILABLE_IN_1_0
guint              hf_completion_queue_get_n_items     (HfCompletionQueue   *self);

HF_AVAILABLE_IN_1_0
HfFuture          *hf_completion_queue_pop             (HfCompletionQueue   *self,
                                                        gint64               timeout_us,
                                                        GCancellable        *cancellable);
HF_AVAILABLE_IN_1_0
void               hf_completion_queue_pop_async       (HfCompletionQueue   *self,
                                                        GCancellable        *cancellable,
                                                        GAsyncReadyCallback  callback,
                                                        gpointer             user_data);
HF_AVAILABLE_IN_1_0
HfFuture          *hf_completion_queue_pop_finish      (HfCompletionQueue   *self,
                                                        GAsyncResult        *result,
                                                        GError             **error);
HF_AVAILABLE_IN_1_0
int                hf_completion_queue_get_fd          (HfCompletionQueue   *self,
                                                        GError             **error);

G_END_DECLS
