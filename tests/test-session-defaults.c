/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <string.h>

#include "hf-exchange-fixture.h"
#include "hf-send-job-private.h"
#include "libhfutures.h"

/* What a session holds for all its requests, on the mock transport. */

#define URI "http://a.example/"

static HfResponse *
answer_ok (HfHop *hop)
{
  return hf_mock_response_new (200, "body", NULL, NULL);
}

static HfResponse *
send_and_take (HfExchangeFixture *fixture,
               HfRequest         *request)
{
  HfResponse *response;

  fixture->answer = answer_ok;
  response = hf_take_result (hf_futures_session_send (fixture->session, request));
  g_object_unref (request);
  return response;
}

static void
assert_sent (HfExchangeFixture *fixture,
             guint              position,
             const char        *expected)
{
  g_assert_cmpuint (fixture->log->len, >, position);
  g_assert_cmpstr (g_ptr_array_index (fixture->log, position), ==, expected);
}

/* Sends a request, which is taken over, and says what went out. */
static const char *
send_one (HfExchangeFixture *fixture,
          HfRequest         *request)
{
  g_object_unref (send_and_take (fixture, request));
  return g_ptr_array_index (fixture->log, fixture->log->len - 1);
}

static void
test_headers (HfExchangeFixture *fixture,
              gconstpointer      data)
{
  HfFuturesSession *session = fixture->session;
  HfRequest *request;

  hf_futures_session_append_header (session, "One", "1");
  hf_futures_session_append_header (session, "Two", "2");
  hf_futures_session_append_header (session, "two", "2b");
  hf_futures_session_set_header (session, "Three", "3");
  g_assert_cmpstr (send_one (fixture, hf_request_new ("GET", URI)), ==,
                   "GET " URI " | One: 1 | Two: 2 | two: 2b | Three: 3");

  /* The request's own take the place of those of the session, in whatever case. */
  request = hf_request_new ("GET", URI);
  hf_request_append_header (request, "Four", "4");
  hf_request_append_header (request, "TWO", "x");
  hf_request_append_header (request, "two", "y");
  g_assert_cmpstr (send_one (fixture, request), ==,
                   "GET " URI " | One: 1 | TWO: x | two: y | Three: 3 | Four: 4");

  request = hf_request_new ("GET", URI);
  hf_request_omit_header (request, "ONE");
  hf_request_omit_header (request, "Nothing");
  g_assert_cmpstr (send_one (fixture, request), ==, "GET " URI " | Two: 2 | two: 2b | Three: 3");

  /* What is left out is the session's, not what the request has itself. */
  request = hf_request_new ("GET", URI);
  hf_request_omit_header (request, "two");
  hf_request_set_header (request, "Two", "mine");
  g_assert_cmpstr (send_one (fixture, request), ==, "GET " URI " | One: 1 | Two: mine | Three: 3");

  hf_futures_session_remove_header (session, "TWO");
  hf_futures_session_set_header (session, "one", "I");
  g_assert_cmpstr (send_one (fixture, hf_request_new ("GET", URI)), ==,
                   "GET " URI " | one: I | Three: 3");
}

/* Also for verbs; and what was sent is what the response shows. */
static void
test_headers_of_verbs (HfExchangeFixture *fixture,
                       gconstpointer      data)
{
  g_autoptr (HfBody) body = hf_body_new_for_text ("text", NULL);
  g_autoptr (HfResponse) response = NULL;
  g_autofree char *value = NULL;

  fixture->answer = answer_ok;
  hf_futures_session_set_header (fixture->session, "One", "1");
  response = hf_take_result (hf_futures_session_post (fixture->session, URI, body));
  assert_sent (fixture, 0,
               "POST " URI " | One: 1 | Content-Type: text/plain; charset=utf-8 | text");
  value = hf_headers_lookup (hf_request_get_headers (hf_response_get_request (response)), "one");
  g_assert_cmpstr (value, ==, "1");
}

/* A list that somebody has stays as it is, and is one to set. */
static void
test_headers_property (HfExchangeFixture *fixture,
                       gconstpointer      data)
{
  HfFuturesSession *session = fixture->session;
  g_autoptr (HfHeaders) none = hf_futures_session_dup_headers (session);
  g_autoptr (HfHeaders) one = NULL;
  g_autoptr (HfHeaders) got = NULL;

  g_assert_cmpuint (hf_headers_get_n_items (none), ==, 0);
  hf_futures_session_set_header (session, "One", "1");
  one = hf_futures_session_dup_headers (session);
  hf_futures_session_set_header (session, "Two", "2");
  g_assert_cmpuint (hf_headers_get_n_items (one), ==, 1);

  g_object_set (session, "headers", one, NULL);
  g_object_get (session, "headers", &got, NULL);
  g_assert_cmpuint (hf_headers_get_n_items (got), ==, 1);
  g_assert_cmpstr (hf_headers_get_value (got, 0), ==, "1");
  g_object_set (session, "headers", NULL, NULL);
  g_assert_cmpstr (send_one (fixture, hf_request_new ("GET", URI)), ==, "GET " URI);
}

