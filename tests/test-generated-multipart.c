/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>

#include "hf-body-private.h"
#include "hf-random.h"
#include "hf-upload-private.h"
#include "libhfutures.h"

/* Forms with files: libsoup reads of them what was put in. */

#define FILE_TEXT "--\r\n\r\n--x--\r\n of a file\n"

typedef struct {
  char *name;            /* owned, as the others */
  char *file_name;       /* nullable */
  char *content_type;    /* nullable */
  GPtrArray *fields;     /* name, value, name, value, … */
  GBytes *contents;
} Part;

static GFile *file;

static void
part_free (Part *self)
{
  g_free (self->name);
  g_free (self->file_name);
  g_free (self->content_type);
  g_ptr_array_unref (self->fields);
  g_bytes_unref (self->contents);
  g_free (self);
}

/* Names may have anything, also what would end them or begin a field. */
static char *
random_name (void)
{
  static const char *const pieces[] = { "\"",
                                        "\r\n",
                                        "\r",
                                        "\n",
                                        "%22",
                                        "%0D",
                                        "\\",
                                        "\\\"",
                                        ";",
                                        "\r\nX-Evil: y\r\n\r\n",
                                        "; filename=\"x\"",
                                        NULL };
  g_autofree char *text = hf_random_text (6);

  if (!hf_random_one_in (3))
    return g_steal_pointer (&text);
  return g_strconcat (text, hf_random_choose (pieces), text, NULL);
}

static GBytes *
random_contents (void)
{
  GByteArray *contents = g_byte_array_new ();
  guint n_pieces = hf_random_below (6);

  for (guint i = 0; i < n_pieces; i++)
    {
      static const char *const pieces[] = { "\r\n",     "--",     "\r\n--",
                                            "\r\n\r\n", "-",      "\r",
                                            "\n",       "--\r\n", "\r\n--x\r\nA: b\r\n\r\n",
                                            NULL };
      const char *piece = hf_random_choose (pieces);
      guint8 byte = hf_random_below (256);

      if (hf_random_one_in (2))
        g_byte_array_append (contents, (const guint8 *) piece, strlen (piece));
      else
        g_byte_array_append (contents, &byte, 1);
    }
  return g_byte_array_free_to_bytes (contents);
}

static Part *
random_part (void)
{
  static const char *const types[] = { "text/plain", "application/x; a=\"b; c\"", "x/y", NULL };
  Part *self = g_new0 (Part, 1);

  self->name = random_name ();
  self->file_name = hf_random_one_in (2) ? random_name () : NULL;
  self->content_type = hf_random_one_in (2) ? g_strdup (hf_random_choose (types)) : NULL;
  self->fields = g_ptr_array_new_with_free_func (g_free);
  self->contents = random_contents ();
  for (guint i = 0; hf_random_one_in (3); i++)
    {
      g_autofree char *token = hf_random_token ();
      g_autofree char *text = hf_random_text (8);

      g_ptr_array_add (self->fields, g_strdup_printf ("X-%u-%s", i, token));
      g_ptr_array_add (self->fields, g_strdup (g_strstrip (text)));
    }
  return self;
}

static gboolean
is_text (GBytes *bytes)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  return length > 0 && g_utf8_validate_len (data, length, NULL);
}

/* Appends what a part has, in one of the ways in which a program can. */
static void
part_append (Part        *self,
             HfMultipart *form)
{
  gsize length;
  const char *data = g_bytes_get_data (self->contents, &length);
  g_autoptr (HfBody) body = NULL;
  g_autoptr (GInputStream) stream = NULL;
  g_autofree char *text = NULL;

  switch (hf_random_below (4))
    {
    case 0:
      if (self->file_name == NULL && self->content_type == NULL && is_text (self->contents))
        {
          text = g_strndup (data, length);
          hf_multipart_append_text (form, self->name, text);
          break;
        }
      G_GNUC_FALLTHROUGH;
    case 1:
      hf_multipart_append_bytes (form, self->name, self->contents, self->file_name,
                                 self->content_type);
      break;
    case 2:
      stream = g_memory_input_stream_new_from_bytes (self->contents);
      body = hf_body_new_for_stream (stream, hf_random_one_in (2) ? (gint64) length : -1,
                                     self->content_type);
      hf_multipart_append_body (form, self->name, body, self->file_name);
      break;
    default:
      if (self->file_name != NULL && self->content_type != NULL)
        {
          g_bytes_unref (self->contents);
          self->contents = g_bytes_new_static (FILE_TEXT, strlen (FILE_TEXT));
          hf_multipart_append_file (form, self->name, file, self->file_name, self->content_type);
          break;
        }
      body = hf_body_new_for_bytes (self->contents, self->content_type);
      hf_multipart_append_body (form, self->name, body, self->file_name);
      break;
    }

  for (guint i = 0; i < self->fields->len; i += 2)
    hf_multipart_append_header (form, g_ptr_array_index (self->fields, i),
                                g_ptr_array_index (self->fields, i + 1));
}

