/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <string.h>

#include "hf-certificates.h"
#include "hf-exchange-fixture.h"
#include "hf-inline-executor.h"
#include "hf-mock-transport-private.h"
#include "libhfutures.h"

/*
 * What a session does between messages: the exchange, on the mock transport and the inline
 * executor. Nothing here waits for anything.
 */

static void
assert_log (HfExchangeFixture *fixture,
            const char        *first,
            ...)
{
  guint n = 0;
  va_list rest;

  va_start (rest, first);
  for (const char *line = first; line != NULL; line = va_arg (rest, const char *))
    {
      g_assert_cmpuint (n, <, fixture->log->len);
      g_assert_cmpstr (g_ptr_array_index (fixture->log, n), ==, line);
      n++;
    }
  va_end (rest);
  g_assert_cmpuint (fixture->log->len, ==, n);
}

static HfResponse *
answer_ok (HfHop *hop)
{
  return hf_mock_response_new (200, "body", "Content-Type", "text/plain", NULL);
}

static void
test_verbs (HfExchangeFixture *fixture,
            gconstpointer      data)
{
  HfFuturesSession *session = fixture->session;
  const char *uri = "http://a.example/";
  g_autoptr (HfBody) body = hf_body_new_for_text ("x", NULL);
  HfFuture *futures[8];

  fixture->answer = answer_ok;
  futures[0] = hf_futures_session_get (session, uri);
  futures[1] = hf_futures_session_head (session, uri);
  futures[2] = hf_futures_session_options (session, uri);
  futures[3] = hf_futures_session_delete (session, uri);
  futures[4] = hf_futures_session_post (session, uri, body);
  futures[5] = hf_futures_session_put (session, uri, NULL);
  futures[6] = hf_futures_session_patch (session, uri, body);
  futures[7] = hf_futures_session_request (session, "PROPFIND", uri, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (futures); i++)
    {
      g_autoptr (HfResponse) response = hf_take_result (futures[i]);

      g_assert_cmpuint (hf_response_get_status (response), ==, 200);
    }

  assert_log (fixture, "GET http://a.example/", "HEAD http://a.example/",
              "OPTIONS http://a.example/", "DELETE http://a.example/",
              "POST http://a.example/ | Content-Type: text/plain; charset=utf-8 | x",
              "PUT http://a.example/",
              "PATCH http://a.example/ | Content-Type: text/plain; charset=utf-8 | x",
              "PROPFIND http://a.example/", NULL);
}

static void
test_bodies (HfExchangeFixture *fixture,
             gconstpointer      data)
{
  const char *pairs[] = { "a", "1 2", "b", "ä&=", "a", "3", NULL };
  g_autoptr (HfBody) form = hf_body_new_for_form (pairs);
  g_autoptr (JsonNode) node = json_from_string ("{\"k\":[1,true]}", NULL);
  g_autoptr (HfBody) json = hf_body_new_for_json (node);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("\1\2", 2);
  g_autoptr (HfBody) plain = hf_body_new_for_bytes (bytes, NULL);
  const char *uri = "http://a.example/";
  g_autoptr (HfRequest) request = hf_request_new ("POST", uri);

  fixture->answer = answer_ok;
  g_object_unref (hf_take_result (hf_futures_session_post (fixture->session, uri, form)));
  g_object_unref (hf_take_result (hf_futures_session_post (fixture->session, uri, json)));
  g_object_unref (hf_take_result (hf_futures_session_post (fixture->session, uri, plain)));
  hf_request_set_body (request, json);
  hf_request_set_header (request, "content-type", "application/x-mine");
  g_object_unref (hf_take_result (hf_futures_session_send (fixture->session, request)));

  assert_log (fixture,
              "POST http://a.example/ | Content-Type: application/x-www-form-urlencoded | "
              "a=1+2&b=%C3%A4%26%3D&a=3",
              "POST http://a.example/ | Content-Type: application/json | {\"k\":[1,true]}",
              "POST http://a.example/ | \1\2",
              "POST http://a.example/ | content-type: application/x-mine | {\"k\":[1,true]}", NULL);
}

/* Redirects as the path says: /STATUS/rest goes to /rest. */
static HfResponse *
answer_redirect (HfHop *hop)
{
  const char *path = g_uri_get_path (hop->uri);
  guint64 status = g_ascii_strtoull (path + 1, NULL, 10);

  if (status == 0)
    return answer_ok (hop);
  return hf_mock_response_new (status, "moved", "Location", path + 4, NULL);
}

