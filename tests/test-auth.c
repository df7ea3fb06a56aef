/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <string.h>

#include "hf-digest-private.h"
#include "hf-exchange-fixture.h"
#include "libhfutures.h"

/* Credentials, on the mock transport; and the arithmetic of digests. */

#define URI "http://a.example/dir/index.html?a=1"

/* The examples of RFC 7616 §3.9.1. */
static void
test_rfc_examples (void)
{
  const char *fields[] = {
    "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=MD5, "
    "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", "
    "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"",
    "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=SHA-256, "
    "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", "
    "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"",
    NULL,
  };
  const char *responses[] = {
    "8ca523f5e9506fed4657c9700eebdbec",
    "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
  };

  for (guint i = 0; i < 2; i++)
    {
      const char *one[] = { fields[i], NULL };
      g_autoptr (HfDigestChallenge) challenge = hf_digest_challenge_find (i == 0 ? one : fields);
      g_autofree char *answer = NULL;
      g_autofree char *expected = NULL;

      g_assert_nonnull (challenge);
      answer = hf_digest_challenge_answer (challenge, "Mufasa", "Circle of Life", "GET",
                                           "/dir/index.html", 1,
                                           "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ");
      expected = g_strdup_printf (
        "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", "
        "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", uri=\"/dir/index.html\", "
        "response=\"%s\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\", algorithm=%s, "
        "qop=auth, nc=00000001, cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\"",
        responses[i], i == 0 ? "MD5" : "SHA-256");
      g_assert_cmpstr (answer, ==, expected);
    }
}

static const struct {
  const char *fields[3];
  const char *realm; /* of the challenge that is found, or NULL */
} finds[] = {
  { { "Digest realm=\"a\", nonce=\"n\"" }, "a" },
  { { "digest REALM=\"a\",NONCE=\"n\"" }, "a" },
  { { "Basic realm=\"b\", Digest realm=\"a\", nonce=\"n\"" }, "a" },
  { { "Digest realm=\"a\", nonce=\"n\", Basic realm=\"b\"" }, "a" },
  { { "Negotiate, Digest realm=\"a\", nonce=\"n\", qop=\"auth-int,auth\", Negotiate" }, "a" },
  { { "Digest realm=\"x, Digest y\", nonce=\"n\"" }, "x, Digest y" },
  { { "Digest realm=\"a\\\"b\", nonce=\"n\"" }, "a\"b" },
  { { "Digest realm=\"weak\", nonce=\"n\", Digest realm=\"strong\", nonce=\"n\", "
      "algorithm=SHA-256" }, "strong" },
  { { "Digest realm=\"one\", nonce=\"n\"", "Digest realm=\"two\", nonce=\"n\"" }, "one" },
  { { "Digest realm=\"a\", nonce=\"n\", algorithm=SHA-512-256", "Basic realm=\"b\"" }, NULL },
  { { "Digest realm=\"a\", nonce=\"n\", qop=\"auth-int\"" }, NULL },
  { { "Digest realm=\"a\"" }, NULL },
  { { "Digest nonce=\"n\"" }, NULL },
  { { "Digest realm=\"a\", nonce=\"n\", algorithm=MD5-sess" }, NULL },
  { { "Digest" }, NULL },
  { { "Basic realm=\"Digest\"" }, NULL },
  { { "" }, NULL },
  { { ",,=,\"" }, NULL },
  { { "Digest realm*=UTF-8''a%0d%0aX-Evil%3a%20y, nonce=n" }, NULL },
  { { "Digest realm*=UTF-8''%ff, nonce=n" }, NULL },
  { { "Digest realm=a, nonce*=UTF-8''%01" }, NULL },
  { { "Digest realm=a, nonce=n, opaque*=UTF-8''%0a" }, NULL },
  { { "Digest realm=\"Zugänge\", nonce=n" }, "Zugänge" },
  { { "Digest domain=\"http:\", realm=\"a\", nonce=\"n\"" }, "a" },
};

static void
test_find (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (finds); i++)
    {
      g_autoptr (HfDigestChallenge) challenge = hf_digest_challenge_find (finds[i].fields);

      g_assert_cmpstr (challenge != NULL ? challenge->realm : NULL, ==, finds[i].realm);
    }
}

