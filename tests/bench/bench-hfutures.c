/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <stdlib.h>

#include "libhfutures.h"

/*
 * bench-hfutures URI WORKERS REQUESTS: gets the same 1 KiB again and again, through this library,
 * with everything active that the library promises to be cheap: a deadline, a hook, a cancellable.
 * Prints the seconds that it took. bench-plain is its counterpart.
 */

#define BODY_SIZE 1024
#define DEADLINE 60.0 /* seconds; never reached */

/* How many futures exist at a time, so that memory does not depend on the number of requests. */
#define WINDOW 64

typedef struct {
  HfFuturesSession *session;
  GCancellable *cancellable;
  const char *uri;
  guint n_hooked;            /* atomic */
} Bench;

static void
count_response (HfHookCall *call,
                gpointer    user_data)
{
  Bench *bench = user_data;

  if (hf_response_get_ok (hf_hook_call_get_response (call)))
    g_atomic_int_inc (&bench->n_hooked);
}

static HfFuture *
submit (Bench *bench)
{
  g_autoptr (HfRequest) request = hf_request_new ("GET", bench->uri);

  hf_request_set_deadline (request, DEADLINE);
  hf_request_set_cancellable (request, bench->cancellable);
  return hf_futures_session_send (bench->session, request);
}

static void
finish (HfFuture *future)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response = hf_future_get_result (future, NULL, &error);

  if (response == NULL)
    g_error ("A request failed: %s", error->message);
  if (hf_response_get_status (response) != SOUP_STATUS_OK)
    g_error ("The server answered %u", hf_response_get_status (response));
  if (g_bytes_get_size (hf_response_get_bytes (response)) != BODY_SIZE)
    g_error ("The body has %" G_GSIZE_FORMAT " bytes",
             g_bytes_get_size (hf_response_get_bytes (response)));
  g_object_unref (future);
}

static void
run (Bench *bench,
     guint  n_requests)
{
  HfFuture *futures[WINDOW];

  for (guint i = 0; i < n_requests; i++)
    {
      if (i >= WINDOW)
        finish (futures[i % WINDOW]);
      futures[i % WINDOW] = submit (bench);
    }
  for (guint i = n_requests - MIN (n_requests, WINDOW); i < n_requests; i++)
    finish (futures[i % WINDOW]);
}

int
main (int    argc,
      char **argv)
{
  Bench bench = { NULL };
  guint n_workers;
  guint n_requests;
  gint64 began;

  if (argc != 4)
    {
      g_printerr ("Usage: bench-hfutures URI WORKERS REQUESTS\n");
      return EXIT_FAILURE;
    }

  bench.uri = argv[1];
  n_workers = strtoul (argv[2], NULL, 10);
  n_requests = strtoul (argv[3], NULL, 10);
  bench.cancellable = g_cancellable_new ();
  bench.session = hf_futures_session_new_with_max_workers (n_workers);
  hf_futures_session_add_response_hook (bench.session, count_response, &bench, NULL);

  run (&bench, 1);
  began = g_get_monotonic_time ();
  run (&bench, n_requests);
  g_print ("%.6f\n", (g_get_monotonic_time () - began) / (double) G_USEC_PER_SEC);

  if ((guint) g_atomic_int_get (&bench.n_hooked) != n_requests + 1)
    g_error ("The hook saw %u of %u responses", bench.n_hooked, n_requests + 1);
  g_object_unref (bench.session);
  g_object_unref (bench.cancellable);
  return EXIT_SUCCESS;
}
