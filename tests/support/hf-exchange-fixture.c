/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-exchange-fixture.h"

#include "hf-futures-session-private.h"
#include "hf-inline-executor.h"

static char *
describe (HfHop *hop)
{
  g_autoptr (GString) text = g_string_new (hop->method);
  g_autofree char *uri = g_uri_to_string (hop->uri);

  g_string_append_printf (text, " %s", uri);
  for (guint i = 0; i < hf_headers_get_n_items (hop->headers); i++)
    g_string_append_printf (text, " | %s: %s", hf_headers_get_name (hop->headers, i),
                            hf_headers_get_value (hop->headers, i));
  if (hop->body != NULL && hf_body_get_bytes (hop->body) != NULL)
    {
      gsize length;
      const char *data = g_bytes_get_data (hf_body_get_bytes (hop->body), &length);

      g_string_append_printf (text, " | %.*s", (int) length, data);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static HfResponse *
on_hop (HfHop         *hop,
        GCancellable  *cancellable,
        gpointer       user_data,
        GError       **error)
{
  HfExchangeFixture *fixture = user_data;

  g_ptr_array_add (fixture->log, describe (hop));
  return fixture->answer (hop);
}

void
hf_exchange_fixture_set_up (HfExchangeFixture *fixture,
                            gconstpointer      data)
{
  g_autoptr (HfExecutor) executor = hf_inline_executor_new ();
  g_autoptr (HfTransport) transport = hf_mock_transport_new_for_handler (on_hop, fixture, NULL);

  fixture->log = g_ptr_array_new_with_free_func (g_free);
  fixture->session = hf_futures_session_new_with_executor (executor);
  hf_futures_session_set_transport (fixture->session, transport);
}

void
hf_exchange_fixture_tear_down (HfExchangeFixture *fixture,
                               gconstpointer      data)
{
  g_object_unref (fixture->session);
  g_ptr_array_unref (fixture->log);
}

HfResponse *
hf_take_result (HfFuture *future)
{
  g_autoptr (HfFuture) owned = future;
  g_autoptr (GError) error = NULL;
  HfResponse *response = hf_future_get_result (owned, NULL, &error);

  g_assert_no_error (error);
  return response;
}

char *
hf_take_failure (HfFuture *future,
                 int       code)
{
  g_autoptr (HfFuture) owned = future;
  g_autoptr (GError) error = NULL;

  g_assert_null (hf_future_get_result (owned, NULL, &error));
  g_assert_error (error, HF_ERROR, code);
  return g_strdup (error->message);
}
