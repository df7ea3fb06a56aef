/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 *
 * A hook on one request, which works on the response in the background.
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
  g_autoptr (HfRequest) request = hf_request_new ("GET", "http://httpbin.org/get");
  g_autoptr (HfFuture) future = NULL;
  g_autoptr (HfResponse) response = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  setlocale (LC_ALL, "");
  hf_request_add_response_hook (request, parse, NULL, NULL);
  future = hf_futures_session_send (session, request);
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
