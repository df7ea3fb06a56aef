/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-worker.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hf-soup-transport-private.h"
#include "hf-wire-response-private.h"
#include "hf-worker-hooks-private.h"
#include "hf-worker-process-private.h"

/*
 * What a worker process does: the main thread hears what the parent says, another one does one job
 * after the other, and each stream has one of its own. The process ends when the parent closes the
 * channel, or has ended itself.
 */

#define MOST_CONFIGS 8

typedef struct {
  HfChannel *channel;         /* owned; received from by the main thread, sent to by the jobs' */
  GAsyncQueue *jobs;          /* owned; of HfFrame */
  HfShardPool *pool;          /* owned */
  HfNamedHookFunc hook_func;  /* nullable, const */
  gpointer hook_data;         /* const */
  GQueue configs;             /* of Config, the one that was used last first; the jobs' */

  GMutex lock;
  GCond answered;
  GCancellable *cancellable;  /* owned, nullable; guarded by lock: of the job that is done now */
  gboolean has_answer;        /* guarded by lock */
  gboolean interim;           /* guarded by lock: the answer */
} Worker;

typedef struct {
  GVariant *packed;           /* owned */
  HfConnectionConfig *config; /* owned */
} Config;

/* The parent is not there, so nobody needs this process. */
static void
leave (void)
{
  _exit (0);
}

static void
worker_tell (Worker    *self,
             guint8     kind,
             GVariant  *values,
             const int *fds,
             guint      n_fds)
{
  if (!hf_channel_send (self->channel, kind, values, fds, n_fds, -1, NULL, NULL))
    leave ();
}

static void
on_activity (HfHop *hop)
{
  worker_tell (hop->observer_data, HF_FRAME_EVENT, hf_wire_pack_event (hop), NULL, 0);
}

static void
on_phase (HfHop   *hop,
          HfPhase  phase)
{
  on_activity (hop);
}

/* Only the parent knows whether it will follow, or answer; but most answers are the last ones. */
static gboolean
on_is_interim (HfHop     *hop,
               guint      status,
               HfHeaders *headers)
{
  Worker *self = hop->observer_data;
  g_auto (GVariantDict) question = G_VARIANT_DICT_INIT (NULL);
  gboolean interim;

  if (status != SOUP_STATUS_UNAUTHORIZED && !hf_is_redirect (status, headers))
    return FALSE;

  g_mutex_lock (&self->lock);
  self->has_answer = FALSE;
  g_mutex_unlock (&self->lock);
  g_variant_dict_insert (&question, "status", "u", status);
  g_variant_dict_insert_value (&question, "headers", hf_wire_pack_headers (headers));
  worker_tell (self, HF_FRAME_ASK_INTERIM, g_variant_dict_end (&question), NULL, 0);

  g_mutex_lock (&self->lock);
  while (!self->has_answer)
    g_cond_wait (&self->answered, &self->lock);
  interim = self->interim;
  g_mutex_unlock (&self->lock);
  return interim;
}

static const HfHopObserver job_observer = {
  .phase = on_phase,
  .activity = on_activity,
  .is_interim = on_is_interim,
};

/* How far this thread's stream has come. */
static __thread guint64 stream_received;

static void
on_stream_activity (HfHop *hop)
{
  stream_received = hop->n_received;
}

static const HfHopObserver stream_observer = { .activity = on_stream_activity };

typedef struct {
  GInputStream *stream;    /* owned */
  HfChannel *channel;      /* owned */
  gint64 announced;
  GCancellable *unwanted;  /* owned: the parent reads no more */
  GCancellable *ended;     /* owned: it need not be watched any more */
} Streaming;

/* On a thread of its own: the parent never says anything about a stream, but closes it. */
static gpointer
watch_parent (gpointer data)
{
  Streaming *self = data;
  g_auto (HfFrame) frame = { 0 };

  hf_channel_receive (self->channel, &frame, -1, self->ended, NULL);
  g_cancellable_cancel (self->unwanted);
  return NULL;
}

/* How far the stream has come, besides other values. */
static GVariant *
pack_progress (Streaming    *self,
               GVariantDict *values)
{
  g_variant_dict_insert (values, "received", "t", stream_received);
  g_variant_dict_insert (values, "announced", "x", self->announced);
  return g_variant_dict_end (values);
}

static GVariant *
pack_block (Streaming *self,
            GBytes    *block)
{
  g_auto (GVariantDict) values = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert_value (&values, "data",
                               g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, block, TRUE));
  return pack_progress (self, &values);
}

static GVariant *
pack_end (Streaming *self,
          GError    *error)
{
  g_autoptr (GVariant) packed = error != NULL ? g_variant_ref_sink (hf_wire_pack_error (error))
                                              : NULL;
  g_auto (GVariantDict) values = G_VARIANT_DICT_INIT (packed);

  return pack_progress (self, &values);
}

