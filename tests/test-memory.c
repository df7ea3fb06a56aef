/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#define _GNU_SOURCE /* prlimit() */
#include "config.h"

#include <glib/gstdio.h>
#include <malloc.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "hf-gate.h"
#include "hf-processes.h"
#include "hf-raw-server.h"
#include "libhfutures.h"

/* What large bodies cost in memory. Instrumented runs would measure their instruments. */

#define MIB (1024 * (gsize) 1024)

static guint64
read_status_kib_of (pid_t       process,
                    const char *field)
{
  g_autofree char *status = hf_read_proc (process, "status");
  const char *line;

  g_assert_nonnull (status);
  line = strstr (status, field);
  g_assert_nonnull (line);
  return g_ascii_strtoull (line + strlen (field), NULL, 10);
}

static guint64
read_status_kib (const char *field)
{
  return read_status_kib_of (getpid (), field);
}

/* From now on the kernel counts the peak anew (proc(5)). Returns: the memory in use, in KiB */
static guint64
begin_peak (void)
{
  g_autoptr (GError) error = NULL;

  malloc_trim (0);
  g_file_set_contents_full ("/proc/self/clear_refs", "5", 1, G_FILE_SET_CONTENTS_NONE, 0600,
                            &error);
  g_assert_no_error (error);
  return read_status_kib ("VmRSS:");
}

static gsize
peak_since (guint64 before_kib)
{
  guint64 peak = read_status_kib ("VmHWM:");

  return peak > before_kib ? (peak - before_kib) * 1024 : 0;
}

/* Sends as many bytes as the path says; the path is "/N" or "/chunked/N". */
static void
answer_bytes (HfRawServer *server,
              GIOStream   *stream,
              gpointer     user_data)
{
  static const char zeros[64 * 1024] = { 0 };
  g_autofree char *request = hf_raw_server_read_head (stream);
  gsize left;
  g_autofree char *head = NULL;

  if (request == NULL)
    return;
  left = g_ascii_strtoull (strrchr (strtok (request + strlen ("GET "), " "), '/') + 1, NULL, 10);
  head = g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n", left);
  hf_raw_server_write (stream, head);
  while (left > 0)
    {
      gsize now = MIN (left, sizeof zeros);

      if (!g_output_stream_write_all (g_io_stream_get_output_stream (stream), zeros, now, NULL,
                                      NULL, NULL))
        return;
      left -= now;
    }
}

static HfExecutor *
new_executor (gconstpointer kind)
{
  return g_str_equal (kind, "loop") ? hf_loop_executor_new (1) : hf_thread_pool_executor_new (1);
}

static void
test_download (gconstpointer kind)
{
  g_autoptr (HfRawServer) server = hf_raw_server_new (answer_bytes, NULL);
  g_autoptr (HfExecutor) executor = new_executor (kind);
  g_autoptr (HfFuturesSession) session = hf_futures_session_new_with_executor (executor);
  g_autofree char *path = g_strdup_printf ("%s/hf-memory-%s", g_get_tmp_dir (), (char *) kind);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  const gsize sizes[] = { 64 * 1024, 1024 * MIB }; /* the first one brings everything in */
  guint64 before = 0;

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *target = g_strdup_printf ("/%" G_GSIZE_FORMAT, sizes[i]);
      g_autofree char *uri = hf_raw_server_dup_uri (server, target);
      g_autoptr (HfRequest) request = hf_request_new ("GET", uri);
      g_autoptr (HfFuture) future = NULL;
      g_autoptr (HfResponse) response = NULL;
      g_autoptr (GError) error = NULL;
      GStatBuf saved;

      hf_request_set_destination (request, G_OBJECT (file));
      before = begin_peak ();
      future = hf_futures_session_send (session, request);
      response = hf_future_get_result (future, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpint (g_stat (path, &saved), ==, 0);
      g_assert_cmpuint (saved.st_size, ==, sizes[i]);
      g_remove (path);
    }

  g_test_message ("a download of 1 GiB to a file: %.2f MiB more",
                  peak_since (before) / (double) MIB);
  g_assert_cmpuint (peak_since (before), <=, 16 * MIB);
}

static GBytes *
zip_zeros (gsize length)
{
  static const char zeros[64 * 1024] = { 0 };
  g_autoptr (GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9);
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) zipping =
    g_converter_output_stream_new (memory, G_CONVERTER (compressor));

  for (gsize i = 0; i < length; i += sizeof zeros)
    g_output_stream_write_all (zipping, zeros, sizeof zeros, NULL, NULL, NULL);
  g_output_stream_close (zipping, NULL, NULL);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

static void
answer_zipped (HfRawServer *server,
               GIOStream   *stream,
               gpointer     user_data)
{
  g_autofree char *request = hf_raw_server_read_head (stream);
  g_autofree char *head = NULL;
  gsize size;
  const void *data = g_bytes_get_data (user_data, &size);

  if (request == NULL)
    return;
  head = g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
                          "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
                          size);
  hf_raw_server_write (stream, head);
  g_output_stream_write_all (g_io_stream_get_output_stream (stream), data, size, NULL, NULL, NULL);
}

