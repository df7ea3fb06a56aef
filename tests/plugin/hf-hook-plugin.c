/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include <gmodule.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "hf-mapping.h"
#include "libhfutures.h"

/* Response hooks to be called by their names. */

#define HOOK G_MODULE_EXPORT void

HOOK hook_nothing (HfHookCall *call, gpointer parameters);
HOOK hook_process (HfHookCall *call, gpointer parameters);
HOOK hook_environment (HfHookCall *call, gpointer parameters);
HOOK hook_set (HfHookCall *call, gpointer parameters);
HOOK hook_set_bytes (HfHookCall *call, gpointer parameters);
HOOK hook_set_typed (HfHookCall *call, gpointer parameters);
HOOK hook_set_response (HfHookCall *call, gpointer parameters);
HOOK hook_set_object (HfHookCall *call, gpointer parameters);
HOOK hook_count (HfHookCall *call, gpointer parameters);
HOOK hook_attach (HfHookCall *call, gpointer parameters);
HOOK hook_describe (HfHookCall *call, gpointer parameters);
HOOK hook_ask (HfHookCall *call, gpointer parameters);
HOOK hook_ask_all (HfHookCall *call, gpointer parameters);
HOOK hook_find_policy (HfHookCall *call, gpointer parameters);
HOOK hook_fail (HfHookCall *call, gpointer parameters);
HOOK hook_die (HfHookCall *call, gpointer parameters);
HOOK hook_hang (HfHookCall *call, gpointer parameters);
HOOK hook_ask_and_hang (HfHookCall *call, gpointer parameters);
HOOK hook_find_inode (HfHookCall *call, gpointer parameters);

static void
set_variant (HfHookCall *call,
             GVariant   *variant)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_VARIANT);
  g_value_set_variant (&value, variant);
  hf_hook_call_set_value (call, &value);
}

void
hook_nothing (HfHookCall *call,
              gpointer    parameters)
{
}

/* Where it runs. */
void
hook_process (HfHookCall *call,
              gpointer    parameters)
{
  hf_hook_call_attach (call, "process", g_variant_new_int64 (getpid ()));
}

/* What a program would be given that it starts. */
void
hook_environment (HfHookCall *call,
                  gpointer    parameters)
{
  g_auto (GStrv) names = g_listenv ();

  hf_hook_call_attach (call, "names", g_variant_new_strv ((const char *const *) names, -1));
}

/* What it was given. */
void
hook_set (HfHookCall *call,
          gpointer    parameters)
{
  set_variant (call, parameters);
}

/* The body. */
void
hook_set_bytes (HfHookCall *call,
                gpointer    parameters)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_BYTES);
  g_value_set_boxed (&value, hf_response_get_bytes (hf_hook_call_get_response (call)));
  hf_hook_call_set_value (call, &value);
}

/* A value of the type that it was given the name of. */
void
hook_set_typed (HfHookCall *call,
                gpointer    parameters)
{
  const char *const strings[] = { "one", "two", NULL };
  g_auto (GValue) value = G_VALUE_INIT;
  GType type;

  g_type_ensure (G_TYPE_STRV); /* there is no such name before that */
  type = g_type_from_name (g_variant_get_string (parameters, NULL));
  g_value_init (&value, type);
  if (type == G_TYPE_BOOLEAN)
    g_value_set_boolean (&value, TRUE);
  else if (type == G_TYPE_INT)
    g_value_set_int (&value, -7);
  else if (type == G_TYPE_UINT)
    g_value_set_uint (&value, 7);
  else if (type == G_TYPE_INT64)
    g_value_set_int64 (&value, G_MININT64);
  else if (type == G_TYPE_UINT64)
    g_value_set_uint64 (&value, G_MAXUINT64);
  else if (type == G_TYPE_DOUBLE)
    g_value_set_double (&value, 0.5);
  else if (type == G_TYPE_STRING)
    g_value_set_string (&value, "");
  else if (type == G_TYPE_STRV)
    g_value_set_boxed (&value, strings);
  hf_hook_call_set_value (call, &value);
}

void
hook_set_response (HfHookCall *call,
                   gpointer    parameters)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, HF_TYPE_RESPONSE);
  g_value_set_object (&value, hf_hook_call_get_response (call));
  hf_hook_call_set_value (call, &value);
}

/* What no other process can have. */
void
hook_set_object (HfHookCall *call,
                 gpointer    parameters)
{
  g_autoptr (GCancellable) object = g_cancellable_new ();
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_CANCELLABLE);
  g_value_set_object (&value, object);
  hf_hook_call_set_value (call, &value);
}

