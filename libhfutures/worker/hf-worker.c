/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-worker.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "hf-layout-private.h"
#include "hf-proxy-delegate-private.h"
#include "hf-soup-transport-private.h"
#include "hf-wire-response-private.h"
#include "hf-worker-hooks-private.h"
#include "hf-worker-process-private.h"
#include "hf-worker-stream-private.h"

/*
 * What a worker process does: the main thread does one job after the other, another one hears
 * meanwhile what the parent wants, and each stream has one of its own. The process ends when the
 * parent closes the channels, or has ended itself.
 */

#define MOST_CONFIGS 8

typedef struct {
  HfChannel *channel;        /* owned; the main thread's */
  HfChannel *control;        /* owned; the other one's */
  HfSharedStatus *status;    /* written by the main thread */
  HfShardPool *pool;         /* owned */
  HfNamedHookFunc hook_func; /* nullable, const */
  gpointer hook_data;        /* const */
  GBytes *packed_config;     /* owned, nullable: what the parent has told last */
  GQueue configs;            /* of Config, the one that was used last first */

  GProxyResolver *resolver;  /* owned: asks the parent */
  GMutex asking;             /* as long as a question is not answered */
  gboolean in_hooks;         /* guarded by asking */
  GThread *thread;           /* const; the main one, only compared */

  GMutex lock;
  guint64 number;            /* guarded by lock: of the job that is done now */
  GCancellable *cancellable; /* owned, nullable; guarded by lock: of that */
  guint64 unwanted;          /* guarded by lock: the number of the job that was cancelled last */
} Worker;

typedef struct {
  GBytes *packed;             /* owned */
  HfConnectionConfig *config; /* owned */
} Config;

/* The parent is not there, so nobody needs this process. */
static void
leave (void)
{
  _exit (0);
}

static void
worker_tell (Worker   *self,
             guint8    kind,
             GVariant *values)
{
  if (!hf_channel_tell (self->channel, kind, values, -1, NULL))
    leave ();
}

/* What the parent says instead of a job, which it was asked for. */
static void
worker_hear (Worker  *self,
             guint8   kind,
             HfFrame *frame)
{
  if (!hf_channel_receive (self->channel, frame, -1, NULL, NULL) || frame->kind != kind)
    leave ();
}

static void
on_activity (HfHop *hop)
{
  Worker *self = hop->observer_data;

  hf_wire_write_status (self->status, hop);
  if (hf_shared_status_has_listener (self->status))
    worker_tell (self, HF_FRAME_NEWS, NULL);
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
  g_auto (HfFrame) answer = { 0 };
  g_autofree char *packed = NULL;
  gboolean interim = FALSE;

  if (status != SOUP_STATUS_UNAUTHORIZED && !hf_is_redirect (status, headers))
    return FALSE;

  g_variant_dict_insert (&question, "status", "u", status);
  packed = hf_wire_pack_headers (headers);
  g_variant_dict_insert (&question, "headers", "s", packed);
  worker_tell (self, HF_FRAME_ASK_INTERIM, g_variant_dict_end (&question));
  worker_hear (self, HF_FRAME_INTERIM, &answer);
  g_variant_lookup (answer.values, "interim", "b", &interim);
  return interim;
}

/* The parent asks the resolver that is meant for the job. Hooks have several threads ask. */
static char **
ask_for_proxies (const char  *uri,
                 gpointer     data,
                 GError     **error)
{
  Worker *self = data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->asking);
  g_auto (GVariantDict) question = G_VARIANT_DICT_INIT (NULL);
  g_auto (HfFrame) answer = { 0 };
  char **proxies;

  /* One of a session that a hook had, and that something has kept. */
  if (!self->in_hooks && g_thread_self () != self->thread)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "The hooks have returned");
      return NULL;
    }

  g_variant_dict_insert (&question, "uri", "s", uri);
  worker_tell (self, HF_FRAME_ASK_PROXIES, g_variant_dict_end (&question));
  worker_hear (self, HF_FRAME_PROXIES, &answer);
  if (g_variant_lookup (answer.values, "proxies", "^as", &proxies))
    return proxies;

  g_propagate_error (error, hf_wire_unpack_error (answer.values));
  return NULL;
}

static const HfHopObserver job_observer = {
  .phase = on_phase,
  .activity = on_activity,
  .is_interim = on_is_interim,
};

static void
worker_fail (Worker *self,
             GError *error)
{
  worker_tell (self, HF_FRAME_FAILED, hf_wire_pack_error (error));
  g_error_free (error);
}

