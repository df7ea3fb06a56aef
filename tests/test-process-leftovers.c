/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hf-clock-private.h"
#include "hf-gate.h"
#include "hf-processes.h"
#include "hf-process-pool-executor-private.h"
#include "hf-test-server.h"
#include "libhfutures.h"

/* Worker processes: what they are given, when they go, and that nothing is left of them. */

typedef struct {
  HfTestServer *server;
  HfExecutor *executor;
  HfFuturesSession *session;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  max_jobs)
{
  fixture->server = hf_test_server_new ();
  fixture->executor = g_object_new (HF_TYPE_PROCESS_POOL_EXECUTOR, "max-workers", 2,
                                    "max-jobs-per-process", GPOINTER_TO_UINT (max_jobs), NULL);
  fixture->session = hf_futures_session_new_with_executor (fixture->executor);
}

static void
end (Fixture *fixture)
{
  hf_assert_finalizes (fixture->session);
  hf_assert_finalizes (fixture->executor);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  end (fixture);
  hf_assert_becomes (hf_has_no_children, NULL);
  hf_test_server_free (fixture->server);
}

static HfResponse *
take (Fixture    *fixture,
      const char *path,
      gboolean    streams)
{
  g_autofree char *uri = hf_test_server_dup_uri (fixture->server, path);
  g_autoptr (HfRequest) request = hf_request_new ("GET", uri);
  g_autoptr (HfFuture) future = NULL;
  g_autoptr (GError) error = NULL;
  HfResponse *response;

  hf_request_set_stream (request, streams);
  future = hf_futures_session_send (fixture->session, request);
  response = hf_future_get_result (future, NULL, &error);
  g_assert_no_error (error);
  return response;
}

static pid_t
get_only_child (void)
{
  g_autoptr (GArray) children = hf_await_children (1);

  return g_array_index (children, pid_t, 0);
}

static gboolean
has_few_fds (gpointer most)
{
  return hf_count_fds () <= GPOINTER_TO_UINT (most);
}

/* Descriptors, processes, mappings: all that is left is what was there. */
static void
test_nothing_left (void)
{
  guint before = 0;

  for (guint i = 0; i < 3; i++)
    {
      Fixture fixture;
      HfResponse *responses[4];

      set_up (&fixture, NULL);
      responses[0] = take (&fixture, "/get", FALSE);
      responses[1] = take (&fixture, "/bytes/1000000", FALSE);
      responses[2] = take (&fixture, "/bytes/5000000", TRUE);
      responses[3] = take (&fixture, "/bytes/5000000", TRUE);
      g_assert_cmpuint (hf_count_mapped ("memfd:libhfutures ("), ==, 1);
      g_object_unref (responses[2]);
      hf_futures_session_close (fixture.session, HF_CLOSE_DRAIN);
      g_object_unref (fixture.session);
      g_object_unref (fixture.executor);

      /* What was handed out outlives everything else, and is good. */
      g_assert_true (hf_response_load (responses[3], NULL, NULL));
      g_assert_cmpuint (g_bytes_get_size (hf_response_get_bytes (responses[3])), ==, 5000000);
      g_object_unref (responses[3]);
      hf_assert_becomes (hf_has_no_children, NULL);
      g_assert_cmpuint (g_bytes_get_size (hf_response_get_bytes (responses[1])), ==, 1000000);
      g_object_unref (responses[0]);
      g_object_unref (responses[1]);
      hf_test_server_free (fixture.server);
      hf_assert_becomes (hf_has_no_children, NULL);
      g_assert_cmpuint (hf_count_mapped ("memfd:libhfutures"), ==, 0);
      if (i == 0)
        before = hf_count_fds (); /* GLib's own, of its worker thread and the like, are there now */
      else
        hf_assert_becomes (has_few_fds, GUINT_TO_POINTER (before));
    }
}

static void
test_recycled (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < 12; i++)
    {
      g_object_unref (take (fixture, "/bytes/10", FALSE));
      if (i % 3 != 2)
        g_hash_table_add (seen, GINT_TO_POINTER (get_only_child ()));
      else
        hf_assert_becomes (hf_has_no_children, NULL);
    }
  g_assert_cmpuint (g_hash_table_size (seen), ==, 4);
  g_assert_cmpuint (hf_test_server_get_n_connections (fixture->server), ==, 4);
}

