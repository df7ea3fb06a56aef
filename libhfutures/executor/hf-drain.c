/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-drain-private.h"

/* Returns: (transfer none): what counts the unfinished jobs of all executors that draining waits
 * for */
HfLatch *
hf_drain_get_latch (void)
{
  static HfLatch *latch = NULL; /* never freed */

  if (g_once_init_enter (&latch))
    g_once_init_leave (&latch, hf_latch_new (NULL));
  return latch;
}

/**
 * hf_drain:
 * @timeout_us: for how long to wait at most, in microseconds; negative: without limit
 * @cancellable: (nullable): ends the waiting, nothing else
 *
 * Blocks until nothing that was submitted anywhere in the process is unfinished, whoever submitted
 * it and whether or not anybody still has its future, its session or its executor.
 *
 * For programs that want to end, but not before what they have begun. Nothing is closed, so more
 * can be submitted meanwhile, which is waited for as well.
 *
 * Work that is bound to the calling thread, such as a response hook in its context, is done
 * meanwhile. What runs in a main context of the application's, in executors with
 * [property@LoopExecutor:context], is not waited for: that may never go on. Hooks in contexts of
 * other threads are, so there is reason for a timeout when these may have ended.
 *
 * Any thread may call it. Called from a response hook, or from a function of
 * [method@Executor.submit], it does not wait for the work whose hook or function it is, nor for
 * what waits in this way, too. Where blocking is forbidden, as in a settled function on the thread
 * of a loop, it returns at once.
 *
 * Returns: whether nothing is left that it waits for
 *
 * Since: 1.0
 */
gboolean
hf_drain (gint64        timeout_us,
          GCancellable *cancellable)
{
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);

  return hf_latch_wait_until (hf_drain_get_latch (), timeout_us, cancellable);
}
