/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <string.h>

#include "hf-gate.h"
#include "hf-test-server.h"
#include "libhfutures.h"

/* Functions that answer instead of servers, on each kind of executor. */

#define URI "https://mock.example/"

typedef enum {
  ON_THREADS,
  ON_LOOP,
  IN_CONTEXT,
} Where;

typedef struct {
  HfFuturesSession *session; /* owned */
  HfMockTransport *mock;     /* owned */
  HfMockCall *kept;          /* owned; what /later was asked with */
  HfGate asked;              /* passed by /later */
  GPtrArray *log;            /* owned; of char *: "METHOD URI | name: value …"; one at a time */
  gboolean freed;            /* atomic */
} Fixture;

static void
log_call (Fixture    *fixture,
          HfMockCall *call)
{
  g_autoptr (GString) text = g_string_new (hf_mock_call_get_method (call));
  HfHeaders *headers = hf_mock_call_get_headers (call);

  g_string_append_printf (text, " %s", hf_mock_call_get_uri (call));
  for (guint i = 0; i < hf_headers_get_n_items (headers); i++)
    g_string_append_printf (text, " | %s: %s", hf_headers_get_name (headers, i),
                            hf_headers_get_value (headers, i));
  if (hf_mock_call_get_body (call) != NULL)
    {
      g_autoptr (GBytes) body = hf_mock_call_load_body (call, NULL);
      gsize length;
      const char *data = g_bytes_get_data (body, &length);

      g_string_append_printf (text, " | %.*s", (int) length, data);
    }
  g_ptr_array_add (fixture->log, g_string_free (g_steal_pointer (&text), FALSE));
}

static void
answer_with_error (HfMockCall *call,
                   GQuark      domain,
                   int         code)
{
  g_autoptr (GError) error = g_error_new_literal (domain, code, "made up");

  hf_mock_call_fail (call, error);
}

static void
answer (HfMockCall *call,
        gpointer    user_data)
{
  Fixture *fixture = user_data;
  const char *path = hf_mock_call_get_uri (call) + strlen ("https://mock.example");
  g_autoptr (HfBody) body = hf_body_new_for_text ("mocked", "text/mock");

  log_call (fixture, call);
  if (g_str_equal (path, "/redirect"))
    {
      hf_mock_call_append_header (call, "Location", "/end");
      hf_mock_call_append_header (call, "Set-Cookie", "a=1");
      hf_mock_call_append_header (call, "Set-Cookie", "b=2");
      hf_mock_call_respond (call, 302, NULL);
    }
  else if (g_str_equal (path, "/later"))
    {
      fixture->kept = hf_mock_call_ref (call);
      hf_gate_pass (&fixture->asked);
    }
  else if (g_str_equal (path, "/refused"))
    answer_with_error (call, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  else if (g_str_equal (path, "/own-error"))
    answer_with_error (call, HF_ERROR, HF_ERROR_DNS);
  else if (!g_str_equal (path, "/nothing"))
    {
      hf_mock_call_append_header (call, "X", "1");
      hf_mock_call_respond (call, 200, body);
      hf_mock_call_respond (call, 500, NULL); /* the first answer counts */
    }
}

static void
note_freed (gpointer data)
{
  Fixture *fixture = data;

  g_atomic_int_set (&fixture->freed, TRUE);
}

static gboolean
was_freed (gpointer user_data)
{
  Fixture *fixture = user_data;

  return g_atomic_int_get (&fixture->freed);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr (HfExecutor) executor = NULL;
  g_autoptr (GError) error = NULL;

  switch (GPOINTER_TO_INT (data))
    {
    case ON_THREADS:
      executor = hf_thread_pool_executor_new (1);
      break;
    case ON_LOOP:
      executor = hf_loop_executor_new (1);
      break;
    default:
      executor = hf_loop_executor_new_for_context (NULL);
    }

  fixture->asked = (HfGate) HF_GATE_INIT;
  fixture->log = g_ptr_array_new_with_free_func (g_free);
  fixture->session = hf_futures_session_new_with_executor (executor);
  fixture->mock = hf_mock_transport_new (answer, fixture, note_freed);
  g_assert_true (hf_futures_session_mount (fixture->session, URI, fixture->mock, &error));
  g_assert_no_error (error);
}

static void
wake_main (HfFuture *future,
           gpointer  user_data)
{
  g_main_context_wakeup (NULL);
}

/* Also where the future settles in the main context. */
static void
wait_for (HfFuture *future)
{
  hf_future_add_settled_func (future, wake_main, NULL, NULL);
  while (!hf_future_wait (future, 0, NULL))
    g_main_context_iteration (NULL, TRUE);
}

static void
on_closed (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  gboolean *closed = user_data;

  g_assert_true (hf_futures_session_close_finish (HF_FUTURES_SESSION (source), result, NULL));
  *closed = TRUE;
}

/* The last reference to the transport goes with the session and its jobs. */
static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  HfExecutor *executor = g_object_ref (hf_futures_session_get_executor (fixture->session));
  gboolean closed = FALSE;

  g_object_unref (fixture->mock);
  hf_futures_session_close_async (fixture->session, HF_CLOSE_DRAIN, NULL, on_closed, &closed);
  while (!closed)
    g_main_context_iteration (NULL, TRUE);
  g_object_unref (fixture->session);
  hf_executor_close (executor, HF_CLOSE_DRAIN);
  g_object_unref (executor);
  hf_assert_becomes (was_freed, fixture);
  g_clear_pointer (&fixture->kept, hf_mock_call_unref);
  g_ptr_array_unref (fixture->log);
}

