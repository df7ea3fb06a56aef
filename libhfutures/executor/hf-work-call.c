/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-work-call-private.h"

/**
 * HfWorkCall:
 *
 * What a function that was given to [method@Executor.submit] is called with: the ways to say what
 * becomes of the future, and to learn that it was cancelled.
 *
 * It is of use on the function's own thread, until the function returns; afterwards it is empty.
 *
 * Since: 1.0
 */

struct _HfWorkCall {
  gatomicrefcount ref_count;

  GCancellable *cancellable; /* owned; NULL after the call */
  GValue value;              /* owned; unset while the function has set none */
  GError *error;             /* owned, nullable */
};

G_DEFINE_BOXED_TYPE (HfWorkCall, hf_work_call, hf_work_call_ref, hf_work_call_unref)

static void
work_call_clear (HfWorkCall *self)
{
  g_clear_object (&self->cancellable);
  if (G_IS_VALUE (&self->value))
    g_value_unset (&self->value);
  g_clear_error (&self->error);
}

/**
 * hf_work_call_ref:
 * @self: a function's call
 *
 * Takes a reference. It does not keep what the call is about: that is gone when the function
 * returns.
 *
 * Returns: (transfer full): @self
 *
 * Since: 1.0
 */
HfWorkCall *
hf_work_call_ref (HfWorkCall *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * hf_work_call_unref:
 * @self: (transfer full): a function's call
 *
 * Gives up a reference. Any thread may do so.
 *
 * Since: 1.0
 */
void
hf_work_call_unref (HfWorkCall *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  work_call_clear (self);
  g_free (self);
}

/*
 * hf_work_call_run:
 * @value: (out): what the function gave
 *
 * Calls a function on this thread.
 *
 * Returns: %FALSE with @error set, and @value unset, when the function failed
 */
gboolean
hf_work_call_run (HfWorkFunc     func,
                  gpointer       user_data,
                  GCancellable  *cancellable,
                  GValue        *value,
                  GError       **error)
{
  g_autoptr (HfWorkCall) self = g_new0 (HfWorkCall, 1);
  gboolean failed;

  g_atomic_ref_count_init (&self->ref_count);
  self->cancellable = g_object_ref (cancellable);

  func (self, user_data);

  failed = self->error != NULL;
  if (failed)
    {
      g_propagate_error (error, g_steal_pointer (&self->error));
    }
  else if (G_IS_VALUE (&self->value))
    {
      *value = self->value;
      self->value = (GValue) G_VALUE_INIT;
    }
  else
    {
      g_value_init (value, G_TYPE_POINTER); /* which every language reads as its null */
    }
  work_call_clear (self);

  return !failed;
}

/**
 * hf_work_call_get_cancellable:
 * @self: a function's call
 *
 * Gives what is cancelled when the future is, so that the function can return early.
 *
 * Whatever it sets after that is ignored.
 *
 * Returns: (transfer none) (nullable): the cancellable; %NULL when the function has returned
 *
 * Since: 1.0
 */
GCancellable *
hf_work_call_get_cancellable (HfWorkCall *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->cancellable;
}

/**
 * hf_work_call_set_value:
 * @self: a function's call
 * @value: what the future shall hold; it is copied
 *
 * Sets the future's value. [method@Future.get_value] returns it.
 *
 * When a function sets none, the value is of type `G_TYPE_POINTER` and holds %NULL, which other
 * languages read as their null.
 *
 * Since: 1.0
 */
void
hf_work_call_set_value (HfWorkCall   *self,
                        const GValue *value)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (G_IS_VALUE (value));

  if (G_IS_VALUE (&self->value))
    g_value_unset (&self->value);
  g_value_init (&self->value, G_VALUE_TYPE (value));
  g_value_copy (value, &self->value);
}

/**
 * hf_work_call_fail:
 * @self: a function's call
 * @error: the future's error; it is copied. `HF_ERROR_FAILED` is there for those that have no
 *   better
 *
 * Makes the future fail, whatever value was set; with `G_IO_ERROR_CANCELLED` it counts as
 * cancelled.
 *
 * Since: 1.0
 */
void
hf_work_call_fail (HfWorkCall   *self,
                   const GError *error)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (error != NULL);

  g_clear_error (&self->error);
  self->error = g_error_copy (error);
}
