/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "hf-gate.h"
#include "hf-processes.h"
#include "hf-raw-server.h"
#include "hf-test-server.h"
#include "libhfutures.h"

/* Worker processes that die, or are no use: what becomes of their requests, and of all others. */

typedef struct {
  const char *what;     /* what the worker does */
  const char *number;   /* nullable */
  const char *reason;   /* in the message */
  gboolean streams;
  double deadline;
} Rogue;

static const Rogue rogues[] = {
  { "start-exit", "3", "exited with status 3" },
  { "start-exit", "0", "exited with status 0" },
  { "start-silence", NULL, "did not answer" },
  { "start-half", NULL, "did not answer" },
  { "start-rubbish", NULL, "cannot be understood" },
  { "start-long", NULL, "cannot be understood" },
  { "unknown", NULL, "cannot be understood" },
  { "exit", "0", "exited with status 0" },
  { "exit", "77", "exited with status 77" },
  { "signal", "9", "signal 9 (" },
  { "signal", "11", "signal 11 (" },
  { "signal", "6", "signal 6 (" },
  { "rubbish", NULL, "cannot be understood" },
  { "long", NULL, "cannot be understood" },
  { "denormal", NULL, "cannot be understood" },
  { "silence", NULL, "did not answer", FALSE, 0.1 },
  { "half", NULL, "did not answer", FALSE, 0.1 },
  { "half", "5", "did not answer", FALSE, 0.1 },
  { "chatter", NULL, "did not answer", FALSE, 0.1 },
  { "hidden", "9", "signal 9 (" },
  { "no-status", NULL, "cannot be understood" },
  { "cancelled", NULL, "cannot be understood" },
  { "not-a-number", NULL, "cannot be understood" },
  { "fields", NULL, "cannot be understood" },
  { "bytes", "0", "cannot be understood" },
  { "bytes", "1", "cannot be understood" },
  { "bytes", "2", "cannot be understood" },
  { "bytes", "3", "cannot be understood" },
  { "bytes", "4", "cannot be understood" },
  { "bytes", "5", "cannot be understood" },
  { "no-stream", NULL, "cannot be understood", TRUE },
  { "stream", NULL, "cannot be understood" },
};

/* What goes on while a stream is read. */
static const Rogue streaming_rogues[] = {
  { "stream-signal", "9", "signal 9 (", TRUE },
  { "stream-signal", "11", "signal 11 (", TRUE },
  { "stream-rubbish", NULL, "cannot be understood", TRUE },
  { "stream-unknown", NULL, "cannot be understood", TRUE },
};

typedef struct {
  HfTestServer *server;
  char *folder;
  char *marker;
  HfExecutor *executor;
  HfFuturesSession *session;
} Fixture;

static void
set_up (Fixture      *fixture,
        const Rogue  *rogue,
        gboolean      always)
{
  g_autofree char *worker = g_test_build_filename (G_TEST_BUILT, "hf-rogue-worker", NULL);
  g_autoptr (GError) error = NULL;

  fixture->server = hf_test_server_new ();
  fixture->folder = g_dir_make_tmp ("hf-rogue-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->marker = g_build_filename (fixture->folder, "marker", NULL);
  g_file_set_contents (fixture->marker, "", 0, &error);
  g_assert_no_error (error);
  {
    const char *const argv[] = { worker, always ? "-" : fixture->marker, rogue->what, rogue->number,
                                 NULL };

    fixture->executor = g_object_new (HF_TYPE_PROCESS_POOL_EXECUTOR, "max-workers", 1,
                                      "worker-argv", argv, "start-timeout",
                                      strstr (rogue->reason, "answer") != NULL ? 0.2 : 30.0, NULL);
  }
  fixture->session = hf_futures_session_new_with_executor (fixture->executor);
}

static void
tear_down (Fixture *fixture)
{
  hf_futures_session_close (fixture->session, HF_CLOSE_DRAIN);
  hf_assert_finalizes (fixture->session);
  hf_assert_finalizes (fixture->executor);
  hf_assert_becomes (hf_has_no_children, NULL);
  g_remove (fixture->marker);
  g_rmdir (fixture->folder);
  g_free (fixture->marker);
  g_free (fixture->folder);
  hf_test_server_free (fixture->server);
}

static HfFuture *
get (Fixture *fixture,
     gboolean streams,
     double   deadline)
{
  g_autofree char *uri = hf_test_server_dup_uri (fixture->server, "/bytes/1000");
  g_autoptr (HfRequest) request = hf_request_new ("GET", uri);

  hf_request_set_stream (request, streams);
  if (deadline > 0)
    hf_request_set_deadline (request, deadline);
  return hf_futures_session_send (fixture->session, request);
}

static void
assert_has_died (const GError *error,
                 const char   *reason,
                 const char   *command)
{
  g_assert_error (error, HF_ERROR, HF_ERROR_WORKER_DIED);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, reason));
  g_assert_nonnull (strstr (error->message, command));
}