static void
test_redirect_methods (HfExchangeFixture *fixture,
                       gconstpointer      data)
{
  static const struct {
    const char *method;
    const char *status;
    const char *then;
  } cases[] = {
    { "GET", "301", "GET" },       { "GET", "302", "GET" },   { "GET", "303", "GET" },
    { "GET", "307", "GET" },       { "GET", "308", "GET" },   { "HEAD", "301", "HEAD" },
    { "HEAD", "302", "HEAD" },     { "HEAD", "303", "HEAD" }, { "POST", "301", "GET" },
    { "POST", "302", "GET" },      { "POST", "303", "GET" },  { "POST", "307", "POST" },
    { "POST", "308", "POST" },     { "PUT", "301", "PUT" },   { "PUT", "302", "GET" },
    { "PUT", "303", "GET" },       { "PUT", "307", "PUT" },   { "DELETE", "303", "GET" },
    { "DELETE", "308", "DELETE" },
  };

  fixture->answer = answer_redirect;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gboolean sends = strchr (cases[i].method, 'P') != NULL;
      g_autoptr (HfBody) body = sends ? hf_body_new_for_text ("x", "a/b") : NULL;
      g_autofree char *uri = g_strdup_printf ("http://a.example/%s/end", cases[i].status);
      g_autofree char *first = NULL;
      g_autofree char *second = NULL;
      g_autoptr (HfResponse) response = NULL;
      gboolean sends_again = sends && g_str_equal (cases[i].method, cases[i].then);

      response =
        hf_take_result (hf_futures_session_request (fixture->session, cases[i].method, uri, body));
      g_assert_cmpuint (hf_response_get_status (response), ==, 200);
      first =
        g_strdup_printf ("%s %s%s", cases[i].method, uri, sends ? " | Content-Type: a/b | x" : "");
      second = g_strdup_printf ("%s http://a.example/end%s", cases[i].then,
                                sends_again ? " | Content-Type: a/b | x" : "");
      assert_log (fixture, first, second, NULL);
      g_assert_cmpstr (hf_request_get_method (hf_response_get_request (response)), ==,
                       cases[i].then);
      g_ptr_array_set_size (fixture->log, 0);
    }
}

/* A PUT only arrives empty after a 301 when that is wanted. */
static void
test_redirect_empty (HfExchangeFixture *fixture,
                     gconstpointer      data)
{
  static const char *const statuses[] = { "301", "308" };

  fixture->answer = answer_redirect;
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autofree char *uri = g_strdup_printf ("http://a.example/%s/end", statuses[i]);
      g_autofree char *first = g_strdup_printf ("PUT %s | Content-Type: a/b | x", uri);
      g_autoptr (HfBody) body = hf_body_new_for_text ("x", "a/b");
      g_autoptr (HfRequest) request = hf_request_new ("PUT", uri);

      hf_request_set_body (request, body);
      hf_request_set_redirects_keep_body (request, FALSE);
      g_object_unref (hf_take_result (hf_futures_session_send (fixture->session, request)));
      assert_log (fixture, first,
                  i == 0 ? "PUT http://a.example/end"
                         : "PUT http://a.example/end | Content-Type: a/b | x",
                  NULL);
      g_ptr_array_set_size (fixture->log, 0);
    }
}

static GBytes *
read_once (guint64   offset,
           gpointer  user_data,
           GError  **error)
{
  return offset == 0 ? g_bytes_new_static ("x", 1) : NULL;
}

/* Where a POST would become a GET, what is a GET or a HEAD already leaves its body behind, too, so
 * it may be one that cannot be sent again. A PUT never arrives empty. */
static void
test_redirect_bodies (HfExchangeFixture *fixture,
                      gconstpointer      data)
{
  static const char *const statuses[] = { "301", "302", "303" };

  fixture->answer = answer_redirect;
  for (guint i = 0; i < 2 * G_N_ELEMENTS (statuses); i++)
    {
      const char *method = i % 2 == 0 ? "GET" : "HEAD";
      g_autofree char *uri = g_strdup_printf ("http://a.example/%s/end", statuses[i / 2]);
      g_autofree char *last = g_strconcat (method, " http://a.example/end", NULL);
      g_autoptr (HfBody) body =
        hf_body_new_for_read_func (read_once, NULL, NULL, 1, FALSE, "text/x");
      g_autoptr (HfResponse) response =
        hf_take_result (hf_futures_session_request (fixture->session, method, uri, body));

      g_assert_cmpstr (g_ptr_array_index (fixture->log, fixture->log->len - 1), ==, last);
      g_assert_null (hf_request_get_body (hf_response_get_request (response)));
    }
}