/* Who has closed an executor need not know who else has a reference to it. */
static void
test_closed (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (HfResponse) response = NULL;
  g_autoptr (GError) error = NULL;

  g_object_unref (take (fixture, "/get", FALSE));
  hf_executor_close (fixture->executor, HF_CLOSE_DRAIN);
  hf_assert_becomes (hf_has_no_children, NULL);
  hf_executor_close (fixture->executor, HF_CLOSE_CANCEL_ALL);

  end (fixture);
  fixture->executor = hf_process_pool_executor_new (2);
  fixture->session = hf_futures_session_new_with_executor (fixture->executor);
  response = take (fixture, "/bytes/5000000", TRUE);
  g_object_unref (take (fixture, "/get", FALSE));
  g_array_unref (hf_await_children (2));
  hf_executor_close (fixture->executor, HF_CLOSE_DRAIN);
  get_only_child ();
  g_assert_true (hf_response_load (response, NULL, &error));
  g_assert_no_error (error);
  hf_assert_becomes (hf_has_no_children, NULL);
  g_clear_object (&response);
  g_assert_cmpuint (hf_count_mapped ("memfd:libhfutures"), ==, 0);
}

/* Those that streams have needed beyond the number are not kept. */
static void
test_surplus (Fixture       *fixture,
              gconstpointer  data)
{
  HfResponse *responses[5];

  for (guint i = 0; i < G_N_ELEMENTS (responses); i++)
    responses[i] = take (fixture, "/bytes/5000000", TRUE);
  g_array_unref (hf_await_children (G_N_ELEMENTS (responses)));
  for (guint i = 0; i < G_N_ELEMENTS (responses); i++)
    {
      g_assert_true (hf_response_load (responses[i], NULL, NULL));
      g_object_unref (responses[i]);
    }
  g_array_unref (hf_await_children (2));
}

static void
test_retired (void)
{
  HfClock *real = hf_clock_get_default ();
  HfClock *clock = hf_clock_new_manual ();
  Fixture fixture;
  pid_t first;

  hf_clock_set_default (clock);
  set_up (&fixture, NULL);
  g_object_unref (take (&fixture, "/get", FALSE));
  first = get_only_child ();
  hf_clock_advance (clock, 9 * G_USEC_PER_SEC);
  g_object_unref (take (&fixture, "/get", FALSE));
  hf_clock_advance (clock, 9 * G_USEC_PER_SEC);
  g_assert_cmpint (get_only_child (), ==, first);
  g_assert_cmpuint (hf_process_pool_get_n_idle (hf_process_pool_executor_get_pool (
                      HF_PROCESS_POOL_EXECUTOR (fixture.executor))),
                    ==, 1);
  hf_clock_advance (clock, 2 * G_USEC_PER_SEC);
  hf_assert_becomes (hf_has_no_children, NULL);
  g_object_unref (take (&fixture, "/get", FALSE));
  g_assert_cmpint (get_only_child (), !=, first);
  tear_down (&fixture, NULL);
  hf_clock_set_default (real);
  hf_clock_free (clock);
}

/* Variables are ended by zeros there. */
static gboolean
has_variable (pid_t       process,
              const char *variable)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/environ", (int) process);
  g_autofree char *variables = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &variables, &length, NULL));
  for (const char *at = variables; at < variables + length; at += strlen (at) + 1)
    if (g_str_equal (at, variable))
      return TRUE;
  return FALSE;
}

static guint
count_fds_of (pid_t process)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/fd", (int) process);
  g_autoptr (GDir) fds = g_dir_open (path, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (fds)) != NULL)
    {
      g_autofree char *link = g_build_filename (path, name, NULL);
      g_autofree char *target = g_file_read_link (link, NULL);

      n += target != NULL && strstr (target, "hf-leftovers") != NULL;
    }
  return n;
}