/* What the server said is said again as it was; names have a notation of their own. */
static void
test_notation (void)
{
  const char *fields[] = { "Digest realm=\"Zug\\\"änge\", nonce=\"n\"", NULL };
  g_autoptr (HfDigestChallenge) challenge = hf_digest_challenge_find (fields);
  g_autofree char *plain = hf_digest_challenge_answer (challenge, "a\"b", "p", "GET", "/", 1, "c");
  g_autofree char *extended =
    hf_digest_challenge_answer (challenge, "ä\"x, y;'", "p", "GET", "/", 1, "c");

  g_assert_nonnull (strstr (plain, "username=\"a\\\"b\", realm=\"Zug\\\"änge\", nonce=\"n\""));
  g_assert_nonnull (strstr (extended, "username*=UTF-8''%C3%A4%22x%2C%20y%3B%27, realm=\"Zug"));
}

/* With an algorithm for sessions the secret stays that of the first request (RFC 7616 §3.4.2). */
static guint n_session_requests;

static HfResponse *
answer_session (HfHop *hop)
{
  static char *first_nonce = NULL;
  GHashTable *params;

  if (hf_headers_peek (hop->headers, "Authorization") == NULL)
    return hf_mock_response_new (401, "", "WWW-Authenticate",
                                 "Digest realm=\"r\", nonce=\"n\", qop=\"auth\", "
                                 "algorithm=MD5-sess",
                                 NULL);

  params = soup_header_parse_param_list (hf_headers_peek (hop->headers, "Authorization") +
                                         strlen ("Digest "));
  if (n_session_requests++ == 0)
    first_nonce = g_strdup (g_hash_table_lookup (params, "cnonce"));
  g_assert_cmpstr (g_hash_table_lookup (params, "cnonce"), ==, first_nonce);
  if (n_session_requests == 2)
    g_clear_pointer (&first_nonce, g_free);
  soup_header_free_param_list (params);
  return hf_mock_response_new (200, "", NULL, NULL);
}

static HfResponse *
answer_ok (HfHop *hop)
{
  return hf_mock_response_new (200, "body", NULL, NULL);
}

static const char *
get_authorization (HfHop *hop)
{
  return hf_headers_peek (hop->headers, "Authorization");
}

/* Sends a request with credentials, which the function takes. */
static HfResponse *
send_with (HfExchangeFixture *fixture,
           HfAuth            *auth)
{
  g_autoptr (HfRequest) request = hf_request_new ("GET", URI);

  hf_request_set_auth (request, auth);
  g_assert_true (hf_request_get_auth (request) == auth);
  g_object_unref (auth);
  return hf_take_result (hf_futures_session_send (fixture->session, request));
}

static void
test_fixed (HfExchangeFixture *fixture,
            gconstpointer      data)
{
  g_autoptr (HfResponse) basic = NULL;
  g_autoptr (HfResponse) bearer = NULL;

  fixture->answer = answer_ok;
  basic = send_with (fixture, hf_auth_new_for_basic ("Ädä", "pass:word"));
  bearer = send_with (fixture, hf_auth_new_for_bearer ("to.ken"));
  g_assert_cmpstr (g_ptr_array_index (fixture->log, 0), ==,
                   "GET " URI " | Authorization: Basic w4Rkw6Q6cGFzczp3b3Jk");
  g_assert_cmpstr (g_ptr_array_index (fixture->log, 1), ==,
                   "GET " URI " | Authorization: Bearer to.ken");
}

/* A field that is set wins over credentials, and these over those in the URI. */
static void
test_precedence (HfExchangeFixture *fixture,
                 gconstpointer      data)
{
  g_autoptr (HfRequest) request = hf_request_new ("GET", "http://user:secret@a.example/");
  g_autoptr (HfAuth) auth = hf_auth_new_for_bearer ("t");
  g_autoptr (HfResponse) one = NULL;
  g_autoptr (HfResponse) two = NULL;

  fixture->answer = answer_ok;
  hf_request_set_auth (request, auth);
  one = hf_take_result (hf_futures_session_send (fixture->session, request));
  hf_request_set_header (request, "Authorization", "Mine 1");
  two = hf_take_result (hf_futures_session_send (fixture->session, request));
  g_assert_cmpstr (g_ptr_array_index (fixture->log, 0), ==,
                   "GET http://a.example/ | Authorization: Bearer t");
  g_assert_cmpstr (g_ptr_array_index (fixture->log, 1), ==,
                   "GET http://a.example/ | Authorization: Mine 1");
}

