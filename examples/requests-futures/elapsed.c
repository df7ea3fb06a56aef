/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 *
 * A session of the program's own kind, which measures how long each request takes.
 */

#include <libhfutures/libhfutures.h>
#include <locale.h>

#define ELAPSED_TYPE_SESSION (elapsed_session_get_type ())
G_DECLARE_FINAL_TYPE (ElapsedSession, elapsed_session, ELAPSED, SESSION, HfFuturesSession)

struct _ElapsedSession {
  HfFuturesSession parent_instance;
};

G_DEFINE_FINAL_TYPE (ElapsedSession, elapsed_session, HF_TYPE_FUTURES_SESSION)

/* Runs on the worker, after the session's own hooks and those of the request. */
static void
measure (HfHookCall *call,
         gpointer    user_data)
{
  const gint64 *start = user_data;
  gint64 *elapsed = g_new (gint64, 1);

  *elapsed = g_get_monotonic_time () - *start;
  g_object_set_data_full (G_OBJECT (hf_hook_call_get_response (call)), "elapsed", elapsed, g_free);
}

/* All verbs end here. */
static HfFuture *
elapsed_session_send (HfFuturesSession *session,
                      HfRequest        *request)
{
  g_autoptr (HfRequest) timed = hf_request_copy (request); /* what we were given stays as it is */
  gint64 *start = g_new (gint64, 1);

  *start = g_get_monotonic_time ();
  hf_request_add_response_hook (timed, measure, start, g_free);
  return HF_FUTURES_SESSION_CLASS (elapsed_session_parent_class)->send (session, timed);
}

static void
elapsed_session_class_init (ElapsedSessionClass *klass)
{
  HF_FUTURES_SESSION_CLASS (klass)->send = elapsed_session_send;
}

static void
elapsed_session_init (ElapsedSession *self)
{
}

int
main (void)
{
  g_autoptr (HfFuturesSession) session = g_object_new (ELAPSED_TYPE_SESSION, NULL);
  g_autoptr (HfFuture) future = hf_futures_session_get (session, "http://httpbin.org/get");
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response = NULL;
  const gint64 *elapsed;

  setlocale (LC_ALL, "");
  /* There is time for other work here. */
  response = hf_future_get_result (future, NULL, &error);
  if (response == NULL)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }

  elapsed = g_object_get_data (G_OBJECT (response), "elapsed");
  g_print ("response status %u\nresponse elapsed %f\n", hf_response_get_status (response),
           *elapsed / (double) G_USEC_PER_SEC);
  return 0;
}