static void
test_given (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  g_autofree char *status = NULL;
  int fd = g_file_open_tmp ("hf-leftovers-XXXXXX", &path, &error); /* stays open at an exec() */
  pid_t worker;

  g_assert_no_error (error);
  unlink (path);
  g_object_unref (take (fixture, "/get", FALSE));
  worker = get_only_child ();
  g_assert_false (has_variable (worker, "HF_TEST_SECRET=open sesame"));
  g_assert_false (has_variable (worker, "LD_PRELOAD_OF_MINE=1"));
  g_assert_true (has_variable (worker, "http_proxy=http://proxy.example:3128"));
  g_assert_true (has_variable (worker, "NO_PROXY=127.0.0.1,localhost"));
  g_assert_true (has_variable (worker, "LC_ALL=C.UTF-8"));
  g_assert_true (has_variable (worker, "SOUP_FORCE_HTTP1=1"));
  g_assert_cmpuint (count_fds_of (getpid ()), ==, 1);
  g_assert_cmpuint (count_fds_of (worker), ==, 0);
  status = hf_read_proc (worker, "status");
  g_assert_nonnull (strstr (status, "\nNoNewPrivs:\t1\n"));
  close (fd);
}

/* What a parent does that is killed: it has workers that are idle, that wait, and that stream, of
 * which one cannot go on. Says whose they are. */
static void
be_parent (const char *base)
{
  HfExecutor *executor = hf_process_pool_executor_new (4);
  HfFuturesSession *session = hf_futures_session_new_with_executor (executor);
  g_autofree char *get = g_strconcat (base, "/get", NULL);
  g_autofree char *held = g_strconcat (base, "/hold/parent", NULL);
  g_autofree char *large = g_strconcat (base, "/bytes/50000000", NULL);
  g_autoptr (HfFuture) waiting = hf_futures_session_get (session, held);
  g_autoptr (HfFuture) done = hf_futures_session_get (session, get);
  g_autoptr (HfRequest) request = hf_request_new ("GET", large);
  g_autoptr (HfFuture) streaming = NULL;
  g_autoptr (HfResponse) response = NULL;

  hf_request_set_stream (request, TRUE);
  streaming = hf_futures_session_send (session, request);
  response = hf_future_get_result (streaming, NULL, NULL);
  g_assert_nonnull (response);
  g_assert_true (hf_future_wait (done, -1, NULL));
  puts ("ready");
  fflush (stdout);
  for (;;)
    pause ();
}

/* Also those that work when their parent is killed have gone then. */
static void
test_parent_killed (void)
{
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *base = hf_test_server_dup_uri (server, "");
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) parent =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, self, "--parent", base, NULL);
  g_autoptr (GArray) workers = NULL;
  char line[6];
  pid_t pid;

  g_assert_no_error (error);
  pid = g_ascii_strtoll (g_subprocess_get_identifier (parent), NULL, 10);
  g_assert_true (g_input_stream_read_all (g_subprocess_get_stdout_pipe (parent), line, sizeof line,
                                          NULL, NULL, &error));
  g_assert_no_error (error);
  hf_test_server_wait_for_requests (server, "/hold/parent", 1);
  workers = hf_list_children (pid);
  g_assert_cmpuint (workers->len, >=, 2);

  /* They become this process's, so it can see that they end. */
  prctl (PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  g_subprocess_send_signal (parent, SIGKILL);
  g_assert_true (g_subprocess_wait (parent, NULL, &error));
  for (guint i = 0; i < workers->len; i++)
    {
      int status;
      pid_t worker = g_array_index (workers, pid_t, i);

      g_assert_cmpint (waitpid (worker, &status, 0), ==, worker);
      g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
    }
  prctl (PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
  hf_assert_becomes (hf_has_no_children, NULL);
}

int
main (int    argc,
      char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--parent"))
    be_parent (argv[2]);

  g_setenv ("HF_TEST_SECRET", "open sesame", TRUE);
  g_setenv ("LD_PRELOAD_OF_MINE", "1", TRUE);
  g_setenv ("http_proxy", "http://proxy.example:3128", TRUE);
  g_setenv ("NO_PROXY", "127.0.0.1,localhost", TRUE);
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/process/leftovers/none", test_nothing_left);
  g_test_add ("/process/leftovers/recycled", Fixture, GUINT_TO_POINTER (3), set_up, test_recycled,
              tear_down);
  g_test_add ("/process/leftovers/closed", Fixture, NULL, set_up, test_closed, tear_down);
  g_test_add ("/process/leftovers/surplus", Fixture, NULL, set_up, test_surplus, tear_down);
  g_test_add_func ("/process/leftovers/retired", test_retired);
  g_test_add ("/process/leftovers/given", Fixture, NULL, set_up, test_given, tear_down);
  g_test_add_func ("/process/leftovers/parent-killed", test_parent_killed);
  return g_test_run ();
}
