/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <string.h>

#include "hf-gate.h"
#include "hf-raw-server.h"
#include "hf-test-server.h"
#include "libhfutures.h"

/* Many requests, many sessions, and what is left of them afterwards. */

static guint
shrink (guint n)
{
  return g_getenv ("HF_TEST_SLOW") != NULL ? n / 20 : n;
}

static void
count_settled (HfFuture *future,
               gpointer  user_data)
{
  g_atomic_int_inc ((int *) user_data);
}

/* Each is answered once, with its own answer. */
static void
test_ten_thousand (void)
{
  const guint n = shrink (10000);
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  HfFuturesSession *session = hf_futures_session_new_with_max_workers (8);
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (g_object_unref);
  int settled = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *path = g_strdup_printf ("/bytes/%u", i % 997);
      g_autofree char *uri = hf_test_server_dup_uri (server, path);
      HfFuture *future = hf_futures_session_get (session, uri);

      hf_future_add_settled_func (future, count_settled, &settled, NULL);
      g_ptr_array_add (futures, future);
    }

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (HfResponse) response =
        hf_future_get_result (g_ptr_array_index (futures, i), NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (hf_response_get_status (response), ==, 200);
      g_assert_cmpuint (g_bytes_get_size (hf_response_get_bytes (response)), ==, i % 997);
    }
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  g_assert_cmpint (settled, ==, (int) n);
  g_assert_cmpuint (hf_test_server_get_n_requests (server, NULL), ==, n);
  g_assert_cmpuint (hf_test_server_get_n_connections (server), <=, 8);
  g_ptr_array_set_size (futures, 0);
  hf_assert_finalizes (session);
}

static void
answer_small (HfRawServer *server,
              GIOStream   *stream,
              gpointer     user_data)
{
  for (;;)
    {
      g_autofree char *head = hf_raw_server_read_head (stream);

      if (head == NULL || !hf_raw_server_write (stream, "HTTP/1.1 200 OK\r\n"
                                                        "Content-Length: 2\r\n\r\nok"))
        break;
    }
}

/* The first requests of eight workers at once: where a shared SoupSession aborts the process. */
static void
test_fresh_sessions (void)
{
  const guint n = shrink (1000);
  g_autoptr (HfRawServer) server = hf_raw_server_new (answer_small, NULL);
  g_autofree char *uri = g_strdup_printf ("http://localhost:%u/", hf_raw_server_get_port (server));

  for (guint i = 0; i < n; i++)
    {
      HfFuturesSession *session = hf_futures_session_new_with_max_workers (8);
      HfFuture *futures[8];

      for (guint j = 0; j < G_N_ELEMENTS (futures); j++)
        futures[j] = hf_futures_session_get (session, uri);
      for (guint j = 0; j < G_N_ELEMENTS (futures); j++)
        {
          g_autoptr (HfFuture) future = futures[j];
          g_autoptr (GError) error = NULL;
          g_autoptr (HfResponse) response = hf_future_get_result (future, NULL, &error);

          g_assert_no_error (error);
        }
      hf_futures_session_close (session, HF_CLOSE_DRAIN);
      hf_assert_finalizes (session);
    }
  g_assert_cmpuint (hf_raw_server_get_n_accepted (server), >=, n);
}

/* A program without a main loop: nothing waits for one, nothing piles up. */
static void
test_without_loop (void)
{
  const guint n = shrink (1000);
  g_autoptr (HfRawServer) server = hf_raw_server_new (answer_small, NULL);
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  HfFuturesSession *session = hf_futures_session_new ();
  g_autofree GWeakRef *weak = g_new0 (GWeakRef, 2 * n);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (HfFuture) future = hf_futures_session_get (session, uri);
      g_autoptr (GError) error = NULL;
      g_autoptr (HfResponse) response = hf_future_get_result (future, NULL, &error);

      g_assert_no_error (error);
      g_weak_ref_init (&weak[2 * i], future);
      g_weak_ref_init (&weak[2 * i + 1], response);
    }
  hf_futures_session_close (session, HF_CLOSE_DRAIN);

  for (guint i = 0; i < 2 * n; i++)
    {
      g_assert_null (g_weak_ref_get (&weak[i]));
      g_weak_ref_clear (&weak[i]);
    }
  g_assert_false (g_main_context_pending (NULL));
  hf_assert_finalizes (session);
}

static guint n_polls;