/* How many of it there were. */
void
hook_count (HfHookCall *call,
            gpointer    parameters)
{
  const GValue *before = hf_hook_call_get_value (call);
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, before != NULL ? g_value_get_int (before) + 1 : 1);
  hf_hook_call_set_value (call, &value);
}

void
hook_attach (HfHookCall *call,
             gpointer    parameters)
{
  GBytes *bytes = hf_response_get_bytes (hf_hook_call_get_response (call));

  hf_hook_call_attach (call, "length", g_variant_new_uint64 (g_bytes_get_size (bytes)));
  hf_hook_call_attach (call, "empty", g_variant_new ("a{sv}", NULL));
}

/* What it can see. */
void
hook_describe (HfHookCall *call,
               gpointer    parameters)
{
  HfResponse *response = hf_hook_call_get_response (call);
  HfFuturesSession *session = hf_hook_call_get_session (call);
  HfRequest *request = hf_response_get_request (response);
  g_autoptr (HfHeaders) headers = hf_futures_session_dup_headers (session);
  g_autofree char *base = hf_futures_session_dup_base_uri (session);
  GPtrArray *history = hf_response_get_history (response);
  HfBody *body = hf_request_get_body (request);
  g_autofree char *type = hf_response_get_header (response, "Content-Type");
  g_autofree char *asks = hf_headers_lookup (hf_request_get_headers (request), "X-Asks");
  g_autofree char *own = hf_headers_lookup (headers, "X-Session");
  g_autofree char *text = NULL;

  text = g_strdup_printf ("%u %s %s %s %u %s %s %g %s", hf_response_get_status (response), type,
                          hf_request_get_method (request), asks, history->len,
                          body != NULL ? "body" : "no body", own,
                          hf_futures_session_get_read_timeout (session), base);
  hf_hook_call_attach (call, "text", g_variant_new_string (text));
  hf_hook_call_attach (call, "uri", g_variant_new_string (hf_response_get_uri (response)));
}

/* Which cookies the session takes. */
void
hook_find_policy (HfHookCall *call,
                  gpointer    parameters)
{
  SoupCookieJar *jar = hf_futures_session_get_cookie_jar (hf_hook_call_get_session (call));

  hf_hook_call_attach (call, "policy",
                       g_variant_new_uint32 (soup_cookie_jar_get_accept_policy (jar)));
}

/* Sends another request with the session. */
void
hook_ask (HfHookCall *call,
          gpointer    parameters)
{
  HfFuturesSession *session = hf_hook_call_get_session (call);
  g_autoptr (HfFuture) future =
    hf_futures_session_get (session, g_variant_get_string (parameters, NULL));
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response = hf_future_get_result (future, NULL, &error);
  g_autofree char *text = NULL;

  if (response == NULL)
    {
      hf_hook_call_fail (call, error);
      return;
    }
  text = hf_response_get_text (response, &error);
  hf_hook_call_attach (call, "text", g_variant_new_string (text));
}

/* All at the same time, as far as there are workers. */
void
hook_ask_all (HfHookCall *call,
              gpointer    parameters)
{
  HfFuturesSession *session = hf_hook_call_get_session (call);
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree const char **uris = g_variant_get_strv (parameters, NULL);
  g_autoptr (GString) all = g_string_new (NULL);

  for (guint i = 0; uris[i] != NULL; i++)
    g_ptr_array_add (futures, hf_futures_session_get (session, uris[i]));
  for (guint i = 0; i < futures->len; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (HfResponse) response = hf_future_get_result (futures->pdata[i], NULL, &error);
      g_autofree char *text = NULL;

      if (response == NULL)
        {
          hf_hook_call_fail (call, error);
          return;
        }
      text = hf_response_get_text (response, NULL);
      g_string_append (all, text);
    }
  hf_hook_call_attach (call, "text", g_variant_new_string (all->str));
}

void
hook_fail (HfHookCall *call,
           gpointer    parameters)
{
  g_autoptr (GError) error = g_error_new_literal (HF_ERROR, HF_ERROR_HOOK, "It is not liked");

  hf_hook_call_fail (call, error);
}

void
hook_die (HfHookCall *call,
          gpointer    parameters)
{
  raise (SIGKILL);
}

void
hook_hang (HfHookCall *call,
           gpointer    parameters)
{
  for (;;)
    pause ();
}

void
hook_ask_and_hang (HfHookCall *call,
                   gpointer    parameters)
{
  hook_ask (call, parameters);
  hook_hang (call, parameters);
}

void
hook_find_inode (HfHookCall *call,
                 gpointer    parameters)
{
  GBytes *bytes = hf_response_get_bytes (hf_hook_call_get_response (call));

  hf_hook_call_attach (call, "inode", g_variant_new_uint64 (find_inode (bytes)));
}
