/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-process-pool-executor-private.h"

#include "hf-executor-private.h"
#include "hf-installed-private.h"
#include "hf-worker-pool-private.h"

/**
 * HfProcessPoolExecutor:
 *
 * Has requests sent by worker processes, one request to a process at a time.
 *
 * What servers answer is only read and decoded there. So a fault in that costs one request, whose
 * future fails with `HF_ERROR_WORKER_DIED`, and not the program; and the memory that it took goes
 * back to the system with the process. Large bodies come back without being copied.
 *
 * A session works as on threads, but for what cannot go to another process, such as a response
 * hook without a name: it fails with `HF_ERROR_NOT_SERIALIZABLE`. Functions that are given to
 * [method@Executor.submit] run in this process, on threads.
 *
 * Processes are started as they are needed, and ended when they have been idle for ten seconds,
 * when the executor was closed, or when this process has ended, however it did. They see of the
 * environment only what they need.
 *
 * Since: 1.0
 */

#define DEFAULT_MAX_WORKERS 2
#define DEFAULT_START_TIMEOUT 10.0 /* seconds */

struct _HfProcessPoolExecutor {
  HfExecutor parent_instance;

  HfWorkerPool *threads;     /* owned, const; for each job a token, which is a reference to this
                              * object. One thread waits for each process. */
  HfProcessPool *processes;  /* a reference, const */
  guint max_workers;         /* const */
  guint max_jobs;            /* const */
  GStrv worker_argv;         /* owned, const */
  double start_timeout;      /* const */
};

struct _HfProcessPoolExecutorClass {
  HfExecutorClass parent_class;
};