/* Nothing expands more than zeros. */
static void
test_expanding (gconstpointer kind)
{
  const gsize sizes[] = { 64 * 1024, 128 * MIB };
  g_autoptr (HfExecutor) executor = new_executor (kind);
  g_autoptr (HfFuturesSession) session = hf_futures_session_new_with_executor (executor);
  guint64 before = 0;

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GBytes) zipped = zip_zeros (sizes[i]);
      g_autoptr (HfRawServer) server = hf_raw_server_new (answer_zipped, zipped);
      g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
      g_autoptr (HfRequest) request = hf_request_new ("GET", uri);
      g_autoptr (HfFuture) future = NULL;
      g_autoptr (HfResponse) response = NULL;
      g_autoptr (GInputStream) stream = NULL;
      g_autoptr (GError) error = NULL;
      gsize length = 0;
      gssize skipped;

      hf_request_set_stream (request, TRUE);
      before = begin_peak ();
      future = hf_futures_session_send (session, request);
      response = hf_future_get_result (future, NULL, &error);
      g_assert_no_error (error);
      stream = hf_response_get_stream (response);
      while ((skipped = g_input_stream_skip (stream, 64 * 1024, NULL, &error)) > 0)
        length += skipped;
      g_assert_no_error (error);
      g_assert_cmpuint (length, ==, sizes[i]);
    }

  g_test_message ("128 MiB of zeros, compressed: %.2f MiB more",
                  peak_since (before) / (double) MIB);
  g_assert_cmpuint (peak_since (before), <=, 12 * MIB);
}

static void
test_in_memory (gconstpointer kind)
{
  g_autoptr (HfRawServer) server = hf_raw_server_new (answer_bytes, NULL);
  g_autoptr (HfExecutor) executor = new_executor (kind);
  g_autoptr (HfFuturesSession) session = hf_futures_session_new_with_executor (executor);
  const gsize sizes[] = { 64 * 1024, 256 * MIB };
  guint64 before = 0;

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *target = g_strdup_printf ("/%" G_GSIZE_FORMAT, sizes[i]);
      g_autofree char *uri = hf_raw_server_dup_uri (server, target);
      g_autoptr (HfFuture) future = NULL;
      g_autoptr (HfResponse) response = NULL;
      g_autoptr (GError) error = NULL;

      before = begin_peak ();
      future = hf_futures_session_get (session, uri);
      response = hf_future_get_result (future, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (g_bytes_get_size (hf_response_get_bytes (response)), ==, sizes[i]);
    }

  g_test_message ("a body of 256 MiB in memory: %.4f times its size",
                  peak_since (before) / (256.0 * MIB));
  g_assert_cmpuint (peak_since (before), <=, 256 * MIB * 105 / 100);
}

/* What bodies took in worker processes is given back, by both; and a body is not in the heap of who
 * has asked for it. */
static void
test_processes (void)
{
  g_autoptr (HfRawServer) server = hf_raw_server_new (answer_bytes, NULL);
  HfExecutor *executor =
    g_object_new (HF_TYPE_PROCESS_POOL_EXECUTOR, "max-workers", 1, "max-jobs-per-process", 4, NULL);
  HfFuturesSession *session = hf_futures_session_new_with_executor (executor);
  const struct rlimit heap = { 160 * MIB, 160 * MIB };
  guint64 before = 0;
  guint64 worker_before = 0;

  for (guint i = 0; i < 14; i++)
    {
      /* The first two processes begin with something small, which brings everything in. */
      const gboolean small = i % 4 == 0;
      const gsize size = small ? 64 * 1024 : 256 * MIB;
      g_autofree char *target = g_strdup_printf ("/%" G_GSIZE_FORMAT, size);
      g_autofree char *uri = hf_raw_server_dup_uri (server, target);
      g_autoptr (HfFuture) future = hf_futures_session_get (session, uri);
      g_autoptr (GError) error = NULL;
      g_autoptr (HfResponse) response = hf_future_get_result (future, NULL, &error);
      gsize length;
      const guint8 *bytes;

      g_assert_no_error (error);
      bytes = g_bytes_get_data (hf_response_get_bytes (response), &length);
      g_assert_cmpuint (length, ==, size);
      for (gsize j = 0; j < length; j += 4096)
        g_assert_cmpuint (bytes[j], ==, 0);
      if (i == 0)
        before = read_status_kib ("VmRSS:");
      if (!small)
        g_assert_cmpuint (read_status_kib ("RssAnon:"), <=, before + 8 * 1024);
      g_clear_object (&response);
      g_clear_object (&future);
      g_assert_cmpuint (read_status_kib ("VmRSS:"), <=, before + 8 * 1024);

      if (i % 4 < 3)
        {
          g_autoptr (GArray) children = hf_await_children (1);
          pid_t child = g_array_index (children, pid_t, 0);
          guint64 now = read_status_kib_of (child, "VmRSS:");

          if (i == 0)
            worker_before = now;
          g_assert_cmpuint (now, <=, worker_before + 8 * 1024);
          /* It reads a body into the very memory that goes to the parent, which is not its heap. */
          g_assert_cmpint (prlimit (child, RLIMIT_DATA, &heap, NULL), ==, 0);
        }
      else
        {
          hf_assert_becomes (hf_has_no_children, NULL);
        }
    }
  g_test_message ("ten bodies of 256 MiB in processes: %.2f MiB more",
                  ((double) read_status_kib ("VmRSS:") - before) / 1024);
  hf_assert_finalizes (session);
  hf_assert_finalizes (executor);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/memory/download/threads", "threads", test_download);
  g_test_add_data_func ("/memory/download/loop", "loop", test_download);
  g_test_add_data_func ("/memory/expanding/threads", "threads", test_expanding);
  g_test_add_data_func ("/memory/expanding/loop", "loop", test_expanding);
  g_test_add_data_func ("/memory/in-memory/threads", "threads", test_in_memory);
  g_test_add_data_func ("/memory/in-memory/loop", "loop", test_in_memory);
  g_test_add_func ("/memory/processes", test_processes);
  return g_test_run ();
}
