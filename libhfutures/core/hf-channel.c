/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-channel-private.h"

#include <gio/gunixfdmessage.h>
#include <unistd.h>

/*
 * A frame is a header of 16 bytes, in the order of the machine, a serialized GVariant, and bytes:
 *
 *   0  "HfW"      and the version of this format, one byte
 *   4  the kind   one byte
 *   5  how many descriptors come with it, one byte
 *   6  0          two bytes
 *   8  the length of the GVariant in bytes, four bytes
 *  12  how many bytes follow it, four bytes
 *
 * A GVariant is looked at byte by byte, so data is not in it.
 */
typedef struct {
  char magic[3];
  guint8 version;
  guint8 kind;
  guint8 n_fds;
  guint16 zero;
  guint32 n_values;
  guint32 n_data;
} Header;

G_STATIC_ASSERT (sizeof (Header) == 16);

#define VERSION 1
#define STEP (64 * 1024)
#define AHEAD 4096

struct _HfChannel {
  GSocket *socket;     /* owned, const; not blocking */

  /* The receiving thread's: what has come. */
  guint8 ahead[AHEAD];       /* of the next frames */
  gsize n_ahead;             /* bytes */
  int fds[HF_FRAME_MAX_FDS]; /* owned; of those frames and this one */
  guint n_fds;
  Header header;             /* of this frame, once there is a payload */
  GByteArray *payload;       /* owned, nullable; its end may not have been filled yet */
  gsize n_payload;           /* bytes */
};

/* Makes a channel of a socket, which it takes over, also when it fails. */
HfChannel *
hf_channel_new (int       fd,
                GError  **error)
{
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, error);
  HfChannel *self;

  if (socket == NULL)
    {
      close (fd);
      return NULL;
    }

  self = g_new0 (HfChannel, 1);
  g_socket_set_blocking (socket, FALSE);
  self->socket = g_steal_pointer (&socket);
  return self;
}

void
hf_channel_free (HfChannel *self)
{
  g_socket_close (self->socket, NULL);
  g_object_unref (self->socket);
  g_clear_pointer (&self->payload, g_byte_array_unref);
  for (guint i = 0; i < self->n_fds; i++)
    close (self->fds[i]);
  g_free (self);
}

/* Whether the other end is there, and has said nothing that was not received. */
gboolean
hf_channel_is_idle (HfChannel *self)
{
  return self->n_ahead == 0 && self->payload == NULL &&
         g_socket_condition_check (self->socket, G_IO_IN | G_IO_HUP | G_IO_ERR) == 0;
}

/* Waits until the socket could go on. */
static gboolean
channel_wait (HfChannel     *self,
              GIOCondition   condition,
              gint64         until,
              GCancellable  *cancellable,
              GError       **error)
{
  gint64 timeout_us = until < 0 ? -1 : MAX (until - g_get_monotonic_time (), 0);

  return g_socket_condition_timed_wait (self->socket, condition, timeout_us, cancellable, error);
}

