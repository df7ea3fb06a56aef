/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-soup-body-private.h"

#include <glib/gi18n-lib.h>

#define CHUNK_SIZE (16 * 1024)

static gboolean
may_have_body (SoupMessage *message)
{
  guint status = soup_message_get_status (message);

  return soup_message_get_method (message) != SOUP_METHOD_HEAD &&
         status != SOUP_STATUS_NO_CONTENT && status != SOUP_STATUS_NOT_MODIFIED &&
         !SOUP_STATUS_IS_INFORMATIONAL (status);
}

/*
 * Whether the announced length can be believed (RFC 9110 §8.6): fields that contradict one another
 * are how requests are smuggled, and libsoup takes the last one (3.2.3).
 */
static gboolean
check_announced_length (SoupMessageHeaders  *headers,
                        GError             **error)
{
  const char *value = soup_message_headers_get_list (headers, "Content-Length");
  gsize first = value != NULL ? strspn (value, "0123456789") : 0;
  g_autofree char *number = g_strndup (value, first);
  gboolean valid = value == NULL ||
                   g_ascii_string_to_unsigned (number, 10, 0, G_MAXINT64, NULL, NULL);

  while (value != NULL && valid && value[first] != '\0')
    {
      const char *next = value + first + strspn (value + first, ", ");

      valid = next > value + first && strncmp (next, value, first) == 0 &&
              !g_ascii_isdigit (next[first]);
      value = next;
    }
  if (valid)
    return TRUE;

  hf_init_i18n ();
  g_set_error_literal (error, SOUP_SESSION_ERROR, SOUP_SESSION_ERROR_PARSING,
                       _("it announced a length that is not valid"));
  return FALSE;
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

/*
 * hf_soup_body_begin:
 * @message: one whose headers are there
 * @decode: whether to undo a content encoding
 */
gboolean
hf_soup_body_begin (HfSoupBody   *self,
                    SoupMessage  *message,
                    HfHop        *hop,
                    gboolean      decode,
                    gboolean      interim,
                    GError      **error)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char *encoding = decode ? soup_message_headers_get_list (headers, "Content-Encoding")
                                : NULL;

  *self = (HfSoupBody){ .hop = hop, .interim = interim, .streams = hop->streams && !interim };
  if (may_have_body (message) && !check_announced_length (headers, interim ? NULL : error))
    {
      self->buffer.over = TRUE;
      return interim;
    }

  self->empty = !may_have_body (message);
  self->announced = announced_length (message);
  hop->n_announced = self->announced;
  self->limit = hop->max_body_size > 0 ? hop->max_body_size : G_MAXUINT64;
  if (interim)
    self->limit = MIN (self->limit, HF_HOP_INTERIM_BODY_LIMIT);
  self->buffer.limit = self->limit;
  self->buffer.seals = hop->seals && !self->streams;

  if (encoding != NULL && may_have_body (message))
    self->decoder = hf_content_decoder_new (encoding);
  if (self->decoder != NULL)
    {
      self->chunk = g_malloc (CHUNK_SIZE);
      return TRUE;
    }

  self->buffer.over = self->announced >= 0 && (guint64) self->announced > self->limit;
  if (self->buffer.over || self->announced == 0)
    return TRUE;
  if (self->announced > 0 && !self->streams)
    return hf_buffer_reserve (&self->buffer, self->announced, error);
  return !may_have_body (message) || hf_buffer_grow (&self->buffer, error);
}

void
hf_soup_body_clear (HfSoupBody *self)
{
  g_clear_pointer (&self->decoder, hf_content_decoder_free);
  g_clear_pointer (&self->chunk, g_free);
  hf_buffer_clear (&self->buffer);
}

/*
 * hf_soup_body_wants:
 * @space: (out): where the next bytes go
 * @size: (out): how many of them at most
 *
 * Returns: whether to read on
 */
gboolean
hf_soup_body_wants (HfSoupBody  *self,
                    void       **space,
                    gsize       *size)
{
  HfBuffer *buffer = &self->buffer;

  if (buffer->over)
    return FALSE;

  if (self->decoder != NULL)
    {
      /* Each byte may become a thousand, all of which a stream keeps until they are read. */
      *space = self->chunk;
      *size = self->streams ? CHUNK_SIZE / 2 : CHUNK_SIZE;
      return TRUE;
    }

  /* Where the length is known, what follows the last byte should be the end: no need to grow
   * before it turns out otherwise. */
  self->probing = buffer->length == buffer->allocated;
  *space = self->probing ? &self->probe : buffer->data + buffer->length;
  *size = self->probing ? 1 : buffer->allocated - buffer->length;
  return TRUE;
}