static HfResponse *
take_response (HfFuture *future)
{
  g_autoptr (HfFuture) owned = future;
  g_autoptr (GError) error = NULL;
  HfResponse *response;

  wait_for (owned);
  response = hf_future_get_result (owned, NULL, &error);
  g_assert_no_error (error);
  return response;
}

static void
assert_fails (HfFuture *future,
              GQuark    domain,
              int       code)
{
  g_autoptr (HfFuture) owned = future;

  wait_for (owned);
  g_assert_error (hf_future_get_error (owned), domain, code);
}

static void
assert_text (HfResponse *response,
             const char *expected)
{
  g_autofree char *text = hf_response_get_text (response, NULL);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_answers (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (HfBody) body = hf_body_new_for_text ("sent", "text/x");
  g_autoptr (HfResponse) response = NULL;
  g_autofree char *type = NULL;
  g_autofree char *own = NULL;

  hf_futures_session_set_header (fixture->session, "Default", "1");
  response = take_response (hf_futures_session_put (fixture->session, URI "a?b=c", body));
  g_assert_cmpstr (g_ptr_array_index (fixture->log, 0), ==,
                   "PUT " URI "a?b=c | Default: 1 | Content-Type: text/x | sent");
  g_assert_cmpuint (hf_response_get_status (response), ==, 200);
  g_assert_cmpstr (hf_response_get_reason (response), ==, "OK");
  g_assert_cmpstr (hf_response_get_uri (response), ==, URI "a?b=c");
  assert_text (response, "mocked");
  type = hf_response_get_header (response, "content-type");
  g_assert_cmpstr (type, ==, "text/mock");
  own = hf_response_get_header (response, "x");
  g_assert_cmpstr (own, ==, "1");
}

static GFile *
file_new (const char *contents)
{
  g_autoptr (GFileIOStream) stream = NULL;
  g_autoptr (GError) error = NULL;
  GFile *file = g_file_new_tmp ("test-mount-XXXXXX", &stream, &error);

  g_assert_no_error (error);
  g_file_replace_contents (file, contents, strlen (contents), NULL, FALSE, 0, NULL, NULL, &error);
  g_assert_no_error (error);
  return file;
}

static void
answer_with_file (HfMockCall *call,
                  gpointer    user_data)
{
  g_autoptr (HfBody) body = hf_body_new_for_file (user_data, "text/file");
  g_autoptr (GBytes) loaded = hf_mock_call_load_body (call, NULL);
  g_autoptr (GBytes) again = hf_mock_call_load_body (call, NULL);

  g_assert_true (loaded == again);
  g_assert_cmpmem (g_bytes_get_data (loaded, NULL), g_bytes_get_size (loaded), "stream", 6);
  hf_mock_call_respond (call, 200, body);
}

static gboolean
have_read (gpointer user_data)
{
  return *(gboolean *) user_data;
}

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GBytes) bytes =
    g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, NULL);

  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "file", 4);
  *(gboolean *) user_data = TRUE;
}

