/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-content-decoder-private.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>

#include "hf-error-private.h"

/*
 * Undoes gzip and deflate (RFC 9110 §8.4.1) with GIO's decompressor, and Brotli (RFC 7932) with
 * that of libsoup, where it has one. libsoup's own decoder takes the end of a truncated body for
 * its end, and gives an invalid one back as it came (3.2.3).
 */

/* In no header, but exported by every libsoup that was built with Brotli. */
extern GType soup_brotli_decompressor_get_type (void) __attribute__ ((weak));

struct _HfContentDecoder {
  GConverter *converter;  /* owned */
  GByteArray *pending;    /* owned; what the converter did not take yet */
  gboolean gzip;
  gboolean brotli;
  gboolean may_be_raw;    /* “deflate” that has not begun: some servers send it without a header */
  gboolean begun;
  gboolean finished;
  HfContentDecoder *inner; /* owned, nullable: for what was applied before */
};

/* So many encodings may have been applied one after the other, and so many bytes may come out of
 * one for the next at a time: what is compressed hardly shrinks again, but in bombs (CWE-409), of
 * which each encoding would expand the other's bytes a thousandfold. */
#define MOST_ENCODINGS 4
#define MOST_BETWEEN (64 * 1024)

static gboolean
has_brotli (void)
{
  return soup_brotli_decompressor_get_type != NULL &&
         g_type_is_a (soup_brotli_decompressor_get_type (), G_TYPE_CONVERTER);
}

/*
 * hf_content_decoder_get_accepted:
 * @secure: whether nobody between here and the server can look into the answer
 *
 * Returns: what can be undone, for Accept-Encoding; Brotli only where no old proxy meddles with
 *   what it does not know, as browsers have it
 */
const char *
hf_content_decoder_get_accepted (gboolean secure)
{
  return secure && has_brotli () ? "gzip, deflate, br" : "gzip, deflate";
}

static GConverter *
make_converter (const char *content_encoding)
{
  if (g_ascii_strcasecmp (content_encoding, "gzip") == 0 ||
      g_ascii_strcasecmp (content_encoding, "x-gzip") == 0)
    return G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  if (g_ascii_strcasecmp (content_encoding, "deflate") == 0)
    return G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB));
  if (g_ascii_strcasecmp (content_encoding, "br") == 0 && has_brotli ())
    return g_object_new (soup_brotli_decompressor_get_type (), NULL);
  return NULL;
}

static HfContentDecoder *
content_decoder_new_for_one (const char *content_encoding)
{
  GConverter *converter = make_converter (content_encoding);
  HfContentDecoder *self;

  if (converter == NULL)
    return NULL;

  self = g_new0 (HfContentDecoder, 1);
  self->converter = converter;
  self->pending = g_byte_array_new ();
  self->brotli = g_ascii_strcasecmp (content_encoding, "br") == 0;
  self->may_be_raw = g_ascii_strcasecmp (content_encoding, "deflate") == 0;
  self->gzip = !self->brotli && !self->may_be_raw;
  return self;
}

/*
 * hf_content_decoder_new:
 * @content_encoding: the encodings in the order in which they were applied
 *
 * Returns: (transfer full) (nullable): a decoder; %NULL when not all can be undone, or none has to
 */
HfContentDecoder *
hf_content_decoder_new (const char *content_encoding)
{
  GSList *encodings = soup_header_parse_list (content_encoding);
  g_autoptr (HfContentDecoder) self = NULL;
  gboolean known = g_slist_length (encodings) <= MOST_ENCODINGS;

  for (GSList *l = encodings; l != NULL && known; l = l->next)
    if (g_ascii_strcasecmp (l->data, "identity") != 0)
      {
        HfContentDecoder *outer = content_decoder_new_for_one (l->data);

        known = outer != NULL;
        if (known)
          outer->inner = g_steal_pointer (&self);
        if (known)
          self = outer;
      }

  soup_header_free_list (encodings);
  return known ? g_steal_pointer (&self) : NULL;
}

void
hf_content_decoder_free (HfContentDecoder *self)
{
  g_clear_pointer (&self->inner, hf_content_decoder_free);
  g_object_unref (self->converter);
  g_byte_array_unref (self->pending);
  g_free (self);
}

static gboolean
try_raw (HfContentDecoder *self,
         const GError     *failed)
{
  if (!self->may_be_raw || !g_error_matches (failed, G_IO_ERROR, G_IO_ERROR_INVALID_DATA))
    return FALSE;

  self->may_be_raw = FALSE;
  g_object_unref (self->converter);
  self->converter = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW));
  return TRUE;
}

