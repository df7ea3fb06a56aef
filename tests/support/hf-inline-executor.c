/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-inline-executor.h"

struct _HfInlineExecutor {
  HfExecutor parent_instance;

  gboolean held;
};

G_DEFINE_FINAL_TYPE (HfInlineExecutor, hf_inline_executor, HF_TYPE_EXECUTOR)

static gboolean
hf_inline_executor_wake (HfExecutor  *executor,
                         GError     **error)
{
  if (!HF_INLINE_EXECUTOR (executor)->held)
    hf_executor_run_next (executor);
  return TRUE;
}

static void
hf_inline_executor_class_init (HfInlineExecutorClass *klass)
{
  HF_EXECUTOR_CLASS (klass)->wake = hf_inline_executor_wake;
}

static void
hf_inline_executor_init (HfInlineExecutor *self)
{
}

HfExecutor *
hf_inline_executor_new (void)
{
  return g_object_new (HF_TYPE_INLINE_EXECUTOR, NULL);
}

/* Lets jobs wait from now on. */
void
hf_inline_executor_hold (HfInlineExecutor *self)
{
  self->held = TRUE;
}

/* Runs everything that waits, here. */
void
hf_inline_executor_run (HfInlineExecutor *self)
{
  self->held = FALSE;
  while (hf_executor_run_next (HF_EXECUTOR (self)))
    ;
}
