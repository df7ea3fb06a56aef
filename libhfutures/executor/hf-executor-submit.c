/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-executor-private.h"
#include "hf-work-job-private.h"

/* What the application itself submits. */

/**
 * hf_executor_submit:
 * @self: an executor
 * @func: (scope notified) (closure user_data) (destroy destroy): what to call
 * @user_data: data for @func
 * @destroy: (nullable): what frees @user_data, on any thread, when @func has returned or will not
 *   be called
 *
 * Has a function called where the executor works, and gives the future of its value.
 *
 * It is called once, in its turn: it has the priority that requests have by default, and the
 * functions of an executor take turns with the sessions that use it. [callback@WorkFunc] says on
 * which thread. JavaScript cannot be called on a worker: there this is for executors with
 * [property@LoopExecutor:context].
 *
 * [method@Future.get_value] and its kin give the value. After [method@Future.cancel] the function
 * is not called any more; when it runs already, the cancellable of its call is cancelled, and what
 * it makes of that is ignored. @user_data is freed before anybody is told that the future has
 * settled; when the future was cancelled while @func runs, it is freed when @func has returned.
 *
 * Returns: (transfer full): the future of the function's value; that fails with `HF_ERROR_CLOSED`
 *   when the executor has been closed
 *
 * Since: 1.0
 */
HfFuture *
hf_executor_submit (HfExecutor     *self,
                    HfWorkFunc      func,
                    gpointer        user_data,
                    GDestroyNotify  destroy)
{
  g_autoptr (HfWorkJob) job = NULL;

  g_return_val_if_fail (HF_IS_EXECUTOR (self), NULL);
  g_return_val_if_fail (func != NULL, NULL);

  job = hf_work_job_new (self, func, user_data, destroy);
  hf_executor_submit_job (self, HF_JOB (job), G_PRIORITY_DEFAULT, self, "");
  return g_object_ref (hf_work_job_get_future (job));
}