static void
test_user_agent (HfExchangeFixture *fixture,
                 gconstpointer      data)
{
  HfFuturesSession *session = fixture->session;
  g_autofree char *inherited = hf_futures_session_dup_user_agent (session);
  g_autofree char *own = NULL;
  HfRequest *request = hf_request_new ("GET", URI);

  g_assert_true (g_str_has_prefix (inherited, "libhfutures/1."));
  hf_futures_session_set_user_agent (session, "me/1");
  own = hf_futures_session_dup_user_agent (session);
  g_assert_cmpstr (own, ==, "me/1");
  g_assert_cmpstr (send_one (fixture, hf_request_new ("GET", URI)), ==,
                   "GET " URI " | User-Agent: me/1");

  hf_request_set_header (request, "user-agent", "mine");
  g_assert_cmpstr (send_one (fixture, request), ==, "GET " URI " | user-agent: mine");
  hf_futures_session_set_header (session, "USER-AGENT", "header");
  g_assert_cmpstr (send_one (fixture, hf_request_new ("GET", URI)), ==,
                   "GET " URI " | USER-AGENT: header");
  hf_futures_session_remove_header (session, "User-Agent");
  hf_futures_session_set_user_agent (session, NULL);
  g_assert_cmpstr (send_one (fixture, hf_request_new ("GET", URI)), ==, "GET " URI);
}

static void
test_params (HfExchangeFixture *fixture,
             gconstpointer      data)
{
  const char *params[] = { "a", "1", "b", "2", "b", "2b", "ä", "ö &", NULL };
  HfFuturesSession *session = fixture->session;
  g_auto (GStrv) got = NULL;
  HfRequest *request;

  hf_futures_session_set_params (session, params);
  g_object_get (session, "params", &got, NULL);
  g_assert_true (g_strv_equal ((const char *const *) got, params));
  g_assert_cmpstr (send_one (fixture, hf_request_new ("GET", URI "?a=own#end")), ==,
                   "GET " URI "?a=own&a=1&b=2&b=2b&%C3%A4=%C3%B6+%26#end");

  /* What the request appended takes the place of the session's; what its URI had does not. */
  request = hf_request_new ("GET", URI "?c=3");
  hf_request_append_param (request, "z", "26");
  hf_request_append_param (request, "b", "x");
  hf_request_append_param (request, "b", "y");
  hf_request_omit_param (request, "ä");
  g_assert_cmpstr (send_one (fixture, request), ==, "GET " URI "?c=3&a=1&b=x&b=y&z=26");

  hf_futures_session_remove_param (session, "b");
  hf_futures_session_remove_param (session, "ä");
  hf_futures_session_append_param (session, "A", "big");
  request = hf_request_new ("GET", URI);
  hf_request_append_param (request, "gone", "1");
  hf_request_set_uri (request, URI "new");
  g_assert_cmpstr (send_one (fixture, request), ==, "GET " URI "new?a=1&A=big");
}

/* What was submitted can be submitted again. */
static void
test_copy_of_submitted (HfExchangeFixture *fixture,
                        gconstpointer      data)
{
  g_autoptr (HfResponse) response = NULL;
  HfRequest *request = hf_request_new ("GET", URI);

  hf_futures_session_append_param (fixture->session, "a", "1");
  hf_futures_session_append_header (fixture->session, "X", "1");
  hf_request_append_param (request, "b", "2");
  response = send_and_take (fixture, request);
  assert_sent (fixture, 0, "GET " URI "?a=1&b=2 | X: 1");
  g_assert_cmpstr (hf_request_get_uri (hf_response_get_request (response)), ==, URI "?a=1&b=2");
  g_assert_cmpstr (send_one (fixture, hf_request_copy (hf_response_get_request (response))), ==,
                   "GET " URI "?a=1&b=2 | X: 1");
}

