/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-soup-body-private.h"

#include <glib/gi18n-lib.h>

#include "hf-buffer-private.h"
#include "hf-content-decoder-private.h"

/*
 * Reads a response's body. libsoup would read without limit, and takes several ways in which a
 * body can be cut short for its end.
 */

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

/* A connection that the server closes ends a body without error (libsoup 3.2.3). */
static gboolean
check_length (goffset   announced,
              guint64   received,
              GError  **error)
{
  g_autofree char *there = NULL;
  g_autofree char *wanted = NULL;

  if (announced < 0 || received >= (guint64) announced)
    return TRUE;

  there = g_strdup_printf ("%" G_GUINT64_FORMAT, received);
  wanted = g_strdup_printf ("%" G_GOFFSET_FORMAT, announced);
  hf_init_i18n ();
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, _("%s of %s bytes were received"),
               there, wanted);
  return FALSE;
}

/* Reads a body that needs no decoding, into the place where it stays. */
static gboolean
read_plain (GInputStream  *stream,
            HfHop         *hop,
            HfBuffer      *buffer,
            guint64       *received,
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
      *received += n;
      if (full)
        {
          if (!hf_buffer_grow (buffer, error))
            return FALSE;
          buffer->data[buffer->length] = probe;
        }
      hf_buffer_commit (buffer, n);
      if (buffer->over)
        return TRUE;
    }
}

static gboolean
read_encoded (GInputStream      *stream,
              HfHop             *hop,
              HfContentDecoder  *decoder,
              HfBuffer          *buffer,
              guint64           *received,
              GCancellable      *cancellable,
              GError           **error)
{
  guint8 chunk[16 * 1024];
  gssize n;

  while ((n = g_input_stream_read (stream, chunk, sizeof chunk, cancellable, error)) > 0)
    {
      hop->observer->activity (hop);
      *received += n;
      if (!hf_content_decoder_feed (decoder, chunk, n, buffer, error))
        return FALSE;
      if (buffer->over)
        return TRUE;
    }

  return n == 0 && hf_content_decoder_finish (decoder, error);
}

/*
 * hf_soup_body_read:
 * @decode: whether to undo a content encoding
 * @interim: whether the body is of little interest: one that is too large is given up quietly
 *
 * Returns: (transfer full) (nullable): the body
 */
GBytes *
hf_soup_body_read (SoupMessage   *message,
                   GInputStream  *stream,
                   HfHop         *hop,
                   gboolean       decode,
                   gboolean       interim,
                   GCancellable  *cancellable,
                   GError       **error)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char *encoding =
    decode ? soup_message_headers_get_one (headers, "Content-Encoding") : NULL;
  g_autoptr (HfContentDecoder) decoder =
    encoding != NULL ? hf_content_decoder_new (encoding) : NULL;
  HfBuffer buffer = { .limit = hop->max_body_size > 0 ? hop->max_body_size : G_MAXUINT64 };
  goffset announced = announced_length (message);
  guint64 received = 0;
  gboolean read = TRUE;

  if (interim)
    buffer.limit = MIN (buffer.limit, HF_HOP_INTERIM_BODY_LIMIT);
  buffer.over = decoder == NULL && announced >= 0 && (guint64) announced > buffer.limit;

  if (!buffer.over && announced > 0 && decoder == NULL)
    read = hf_buffer_reserve (&buffer, announced, error);
  else if (!buffer.over && announced < 0 && may_have_body (message))
    read = hf_buffer_grow (&buffer, error);
  if (read && !buffer.over)
    read = decoder != NULL
             ? read_encoded (stream, hop, decoder, &buffer, &received, cancellable, error)
             : read_plain (stream, hop, &buffer, &received, cancellable, error);

  if (read && buffer.over && !interim)
    {
      g_propagate_error (error, hf_hop_new_too_large (hop));
      read = FALSE;
    }
  if (read && !buffer.over)
    read = check_length (announced, received, error);

  if (read)
    return hf_buffer_steal (&buffer);

  hf_buffer_clear (&buffer);
  return NULL;
}
