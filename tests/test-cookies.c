/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "hf-exchange-fixture.h"
#include "hf-test-server.h"
#include "libhfutures.h"

/* Cookies: a request's own, the jar that all workers share, and what a response sets. */

#define URI "http://a.example/start"

static HfResponse *
answer_ok (HfHop *hop)
{
  return hf_mock_response_new (200, "", NULL, NULL);
}

static SoupCookieJar *
get_jar (HfExchangeFixture *fixture)
{
  return hf_futures_session_get_cookie_jar (fixture->session);
}

static void
add_cookie (SoupCookieJar *jar,
            const char    *name,
            const char    *value)
{
  soup_cookie_jar_add_cookie (jar, soup_cookie_new (name, value, "a.example", "/", -1));
}

static void
assert_sent (HfExchangeFixture *fixture,
             guint              position,
             const char        *expected)
{
  g_assert_cmpuint (fixture->log->len, >, position);
  g_assert_cmpstr (g_ptr_array_index (fixture->log, position), ==, expected);
}

/* Beside those of the jar, in place of the one there with its name, and not kept. */
static void
test_own (HfExchangeFixture *fixture,
          gconstpointer      data)
{
  g_autoptr (HfRequest) request = hf_request_new ("GET", URI);
  g_autoptr (HfResponse) one = NULL;
  g_autoptr (HfResponse) two = NULL;
  g_autoptr (HfResponse) three = NULL;
  g_autoptr (HfResponse) four = NULL;

  fixture->answer = answer_ok;
  hf_request_set_cookie (request, "alone", "0");
  one = hf_take_result (hf_futures_session_send (fixture->session, request));
  assert_sent (fixture, 0, "GET " URI " | Cookie: alone=0");

  add_cookie (get_jar (fixture), "kept", "1");
  add_cookie (get_jar (fixture), "name", "2");
  hf_request_remove_cookie (request, "alone");
  hf_request_set_cookie (request, "name", "before");
  hf_request_set_cookie (request, "Name", "3 \"x, y\"");
  hf_request_set_cookie (request, "name", "");
  g_assert_cmpstr (hf_request_get_cookie (request, "Name"), ==, "3 \"x, y\"");
  g_assert_null (hf_request_get_cookie (request, "alone"));
  two = hf_take_result (hf_futures_session_send (fixture->session, request));
  assert_sent (fixture, 1, "GET " URI " | Cookie: kept=1; name=; Name=3 \"x, y\"");

  three = hf_take_result (hf_futures_session_get (fixture->session, URI));
  assert_sent (fixture, 2, "GET " URI " | Cookie: kept=1; name=2");

  /* The field wins. */
  hf_request_set_header (request, "Cookie", "mine=4");
  four = hf_take_result (hf_futures_session_send (fixture->session, request));
  assert_sent (fixture, 3, "GET " URI " | Cookie: mine=4");
}

/* A snapshot keeps its cookies while the request gets others. */
static void
test_snapshot (HfExchangeFixture *fixture,
               gconstpointer      data)
{
  g_autoptr (HfRequest) request = hf_request_new ("GET", URI);
  g_autoptr (HfRequest) copy = NULL;
  g_autoptr (HfResponse) response = NULL;
  HfRequest *sent;

  fixture->answer = answer_ok;
  hf_request_set_cookie (request, "a", "1");
  response = hf_take_result (hf_futures_session_send (fixture->session, request));
  copy = hf_request_copy (request);
  hf_request_set_cookie (request, "a", "2");
  hf_request_remove_cookie (copy, "a");
  sent = hf_response_get_request (response);
  g_assert_cmpstr (hf_request_get_cookie (sent, "a"), ==, "1");
  g_assert_cmpstr (hf_request_get_cookie (request, "a"), ==, "2");
  g_assert_null (hf_request_get_cookie (copy, "a"));
}

