/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <string.h>

#include "hf-gate.h"
#include "hf-raw-server.h"
#include "libhfutures.h"

/*
 * Bodies that are not what was announced, and text that is none, on threads and on a loop: each is
 * an error, whose message names the address, or is read as the standard says.
 */

typedef struct {
  const char *name;
  const char *fields; /* of the answer */
  const char *body;
  gsize length;
  int code;           /* of HfError; -1: a response */
  const char *text;   /* of the response; NULL: undecodable */
} Case;

#define BODY(literal) (literal), sizeof (literal) - 1
#define LENGTH(n) "Content-Length: " #n "\r\n"
#define CHUNKED "Transfer-Encoding: chunked\r\n"
#define GZIP "Content-Encoding: gzip\r\n"
#define DEFLATE "Content-Encoding: deflate\r\n"
#define UTF_8 "Content-Type: text/plain; charset=utf-8\r\n"

/* “body”, compressed. */
#define GZIPPED "\037\213\010\0\0\0\0\0\2\377\113\312\117\251\4\0"
#define GZIP_CHECK "\262\013\250\333\4\0\0\0"

static const Case cases[] = {
  { "length/none", "", BODY ("body"), -1, "body" },
  { "length/too-small", LENGTH (2), BODY ("body"), -1, "bo" },
  { "length/too-large", LENGTH (5), BODY ("body"), HF_ERROR_TRUNCATED, NULL },
  { "length/no-number", LENGTH (four), BODY ("body"), HF_ERROR_PROTOCOL, NULL },
  { "length/hexadecimal", LENGTH (0x4), BODY ("body"), HF_ERROR_PROTOCOL, NULL },
  { "length/signed", LENGTH (+4), BODY ("body"), HF_ERROR_PROTOCOL, NULL },
  { "length/empty", LENGTH (), BODY ("body"), HF_ERROR_PROTOCOL, NULL },
  { "length/too-many-digits", LENGTH (99999999999999999999), BODY ("body"), HF_ERROR_PROTOCOL,
    NULL },
  { "length/and-chunked", LENGTH (1) CHUNKED, BODY ("4\r\nbody\r\n0\r\n\r\n"), -1, "body" },
  { "chunk/in-data", CHUNKED, BODY ("4\r\nbod"), HF_ERROR_TRUNCATED, NULL },
  { "chunk/in-size", CHUNKED, BODY ("4\r\nbody\r\n4"), HF_ERROR_TRUNCATED, NULL },
  { "chunk/second", CHUNKED, BODY ("4\r\nbody\r\n4\r\nbo"), HF_ERROR_TRUNCATED, NULL },
  { "chunk/extension", CHUNKED, BODY ("4;a=b\r\nbody\r\n0;c\r\nX: y\r\n\r\n"), -1, "body" },
  { "gzip/whole", GZIP LENGTH (24), BODY (GZIPPED GZIP_CHECK), -1, "body" },
  { "gzip/in-header", GZIP LENGTH (5), BODY ("\037\213\010\0\0"), HF_ERROR_TRUNCATED, NULL },
  { "gzip/in-data", GZIP LENGTH (13), "" GZIPPED, 13, HF_ERROR_TRUNCATED, NULL },
  { "gzip/no-check", GZIP LENGTH (16), "" GZIPPED, 16, HF_ERROR_TRUNCATED, NULL },
  { "gzip/in-check", GZIP LENGTH (20), "" GZIPPED GZIP_CHECK, 20, HF_ERROR_TRUNCATED, NULL },
  { "gzip/wrong-check", GZIP LENGTH (24), BODY (GZIPPED "\1\2\3\4\4\0\0\0"), HF_ERROR_DECODE,
    NULL },
  { "gzip/none", GZIP LENGTH (4), BODY ("body"), HF_ERROR_DECODE, NULL },
  { "gzip/corrupt", GZIP LENGTH (16), BODY ("\037\213\010\0\0\0\0\0\2\377\377\377\377\377\377\377"),
    HF_ERROR_DECODE, NULL },
  { "gzip/no-length", GZIP, "" GZIPPED, 16, HF_ERROR_TRUNCATED, NULL },
  { "gzip/chunked", GZIP CHUNKED, BODY ("4\r\n\037\213\010\0\r\n0\r\n\r\n"), HF_ERROR_TRUNCATED,
    NULL },
  { "deflate/cut", DEFLATE LENGTH (4), BODY ("\170\234\113\312"), HF_ERROR_TRUNCATED, NULL },
  { "deflate/corrupt", DEFLATE LENGTH (4), BODY ("\377\377\377\377"), HF_ERROR_DECODE, NULL },
  { "text/undecodable", UTF_8 LENGTH (4), BODY ("b\344dy"), -1, NULL },
  { "text/cut", UTF_8 LENGTH (3), BODY ("bo\303"), -1, NULL },
  { "text/overlong", UTF_8 LENGTH (2), BODY ("\300\200"), -1, NULL },
  { "text/unknown-charset", "Content-Type: a/b; charset=nonsense\r\n" LENGTH (4), BODY ("body"), -1,
    NULL },
};

