/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <string.h>
#include <sys/socket.h>

#include "hf-certificates.h"
#include "hf-gate.h"
#include "hf-raw-server.h"
#include "hf-test-server.h"
#include "libhfutures.h"

/* Proxies that want credentials, which are in the proxy's own address. */

#define WANTED "\r\nProxy-Authorization: Basic dXNlcjpwQHNz\r\n" /* user, p@ss */

typedef struct {
  int n_asked;   /* atomic */
  int n_refused; /* atomic */
} Proxy;

/* Not g_socket_shutdown(), which writes down what another thread reads. */
static void
shut_down (GIOStream *end,
           int        how)
{
  GSocket *socket = g_socket_connection_get_socket (G_SOCKET_CONNECTION (end));

  shutdown (g_socket_get_fd (socket), how);
}

static gpointer
relay (gpointer data)
{
  GIOStream **ends = data;

  g_output_stream_splice (g_io_stream_get_output_stream (ends[1]),
                          g_io_stream_get_input_stream (ends[0]), G_OUTPUT_STREAM_SPLICE_NONE, NULL,
                          NULL);
  shut_down (ends[1], SHUT_WR);
  return NULL;
}

static void
tunnel (GIOStream  *client,
        const char *head)
{
  g_autoptr (GSocketClient) connector = g_socket_client_new ();
  g_autofree char *target =
    g_strndup (head + strlen ("CONNECT "), strcspn (head + strlen ("CONNECT "), " "));
  g_autoptr (GSocketConnection) server =
    g_socket_client_connect_to_host (connector, target, 443, NULL, NULL);
  GIOStream *out[] = { client, G_IO_STREAM (server) };
  GIOStream *back[] = { G_IO_STREAM (server), client };
  GThread *thread;

  g_assert_nonnull (server);
  hf_raw_server_write (client, "HTTP/1.1 200 OK\r\n\r\n");
  thread = g_thread_new ("relay", relay, back);
  relay (out);
  shut_down (G_IO_STREAM (server), SHUT_RD);
  g_thread_join (thread);
}

static void
serve_as_proxy (HfRawServer *server,
                GIOStream   *stream,
                gpointer     user_data)
{
  Proxy *proxy = user_data;

  for (;;)
    {
      g_autofree char *head = hf_raw_server_read_head (stream);

      if (head == NULL)
        return;
      g_atomic_int_inc (&proxy->n_asked);
      if (strstr (head, WANTED) == NULL)
        {
          g_atomic_int_inc (&proxy->n_refused);
          hf_raw_server_write (stream, "HTTP/1.1 407 Proxy Authentication Required\r\n"
                                       "Proxy-Authenticate: Basic realm=\"proxy\"\r\n"
                                       "Content-Length: 0\r\n\r\n");
        }
      else if (g_str_has_prefix (head, "CONNECT "))
        {
          tunnel (stream, head);
          return;
        }
      else
        {
          hf_raw_server_write (stream, "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nthrough");
        }
    }
}

static HfFuturesSession *
session_for_proxy (HfRawServer *server,
                   const char  *credentials)
{
  g_autofree char *proxy =
    g_strdup_printf ("http://%s@127.0.0.1:%u", credentials, hf_raw_server_get_port (server));
  g_autoptr (GProxyResolver) resolver = g_simple_proxy_resolver_new (proxy, NULL);
  g_autoptr (SoupSession) soup = soup_session_new_with_options ("proxy-resolver", resolver, NULL);

  return hf_futures_session_new_for_soup_session (soup);
}

static gboolean
accept_any (SoupMessage          *message,
            GTlsCertificate      *certificate,
            GTlsCertificateFlags  errors,
            gpointer              user_data)
{
  return TRUE;
}

static HfFuture *
get (HfFuturesSession *session,
     const char       *uri,
     gboolean          as_message)
{
  g_autoptr (HfRequest) request = hf_request_new ("GET", uri);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", uri);

  if (as_message)
    {
      g_signal_connect (message, "accept-certificate", G_CALLBACK (accept_any), NULL);
      return hf_futures_session_send_message (session, message);
    }
  hf_request_set_tls_insecure (request, TRUE);
  return hf_futures_session_send (session, request);
}