/* The examples are those of RFC 3986 §5.4, as far as HTTP can be asked for them. */
static const struct {
  const char *reference;
  const char *target;
} resolved[] = {
  { "g", "http://a/b/c/g" },
  { "./g", "http://a/b/c/g" },
  { "g/", "http://a/b/c/g/" },
  { "/g", "http://a/g" },
  { "//g", "http://g/" }, /* RFC 9110 §4.2.3 */
  { "?y", "http://a/b/c/d;p?y" },
  { "g?y", "http://a/b/c/g?y" },
  { "#s", "http://a/b/c/d;p?q#s" },
  { "g#s", "http://a/b/c/g#s" },
  { "g?y#s", "http://a/b/c/g?y#s" },
  { ";x", "http://a/b/c/;x" },
  { "g;x", "http://a/b/c/g;x" },
  { "g;x?y#s", "http://a/b/c/g;x?y#s" },
  { "", "http://a/b/c/d;p?q" },
  { ".", "http://a/b/c/" },
  { "./", "http://a/b/c/" },
  { "..", "http://a/b/" },
  { "../g", "http://a/b/g" },
  { "../..", "http://a/" },
  { "../../g", "http://a/g" },
  { "../../../g", "http://a/g" },
  { "g?y/../x", "http://a/b/c/g?y/../x" },
  { "http://b.example/x/y", "http://b.example/x/y" },
  { "HTTPS://b.example/", "https://b.example/" },
  { "a b/ä", "http://a/b/c/a%20b/%C3%A4" },
};

static void
test_base_uri (HfExchangeFixture *fixture,
               gconstpointer      data)
{
  g_autofree char *got = NULL;
  g_autoptr (HfFuture) future = NULL;
  g_autoptr (HfResponse) response = NULL;

  hf_futures_session_set_base_uri (fixture->session, "http://a/b/c/d;p?q");
  got = hf_futures_session_dup_base_uri (fixture->session);
  g_assert_cmpstr (got, ==, "http://a/b/c/d;p?q");
  for (guint i = 0; i < G_N_ELEMENTS (resolved); i++)
    {
      g_autofree char *expected = g_strconcat ("GET ", resolved[i].target, NULL);

      g_assert_cmpstr (send_one (fixture, hf_request_new ("GET", resolved[i].reference)), ==,
                       expected);
    }

  future = hf_futures_session_get (fixture->session, "g?y");
  g_assert_cmpstr (hf_future_get_uri (future), ==, "http://a/b/c/g?y");
  response = hf_take_result (g_steal_pointer (&future));
  g_assert_cmpstr (hf_request_get_uri (hf_response_get_request (response)), ==, "http://a/b/c/g?y");
}

static void
test_base_uri_wrong (HfExchangeFixture *fixture,
                     gconstpointer      data)
{
  const char *const bases[] = { "ftp://a/", "a", "", "http://", NULL };
  HfFuturesSession *session = fixture->session;
  g_autofree char *reference = NULL;

  for (guint i = 0; bases[i] != NULL; i++)
    {
      hf_futures_session_set_base_uri (session, bases[i]);
      g_free (hf_take_failure (hf_futures_session_get (session, "x"), HF_ERROR_INVALID_URI));
      g_assert_nonnull (send_one (fixture, hf_request_new ("GET", URI)));
    }
  hf_futures_session_set_base_uri (session, URI);
  reference = hf_take_failure (hf_futures_session_get (session, "//a b/"), HF_ERROR_INVALID_URI);
  g_assert_nonnull (strstr (reference, "host"));
  hf_futures_session_set_base_uri (session, NULL);
  g_free (hf_take_failure (hf_futures_session_get (session, "x"), HF_ERROR_INVALID_URI));
}

static void
test_auth (HfExchangeFixture *fixture,
           gconstpointer      data)
{
  HfFuturesSession *session = fixture->session;
  g_autoptr (HfAuth) auth = hf_auth_new_for_bearer ("session");
  g_autoptr (HfAuth) own = hf_auth_new_for_bearer ("request");
  g_autoptr (HfAuth) got = NULL;
  HfRequest *request;

  g_assert_null (hf_futures_session_dup_auth (session));
  hf_futures_session_set_auth (session, auth);
  g_object_get (session, "auth", &got, NULL);
  g_assert_true (got == auth);
  g_assert_cmpstr (send_one (fixture, hf_request_new ("GET", "http://a:b@a.example/")), ==,
                   "GET " URI " | Authorization: Bearer session");

  request = hf_request_new ("GET", URI);
  hf_request_set_auth (request, own);
  g_assert_cmpstr (send_one (fixture, request), ==, "GET " URI " | Authorization: Bearer request");
  request = hf_request_new ("GET", URI);
  hf_request_set_header (request, "authorization", "Mine 1");
  g_assert_cmpstr (send_one (fixture, request), ==, "GET " URI " | authorization: Mine 1");
  request = hf_request_new ("GET", URI);
  hf_request_omit_header (request, "authorization");
  g_assert_cmpstr (send_one (fixture, request), ==, "GET " URI);

  /* A field is as good as credentials, and those of the request come first. */
  hf_futures_session_set_header (session, "Authorization", "Field 1");
  g_assert_cmpstr (send_one (fixture, hf_request_new ("GET", URI)), ==,
                   "GET " URI " | Authorization: Field 1");
  request = hf_request_new ("GET", URI);
  hf_request_set_auth (request, own);
  g_assert_cmpstr (send_one (fixture, request), ==, "GET " URI " | Authorization: Bearer request");
}

