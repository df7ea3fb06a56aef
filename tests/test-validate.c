/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <string.h>

#include "hf-exchange-fixture.h"

/* What a user may give to be sent, and what not: addresses, methods and header fields. */

static HfResponse *
answer_ok (HfHop *hop)
{
  return hf_mock_response_new (200, "body", NULL, NULL);
}

static void
test_invalid (HfExchangeFixture *fixture,
              gconstpointer      data)
{
  static const struct {
    const char *method;
    const char *uri;
    int code;
  } cases[] = {
    { "GET", "", HF_ERROR_INVALID_URI },
    { "GET", "a.example", HF_ERROR_INVALID_URI },
    { "GET", "a.example:80/x", HF_ERROR_INVALID_URI },
    { "GET", "/path", HF_ERROR_INVALID_URI },
    { "GET", "ftp://a.example/", HF_ERROR_INVALID_URI },
    { "GET", "http://", HF_ERROR_INVALID_URI },
    { "GET", "http:///path", HF_ERROR_INVALID_URI },
    { "GET", "http:a.example", HF_ERROR_INVALID_URI },
    { "GET", "http://a.example:99999/", HF_ERROR_INVALID_URI },
    { "GET", "http://a.example:port/", HF_ERROR_INVALID_URI },
    { "GET", "http://[::1/", HF_ERROR_INVALID_URI },
    { "GET", "http://[:%25a]/", HF_ERROR_INVALID_URI },
    { "GET", "http://a\r\nX: y/", HF_ERROR_INVALID_URI },
    { "GET", "http://a%0d%0aX:y/", HF_ERROR_INVALID_URI },
    { "GET", "http://a%20b/", HF_ERROR_INVALID_URI },
    { "GET", "http://a%3ab/", HF_ERROR_INVALID_URI },
    { "GET", "http://a.example%3a80/", HF_ERROR_INVALID_URI },
    { "GET", "http://a%5b/", HF_ERROR_INVALID_URI },
    { "GET", "http://a%3ab%5d/", HF_ERROR_INVALID_URI },
    { "GET", "http://a%25b/", HF_ERROR_INVALID_URI },
    { "GET", "http://localhost;b:80/", HF_ERROR_INVALID_URI },
    { "GET", "http://a.example/\r\nX: y", HF_ERROR_INVALID_URI },
    { "GET", "\xff\xfe", HF_ERROR_INVALID_URI },
    { "", "http://a.example/", HF_ERROR_INVALID_REQUEST },
    { "GET\r\nX: y", "http://a.example/", HF_ERROR_INVALID_REQUEST },
    { "G T", "http://a.example/", HF_ERROR_INVALID_REQUEST },
    { "CONNECT", "http://a.example/", HF_ERROR_INVALID_REQUEST },
    { "G\xc3\xa4T", "http://a.example/", HF_ERROR_INVALID_REQUEST },
  };

  fixture->answer = answer_ok;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      HfFuture *future =
        hf_futures_session_request (fixture->session, cases[i].method, cases[i].uri, NULL);
      g_autofree char *message = hf_take_failure (future, cases[i].code);

      g_assert_true (g_utf8_validate (message, -1, NULL));
      g_assert_null (strpbrk (message, "\r\n"));
    }
  g_assert_cmpuint (fixture->log->len, ==, 0);
}

