/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-future.h"
#include "hf-promise-private.h"

/* Futures that have settled from the start. */

/**
 * hf_future_new_for_value:
 * @value: what the future holds; it is copied
 *
 * Makes a future that has succeeded, for subclasses of [class@FuturesSession] that have the answer
 * already.
 *
 * Returns: (transfer full): a settled future
 *
 * Since: 1.0
 */
HfFuture *
hf_future_new_for_value (const GValue *value)
{
  g_autoptr (HfPromise) promise = NULL;
  g_auto (GValue) copy = G_VALUE_INIT;

  g_return_val_if_fail (G_IS_VALUE (value), NULL);

  promise = hf_promise_new (NULL);
  g_value_init (&copy, G_VALUE_TYPE (value));
  g_value_copy (value, &copy);
  hf_promise_resolve (promise, &copy);
  return g_object_ref (hf_promise_get_future (promise));
}

/**
 * hf_future_new_for_error:
 * @error: why it failed; it is copied. `G_IO_ERROR_CANCELLED` makes a cancelled future
 *
 * Makes a future that has failed, for subclasses of [class@FuturesSession] that will not send a
 * request: a call never fails, the future does.
 *
 * Returns: (transfer full): a settled future
 *
 * Since: 1.0
 */
HfFuture *
hf_future_new_for_error (const GError *error)
{
  g_autoptr (HfPromise) promise = NULL;

  g_return_val_if_fail (error != NULL, NULL);

  promise = hf_promise_new (NULL);
  hf_promise_fail (promise, g_error_copy (error), NULL);
  return g_object_ref (hf_promise_get_future (promise));
}
