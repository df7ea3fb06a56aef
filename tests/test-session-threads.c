/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <string.h>

#include "hf-gate.h"
#include "libhfutures.h"

/* Sessions that some threads change while others submit requests. */

#define N_SUBMITTERS 2

typedef struct {
  HfFuturesSession *session; /* owned */
  HfMockTransport *mock;     /* owned: of all URIs */
  HfMockTransport *deep;     /* owned: of a part of them, at times */
  HfGate ready;              /* passed by each thread */
  HfGate go;
  int n_submitting;          /* atomic: threads */
  int n_given;               /* atomic: to transports and credentials */
  int n_freed;               /* atomic: of these */
} Fixture;

static void
note_freed (gpointer data)
{
  g_atomic_int_inc (&((Fixture *) data)->n_freed);
}

static void
authorize (HfAuthCall *call,
           gpointer    user_data)
{
  g_assert_nonnull (hf_request_get_uri (hf_auth_call_get_request (call)));
  hf_auth_call_set_authorization (call, "Own made");
}

/* What was set at once is there at once, and nothing is there twice. */
static void
assert_whole (HfMockCall *call)
{
  HfHeaders *headers = hf_mock_call_get_headers (call);
  g_autofree char *authorization = hf_headers_lookup (headers, "Authorization");
  g_auto (GStrv) names = hf_headers_lookup_all (headers, "X-Name");
  g_autoptr (GUri) uri = g_uri_parse (hf_mock_call_get_uri (call), G_URI_FLAGS_NONE, NULL);
  const char *query = g_uri_get_query (uri);

  if (authorization != NULL && !g_str_equal (authorization, "Own made"))
    g_assert_cmpstr (authorization, ==, "Bearer token");
  g_assert_cmpuint (names != NULL ? g_strv_length (names) : 0, <=, 1);
  if (query != NULL && !g_str_equal (query, "a=1&b=1"))
    g_assert_cmpstr (query, ==, "a=2&b=2");
}

static void
answer (HfMockCall *call,
        gpointer    user_data)
{
  g_autoptr (HfBody) body = hf_body_new_for_text ("mocked", NULL);

  assert_whole (call);
  hf_mock_call_append_header (call, "Set-Cookie", "from=server");
  hf_mock_call_respond (call, 200, body);
}

static void
change_headers (Fixture *fixture,
                guint    i)
{
  g_autoptr (HfHeaders) headers = NULL;

  if (i % 3 == 0)
    hf_futures_session_set_header (fixture->session, "X-Name", "value");
  else if (i % 3 == 1)
    hf_futures_session_remove_header (fixture->session, "x-name");
  else
    {
      headers = hf_futures_session_dup_headers (fixture->session);
      hf_futures_session_set_headers (fixture->session, headers);
    }
  hf_futures_session_set_user_agent (fixture->session, i % 2 == 0 ? "agent" : NULL);
}

static void
change_params (Fixture *fixture,
               guint    i)
{
  const char *const one[] = { "a", "1", "b", "1", NULL };
  const char *const two[] = { "a", "2", "b", "2", NULL };

  hf_futures_session_set_params (fixture->session, i % 2 == 0 ? one : two);
}

static void
change_auth (Fixture *fixture,
             guint    i)
{
  g_autoptr (HfAuth) auth = NULL;

  if (i % 3 == 0)
    auth = hf_auth_new_for_bearer ("token");
  else if (i % 3 == 1)
    {
      g_atomic_int_inc (&fixture->n_given);
      auth = hf_auth_new_for_func (authorize, fixture, note_freed);
    }
  hf_futures_session_set_auth (fixture->session, auth);
}

static void
change_mounts (Fixture *fixture,
               guint    i)
{
  const char *const prefix = "https://mock.example/deep/";

  if (i % 2 == 0)
    g_assert_true (hf_futures_session_mount (fixture->session, prefix, fixture->deep, NULL));
  else
    g_assert_true (hf_futures_session_unmount (fixture->session, prefix));
}

static void
change_settings (Fixture *fixture,
                 guint    i)
{
  hf_futures_session_set_base_uri (fixture->session, i % 2 == 0 ? "https://mock.example/"
                                                                : "https://mock.example/deep/");
  hf_futures_session_set_read_timeout (fixture->session, 100 + i % 2);
  hf_futures_session_set_raise_for_status (fixture->session, i % 2 == 0);
}

