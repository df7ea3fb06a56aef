/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 *
 * Asks for two pages, or more, at once, and prints what came: quick-start URI URI…
 */

#include <libhfutures/libhfutures.h>
#include <locale.h>

static const char *numbers[] = {
  "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
};

static gboolean
print_response (guint       position,
                HfFuture   *future,
                GError    **error)
{
  g_autofree char *number = g_strdup_printf ("%u", position + 1);
  g_autoptr (HfResponse) response = NULL;
  g_autofree char *text = NULL;

  /* Waits for the request to complete, if it has not already. */
  response = hf_future_get_result (future, NULL, error);
  if (response == NULL)
    return FALSE;

  text = hf_response_get_text (response, error);
  if (text == NULL)
    return FALSE;

  g_print ("response %s status: %u\n",
           position < G_N_ELEMENTS (numbers) ? numbers[position] : number,
           hf_response_get_status (response));
  g_print ("%s\n", text);
  return TRUE;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (HfFuturesSession) session = NULL;
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  if (argc < 2)
    {
      g_printerr ("Usage: quick-start URI…\n");
      return 2;
    }

  /* Each request starts in the background at once, on one of the session's two workers. */
  session = hf_futures_session_new ();
  for (int i = 1; i < argc; i++)
    g_ptr_array_add (futures, hf_futures_session_get (session, argv[i]));

  for (guint i = 0; i < futures->len; i++)
    if (!print_response (i, g_ptr_array_index (futures, i), &error))
      {
        g_printerr ("quick-start: %s\n", error->message);
        return 1;
      }

  return 0;
}