static const struct {
  const char *name;
  const char *value;
} invalid[] = {
  { "", "1" },       { "a b", "1" }, { "a=b", "1" },  { "a;b", "1" },     { "a,b", "1" },
  { "a\"", "1" },    { "a\n", "1" }, { "a", "1;b=2" }, { "a", "1\r\nX: 2" }, { "a", "\t" },
  { "a", "\177" },
};

static void
test_invalid (HfExchangeFixture *fixture,
              gconstpointer      data)
{
  for (guint i = 0; i < G_N_ELEMENTS (invalid); i++)
    {
      g_autoptr (HfRequest) request = hf_request_new ("GET", URI);
      g_autofree char *message = NULL;

      hf_request_set_cookie (request, invalid[i].name, invalid[i].value);
      message = hf_take_failure (hf_futures_session_send (fixture->session, request),
                                 HF_ERROR_INVALID_REQUEST);
      g_assert_nonnull (strstr (message, "cookie"));
      g_assert_null (strpbrk (message, "\r\n"));
    }
  g_assert_cmpuint (fixture->log->len, ==, 0);
}

static HfResponse *
redirect (HfHop *hop)
{
  g_autofree char *uri = g_uri_to_string (hop->uri);

  if (g_str_equal (uri, URI))
    return hf_mock_response_new (302, "", "Location", "/same", "Set-Cookie", "new=2; Path=/", NULL);
  if (g_str_has_suffix (uri, "/same"))
    return hf_mock_response_new (302, "", "Location", "http://b.example/", NULL);
  if (g_str_equal (uri, "http://b.example/"))
    return hf_mock_response_new (302, "", "Location", "http://a.example/back", NULL);
  return answer_ok (hop);
}

/* Along the same origin, unless the server sets another one; never to another, nor back. */
static void
test_redirects (HfExchangeFixture *fixture,
                gconstpointer      data)
{
  g_autoptr (HfRequest) request = hf_request_new ("GET", URI);
  g_autoptr (HfResponse) response = NULL;
  GPtrArray *history;

  fixture->answer = redirect;
  hf_request_set_cookie (request, "own", "1");
  hf_request_set_cookie (request, "new", "1");
  response = hf_take_result (hf_futures_session_send (fixture->session, request));
  assert_sent (fixture, 0, "GET " URI " | Cookie: own=1; new=1");
  assert_sent (fixture, 1, "GET http://a.example/same | Cookie: new=2; own=1");
  assert_sent (fixture, 2, "GET http://b.example/");
  assert_sent (fixture, 3, "GET http://a.example/back | Cookie: new=2");
  g_assert_null (hf_request_get_cookie (hf_response_get_request (response), "own"));
  history = hf_response_get_history (response);
  g_assert_cmpstr (hf_request_get_cookie (hf_response_get_request (g_ptr_array_index (history, 1)),
                                          "own"),
                   ==, "1");
}

static HfResponse *
set_many (HfHop *hop)
{
  return hf_mock_response_new (200, "", "Set-Cookie", "one=1", "Set-Cookie",
                               "two=2; Domain=a.example; Path=/; HttpOnly", "Set-Cookie", "one=3",
                               "Set-Cookie", "foreign=1; Domain=b.example", "Set-Cookie",
                               "gone=1; Max-Age=0", "Set-Cookie", "secure=1; Secure", "Set-Cookie",
                               "long=1; Max-Age=1000", "Set-Cookie", "=;;", "Set-Cookie", ";",
                               NULL);
}