enum {
  PROP_0,
  PROP_MAX_WORKERS,
  PROP_MAX_JOBS_PER_PROCESS,
  PROP_WORKER_ARGV,
  PROP_START_TIMEOUT,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (HfProcessPoolExecutor, hf_process_pool_executor, HF_TYPE_EXECUTOR)

static void
spend_token (gpointer data)
{
  g_autoptr (HfExecutor) executor = data;

  hf_executor_run_next (executor);
}

static gboolean
hf_process_pool_executor_wake (HfExecutor  *executor,
                               GError     **error)
{
  return hf_worker_pool_push (HF_PROCESS_POOL_EXECUTOR (executor)->threads, g_object_ref (executor),
                              error);
}

static void
hf_process_pool_executor_end (gpointer data)
{
  g_autoptr (HfExecutor) self = data;

  hf_process_pool_close (HF_PROCESS_POOL_EXECUTOR (self)->processes);
}

static void
hf_process_pool_executor_constructed (GObject *object)
{
  HfProcessPoolExecutor *self = HF_PROCESS_POOL_EXECUTOR (object);

  G_OBJECT_CLASS (hf_process_pool_executor_parent_class)->constructed (object);

  if (self->max_workers == 0) /* GObject has warned of an invalid one */
    self->max_workers = DEFAULT_MAX_WORKERS;
  if (self->worker_argv == NULL || self->worker_argv[0] == NULL)
    {
      g_strfreev (self->worker_argv);
      self->worker_argv = g_new0 (char *, 2);
      self->worker_argv[0] = hf_find_installed ("hfutures-worker");
    }
  self->processes = hf_process_pool_new ((const char *const *) self->worker_argv, self->max_workers,
                                         self->max_jobs, self->start_timeout);
  self->threads = hf_worker_pool_new (self->max_workers, spend_token);
}

static void
hf_process_pool_executor_finalize (GObject *object)
{
  HfProcessPoolExecutor *self = HF_PROCESS_POOL_EXECUTOR (object);

  /* Every token has a reference, so none is left; this may run on one of the pool's threads. */
  hf_worker_pool_free (self->threads);
  hf_process_pool_close (self->processes);
  hf_process_pool_unref (self->processes);
  g_strfreev (self->worker_argv);

  G_OBJECT_CLASS (hf_process_pool_executor_parent_class)->finalize (object);
}

static void
hf_process_pool_executor_get_property (GObject    *object,
                                       guint       prop_id,
                                       GValue     *value,
                                       GParamSpec *pspec)
{
  HfProcessPoolExecutor *self = HF_PROCESS_POOL_EXECUTOR (object);

  switch (prop_id)
    {
    case PROP_MAX_WORKERS:
      g_value_set_uint (value, self->max_workers);
      break;
    case PROP_MAX_JOBS_PER_PROCESS:
      g_value_set_uint (value, self->max_jobs);
      break;
    case PROP_WORKER_ARGV:
      g_value_set_boxed (value, self->worker_argv);
      break;
    case PROP_START_TIMEOUT:
      g_value_set_double (value, self->start_timeout);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
hf_process_pool_executor_set_property (GObject      *object,
                                       guint         prop_id,
                                       const GValue *value,
                                       GParamSpec   *pspec)
{
  HfProcessPoolExecutor *self = HF_PROCESS_POOL_EXECUTOR (object);

  switch (prop_id)
    {
    case PROP_MAX_WORKERS:
      self->max_workers = g_value_get_uint (value);
      break;
    case PROP_MAX_JOBS_PER_PROCESS:
      self->max_jobs = g_value_get_uint (value);
      break;
    case PROP_WORKER_ARGV:
      self->worker_argv = g_value_dup_boxed (value);
      break;
    case PROP_START_TIMEOUT:
      self->start_timeout = g_value_get_double (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
hf_process_pool_executor_class_init (HfProcessPoolExecutorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  HfExecutorClass *executor_class = HF_EXECUTOR_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = hf_process_pool_executor_constructed;
  object_class->finalize = hf_process_pool_executor_finalize;
  object_class->get_property = hf_process_pool_executor_get_property;
  object_class->set_property = hf_process_pool_executor_set_property;
  executor_class->wake = hf_process_pool_executor_wake;
  executor_class->end = hf_process_pool_executor_end;

  /**
   * HfProcessPoolExecutor:max-workers: (attributes org.gtk.Property.get=hf_process_pool_executor_get_max_workers)
   *
   * How many requests run at the same time, each in a process of its own.
   *
   * Since: 1.0
   */
  props[PROP_MAX_WORKERS] =
    g_param_spec_uint ("max-workers", NULL, NULL, 1, G_MAXINT / 2, DEFAULT_MAX_WORKERS, flags);

  /**
   * HfProcessPoolExecutor:max-jobs-per-process: (attributes org.gtk.Property.get=hf_process_pool_executor_get_max_jobs_per_process)
   *
   * After how many requests, redirects counted, a process is ended and another one takes its place;
   * 0 is never.
   *
   * Since: 1.0
   */
  props[PROP_MAX_JOBS_PER_PROCESS] =
    g_param_spec_uint ("max-jobs-per-process", NULL, NULL, 0, G_MAXUINT, 0, flags);

  /**
   * HfProcessPoolExecutor:worker-argv: (attributes org.gtk.Property.get=hf_process_pool_executor_get_worker_argv)
   *
   * The program that is a worker process, and its arguments: the library’s own when none is given.
   * It has to call [func@Hf.worker_run].
   *
   * Since: 1.0
   */
  props[PROP_WORKER_ARGV] = g_param_spec_boxed ("worker-argv", NULL, NULL, G_TYPE_STRV, flags);

  /**
   * HfProcessPoolExecutor:start-timeout: (attributes org.gtk.Property.get=hf_process_pool_executor_get_start_timeout)
   *
   * How long a process may take to start, in seconds; 0 is no limit.
   *
   * Since: 1.0
   */
  props[PROP_START_TIMEOUT] =
    g_param_spec_double ("start-timeout", NULL, NULL, 0, G_MAXDOUBLE, DEFAULT_START_TIMEOUT, flags);

  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
hf_process_pool_executor_init (HfProcessPoolExecutor *self)
{
}

HfProcessPool *
hf_process_pool_executor_get_pool (HfProcessPoolExecutor *self)
{
  return self->processes;
}

/**
 * hf_process_pool_executor_new:
 * @max_workers: how many requests run at the same time, at least 1
 *
 * Makes an executor on processes.
 *
 * Returns: (transfer full) (type HfProcessPoolExecutor): an executor
 *
 * Since: 1.0
 */
HfExecutor *
hf_process_pool_executor_new (guint max_workers)
{
  g_return_val_if_fail (max_workers > 0 && max_workers <= G_MAXINT / 2, NULL);

  return g_object_new (HF_TYPE_PROCESS_POOL_EXECUTOR, "max-workers", max_workers, NULL);
}

/**
 * hf_process_pool_executor_get_max_workers:
 * @self: an executor
 *
 * Gives [property@ProcessPoolExecutor:max-workers].
 *
 * Returns: how many requests run at the same time
 *
 * Since: 1.0
 */
guint
hf_process_pool_executor_get_max_workers (HfProcessPoolExecutor *self)
{
  g_return_val_if_fail (HF_IS_PROCESS_POOL_EXECUTOR (self), 0);

  return self->max_workers;
}

/**
 * hf_process_pool_executor_get_max_jobs_per_process:
 * @self: an executor
 *
 * Gives [property@ProcessPoolExecutor:max-jobs-per-process].
 *
 * Returns: after how many requests a process is ended; 0 is never
 *
 * Since: 1.0
 */
guint
hf_process_pool_executor_get_max_jobs_per_process (HfProcessPoolExecutor *self)
{
  g_return_val_if_fail (HF_IS_PROCESS_POOL_EXECUTOR (self), 0);

  return self->max_jobs;
}

/**
 * hf_process_pool_executor_get_worker_argv:
 * @self: an executor
 *
 * Gives [property@ProcessPoolExecutor:worker-argv].
 *
 * Returns: (transfer none) (array zero-terminated=1): the program and its arguments, owned by @self
 *
 * Since: 1.0
 */
const char *const *
hf_process_pool_executor_get_worker_argv (HfProcessPoolExecutor *self)
{
  g_return_val_if_fail (HF_IS_PROCESS_POOL_EXECUTOR (self), NULL);

  return (const char *const *) self->worker_argv;
}

/**
 * hf_process_pool_executor_get_start_timeout:
 * @self: an executor
 *
 * Gives [property@ProcessPoolExecutor:start-timeout].
 *
 * Returns: how long a process may take to start, in seconds; 0 is no limit
 *
 * Since: 1.0
 */
double
hf_process_pool_executor_get_start_timeout (HfProcessPoolExecutor *self)
{
  g_return_val_if_fail (HF_IS_PROCESS_POOL_EXECUTOR (self), 0);

  return self->start_timeout;
}
