/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "hf-gate.h"
#include "hf-processes.h"
#include "hf-test-server.h"
#include "libhfutures.h"

/* Where worker processes have their memory. */

typedef struct {
  HfTestServer *server;
  HfExecutor *executor;
  HfFuturesSession *session;
  guint n_employed;
  guint64 libraries; /* where one of them had them */
} Fixture;

static void
open_session (Fixture *fixture,
              guint    max_jobs)
{
  fixture->executor = g_object_new (HF_TYPE_PROCESS_POOL_EXECUTOR, "max-workers", 4,
                                    "max-jobs-per-process", max_jobs, NULL);
  fixture->session = hf_futures_session_new_with_executor (fixture->executor);
}

static void
close_session (Fixture *fixture)
{
  hf_assert_finalizes (fixture->session);
  hf_assert_finalizes (fixture->executor);
  hf_assert_becomes (hf_has_no_children, NULL);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  max_jobs)
{
  fixture->server = hf_test_server_new ();
  open_session (fixture, GPOINTER_TO_UINT (max_jobs));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  close_session (fixture);
  hf_test_server_free (fixture->server);
}

/* Returns: where the first mapping of a process begins whose name has that in it */
static guint64
find_mapping (pid_t       process,
              const char *name)
{
  g_autofree char *maps = hf_read_proc (process, "maps");
  g_auto (GStrv) lines = g_strsplit (maps, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (strstr (lines[i], name) != NULL)
      return g_ascii_strtoull (lines[i], NULL, 16);
  g_error ("Process %d has no mapping of %s:\n%s", (int) process, name, maps);
}

static guint64
find_glib (pid_t process)
{
  return find_mapping (process, "/libglib-2.0.so");
}

/* Has so many processes work at the same time, and gives them. */
static GArray *
employ (Fixture *fixture,
        guint    n)
{
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *name = g_strdup_printf ("employed-%u", ++fixture->n_employed);
  g_autofree char *path = g_strconcat ("/hold/", name, NULL);
  g_autofree char *uri = hf_test_server_dup_uri (fixture->server, path);
  GArray *workers;

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (futures, hf_futures_session_get (fixture->session, uri));
  hf_test_server_wait_for_requests (fixture->server, path, n);
  workers = hf_await_children (n);
  fixture->libraries = find_glib (g_array_index (workers, pid_t, 0));
  hf_test_server_release (fixture->server, name);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (HfResponse) response = hf_future_get_result (futures->pdata[i], NULL, &error);

      g_assert_no_error (error);
    }
  return workers;
}

static const char *const own[] = { "/ld-linux", "[stack]", "[vdso]", "/hfutures-worker" };

/* Only their libraries are at the same place, which is not the program's. */
static void
test_in_common (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (GArray) workers = employ (fixture, 2);
  pid_t first = g_array_index (workers, pid_t, 0);
  pid_t second = g_array_index (workers, pid_t, 1);

  g_assert_cmphex (find_glib (first), ==, find_glib (second));
  g_assert_cmphex (find_glib (first), !=, find_glib (getpid ()));
  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    g_assert_cmphex (find_mapping (first, own[i]), !=, find_mapping (second, own[i]));
}

/* What kept the libraries there is no limit to what else a process may have. */
static void
test_no_gap (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (GArray) workers = employ (fixture, 1);
  g_autofree char *maps = hf_read_proc (g_array_index (workers, pid_t, 0), "maps");
  g_auto (GStrv) lines = g_strsplit (maps, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *rest;
      guint64 start = g_ascii_strtoull (lines[i], &rest, 16);
      guint64 end = *rest == '-' ? g_ascii_strtoull (rest + 1, NULL, 16) : 0;

      if (start > G_GUINT64_CONSTANT (0x660000000000) && end > start)
        g_assert_cmphex (end - start, <, G_GUINT64_CONSTANT (0x1000000000));
    }
}

/* What one has shown is of no use when another one takes its place. */
static void
test_recycled (Fixture       *fixture,
               gconstpointer  data)
{
  guint64 before = 0;

  for (guint i = 0; i < 3; i++)
    {
      g_array_unref (employ (fixture, 1));
      g_assert_cmphex (fixture->libraries, !=, before);
      before = fixture->libraries;
      hf_assert_becomes (hf_has_no_children, NULL);
    }
}

static void
test_another_pool (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (GArray) workers = employ (fixture, 1);
  guint64 before = find_glib (g_array_index (workers, pid_t, 0));
  g_autoptr (GArray) others = NULL;

  close_session (fixture);
  open_session (fixture, 0);
  others = employ (fixture, 1);
  g_assert_cmphex (find_glib (g_array_index (others, pid_t, 0)), !=, before);
}

