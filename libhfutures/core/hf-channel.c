/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-channel-private.h"

#include <gio/gunixfdmessage.h>
#include <unistd.h>

/*
 * A frame is a header of 12 bytes, in the order of the machine, and a serialized GVariant:
 *
 *   0  "HfW"      and the version of this format, one byte
 *   4  the kind   one byte
 *   5  how many descriptors come with it, one byte
 *   6  0          two bytes
 *   8  the length of the GVariant in bytes, four bytes
 */
typedef struct {
  char magic[3];
  guint8 version;
  guint8 kind;
  guint8 n_fds;
  guint16 zero;
  guint32 length;
} Header;

G_STATIC_ASSERT (sizeof (Header) == 12);

#define VERSION 1
#define STEP (64 * 1024)

struct _HfChannel {
  GSocket *socket;     /* owned, const; not blocking */

  /* What has come of the next frame. The receiving thread's. */
  Header header;
  gsize n_header;      /* bytes */
  GByteArray *payload; /* owned, nullable; its end may not have been filled yet */
  gsize n_payload;     /* bytes */
  HfFrame incoming;    /* its descriptors */
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
  hf_frame_clear (&self->incoming);
  g_free (self);
}

/* Whether the other end is there, and has said nothing that was not received. */
gboolean
hf_channel_is_idle (HfChannel *self)
{
  return g_socket_condition_check (self->socket, G_IO_IN | G_IO_HUP | G_IO_ERR) == 0;
}

void
hf_frame_clear (HfFrame *self)
{
  for (guint i = 0; i < self->n_fds; i++)
    if (self->fds[i] >= 0)
      close (self->fds[i]);
  self->n_fds = 0;
  g_clear_pointer (&self->values, g_variant_unref);
}

/* Returns: a descriptor, which the caller closes, or -1 when there is none */
int
hf_frame_take_fd (HfFrame *self,
                  guint    position)
{
  int fd = -1;

  if (position < self->n_fds)
    {
      fd = self->fds[position];
      self->fds[position] = -1;
    }
  return fd;
}

/* Waits until the socket could go on, after an operation that failed because it could not. Returns:
 * %FALSE with @error set after any other failure, and when the time is over */