static void
ignore_phase (HfHop   *hop,
              HfPhase  phase)
{
}

/* Returns: (transfer full): all that the body sends */
static GBytes *
send_body (HfBody *body)
{
  const HfHopObserver observer = { .phase = ignore_phase };
  HfHop hop = { .body = body, .observer = &observer };
  g_autoptr (HfUpload) upload = hf_upload_new (&hop);
  g_autoptr (GOutputStream) output = g_memory_output_stream_new_resizable ();
  g_autoptr (GError) error = NULL;
  gint64 length;
  GBytes *sent;

  g_assert_true (hf_upload_open (upload, NULL, &error));
  g_assert_no_error (error);
  length = hf_upload_get_length (upload);
  g_output_stream_splice (output, G_INPUT_STREAM (upload),
                          G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE | G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
                          NULL, &error);
  g_assert_no_error (error);
  hf_upload_end (upload);

  sent = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (output));
  if (length >= 0)
    g_assert_cmpint (length, ==, g_bytes_get_size (sent));
  return sent;
}

/* Returns: (transfer full) (nullable): what a server would make of it */
static SoupMultipart *
read_form (HfBody *body,
           GBytes *sent)
{
  g_autoptr (SoupMessageHeaders) headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  gsize length = g_bytes_get_size (sent);
  char *data = g_malloc0 (length + 1); /* libsoup takes it for a string, too (3.2.3) */
  g_autoptr (GBytes) ended = g_bytes_new_take (data, length);

  memcpy (data, g_bytes_get_data (sent, NULL), length);
  soup_message_headers_append (headers, "Content-Type", hf_body_get_content_type (body));
  return soup_multipart_new_from_message (headers, ended);
}

static void
append_contents (GString *out,
                 GBytes  *bytes)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  for (gsize i = 0; i < length; i++)
    g_string_append_printf (out, "%02x", data[i]);
  g_string_append_c (out, '\n');
}

/* As HTML's algorithm for the encoding of forms has it. */
static void
append_name (GString    *out,
             const char *label,
             const char *name)
{
  g_autoptr (GString) escaped = g_string_new (name);

  g_string_replace (escaped, "\r", "%0D", 0);
  g_string_replace (escaped, "\n", "%0A", 0);
  g_string_replace (escaped, "\"", "%22", 0);
  g_string_append_printf (out, "; %s=\"%s\"", label, escaped->str);
}

static void
append_expected (GString *out,
                 Part    *part)
{
  g_string_append (out, "Content-Disposition: form-data");
  append_name (out, "name", part->name);
  if (part->file_name != NULL)
    append_name (out, "filename", part->file_name);
  g_string_append_c (out, '\n');
  if (part->content_type != NULL)
    g_string_append_printf (out, "Content-Type: %s\n", part->content_type);
  for (guint i = 0; i < part->fields->len; i += 2)
    g_string_append_printf (out, "%s: %s\n", (char *) g_ptr_array_index (part->fields, i),
                            (char *) g_ptr_array_index (part->fields, i + 1));
  append_contents (out, part->contents);
}

