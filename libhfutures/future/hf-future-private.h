/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-future.h"
#include "hf-home-private.h"
#include "hf-notice-private.h"
#include "hf-progress-private.h"
#include "hf-request-private.h"

G_BEGIN_DECLS

typedef enum {
  HF_SETTLE_STOP = 1 << 0,      /* have the work stopped before anybody is told */
  HF_SETTLE_IF_QUEUED = 1 << 1, /* only when it has not begun */
} HfSettleFlags;

HfFuture *hf_future_new             (GRefString     *uri);
void      hf_future_set_home        (HfFuture       *self,
                                     HfHome         *home);
void      hf_future_set_request     (HfFuture       *self,
                                     HfRequestData  *data);
gboolean  hf_future_would_block     (HfFuture       *self);
gboolean  hf_future_set_running     (HfFuture       *self);
void      hf_future_set_cancel_func (HfFuture       *self,
                                     GDestroyNotify  cancel,
                                     gpointer        user_data,
                                     GDestroyNotify  destroy);
gboolean  hf_future_settle          (HfFuture       *self,
                                     HfFutureState   state,
                                     GValue         *value,
                                     GError         *error,
                                     GError         *cause,
                                     HfSettleFlags   flags);
gboolean  hf_future_is_settled      (HfFuture       *self);
HfProgress *hf_future_peek_progress  (HfFuture       *self);
void      hf_future_set_bytes       (HfFuture       *self,
                                     const HfBytes  *bytes,
                                     gint64          now_us);
void      hf_future_emit_notify     (HfFuture       *self);
void      hf_future_queue_notify    (HfFuture       *self);
HfNotice *hf_future_ensure_notice   (HfFuture       *self);

const GValue *hf_future_peek_value  (HfFuture       *self,
                                     GError        **error);

const GValue *hf_future_peek_outcome (HfFuture      *self);

/* For what follows a future without waiting, such as asynchronous waits. */
guint     hf_future_add_waiter      (HfFuture       *self,
                                     HfSettledFunc   func,
                                     gpointer        user_data,
                                     GDestroyNotify  destroy);
gboolean  hf_future_remove_waiter   (HfFuture       *self,
                                     guint           id,
                                     gpointer        user_data);

G_END_DECLS
