/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hf-futures-session-private.h"
#include "hf-gate.h"
#include "hf-raw-server.h"
#include "hf-soup-transport-private.h"
#include "libhfutures.h"

/*
 * Cancelling in each phase: how soon the future settles, for somebody who waits for it on another
 * thread, and that the work stops, too: the worker is there again for the next request.
 */

typedef struct {
  HfGate reached;   /* the phase, once for each request */
  HfRawServer *server;
  HfFuturesSession *session;
  HfFuture *blocker;
} Fixture;

#ifdef __SANITIZE_ADDRESS__
#define SANITIZED TRUE
#else
#define SANITIZED FALSE
#endif

/* A resolver that knows a name only when it is cancelled. */
#define TEST_TYPE_RESOLVER (test_resolver_get_type ())
G_DECLARE_FINAL_TYPE (TestResolver, test_resolver, TEST, RESOLVER, GResolver)

struct _TestResolver {
  GResolver parent_instance;

  HfGate *reached;
};

G_DEFINE_FINAL_TYPE (TestResolver, test_resolver, G_TYPE_RESOLVER)

static GList *
resolve_never (GResolver     *resolver,
               const char    *name,
               GCancellable  *cancellable,
               GError       **error)
{
  GPollFD fd;

  hf_gate_pass (TEST_RESOLVER (resolver)->reached);
  g_assert_true (g_cancellable_make_pollfd (cancellable, &fd));
  g_poll (&fd, 1, -1);
  g_cancellable_release_fd (cancellable);
  g_cancellable_set_error_if_cancelled (cancellable, error);
  return NULL;
}

static void
test_resolver_class_init (TestResolverClass *klass)
{
  G_RESOLVER_CLASS (klass)->lookup_by_name = resolve_never;
}

static void
test_resolver_init (TestResolver *self)
{
}