static gboolean
channel_wait (HfChannel     *self,
              GIOCondition   condition,
              gint64         until,
              GError        *failed,
              GCancellable  *cancellable,
              GError       **error)
{
  gint64 timeout_us = until < 0 ? -1 : MAX (until - g_get_monotonic_time (), 0);

  if (!g_error_matches (failed, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    {
      g_propagate_error (error, failed);
      return FALSE;
    }

  g_error_free (failed);
  return g_socket_condition_timed_wait (self->socket, condition, timeout_us, cancellable, error);
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

/*
 * hf_channel_send:
 * @values: a{sv}; a floating reference is sunk
 * @fds: descriptors to send along; they are duplicated
 * @timeout_us: for how long the other end may take to read; negative: without limit
 *
 * Sends a frame, blocking. After an error half of it may have gone, so the channel is of no use
 * any more.
 */
gboolean
hf_channel_send (HfChannel     *self,
                 guint8         kind,
                 GVariant      *values,
                 const int     *fds,
                 guint          n_fds,
                 gint64         timeout_us,
                 GCancellable  *cancellable,
                 GError       **error)
{
  const gint64 until = get_end (timeout_us);
  g_autoptr (GVariant) sent_values = g_variant_ref_sink (values);
  g_autoptr (GSocketControlMessage) descriptors = NULL;
  GOutputVector vectors[2];
  Header header = { { 'H', 'f', 'W' }, VERSION, kind, n_fds, 0, 0 };

  g_assert (g_variant_is_of_type (sent_values, G_VARIANT_TYPE_VARDICT));
  g_assert (n_fds <= HF_FRAME_MAX_FDS);

  if (g_variant_get_size (sent_values) > HF_FRAME_MAX_LENGTH)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                           "A message between processes is too long");
      return FALSE;
    }

  header.length = g_variant_get_size (sent_values);
  vectors[0] = (GOutputVector){ &header, sizeof header };
  vectors[1] = (GOutputVector){ g_variant_get_data (sent_values), header.length };
  if (n_fds > 0)
    {
      descriptors = g_unix_fd_message_new ();
      for (guint i = 0; i < n_fds; i++)
        if (!g_unix_fd_message_append_fd (G_UNIX_FD_MESSAGE (descriptors), fds[i], error))
          return FALSE;
    }

  while (vectors[0].size + vectors[1].size > 0)
    {
      GError *failed = NULL;
      gssize sent = g_socket_send_message (self->socket, NULL, vectors, 2, &descriptors,
                                           descriptors != NULL ? 1 : 0, G_SOCKET_MSG_NONE,
                                           cancellable, &failed);

      if (sent >= 0)
        {
          vectors_advance (vectors, 2, sent);
          g_clear_object (&descriptors); /* they went with the first byte */
        }
      else if (!channel_wait (self, G_IO_OUT, until, failed, cancellable, error))
        {
          return FALSE;
        }
    }
  return TRUE;
}

static void
frame_take_descriptors (HfFrame               *frame,
                        GSocketControlMessage *message)
{
  g_autofree int *fds = NULL;
  int n;

  if (!G_IS_UNIX_FD_MESSAGE (message))
    return;

  fds = g_unix_fd_message_steal_fds (G_UNIX_FD_MESSAGE (message), &n);
  for (int i = 0; i < n; i++)
    {
      if (frame->n_fds < HF_FRAME_MAX_FDS)
        frame->fds[frame->n_fds++] = fds[i];
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

/* Reads on until all of it is @there, and takes the descriptors that come along. */
static gboolean
channel_read (HfChannel     *self,
              void          *space,
              gsize          size,
              gsize         *there,
              gint64         until,
              GCancellable  *cancellable,
              GError       **error)
{
  while (*there < size)
    {
      GInputVector vector = { (char *) space + *there, size - *there };
      GSocketControlMessage **messages = NULL;
      int n_messages = 0;
      int flags = 0;
      GError *failed = NULL;
      gssize length = g_socket_receive_message (self->socket, NULL, &vector, 1, &messages,
                                                &n_messages, &flags, cancellable, &failed);

      for (int i = 0; i < n_messages; i++)
        {
          frame_take_descriptors (&self->incoming, messages[i]);
          g_object_unref (messages[i]);
        }
      g_free (messages);
      if (length < 0 && !channel_wait (self, G_IO_IN, until, failed, cancellable, error))
        return FALSE;
      if (length == 0)
        return set_ended (error);
      *there += MAX (length, 0);
    }
  return TRUE;
}

static gboolean
header_is_valid (const Header  *header,
                 const HfFrame *frame)
{
  return memcmp (header->magic, "HfW", 3) == 0 && header->version == VERSION && header->zero == 0 &&
         header->length <= HF_FRAME_MAX_LENGTH && header->n_fds == frame->n_fds;
}

/* Memory is only taken for what has come, and as much again. */
static gboolean
channel_read_payload (HfChannel     *self,
                      gint64         until,
                      GCancellable  *cancellable,
                      GError       **error)
{
  const gsize length = self->header.length;

  if (self->payload == NULL)
    self->payload = g_byte_array_new ();
  while (self->n_payload < length)
    {
      gsize step = MIN (length - self->n_payload, MAX (STEP, self->n_payload));

      if (self->n_payload == self->payload->len)
        g_byte_array_set_size (self->payload, self->n_payload + step);
      if (!channel_read (self, self->payload->data, self->payload->len, &self->n_payload, until,
                         cancellable, error))
        return FALSE;
    }
  return TRUE;
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
  g_autoptr (GBytes) payload = NULL;

  *frame = (HfFrame){ 0 };
  if (!channel_read (self, &self->header, sizeof self->header, &self->n_header, until, cancellable,
                     error))
    return FALSE;
  if (!header_is_valid (&self->header, &self->incoming))
    return set_rubbish (error);
  if (!channel_read_payload (self, until, cancellable, error))
    return FALSE;

  payload = g_byte_array_free_to_bytes (g_steal_pointer (&self->payload));
  *frame = self->incoming;
  self->incoming = (HfFrame){ 0 };
  self->n_header = 0;
  self->n_payload = 0;
  frame->kind = self->header.kind;
  frame->values =
    g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE_VARDICT, payload, FALSE));
  if (frame->n_fds != self->header.n_fds || !g_variant_is_normal_form (frame->values))
    return set_rubbish (error);
  return TRUE;
}
