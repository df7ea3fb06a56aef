/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <string.h>

#include "hf-halves.h"
#include "hf-streaming.h"
#include "hf-test-server.h"

/* Responses whose bodies are streams, on every kind of executor. */

static void
assert_counts_up (GBytes *bytes,
                  gsize   length)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  g_assert_cmpuint (size, ==, length);
  for (gsize i = 0; i < size; i++)
    g_assert_cmpuint (data[i], ==, i % 256);
}

static void
test_whole (HfStreaming   *streaming,
            gconstpointer  kind)
{
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "/bytes/300000");

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (HfFuture) future = hf_streaming_get (streaming, uri);
      g_autoptr (GError) error = NULL;
      g_autoptr (HfResponse) response = hf_streaming_take (streaming, future, &error);
      g_autoptr (GBytes) bytes = NULL;

      g_assert_no_error (error);
      g_assert_cmpuint (hf_response_get_status (response), ==, 200);
      g_assert_false (hf_response_is_loaded (response));
      g_assert_cmpuint (g_bytes_get_size (hf_response_get_bytes (response)), ==, 0);
      bytes = hf_streaming_read_all (streaming, response, &error);
      g_assert_no_error (error);
      assert_counts_up (bytes, 300000);
      g_clear_pointer (&bytes, g_bytes_unref);
      bytes = hf_streaming_read_all (streaming, response, &error); /* at the end it stays there */
      g_assert_no_error (error);
      g_assert_cmpuint (g_bytes_get_size (bytes), ==, 0);
    }

  /* What was read to the end leaves its connection to the next. */
  g_assert_cmpuint (hf_test_server_get_n_connections (server), ==, 1);
}

static void
test_empty (HfStreaming   *streaming,
            gconstpointer  kind)
{
  static const char *const paths[] = { "/empty", "/status/204", "/redirect/2" };
  g_autoptr (HfTestServer) server = hf_test_server_new ();

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *uri = hf_test_server_dup_uri (server, paths[i]);
      g_autoptr (HfFuture) future = hf_streaming_get (streaming, uri);
      g_autoptr (GError) error = NULL;
      g_autoptr (HfResponse) response = hf_streaming_take (streaming, future, &error);
      g_autoptr (GBytes) bytes = NULL;

      g_assert_no_error (error);
      bytes = hf_streaming_read_all (streaming, response, &error);
      g_assert_no_error (error);
      g_assert_true ((g_bytes_get_size (bytes) == 0) == (i < 2));
      g_assert_cmpuint (hf_response_get_history (response)->len, ==, i < 2 ? 0 : 2);
    }
}

/* The future settles with the headers. */
static void
test_headers_first (HfStreaming   *streaming,
                    gconstpointer  kind)
{
  HfHalves halves = HF_HALVES_INIT ("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nfour", "more");
  g_autoptr (HfRawServer) server = hf_halves_new_server (&halves);
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  g_autoptr (HfFuture) future = hf_streaming_get (streaming, uri);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response = hf_streaming_take (streaming, future, &error);
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GBytes) rest = NULL;
  char buffer[100];

  g_assert_no_error (error);
  stream = hf_response_get_stream (response);
  g_assert_cmpint (hf_streaming_read (streaming, stream, buffer, 100, NULL, &error), ==, 4);
  hf_gate_pass (&halves.go_on);
  rest = hf_streaming_read_all (streaming, response, &error);
  g_assert_no_error (error);
  g_assert_cmpmem ("more", 4, g_bytes_get_data (rest, NULL), g_bytes_get_size (rest));
}

/* Streams that nobody reads keep no worker. */
static void
test_unread (HfStreaming   *streaming,
             gconstpointer  kind)
{
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *large = hf_test_server_dup_uri (server, "/bytes/3000000");
  g_autofree char *uri = hf_test_server_dup_uri (server, "/bytes/10");
  HfResponse *responses[5];

  for (guint i = 0; i < G_N_ELEMENTS (responses); i++)
    {
      g_autoptr (HfFuture) future = hf_streaming_get (streaming, large);

      responses[i] = hf_streaming_take (streaming, future, NULL);
      g_assert_nonnull (responses[i]);
    }
  for (guint i = 0; i < 10; i++)
    {
      g_autoptr (HfFuture) future = hf_futures_session_get (streaming->session, uri);
      g_autoptr (HfResponse) response = hf_streaming_take (streaming, future, NULL);

      assert_counts_up (hf_response_get_bytes (response), 10);
    }
  for (guint i = 0; i < G_N_ELEMENTS (responses); i++)
    {
      g_autoptr (GBytes) bytes = NULL;

      if (i % 2 == 0)
        {
          bytes = hf_streaming_read_all (streaming, responses[i], NULL);
          assert_counts_up (bytes, 3000000);
        }
      g_object_unref (responses[i]);
    }
}