/* On a thread of its own: reads a stream for the parent, as fast as that takes it. */
static gpointer
stream_to_parent (gpointer data)
{
  Streaming *self = data;
  GThread *watcher = g_thread_new ("hf-watcher", watch_parent, self);
  g_autoptr (GError) error = NULL;
  gboolean goes_on = TRUE;

  while (goes_on)
    {
      g_autoptr (GBytes) block =
        g_input_stream_read_bytes (self->stream, HF_WIRE_MOST_INLINE, self->unwanted, &error);

      goes_on = block != NULL && g_bytes_get_size (block) > 0;
      if (goes_on)
        goes_on = hf_channel_send (self->channel, HF_FRAME_DATA, pack_block (self, block), NULL, 0,
                                   -1, NULL, NULL);
      else
        hf_channel_send (self->channel, HF_FRAME_END, pack_end (self, error), NULL, 0, -1, NULL,
                         NULL);
    }

  g_cancellable_cancel (self->ended);
  g_thread_join (watcher);
  g_input_stream_close (self->stream, NULL, NULL);
  g_object_unref (self->stream);
  g_object_unref (self->unwanted);
  g_object_unref (self->ended);
  hf_channel_free (self->channel);
  g_free (self);
  return NULL;
}

static void
worker_begin_stream (Worker     *self,
                     HfHop      *hop,
                     HfResponse *response)
{
  g_auto (GVariantDict) values = G_VARIANT_DICT_INIT (NULL);
  Streaming *streaming = g_new0 (Streaming, 1);
  g_autoptr (GVariant) packed = NULL;
  int ends[2];
  int fd;

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
    leave ();

  streaming->stream = g_object_ref (response->stream);
  streaming->channel = hf_channel_new (ends[0], NULL);
  streaming->announced = hop->n_announced;
  streaming->unwanted = g_cancellable_new ();
  streaming->ended = g_cancellable_new ();
  packed = g_variant_ref_sink (hf_wire_pack_response (response, hop, &fd, NULL));
  g_variant_dict_init (&values, packed);
  g_variant_dict_insert (&values, "streams", "b", TRUE);
  worker_tell (self, HF_FRAME_RESPONSE, g_variant_dict_end (&values), &ends[1], 1);
  close (ends[1]);
  g_thread_unref (g_thread_new ("hf-stream", stream_to_parent, streaming));
}

static void
worker_fail (Worker *self,
             GError *error)
{
  worker_tell (self, HF_FRAME_FAILED, hf_wire_pack_error (error), NULL, 0);
  g_error_free (error);
}

static void
worker_respond (Worker     *self,
                HfHop      *hop,
                HfResponse *response)
{
  GError *error = NULL;
  GVariant *values;
  int fd;

  if (response->stream != NULL)
    {
      worker_begin_stream (self, hop, response);
      return;
    }

  values = hf_wire_pack_response (response, hop, &fd, &error);
  if (values == NULL)
    {
      worker_fail (self, error);
      return;
    }

  worker_tell (self, HF_FRAME_RESPONSE, values, &fd, fd >= 0 ? 1 : 0);
  if (fd >= 0)
    close (fd);
}

static void
config_free (gpointer data)
{
  Config *config = data;

  g_variant_unref (config->packed);
  hf_connection_config_unref (config->config);
  g_free (config);
}

/* The same settings are the same object, else no connection would be used again. */
static HfConnectionConfig *
worker_find_config (Worker    *self,
                    GVariant  *packed,
                    GError   **error)
{
  HfConnectionConfig *unpacked;
  Config *config;

  for (GList *l = self->configs.head; l != NULL; l = l->next)
    {
      config = l->data;
      if (g_variant_equal (config->packed, packed))
        {
          g_queue_unlink (&self->configs, l);
          g_queue_push_head_link (&self->configs, l);
          return config->config;
        }
    }

  unpacked = hf_wire_unpack_config (packed, error);
  if (unpacked == NULL)
    return NULL;

  config = g_new (Config, 1);
  *config = (Config){ g_variant_ref (packed), unpacked };
  g_queue_push_head (&self->configs, config);
  if (self->configs.length > MOST_CONFIGS)
    config_free (g_queue_pop_tail (&self->configs));
  return config->config;
}

static gboolean
unpack_hop (HfFrame  *frame,
            HfHop    *hop,
            GError  **error)
{
  const char *method = "GET";
  const char *uri = "";

  g_variant_lookup (frame->values, "method", "&s", &method);
  g_variant_lookup (frame->values, "uri", "&s", &uri);
  g_variant_lookup (frame->values, "max-body-size", "t", &hop->max_body_size);
  g_variant_lookup (frame->values, "max-decompression-ratio", "u", &hop->max_decompression_ratio);
  g_variant_lookup (frame->values, "streams", "b", &hop->streams);
  hop->method = g_intern_string (method);
  hop->headers = hf_wire_unpack_headers (frame->values);
  hop->uri = g_uri_parse (uri, SOUP_HTTP_URI_FLAGS, error);
  return hop->uri != NULL && hf_wire_unpack_body (frame, &hop->body, error);
}

