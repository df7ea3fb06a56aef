/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <string.h>

#include "hf-gate.h"
#include "hf-halves.h"
#include "hf-test-server.h"
#include "libhfutures.h"

/* Requests in worker processes. */

typedef struct {
  HfTestServer *server;
  HfExecutor *executor;
  HfFuturesSession *session;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->server = hf_test_server_new ();
  fixture->executor = hf_process_pool_executor_new (2);
  fixture->session = hf_futures_session_new_with_executor (fixture->executor);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  hf_futures_session_close (fixture->session, HF_CLOSE_DRAIN);
  hf_assert_finalizes (fixture->session);
  hf_assert_finalizes (fixture->executor);
  hf_test_server_free (fixture->server);
}

static HfFuture *
get (Fixture    *fixture,
     const char *path)
{
  g_autofree char *uri = hf_test_server_dup_uri (fixture->server, path);

  return hf_futures_session_get (fixture->session, uri);
}

static HfResponse *
take (HfFuture *future)
{
  g_autoptr (HfFuture) taken = future;
  g_autoptr (GError) error = NULL;
  HfResponse *response = hf_future_get_result (taken, NULL, &error);

  g_assert_no_error (error);
  return response;
}

static void
test_get (Fixture       *fixture,
          gconstpointer  data)
{
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (HfResponse) response = take (get (fixture, "/bytes/1000"));

      g_assert_cmpuint (g_bytes_get_size (hf_response_get_bytes (response)), ==, 1000);
    }
  g_assert_cmpuint (hf_test_server_get_n_connections (fixture->server), ==, 1);
}

static void
test_large (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (HfResponse) response = take (get (fixture, "/bytes/5000000"));
  gsize size;
  const guint8 *bytes = g_bytes_get_data (hf_response_get_bytes (response), &size);

  g_assert_cmpuint (size, ==, 5000000);
  for (gsize i = 0; i < size; i++)
    g_assert_cmpuint (bytes[i], ==, i % 256);
}

static void
test_stream (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *uri = hf_test_server_dup_uri (fixture->server, "/bytes/3000000");
  g_autoptr (HfRequest) request = hf_request_new ("GET", uri);
  HfResponse *responses[4];

  hf_request_set_stream (request, TRUE);
  for (guint i = 0; i < 4; i++)
    responses[i] = take (hf_futures_session_send (fixture->session, request));
  g_object_unref (take (get (fixture, "/get")));
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (GError) error = NULL;

      if (i % 2 == 0)
        {
          g_assert_true (hf_response_load (responses[i], NULL, &error));
          g_assert_no_error (error);
          g_assert_cmpuint (g_bytes_get_size (hf_response_get_bytes (responses[i])), ==, 3000000);
        }
      g_object_unref (responses[i]);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/process/get", Fixture, NULL, set_up, test_get, tear_down);
  g_test_add ("/process/large", Fixture, NULL, set_up, test_large, tear_down);
  g_test_add ("/process/stream", Fixture, NULL, set_up, test_stream, tear_down);
  return g_test_run ();
}
