/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-thread-pool-executor.h"

#include "hf-executor-private.h"
#include "hf-worker-pool-private.h"

/**
 * HfThreadPoolExecutor:
 *
 * Runs requests, and functions given to [method@Executor.submit], on the threads of a
 * [struct@GLib.ThreadPool], one to a thread.
 *
 * Threads are started as they are needed and go back to GLib when they are idle. A thread that
 * waits for a future, in a response hook say, lends its place to another one, so there may be
 * more than [property@ThreadPoolExecutor:max-workers] threads while some of them wait.
 *
 * Since: 1.0
 */

#define DEFAULT_MAX_WORKERS 2

struct _HfThreadPoolExecutor {
  HfExecutor parent_instance;

  HfWorkerPool *pool; /* owned, const; for each job a token, which is a reference to this object */
  guint max_workers;  /* const */
};

struct _HfThreadPoolExecutorClass {
  HfExecutorClass parent_class;
};

enum {
  PROP_0,
  PROP_MAX_WORKERS,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (HfThreadPoolExecutor, hf_thread_pool_executor, HF_TYPE_EXECUTOR)

static void
spend_token (gpointer data)
{
  g_autoptr (HfExecutor) executor = data;

  hf_executor_run_next (executor);
}

static gboolean
hf_thread_pool_executor_wake (HfExecutor  *executor,
                              GError     **error)
{
  return hf_worker_pool_push (HF_THREAD_POOL_EXECUTOR (executor)->pool, g_object_ref (executor),
                              error);
}

static void
hf_thread_pool_executor_constructed (GObject *object)
{
  HfThreadPoolExecutor *self = HF_THREAD_POOL_EXECUTOR (object);

  G_OBJECT_CLASS (hf_thread_pool_executor_parent_class)->constructed (object);

  if (self->max_workers == 0) /* GObject has warned of an invalid one */
    self->max_workers = DEFAULT_MAX_WORKERS;
  self->pool = hf_worker_pool_new (self->max_workers, spend_token);
}

static void
hf_thread_pool_executor_finalize (GObject *object)
{
  HfThreadPoolExecutor *self = HF_THREAD_POOL_EXECUTOR (object);

  /* Every token has a reference, so none is left; this may run on one of the pool's threads. */
  hf_worker_pool_free (self->pool);

  G_OBJECT_CLASS (hf_thread_pool_executor_parent_class)->finalize (object);
}

static void
hf_thread_pool_executor_get_property (GObject    *object,
                                      guint       prop_id,
                                      GValue     *value,
                                      GParamSpec *pspec)
{
  HfThreadPoolExecutor *self = HF_THREAD_POOL_EXECUTOR (object);

  switch (prop_id)
    {
    case PROP_MAX_WORKERS:
      g_value_set_uint (value, self->max_workers);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
hf_thread_pool_executor_set_property (GObject      *object,
                                      guint         prop_id,
                                      const GValue *value,
                                      GParamSpec   *pspec)
{
  HfThreadPoolExecutor *self = HF_THREAD_POOL_EXECUTOR (object);

  switch (prop_id)
    {
    case PROP_MAX_WORKERS:
      self->max_workers = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
hf_thread_pool_executor_class_init (HfThreadPoolExecutorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  HfExecutorClass *executor_class = HF_EXECUTOR_CLASS (klass);

  object_class->constructed = hf_thread_pool_executor_constructed;
  object_class->finalize = hf_thread_pool_executor_finalize;
  object_class->get_property = hf_thread_pool_executor_get_property;
  object_class->set_property = hf_thread_pool_executor_set_property;
  executor_class->wake = hf_thread_pool_executor_wake;

  /**
   * HfThreadPoolExecutor:max-workers: (attributes org.gtk.Property.get=hf_thread_pool_executor_get_max_workers)
   *
   * How many requests run at the same time.
   *
   * Since: 1.0
   */
  props[PROP_MAX_WORKERS] =
    g_param_spec_uint ("max-workers", NULL, NULL, 1, G_MAXINT / 2, DEFAULT_MAX_WORKERS,
                       G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
hf_thread_pool_executor_init (HfThreadPoolExecutor *self)
{
}

/**
 * hf_thread_pool_executor_new:
 * @max_workers: how many requests run at the same time, at least 1
 *
 * Makes an executor on threads.
 *
 * Returns: (transfer full) (type HfThreadPoolExecutor): an executor
 *
 * Since: 1.0
 */
HfExecutor *
hf_thread_pool_executor_new (guint max_workers)
{
  g_return_val_if_fail (max_workers > 0 && max_workers <= G_MAXINT / 2, NULL);

  return g_object_new (HF_TYPE_THREAD_POOL_EXECUTOR, "max-workers", max_workers, NULL);
}

/**
 * hf_thread_pool_executor_get_max_workers:
 * @self: an executor
 *
 * Gives [property@ThreadPoolExecutor:max-workers].
 *
 * Returns: how many requests run at the same time
 *
 * Since: 1.0
 */
guint
hf_thread_pool_executor_get_max_workers (HfThreadPoolExecutor *self)
{
  g_return_val_if_fail (HF_IS_THREAD_POOL_EXECUTOR (self), 0);

  return self->max_workers;
}

/**
 * hf_thread_pool_executor_get_n_workers:
 * @self: an executor
 *
 * Counts the threads that the executor has now, busy or idle. Idle ones go away within a second.
 *
 * Returns: the number of threads
 *
 * Since: 1.0
 */
guint
hf_thread_pool_executor_get_n_workers (HfThreadPoolExecutor *self)
{
  g_return_val_if_fail (HF_IS_THREAD_POOL_EXECUTOR (self), 0);

  return hf_worker_pool_get_n_threads (self->pool);
}