static void
answer_case (HfRawServer *server,
             GIOStream   *stream,
             gpointer     user_data)
{
  const Case *wrong = user_data;
  g_autofree char *head = hf_raw_server_read_head (stream);
  g_autofree char *answer = g_strdup_printf ("HTTP/1.1 200 OK\r\n%s\r\n", wrong->fields);

  if (head == NULL)
    return;
  hf_raw_server_write (stream, answer);
  g_output_stream_write_all (g_io_stream_get_output_stream (stream), wrong->body, wrong->length,
                             NULL, NULL, NULL);
  g_socket_shutdown (g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream)), FALSE, TRUE,
                     NULL);
  hf_raw_server_wait_for_end (server, stream);
}

static void
assert_named (GError *error)
{
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_nonnull (strstr (error->message, "/path"));
  g_assert_null (strstr (error->message, "secret"));
}

static void
check_case (const Case       *wrong,
            HfFuturesSession *session)
{
  HfRawServer *server = hf_raw_server_new (answer_case, (gpointer) wrong);
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/path?secret");

  for (guint again = 0; again < 2; again++) /* a connection that is left over is not trusted */
    {
      g_autoptr (HfFuture) future = hf_futures_session_get (session, uri);
      g_autoptr (GError) error = NULL;
      g_autoptr (HfResponse) response = hf_future_get_result (future, NULL, &error);
      g_autofree char *text = NULL;

      if (wrong->code >= 0)
        {
          g_assert_error (error, HF_ERROR, wrong->code);
          assert_named (error);
          continue;
        }

      g_assert_no_error (error);
      text = hf_response_get_text (response, &error);
      g_assert_cmpstr (text, ==, wrong->text);
      if (wrong->text == NULL)
        {
          g_assert_error (error, HF_ERROR, HF_ERROR_DECODE);
          assert_named (error);
        }
    }
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  hf_raw_server_free (server);
}

/* Sends more than it announces, and what is more looks like an answer to the next request. */
static void
answer_too_much (HfRawServer *server,
                 GIOStream   *stream,
                 gpointer     user_data)
{
  g_autofree char *head = hf_raw_server_read_head (stream);

  if (head == NULL)
    return;
  hf_raw_server_write (stream, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood"
                               "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
  hf_raw_server_wait_for_end (server, stream);
}

static void
check_left_over (HfFuturesSession *session)
{
  HfRawServer *server = hf_raw_server_new (answer_too_much, NULL);
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/path");

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (HfFuture) future = hf_futures_session_get (session, uri);
      g_autoptr (GError) error = NULL;
      g_autoptr (HfResponse) response = hf_future_get_result (future, NULL, &error);
      g_autofree char *text = NULL;

      g_assert_no_error (error);
      text = hf_response_get_text (response, &error);
      g_assert_cmpstr (text, ==, "good");
    }
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  hf_raw_server_free (server);
}

static void
test_case (gconstpointer data)
{
  HfExecutor *executors[] = { hf_thread_pool_executor_new (1), hf_loop_executor_new (1) };

  for (guint i = 0; i < G_N_ELEMENTS (executors); i++)
    {
      g_autoptr (HfExecutor) executor = executors[i];
      HfFuturesSession *session = hf_futures_session_new_with_executor (executor);

      if (data != NULL)
        check_case (data, session);
      else
        check_left_over (session);
      hf_assert_finalizes (session);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/wrong-bodies/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_data_func ("/wrong-bodies/left-over", NULL, test_case);
  return g_test_run ();
}
