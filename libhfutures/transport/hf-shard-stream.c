/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-shard-stream-private.h"

struct _HfShardStream {
  GInputStream parent_instance;

  /* Used by one thread at a time, as GInputStream sees to. */
  HfStreamedBody streamed;
  HfShardPool *pool;  /* a reference, const */
  HfShard *shard;     /* owned; NULL once it has been given back */
  GError *failed;     /* owned, nullable: why there is no more */
};

G_DEFINE_FINAL_TYPE (HfShardStream, hf_shard_stream, G_TYPE_INPUT_STREAM)

/* Gives the shard back, with a connection that can be used again if the body is @complete. */
static void
shard_stream_release (HfShardStream *self,
                      gboolean       complete)
{
  HfShard *shard = g_steal_pointer (&self->shard);
  g_autoptr (GCancellable) cancelled = NULL;
  g_autoptr (GUri) at = NULL;

  if (shard == NULL)
    return;

  /* libsoup would read the rest of the body to save the connection, however long that takes. */
  if (complete)
    at = g_uri_ref (soup_message_get_uri (self->streamed.message));
  else
    cancelled = g_cancellable_new ();
  if (cancelled != NULL)
    g_cancellable_cancel (cancelled);

  hf_shard_enter (shard);
  g_input_stream_close (self->streamed.source, cancelled, NULL);
  g_clear_object (&self->streamed.source);
  g_clear_object (&self->streamed.message);
  hf_shard_leave (shard);
  hf_shard_pool_check_in (self->pool, shard, at);
}

static gboolean
shard_stream_fail (HfShardStream  *self,
                   GError         *failed,
                   GError        **error)
{
  shard_stream_release (self, FALSE);
  self->failed = g_error_copy (failed);
  g_propagate_error (error, failed);
  return FALSE;
}

/* Reads what is there, or waits for it. */
static gboolean
shard_stream_fill (HfShardStream  *self,
                   GCancellable   *cancellable,
                   GError        **error)
{
  HfSoupBody *body = &self->streamed.body;
  GError *failed = NULL;
  gssize length = 0;
  void *space;
  gsize size;

  if (hf_soup_body_wants (body, &space, &size))
    {
      hf_shard_enter (self->shard);
      length = g_input_stream_read (self->streamed.source, space, size, cancellable, &failed);
      hf_shard_leave (self->shard);
    }

  if (length < 0 && g_error_matches (failed, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, failed);
      return FALSE;
    }
  if (length < 0 || (length > 0 && !hf_soup_body_took (body, length, &failed)))
    return shard_stream_fail (self, failed, error);
  if (length == 0 || body->buffer.over)
    {
      if (!hf_soup_body_check (body, &failed))
        return shard_stream_fail (self, failed, error);
      shard_stream_release (self, TRUE);
    }
  return TRUE;
}

/* When the last byte is known to have come, the connection is free at once: libsoup has only to
 * be told to look. */
static void
shard_stream_end_early (HfShardStream *self)
{
  if (self->shard != NULL && hf_soup_body_is_complete (&self->streamed.body) &&
      self->streamed.body.buffer.length == 0)
    shard_stream_fill (self, NULL, NULL);
}

static gssize
hf_shard_stream_read (GInputStream  *stream,
                      void          *buffer,
                      gsize          count,
                      GCancellable  *cancellable,
                      GError       **error)
{
  HfShardStream *self = HF_SHARD_STREAM (stream);
  gsize length;

  if (self->failed != NULL)
    {
      g_propagate_error (error, g_error_copy (self->failed));
      return -1;
    }
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return -1;

  while ((length = hf_soup_body_give (&self->streamed.body, buffer, count)) == 0 &&
         self->shard != NULL)
    if (!shard_stream_fill (self, cancellable, error))
      return -1;

  shard_stream_end_early (self);
  return length;
}

static gboolean
hf_shard_stream_close (GInputStream  *stream,
                       GCancellable  *cancellable,
                       GError       **error)
{
  shard_stream_release (HF_SHARD_STREAM (stream), FALSE);
  return TRUE;
}

static void
hf_shard_stream_finalize (GObject *object)
{
  HfShardStream *self = HF_SHARD_STREAM (object);

  shard_stream_release (self, FALSE);
  hf_streamed_body_clear (&self->streamed);
  hf_shard_pool_unref (self->pool);
  g_clear_error (&self->failed);

  G_OBJECT_CLASS (hf_shard_stream_parent_class)->finalize (object);
}

static void
hf_shard_stream_class_init (HfShardStreamClass *klass)
{
  GInputStreamClass *stream_class = G_INPUT_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = hf_shard_stream_finalize;
  stream_class->read_fn = hf_shard_stream_read;
  stream_class->close_fn = hf_shard_stream_close;
}

static void
hf_shard_stream_init (HfShardStream *self)
{
}

/*
 * hf_shard_stream_respond:
 * @sending: one whose headers are there
 * @source: (transfer full): the stream that libsoup gave for it
 * @shard: (transfer full): what sent it; not entered
 *
 * Returns: (transfer full): the response, with the stream of its body
 */
HfResponse *
hf_shard_stream_respond (HfSending    *sending,
                         GInputStream *source,
                         HfShardPool  *pool,
                         HfShard      *shard)
{
  HfShardStream *self = g_object_new (HF_TYPE_SHARD_STREAM, NULL);
  HfResponse *response = hf_streamed_body_take (&self->streamed, sending, source);

  self->pool = hf_shard_pool_ref (pool);
  self->shard = shard;
  shard_stream_end_early (self);
  response->stream = G_INPUT_STREAM (self);
  return response;
}
