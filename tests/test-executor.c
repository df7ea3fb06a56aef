/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-dispatcher-private.h"
#include "hf-executor-private.h"
#include "hf-gate.h"
#include "hf-inline-executor.h"
#include "libhfutures.h"

/* A job that writes its name down when it runs, or the error that ended it. */
typedef struct {
  HfJob parent;

  const char *name;
  GString *log;    /* not owned; nullable */
  HfGate *started; /* not owned; nullable: passed when it runs */
  HfGate *gate;    /* not owned; nullable: waited for while it runs */
  gboolean runs;   /* one way or the other it says at the end of that that it is finished */
  int error_code;  /* of the error that ended it; -1: none */
} TestJob;

static void
test_job_run (HfJob *job)
{
  TestJob *self = (TestJob *) job;

  self->runs = TRUE;
  if (self->log != NULL)
    g_string_append_printf (self->log, "%s ", self->name);
  if (self->started != NULL)
    hf_gate_pass (self->started);
  if (self->gate != NULL)
    hf_gate_wait (self->gate, 1);
  hf_executor_finish (job);
}

static void
test_job_abort (HfJob        *job,
                const GError *error)
{
  TestJob *self = (TestJob *) job;

  g_assert_cmpint (self->error_code, ==, -1);
  self->error_code = error->code;
  if (self->gate != NULL)
    hf_gate_pass (self->gate);
  if (!self->runs)
    hf_executor_finish (job);
}

static const HfJobInterface test_job_interface = {
  .run = test_job_run,
  .abort = test_job_abort,
  .free = (void (*) (HfJob *)) g_free,
};

static TestJob *
test_job_new (const char *name,
              GString    *log)
{
  TestJob *self = g_new0 (TestJob, 1);

  hf_job_init (&self->parent, &test_job_interface);
  self->name = name;
  self->log = log;
  self->error_code = -1;
  return self;
}

static void
test_job_unref (TestJob *self)
{
  hf_job_unref (&self->parent);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestJob, test_job_unref)

#define HF_JOB(test_job) (&(test_job)->parent)

static void
push (HfDispatcher *dispatcher,
      GString      *log,
      const char   *name,
      int           priority,
      gpointer      owner,
      const char   *lane)
{
  hf_dispatcher_push (dispatcher, &test_job_new (name, log)->parent, priority, owner, lane);
}

static void
drain (HfDispatcher *dispatcher)
{
  HfJob *job;

  while ((job = hf_dispatcher_pop (dispatcher)) != NULL)
    {
      hf_job_run (job);
      hf_job_unref (job);
    }
}

static void
test_priority (void)
{
  HfDispatcher *dispatcher = hf_dispatcher_new ();
  g_autoptr (GString) log = g_string_new (NULL);
  int owner;

  push (dispatcher, log, "late", 200, &owner, "x");
  push (dispatcher, log, "a", 0, &owner, "x");
  push (dispatcher, log, "soon", -100, &owner, "y");
  push (dispatcher, log, "b", 0, &owner, "x");
  drain (dispatcher);

  g_assert_cmpstr (log->str, ==, "soon a b late ");
  hf_dispatcher_free (dispatcher);
}

static void
test_turns (void)
{
  HfDispatcher *dispatcher = hf_dispatcher_new ();
  g_autoptr (GString) log = g_string_new (NULL);
  int greedy, modest;

  push (dispatcher, log, "g1", 0, &greedy, "one");
  push (dispatcher, log, "g2", 0, &greedy, "one");
  push (dispatcher, log, "g3", 0, &greedy, "one");
  push (dispatcher, log, "h1", 0, &greedy, "two");
  push (dispatcher, log, "m1", 0, &modest, "one");
  drain (dispatcher);

  /* The modest owner comes second, the greedy one's other host before its first host's second. */
  g_assert_cmpstr (log->str, ==, "g1 m1 h1 g2 g3 ");
  hf_dispatcher_free (dispatcher);
}

