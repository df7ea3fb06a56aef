/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-hanging-stream.h"

#include <string.h>

struct _HfHangingStream {
  GInputStream parent_instance;

  HfGate *reached;
  HfGate *closed;
  gboolean begun;
};

G_DEFINE_FINAL_TYPE (HfHangingStream, hf_hanging_stream, G_TYPE_INPUT_STREAM)

static gssize
hf_hanging_stream_read (GInputStream  *stream,
                        void          *buffer,
                        gsize          size,
                        GCancellable  *cancellable,
                        GError       **error)
{
  HfHangingStream *self = HF_HANGING_STREAM (stream);
  GPollFD fd;

  if (!self->begun)
    {
      self->begun = TRUE;
      memcpy (buffer, "begin", 5);
      return 5;
    }

  hf_gate_pass (self->reached);
  g_assert_true (g_cancellable_make_pollfd (cancellable, &fd));
  g_poll (&fd, 1, -1);
  g_cancellable_release_fd (cancellable);
  g_assert_true (g_cancellable_set_error_if_cancelled (cancellable, error));
  return -1;
}

static gboolean
hf_hanging_stream_close (GInputStream  *stream,
                         GCancellable  *cancellable,
                         GError       **error)
{
  hf_gate_pass (HF_HANGING_STREAM (stream)->closed);
  return TRUE;
}

static void
hf_hanging_stream_class_init (HfHangingStreamClass *klass)
{
  G_INPUT_STREAM_CLASS (klass)->read_fn = hf_hanging_stream_read;
  G_INPUT_STREAM_CLASS (klass)->close_fn = hf_hanging_stream_close;
}

static void
hf_hanging_stream_init (HfHangingStream *self)
{
}

GInputStream *
hf_hanging_stream_new (HfGate *reached,
                       HfGate *closed)
{
  HfHangingStream *self = g_object_new (HF_TYPE_HANGING_STREAM, NULL);

  self->reached = reached;
  self->closed = closed;
  return G_INPUT_STREAM (self);
}