/* Who has made one die cannot go on with what that has shown. */
static void
test_after_death (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autofree char *uri = hf_test_server_dup_uri (fixture->server, "/hold/for-ever");
  g_autoptr (GArray) workers = employ (fixture, 1);
  guint64 before = find_glib (g_array_index (workers, pid_t, 0));
  g_autoptr (HfFuture) future = hf_futures_session_get (fixture->session, uri);
  g_autoptr (HfResponse) response = NULL;
  g_autoptr (GError) error = NULL;

  hf_test_server_wait_for_requests (fixture->server, "/hold/for-ever", 1);
  kill (g_array_index (workers, pid_t, 0), SIGKILL);
  response = hf_future_get_result (future, NULL, &error);
  g_assert_error (error, HF_ERROR, HF_ERROR_WORKER_DIED);
  g_array_unref (workers);
  workers = employ (fixture, 2);
  g_assert_cmphex (find_glib (g_array_index (workers, pid_t, 0)), !=, before);
  g_assert_cmphex (find_glib (g_array_index (workers, pid_t, 0)), ==,
                   find_glib (g_array_index (workers, pid_t, 1)));
}

static gboolean
has_died (gpointer process)
{
  g_autofree char *stat = hf_read_proc (GPOINTER_TO_INT (process), "stat");

  return stat == NULL || strstr (stat, ") Z ") != NULL;
}

static void
test_after_idle_death (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr (GArray) workers = employ (fixture, 1);
  pid_t process = g_array_index (workers, pid_t, 0);
  guint64 before = find_glib (process);

  kill (process, SIGKILL);
  hf_assert_becomes (has_died, GINT_TO_POINTER (process));
  g_array_unref (workers);
  workers = employ (fixture, 1);
  g_assert_cmphex (find_glib (g_array_index (workers, pid_t, 0)), !=, before);
}

/* Without a limit of the stack the kernel has the libraries at the bottom and lets the stack have
 * what is above them. */
static void
test_unlimited_stack (Fixture       *fixture,
                      gconstpointer  data)
{
  const char *const *worker =
    hf_process_pool_executor_get_worker_argv (HF_PROCESS_POOL_EXECUTOR (fixture->executor));
  const char *const argv[] = { "prlimit", "--stack=unlimited", worker[0], NULL };
  g_autoptr (HfExecutor) unlimited = hf_new_process_pool (1, argv);
  g_autoptr (GArray) workers = NULL;
  pid_t process;

  hf_assert_finalizes (fixture->session);
  fixture->session = hf_futures_session_new_with_executor (unlimited);
  workers = employ (fixture, 1);
  process = g_array_index (workers, pid_t, 0);
  g_assert_cmphex (find_glib (process), <, find_mapping (process, "[stack]") / 2);
}

/* A program may limit its address space before it works. */
static void
test_early (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *worker = g_test_build_filename (G_TEST_BUILT, "hf-rogue-worker", NULL);
  const char *const argv[] = { worker, "-", "start-limit", NULL };
  g_autoptr (HfExecutor) executor = hf_new_process_pool (1, argv);
  g_autofree char *uri = hf_test_server_dup_uri (fixture->server, "/get");
  HfFuturesSession *session = hf_futures_session_new_with_executor (executor);
  g_autoptr (HfFuture) future = hf_futures_session_get (session, uri);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response = hf_future_get_result (future, NULL, &error);

  g_assert_no_error (error);
  g_clear_object (&response);
  g_clear_object (&future);
  hf_assert_finalizes (session);
}

/* Programs that a hook starts are not meant. */
static void
test_not_inherited (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autofree char *uri = hf_test_server_dup_uri (fixture->server, "/get");
  g_autoptr (HfRequest) request = hf_request_new ("GET", uri);
  g_autoptr (HfFuture) future = NULL;
  g_autoptr (HfResponse) response = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) attached = NULL;
  g_autofree const char **names = NULL;

  hf_request_add_named_response_hook (request, HF_TEST_PLUGIN ":hook_environment", NULL);
  future = hf_futures_session_send (fixture->session, request);
  response = hf_future_get_result (future, NULL, &error);
  g_assert_no_error (error);
  attached = hf_response_dup_attached (response, "names");
  names = g_variant_get_strv (attached, NULL);
  g_assert_true (g_strv_contains (names, "SOUP_FORCE_HTTP1"));
  g_assert_false (g_strv_contains (names, "LD_AUDIT"));
  g_assert_false (g_strv_contains (names, "HF_LOAD_BELOW"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#ifdef __x86_64__ /* elsewhere all is where the kernel likes */
  g_test_add ("/process/layout/in-common", Fixture, NULL, set_up, test_in_common, tear_down);
#endif
  g_test_add ("/process/layout/no-gap", Fixture, NULL, set_up, test_no_gap, tear_down);
  g_test_add ("/process/layout/early", Fixture, NULL, set_up, test_early, tear_down);
  g_test_add ("/process/layout/recycled", Fixture, GUINT_TO_POINTER (1), set_up, test_recycled,
              tear_down);
  g_test_add ("/process/layout/another-pool", Fixture, NULL, set_up, test_another_pool, tear_down);
  g_test_add ("/process/layout/after-death", Fixture, NULL, set_up, test_after_death, tear_down);
  g_test_add ("/process/layout/after-idle-death", Fixture, NULL, set_up, test_after_idle_death,
              tear_down);
  g_test_add ("/process/layout/unlimited-stack", Fixture, NULL, set_up, test_unlimited_stack,
              tear_down);
  g_test_add ("/process/layout/not-inherited", Fixture, NULL, set_up, test_not_inherited,
              tear_down);
  return g_test_run ();
}
