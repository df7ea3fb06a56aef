/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-charset-private.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

#include "hf-error-private.h"

typedef struct {
  const char *charset;
  guint8 mark[4];
  gsize length;
} ByteOrderMark;

static const ByteOrderMark byte_order_marks[] = {
  { "UTF-8", { 0xef, 0xbb, 0xbf }, 3 },
  { "UTF-32LE", { 0xff, 0xfe, 0x00, 0x00 }, 4 }, /* before UTF-16LE, whose mark begins it */
  { "UTF-32BE", { 0x00, 0x00, 0xfe, 0xff }, 4 },
  { "UTF-16LE", { 0xff, 0xfe }, 2 },
  { "UTF-16BE", { 0xfe, 0xff }, 2 },
};

static const ByteOrderMark *
find_mark (const guint8 *data,
           gsize         length)
{
  for (gsize i = 0; i < G_N_ELEMENTS (byte_order_marks); i++)
    if (length >= byte_order_marks[i].length &&
        memcmp (data, byte_order_marks[i].mark, byte_order_marks[i].length) == 0)
      return &byte_order_marks[i];
  return NULL;
}

/* Returns: (transfer full) (nullable): the charset parameter (RFC 9110 §8.3.2) */
char *
hf_charset_from_content_type (const char *content_type)
{
  GHashTable *parameters;
  char *charset;

  if (content_type == NULL)
    return NULL;

  parameters = soup_header_parse_semi_param_list (content_type);
  charset = g_strdup (g_hash_table_lookup (parameters, "charset"));
  soup_header_free_param_list (parameters);

  if (charset != NULL && *charset == '\0')
    g_clear_pointer (&charset, g_free);
  return charset;
}

/* Whether it is UTF-8. NUL is a character like any other there. */
static gboolean
is_utf8 (const char *data,
         gsize       length)
{
  const char *invalid;

  while (!g_utf8_validate_len (data, length, &invalid))
    {
      if (*invalid != '\0')
        return FALSE;
      length -= invalid + 1 - data;
      data = invalid + 1;
    }
  return TRUE;
}

/* Returns: what the bytes seem to be: by their byte order mark, else UTF-8 when valid as such,
 * else windows-1252, in which every text of the old web can be read. */
const char *
hf_charset_detect (GBytes *bytes)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  const ByteOrderMark *mark = find_mark (data, length);

  if (mark != NULL)
    return mark->charset;
  return is_utf8 ((const char *) data, length) ? "UTF-8" : "windows-1252";
}

/* Returns: what the bytes of a text in JSON seem to be: its first two characters are ASCII, so the
 * place of their zeros tells (RFC 4627 §3); a byte order mark tells, too */
const char *
hf_charset_detect_json (GBytes *bytes)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  if (length < 4 || find_mark (data, length) != NULL)
    return hf_charset_detect (bytes);
  if (data[0] == 0 && data[1] == 0)
    return "UTF-32BE";
  if (data[0] == 0)
    return "UTF-16BE";
  if (data[1] == 0)
    return data[2] == 0 ? "UTF-32LE" : "UTF-16LE";
  return hf_charset_detect (bytes);
}

/*
 * hf_charset_decode:
 * @charset: the name of a charset
 *
 * A byte order mark that belongs to the charset is dropped. NUL, which would end the string, turns
 * into U+FFFD.
 *
 * Returns: (transfer full) (nullable): the text in UTF-8, or %NULL with a `G_CONVERT_ERROR`
 */
char *
hf_charset_decode (GBytes      *bytes,
                   const char  *charset,
                   GError     **error)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  const ByteOrderMark *mark = find_mark ((const guint8 *) data, length);
  gsize written;
  char *text;

  if (length == 0)
    return g_strdup ("");

  if (mark != NULL && g_ascii_strncasecmp (mark->charset, charset, strlen (charset)) == 0)
    {
      data += mark->length;
      length -= mark->length;
      charset = mark->charset;
    }

  if (g_ascii_strcasecmp (charset, "UTF-8") == 0 && is_utf8 (data, length))
    return g_utf8_make_valid (data, length);

  text = g_convert (data, length, "UTF-8", charset, NULL, &written, error);
  /* The C library lets pass what is beyond the end of Unicode (glibc 2.36). */
  if (text != NULL && !is_utf8 (text, written))
    {
      hf_init_i18n ();
      g_set_error_literal (error, G_CONVERT_ERROR, G_CONVERT_ERROR_ILLEGAL_SEQUENCE,
                           _("it has a character that Unicode does not have"));
      g_clear_pointer (&text, g_free);
    }
  if (text != NULL && strlen (text) < written)
    {
      char *whole = g_utf8_make_valid (text, written);

      g_free (text);
      return whole;
    }
  return text;
}