static HfResponse *
redirect_away (HfHop *hop)
{
  const char *host = g_uri_get_host (hop->uri);
  const char *path = g_uri_get_path (hop->uri);

  if (g_str_equal (host, "a.example") && g_str_equal (path, "/"))
    return hf_mock_response_new (302, "", "Location", "/same", NULL);
  if (g_str_equal (host, "a.example") && g_str_equal (path, "/same"))
    return hf_mock_response_new (302, "", "Location", "http://b.example/", NULL);
  return answer_ok (hop);
}

/* Defaults are the first hop's: they are not added to what a server redirects to. */
static void
test_redirects_drop_credentials (HfExchangeFixture *fixture,
                                 gconstpointer      data)
{
  HfFuturesSession *session = fixture->session;
  g_autoptr (HfAuth) auth = hf_auth_new_for_bearer ("secret");
  g_autoptr (HfResponse) with_auth = NULL;
  g_autoptr (HfResponse) with_fields = NULL;
  HfHeaders *shown;

  fixture->answer = redirect_away;
  hf_futures_session_set_header (session, "X", "1");
  hf_futures_session_append_param (session, "p", "1");
  hf_futures_session_set_auth (session, auth);
  with_auth = hf_take_result (hf_futures_session_get (session, URI));
  assert_sent (fixture, 0, "GET " URI "?p=1 | X: 1 | Authorization: Bearer secret");
  assert_sent (fixture, 1, "GET " URI "same | X: 1 | Authorization: Bearer secret");
  assert_sent (fixture, 2, "GET http://b.example/ | X: 1");
  g_assert_null (hf_request_get_auth (hf_response_get_request (with_auth)));

  hf_futures_session_set_auth (session, NULL);
  hf_futures_session_set_header (session, "Authorization", "Field secret");
  hf_futures_session_set_header (session, "Cookie", "secret=1");
  hf_futures_session_set_header (session, "Proxy-Authorization", "Proxy secret");
  with_fields = hf_take_result (hf_futures_session_get (session, URI));
  g_assert_nonnull (strstr (g_ptr_array_index (fixture->log, 4), "Field secret | Cookie: secret"));
  assert_sent (fixture, 5, "GET http://b.example/ | X: 1");
  shown = hf_request_get_headers (hf_response_get_request (with_fields));
  g_assert_cmpuint (hf_headers_get_n_items (shown), ==, 1);
}

static HfResponse *
redirect_for_ever (HfHop *hop)
{
  return hf_mock_response_new (302, "", "Location", "/", NULL);
}

static guint
count_hops (HfExchangeFixture *fixture,
            HfRequest         *request,
            int                code)
{
  guint before = fixture->log->len;
  HfFuture *future = hf_futures_session_send (fixture->session, request);

  fixture->answer = redirect_for_ever;
  if (code < 0)
    g_object_unref (hf_take_result (future));
  else
    g_free (hf_take_failure (future, code));
  g_object_unref (request);
  return fixture->log->len - before;
}