static void
test_response (HfExchangeFixture *fixture,
               gconstpointer      data)
{
  g_autoptr (HfResponse) with = NULL;
  g_autoptr (HfResponse) without = NULL;
  g_autoptr (GPtrArray) cookies = NULL;
  g_autoptr (GPtrArray) none = NULL;
  guint found = 0;

  fixture->answer = set_many;
  with = hf_take_result (hf_futures_session_get (fixture->session, URI));
  cookies = hf_response_get_cookies (with);
  for (guint i = 0; i < cookies->len; i++)
    {
      SoupCookie *cookie = g_ptr_array_index (cookies, i);

      if (g_str_equal (soup_cookie_get_name (cookie), "one"))
        {
          g_assert_cmpstr (soup_cookie_get_value (cookie), ==, "3");
          g_assert_cmpstr (soup_cookie_get_domain (cookie), ==, "a.example");
          g_assert_null (soup_cookie_get_expires (cookie));
          found |= 1;
        }
      else if (g_str_equal (soup_cookie_get_name (cookie), "two"))
        {
          g_assert_cmpstr (soup_cookie_get_domain (cookie), ==, ".a.example");
          g_assert_true (soup_cookie_get_http_only (cookie));
          found |= 2;
        }
      else
        {
          g_assert_cmpstr (soup_cookie_get_name (cookie), ==, "long");
          g_assert_nonnull (soup_cookie_get_expires (cookie));
          found |= 4;
        }
    }
  g_assert_cmpuint (cookies->len, ==, 3);
  g_assert_cmpuint (found, ==, 7);

  fixture->answer = answer_ok;
  without = hf_take_result (hf_futures_session_get (fixture->session, URI));
  none = hf_response_get_cookies (without);
  g_assert_cmpuint (none->len, ==, 0);
}

typedef SoupCookieJar *(*MakeJar) (const char *filename,
                                   gboolean    read_only);

#define N_WORKERS 8
#define N_REQUESTS 200

static char *
cookie_of (SoupCookieJar *jar,
           const char    *name)
{
  GSList *all = soup_cookie_jar_all_cookies (jar);
  char *value = NULL;

  for (GSList *l = all; l != NULL; l = l->next)
    if (g_str_equal (soup_cookie_get_name (l->data), name))
      {
        g_assert_null (value);
        value = g_strdup (soup_cookie_get_value (l->data));
      }
  g_slist_free_full (all, (GDestroyNotify) soup_cookie_free);
  return value;
}

/* Sets cookies that last, each several times, on eight workers at once. */
static void
set_lasting (HfFuturesSession *session,
             HfTestServer     *server)
{
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < N_REQUESTS; i++)
    {
      g_autofree char *path = g_strdup_printf (
        "/response-headers?Set-Cookie=k%u%%3D%u%%3B%%20Max-Age%%3D1000%%3B%%20Path%%3D%%2F", i % 40,
        i % 40);
      g_autofree char *uri = hf_test_server_dup_uri (server, path);

      g_ptr_array_add (futures, hf_futures_session_get (session, uri));
    }
  for (guint i = 0; i < futures->len; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (HfResponse) response =
        hf_future_get_result (g_ptr_array_index (futures, i), NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (hf_response_get_status (response), ==, 200);
    }
}

/* A jar in a file serves all workers, and its cookies are there again after a restart. */
static void
test_persistent (gconstpointer data)
{
  MakeJar make_jar = (MakeJar) data;
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("hf-cookies-XXXXXX", &error);
  g_autofree char *path = g_build_filename (folder, "cookies", NULL);
  g_autoptr (HfTestServer) server = hf_test_server_new ();

  g_assert_no_error (error);
  for (guint round = 0; round < 2; round++)
    {
      g_autoptr (SoupCookieJar) jar = make_jar (path, FALSE);
      g_autoptr (HfFuturesSession) session =
        hf_futures_session_new_with_options ("cookie-jar", jar, "max-workers", N_WORKERS, NULL);
      g_autofree char *uri = hf_test_server_dup_uri (server, "/cookies");
      g_autoptr (HfFuture) future = NULL;
      g_autoptr (HfResponse) response = NULL;
      g_autofree char *text = NULL;

      g_assert_true (hf_futures_session_get_cookie_jar (session) == jar);
      g_assert_null (soup_session_get_feature (hf_futures_session_get_soup_session (session),
                                               SOUP_TYPE_COOKIE_JAR));
      if (round == 0)
        set_lasting (session, server);
      future = hf_futures_session_get (session, uri);
      response = hf_future_get_result (future, NULL, &error);
      g_assert_no_error (error);
      text = hf_response_get_text (response, NULL);
      for (guint i = 0; i < 40; i++)
        {
          g_autofree char *name = g_strdup_printf ("k%u", i);
          g_autofree char *member = g_strdup_printf ("\"%s\" : \"%u\"", name, i);
          g_autofree char *value = cookie_of (jar, name);

          g_assert_nonnull (strstr (text, member));
          g_assert_cmpstr (value, ==, name + 1);
        }
      hf_futures_session_close (session, HF_CLOSE_DRAIN);
    }
  g_unlink (path);
  g_rmdir (folder);
}

