/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <string.h>

#include "hf-certificates.h"
#include "hf-futures-session-private.h"
#include "hf-gate.h"
#include "hf-raw-server.h"
#include "hf-soup-transport-private.h"
#include "hf-test-server.h"
#include "libhfutures.h"

/* Connections: which are reused, which never are, and which go away. */

static HfResponse *
send_and_wait (HfFuturesSession *session,
               HfRequest        *request,
               GError          **error)
{
  g_autoptr (HfFuture) future = hf_futures_session_send (session, request);

  return hf_future_get_result (future, NULL, error);
}

static void
assert_status (HfFuturesSession *session,
               HfRequest        *request,
               guint             status)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response = send_and_wait (session, request, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (hf_response_get_status (response), ==, status);
}

static void
assert_fails (HfFuturesSession *session,
              HfRequest        *request,
              int               code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (send_and_wait (session, request, &error));
  g_assert_error (error, HF_ERROR, code);
}

static void
test_reuse (void)
{
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "/anything");
  HfFuturesSession *session = hf_futures_session_new_with_max_workers (1);
  static const char *const methods[] = { "GET", "POST", "PUT", "DELETE", "PATCH" };

  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (HfBody) body = hf_body_new_for_text ("x", NULL);
      g_autoptr (HfRequest) request = hf_request_new (methods[i % G_N_ELEMENTS (methods)], uri);

      if (i % G_N_ELEMENTS (methods) != 0)
        hf_request_set_body (request, body);
      assert_status (session, request, 200);
    }
  g_assert_cmpuint (hf_test_server_get_n_connections (server), ==, 1);
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  hf_assert_finalizes (session);
}

/* Many origins through one worker: libsoup's limits, at which it would wait for ever, are never
 * reached. */
static void
test_many_origins (void)
{
  HfTestServer *servers[40];
  HfFuturesSession *session = hf_futures_session_new_with_max_workers (1);

  for (guint i = 0; i < G_N_ELEMENTS (servers); i++)
    servers[i] = hf_test_server_new ();
  for (guint i = 0; i < 2 * G_N_ELEMENTS (servers); i++)
    {
      g_autofree char *uri = hf_test_server_dup_uri (servers[i % G_N_ELEMENTS (servers)], "/get");
      g_autoptr (HfRequest) request = hf_request_new ("GET", uri);

      assert_status (session, request, 200);
    }
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  hf_assert_finalizes (session);
  for (guint i = 0; i < G_N_ELEMENTS (servers); i++)
    hf_test_server_free (servers[i]);
}

static void
test_verified (void)
{
  g_autoptr (GTlsCertificate) certificate = hf_load_certificate ("server");
  g_autoptr (HfTestServer) server = hf_test_server_new_tls (certificate);
  g_autofree char *uri = hf_test_server_dup_uri (server, "/get");
  g_autoptr (HfRequest) verified = hf_request_new ("GET", uri);
  g_autoptr (HfRequest) insecure = hf_request_new ("GET", uri);
  g_autoptr (HfRequest) trusting = hf_request_new ("GET", uri);
  g_autoptr (GTlsDatabase) authority = hf_load_authority ();
  HfFuturesSession *session = hf_futures_session_new_with_max_workers (1);

  hf_request_set_tls_insecure (insecure, TRUE);
  hf_request_set_tls_database (trusting, authority);
  for (guint i = 0; i < 2; i++)
    {
      assert_fails (session, verified, HF_ERROR_TLS);
      assert_status (session, insecure, 200);
      assert_fails (session, verified, HF_ERROR_TLS);
      assert_status (session, trusting, 200);
      assert_fails (session, verified, HF_ERROR_TLS);
    }
  g_assert_cmpuint (hf_test_server_get_n_connections (server), ==, 2);
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  hf_assert_finalizes (session);
}

/* Answers over TLS with the name in the client's certificate, and the protocol agreed on. */
static gboolean
accept_any (GTlsConnection       *connection,
            GTlsCertificate      *certificate,
            GTlsCertificateFlags  errors,
            gpointer              user_data)
{
  return TRUE;
}

