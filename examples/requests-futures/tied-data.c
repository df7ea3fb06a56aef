/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 *
 * Ties data of the program's own to a future.
 */

#include <libhfutures/libhfutures.h>
#include <locale.h>

static gboolean
print_answer (HfFuture  *future,
              GError   **error)
{
  g_autoptr (HfResponse) response = hf_future_get_result (future, NULL, error);
  g_autoptr (JsonNode) json = NULL;
  g_autofree char *text = NULL;

  if (response == NULL)
    return FALSE;
  json = hf_response_get_json (response, error);
  if (json == NULL)
    return FALSE;

  text = json_to_string (json, TRUE);
  g_print ("i: %u\ncontent: %s\n", GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (future), "i")),
           text);
  return TRUE;
}

int
main (void)
{
  g_autoptr (HfFuturesSession) session = hf_futures_session_new ();
  g_autoptr (HfCompletionQueue) queue = hf_completion_queue_new ();
  int status = 0;

  setlocale (LC_ALL, "");
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (HfFuture) future = hf_futures_session_get (session, "http://httpbin.org/get");

      g_object_set_data (G_OBJECT (future), "i", GUINT_TO_POINTER (i));
      hf_completion_queue_add (queue, future);
    }

  while (hf_completion_queue_get_n_items (queue) > 0)
    {
      g_autoptr (HfFuture) future = hf_completion_queue_pop (queue, -1, NULL);
      g_autoptr (GError) error = NULL;

      if (!print_answer (future, &error))
        {
          g_printerr ("%s\n", error->message);
          status = 1;
        }
    }
  return status;
}
