/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-latch-private.h"

/*
 * A GTask that waits for latches: it returns when it is told that they are idle, or before, when
 * its cancellable is cancelled.
 */

typedef struct {
  int returned;  /* atomic: somebody has decided on the result */
  gulong handler; /* const; 0: none */
} LatchTask;

static void
on_cancelled (GCancellable *cancellable,
              gpointer      user_data)
{
  GTask *task = user_data;
  LatchTask *data = g_task_get_task_data (task);

  if (g_atomic_int_compare_and_exchange (&data->returned, FALSE, TRUE))
    g_task_return_error_if_cancelled (task);
}

static void
unref_task_closure (gpointer  data,
                    GClosure *closure)
{
  g_object_unref (data);
}

/* Returns: (transfer full): a task, for hf_latch_task_return() */
GTask *
hf_latch_task_new (gpointer             source,
                   GCancellable        *cancellable,
                   GAsyncReadyCallback  callback,
                   gpointer             user_data,
                   gpointer             source_tag)
{
  GTask *task = g_task_new (source, cancellable, callback, user_data);
  LatchTask *data = g_new0 (LatchTask, 1);

  g_task_set_source_tag (task, source_tag);
  g_task_set_task_data (task, data, g_free);
  if (cancellable == NULL)
    return task;

  /* Not g_cancellable_connect(): its disconnection waits for running handlers. */
  data->handler = g_signal_connect_data (cancellable, "cancelled", G_CALLBACK (on_cancelled),
                                         g_object_ref (task), unref_task_closure, 0);
  if (g_cancellable_is_cancelled (cancellable))
    on_cancelled (cancellable, task);
  return task;
}

/* The latches are idle. Takes the task. */
void
hf_latch_task_return (gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  LatchTask *data = g_task_get_task_data (task);

  if (g_atomic_int_compare_and_exchange (&data->returned, FALSE, TRUE))
    g_task_return_boolean (task, TRUE);
  if (data->handler != 0)
    g_signal_handler_disconnect (g_task_get_cancellable (task), data->handler);
}