static char *
dump_form (SoupMultipart *form)
{
  GString *out = g_string_new (NULL);

  for (int i = 0; i < soup_multipart_get_length (form); i++)
    {
      SoupMessageHeaders *headers;
      SoupMessageHeadersIter iter;
      const char *name;
      const char *value;
      GBytes *contents;

      soup_multipart_get_part (form, i, &headers, &contents);
      soup_message_headers_iter_init (&iter, headers);
      while (soup_message_headers_iter_next (&iter, &name, &value))
        g_string_append_printf (out, "%s: %s\n", name, value);
      append_contents (out, contents);
    }
  return g_string_free (out, FALSE);
}

static void
test_round_trip (void)
{
  for (guint i = hf_random_n_inputs (); i > 0; i--)
    {
      g_autoptr (HfMultipart) form = hf_multipart_new ();
      g_autoptr (HfBody) body = NULL;
      g_autoptr (GBytes) sent = NULL;
      g_autoptr (SoupMultipart) found = NULL;
      g_autoptr (GString) expected = g_string_new (NULL);
      g_autofree char *actual = NULL;
      guint n_parts = hf_random_below (4);

      for (guint n = 0; n < n_parts; n++)
        {
          Part *part = random_part ();

          part_append (part, form);
          append_expected (expected, part);
          part_free (part);
        }
      body = hf_body_new_for_multipart (form);
      sent = send_body (body);
      found = read_form (body, sent);
      g_assert_nonnull (found);
      actual = dump_form (found);
      hf_assert_same (expected->str, expected->str, actual);
    }
}

/* What would be more than a field, or less, makes the form one that cannot be sent; and what can be
 * sent has that field and no other. */
static void
test_hostile (void)
{
  guint n_sent = 0;

  for (guint i = hf_random_n_inputs (); i > 0; i--)
    {
      g_autoptr (HfMultipart) form = hf_multipart_new ();
      g_autofree char *bytes = hf_random_bytes (hf_random_one_in (2) ? 3 : 10);
      g_autofree char *value = g_strdup (bytes);
      g_autofree char *token = hf_random_token ();
      g_autofree char *name = hf_random_one_in (2) ? g_strconcat ("X-", token, NULL)
                                                   : hf_random_bytes (6);
      g_autofree char *readable = g_utf8_make_valid (g_strstrip (value), -1);
      g_autofree char *type = g_utf8_make_valid (bytes, -1);
      g_autofree char *expected = NULL;
      g_autofree char *actual = NULL;
      g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);
      g_autoptr (HfBody) body = NULL;
      g_autoptr (GBytes) sent = NULL;
      g_autoptr (SoupMultipart) found = NULL;
      gboolean is_type = hf_random_one_in (2);

      if (is_type)
        hf_multipart_append_bytes (form, "a", empty, NULL, type);
      else
        hf_multipart_append_text (form, "a", "");
      if (!is_type)
        hf_multipart_append_header (form, name, bytes);
      body = hf_body_new_for_multipart (form);
      g_assert_false (body->invalid_field == NULL && strpbrk (bytes, "\r\n\x01\x7f") != NULL);
      g_assert_false (body->invalid_field == NULL && !is_type && !hf_is_token (name));
      if (body->invalid_field != NULL || g_ascii_strncasecmp (name, "content-", 8) == 0)
        continue;

      n_sent++;
      sent = send_body (body);
      found = read_form (body, sent);
      g_assert_nonnull (found);
      actual = dump_form (found);
      expected = g_strdup_printf ("Content-Disposition: form-data; name=\"a\"\n%s: %s\n\n",
                                  is_type ? "Content-Type" : name, readable);
      if (is_type || g_str_has_prefix (name, "X-"))
        hf_assert_same (bytes, expected, actual);
      g_assert_cmpint (soup_multipart_get_length (found), ==, 1);
    }
  g_assert_cmpuint (n_sent, >, hf_random_n_inputs () / 10);
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *folder = g_dir_make_tmp ("hf-generated-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "file", NULL);
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_true (g_file_set_contents (path, FILE_TEXT, -1, NULL));
  file = g_file_new_for_path (path);
  g_test_add_func ("/generated/multipart/round-trip", test_round_trip);
  g_test_add_func ("/generated/multipart/hostile", test_hostile);
  status = g_test_run ();

  g_object_unref (file);
  g_unlink (path);
  g_rmdir (folder);
  return status;
}
