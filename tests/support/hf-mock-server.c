/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-mock-server.h"

#include "hf-futures-session-private.h"
#include "hf-mock-transport-private.h"

static void
on_cancelled (GCancellable *cancellable,
              gpointer      user_data)
{
  hf_gate_open (user_data);
}

static HfResponse *
serve (HfHop         *hop,
       GCancellable  *cancellable,
       gpointer       user_data,
       GError       **error)
{
  HfMockServer *self = user_data;
  const char *path = g_uri_get_path (hop->uri);

  g_mutex_lock (&self->lock);
  g_string_append_printf (self->log, "%s ", path);
  g_mutex_unlock (&self->lock);
  hf_gate_pass (&self->arrived);

  if (g_str_equal (path, "/wait"))
    hf_gate_wait (&self->answer, 1);

  /* Only what stops the work lets it go on. */
  if (g_str_equal (path, "/hang"))
    {
      HfGate stopped = HF_GATE_INIT;
      gulong id = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), &stopped, NULL);

      hf_gate_wait (&stopped, 1);
      g_cancellable_disconnect (cancellable, id);
      g_cancellable_set_error_if_cancelled (cancellable, error);
      return NULL;
    }

  if (g_str_equal (path, "/away"))
    return hf_mock_response_new (302, "", "Location", "http://b.example/there", NULL);
  return hf_mock_response_new (200, path, NULL, NULL);
}

HfMockServer *
hf_mock_server_new (void)
{
  HfMockServer *self = g_new0 (HfMockServer, 1);

  g_mutex_init (&self->lock);
  self->log = g_string_new (NULL);
  return self;
}

void
hf_mock_server_free (HfMockServer *self)
{
  g_string_free (self->log, TRUE);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
hf_mock_server_attach (HfMockServer     *self,
                       HfFuturesSession *session)
{
  g_autoptr (HfTransport) transport = hf_mock_transport_new_for_handler (serve, self, NULL);

  hf_futures_session_set_transport (session, transport);
}

HfFuture *
hf_mock_server_get (HfFuturesSession *session,
                    const char       *path)
{
  g_autofree char *uri = g_strconcat ("http://a.example", path, NULL);

  return hf_futures_session_get (session, uri);
}

void
hf_assert_body (HfFuture   *future,
                const char *body)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response = hf_future_get_result (future, NULL, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = hf_response_get_text (response, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, body);
}

void
hf_assert_fails (HfFuture *future,
                 GQuark    domain,
                 int       code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (hf_future_get_value (future, NULL, &error));
  g_assert_error (error, domain, code);
}
