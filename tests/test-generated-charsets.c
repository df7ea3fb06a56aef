/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <string.h>

#include "hf-charset-private.h"
#include "hf-random.h"

/* Texts in all charsets, and the fields that name them. */

typedef struct {
  const char *name;
  const char *mark;     /* the byte order mark, or NULL */
  gsize mark_length;
  gboolean is_unicode;
  GIConv keeps_loaded;  /* or each conversion would load the charset's module anew */
  GArray *characters;   /* owned: of gunichar, a choice of what the charset has */
} Charset;

static Charset charsets[] = {
  { "UTF-8", "\xef\xbb\xbf", 3, TRUE, NULL, NULL },
  { "UTF-16LE", "\xff\xfe", 2, TRUE, NULL, NULL },
  { "UTF-16BE", "\xfe\xff", 2, TRUE, NULL, NULL },
  { "UTF-32LE", "\xff\xfe\0\0", 4, TRUE, NULL, NULL },
  { "UTF-32BE", "\0\0\xfe\xff", 4, TRUE, NULL, NULL },
  { "US-ASCII", NULL, 0, FALSE, NULL, NULL },
  { "ISO-8859-1", NULL, 0, FALSE, NULL, NULL },
  { "ISO-8859-2", NULL, 0, FALSE, NULL, NULL },
  { "ISO-8859-7", NULL, 0, FALSE, NULL, NULL },
  { "ISO-8859-15", NULL, 0, FALSE, NULL, NULL },
  { "windows-1251", NULL, 0, FALSE, NULL, NULL },
  { "windows-1252", NULL, 0, FALSE, NULL, NULL },
  { "windows-1255", NULL, 0, FALSE, NULL, NULL },
  { "KOI8-R", NULL, 0, FALSE, NULL, NULL },
  { "Shift_JIS", NULL, 0, FALSE, NULL, NULL },
  { "EUC-JP", NULL, 0, FALSE, NULL, NULL },
  { "ISO-2022-JP", NULL, 0, FALSE, NULL, NULL },
  { "EUC-KR", NULL, 0, FALSE, NULL, NULL },
  { "GB18030", NULL, 0, FALSE, NULL, NULL },
  { "Big5", NULL, 0, FALSE, NULL, NULL },
};

static const gunichar blocks[][2] = {
  { 0x20, 0x7e },     { 0xa0, 0xff },     { 0x100, 0x17f },   { 0x391, 0x3c9 },
  { 0x401, 0x451 },   { 0x5d0, 0x5ea },   { 0x3042, 0x3093 }, { 0x4e00, 0x4e40 },
  { 0xac00, 0xac20 }, { 0x2010, 0x2030 }, { 0x20ac, 0x20ac },
};

static gboolean
charset_has (Charset  *self,
             gunichar  character)
{
  char text[7] = { 0 };
  g_autofree char *encoded = NULL;
  g_autofree char *decoded = NULL;
  gsize written;

  g_unichar_to_utf8 (character, text);
  encoded = g_convert (text, -1, self->name, "UTF-8", NULL, &written, NULL);
  if (encoded == NULL)
    return FALSE;
  /* A few of Japan's characters turn into others on the way. */
  decoded = g_convert (encoded, written, "UTF-8", self->name, NULL, NULL, NULL);
  return g_strcmp0 (decoded, text) == 0;
}

static void
charset_set_up (Charset *self)
{
  self->keeps_loaded = g_iconv_open ("UTF-8", self->name);
  self->characters = g_array_new (FALSE, FALSE, sizeof (gunichar));
  for (guint i = 0; i < G_N_ELEMENTS (blocks); i++)
    for (gunichar character = blocks[i][0]; character <= blocks[i][1]; character++)
      if (charset_has (self, character))
        g_array_append_val (self->characters, character);
  g_assert_cmpuint (self->characters->len, >, 90);
}

static void
charset_tear_down (Charset *self)
{
  g_iconv_close (self->keeps_loaded);
  g_array_unref (self->characters);
}

static char *
random_text (Charset *charset)
{
  GString *text = g_string_new (NULL);
  guint length = hf_random_below (20);

  for (guint i = 0; i < length; i++)
    {
      GArray *all = charset->characters;

      if (hf_random_one_in (8))
        g_string_append (text, hf_random_one_in (2) ? "\n" : "\t");
      else if (charset->is_unicode && hf_random_one_in (3))
        g_string_append_unichar (text, 0x10000 + hf_random_below (0xffff));
      else
        g_string_append_unichar (text, g_array_index (all, gunichar, hf_random_below (all->len)));
    }
  return g_string_free (text, FALSE);
}

