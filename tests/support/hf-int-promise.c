/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-int-promise.h"

void
hf_resolve_int (HfPromise *promise,
                int        number)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, number);
  g_assert_true (hf_promise_resolve (promise, &value));
}

void
hf_assert_int (HfFuture *future,
               int       number)
{
  g_autoptr (GError) error = NULL;
  const GValue *value = hf_future_get_value (future, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (g_value_get_int (value), ==, number);
}