static void
worker_respond (Worker     *self,
                HfHop      *hop,
                HfResponse *response)
{
  g_auto (HfFrame) frame = { .kind = HF_FRAME_RESPONSE };
  GError *error = NULL;
  GVariant *packed = hf_wire_pack_response (response, &frame, &error);

  if (packed == NULL)
    {
      worker_fail (self, error);
      return;
    }

  frame.values = g_variant_ref_sink (packed);
  if (response->stream != NULL)
    {
      int end;

      if (!hf_worker_stream_begin (response->stream, hop->n_announced, &end))
        leave ();
      hf_frame_add_fd (&frame, end);
    }
  if (!hf_channel_send (self->channel, &frame, -1, NULL, NULL))
    leave ();
}

static void
config_free (gpointer data)
{
  Config *config = data;

  g_bytes_unref (config->packed);
  hf_connection_config_unref (config->config);
  g_free (config);
}

static Config *
worker_unpack_config (Worker  *self,
                      GError **error)
{
  g_autoptr (GVariant) values =
    g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE_VARDICT, self->packed_config,
                                                  FALSE));
  HfConnectionConfig *unpacked = hf_wire_unpack_config (values, error);
  Config *config;

  if (unpacked == NULL)
    return NULL;

  unpacked->proxy_resolver = g_object_ref (self->resolver);
  config = g_new (Config, 1);
  *config = (Config){ g_bytes_ref (self->packed_config), unpacked };
  return config;
}

/* The same settings are the same object, else no connection would be used again. */
static HfConnectionConfig *
worker_find_config (Worker  *self,
                    GError **error)
{
  Config *config;

  if (self->packed_config == NULL)
    leave ();

  for (GList *l = self->configs.head; l != NULL; l = l->next)
    {
      config = l->data;
      if (g_bytes_equal (config->packed, self->packed_config))
        {
          g_queue_unlink (&self->configs, l);
          g_queue_push_head_link (&self->configs, l);
          return config->config;
        }
    }

  config = worker_unpack_config (self, error);
  if (config == NULL)
    return NULL;

  g_queue_push_head (&self->configs, config);
  if (self->configs.length > MOST_CONFIGS)
    config_free (g_queue_pop_tail (&self->configs));
  return config->config;
}

static gboolean
unpack_job (HfFrame  *frame,
            HfHop    *hop,
            GError  **error)
{
  g_autoptr (GVariant) body = g_variant_get_child_value (frame->values, 4);
  HfJobNumbers numbers;

  hf_frame_unpack_numbers (frame->values, numbers);
  hop->max_body_size = numbers.max_body_size;
  hop->max_decompression_ratio = numbers.max_decompression_ratio;
  hop->streams = numbers.streams;
  hop->method = g_intern_string (hf_frame_peek_text (frame->values, 1));
  hop->headers = hf_wire_unpack_headers (hf_frame_peek_text (frame->values, 3));
  hop->uri = g_uri_parse (hf_frame_peek_text (frame->values, 2), SOUP_HTTP_URI_FLAGS, error);
  return hop->uri != NULL && hf_wire_unpack_body (body, frame, &hop->body, error);
}

static void
worker_do_job (Worker       *self,
               HfFrame      *frame,
               GCancellable *cancellable)
{
  g_autoptr (HfResponse) response = NULL;
  HfConnectionConfig *config = NULL;
  HfHop hop = {
    .observer = &job_observer,
    .observer_data = self,
    .reader_observer = &hf_worker_stream_observer,
    .seals = TRUE,
  };
  GError *error = NULL;

  if (unpack_job (frame, &hop, &error))
    config = worker_find_config (self, &error);
  if (hop.streams)
    hop.reader = g_object_new (G_TYPE_OBJECT, NULL);
  if (config != NULL)
    response = hf_soup_transport_send_with (self->pool, config, &hop, cancellable, &error);
  if (response != NULL)
    worker_respond (self, &hop, response);
  else
    worker_fail (self, error);
  hf_hop_clear (&hop);
}

/* Returns: (transfer full): what cancels the job that begins */
static GCancellable *
worker_begin_job (Worker *self)
{
  GCancellable *cancellable = g_cancellable_new ();
  HfHop nothing = { .n_to_send = -1, .n_announced = -1 };
  guint64 number = hf_shared_status_get (self->status, asked);

  g_mutex_lock (&self->lock);
  self->number = number;
  self->cancellable = g_object_ref (cancellable);
  if (self->unwanted == number)
    g_cancellable_cancel (cancellable);
  g_mutex_unlock (&self->lock);

  hf_wire_write_status (self->status, &nothing);
  hf_shared_status_set (self->status, begun, number);
  return cancellable;
}

