/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <string.h>

#include "hf-certificates.h"
#include "hf-exchange-fixture.h"
#include "hf-gate.h"
#include "hf-raw-server.h"
#include "hf-response-private.h"
#include "hf-test-server.h"

/* What responses tell: of the connection, of charsets, and of where a redirect leads. */

static HfResponse *
new_response (const char *content_type,
              const char *body,
              gsize       length)
{
  HfHeaders *headers = hf_headers_new ();

  if (content_type != NULL)
    hf_headers_append (headers, "Content-Type", content_type);
  return hf_response_new (200, NULL, headers, g_bytes_new (body, length));
}

/* Runs a test with a session on threads, and with one on a loop. */
static void
test_on_both (gconstpointer data)
{
  void (*test) (HfFuturesSession * session) = (void (*) (HfFuturesSession *)) data;

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (HfExecutor) executor = i == 0 ? hf_thread_pool_executor_new (1)
                                               : hf_loop_executor_new (1);
      HfFuturesSession *session = hf_futures_session_new_with_executor (executor);

      test (session);
      hf_futures_session_close (session, HF_CLOSE_DRAIN);
      hf_assert_finalizes (session);
    }
}

static void
assert_metrics (HfResponse *response,
                gboolean    connected,
                gboolean    secure)
{
  HfMetrics *metrics = hf_response_get_metrics (response);

  g_assert_cmpfloat (hf_metrics_get_dns (metrics), >=, 0);
  if (connected)
    g_assert_cmpfloat (hf_metrics_get_connect (metrics), >, 0);
  else
    g_assert_cmpfloat (hf_metrics_get_dns (metrics) + hf_metrics_get_connect (metrics), ==, 0);
  if (connected && secure)
    g_assert_cmpfloat (hf_metrics_get_tls (metrics), >, 0);
  else
    g_assert_cmpfloat (hf_metrics_get_tls (metrics), ==, 0);
  g_assert_cmpfloat (hf_metrics_get_first_byte (metrics), >, 0);
  g_assert_cmpfloat (hf_metrics_get_first_byte (metrics), ==, hf_response_get_elapsed (response));
  g_assert_cmpfloat (hf_metrics_get_dns (metrics) + hf_metrics_get_connect (metrics) +
                       hf_metrics_get_tls (metrics),
                     <, hf_metrics_get_first_byte (metrics));
  g_assert_cmpfloat (hf_metrics_get_total (metrics), >, hf_metrics_get_first_byte (metrics));
}

static void
check_metrics (HfFuturesSession *session)
{
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "/redirect/1");
  g_autoptr (HfResponse) response = hf_take_result (hf_futures_session_get (session, uri));
  g_autoptr (SoupMessage) message = soup_message_new ("GET", uri);
  g_autoptr (HfResponse) of_message = NULL;
  g_autoptr (HfMetrics) copy = NULL;

  assert_metrics (g_ptr_array_index (hf_response_get_history (response), 0), TRUE, FALSE);
  assert_metrics (response, FALSE, FALSE);
  copy = hf_metrics_copy (hf_response_get_metrics (response));
  g_assert_cmpfloat (hf_metrics_get_total (copy), ==,
                     hf_metrics_get_total (hf_response_get_metrics (response)));

  soup_message_add_flags (message, SOUP_MESSAGE_NEW_CONNECTION | SOUP_MESSAGE_NO_REDIRECT);
  of_message = hf_take_result (hf_futures_session_send_message (session, message));
  assert_metrics (of_message, TRUE, FALSE);
}

static void
check_tls (HfFuturesSession *session)
{
  g_autoptr (GTlsCertificate) certificate = hf_load_certificate ("server");
  g_autoptr (HfTestServer) server = hf_test_server_new_tls (certificate);
  g_autoptr (HfTestServer) plain = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "/get");
  g_autofree char *plain_uri = hf_test_server_dup_uri (plain, "/get");
  g_autoptr (HfResponse) plainly = hf_take_result (hf_futures_session_get (session, plain_uri));

  g_assert_null (hf_response_get_tls_certificate (plainly));
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (HfRequest) request = hf_request_new ("GET", uri);
      g_autoptr (HfResponse) response = NULL;

      hf_request_set_tls_insecure (request, TRUE);
      response = hf_take_result (hf_futures_session_send (session, request));
      assert_metrics (response, i == 0, TRUE);
      g_assert_true (g_tls_certificate_is_same (hf_response_get_tls_certificate (response),
                                                certificate));
    }
}

static void
answer_in_version (HfRawServer *server,
                   GIOStream   *stream,
                   gpointer     user_data)
{
  g_autofree char *head = hf_raw_server_read_head (stream);
  g_autofree char *answer = NULL;

  if (head == NULL)
    return;
  answer = g_strdup_printf ("HTTP/1.%c 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
                            head[strlen ("GET /")]);
  hf_raw_server_write (stream, answer);
}

