/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-future-private.h"
#include "hf-int-promise.h"
#include "libhfutures.h"

/* Settling, which happens once. */

static void
test_settle_once (void)
{
  g_autoptr (GRefString) uri = g_ref_string_new ("http://example.org/");
  g_autoptr (HfPromise) promise = hf_promise_new (uri);
  HfFuture *future = hf_promise_get_future (promise);
  g_auto (GValue) late = G_VALUE_INIT;

  g_assert_cmpint (hf_future_get_state (future), ==, HF_FUTURE_STATE_QUEUED);
  g_assert_cmpstr (hf_future_get_uri (future), ==, "http://example.org/");
  g_assert_true (hf_promise_set_running (promise));
  g_assert_cmpint (hf_future_get_state (future), ==, HF_FUTURE_STATE_RUNNING);
  g_assert_null (hf_future_get_error (future));

  hf_resolve_int (promise, 5);
  g_assert_cmpint (hf_future_get_state (future), ==, HF_FUTURE_STATE_SUCCEEDED);
  hf_assert_int (future, 5);

  g_value_init (&late, G_TYPE_INT);
  g_assert_false (hf_promise_resolve (promise, &late));
  g_assert_false (hf_promise_fail (promise, g_error_new_literal (HF_ERROR, 0, "late"), NULL));
  g_assert_false (hf_future_cancel (future));
  g_assert_false (hf_promise_set_running (promise));
  hf_assert_int (future, 5);
}

static void
note_stop (gpointer user_data)
{
  g_string_append (user_data, "stopped ");
}

static void
note_told (HfFuture *future,
           gpointer  user_data)
{
  g_string_append (user_data, "told ");
}

/* Whoever is told may wait for the work's end, so it is stopped before. */
static void
test_abort (void)
{
  g_autoptr (HfPromise) promise = hf_promise_new (NULL);
  HfFuture *future = hf_promise_get_future (promise);
  g_autoptr (GString) log = g_string_new (NULL);

  hf_promise_set_cancel_func (promise, note_stop, log, NULL);
  hf_future_add_settled_func (future, note_told, log, NULL);
  hf_promise_abort (promise, g_error_new_literal (HF_ERROR, HF_ERROR_TIMEOUT_DEADLINE, "late"));
  g_assert_error (hf_future_get_error (future), HF_ERROR, HF_ERROR_TIMEOUT_DEADLINE);
  g_assert_cmpstr (log->str, ==, "stopped told ");
}

static void
test_cancel_queued (void)
{
  g_autoptr (HfPromise) running = hf_promise_new (NULL);
  g_autoptr (HfPromise) queued = hf_promise_new (NULL);

  hf_promise_set_running (running);
  g_assert_false (hf_future_cancel_queued (hf_promise_get_future (running)));
  g_assert_false (hf_promise_is_settled (running));

  g_assert_true (hf_future_cancel_queued (hf_promise_get_future (queued)));
  g_assert_false (hf_future_cancel_queued (hf_promise_get_future (queued)));
  g_assert_cmpint (hf_future_get_state (hf_promise_get_future (queued)), ==,
                   HF_FUTURE_STATE_CANCELLED);
  g_assert_false (hf_promise_set_running (queued));
  hf_future_cancel (hf_promise_get_future (running));
}

static void
test_fail (void)
{
  g_autoptr (HfPromise) promise = hf_promise_new (NULL);
  HfFuture *future = hf_promise_get_future (promise);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) property = NULL;
  g_autoptr (GError) cause = NULL;

  g_assert_null (hf_future_dup_cause (future));
  hf_promise_fail (promise, g_error_new_literal (HF_ERROR, HF_ERROR_DNS, "no name"),
                   g_error_new_literal (G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "why"));

  g_assert_null (hf_future_get_result (future, NULL, &error));
  g_assert_error (error, HF_ERROR, HF_ERROR_DNS);
  g_object_get (future, "error", &property, NULL);
  g_assert_error (property, HF_ERROR, HF_ERROR_DNS);
  cause = hf_future_dup_cause (future);
  g_assert_error (cause, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND);
}

static void
test_broken_promise (void)
{
  HfPromise *promise = hf_promise_new (NULL);
  g_autoptr (HfFuture) future = g_object_ref (hf_promise_get_future (promise));

  hf_promise_free (promise);
  g_assert_error (hf_future_get_error (future), HF_ERROR, HF_ERROR_FAILED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/promise/settle-once", test_settle_once);
  g_test_add_func ("/promise/fail", test_fail);
  g_test_add_func ("/promise/abort", test_abort);
  g_test_add_func ("/promise/cancel-queued", test_cancel_queued);
  g_test_add_func ("/promise/broken-promise", test_broken_promise);
  return g_test_run ();
}