static void
on_loaded (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (hf_response_load_finish (HF_RESPONSE (source), result, &error));
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

static void
load (HfStreaming *streaming,
      HfResponse  *response)
{
  g_autoptr (GError) error = NULL;
  gboolean loaded = FALSE;

  if (!streaming->reads_async)
    {
      g_assert_true (hf_response_load (response, NULL, &error));
      g_assert_no_error (error);
      return;
    }

  hf_response_load_async (response, NULL, on_loaded, &loaded);
  while (!loaded)
    g_main_context_iteration (NULL, TRUE);
}

/* A stream can be loaded after all; before that there is no text to be had. */
static void
test_load (HfStreaming   *streaming,
           gconstpointer  kind)
{
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "/text?charset=iso-8859-1");
  g_autoptr (HfFuture) future = hf_streaming_get (streaming, uri);
  g_autoptr (HfResponse) response = hf_streaming_take (streaming, future, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GBytes) again = NULL;
  g_autofree char *text = NULL;

  g_assert_null (hf_response_get_text (response, &error));
  g_assert_error (error, HF_ERROR, HF_ERROR_WOULD_BLOCK);
  g_clear_error (&error);
  g_assert_null (hf_response_get_json (response, &error));
  g_assert_error (error, HF_ERROR, HF_ERROR_WOULD_BLOCK);
  g_clear_error (&error);

  load (streaming, response);
  load (streaming, response);
  g_assert_true (hf_response_is_loaded (response));
  text = hf_response_get_text (response, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, HF_TEST_SERVER_TEXT);
  again = hf_streaming_read_all (streaming, response, &error);
  g_assert_true (g_bytes_equal (again, hf_response_get_bytes (response)));
}

static void
on_line (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  char **line = user_data;

  *line =
    g_data_input_stream_read_line_finish_utf8 (G_DATA_INPUT_STREAM (source), result, NULL, &error);
  g_assert_no_error (error);
  if (*line == NULL)
    *line = g_strdup ("the end");
}

static char *
read_line (HfStreaming      *streaming,
           GDataInputStream *lines)
{
  g_autoptr (GError) error = NULL;
  char *line = NULL;

  if (streaming->reads_async)
    {
      g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT, NULL, on_line, &line);
      while (line == NULL)
        g_main_context_iteration (NULL, TRUE);
      return line;
    }

  line = g_data_input_stream_read_line_utf8 (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  return line != NULL ? line : g_strdup ("the end");
}

static void
test_lines (HfStreaming   *streaming,
            gconstpointer  kind)
{
  static const char *const expected[] = { "one", "two", "", "thrée", "last", "the end" };
  HfHalves halves =
    HF_HALVES_INIT ("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\none\ntwo\r\n\nthr", "ée\rlast");
  g_autoptr (HfRawServer) server = hf_halves_new_server (&halves);
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  g_autoptr (HfFuture) future = hf_streaming_get (streaming, uri);
  g_autoptr (HfResponse) response = hf_streaming_take (streaming, future, NULL);
  g_autoptr (GDataInputStream) lines = hf_response_read_lines (response);

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autofree char *line = read_line (streaming, lines);

      g_assert_cmpstr (line, ==, expected[i]);
      if (i == 1)
        hf_gate_pass (&halves.go_on); /* so a line is there before the body is */
    }
}

static guint64
get_received (HfFuture *future)
{
  guint64 received;

  g_object_get (future, "bytes-received", &received, NULL);
  return received;
}

/* The future counts on while its stream is read. */
static void
test_progress (HfStreaming   *streaming,
               gconstpointer  kind)
{
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "/bytes/3000000");
  g_autoptr (HfFuture) future = hf_streaming_get (streaming, uri);
  g_autoptr (HfResponse) response = hf_streaming_take (streaming, future, NULL);
  g_autoptr (GBytes) bytes = NULL;
  gint64 total;

  g_assert_cmpuint (get_received (future), <, 3000000);
  bytes = hf_streaming_read_all (streaming, response, NULL);
  g_assert_cmpuint (get_received (future), ==, 3000000);
  g_object_get (future, "bytes-total", &total, NULL);
  g_assert_cmpint (total, ==, 3000000);
}

static void
read_in_hook (HfHookCall *call,
              gpointer    user_data)
{
  g_autoptr (GInputStream) stream = hf_response_get_stream (hf_hook_call_get_response (call));
  char buffer[3];

  if (g_input_stream_read (stream, buffer, 3, NULL, NULL) == 3)
    g_atomic_int_inc ((int *) user_data);
}

