/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "hf-halves.h"
#include "hf-streaming.h"
#include "hf-test-server.h"

/* Bodies that go to files and streams, on every kind of executor; and how far they may expand. */

typedef struct {
  char *folder;  /* owned */
  char *path;    /* owned: in the folder */
  GFile *file;   /* owned */
} Target;

static void
target_init (Target *self)
{
  self->folder = g_dir_make_tmp ("hf-destination-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "saved", NULL);
  self->file = g_file_new_for_path (self->path);
}

/* Nothing must be there by now but, perhaps, the file. */
static void
target_clear (Target *self)
{
  g_remove (self->path);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_object_unref (self->file);
  g_free (self->path);
  g_free (self->folder);
}

static guint
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static HfResponse *
download (HfStreaming  *streaming,
          const char   *uri,
          gpointer      destination,
          GError      **error)
{
  g_autoptr (HfFuture) future =
    hf_streaming_get_with (streaming, uri, "stream", FALSE, "destination", destination, NULL);

  return hf_streaming_take (streaming, future, error);
}

static void
assert_counts_up (const guint8 *data,
                  gsize         size,
                  gsize         length)
{
  g_assert_cmpuint (size, ==, length);
  for (gsize i = 0; i < size; i++)
    g_assert_cmpuint (data[i], ==, i % 256);
}

static void
test_file (HfStreaming   *streaming,
           gconstpointer  kind)
{
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "/bytes/300000");
  Target target;

  target_init (&target);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (HfResponse) response = download (streaming, uri, target.file, &error);
      g_autofree char *saved = NULL;
      gsize length;

      g_assert_no_error (error);
      g_assert_true (hf_response_is_loaded (response));
      g_assert_cmpuint (g_bytes_get_size (hf_response_get_bytes (response)), ==, 0);
      g_assert_true (g_file_get_contents (target.path, &saved, &length, NULL));
      assert_counts_up ((guint8 *) saved, length, 300000);
      g_assert_cmpuint (count_files (target.folder), ==, 1);
      g_assert_true (g_file_set_contents (target.path, "before", -1, NULL)); /* is replaced then */
    }
  g_assert_cmpuint (hf_test_server_get_n_connections (server), ==, 1);
  target_clear (&target);
}

static void
test_stream (HfStreaming   *streaming,
             gconstpointer  kind)
{
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "/bytes/300000");
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response = download (streaming, uri, stream, &error);
  GMemoryOutputStream *memory = G_MEMORY_OUTPUT_STREAM (stream);

  g_assert_no_error (error);
  assert_counts_up (g_memory_output_stream_get_data (memory),
                    g_memory_output_stream_get_data_size (memory), 300000);
  g_assert_false (g_output_stream_is_closed (stream));
}