/* A gzip file is a series of members (RFC 1952 §2.2). */
static void
content_decoder_begin_member (HfContentDecoder *self)
{
  const guint8 *data = self->pending->data;

  if (!self->finished || !self->gzip || self->pending->len < 2 || data[0] != 0x1f ||
      data[1] != 0x8b)
    return;

  g_converter_reset (self->converter);
  self->finished = FALSE;
}

static void
set_invalid (GError **error)
{
  hf_init_i18n ();
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       _("The compressed data is not valid"));
}

/* libsoup's says FAILED of invalid data, in no user's language. */
static void
content_decoder_propagate (HfContentDecoder  *self,
                           GError            *failed,
                           GError           **error)
{
  if (!self->brotli)
    {
      g_propagate_error (error, failed);
      return;
    }

  g_error_free (failed);
  set_invalid (error);
}

/*
 * Converts what is pending, until more is needed: when all was read, there may still be something
 * to write, and libsoup's converter says only then that it has finished.
 *
 * Returns: %FALSE with @error set when it is invalid
 */
static gboolean
content_decoder_convert (HfContentDecoder  *self,
                         HfBuffer          *buffer,
                         GError           **error)
{
  while (!self->finished && !buffer->over)
    {
      g_autoptr (GError) failed = NULL;
      gsize read = 0;
      gsize written = 0;
      GConverterResult result;

      if (buffer->length == buffer->allocated && !hf_buffer_grow (buffer, error))
        return FALSE;

      result = g_converter_convert (self->converter, self->pending->data, self->pending->len,
                                    buffer->data + buffer->length,
                                    buffer->allocated - buffer->length, G_CONVERTER_NO_FLAGS, &read,
                                    &written, &failed);
      if (result == G_CONVERTER_ERROR)
        {
          if (g_error_matches (failed, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
            return TRUE;
          if (g_error_matches (failed, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
            {
              if (!hf_buffer_grow (buffer, error))
                return FALSE;
              continue;
            }
          if (try_raw (self, failed))
            continue;
          content_decoder_propagate (self, g_steal_pointer (&failed), error);
          return FALSE;
        }

      self->finished = result == G_CONVERTER_FINISHED;
      self->may_be_raw = FALSE;
      g_byte_array_remove_range (self->pending, 0, read);
      content_decoder_begin_member (self);
      hf_buffer_commit (buffer, written);
    }

  return TRUE;
}

static gboolean
content_decoder_feed_own (HfContentDecoder  *self,
                          const guint8      *data,
                          gsize              length,
                          HfBuffer          *buffer,
                          GError           **error)
{
  self->begun = TRUE;
  if (self->finished && (!self->gzip || self->pending->len >= 2))
    return TRUE; /* what comes after the end is nobody's */

  g_byte_array_append (self->pending, data, length);
  content_decoder_begin_member (self);
  if (self->may_be_raw && self->pending->len < 2)
    return TRUE; /* the header that tells has two bytes (RFC 1950 §2.2) */
  return content_decoder_convert (self, buffer, error);
}

/*
 * hf_content_decoder_feed:
 * @buffer: where the decoded bytes go; look at whether it is over its limit
 *
 * Returns: %FALSE with @error set when what was read is invalid
 */
gboolean
hf_content_decoder_feed (HfContentDecoder  *self,
                         const guint8      *data,
                         gsize              length,
                         HfBuffer          *buffer,
                         GError           **error)
{
  HfBuffer between = { .limit = MOST_BETWEEN };
  gboolean fine;

  if (self->inner == NULL)
    return content_decoder_feed_own (self, data, length, buffer, error);

  fine = content_decoder_feed_own (self, data, length, &between, error);
  if (fine && between.over)
    {
      set_invalid (error);
      fine = FALSE;
    }
  if (fine && between.length > 0)
    fine = hf_content_decoder_feed (self->inner, between.data, between.length, buffer, error);
  hf_buffer_clear (&between);
  return fine;
}

/* There is no more. Returns: %FALSE with @error set when there should be */
gboolean
hf_content_decoder_finish (HfContentDecoder  *self,
                           GError           **error)
{
  if (self->finished || !self->begun)
    return self->inner == NULL || hf_content_decoder_finish (self->inner, error);

  hf_init_i18n ();
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
                       _("The compressed data is incomplete"));
  return FALSE;
}
