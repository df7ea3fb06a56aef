/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-future-private.h"

#include <glib/gi18n-lib.h>

#include "hf-error-private.h"
#include "hf-mailbox-private.h"

/*
 * Waiting for a future, and the four ways to read it: blocking, blocking with a timeout, and the
 * two halves of an asynchronous wait; for values in general and for responses.
 */

typedef struct {
  gulong cancelled_handler; /* const once the waiter was added */
} HfAsyncWait;

static void
wake_mailbox (HfFuture *self,
              gpointer  user_data)
{
  hf_mailbox_wake (user_data);
}

static gboolean
future_is_settled_condition (gpointer user_data)
{
  return hf_future_is_settled (user_data);
}

/**
 * hf_future_wait:
 * @self: a future
 * @timeout_us: for how long to wait at most, in microseconds; negative: without limit
 * @cancellable: (nullable): ends the waiting, not the request
 *
 * Blocks until the future has settled.
 *
 * Work that is bound to the calling thread, such as a response hook in its context, is done
 * meanwhile. On a worker another worker takes over its place for as long as this waits, so work
 * that waits for work cannot deadlock. Where the request runs in the calling thread's own main
 * loop, waiting could never end, so this returns at once; see [class@LoopExecutor].
 *
 * Returns: whether the future has settled
 *
 * Since: 1.0
 */
gboolean
hf_future_wait (HfFuture     *self,
                gint64        timeout_us,
                GCancellable *cancellable)
{
  g_autoptr (HfMailbox) mailbox = NULL;
  gboolean settled;
  guint id;

  g_return_val_if_fail (HF_IS_FUTURE (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);

  if (hf_future_is_settled (self) || timeout_us == 0 || hf_future_would_block (self))
    return hf_future_is_settled (self);

  mailbox = hf_mailbox_ref_current ();
  id = hf_future_add_waiter (self, wake_mailbox, hf_mailbox_ref (mailbox),
                             (GDestroyNotify) hf_mailbox_unref);
  if (id == 0)
    {
      hf_mailbox_unref (mailbox); /* what the waiter would have owned */
      return TRUE;
    }

  settled =
    hf_mailbox_wait_for (mailbox, future_is_settled_condition, self, timeout_us, cancellable);
  if (!settled)
    hf_future_remove_waiter (self, id, NULL);
  return settled;
}

static void
set_would_block_error (const char  *uri,
                       GError     **error)
{
  g_autofree char *shown = hf_error_redact_uri (uri);

  if (uri != NULL)
    g_set_error (error, HF_ERROR, HF_ERROR_WOULD_BLOCK,
                 _("The request for “%s” runs in the main loop that this wait would block; wait "
                   "for it asynchronously"),
                 shown);
  else
    g_set_error_literal (error, HF_ERROR, HF_ERROR_WOULD_BLOCK,
                         _("The work runs in the main loop that this wait would block; wait for it "
                           "asynchronously"));
}

static void
set_timed_out_error (const char  *uri,
                     GError     **error)
{
  g_autofree char *shown = hf_error_redact_uri (uri);

  if (uri != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                 _("Waiting for “%s” took too long; the request goes on"), shown);
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                         _("Waiting for the work took too long; it goes on"));
}

static void
set_wait_error (HfFuture      *self,
                GCancellable  *cancellable,
                GError       **error)
{
  if (cancellable != NULL && g_cancellable_set_error_if_cancelled (cancellable, error))
    return;

  hf_init_i18n ();
  if (hf_future_would_block (self))
    set_would_block_error (hf_future_get_uri (self), error);
  else
    set_timed_out_error (hf_future_get_uri (self), error);
}

/*
 * future_value_to_response:
 * @value: (nullable): the future's value
 *
 * Returns: (transfer full) (nullable): the response in it
 */
static HfResponse *
future_value_to_response (HfFuture      *self,
                          const GValue  *value,
                          GError       **error)
{
  if (value == NULL)
    return NULL;
  if (G_VALUE_HOLDS (value, HF_TYPE_RESPONSE))
    return g_value_dup_object (value);

  hf_init_i18n ();
  if (hf_future_get_uri (self) != NULL)
    g_set_error (error, HF_ERROR, HF_ERROR_WRONG_TYPE,
                 _("A response hook put a value of type “%s” in the response’s place; "
                   "hf_future_get_value() returns it"),
                 G_VALUE_TYPE_NAME (value));
  else
    g_set_error (error, HF_ERROR, HF_ERROR_WRONG_TYPE,
                 _("What the work gave is no response, but a value of type “%s”; "
                   "hf_future_get_value() returns it"),
                 G_VALUE_TYPE_NAME (value));
  return NULL;
}