static HfResponse *
redirect_twice (HfHop *hop)
{
  g_autofree char *uri = g_uri_to_string (hop->uri);

  if (g_str_equal (uri, URI))
    return hf_mock_response_new (302, "", "Location", "/same", NULL);
  if (g_str_has_suffix (uri, "/same"))
    return hf_mock_response_new (302, "", "Location", "http://b.example/", NULL);
  if (g_str_equal (uri, "http://b.example/"))
    return hf_mock_response_new (302, "", "Location", "http://a.example/back", NULL);
  return answer_ok (hop);
}

/* Along the same origin, and never to another, nor back from there. */
static void
test_redirects (HfExchangeFixture *fixture,
                gconstpointer      data)
{
  g_autoptr (HfResponse) response = NULL;

  fixture->answer = redirect_twice;
  response = send_with (fixture, hf_auth_new_for_bearer ("t"));
  g_assert_cmpuint (fixture->log->len, ==, 4);
  g_assert_cmpstr (g_ptr_array_index (fixture->log, 1), ==,
                   "GET http://a.example/same | Authorization: Bearer t");
  g_assert_cmpstr (g_ptr_array_index (fixture->log, 2), ==, "GET http://b.example/");
  g_assert_cmpstr (g_ptr_array_index (fixture->log, 3), ==, "GET http://a.example/back");
  g_assert_null (hf_request_get_auth (hf_response_get_request (response)));
}

/* A server that knows the user's password, and takes each nonce for a number of requests. */
static guint n_nonces;
static guint n_left;
static gboolean password_is_wrong;
static gboolean always_stale;

static char *
get_param (HfHop      *hop,
           const char *name)
{
  GHashTable *params = soup_header_parse_param_list (get_authorization (hop) + strlen ("Digest "));
  char *value = g_strdup (g_hash_table_lookup (params, name));

  soup_header_free_param_list (params);
  return value;
}

static HfResponse *
ask (gboolean stale)
{
  g_autofree char *field = g_strdup_printf ("Digest realm=\"r\", qop=\"auth\", nonce=\"%u\"%s",
                                            ++n_nonces, stale ? ", stale=true" : "");

  n_left = 2;
  return hf_mock_response_new (401, "who?", "WWW-Authenticate", "Basic realm=\"r\"",
                               "WWW-Authenticate", field, NULL);
}

static HfResponse *
answer_digest (HfHop *hop)
{
  g_autofree char *nonce = NULL;
  g_autofree char *count = NULL;
  g_autofree char *expected_nonce = g_strdup_printf ("%u", n_nonces);
  g_autofree char *expected_count = NULL;

  if (get_authorization (hop) == NULL || password_is_wrong)
    return ask (FALSE);
  if (n_left == 0 || always_stale)
    return ask (TRUE);

  nonce = get_param (hop, "nonce");
  count = get_param (hop, "nc");
  expected_count = g_strdup_printf ("%08x", 3 - n_left);
  g_assert_cmpstr (nonce, ==, expected_nonce);
  g_assert_cmpstr (count, ==, expected_count);
  n_left--;
  return answer_ok (hop);
}

static void
test_digest (HfExchangeFixture *fixture,
             gconstpointer      data)
{
  const guint sent_by[] = { 2, 3, 5, 6 }; /* the third request finds the nonce used up */
  const guint histories[] = { 1, 0, 1, 0 };
  g_autoptr (HfAuth) auth = hf_auth_new_for_digest ("Ada", "secret");

  n_nonces = n_left = 0;
  password_is_wrong = always_stale = FALSE;
  fixture->answer = answer_digest;
  for (guint i = 0; i < G_N_ELEMENTS (sent_by); i++)
    {
      g_autoptr (HfResponse) response = send_with (fixture, g_object_ref (auth));
      GPtrArray *history = hf_response_get_history (response);

      g_assert_cmpuint (hf_response_get_status (response), ==, 200);
      g_assert_cmpuint (fixture->log->len, ==, sent_by[i]);
      g_assert_cmpuint (history->len, ==, histories[i]);
      if (history->len > 0)
        g_assert_cmpuint (hf_response_get_status (g_ptr_array_index (history, 0)), ==, 401);
    }
}