/* Bodies that are no bytes in memory, both ways, and streamed. */
static void
test_streams (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (GFile) file = file_new ("file");
  g_autoptr (HfMockTransport) mock = hf_mock_transport_new (answer_with_file, file, NULL);
  g_autoptr (GInputStream) source = g_memory_input_stream_new_from_data ("stream", 6, NULL);
  g_autoptr (HfBody) body = hf_body_new_for_stream (source, -1, NULL);
  g_autoptr (HfRequest) request =
    hf_request_new_with_options ("PUT", URI "file", "body", body, "stream", TRUE, NULL);
  g_autoptr (HfResponse) response = NULL;
  g_autoptr (GInputStream) stream = NULL;
  gboolean read = FALSE;

  hf_futures_session_mount (fixture->session, URI "file", mock, NULL);
  response = take_response (hf_futures_session_send (fixture->session, request));
  stream = hf_response_get_stream (response);
  g_input_stream_read_bytes_async (stream, 100, G_PRIORITY_DEFAULT, NULL, on_read, &read);
  hf_assert_becomes (have_read, &read);

  g_file_delete (file, NULL, NULL);
  g_clear_object (&request);
  g_clear_object (&body);
  g_clear_object (&source);
  source = g_memory_input_stream_new_from_data ("stream", 6, NULL);
  body = hf_body_new_for_stream (source, -1, NULL);
  assert_fails (hf_futures_session_put (fixture->session, URI "file", body), HF_ERROR,
                HF_ERROR_FAILED);
}

static void
count_hook (HfHookCall *call,
            gpointer    user_data)
{
  g_atomic_int_inc ((int *) user_data);
}

/* What comes between messages is as with servers. */
static void
test_exchange (Fixture       *fixture,
               gconstpointer  data)
{
  HfFuturesSession *session = fixture->session;
  g_autoptr (HfResponse) response = NULL;
  int n_hooks = 0;

  hf_futures_session_add_response_hook (session, count_hook, &n_hooks, NULL);
  response = take_response (hf_futures_session_get (session, URI "redirect"));
  g_assert_cmpuint (fixture->log->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (fixture->log, 1), ==, "GET " URI "end | Cookie: a=1; b=2");
  g_assert_cmpuint (hf_response_get_history (response)->len, ==, 1);
  g_assert_cmpint (g_atomic_int_get (&n_hooks), ==, 1);

  hf_futures_session_set_max_body_size (session, 3);
  assert_fails (hf_futures_session_get (session, URI), HF_ERROR, HF_ERROR_TOO_LARGE);
}

static void
test_errors (Fixture       *fixture,
             gconstpointer  data)
{
  HfFuturesSession *session = fixture->session;

  assert_fails (hf_futures_session_get (session, URI "refused"), HF_ERROR, HF_ERROR_CONNECT);
  assert_fails (hf_futures_session_get (session, URI "own-error"), HF_ERROR, HF_ERROR_DNS);
  assert_fails (hf_futures_session_get (session, URI "nothing"), HF_ERROR, HF_ERROR_FAILED);
}

static gpointer
respond_later (gpointer user_data)
{
  g_autoptr (HfBody) body = hf_body_new_for_text ("late", NULL);

  hf_mock_call_respond (user_data, 201, body);
  return NULL;
}

static gboolean
was_asked (gpointer user_data)
{
  Fixture *fixture = user_data;

  return hf_gate_has_passed (&fixture->asked, 1);
}

static void
wait_until_asked (Fixture *fixture)
{
  hf_assert_becomes (was_asked, fixture);
}

/* An answer may come from anywhere, when the function has returned. */
static void
test_later (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (HfFuture) future = hf_futures_session_get (fixture->session, URI "later");
  g_autoptr (HfResponse) response = NULL;
  GThread *thread;

  wait_until_asked (fixture);
  g_assert_cmpint (hf_future_get_state (future), ==, HF_FUTURE_STATE_RUNNING);
  thread = g_thread_new ("respond", respond_later, fixture->kept);
  response = take_response (g_object_ref (future));
  g_thread_join (thread);
  g_assert_cmpuint (hf_response_get_status (response), ==, 201);
  assert_text (response, "late");
}

/* Whoever keeps a call and drops it has no answer. */
static void
test_dropped (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (HfFuture) future = hf_futures_session_get (fixture->session, URI "later");

  wait_until_asked (fixture);
  g_clear_pointer (&fixture->kept, hf_mock_call_unref);
  assert_fails (g_object_ref (future), HF_ERROR, HF_ERROR_FAILED);
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (HfFuture) future = hf_futures_session_get (fixture->session, URI "later");

  wait_until_asked (fixture);
  g_assert_true (hf_future_cancel (future));
  assert_fails (g_object_ref (future), G_IO_ERROR, G_IO_ERROR_CANCELLED);
  /* The work ends, too: the session closes with the answer still open. */
}

static void
test_timeout (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (HfRequest) request =
    hf_request_new_with_options ("GET", URI "later", "read-timeout", 0.02, NULL);

  assert_fails (hf_futures_session_send (fixture->session, request), HF_ERROR,
                HF_ERROR_TIMEOUT_READ);
  wait_until_asked (fixture);
  hf_mock_call_respond (fixture->kept, 200, NULL); /* too late, which harms nobody */
}