static void
test_history (HfExchangeFixture *fixture,
              gconstpointer      data)
{
  g_autoptr (HfResponse) response = NULL;
  GPtrArray *history;
  HfResponse *first;

  fixture->answer = answer_redirect;
  response = hf_take_result (hf_futures_session_get (fixture->session,
                                                     "http://a.example/301/302/end#there"));

  g_assert_cmpstr (hf_response_get_uri (response), ==, "http://a.example/end#there");
  history = hf_response_get_history (response);
  g_assert_cmpuint (history->len, ==, 2);
  first = g_ptr_array_index (history, 0);
  g_assert_cmpuint (hf_response_get_status (first), ==, 301);
  g_assert_cmpstr (hf_response_get_uri (first), ==, "http://a.example/301/302/end#there");
  g_assert_cmpuint (g_bytes_get_size (hf_response_get_bytes (first)), ==, 5);
  g_assert_cmpuint (hf_response_get_history (first)->len, ==, 0);
  g_assert_cmpuint (hf_response_get_history (g_ptr_array_index (history, 1))->len, ==, 1);
  g_assert_cmpstr (hf_request_get_uri (hf_response_get_request (first)), ==,
                   "http://a.example/301/302/end#there");
}

static void
test_not_followed (HfExchangeFixture *fixture,
                   gconstpointer      data)
{
  g_autoptr (HfRequest) request = hf_request_new ("GET", "http://a.example/302/end");
  g_autoptr (HfResponse) response = NULL;

  fixture->answer = answer_redirect;
  hf_request_set_follow_redirects (request, FALSE);
  response = hf_take_result (hf_futures_session_send (fixture->session, request));
  g_assert_cmpuint (hf_response_get_status (response), ==, 302);
  g_assert_cmpuint (fixture->log->len, ==, 1);
}

static HfResponse *
answer_loop (HfHop *hop)
{
  return hf_mock_response_new (302, "", "Location", "/again?token=secret", NULL);
}

static void
test_too_many (HfExchangeFixture *fixture,
               gconstpointer      data)
{
  g_autoptr (HfRequest) request = hf_request_new ("GET", "http://a.example/");
  g_autofree char *message = NULL;

  fixture->answer = answer_loop;
  hf_request_set_max_redirects (request, 3);
  message = hf_take_failure (hf_futures_session_send (fixture->session, request),
                             HF_ERROR_TOO_MANY_REDIRECTS);
  g_assert_cmpuint (fixture->log->len, ==, 4);
  g_assert_null (strstr (message, "secret"));
}

static HfResponse *
answer_elsewhere (HfHop *hop)
{
  if (g_str_equal (g_uri_get_path (hop->uri), "/same"))
    return hf_mock_response_new (302, "", "Location", "http://A.example:80/here", NULL);
  if (g_str_equal (g_uri_get_path (hop->uri), "/other"))
    return hf_mock_response_new (307, "", "Location", "//b.example/there", NULL);
  if (g_str_equal (g_uri_get_path (hop->uri), "/there"))
    return hf_mock_response_new (307, "", "Location", "http://a.example/back", NULL);
  return answer_ok (hop);
}

static void
test_origins (HfExchangeFixture *fixture,
              gconstpointer      data)
{
  const char *paths[] = { "http://a.example/same", "http://a.example/other" };

  fixture->answer = answer_elsewhere;
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (HfRequest) request = hf_request_new ("GET", paths[i]);

      hf_request_set_header (request, "Authorization", "Bearer t");
      hf_request_set_header (request, "Cookie", "own=1");
      hf_request_set_header (request, "proxy-authorization", "Basic x");
      hf_request_set_header (request, "Host", "virtual.example");
      hf_request_set_header (request, "X-Other", "kept");
      g_object_unref (hf_take_result (hf_futures_session_send (fixture->session, request)));
    }

  assert_log (fixture,
              "GET http://a.example/same | Authorization: Bearer t | Cookie: own=1 | "
              "proxy-authorization: Basic x | Host: virtual.example | X-Other: kept",
              "GET http://A.example/here | Authorization: Bearer t | Cookie: own=1 | "
              "proxy-authorization: Basic x | Host: virtual.example | X-Other: kept",
              "GET http://a.example/other | Authorization: Bearer t | Cookie: own=1 | "
              "proxy-authorization: Basic x | Host: virtual.example | X-Other: kept",
              "GET http://b.example/there | X-Other: kept",
              "GET http://a.example/back | X-Other: kept", NULL);
}