/* What is answered twice in the same way is not answered again. */
static void
test_digest_refused (HfExchangeFixture *fixture,
                     gconstpointer      data)
{
  g_autoptr (HfResponse) wrong = NULL;
  g_autoptr (HfResponse) stale = NULL;

  n_nonces = n_left = 0;
  always_stale = FALSE;
  password_is_wrong = TRUE;
  fixture->answer = answer_digest;
  wrong = send_with (fixture, hf_auth_new_for_digest ("Ada", "wrong"));
  g_assert_cmpuint (hf_response_get_status (wrong), ==, 401);
  g_assert_cmpuint (fixture->log->len, ==, 2);

  password_is_wrong = FALSE;
  always_stale = TRUE;
  stale = send_with (fixture, hf_auth_new_for_digest ("Ada", "secret"));
  g_assert_cmpuint (hf_response_get_status (stale), ==, 401);
  g_assert_cmpuint (fixture->log->len, ==, 2 + 3);
}

static void
test_digest_session (HfExchangeFixture *fixture,
                     gconstpointer      data)
{
  g_autoptr (HfAuth) auth = hf_auth_new_for_digest ("Ada", "secret");

  n_session_requests = 0;
  fixture->answer = answer_session;
  for (guint i = 0; i < 2; i++)
    g_object_unref (send_with (fixture, g_object_ref (auth)));
  g_assert_cmpuint (n_session_requests, ==, 2);
}

/* The body goes along each time. */
static void
test_digest_body (HfExchangeFixture *fixture,
                  gconstpointer      data)
{
  g_autoptr (HfAuth) auth = hf_auth_new_for_digest ("Ada", "secret");
  g_autoptr (HfBody) body = hf_body_new_for_data ((const guint8 *) "text", 4, NULL);
  g_autoptr (HfRequest) request =
    hf_request_new_with_options ("POST", URI, "auth", auth, "body", body, NULL);
  g_autoptr (HfResponse) response = NULL;

  n_nonces = n_left = 0;
  password_is_wrong = always_stale = FALSE;
  fixture->answer = answer_digest;
  response = hf_take_result (hf_futures_session_send (fixture->session, request));
  g_assert_cmpuint (hf_response_get_status (response), ==, 200);
  for (guint i = 0; i < 2; i++)
    g_assert_true (g_str_has_suffix (g_ptr_array_index (fixture->log, i), "| text"));
}

/* What a function of the user's was asked. */
typedef struct {
  GString *asked; /* owned */
  GError *error;  /* owned, nullable: what to fail with */
  guint n_destroyed;
} Asked;

static void
answer_who (HfAuthCall *call,
            gpointer    user_data)
{
  Asked *asked = user_data;
  HfRequest *request = hf_auth_call_get_request (call);
  g_autofree char *authorization =
    g_strdup_printf ("Mine %s %s", hf_request_get_method (request), hf_request_get_uri (request));

  g_string_append_printf (asked->asked, "%s ", authorization);
  if (g_str_has_suffix (authorization, "/nobody"))
    return;
  hf_auth_call_set_authorization (call, "overridden");
  hf_auth_call_set_authorization (call, authorization);
  if (asked->error != NULL)
    hf_auth_call_fail (call, asked->error);
}

static void
count_destroyed (gpointer data)
{
  Asked *asked = data;

  asked->n_destroyed++;
}