/* An encoded body may go on without anything coming out of it. Wire bytes that are more than the
 * limit, and what the encoding itself can cost, are too many. */
static gboolean
has_too_many_wire_bytes (HfSoupBody *self)
{
  guint64 limit = self->limit;

  return limit != G_MAXUINT64 && self->received > limit &&
         (self->received - limit) / 3 > limit + 0x80000;
}

/* Whether it expands to more than it may (CWE-409). Small bodies often expand much, and harm
 * nobody. */
static gboolean
expands_too_much (HfSoupBody *self)
{
  guint64 ratio = self->hop->max_decompression_ratio;
  guint64 decoded = self->n_given + self->buffer.length;

  return ratio > 0 && decoded > HF_HOP_FREE_EXPANSION && decoded / ratio >= self->received;
}

/* The space that was asked for has that many bytes. */
gboolean
hf_soup_body_took (HfSoupBody  *self,
                   gsize        length,
                   GError     **error)
{
  HfBuffer *buffer = &self->buffer;

  self->received += length;
  self->hop->n_received = self->received;
  self->hop->observer->activity (self->hop);

  if (self->decoder != NULL)
    {
      if (!hf_content_decoder_feed (self->decoder, self->chunk, length, buffer, error))
        return FALSE;
      self->over_ratio = expands_too_much (self);
      buffer->over = buffer->over || self->over_ratio || has_too_many_wire_bytes (self);
      return TRUE;
    }

  if (self->probing)
    {
      if (!hf_buffer_grow (buffer, error))
        return FALSE;
      buffer->data[buffer->length] = self->probe;
    }
  hf_buffer_commit (buffer, length);
  return TRUE;
}

/*
 * hf_soup_body_give:
 * @space: where the next decoded bytes go, that have come and were not given yet
 * @size: how many of them at most
 *
 * Returns: how many there were
 */
gsize
hf_soup_body_give (HfSoupBody *self,
                   void       *space,
                   gsize       size)
{
  HfBuffer *buffer = &self->buffer;
  gsize given = MIN (size, buffer->length - self->offset);

  if (given == 0)
    return 0;

  memcpy (space, buffer->data + self->offset, given);
  self->offset += given;
  self->n_given += given;
  if (self->offset == buffer->length)
    {
      self->offset = 0;
      buffer->length = 0;
      buffer->limit = self->limit - self->n_given;
    }
  return given;
}

/* Whether all announced bytes have come. */
gboolean
hf_soup_body_is_complete (HfSoupBody *self)
{
  return self->empty || (self->announced >= 0 && self->received >= (guint64) self->announced);
}

/* There is no more, or no more was wanted. Returns: %FALSE with @error set when something is wrong
 * with that */
gboolean
hf_soup_body_check (HfSoupBody  *self,
                    GError     **error)
{
  if (self->over_ratio)
    {
      g_propagate_error (error, hf_hop_new_expands_too_much (self->hop));
      return FALSE;
    }
  if (self->buffer.over)
    {
      g_propagate_error (error, hf_hop_new_too_large (self->hop));
      return FALSE;
    }
  return (self->decoder == NULL || hf_content_decoder_finish (self->decoder, error)) &&
         check_length (self->announced, self->received, error);
}

/* Does the same, and gives the whole body. Returns: (transfer full) (nullable): the body */
GBytes *
hf_soup_body_end (HfSoupBody  *self,
                  GError     **error)
{
  GError *failed = NULL;

  if (!hf_soup_body_check (self, &failed))
    return hf_soup_body_fail (self, failed, error);
  return hf_buffer_steal (&self->buffer, error);
}

/*
 * hf_soup_body_fail:
 * @failed: (transfer full): why the body is not there
 *
 * Returns: (transfer full) (nullable): an empty body in its place where it is of little interest
 */
GBytes *
hf_soup_body_fail (HfSoupBody  *self,
                   GError      *failed,
                   GError     **error)
{
  if (self->interim && !g_error_matches (failed, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_error_free (failed);
      return g_bytes_new_static (NULL, 0);
    }

  g_propagate_error (error, failed);
  return NULL;
}