/* A hook on a worker may begin to read, and whoever has the response goes on. */
static void
test_hook (HfStreaming   *streaming,
           gconstpointer  kind)
{
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "/bytes/300000");
  g_autoptr (HfFuture) future = NULL;
  g_autoptr (HfResponse) response = NULL;
  g_autoptr (GBytes) bytes = NULL;
  int n_read = 0;

  if (HF_IS_PROCESS_POOL_EXECUTOR (streaming->executor))
    return; /* a hook without a name does not go there */

  hf_futures_session_add_response_hook (streaming->session, read_in_hook, &n_read, NULL);
  future = hf_streaming_get (streaming, uri);
  response = hf_streaming_take (streaming, future, NULL);
  bytes = hf_streaming_read_all (streaming, response, NULL);
  g_assert_nonnull (bytes);

  /* In the application's own context hooks run there, and must not block it. */
  g_assert_cmpint (n_read, ==, streaming->in_context ? 0 : 1);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, streaming->in_context ? 300000 : 299997);
}

/* The stream of a response that is no stream: over its bytes, as often as it is asked for. */
static void
test_of_bytes (void)
{
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "/bytes/1000");
  g_autoptr (HfFuturesSession) session = hf_futures_session_new ();
  g_autoptr (HfFuture) future = hf_futures_session_get (session, uri);
  g_autoptr (HfResponse) response = hf_future_get_result (future, NULL, NULL);
  char buffer[2000];

  g_assert_true (hf_response_is_loaded (response));
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GInputStream) stream = hf_response_get_stream (response);

      g_assert_cmpint (g_input_stream_read (stream, buffer, 2000, NULL, NULL), ==, 1000);
      hf_response_close (response);
    }
}

/* In the thread of the executor's own loop a read that blocks could never end. */
static void
test_would_block (void)
{
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "/bytes/300000");
  HfStreaming streaming = { 0 };
  HfFuture *future;
  HfResponse *response;
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GError) error = NULL;
  char byte;

  hf_streaming_set_up (&streaming, "context");
  future = hf_streaming_get (&streaming, uri);
  response = hf_streaming_take (&streaming, future, NULL);
  stream = hf_response_get_stream (response);
  g_assert_cmpint (g_input_stream_read (stream, &byte, 1, NULL, &error), ==, -1);
  g_assert_error (error, HF_ERROR, HF_ERROR_WOULD_BLOCK);
  g_clear_error (&error);
  g_assert_false (hf_response_load (response, NULL, &error));
  g_assert_error (error, HF_ERROR, HF_ERROR_WOULD_BLOCK);
  g_clear_error (&error);
  g_assert_cmpint (hf_streaming_read (&streaming, stream, &byte, 1, NULL, &error), ==, 1);
  g_assert_no_error (error);

  g_clear_object (&stream);
  g_object_unref (response);
  g_object_unref (future);
  hf_streaming_tear_down (&streaming, NULL);
}

/* A stream outlives the session and the executor. */
static void
test_outlives (HfStreaming   *streaming,
               gconstpointer  kind)
{
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "/bytes/300000");
  HfStreaming other = { 0 };
  HfFuture *future;
  HfResponse *response;
  g_autoptr (GBytes) bytes = NULL;

  hf_streaming_set_up (&other, kind);
  future = hf_streaming_get (&other, uri);
  response = hf_streaming_take (&other, future, NULL);
  g_clear_object (&future);
  hf_futures_session_close (other.session, HF_CLOSE_DRAIN);
  g_clear_object (&other.session);
  bytes = hf_streaming_read_all (&other, response, NULL);
  assert_counts_up (bytes, 300000);
  g_object_unref (response);
  hf_assert_finalizes (g_steal_pointer (&other.executor));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  hf_streaming_add_tests ("/stream/whole", test_whole);
  hf_streaming_add_tests ("/stream/empty", test_empty);
  hf_streaming_add_tests ("/stream/headers-first", test_headers_first);
  hf_streaming_add_tests ("/stream/unread", test_unread);
  hf_streaming_add_tests ("/stream/load", test_load);
  hf_streaming_add_tests ("/stream/lines", test_lines);
  hf_streaming_add_tests ("/stream/progress", test_progress);
  hf_streaming_add_tests ("/stream/hook", test_hook);
  hf_streaming_add_tests ("/stream/outlives", test_outlives);
  g_test_add_func ("/stream/of-bytes", test_of_bytes);
  g_test_add_func ("/stream/would-block", test_would_block);
  return g_test_run ();
}