static void
test_redirects (HfExchangeFixture *fixture,
                gconstpointer      data)
{
  HfFuturesSession *session = fixture->session;
  const int too_many = HF_ERROR_TOO_MANY_REDIRECTS;
  HfRequest *request;

  fixture->answer = redirect_for_ever;
  g_assert_cmpuint (hf_futures_session_get_max_redirects (session), ==, 30);
  g_assert_cmpuint (count_hops (fixture, hf_request_new ("GET", URI), too_many), ==, 31);
  hf_futures_session_set_max_redirects (session, 3);
  g_assert_cmpuint (count_hops (fixture, hf_request_new ("GET", URI), too_many), ==, 4);
  /* Also when a request asks for what it would have anyhow. */
  request = hf_request_new_with_options ("GET", URI, "max-redirects", 30, NULL);
  g_assert_cmpuint (count_hops (fixture, request, too_many), ==, 31);

  hf_futures_session_set_follow_redirects (session, FALSE);
  g_assert_cmpuint (count_hops (fixture, hf_request_new ("GET", URI), -1), ==, 1);
  request = hf_request_new_with_options ("GET", URI, "follow-redirects", TRUE, NULL);
  g_assert_cmpuint (count_hops (fixture, request, too_many), ==, 4);
  request = hf_request_new_with_options ("GET", URI, "follow-redirects", TRUE, NULL);
  g_assert_cmpuint (count_hops (fixture, hf_request_copy (request), too_many), ==, 4);
  g_object_unref (request);
}

static void
on_notify (GObject    *object,
           GParamSpec *pspec,
           gpointer    user_data)
{
  g_string_append_printf (user_data, "%s ", pspec->name);
}

/* Setters notify when they change something. */
static void
test_notify (HfExchangeFixture *fixture,
             gconstpointer      data)
{
  HfFuturesSession *session = fixture->session;
  g_autoptr (GString) notified = g_string_new (NULL);
  g_autoptr (HfAuth) auth = hf_auth_new_for_bearer ("t");

  g_signal_connect (session, "notify", G_CALLBACK (on_notify), notified);
  for (guint i = 0; i < 2; i++)
    {
      g_object_set (session, "base-uri", URI, NULL);
      g_object_set (session, "user-agent", "me", NULL);
      g_object_set (session, "auth", auth, NULL);
      g_object_set (session, "follow-redirects", FALSE, NULL);
      g_object_set (session, "max-redirects", 1, NULL);
      g_object_set (session, "raise-for-status", TRUE, NULL);
      g_assert_cmpstr (notified->str, ==,
                       "base-uri user-agent auth follow-redirects max-redirects raise-for-status ");
    }
  g_string_truncate (notified, 0);
  hf_futures_session_set_header (session, "a", "b");
  hf_futures_session_append_param (session, "a", "b");
  g_assert_cmpstr (notified->str, ==, "headers params ");
}

/* Without defaults nothing is copied, and when the last one goes there are none. */
static void
test_nothing_is_cheap (HfExchangeFixture *fixture,
                       gconstpointer      data)
{
  HfFuturesSession *session = fixture->session;
  HfRequestData *plain = hf_request_data_new_for ("GET", URI, NULL);
  HfSendJob *job = hf_send_job_new_for_data (session, plain);

  g_assert_true (job->request == plain);
  hf_send_job_unref (job);

  hf_futures_session_set_header (session, "a", "b");
  job = hf_send_job_new_for_data (session, plain);
  g_assert_true (job->request != plain);
  hf_send_job_unref (job);

  hf_futures_session_remove_header (session, "a");
  job = hf_send_job_new_for_data (session, plain);
  g_assert_true (job->request == plain);
  hf_send_job_unref (job);
  hf_request_data_unref (plain);
}

static gpointer
append_many (gpointer data)
{
  for (guint i = 0; i < 200; i++)
    hf_futures_session_append_header (data, "X", "1");
  return NULL;
}

/* No thread undoes what another one does. */
static void
test_threads (HfExchangeFixture *fixture,
              gconstpointer      data)
{
  g_autoptr (HfHeaders) headers = NULL;
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("append", append_many, fixture->session);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  headers = hf_futures_session_dup_headers (fixture->session);
  g_assert_cmpuint (hf_headers_get_n_items (headers), ==, 800);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func)                                                                            \
  g_test_add ("/session-defaults/" path, HfExchangeFixture, NULL, hf_exchange_fixture_set_up,      \
              func, hf_exchange_fixture_tear_down)
  ADD ("headers", test_headers);
  ADD ("headers/verbs", test_headers_of_verbs);
  ADD ("headers/property", test_headers_property);
  ADD ("user-agent", test_user_agent);
  ADD ("params", test_params);
  ADD ("copy-of-submitted", test_copy_of_submitted);
  ADD ("base-uri", test_base_uri);
  ADD ("base-uri/wrong", test_base_uri_wrong);
  ADD ("auth", test_auth);
  ADD ("redirects", test_redirects);
  ADD ("redirects/credentials", test_redirects_drop_credentials);
  ADD ("notify", test_notify);
  ADD ("nothing-is-cheap", test_nothing_is_cheap);
  ADD ("threads", test_threads);
#undef ADD

  return g_test_run ();
}