static void
answer_who (HfRawServer *server,
            GIOStream   *stream,
            gpointer     user_data)
{
  static const char *const protocols[] = { "h2", "http/1.1", NULL };
  g_autoptr (GIOStream) tls = g_tls_server_connection_new (stream, user_data, NULL);
  GTlsCertificate *peer;
  g_autofree char *name = NULL;

  g_object_set (tls, "authentication-mode", G_TLS_AUTHENTICATION_REQUESTED, NULL);
  g_tls_connection_set_advertised_protocols (G_TLS_CONNECTION (tls), protocols);
  g_signal_connect (tls, "accept-certificate", G_CALLBACK (accept_any), NULL);
  if (!g_tls_connection_handshake (G_TLS_CONNECTION (tls), NULL, NULL))
    return;

  peer = g_tls_connection_get_peer_certificate (G_TLS_CONNECTION (tls));
  if (peer != NULL)
    name = g_tls_certificate_get_subject_name (peer);
  for (;;)
    {
      g_autofree char *head = hf_raw_server_read_head (tls);
      g_autofree char *body = NULL;
      g_autofree char *answer = NULL;

      if (head == NULL)
        break;
      body = g_strdup_printf ("%s %s", name != NULL ? name : "nobody",
                              g_tls_connection_get_negotiated_protocol (G_TLS_CONNECTION (tls)));
      answer = g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
                                strlen (body), body);
      hf_raw_server_write (tls, answer);
    }
}