static void
check_http_version (HfFuturesSession *session)
{
  HfRawServer *server = hf_raw_server_new (answer_in_version, NULL);
  const struct {
    const char *path;
    SoupHTTPVersion version;
  } cases[] = { { "/0", SOUP_HTTP_1_0 }, { "/1", SOUP_HTTP_1_1 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *uri = hf_raw_server_dup_uri (server, cases[i].path);
      g_autoptr (HfResponse) response = hf_take_result (hf_futures_session_get (session, uri));

      g_assert_cmpint (hf_response_get_http_version (response), ==, cases[i].version);
    }
  hf_raw_server_free (server);
}

static void
test_properties (void)
{
  g_autoptr (GTlsCertificate) certificate = hf_load_certificate ("server");
  g_autoptr (HfResponse) response = new_response (NULL, "\xe4", 1);
  g_autofree char *encoding = NULL;
  g_autoptr (HfMetrics) metrics = NULL;
  g_autoptr (HfRequest) next = NULL;
  g_autoptr (GTlsCertificate) got_certificate = NULL;
  SoupHTTPVersion version;

  response->tls_certificate = g_object_ref (certificate);
  response->http_version = SOUP_HTTP_2_0;
  response->metrics.tls = 0.5;
  response->leads_to = hf_request_data_new_for ("PUT", "http://a.example/", NULL);
  g_object_get (response, "apparent-encoding", &encoding, "http-version", &version, "metrics",
                &metrics, "next", &next, "tls-certificate", &got_certificate, NULL);
  g_assert_cmpstr (encoding, ==, "windows-1252");
  g_assert_cmpint (version, ==, SOUP_HTTP_2_0);
  g_assert_cmpfloat (hf_metrics_get_tls (metrics), ==, 0.5);
  g_assert_cmpstr (hf_request_get_method (next), ==, "PUT");
  g_assert_true (got_certificate == certificate);
}

static void
test_encodings (void)
{
  static const struct {
    const char *content_type;
    const char *body;
    gsize length;
    const char *encoding;
    const char *apparent;
    const char *text;
  } cases[] = {
    { NULL, "", 0, "UTF-8", "UTF-8", "" },
    { "text/plain", "\xc3\xa4", 2, "UTF-8", "UTF-8", "ä" },
    { "text/plain", "\xe4\x80", 2, "windows-1252", "windows-1252", "ä€" },
    { "text/plain; charset=iso-8859-15", "\xc3\xa4", 2, "iso-8859-15", "UTF-8", "Ã€" },
    { "text/plain; charset=\"utf-8\"", "\xc3\xa4", 2, "utf-8", "UTF-8", "ä" },
    { NULL, "\xef\xbb\xbf\xc3\xa4", 5, "UTF-8", "UTF-8", "ä" },
    { NULL, "\xff\xfe\xe4\x00", 4, "UTF-16LE", "UTF-16LE", "ä" },
    { NULL, "\xfe\xff\x00\xe4", 4, "UTF-16BE", "UTF-16BE", "ä" },
    { NULL, "\xff\xfe\x00\x00\xe4\x00\x00\x00", 8, "UTF-32LE", "UTF-32LE", "ä" },
    { NULL, "\x00\x00\xfe\xff\x00\x00\x00\xe4", 8, "UTF-32BE", "UTF-32BE", "ä" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HfResponse) response =
        new_response (cases[i].content_type, cases[i].body, cases[i].length);
      g_autoptr (GError) error = NULL;
      g_autofree char *text = hf_response_get_text (response, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (text, ==, cases[i].text);
      g_assert_cmpstr (hf_response_get_encoding (response), ==, cases[i].encoding);
      g_assert_cmpstr (hf_response_get_apparent_encoding (response), ==, cases[i].apparent);
    }
}

static void
test_decode (void)
{
  g_autoptr (HfResponse) response = new_response ("text/plain; charset=nonsense", "\xe4", 1);
  static const struct {
    const char *encoding;
    const char *text; /* NULL: an error */
  } cases[] = {
    { "iso-8859-5", "ф" }, { "KOI8-R", "Д" },    { NULL, "ä" },
    { "UTF-8", NULL },     { "nonsense", NULL }, { "", NULL },
  };

  response->uri = g_strdup ("http://a.example/page?token=secret");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = hf_response_decode (response, cases[i].encoding, &error);

      g_assert_cmpstr (text, ==, cases[i].text);
      if (cases[i].text != NULL)
        {
          g_assert_no_error (error);
          continue;
        }
      g_assert_error (error, HF_ERROR, HF_ERROR_DECODE);
      g_assert_nonnull (strstr (error->message, "http://a.example/page"));
      g_assert_nonnull (strstr (error->message, cases[i].encoding));
      g_assert_null (strstr (error->message, "secret"));
    }
}

/* JSON comes in any of Unicode's encodings when nothing else is said. */
static void
test_json (void)
{
  static const char *const encodings[] = {
    "UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE", "UTF-16", "UTF-32",
  };

  for (guint i = 0; i < G_N_ELEMENTS (encodings); i++)
    {
      gsize length;
      g_autoptr (GError) error = NULL;
      g_autofree char *body =
        g_convert ("[\"ä\"]", -1, encodings[i], "UTF-8", NULL, &length, &error);
      g_autofree char *type = g_strconcat ("application/json; charset=", encodings[i], NULL);
      const char *types[] = { NULL, "application/json", type };

      g_assert_no_error (error);
      for (guint t = 0; t < G_N_ELEMENTS (types); t++)
        {
          g_autoptr (HfResponse) response = new_response (types[t], body, length);
          g_autoptr (JsonNode) root = hf_response_get_json (response, &error);

          g_assert_no_error (error);
          g_assert_cmpstr (json_array_get_string_element (json_node_get_array (root), 0), ==, "ä");
        }
    }
}

/* /STATUS/rest leads to /rest, /STATUS/away to another origin, /STATUS/ftp nowhere. */
static HfResponse *
answer_redirect (HfHop *hop)
{
  const char *path = g_uri_get_path (hop->uri);
  guint64 status = g_ascii_strtoull (path + 1, NULL, 10);
  const char *location = path + strlen ("/302");

  if (status == 0)
    return hf_mock_response_new (200, "", NULL, NULL);
  if (g_str_equal (location, "/away"))
    location = "http://b.example/away";
  else if (g_str_equal (location, "/ftp"))
    location = "ftp://a.example/";
  return hf_mock_response_new (status, "", "Location", location, NULL);
}

static void
test_next (HfExchangeFixture *fixture,
           gconstpointer      data)
{
  static const struct {
    const char *uri;
    const char *next; /* as the log says it; NULL: there is none */
  } cases[] = {
    { "http://a.example/end", NULL },
    { "http://a.example/302/ftp", NULL },
    { "http://a.example/307/end#here",
      "POST http://a.example/end#here | X: y | Authorization: Bearer t | Content-Type: a/b | x" },
    { "http://a.example/303/end", "GET http://a.example/end | X: y | Authorization: Bearer t" },
    { "http://a.example/302/away", "GET http://b.example/away | X: y" },
    { "http://a.example/308/away", "POST http://b.example/away | X: y | Content-Type: a/b | x" },
  };

  fixture->answer = answer_redirect;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HfRequest) request = hf_request_new ("POST", cases[i].uri);
      g_autoptr (HfBody) body = hf_body_new_for_text ("x", "a/b");
      g_autoptr (HfResponse) response = NULL;
      g_autoptr (HfResponse) after = NULL;
      HfRequest *next;

      hf_request_set_body (request, body);
      hf_request_set_header (request, "X", "y");
      hf_request_set_header (request, "Authorization", "Bearer t");
      hf_request_set_follow_redirects (request, FALSE);
      response = hf_take_result (hf_futures_session_send (fixture->session, request));
      next = hf_response_get_next (response);
      g_assert_cmpuint (hf_response_get_history (response)->len, ==, 0);
      g_assert_cmpstr (hf_request_get_uri (hf_response_get_request (response)), ==, cases[i].uri);
      if (cases[i].next == NULL)
        {
          g_assert_null (next);
          continue;
        }
      g_assert_true (hf_response_get_next (response) == next);
      after = hf_take_result (hf_futures_session_send (fixture->session, next));
      g_assert_cmpuint (hf_response_get_status (after), ==, 200);
      g_assert_null (hf_response_get_next (after));
      g_assert_cmpstr (g_ptr_array_index (fixture->log, fixture->log->len - 1), ==, cases[i].next);
    }
}