/**
 * hf_future_get_value_until:
 * @self: a future
 * @timeout_us: for how long to wait at most, in microseconds; negative: without limit
 * @cancellable: (nullable): ends the waiting, not the request
 * @error: return location for an error: the future's own, `G_IO_ERROR_TIMED_OUT` when the time is
 *   over, `G_IO_ERROR_CANCELLED` when @cancellable was cancelled
 *
 * Blocks until the future has settled, as [method@Future.wait] does, and gives its value.
 *
 * Returns: (transfer none) (nullable): the value, owned by @self, or %NULL with @error set
 *
 * Since: 1.0
 */
const GValue *
hf_future_get_value_until (HfFuture      *self,
                           gint64         timeout_us,
                           GCancellable  *cancellable,
                           GError       **error)
{
  g_return_val_if_fail (HF_IS_FUTURE (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!hf_future_wait (self, timeout_us, cancellable))
    {
      set_wait_error (self, cancellable, error);
      return NULL;
    }
  return hf_future_peek_value (self, error);
}

/**
 * hf_future_get_value:
 * @self: a future
 * @cancellable: (nullable): ends the waiting, not the request
 * @error: return location for an error: the future's own, or `G_IO_ERROR_CANCELLED` when
 *   @cancellable was cancelled
 *
 * Blocks until the future has settled, as [method@Future.wait] does, and gives its value: a
 * [class@Response], or what a response hook put in its place.
 *
 * Returns: (transfer none) (nullable): the value, owned by @self, or %NULL with @error set
 *
 * Since: 1.0
 */
const GValue *
hf_future_get_value (HfFuture      *self,
                     GCancellable  *cancellable,
                     GError       **error)
{
  return hf_future_get_value_until (self, -1, cancellable, error);
}

/**
 * hf_future_get_result_until:
 * @self: a future
 * @timeout_us: for how long to wait at most, in microseconds; negative: without limit
 * @cancellable: (nullable): ends the waiting, not the request
 * @error: return location for an error: the future's own, `G_IO_ERROR_TIMED_OUT` when the time is
 *   over, `G_IO_ERROR_CANCELLED` when @cancellable was cancelled, `HF_ERROR_WRONG_TYPE` when a
 *   response hook put something else in the response's place
 *
 * Blocks until the future has settled, as [method@Future.wait] does, and gives the response.
 *
 * Returns: (transfer full): the response
 *
 * Since: 1.0
 */
HfResponse *
hf_future_get_result_until (HfFuture      *self,
                            gint64         timeout_us,
                            GCancellable  *cancellable,
                            GError       **error)
{
  const GValue *value = hf_future_get_value_until (self, timeout_us, cancellable, error);

  return future_value_to_response (self, value, error);
}

/**
 * hf_future_get_result:
 * @self: a future
 * @cancellable: (nullable): ends the waiting, not the request
 * @error: return location for an error: the future's own, `G_IO_ERROR_CANCELLED` when
 *   @cancellable was cancelled, `HF_ERROR_WRONG_TYPE` when a response hook put something else in
 *   the response's place
 *
 * Blocks until the future has settled, as [method@Future.wait] does, and gives the response.
 *
 * Returns: (transfer full): the response
 *
 * Since: 1.0
 */
HfResponse *
hf_future_get_result (HfFuture      *self,
                      GCancellable  *cancellable,
                      GError       **error)
{
  return hf_future_get_result_until (self, -1, cancellable, error);
}

static void
on_settled (HfFuture *self,
            gpointer  user_data)
{
  GTask *task = user_data;
  HfAsyncWait *wait = g_task_get_task_data (task);

  if (wait->cancelled_handler != 0)
    g_signal_handler_disconnect (g_task_get_cancellable (task), wait->cancelled_handler);
  g_task_return_boolean (task, TRUE);
}

/* The wait is over without a result, unless the future settles at this very moment. */
static void
give_up_waiting (GTask *task)
{
  HfAsyncWait *wait = g_task_get_task_data (task);
  g_autoptr (GTask) alive = g_object_ref (task);

  if (!hf_future_remove_waiter (g_task_get_source_object (task), 0, task))
    return;

  g_signal_handler_disconnect (g_task_get_cancellable (task), wait->cancelled_handler);
  g_task_return_error_if_cancelled (task);
}

static void
on_wait_cancelled (GCancellable *cancellable,
                   gpointer      user_data)
{
  give_up_waiting (user_data);
}

static void
unref_task_closure (gpointer  data,
                    GClosure *closure)
{
  g_object_unref (data);
}

static void
wait_in_task (HfFuture            *self,
              GCancellable        *cancellable,
              GAsyncReadyCallback  callback,
              gpointer             user_data,
              gpointer             source_tag)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  HfAsyncWait *wait = g_new0 (HfAsyncWait, 1);

  g_task_set_source_tag (task, source_tag);
  g_task_set_task_data (task, wait, g_free);

  if (cancellable != NULL)
    wait->cancelled_handler = g_signal_connect_data (cancellable, "cancelled",
                                                     G_CALLBACK (on_wait_cancelled),
                                                     g_object_ref (task), unref_task_closure, 0);

  if (hf_future_add_waiter (self, on_settled, g_object_ref (task), g_object_unref) == 0)
    {
      on_settled (self, task);
      g_object_unref (task); /* what the waiter would have owned */
    }
  else if (cancellable != NULL && g_cancellable_is_cancelled (cancellable))
    {
      give_up_waiting (task);
    }
}

