/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <stdlib.h>

#include <libsoup/soup.h>

/*
 * bench-plain URI WORKERS REQUESTS: gets the same 1 KiB again and again, as a program does that
 * has no such library: threads of a GThreadPool that send on one SoupSession. Prints the seconds
 * that it took. It has no deadline, no hook and no cancellable, which is to its advantage.
 */

#define BODY_SIZE 1024

typedef struct {
  SoupSession *session;
  const char *uri;
  guint n_answered;     /* atomic */
} Bench;

static void
get (gpointer data,
     gpointer user_data)
{
  Bench *bench = user_data;
  g_autoptr (SoupMessage) message = soup_message_new (SOUP_METHOD_GET, bench->uri);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = soup_session_send_and_read (bench->session, message, NULL, &error);

  if (body == NULL)
    g_error ("A request failed: %s", error->message);
  if (soup_message_get_status (message) != SOUP_STATUS_OK)
    g_error ("The server answered %u", soup_message_get_status (message));
  if (g_bytes_get_size (body) != BODY_SIZE)
    g_error ("The body has %" G_GSIZE_FORMAT " bytes", g_bytes_get_size (body));
  g_atomic_int_inc (&bench->n_answered);
}

static void
run (Bench *bench,
     guint  n_workers,
     guint  n_requests)
{
  g_autoptr (GError) error = NULL;
  GThreadPool *pool = g_thread_pool_new (get, bench, n_workers, FALSE, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < n_requests; i++)
    g_thread_pool_push (pool, GUINT_TO_POINTER (i + 1), NULL);
  g_thread_pool_free (pool, FALSE, TRUE);
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
      g_printerr ("Usage: bench-plain URI WORKERS REQUESTS\n");
      return EXIT_FAILURE;
    }

  bench.uri = argv[1];
  n_workers = strtoul (argv[2], NULL, 10);
  n_requests = strtoul (argv[3], NULL, 10);
  bench.session =
    soup_session_new_with_options ("max-conns", n_workers, "max-conns-per-host", n_workers, NULL);

  /* First requests at once sometimes abort in libsoup 3.2.3, so one goes ahead. */
  run (&bench, 1, 1);
  began = g_get_monotonic_time ();
  run (&bench, n_workers, n_requests);
  g_print ("%.6f\n", (g_get_monotonic_time () - began) / (double) G_USEC_PER_SEC);

  if ((guint) g_atomic_int_get (&bench.n_answered) != n_requests + 1)
    g_error ("%u of %u requests were answered", bench.n_answered, n_requests + 1);
  g_object_unref (bench.session);
  return EXIT_SUCCESS;
}
