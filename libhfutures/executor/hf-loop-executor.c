/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-loop-executor.h"

#include "hf-executor-private.h"
#include "hf-loop-private.h"
#include "hf-worker-pool-private.h"

/**
 * HfLoopExecutor:
 *
 * Runs requests asynchronously, many at a time on each of a few threads.
 *
 * Threads are right for tens of requests at a time, loops for thousands: a request that waits for
 * its server costs no thread here. The limit is [property@LoopExecutor:max-in-flight].
 *
 * With [property@LoopExecutor:context] the requests run in a main context of the application's,
 * which the application iterates, and no thread is made. A [class@Soup.Session] that belongs to
 * that context then sends them itself, with its cache and its features. The thread that iterates
 * the context must not block in a wait for such a request: the wait fails with
 * `HF_ERROR_WOULD_BLOCK` at once.
 *
 * Response hooks and functions given to [method@Executor.submit] do not run in the loops, where
 * they would hold up all requests, but on a few threads besides; with
 * [property@LoopExecutor:context] they run in that context.
 *
 * Since: 1.0
 */

#define DEFAULT_MAX_IN_FLIGHT 256
#define MOST_THREADS_BY_DEFAULT 4
#define N_HELPERS 4 /* threads for hooks and functions; more while some of them wait */

typedef struct {
  HfLoop *loop;      /* owned, const */
  guint n_in_flight; /* guarded by the executor's lock */
  gboolean started;  /* guarded by the executor's lock */
} HfPlace;

struct _HfLoopExecutor {
  HfExecutor parent_instance;

  guint n_threads;        /* const; 0 with a context of the user's */
  HfHome *home;           /* owned, const, nullable: the user's context */
  HfClock *clock;         /* owned, const, nullable: in the user's context */
  HfWorkerPool *helpers;  /* owned, const, nullable: where hooks and functions run */
  HfPlace *places;        /* owned; one for each loop */
  guint n_places;         /* const */

  GMutex lock;
  guint max_in_flight;    /* guarded by lock */
  guint n_in_flight;      /* guarded by lock: tokens that were given to loops, and their jobs */
  guint n_waiting;        /* guarded by lock: tokens that were not */
};

struct _HfLoopExecutorClass {
  HfExecutorClass parent_class;
};

/* What a loop is given to begin a job: a reference to the executor, and where. */
typedef struct {
  HfLoopExecutor *executor; /* owned */
  HfPlace *place;
} HfToken;

typedef struct {
  GDestroyNotify func;
  gpointer data;
} HfCall;