static void
worker_do_job (Worker       *self,
               HfFrame      *frame,
               GCancellable *cancellable)
{
  g_autoptr (GVariant) packed =
    g_variant_lookup_value (frame->values, "config", G_VARIANT_TYPE_VARDICT);
  g_autoptr (HfResponse) response = NULL;
  HfConnectionConfig *config = NULL;
  HfHop hop = { .observer = &job_observer, .observer_data = self };
  GError *error = NULL;

  worker_tell (self, HF_FRAME_STARTED, g_variant_new ("a{sv}", NULL), NULL, 0);
  hop.reader = g_object_new (G_TYPE_OBJECT, NULL);
  hop.reader_observer = &stream_observer;
  if (packed != NULL && unpack_hop (frame, &hop, &error))
    config = worker_find_config (self, packed, &error);
  if (config != NULL)
    response = hf_soup_transport_send_with (self->pool, config, &hop, cancellable, &error);
  if (response != NULL)
    worker_respond (self, &hop, response);
  else if (error != NULL)
    worker_fail (self, error);
  else
    leave ();
  hf_hop_clear (&hop);
}

static gpointer
do_jobs (gpointer data)
{
  Worker *self = data;

  for (;;)
    {
      HfFrame *frame = g_async_queue_pop (self->jobs);
      g_autoptr (GCancellable) cancellable = NULL;

      g_mutex_lock (&self->lock);
      cancellable = g_object_ref (self->cancellable);
      g_mutex_unlock (&self->lock);
      if (frame->kind == HF_FRAME_JOB)
        worker_do_job (self, frame, cancellable);
      else if (!hf_worker_call_hooks (self->channel, frame, self->hook_func, self->hook_data))
        leave ();
      hf_frame_clear (frame);
      g_free (frame);
    }
  return NULL;
}

static void
worker_take_frame (Worker  *self,
                   HfFrame *frame)
{
  g_autoptr (GCancellable) before = NULL;

  switch (frame->kind)
    {
    case HF_FRAME_JOB:
    case HF_FRAME_HOOKS:
      g_mutex_lock (&self->lock);
      before = self->cancellable;
      self->cancellable = g_cancellable_new ();
      g_mutex_unlock (&self->lock);
      g_async_queue_push (self->jobs, g_memdup2 (frame, sizeof *frame));
      *frame = (HfFrame){ 0 };
      break;
    case HF_FRAME_CANCEL:
      g_cancellable_cancel (self->cancellable);
      break;
    case HF_FRAME_INTERIM:
      g_mutex_lock (&self->lock);
      self->has_answer = TRUE;
      self->interim = FALSE;
      g_variant_lookup (frame->values, "interim", "b", &self->interim);
      g_cond_signal (&self->answered);
      g_mutex_unlock (&self->lock);
      break;
    default:
      leave ();
    }
}

static int
worker_run (HfNamedHookFunc func,
            gpointer        func_data)
{
  Worker self = { .hook_func = func, .hook_data = func_data };

  prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  signal (SIGPIPE, SIG_IGN);
  signal (SIGINT, SIG_IGN); /* a terminal sends it to all; the parent says what is to end */
  self.channel = hf_channel_new (HF_WORKER_FD, NULL);
  if (self.channel == NULL)
    {
      g_printerr ("%s: this is a worker process of libhfutures, to be started by a program\n",
                  g_get_prgname () != NULL ? g_get_prgname () : "worker");
      return 2;
    }

  self.jobs = g_async_queue_new ();
  self.pool = hf_shard_pool_new ();
  g_mutex_init (&self.lock);
  g_cond_init (&self.answered);
  hf_soup_transport_prepare ();
  worker_tell (&self, HF_FRAME_HELLO, g_variant_new ("a{sv}", NULL), NULL, 0);
  g_thread_unref (g_thread_new ("hf-worker", do_jobs, &self));
  for (;;)
    {
      g_auto (HfFrame) frame = { 0 };

      if (!hf_channel_receive (self.channel, &frame, -1, NULL, NULL))
        leave ();
      worker_take_frame (&self, &frame);
    }
}

/**
 * hf_worker_run:
 *
 * Does what a worker process of [class@ProcessPoolExecutor] has to do, until its parent has ended
 * or needs it no more. For programs that are to be such a process, and do nothing else; the parent
 * starts them, with [property@ProcessPoolExecutor:worker-argv].
 *
 * Response hooks are those of modules, see [method@Request.add_named_response_hook].
 *
 * Returns: an exit status; it only returns when the process was not started by such an executor
 *
 * Since: 1.0
 */
int
hf_worker_run (void)
{
  return worker_run (NULL, NULL);
}

/**
 * hf_worker_run_with_hooks:
 * @func: (scope call) (closure user_data): who calls response hooks, by their names
 * @user_data: data for @func
 *
 * Does what [func@Hf.worker_run] does, and has response hooks called by a function, which may give
 * names whatever meaning it likes: so a worker process can be a program in another language, with
 * hooks in that. @func is called on a thread of its own.
 *
 * Returns: an exit status; it only returns when the process was not started by such an executor
 *
 * Since: 1.0
 */
int
hf_worker_run_with_hooks (HfNamedHookFunc func,
                          gpointer        user_data)
{
  g_return_val_if_fail (func != NULL, 2);

  return worker_run (func, user_data);
}
