/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <string.h>

#include "hf-gate.h"
#include "hf-raw-server.h"
#include "hf-test-server.h"
#include "libhfutures.h"

/* What only loop executors do. */

static gboolean
is_settled (gpointer data)
{
  return hf_future_wait (data, 0, NULL);
}

static char *
take_text_here (HfFuture *future)
{
  g_autoptr (HfFuture) taken = future;
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response = NULL;

  hf_assert_becomes (is_settled, taken);
  response = hf_future_get_result (taken, NULL, &error);
  g_assert_no_error (error);
  return hf_response_get_text (response, NULL);
}

static guint
count_threads (const char *name)
{
  g_autoptr (GDir) tasks = g_dir_open ("/proc/self/task", 0, NULL);
  guint n = 0;
  const char *task;

  while ((task = g_dir_read_name (tasks)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc/self/task", task, "comm", NULL);
      g_autofree char *found = NULL;

      if (g_file_get_contents (path, &found, NULL, NULL) && g_str_has_prefix (found, name))
        n++;
    }
  return n;
}

static gboolean
has_no_loop_threads (gpointer data)
{
  return count_threads ("hf-loop") == 0;
}

static void
test_properties (void)
{
  g_autoptr (HfExecutor) executor = hf_loop_executor_new (0);
  g_autoptr (HfExecutor) here = hf_loop_executor_new_for_context (NULL);
  guint n_threads;
  guint max_in_flight;
  g_autoptr (GMainContext) context = NULL;

  g_object_get (executor, "n-threads", &n_threads, "max-in-flight", &max_in_flight, NULL);
  g_assert_cmpuint (n_threads, ==, MIN (g_get_num_processors (), 4));
  g_assert_cmpuint (max_in_flight, ==, 256);
  g_assert_null (hf_loop_executor_get_context (HF_LOOP_EXECUTOR (executor)));
  g_object_get (here, "n-threads", &n_threads, "context", &context, NULL);
  g_assert_cmpuint (n_threads, ==, 0);
  g_assert_true (context == g_main_context_default ());
  g_object_set (executor, "max-in-flight", 5000, NULL);
  g_assert_cmpuint (hf_loop_executor_get_max_in_flight (HF_LOOP_EXECUTOR (executor)), ==, 5000);
}

/* Threads come with the first work, and go with the executor. */
static void
test_threads (void)
{
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "/hold/it");
  HfExecutor *executor = hf_loop_executor_new (3);
  HfFuturesSession *session = hf_futures_session_new_with_executor (executor);
  HfFuture *futures[30];

  g_assert_cmpuint (count_threads ("hf-loop"), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (futures); i++)
    futures[i] = hf_futures_session_get (session, uri);
  hf_test_server_wait_for_requests (server, "/hold/it", G_N_ELEMENTS (futures));
  g_assert_cmpuint (count_threads ("hf-loop"), ==, 3);
  hf_test_server_release (server, "it");
  for (guint i = 0; i < G_N_ELEMENTS (futures); i++)
    {
      g_assert_true (hf_future_wait (futures[i], -1, NULL));
      g_assert_null (hf_future_get_error (futures[i]));
      g_object_unref (futures[i]);
    }
  hf_assert_finalizes (session);
  hf_assert_finalizes (executor);
  hf_assert_becomes (has_no_loop_threads, NULL);
}

static void
note_thread (HfHookCall *call,
             gpointer    user_data)
{
  *(GThread **) user_data = g_thread_self ();
}

/* In the application's own context there is no thread: none for requests, timeouts or hooks. */
static void
look_for_threads_in_subprocess (void)
{
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "/get");
  guint before = count_threads ("hf-") + count_threads ("pool-");
  g_autoptr (HfExecutor) executor = hf_loop_executor_new_for_context (NULL);
  g_autoptr (HfFuturesSession) session = hf_futures_session_new_with_executor (executor);
  GThread *thread = NULL;

  hf_futures_session_add_response_hook (session, note_thread, &thread, NULL);
  hf_futures_session_set_deadline (session, 60);
  for (guint i = 0; i < 3; i++)
    g_free (take_text_here (hf_futures_session_get (session, uri)));
  g_assert_true (thread == g_thread_self ());
  g_assert_cmpuint (count_threads ("hf-") + count_threads ("pool-"), ==, before);
}

