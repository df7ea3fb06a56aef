/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 *
 * Cancels at its end what has not begun by then.
 */

#include <libhfutures/libhfutures.h>
#include <locale.h>

int
main (void)
{
  g_autoptr (HfFuturesSession) session = hf_futures_session_new_with_max_workers (1);
  g_autoptr (HfFuture) one = hf_futures_session_get (session, "https://httpbin.org/get");
  g_autoptr (HfFuture) two = hf_futures_session_get (session, "https://httpbin.org/delay/10");
  g_autoptr (HfFuture) three = hf_futures_session_get (session, "https://httpbin.org/delay/10");
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response = NULL;

  setlocale (LC_ALL, "");
  response = hf_future_get_result (one, NULL, &error);
  /* Cancels what is queued, and waits for what is running. */
  hf_futures_session_close (session, HF_CLOSE_CANCEL_QUEUED);
  if (response == NULL)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  g_print ("response status %u\n", hf_response_get_status (response));
  return 0;
}
