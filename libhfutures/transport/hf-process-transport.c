/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-process-transport-private.h"

#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "hf-error-private.h"
#include "hf-packed-configs-private.h"
#include "hf-process-stream-private.h"
#include "hf-wire-response-private.h"

/* How long a worker may take to stop, in microseconds. */
#define MOST_FOR_STOPPING G_USEC_PER_SEC

/* So often a job that was not begun yet is given to another worker. */
#define MOST_STARTS 5

struct _HfProcessTransport {
  GObject parent_instance;

  HfSoupTransport *soup;    /* owned, const: has the session's settings */
  HfProcessPool *pool;      /* a reference, const */
  HfPackedConfigs *configs; /* owned, const */
};

static void hf_process_transport_iface_init (HfTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (HfProcessTransport, hf_process_transport, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (HF_TYPE_TRANSPORT,
                                                      hf_process_transport_iface_init))

/* One hop in a worker, or the hooks of one response. */
typedef struct {
  HfHop *hop;                /* not owned; NULL for hooks */
  GBytes *config;            /* not owned; NULL for hooks */
  GProxyResolver *proxies;   /* not owned, nullable: which to use; NULL: the system's */
  GCancellable *cancellable; /* not owned */
  HfProcessPool *pool;       /* not owned */
  HfWorkerProcess *worker;   /* owned; NULL when it was buried, or belongs to a stream */
  guint64 number;            /* of this job among those of the worker */
  gboolean started;          /* it has begun */
  gboolean interim;          /* there will be another answer, so this one is no stream */
  gboolean listens;          /* it says when something changes */
  gint64 stop_by;            /* monotonic: when it must have stopped; 0: it need not */

  gboolean ended;
  HfResponse *response;       /* owned, nullable */
  GVariant *outcome;          /* owned, nullable: of hooks */
  GError *error;              /* owned, nullable */
} Errand;

static void
hf_process_transport_finalize (GObject *object)
{
  HfProcessTransport *self = HF_PROCESS_TRANSPORT (object);

  g_object_unref (self->soup);
  hf_process_pool_unref (self->pool);
  hf_packed_configs_free (self->configs);

  G_OBJECT_CLASS (hf_process_transport_parent_class)->finalize (object);
}

static void
hf_process_transport_class_init (HfProcessTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = hf_process_transport_finalize;
}

static void
hf_process_transport_init (HfProcessTransport *self)
{
}

static gboolean
pack_job (HfHop    *hop,
          HfFrame  *job,
          GError  **error)
{
  const HfJobNumbers numbers = { hop->max_body_size, hop->max_decompression_ratio, hop->streams };
  GVariant *values[5];
  GVariant *body = hf_wire_pack_body (hop->body, job, error);

  if (body == NULL)
    return FALSE;

  values[0] = hf_frame_pack_numbers ("(tub)", numbers);
  values[1] = g_variant_new_string (hop->method);
  values[2] = g_variant_new_take_string (g_uri_to_string (hop->uri));
  values[3] = g_variant_new_take_string (hf_wire_pack_headers (hop->headers));
  values[4] = body;
  job->kind = HF_FRAME_JOB;
  job->values = g_variant_ref_sink (g_variant_new_tuple (values, G_N_ELEMENTS (values)));
  return TRUE;
}

/* Takes over what the worker shows. */
static void
errand_look (Errand *self)
{
  HfSharedStatus *status = self->worker->status;

  if (hf_shared_status_get (status, begun) != self->number)
    return;

  self->started = TRUE;
  if (self->hop != NULL)
    hf_wire_read_status (status, self->hop);
}

/* The worker is of no use any more. */
static void
errand_bury (Errand *self,
             GError *failed)
{
  errand_look (self);
  self->error = hf_process_pool_bury (self->pool, g_steal_pointer (&self->worker), failed);
  self->ended = TRUE;
  g_error_free (failed);
}

/* The worker has said what has no place here. */
static void
errand_refuse (Errand *self)
{
  errand_bury (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                                          "The message has no place here"));
}

/* A worker reads at any time, so one that does not take something small is of no use. */
static void
errand_tell (Errand    *self,
             HfChannel *channel,
             guint8     kind,
             GVariant  *values)
{
  GError *failed = NULL;

  if (!hf_channel_tell (channel, kind, values, MOST_FOR_STOPPING, &failed))
    errand_bury (self, failed);
}

