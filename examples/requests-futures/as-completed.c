/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 *
 * Takes the answers as they come.
 */

#include <libhfutures/libhfutures.h>
#include <locale.h>

/* Prints the URL that the server tells of in its JSON. */
static gboolean
print_url (HfFuture  *future,
           GError   **error)
{
  g_autoptr (HfResponse) response = hf_future_get_result (future, NULL, error);
  g_autoptr (JsonNode) json = NULL;
  g_autoptr (JsonReader) reader = NULL;

  if (response == NULL)
    return FALSE;
  json = hf_response_get_json (response, error);
  if (json == NULL)
    return FALSE;

  reader = json_reader_new (json);
  if (!json_reader_read_member (reader, "url"))
    {
      g_propagate_error (error, g_error_copy (json_reader_get_error (reader)));
      return FALSE;
    }
  g_print ("%s\n", json_reader_get_string_value (reader));
  return TRUE;
}

int
main (void)
{
  g_autoptr (HfFuturesSession) session = hf_futures_session_new ();
  g_autoptr (HfCompletionQueue) queue = hf_completion_queue_new ();
  int status = 0;

  setlocale (LC_ALL, "");
  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *uri = g_strdup_printf ("https://httpbin.org/delay/%u", i % 3);
      g_autoptr (HfFuture) future = hf_futures_session_get (session, uri);

      hf_completion_queue_add (queue, future);
    }

  while (hf_completion_queue_get_n_items (queue) > 0)
    {
      g_autoptr (HfFuture) future = hf_completion_queue_pop (queue, -1, NULL);
      g_autoptr (GError) error = NULL;

      if (!print_url (future, &error))
        {
          g_printerr ("%s\n", error->message);
          status = 1;
        }
    }
  hf_futures_session_close (session, HF_CLOSE_CANCEL_QUEUED);
  return status;
}