/* One that only reads its file, and does not tell of changes. */
static void
test_read_only (void)
{
  g_autofree char *nowhere = g_build_filename (g_get_tmp_dir (), "hf-no-such-file", NULL);
  g_autoptr (SoupCookieJar) jar = soup_cookie_jar_text_new (nowhere, TRUE);
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autoptr (HfFuturesSession) session =
    hf_futures_session_new_with_options ("cookie-jar", jar, NULL);
  g_autofree char *uri = hf_test_server_dup_uri (server, "/cookies/set?k=1");
  g_autoptr (HfFuture) future = hf_futures_session_get (session, uri);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response = hf_future_get_result (future, NULL, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = hf_response_get_text (response, NULL);
  g_assert_nonnull (strstr (text, "\"k\" : \"1\""));
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  g_assert_false (g_file_test (nowhere, G_FILE_TEST_EXISTS));
}

/* Which jar is used. */
static void
test_which (void)
{
  g_autoptr (SoupCookieJar) given = soup_cookie_jar_new ();
  g_autoptr (SoupSession) bare = soup_session_new ();
  g_autoptr (SoupSession) soup = soup_session_new ();
  g_autoptr (HfFuturesSession) plain = hf_futures_session_new ();
  g_autoptr (HfFuturesSession) without = hf_futures_session_new_for_soup_session (bare);
  g_autoptr (HfFuturesSession) with = NULL;
  g_autoptr (HfFuturesSession) other = NULL;
  SoupSessionFeature *attached;

  soup_session_add_feature_by_type (soup, SOUP_TYPE_COOKIE_JAR);
  attached = soup_session_get_feature (soup, SOUP_TYPE_COOKIE_JAR);
  with = hf_futures_session_new_for_soup_session (soup);
  other = hf_futures_session_new_with_options ("soup-session", soup, "cookie-jar", given, NULL);
  g_assert_nonnull (hf_futures_session_get_cookie_jar (plain));
  g_assert_null (hf_futures_session_get_cookie_jar (without));
  g_assert_true ((gpointer) hf_futures_session_get_cookie_jar (with) == attached);
  g_assert_true (hf_futures_session_get_cookie_jar (other) == given);
  hf_futures_session_close (plain, HF_CLOSE_DRAIN);
  hf_futures_session_close (without, HF_CLOSE_DRAIN);
  hf_futures_session_close (with, HF_CLOSE_DRAIN);
  hf_futures_session_close (other, HF_CLOSE_DRAIN);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func)                                                                            \
  g_test_add (path, HfExchangeFixture, NULL, hf_exchange_fixture_set_up, func,                     \
              hf_exchange_fixture_tear_down)
  ADD ("/cookies/own", test_own);
  ADD ("/cookies/own/snapshot", test_snapshot);
  ADD ("/cookies/own/invalid", test_invalid);
  ADD ("/cookies/own/redirects", test_redirects);
  ADD ("/cookies/response", test_response);
#undef ADD
  g_test_add_data_func ("/cookies/persistent/text", soup_cookie_jar_text_new, test_persistent);
  g_test_add_data_func ("/cookies/persistent/database", soup_cookie_jar_db_new, test_persistent);
  g_test_add_func ("/cookies/read-only", test_read_only);
  g_test_add_func ("/cookies/which", test_which);

  return g_test_run ();
}
