/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-upload-part-private.h"

#include <glib/gi18n-lib.h>

#include "hf-error-private.h"

#define CHUNK_SIZE (64 * 1024)

void
hf_upload_part_close (HfUploadPart *self)
{
  if (self->stream != NULL)
    g_input_stream_close (self->stream, NULL, NULL);
  g_clear_object (&self->stream);
}

static GBytes *
take_read_result (GBytes  *bytes,
                  GError  *failed,
                  GError **error)
{
  if (failed != NULL)
    {
      g_clear_pointer (&bytes, g_bytes_unref);
      g_propagate_error (error, failed);
      return NULL;
    }
  return bytes != NULL ? bytes : g_bytes_new_static (NULL, 0);
}

/* Returns: (transfer full) (nullable): some bytes; none at the end */
static GBytes *
upload_part_read (HfUploadPart  *self,
                  GCancellable  *cancellable,
                  GError       **error)
{
  HfBodyPart *part = self->part;
  GError *failed = NULL;
  GBytes *bytes;

  if (self->ended)
    return g_bytes_new_static (NULL, 0);
  if (self->first != NULL)
    return g_steal_pointer (&self->first);
  if (part->bytes != NULL)
    return g_bytes_new_from_bytes (part->bytes, self->n_read,
                                   g_bytes_get_size (part->bytes) - self->n_read);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (part->read_func != NULL)
    {
      bytes = part->read_func (self->n_read, part->user_data, &failed);
      return take_read_result (bytes, failed, error);
    }

  if (self->stream == NULL && part->file != NULL)
    self->stream = G_INPUT_STREAM (g_file_read (part->file, cancellable, error));
  if (self->stream == NULL)
    return NULL;
  return g_input_stream_read_bytes (self->stream, CHUNK_SIZE, cancellable, error);
}

static gboolean
set_wrong_length (HfUploadPart  *self,
                  GError       **error)
{
  g_autofree char *there = g_strdup_printf ("%" G_GUINT64_FORMAT, self->n_read);
  g_autofree char *wanted = g_strdup_printf ("%" G_GINT64_FORMAT, self->length);

  hf_init_i18n ();
  if (self->n_read < (guint64) self->length)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, _("it ended after %s of %s bytes"),
                 there, wanted);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                 _("it is longer than the %s bytes that were announced"), wanted);
  return FALSE;
}

/*
 * Reads on, and looks whether the length is what was announced: before the last bytes are given,
 * since with these the server would take what it has for the whole.
 */
GBytes *
hf_upload_part_next (HfUploadPart  *self,
                          GCancellable  *cancellable,
                          GError       **error)
{
  g_autoptr (GBytes) bytes = upload_part_read (self, cancellable, error);
  gsize size = bytes != NULL ? g_bytes_get_size (bytes) : 0;

  if (bytes == NULL)
    return NULL;

  self->n_read += size;
  self->ended = self->ended || size == 0;
  if (self->length < 0)
    return g_steal_pointer (&bytes);

  if (self->n_read == (guint64) self->length && !self->ended && self->part->bytes == NULL)
    {
      g_autoptr (GBytes) more = upload_part_read (self, cancellable, error);

      if (more == NULL)
        return NULL;
      self->n_read += g_bytes_get_size (more);
      self->ended = g_bytes_get_size (more) == 0;
    }
  if (self->n_read > (guint64) self->length ||
      (self->ended && self->n_read < (guint64) self->length))
    {
      set_wrong_length (self, error);
      return NULL;
    }
  return g_steal_pointer (&bytes);
}

static gboolean
set_sent_before (GError **error)
{
  hf_init_i18n ();
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED,
                       _("it has been read before, and can be read only once"));
  return FALSE;
}

/* A file's length, where it is one that has a length: those in /proc, for example, say 0. */
static gboolean
upload_part_open_file (HfUploadPart  *self,
                       gboolean       keep,
                       GCancellable  *cancellable,
                       GError       **error)
{
  g_autoptr (GFileInputStream) stream = g_file_read (self->part->file, cancellable, error);
  g_autoptr (GFileInfo) info = NULL;
  gboolean is_regular;

  if (stream == NULL)
    return FALSE;

  info = g_file_input_stream_query_info (stream,
                                         G_FILE_ATTRIBUTE_STANDARD_SIZE
                                         "," G_FILE_ATTRIBUTE_STANDARD_TYPE,
                                         cancellable, NULL);
  is_regular = info != NULL && g_file_info_get_file_type (info) == G_FILE_TYPE_REGULAR;
  if (is_regular)
    self->length = g_file_info_get_size (info);
  self->stream = g_object_ref (G_INPUT_STREAM (stream));
  if (self->length == 0)
    {
      self->first = upload_part_read (self, cancellable, error);
      if (self->first == NULL)
        return FALSE;
      if (g_bytes_get_size (self->first) > 0)
        self->length = -1;
    }

  if (is_regular && self->length > 0 && !keep)
    hf_upload_part_close (self);
  return TRUE;
}

gboolean
hf_upload_part_open (HfUploadPart  *self,
                  gboolean       keep,
                  GCancellable  *cancellable,
                  GError       **error)
{
  HfBodyPart *part = self->part;

  if (part->once && g_atomic_int_exchange (&part->taken, TRUE))
    return set_sent_before (error);

  if (part->file != NULL)
    return upload_part_open_file (self, keep, cancellable, error);
  if (part->stream_func != NULL)
    self->stream = part->stream_func (part->user_data, error);
  else if (part->stream != NULL)
    self->stream = g_steal_pointer (&part->stream);
  else
    return TRUE;

  if (self->stream == NULL && error != NULL && *error == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, _("there is no stream"));
  return self->stream != NULL;
}
