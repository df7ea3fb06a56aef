/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>
#include <unistd.h>

#include "hf-upload-private.h"
#include "libhfutures.h"

/* Forms with files: what is written, and that a parser reads what was put in. */

static void
ignore_phase (HfHop   *hop,
              HfPhase  phase)
{
}

static const HfHopObserver observer = { .phase = ignore_phase };

/* Returns: (transfer full): all that the body sends */
static GBytes *
read_body (HfBody  *body,
           gint64  *length)
{
  HfHop hop = { .body = body, .observer = &observer };
  g_autoptr (HfUpload) upload = hf_upload_new (&hop);
  g_autoptr (GOutputStream) output = g_memory_output_stream_new_resizable ();
  g_autoptr (GError) error = NULL;

  g_assert_true (hf_upload_open (upload, NULL, &error));
  g_assert_no_error (error);
  if (length != NULL)
    *length = hf_upload_get_length (upload);
  g_output_stream_splice (output, G_INPUT_STREAM (upload),
                          G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE | G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
                          NULL, &error);
  g_assert_no_error (error);
  hf_upload_end (upload);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (output));
}

static const char *
boundary_of (HfBody *body)
{
  const char *type = hf_body_get_content_type (body);

  g_assert_true (g_str_has_prefix (type, "multipart/form-data; boundary="));
  return type + strlen ("multipart/form-data; boundary=");
}