static HfResponse *
answer_with_certificate (HfHop *hop)
{
  const char *path = g_uri_get_path (hop->uri);
  gboolean expected = g_str_equal (path, "/first") || g_str_equal (path, "/second");

  g_assert_true ((hop->settings->tls_certificate != NULL) == expected);
  g_assert_true (hop->settings->tls_insecure);
  if (g_str_equal (path, "/first"))
    return hf_mock_response_new (302, "", "Location", "/second", NULL);
  if (g_str_equal (path, "/second"))
    return hf_mock_response_new (302, "", "Location", "https://b.example/third", NULL);
  if (g_str_equal (path, "/third"))
    return hf_mock_response_new (302, "", "Location", "https://a.example/fourth", NULL);
  return answer_ok (hop);
}

/* A client certificate is a credential, so it stays with the origin. */
static void
test_certificate (HfExchangeFixture *fixture,
                  gconstpointer      data)
{
  g_autoptr (GTlsCertificate) certificate = hf_load_certificate ("client-a");
  g_autoptr (HfRequest) request = hf_request_new ("GET", "https://a.example/first");

  hf_request_set_tls_certificate (request, certificate);
  hf_request_set_tls_insecure (request, TRUE);
  fixture->answer = answer_with_certificate;
  g_object_unref (hf_take_result (hf_futures_session_send (fixture->session, request)));
  g_assert_cmpuint (fixture->log->len, ==, 4);
}

static HfResponse *
answer_location (HfHop *hop)
{
  g_autofree char *location = g_uri_unescape_string (g_uri_get_query (hop->uri), NULL);

  return hf_mock_response_new (302, "", "Location", location, NULL);
}

static void
test_refused (HfExchangeFixture *fixture,
              gconstpointer      data)
{
  static const char *const locations[] = {
    "http://a.example/", "ftp://a.example/",   "data:,x", "https://", "https://a b/",
    "https://%0d%0a/",   "javascript:alert(1)"
  };

  fixture->answer = answer_location;
  for (guint i = 0; i < G_N_ELEMENTS (locations); i++)
    {
      g_autofree char *escaped = g_uri_escape_string (locations[i], NULL, FALSE);
      g_autofree char *uri = g_strdup_printf ("https://a.example/?%s", escaped);

      g_free (hf_take_failure (hf_futures_session_get (fixture->session, uri), HF_ERROR_PROTOCOL));
      g_assert_cmpuint (fixture->log->len, ==, i + 1);
    }
}

static HfResponse *
answer_cookies (HfHop *hop)
{
  const char *path = g_uri_get_path (hop->uri);

  if (g_str_equal (path, "/set"))
    return hf_mock_response_new (302, "", "Set-Cookie", "one=1; Path=/", "Set-Cookie",
                                 "two=2; Path=/", "Location", "/end", NULL);
  if (g_str_equal (path, "/away"))
    return hf_mock_response_new (302, "", "Location", "http://b.example/end", NULL);
  return answer_ok (hop);
}

static void
test_cookies (HfExchangeFixture *fixture,
              gconstpointer      data)
{
  SoupSession *soup = hf_futures_session_get_soup_session (fixture->session);
  SoupSessionFeature *jar = soup_session_get_feature (soup, SOUP_TYPE_COOKIE_JAR);
  g_autoptr (HfRequest) request = hf_request_new ("GET", "http://a.example/own");
  GSList *all;

  fixture->answer = answer_cookies;
  g_object_unref (hf_take_result (hf_futures_session_get (fixture->session,
                                                          "http://a.example/set")));
  g_object_unref (hf_take_result (hf_futures_session_get (fixture->session,
                                                          "http://a.example/away")));
  hf_request_set_header (request, "Cookie", "own=3");
  g_object_unref (hf_take_result (hf_futures_session_send (fixture->session, request)));

  assert_log (fixture, "GET http://a.example/set",
              "GET http://a.example/end | Cookie: one=1; two=2",
              "GET http://a.example/away | Cookie: one=1; two=2", "GET http://b.example/end",
              "GET http://a.example/own | Cookie: own=3", NULL);

  g_assert_nonnull (jar);
  all = soup_cookie_jar_all_cookies (SOUP_COOKIE_JAR (jar));
  g_assert_cmpuint (g_slist_length (all), ==, 2);
  g_slist_free_full (all, (GDestroyNotify) soup_cookie_free);
}