static void
errand_tell_interim (Errand   *self,
                     GVariant *values)
{
  g_auto (GVariantDict) answer = G_VARIANT_DICT_INIT (NULL);
  const char *packed = "";
  HfHeaders *headers;
  guint status = 0;

  g_variant_lookup (values, "status", "u", &status);
  g_variant_lookup (values, "headers", "&s", &packed);
  if (strlen (packed) > HF_WIRE_MOST_HEADERS)
    {
      errand_refuse (self);
      return;
    }

  headers = hf_wire_unpack_headers (packed);
  self->interim = self->hop->observer->is_interim (self->hop, status, headers);
  hf_headers_unref (headers);
  g_variant_dict_insert (&answer, "interim", "b", self->interim);
  errand_tell (self, self->worker->channel, HF_FRAME_INTERIM, g_variant_dict_end (&answer));
}

/* The worker knows no resolver. What hooks ask for may be anywhere. */
static void
errand_tell_proxies (Errand   *self,
                     GVariant *values)
{
  GProxyResolver *resolver = self->proxies != NULL ? self->proxies
                                                   : g_proxy_resolver_get_default ();
  g_autofree char *uri = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) proxies = NULL;
  g_auto (GVariantDict) answer = G_VARIANT_DICT_INIT (NULL);

  if (self->hop != NULL)
    uri = g_uri_to_string_partial (self->hop->uri, G_URI_HIDE_USERINFO);
  else if (!g_variant_lookup (values, "uri", "s", &uri))
    uri = g_strdup ("");
  proxies = g_proxy_resolver_lookup (resolver, uri, self->cancellable, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
      !g_cancellable_is_cancelled (self->cancellable))
    error->code = G_IO_ERROR_FAILED; /* the resolver's own matter, and not that of the job */
  if (proxies != NULL)
    g_variant_dict_insert (&answer, "proxies", "^as", proxies);
  errand_tell (self, self->worker->channel, HF_FRAME_PROXIES,
               error != NULL ? hf_wire_pack_error (error) : g_variant_dict_end (&answer));
}

/* The stream of a response comes by a way of its own. */
static gboolean
errand_take_stream (Errand   *self,
                    HfFrame  *frame,
                    GError  **error)
{
  gboolean wanted = self->hop->streams && !self->interim;
  int fd = hf_frame_take_fd (frame, 0);
  HfChannel *channel;

  if (fd < 0 && !wanted)
    return TRUE;
  if (fd < 0 || !wanted)
    {
      if (fd >= 0)
        close (fd);
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           "The stream is not there, or not wanted");
      return FALSE;
    }

  channel = hf_channel_new (fd, error);
  if (channel == NULL)
    return FALSE;
  self->response->stream =
    hf_process_stream_new (channel, self->pool, g_steal_pointer (&self->worker), self->hop);
  return TRUE;
}

static void
errand_take_response (Errand  *self,
                      HfFrame *frame)
{
  GError *failed = NULL;

  self->ended = TRUE;
  self->response = hf_wire_unpack_response (frame->values, frame, self->hop, &failed);
  if (self->response != NULL && !errand_take_stream (self, frame, &failed))
    g_clear_object (&self->response);
  if (self->response != NULL)
    return;
  if (failed->domain == HF_ERROR)
    self->error = failed;
  else
    errand_bury (self, failed);
}

static void
errand_take_outcome (Errand  *self,
                     HfFrame *frame)
{
  GError *failed = NULL;

  self->outcome = hf_wire_receive_outcome (frame, &failed);
  self->ended = TRUE;
  if (self->outcome == NULL)
    errand_bury (self, failed);
}

static void
errand_take_error (Errand *self,
                   GError *error)
{
  /* Hooks may fail with whatever they like; but a hop is only stopped from here. */
  if (self->hop != NULL && self->stop_by == 0 &&
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_error_free (error);
      errand_refuse (self);
      return;
    }

  self->error = error;
  self->ended = TRUE;
}

/* Whether a worker may say that about what it does. */
static gboolean
errand_expects (Errand *self,
                guint8  kind)
{
  if (kind == HF_FRAME_FAILED || kind == HF_FRAME_ASK_PROXIES)
    return TRUE;
  return (kind == HF_FRAME_OUTCOME) == (self->hop == NULL);
}

