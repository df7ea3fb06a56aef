/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <libsoup/soup.h>

/*
 * bench-plain-async URI IN_FLIGHT REQUESTS: gets the same again and again, as a program does that
 * has no such library and wants much at once: asynchronous calls on one SoupSession and one main
 * loop. Each answer starts the next request. Prints the seconds that it took. It has no deadline,
 * no hook and no cancellable, which is to its advantage.
 */

typedef struct {
  SoupSession *session;
  GMainLoop *loop;
  const char *uri;
  guint n_to_start;
  guint n_in_flight;
  guint n_answered;
} Bench;

static void start (Bench *bench);

static void
on_answered (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Bench *bench = user_data;
  SoupSession *session = SOUP_SESSION (source);
  SoupMessage *message = soup_session_get_async_result_message (session, result);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = soup_session_send_and_read_finish (session, result, &error);

  if (body == NULL)
    g_error ("A request failed: %s", error->message);
  if (soup_message_get_status (message) != SOUP_STATUS_OK)
    g_error ("The server answered %u", soup_message_get_status (message));
  if (g_bytes_get_size (body) == 0)
    g_error ("The body is empty");
  bench->n_answered++;

  bench->n_in_flight--;
  if (bench->n_to_start > 0)
    start (bench);
  else if (bench->n_in_flight == 0)
    g_main_loop_quit (bench->loop);
}

static void
start (Bench *bench)
{
  g_autoptr (SoupMessage) message = soup_message_new (SOUP_METHOD_GET, bench->uri);

  bench->n_to_start--;
  bench->n_in_flight++;
  soup_session_send_and_read_async (bench->session, message, G_PRIORITY_DEFAULT, NULL, on_answered,
                                    bench);
}

static void
run (Bench *bench,
     guint  n_in_flight,
     guint  n_requests)
{
  bench->n_to_start = n_requests;
  while (bench->n_to_start > 0 && bench->n_in_flight < n_in_flight)
    start (bench);
  g_main_loop_run (bench->loop);
}

/* Each request in flight has a connection. */
static void
raise_file_limit (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) < 0)
    g_error ("getrlimit: %s", g_strerror (errno));
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit (RLIMIT_NOFILE, &limit) < 0)
    g_error ("setrlimit: %s", g_strerror (errno));
}

int
main (int    argc,
      char **argv)
{
  Bench bench = { NULL };
  guint n_in_flight;
  guint n_requests;
  gint64 began;

  if (argc != 4)
    {
      g_printerr ("Usage: bench-plain-async URI IN_FLIGHT REQUESTS\n");
      return EXIT_FAILURE;
    }

  raise_file_limit ();
  bench.uri = argv[1];
  n_in_flight = strtoul (argv[2], NULL, 10);
  n_requests = strtoul (argv[3], NULL, 10);
  bench.loop = g_main_loop_new (NULL, FALSE);
  bench.session = soup_session_new_with_options ("max-conns", n_in_flight, "max-conns-per-host",
                                                 n_in_flight, NULL);

  /* As in bench-plain, one goes ahead. */
  run (&bench, 1, 1);
  began = g_get_monotonic_time ();
  run (&bench, n_in_flight, n_requests);
  g_print ("%.6f\n", (g_get_monotonic_time () - began) / (double) G_USEC_PER_SEC);

  if (bench.n_answered != n_requests + 1)
    g_error ("%u of %u requests were answered", bench.n_answered, n_requests + 1);
  g_object_unref (bench.session);
  g_main_loop_unref (bench.loop);
  return EXIT_SUCCESS;
}