/* Compares what is sent, with “B” for the boundary. */
static void
assert_written (HfMultipart *form,
                const char  *expected)
{
  g_autoptr (HfBody) body = hf_body_new_for_multipart (form);
  gint64 length;
  g_autoptr (GBytes) bytes = read_body (body, &length);
  g_autoptr (GString) text =
    g_string_new_len (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  g_assert_cmpint (length, ==, text->len);
  g_string_replace (text, boundary_of (body), "B", 0);
  g_assert_cmpstr (text->str, ==, expected);
}

static char *
make_file (const char *text,
           GFile     **file)
{
  g_autofree char *folder = g_dir_make_tmp ("hf-multipart-XXXXXX", NULL);
  char *path = g_build_filename (folder, "ä \"b\".txt", NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  *file = g_file_new_for_path (path);
  return path;
}

static void
remove_file (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  g_unlink (path);
  g_rmdir (folder);
}

static void
test_written (void)
{
  g_autoptr (HfMultipart) form = hf_multipart_new ();
  g_autoptr (GBytes) bytes = g_bytes_new_static ("\1\2", 2);
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = make_file ("<p>", &file);

  assert_written (form, "--B--\r\n");
  hf_multipart_append_text (form, "a", "1");
  hf_multipart_append_text (form, "a", "");
  hf_multipart_append_text (form, "a\"\r\nX: y", "grün\n");
  hf_multipart_append_file (form, "f", file, NULL, NULL);
  hf_multipart_append_header (form, "X-Own", "yes");
  hf_multipart_append_file (form, "f", file, "x.html", NULL);
  hf_multipart_append_file (form, "f", file, "y", "a/b");
  hf_multipart_append_bytes (form, "b", bytes, NULL, NULL);
  hf_multipart_append_bytes (form, "b", bytes, "z.bin", "c/d");
  assert_written (form,
                  "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n"
                  "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n"
                  "--B\r\nContent-Disposition: form-data; name=\"a%22%0D%0AX: y\"\r\n\r\ngrün\n\r\n"
                  "--B\r\nContent-Disposition: form-data; name=\"f\"; "
                  "filename=\"ä %22b%22.txt\"\r\nContent-Type: text/plain\r\nX-Own: yes\r\n\r\n"
                  "<p>\r\n"
                  "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x.html\"\r\n"
                  "Content-Type: text/html\r\n\r\n<p>\r\n"
                  "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"y\"\r\n"
                  "Content-Type: a/b\r\n\r\n<p>\r\n"
                  "--B\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n\1\2\r\n"
                  "--B\r\nContent-Disposition: form-data; name=\"b\"; filename=\"z.bin\"\r\n"
                  "Content-Type: c/d\r\n\r\n\1\2\r\n--B--\r\n");
  remove_file (path);
}

/* Each form has a boundary of its own. */
static void
test_boundary (void)
{
  g_autoptr (HfMultipart) form = hf_multipart_new ();
  g_autoptr (HfBody) one = hf_body_new_for_multipart (form);
  g_autoptr (HfBody) other = hf_body_new_for_multipart (form);

  g_assert_cmpstr (boundary_of (one), !=, boundary_of (other));
}

/* More files than stay open, and libsoup as the one who reads the form. */
static void
test_many_files (void)
{
  g_autoptr (HfMultipart) form = hf_multipart_new ();
  g_autofree char *text = g_strnfill (100000, 'x');
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = make_file (text, &file);
  g_autoptr (HfBody) body = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (SoupMessageHeaders) headers =
    soup_message_headers_new (SOUP_MESSAGE_HEADERS_MULTIPART);
  SoupMultipart *parsed;

  for (guint i = 0; i < 40; i++)
    {
      g_autofree char *name = g_strdup_printf ("f%u", i);

      hf_multipart_append_file (form, name, file, NULL, NULL);
    }
  body = hf_body_new_for_multipart (form);
  bytes = read_body (body, NULL);

  soup_message_headers_append (headers, "Content-Type", hf_body_get_content_type (body));
  parsed = soup_multipart_new_from_message (headers, bytes);
  g_assert_nonnull (parsed);
  g_assert_cmpint (soup_multipart_get_length (parsed), ==, 40);
  for (int i = 0; i < 40; i++)
    {
      SoupMessageHeaders *fields;
      GBytes *contents;
      g_autofree char *disposition = NULL;
      g_autoptr (GHashTable) params = NULL;
      g_autofree char *name = g_strdup_printf ("f%d", i);

      g_assert_true (soup_multipart_get_part (parsed, i, &fields, &contents));
      g_assert_cmpuint (g_bytes_get_size (contents), ==, 100000);
      g_assert_true (soup_message_headers_get_content_disposition (fields, &disposition, &params));
      g_assert_cmpstr (disposition, ==, "form-data");
      g_assert_cmpstr (g_hash_table_lookup (params, "name"), ==, name);
    }
  soup_multipart_free (parsed);
  remove_file (path);
}

static const struct {
  const char *name;
  const char *value;
} invalid_fields[] = {
  { "Content-Type", "a/b\r\nX: y" },
  { "X-Own", "a\nb" },
  { "X Own", "a" },
  { "", "a" },
  { "X:", "a" },
};

/* What would break out of the form makes the request fail. */
static void
test_invalid_fields (void)
{
  g_autoptr (HfFuturesSession) session = hf_futures_session_new ();
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);

  for (guint i = 0; i < G_N_ELEMENTS (invalid_fields); i++)
    {
      g_autoptr (HfMultipart) form = hf_multipart_new ();
      g_autoptr (HfMultipart) outer = hf_multipart_new ();
      g_autoptr (HfBody) inner = NULL;
      g_autoptr (HfBody) body = NULL;
      g_autoptr (HfFuture) future = NULL;

      hf_multipart_append_bytes (form, "a", bytes, "b", i == 0 ? invalid_fields[0].value : NULL);
      if (i > 0)
        hf_multipart_append_header (form, invalid_fields[i].name, invalid_fields[i].value);
      inner = hf_body_new_for_multipart (form);
      hf_multipart_append_body (outer, "nested", inner, NULL);
      body = hf_body_new_for_multipart (outer);
      future =
        hf_futures_session_post (session, "http://127.0.0.1:1/?secret", i % 2 ? inner : body);
      g_assert_true (hf_future_wait (future, -1, NULL));
      g_assert_error (hf_future_get_error (future), HF_ERROR, HF_ERROR_INVALID_REQUEST);
      g_assert_null (strstr (hf_future_get_error (future)->message, "secret"));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/multipart/written", test_written);
  g_test_add_func ("/multipart/boundary", test_boundary);
  g_test_add_func ("/multipart/many-files", test_many_files);
  g_test_add_func ("/multipart/invalid-fields", test_invalid_fields);
  return g_test_run ();
}