/* A session's own credentials do not go to where the request was sent by another server. */
static void
test_next_with_defaults (HfExchangeFixture *fixture,
                         gconstpointer      data)
{
  g_autoptr (HfRequest) request = hf_request_new ("GET", "http://a.example/302/away");
  g_autoptr (HfAuth) auth = hf_auth_new_for_bearer ("secret");
  g_autoptr (HfResponse) response = NULL;
  g_autoptr (HfRequest) changed = NULL;

  fixture->answer = answer_redirect;
  hf_request_append_param (request, "b", "2");
  hf_futures_session_set_auth (fixture->session, auth);
  hf_futures_session_append_param (fixture->session, "a", "1");
  hf_futures_session_set_header (fixture->session, "X", "y");
  hf_request_set_follow_redirects (request, FALSE);
  response = hf_take_result (hf_futures_session_send (fixture->session, request));
  changed = hf_request_copy (hf_response_get_next (response));
  g_object_unref (hf_take_result (hf_futures_session_send (fixture->session,
                                                           hf_response_get_next (response))));
  g_object_unref (hf_take_result (hf_futures_session_send (fixture->session, changed)));
  g_assert_cmpuint (fixture->log->len, ==, 3);
  g_assert_cmpstr (g_ptr_array_index (fixture->log, 0), ==,
                   "GET http://a.example/302/away?a=1&b=2 | X: y | Authorization: Bearer secret");
  g_assert_cmpstr (g_ptr_array_index (fixture->log, 1), ==, "GET http://b.example/away | X: y");
  g_assert_cmpstr (g_ptr_array_index (fixture->log, 2), ==, "GET http://b.example/away | X: y");
}

