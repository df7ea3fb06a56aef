/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-soup-body-private.h"

#include <glib/gi18n-lib.h>

/*
 * Reads a response's body. libsoup would read without limit, and takes several ways in which a
 * body can be cut short for its end.
 */

#define FIRST_CHUNK (16 * 1024)

typedef struct {
  guint8 *data;       /* owned */
  gsize length;
  gsize allocated;
} HfBuffer;

/* Makes room behind what is there. Returns: %FALSE when there is no memory */
static gboolean
buffer_reserve (HfBuffer *buffer,
                gsize     allocated)
{
  guint8 *data = g_try_realloc (buffer->data, allocated);

  if (data == NULL)
    return FALSE;
  buffer->data = data;
  buffer->allocated = allocated;
  return TRUE;
}

static GBytes *
buffer_steal (HfBuffer *buffer)
{
  guint8 *data = g_steal_pointer (&buffer->data);

  if (buffer->length < buffer->allocated && buffer->length > 0)
    data = g_realloc (data, buffer->length);
  if (buffer->length == 0)
    g_clear_pointer (&data, g_free);
  return g_bytes_new_take (data, buffer->length);
}

static gboolean
may_have_body (SoupMessage *message)
{
  guint status = soup_message_get_status (message);

  return soup_message_get_method (message) != SOUP_METHOD_HEAD &&
         status != SOUP_STATUS_NO_CONTENT && status != SOUP_STATUS_NOT_MODIFIED &&
         !SOUP_STATUS_IS_INFORMATIONAL (status);
}

/* Returns: the announced length in bytes on the wire, or -1 */
static goffset
announced_length (SoupMessage *message)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);

  if (!may_have_body (message) ||
      soup_message_headers_get_encoding (headers) != SOUP_ENCODING_CONTENT_LENGTH)
    return -1;
  return soup_message_headers_get_content_length (headers);
}

static gboolean
is_encoded (SoupMessage *message)
{
  return soup_message_headers_get_one (soup_message_get_response_headers (message),
                                       "Content-Encoding") != NULL;
}

/* A connection that the server closes ends a body without error (libsoup 3.2.3). */
static gboolean
check_length (SoupMessage  *message,
              gsize         decoded,
              GError      **error)
{
  SoupMessageMetrics *metrics = soup_message_get_metrics (message);
  goffset announced = announced_length (message);
  guint64 received = decoded;
  g_autofree char *shown_received = NULL;
  g_autofree char *shown_announced = NULL;

  if (announced < 0)
    return TRUE;

  if (is_encoded (message))
    {
      if (metrics == NULL)
        return TRUE;
      received = soup_message_metrics_get_response_body_bytes_received (metrics);
    }

  if (received >= (guint64) announced)
    return TRUE;

  shown_received = g_strdup_printf ("%" G_GUINT64_FORMAT, received);
  shown_announced = g_strdup_printf ("%" G_GOFFSET_FORMAT, announced);
  hf_init_i18n ();
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, _("%s of %s bytes were received"),
               shown_received, shown_announced);
  return FALSE;
}

static gboolean
set_no_memory (GError **error)
{
  hf_init_i18n ();
  g_set_error_literal (error, HF_ERROR, HF_ERROR_TOO_LARGE,
                       _("There is not enough memory for the answer"));
  return FALSE;
}

/*
 * read_all:
 * @limit: how many bytes to accept at most
 * @over: set when there are more
 */
static gboolean
read_all (GInputStream  *stream,
          HfHop         *hop,
          HfBuffer      *buffer,
          guint64        limit,
          gboolean      *over,
          GCancellable  *cancellable,
          GError       **error)
{
  for (;;)
    {
      guint8 probe;
      gboolean full = buffer->length == buffer->allocated;
      gssize n;

      /* Where the length is known, what follows the last byte should be the end: no need to grow
       * before it turns out otherwise. */
      n = full ? g_input_stream_read (stream, &probe, 1, cancellable, error)
               : g_input_stream_read (stream, buffer->data + buffer->length,
                                      buffer->allocated - buffer->length, cancellable, error);
      if (n <= 0)
        return n == 0;

      hop->observer->activity (hop);
      *over = (guint64) buffer->length + n > limit;
      if (*over)
        return TRUE;
      if (full)
        {
          if (!buffer_reserve (buffer, MAX (FIRST_CHUNK, 2 * buffer->allocated)))
            return set_no_memory (error);
          buffer->data[buffer->length] = probe;
        }
      buffer->length += n;
    }
}

/*
 * hf_soup_body_read:
 * @interim: whether the body is of little interest: one that is too large is given up quietly
 *
 * Returns: (transfer full) (nullable): the body
 */
GBytes *
hf_soup_body_read (SoupMessage   *message,
                   GInputStream  *stream,
                   HfHop         *hop,
                   gboolean       interim,
                   GCancellable  *cancellable,
                   GError       **error)
{
  HfBuffer buffer = { NULL };
  guint64 limit = hop->max_body_size > 0 ? hop->max_body_size : G_MAXUINT64;
  goffset announced = announced_length (message);
  gboolean over;
  gboolean read;

  if (interim)
    limit = MIN (limit, HF_HOP_INTERIM_BODY_LIMIT);

  over = announced >= 0 && !is_encoded (message) && (guint64) announced > limit;
  if (!over && announced != 0 &&
      !buffer_reserve (&buffer, announced > 0 ? (gsize) announced : FIRST_CHUNK))
    {
      set_no_memory (error);
      return NULL;
    }

  read = over || read_all (stream, hop, &buffer, limit, &over, cancellable, error);
  if (read && over && !interim)
    {
      g_propagate_error (error, hf_hop_new_too_large (hop));
      read = FALSE;
    }
  if (read && !over)
    read = check_length (message, buffer.length, error);
  if (over)
    buffer.length = 0;

  if (read)
    return buffer_steal (&buffer);

  g_free (buffer.data);
  return NULL;
}
