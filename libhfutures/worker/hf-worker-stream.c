/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-worker-stream-private.h"

#include <sys/socket.h>

#include "hf-channel-private.h"
#include "hf-wire-private.h"

/* What a worker process reads for its parent while that takes it. */

/* How far this thread's stream has come. */
static __thread guint64 stream_received;

static void
on_stream_activity (HfHop *hop)
{
  stream_received = hop->n_received;
}

const HfHopObserver hf_worker_stream_observer = { .activity = on_stream_activity };

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

/* Sends some of the stream, or its end, and how far it has come. Returns: whether that has gone */
static gboolean
streaming_send (Streaming *self,
                guint8     kind,
                GBytes    *block,
                GError    *error)
{
  g_autoptr (GVariant) packed = error != NULL ? g_variant_ref_sink (hf_wire_pack_error (error))
                                              : NULL;
  GVariantDict values = G_VARIANT_DICT_INIT (packed);
  g_auto (HfFrame) frame = { .kind = kind };

  g_variant_dict_insert (&values, "received", "t", stream_received);
  g_variant_dict_insert (&values, "announced", "x", self->announced);
  frame.values = g_variant_ref_sink (g_variant_dict_end (&values));
  if (block != NULL)
    frame.data = g_bytes_ref (block);
  return hf_channel_send (self->channel, &frame, -1, NULL, NULL);
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
        goes_on = streaming_send (self, HF_FRAME_DATA, block, NULL);
      else
        streaming_send (self, HF_FRAME_END, NULL, error);
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

/*
 * hf_worker_stream_begin:
 * @announced: how many bytes it will have; negative: not known
 * @end: (out): where the parent will read it, a descriptor that the caller closes
 *
 * Begins to read a stream for the parent.
 *
 * Returns: whether that is possible
 */
gboolean
hf_worker_stream_begin (GInputStream *stream,
                        gint64        announced,
                        int          *end)
{
  Streaming *self;
  int ends[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
    return FALSE;

  self = g_new0 (Streaming, 1);
  self->stream = g_object_ref (stream);
  self->channel = hf_channel_new (ends[0], NULL);
  self->announced = announced;
  self->unwanted = g_cancellable_new ();
  self->ended = g_cancellable_new ();
  g_thread_unref (g_thread_new ("hf-stream", stream_to_parent, self));
  *end = ends[1];
  return TRUE;
}