static void
test_no_thread (void)
{
  g_test_trap_subprocess ("/loop/no-thread/subprocess", 0, 0);
  g_test_trap_assert_passed ();
}

/* Answers once, and lets it be kept. */
static void
answer_cacheable (HfRawServer *server,
                  GIOStream   *stream,
                  gpointer     user_data)
{
  for (;;)
    {
      g_autofree char *head = hf_raw_server_read_head (stream);
      g_autoptr (GDateTime) now = NULL;
      g_autofree char *date = NULL;
      g_autofree char *answer = NULL;

      if (head == NULL)
        return;
      g_atomic_int_inc ((int *) user_data);
      now = g_date_time_new_now_utc ();
      date = g_date_time_format (now, "%a, %d %b %Y %H:%M:%S GMT");
      answer = g_strdup_printf ("HTTP/1.1 200 OK\r\nDate: %s\r\nCache-Control: max-age=1000\r\n"
                                "Content-Type: text/plain\r\nContent-Length: 4\r\n\r\nkept",
                                date);
      hf_raw_server_write (stream, answer);
    }
}

/* The user's own SoupSession sends, so its cache answers. */
static void
test_cache (void)
{
  int n_asked = 0;
  g_autoptr (HfRawServer) server = hf_raw_server_new (answer_cacheable, &n_asked);
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  g_autofree char *folder = g_dir_make_tmp ("hf-cache-XXXXXX", NULL);
  g_autoptr (SoupSession) soup = soup_session_new ();
  g_autoptr (SoupCache) cache = soup_cache_new (folder, SOUP_CACHE_SINGLE_USER);
  g_autoptr (HfExecutor) executor = hf_loop_executor_new_for_context (NULL);
  HfFuturesSession *session;

  soup_session_add_feature (soup, SOUP_SESSION_FEATURE (cache));
  g_test_expect_message ("libhfutures", G_LOG_LEVEL_WARNING, "*SoupCache*");
  session =
    g_object_new (HF_TYPE_FUTURES_SESSION, "executor", executor, "soup-session", soup, NULL);
  g_test_assert_expected_messages ();
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *text = take_text_here (hf_futures_session_get (session, uri));

      g_assert_cmpstr (text, ==, "kept");
      soup_cache_flush (cache);
    }
  g_assert_cmpint (n_asked, ==, 1);
  hf_assert_finalizes (session);
  soup_cache_clear (cache);
  soup_session_remove_feature (soup, SOUP_SESSION_FEATURE (cache));
}

static void
on_queued (SoupSession *soup,
           SoupMessage *message,
           gpointer     user_data)
{
  (*(guint *) user_data)++;
}

/* It sends itself, unless a connection has to be made in another way. */
static void
test_own_session (void)
{
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "/get");
  g_autoptr (SoupSession) soup = soup_session_new ();
  g_autoptr (HfExecutor) executor = hf_loop_executor_new_for_context (NULL);
  HfFuturesSession *session =
    g_object_new (HF_TYPE_FUTURES_SESSION, "executor", executor, "soup-session", soup, NULL);
  g_autoptr (HfRequest) insecure = hf_request_new ("GET", uri);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", uri);
  guint n_queued = 0;

  g_signal_connect (soup, "request-queued", G_CALLBACK (on_queued), &n_queued);
  g_free (take_text_here (hf_futures_session_get (session, uri)));
  g_assert_cmpuint (n_queued, ==, 1);
  g_free (take_text_here (hf_futures_session_send_message (session, message)));
  g_assert_cmpuint (n_queued, ==, 2);
  hf_request_set_tls_insecure (insecure, TRUE);
  g_free (take_text_here (hf_futures_session_send (session, insecure)));
  g_assert_cmpuint (n_queued, ==, 2);
  hf_assert_finalizes (session);
}

static void
answer_nothing (HfRawServer *server,
                GIOStream   *stream,
                gpointer     user_data)
{
  g_autofree char *head = hf_raw_server_read_head (stream);

  if (head != NULL)
    hf_gate_pass (user_data);
  hf_raw_server_wait_for_end (server, stream);
}

static gboolean
has_reached_200 (gpointer data)
{
  return hf_gate_has_passed (data, 200);
}