/* One after the other, as a program does that follows redirects by itself. */
static void
test_next_of_next (HfExchangeFixture *fixture,
                   gconstpointer      data)
{
  g_autoptr (HfRequest) request = hf_request_new ("GET", "http://u:p@a.example/301/302/303/end");
  g_autoptr (HfResponse) response = NULL;
  guint n = 0;

  fixture->answer = answer_redirect;
  hf_request_set_follow_redirects (request, FALSE);
  response = hf_take_result (hf_futures_session_send (fixture->session, request));
  for (HfRequest *next; (next = hf_response_get_next (response)) != NULL; n++)
    {
      g_autoptr (HfResponse) before = g_steal_pointer (&response);

      response = hf_take_result (hf_futures_session_send (fixture->session, next));
    }
  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpstr (g_ptr_array_index (fixture->log, 3), ==,
                   "GET http://a.example/end | Authorization: Basic dTpw");
}

/* One that was followed leads nowhere else. */
static void
test_followed (HfExchangeFixture *fixture,
               gconstpointer      data)
{
  g_autoptr (HfResponse) response = NULL;

  fixture->answer = answer_redirect;
  response = hf_take_result (hf_futures_session_get (fixture->session, "http://a.example/302/end"));
  g_assert_null (hf_response_get_next (response));
  g_assert_null (hf_response_get_next (g_ptr_array_index (hf_response_get_history (response), 0)));
}

static HfResponse *
answer_loop (HfHop *hop)
{
  return hf_mock_response_new (302, "round", "Location", "/again", NULL);
}

/* What failed because of a redirect leads to it. */
static void
test_blamed (HfExchangeFixture *fixture,
             gconstpointer      data)
{
  static const struct {
    HfResponse *(*answer) (HfHop *hop);
    const char *uri;
    int code;
    guint n_history;
  } cases[] = {
    { answer_loop, "http://a.example/", HF_ERROR_TOO_MANY_REDIRECTS, 3 },
    { answer_redirect, "http://a.example/301/302/ftp", HF_ERROR_PROTOCOL, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HfRequest) request = hf_request_new ("GET", cases[i].uri);
      g_autoptr (HfFuture) future = NULL;
      g_autoptr (HfResponse) response = NULL;

      fixture->answer = cases[i].answer;
      hf_request_set_max_redirects (request, 3);
      future = hf_futures_session_send (fixture->session, request);
      g_assert_error (hf_future_get_error (future), HF_ERROR, cases[i].code);
      response = hf_future_dup_response (future);
      g_assert_cmpuint (hf_response_get_status (response), ==, 302);
      g_assert_cmpuint (hf_response_get_history (response)->len, ==, cases[i].n_history);
      g_clear_object (&future);
      hf_assert_finalizes (g_steal_pointer (&response));
    }
}

#define ADD_ON_EXCHANGE(path, test)                                                     \
  g_test_add (path, HfExchangeFixture, NULL, hf_exchange_fixture_set_up, test,          \
              hf_exchange_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/response/metrics", (gconstpointer) check_metrics, test_on_both);
  g_test_add_data_func ("/response/tls", (gconstpointer) check_tls, test_on_both);
  g_test_add_data_func ("/response/http-version", (gconstpointer) check_http_version, test_on_both);
  g_test_add_func ("/response/properties", test_properties);
  g_test_add_func ("/response/encodings", test_encodings);
  g_test_add_func ("/response/decode", test_decode);
  g_test_add_func ("/response/json", test_json);
  ADD_ON_EXCHANGE ("/response/next", test_next);
  ADD_ON_EXCHANGE ("/response/next/with-defaults", test_next_with_defaults);
  ADD_ON_EXCHANGE ("/response/next/of-next", test_next_of_next);
  ADD_ON_EXCHANGE ("/response/next/followed", test_followed);
  ADD_ON_EXCHANGE ("/response/blamed", test_blamed);
  return g_test_run ();
}