static void
change_cookies (Fixture *fixture,
                guint    i)
{
  SoupCookieJar *jar = hf_futures_session_get_cookie_jar (fixture->session);
  g_autofree char *name = g_strdup_printf ("from-%u", i % 7);
  GSList *cookies;

  soup_cookie_jar_add_cookie (jar, soup_cookie_new (name, "user", "mock.example", "/", -1));
  cookies = soup_cookie_jar_all_cookies (jar);
  if (cookies != NULL)
    soup_cookie_jar_delete_cookie (jar, cookies->data);
  g_slist_free_full (cookies, (GDestroyNotify) soup_cookie_free);
}

typedef struct {
  Fixture *fixture;
  void (*change) (Fixture *fixture,
                  guint    i);
} Changer;

static gpointer
change (gpointer data)
{
  Changer *self = data;

  hf_gate_pass (&self->fixture->ready);
  hf_gate_wait (&self->fixture->go, 1);
  for (guint i = 0; g_atomic_int_get (&self->fixture->n_submitting) > 0; i++)
    self->change (self->fixture, i);
  return NULL;
}

static HfFuture *
submit_one (Fixture *fixture,
            guint    i)
{
  g_autoptr (HfRequest) request = hf_request_new ("GET", i % 2 == 0 ? "page" : "deep/page");

  hf_request_set_stream (request, i % 4 < 2);
  return hf_futures_session_send (fixture->session, request);
}

static void
assert_mocked (HfFuture *future)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response = hf_future_get_result (future, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (hf_response_load (response, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (hf_response_get_bytes (response), NULL),
                   g_bytes_get_size (hf_response_get_bytes (response)), "mocked", 6);
}

static gpointer
submit (gpointer data)
{
  const guint n = g_getenv ("HF_TEST_SLOW") != NULL ? 50 : 500;
  Fixture *fixture = data;
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (g_object_unref);

  hf_gate_pass (&fixture->ready);
  hf_gate_wait (&fixture->go, 1);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (futures, submit_one (fixture, i));
  for (guint i = 0; i < n; i++)
    assert_mocked (g_ptr_array_index (futures, i));
  g_atomic_int_add (&fixture->n_submitting, -1);
  return NULL;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  has_loops)
{
  g_autoptr (HfExecutor) executor = has_loops != NULL ? hf_loop_executor_new (2)
                                                      : hf_thread_pool_executor_new (3);

  fixture->session = hf_futures_session_new_with_executor (executor);
  fixture->n_submitting = N_SUBMITTERS;
  fixture->n_given = 2;
  fixture->mock = hf_mock_transport_new (answer, fixture, note_freed);
  fixture->deep = hf_mock_transport_new (answer, fixture, note_freed);
  g_assert_true (hf_futures_session_mount (fixture->session, "https://", fixture->mock, NULL));
  hf_futures_session_set_base_uri (fixture->session, "https://mock.example/");
}

static gboolean
is_all_freed (gpointer data)
{
  Fixture *fixture = data;

  return g_atomic_int_get (&fixture->n_freed) == g_atomic_int_get (&fixture->n_given);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  has_loops)
{
  g_object_unref (fixture->mock);
  g_object_unref (fixture->deep);
  hf_assert_finalizes (fixture->session);
  hf_assert_becomes (is_all_freed, fixture);
}

/* A request has the session's settings as they were at some moment, whole. */
static void
test_changes (Fixture       *fixture,
              gconstpointer  has_loops)
{
  Changer changers[] = {
    { fixture, change_headers }, { fixture, change_params },   { fixture, change_auth },
    { fixture, change_mounts },  { fixture, change_settings }, { fixture, change_cookies },
  };
  GThread *threads[G_N_ELEMENTS (changers) + N_SUBMITTERS];
  guint n_threads = 0;

  for (guint i = 0; i < G_N_ELEMENTS (changers); i++)
    threads[n_threads++] = g_thread_new ("changes", change, &changers[i]);
  for (guint i = 0; i < N_SUBMITTERS; i++)
    threads[n_threads++] = g_thread_new ("submits", submit, fixture);
  hf_gate_wait (&fixture->ready, n_threads);
  hf_gate_pass (&fixture->go);
  for (guint i = 0; i < n_threads; i++)
    g_thread_join (threads[i]);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/session-threads/changes/threads", Fixture, NULL, set_up, test_changes, tear_down);
  g_test_add ("/session-threads/changes/loops", Fixture, GINT_TO_POINTER (TRUE), set_up,
              test_changes, tear_down);
  return g_test_run ();
}
