/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <string.h>

#include "hf-gate.h"
#include "hf-raw-server.h"
#include "libhfutures.h"

/* What a supplied SoupSession's properties do to the requests, and what goes over the wire. */

/* Answers with the head that came. */
static void
echo_head (HfRawServer *server,
           GIOStream   *stream,
           gpointer     user_data)
{
  for (;;)
    {
      g_autofree char *head = hf_raw_server_read_head (stream);
      g_autofree char *answer = NULL;
      const char *length;
      guint64 n;

      if (head == NULL)
        return;
      length = strstr (head, "Content-Length: ");
      n = length != NULL ? g_ascii_strtoull (length + strlen ("Content-Length: "), NULL, 10) : 0;
      while (n-- > 0)
        {
          char c;

          if (g_input_stream_read (g_io_stream_get_input_stream (stream), &c, 1, NULL, NULL) != 1)
            return;
        }
      answer = g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
                                strlen (head), head);
      hf_raw_server_write (stream, answer);
    }
}

/* Answers with the address that the connection came from. */
static void
echo_peer (HfRawServer *server,
           GIOStream   *stream,
           gpointer     user_data)
{
  g_autoptr (GSocketAddress) address =
    g_socket_connection_get_remote_address (G_SOCKET_CONNECTION (stream), NULL);
  g_autofree char *text =
    g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
  g_autofree char *head = hf_raw_server_read_head (stream);
  g_autofree char *answer = g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Length: %" G_GSIZE_FORMAT
                                             "\r\n\r\n%s",
                                             strlen (text), text);

  if (head != NULL)
    hf_raw_server_write (stream, answer);
}

static char *
take_text (HfFuture *future)
{
  g_autoptr (HfFuture) taken = future;
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response = hf_future_get_result (taken, NULL, &error);

  g_assert_no_error (error);
  return hf_response_get_text (response, NULL);
}

static guint
count (const char *text,
       const char *part)
{
  guint n = 0;

  for (const char *c = strstr (text, part); c != NULL; c = strstr (c + 1, part))
    n++;
  return n;
}

/* A length that agrees with the body is said once. */
static void
test_content_length (void)
{
  g_autoptr (HfRawServer) server = hf_raw_server_new (echo_head, NULL);
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  HfFuturesSession *session = hf_futures_session_new ();
  g_autoptr (HfRequest) request = hf_request_new ("POST", uri);
  g_autoptr (HfBody) body = hf_body_new_for_text ("hello", NULL);
  g_autofree char *head = NULL;

  hf_request_set_body (request, body);
  hf_request_set_header (request, "content-length", "5");
  head = take_text (hf_futures_session_send (session, request));
  g_assert_cmpuint (count (head, "Content-Length: 5\r\n"), ==, 1);
  g_assert_null (strstr (head, "content-length"));
  hf_assert_finalizes (session);
}

/* It would end the field, and begin another. */
static void
test_invalid_agent (void)
{
  static const char *const names[] = { "user-agent", "accept-language" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      HfFuturesSession *session = hf_futures_session_new ();
      g_autoptr (HfFuture) future = NULL;

      g_object_set (hf_futures_session_get_soup_session (session), names[i], "a\r\nX: y", NULL);
      future = hf_futures_session_get (session, "http://127.0.0.1:1/");
      g_assert_true (hf_future_wait (future, -1, NULL));
      g_assert_error (hf_future_get_error (future), HF_ERROR, HF_ERROR_INVALID_REQUEST);
      g_clear_object (&future);
      hf_assert_finalizes (session);
    }
}

static void
test_local_address (void)
{
  g_autoptr (HfRawServer) server = hf_raw_server_new (echo_peer, NULL);
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  g_autoptr (GSocketAddress) local = g_inet_socket_address_new_from_string ("127.0.0.2", 0);
  g_autoptr (SoupSession) soup = soup_session_new_with_options ("local-address", local, NULL);
  HfFuturesSession *session = hf_futures_session_new_for_soup_session (soup);
  g_autofree char *peer = take_text (hf_futures_session_get (session, uri));

  g_assert_cmpstr (peer, ==, "127.0.0.2");
  hf_assert_finalizes (session);
}

static void
test_remote_connectable (void)
{
  g_autoptr (HfRawServer) server = hf_raw_server_new (echo_head, NULL);
  g_autoptr (GSocketConnectable) remote =
    g_network_address_new ("127.0.0.1", hf_raw_server_get_port (server));
  g_autoptr (SoupSession) soup = soup_session_new_with_options ("remote-connectable", remote, NULL);
  HfFuturesSession *session = hf_futures_session_new_for_soup_session (soup);
  g_autofree char *head = take_text (hf_futures_session_get (session, "http://a.invalid/x"));

  g_assert_nonnull (strstr (head, "Host: a.invalid\r\n"));
  hf_assert_finalizes (session);
}

static void
answer_nothing (HfRawServer *server,
                GIOStream   *stream,
                gpointer     user_data)
{
  hf_raw_server_wait_for_end (server, stream);
}

