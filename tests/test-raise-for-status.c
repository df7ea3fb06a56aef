/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <string.h>

#include "hf-exchange-fixture.h"
#include "libhfutures.h"

/* Futures that fail because of the status, on the mock transport. */

#define URI "http://a.example/"

static HfResponse *
answer_ok (HfHop *hop)
{
  return hf_mock_response_new (200, "body", NULL, NULL);
}

static HfResponse *
answer_not_found (HfHop *hop)
{
  return hf_mock_response_new (404, "nothing", NULL, NULL);
}

static void
look_at (HfHookCall *call,
         gpointer    user_data)
{
  guint *seen = user_data;

  *seen = hf_response_get_status (hf_hook_call_get_response (call));
}

static void
put_text (HfHookCall *call,
          gpointer    user_data)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_STRING);
  g_value_set_static_string (&value, "instead");
  hf_hook_call_set_value (call, &value);
}

static void
test_raise_for_status (HfExchangeFixture *fixture,
                       gconstpointer      data)
{
  HfFuturesSession *session = fixture->session;
  g_autoptr (HfRequest) request = hf_request_new ("GET", URI);
  g_autoptr (HfFuture) plain = NULL;
  g_autoptr (HfFuture) raising = NULL;
  g_autoptr (HfFuture) replaced = NULL;
  g_autoptr (HfResponse) response = NULL;
  g_autoptr (HfResponse) same = NULL;
  g_autofree char *message = NULL;
  guint seen = 0;

  fixture->answer = answer_not_found;
  plain = hf_futures_session_send (session, request);
  response = hf_take_result (g_object_ref (plain));
  same = hf_future_dup_response (plain);
  g_assert_true (same == response);

  /* The hooks see the response, and the future has it. */
  hf_futures_session_add_response_hook (session, look_at, &seen, NULL);
  hf_futures_session_set_raise_for_status (session, TRUE);
  raising = hf_futures_session_send (session, request);
  message = hf_take_failure (g_object_ref (raising), HF_ERROR_STATUS);
  g_assert_cmpuint (seen, ==, 404);
  g_assert_nonnull (strstr (message, "404"));
  g_clear_object (&response);
  response = hf_future_dup_response (raising);
  g_assert_cmpuint (hf_response_get_status (response), ==, 404);
  g_assert_null (hf_future_get_value (raising, NULL, NULL));

  /* A request has its own opinion. */
  hf_request_set_raise_for_status (request, FALSE);
  g_object_unref (hf_take_result (hf_futures_session_send (session, request)));
  hf_futures_session_set_raise_for_status (session, FALSE);
  hf_request_set_raise_for_status (request, TRUE);
  g_free (hf_take_failure (hf_futures_session_send (session, request), HF_ERROR_STATUS));

  /* What a hook makes of the response is the result, whatever the status. */
  hf_request_add_response_hook (request, put_text, NULL, NULL);
  replaced = hf_futures_session_send (session, request);
  g_assert_cmpstr (g_value_get_string (hf_future_get_value (replaced, NULL, NULL)), ==, "instead");
  g_assert_null (hf_future_dup_response (replaced));

  /* What is no error stays a response. */
  fixture->answer = answer_ok;
  hf_futures_session_set_raise_for_status (session, TRUE);
  g_object_unref (hf_take_result (hf_futures_session_get (session, URI)));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/raise-for-status", HfExchangeFixture, NULL, hf_exchange_fixture_set_up,
              test_raise_for_status, hf_exchange_fixture_tear_down);

  return g_test_run ();
}