static GBytes *
encode (const char *text,
        Charset    *charset,
        gboolean    marked)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree char *encoded = NULL;
  gsize length;

  encoded = g_convert (text, -1, charset->name, "UTF-8", NULL, &length, NULL);
  g_assert_nonnull (encoded);
  if (marked)
    g_byte_array_append (bytes, (const guint8 *) charset->mark, charset->mark_length);
  g_byte_array_append (bytes, (const guint8 *) encoded, length);
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

static Charset *
random_charset (void)
{
  return &charsets[hf_random_below (G_N_ELEMENTS (charsets))];
}

/* What was encoded in a charset is decoded from it as it was, with a byte order mark or without;
 * and a mark tells the charset by itself. */
static void
test_round_trip (void)
{
  for (guint i = hf_random_n_inputs (); i > 0; i--)
    {
      Charset *charset = random_charset ();
      gboolean marked = charset->mark != NULL && hf_random_one_in (2);
      g_autofree char *text = random_text (charset);
      g_autoptr (GBytes) bytes = encode (text, charset, marked);
      g_autoptr (GString) name = g_string_new (NULL);
      g_autoptr (GError) error = NULL;
      g_autofree char *found = NULL;

      hf_random_append_case (name, charset->name);
      found = hf_charset_decode (bytes, name->str, &error);
      g_assert_no_error (error);
      hf_assert_same (charset->name, text, found);

      if (marked || g_str_equal (charset->name, "UTF-8"))
        g_assert_cmpstr (hf_charset_detect (bytes), ==, charset->name);
    }
}

static GBytes *
random_content (void)
{
  static const char *const no_characters[] = { "\xe0\x80\x80", "\xed\xa0\x80", "\xf7\xbf\xbf\xbf",
                                               "\xf4\x90\x80\x80", NULL };
  GByteArray *bytes = g_byte_array_new ();
  guint length = hf_random_below (hf_random_one_in (2) ? 24 : 3);

  if (hf_random_one_in (4))
    {
      Charset *charset = random_charset ();

      if (charset->mark != NULL)
        g_byte_array_append (bytes, (const guint8 *) charset->mark, charset->mark_length);
    }
  for (guint i = 0; i < length; i++)
    {
      guint8 byte = hf_random_one_in (2) ? hf_random_below (256) : hf_random_below (0x80);

      g_byte_array_append (bytes, &byte, 1);
      if (hf_random_one_in (16)) /* as in UTF-8, but overlong, a surrogate, or beyond Unicode */
        {
          const char *sequence = hf_random_choose (no_characters);

          g_byte_array_append (bytes, (const guint8 *) sequence, strlen (sequence));
        }
    }
  return g_byte_array_free_to_bytes (bytes);
}

/* Any bytes are text in the charset, or are not, twice; what is text is UTF-8, and the same again
 * when it is encoded and decoded once more. */
static void
test_any_bytes (void)
{
  guint n_texts = 0;

  for (guint i = hf_random_n_inputs (); i > 0; i--)
    {
      Charset *charset = random_charset ();
      g_autoptr (GBytes) bytes = random_content ();
      g_autoptr (GError) error = NULL;
      g_autoptr (GError) again = NULL;
      g_autofree char *text = hf_charset_decode (bytes, charset->name, &error);
      g_autofree char *same = hf_charset_decode (bytes, charset->name, &again);
      g_autofree char *encoded = NULL;
      gsize length;

      hf_assert_same (charset->name, text, same);
      if (text == NULL)
        {
          g_assert_true (error->domain == G_CONVERT_ERROR);
          g_assert_cmpstr (error->message, ==, again->message);
          continue;
        }

      n_texts++;
      g_assert_true (g_utf8_validate (text, -1, NULL));
      encoded = g_convert (text, -1, charset->name, "UTF-8", NULL, &length, NULL);
      if (encoded != NULL && length > 0)
        {
          g_autoptr (GBytes) once_more = g_bytes_new (encoded, length);
          g_autofree char *back = hf_charset_decode (once_more, charset->name, NULL);

          /* A second mark is a character, but as the first one is a mark again. */
          if (strncmp (text, "\xef\xbb\xbf", 3) != 0)
            hf_assert_same (charset->name, text, back);
        }
    }
  g_assert_cmpuint (n_texts, >, hf_random_n_inputs () / 10);
}