static void
test_plain (gconstpointer data)
{
  Proxy proxy = { 0 };
  g_autoptr (HfRawServer) server = hf_raw_server_new (serve_as_proxy, &proxy);
  g_autoptr (HfFuturesSession) session = session_for_proxy (server, "user:p%40ss");
  g_autoptr (HfFuture) future = get (session, "http://somewhere.invalid/", GPOINTER_TO_INT (data));
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response = hf_future_get_result (future, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (hf_response_get_status (response), ==, 200);
  g_assert_cmpint (proxy.n_asked, ==, 1);
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
}

static void
test_tunnel (gconstpointer data)
{
  g_autoptr (GTlsCertificate) certificate = hf_load_certificate ("server");
  Proxy proxy = { 0 };
  g_autoptr (HfTestServer) target = hf_test_server_new_tls (certificate);
  g_autoptr (HfRawServer) server = hf_raw_server_new (serve_as_proxy, &proxy);
  g_autoptr (HfFuturesSession) session = session_for_proxy (server, "user:p%40ss");
  g_autofree char *uri = hf_test_server_dup_uri (target, "/headers");
  g_autoptr (HfFuture) future = get (session, uri, GPOINTER_TO_INT (data));
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response = NULL;
  g_autofree char *text = NULL;

  response = hf_future_get_result (future, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (hf_response_get_status (response), ==, 200);
  g_assert_cmpint (proxy.n_asked, ==, 1);

  /* What is for the proxy stays there. */
  text = hf_response_get_text (response, NULL);
  g_assert_null (strstr (text, "dXNlcjpwQHNz"));
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
}

static void
test_refused (gconstpointer data)
{
  Proxy proxy = { 0 };
  g_autoptr (HfRawServer) server = hf_raw_server_new (serve_as_proxy, &proxy);
  g_autoptr (HfFuturesSession) session = session_for_proxy (server, "user:wrong");
  g_autoptr (HfFuture) future = get (session, "https://somewhere.invalid/", GPOINTER_TO_INT (data));
  g_autoptr (GError) error = NULL;

  g_assert_null (hf_future_get_result (future, NULL, &error));
  g_assert_error (error, HF_ERROR, HF_ERROR_PROXY);
  g_assert_nonnull (strstr (error->message, "407"));
  g_assert_cmpint (proxy.n_asked, ==, 1);
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
}

/* Answers with the head that came. */
static void
echo_head (HfRawServer *server,
           GIOStream   *stream,
           gpointer     user_data)
{
  g_autofree char *head = hf_raw_server_read_head (stream);
  g_autofree char *answer = NULL;

  if (head == NULL)
    return;
  answer = g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
                            strlen (head), head);
  hf_raw_server_write (stream, answer);
}

/* A message that was sent through a proxy is as it was, and can be sent to a server. */
static void
test_message_again (void)
{
  Proxy proxy = { 0 };
  g_autoptr (HfRawServer) server = hf_raw_server_new (serve_as_proxy, &proxy);
  g_autoptr (HfRawServer) target = hf_raw_server_new (echo_head, NULL);
  g_autoptr (HfFuturesSession) session = session_for_proxy (server, "user:p%40ss");
  g_autoptr (HfFuturesSession) direct = hf_futures_session_new ();
  SoupSessionFeature *jar =
    soup_session_get_feature (hf_futures_session_get_soup_session (direct), SOUP_TYPE_COOKIE_JAR);
  g_autofree char *uri = hf_raw_server_dup_uri (target, "/");
  g_autoptr (SoupMessage) message = soup_message_new ("GET", uri);

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *value = g_strdup_printf ("%u", i);
      g_autofree char *field = g_strdup_printf ("Cookie: k=%u\r\n", i);
      g_autoptr (HfFuture) future = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (HfResponse) response = NULL;
      g_autofree char *text = NULL;

      soup_cookie_jar_add_cookie (SOUP_COOKIE_JAR (jar),
                                  soup_cookie_new ("k", value, "127.0.0.1", "/", -1));
      future = hf_futures_session_send_message (i == 0 ? session : direct, message);
      response = hf_future_get_result (future, NULL, &error);
      g_assert_no_error (error);
      text = hf_response_get_text (response, NULL);
      if (i == 0)
        continue;
      g_assert_null (strstr (text, "Proxy-Authorization"));
      g_assert_nonnull (strstr (text, field));
    }
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  hf_futures_session_close (direct, HF_CLOSE_DRAIN);
}

/* Refused credentials are refused once. */
static void
test_message_refused_plain (void)
{
  Proxy proxy = { 0 };
  g_autoptr (HfRawServer) server = hf_raw_server_new (serve_as_proxy, &proxy);
  g_autoptr (HfFuturesSession) session = session_for_proxy (server, "user:wrong");
  g_autoptr (HfFuture) future = get (session, "http://somewhere.invalid/", TRUE);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response = hf_future_get_result (future, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (hf_response_get_status (response), ==, 407);
  g_assert_cmpint (proxy.n_asked, ==, 1);
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/proxy/credentials/plain", GINT_TO_POINTER (FALSE), test_plain);
  g_test_add_data_func ("/proxy/credentials/plain-message", GINT_TO_POINTER (TRUE), test_plain);
  g_test_add_data_func ("/proxy/credentials/tunnel", GINT_TO_POINTER (FALSE), test_tunnel);
  g_test_add_data_func ("/proxy/credentials/tunnel-message", GINT_TO_POINTER (TRUE), test_tunnel);
  g_test_add_data_func ("/proxy/credentials/refused", GINT_TO_POINTER (FALSE), test_refused);
  g_test_add_data_func ("/proxy/credentials/refused-message", GINT_TO_POINTER (TRUE), test_refused);
  g_test_add_func ("/proxy/credentials/message-again", test_message_again);
  g_test_add_func ("/proxy/credentials/refused-plain-message", test_message_refused_plain);
  return g_test_run ();
}