/* What tells that there is nothing to save is not saved. */
static void
test_unsuccessful (HfStreaming   *streaming,
                   gconstpointer  kind)
{
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "/status/404");
  g_autofree char *saved = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response = NULL;
  Target target;

  target_init (&target);
  g_assert_true (g_file_set_contents (target.path, "before", -1, NULL));
  response = download (streaming, uri, target.file, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (hf_response_get_status (response), ==, 404);
  text = hf_response_get_text (response, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (strlen (text), >, 0);
  g_assert_true (g_file_get_contents (target.path, &saved, NULL, NULL));
  g_assert_cmpstr (saved, ==, "before");
  target_clear (&target);
}

#define FIRST_HALF "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nfour"

static gboolean
has_begun (gpointer data)
{
  Target *target = data;

  return count_files (target->folder) == 2;
}

/* The file is what it was until the new one is complete. */
static void
test_atomic (HfStreaming   *streaming,
             gconstpointer  kind)
{
  static const char *const seconds[] = { "more", "mo" };

  for (guint i = 0; i < G_N_ELEMENTS (seconds); i++)
    {
      HfHalves halves = HF_HALVES_INIT (FIRST_HALF, seconds[i]);
      g_autoptr (HfRawServer) server = hf_halves_new_server (&halves);
      g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
      g_autoptr (HfFuture) future = NULL;
      g_autoptr (HfResponse) response = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *meanwhile = NULL;
      g_autofree char *saved = NULL;
      Target target;

      target_init (&target);
      g_assert_true (g_file_set_contents (target.path, "before", -1, NULL));
      future =
        hf_streaming_get_with (streaming, uri, "stream", FALSE, "destination", target.file, NULL);
      hf_assert_becomes (has_begun, &target);
      g_assert_true (g_file_get_contents (target.path, &meanwhile, NULL, NULL));
      g_assert_cmpstr (meanwhile, ==, "before");
      hf_gate_pass (&halves.go_on);
      response = hf_streaming_take (streaming, future, &error);
      if (i == 0)
        g_assert_no_error (error);
      else
        g_assert_error (error, HF_ERROR, HF_ERROR_TRUNCATED);
      g_assert_true (g_file_get_contents (target.path, &saved, NULL, NULL));
      g_assert_cmpstr (saved, ==, i == 0 ? "fourmore" : "before");
      while (count_files (target.folder) > 1) /* a loop removes the other a little later */
        g_main_context_iteration (NULL, FALSE);
      target_clear (&target);
    }
}

static gboolean
has_no_part (gpointer data)
{
  return count_files (data) == 0;
}

/* Cancelled while it is written. */
static void
test_cancel (HfStreaming   *streaming,
             gconstpointer  kind)
{
  HfHalves halves = HF_HALVES_INIT (FIRST_HALF, NULL);
  g_autoptr (HfRawServer) server = hf_halves_new_server (&halves);
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  g_autoptr (HfFuture) future = NULL;
  Target target;

  target_init (&target);
  future =
    hf_streaming_get_with (streaming, uri, "stream", FALSE, "destination", target.file, NULL);
  while (count_files (target.folder) == 0)
    g_main_context_iteration (NULL, FALSE);
  g_assert_true (hf_future_cancel (future));
  hf_assert_becomes (has_no_part, target.folder);
  target_clear (&target);
}

static void
test_read_timeout (HfStreaming   *streaming,
                   gconstpointer  kind)
{
  HfHalves halves = HF_HALVES_INIT (FIRST_HALF, NULL);
  g_autoptr (HfRawServer) server = hf_halves_new_server (&halves);
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  g_autoptr (GError) error = NULL;
  Target target;

  target_init (&target);
  hf_futures_session_set_read_timeout (streaming->session, 0.2);
  g_assert_null (download (streaming, uri, target.file, &error));
  g_assert_error (error, HF_ERROR, HF_ERROR_TIMEOUT_READ);
  hf_assert_becomes (has_no_part, target.folder);
  target_clear (&target);
}

/* What cannot be written is the future's error, with GIO's as its cause. */
static void
test_unwritable (HfStreaming   *streaming,
                 gconstpointer  kind)
{
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "/bytes/300000?secret");
  g_autoptr (GFile) nowhere = g_file_new_for_path ("/nowhere/at/all");
  g_autoptr (GFile) root = g_file_new_for_path ("/");
  g_autoptr (GOutputStream) small =
    g_memory_output_stream_new (g_malloc (1000), 1000, NULL, g_free);
  const gpointer destinations[] = { nowhere, root, small };
  const int causes[] = { G_IO_ERROR_NOT_FOUND, G_IO_ERROR_IS_DIRECTORY, G_IO_ERROR_NO_SPACE };

  for (guint i = 0; i < G_N_ELEMENTS (destinations); i++)
    {
      g_autoptr (HfFuture) future = hf_streaming_get_with (streaming, uri, "stream", FALSE,
                                                           "destination", destinations[i], NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (GError) cause = NULL;
      g_autoptr (HfResponse) response = hf_streaming_take (streaming, future, &error);

      g_assert_null (response);
      g_assert_error (error, HF_ERROR, HF_ERROR_FAILED);
      g_assert_nonnull (strstr (error->message, "/bytes"));
      g_assert_null (strstr (error->message, "secret"));
      cause = hf_future_dup_cause (future);
      g_assert_error (cause, G_IO_ERROR, causes[i]);
    }
}

/* A device or a pipe is not replaced, nor is a folder, and nothing is left beside it. */
static void
test_special (HfStreaming   *streaming,
              gconstpointer  kind)
{
  static const int causes[] = { G_IO_ERROR_NOT_REGULAR_FILE, G_IO_ERROR_IS_DIRECTORY };
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "/bytes/10");

  for (guint i = 0; i < G_N_ELEMENTS (causes); i++)
    {
      g_autoptr (HfFuture) future = NULL;
      g_autoptr (HfResponse) response = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (GError) cause = NULL;
      GStatBuf before;
      GStatBuf after;
      Target target;

      target_init (&target);
      g_assert_cmpint (i == 0 ? mkfifo (target.path, 0600) : g_mkdir (target.path, 0700), ==, 0);
      g_assert_cmpint (g_lstat (target.path, &before), ==, 0);
      future =
        hf_streaming_get_with (streaming, uri, "stream", FALSE, "destination", target.file, NULL);
      response = hf_streaming_take (streaming, future, &error);
      g_assert_error (error, HF_ERROR, HF_ERROR_FAILED);
      cause = hf_future_dup_cause (future);
      g_assert_error (cause, G_IO_ERROR, causes[i]);
      g_assert_cmpint (g_lstat (target.path, &after), ==, 0);
      g_assert_cmpuint (after.st_ino, ==, before.st_ino);
      g_assert_cmpuint (count_files (target.folder), ==, 1);
      target_clear (&target);
    }
}

/* Hooks see the response when the file is there. */
static void
note_file (HfHookCall *call,
           gpointer    user_data)
{
  Target *target = user_data;
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_BOOLEAN);
  g_value_set_boolean (&value, g_file_test (target->path, G_FILE_TEST_EXISTS));
  hf_hook_call_set_value (call, &value);
}