/**
 * hf_future_get_value_async:
 * @self: a future
 * @cancellable: (nullable): ends the waiting, not the request
 * @callback: (scope async): called in the caller's thread-default context
 * @user_data: data for @callback
 *
 * Waits for the future without blocking.
 *
 * Since: 1.0
 */
void
hf_future_get_value_async (HfFuture            *self,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_return_if_fail (HF_IS_FUTURE (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  wait_in_task (self, cancellable, callback, user_data, hf_future_get_value_async);
}

/**
 * hf_future_get_value_finish:
 * @self: a future
 * @result: what the callback was given
 * @error: return location for an error, as for [method@Future.get_value]
 *
 * Ends what [method@Future.get_value_async] began.
 *
 * Returns: (transfer none) (nullable): the value, owned by @self, or %NULL with @error set
 *
 * Since: 1.0
 */
const GValue *
hf_future_get_value_finish (HfFuture      *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (HF_IS_FUTURE (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  return hf_future_peek_value (self, error);
}

/**
 * hf_future_get_result_async:
 * @self: a future
 * @cancellable: (nullable): ends the waiting, not the request
 * @callback: (scope async): called in the caller's thread-default context
 * @user_data: data for @callback
 *
 * Waits for the response without blocking.
 *
 * Since: 1.0
 */
void
hf_future_get_result_async (HfFuture            *self,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_return_if_fail (HF_IS_FUTURE (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  wait_in_task (self, cancellable, callback, user_data, hf_future_get_result_async);
}

/**
 * hf_future_get_result_finish:
 * @self: a future
 * @result: what the callback was given
 * @error: return location for an error, as for [method@Future.get_result]
 *
 * Ends what [method@Future.get_result_async] began.
 *
 * Returns: (transfer full): the response
 *
 * Since: 1.0
 */
HfResponse *
hf_future_get_result_finish (HfFuture      *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  const GValue *value = hf_future_get_value_finish (self, result, error);

  return future_value_to_response (self, value, error);
}

/**
 * hf_future_dup_response:
 * @self: a future
 *
 * Gives the response of a future that has settled, without waiting.
 *
 * That is the value of one that has succeeded with a response, and the response that the error is
 * about of one that has failed with `HF_ERROR_STATUS`, as [property@Request:raise-for-status] wants
 * it, with `HF_ERROR_TOO_MANY_REDIRECTS`, or at a redirect that cannot be followed with
 * `HF_ERROR_PROTOCOL`.
 *
 * Returns: (transfer full) (nullable): the response, or %NULL when there is none
 *
 * Since: 1.0
 */
HfResponse *
hf_future_dup_response (HfFuture *self)
{
  g_return_val_if_fail (HF_IS_FUTURE (self), NULL);

  if (!hf_future_is_settled (self) ||
      !G_VALUE_HOLDS (hf_future_peek_outcome (self), HF_TYPE_RESPONSE))
    return NULL;
  return g_value_dup_object (hf_future_peek_outcome (self));
}