enum {
  PROP_0,
  PROP_N_THREADS,
  PROP_MAX_IN_FLIGHT,
  PROP_CONTEXT,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (HfLoopExecutor, hf_loop_executor, HF_TYPE_EXECUTOR)

static void
spend_token (gpointer data)
{
  HfToken token = *(HfToken *) data;

  g_free (data);
  if (!hf_executor_begin_next (HF_EXECUTOR (token.executor), token.place))
    HF_EXECUTOR_GET_CLASS (token.executor)->left (HF_EXECUTOR (token.executor), token.place);
  g_object_unref (token.executor);
}

/* Returns: (nullable): the loop with the least to do that runs, or can be started */
static HfPlace *
choose_place_locked (HfLoopExecutor  *self,
                     GError         **error)
{
  HfPlace *chosen = NULL;

  for (guint i = 0; i < self->n_places; i++)
    {
      HfPlace *place = &self->places[i];

      if (chosen != NULL && place->n_in_flight >= chosen->n_in_flight)
        continue;
      g_clear_error (error);
      if (!place->started)
        place->started = hf_loop_start (place->loop, error);
      if (place->started)
        chosen = place;
    }

  if (chosen != NULL)
    g_clear_error (error);
  return chosen;
}

/* Gives tokens to loops as far as the limit allows. Each has a reference that was taken before. */
static gboolean
give_tokens_locked (HfLoopExecutor  *self,
                    GError         **error)
{
  while (self->n_waiting > 0 && self->n_in_flight < self->max_in_flight)
    {
      HfPlace *place = choose_place_locked (self, error);
      HfToken *token;

      if (place == NULL)
        return FALSE;

      self->n_waiting--;
      self->n_in_flight++;
      place->n_in_flight++;
      token = g_new (HfToken, 1);
      *token = (HfToken){ self, place };
      hf_loop_give_token (place->loop, token);
    }
  return TRUE;
}

static gboolean
hf_loop_executor_wake (HfExecutor  *executor,
                       GError     **error)
{
  HfLoopExecutor *self = g_object_ref (HF_LOOP_EXECUTOR (executor));
  gboolean fine;

  g_mutex_lock (&self->lock);
  self->n_waiting++;
  fine = give_tokens_locked (self, error);
  if (!fine)
    self->n_waiting--;
  g_mutex_unlock (&self->lock);

  if (!fine)
    g_object_unref (self);
  return fine;
}

static void
hf_loop_executor_left (HfExecutor *executor,
                       gpointer    place)
{
  HfLoopExecutor *self = HF_LOOP_EXECUTOR (executor);

  g_mutex_lock (&self->lock);
  self->n_in_flight--;
  ((HfPlace *) place)->n_in_flight--;
  give_tokens_locked (self, NULL); /* the loop that was left runs */
  g_mutex_unlock (&self->lock);
}

static void
make_call (gpointer data)
{
  HfCall call = *(HfCall *) data;

  g_free (data);
  call.func (call.data);
}

static gboolean
make_call_in_context (gpointer data)
{
  make_call (g_memdup2 (data, sizeof (HfCall)));
  return G_SOURCE_REMOVE;
}

static gboolean
hf_loop_executor_call (HfExecutor      *executor,
                       GDestroyNotify   func,
                       gpointer         data,
                       GError         **error)
{
  HfLoopExecutor *self = HF_LOOP_EXECUTOR (executor);
  HfCall *call = g_new (HfCall, 1);
  g_autoptr (GSource) source = NULL;

  *call = (HfCall){ func, data };
  if (self->helpers != NULL)
    return hf_worker_pool_push (self->helpers, call, error);

  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "libhfutures hooks");
  g_source_set_callback (source, make_call_in_context, call, g_free);
  g_source_attach (source, hf_home_get_context (self->home));
  return TRUE;
}

static HfHome *
hf_loop_executor_get_home (HfExecutor *executor)
{
  return HF_LOOP_EXECUTOR (executor)->home;
}

static HfClock *
hf_loop_executor_get_clock (HfExecutor *executor)
{
  HfLoopExecutor *self = HF_LOOP_EXECUTOR (executor);

  return self->clock != NULL ? self->clock : hf_clock_get_default ();
}

static void
hf_loop_executor_constructed (GObject *object)
{
  HfLoopExecutor *self = HF_LOOP_EXECUTOR (object);
  GMainContext *context = NULL;

  G_OBJECT_CLASS (hf_loop_executor_parent_class)->constructed (object);

  if (self->home != NULL)
    {
      context = hf_home_get_context (self->home);
      self->clock = hf_clock_new_in_context (context);
      self->n_threads = 0;
    }
  else
    {
      self->helpers = hf_worker_pool_new (N_HELPERS, make_call);
      if (self->n_threads == 0)
        self->n_threads = MIN (g_get_num_processors (), MOST_THREADS_BY_DEFAULT);
    }

  self->n_places = MAX (self->n_threads, 1);
  self->places = g_new0 (HfPlace, self->n_places);
  for (guint i = 0; i < self->n_places; i++)
    self->places[i].loop = hf_loop_new (context, spend_token);
}