/* 10,000 queued and running ones at once. */
static void
test_cancel_many (gconstpointer data)
{
  gboolean is_here = GPOINTER_TO_INT (data);
  const guint n = g_getenv ("HF_TEST_SLOW") != NULL ? 1000 : 10000;
  HfGate reached = HF_GATE_INIT;
  g_autoptr (HfRawServer) server = hf_raw_server_new (answer_nothing, &reached);
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  HfExecutor *executor = is_here ? hf_loop_executor_new_for_context (NULL)
                                 : hf_loop_executor_new (0);
  HfFuturesSession *session = hf_futures_session_new_with_executor (executor);
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (g_object_unref);
  gint64 took;

  hf_futures_session_set_connect_timeout (session, 0);
  hf_futures_session_set_read_timeout (session, 0);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (futures, hf_futures_session_get (session, uri));
  hf_assert_becomes (has_reached_200, &reached);

  took = -g_get_monotonic_time ();
  hf_futures_session_close (session, HF_CLOSE_CANCEL_ALL);
  took += g_get_monotonic_time ();
  g_test_message ("%u requests were cancelled in %.1f ms", n, took / 1000.0);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (hf_future_get_state (g_ptr_array_index (futures, i)), ==,
                     HF_FUTURE_STATE_CANCELLED);
  hf_assert_finalizes (session);
  hf_assert_finalizes (executor);
}

/* More at a time than a shard takes; and a limit that is raised holds at once. */
static void
test_many_in_flight (void)
{
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "/hold/it");
  HfExecutor *executor = hf_loop_executor_new (1);
  HfFuturesSession *session = hf_futures_session_new_with_executor (executor);
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (g_object_unref);

  hf_loop_executor_set_max_in_flight (HF_LOOP_EXECUTOR (executor), 100);
  for (guint i = 0; i < 300; i++)
    g_ptr_array_add (futures, hf_futures_session_get (session, uri));
  hf_test_server_wait_for_requests (server, "/hold/it", 100);
  hf_loop_executor_set_max_in_flight (HF_LOOP_EXECUTOR (executor), 250);
  hf_test_server_wait_for_requests (server, "/hold/it", 250);
  hf_test_server_release (server, "it");
  for (guint i = 0; i < futures->len; i++)
    {
      g_assert_true (hf_future_wait (g_ptr_array_index (futures, i), -1, NULL));
      g_assert_no_error (hf_future_get_error (g_ptr_array_index (futures, i)));
    }
  hf_assert_finalizes (session);
  hf_assert_finalizes (executor);
}

typedef struct {
  HfFuturesSession *session;  /* not owned */
  const char *uri;            /* not owned */
  HfFuture *other;            /* owned; set when the waiting has been tried */
  HfGate has_tried;
} Waiting;

static void
try_to_wait (HfFuture *future,
             gpointer  user_data)
{
  Waiting *waiting = user_data;
  g_autoptr (HfFuture) other = hf_futures_session_get (waiting->session, waiting->uri);
  g_autoptr (GError) error = NULL;

  g_assert_null (hf_future_get_result (other, NULL, &error));
  g_assert_error (error, HF_ERROR, HF_ERROR_WOULD_BLOCK);
  hf_futures_session_close (waiting->session, HF_CLOSE_DRAIN); /* does not wait here */
  waiting->other = g_steal_pointer (&other);
  hf_gate_pass (&waiting->has_tried);
}

static void
nothing (HfHookCall *call,
         gpointer    user_data)
{
}

/* The last that is left of an executor in a context goes when its own clock says so. */
static void
test_ends_by_clock (void)
{
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "/get");
  g_autoptr (HfRequest) request = hf_request_new ("GET", uri);
  g_autoptr (GMainContext) never_iterated = g_main_context_new ();
  HfExecutor *executor = hf_loop_executor_new_for_context (NULL);
  HfFuturesSession *session = hf_futures_session_new_with_executor (executor);
  HfFuture *future;

  g_main_context_push_thread_default (never_iterated);
  hf_request_add_response_hook_in_context (request, nothing, NULL, NULL);
  g_main_context_pop_thread_default (never_iterated);
  hf_request_set_deadline (request, 0.1);
  future = hf_futures_session_send (session, request);
  g_clear_object (&request);
  g_object_unref (session);
  g_object_add_weak_pointer (G_OBJECT (executor), (gpointer *) &executor);
  g_object_unref (executor);
  g_object_add_weak_pointer (G_OBJECT (future), (gpointer *) &future);
  g_object_unref (future);
  while (executor != NULL || future != NULL)
    g_main_context_iteration (NULL, TRUE);
}

