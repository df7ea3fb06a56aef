/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-process-stream-private.h"

#include "hf-wire-private.h"

struct _HfProcessStream {
  GInputStream parent_instance;

  /* Used by one thread at a time, as GInputStream sees to. */
  HfChannel *channel;       /* owned; NULL once there is no more */
  HfProcessPool *pool;      /* a reference, const */
  HfWorkerProcess *worker;  /* owned, with the channel: does nothing else meanwhile */
  HfHop hop;
  GBytes *block;            /* owned, nullable: what has come */
  gsize offset;             /* in the block: what comes before was given away */
  guint64 n_taken;          /* bytes that have come in all */
  GError *failed;           /* owned, nullable: why there is no more */
};

G_DEFINE_FINAL_TYPE (HfProcessStream, hf_process_stream, G_TYPE_INPUT_STREAM)

static void
process_stream_release (HfProcessStream *self)
{
  g_clear_pointer (&self->channel, hf_channel_free); /* the worker notices */
  if (self->worker != NULL)
    hf_process_pool_check_in (self->pool, g_steal_pointer (&self->worker));
}

static gsize
process_stream_give (HfProcessStream *self,
                     void            *buffer,
                     gsize            count)
{
  gsize size;
  const guint8 *data;
  gsize given;

  if (self->block == NULL)
    return 0;

  data = g_bytes_get_data (self->block, &size);
  given = MIN (count, size - self->offset);
  memcpy (buffer, data + self->offset, given);
  self->offset += given;
  if (self->offset == size)
    g_clear_pointer (&self->block, g_bytes_unref);
  return given;
}

/* The worker is of no use any more. */
static void
process_stream_bury (HfProcessStream *self,
                     const GError    *failed)
{
  self->failed = hf_process_pool_bury (self->pool, g_steal_pointer (&self->worker), failed);
  process_stream_release (self);
}

/* Returns: whether the frame is one of a stream's */
static gboolean
process_stream_take (HfProcessStream *self,
                     HfFrame         *frame)
{
  const char *domain;

  if (frame->kind == HF_FRAME_END)
    {
      hf_wire_unpack_progress (frame->values, &self->hop);
      if (g_variant_lookup (frame->values, "domain", "&s", &domain))
        self->failed = hf_wire_unpack_error (frame->values);
      process_stream_release (self);
      return TRUE;
    }

  if (frame->kind != HF_FRAME_DATA || frame->data == NULL)
    return FALSE;

  self->n_taken += g_bytes_get_size (frame->data);
  if (self->hop.max_body_size > 0 && self->n_taken > self->hop.max_body_size)
    {
      self->failed = hf_hop_new_too_large (&self->hop);
      process_stream_release (self);
      return TRUE;
    }

  self->block = g_steal_pointer (&frame->data);
  self->offset = 0;
  hf_wire_unpack_progress (frame->values, &self->hop);
  return TRUE;
}

/* Returns: %FALSE when the read was cancelled */
static gboolean
process_stream_fill (HfProcessStream  *self,
                     GCancellable     *cancellable,
                     GError          **error)
{
  g_autoptr (GError) failed = NULL;
  g_auto (HfFrame) frame = { 0 };

  if (hf_channel_receive (self->channel, &frame, -1, cancellable, &failed) &&
      process_stream_take (self, &frame))
    return TRUE;
  if (g_error_matches (failed, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&failed));
      return FALSE;
    }

  process_stream_bury (self, failed);
  return TRUE;
}

static gssize
hf_process_stream_read (GInputStream  *stream,
                        void          *buffer,
                        gsize          count,
                        GCancellable  *cancellable,
                        GError       **error)
{
  HfProcessStream *self = HF_PROCESS_STREAM (stream);
  gsize length;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return -1;

  while ((length = process_stream_give (self, buffer, count)) == 0 && self->channel != NULL)
    if (!process_stream_fill (self, cancellable, error))
      return -1;

  if (length == 0 && self->failed != NULL)
    {
      g_propagate_error (error, g_error_copy (self->failed));
      return -1;
    }
  return length;
}

static gboolean
hf_process_stream_close (GInputStream  *stream,
                         GCancellable  *cancellable,
                         GError       **error)
{
  process_stream_release (HF_PROCESS_STREAM (stream));
  return TRUE;
}

static void
hf_process_stream_finalize (GObject *object)
{
  HfProcessStream *self = HF_PROCESS_STREAM (object);

  process_stream_release (self);
  hf_process_pool_unref (self->pool);
  hf_hop_clear (&self->hop);
  g_clear_pointer (&self->block, g_bytes_unref);
  g_clear_error (&self->failed);

  G_OBJECT_CLASS (hf_process_stream_parent_class)->finalize (object);
}

static void
hf_process_stream_class_init (HfProcessStreamClass *klass)
{
  GInputStreamClass *stream_class = G_INPUT_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = hf_process_stream_finalize;
  stream_class->read_fn = hf_process_stream_read;
  stream_class->close_fn = hf_process_stream_close;
}

static void
hf_process_stream_init (HfProcessStream *self)
{
}

/*
 * hf_process_stream_new:
 * @channel: (transfer full): where it comes from
 * @pool: whose worker it is
 * @worker: (transfer full): who sends it
 */
GInputStream *
hf_process_stream_new (HfChannel       *channel,
                       HfProcessPool   *pool,
                       HfWorkerProcess *worker,
                       const HfHop     *hop)
{
  HfProcessStream *self = g_object_new (HF_TYPE_PROCESS_STREAM, NULL);

  self->channel = channel;
  self->pool = hf_process_pool_ref (pool);
  self->worker = worker;
  hf_hop_init_for_reader (&self->hop, hop);
  return G_INPUT_STREAM (self);
}