/* Reads the request, says what it is told to say, then nothing more. */
static void
answer_nothing (HfRawServer *server,
                GIOStream   *stream,
                gpointer     user_data)
{
  Fixture *fixture = user_data;
  g_autofree char *head = hf_raw_server_read_head (stream);

  if (head == NULL)
    return;
  if (strstr (head, " /body ") != NULL)
    hf_raw_server_write (stream, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegun");
  hf_gate_pass (&fixture->reached);
  hf_raw_server_wait_for_end (server, stream);
}

/* Accepts, and is silent in the handshake. */
static void
never_shake_hands (HfRawServer *server,
                   GIOStream   *stream,
                   gpointer     user_data)
{
  Fixture *fixture = user_data;
  guint8 hello;

  g_input_stream_read (g_io_stream_get_input_stream (stream), &hello, 1, NULL, NULL);
  hf_gate_pass (&fixture->reached);
  hf_raw_server_wait_for_end (server, stream);
}

static void
on_hook (HfHookCall *call,
         gpointer    user_data)
{
}

static gpointer
note_time (gpointer data)
{
  HfFuture *future = data;
  gint64 *at = g_object_get_data (G_OBJECT (future), "at");

  hf_future_wait (future, -1, NULL);
  *at = g_get_monotonic_time ();
  return NULL;
}

static gboolean
worker_is_idle (gpointer data)
{
  HfFuturesSession *session = data;

  return hf_soup_transport_get_n_idle (
           HF_SOUP_TRANSPORT (hf_futures_session_get_transport (session))) > 0;
}

static int
compare_times (gconstpointer a,
               gconstpointer b)
{
  gint64 one = *(const gint64 *) a;
  gint64 other = *(const gint64 *) b;

  return (one > other) - (one < other);
}

/* A listening socket whose queue is full: the kernel answers no further connection. */
static guint16
fill_backlog (GPtrArray *sockets)
{
  struct sockaddr_in address = { .sin_family = AF_INET };
  socklen_t length = sizeof address;
  int listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  g_assert_cmpint (bind (listener, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (listen (listener, 0), ==, 0);
  g_assert_cmpint (getsockname (listener, (struct sockaddr *) &address, &length), ==, 0);
  g_ptr_array_add (sockets, GINT_TO_POINTER (listener));

  for (;;)
    {
      int client = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
      GPollFD fd = { client, G_IO_OUT, 0 };

      g_ptr_array_add (sockets, GINT_TO_POINTER (client));
      if (connect (client, (struct sockaddr *) &address, sizeof address) != 0)
        g_assert_cmpint (errno, ==, EINPROGRESS);
      if (g_poll (&fd, 1, 200) == 0)
        return ntohs (address.sin_port);
    }
}

static void
close_socket (gpointer data)
{
  close (GPOINTER_TO_INT (data));
}

static void
test_phase (gconstpointer data)
{
  const char *phase = data;
  const guint n = g_getenv ("HF_TEST_SLOW") != NULL ? 20 : 200;
  Fixture fixture = { HF_GATE_INIT };
  g_autofree gint64 *took = g_new0 (gint64, n);
  g_autofree char *uri = NULL;
  g_autoptr (GResolver) before = g_resolver_get_default ();
  gboolean queued = g_str_equal (phase, "queued");
  gboolean connecting = g_str_equal (phase, "connecting");
  g_autoptr (GPtrArray) sockets = g_ptr_array_new_with_free_func (close_socket);

  fixture.session = hf_futures_session_new_with_max_workers (1);
  fixture.server =
    hf_raw_server_new (g_str_equal (phase, "handshake") ? never_shake_hands : answer_nothing,
                       &fixture);

  if (g_str_equal (phase, "resolving"))
    {
      g_autoptr (TestResolver) resolver = g_object_new (TEST_TYPE_RESOLVER, NULL);

      resolver->reached = &fixture.reached;
      g_resolver_set_default (G_RESOLVER (resolver));
      uri = g_strdup ("http://slow.test/");
    }
  else if (connecting)
    {
      uri = g_strdup_printf ("http://127.0.0.1:%u/", fill_backlog (sockets));
    }
  else if (g_str_equal (phase, "handshake"))
    {
      uri = g_strdup_printf ("https://127.0.0.1:%u/", hf_raw_server_get_port (fixture.server));
    }
  else
    {
      uri = hf_raw_server_dup_uri (fixture.server, g_str_equal (phase, "body") ? "/body" : "/");
    }

  if (queued)
    {
      fixture.blocker = hf_futures_session_get (fixture.session, uri);
      hf_gate_wait (&fixture.reached, 1);
    }

  for (guint i = 0; i < n; i++)
    {
      gint64 at = 0;
      gint64 begin;
      g_autoptr (HfFuture) future = NULL;
      g_autoptr (HfRequest) request = hf_request_new ("GET", uri);
      GThread *thread;

      hf_request_add_response_hook (request, on_hook, NULL, NULL);
      future = hf_futures_session_send (fixture.session, request);
      while (connecting && hf_future_get_state (future) == HF_FUTURE_STATE_QUEUED)
        g_thread_yield ();
      if (!queued && !connecting)
        hf_gate_wait (&fixture.reached, i + 1);

      g_object_set_data (G_OBJECT (future), "at", &at);
      thread = g_thread_new ("waiter", note_time, future);
      begin = g_get_monotonic_time ();
      g_assert_true (hf_future_cancel (future));
      g_thread_join (thread);
      took[i] = at - begin;

      g_assert_error (hf_future_get_error (future), G_IO_ERROR, G_IO_ERROR_CANCELLED);
      if (!queued)
        hf_assert_becomes (worker_is_idle, fixture.session);
    }

  qsort (took, n, sizeof (gint64), compare_times);
  g_test_message ("%s: median %.3f ms, 99th percentile %.3f ms", phase, took[n / 2] / 1000.0,
                  took[n * 99 / 100] / 1000.0);
  if (!SANITIZED && g_getenv ("HF_TEST_SLOW") == NULL)
    {
      g_assert_cmpint (took[n / 2], <=, 5 * 1000);
      g_assert_cmpint (took[n * 99 / 100], <=, 50 * 1000);
    }

  if (queued)
    {
      g_assert_cmpuint (hf_raw_server_get_n_accepted (fixture.server), ==, 1);
      hf_future_cancel (fixture.blocker);
      g_object_unref (fixture.blocker);
    }
  hf_futures_session_close (fixture.session, HF_CLOSE_DRAIN);
  hf_assert_finalizes (fixture.session);
  hf_raw_server_free (fixture.server);
  g_resolver_set_default (before);
}

static void
test_connect_timeout (void)
{
  g_autoptr (GPtrArray) sockets = g_ptr_array_new_with_free_func (close_socket);
  g_autofree char *uri = g_strdup_printf ("http://127.0.0.1:%u/", fill_backlog (sockets));
  HfFuturesSession *session = hf_futures_session_new ();
  g_autoptr (HfRequest) request = hf_request_new ("GET", uri);
  g_autoptr (HfFuture) late = NULL;

  hf_request_set_connect_timeout (request, 0.05);
  late = hf_futures_session_send (session, request);
  g_assert_true (hf_future_wait (late, -1, NULL));
  g_assert_error (hf_future_get_error (late), HF_ERROR, HF_ERROR_TIMEOUT_CONNECT);

  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  hf_assert_finalizes (session);
}

/* 10,000 queued and running ones at once. */
static void
test_many (void)
{
  const guint n = g_getenv ("HF_TEST_SLOW") != NULL ? 1000 : 10000;
  Fixture fixture = { HF_GATE_INIT };
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *uri = NULL;
  gint64 begin;

  fixture.server = hf_raw_server_new (answer_nothing, &fixture);
  fixture.session = hf_futures_session_new_with_max_workers (8);
  uri = hf_raw_server_dup_uri (fixture.server, "/");
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (futures, hf_futures_session_get (fixture.session, uri));
  hf_gate_wait (&fixture.reached, 8);

  begin = g_get_monotonic_time ();
  hf_futures_session_close (fixture.session, HF_CLOSE_CANCEL_ALL);
  g_test_message ("%u requests were cancelled in %.1f ms", n,
                  (g_get_monotonic_time () - begin) / 1000.0);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (hf_future_get_state (g_ptr_array_index (futures, i)), ==,
                     HF_FUTURE_STATE_CANCELLED);

  hf_assert_finalizes (fixture.session);
  hf_raw_server_free (fixture.server);
}

int
main (int   argc,
      char *argv[])
{
  static const char *const phases[] = { "queued",    "resolving", "connecting",
                                        "handshake", "headers",   "body" };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (phases); i++)
    {
      g_autofree char *path = g_strconcat ("/cancel/phase/", phases[i], NULL);

      g_test_add_data_func (path, phases[i], test_phase);
    }
  g_test_add_func ("/cancel/connect-timeout", test_connect_timeout);
  g_test_add_func ("/cancel/many", test_many);
  return g_test_run ();
}