static void
test_withdraw (void)
{
  HfDispatcher *dispatcher = hf_dispatcher_new ();
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (TestJob) job = test_job_new ("withdrawn", log);
  int owner;

  push (dispatcher, log, "a", 0, &owner, "x");
  hf_dispatcher_push (dispatcher, hf_job_ref (HF_JOB (job)), 0, &owner, "x");
  push (dispatcher, log, "b", 0, &owner, "x");

  g_assert_true (hf_dispatcher_withdraw (dispatcher, HF_JOB (job)));
  test_job_unref (job);
  g_assert_false (hf_dispatcher_withdraw (dispatcher, HF_JOB (job)));
  g_assert_cmpuint (hf_dispatcher_get_n_jobs (dispatcher), ==, 2);
  drain (dispatcher);

  g_assert_cmpstr (log->str, ==, "a b ");
  hf_dispatcher_free (dispatcher);
}

static void
test_many (void)
{
  const guint n = 100000;
  HfDispatcher *dispatcher = hf_dispatcher_new ();
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  int owners[7];
  guint popped = 0;
  HfJob *job;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *lane = g_strdup_printf ("%d", g_rand_int_range (random, 0, 100));

      push (dispatcher, NULL, "n", g_rand_int_range (random, -3, 3),
            &owners[g_rand_int_range (random, 0, 7)], lane);
    }
  while ((job = hf_dispatcher_pop (dispatcher)) != NULL)
    {
      popped++;
      hf_job_unref (job);
    }

  g_assert_cmpuint (popped, ==, n);
  hf_dispatcher_free (dispatcher);
}

static void
test_submit (gconstpointer data)
{
  gboolean pooled = GPOINTER_TO_INT (data);
  HfExecutor *executor = pooled ? hf_thread_pool_executor_new (3) : hf_inline_executor_new ();
  HfGate started = HF_GATE_INIT;
  int owner;

  for (guint i = 0; i < 100; i++)
    {
      g_autoptr (TestJob) job = test_job_new ("job", NULL);

      job->started = &started;
      hf_executor_submit_job (executor, HF_JOB (job), 0, &owner, "x");
    }

  hf_gate_wait (&started, 100);
  hf_executor_close (executor, HF_CLOSE_DRAIN);
  hf_assert_finalizes (executor);
}

static void
test_close_drain (void)
{
  g_autoptr (HfExecutor) executor = hf_thread_pool_executor_new (1);
  g_autoptr (GString) log = g_string_new (NULL);
  int owner;

  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (TestJob) job = test_job_new ("x", log);

      hf_executor_submit_job (executor, HF_JOB (job), 0, &owner, "x");
    }
  hf_executor_close (executor, HF_CLOSE_DRAIN);
  g_assert_cmpuint (log->len, ==, 40);
  hf_executor_close (executor, HF_CLOSE_DRAIN);
}

static void
test_close_cancels (gconstpointer data)
{
  HfCloseFlags flags = GPOINTER_TO_INT (data);
  g_autoptr (HfExecutor) executor = hf_thread_pool_executor_new (1);
  HfGate started = HF_GATE_INIT;
  HfGate gate = HF_GATE_INIT;
  g_autoptr (TestJob) running = test_job_new ("running", NULL);
  g_autoptr (TestJob) queued = test_job_new ("queued", NULL);
  int owner;

  running->started = &started;
  running->gate = &gate;
  hf_executor_submit_job (executor, HF_JOB (running), 0, &owner, "x");
  hf_gate_wait (&started, 1);
  hf_executor_submit_job (executor, HF_JOB (queued), 0, &owner, "x");

  if (flags == HF_CLOSE_CANCEL_QUEUED)
    hf_gate_open (&gate);
  hf_executor_close (executor, flags);

  if (flags == HF_CLOSE_CANCEL_ALL)
    {
      g_assert_cmpint (queued->error_code, ==, G_IO_ERROR_CANCELLED);
      g_assert_cmpint (running->error_code, ==, G_IO_ERROR_CANCELLED);
    }
  else
    {
      g_assert_cmpint (running->error_code, ==, -1);
    }
}