/* What is wrong, and what to do. */
static void
test_wording (HfExchangeFixture *fixture,
              gconstpointer      data)
{
  static const char *const cases[][2] = {
    { "", "The address is empty" },
    { "a.example",
      "The address “a.example” has no scheme: did you mean to put https:// before it?" },
    { "/path", "The address “/path” has no scheme: did you mean to put https:// before it?" },
    { "a.example:8080",
      "The address “a.example:8080” has no scheme: did you mean to put http:// before it?" },
    { "a.example:80/x?secret",
      "The address “a.example:80/x” has no scheme: did you mean to put http:// before it?" },
    { "LocalHost:8080/",
      "The address “LocalHost:8080/” has no scheme: did you mean to put http:// before it?" },
    { "127.0.0.1:8080",
      "The address “127.0.0.1:8080” has no scheme: did you mean to put http:// before it?" },
    { "localhosts:8080/",
      "The address “localhosts:8080/” cannot be used: only http and https are supported" },
    { "local:8080", "The address “local:8080” cannot be used: only http and https are supported" },
    { "a.example:path",
      "The address “a.example:path” cannot be used: only http and https are supported" },
    { "tel:112", "The address “tel:112” cannot be used: only http and https are supported" },
    { "mailto:me@a.example",
      "The address “mailto:me@a.example” cannot be used: only http and https are supported" },
    { "ftp://me:secret@a.example/",
      "The address “ftp://a.example/” cannot be used: only http and https are supported" },
    { "me:secret@a.example/",
      "The address “a.example/” cannot be used: only http and https are supported" },
    { "http://a.example:99999/", "The address “http://a.example:99999/” is malformed" },
    { "http:///path", "The address “http:///path” has no valid host name" },
    { "http://a.example/\n", "The address “http://a.example/ ” contains control characters" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *message =
        hf_take_failure (hf_futures_session_get (fixture->session, cases[i][0]),
                         HF_ERROR_INVALID_URI);

      g_assert_cmpstr (message, ==, cases[i][1]);
    }
}

static void
test_invalid_headers (HfExchangeFixture *fixture,
                      gconstpointer      data)
{
  static const char *const fields[][2] = {
    { "X\r\nY", "v" },
    { "", "v" },
    { "X Y", "v" },
    { "X:", "v" },
    { "X", "v\r\nY: z" },
    { "X", "v\n" },
    { "X", "\x01" },
    { "Transfer-Encoding", "chunked" },
    { "Content-Length", "5" },
    { "Expect", "100-continue" },
  };
  g_autoptr (HfBody) body = hf_body_new_for_text ("x", "text/plain\r\nX: y");

  fixture->answer = answer_ok;
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_autoptr (HfRequest) request = hf_request_new ("GET", "http://a.example/");

      hf_request_append_header (request, fields[i][0], fields[i][1]);
      g_free (hf_take_failure (hf_futures_session_send (fixture->session, request),
                               HF_ERROR_INVALID_REQUEST));
    }
  g_free (hf_take_failure (hf_futures_session_post (fixture->session, "http://a.example/", body),
                           HF_ERROR_INVALID_REQUEST));
  g_assert_cmpuint (fixture->log->len, ==, 0);
}

static void
test_loose_uris (HfExchangeFixture *fixture,
                 gconstpointer      data)
{
  static const char *const cases[][2] = {
    { "http://a.example", "GET http://a.example/" },
    { "HTTP://a.example:80/x", "GET http://a.example/x" },
    { "http://a.example/ä b?q=ü \"#f", "GET http://a.example/%C3%A4%20b?q=%C3%BC%20%22#f" },
    { "http://a.example/%2F%zz", "GET http://a.example/%2F%25zz" },
    { "http://a.example/%%35f", "GET http://a.example/%255f" },
    { "http://a.example/?%", "GET http://a.example/?%25" },
    { "http://a.example?q", "GET http://a.example/?q" },
    { "http://[::1]:8080/", "GET http://[::1]:8080/" },
  };

  fixture->answer = answer_ok;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_object_unref (hf_take_result (hf_futures_session_get (fixture->session, cases[i][0])));
      g_assert_cmpstr (g_ptr_array_index (fixture->log, i), ==, cases[i][1]);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func)                                                                            \
  g_test_add (path, HfExchangeFixture, NULL, hf_exchange_fixture_set_up, func,                     \
              hf_exchange_fixture_tear_down)
  ADD ("/validate/uri-and-method", test_invalid);
  ADD ("/validate/wording", test_wording);
  ADD ("/validate/headers", test_invalid_headers);
  ADD ("/validate/loose-uris", test_loose_uris);
  return g_test_run ();
}
