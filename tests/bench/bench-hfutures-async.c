/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <stdlib.h>
#include <sys/resource.h>

#include "libhfutures.h"

/*
 * bench-hfutures-async URI IN_FLIGHT REQUESTS: keeps that many requests in flight on a loop
 * executor until all have been answered, and prints the seconds that it took. bench-plain-async is
 * its counterpart.
 */

typedef struct {
  HfFuturesSession *session;
  const char *uri;
  int n_to_start;   /* atomic */
  int n_to_answer;  /* atomic */
  GMutex lock;
  GCond over;
} Bench;

static void start_one (Bench *bench);

/* On a loop's thread. */
static void
on_settled (HfFuture *future,
            gpointer  user_data)
{
  Bench *bench = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response = hf_future_get_result (future, NULL, &error);

  if (response == NULL)
    g_error ("A request failed: %s", error->message);
  if (hf_response_get_status (response) != SOUP_STATUS_OK ||
      g_bytes_get_size (hf_response_get_bytes (response)) == 0)
    g_error ("The server answered %u", hf_response_get_status (response));

  start_one (bench);
  if (!g_atomic_int_dec_and_test (&bench->n_to_answer))
    return;

  g_mutex_lock (&bench->lock);
  g_cond_signal (&bench->over);
  g_mutex_unlock (&bench->lock);
}

static void
start_one (Bench *bench)
{
  g_autoptr (HfFuture) future = NULL;

  if (g_atomic_int_add (&bench->n_to_start, -1) <= 0)
    return;
  future = hf_futures_session_get (bench->session, bench->uri);
  hf_future_add_settled_func (future, on_settled, bench, NULL);
}

static void
run (Bench *bench,
     guint  n_in_flight,
     guint  n_requests)
{
  g_autoptr (HfExecutor) executor = hf_loop_executor_new (0);

  hf_loop_executor_set_max_in_flight (HF_LOOP_EXECUTOR (executor), n_in_flight);
  bench->session = hf_futures_session_new_with_executor (executor);
  bench->n_to_start = n_requests;
  bench->n_to_answer = n_requests;
  for (guint i = 0; i < n_in_flight; i++)
    start_one (bench);

  g_mutex_lock (&bench->lock);
  while (g_atomic_int_get (&bench->n_to_answer) > 0)
    g_cond_wait (&bench->over, &bench->lock);
  g_mutex_unlock (&bench->lock);
  hf_futures_session_close (bench->session, HF_CLOSE_DRAIN);
  hf_executor_close (executor, HF_CLOSE_DRAIN);
  g_clear_object (&bench->session);
}

int
main (int    argc,
      char **argv)
{
  Bench bench = { NULL };
  struct rlimit files;
  gint64 began;

  if (argc != 4)
    {
      g_printerr ("Usage: bench-hfutures-async URI IN_FLIGHT REQUESTS\n");
      return EXIT_FAILURE;
    }

  getrlimit (RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit (RLIMIT_NOFILE, &files);

  bench.uri = argv[1];
  run (&bench, 1, 1);
  began = g_get_monotonic_time ();
  run (&bench, strtoul (argv[2], NULL, 10), strtoul (argv[3], NULL, 10));
  g_print ("%.6f\n", (g_get_monotonic_time () - began) / (double) G_USEC_PER_SEC);
  return EXIT_SUCCESS;
}
