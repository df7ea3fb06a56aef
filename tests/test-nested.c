/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-futures-session-private.h"
#include "hf-gate.h"
#include "hf-mock-transport-private.h"
#include "libhfutures.h"

/* Hooks that wait for requests with hooks that wait, with one worker. */

static HfResponse *
answer (HfHop         *hop,
        GCancellable  *cancellable,
        gpointer       user_data,
        GError       **error)
{
  return hf_mock_response_new (200, g_uri_get_path (hop->uri), NULL, NULL);
}

static HfFuturesSession *
session_new (guint max_workers)
{
  HfFuturesSession *session = hf_futures_session_new_with_max_workers (max_workers);
  g_autoptr (HfTransport) transport = hf_mock_transport_new_for_handler (answer, NULL, NULL);

  hf_futures_session_set_transport (session, transport);
  return session;
}

static HfRequest *
request_new (const char *path)
{
  g_autofree char *uri = g_strconcat ("http://a.example", path, NULL);

  return hf_request_new ("GET", uri);
}

static void
assert_ok (HfFuture *future)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response = hf_future_get_result (future, NULL, &error);

  g_assert_no_error (error);
}

typedef struct {
  HfFuturesSession *session;
  gboolean in_context;
  int depth; /* how many more levels; on whichever thread is at it */
  int deepest;
} Nested;

static void nest (HfHookCall *call,
                  gpointer    user_data);

static void
add_nest (HfRequest *request,
          Nested    *nested)
{
  if (nested->in_context)
    hf_request_add_response_hook_in_context (request, nest, nested, NULL);
  else
    hf_request_add_response_hook (request, nest, nested, NULL);
}

/* A hook that waits for another request with such a hook. */
static void
nest (HfHookCall *call,
      gpointer    user_data)
{
  Nested *nested = user_data;
  g_autoptr (HfRequest) request = request_new ("/inner");
  g_autoptr (HfFuture) future = NULL;

  nested->deepest++;
  if (--nested->depth == 0)
    return;
  add_nest (request, nested);
  future = hf_futures_session_send (nested->session, request);
  assert_ok (future);
}

static void
test_nested (gconstpointer data)
{
  HfFuturesSession *session = session_new (1);
  Nested nested = { session, GPOINTER_TO_INT (data), 10, 0 };
  g_autoptr (HfRequest) request = request_new ("/outer");
  HfFuture *future;

  add_nest (request, &nested);
  future = hf_futures_session_send (session, request);
  assert_ok (future);
  g_assert_cmpint (nested.deepest, ==, 10);
  hf_assert_finalizes (future);
  hf_assert_finalizes (session);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/nested/on-worker", GINT_TO_POINTER (FALSE), test_nested);
  g_test_add_data_func ("/nested/in-context", GINT_TO_POINTER (TRUE), test_nested);
  return g_test_run ();
}