/* A session of the user's has its own queue; the time in there is no connecting. */
static void
test_own_queue (void)
{
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *hold = hf_test_server_dup_uri (server, "/hold/it");
  g_autofree char *uri = hf_test_server_dup_uri (server, "/get");
  g_autoptr (SoupSession) soup = soup_session_new_with_options ("max-conns-per-host", 1, NULL);
  g_autoptr (HfExecutor) executor = hf_loop_executor_new_for_context (NULL);
  HfFuturesSession *session =
    g_object_new (HF_TYPE_FUTURES_SESSION, "executor", executor, "soup-session", soup, NULL);
  g_autoptr (HfRequest) patient = hf_request_new ("GET", uri);
  g_autoptr (HfRequest) hurried = hf_request_new ("GET", uri);
  g_autoptr (HfFuture) held = hf_futures_session_get (session, hold);
  g_autoptr (HfFuture) queued = NULL;
  g_autoptr (HfFuture) late = NULL;

  hf_request_set_connect_timeout (patient, 0.05);
  hf_request_set_deadline (hurried, 0.2);
  queued = hf_futures_session_send (session, patient);
  late = hf_futures_session_send (session, hurried);
  hf_assert_becomes (is_settled, late);
  g_assert_error (hf_future_get_error (late), HF_ERROR, HF_ERROR_TIMEOUT_DEADLINE);
  g_assert_false (is_settled (queued));
  hf_test_server_release (server, "it");
  hf_assert_becomes (is_settled, queued);
  g_assert_null (hf_future_get_error (queued));
  hf_assert_becomes (is_settled, held);
  hf_assert_finalizes (session);
}

static void
refuse_tunnels (HfRawServer *server,
                GIOStream   *stream,
                gpointer     user_data)
{
  for (;;)
    {
      g_autofree char *head = hf_raw_server_read_head (stream);

      if (head == NULL)
        return;
      hf_raw_server_write (stream, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    }
}

/* What a proxy answers is not the server's answer, not even where a cache may answer. */
static void
test_own_session_proxy (void)
{
  g_autoptr (HfRawServer) proxy = hf_raw_server_new (refuse_tunnels, NULL);
  g_autofree char *proxy_uri = hf_raw_server_dup_uri (proxy, "");
  g_autoptr (GProxyResolver) resolver = g_simple_proxy_resolver_new (proxy_uri, NULL);
  g_autofree char *folder = g_dir_make_tmp ("hf-cache-XXXXXX", NULL);
  g_autoptr (SoupSession) soup = soup_session_new_with_options ("proxy-resolver", resolver, NULL);
  g_autoptr (SoupCache) cache = soup_cache_new (folder, SOUP_CACHE_SINGLE_USER);
  g_autoptr (HfExecutor) executor = hf_loop_executor_new_for_context (NULL);
  g_autoptr (HfFuture) future = NULL;
  HfFuturesSession *session;

  soup_session_add_feature (soup, SOUP_SESSION_FEATURE (cache));
  g_test_expect_message ("libhfutures", G_LOG_LEVEL_WARNING, "*SoupCache*");
  session =
    g_object_new (HF_TYPE_FUTURES_SESSION, "executor", executor, "soup-session", soup, NULL);
  g_test_assert_expected_messages ();
  future = hf_futures_session_get (session, "https://somewhere.invalid/");
  hf_assert_becomes (is_settled, future);
  g_assert_error (hf_future_get_error (future), HF_ERROR, HF_ERROR_PROXY);
  g_clear_object (&future);
  hf_assert_finalizes (session);
  soup_cache_clear (cache);
  soup_session_remove_feature (soup, SOUP_SESSION_FEATURE (cache));
}

static void
never_shake_hands (HfRawServer *server,
                   GIOStream   *stream,
                   gpointer     user_data)
{
  hf_gate_pass (user_data);
  hf_raw_server_wait_for_end (server, stream);
}

/* Connects over TLS do not wait for one another: all are there before any has shaken hands. */
static void
test_connect_at_once (void)
{
  HfGate accepted = HF_GATE_INIT;
  g_autoptr (HfRawServer) server = hf_raw_server_new (never_shake_hands, &accepted);
  g_autofree char *uri = g_strdup_printf ("https://127.0.0.1:%u/", hf_raw_server_get_port (server));
  HfExecutor *executor = hf_loop_executor_new (1);
  HfFuturesSession *session = hf_futures_session_new_with_executor (executor);
  HfFuture *futures[16];

  hf_futures_session_set_connect_timeout (session, 0);
  for (guint i = 0; i < G_N_ELEMENTS (futures); i++)
    futures[i] = hf_futures_session_get (session, uri);
  hf_gate_wait (&accepted, G_N_ELEMENTS (futures));
  hf_futures_session_close (session, HF_CLOSE_CANCEL_ALL);
  for (guint i = 0; i < G_N_ELEMENTS (futures); i++)
    g_object_unref (futures[i]);
  hf_assert_finalizes (session);
  hf_assert_finalizes (executor);
}

/* On a loop's own thread nothing waits. */
static void
test_wait_on_loop (void)
{
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "/hold/it");
  g_autofree char *plain = hf_test_server_dup_uri (server, "/get");
  HfExecutor *executor = hf_loop_executor_new (1);
  HfFuturesSession *session = hf_futures_session_new_with_executor (executor);
  HfFuture *future = hf_futures_session_get (session, uri);
  Waiting waiting = { session, plain, NULL, HF_GATE_INIT };

  hf_future_add_settled_func (future, try_to_wait, &waiting, NULL);
  hf_test_server_release (server, "it");
  hf_assert_passes (&waiting.has_tried, 1);
  g_assert_true (hf_future_wait (waiting.other, -1, NULL));
  g_object_unref (waiting.other);
  g_object_unref (future);
  hf_assert_finalizes (session);
  hf_assert_finalizes (executor);
}