static void
assert_dies (HfFuture   *future,
             const char *reason,
             const char *command)
{
  g_autoptr (HfFuture) taken = future;
  g_autoptr (GError) error = NULL;

  g_assert_null (hf_future_get_result (taken, NULL, &error));
  assert_has_died (error, reason, command);
}

static void
assert_lives (HfFuture *future)
{
  g_autoptr (HfFuture) taken = future;
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response = hf_future_get_result (taken, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (hf_response_get_bytes (response)), ==, 1000);
}

/* The job that it has fails, and those that wait behind it, and come later, do not. */
static void
test_rogue (gconstpointer data)
{
  const Rogue *rogue = data;
  Fixture fixture;
  HfFuture *first;
  HfFuture *queued[3];

  set_up (&fixture, rogue, FALSE);
  first = get (&fixture, rogue->streams, rogue->deadline);
  for (guint i = 0; i < G_N_ELEMENTS (queued); i++)
    queued[i] = get (&fixture, FALSE, 0);
  assert_dies (first, rogue->reason, "hf-rogue-worker");
  for (guint i = 0; i < G_N_ELEMENTS (queued); i++)
    assert_lives (queued[i]);
  assert_lives (get (&fixture, FALSE, 0));
  tear_down (&fixture);
}

static void
test_streaming_rogue (gconstpointer data)
{
  const Rogue *rogue = data;
  Fixture fixture;
  g_autoptr (HfFuture) future = NULL;
  g_autoptr (HfResponse) response = NULL;
  g_autoptr (GError) error = NULL;

  set_up (&fixture, rogue, FALSE);
  future = get (&fixture, TRUE, 0);
  response = hf_future_get_result (future, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (hf_response_load (response, NULL, &error));
  assert_has_died (error, rogue->reason, "hf-rogue-worker");
  assert_lives (get (&fixture, FALSE, 0));
  g_clear_object (&response);
  g_clear_object (&future);
  tear_down (&fixture);
}

/* A limit is not the worker's word alone. */
static void
test_endless_stream (void)
{
  const Rogue rogue = { "stream-endless", NULL, "", TRUE };
  Fixture fixture;
  g_autofree char *uri = NULL;
  g_autoptr (HfRequest) request = NULL;
  g_autoptr (HfFuture) future = NULL;
  g_autoptr (HfResponse) response = NULL;
  g_autoptr (GError) error = NULL;

  set_up (&fixture, &rogue, FALSE);
  uri = hf_test_server_dup_uri (fixture.server, "/get");
  request = hf_request_new ("GET", uri);
  hf_request_set_stream (request, TRUE);
  hf_request_set_max_body_size (request, 100000);
  future = hf_futures_session_send (fixture.session, request);
  response = hf_future_get_result (future, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (hf_response_load (response, NULL, &error));
  g_assert_error (error, HF_ERROR, HF_ERROR_TOO_LARGE);
  g_clear_object (&response);
  g_clear_object (&future);
  tear_down (&fixture);
}

static void
test_too_large (void)
{
  const Rogue rogue = { "response", NULL, "" };
  Fixture fixture;
  g_autofree char *uri = NULL;
  g_autoptr (HfRequest) request = NULL;
  g_autoptr (HfFuture) future = NULL;
  g_autoptr (GError) error = NULL;

  set_up (&fixture, &rogue, FALSE);
  uri = hf_test_server_dup_uri (fixture.server, "/get");
  request = hf_request_new ("GET", uri);
  hf_request_set_max_body_size (request, strlen ("twelve bytes") - 1);
  future = hf_futures_session_send (fixture.session, request);
  g_assert_null (hf_future_get_result (future, NULL, &error));
  g_assert_error (error, HF_ERROR, HF_ERROR_TOO_LARGE);
  g_clear_object (&future);
  tear_down (&fixture);
}

/* Half a message keeps nobody from stopping to read. */
static void
test_half_stream (void)
{
  const Rogue rogue = { "stream-half", NULL, "", TRUE };
  Fixture fixture;
  g_autoptr (HfFuture) future = NULL;
  g_autoptr (HfResponse) response = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GThread) thread = NULL;
  g_autoptr (GInputStream) stream = NULL;
  char buffer[100];

  set_up (&fixture, &rogue, FALSE);
  future = get (&fixture, TRUE, 0);
  response = hf_future_get_result (future, NULL, &error);
  g_assert_no_error (error);
  stream = hf_response_get_stream (response);
  g_assert_cmpint (g_input_stream_read (stream, buffer, sizeof buffer, NULL, &error), >, 0);
  thread =
    g_thread_new ("canceller", (GThreadFunc) (void (*) (void)) g_cancellable_cancel, cancellable);
  g_assert_cmpint (g_input_stream_read (stream, buffer, sizeof buffer, cancellable, &error), ==,
                   -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (g_steal_pointer (&thread));
  g_clear_object (&stream);
  g_clear_object (&response);
  g_clear_object (&future);
  tear_down (&fixture);
}

/* One that always fails to start is not started for ever, and says so each time. */
static void
test_never_starts (void)
{
  const Rogue rogue = { "start-signal", "11", "signal 11 (" };
  Fixture fixture;

  set_up (&fixture, &rogue, TRUE);
  for (guint i = 0; i < 3; i++)
    assert_dies (get (&fixture, FALSE, 0), rogue.reason, "hf-rogue-worker - start-signal 11");
  tear_down (&fixture);
}

/* One that is killed before it has begun has lost nothing. */
static void
test_killed_at_start (void)
{
  const Rogue rogue = { "start-signal", "9", "" };
  Fixture fixture;

  set_up (&fixture, &rogue, FALSE);
  assert_lives (get (&fixture, FALSE, 0));
  g_assert_false (g_file_test (fixture.marker, G_FILE_TEST_EXISTS));
  tear_down (&fixture);
}

static void
test_no_program (gconstpointer data)
{
  const char *const argv[] = { data, "--argument", NULL };
  g_autofree char *command = g_strjoinv (" ", (char **) argv);
  HfExecutor *executor = hf_new_process_pool (2, argv);
  HfFuturesSession *session = hf_futures_session_new_with_executor (executor);

  for (guint i = 0; i < 3; i++)
    assert_dies (hf_futures_session_get (session, "http://127.0.0.1:1/"), "could not be started",
                 command);
  hf_assert_finalizes (session);
  hf_assert_finalizes (executor);
  hf_assert_becomes (hf_has_no_children, NULL);
}

/* The phases of a request in which its worker is killed. */
typedef struct {
  HfGate reached;
  const char *phase;
} Phases;

static void
serve_phase (HfRawServer *server,
             GIOStream   *stream,
             gpointer     user_data)
{
  Phases *phases = user_data;
  char byte;
  g_autofree char *head = NULL;

  if (g_str_equal (phases->phase, "connecting"))
    {
      /* The beginning of a handshake, which is not answered. */
      g_input_stream_read (g_io_stream_get_input_stream (stream), &byte, 1, NULL, NULL);
    }
  else
    {
      head = hf_raw_server_read_head (stream);
      if (head != NULL && strstr (head, " /good ") != NULL)
        {
          hf_raw_server_write (stream, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
          for (guint i = 0; i < 100; i++)
            hf_raw_server_write (stream, "0123456789");
          return;
        }
      if (g_str_equal (phases->phase, "reading"))
        hf_raw_server_write (stream, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegun");
    }
  hf_gate_pass (&phases->reached);
  hf_raw_server_wait_for_end (server, stream);
}

static void
test_killed (Phases *phases,
             int     signal_number)
{
  static const char zeros[10 * 1024 * 1024];
  const char *scheme = g_str_equal (phases->phase, "connecting") ? "https" : "http";
  g_autoptr (HfRawServer) server = hf_raw_server_new (serve_phase, phases);
  g_autofree char *uri =
    g_strdup_printf ("%s://127.0.0.1:%u/", scheme, hf_raw_server_get_port (server));
  g_autofree char *good = hf_raw_server_dup_uri (server, "/good");
  g_autofree char *reason = g_strdup_printf ("signal %d (", signal_number);
  g_autoptr (HfRequest) request = hf_request_new ("POST", uri);
  g_autoptr (GBytes) bytes = g_bytes_new_static (zeros, sizeof zeros);
  g_autoptr (HfBody) body = hf_body_new_for_bytes (bytes, NULL);
  HfExecutor *executor = hf_process_pool_executor_new (1);
  HfFuturesSession *session = hf_futures_session_new_with_executor (executor);
  g_autoptr (GArray) children = NULL;
  HfFuture *future;

  if (g_str_equal (phases->phase, "sending"))
    hf_request_set_body (request, body);
  future = hf_futures_session_send (session, request);
  hf_gate_wait (&phases->reached, 1);
  children = hf_await_children (1);
  kill (g_array_index (children, pid_t, 0), signal_number);
  assert_dies (future, reason, "hfutures-worker");
  if (g_str_equal (scheme, "http"))
    assert_lives (hf_futures_session_get (session, good));
  hf_assert_finalizes (session);
  hf_assert_finalizes (executor);
  hf_assert_becomes (hf_has_no_children, NULL);
}

/* AddressSanitizer makes an exit status of it. */
#ifdef __SANITIZE_ADDRESS__
#define CRASH SIGABRT
#else
#define CRASH SIGSEGV
#endif

static void
test_phase (gconstpointer data)
{
  const int signals[] = { SIGKILL, CRASH, SIGTERM };

  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    {
      Phases phases = { HF_GATE_INIT, data };

      test_killed (&phases, signals[i]);
    }
}

static gboolean
is_stopped (gpointer data)
{
  g_autofree char *stat = hf_read_proc (*(pid_t *) data, "stat");

  return strstr (stat, ") T ") != NULL;
}

/* A neighbour goes on while a process that hangs past its request's deadline is ended. */
static void
test_stopped (gconstpointer data)
{
  gboolean begun = GPOINTER_TO_INT (data);
  const Rogue none = { "unused", NULL, "" };
  Fixture fixture;
  g_autofree char *held = NULL;
  g_autoptr (HfRequest) request = NULL;
  g_autoptr (GArray) children = NULL;
  HfFuture *future = NULL;
  pid_t worker;

  set_up (&fixture, &none, FALSE);
  g_remove (fixture.marker);
  held = hf_test_server_dup_uri (fixture.server, "/hold/it");
  request = hf_request_new ("GET", held);
  hf_request_set_deadline (request, 0.5);
  if (!begun)
    assert_lives (get (&fixture, FALSE, 0));
  else
    future = hf_futures_session_send (fixture.session, request);
  if (begun)
    hf_test_server_wait_for_requests (fixture.server, "/hold/it", 1);
  children = hf_await_children (1);
  worker = g_array_index (children, pid_t, 0);
  kill (worker, SIGSTOP);
  hf_assert_becomes (is_stopped, &worker);
  if (!begun)
    future = hf_futures_session_send (fixture.session, request);
  assert_dies (future, "did not answer", "hf-rogue-worker");
  assert_lives (get (&fixture, FALSE, 0));
  tear_down (&fixture);
}

/* Those that die while nothing is to be done are not missed. */
static void
test_killed_idle (void)
{
  const Rogue none = { "unused", NULL, "" };
  Fixture fixture;

  set_up (&fixture, &none, FALSE);
  g_remove (fixture.marker);
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (GArray) children = NULL;

      assert_lives (get (&fixture, FALSE, 0));
      children = hf_await_children (1);
      kill (g_array_index (children, pid_t, 0), SIGKILL);
    }
  tear_down (&fixture);
}

typedef struct {
  int ended;  /* atomic */
  guint n;
} Killing;

static gpointer
kill_now_and_then (gpointer data)
{
  Killing *killing = data;

  while (!g_atomic_int_get (&killing->ended))
    {
      g_autoptr (GArray) children = hf_list_children (getpid ());

      if (children->len > 0)
        {
          guint victim = g_random_int_range (0, children->len);

          kill (g_array_index (children, pid_t, victim), SIGKILL);
          killing->n++;
        }
      g_usleep (50 * 1000); /* what the test is about */
    }
  return NULL;
}

/* A process that is killed takes one request along, and no more than that. */
static void
test_many_killed (void)
{
  const guint n = g_getenv ("HF_TEST_SLOW") != NULL ? 100 : 2000;
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "/bytes/1000");
  HfExecutor *executor = hf_process_pool_executor_new (4);
  HfFuturesSession *session = hf_futures_session_new_with_executor (executor);
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (g_object_unref);
  Killing killing = { 0 };
  GThread *killer;
  guint n_failed = 0;

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (futures, hf_futures_session_get (session, uri));
  killer = g_thread_new ("killer", kill_now_and_then, &killing);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (HfResponse) response =
        hf_future_get_result (g_ptr_array_index (futures, i), NULL, &error);

      if (response == NULL)
        {
          assert_has_died (error, "signal 9 (", "hfutures-worker");
          n_failed++;
        }
      else
        {
          g_assert_cmpuint (g_bytes_get_size (hf_response_get_bytes (response)), ==, 1000);
        }
    }
  g_atomic_int_set (&killing.ended, TRUE);
  g_thread_join (killer);
  g_test_message ("%u killed, %u of %u requests failed", killing.n, n_failed, n);
  g_assert_cmpuint (killing.n, >, 0);
  g_assert_cmpuint (n_failed, <=, killing.n);
  g_ptr_array_set_size (futures, 0);
  assert_lives (hf_futures_session_get (session, uri));
  hf_assert_finalizes (session);
  hf_assert_finalizes (executor);
  hf_assert_becomes (hf_has_no_children, NULL);
}

static void
add_rogues (const char    *path,
            const Rogue   *list,
            guint          n,
            GTestDataFunc  test)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s/%s/%s", path, list[i].what,
                                               list[i].number != NULL ? list[i].number : "0");

      g_test_add_data_func (name, &list[i], test);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add_rogues ("/process/death", rogues, G_N_ELEMENTS (rogues), test_rogue);
  add_rogues ("/process/death", streaming_rogues, G_N_ELEMENTS (streaming_rogues),
              test_streaming_rogue);
  g_test_add_func ("/process/death/stream-endless", test_endless_stream);
  g_test_add_func ("/process/death/too-large", test_too_large);
  g_test_add_func ("/process/death/stream-half", test_half_stream);
  g_test_add_func ("/process/death/never-starts", test_never_starts);
  g_test_add_func ("/process/death/killed-at-start", test_killed_at_start);
  g_test_add_data_func ("/process/death/no-program", "/nowhere/worker", test_no_program);
  g_test_add_data_func ("/process/death/not-executable", "/etc/passwd", test_no_program);
  g_test_add_data_func ("/process/death/killed/connecting", "connecting", test_phase);
  g_test_add_data_func ("/process/death/killed/sending", "sending", test_phase);
  g_test_add_data_func ("/process/death/killed/waiting", "waiting", test_phase);
  g_test_add_data_func ("/process/death/killed/reading", "reading", test_phase);
  g_test_add_func ("/process/death/killed/idle", test_killed_idle);
  g_test_add_data_func ("/process/death/stopped/running", GINT_TO_POINTER (TRUE), test_stopped);
  g_test_add_data_func ("/process/death/stopped/idle", GINT_TO_POINTER (FALSE), test_stopped);
  g_test_add_func ("/process/death/killed/many", test_many_killed);
  return g_test_run ();
}
