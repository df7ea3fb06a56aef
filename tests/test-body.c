/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-exchange-fixture.h"
#include "hf-gate.h"
#include "libhfutures.h"

/* What bodies say of themselves, and what the exchange makes of those that can be sent once. */

#define URI "http://a.example/"

static GInputStream *
open_empty (gpointer   user_data,
            GError   **error)
{
  return g_memory_input_stream_new ();
}

static GBytes *
read_nothing (guint64   offset,
              gpointer  user_data,
              GError  **error)
{
  return NULL;
}

static void
pass_gate (gpointer gate)
{
  hf_gate_pass (gate);
}

/* Takes the body over. */
static void
assert_body (HfBody     *body,
             gboolean    in_memory,
             gint64      length,
             gboolean    repeatable,
             const char *content_type)
{
  g_assert_true ((hf_body_get_bytes (body) != NULL) == in_memory);
  g_assert_cmpint (hf_body_get_length (body), ==, length);
  g_assert_cmpint (hf_body_is_repeatable (body), ==, repeatable);
  g_assert_cmpstr (hf_body_get_content_type (body), ==, content_type);
  hf_assert_finalizes (body);
}

static void
test_kinds (void)
{
  g_autoptr (GFile) file = g_file_new_for_path ("/no/such/file");
  g_autoptr (GInputStream) stream = g_memory_input_stream_new ();
  HfGate freed = HF_GATE_INIT;

  assert_body (hf_body_new_for_text ("hello", "a/b"), TRUE, 5, TRUE, "a/b");
  assert_body (hf_body_new_for_data (NULL, 0, NULL), TRUE, 0, TRUE, NULL);
  assert_body (hf_body_new_for_file (file, "a/b"), FALSE, -1, TRUE, "a/b");
  assert_body (hf_body_new_for_stream (stream, 7, "a/b"), FALSE, 7, FALSE, "a/b");
  assert_body (hf_body_new_for_stream (stream, -1, NULL), FALSE, -1, FALSE, NULL);
  assert_body (hf_body_new_for_stream_func (open_empty, &freed, pass_gate, 0, NULL), FALSE, 0, TRUE,
               NULL);
  g_assert_true (hf_gate_has_passed (&freed, 1));
  assert_body (hf_body_new_for_read_func (read_nothing, &freed, pass_gate, 3, TRUE, NULL), FALSE, 3,
               TRUE, NULL);
  assert_body (hf_body_new_for_read_func (read_nothing, &freed, pass_gate, -1, FALSE, "c/d"), FALSE,
               -1, FALSE, "c/d");
  g_assert_true (hf_gate_has_passed (&freed, 3) && !hf_gate_has_passed (&freed, 4));

  /* What was not sent is closed by nobody but its owner. */
  g_assert_false (g_input_stream_is_closed (stream));
}

/* A form is as long as its parts, and can be sent as often as these. */
static void
test_multipart (void)
{
  g_autoptr (HfMultipart) form = hf_multipart_new ();
  g_autoptr (GFile) file = g_file_new_for_path ("/no/such/file");
  g_autoptr (GInputStream) stream = g_memory_input_stream_new ();
  g_autoptr (HfBody) sized = hf_body_new_for_stream_func (open_empty, NULL, NULL, 1000, NULL);
  g_autoptr (HfBody) once = hf_body_new_for_stream (stream, 7, NULL);
  g_autoptr (HfBody) empty = hf_body_new_for_multipart (form);
  gint64 length = hf_body_get_length (empty);

  g_assert_cmpint (length, >, 0);
  hf_multipart_append_body (form, "name", sized, NULL);
  {
    g_autoptr (HfBody) body = hf_body_new_for_multipart (form);

    g_assert_null (hf_body_get_bytes (body));
    g_assert_cmpint (hf_body_get_length (body), >, length + 1000);
    g_assert_true (hf_body_is_repeatable (body));
  }

  hf_multipart_append_file (form, "name", file, NULL, NULL);
  {
    g_autoptr (HfBody) body = hf_body_new_for_multipart (form);

    g_assert_cmpint (hf_body_get_length (body), ==, -1);
    g_assert_true (hf_body_is_repeatable (body));
  }

  hf_multipart_append_body (form, "name", once, NULL);
  {
    g_autoptr (HfBody) body = hf_body_new_for_multipart (form);

    g_assert_false (hf_body_is_repeatable (body));
  }

  /* The one that was made before is as it was. */
  g_assert_cmpint (hf_body_get_length (empty), ==, length);
}

