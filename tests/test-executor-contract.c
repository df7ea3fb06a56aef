/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-contract.h"

/* What every executor promises. A further one is a line in the table of kinds. */

static HfExecutor *
make_thread_pool (guint n_at_once)
{
  return hf_thread_pool_executor_new (n_at_once);
}

static HfExecutor *
make_loop (guint n_at_once)
{
  HfExecutor *executor = hf_loop_executor_new (2);

  hf_loop_executor_set_max_in_flight (HF_LOOP_EXECUTOR (executor), n_at_once);
  return executor;
}

static HfExecutor *
make_loop_in_context (guint n_at_once)
{
  HfExecutor *executor = hf_loop_executor_new_for_context (NULL);

  hf_loop_executor_set_max_in_flight (HF_LOOP_EXECUTOR (executor), n_at_once);
  return executor;
}

static HfExecutor *
make_process_pool (guint n_at_once)
{
  return hf_process_pool_executor_new (n_at_once);
}

static const HfContractKind kinds[] = {
  { "thread-pool", make_thread_pool, FALSE },
  { "process-pool", make_process_pool, FALSE, TRUE },
  { "loop", make_loop, FALSE },
  { "loop-in-context", make_loop_in_context, TRUE },
};

static const struct {
  const char *name;
  void (*test) (HfContract       *fixture,
                gconstpointer  data);
} promises[] = {
  { "submit", promise_submit },
  { "send-body", promise_send_body },
  { "message", promise_message },
  { "priority", promise_priority },
  { "cancel/queued", promise_cancel_queued },
  { "cancel/connecting", promise_cancel_connecting },
  { "cancel/waiting", promise_cancel_waiting },
  { "cancel/reading", promise_cancel_reading },
  { "cancel/request-cancellable", promise_request_cancellable },
  { "close/drain", promise_close_drain },
  { "close/cancel-queued", promise_close_cancel_queued },
  { "close/cancel-all", promise_close_cancel_all },
  { "close/session", promise_close_session },
  { "close/blocking", promise_close_blocking },
  { "share", promise_share },
  { "hooks", promise_hooks },
  { "nested", promise_nested },
  { "would-block", promise_would_block },
  { "deadlines", promise_deadlines },
  { "redirects", promise_redirects },
  { "jar", promise_jar },
  { "limits", promise_limits },
  { "errors", promise_errors },
  { "progress/states", promise_progress },
  { "progress/bytes", promise_progress_bytes },
  { "drop", promise_drop },
  { "many", promise_many },
  { "work/value", promise_work },
  { "work/data", promise_work_data },
  { "work/cancel-queued", promise_work_cancel_queued },
  { "work/cancel-running", promise_work_cancel_running },
  { "work/close-drain", promise_work_close_drain },
  { "work/close-cancel-queued", promise_work_close_cancel_queued },
  { "work/close-cancel-all", promise_work_close_cancel_all },
  { "work/close-within", promise_work_close_within },
  { "work/nested", promise_work_nested },
  { "work/many", promise_work_many },
};

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    for (guint j = 0; j < G_N_ELEMENTS (promises); j++)
      {
        g_autofree char *path =
          g_strdup_printf ("/contract/%s/%s", kinds[i].name, promises[j].name);

        g_test_add (path, HfContract, &kinds[i], hf_contract_set_up, promises[j].test,
                    hf_contract_tear_down);
      }
  return g_test_run ();
}