/* libsoup's own timeout, which counts for each operation on a socket. */
static void
test_timeout (void)
{
  g_autoptr (HfRawServer) server = hf_raw_server_new (answer_nothing, NULL);
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  g_autoptr (SoupSession) soup = soup_session_new_with_options ("timeout", 1, NULL);
  HfFuturesSession *session = hf_futures_session_new_for_soup_session (soup);
  g_autoptr (HfFuture) future = NULL;

  hf_futures_session_set_read_timeout (session, 0);
  future = hf_futures_session_get (session, uri);
  g_assert_true (hf_future_wait (future, -1, NULL));
  g_assert_error (hf_future_get_error (future), HF_ERROR, HF_ERROR_TIMEOUT_READ);
  g_clear_object (&future);
  hf_assert_finalizes (session);
}

/* Each worker has a logger of its own, on the standard output. */
static void
log_in_subprocess (void)
{
  g_autoptr (HfRawServer) server = hf_raw_server_new (echo_head, NULL);
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/logged");
  g_autoptr (SoupSession) soup = soup_session_new ();
  g_autoptr (SoupLogger) logger = soup_logger_new (SOUP_LOGGER_LOG_MINIMAL);
  HfFuturesSession *session;

  soup_session_add_feature (soup, SOUP_SESSION_FEATURE (logger));
  g_log_set_always_fatal (G_LOG_FATAL_MASK); /* of its printer and filters it is warned */
  session = hf_futures_session_new_for_soup_session (soup);
  g_free (take_text (hf_futures_session_get (session, uri)));
  g_free (take_text (hf_futures_session_get (session, uri)));
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  hf_assert_finalizes (session);
}

static void
test_logger (void)
{
  g_test_trap_subprocess ("/template/logger/subprocess", 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stdout ("*> GET /logged HTTP/1.1*< HTTP/1.1 200 OK*"
                             "> GET /logged HTTP/1.1*< HTTP/1.1 200 OK*");
  g_test_trap_assert_stderr ("*SoupLogger*printer and filters*");
}

/* Types that a worker would register at its first request: see hf-soup-types.c. */
static void
look_at_types_in_subprocess (void)
{
  static const char *const names[] = { "GTask", "GSocketClient", "GTcpConnection",
                                       "GNetworkAddress" };
  g_autoptr (HfFuturesSession) session = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpuint (g_type_from_name (names[i]), ==, 0);
  session = hf_futures_session_new ();
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpuint (g_type_from_name (names[i]), !=, 0);
}

static void
test_types (void)
{
  g_test_trap_subprocess ("/template/types/subprocess", 0, 0);
  g_test_trap_assert_passed ();
}

typedef struct {
  HfFuturesSession *session;
  int over; /* atomic */
} Changer;

/* As an application does it: in the thread that owns the SoupSession, while workers send. */
static gpointer
change_template (gpointer data)
{
  Changer *changer = data;
  SoupSession *soup = hf_futures_session_get_soup_session (changer->session);
  SoupSessionFeature *jar = soup_session_get_feature (soup, SOUP_TYPE_COOKIE_JAR);

  /* Not without end: valgrind runs one thread at a time, and not the one that is waited for. */
  for (guint i = 0; i < 1000 && !g_atomic_int_get (&changer->over); i++)
    {
      g_autofree char *agent = g_strdup_printf ("agent/%u", i);
      g_autofree char *value = g_strdup_printf ("%u", i);

      soup_session_set_user_agent (soup, agent);
      soup_session_set_idle_timeout (soup, 1 + i % 60);
      soup_cookie_jar_add_cookie (SOUP_COOKIE_JAR (jar),
                                  soup_cookie_new ("n", value, "127.0.0.1", "/", -1));
    }
  return NULL;
}

static void
test_changes (void)
{
  g_autoptr (HfRawServer) server = hf_raw_server_new (echo_head, NULL);
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  Changer changer = { hf_futures_session_new_with_max_workers (4), FALSE };
  GThread *thread = g_thread_new ("changer", change_template, &changer);
  HfFuture *futures[200];

  for (guint i = 0; i < G_N_ELEMENTS (futures); i++)
    futures[i] = hf_futures_session_get (changer.session, uri);
  for (guint i = 0; i < G_N_ELEMENTS (futures); i++)
    {
      g_autofree char *head = take_text (futures[i]);

      g_assert_cmpuint (count (head, "User-Agent: "), ==, 1);
      g_assert_cmpuint (count (head, "Cookie: "), <=, 1);
    }
  g_atomic_int_set (&changer.over, TRUE);
  g_thread_join (thread);
  hf_assert_finalizes (changer.session);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/template/types", test_types);
  g_test_add_func ("/template/types/subprocess", look_at_types_in_subprocess);
  g_test_add_func ("/template/content-length", test_content_length);
  g_test_add_func ("/template/invalid-agent", test_invalid_agent);
  g_test_add_func ("/template/local-address", test_local_address);
  g_test_add_func ("/template/remote-connectable", test_remote_connectable);
  g_test_add_func ("/template/timeout", test_timeout);
  g_test_add_func ("/template/logger", test_logger);
  g_test_add_func ("/template/logger/subprocess", log_in_subprocess);
  g_test_add_func ("/template/changes", test_changes);
  return g_test_run ();
}
