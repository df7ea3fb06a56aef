/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <stdlib.h>
#include <sys/resource.h>

#include "libhfutures.h"

/*
 * bench-hfutures URI WORKERS REQUESTS [armed|processes]: gets the same 1 KiB again and again,
 * through this library; “armed” with a deadline, a response hook and a cancellable active on every
 * request; “processes” in worker processes.
 * Prints the seconds that it took, and those that all processors spent on it. bench-plain is its
 * counterpart, and so is bench-hfutures.py.
 */

#define BODY_SIZE 1024
#define DEADLINE 60.0 /* seconds; never reached */

/* How many futures exist at a time, so that memory does not depend on the number of requests. */
#define WINDOW 128

typedef struct {
  HfFuturesSession *session;
  GCancellable *cancellable;
  const char *uri;
  gboolean armed;
  gboolean in_processes;
  guint n_answered;          /* atomic */
  guint n_hooked;            /* atomic */

  GMutex lock;
  GCond fewer;               /* half of the window has settled */
  guint n_in_flight;         /* guarded by lock */
} Bench;

static void
on_response (HfHookCall *call,
             gpointer    user_data)
{
  Bench *bench = user_data;

  if (hf_response_get_ok (hf_hook_call_get_response (call)))
    g_atomic_int_inc (&bench->n_hooked);
}

/* On the worker: checks what the plain program checks there. */
static void
on_settled (HfFuture *future,
            gpointer  user_data)
{
  Bench *bench = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response = hf_future_get_result (future, NULL, &error);

  if (response == NULL)
    g_error ("A request failed: %s", error->message);
  if (hf_response_get_status (response) != SOUP_STATUS_OK)
    g_error ("The server answered %u", hf_response_get_status (response));
  if (g_bytes_get_size (hf_response_get_bytes (response)) != BODY_SIZE)
    g_error ("The body has %" G_GSIZE_FORMAT " bytes",
             g_bytes_get_size (hf_response_get_bytes (response)));
  g_atomic_int_inc (&bench->n_answered);

  g_mutex_lock (&bench->lock);
  bench->n_in_flight--;
  if (bench->n_in_flight == WINDOW / 2 || bench->n_in_flight == 0)
    g_cond_signal (&bench->fewer);
  g_mutex_unlock (&bench->lock);
}

static void
submit (Bench *bench)
{
  g_autoptr (HfFuture) future = NULL;

  if (bench->armed)
    {
      g_autoptr (HfRequest) request = hf_request_new ("GET", bench->uri);

      hf_request_set_deadline (request, DEADLINE);
      hf_request_set_cancellable (request, bench->cancellable);
      future = hf_futures_session_send (bench->session, request);
    }
  else
    {
      future = hf_futures_session_get (bench->session, bench->uri);
    }
  hf_future_add_settled_func (future, on_settled, bench, NULL);
}

static void
wait_for_fewer_than (Bench *bench,
                     guint  n)
{
  while (bench->n_in_flight >= n)
    g_cond_wait (&bench->fewer, &bench->lock);
}

/* Like the plain program, which handles each response on its worker and lets it go there. A window
 * bounds what waits in the queue. */
static void
run (Bench *bench,
     guint  n_workers,
     guint  n_requests)
{
  g_autoptr (HfExecutor) executor = bench->in_processes ? hf_process_pool_executor_new (n_workers)
                                                        : hf_thread_pool_executor_new (n_workers);

  bench->session = hf_futures_session_new_with_executor (executor);
  if (bench->armed)
    hf_futures_session_add_response_hook (bench->session, on_response, bench, NULL);

  for (guint i = 0; i < n_requests; i++)
    {
      g_mutex_lock (&bench->lock);
      if (bench->n_in_flight == WINDOW)
        wait_for_fewer_than (bench, WINDOW / 2 + 1);
      bench->n_in_flight++;
      g_mutex_unlock (&bench->lock);
      submit (bench);
    }

  g_mutex_lock (&bench->lock);
  wait_for_fewer_than (bench, 1);
  g_mutex_unlock (&bench->lock);
  hf_futures_session_close (bench->session, HF_CLOSE_DRAIN);
  hf_executor_close (executor, HF_CLOSE_DRAIN);
  g_clear_object (&bench->session);
}

static double
to_seconds (struct timeval time)
{
  return time.tv_sec + time.tv_usec / (double) G_USEC_PER_SEC;
}

/* What all processors spent on this process, in seconds. */
static double
get_processor_time (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return to_seconds (usage.ru_utime) + to_seconds (usage.ru_stime);
}

int
main (int    argc,
      char **argv)
{
  Bench bench = { NULL };
  guint n_workers;
  guint n_requests;
  gint64 began;
  double spent;

  bench.armed = argc == 5 && g_str_equal (argv[4], "armed");
  bench.in_processes = argc == 5 && g_str_equal (argv[4], "processes");
  if (argc != 4 && !bench.armed && !bench.in_processes)
    {
      g_printerr ("Usage: bench-hfutures URI WORKERS REQUESTS [armed|processes]\n");
      return EXIT_FAILURE;
    }

  bench.uri = argv[1];
  n_workers = strtoul (argv[2], NULL, 10);
  n_requests = strtoul (argv[3], NULL, 10);
  bench.cancellable = g_cancellable_new ();

  run (&bench, 1, 1);
  began = g_get_monotonic_time ();
  spent = get_processor_time ();
  run (&bench, n_workers, n_requests);
  g_print ("%.6f %.6f\n", (g_get_monotonic_time () - began) / (double) G_USEC_PER_SEC,
           get_processor_time () - spent);

  if ((guint) g_atomic_int_get (&bench.n_answered) != n_requests + 1)
    g_error ("%u of %u requests were answered", bench.n_answered, n_requests + 1);
  if (bench.armed && (guint) g_atomic_int_get (&bench.n_hooked) != n_requests + 1)
    g_error ("The hook saw %u of %u responses", bench.n_hooked, n_requests + 1);
  g_object_unref (bench.cancellable);
  return EXIT_SUCCESS;
}
