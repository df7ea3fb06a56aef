/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-contract.h"

#include <stdlib.h>
#include <string.h>

/* Hooks, and waiting for requests. */

typedef struct {
  HfContract *fixture;
  GString *log;
  GThread *thread; /* on which the last hook ran */
} Hooked;

static void
note_first (HfHookCall *call,
            gpointer    user_data)
{
  Hooked *hooked = user_data;

  g_string_append (hooked->log, "first ");
  g_assert_true (hf_hook_call_get_session (call) == hooked->fixture->session);
  g_assert_cmpuint (hf_response_get_status (hf_hook_call_get_response (call)), ==, 200);
  hooked->thread = g_thread_self ();
}

static void
note_here (HfHookCall *call,
           gpointer    user_data)
{
  Hooked *hooked = user_data;

  g_string_append (hooked->log, "here ");
  hooked->thread = g_thread_self ();
}

static void
set_number (HfHookCall *call,
            gpointer    user_data)
{
  Hooked *hooked = user_data;
  g_auto (GValue) value = G_VALUE_INIT;

  g_string_append (hooked->log, "number ");
  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, 0);
  hf_hook_call_set_value (call, &value);
}

static void
fail_hook (HfHookCall *call,
           gpointer    user_data)
{
  g_autoptr (GError) error = g_error_new_literal (HF_ERROR, HF_ERROR_HOOK, "as the hook wants");

  hf_hook_call_fail (call, error);
}

/* On workers and in this context, in order, of the session and of the request. */
void
promise_hooks (HfContract       *fixture,
            gconstpointer  data)
{
  g_autofree char *uri = hf_test_server_dup_uri (fixture->server, "/get");
  g_autoptr (HfRequest) request = hf_request_new ("GET", uri);
  g_autoptr (GString) log = g_string_new (NULL);
  Hooked hooked = { fixture, log, NULL };
  g_autoptr (HfFuture) future = NULL;
  g_autoptr (GError) error = NULL;
  const GValue *value;

  hf_futures_session_add_response_hook (fixture->session, note_first, &hooked, NULL);
  hf_request_add_response_hook_in_context (request, note_here, &hooked, NULL);
  hf_request_add_response_hook (request, set_number, &hooked, NULL);
  hf_request_add_response_hook_in_context (request, note_here, &hooked, NULL);
  future = hf_futures_session_send (fixture->session, request);
  if (fixture->kind->in_processes)
    {
      hf_contract_take_failure (fixture, g_steal_pointer (&future), HF_ERROR,
                                HF_ERROR_NOT_SERIALIZABLE);
      return;
    }

  hf_contract_await (fixture, future);
  value = hf_future_get_value (future, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_value_get_int (value), ==, 0);
  g_assert_cmpstr (log->str, ==, "first here number here ");
  g_assert_true (hooked.thread == g_thread_self ());

  hf_contract_take_failure (fixture,
                            (hf_futures_session_add_response_hook (fixture->session, fail_hook,
                                                                   NULL, NULL),
                             hf_contract_get (fixture, "/get")),
                            HF_ERROR, HF_ERROR_HOOK);
  if (!fixture->kind->is_here)
    g_assert_true (hooked.thread != g_thread_self ());
}

/* A hook may wait for another request of the same executor, although that has room for one only;
 * where both are done in one main context it is told so. */
static void
get_within (HfHookCall *call,
            gpointer    user_data)
{
  HfContract *fixture = user_data;
  const char *asked = hf_response_get_uri (hf_hook_call_get_response (call));
  int depth = atoi (strrchr (asked, '/') + 1);
  g_autofree char *path = g_strdup_printf ("/%d", depth - 1);
  g_autoptr (HfFuture) inner = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GValue) value = G_VALUE_INIT;

  if (depth > 0)
    {
      inner = hf_mock_server_get (fixture->session, path);
      if (hf_future_get_value (inner, NULL, &error) == NULL)
        {
          hf_hook_call_fail (call, error);
          return;
        }
    }
  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, depth);
  hf_hook_call_set_value (call, &value);
}

void
promise_nested (HfContract       *fixture,
             gconstpointer  data)
{
  g_autoptr (HfFuture) future = NULL;
  g_autoptr (GError) error = NULL;

  hf_contract_use_mock (fixture);
  hf_futures_session_add_response_hook (fixture->session, get_within, fixture, NULL);
  future = hf_mock_server_get (fixture->session, "/10");
  hf_contract_await (fixture, future);
  if (fixture->kind->is_here)
    {
      g_assert_error (hf_future_get_error (future), HF_ERROR, HF_ERROR_WOULD_BLOCK);
      return;
    }
  g_assert_cmpint (g_value_get_int (hf_future_get_value (future, NULL, &error)), ==, 10);
  g_assert_no_error (error);
}

/* What cannot be waited for says so. */
void
promise_would_block (HfContract       *fixture,
                  gconstpointer  data)
{
  g_autoptr (HfFuture) future = hf_contract_get (fixture, "/get");
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response = hf_future_get_result (future, NULL, &error);

  if (!fixture->kind->is_here)
    {
      g_assert_no_error (error);
      return;
    }
  g_assert_error (error, HF_ERROR, HF_ERROR_WOULD_BLOCK);
  g_assert_false (hf_future_wait (future, -1, NULL));
  hf_contract_await (fixture, future);
  g_assert_null (hf_future_get_error (future));
}