static void
answer_in_main_thread (HfMockCall *call,
                       gpointer    user_data)
{
  g_assert_true (g_thread_self () == user_data);
  hf_mock_call_respond (call, 204, NULL);
}

static void
note_freed_in_main_thread (gpointer data)
{
  g_assert_true (g_thread_self () == data);
}

/* Where it was made, also inside a blocking wait. */
static void
test_in_context (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr (HfMockTransport) mock = hf_mock_transport_new_in_context (answer_in_main_thread,
                                                                       g_thread_self (),
                                                                       note_freed_in_main_thread);
  g_autoptr (HfResponse) response = NULL;
  g_autoptr (GError) error = NULL;

  hf_futures_session_mount (fixture->session, "https://here.example/", mock, &error);
  g_assert_no_error (error);
  if (GPOINTER_TO_INT (data) == IN_CONTEXT)
    {
      response = take_response (hf_futures_session_get (fixture->session, "https://here.example"));
    }
  else
    {
      g_autoptr (HfFuture) future =
        hf_futures_session_get (fixture->session, "https://here.example");

      response = hf_future_get_result (future, NULL, &error);
      g_assert_no_error (error);
    }
  g_assert_cmpuint (hf_response_get_status (response), ==, 204);
}

static void
redirect_to (HfMockCall *call,
             gpointer    user_data)
{
  hf_mock_call_append_header (call, "Location", user_data);
  hf_mock_call_respond (call, 302, NULL);
}

/* Each hop is looked at by itself, and a message of libsoup's goes to a server. */
static void
test_beside_servers (Fixture       *fixture,
                     gconstpointer  data)
{
  HfFuturesSession *session = fixture->session;
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *target = hf_test_server_dup_uri (server, "/get");
  g_autofree char *to_mock = hf_test_server_dup_uri (server, "/redirect-to?url=" URI);
  g_autoptr (HfMockTransport) redirecting = hf_mock_transport_new (redirect_to, target, NULL);
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (HfResponse) mocked = NULL;
  g_autoptr (HfResponse) served = NULL;
  g_autoptr (HfResponse) direct = NULL;
  g_autoptr (GError) error = NULL;

  mocked = take_response (hf_futures_session_get (session, to_mock));
  assert_text (mocked, "mocked");

  hf_futures_session_mount (session, URI "leave", redirecting, &error);
  g_assert_no_error (error);
  assert_fails (hf_futures_session_get (session, URI "leave"), HF_ERROR, HF_ERROR_PROTOCOL);
  hf_futures_session_mount (session, "http://mock.example/", redirecting, &error);
  g_assert_no_error (error);
  served = take_response (hf_futures_session_get (session, "http://mock.example/"));
  g_assert_cmpstr (hf_response_get_uri (served), ==, target);

  hf_futures_session_mount (session, "http://", fixture->mock, &error);
  g_assert_no_error (error);
  message = soup_message_new ("GET", target);
  direct = take_response (hf_futures_session_send_message (session, message));
  g_assert_cmpuint (hf_test_server_get_n_requests (server, "/get"), ==, 2);
  g_assert_true (hf_futures_session_unmount (session, "http://"));
}

static void
test_unmount (Fixture       *fixture,
              gconstpointer  data)
{
  HfFuturesSession *session = fixture->session;
  g_autoptr (HfFuture) before = hf_futures_session_get (session, URI);
  g_autoptr (HfResponse) response = NULL;

  g_assert_true (hf_futures_session_unmount (session, URI));
  g_assert_false (hf_futures_session_unmount (session, URI));
  response = take_response (g_object_ref (before));
  assert_text (response, "mocked");
}

int
main (int    argc,
      char **argv)
{
  const char *const places[] = { "threads", "loop", "context" };
  const struct {
    const char *name;
    void (*func) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "answers", test_answers },
    { "exchange", test_exchange },
    { "streams", test_streams },
    { "errors", test_errors },
    { "later", test_later },
    { "dropped", test_dropped },
    { "cancel", test_cancel },
    { "timeout", test_timeout },
    { "in-context", test_in_context },
    { "unmount", test_unmount },
    { "beside-servers", test_beside_servers },
  };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    for (int place = ON_THREADS; place <= IN_CONTEXT; place++)
      {
        g_autofree char *path = g_strdup_printf ("/mount/%s/%s", tests[i].name, places[place]);

        g_test_add (path, Fixture, GINT_TO_POINTER (place), set_up, tests[i].func, tear_down);
      }

  return g_test_run ();
}