static void
answer_watched (HfRawServer *server,
                GIOStream   *stream,
                gpointer     user_data)
{
  for (;;)
    {
      g_autofree char *head = hf_raw_server_read_head (stream);

      if (head == NULL)
        break;
      hf_raw_server_write (stream, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    }
  hf_gate_pass (user_data);
}

/* Idle connections are closed when their time is over, and with the session. */
static void
test_idle_connections (void)
{
  HfGate ended = HF_GATE_INIT;
  g_autoptr (HfRawServer) server = hf_raw_server_new (answer_watched, &ended);
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  HfExecutor *executor = hf_loop_executor_new (1);
  HfFuturesSession *session = hf_futures_session_new_with_executor (executor);

  soup_session_set_idle_timeout (hf_futures_session_get_soup_session (session), 1);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (HfFuture) one = hf_futures_session_get (session, uri);
      g_autoptr (HfFuture) two = NULL;

      g_assert_true (hf_future_wait (one, -1, NULL));
      two = hf_futures_session_get (session, uri);
      g_assert_true (hf_future_wait (two, -1, NULL));
      g_assert_null (hf_future_get_error (two));
      g_assert_cmpuint (hf_raw_server_get_n_accepted (server), ==, i + 1);
      if (i == 0)
        hf_gate_wait (&ended, 1);
    }
  hf_assert_finalizes (session);
  hf_gate_wait (&ended, 2);
  hf_assert_finalizes (executor);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/loop/properties", test_properties);
  g_test_add_func ("/loop/threads", test_threads);
  g_test_add_func ("/loop/no-thread", test_no_thread);
  g_test_add_func ("/loop/no-thread/subprocess", look_for_threads_in_subprocess);
  g_test_add_func ("/loop/cache", test_cache);
  g_test_add_func ("/loop/own-session", test_own_session);
  g_test_add_func ("/loop/own-session-queue", test_own_queue);
  g_test_add_func ("/loop/own-session-proxy", test_own_session_proxy);
  g_test_add_func ("/loop/ends-by-clock", test_ends_by_clock);
  g_test_add_data_func ("/loop/cancel-many", GINT_TO_POINTER (FALSE), test_cancel_many);
  g_test_add_data_func ("/loop/cancel-many-in-context", GINT_TO_POINTER (TRUE), test_cancel_many);
  g_test_add_func ("/loop/many-in-flight", test_many_in_flight);
  g_test_add_func ("/loop/connect-at-once", test_connect_at_once);
  g_test_add_func ("/loop/wait-on-loop", test_wait_on_loop);
  g_test_add_func ("/loop/idle-connections", test_idle_connections);
  return g_test_run ();
}
