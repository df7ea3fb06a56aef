/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-clock-private.h"
#include "hf-completion-queue.h"

/**
 * hf_futures_wait:
 * @futures: (array length=n_futures) (transfer none): futures
 * @n_futures: how many there are
 * @mode: what to wait for
 * @timeout_us: for how long to wait at most, in microseconds; negative: without limit
 * @cancellable: (nullable): ends the waiting, not the requests
 *
 * Blocks until one or all of several futures have settled. It waits as
 * [method@CompletionQueue.pop] does. Any thread may call it.
 *
 * Returns: whether what @mode says came about. All having settled is enough in every mode.
 *
 * Since: 1.0
 */
gboolean
hf_futures_wait (HfFuture     **futures,
                 gsize          n_futures,
                 HfWaitMode     mode,
                 gint64         timeout_us,
                 GCancellable  *cancellable)
{
  g_autoptr (HfCompletionQueue) queue = NULL;
  const gint64 begun_us = g_get_monotonic_time ();

  g_return_val_if_fail (futures != NULL || n_futures == 0, FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);

  queue = hf_completion_queue_new_for_futures (futures, n_futures);
  for (;;)
    {
      g_autoptr (HfFuture) future =
        hf_completion_queue_pop (queue, hf_get_time_left (timeout_us, begun_us), cancellable);

      if (future == NULL)
        return hf_completion_queue_get_n_items (queue) == 0;
      if (mode == HF_WAIT_FIRST_COMPLETED ||
          (mode == HF_WAIT_FIRST_ERROR && hf_future_get_state (future) == HF_FUTURE_STATE_FAILED))
        return TRUE;
    }
}