/* Returns: (nullable): the charset whose mark begins the bytes, the longest of them */
static const char *
find_marked (const char *data,
             gsize       length)
{
  Charset *best = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (charsets); i++)
    if (charsets[i].mark != NULL && length >= charsets[i].mark_length &&
        memcmp (data, charsets[i].mark, charsets[i].mark_length) == 0 &&
        (best == NULL || best->mark_length < charsets[i].mark_length))
      best = &charsets[i];
  return best != NULL ? best->name : NULL;
}

/* Without a charset that is named the mark decides, then whether it is UTF-8 without mistakes. */
static void
test_detected (void)
{
  for (guint i = hf_random_n_inputs (); i > 0; i--)
    {
      g_autoptr (GBytes) bytes = random_content ();
      gsize length;
      const char *data = g_bytes_get_data (bytes, &length);
      const char *charset = hf_charset_detect (bytes);
      const char *marked = find_marked (data, length);
      g_autofree char *expected = g_utf8_make_valid (length > 0 ? data : "", length);
      g_autofree char *without_nul = g_malloc (length + 1);
      g_autofree char *text = NULL;
      gboolean is_utf8;

      if (marked != NULL)
        {
          g_assert_cmpstr (charset, ==, marked);
          continue;
        }

      for (gsize n = 0; n < length; n++)
        without_nul[n] = data[n] != '\0' ? data[n] : 'x';
      is_utf8 = g_utf8_validate_len (without_nul, length, NULL);
      g_assert_cmpstr (charset, ==, is_utf8 ? "UTF-8" : "windows-1252");
      text = hf_charset_decode (bytes, charset, NULL);
      if (is_utf8)
        hf_assert_same (charset, expected, text);
    }
}

static void
append_param (GString    *out,
              const char *name,
              const char *value)
{
  hf_random_append_space (out);
  g_string_append_c (out, ';');
  hf_random_append_space (out);
  hf_random_append_case (out, name);
  g_string_append_c (out, '=');
  hf_random_append_word (out, value);
}

static void
append_other_params (GString *out)
{
  while (hf_random_one_in (3))
    {
      g_autofree char *name = hf_random_token ();
      g_autofree char *value = hf_random_text (8);

      if (g_ascii_strcasecmp (name, "charset") != 0 && strpbrk (name, "*") == NULL)
        append_param (out, name, value);
    }
}

/* The charset is found among other parameters, in quotes or not (RFC 9110 §8.3.2). */
static void
test_content_type (void)
{
  for (guint i = hf_random_n_inputs (); i > 0; i--)
    {
      g_autoptr (GString) field = g_string_new (NULL);
      g_autofree char *token = hf_random_token ();
      const char *charset = hf_random_one_in (2) ? random_charset ()->name : token;
      gboolean is_named = !hf_random_one_in (6);
      g_autofree char *found = NULL;
      g_autofree char *of_damaged = NULL;
      g_autofree char *again = NULL;

      g_string_append (field, hf_random_one_in (2) ? "text/html" : "application/x-a+json");
      append_other_params (field);
      if (is_named)
        append_param (field, "charset", charset);
      append_other_params (field);
      hf_random_append_space (field);
      found = hf_charset_from_content_type (field->str);
      hf_assert_same (field->str, is_named ? charset : NULL, found);

      hf_random_corrupt (field);
      of_damaged = hf_charset_from_content_type (field->str);
      again = hf_charset_from_content_type (field->str);
      hf_assert_same (field->str, of_damaged, again);
    }
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (charsets); i++)
    charset_set_up (&charsets[i]);
  g_test_add_func ("/generated/charsets/round-trip", test_round_trip);
  g_test_add_func ("/generated/charsets/any-bytes", test_any_bytes);
  g_test_add_func ("/generated/charsets/detected", test_detected);
  g_test_add_func ("/generated/charsets/content-type", test_content_type);
  status = g_test_run ();
  for (guint i = 0; i < G_N_ELEMENTS (charsets); i++)
    charset_tear_down (&charsets[i]);
  return status;
}