static void
errand_take_frame (Errand  *self,
                   HfFrame *frame)
{
  errand_look (self);
  self->started = TRUE; /* also if it does not show so */
  switch (errand_expects (self, frame->kind) ? frame->kind : 0)
    {
    case HF_FRAME_OUTCOME:
      errand_take_outcome (self, frame);
      break;
    case HF_FRAME_NEWS:
      self->listens = FALSE;
      break;
    case HF_FRAME_ASK_INTERIM:
      errand_tell_interim (self, frame->values);
      break;
    case HF_FRAME_ASK_PROXIES:
      errand_tell_proxies (self, frame->values);
      break;
    case HF_FRAME_RESPONSE:
      errand_take_response (self, frame);
      break;
    case HF_FRAME_FAILED:
      errand_take_error (self, hf_wire_unpack_error (frame->values));
      break;
    default:
      errand_refuse (self);
    }
}

/* The worker says when it has stopped, and is fine then. */
static void
errand_stop (Errand *self)
{
  g_auto (GVariantDict) values = G_VARIANT_DICT_INIT (NULL);

  self->stop_by = g_get_monotonic_time () + MOST_FOR_STOPPING;
  g_variant_dict_insert (&values, "number", "t", self->number);
  errand_tell (self, self->worker->control, HF_FRAME_CANCEL, g_variant_dict_end (&values));
}