static void
hf_loop_executor_finalize (GObject *object)
{
  HfLoopExecutor *self = HF_LOOP_EXECUTOR (object);

  /* Every token has a reference, so none is left; this may run on one of the loops. */
  for (guint i = 0; i < self->n_places; i++)
    hf_loop_quit (self->places[i].loop);
  g_free (self->places);
  g_clear_pointer (&self->helpers, hf_worker_pool_free);
  g_clear_pointer (&self->clock, hf_clock_free);
  g_clear_pointer (&self->home, hf_home_unref);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (hf_loop_executor_parent_class)->finalize (object);
}

static void
hf_loop_executor_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  HfLoopExecutor *self = HF_LOOP_EXECUTOR (object);

  switch (prop_id)
    {
    case PROP_N_THREADS:
      g_value_set_uint (value, self->n_threads);
      break;
    case PROP_MAX_IN_FLIGHT:
      g_value_set_uint (value, hf_loop_executor_get_max_in_flight (self));
      break;
    case PROP_CONTEXT:
      g_value_set_boxed (value, hf_loop_executor_get_context (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
hf_loop_executor_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  HfLoopExecutor *self = HF_LOOP_EXECUTOR (object);

  switch (prop_id)
    {
    case PROP_N_THREADS:
      self->n_threads = g_value_get_uint (value);
      break;
    case PROP_MAX_IN_FLIGHT:
      hf_loop_executor_set_max_in_flight (self, g_value_get_uint (value));
      break;
    case PROP_CONTEXT:
      if (g_value_get_boxed (value) != NULL)
        self->home = hf_home_new (g_value_get_boxed (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
hf_loop_executor_class_init (HfLoopExecutorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  HfExecutorClass *executor_class = HF_EXECUTOR_CLASS (klass);
  const GParamFlags construct_only = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY |
                                     G_PARAM_STATIC_STRINGS;

  object_class->constructed = hf_loop_executor_constructed;
  object_class->finalize = hf_loop_executor_finalize;
  object_class->get_property = hf_loop_executor_get_property;
  object_class->set_property = hf_loop_executor_set_property;
  executor_class->wake = hf_loop_executor_wake;
  executor_class->left = hf_loop_executor_left;
  executor_class->call = hf_loop_executor_call;
  executor_class->get_home = hf_loop_executor_get_home;
  executor_class->get_clock = hf_loop_executor_get_clock;

  /**
   * HfLoopExecutor:n-threads: (attributes org.gtk.Property.get=hf_loop_executor_get_n_threads)
   *
   * How many threads there are, each with a loop. They are started when there is first something to
   * do, and end with the executor. 0 when it is made stands for the number of processors, but not
   * more than four. Of no effect with [property@LoopExecutor:context]: then there are none.
   *
   * Since: 1.0
   */
  props[PROP_N_THREADS] = g_param_spec_uint ("n-threads", NULL, NULL, 0, 1024, 0, construct_only);

  /**
   * HfLoopExecutor:max-in-flight: (attributes org.gtk.Property.get=hf_loop_executor_get_max_in_flight org.gtk.Property.set=hf_loop_executor_set_max_in_flight)
   *
   * How many requests run at the same time, over all threads. Others wait in the queue. A change
   * holds at once; requests that run are not stopped by it.
   *
   * Each running request has a connection, so a file descriptor.
   *
   * Since: 1.0
   */
  props[PROP_MAX_IN_FLIGHT] =
    g_param_spec_uint ("max-in-flight", NULL, NULL, 1, G_MAXINT, DEFAULT_MAX_IN_FLIGHT,
                       G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_EXPLICIT_NOTIFY |
                         G_PARAM_STATIC_STRINGS);

  /**
   * HfLoopExecutor:context: (attributes org.gtk.Property.get=hf_loop_executor_get_context)
   *
   * The main context in which requests run, or %NULL for threads of the executor's own. The
   * executor is made on the thread that iterates it.
   *
   * Since: 1.0
   */
  props[PROP_CONTEXT] =
    g_param_spec_boxed ("context", NULL, NULL, G_TYPE_MAIN_CONTEXT, construct_only);

  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
hf_loop_executor_init (HfLoopExecutor *self)
{
  g_mutex_init (&self->lock);
}

/**
 * hf_loop_executor_new:
 * @n_threads: how many threads, 1024 at most; 0: as many as there are processors, 4 at most
 *
 * Makes an executor on loops of its own.
 *
 * Returns: (transfer full) (type HfLoopExecutor): an executor
 *
 * Since: 1.0
 */
HfExecutor *
hf_loop_executor_new (guint n_threads)
{
  g_return_val_if_fail (n_threads <= 1024, NULL);

  return g_object_new (HF_TYPE_LOOP_EXECUTOR, "n-threads", n_threads, NULL);
}

/**
 * hf_loop_executor_new_for_context:
 * @context: (nullable): the context that this thread iterates; %NULL for its thread-default one
 *
 * Makes an executor in a main context of the application's.
 *
 * Returns: (transfer full) (type HfLoopExecutor): an executor
 *
 * Since: 1.0
 */
HfExecutor *
hf_loop_executor_new_for_context (GMainContext *context)
{
  g_autoptr (GMainContext) own = context != NULL ? g_main_context_ref (context)
                                                 : g_main_context_ref_thread_default ();

  return g_object_new (HF_TYPE_LOOP_EXECUTOR, "context", own, NULL);
}

/**
 * hf_loop_executor_get_n_threads:
 * @self: an executor
 *
 * Gives [property@LoopExecutor:n-threads].
 *
 * Returns: how many threads there are; 0 with a context of the application's
 *
 * Since: 1.0
 */
guint
hf_loop_executor_get_n_threads (HfLoopExecutor *self)
{
  g_return_val_if_fail (HF_IS_LOOP_EXECUTOR (self), 0);

  return self->n_threads;
}

/**
 * hf_loop_executor_get_max_in_flight:
 * @self: an executor
 *
 * Gives [property@LoopExecutor:max-in-flight].
 *
 * Returns: how many requests run at the same time
 *
 * Since: 1.0
 */
guint
hf_loop_executor_get_max_in_flight (HfLoopExecutor *self)
{
  guint max_in_flight;

  g_return_val_if_fail (HF_IS_LOOP_EXECUTOR (self), 0);

  g_mutex_lock (&self->lock);
  max_in_flight = self->max_in_flight;
  g_mutex_unlock (&self->lock);
  return max_in_flight;
}

/**
 * hf_loop_executor_set_max_in_flight:
 * @self: an executor
 * @max_in_flight: how many requests run at the same time, at least 1
 *
 * Sets [property@LoopExecutor:max-in-flight].
 *
 * Since: 1.0
 */
void
hf_loop_executor_set_max_in_flight (HfLoopExecutor *self,
                                    guint           max_in_flight)
{
  gboolean changed;

  g_return_if_fail (HF_IS_LOOP_EXECUTOR (self));
  g_return_if_fail (max_in_flight > 0 && max_in_flight <= G_MAXINT);

  g_mutex_lock (&self->lock);
  changed = self->max_in_flight != max_in_flight;
  self->max_in_flight = max_in_flight;
  give_tokens_locked (self, NULL);
  g_mutex_unlock (&self->lock);

  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MAX_IN_FLIGHT]);
}

/**
 * hf_loop_executor_get_context:
 * @self: an executor
 *
 * Gives [property@LoopExecutor:context].
 *
 * Returns: (transfer none) (nullable): the context, owned by @self; %NULL when the executor has
 *   threads of its own
 *
 * Since: 1.0
 */
GMainContext *
hf_loop_executor_get_context (HfLoopExecutor *self)
{
  g_return_val_if_fail (HF_IS_LOOP_EXECUTOR (self), NULL);

  return self->home != NULL ? hf_home_get_context (self->home) : NULL;
}