static void
worker_end_job (Worker *self)
{
  g_autoptr (GCancellable) cancellable = NULL;

  g_mutex_lock (&self->lock);
  cancellable = g_steal_pointer (&self->cancellable);
  g_mutex_unlock (&self->lock);
}

/* It is for the jobs from now on. */
static void
worker_take_config (Worker  *self,
                    HfFrame *frame)
{
  g_clear_pointer (&self->packed_config, g_bytes_unref);
  self->packed_config = g_steal_pointer (&frame->data);
}

/* When they have returned the parent does not answer any more. */
static void
worker_set_in_hooks (Worker   *self,
                     gboolean  in_hooks)
{
  g_mutex_lock (&self->asking);
  self->in_hooks = in_hooks;
  g_mutex_unlock (&self->asking);
}

static void
worker_do_hooks (Worker  *self,
                 HfFrame *frame)
{
  g_auto (HfFrame) outcome = { 0 };

  worker_set_in_hooks (self, TRUE);
  hf_worker_call_hooks (frame, self->resolver, self->hook_func, self->hook_data, &outcome);
  worker_set_in_hooks (self, FALSE);
  if (!hf_channel_send (self->channel, &outcome, -1, NULL, NULL))
    leave ();
}

static void
worker_take_job (Worker  *self,
                 HfFrame *frame)
{
  g_autoptr (GCancellable) cancellable = worker_begin_job (self);

  if (frame->kind == HF_FRAME_JOB)
    worker_do_job (self, frame, cancellable);
  else if (frame->kind == HF_FRAME_HOOKS)
    worker_do_hooks (self, frame);
  else
    leave ();
  worker_end_job (self);
}

/* A job is cancelled before it has begun, while it is done, or when it was done already. */
static void
worker_cancel (Worker  *self,
               guint64  number)
{
  g_autoptr (GCancellable) cancellable = NULL;

  g_mutex_lock (&self->lock);
  self->unwanted = number;
  if (self->number == number && self->cancellable != NULL)
    cancellable = g_object_ref (self->cancellable);
  g_mutex_unlock (&self->lock);
  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);
}

/* On a thread of its own. */
static gpointer
watch_control (gpointer data)
{
  Worker *self = data;

  for (;;)
    {
      g_auto (HfFrame) frame = { 0 };
      guint64 number = 0;

      if (!hf_channel_receive (self->control, &frame, -1, NULL, NULL) ||
          frame.kind != HF_FRAME_CANCEL)
        leave ();
      g_variant_lookup (frame.values, "number", "t", &number);
      worker_cancel (self, number);
    }
  return NULL;
}

/* Takes over what the parent has left for this process. Returns: whether it did */
static gboolean
worker_open (Worker *self)
{
  self->channel = hf_channel_new (HF_WORKER_FD, NULL);
  if (self->channel == NULL)
    return FALSE;

  fcntl (HF_WORKER_FD, F_SETFD, FD_CLOEXEC);
  fcntl (HF_WORKER_CONTROL_FD, F_SETFD, FD_CLOEXEC);
  self->control = hf_channel_new (HF_WORKER_CONTROL_FD, NULL);
  self->status = hf_shared_status_map (HF_WORKER_STATUS_FD);
  return self->control != NULL && self->status != NULL;
}

static int
worker_run (HfNamedHookFunc func,
            gpointer        func_data)
{
  Worker self = { .hook_func = func, .hook_data = func_data, .thread = g_thread_self () };

  prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  setvbuf (stdout, NULL, _IOLBF, BUFSIZ); /* leave() leaves nothing behind */
  signal (SIGPIPE, SIG_IGN);
  signal (SIGINT, SIG_IGN); /* a terminal sends it to all; the parent says what is to end */
  if (!worker_open (&self))
    {
      g_printerr ("%s: this is a worker process of libhfutures, to be started by a program\n",
                  g_get_prgname () != NULL ? g_get_prgname () : "worker");
      return 2;
    }

  hf_layout_settle ();
  self.pool = hf_shard_pool_new ();
  self.resolver = hf_proxy_delegate_new (ask_for_proxies, &self, NULL);
  g_mutex_init (&self.asking);
  g_mutex_init (&self.lock);
  hf_soup_transport_prepare ();
  g_thread_unref (g_thread_new ("hf-control", watch_control, &self));
  worker_tell (&self, HF_FRAME_HELLO, NULL);
  for (;;)
    {
      g_auto (HfFrame) frame = { 0 };

      if (!hf_channel_receive (self.channel, &frame, -1, NULL, NULL))
        leave ();
      if (frame.kind == HF_FRAME_CONFIG)
        worker_take_config (&self, &frame);
      else
        worker_take_job (&self, &frame);
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
 * hooks in that. @func is called on the thread that calls this.
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