static gboolean
is_settled (gpointer future)
{
  return hf_future_wait (future, 0, NULL);
}

static void
test_hook (HfStreaming   *streaming,
           gconstpointer  kind)
{
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "/bytes/10");
  g_autoptr (HfFuture) future = NULL;
  const GValue *value;
  Target target;

  if (HF_IS_PROCESS_POOL_EXECUTOR (streaming->executor))
    return; /* a hook without a name does not go there */

  target_init (&target);
  hf_futures_session_add_response_hook (streaming->session, note_file, &target, NULL);
  future =
    hf_streaming_get_with (streaming, uri, "stream", FALSE, "destination", target.file, NULL);
  hf_assert_becomes (is_settled, future);
  value = hf_future_get_value (future, NULL, NULL);
  g_assert_true (g_value_get_boolean (value));
  target_clear (&target);
}

static void
answer_zeros (HfRawServer *server,
              GIOStream   *stream,
              gpointer     user_data)
{
  GBytes *zipped = user_data;
  gsize size;
  const void *data = g_bytes_get_data (zipped, &size);
  g_autofree char *request = hf_raw_server_read_head (stream);
  g_autofree char *head =
    g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n"
                     "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
                     size);

  if (request == NULL)
    return;
  hf_raw_server_write (stream, head);
  g_output_stream_write_all (g_io_stream_get_output_stream (stream), data, size, NULL, NULL, NULL);
}

static GBytes *
zip_zeros (gsize length)
{
  g_autoptr (GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9);
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) zipping =
    g_converter_output_stream_new (memory, G_CONVERTER (compressor));
  g_autofree char *zeros = g_malloc0 (length);

  g_output_stream_write_all (zipping, zeros, length, NULL, NULL, NULL);
  g_output_stream_close (zipping, NULL, NULL);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

/* Bytes of zeros; by how much they may expand for the request, and for the session; and whether
 * that is too much. */
typedef struct {
  gsize length;
  guint of_request;
  guint of_session;
  gboolean too_much;
} Expansion;

static void
test_ratio (HfStreaming   *streaming,
            gconstpointer  kind)
{
  static const Expansion expansions[] = {
    { 3000000, 100, 0, TRUE }, { 3000000, 2000, 0, FALSE }, { 3000000, 0, 100, TRUE },
    { 3000000, 0, 0, FALSE },  { 3000000, 2000, 1, FALSE }, { 1000000, 1, 0, FALSE },
  };

  for (guint i = 0; i < 3 * G_N_ELEMENTS (expansions); i++)
    {
      const Expansion *expansion = &expansions[i / 3];
      g_autoptr (GBytes) zipped = zip_zeros (expansion->length);
      g_autoptr (HfRawServer) server = hf_raw_server_new (answer_zeros, zipped);
      g_autofree char *uri = hf_raw_server_dup_uri (server, "/path?secret");
      g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
      g_autoptr (HfFuture) future = NULL;
      g_autoptr (HfResponse) response = NULL;
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GError) error = NULL;

      /* In memory, from a stream, or delivered to one. */
      hf_futures_session_set_max_decompression_ratio (streaming->session, expansion->of_session);
      future = hf_streaming_get_with (streaming, uri, "stream", i % 3 == 1, "destination",
                                      i % 3 == 2 ? memory : NULL, "max-decompression-ratio",
                                      expansion->of_request, NULL);
      response = hf_streaming_take (streaming, future, &error);
      if (response != NULL && i % 3 < 2)
        bytes = hf_streaming_read_all (streaming, response, &error);
      if (!expansion->too_much)
        {
          g_assert_no_error (error);
          g_assert_cmpuint (
            bytes != NULL ? g_bytes_get_size (bytes)
                          : g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (memory)),
            ==, expansion->length);
          continue;
        }
      g_assert_error (error, HF_ERROR, HF_ERROR_TOO_LARGE);
      g_assert_nonnull (strstr (error->message, "100 times"));
      g_assert_null (strstr (error->message, "secret"));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  hf_streaming_add_tests ("/destination/file", test_file);
  hf_streaming_add_tests ("/destination/stream", test_stream);
  hf_streaming_add_tests ("/destination/unsuccessful", test_unsuccessful);
  hf_streaming_add_tests ("/destination/atomic", test_atomic);
  hf_streaming_add_tests ("/destination/cancel", test_cancel);
  hf_streaming_add_tests ("/destination/read-timeout", test_read_timeout);
  hf_streaming_add_tests ("/destination/unwritable", test_unwritable);
  hf_streaming_add_tests ("/destination/special", test_special);
  hf_streaming_add_tests ("/destination/hook", test_hook);
  hf_streaming_add_tests ("/destination/ratio", test_ratio);
  return g_test_run ();
}