static void
test_userinfo (HfExchangeFixture *fixture,
               gconstpointer      data)
{
  g_autoptr (HfResponse) response = NULL;

  fixture->answer = answer_elsewhere;
  response = hf_take_result (hf_futures_session_get (fixture->session,
                                                     "http://us%40er:pass@a.example/other"));
  assert_log (fixture, "GET http://a.example/other | Authorization: Basic dXNAZXI6cGFzcw==",
              "GET http://b.example/there", "GET http://a.example/back", NULL);
  g_assert_cmpstr (hf_response_get_uri (response), ==, "http://a.example/back");
}

static void
test_snapshot (HfExchangeFixture *fixture,
               gconstpointer      data)
{
  g_autoptr (HfRequest) request = hf_request_new ("GET", "http://a.example/1");
  g_autoptr (HfResponse) response = NULL;
  g_autoptr (HfRequest) thawed = NULL;
  HfRequest *sent;
  HfExecutor *executor = hf_futures_session_get_executor (fixture->session);
  HfFuture *future;

  fixture->answer = answer_ok;
  hf_request_set_header (request, "X-One", "1");
  hf_inline_executor_hold (HF_INLINE_EXECUTOR (executor));
  future = hf_futures_session_send (fixture->session, request);
  hf_request_set_uri (request, "http://a.example/2");
  hf_request_set_header (request, "X-One", "2");
  hf_inline_executor_run (HF_INLINE_EXECUTOR (executor));
  response = hf_take_result (future);

  assert_log (fixture, "GET http://a.example/1 | X-One: 1", NULL);
  sent = hf_response_get_request (response);
  g_assert_cmpstr (hf_request_get_uri (sent), ==, "http://a.example/1");

  g_test_expect_message ("libhfutures", G_LOG_LEVEL_CRITICAL, "*frozen*");
  hf_request_set_uri (sent, "http://a.example/3");
  g_test_assert_expected_messages ();
  g_assert_cmpstr (hf_request_get_uri (sent), ==, "http://a.example/1");

  thawed = hf_request_copy (sent);
  hf_request_set_uri (thawed, "http://a.example/4");
  g_object_unref (hf_take_result (hf_futures_session_send (fixture->session, thawed)));
  assert_log (fixture, "GET http://a.example/1 | X-One: 1", "GET http://a.example/4 | X-One: 1",
              NULL);
}

static HfResponse *
answer_large (HfHop *hop)
{
  if (g_str_equal (g_uri_get_path (hop->uri), "/redirect"))
    return hf_mock_response_new (302, "0123456789", "Location", "/end", NULL);
  return hf_mock_response_new (200, "0123456789", NULL, NULL);
}

static void
test_max_body_size (HfExchangeFixture *fixture,
                    gconstpointer      data)
{
  g_autoptr (HfRequest) request = hf_request_new ("GET", "http://a.example/");

  fixture->answer = answer_large;
  hf_futures_session_set_max_body_size (fixture->session, 9);
  g_free (hf_take_failure (hf_futures_session_get (fixture->session, "http://a.example/"),
                           HF_ERROR_TOO_LARGE));
  hf_request_set_max_body_size (request, 10);
  g_object_unref (hf_take_result (hf_futures_session_send (fixture->session, request)));
  hf_request_set_uri (request, "http://a.example/redirect");
  g_object_unref (hf_take_result (hf_futures_session_send (fixture->session, request)));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func)                                                                            \
  g_test_add (path, HfExchangeFixture, NULL, hf_exchange_fixture_set_up, func,                     \
              hf_exchange_fixture_tear_down)
  ADD ("/exchange/verbs", test_verbs);
  ADD ("/exchange/bodies", test_bodies);
  ADD ("/exchange/redirect/methods", test_redirect_methods);
  ADD ("/exchange/redirect/bodies", test_redirect_bodies);
  ADD ("/exchange/redirect/empty", test_redirect_empty);
  ADD ("/exchange/redirect/history", test_history);
  ADD ("/exchange/redirect/not-followed", test_not_followed);
  ADD ("/exchange/redirect/too-many", test_too_many);
  ADD ("/exchange/redirect/origins", test_origins);
  ADD ("/exchange/certificate", test_certificate);
  ADD ("/exchange/redirect/refused", test_refused);
  ADD ("/exchange/cookies", test_cookies);
  ADD ("/exchange/userinfo", test_userinfo);
  ADD ("/exchange/snapshot", test_snapshot);
  ADD ("/exchange/max-body-size", test_max_body_size);
  return g_test_run ();
}