/* After an operation that failed: whether it was only because it would have to wait. */
static gboolean
would_block (GError  *failed,
             GError **error)
{
  if (g_error_matches (failed, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    {
      g_error_free (failed);
      return TRUE;
    }

  g_propagate_error (error, failed);
  return FALSE;
}

static gint64
get_end (gint64 timeout_us)
{
  return timeout_us < 0 ? -1 : g_get_monotonic_time () + timeout_us;
}

/* Steps over what was sent. */
static void
vectors_advance (GOutputVector *vectors,
                 guint          n_vectors,
                 gsize          sent)
{
  for (guint i = 0; i < n_vectors; i++)
    {
      gsize skipped = MIN (sent, vectors[i].size);

      vectors[i].buffer = (const char *) vectors[i].buffer + skipped;
      vectors[i].size -= skipped;
      sent -= skipped;
    }
}

/* @message: (out): the descriptors, if there are any */
static gboolean
copy_descriptors (const HfFrame          *frame,
                  GSocketControlMessage **message,
                  GError                **error)
{
  *message = NULL;
  if (frame->n_fds == 0)
    return TRUE;

  *message = g_unix_fd_message_new ();
  for (guint i = 0; i < frame->n_fds; i++)
    if (!g_unix_fd_message_append_fd (G_UNIX_FD_MESSAGE (*message), frame->fds[i], error))
      {
        g_clear_object (message);
        return FALSE;
      }
  return TRUE;
}

/*
 * hf_channel_send:
 * @frame: what to send; descriptors are duplicated
 * @timeout_us: for how long the other end may take to read; negative: without limit
 *
 * Sends a frame, blocking. After an error half of it may have gone, so the channel is of no use
 * any more.
 */
gboolean
hf_channel_send (HfChannel      *self,
                 const HfFrame  *frame,
                 gint64          timeout_us,
                 GCancellable   *cancellable,
                 GError        **error)
{
  const gint64 until = get_end (timeout_us);
  gsize n_values = frame->values != NULL ? g_variant_get_size (frame->values) : 0;
  gsize n_data = frame->data != NULL ? g_bytes_get_size (frame->data) : 0;
  Header header = { { 'H', 'f', 'W' }, VERSION, frame->kind, frame->n_fds, 0, n_values, n_data };
  GOutputVector vectors[3] = { { &header, sizeof header } };
  GSocketControlMessage *descriptors;

  g_assert (frame->values == NULL ||
            g_variant_is_of_type (frame->values, hf_frame_get_type (frame->kind)));

  if (!hf_frame_fits (frame))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                           "A message between processes is too long");
      return FALSE;
    }
  if (!copy_descriptors (frame, &descriptors, error))
    return FALSE;

  if (n_values > 0)
    vectors[1] = (GOutputVector){ g_variant_get_data (frame->values), n_values };
  if (n_data > 0)
    vectors[2] = (GOutputVector){ g_bytes_get_data (frame->data, NULL), n_data };
  while (vectors[0].size + vectors[1].size + vectors[2].size > 0)
    {
      GError *failed = NULL;
      gssize sent = g_socket_send_message (self->socket, NULL, vectors, G_N_ELEMENTS (vectors),
                                           &descriptors, descriptors != NULL ? 1 : 0,
                                           G_SOCKET_MSG_NONE, cancellable, &failed);

      if (sent >= 0)
        {
          vectors_advance (vectors, G_N_ELEMENTS (vectors), sent);
          g_clear_object (&descriptors); /* they went with the first byte */
        }
      else if (!would_block (failed, error) ||
               !channel_wait (self, G_IO_OUT, until, cancellable, error))
        {
          g_clear_object (&descriptors);
          return FALSE;
        }
    }
  return TRUE;
}

/*
 * hf_channel_tell:
 * @values: (nullable): a{sv}; a floating reference is sunk
 *
 * Sends a frame of nothing but values, see hf_channel_send().
 */
gboolean
hf_channel_tell (HfChannel    *self,
                 HfFrameKind   kind,
                 GVariant     *values,
                 gint64        timeout_us,
                 GError      **error)
{
  g_auto (HfFrame) frame = { .kind = kind };

  if (values != NULL)
    frame.values = g_variant_ref_sink (values);
  return hf_channel_send (self, &frame, timeout_us, NULL, error);
}

static void
channel_take_descriptors (HfChannel             *self,
                          GSocketControlMessage *message)
{
  g_autofree int *fds = NULL;
  int n;

  if (!G_IS_UNIX_FD_MESSAGE (message))
    return;

  fds = g_unix_fd_message_steal_fds (G_UNIX_FD_MESSAGE (message), &n);
  for (int i = 0; i < n; i++)
    {
      if (self->n_fds < HF_FRAME_MAX_FDS)
        self->fds[self->n_fds++] = fds[i];
      else
        close (fds[i]);
    }
}

static gboolean
set_rubbish (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       "The other process wrote what is no message");
  return FALSE;
}

static gboolean
set_ended (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "The other process has closed");
  return FALSE;
}

/* Waits for something to read, and takes what there is, with the descriptors that come along.
 * Returns: %FALSE with @error set; else @n_read may also be 0 */
static gboolean
channel_read (HfChannel     *self,
              void          *space,
              gsize          size,
              gsize         *n_read,
              gint64         until,
              GCancellable  *cancellable,
              GError       **error)
{
  GInputVector vector = { space, size };
  GSocketControlMessage **messages = NULL;
  int n_messages = 0;
  int flags = 0;
  GError *failed = NULL;
  gssize length;

  *n_read = 0;
  if (!channel_wait (self, G_IO_IN, until, cancellable, error))
    return FALSE;

  length = g_socket_receive_message (self->socket, NULL, &vector, 1, &messages, &n_messages, &flags,
                                     NULL, &failed);
  for (int i = 0; i < n_messages; i++)
    {
      channel_take_descriptors (self, messages[i]);
      g_object_unref (messages[i]);
    }
  g_free (messages);
  if (length < 0)
    return would_block (failed, error);
  if (length == 0)
    return set_ended (error);
  *n_read = length;
  return TRUE;
}