/* Nothing came. */
static void
errand_take_failure (Errand *self,
                     GError *failed)
{
  if (self->stop_by == 0 && g_error_matches (failed, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      errand_stop (self);
    }
  else if (self->stop_by == 0 && !self->listens &&
           g_error_matches (failed, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    {
      /* It takes longer, so somebody may want to know how far it has come. */
      self->listens = TRUE;
      hf_shared_status_listen (self->worker->status);
      errand_look (self);
    }
  else
    {
      errand_bury (self, failed);
      return;
    }
  g_error_free (failed);
}

static gboolean
errand_receive (Errand   *self,
                HfFrame  *frame,
                GError  **error)
{
  gint64 left;

  if (self->stop_by == 0 && self->listens)
    return hf_channel_receive (self->worker->channel, frame, -1, self->cancellable, error);

  /* To wait with a cancellable costs two system calls more, and this is not for long. */
  if (self->stop_by == 0)
    return !g_cancellable_set_error_if_cancelled (self->cancellable, error) &&
           hf_channel_receive (self->worker->channel, frame, HF_PROCESS_DELAY * G_USEC_PER_SEC,
                               NULL, error);

  left = self->stop_by - g_get_monotonic_time ();
  if (left > 0)
    return hf_channel_receive (self->worker->channel, frame, left, NULL, error);

  /* Also when it has never been silent. */
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "It does not stop");
  return FALSE;
}

/* A worker keeps what it was told. */
static gboolean
errand_send_config (Errand  *self,
                    GError **error)
{
  const HfFrame frame = { .kind = HF_FRAME_CONFIG, .data = self->config };

  if (self->config == NULL || self->config == self->worker->config)
    return TRUE;

  g_clear_pointer (&self->worker->config, g_bytes_unref);
  self->worker->config = g_bytes_ref (self->config);
  return hf_channel_send (self->worker->channel, &frame, -1, self->cancellable, error);
}

/* Half of a job may have gone, so the worker is of no use; but it may be no fault of it. */
static void
errand_give_up (Errand *self,
                GError *failed)
{
  g_autoptr (GError) cancelled =
    g_error_matches (failed, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? g_error_copy (failed) : NULL;

  errand_bury (self, failed);
  if (cancelled == NULL)
    return;

  g_clear_error (&self->error);
  self->error = g_steal_pointer (&cancelled);
}

static void
errand_run (Errand        *self,
            const HfFrame *job)
{
  GError *failed = NULL;

  self->number = ++self->worker->n_jobs;
  hf_shared_status_set (self->worker->status, asked, self->number);
  if (!errand_send_config (self, &failed) ||
      !hf_channel_send (self->worker->channel, job, -1, self->cancellable, &failed))
    {
      errand_give_up (self, failed);
      return;
    }

  while (!self->ended)
    {
      g_auto (HfFrame) frame = { 0 };

      if (errand_receive (self, &frame, &failed))
        errand_take_frame (self, &frame);
      else
        errand_take_failure (self, g_steal_pointer (&failed));
    }
}

/* Bodies do not count, they go as sealed bytes. */
static gboolean
errand_fits (Errand         *self,
             const HfFrame  *job,
             GError        **error)
{
  const HfFrame config = { .data = self->config };

  if (hf_frame_fits (job) && hf_frame_fits (&config))
    return TRUE;

  hf_init_i18n ();
  g_propagate_error (
    error, hf_error_new_not_serializable (_("More than 16 MiB of headers and parameters")));
  return FALSE;
}

/* Returns: %FALSE with @error set when the errand failed */
static gboolean
process_transport_run (HfProcessTransport  *self,
                       Errand              *errand,
                       const HfFrame       *job,
                       GError             **error)
{
  if (!errand_fits (errand, job, error))
    return FALSE;

  for (guint i = 1;; i++)
    {
      errand->pool = self->pool;
      errand->ended = FALSE;
      errand->listens = FALSE;
      errand->interim = FALSE;
      if (g_cancellable_set_error_if_cancelled (errand->cancellable, error))
        return FALSE;
      errand->worker = hf_process_pool_check_out (self->pool, errand->cancellable, error);
      if (errand->worker == NULL)
        return FALSE;

      errand_run (errand, job);
      if (errand->worker != NULL)
        hf_process_pool_check_in (self->pool, errand->worker);
      if (errand->error == NULL)
        return TRUE;

      /* A worker that died before it began has lost nothing; but it should have stopped. */
      if (errand->started || i == MOST_STARTS || g_cancellable_is_cancelled (errand->cancellable) ||
          !g_error_matches (errand->error, HF_ERROR, HF_ERROR_WORKER_DIED))
        {
          g_propagate_error (error, errand->error);
          return FALSE;
        }
      g_clear_error (&errand->error);
      errand->stop_by = 0;
    }
}

static HfResponse *
hf_process_transport_send (HfTransport   *transport,
                           HfHop         *hop,
                           GCancellable  *cancellable,
                           GError       **error)
{
  HfProcessTransport *self = HF_PROCESS_TRANSPORT (transport);
  g_autoptr (HfConnectionConfig) config = hf_soup_transport_ref_config (self->soup, hop);
  g_autoptr (GBytes) packed = NULL;
  g_auto (HfFrame) job = { 0 };
  Errand errand = { .hop = hop, .proxies = config->proxy_resolver, .cancellable = cancellable };

  hf_hop_enter_phase (hop, HF_PHASE_CONNECTING);
  packed = hf_packed_configs_pack (self->configs, config, error);
  if (packed == NULL || !pack_job (hop, &job, error))
    return NULL;

  errand.config = packed;
  return process_transport_run (self, &errand, &job, error) ? errand.response : NULL;
}

/* Returns: (transfer full): how connections are made as long as no request says otherwise */
HfConnectionConfig *
hf_process_transport_ref_session_config (HfProcessTransport *self)
{
  HfRequestData *nothing = hf_request_data_new ();
  HfHop hop = { .settings = nothing };
  HfConnectionConfig *config = hf_soup_transport_ref_config (self->soup, &hop);

  hf_request_data_unref (nothing);
  return config;
}

/*
 * hf_process_transport_call_hooks:
 * @job: what a worker is to be told
 *
 * Has hooks called by a worker process, blocking. The worker may not stop when it is told to; it is
 * ended then.
 *
 * Returns: (transfer full) (nullable): the outcome, see hf_wire_unpack_outcome()
 */
GVariant *
hf_process_transport_call_hooks (HfProcessTransport  *self,
                                 const HfFrame       *job,
                                 GCancellable        *cancellable,
                                 GError             **error)
{
  g_autoptr (HfConnectionConfig) config = hf_process_transport_ref_session_config (self);
  Errand errand = { .proxies = config->proxy_resolver, .cancellable = cancellable };

  return process_transport_run (self, &errand, job, error) ? errand.outcome : NULL;
}

static void
hf_process_transport_iface_init (HfTransportInterface *iface)
{
  iface->send = hf_process_transport_send;
}

/* Returns: (transfer full): how the connections of a hop are to be made */
HfConnectionConfig *
hf_process_transport_ref_config (HfProcessTransport *self,
                                 HfHop              *hop)
{
  return hf_soup_transport_ref_config (self->soup, hop);
}

/* Makes a transport for a session with the settings of another one. */
HfTransport *
hf_process_transport_new (HfSoupTransport *soup,
                          HfProcessPool   *pool)
{
  HfProcessTransport *self = g_object_new (HF_TYPE_PROCESS_TRANSPORT, NULL);

  self->soup = g_object_ref (soup);
  self->pool = hf_process_pool_ref (pool);
  self->configs = hf_packed_configs_new ();
  return HF_TRANSPORT (self);
}
