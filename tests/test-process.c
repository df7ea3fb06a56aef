/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <signal.h>
#include <string.h>

#include "hf-clock-private.h"
#include "hf-gate.h"
#include "hf-halves.h"
#include "hf-processes.h"
#include "hf-proxy-delegate-private.h"
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

static pid_t
get_child_but (pid_t other)
{
  g_autoptr (GArray) children = hf_await_children (2);
  pid_t first = g_array_index (children, pid_t, 0);

  return first != other ? first : g_array_index (children, pid_t, 1);
}

/* While a body is streamed its process does nothing else, so what happens to others is not its
 * matter; then it works again. */
static void
test_stream_alone (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autofree char *uri = hf_test_server_dup_uri (fixture->server, "/bytes/3000000");
  g_autoptr (HfRequest) request = hf_request_new ("GET", uri);
  g_autoptr (HfResponse) response = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) children = NULL;
  pid_t streams;
  pid_t other;

  hf_request_set_stream (request, TRUE);
  response = take (hf_futures_session_send (fixture->session, request));
  children = hf_await_children (1);
  streams = g_array_index (children, pid_t, 0);
  g_object_unref (take (get (fixture, "/get")));
  other = get_child_but (streams);
  g_assert_cmpint (kill (other, SIGKILL), ==, 0);
  g_assert_true (hf_response_load (response, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (hf_response_get_bytes (response)), ==, 3000000);

  g_object_unref (take (get (fixture, "/get")));
  g_array_unref (g_steal_pointer (&children));
  children = hf_await_children (1);
  g_assert_cmpint (g_array_index (children, pid_t, 0), ==, streams);
}

static HfFuturesSession *
session_new_for (Fixture     *fixture,
                 SoupSession *soup_session)
{
  return g_object_new (HF_TYPE_FUTURES_SESSION, "executor", fixture->executor, "soup-session",
                       soup_session, NULL);
}

static char **
count_lookup (const char  *uri,
              gpointer     data,
              GError     **error)
{
  const char *const direct[] = { "direct://", NULL };

  g_assert_true (g_str_has_prefix (uri, "http://127.0.0.1:"));
  g_atomic_int_inc ((int *) data);
  return g_strdupv ((char **) direct);
}

/* The program is asked for proxies when a connection is made, and not when it is used again. */
static void
test_proxies (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *uri = hf_test_server_dup_uri (fixture->server, "/get");
  int n_lookups = 0;
  g_autoptr (GProxyResolver) resolver = hf_proxy_delegate_new (count_lookup, &n_lookups, NULL);
  g_autoptr (SoupSession) soup_session = soup_session_new ();
  HfFuturesSession *session;

  soup_session_set_proxy_resolver (soup_session, resolver);
  session = session_new_for (fixture, soup_session);
  for (guint i = 0; i < 5; i++)
    g_object_unref (take (hf_futures_session_get (session, uri)));
  g_assert_cmpint (g_atomic_int_get (&n_lookups), ==, 1);
  hf_assert_finalizes (session);
}

/* What is too much for a message is no worker's fault. */
static void
test_too_long (Fixture       *fixture,
               gconstpointer  data)
{
  g_autofree char *uri = hf_test_server_dup_uri (fixture->server, "/get");
  g_autofree char *value = g_strnfill (16 * 1024 * 1024, 'v');
  g_autoptr (HfRequest) request = hf_request_new ("GET", uri);
  g_autoptr (HfFuture) future = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) before = NULL;
  g_autoptr (GArray) after = NULL;

  g_object_unref (take (get (fixture, "/get")));
  before = hf_await_children (1);
  hf_request_set_header (request, "X-Long", value);
  future = hf_futures_session_send (fixture->session, request);
  g_assert_null (hf_future_get_result (future, NULL, &error));
  g_assert_error (error, HF_ERROR, HF_ERROR_NOT_SERIALIZABLE);
  after = hf_await_children (1);
  g_assert_cmpint (g_array_index (before, pid_t, 0), ==, g_array_index (after, pid_t, 0));
}

typedef struct {
  HfGate asked;
  HfGate answer;
} SlowLookup;

static char **
wait_in_lookup (const char *uri,
                gpointer    data,
                GError    **error)
{
  SlowLookup *self = data;
  const char *const direct[] = { "direct://", NULL };

  hf_gate_pass (&self->asked);
  hf_gate_wait (&self->answer, 1);
  return g_strdupv ((char **) direct);
}

/* A deadline holds also while the program itself cannot say which proxies to use. */
static void
test_slow_proxies (void)
{
  HfClock *real = hf_clock_get_default ();
  HfClock *clock = hf_clock_new_manual ();
  SlowLookup lookup = { 0 };
  g_autoptr (GProxyResolver) resolver = hf_proxy_delegate_new (wait_in_lookup, &lookup, NULL);
  g_autoptr (SoupSession) soup_session = soup_session_new ();
  g_autoptr (HfRequest) request = NULL;
  g_autoptr (HfFuture) future = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *uri = NULL;
  HfFuturesSession *session;
  Fixture fixture;

  hf_clock_set_default (clock);
  set_up (&fixture, NULL);
  uri = hf_test_server_dup_uri (fixture.server, "/get");
  soup_session_set_proxy_resolver (soup_session, resolver);
  session = session_new_for (&fixture, soup_session);
  request = hf_request_new ("GET", uri);
  hf_request_set_deadline (request, 10);
  future = hf_futures_session_send (session, request);
  hf_gate_wait (&lookup.asked, 1);
  hf_clock_advance (clock, 10 * G_USEC_PER_SEC);
  g_assert_cmpint (hf_future_get_state (future), ==, HF_FUTURE_STATE_RUNNING);
  hf_clock_advance (clock, 5 * G_USEC_PER_SEC);
  g_assert_null (hf_future_get_result (future, NULL, &error));
  g_assert_error (error, HF_ERROR, HF_ERROR_TIMEOUT_DEADLINE);
  hf_gate_pass (&lookup.answer);
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  hf_assert_finalizes (session);
  tear_down (&fixture, NULL);
  hf_clock_set_default (real);
  hf_clock_free (clock);
}

/* What cannot be sent is not sent by a worker, either. */
static void
test_user_agent (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autofree char *uri = hf_test_server_dup_uri (fixture->server, "/get");
  g_autoptr (SoupSession) soup_session = soup_session_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (HfFuture) future = NULL;
  HfFuturesSession *session;

  soup_session_set_user_agent (soup_session, "agent\r\nX-Own: field");
  session = session_new_for (fixture, soup_session);
  future = hf_futures_session_get (session, uri);
  g_assert_null (hf_future_get_result (future, NULL, &error));
  g_assert_error (error, HF_ERROR, HF_ERROR_INVALID_REQUEST);
  g_assert_cmpuint (hf_test_server_get_n_connections (fixture->server), ==, 0);
  hf_assert_finalizes (session);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/process/get", Fixture, NULL, set_up, test_get, tear_down);
  g_test_add ("/process/large", Fixture, NULL, set_up, test_large, tear_down);
  g_test_add ("/process/stream", Fixture, NULL, set_up, test_stream, tear_down);
  g_test_add ("/process/stream-alone", Fixture, NULL, set_up, test_stream_alone, tear_down);
  g_test_add ("/process/proxies", Fixture, NULL, set_up, test_proxies, tear_down);
  g_test_add ("/process/too-long", Fixture, NULL, set_up, test_too_long, tear_down);
  g_test_add_func ("/process/slow-proxies", test_slow_proxies);
  g_test_add ("/process/user-agent", Fixture, NULL, set_up, test_user_agent, tear_down);
  return g_test_run ();
}
