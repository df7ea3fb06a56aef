/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-process-transport-private.h"

#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "hf-process-stream-private.h"
#include "hf-wire-response-private.h"

/* How long a worker may take to stop, in microseconds. */
#define MOST_FOR_STOPPING G_USEC_PER_SEC

/* So often a job that was not begun yet is given to another worker. */
#define MOST_STARTS 5

struct _HfProcessTransport {
  GObject parent_instance;

  HfSoupTransport *soup; /* owned, const: has the session's settings */
  HfProcessPool *pool;   /* a reference, const */
};

static void hf_process_transport_iface_init (HfTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (HfProcessTransport, hf_process_transport, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (HF_TYPE_TRANSPORT,
                                                      hf_process_transport_iface_init))

/* One hop in a worker, or the hooks of one response. */
typedef struct {
  HfHop *hop;                 /* not owned; NULL for hooks */
  GCancellable *cancellable;  /* not owned */
  HfWorkerProcess *worker;    /* owned; NULL when it was buried */
  gboolean started;           /* it has begun */
  gint64 stop_by;             /* monotonic: when it must have stopped; 0: it need not */

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

static GVariant *
pack_job (HfHop         *hop,
          GVariant      *config,
          int           *fd,
          GError       **error)
{
  g_auto (GVariantDict) values = G_VARIANT_DICT_INIT (NULL);
  g_autofree char *uri = g_uri_to_string (hop->uri);

  *fd = -1;
  if (hop->body != NULL && !hf_wire_pack_body (hop->body, &values, fd, error))
    return NULL;

  g_variant_dict_insert (&values, "method", "s", hop->method);
  g_variant_dict_insert (&values, "uri", "s", uri);
  g_variant_dict_insert_value (&values, "headers", hf_wire_pack_headers (hop->headers));
  g_variant_dict_insert_value (&values, "config", config);
  g_variant_dict_insert (&values, "max-body-size", "t", hop->max_body_size);
  g_variant_dict_insert (&values, "max-decompression-ratio", "u", hop->max_decompression_ratio);
  g_variant_dict_insert (&values, "streams", "b", hop->streams);
  return g_variant_ref_sink (g_variant_dict_end (&values));
}

/* The worker is of no use any more. */
static void
errand_bury (Errand *self,
             GError *failed)
{
  g_autoptr (HfWorkerProcess) worker = g_steal_pointer (&self->worker);

  self->error = hf_worker_process_bury (worker, failed);
  self->ended = TRUE;
  g_error_free (failed);
}

/* A worker reads at any time, so one that does not take something small is of no use. */
static void
errand_tell (Errand   *self,
             guint8    kind,
             GVariant *values)
{
  GError *failed = NULL;

  if (!hf_channel_send (self->worker->channel, kind, values, NULL, 0, MOST_FOR_STOPPING, NULL,
                        &failed))
    errand_bury (self, failed);
}

static void
errand_answer (Errand   *self,
               GVariant *values)
{
  g_auto (GVariantDict) answer = G_VARIANT_DICT_INIT (NULL);
  HfHeaders *headers = hf_wire_unpack_headers (values);
  guint status = 0;
  gboolean interim;

  g_variant_lookup (values, "status", "u", &status);
  interim = self->hop->observer->is_interim (self->hop, status, headers);
  hf_headers_unref (headers);
  g_variant_dict_insert (&answer, "interim", "b", interim);
  errand_tell (self, HF_FRAME_INTERIM, g_variant_dict_end (&answer));
}

static void
errand_take_response (Errand  *self,
                      HfFrame *frame)
{
  gboolean streams = FALSE;
  GError *failed = NULL;

  g_variant_lookup (frame->values, "streams", "b", &streams);
  self->response = hf_wire_unpack_response (frame, self->hop, &failed);
  if (self->response != NULL && streams && !self->hop->streams)
    g_clear_object (&self->response);
  if (self->response != NULL && streams)
    {
      int fd = hf_frame_take_fd (frame, 0);
      HfChannel *channel = fd >= 0 ? hf_channel_new (fd, &failed) : NULL;

      if (channel != NULL)
        self->response->stream = hf_process_stream_new (channel, self->worker, self->hop);
      else
        g_clear_object (&self->response);
    }

  self->ended = TRUE;
  if (self->response != NULL)
    return;
  if (failed != NULL && failed->domain == HF_ERROR)
    self->error = failed;
  else
    errand_bury (self, failed != NULL
                         ? failed
                         : g_error_new_literal (G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                                                "The stream is not there, or not wanted"));
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

/* Whether a worker may say that about what it does. */
static gboolean
errand_expects (Errand *self,
                guint8  kind)
{
  if (kind == HF_FRAME_STARTED || kind == HF_FRAME_FAILED)
    return TRUE;
  return (kind == HF_FRAME_OUTCOME) == (self->hop == NULL);
}

static void
errand_take_frame (Errand  *self,
                   HfFrame *frame)
{
  switch (errand_expects (self, frame->kind) ? frame->kind : 0)
    {
    case HF_FRAME_STARTED:
      self->started = TRUE;
      break;
    case HF_FRAME_OUTCOME:
      errand_take_outcome (self, frame);
      break;
    case HF_FRAME_EVENT:
      hf_wire_unpack_event (frame->values, self->hop);
      break;
    case HF_FRAME_ASK_INTERIM:
      errand_answer (self, frame->values);
      break;
    case HF_FRAME_RESPONSE:
      errand_take_response (self, frame);
      break;
    case HF_FRAME_FAILED:
      self->error = hf_wire_unpack_error (frame->values);
      self->ended = TRUE;
      break;
    default:
      errand_bury (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                                              "The kind of the message is not known"));
    }
}

/* Nothing came. */
static void
errand_take_failure (Errand *self,
                     GError *failed)
{
  if (self->stop_by != 0 || !g_error_matches (failed, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      errand_bury (self, failed);
      return;
    }

  /* The worker says when it has stopped, and is fine then. */
  g_error_free (failed);
  self->stop_by = g_get_monotonic_time () + MOST_FOR_STOPPING;
  errand_tell (self, HF_FRAME_CANCEL, g_variant_new ("a{sv}", NULL));
}

static gboolean
errand_receive (Errand   *self,
                HfFrame  *frame,
                GError  **error)
{
  gint64 left;

  if (self->stop_by == 0)
    return hf_channel_receive (self->worker->channel, frame, -1, self->cancellable, error);

  left = self->stop_by - g_get_monotonic_time ();
  if (left > 0)
    return hf_channel_receive (self->worker->channel, frame, left, NULL, error);

  /* Also when it has never been silent. */
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "It does not stop");
  return FALSE;
}

static void
errand_run (Errand   *self,
            GVariant *job,
            int       fd)
{
  const guint8 kind = self->hop != NULL ? HF_FRAME_JOB : HF_FRAME_HOOKS;
  GError *failed = NULL;

  if (!hf_channel_send (self->worker->channel, kind, job, &fd, fd >= 0 ? 1 : 0, -1,
                        self->cancellable, &failed))
    {
      errand_bury (self, failed);
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

/* Returns: %FALSE with @error set when the errand failed */
static gboolean
process_transport_run (HfProcessTransport  *self,
                       Errand              *errand,
                       GVariant            *job,
                       int                  fd,
                       GError             **error)
{
  for (guint i = 1;; i++)
    {
      errand->ended = FALSE;
      if (g_cancellable_set_error_if_cancelled (errand->cancellable, error))
        return FALSE;
      errand->worker = hf_process_pool_check_out (self->pool, errand->cancellable, error);
      if (errand->worker == NULL)
        return FALSE;

      errand_run (errand, job, fd);
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
  g_autoptr (GVariant) packed = NULL;
  g_autoptr (GVariant) job = NULL;
  Errand errand = { .hop = hop, .cancellable = cancellable };
  gboolean done;
  int fd;

  hf_hop_enter_phase (hop, HF_PHASE_CONNECTING);
  packed = hf_wire_pack_config (config, hop->uri, cancellable, error);
  if (packed == NULL)
    return NULL;
  job = pack_job (hop, packed, &fd, error);
  if (job == NULL)
    return NULL;

  done = process_transport_run (self, &errand, job, fd, error);
  if (fd >= 0)
    close (fd);
  return done ? errand.response : NULL;
}

/*
 * hf_process_transport_call_hooks:
 * @job: what a worker is to be told
 * @fd: a descriptor that goes along; -1: none
 *
 * Has hooks called by a worker process, blocking. The worker may not stop when it is told to; it is
 * ended then.
 *
 * Returns: (transfer full) (nullable): the outcome, see hf_wire_unpack_outcome()
 */
GVariant *
hf_process_transport_call_hooks (HfProcessTransport  *self,
                                 GVariant            *job,
                                 int                  fd,
                                 GCancellable        *cancellable,
                                 GError             **error)
{
  Errand errand = { .cancellable = cancellable };

  return process_transport_run (self, &errand, job, fd, error) ? errand.outcome : NULL;
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
  return HF_TRANSPORT (self);
}