static void
test_closed_refuses (void)
{
  g_autoptr (HfExecutor) executor = hf_thread_pool_executor_new (1);
  g_autoptr (TestJob) job = test_job_new ("job", NULL);
  int owner;

  hf_executor_close (executor, HF_CLOSE_DRAIN);
  hf_executor_submit_job (executor, HF_JOB (job), 0, &owner, "x");
  g_assert_cmpint (job->error_code, ==, HF_ERROR_CLOSED);
}

static void
on_closed (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  gboolean *closed = user_data;
  g_autoptr (GError) error = NULL;

  *closed = hf_executor_close_finish (HF_EXECUTOR (source), result, &error);
  g_assert_no_error (error);
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

static void
test_close_async (void)
{
  HfExecutor *executor = hf_thread_pool_executor_new (1);
  HfGate started = HF_GATE_INIT;
  HfGate gate = HF_GATE_INIT;
  TestJob *job = test_job_new ("job", NULL);
  gboolean closed = FALSE;
  int owner;

  job->started = &started;
  job->gate = &gate;
  hf_executor_submit_job (executor, HF_JOB (job), 0, &owner, "x");
  test_job_unref (job);
  hf_gate_wait (&started, 1);

  hf_executor_close_async (executor, HF_CLOSE_DRAIN, NULL, on_closed, &closed);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_false (closed);
  hf_gate_open (&gate);
  hf_assert_becomes (is_true, &closed);
  hf_assert_finalizes (executor);
}

static gboolean
has_no_workers (gpointer data)
{
  return hf_thread_pool_executor_get_n_workers (data) == 0;
}

static void
test_idle_workers (void)
{
  g_autoptr (HfExecutor) executor = hf_thread_pool_executor_new (4);
  HfGate started = HF_GATE_INIT;
  HfGate gate = HF_GATE_INIT;
  int owner;

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (TestJob) job = test_job_new ("job", NULL);

      job->started = &started;
      job->gate = &gate;
      hf_executor_submit_job (executor, HF_JOB (job), 0, &owner, "x");
    }
  hf_gate_wait (&started, 4);
  g_assert_cmpuint (hf_thread_pool_executor_get_n_workers (HF_THREAD_POOL_EXECUTOR (executor)), ==,
                    4);
  hf_gate_open (&gate);
  hf_assert_becomes (has_no_workers, executor);
}

static void
test_max_workers (void)
{
  g_autoptr (HfExecutor) executor = hf_thread_pool_executor_new (7);
  guint max_workers;

  g_object_get (executor, "max-workers", &max_workers, NULL);
  g_assert_cmpuint (max_workers, ==, 7);
  g_assert_cmpuint (hf_thread_pool_executor_get_max_workers (HF_THREAD_POOL_EXECUTOR (executor)),
                    ==, 7);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dispatcher/priority", test_priority);
  g_test_add_func ("/dispatcher/turns", test_turns);
  g_test_add_func ("/dispatcher/withdraw", test_withdraw);
  g_test_add_func ("/dispatcher/many", test_many);
  g_test_add_data_func ("/executor/submit/thread-pool", GINT_TO_POINTER (TRUE), test_submit);
  g_test_add_data_func ("/executor/submit/inline", GINT_TO_POINTER (FALSE), test_submit);
  g_test_add_func ("/executor/close/drain", test_close_drain);
  g_test_add_data_func ("/executor/close/cancel-queued", GINT_TO_POINTER (HF_CLOSE_CANCEL_QUEUED),
                        test_close_cancels);
  g_test_add_data_func ("/executor/close/cancel-all", GINT_TO_POINTER (HF_CLOSE_CANCEL_ALL),
                        test_close_cancels);
  g_test_add_func ("/executor/close/refuses", test_closed_refuses);
  g_test_add_func ("/executor/close/async", test_close_async);
  g_test_add_func ("/executor/idle-workers", test_idle_workers);
  g_test_add_func ("/executor/max-workers", test_max_workers);
  return g_test_run ();
}