/* Asked anew for each hop of the origin, and for no other. */
static void
test_func (HfExchangeFixture *fixture,
           gconstpointer      data)
{
  Asked asked = { g_string_new (NULL), NULL, 0 };
  HfAuth *auth = hf_auth_new_for_func (answer_who, &asked, count_destroyed);
  g_autoptr (HfRequest) set = hf_request_new ("GET", URI);
  g_autoptr (HfRequest) none = hf_request_new ("GET", "http://a.example/nobody");
  g_autoptr (HfResponse) response = NULL;
  g_autoptr (HfResponse) with_field = NULL;
  g_autoptr (HfResponse) without = NULL;

  fixture->answer = redirect_twice;
  response = send_with (fixture, g_object_ref (auth));
  g_assert_cmpstr (asked.asked->str, ==, "Mine GET " URI " Mine GET http://a.example/same ");
  g_assert_cmpstr (g_ptr_array_index (fixture->log, 0), ==,
                   "GET " URI " | Authorization: Mine GET " URI);
  g_assert_cmpstr (g_ptr_array_index (fixture->log, 1), ==,
                   "GET http://a.example/same | Authorization: Mine GET http://a.example/same");
  g_assert_cmpstr (g_ptr_array_index (fixture->log, 2), ==, "GET http://b.example/");
  g_assert_cmpstr (g_ptr_array_index (fixture->log, 3), ==, "GET http://a.example/back");

  g_string_truncate (asked.asked, 0);
  fixture->answer = answer_ok;
  hf_request_set_auth (set, auth);
  hf_request_set_header (set, "Authorization", "Set 1");
  with_field = hf_take_result (hf_futures_session_send (fixture->session, set));
  g_assert_cmpstr (asked.asked->str, ==, "");

  hf_request_set_auth (none, auth);
  without = hf_take_result (hf_futures_session_send (fixture->session, none));
  g_assert_cmpstr (g_ptr_array_index (fixture->log, 5), ==, "GET http://a.example/nobody");

  g_clear_object (&response);
  g_clear_object (&with_field);
  g_clear_object (&without);
  g_clear_object (&set);
  g_clear_object (&none);
  g_assert_cmpuint (asked.n_destroyed, ==, 0);
  g_object_unref (auth);
  g_assert_cmpuint (asked.n_destroyed, ==, 1);
  g_string_free (asked.asked, TRUE);
}

/* The error goes to whoever waits; nothing is sent. */
static void
test_func_fails (HfExchangeFixture *fixture,
                 gconstpointer      data)
{
  Asked asked = { g_string_new (NULL), NULL, 0 };
  g_autoptr (HfAuth) auth = hf_auth_new_for_func (answer_who, &asked, NULL);
  g_autoptr (HfRequest) request = hf_request_new_with_options ("GET", URI, "auth", auth, NULL);
  g_autofree char *message = NULL;

  asked.error = g_error_new_literal (HF_ERROR, HF_ERROR_HOOK, "no token");
  fixture->answer = answer_ok;
  message = hf_take_failure (hf_futures_session_send (fixture->session, request), HF_ERROR_HOOK);
  g_assert_cmpstr (message, ==, "no token");
  g_assert_cmpuint (fixture->log->len, ==, 0);
  g_error_free (asked.error);
  g_string_free (asked.asked, TRUE);
}

static void
answer_with_line_break (HfAuthCall *call,
                        gpointer    user_data)
{
  hf_auth_call_set_authorization (call, "Mine 1\r\nX-Evil: 2");
}

static void
test_func_invalid (HfExchangeFixture *fixture,
                   gconstpointer      data)
{
  g_autoptr (HfAuth) auth = hf_auth_new_for_func (answer_with_line_break, NULL, NULL);
  g_autoptr (HfRequest) request = hf_request_new_with_options ("GET", URI, "auth", auth, NULL);

  g_free (hf_take_failure (hf_futures_session_send (fixture->session, request),
                           HF_ERROR_INVALID_REQUEST));
  g_assert_cmpuint (fixture->log->len, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/auth/digest/rfc-examples", test_rfc_examples);
  g_test_add_func ("/auth/digest/find", test_find);
  g_test_add_func ("/auth/digest/notation", test_notation);
#define ADD(path, func)                                                                            \
  g_test_add (path, HfExchangeFixture, NULL, hf_exchange_fixture_set_up, func,                     \
              hf_exchange_fixture_tear_down)
  ADD ("/auth/fixed", test_fixed);
  ADD ("/auth/precedence", test_precedence);
  ADD ("/auth/redirects", test_redirects);
  ADD ("/auth/func", test_func);
  ADD ("/auth/func/fails", test_func_fails);
  ADD ("/auth/func/invalid", test_func_invalid);
  ADD ("/auth/digest", test_digest);
  ADD ("/auth/digest/refused", test_digest_refused);
  ADD ("/auth/digest/session", test_digest_session);
  ADD ("/auth/digest/body", test_digest_body);
#undef ADD

  return g_test_run ();
}
