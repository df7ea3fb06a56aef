/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <string.h>

#include "hf-gate.h"
#include "hf-raw-server.h"
#include "libhfutures.h"

/* What a server can do wrong: each ends in an error that says so, or in a response, in time. */

typedef struct {
  const char *name;
  const char *answer; /* after the request's head; then the connection is closed */
  int code;           /* of HfError; -1: a response */
  const char *body;   /* of the response */
} Case;

#define OK_LENGTH(n) "HTTP/1.1 200 OK\r\nContent-Length: " #n "\r\n\r\n"
#define OK_CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

static const Case cases[] = {
  { "fine", OK_LENGTH (4) "body", -1, "body" },
  { "no-length", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nbody", -1, "body" },
  { "chunked", OK_CHUNKED "3\r\nbod\r\n1\r\ny\r\n0\r\n\r\n", -1, "body" },
  { "empty-chunked", OK_CHUNKED "0\r\n\r\n", -1, "" },
  { "interim", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" OK_LENGTH (2) "ok", -1, "ok" },
  { "no-content", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", -1, "" },
  { "not-modified", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", -1, "" },
  { "http-1.0", "HTTP/1.0 200 OK\r\n\r\nold", -1, "old" },
  { "closes-at-once", "", HF_ERROR_CONNECT, NULL },
  { "closes-in-headers", "HTTP/1.1 200 OK\r\nContent-Le", HF_ERROR_PROTOCOL, NULL },
  { "no-http", "SSH-2.0-OpenSSH_9.2\r\n\r\n", HF_ERROR_PROTOCOL, NULL },
  { "rubbish", "\1\2\3\377\376 nonsense\r\n\r\n", HF_ERROR_PROTOCOL, NULL },
  { "short", OK_LENGTH (10) "body", HF_ERROR_TRUNCATED, NULL },
  { "short-close", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 10\r\n\r\nbody",
    HF_ERROR_TRUNCATED, NULL },
  { "empty-for-length", OK_LENGTH (10), HF_ERROR_TRUNCATED, NULL },
  { "short-chunk", OK_CHUNKED "a\r\nbody", HF_ERROR_TRUNCATED, NULL },
  { "huge-length", OK_LENGTH (9223372036854775807) "body", HF_ERROR_TOO_LARGE, NULL },
  { "length-twice", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nbody", -1,
    "body" },
  { "length-conflict", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 2\r\n\r\nbody",
    HF_ERROR_PROTOCOL, NULL },
  { "length-prefix", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 45\r\n\r\nbody",
    HF_ERROR_PROTOCOL, NULL },
  { "too-large", OK_LENGTH (2000000) "body", HF_ERROR_TOO_LARGE, NULL },
};

static void
answer_case (HfRawServer *server,
             GIOStream   *stream,
             gpointer     user_data)
{
  const Case *wrong = user_data;
  g_autofree char *head = hf_raw_server_read_head (stream);

  if (head == NULL)
    return;
  hf_raw_server_write (stream, wrong->answer);
  g_socket_shutdown (g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream)), FALSE, TRUE,
                     NULL);
  hf_raw_server_wait_for_end (server, stream);
}

static void
test_case (gconstpointer data)
{
  const Case *wrong = data;
  g_autoptr (HfRawServer) server = hf_raw_server_new (answer_case, (gpointer) wrong);
  HfFuturesSession *session = hf_futures_session_new ();
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/path?secret");
  g_autoptr (HfFuture) future = NULL;
  g_autoptr (HfResponse) response = NULL;
  g_autoptr (GError) error = NULL;

  hf_futures_session_set_max_body_size (session, 1000000);
  future = hf_futures_session_get (session, uri);
  response = hf_future_get_result (future, NULL, &error);
  if (wrong->code < 0)
    {
      g_autofree char *text = NULL;

      g_assert_no_error (error);
      text = hf_response_get_text (response, &error);
      g_assert_cmpstr (text, ==, wrong->body);
    }
  else
    {
      g_assert_error (error, HF_ERROR, wrong->code);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_nonnull (strstr (error->message, "/path"));
      g_assert_null (strstr (error->message, "secret"));
    }

  g_clear_object (&future);
  hf_assert_finalizes (session);
}

/* Sends bytes for as long as the client reads, so that only a limit can end it. */
static void
answer_endless (HfRawServer *server,
                GIOStream   *stream,
                gpointer     user_data)
{
  g_autofree char *head = hf_raw_server_read_head (stream);

  hf_raw_server_write (stream, user_data);
  while (hf_raw_server_write (stream, "400\r\n"))
    {
      g_autofree char *chunk = g_strnfill (0x400, 'x');

      if (!hf_raw_server_write (stream, chunk) || !hf_raw_server_write (stream, "\r\n"))
        break;
    }
}

static void
test_endless (gconstpointer data)
{
  g_autoptr (HfRawServer) server = hf_raw_server_new (answer_endless, (gpointer) data);
  g_autoptr (HfFuturesSession) session = hf_futures_session_new ();
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  g_autoptr (HfRequest) request = hf_request_new ("GET", uri);
  g_autoptr (HfFuture) future = NULL;

  hf_request_set_max_body_size (request, 100 * 1000);
  future = hf_futures_session_send (session, request);
  g_assert_true (hf_future_wait (future, -1, NULL));
  g_assert_error (hf_future_get_error (future), HF_ERROR, HF_ERROR_TOO_LARGE);
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
}

/* A redirect with a body that is too long to be kept: it is given up, the redirect followed. */
static void
answer_endless_redirect (HfRawServer *server,
                         GIOStream   *stream,
                         gpointer     user_data)
{
  g_autofree char *head = hf_raw_server_read_head (stream);

  if (head != NULL && strstr (head, "GET /end ") != NULL)
    {
      hf_raw_server_write (stream, OK_LENGTH (3) "end");
      hf_raw_server_wait_for_end (server, stream);
      return;
    }
  hf_raw_server_write (stream, "HTTP/1.1 302 Found\r\nLocation: /end\r\n"
                               "Transfer-Encoding: chunked\r\n\r\n");
  while (hf_raw_server_write (stream, "4\r\nbody\r\n"))
    ;
}

static void
test_endless_redirect (void)
{
  g_autoptr (HfRawServer) server = hf_raw_server_new (answer_endless_redirect, NULL);
  HfFuturesSession *session = hf_futures_session_new ();
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  g_autoptr (HfFuture) future = hf_futures_session_get (session, uri);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response = hf_future_get_result (future, NULL, &error);
  HfResponse *first;

  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (hf_response_get_bytes (response)), ==, 3);
  first = g_ptr_array_index (hf_response_get_history (response), 0);
  g_assert_cmpuint (g_bytes_get_size (hf_response_get_bytes (first)), ==, 0);
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  hf_assert_finalizes (session);
}

/* Says nothing, or not enough, until the client gives up. */
static void
answer_partly (HfRawServer *server,
               GIOStream   *stream,
               gpointer     user_data)
{
  g_autofree char *head = hf_raw_server_read_head (stream);

  hf_raw_server_write (stream, user_data);
  hf_raw_server_wait_for_end (server, stream);
}

/* Gives up a body that goes on behind the end of its encoding. */
static void
answer_behind_the_end (HfRawServer *server,
                       GIOStream   *stream,
                       gpointer     user_data)
{
  static const guint8 empty[] = { 0x78, 0x9c, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01 };
  g_autofree char *head = hf_raw_server_read_head (stream);
  g_autofree char *junk = g_strnfill (0x1000, 'x');

  hf_raw_server_write (stream, "HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\n\r\n");
  g_output_stream_write_all (g_io_stream_get_output_stream (stream), empty, sizeof empty, NULL,
                             NULL, NULL);
  while (hf_raw_server_write (stream, junk))
    ;
}

static void
test_endless_behind_the_end (void)
{
  g_autoptr (HfRawServer) server = hf_raw_server_new (answer_behind_the_end, NULL);
  HfFuturesSession *session = hf_futures_session_new ();
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  g_autoptr (HfFuture) future = NULL;

  hf_futures_session_set_max_body_size (session, 100000);
  future = hf_futures_session_get (session, uri);
  g_assert_true (hf_future_wait (future, -1, NULL));
  g_assert_error (hf_future_get_error (future), HF_ERROR, HF_ERROR_TOO_LARGE);
  g_clear_object (&future);
  hf_assert_finalizes (session);
}

static void
answer_broken_redirect (HfRawServer *server,
                        GIOStream   *stream,
                        gpointer     user_data)
{
  g_autofree char *head = hf_raw_server_read_head (stream);

  if (head != NULL && g_str_has_prefix (head, "GET /end "))
    hf_raw_server_write (stream, OK_LENGTH (2) "ok");
  else if (head != NULL)
    hf_raw_server_write (stream, user_data);
}

/* What a redirect says besides is of so little interest that it may be broken. */
static void
test_broken_redirect (gconstpointer data)
{
  g_autoptr (HfRawServer) server = hf_raw_server_new (answer_broken_redirect, (gpointer) data);
  HfFuturesSession *session = hf_futures_session_new ();
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  g_autoptr (HfFuture) future = hf_futures_session_get (session, uri);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response = hf_future_get_result (future, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (hf_response_get_status (response), ==, 200);
  g_assert_cmpuint (hf_response_get_history (response)->len, ==, 1);
  g_clear_object (&response);
  g_clear_object (&future);
  hf_assert_finalizes (session);
}

static void
answer_big_headers (HfRawServer *server,
                    GIOStream   *stream,
                    gpointer     user_data)
{
  g_autofree char *head = hf_raw_server_read_head (stream);
  g_autofree char *field = g_strnfill (0x4000, 'x');

  hf_raw_server_write (stream, "HTTP/1.1 200 OK\r\n");
  for (guint i = 0; i < 64 && hf_raw_server_write (stream, "X-Field: "); i++)
    if (!hf_raw_server_write (stream, field) || !hf_raw_server_write (stream, "\r\n"))
      break;
}

static void
test_big_headers (void)
{
  g_autoptr (HfRawServer) server = hf_raw_server_new (answer_big_headers, NULL);
  HfFuturesSession *session = hf_futures_session_new ();
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  g_autoptr (HfFuture) future = hf_futures_session_get (session, uri);

  g_assert_true (hf_future_wait (future, -1, NULL));
  g_assert_error (hf_future_get_error (future), HF_ERROR, HF_ERROR_PROTOCOL);
  g_clear_object (&future);
  hf_assert_finalizes (session);
}

static void
answer_negative_length (HfRawServer *server,
                        GIOStream   *stream,
                        gpointer     user_data)
{
  g_autofree char *head = hf_raw_server_read_head (stream);

  hf_raw_server_write (stream, "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nbody");
}

static void
test_negative_length (void)
{
  g_autoptr (HfRawServer) server = hf_raw_server_new (answer_negative_length, NULL);
  HfFuturesSession *session = hf_futures_session_new ();
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  g_autoptr (HfFuture) future = NULL;

  /* libsoup's own, before anybody could look at the field (3.2.3). */
  g_test_expect_message ("GLib-GObject", G_LOG_LEVEL_WARNING, "*content-length*");
  future = hf_futures_session_get (session, uri);
  g_assert_true (hf_future_wait (future, -1, NULL));
  g_test_assert_expected_messages ();
  g_assert_error (hf_future_get_error (future), HF_ERROR, HF_ERROR_PROTOCOL);
  g_clear_object (&future);
  hf_assert_finalizes (session);
}

static void
answer_elsewhere (HfRawServer *server,
                  GIOStream   *stream,
                  gpointer     user_data)
{
  g_autofree char *head = hf_raw_server_read_head (stream);
  g_autofree char *answer = NULL;

  if (head == NULL)
    return;
  answer = g_strdup_printf ("HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n",
                            (char *) user_data);
  hf_raw_server_write (stream, answer);
}

static void
answer_nothing (HfRawServer *server,
                GIOStream   *stream,
                gpointer     user_data)
{
  hf_raw_server_wait_for_end (server, stream);
}

/* A hop to another origin goes through the queue; its timeout counts anew. */
static void
test_silence_elsewhere (void)
{
  g_autoptr (HfRawServer) silent = hf_raw_server_new (answer_nothing, NULL);
  g_autofree char *there = hf_raw_server_dup_uri (silent, "/");
  g_autoptr (HfRawServer) server = hf_raw_server_new (answer_elsewhere, there);
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  HfFuturesSession *session = hf_futures_session_new ();
  g_autoptr (HfFuture) future = NULL;

  hf_futures_session_set_read_timeout (session, 0.1);
  future = hf_futures_session_get (session, uri);
  g_assert_true (hf_future_wait (future, -1, NULL));
  g_assert_error (hf_future_get_error (future), HF_ERROR, HF_ERROR_TIMEOUT_READ);
  g_assert_cmpuint (hf_raw_server_get_n_accepted (silent), ==, 1);
  g_clear_object (&future);
  hf_assert_finalizes (session);
}

static void
test_silence (gconstpointer data)
{
  g_autoptr (HfRawServer) server = hf_raw_server_new (answer_partly, (gpointer) data);
  HfFuturesSession *session = hf_futures_session_new ();
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  g_autoptr (HfFuture) future = NULL;

  hf_futures_session_set_read_timeout (session, 0.03);
  future = hf_futures_session_get (session, uri);
  g_assert_true (hf_future_wait (future, -1, NULL));
  g_assert_error (hf_future_get_error (future), HF_ERROR, HF_ERROR_TIMEOUT_READ);
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  hf_assert_finalizes (session);
}

/* Header by header, byte by byte, for ever: never silent, never done. */
static void
answer_dripping (HfRawServer *server,
                 GIOStream   *stream,
                 gpointer     user_data)
{
  g_autofree char *head = hf_raw_server_read_head (stream);
  HfGate never = HF_GATE_INIT;

  hf_raw_server_write (stream, user_data);
  while (hf_raw_server_write (stream, "X: y\r\n"))
    {
      gint64 until = g_get_monotonic_time () + 1000;

      g_mutex_lock (&never.lock);
      while (g_cond_wait_until (&never.changed, &never.lock, until))
        ;
      g_mutex_unlock (&never.lock);
    }
}

static void
test_dripped_headers (void)
{
  g_autoptr (HfRawServer) server = hf_raw_server_new (answer_dripping, "HTTP/1.1 200 OK\r\n");
  HfFuturesSession *session = hf_futures_session_new ();
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  g_autoptr (HfFuture) future = NULL;

  hf_futures_session_set_read_timeout (session, 0.05);
  future = hf_futures_session_get (session, uri);
  g_assert_true (hf_future_wait (future, -1, NULL));
  g_assert_error (hf_future_get_error (future), HF_ERROR, HF_ERROR_TIMEOUT_READ);
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  hf_assert_finalizes (session);
}

static void
test_dripped_body (void)
{
  g_autoptr (HfRawServer) server =
    hf_raw_server_new (answer_dripping, "HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n");
  HfFuturesSession *session = hf_futures_session_new ();
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  g_autoptr (HfFuture) future = NULL;

  hf_futures_session_set_deadline (session, 0.1);
  future = hf_futures_session_get (session, uri);
  g_assert_true (hf_future_wait (future, -1, NULL));
  g_assert_error (hf_future_get_error (future), HF_ERROR, HF_ERROR_TIMEOUT_DEADLINE);
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  hf_assert_finalizes (session);
}

/* A digest challenge that crashes libsoup 3.2.3 as it comes out of the box. */
static void
test_evil_digest (void)
{
  static const Case evil = { "digest",
                             "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n"
                             "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\", "
                             "domain=\"http:\"\r\n\r\n",
                             -1, "" };
  g_autoptr (HfRawServer) server = hf_raw_server_new (answer_case, (gpointer) &evil);
  HfFuturesSession *session = hf_futures_session_new ();
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  g_autoptr (GUri) parsed = g_uri_parse (uri, SOUP_HTTP_URI_FLAGS, NULL);
  g_autoptr (SoupMessage) message = soup_message_new_from_uri ("GET", parsed);
  g_autoptr (HfFuture) own = hf_futures_session_get (session, uri);
  g_autoptr (HfFuture) raw = hf_futures_session_send_message (session, message);
  g_autoptr (HfResponse) response = NULL;
  g_autoptr (HfResponse) other = NULL;
  g_autoptr (GError) error = NULL;

  response = hf_future_get_result (own, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (hf_response_get_status (response), ==, 401);
  other = hf_future_get_result (raw, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (hf_response_get_status (other), ==, 401);
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  hf_assert_finalizes (session);
}

/* Answers one request on each connection, announces that it keeps it, and closes it when the next
 * request comes: as a server does whose patience ends at that moment. */
typedef struct {
  GMutex lock;
  GString *bodies; /* guarded by lock */
} Fickle;

static void
answer_fickle (HfRawServer *server,
               GIOStream   *stream,
               gpointer     user_data)
{
  Fickle *fickle = user_data;
  g_autofree char *head = hf_raw_server_read_head (stream);
  const char *length = head != NULL ? strstr (head, "Content-Length: ") : NULL;
  g_autofree char *next = NULL;
  char body[64] = "";

  if (length != NULL)
    g_input_stream_read_all (g_io_stream_get_input_stream (stream), body,
                             MIN (sizeof body - 1, g_ascii_strtoull (length + 16, NULL, 10)), NULL,
                             NULL, NULL);
  g_mutex_lock (&fickle->lock);
  g_string_append_printf (fickle->bodies, "%.4s:%s ", head != NULL ? head : "", body);
  g_mutex_unlock (&fickle->lock);
  hf_raw_server_write (stream, OK_LENGTH (2) "ok");
  next = hf_raw_server_read_head (stream);
}

static void
test_fickle (void)
{
  Fickle fickle = { .bodies = g_string_new (NULL) };
  g_autoptr (HfRawServer) server = hf_raw_server_new (answer_fickle, &fickle);
  HfFuturesSession *session = hf_futures_session_new_with_max_workers (1);
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  g_autoptr (HfBody) body = hf_body_new_for_text ("payload", NULL);

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (HfFuture) future = hf_futures_session_put (session, uri, body);
      g_autoptr (GError) error = NULL;
      g_autoptr (HfResponse) response = hf_future_get_result (future, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (hf_response_get_status (response), ==, 200);
    }
  g_assert_cmpstr (fickle.bodies->str, ==, "PUT :payload PUT :payload PUT :payload ");

  {
    /* What is not idempotent is not sent twice. */
    g_autoptr (HfFuture) future = hf_futures_session_post (session, uri, body);

    g_assert_true (hf_future_wait (future, -1, NULL));
    g_assert_error (hf_future_get_error (future), HF_ERROR, HF_ERROR_CONNECT);
  }

  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  hf_assert_finalizes (session);
  g_string_free (fickle.bodies, TRUE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/misbehaviour/answer/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_data_func ("/misbehaviour/endless/chunked", OK_CHUNKED, test_endless);
  g_test_add_data_func ("/misbehaviour/endless/plain",
                        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", test_endless);
  g_test_add_func ("/misbehaviour/endless/redirect", test_endless_redirect);
  g_test_add_func ("/misbehaviour/endless/behind-the-end", test_endless_behind_the_end);
  g_test_add_data_func ("/misbehaviour/redirect/undecodable",
                        "HTTP/1.1 302 Found\r\nLocation: /end\r\nContent-Encoding: gzip\r\n"
                        "Content-Length: 5\r\n\r\nhello",
                        test_broken_redirect);
  g_test_add_data_func ("/misbehaviour/redirect/short",
                        "HTTP/1.1 302 Found\r\nLocation: /end\r\nContent-Length: 50\r\n\r\nhello",
                        test_broken_redirect);
  g_test_add_func ("/misbehaviour/big-headers", test_big_headers);
  g_test_add_func ("/misbehaviour/negative-length", test_negative_length);
  g_test_add_func ("/misbehaviour/silence/elsewhere", test_silence_elsewhere);
  g_test_add_data_func ("/misbehaviour/silence/at-once", "", test_silence);
  g_test_add_data_func ("/misbehaviour/silence/in-headers", "HTTP/1.1 200 OK\r\nX: y",
                        test_silence);
  g_test_add_data_func ("/misbehaviour/silence/in-body", OK_LENGTH (10) "body", test_silence);
  g_test_add_data_func ("/misbehaviour/silence/in-chunk", OK_CHUNKED "a\r\nbody", test_silence);
  g_test_add_func ("/misbehaviour/dripped/headers", test_dripped_headers);
  g_test_add_func ("/misbehaviour/dripped/body", test_dripped_body);
  g_test_add_func ("/misbehaviour/evil-digest", test_evil_digest);
  g_test_add_func ("/misbehaviour/fickle", test_fickle);
  return g_test_run ();
}
