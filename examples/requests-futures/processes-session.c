/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 *
 * A session that is there already, with its requests sent by other processes.
 */

#include <libhfutures/libhfutures.h>
#include <locale.h>

int
main (void)
{
  g_autoptr (HfExecutor) executor = hf_process_pool_executor_new (10);
  g_autoptr (SoupSession) soup_session = soup_session_new ();
  g_autoptr (HfFuturesSession) session =
    hf_futures_session_new_with_options ("executor", executor, "soup-session", soup_session, NULL);
  g_autoptr (HfFuture) future = hf_futures_session_get (session, "http://httpbin.org/get");
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response = NULL;

  setlocale (LC_ALL, "");
  response = hf_future_get_result (future, NULL, &error);
  if (response == NULL)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  g_print ("%u\n", hf_response_get_status (response));
  return 0;
}
