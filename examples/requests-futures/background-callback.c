/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 *
 * A function that works in the background, and whose outcome takes the place of the response.
 */

#include <libhfutures/libhfutures.h>
#include <locale.h>

/* Runs on the worker. */
static void
parse (HfHookCall *call,
       gpointer    user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) json = hf_response_get_json (hf_hook_call_get_response (call), &error);
  g_auto (GValue) value = G_VALUE_INIT;

  if (json == NULL)
    {
      hf_hook_call_fail (call, error);
      return;
    }
  g_value_init (&value, JSON_TYPE_NODE);
  g_value_set_boxed (&value, json);
  hf_hook_call_set_value (call, &value);
}

int
main (void)
{
  g_autoptr (HfFuturesSession) session = hf_futures_session_new ();
  g_autoptr (HfRequest) request = hf_request_new ("GET", "http://httpbin.org/get");
  g_autoptr (HfFuture) future = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  const GValue *value;

  setlocale (LC_ALL, "");
  hf_request_add_response_hook (request, parse, NULL, NULL);
  future = hf_futures_session_send (session, request);
  /* There is time for other work here. */
  value = hf_future_get_value (future, NULL, &error);
  if (value == NULL)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }

  text = json_to_string (g_value_get_boxed (value), TRUE);
  g_print ("%s\n", text);
  return 0;
}
