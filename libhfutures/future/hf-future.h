/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-enums.h"
#include "hf-response.h"
#include "hf-types.h"

G_BEGIN_DECLS

/**
 * HfDoneFunc:
 * @future: the future that has settled
 * @user_data: the data given when the callback was added
 *
 * Tells that a future has settled, in the [struct@GLib.MainContext] that was thread-default where
 * the callback was added.
 *
 * Since: 1.0
 */
typedef void (*HfDoneFunc) (HfFuture *future,
                            gpointer  user_data);

/**
 * HfSettledFunc:
 * @future: the future that has settled
 * @user_data: the data given when the function was added
 *
 * Tells that a future has settled, on the thread that settled it: usually a worker. It must be
 * quick and must not block.
 *
 * Since: 1.0
 */
typedef void (*HfSettledFunc) (HfFuture *future,
                               gpointer  user_data);

#define HF_TYPE_FUTURE (hf_future_get_type ())
HF_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (HfFuture, hf_future, HF, FUTURE, GObject)

HF_AVAILABLE_IN_1_0
HfFuture      *hf_future_new_for_value        (const GValue         *value);
HF_AVAILABLE_IN_1_0
HfFuture      *hf_future_new_for_error        (const GError         *error);

HF_AVAILABLE_IN_1_0
HfFutureState  hf_future_get_state            (HfFuture             *self);
HF_AVAILABLE_IN_1_0
const char    *hf_future_get_uri              (HfFuture             *self);
HF_AVAILABLE_IN_1_0
HfRequest     *hf_future_get_request          (HfFuture             *self);
HF_AVAILABLE_IN_1_0
const GError  *hf_future_get_error            (HfFuture             *self);
HF_AVAILABLE_IN_1_0
GError        *hf_future_dup_cause            (HfFuture             *self);

HF_AVAILABLE_IN_1_0
guint64        hf_future_get_bytes_sent       (HfFuture             *self);
HF_AVAILABLE_IN_1_0
guint64        hf_future_get_bytes_received   (HfFuture             *self);
HF_AVAILABLE_IN_1_0
gint64         hf_future_get_bytes_total      (HfFuture             *self);
HF_AVAILABLE_IN_1_0
double         hf_future_get_fraction         (HfFuture             *self);

HF_AVAILABLE_IN_1_0
gboolean       hf_future_wait                 (HfFuture             *self,
                                               gint64                timeout_us,
                                               GCancellable         *cancellable);
HF_AVAILABLE_IN_1_0
gboolean       hf_futures_wait                (HfFuture            **futures,
                                               gsize                 n_futures,
                                               HfWaitMode            mode,
                                               gint64                timeout_us,
                                               GCancellable         *cancellable);
HF_AVAILABLE_IN_1_0
gboolean       hf_future_cancel               (HfFuture             *self);
HF_AVAILABLE_IN_1_0
gboolean       hf_future_cancel_queued        (HfFuture             *self);

HF_AVAILABLE_IN_1_0
HfResponse    *hf_future_get_result           (HfFuture             *self,
                                               GCancellable         *cancellable,
                                               GError              **error);
HF_AVAILABLE_IN_1_0
HfResponse    *hf_future_get_result_until     (HfFuture             *self,
                                               gint64                timeout_us,
                                               GCancellable         *cancellable,
                                               GError              **error);
HF_AVAILABLE_IN_1_0
void           hf_future_get_result_async     (HfFuture             *self,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
HF_AVAILABLE_IN_1_0
HfResponse    *hf_future_get_result_finish    (HfFuture             *self,
                                               GAsyncResult         *result,
                                               GError              **error);
HF_AVAILABLE_IN_1_0
HfResponse    *hf_future_dup_response         (HfFuture             *self);

HF_AVAILABLE_IN_1_0
const GValue  *hf_future_get_value            (HfFuture             *self,
                                               GCancellable         *cancellable,
                                               GError              **error);
HF_AVAILABLE_IN_1_0
const GValue  *hf_future_get_value_until      (HfFuture             *self,
                                               gint64                timeout_us,
                                               GCancellable         *cancellable,
                                               GError              **error);
HF_AVAILABLE_IN_1_0
void           hf_future_get_value_async      (HfFuture             *self,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
HF_AVAILABLE_IN_1_0
const GValue  *hf_future_get_value_finish     (HfFuture             *self,
                                               GAsyncResult         *result,
                                               GError              **error);

HF_AVAILABLE_IN_1_0
guint          hf_future_add_done_callback    (HfFuture             *self,
                                               HfDoneFunc            callback,
                                               gpointer              user_data,
                                               GDestroyNotify        destroy);
HF_AVAILABLE_IN_1_0
void           hf_future_remove_done_callback (HfFuture             *self,
                                               guint                 id);
HF_AVAILABLE_IN_1_0
guint          hf_future_add_settled_func     (HfFuture             *self,
                                               HfSettledFunc         func,
                                               gpointer              user_data,
                                               GDestroyNotify        destroy);
HF_AVAILABLE_IN_1_0
void           hf_future_remove_settled_func  (HfFuture             *self,
                                               guint                 id);

G_END_DECLS
