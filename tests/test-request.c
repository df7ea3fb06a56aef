/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-request-private.h"
#include "libhfutures.h"

/* Building requests, beyond what their properties say. */

static void
test_options (void)
{
  g_autoptr (HfBody) body = hf_body_new_for_text ("hello", NULL);
  g_autoptr (HfRequest) plain = hf_request_new_with_options ("HEAD", "x", NULL, NULL);
  g_autoptr (HfRequest) request = hf_request_new_with_options ("PUT", "http://a.example/", "body",
                                                               body, "deadline", 2.5,
                                                               "follow-redirects", FALSE, NULL);

  g_assert_cmpstr (hf_request_get_method (plain), ==, "HEAD");
  g_assert_cmpstr (hf_request_get_uri (plain), ==, "x");
  g_assert_null (hf_request_get_body (plain));
  g_assert_cmpstr (hf_request_get_method (request), ==, "PUT");
  g_assert_cmpstr (hf_request_get_uri (request), ==, "http://a.example/");
  g_assert_true (hf_request_get_body (request) == body);
  g_assert_cmpfloat (hf_request_get_deadline (request), ==, 2.5);
  g_assert_false (hf_request_get_follow_redirects (request));
}

static void
test_append_param (void)
{
  static const struct {
    const char *uri;
    const char *name;
    const char *value;
    const char *result;
  } cases[] = {
    { "http://a.example", "a", "b", "http://a.example?a=b" },
    { "http://a.example/x", "a", "b", "http://a.example/x?a=b" },
    { "http://a.example/x?", "a", "b", "http://a.example/x?a=b" },
    { "http://a.example/x?a=1", "a", "2", "http://a.example/x?a=1&a=2" },
    { "http://a.example/x?a=1&", "b", "2", "http://a.example/x?a=1&b=2" },
    { "http://a.example/x?a&c=%7e+%zz ä|", "b", "2", "http://a.example/x?a&c=%7e+%zz ä|&b=2" },
    { "http://a.example/x?a=?", "b", "2", "http://a.example/x?a=?&b=2" },
    { "http://a.example/x#end", "a", "b", "http://a.example/x?a=b#end" },
    { "http://a.example/x?#end", "a", "b", "http://a.example/x?a=b#end" },
    { "http://a.example/x?a=1#e?n&d#", "b", "2", "http://a.example/x?a=1&b=2#e?n&d#" },
    { "http://a.example/x#e?f", "a", "b", "http://a.example/x?a=b#e?f" },
    { "http://a.example/", "a b", "ä€", "http://a.example/?a+b=%C3%A4%E2%82%AC" },
    { "http://a.example/", "&=?#", "+%/;:@", "http://a.example/?%26%3D%3F%23=%2B%25%2F%3B%3A%40" },
    { "http://a.example/", "a", "", "http://a.example/?a=" },
    { "http://a.example/", "", "b", "http://a.example/?=b" },
    { "/path", "a", "b", "/path?a=b" },
    { "", "a", "b", "?a=b" },
    { "http://[::1/", "a", "b", "http://[::1/?a=b" },
    { "\xff", "a", "\xfe", "\xff?a=%FE" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HfRequest) request = hf_request_new ("GET", cases[i].uri);

      hf_request_append_param (request, cases[i].name, cases[i].value);
      g_assert_cmpstr (hf_request_get_uri (request), ==, cases[i].result);
    }
}

static void
on_notify (GObject    *object,
           GParamSpec *pspec,
           gpointer    user_data)
{
  g_string_append_printf (user_data, "%s ", pspec->name);
}

/* Each is told of, and a copy has its own. */
static void
test_append_params (void)
{
  g_autoptr (HfRequest) request = hf_request_new ("GET", "http://a.example/");
  g_autoptr (HfRequest) copy = NULL;
  g_autoptr (GString) notified = g_string_new (NULL);

  g_signal_connect (request, "notify", G_CALLBACK (on_notify), notified);
  hf_request_append_param (request, "a", "1");
  copy = hf_request_copy (request);
  hf_request_append_param (request, "a", "1");
  g_assert_cmpstr (hf_request_get_uri (request), ==, "http://a.example/?a=1&a=1");
  g_assert_cmpstr (hf_request_get_uri (copy), ==, "http://a.example/?a=1");
  g_assert_cmpstr (notified->str, ==, "uri uri ");
}

/* What was no URI is none with a parameter either, and the future says so. */
static void
test_append_param_to_invalid (void)
{
  static const char *const uris[] = { "", "/path", "a.example", "http://[::1/", "\xff" };
  g_autoptr (HfFuturesSession) session = hf_futures_session_new ();

  for (guint i = 0; i < G_N_ELEMENTS (uris); i++)
    {
      g_autoptr (HfRequest) request = hf_request_new ("GET", uris[i]);
      g_autoptr (HfFuture) future = NULL;

      hf_request_append_param (request, "a", "b");
      future = hf_futures_session_send (session, request);
      g_assert_true (hf_future_wait (future, -1, NULL));
      g_assert_error (hf_future_get_error (future), HF_ERROR, HF_ERROR_INVALID_URI);
    }
}

/* The snapshot that a response shows cannot be changed. */
static void
test_append_param_to_frozen (void)
{
  g_autoptr (HfRequest) request = hf_request_new ("GET", "http://a.example/");
  g_autoptr (HfRequest) frozen = hf_request_new_frozen (request->data);

  g_test_expect_message ("libhfutures", G_LOG_LEVEL_CRITICAL, "*!self->frozen*");
  hf_request_append_param (frozen, "a", "b");
  g_test_assert_expected_messages ();
  g_assert_cmpstr (hf_request_get_uri (frozen), ==, "http://a.example/");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/request/options", test_options);
  g_test_add_func ("/request/append-param/one", test_append_param);
  g_test_add_func ("/request/append-param/more", test_append_params);
  g_test_add_func ("/request/append-param/invalid", test_append_param_to_invalid);
  g_test_add_func ("/request/append-param/frozen", test_append_param_to_frozen);
  return g_test_run ();
}