static void
assert_text (HfFuturesSession *session,
             HfRequest        *request,
             const char       *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response = send_and_wait (session, request, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = hf_response_get_text (response, &error);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_client_certificates (void)
{
  g_autoptr (GTlsCertificate) certificate = hf_load_certificate ("server");
  g_autoptr (GTlsCertificate) a = hf_load_certificate ("client-a");
  g_autoptr (GTlsCertificate) b = hf_load_certificate ("client-b");
  g_autoptr (GTlsDatabase) authority = hf_load_authority ();
  g_autoptr (HfRawServer) server = hf_raw_server_new (answer_who, certificate);
  g_autofree char *uri = g_strdup_printf ("https://127.0.0.1:%u/", hf_raw_server_get_port (server));
  g_autoptr (HfRequest) as_a = hf_request_new ("GET", uri);
  g_autoptr (HfRequest) as_b = hf_request_new ("GET", uri);
  g_autoptr (HfRequest) as_nobody = hf_request_new ("GET", uri);
  g_autoptr (SoupSession) soup = soup_session_new_with_options ("tls-database", authority, NULL);
  HfFuturesSession *session = hf_futures_session_new_for_soup_session (soup);

  hf_request_set_tls_certificate (as_a, a);
  hf_request_set_tls_certificate (as_b, b);
  for (guint i = 0; i < 2; i++)
    {
      /* HTTP/1.1 only, although the server would rather speak HTTP/2. */
      assert_text (session, as_a, "CN=client-a http/1.1");
      assert_text (session, as_b, "CN=client-b http/1.1");
      assert_text (session, as_nobody, "nobody http/1.1");
    }
  g_assert_cmpuint (hf_raw_server_get_n_accepted (server), ==, 3);
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  hf_assert_finalizes (session);
}

/* A proxy for plain HTTP that answers by itself, with its own name. */
static void
answer_as_proxy (HfRawServer *server,
                 GIOStream   *stream,
                 gpointer     user_data)
{
  for (;;)
    {
      g_autofree char *head = hf_raw_server_read_head (stream);
      g_autofree char *answer = NULL;

      if (head == NULL)
        break;
      if (g_str_has_prefix (head, "CONNECT "))
        {
          hf_raw_server_write (stream, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
          continue;
        }
      answer = g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
                                strlen (user_data), (char *) user_data);
      hf_raw_server_write (stream, answer);
    }
}

static void
test_proxies (void)
{
  g_autoptr (HfRawServer) a = hf_raw_server_new (answer_as_proxy, (gpointer) "proxy a");
  g_autoptr (HfRawServer) b = hf_raw_server_new (answer_as_proxy, (gpointer) "proxy b");
  g_autofree char *uri_a = hf_raw_server_dup_uri (a, "");
  g_autofree char *uri_b = hf_raw_server_dup_uri (b, "");
  g_autoptr (GProxyResolver) resolver_a = g_simple_proxy_resolver_new (uri_a, NULL);
  g_autoptr (GProxyResolver) resolver_b = g_simple_proxy_resolver_new (uri_b, NULL);
  g_autoptr (HfRequest) via_a = hf_request_new ("GET", "http://somewhere.invalid/");
  g_autoptr (HfRequest) via_b = hf_request_new ("GET", "http://somewhere.invalid/");
  g_autoptr (HfRequest) tunnel = hf_request_new ("GET", "https://somewhere.invalid/");
  HfFuturesSession *session = hf_futures_session_new_with_max_workers (1);
  SoupSession *soup = hf_futures_session_get_soup_session (session);
  g_autoptr (HfRequest) plain = hf_request_new ("GET", "http://somewhere.invalid/");

  hf_request_set_proxy_resolver (via_a, resolver_a);
  hf_request_set_proxy_resolver (via_b, resolver_b);
  for (guint i = 0; i < 2; i++)
    {
      assert_text (session, via_a, "proxy a");
      assert_text (session, via_b, "proxy b");
    }
  g_assert_cmpuint (hf_raw_server_get_n_accepted (a), ==, 1);
  g_assert_cmpuint (hf_raw_server_get_n_accepted (b), ==, 1);

  /* What a proxy answers to CONNECT is not the server's answer. */
  hf_request_set_proxy_resolver (tunnel, resolver_a);
  assert_fails (session, tunnel, HF_ERROR_PROXY);

  /* A change of the template holds from the next request on. */
  assert_fails (session, plain, HF_ERROR_DNS);
  soup_session_set_proxy_resolver (soup, resolver_b);
  assert_text (session, plain, "proxy b");
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  hf_assert_finalizes (session);
}

static char *
header_seen (HfFuturesSession *session,
             HfRequest        *request,
             const char       *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response = send_and_wait (session, request, &error);
  g_autoptr (JsonNode) root = NULL;
  JsonObject *headers;

  g_assert_no_error (error);
  root = hf_response_get_json (response, &error);
  g_assert_no_error (error);
  headers = json_object_get_object_member (json_node_get_object (root), "headers");
  return g_strdup (json_object_get_string_member_with_default (headers, name, NULL));
}

static void
assert_header_seen (HfFuturesSession *session,
                    HfRequest        *request,
                    const char       *name,
                    const char       *expected)
{
  g_autofree char *seen = header_seen (session, request, name);

  g_assert_cmpstr (seen, ==, expected);
}

static void
test_supplied_session (void)
{
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "/headers");
  g_autofree char *set = hf_test_server_dup_uri (server, "/cookies/set?flavour=oat");
  g_autoptr (GUri) parsed = g_uri_parse (uri, SOUP_HTTP_URI_FLAGS, NULL);
  g_autoptr (HfRequest) request = hf_request_new ("GET", uri);
  g_autoptr (HfRequest) baking = hf_request_new ("GET", set);
  g_autoptr (HfRequest) own = hf_request_new ("GET", uri);
  g_autoptr (SoupSession) soup =
    soup_session_new_with_options ("user-agent", "mine/1", "accept-language", "eo", NULL);
  g_autoptr (SoupCookieJar) jar = soup_cookie_jar_new ();
  HfFuturesSession *session;

  soup_session_add_feature (soup, SOUP_SESSION_FEATURE (jar));
  session = hf_futures_session_new_for_soup_session (soup);
  g_assert_true (hf_futures_session_get_soup_session (session) == soup);

  assert_header_seen (session, request, "User-Agent", "mine/1");
  assert_header_seen (session, request, "Accept-Language", "eo");
  hf_request_set_header (own, "user-agent", "hand/2");
  assert_header_seen (session, own, "User-Agent", "hand/2");
  soup_session_set_user_agent (soup, "mine/3");
  assert_header_seen (session, request, "User-Agent", "mine/3");

  /* Its jar is used, both ways. */
  soup_cookie_jar_set_cookie (jar, parsed, "given=1");
  assert_header_seen (session, request, "Cookie", "given=1");
  assert_status (session, baking, 200);
  {
    g_autofree char *cookies = soup_cookie_jar_get_cookies (jar, parsed, FALSE);

    g_assert_nonnull (strstr (cookies, "flavour=oat"));
  }

  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  hf_assert_finalizes (session);
}

static void
test_own_session (void)
{
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "/headers");
  g_autoptr (HfRequest) request = hf_request_new ("GET", uri);
  HfFuturesSession *session = hf_futures_session_new ();

  assert_header_seen (session, request, "User-Agent", "libhfutures/" PACKAGE_VERSION);
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  hf_assert_finalizes (session);
}