static gboolean
header_is_valid (const Header *header)
{
  return memcmp (header->magic, "HfW", 3) == 0 && header->version == VERSION && header->zero == 0 &&
         header->n_values <= HF_FRAME_MAX_LENGTH &&
         header->n_data <= HF_FRAME_MAX_LENGTH - header->n_values &&
         header->n_fds <= HF_FRAME_MAX_FDS && hf_frame_get_type (header->kind) != NULL;
}

/* Receives a header, and what has come of its payload. */
static gboolean
channel_begin_frame (HfChannel     *self,
                     gint64         until,
                     GCancellable  *cancellable,
                     GError       **error)
{
  gsize length;
  gsize taken;

  while (self->n_ahead < sizeof self->header)
    {
      gsize n_read;

      if (!channel_read (self, self->ahead + self->n_ahead, AHEAD - self->n_ahead, &n_read, until,
                         cancellable, error))
        return FALSE;
      self->n_ahead += n_read;
    }

  memcpy (&self->header, self->ahead, sizeof self->header);
  if (!header_is_valid (&self->header))
    return set_rubbish (error);

  length = self->header.n_values + self->header.n_data;
  taken = MIN (self->n_ahead - sizeof self->header, length);
  self->payload = g_byte_array_sized_new (MIN (length, STEP));
  g_byte_array_append (self->payload, self->ahead + sizeof self->header, taken);
  self->n_payload = taken;
  self->n_ahead -= sizeof self->header + taken;
  memmove (self->ahead, self->ahead + sizeof self->header + taken, self->n_ahead);
  return TRUE;
}

/* Memory is only taken for what has come, and as much again. */
static gboolean
channel_read_payload (HfChannel     *self,
                      gint64         until,
                      GCancellable  *cancellable,
                      GError       **error)
{
  const gsize length = self->header.n_values + self->header.n_data;

  while (self->n_payload < length)
    {
      gsize step = MIN (length - self->n_payload, MAX (STEP, self->n_payload));
      gsize n_read;

      if (self->n_payload == self->payload->len)
        g_byte_array_set_size (self->payload, self->n_payload + step);
      if (!channel_read (self, self->payload->data + self->n_payload,
                         self->payload->len - self->n_payload, &n_read, until, cancellable, error))
        return FALSE;
      self->n_payload += n_read;
    }
  return TRUE;
}

/* Gives a frame its descriptors. Returns: whether just those have come that it says */
static gboolean
channel_move_descriptors (HfChannel *self,
                          HfFrame   *frame)
{
  frame->n_fds = MIN (self->header.n_fds, self->n_fds);
  memcpy (frame->fds, self->fds, frame->n_fds * sizeof (int));
  self->n_fds -= frame->n_fds;
  memmove (self->fds, self->fds + frame->n_fds, self->n_fds * sizeof (int));
  return frame->n_fds == self->header.n_fds && (self->n_fds == 0 || self->n_ahead > 0);
}

/* @payload: (transfer full) */
static void
frame_take_payload (HfFrame      *self,
                    const Header *header,
                    GBytes       *payload)
{
  g_autoptr (GBytes) values = g_bytes_new_from_bytes (payload, 0, header->n_values);

  self->kind = header->kind;
  self->values =
    g_variant_ref_sink (g_variant_new_from_bytes (hf_frame_get_type (self->kind), values, FALSE));
  if (header->n_data > 0)
    self->data = g_bytes_new_from_bytes (payload, header->n_values, header->n_data);
  g_bytes_unref (payload);
}

/*
 * hf_channel_receive:
 * @frame: (out): to be cleared, also after an error
 * @timeout_us: for how long to wait for it; negative: without limit
 *
 * Receives a frame, blocking. After `G_IO_ERROR_TIMED_OUT` and `G_IO_ERROR_CANCELLED` it may be
 * tried again, however much of a frame had come. After another error the channel is of no use any
 * more.
 */
gboolean
hf_channel_receive (HfChannel     *self,
                    HfFrame       *frame,
                    gint64         timeout_us,
                    GCancellable  *cancellable,
                    GError       **error)
{
  const gint64 until = get_end (timeout_us);

  *frame = (HfFrame){ 0 };
  if (self->payload == NULL && !channel_begin_frame (self, until, cancellable, error))
    return FALSE;
  if (!channel_read_payload (self, until, cancellable, error))
    return FALSE;

  frame_take_payload (frame, &self->header,
                      g_byte_array_free_to_bytes (g_steal_pointer (&self->payload)));
  if (!channel_move_descriptors (self, frame) || !g_variant_is_normal_form (frame->values))
    return set_rubbish (error);
  return TRUE;
}
