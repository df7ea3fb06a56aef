/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 *
 * A hook on the session, for every request of it.
 */

#include <libhfutures/libhfutures.h>
#include <locale.h>

/* Runs on the worker, which leaves the parsed body on the response. */
static void
parse (HfHookCall *call,
       gpointer    user_data)
{
  HfResponse *response = hf_hook_call_get_response (call);
  g_autoptr (GError) error = NULL;
  JsonNode *data = hf_response_get_json (response, &error);

  if (data != NULL)
    g_object_set_data_full (G_OBJECT (response), "data", data, (GDestroyNotify) json_node_unref);
  else
    hf_hook_call_fail (call, error);
}

int
main (void)
{
  g_autoptr (HfFuturesSession) session = hf_futures_session_new ();
  g_autoptr (HfFuture) future = NULL;
  g_autoptr (HfResponse) response = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  setlocale (LC_ALL, "");
  hf_futures_session_add_response_hook (session, parse, NULL, NULL);
  future = hf_futures_session_get (session, "http://httpbin.org/get");
  /* There is time for other work here. */
  response = hf_future_get_result (future, NULL, &error);
  if (response == NULL)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }

  text = json_to_string (g_object_get_data (G_OBJECT (response), "data"), TRUE);
  g_print ("response status %u\n%s\n", hf_response_get_status (response), text);
  return 0;
}