static int
counting_poll (GPollFD *fds,
               guint    n_fds,
               int      timeout)
{
  n_polls++;
  return g_poll (fds, n_fds, timeout);
}

typedef struct {
  GMainLoop *loop;
  int n_left; /* atomic */
} Sleeper;

static void
quit_after_last (HfFuture *future,
                 gpointer  user_data)
{
  Sleeper *sleeper = user_data;

  if (g_atomic_int_dec_and_test (&sleeper->n_left))
    g_main_loop_quit (sleeper->loop);
}

/* A loop that runs meanwhile sleeps through all of them, up to the call that makes it quit. */
static void
test_main_loop_is_not_woken (void)
{
  g_autoptr (HfRawServer) server = hf_raw_server_new (answer_small, NULL);
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  HfFuturesSession *session = hf_futures_session_new ();
  GPollFunc before = g_main_context_get_poll_func (NULL);
  Sleeper sleeper = { g_main_loop_new (NULL, FALSE), 100 };
  HfFuture *futures[100];

  for (guint i = 0; i < G_N_ELEMENTS (futures); i++)
    futures[i] = hf_futures_session_get (session, uri);
  n_polls = 0;
  g_main_context_set_poll_func (NULL, counting_poll);
  for (guint i = 0; i < G_N_ELEMENTS (futures); i++)
    hf_future_add_settled_func (futures[i], quit_after_last, &sleeper, NULL);
  if (g_atomic_int_get (&sleeper.n_left) > 0)
    g_main_loop_run (sleeper.loop);
  g_main_context_set_poll_func (NULL, before);
  g_assert_cmpuint (n_polls, <=, 2);

  for (guint i = 0; i < G_N_ELEMENTS (futures); i++)
    g_object_unref (futures[i]);
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  hf_assert_finalizes (session);
  g_main_loop_unref (sleeper.loop);
}

/* Background requests leave nothing for the main loop to do. */
static void
test_main_loop_sleeps (void)
{
  g_autoptr (HfRawServer) server = hf_raw_server_new (answer_small, NULL);
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  HfFuturesSession *session = hf_futures_session_new ();
  HfFuture *futures[100];

  for (guint i = 0; i < G_N_ELEMENTS (futures); i++)
    futures[i] = hf_futures_session_get (session, uri);
  for (guint i = 0; i < G_N_ELEMENTS (futures); i++)
    {
      g_assert_true (hf_future_wait (futures[i], -1, NULL));
      g_object_unref (futures[i]);
    }
  g_assert_false (g_main_context_pending (NULL));
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  g_assert_false (g_main_context_pending (NULL));
  hf_assert_finalizes (session);
}

typedef struct {
  HfFuturesSession *session;
  const char *uri;
  guint n;
} Submitter;

static gpointer
submit_and_cancel (gpointer data)
{
  Submitter *submitter = data;
  g_autoptr (GRand) random = g_rand_new_with_seed (GPOINTER_TO_UINT (g_thread_self ()));

  for (guint i = 0; i < submitter->n; i++)
    {
      g_autoptr (HfFuture) future = hf_futures_session_get (submitter->session, submitter->uri);

      switch (g_rand_int_range (random, 0, 4))
        {
        case 0:
          hf_future_cancel (future);
          break;
        case 1:
          hf_future_wait (future, g_rand_int_range (random, 1, 500), NULL);
          hf_future_cancel (future);
          break;
        case 2:
          hf_future_wait (future, -1, NULL);
          break;
        default:
          break;
        }
    }
  return NULL;
}

/* Submitting, cancelling, waiting and dropping from several threads at once. */
static void
test_threads (void)
{
  g_autoptr (HfRawServer) server = hf_raw_server_new (answer_small, NULL);
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  HfFuturesSession *session = hf_futures_session_new_with_max_workers (4);
  Submitter submitter = { session, uri, shrink (400) };
  GThread *threads[6];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("submitter", submit_and_cancel, &submitter);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  hf_assert_finalizes (session);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stress/ten-thousand", test_ten_thousand);
  g_test_add_func ("/stress/fresh-sessions", test_fresh_sessions);
  g_test_add_func ("/stress/without-loop", test_without_loop);
  g_test_add_func ("/stress/main-loop-sleeps", test_main_loop_sleeps);
  g_test_add_func ("/stress/main-loop-is-not-woken", test_main_loop_is_not_woken);
  g_test_add_func ("/stress/threads", test_threads);
  return g_test_run ();
}