static HfResponse *
answer_permanent (HfHop *hop)
{
  if (g_str_equal (g_uri_get_path (hop->uri), "/end"))
    return hf_mock_response_new (200, "", NULL, NULL);
  return hf_mock_response_new (308, "", "Location", "/end", NULL);
}

static HfResponse *
answer_challenge (HfHop *hop)
{
  if (hf_headers_peek (hop->headers, "Authorization") != NULL)
    return hf_mock_response_new (200, "", NULL, NULL);
  return hf_mock_response_new (401, "who", "WWW-Authenticate", "Digest realm=\"r\", nonce=\"n\"",
                               NULL);
}

static HfBody *
make_body (gboolean once)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new ();

  return once ? hf_body_new_for_stream (stream, 0, NULL)
              : hf_body_new_for_stream_func (open_empty, NULL, NULL, 0, NULL);
}

static void
test_redirect (HfExchangeFixture *fixture,
               gconstpointer      data)
{
  g_autoptr (HfBody) repeatable = make_body (FALSE);
  g_autoptr (HfBody) once = make_body (TRUE);
  g_autoptr (HfResponse) response = NULL;
  g_autofree char *message = NULL;

  fixture->answer = answer_permanent;
  response = hf_take_result (hf_futures_session_put (fixture->session, URI, repeatable));
  g_assert_cmpuint (hf_response_get_status (response), ==, 200);
  g_assert_cmpuint (fixture->log->len, ==, 2);

  message = hf_take_failure (hf_futures_session_put (fixture->session, URI, once),
                             HF_ERROR_INVALID_REQUEST);
  g_assert_cmpstr (message, ==,
                   "“http://a.example/” redirected to “/end”, but the body cannot be sent a second "
                   "time");
  g_assert_cmpuint (fixture->log->len, ==, 3);
}

static void
test_challenge (HfExchangeFixture *fixture,
                gconstpointer      data)
{
  g_autoptr (HfAuth) auth = hf_auth_new_for_digest ("u", "p");

  fixture->answer = answer_challenge;
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (HfRequest) request = hf_request_new ("POST", URI);
      g_autoptr (HfBody) body = make_body (i == 0);
      g_autoptr (HfResponse) response = NULL;

      hf_request_set_body (request, body);
      hf_request_set_auth (request, auth);
      response = hf_take_result (hf_futures_session_send (fixture->session, request));
      g_assert_cmpuint (hf_response_get_status (response), ==, i == 0 ? 401 : 200);
      g_assert_cmpuint (g_bytes_get_size (hf_response_get_bytes (response)), ==, i == 0 ? 3 : 0);
    }
}

static void
test_content_length (HfExchangeFixture *fixture,
                     gconstpointer      data)
{
  const char *values[] = { "0", "1", "00", "" };

  fixture->answer = answer_challenge;
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (HfRequest) request = hf_request_new ("POST", URI);
      g_autoptr (HfBody) body = make_body (FALSE);

      hf_request_set_body (request, body);
      hf_request_set_header (request, "Content-Length", values[i]);
      if (i == 0)
        g_object_unref (hf_take_result (hf_futures_session_send (fixture->session, request)));
      else
        g_free (hf_take_failure (hf_futures_session_send (fixture->session, request),
                                 HF_ERROR_INVALID_REQUEST));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/body/kinds", test_kinds);
  g_test_add_func ("/body/multipart", test_multipart);
  g_test_add ("/body/redirect", HfExchangeFixture, NULL, hf_exchange_fixture_set_up, test_redirect,
              hf_exchange_fixture_tear_down);
  g_test_add ("/body/challenge", HfExchangeFixture, NULL, hf_exchange_fixture_set_up,
              test_challenge, hf_exchange_fixture_tear_down);
  g_test_add ("/body/content-length", HfExchangeFixture, NULL, hf_exchange_fixture_set_up,
              test_content_length, hf_exchange_fixture_tear_down);
  return g_test_run ();
}