/* What cannot be carried over is named, once; what can is not. */
static void
test_lost_features (void)
{
  g_autoptr (SoupSession) soup = soup_session_new ();
  g_autoptr (SoupSession) plain = soup_session_new ();
  g_autoptr (HfFuturesSession) session = NULL;
  g_autoptr (HfFuturesSession) quiet = NULL;

  soup_session_add_feature_by_type (soup, SOUP_TYPE_HSTS_ENFORCER);
  soup_session_add_feature_by_type (soup, SOUP_TYPE_CONTENT_SNIFFER);
  soup_session_add_feature_by_type (soup, SOUP_TYPE_COOKIE_JAR);
  g_test_expect_message ("libhfutures", G_LOG_LEVEL_WARNING, "*SoupHSTSEnforcer*");
  session = hf_futures_session_new_for_soup_session (soup);
  g_test_assert_expected_messages ();

  soup_session_add_feature_by_type (plain, SOUP_TYPE_COOKIE_JAR);
  quiet = hf_futures_session_new_for_soup_session (plain);
}

typedef struct {
  HfGate ended;
} Watched;

static void
answer_watched (HfRawServer *server,
                GIOStream   *stream,
                gpointer     user_data)
{
  Watched *watched = user_data;

  for (;;)
    {
      g_autofree char *head = hf_raw_server_read_head (stream);

      if (head == NULL)
        break;
      hf_raw_server_write (stream, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    }
  hf_gate_pass (&watched->ended);
}

/* An idle connection is closed when its time is over, while the session lives on. */
static void
test_idle_connections (void)
{
  Watched watched = { HF_GATE_INIT };
  g_autoptr (HfRawServer) server = hf_raw_server_new (answer_watched, &watched);
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  g_autoptr (HfRequest) request = hf_request_new ("GET", uri);
  HfFuturesSession *session = hf_futures_session_new ();
  HfSoupTransport *transport = HF_SOUP_TRANSPORT (hf_futures_session_get_transport (session));

  soup_session_set_idle_timeout (hf_futures_session_get_soup_session (session), 1);
  assert_status (session, request, 200);
  g_assert_false (hf_gate_has_passed (&watched.ended, 1));
  hf_gate_wait (&watched.ended, 1);
  g_assert_cmpuint (hf_soup_transport_get_n_idle (transport), ==, 0);

  assert_status (session, request, 200);
  g_assert_cmpuint (hf_raw_server_get_n_accepted (server), ==, 2);

  /* And at once with the session. */
  soup_session_set_idle_timeout (hf_futures_session_get_soup_session (session), 1000);
  assert_status (session, request, 200);
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  hf_assert_finalizes (session);
  hf_gate_wait (&watched.ended, 2);
}

static gboolean
has_no_idle_shards (gpointer data)
{
  return hf_soup_transport_get_n_idle (data) == 0;
}

/* A shorter time holds for what is idle already. */
static void
test_idle_timeout_lowered (void)
{
  Watched watched = { HF_GATE_INIT };
  g_autoptr (HfRawServer) server = hf_raw_server_new (answer_watched, &watched);
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  g_autoptr (HfRequest) request = hf_request_new ("GET", uri);
  HfFuturesSession *session = hf_futures_session_new ();
  HfTransport *transport = hf_futures_session_get_transport (session);

  soup_session_set_idle_timeout (hf_futures_session_get_soup_session (session), 1000);
  assert_status (session, request, 200);
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  g_assert_cmpuint (hf_soup_transport_get_n_idle (HF_SOUP_TRANSPORT (transport)), ==, 1);
  soup_session_set_idle_timeout (hf_futures_session_get_soup_session (session), 1);
  hf_assert_becomes (has_no_idle_shards, transport);
  hf_gate_wait (&watched.ended, 1);
  hf_assert_finalizes (session);
}

static SoupMessage *
message_new (const char *method,
             const char *uri)
{
  return soup_message_new (method, uri);
}

static void
count_thread (SoupMessage *message,
              gpointer     user_data)
{
  GThread **thread = user_data;

  *thread = g_thread_self ();
}

static void
test_send_message (void)
{
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "/redirect/2");
  g_autofree char *end = hf_test_server_dup_uri (server, "/get");
  g_autofree char *set = hf_test_server_dup_uri (server, "/cookies/set?a=1");
  g_autoptr (SoupMessage) message = message_new ("GET", uri);
  g_autoptr (SoupMessage) baking = message_new ("GET", set);
  HfFuturesSession *session = hf_futures_session_new ();
  g_autoptr (HfFuture) future = NULL;
  g_autoptr (HfFuture) baked = NULL;
  g_autoptr (HfResponse) response = NULL;
  g_autoptr (HfResponse) cookies = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  GThread *thread = NULL;

  g_signal_connect (message, "got-headers", G_CALLBACK (count_thread), &thread);
  future = hf_futures_session_send_message (session, message);
  response = hf_future_get_result (future, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (hf_response_get_status (response), ==, 200);
  g_assert_cmpuint (soup_message_get_status (message), ==, 200);
  g_assert_cmpstr (hf_response_get_uri (response), ==, end);
  g_assert_nonnull (thread);
  g_assert_true (thread != g_thread_self ());

  baked = hf_futures_session_send_message (session, baking);
  cookies = hf_future_get_result (baked, NULL, &error);
  g_assert_no_error (error);
  text = hf_response_get_text (cookies, NULL);
  g_assert_nonnull (strstr (text, "\"a\""));

  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  g_clear_object (&future);
  hf_assert_finalizes (session);
}

static void
test_send_message_body (void)
{
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "/put");
  g_autofree char *again =
    hf_test_server_dup_uri (server, "/redirect-to?url=/post&status_code=302");
  g_autoptr (GBytes) bytes = g_bytes_new_static ("payload", 7);
  HfFuturesSession *session = hf_futures_session_new ();

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (SoupMessage) message = message_new ("PUT", uri);
      g_autoptr (HfFuture) future = NULL;
      g_autoptr (HfResponse) response = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *text = NULL;

      soup_message_set_request_body_from_bytes (message, "text/plain", bytes);
      future = hf_futures_session_send_message (session, message);
      response = hf_future_get_result (future, NULL, &error);
      g_assert_no_error (error);
      text = hf_response_get_text (response, NULL);
      g_assert_nonnull (strstr (text, "payload"));
      g_assert_cmpuint (soup_message_get_flags (message), ==, 0);
    }
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  hf_assert_finalizes (session);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/transport/reuse", test_reuse);
  g_test_add_func ("/transport/many-origins", test_many_origins);
  g_test_add_func ("/transport/never-shared/verified", test_verified);
  g_test_add_func ("/transport/never-shared/certificates", test_client_certificates);
  g_test_add_func ("/transport/never-shared/proxies", test_proxies);
  g_test_add_func ("/transport/supplied-session", test_supplied_session);
  g_test_add_func ("/transport/own-session", test_own_session);
  g_test_add_func ("/transport/lost-features", test_lost_features);
  g_test_add_func ("/transport/idle-connections", test_idle_connections);
  g_test_add_func ("/transport/idle-timeout-lowered", test_idle_timeout_lowered);
  g_test_add_func ("/transport/send-message", test_send_message);
  g_test_add_func ("/transport/send-message-body", test_send_message_body);
  return g_test_run ();
}
