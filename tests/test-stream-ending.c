/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <string.h>

#include "hf-halves.h"
#include "hf-streaming.h"

/* How streams end before their end, on every kind of executor. */

/* Closing, and dropping, frees the connection, however much there was to come. */
static void
test_early_close (HfStreaming   *streaming,
                  gconstpointer  kind)
{
  for (guint i = 0; i < 4; i++)
    {
      HfHalves halves = HF_HALVES_INIT (HF_HALVES_ENDLESS, NULL);
      g_autoptr (HfRawServer) server = hf_halves_new_server (&halves);
      g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
      g_autoptr (HfFuture) future = hf_streaming_get (streaming, uri);
      g_autoptr (GError) error = NULL;
      g_autoptr (HfResponse) response = hf_streaming_take (streaming, future, &error);
      g_autoptr (GInputStream) stream = NULL;
      char byte;

      g_assert_no_error (error);
      stream = hf_response_get_stream (response);
      if (i % 2 == 1)
        g_assert_cmpint (hf_streaming_read (streaming, stream, &byte, 1, NULL, &error), ==, 1);
      if (i < 2)
        {
          hf_response_close (response);
          g_assert_cmpint (hf_streaming_read (streaming, stream, &byte, 1, NULL, &error), ==, -1);
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
        }
      else
        {
          g_clear_object (&stream);
          g_clear_object (&response);
          g_clear_object (&future);
        }
      hf_halves_wait (&halves);
    }
}

typedef struct {
  const char *property;  /* of the request */
  int code;
} Limit;

/* Silence, and the end of the request's time. */
static void
test_timeouts (HfStreaming   *streaming,
               gconstpointer  kind)
{
  static const Limit limits[] = { { "read-timeout", HF_ERROR_TIMEOUT_READ },
                                  { "deadline", HF_ERROR_TIMEOUT_DEADLINE } };

  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      HfHalves halves = HF_HALVES_INIT (HF_HALVES_ENDLESS, NULL);
      g_autoptr (HfRawServer) server = hf_halves_new_server (&halves);
      g_autofree char *uri = hf_raw_server_dup_uri (server, "/path?secret");
      g_autoptr (HfFuture) future =
        hf_streaming_get_with (streaming, uri, limits[i].property, 0.2, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (HfResponse) response = hf_streaming_take (streaming, future, &error);

      g_assert_no_error (error);
      g_assert_null (hf_streaming_read_all (streaming, response, &error));
      g_assert_error (error, HF_ERROR, limits[i].code);
      g_assert_nonnull (strstr (error->message, "/path"));
      g_assert_null (strstr (error->message, "secret"));
      g_clear_error (&error);
      g_assert_null (hf_streaming_read_all (streaming, response, &error)); /* for good */
      g_assert_error (error, HF_ERROR, limits[i].code);
      hf_halves_wait (&halves);
    }
}

static gpointer
cancel_in_thread (gpointer data)
{
  g_cancellable_cancel (data);
  return NULL;
}

/* The request's cancellable ends it all; that of a read only the read. */
static void
test_cancel (HfStreaming   *streaming,
             gconstpointer  kind)
{
  HfHalves halves = HF_HALVES_INIT ("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nfour", "more");
  g_autoptr (HfRawServer) server = hf_halves_new_server (&halves);
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  g_autoptr (GCancellable) of_request = g_cancellable_new ();
  g_autoptr (HfFuture) future =
    hf_streaming_get_with (streaming, uri, "cancellable", of_request, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response = hf_streaming_take (streaming, future, &error);
  g_autoptr (GInputStream) stream = NULL;
  char buffer[100];

  g_assert_no_error (error);
  stream = hf_response_get_stream (response);
  g_assert_cmpint (hf_streaming_read (streaming, stream, buffer, 100, NULL, &error), ==, 4);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GCancellable) of_read = g_cancellable_new ();
      GThread *thread = g_thread_new ("cancels", cancel_in_thread, of_read);

      g_assert_cmpint (hf_streaming_read (streaming, stream, buffer, 100, of_read, &error), ==, -1);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_clear_error (&error);
      g_thread_join (thread);
    }
  hf_gate_pass (&halves.go_on);
  g_assert_cmpint (hf_streaming_read (streaming, stream, buffer, 2, NULL, &error), ==, 2);
  g_assert_cmpmem (buffer, 2, "mo", 2);

  g_thread_join (g_thread_new ("cancels", cancel_in_thread, of_request));
  g_assert_cmpint (hf_streaming_read (streaming, stream, buffer, 100, NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static gpointer
close_in_thread (gpointer data)
{
  hf_response_close (data);
  return NULL;
}

/* A close reaches a read that waits. */
static void
test_close_while_reading (HfStreaming   *streaming,
                          gconstpointer  kind)
{
  HfHalves halves = HF_HALVES_INIT (HF_HALVES_ENDLESS, NULL);
  g_autoptr (HfRawServer) server = hf_halves_new_server (&halves);
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  g_autoptr (HfFuture) future = hf_streaming_get (streaming, uri);
  g_autoptr (HfResponse) response = hf_streaming_take (streaming, future, NULL);
  GThread *thread = g_thread_new ("closes", close_in_thread, response);
  g_autoptr (GError) error = NULL;

  g_assert_null (hf_streaming_read_all (streaming, response, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_thread_join (thread);
  hf_halves_wait (&halves);
}

typedef struct {
  const char *answer;
  int code;
} Wrong;

/* What is wrong with a body is the error of a read, and stays it. */
static void
test_wrong (HfStreaming   *streaming,
            gconstpointer  kind)
{
  static const Wrong wrongs[] = {
    { "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nbody", HF_ERROR_TRUNCATED },
    { "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 10\r\n\r\nbody",
      HF_ERROR_TRUNCATED },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\nbody", HF_ERROR_TRUNCATED },
    { "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nbody",
      HF_ERROR_DECODE },
    { "HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\nbody", HF_ERROR_TOO_LARGE },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      "32\r\n01234567890123456789012345678901234567890123456789\r\n"
      "33\r\n01234567890123456789012345678901234567890123456789+\r\n",
      HF_ERROR_TOO_LARGE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrongs); i++)
    {
      HfHalves halves = HF_HALVES_INIT (wrongs[i].answer, "");
      g_autoptr (HfRawServer) server = hf_halves_new_server (&halves);
      g_autofree char *uri = hf_raw_server_dup_uri (server, "/path?secret");
      g_autoptr (HfFuture) future =
        hf_streaming_get_with (streaming, uri, "max-body-size", (guint64) 100, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (HfResponse) response = hf_streaming_take (streaming, future, &error);

      g_assert_no_error (error);
      hf_gate_pass (&halves.go_on);
      for (guint j = 0; j < 2; j++)
        {
          g_assert_null (hf_streaming_read_all (streaming, response, &error));
          g_assert_error (error, HF_ERROR, wrongs[i].code);
          g_assert_null (strstr (error->message, "secret"));
          g_clear_error (&error);
        }
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  hf_streaming_add_tests ("/stream-ending/early-close", test_early_close);
  hf_streaming_add_tests ("/stream-ending/timeouts", test_timeouts);
  hf_streaming_add_tests ("/stream-ending/cancel", test_cancel);
  hf_streaming_add_tests ("/stream-ending/close-while-reading", test_close_while_reading);
  hf_streaming_add_tests ("/stream-ending/wrong", test_wrong);
  return g_test_run ();
}
