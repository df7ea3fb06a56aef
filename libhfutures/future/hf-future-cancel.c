/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-future-private.h"

#include "hf-error-private.h"

/* Cancelling what a future stands for, from outside. */

/**
 * hf_future_cancel:
 * @self: a future
 *
 * Cancels the work, queued or running.
 *
 * The future settles as cancelled, with `G_IO_ERROR_CANCELLED`, before this returns; then the work
 * is stopped. Any thread may call it.
 *
 * Returns: %FALSE when the future had settled before
 *
 * Since: 1.0
 */
gboolean
hf_future_cancel (HfFuture *self)
{
  g_return_val_if_fail (HF_IS_FUTURE (self), FALSE);

  if (hf_future_is_settled (self))
    return FALSE;
  return hf_future_settle (self, HF_FUTURE_STATE_CANCELLED, NULL,
                           hf_error_new_cancelled (hf_future_get_uri (self)), NULL, HF_SETTLE_STOP);
}

/**
 * hf_future_cancel_queued:
 * @self: a future
 *
 * Cancels the work as [method@Future.cancel] does, but only while it is queued: what has begun
 * goes on.
 *
 * Any thread may call it. When it returns %TRUE nothing was sent and no function was called, nor
 * will be.
 *
 * Returns: whether the work was cancelled; %FALSE when it had begun, or the future had settled
 *
 * Since: 1.0
 */
gboolean
hf_future_cancel_queued (HfFuture *self)
{
  g_return_val_if_fail (HF_IS_FUTURE (self), FALSE);

  if (hf_future_get_state (self) != HF_FUTURE_STATE_QUEUED)
    return FALSE;
  return hf_future_settle (self, HF_FUTURE_STATE_CANCELLED, NULL,
                           hf_error_new_cancelled (hf_future_get_uri (self)), NULL,
                           HF_SETTLE_STOP | HF_SETTLE_IF_QUEUED);
}
