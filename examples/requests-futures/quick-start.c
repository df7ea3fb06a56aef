/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 *
 * Two requests at once, and the answer of each.
 */

#include <libhfutures/libhfutures.h>
#include <locale.h>

static gboolean
print_response (const char  *name,
                HfFuture    *future,
                GError     **error)
{
  /* Blocks until the answer is there. */
  g_autoptr (HfResponse) response = hf_future_get_result (future, NULL, error);
  g_autofree char *text = NULL;

  if (response == NULL)
    return FALSE;
  text = hf_response_get_text (response, error);
  if (text == NULL)
    return FALSE;

  g_print ("response %s status: %u\n%s\n", name, hf_response_get_status (response), text);
  return TRUE;
}

int
main (void)
{
  g_autoptr (HfFuturesSession) session = hf_futures_session_new ();
  /* Sent in the background; the calls do not wait, so both are on their way at the same time. */
  g_autoptr (HfFuture) one = hf_futures_session_get (session, "http://httpbin.org/get");
  g_autoptr (HfFuture) two = hf_futures_session_get (session, "http://httpbin.org/get?foo=bar");
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  if (!print_response ("one", one, &error) || !print_response ("two", two, &error))
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  return 0;
}
